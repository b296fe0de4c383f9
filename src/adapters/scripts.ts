import { keyspaceOf } from '../install.ts'
import type { Store } from '../index.ts'
import { lua } from '../lua.ts'
import type { Scripting } from '../ports.ts'

let scripting: Scripting | undefined

/** Lets the store run scripts, because those who are clients of Redis may send some. One that has an engine keeps it. */
export function withScripts(store: Store): void {
  const { databases } = keyspaceOf(store)
  databases.scripts ??= (scripting ??= lua()).attach(databases)
}
