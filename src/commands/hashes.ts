import type { FieldScan, HashCommands, HashScan } from '../api/hashes.ts'
import type { Key, Pairs, Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Hash } from '../structures/hash.ts'
import { addLongDouble, formatLongDouble, type LongDouble, parseLongDouble } from '../util/long-double.ts'
import { addInt64, int64, parseInteger } from '../util/numbers.ts'
import { byteLength } from '../util/text.ts'
import type { ExpiryOptions } from './expiry-options.ts'
import {
  expireFields,
  fieldTimeOf,
  isPast,
  logTime,
  mayHoldTimes,
  persistFields,
  removed,
  timed,
} from './hash-fields.ts'
import { index, integer, keyOf, lateOptions, mustFit, none, pairTexts, text, texts } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import { choose, chooseAgain } from './random.ts'
import { cursorOf, scanCount, scanPattern, takes } from './scan.ts'
import * as shape from './shapes.ts'

const hashLines = {
  notFinite: 'ERR value is NaN or Infinity',
}

interface Conditions {
  fnx?: boolean
  fxx?: boolean
}

type Values = readonly (string | null)[]

/** Where the lossless results differ from the typed replies. */
interface Results {
  hmget: Values
  hgetex: Values
  hgetdel: Values
  hgetall: readonly string[]
  hkeys: readonly string[]
  hvals: readonly string[]
  hincrbyfloat: string
  hrandfield: string | null | readonly string[]
  hscan: { readonly cursor: string; readonly elements: readonly string[] }
}

/** The fields of pairs in turns. */
function fieldsIn(pairs: readonly string[]): string[] {
  return pairs.filter((_, i) => i % 2 === 0)
}

/** Sets all pairs in a hash that may be new, where fields lose their times unless `keep`; how many fields were new. */
function put(ks: Keyspace, key: string, hash: Hash, pairs: string[], keep = false): number {
  const added = hash.setAll(pairs, keep)
  ks.changed(key, hash, 'hset', ks.noting ? fieldsIn(pairs) : undefined)
  if (!ks.logging) return added
  ks.effectList(['HSET', key, ...pairs])
  if (keep) for (let i = 0; i < pairs.length; i += 2) logKept(ks, key, hash, pairs[i])
  return added
}

/** After the effect HSET, which takes the time of a field away: says that the field has kept it. */
function logKept(ks: Keyspace, key: string, hash: Hash, field: string): void {
  const time = hash.timed ? hash.time(field) : undefined
  if (time) logTime(ks, key, [field], time)
}

/** Sets all pairs in a hash that may be new, to expire at `when`. */
function putUntil(ks: Keyspace, key: string, hash: Hash, pairs: string[], when: number): void {
  const names = fieldsIn(pairs)
  if (!isPast(ks, when)) {
    put(ks, key, hash, pairs, false)
    for (const name of names) hash.setTime(name, Math.max(when, 1))
    timed(ks, key, hash, names, when)
    return
  }
  // They come and go; a log need only hear of those that were there before.
  const old = names.filter(name => hash.has(name))
  hash.setAll(pairs)
  ks.changed(key, hash, 'hset', names)
  const gone = names.filter(name => hash.delete(name))
  ks.changed(key, hash, 'hdel', gone)
  if (ks.logging && old.length > 0) ks.effectList(['HDEL', key, ...old])
}

/** Throws when a single field comes without its value. */
export function needsValue(field: unknown, value: unknown): void {
  const single = field instanceof Uint8Array || (typeof field !== 'object' && field !== undefined)
  if (single && value === undefined) text(value as never, 'value')
}

function set(ks: Keyspace, given: Key, field: Value | Pairs, value: Value | undefined): number {
  const key = keyOf(given)
  if (value === undefined) {
    needsValue(field, value)
    const pairs = pairTexts(field as Pairs, 'fields')
    return put(ks, key, ks.write(key, 'hash'), pairs)
  }
  const name = text(field as Value, 'field')
  const content = text(value, 'value')
  const hash = ks.write(key, 'hash')
  const added = hash.set(name, content)
  ks.changed(key, hash, 'hset', ks.noting ? [name] : undefined)
  if (ks.logging) ks.effect('HSET', key, name, content)
  return added ? 1 : 0
}

/** The values of fields, null for those that are not there. */
function valuesOf(hash: Hash | undefined, names: readonly string[]): (string | null)[] {
  const values = new Array<string | null>(names.length)
  for (let i = 0; i < names.length; i++) values[i] = hash?.get(names[i]) ?? null
  return values
}

/** The values of fields, which are removed: the second time that one is named, it is not there. */
function takeOut(ks: Keyspace, key: string, hash: Hash, names: readonly string[]): (string | null)[] {
  const gone: string[] = []
  const values = names.map(name => {
    const value = hash.get(name)
    if (value === undefined) return null
    hash.delete(name)
    gone.push(name)
    return value
  })
  removed(ks, key, hash, gone)
  return values
}

function fieldsOf(hash: Hash | undefined): string[] {
  const fields: string[] = []
  hash?.forEach(field => {
    fields.push(field)
  })
  return fields
}

/** Puts the value behind each field. */
function withValues(hash: Hash, fields: readonly string[]): string[] {
  const pairs: string[] = []
  for (const field of fields) pairs.push(field, hash.get(field) as string)
  return pairs
}

/**
 * Gives the key a hash of pairs, in place of the one it had and of the time that one had: HIMPORT SET. The pairs are asked for
 * once it is known that the key holds nothing else.
 */
export function importHash(ks: Keyspace, key: string, pairsOf: () => readonly string[]): void {
  const there = ks.read(key, 'hash') !== undefined
  const pairs = pairsOf()
  const hash = ks.create('hash')
  hash.setAll(pairs)
  ks.put(key, hash, 'hset')
  if (!ks.logging) return
  if (there) ks.effect('DEL', key)
  ks.effectList(['HSET', key, ...pairs])
}

const zero: LongDouble = { mantissa: 0n, exponent: 0 }

export const hashes: Ops<HashCommands, Results> = {
  hset: set,
  hmset(ks, key, field, value) {
    set(ks, key, field, value)
    return 'OK'
  },
  hsetnx(ks, given, field, value) {
    const key = keyOf(given)
    const name = text(field, 'field')
    const content = text(value, 'value')
    if (ks.modify(key, 'hash')?.has(name)) return false
    const hash = ks.write(key, 'hash')
    hash.set(name, content)
    ks.changed(key, hash, 'hset', ks.noting ? [name] : undefined)
    if (ks.logging) ks.effect('HSET', key, name, content)
    return true
  },
  hsetex(ks, given, fields, options) {
    const key = keyOf(given)
    const o = lateOptions<Conditions & ExpiryOptions>(options, true)
    const { fnx, fxx } = o
    if (fnx && fxx) throw new ReplyError(lines.oneFieldCondition)
    const when = fieldTimeOf(ks, o, 'hsetex', lines.oneFieldExpiry)
    const pairs = pairTexts(fields, 'fields')
    if (when !== undefined) mayHoldTimes(ks)
    const found = ks.modify(key, 'hash')
    if (fnx || fxx) {
      for (let i = 0; i < pairs.length; i += 2) if ((fxx === true) !== (found?.has(pairs[i]) ?? false)) return false
    }
    const hash = found ?? ks.write(key, 'hash')
    if (when === undefined) put(ks, key, hash, pairs, o.keepttl === true)
    else putUntil(ks, key, hash, pairs, when)
    return true
  },
  hget(ks, key, field) {
    const name = text(field, 'field')
    return ks.read(keyOf(key), 'hash')?.get(name) ?? null
  },
  hmget(ks, key, fields) {
    const names = texts(fields, 'fields')
    return valuesOf(ks.read(keyOf(key), 'hash'), names)
  },
  hgetex(ks, given, fields, options) {
    const key = keyOf(given)
    let hash = ks.read(key, 'hash')
    const o = lateOptions<ExpiryOptions>(options, true)
    const when = fieldTimeOf(ks, o, 'hgetex', lines.fieldsMissing)
    const names = texts(fields, 'fields')
    if (when !== undefined) mayHoldTimes(ks)
    if (hash === undefined || (when === undefined && !o.persist)) return valuesOf(hash, names)
    hash = ks.write(key, 'hash')
    if (when !== undefined && isPast(ks, when)) return takeOut(ks, key, hash, names)
    const values = valuesOf(hash, names)
    if (when === undefined) persistFields(ks, key, hash, names)
    else expireFields(ks, key, hash, names, when, none)
    return values
  },
  hgetdel(ks, given, fields) {
    const key = keyOf(given)
    const hash = ks.modify(key, 'hash')
    const names = texts(fields, 'fields')
    return hash === undefined ? names.map(() => null) : takeOut(ks, key, hash, names)
  },
  hgetall(ks, key, options) {
    lateOptions(options, true)
    return ks.read(keyOf(key), 'hash')?.pairs() ?? []
  },
  hdel(ks, given, fields) {
    const key = keyOf(given)
    const names = texts(fields, 'fields')
    const hash = ks.modify(key, 'hash')
    if (hash === undefined) return 0
    const gone = names.filter(name => hash.delete(name))
    removed(ks, key, hash, gone)
    return gone.length
  },
  hexists(ks, key, field) {
    const name = text(field, 'field')
    return ks.read(keyOf(key), 'hash')?.has(name) ?? false
  },
  hlen(ks, key) {
    return ks.read(keyOf(key), 'hash')?.size ?? 0
  },
  hstrlen(ks, key, field) {
    const name = text(field, 'field')
    return byteLength(ks.read(keyOf(key), 'hash')?.get(name) ?? '')
  },
  hkeys(ks, key) {
    return fieldsOf(ks.read(keyOf(key), 'hash'))
  },
  hvals(ks, key) {
    const values: string[] = []
    ks.read(keyOf(key), 'hash')?.forEach((_, value) => {
      values.push(value)
    })
    return values
  },
  hincrby(ks, given, field, increment) {
    const key = keyOf(given)
    const name = text(field, 'field')
    const by = int64(integer(increment, 'increment'))
    if (by === undefined) throw new ReplyError(lines.notInteger)
    const found = ks.modify(key, 'hash')
    const old = found?.get(name)
    const number = old === undefined ? 0 : parseInteger(old)
    if (number === undefined) throw new ReplyError(lines.hashNotInteger)
    const sum = addInt64(number, by)
    if (sum === undefined) throw new ReplyError(lines.overflow)
    mustFit(sum, increment)
    const hash = found ?? ks.write(key, 'hash')
    hash.set(name, String(sum), true)
    ks.changed(key, hash, 'hincrby', ks.noting ? [name] : undefined)
    if (ks.logging) ks.effect('HINCRBY', key, name, by)
    return typeof increment === 'bigint' ? BigInt(sum) : sum
  },
  hincrbyfloat(ks, given, field, increment) {
    const key = keyOf(given)
    const name = text(field, 'field')
    const by = parseLongDouble(text(increment, 'increment'))
    if (by === undefined) throw new ReplyError(lines.notFloat)
    if (by.exponent === Infinity) throw new ReplyError(hashLines.notFinite)
    const found = ks.modify(key, 'hash')
    const old = found?.get(name)
    const number = old === undefined ? zero : parseLongDouble(old)
    if (number === undefined) throw new ReplyError(lines.hashNotFloat)
    const sum = addLongDouble(number, by)
    if (sum === undefined) throw new ReplyError(lines.nanOrInfinity)
    const hash = found ?? ks.write(key, 'hash')
    const result = formatLongDouble(sum)
    hash.set(name, result, true)
    ks.changed(key, hash, 'hincrbyfloat', ks.noting ? [name] : undefined)
    if (ks.logging) {
      ks.effect('HSET', key, name, result)
      logKept(ks, key, hash, name)
    }
    return result
  },
  hrandfield(ks, given, number, options) {
    const key = keyOf(given)
    const { random } = ks.databases
    if (number === undefined) return ks.read(key, 'hash')?.sample(random) ?? null
    const count = index(number, 'count')
    const paired = lateOptions(options, true).withvalues === true
    // Twice as many elements must be countable too.
    if (paired && Math.abs(count) > 2 ** 62) throw new ReplyError(lines.outOfRange)
    const hash = ks.read(key, 'hash')
    if (hash === undefined) return []
    const sample = () => hash.sample(random) as string
    const fields =
      count < 0 ? chooseAgain(-count, sample) : choose(count, hash.size, random, sample, () => fieldsOf(hash))
    return paired ? withValues(hash, fields) : fields
  },
  hscan(ks, key, cursor, given) {
    const from = cursorOf(cursor)
    const hash = ks.read(keyOf(key), 'hash')
    const options = lateOptions(given, hash !== undefined)
    const count = scanCount(options)
    const pattern = scanPattern(options)
    const alone = options.novalues === true
    const elements: string[] = []
    const next = hash?.scan(from, count, (field, value) => {
      if (!takes(pattern, field)) return
      elements.push(field)
      if (!alone) elements.push(value)
    })
    return { cursor: String(next ?? 0), elements }
  },
}

function scan(result: Results['hscan'], out: Out, args: readonly unknown[]): HashScan | FieldScan {
  const { cursor, elements } = result
  return (args[2] as { novalues?: boolean } | undefined)?.novalues
    ? { cursor, fields: shape.texts(elements, out) }
    : { cursor, entries: shape.pairs(elements, out) }
}

export const hashShapes: Shapes<HashCommands, HashCommands<'sync', Uint8Array>, typeof hashes> = {
  hget: shape.text,
  hmget: shape.nullableTexts,
  hgetex: shape.nullableTexts,
  hgetdel: shape.nullableTexts,
  hgetall: (result, out, args) =>
    (args[1] as { pairs?: boolean } | undefined)?.pairs ? shape.pairs(result, out) : shape.record(result, out),
  hkeys: shape.texts,
  hvals: shape.texts,
  hincrbyfloat: result => Number(result),
  hrandfield: (result, out, args) => {
    if (result === null || typeof result === 'string') return shape.text(result, out)
    const options = args[2] as { withvalues?: boolean } | undefined
    return options?.withvalues ? shape.pairs(result, out) : shape.texts(result, out)
  },
  hscan: scan,
}

export const hashRest: Rest<HashCommands> = { hmget: 1, hgetdel: 1, hdel: 1 }
