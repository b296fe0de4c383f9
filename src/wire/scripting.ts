import type { ScriptResult } from '../api/scripting.ts'
import type { Key, Value } from '../api/types.ts'
import type { scripting, scripts } from '../commands/scripting.ts'
import { lines, ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { type Codec, key, late, rest, value } from './codec.ts'
import type { Raw, ReplyCodec, ReplyWriter } from './reply.ts'
import type { Flag, Rows } from './row.ts'
import { treeReply } from './server.ts'

const scriptLines = {
  negative: "ERR Number of keys can't be negative",
  tooMany: "ERR Number of keys can't be greater than number of args",
  badNumber: 'ERR Bad number of keys provided',
} as const

const word = value as Codec<string>
const anyWords = rest(word, 0)

/** `numkeys [key …]`, which may be none; `notInteger` refuses a number that is none. Read when the script is known. */
function numbered(notInteger: string): Codec<readonly Key[] | undefined> {
  return late<readonly Key[] | undefined>({
    read: args => {
      const n = parseInteger(args.next())
      if (n === undefined) throw new ReplyError(notInteger)
      if (n > args.left) throw new ReplyError(scriptLines.tooMany)
      if (n < 0) throw new ReplyError(scriptLines.negative)
      const keys: string[] = []
      while (keys.length < n) keys.push(args.next())
      return keys
    },
    write: (keys = [], argv) => {
      argv.push(keys.length)
      for (const one of keys) key.write(one, argv)
    },
    min: 1,
    max: Infinity,
    keys: 'counted',
  })
}

const values = rest(value, 0)
const argv: Codec<readonly Value[] | undefined> = {
  ...values,
  write: (given = [], to, name) => values.write(given, to, name),
}

/** A reply of a script, of any kind. */
export const scriptReply: ReplyCodec<ScriptResult> = { write: writeResult, read: readResult }

function writeResult(result: ScriptResult, w: ReplyWriter): void {
  if (typeof result === 'string') return w.bulk(result)
  if (typeof result === 'number' || typeof result === 'bigint') return w.integer(result)
  if (typeof result === 'boolean') return w.boolean(result)
  if (result === null) return w.null()
  if (Array.isArray(result)) {
    const list = result as readonly ScriptResult[]
    w.array(list.length)
    for (const one of list) writeResult(one, w)
  } else if ('status' in result) w.status(result.status)
  else if ('error' in result) w.error(result.error)
  else if ('double' in result) w.double(result.double)
  else if ('bigNumber' in result) {
    if (w.bigNumber === undefined) w.bulk(result.bigNumber)
    else w.bigNumber(result.bigNumber)
  } else if ('verbatim' in result) {
    if (w.verbatim === undefined) w.bulk(result.verbatim)
    else w.verbatim(result.verbatim, result.format)
  } else if ('set' in result) {
    w.set(result.set.length)
    for (const one of result.set) writeResult(one, w)
  } else if ('pairs' in result) {
    w.map(result.pairs.length)
    for (const [name, one] of result.pairs) {
      writeResult(name, w)
      writeResult(one, w)
    }
  }
}

function readResult(raw: Raw): ScriptResult {
  if (typeof raw !== 'object' || raw === null) {
    return typeof raw === 'number' && !Number.isInteger(raw) ? { double: raw } : raw
  }
  if (raw instanceof Error) return { error: raw.message }
  if (raw instanceof Uint8Array) return plainText({ view: () => raw })
  if (Array.isArray(raw)) return (raw as readonly Raw[]).map(readResult)
  const pairs = [...(raw as ReadonlyMap<Raw, Raw>)]
  return { pairs: pairs.map(([name, one]) => [readResult(name), readResult(one)] as const) }
}

const running: readonly Flag[] = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys', 'movablekeys']
const reading: readonly Flag[] = ['readonly', ...running]
const called = [word, numbered(lines.notInteger), argv] as const
const calling = [word, numbered(scriptLines.badNumber), argv] as const
const none: readonly Flag[] = ['noscript']
const killing: readonly Flag[] = ['noscript', 'allow_busy']
const open: readonly Flag[] = ['loading', 'stale']
const writing: readonly Flag[] = ['write', 'noscript']
const filling: readonly Flag[] = ['write', 'denyoom', 'noscript']

/** The commands that are methods. */
export const scriptRows: Rows<typeof scripts> = {
  eval: { name: 'EVAL', flags: running, args: called, reply: scriptReply },
  evalRo: { name: 'EVAL_RO', flags: reading, args: called, reply: scriptReply },
  evalsha: { name: 'EVALSHA', flags: running, args: called, reply: scriptReply },
  evalshaRo: { name: 'EVALSHA_RO', flags: reading, args: called, reply: scriptReply },
  fcall: { name: 'FCALL', flags: running, args: calling, reply: scriptReply },
  fcallRo: { name: 'FCALL_RO', flags: reading, args: calling, reply: scriptReply },
}

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
  functionFlush: { name: 'FUNCTION FLUSH', flags: writing, args: [anyWords], reply: treeReply },
  functionKill: { name: 'FUNCTION KILL', flags: killing, args: [], reply: treeReply },
  functionList: { name: 'FUNCTION LIST', flags: none, args: [anyWords], reply: treeReply },
  functionLoad: { name: 'FUNCTION LOAD', flags: filling, args: [rest(word)], reply: treeReply },
  functionRestore: { name: 'FUNCTION RESTORE', flags: filling, args: [rest(word)], reply: treeReply },
  functionStats: { name: 'FUNCTION STATS', flags: killing, args: [], reply: treeReply },
  functionHelp: { name: 'FUNCTION HELP', flags: open, args: [], reply: treeReply },
}
