import type { ExpireOptions, ExpiryCommands } from '../api/expiry.ts'
import type { Key } from '../api/types.ts'
import { invalidExpire, lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { isInt64, MAX_INT64, narrow } from '../util/numbers.ts'
import { integer, keyOf, lateOptions } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import { safe } from './shapes.ts'

const expiryLines = {
  nxWithOthers: 'ERR NX and XX, GT or LT options at the same time are not compatible',
  gtWithLt: 'ERR GT and LT options at the same time are not compatible',
}

/** Where the lossless results differ from the typed replies: times may be as large as an int64. */
interface Results {
  ttl: number | bigint
  pttl: number | bigint
  expiretime: number | bigint
  pexpiretime: number | bigint
}

/** `given * unit + base`, undefined when that or a step to it is beyond an int64. */
export function moment(given: number | bigint, unit: number, base: number): number | bigint | undefined {
  const quick = Number(given) * unit + base
  if (Number.isSafeInteger(quick)) return quick
  const ms = BigInt(given) * BigInt(unit)
  const sum = ms + BigInt(base)
  return isInt64(ms) && sum <= MAX_INT64 ? narrow(sum) : undefined
}

/** True when a key, or a field, may get the time `when` in place of `old`, by the options. */
export function allowed(old: number, when: number, options: ExpireOptions): boolean {
  // No expiry time counts as infinite.
  if (options.nx) return old === 0
  if (options.xx && old === 0) return false
  if (options.gt) return old !== 0 && when > old
  if (options.lt) return old === 0 || when < old
  return true
}

/** Sets when the key expires: `given` is in units of `unit` milliseconds, from 1970 or, when `relative`, from now. */
function expire(
  ks: Keyspace,
  command: string,
  key: Key,
  given: number | bigint,
  unit: number,
  relative: boolean,
  conditions: ExpireOptions | undefined,
): boolean {
  const name = keyOf(key)
  const options = lateOptions<ExpireOptions>(conditions, true)
  if (options.nx && (options.xx || options.gt || options.lt)) throw new ReplyError(expiryLines.nxWithOthers)
  if (options.gt && options.lt) throw new ReplyError(expiryLines.gtWithLt)
  const amount = integer(given, unit === 1 ? (relative ? 'ms' : 'time') : relative ? 'seconds' : 'time')
  if (!isInt64(amount)) throw new ReplyError(lines.notInteger)
  const now = Math.floor(ks.databases.now())
  const when = moment(amount, unit, relative ? now : 0)
  if (when === undefined) throw new ReplyError(invalidExpire(command))
  if (ks.find(name) === undefined) return false
  const time = Number(when)
  if (!allowed(ks.time(name), time, options)) return false
  if (time <= now && ks.databases.expiring) {
    ks.remove(name)
    if (ks.logging) ks.effect('DEL', name)
    return true
  }
  // A log that is replayed may hold any time, and 0 would stand for none.
  ks.setTime(name, Math.max(time, 1), 'expire')
  if (ks.logging) ks.effect('PEXPIREAT', name, when)
  return true
}

/** When a live key expires, 0 for never; undefined when there is none. */
function timeOf(ks: Keyspace, key: Key): number | bigint | undefined {
  const name = keyOf(key)
  if (ks.lookup(name) === undefined) return undefined
  const time = ks.time(name)
  if (Number.isSafeInteger(time)) return time
  // A time beyond 2^53 is kept as the nearest double; that of the greatest int64 lies just above it.
  const exact = BigInt(time)
  return exact > MAX_INT64 ? MAX_INT64 : exact
}

/** A time in milliseconds as it is asked for: from `base` on, in units of `unit`, rounded to the nearest. */
function spoken(time: number | bigint | undefined, base: number, unit: number): number | bigint {
  if (time === undefined) return -2
  if (time === 0) return -1
  if (typeof time === 'number') return Math.max(Math.floor((time - base + unit / 2) / unit), 0)
  const ms = time - BigInt(base)
  return unit === 1 ? narrow(ms) : narrow((ms + BigInt(unit / 2)) / BigInt(unit))
}

export const expiry: Ops<ExpiryCommands, Results> = {
  expire(ks, key, seconds, options) {
    return expire(ks, 'expire', key, seconds, 1000, true, options)
  },
  pexpire(ks, key, ms, options) {
    return expire(ks, 'pexpire', key, ms, 1, true, options)
  },
  expireat(ks, key, time, options) {
    return expire(ks, 'expireat', key, time, 1000, false, options)
  },
  pexpireat(ks, key, time, options) {
    return expire(ks, 'pexpireat', key, time, 1, false, options)
  },
  ttl(ks, key) {
    return spoken(timeOf(ks, key), ks.databases.now(), 1000)
  },
  pttl(ks, key) {
    return spoken(timeOf(ks, key), ks.databases.now(), 1)
  },
  expiretime(ks, key) {
    return spoken(timeOf(ks, key), 0, 1000)
  },
  pexpiretime(ks, key) {
    return spoken(timeOf(ks, key), 0, 1)
  },
  persist(ks, given) {
    const key = keyOf(given)
    if (ks.find(key) === undefined || ks.time(key) === 0) return false
    ks.setTime(key, 0, 'persist')
    if (ks.logging) ks.effect('PERSIST', key)
    return true
  },
}

export const expiryShapes: Shapes<ExpiryCommands, ExpiryCommands<'sync'>, typeof expiry> = {
  ttl: safe,
  pttl: safe,
  expiretime: safe,
  pexpiretime: safe,
}

export const expiryRest: Rest<ExpiryCommands> = {}
