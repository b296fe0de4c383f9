import type { scripting } from '../commands/scripting.ts'
import { lines, ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { type Codec, key, rest, value } from './codec.ts'
import type { Flag, Rows } from './row.ts'
import { treeReply } from './server.ts'

const scriptLines = {
  negative: "ERR Number of keys can't be negative",
  tooMany: "ERR Number of keys can't be greater than number of args",
} as const

const word = value as Codec<string>
const anyWords = rest(word, 0)

/** `numkeys [key …]`, which may be none. */
const numbered: Codec<readonly string[]> = {
  read: args => {
    const n = parseInteger(args.next())
    if (n === undefined) throw new ReplyError(lines.notInteger)
    if (n > args.left) throw new ReplyError(scriptLines.tooMany)
    if (n < 0) throw new ReplyError(scriptLines.negative)
    const keys: string[] = []
    while (keys.length < n) keys.push(args.next())
    return keys
  },
  write: (keys, argv) => {
    argv.push(keys.length)
    for (const one of keys) key.write(one, argv)
  },
  min: 1,
  max: Infinity,
  keys: 'counted',
}

const running: readonly Flag[] = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys', 'movablekeys']
const reading: readonly Flag[] = ['readonly', ...running]
const args = [word, numbered, anyWords] as const
const none: readonly Flag[] = ['noscript']
const killing: readonly Flag[] = ['noscript', 'allow_busy']
const open: readonly Flag[] = ['loading', 'stale']
const writing: readonly Flag[] = ['write', 'noscript']
const filling: readonly Flag[] = ['write', 'denyoom', 'noscript']

export const scriptingRows: Rows<typeof scripting> = {
  eval: { name: 'EVAL', flags: running, args, reply: treeReply },
  evalRo: { name: 'EVAL_RO', flags: reading, args, reply: treeReply },
  evalsha: { name: 'EVALSHA', flags: running, args, reply: treeReply },
  evalshaRo: { name: 'EVALSHA_RO', flags: reading, args, reply: treeReply },
  fcall: { name: 'FCALL', flags: running, args, reply: treeReply },
  fcallRo: { name: 'FCALL_RO', flags: reading, args, reply: treeReply },
  scriptDebug: { name: 'SCRIPT DEBUG', flags: none, args: [word], reply: treeReply },
  scriptExists: { name: 'SCRIPT EXISTS', flags: none, args: [rest(word)], reply: treeReply },
  scriptFlush: { name: 'SCRIPT FLUSH', flags: none, args: [anyWords], reply: treeReply },
  scriptKill: { name: 'SCRIPT KILL', flags: killing, args: [], reply: treeReply },
  scriptLoad: { name: 'SCRIPT LOAD', flags: ['noscript', 'stale'], args: [word], reply: treeReply },
  scriptHelp: { name: 'SCRIPT HELP', flags: open, args: [], reply: treeReply },
  functionDelete: { name: 'FUNCTION DELETE', flags: writing, args: [word], reply: treeReply },
  functionDump: { name: 'FUNCTION DUMP', flags: none, args: [], reply: treeReply },
  functionFlush: { name: 'FUNCTION FLUSH', flags: writing, args: [anyWords], reply: treeReply },
  functionKill: { name: 'FUNCTION KILL', flags: killing, args: [], reply: treeReply },
  functionList: { name: 'FUNCTION LIST', flags: none, args: [anyWords], reply: treeReply },
  functionLoad: { name: 'FUNCTION LOAD', flags: filling, args: [rest(word)], reply: treeReply },
  functionRestore: { name: 'FUNCTION RESTORE', flags: filling, args: [rest(word)], reply: treeReply },
  functionStats: { name: 'FUNCTION STATS', flags: killing, args: [], reply: treeReply },
  functionHelp: { name: 'FUNCTION HELP', flags: open, args: [], reply: treeReply },
}
