import type {
  DelExCondition,
  IncrExOptions,
  LcsMatch,
  LcsMatches,
  MSetExOptions,
  SetOptions,
  StringCommands,
} from '../api/strings.ts'
import type { Integer, Key, Pairs, Value } from '../api/types.ts'
import { lines, Refusal, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace, Text } from '../keyspace.ts'
import { Bytes } from '../structures/bytes.ts'
import { addLongDouble, formatLongDouble, parseLongDouble } from '../util/long-double.ts'
import { addInt64, int64, MIN_INT64, parseInteger } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { byteLength, fromBytes, sliceText, toBytes, writeText } from '../util/text.ts'
import { type ExpiryOptions, expiryTime, saysTime, timeArg, timeOf } from './expiry-options.ts'
import { type Increased, increx } from './increx.ts'
import { eachPair, index, integer, keyOf, lateOptions, listOf, mustFit, stored, text } from './input.ts'
import { lcsLength, lcsWay } from './lcs.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'
import { bytesOf, conditionsIn, digestOf, effectArg, holds, lengthOf, MAX_LENGTH, stringOf } from './string-value.ts'

const stringLines = {
  lcsTypes: 'ERR The specified keys must contain string values',
  lcsLenIdx: 'ERR If you want both the length and indexes, please just use IDX.',
  delexType: 'ERR Key should be of string type if conditions are specified',
}

/** Where the lossless results differ from the typed replies. */
interface Results {
  /** True for OK, null for a condition that did not hold; with `get` the old value. */
  set: Text | true | null
  get: Text | null
  getset: Text | null
  getdel: Text | null
  getex: Text | null
  mget: readonly (Text | null)[]
  incr: (ks: Keyspace, key: Key, by?: Integer) => Integer
  decr: (ks: Keyspace, key: Key, by?: Integer) => Integer
  incrbyfloat: string
  increx: (ks: Keyspace, key: Key, options?: IncrExOptions, one?: Integer) => Increased
  lcs: string | number | LcsMatches
  digest: string | null
}

/** Gives a key its value; `time` is 0 for never, `keep` leaves it as it is. */
function assign(ks: Keyspace, key: string, value: Text, time: number, keep: boolean): void {
  if (keep) ks.replace(key, value, 'set')
  else ks.put(key, value, 'set', time)
  if (!ks.logging) return
  if (keep) ks.effect('SET', key, effectArg(value), 'KEEPTTL')
  else if (time !== 0) ks.effect('SET', key, effectArg(value), 'PXAT', timeArg(time))
  else ks.effect('SET', key, effectArg(value))
}

/** SET with options. */
function setWith(ks: Keyspace, key: string, given: Value, options: SetOptions): Text | true | null {
  const o = lateOptions(options, true)
  const timed = saysTime(o as ExpiryOptions)
  const conditions = conditionsIn(o) + (o.nx ? 1 : 0) + (o.xx ? 1 : 0)
  if (conditions > 1) throw new ReplyError(lines.syntax)
  const value = stored(ks, given)
  const time = timed ? timeOf(ks, o as ExpiryOptions, 'set') : 0
  if (conditions === 0 && !o.get && !o.keepttl) {
    assign(ks, key, value, time, false)
    return true
  }
  const there = o.get ? ks.lookup(key) : ks.find(key)
  const old = o.get || conditionsIn(o) > 0 ? stringOf(there) : undefined
  if (o.nx ? there === undefined : o.xx ? there !== undefined : holds(old, o)) {
    assign(ks, key, value, time, o.keepttl === true)
    return o.get ? (old ?? null) : true
  }
  return o.get ? (old ?? null) : null
}

/** The value of a key, read. */
function getString(ks: Keyspace, key: string): Text | null {
  return stringOf(ks.lookup(key)) ?? null
}

/** Keys and values, each in its own list. */
interface Assignments {
  readonly keys: readonly string[]
  readonly values: readonly Text[]
}

function assignments(ks: Keyspace, pairs: Pairs): Assignments {
  const keys: string[] = []
  const values: Text[] = []
  eachPair(pairs, 'pairs', (key, value) => {
    keys.push(text(key, 'pairs'))
    values.push(stored(ks, value))
  })
  return { keys, values }
}

function assignAll(ks: Keyspace, { keys, values }: Assignments): void {
  for (let i = 0; i < keys.length; i++) ks.put(keys[i], values[i], 'set')
  if (!ks.logging) return
  const effect: EffectArg[] = ['MSET']
  for (let i = 0; i < keys.length; i++) effect.push(keys[i], effectArg(values[i]))
  ks.effectList(effect)
}

/** True when all of the keys are there, or with `there` false when none is. */
function allAre(ks: Keyspace, keys: readonly string[], there: boolean): boolean {
  for (const key of keys) if ((ks.find(key) !== undefined) !== there) return false
  return true
}

/** Adds to the integer in `key`. With a number the result must be one too; with a bigint it is one, any int64. */
function add(ks: Keyspace, given: Key, increment: Integer): Integer {
  const key = keyOf(given)
  const by = int64(integer(increment, 'increment'))
  if (by === undefined) throw new ReplyError(lines.notInteger)
  const value = ks.find(key)
  const old = typeof value === 'number' ? value : value === undefined ? 0 : parseInteger(plainText(string(value)))
  if (old === undefined) throw new ReplyError(lines.notInteger)
  const sum = addInt64(old, by)
  if (sum === undefined) throw new ReplyError(lines.overflow)
  mustFit(sum, increment)
  const next = typeof sum === 'number' ? sum : String(sum)
  if (value === undefined) ks.put(key, next, 'incrby')
  else ks.replaceFound(key, next, 'incrby')
  if (ks.logging) ks.effect('INCRBY', key, by)
  return typeof increment === 'bigint' ? BigInt(sum) : sum
}

function string(value: Parameters<typeof stringOf>[0]): Text {
  return stringOf(value) as Text
}

function negative(n: Integer): Integer {
  if (typeof n === 'number') return n === 0 ? 0 : -n
  if (n === MIN_INT64) throw new ReplyError(lines.decrementOverflow)
  return -n
}

/** The bytes of a string from `start` to `end`, both included. */
function range(ks: Keyspace, given: Key, first: Integer, last: Integer): string {
  const key = keyOf(given)
  let start = index(first, 'start')
  let end = index(last, 'end')
  const value = stringOf(ks.lookup(key))
  if (value === undefined) return ''
  // Text is not counted unless an offset from the end makes it necessary.
  if (start < 0 || end < 0 || typeof value === 'object') {
    const length = lengthOf(value)
    if (start < 0) start = Math.max(0, start + length)
    if (end < 0) end += length
    else if (end >= length) end = length - 1
    if (start > end) return ''
  }
  return typeof value === 'object' ? fromBytes(value.view(), start, end + 1) : sliceText(String(value), start, end + 1)
}

/** Writes text or bytes into the bytes of a value. */
function writeAt(bytes: Bytes, offset: number, piece: string | Uint8Array, length: number): void {
  bytes.extend(offset + length)
  if (typeof piece === 'string') writeText(piece, bytes.view(), offset)
  else bytes.view().set(piece, offset)
}

/** An argument that is joined to a value: text, or bytes as they are. */
function pieceOf(value: Value): string | Uint8Array {
  return value instanceof Uint8Array ? value : text(value, 'value')
}

function pieceLength(piece: string | Uint8Array): number {
  return typeof piece === 'string' ? byteLength(piece) : piece.length
}

export const strings: Ops<StringCommands, Results> = {
  set(ks, key, value, options) {
    if (options !== undefined) return setWith(ks, keyOf(key), value, options)
    const name = keyOf(key)
    const content = stored(ks, value)
    ks.put(name, content, 'set')
    if (ks.logging) ks.effect('SET', name, effectArg(content))
    return true
  },
  get(ks, key) {
    const value = ks.lookup(keyOf(key))
    if (typeof value === 'string') return value
    return stringOf(value) ?? null
  },
  getset(ks, given, value) {
    const key = keyOf(given)
    const content = stored(ks, value)
    const old = getString(ks, key)
    assign(ks, key, content, 0, false)
    return old
  },
  getdel(ks, given) {
    const key = keyOf(given)
    const old = getString(ks, key)
    if (old !== null && ks.remove(key) && ks.logging) ks.effect('DEL', key)
    return old
  },
  getex(ks, given, options) {
    const key = keyOf(given)
    const o = lateOptions(options, true)
    const timed = saysTime(o as ExpiryOptions)
    const value = getString(ks, key)
    // Redis reads the time only when the key is there.
    const time = timed ? timeOf(ks, o as ExpiryOptions, 'getex', value !== null) : 0
    if (value === null) return null
    if (timed) {
      if ((o.exat !== undefined || o.pxat !== undefined) && time <= ks.databases.now() && ks.databases.expiring) {
        ks.remove(key)
        if (ks.logging) ks.effect('DEL', key)
      } else {
        ks.setTime(key, time, 'expire')
        if (ks.logging) ks.effect('PEXPIREAT', key, timeArg(time))
      }
    } else if (o.persist && ks.time(key) !== 0) {
      ks.setTime(key, 0, 'persist')
      if (ks.logging) ks.effect('PERSIST', key)
    }
    return value
  },
  setnx(ks, given, value) {
    const key = keyOf(given)
    const content = stored(ks, value)
    if (ks.find(key) !== undefined) return false
    assign(ks, key, content, 0, false)
    return true
  },
  setex(ks, given, seconds, value) {
    const key = keyOf(given)
    const content = stored(ks, value)
    const time = expiryTime(integer(seconds, 'seconds'), 1000, ks.databases.now(), 'setex')
    assign(ks, key, content, time, false)
    return 'OK'
  },
  psetex(ks, given, milliseconds, value) {
    const key = keyOf(given)
    const content = stored(ks, value)
    const time = expiryTime(integer(milliseconds, 'milliseconds'), 1, ks.databases.now(), 'psetex')
    assign(ks, key, content, time, false)
    return 'OK'
  },
  mset(ks, pairs) {
    assignAll(ks, assignments(ks, pairs))
    return 'OK'
  },
  msetnx(ks, pairs) {
    const all = assignments(ks, pairs)
    if (!allAre(ks, all.keys, false)) return false
    assignAll(ks, all)
    return true
  },
  msetex(ks, pairs, options) {
    const all = assignments(ks, pairs)
    const o: MSetExOptions = lateOptions(options, true)
    const timed = saysTime(o as ExpiryOptions)
    if (o.nx && o.xx) throw new ReplyError(lines.syntax)
    const time = timed ? timeOf(ks, o as ExpiryOptions, 'msetex') : 0
    if ((o.nx && !allAre(ks, all.keys, false)) || (o.xx && !allAre(ks, all.keys, true))) return false
    if (time === 0 && !o.keepttl) assignAll(ks, all)
    else {
      for (let i = 0; i < all.keys.length; i++) {
        // What has expired must not leave its time to what comes after it.
        if (o.keepttl) ks.find(all.keys[i])
        assign(ks, all.keys[i], all.values[i], time, o.keepttl === true)
      }
    }
    return true
  },
  mget(ks, keys) {
    const list = new Array<Text | null>(listOf(keys, 'keys').length)
    for (let i = 0; i < list.length; i++) {
      const value = ks.lookup(keyOf(keys[i]))
      list[i] = value === undefined || (typeof value === 'object' && !(value instanceof Bytes)) ? null : value
    }
    return list
  },
  append(ks, given, value) {
    const key = keyOf(given)
    const piece = pieceOf(value)
    const old = stringOf(ks.find(key))
    // What has grown is kept as bytes, whose length is known and which have room: text would be copied and counted again
    // for every piece. Redis too calls it `raw` from then on.
    if (old === undefined) {
      const content = stored(ks, value)
      ks.put(key, content, 'append')
      if (ks.logging) ks.effect('APPEND', key, effectArg(content))
      return lengthOf(content)
    }
    const from = lengthOf(old)
    const more = pieceLength(piece)
    if (from + more > MAX_LENGTH) throw new ReplyError(lines.stringTooLong)
    writeAt(ks.writeBytes(key, toBytes), from, piece, more)
    ks.changedString(key, 'append')
    if (ks.logging) ks.effect('APPEND', key, typeof piece === 'string' ? piece : new Uint8Array(piece))
    return from + more
  },
  strlen(ks, key) {
    const value = stringOf(ks.lookup(keyOf(key)))
    return value === undefined ? 0 : lengthOf(value)
  },
  getrange: range,
  substr: range,
  setrange(ks, given, offset, value) {
    const key = keyOf(given)
    const from = index(offset, 'offset')
    if (from < 0) throw new ReplyError(lines.offsetRange)
    const piece = pieceOf(value)
    const old = stringOf(ks.find(key))
    const before = old === undefined ? 0 : lengthOf(old)
    const more = pieceLength(piece)
    if (more === 0) return before
    if (from + more > MAX_LENGTH) throw new ReplyError(lines.stringTooLong)
    const bytes = ks.writeBytes(key, toBytes)
    writeAt(bytes, from, piece, more)
    ks.changedString(key, 'setrange')
    if (ks.logging) ks.effect('SETRANGE', key, from, typeof piece === 'string' ? piece : new Uint8Array(piece))
    return bytes.length
  },
  incr(ks, key, by = 1) {
    return add(ks, key, by)
  },
  decr(ks, key, by = 1) {
    return add(ks, key, negative(by))
  },
  incrby(ks, key, increment) {
    return add(ks, key, increment)
  },
  decrby(ks, key, decrement) {
    return add(ks, key, negative(integer(decrement, 'decrement')))
  },
  incrbyfloat(ks, given, increment) {
    const key = keyOf(given)
    const by = text(increment, 'increment')
    const old = stringOf(ks.find(key))
    const a = parseLongDouble(old === undefined ? '0' : plainText(old))
    const b = parseLongDouble(by)
    if (a === undefined || b === undefined) throw new ReplyError(lines.notFloat)
    const sum = addLongDouble(a, b)
    if (sum === undefined) throw new ReplyError(lines.nanOrInfinity)
    const result = formatLongDouble(sum)
    ks.replace(key, result, 'incrbyfloat')
    if (ks.logging) ks.effect('SET', key, result, 'KEEPTTL')
    return result
  },
  increx(ks, key, options, one) {
    return increx(ks, key, options, one)
  },
  lcs(ks, first, second, options) {
    const a = ks.lookup(keyOf(first))
    const b = ks.lookup(keyOf(second))
    for (const value of [a, b]) {
      if (typeof value === 'object' && !(value instanceof Bytes)) throw new ReplyError(stringLines.lcsTypes)
    }
    const o = lateOptions(options, true)
    const least = o.minmatchlen === undefined ? 0 : index(o.minmatchlen, 'minmatchlen')
    if (o.len && o.idx) throw new ReplyError(stringLines.lcsLenIdx)
    const left = bytesOf((a as Text | undefined) ?? '')
    const right = bytesOf((b as Text | undefined) ?? '')
    if (o.len) return lcsLength(left, right)
    const { found, matches } = lcsWay(left, right)
    if (!o.idx) return fromBytes(found)
    const long: readonly LcsMatch[] = matches.filter(match => match.len >= least)
    return {
      matches: o.withmatchlen ? long : long.map(match => ({ a: match.a, b: match.b })),
      len: found.length,
    }
  },
  digest(ks, key) {
    const value = getString(ks, keyOf(key))
    return value === null ? null : digestOf(value)
  },
  delex(ks, given, condition) {
    const key = keyOf(given)
    // Redis reads the condition only when the key is there, and refuses it only when that is a string.
    const o: DelExCondition = lateOptions(condition, false)
    const value = ks.find(key)
    if (value === undefined) return false
    if (conditionsIn(o) > 0 || (condition as unknown) instanceof Refusal) {
      if (typeof value === 'object' && !(value instanceof Bytes)) throw new ReplyError(stringLines.delexType)
      lateOptions(condition, true)
      if (conditionsIn(o) > 1) throw new ReplyError(lines.syntax)
      if (!holds(value, o)) return false
    }
    ks.remove(key)
    if (ks.logging) ks.effect('DEL', key)
    return true
  },
}

export const stringShapes: Shapes<StringCommands, StringCommands<'sync', Uint8Array>, typeof strings> = {
  set: (result, out) => (result === true ? 'OK' : shape.text(result, out)),
  get: shape.text,
  getset: shape.text,
  getdel: shape.text,
  getex: shape.text,
  mget: shape.nullableTexts,
  getrange: shape.text as (result: string, out: Parameters<typeof shape.text>[1]) => string,
  substr: shape.text as (result: string, out: Parameters<typeof shape.text>[1]) => string,
  incr: shape.safe,
  decr: shape.safe,
  incrbyfloat: Number,
  increx: ([value, added]) =>
    typeof value === 'string' ? [Number(value), Number(added)] : [value as Integer, added as Integer],
  lcs: (result, out) => (typeof result === 'string' ? out.text(result) : result),
  digest: shape.text,
}

export const stringRest: Rest<StringCommands> = { mget: 0 }
