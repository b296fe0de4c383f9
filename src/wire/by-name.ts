import { server } from '../commands/server.ts'
import { commandOps, commandRows } from './command.ts'
import { serverRows } from './server.ts'
import { addByName, commands } from './table.ts'

/** Adds the commands about the store and about commands to the table. To be called once, by whoever offers `call`. */
export function addServerCommands(): void {
  addByName('server', serverRows, server)
  addByName('connection', commandRows, commandOps(commands))
}
