import type { StringCommands } from '../api/strings.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace, Text, Value as Stored } from '../keyspace.ts'
import { Bytes } from '../structures/bytes.ts'
import { addInt64, parseInteger } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { keyText } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

/** Where the lossless results differ from the typed replies. */
interface Results {
  get: Text | null
  incr: (ks: Keyspace, key: Key, by?: number | bigint) => number | bigint
}

/** The string in a key, undefined when absent. Throws WRONGTYPE. */
function string(value: Stored | undefined): Text | undefined {
  if (typeof value === 'object' && !(value instanceof Bytes)) throw new ReplyError(lines.wrongType)
  return value
}

/** The integer in a key, 0 when absent. */
function integerOf(value: Text | undefined): number | bigint {
  if (typeof value === 'number') return value
  if (value === undefined) return 0
  const n = parseInteger(plainText(value))
  if (n === undefined) throw new ReplyError(lines.notInteger)
  return n
}

/**
 * Adds to the integer in `key`. With a number the result must be one too; with a bigint it may be any int64.
 */
function add(ks: Keyspace, given: Key, by: number | bigint, event: string): number | bigint {
  const key = keyText(given)
  const old = integerOf(string(ks.find(key)))
  const sum = addInt64(old, by)
  if (sum === undefined) throw new ReplyError(lines.overflow)
  if (typeof sum === 'bigint' && typeof by === 'number') {
    throw new RangeError(`the result ${sum} is not a safe integer: pass a bigint to get a bigint`)
  }
  ks.replace(key, typeof sum === 'number' ? sum : String(sum), event)
  if (ks.logging) ks.effect('INCRBY', key, by)
  return sum
}

export const strings: Ops<StringCommands, Results> = {
  get(ks, key) {
    const value = ks.lookup(keyText(key))
    if (typeof value === 'string') return value
    return string(value) ?? null
  },
  incr(ks, key, by = 1) {
    return add(ks, key, by, 'incrby')
  },
}

export const stringShapes: Shapes<StringCommands, StringCommands<'sync', Uint8Array>, typeof strings> = {
  get: shape.text,
  incr: shape.safe,
}

export const stringRest: Rest<StringCommands> = {}
