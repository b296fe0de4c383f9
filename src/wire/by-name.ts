import { server } from '../commands/server.ts'
import { commandOps, commandRows } from './command.ts'
import type { Described } from './row.ts'
import { serverRows } from './server.ts'
import { addByName, commands } from './table.ts'

/**
 * Adds the commands about the store and about commands to the table. To be called once, by whoever offers `call`; COMMAND also
 * tells of the `others`, which are not in the table.
 */
export function addServerCommands(others: ReadonlyMap<string, Described>): void {
  addByName('server', serverRows, server)
  addByName('connection', commandRows, commandOps([commands, others]))
}
