import { LuaError, type Machine } from './machine.ts'
import type { Table } from './table.ts'

/** Throws when scripts may not change a table. Lua does not tell where the script was. */
export function checkWritable(m: Machine, table: Table): void {
  if (table.readonly) throw new LuaError('Attempt to modify a readonly table', m.site)
}
