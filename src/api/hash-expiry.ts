import type { AtMostOne, Integer, Key, Mode, Reply, Value } from './types.ts'

/** On which condition a field gets an expiry time. No expiry time counts as later than any. */
export type FieldExpireOptions = AtMostOne<{
  /** Only when the field has no expiry time. */
  nx: boolean
  /** Only when the field has an expiry time. */
  xx: boolean
  /** Only when the new time is later. */
  gt: boolean
  /** Only when the new time is earlier. */
  lt: boolean
}>

/**
 * What became of a field that was to get an expiry time: -2 when the hash has no such field, 0 when the condition does not
 * hold, 1 when the time was set, 2 when it was not in the future, so that the field is removed.
 */
export type FieldExpired = -2 | 0 | 1 | 2

/** What became of a field that was to lose its expiry time: -2 when the hash has no such field, -1 when it had none, 1 when it had. */
export type FieldPersisted = -2 | -1 | 1

/**
 * Commands on the expiry time of the fields of a hash. A field is gone when the clock is past its time, by every way of
 * looking, and a hash without fields is gone too. Setting the field again takes its time away, adding to its number does
 * not. No time is later than the year 4199.
 */
export interface HashExpiryCommands<M extends Mode = 'sync'> {
  /** Removes fields after `seconds`; for each what became of it: -2, 0, 1 or 2, see `FieldExpired`. O(1) each. */
  hexpire(key: Key, seconds: Integer, fields: readonly Value[], options?: FieldExpireOptions): Reply<M, FieldExpired[]>
  /** As `hexpire`, in milliseconds. O(1) each. */
  hpexpire(key: Key, ms: Integer, fields: readonly Value[], options?: FieldExpireOptions): Reply<M, FieldExpired[]>
  /** As `hexpire`, at a moment in seconds since 1970. O(1) each. */
  hexpireat(key: Key, time: Integer, fields: readonly Value[], options?: FieldExpireOptions): Reply<M, FieldExpired[]>
  /** As `hexpire`, at a moment in milliseconds since 1970, as `Date.now()` counts. O(1) each. */
  hpexpireat(key: Key, time: Integer, fields: readonly Value[], options?: FieldExpireOptions): Reply<M, FieldExpired[]>
  /** Seconds left for each field, rounded up; -1 when it does not expire, -2 when the hash has no such field. O(1) each. */
  httl(key: Key, ...fields: Value[]): Reply<M, number[]>
  httl(key: Key, fields: readonly Value[]): Reply<M, number[]>
  /** As `httl`, in milliseconds. O(1) each. */
  hpttl(key: Key, ...fields: Value[]): Reply<M, number[]>
  hpttl(key: Key, fields: readonly Value[]): Reply<M, number[]>
  /**
   * When each field expires, in seconds since 1970, rounded up; -1 when it does not, -2 when the hash has no such field.
   * O(1) each.
   */
  hexpiretime(key: Key, ...fields: Value[]): Reply<M, number[]>
  hexpiretime(key: Key, fields: readonly Value[]): Reply<M, number[]>
  /** As `hexpiretime`, in milliseconds. O(1) each. */
  hpexpiretime(key: Key, ...fields: Value[]): Reply<M, number[]>
  hpexpiretime(key: Key, fields: readonly Value[]): Reply<M, number[]>
  /** Takes the expiry time of fields away; for each what became of it: -2, -1 or 1, see `FieldPersisted`. O(1) each. */
  hpersist(key: Key, ...fields: Value[]): Reply<M, FieldPersisted[]>
  hpersist(key: Key, fields: readonly Value[]): Reply<M, FieldPersisted[]>
}
