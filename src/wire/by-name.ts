import { diagnosis } from '../commands/diagnosis.ts'
import { dumping } from '../commands/dump.ts'
import { scripting } from '../commands/scripting.ts'
import { server } from '../commands/server.ts'
import { commandOps, commandRows } from './command.ts'
import { diagnosisRows } from './diagnosis.ts'
import { dumpRows } from './dump.ts'
import { scriptingRows } from './scripting.ts'
import { serverRows } from './server.ts'
import { addByName, commands } from './table.ts'

/** Adds the commands about the store and about commands to the table. To be called once, by whoever offers `call`. */
export function addServerCommands(): void {
  addByName('server', serverRows, server)
  const { pfdebug, pfselftest, migrate } = diagnosisRows
  addByName('hyperloglog', { pfdebug, pfselftest }, diagnosis)
  addByName('generic', { migrate }, diagnosis)
  addByName('scripting', scriptingRows, scripting)
  // As a node of a cluster sends it to another one.
  const restore = { ...dumpRows.restore, name: 'RESTORE-ASKING', flags: [...dumpRows.restore.flags, 'asking'] }
  addByName('generic', { restore }, dumping)
  addByName('connection', commandRows, commandOps(commands))
}
