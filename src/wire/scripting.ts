import type { scripting } from '../commands/scripting.ts'
import { type Codec, rest, value } from './codec.ts'
import type { Flag, Rows } from './row.ts'
import { spelledWords, treeReply } from './server.ts'

const word = value as Codec<string>
const anyWords = rest(word, 0)
/** At least one word behind the subcommand. */
const spelledSome: Codec<readonly string[]> = { ...spelledWords, min: 1 }

const none: readonly Flag[] = ['noscript']
const killing: readonly Flag[] = ['noscript', 'allow_busy']
const open: readonly Flag[] = ['loading', 'stale']
const writing: readonly Flag[] = ['write', 'noscript']
const filling: readonly Flag[] = ['write', 'denyoom', 'noscript']

export const scriptingRows: Rows<typeof scripting> = {
  scriptDebug: { name: 'SCRIPT DEBUG', flags: none, args: [word], reply: treeReply },
  scriptExists: { name: 'SCRIPT EXISTS', flags: none, args: [rest(word)], reply: treeReply },
  scriptFlush: { name: 'SCRIPT FLUSH', flags: none, args: [anyWords], reply: treeReply },
  scriptKill: { name: 'SCRIPT KILL', flags: killing, args: [], reply: treeReply },
  scriptLoad: { name: 'SCRIPT LOAD', flags: ['noscript', 'stale'], args: [word], reply: treeReply },
  scriptShow: { name: 'SCRIPT SHOW', flags: none, args: [word], reply: treeReply },
  scriptHelp: { name: 'SCRIPT HELP', flags: open, args: [], reply: treeReply },
  functionDelete: { name: 'FUNCTION DELETE', flags: writing, args: [word], reply: treeReply },
  functionDump: { name: 'FUNCTION DUMP', flags: none, args: [], reply: treeReply },
  functionFlush: { name: 'FUNCTION FLUSH', flags: writing, args: [spelledWords], reply: treeReply },
  functionKill: { name: 'FUNCTION KILL', flags: killing, args: [], reply: treeReply },
  functionList: { name: 'FUNCTION LIST', flags: none, args: [anyWords], reply: treeReply },
  functionLoad: { name: 'FUNCTION LOAD', flags: filling, args: [rest(word)], reply: treeReply },
  functionRestore: { name: 'FUNCTION RESTORE', flags: filling, args: [spelledSome], reply: treeReply },
  functionStats: { name: 'FUNCTION STATS', flags: killing, args: [], reply: treeReply },
  functionHelp: { name: 'FUNCTION HELP', flags: open, args: [], reply: treeReply },
}
