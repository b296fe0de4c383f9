import type { IncrExOptions } from '../api/strings.ts'
import type { Integer, Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace, Text } from '../keyspace.ts'
import { addLongDouble, formatLongDouble, type LongDouble, parseLongDouble } from '../util/long-double.ts'
import { int64, MAX_INT64, MIN_INT64, narrow, parseInteger } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { type ExpiryOptions, saysTime, timeArg, timeOf } from './expiry-options.ts'
import { integer, keyOf, lateOptions, mustFit, text } from './input.ts'
import { stringOf } from './string-value.ts'

export const increxLines = {
  notInteger: 'ERR Increment is not an integer or out of range',
  notFloat: 'ERR Increment is not a valid float',
  infiniteIncrement: 'ERR BYFLOAT increment cannot be Infinity',
  infiniteValue: 'ERR value cannot be Infinity',
  lboundNotInteger: 'ERR LBOUND is not an integer or out of range',
  uboundNotInteger: 'ERR UBOUND is not an integer or out of range',
  lboundNotFloat: 'ERR LBOUND is not a valid float',
  uboundNotFloat: 'ERR UBOUND is not a valid float',
  bounds: "ERR LBOUND can't be greater than UBOUND",
  enx: 'ERR ENX flag requires an expiration',
  overflow: 'ERR applied increment would overflow',
  infiniteDelta: 'ERR applied increment would produce Infinity',
} as const

/** The new value and what was added: integers, or long doubles as text. */
export type Increased = readonly [Integer, Integer] | readonly [string, string]

/** What there is to store; undefined when the result is out of bounds. */
interface Sum<N> {
  readonly answer: Increased
  readonly result: N | undefined
}

/** Adds to the number in a key within bounds. `one` is the increment when none is given, in the kind that is to come out. */
export function increx(ks: Keyspace, given: Key, options: IncrExOptions | undefined, one: Integer = 1): Increased {
  const key = keyOf(given)
  const o = lateOptions(options, true)
  const timed = saysTime(o as ExpiryOptions)
  if ((o.byint !== undefined && o.byfloat !== undefined) || (o.enx && o.persist)) throw new ReplyError(lines.syntax)
  if (o.enx && !timed) throw new ReplyError(increxLines.enx)
  const float = o.byfloat !== undefined
  const add = float ? floatSum(o) : integerSum(o, one)
  const time = timed ? timeOf(ks, o as ExpiryOptions, 'increx') : 0
  const { answer, result } = add(stringOf(ks.find(key)))
  if (result === undefined) return answer

  const old = ks.time(key)
  const settled = time !== 0 && !(o.enx && old !== 0)
  const past = settled && (o.exat !== undefined || o.pxat !== undefined) && time <= ks.databases.now()
  if (past && ks.databases.expiring) {
    if (ks.remove(key) && ks.logging) ks.effect('DEL', key)
    return answer
  }
  ks.replace(key, result, float ? 'incrbyfloat' : 'incrby')
  if (settled) {
    ks.setTime(key, time, 'expire')
    if (ks.logging) ks.effect('SET', key, result, 'PXAT', timeArg(time))
  } else if (o.persist && old !== 0) {
    ks.setTime(key, 0, 'persist')
    if (ks.logging) ks.effect('SET', key, result)
  } else if (ks.logging) ks.effect('SET', key, result, 'KEEPTTL')
  return answer
}

function integerSum(o: IncrExOptions, one: Integer): (value: Text | undefined) => Sum<number | string> {
  const asked = o.byint === undefined ? one : integer(o.byint, 'byint')
  if (int64(asked) === undefined) throw new ReplyError(increxLines.notInteger)
  const low = o.lbound === undefined ? MIN_INT64 : integerBound(o.lbound, 'lbound', increxLines.lboundNotInteger)
  const high = o.ubound === undefined ? MAX_INT64 : integerBound(o.ubound, 'ubound', increxLines.uboundNotInteger)
  if (low > high) throw new ReplyError(increxLines.bounds)
  const answer = (value: bigint, delta: bigint): readonly [Integer, Integer] => {
    if (typeof asked === 'bigint') return [value, delta]
    const pair = [narrow(value), narrow(delta)] as const
    for (const n of pair) mustFit(n, asked)
    return pair
  }
  return value => {
    const n = value === undefined ? 0 : typeof value === 'number' ? value : parseInteger(plainText(value))
    if (n === undefined) throw new ReplyError(lines.notInteger)
    const old = BigInt(n)
    let sum = old + BigInt(asked)
    if (sum > high || sum < low) {
      if (!o.saturate) return { answer: answer(old, 0n), result: undefined }
      sum = sum > high ? high : low
    }
    const delta = sum - old
    if (delta > MAX_INT64 || delta < MIN_INT64) throw new ReplyError(increxLines.overflow)
    const small = narrow(sum)
    return { answer: answer(sum, delta), result: typeof small === 'number' ? small : String(small) }
  }
}

function integerBound(bound: Integer | string, name: string, line: string): bigint {
  const n = typeof bound === 'string' ? parseInteger(bound) : int64(integer(bound, name))
  if (n === undefined) throw new ReplyError(line)
  return BigInt(n)
}

const none: LongDouble = { mantissa: 0n, exponent: 0 }
const greatest: LongDouble = { mantissa: 2n ** 64n - 1n, exponent: 16_384 - 64 }

function floatSum(o: IncrExOptions): (value: Text | undefined) => Sum<string> {
  const by = float(o.byfloat as number | string, 'byfloat', increxLines.notFloat)
  if (by.exponent === Infinity) throw new ReplyError(increxLines.infiniteIncrement)
  const low = o.lbound === undefined ? negated(greatest) : float(o.lbound, 'lbound', increxLines.lboundNotFloat)
  const high = o.ubound === undefined ? greatest : float(o.ubound, 'ubound', increxLines.uboundNotFloat)
  if (order(low, high) > 0) throw new ReplyError(increxLines.bounds)
  return value => {
    const old = value === undefined ? none : parseLongDouble(plainText(value))
    if (old === undefined) throw new ReplyError(lines.notFloat)
    if (old.exponent === Infinity) throw new ReplyError(increxLines.infiniteValue)
    let sum = addLongDouble(old, by)
    let delta: LongDouble | undefined = by
    // A sum beyond what a long double holds is out of bounds, whatever the bounds are.
    const over = sum === undefined ? by.mantissa > 0n : order(sum, high) > 0
    if (sum === undefined || over || order(sum, low) < 0) {
      if (!o.saturate) return { answer: [formatLongDouble(old), '0'], result: undefined }
      sum = over ? least(high, greatest) : negated(least(negated(low), greatest))
      delta = addLongDouble(sum, negated(old))
      if (delta === undefined) throw new ReplyError(increxLines.infiniteDelta)
    }
    const result = formatLongDouble(sum)
    return { answer: [result, formatLongDouble(delta)], result }
  }
}

function float(given: Integer | string, name: string, line: string): LongDouble {
  const n = parseLongDouble(text(given, name))
  if (n === undefined) throw new ReplyError(line)
  return n
}

function negated(n: LongDouble): LongDouble {
  return { mantissa: -n.mantissa, exponent: n.exponent }
}

function least(a: LongDouble, b: LongDouble): LongDouble {
  return order(a, b) < 0 ? a : b
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
function order(a: LongDouble, b: LongDouble): number {
  const endless = (n: LongDouble): number => (n.exponent !== Infinity ? 0 : n.mantissa > 0n ? 1 : -1)
  if (endless(a) !== endless(b)) return endless(a) - endless(b)
  if (endless(a) !== 0) return 0
  // Two different long doubles never have a difference of zero; where it is too large its sign is that of `a`.
  const difference = addLongDouble(a, negated(b)) ?? a
  return difference.mantissa > 0n ? 1 : difference.mantissa < 0n ? -1 : 0
}
