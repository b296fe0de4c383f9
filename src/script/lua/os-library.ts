import { Table } from './table.ts'
import { Builtin } from './value.ts'

/** The table `os`, of which scripts have `clock` alone. It tells seconds from any beginning, to the microsecond. */
export function osLibrary(seconds: () => number): Table {
  const library = new Table()
  library.setText('clock', new Builtin(() => Math.floor(seconds() * 1e6) / 1e6))
  return library
}
