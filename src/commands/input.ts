import type { Key, Pairs, Value } from '../api/types.ts'
import { Refusal, ReplyError } from '../errors.ts'
import type { Keyspace, Text } from '../keyspace.ts'
import { parseInteger } from '../util/numbers.ts'
import { canonical, fromBytes } from '../util/text.ts'

/** No options, shared. Made this way it stays an object of the quick kind; `Object.create(null)` makes a dictionary. */
export const none: Readonly<Record<string, never>> = Object.freeze(Object.setPrototypeOf({}, null))

function wrong(value: unknown, name: string, wanted: string): never {
  if (value instanceof Refusal) throw new ReplyError(value.line)
  throw new TypeError(`${name} must be ${wanted}, not ${nameOf(value, wanted)}`)
}

/** What a value is, for a TypeError: its type, or where the type would be right the value itself. */
function nameOf(value: unknown, wanted: string): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return `a ${Object.prototype.toString.call(value).slice(8, -1)}`
  return typeof value === 'number' && wanted === 'an integer' ? String(value) : typeof value
}

/** Text as it is kept inside: canonical (see util/text.ts). `name` is for the TypeError. */
export function text(value: Value, name: string): string {
  if (typeof value === 'string') return canonical(value)
  if (typeof value === 'number') return value === 0 ? '0' : String(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return fromBytes(value)
  return wrong(value, name, 'a string, number, bigint or Uint8Array')
}

/** A key as it is given, for what finds it canonical or not: the keyspace. Not to be compared, kept or answered. */
export function keyOf(key: Key): string {
  return typeof key === 'string' ? key : keyText(key)
}

/** A key, canonical. */
export function keyText(key: Key): string {
  if (typeof key === 'string') return canonical(key)
  if (key instanceof Uint8Array) return fromBytes(key)
  return wrong(key, 'key', 'a string or Uint8Array')
}

/** A value as a string key keeps it. */
export function stored(ks: Keyspace, value: Value): Text {
  if (typeof value === 'string') return compact(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : String(value)
  // Not `slice`, which for a Buffer makes a view of the same bytes.
  if (value instanceof Uint8Array) return ks.bytes(new Uint8Array(value))
  return compact(text(value, 'value'))
}

/**
 * Text that spells an integer of up to nine digits is kept as the number, which takes no memory beside its place. Redis
 * does it with every int64, and both say `int` of them; results of APPEND and INCRBYFLOAT never are.
 */
function compact(text: string): Text {
  const first = text.charCodeAt(0)
  // From '-', which '.' and '/' follow, to '9'; no text longer than '-999999999' is meant.
  if (text.length > 10 || !(first >= 0x2d && first <= 0x39)) return canonical(text)
  const n = parseInteger(text)
  return n !== undefined && isSmall(n) ? (n as number) : canonical(text)
}

/** An integer that `stored` keeps as a number whatever it was given as. */
export function isSmall(n: number | bigint): boolean {
  return n >= -999_999_999 && n <= 999_999_999
}

/** An integer, exact. */
export function integer(value: number | bigint, name: string): number | bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isInteger(value)) return value
  return wrong(value, name, 'an integer')
}

/** An integer used as an index or count, where no more than 2^53 matters. */
export function index(value: number | bigint, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'bigint') return Number(value)
  return wrong(value, name, 'an integer')
}

/** A double; NaN is for the op to refuse. */
export function double(value: number, name: string): number {
  if (typeof value === 'number') return value
  return wrong(value, name, 'a number')
}

/** Names and values in turns, of a record, a Map, or a list of pairs or of names and values in turns. Throws when there are none. */
function inTurns(pairs: Pairs, name: string): readonly Value[] {
  let list: Value[] = []
  if (Array.isArray(pairs)) {
    if (Array.isArray(pairs[0])) {
      for (const pair of pairs as readonly (readonly [Value, Value])[]) {
        if (!Array.isArray(pair) || pair.length !== 2) wrong(pair, `each of ${name}`, 'a pair')
        list.push(pair[0], pair[1])
      }
    } else {
      if (pairs.length % 2 !== 0) throw new TypeError(`${name} must be pairs, not an odd number of values`)
      list = pairs as Value[]
    }
  } else if (pairs instanceof Map) {
    for (const [field, value] of pairs as ReadonlyMap<Value, Value>) list.push(field, value)
  } else if (isRecord(pairs)) {
    const fields = Object.keys(pairs)
    // Of the right length from the start: a list that grows takes room for seventeen.
    list = new Array(2 * fields.length)
    for (let i = 0; i < fields.length; i++) {
      list[2 * i] = fields[i]
      list[2 * i + 1] = (pairs as Readonly<Record<string, Value>>)[fields[i]]
    }
  } else wrong(pairs, name, 'an object, a Map or a list of pairs')
  if (list.length === 0) throw new TypeError(`${name} must not be empty`)
  return list
}

/** Visits pairs in the order given. */
export function eachPair(pairs: Pairs, name: string, visit: (field: Value, value: Value) => void): void {
  const list = inTurns(pairs, name)
  for (let i = 0; i < list.length; i += 2) visit(list[i], list[i + 1])
}

/** Names and values, canonical, in turns, in the order given. */
export function pairTexts(pairs: Pairs, name: string): string[] {
  const list = inTurns(pairs, name)
  const texts: string[] = new Array(list.length)
  for (let i = 0; i < list.length; i++) texts[i] = text(list[i], i % 2 === 0 ? name : 'value')
  return texts
}

/** An object that is no list, Map, bytes or the like, for options and pairs: none of those can be gone through. */
function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  // Almost all options are plain objects, and this is the quickest thing to ask.
  return Object.getPrototypeOf(value) === Object.prototype || !(Symbol.iterator in value || value instanceof Refusal)
}

/** Throws unless it is an object of named properties. */
export function record<T extends object>(given: T, name: string): T {
  return isRecord(given) ? given : wrong(given, name, 'an object')
}

/** Throws unless it is a list with something in it. */
export function listOf<T>(values: readonly T[], name: string): readonly T[] {
  if (!Array.isArray(values)) return wrong(values, name, 'a list')
  if (values.length === 0) throw new TypeError(`${name} must not be empty`)
  return values
}

/** One of some words in upper case, in whatever case it is given. */
export function wordOf<W extends string>(given: string, words: readonly W[], name: string): W {
  const word = String(given).toUpperCase()
  if (!(words as readonly string[]).includes(word)) {
    throw new TypeError(`${name} must be one of ${words.join(', ')}, not ${String(given)}`)
  }
  return word as W
}

/** A list of texts, at least one; it may be read late. */
export function texts(values: readonly Value[], name: string): string[] {
  const list = new Array<string>(listOf(values, name).length)
  for (let i = 0; i < list.length; i++) list[i] = text(values[i], name)
  return list
}

/** A list of keys, at least one. */
export function keyTexts(keys: readonly Key[]): string[] {
  const list = new Array<string>(listOf(keys, 'keys').length)
  for (let i = 0; i < list.length; i++) list[i] = keyText(keys[i])
  return list
}

/** As `index`, for a parameter that Redis reads only when the key is there: until then any argument will do. */
export function lateIndex(value: number | bigint, name: string, there: boolean): number {
  return !there && (value as unknown) instanceof Refusal ? 0 : index(value, name)
}

/** Options, which Redis may have to read only when the key is there. */
export function lateOptions<T extends object>(options: T | undefined, there: boolean): T {
  if (options === undefined || (!there && options instanceof Refusal)) return none as T
  return record(options, 'options')
}

/** Throws, before anything is written, when a sum cannot be answered as a number and no bigint was asked for. */
export function mustFit(sum: number | bigint, asked: number | bigint): void {
  if (typeof sum === 'bigint' && typeof asked === 'number') {
    throw new RangeError(`the result ${sum} is not a safe integer: pass a bigint to get a bigint`)
  }
}
