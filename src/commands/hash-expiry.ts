import type { FieldExpired, FieldExpireOptions, HashExpiryCommands } from '../api/hash-expiry.ts'
import type { Integer, Key, Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { expireFields, fieldTime, mayHoldTimes, persistFields } from './hash-fields.ts'
import { integer, keyOf, lateOptions, texts } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'

/** `given` is in units of `unit` milliseconds, from 1970 or, when `relative`, from now. */
function expire(
  ks: Keyspace,
  command: string,
  given: Key,
  amount: Integer,
  unit: number,
  relative: boolean,
  fields: readonly Value[],
  options: FieldExpireOptions | undefined,
): FieldExpired[] {
  const key = keyOf(given)
  const hash = ks.modify(key, 'hash')
  const n = integer(amount, unit === 1 ? (relative ? 'ms' : 'time') : relative ? 'seconds' : 'time')
  const when = fieldTime(n, unit, relative ? ks.databases.now() : 0, command)
  const condition = lateOptions(options, true)
  const { nx, xx, gt, lt } = condition
  // Of two words the second stands where FIELDS should.
  if ((nx ? 1 : 0) + (xx ? 1 : 0) + (gt ? 1 : 0) + (lt ? 1 : 0) > 1) throw new ReplyError(lines.fieldsMissing)
  const names = texts(fields, 'fields')
  mayHoldTimes(ks)
  if (hash === undefined) return names.map(() => -2)
  return expireFields(ks, key, hash, names, when, condition)
}

/** When each field expires, from `base` on, in units of `unit` milliseconds, rounded up. */
function times(ks: Keyspace, key: Key, fields: readonly Value[], base: number, unit: number): number[] {
  const hash = ks.read(keyOf(key), 'hash')
  return texts(fields, 'fields').map(name => {
    const time = hash?.time(name)
    if (time === undefined) return -2
    return time === 0 ? -1 : Math.max(Math.ceil((time - Math.floor(base)) / unit), 0)
  })
}

export const hashExpiry: Ops<HashExpiryCommands> = {
  hexpire(ks, key, seconds, fields, options) {
    return expire(ks, 'hexpire', key, seconds, 1000, true, fields, options)
  },
  hpexpire(ks, key, ms, fields, options) {
    return expire(ks, 'hpexpire', key, ms, 1, true, fields, options)
  },
  hexpireat(ks, key, time, fields, options) {
    return expire(ks, 'hexpireat', key, time, 1000, false, fields, options)
  },
  hpexpireat(ks, key, time, fields, options) {
    return expire(ks, 'hpexpireat', key, time, 1, false, fields, options)
  },
  httl(ks, key, fields) {
    return times(ks, key, fields, ks.databases.now(), 1000)
  },
  hpttl(ks, key, fields) {
    return times(ks, key, fields, ks.databases.now(), 1)
  },
  hexpiretime(ks, key, fields) {
    return times(ks, key, fields, 0, 1000)
  },
  hpexpiretime(ks, key, fields) {
    return times(ks, key, fields, 0, 1)
  },
  hpersist(ks, given, fields) {
    const key = keyOf(given)
    const hash = ks.modify(key, 'hash')
    const names = texts(fields, 'fields')
    return hash === undefined ? names.map(() => -2) : persistFields(ks, key, hash, names)
  },
}

export const hashExpiryShapes: Shapes<HashExpiryCommands, HashExpiryCommands<'sync'>, typeof hashExpiry> = {}

export const hashExpiryRest: Rest<HashExpiryCommands> = {
  httl: 1,
  hpttl: 1,
  hexpiretime: 1,
  hpexpiretime: 1,
  hpersist: 1,
}
