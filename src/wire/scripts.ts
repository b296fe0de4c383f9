import type { ScriptResult } from '../api/scripting.ts'
import type { Key, Value } from '../api/types.ts'
import type { scripts } from '../commands/scripts.ts'
import { lines, ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { type Codec, key, late, rest, value } from './codec.ts'
import type { Raw, ReplyCodec, ReplyWriter } from './reply.ts'
import type { Flag, Rows } from './row.ts'

const scriptLines = {
  negative: "ERR Number of keys can't be negative",
  tooMany: "ERR Number of keys can't be greater than number of args",
  badNumber: 'ERR Bad number of keys provided',
} as const

const word = value as Codec<string>

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

/** The commands that are methods. */
export const scriptRows: Rows<typeof scripts> = {
  eval: { name: 'EVAL', flags: running, args: called, reply: scriptReply },
  evalRo: { name: 'EVAL_RO', flags: reading, args: called, reply: scriptReply },
  evalsha: { name: 'EVALSHA', flags: running, args: called, reply: scriptReply },
  evalshaRo: { name: 'EVALSHA_RO', flags: reading, args: called, reply: scriptReply },
  fcall: { name: 'FCALL', flags: running, args: calling, reply: scriptReply },
  fcallRo: { name: 'FCALL_RO', flags: reading, args: calling, reply: scriptReply },
}
