import type { AtMostOne, Key, Mode, Pairs, Reply, ScanOptions, TextMap, Times, Value } from './types.ts'

/** On which condition fields are set. */
type HSetCondition = AtMostOne<{
  /** Only when the hash has none of the fields. */
  fnx: boolean
  /** Only when the hash has all of the fields. */
  fxx: boolean
}>

export type HSetExOptions = HSetCondition &
  AtMostOne<
    Times & {
      /** Keep the expiry times of fields that have one. */
      keepttl: boolean
    }
  >

export type HGetExOptions = AtMostOne<
  Times & {
    /** Take the expiry times of the fields away. */
    persist: boolean
  }
>

/** One step of `hscan`. */
export interface HashScan<T = string> {
  /** For the next call; '0' when all fields have been seen. */
  readonly cursor: string
  readonly entries: [field: T, value: T][]
}

/** One step of `hscan` with `novalues`. */
export interface FieldScan<T = string> {
  /** For the next call; '0' when all fields have been seen. */
  readonly cursor: string
  readonly fields: T[]
}

/** Commands on hashes. */
export interface HashCommands<M extends Mode = 'sync', T = string> {
  /** Sets fields; returns how many were new. A field that was there loses its expiry time. O(1) each. */
  hset(key: Key, field: Value, value: Value): Reply<M, number>
  hset(key: Key, fields: Pairs): Reply<M, number>
  hset(key: Key, field: Value | Pairs, value?: Value): Reply<M, number>
  /** Sets fields. O(1) each. `hset` does the same and says how many were new. */
  hmset(key: Key, field: Value, value: Value): Reply<M, 'OK'>
  hmset(key: Key, fields: Pairs): Reply<M, 'OK'>
  hmset(key: Key, field: Value | Pairs, value?: Value): Reply<M, 'OK'>
  /** Sets a field unless the hash has it; true when it was set. O(1). */
  hsetnx(key: Key, field: Value, value: Value): Reply<M, boolean>
  /**
   * Sets fields, all or none of them: `fnx` and `fxx` are conditions on every field. True when they were set. They get the
   * expiry time of the options, without one they lose theirs; fields whose time is not in the future go at once. O(1) each.
   */
  hsetex(key: Key, fields: Pairs, options?: HSetExOptions): Reply<M, boolean>
  /** The value of a field, null when the hash has no such field. O(1). */
  hget(key: Key, field: Value): Reply<M, T | null>
  /** The values of fields in the order asked for, null for each that the hash has not. O(1) each. */
  hmget(key: Key, ...fields: Value[]): Reply<M, (T | null)[]>
  hmget(key: Key, fields: readonly Value[]): Reply<M, (T | null)[]>
  /**
   * As `hmget`, and gives the fields an expiry time, or takes it away with `persist`. Fields whose time is not in the future
   * go at once. O(1) each.
   */
  hgetex(key: Key, fields: readonly Value[], options?: HGetExOptions): Reply<M, (T | null)[]>
  /** As `hmget`, and removes the fields; a hash without fields goes. O(1) each. */
  hgetdel(key: Key, ...fields: Value[]): Reply<M, (T | null)[]>
  hgetdel(key: Key, fields: readonly Value[]): Reply<M, (T | null)[]>
  /** All fields with their values; empty when `key` is absent. `pairs` gives a list in stored order. O(n). */
  hgetall(key: Key, options: { pairs: true }): Reply<M, [field: T, value: T][]>
  hgetall(key: Key, options?: { pairs?: false }): Reply<M, TextMap<T>>
  hgetall(key: Key, options?: { pairs?: boolean }): Reply<M, TextMap<T> | [field: T, value: T][]>
  /** Removes fields; returns how many there were. A hash without fields goes. O(1) each. */
  hdel(key: Key, ...fields: Value[]): Reply<M, number>
  hdel(key: Key, fields: readonly Value[]): Reply<M, number>
  /** True when the hash has the field. O(1). */
  hexists(key: Key, field: Value): Reply<M, boolean>
  /** How many fields the hash has, 0 when `key` is absent. O(1). */
  hlen(key: Key): Reply<M, number>
  /** How many bytes the value of a field has, 0 when there is none. O(length). */
  hstrlen(key: Key, field: Value): Reply<M, number>
  /** All fields, in the order of `hvals`. O(n). */
  hkeys(key: Key): Reply<M, T[]>
  /** All values, in the order of `hkeys`. O(n). */
  hvals(key: Key): Reply<M, T[]>
  /**
   * Adds to the integer in a field, absent counting as 0, and returns the result. It keeps its expiry time. Throws a `RangeError` and changes
   * nothing when the result is not a safe integer: pass a bigint to get a bigint. O(1).
   */
  hincrby(key: Key, field: Value, increment: bigint): Reply<M, bigint>
  hincrby(key: Key, field: Value, increment: number): Reply<M, number>
  hincrby(key: Key, field: Value, increment: number | bigint): Reply<M, number | bigint>
  /**
   * Adds to the number in a field, absent counting as 0, and returns the result. Computed with 64 bits of precision and
   * kept with 17 decimals, so that 0.1 and 0.2 make 0.3; text takes an increment with more digits than a number has. O(1).
   */
  hincrbyfloat(key: Key, field: Value, increment: number | string): Reply<M, number>
  /**
   * A field chosen at random, null when `key` is absent; with `count` a list of as many different fields (fewer when the
   * hash has no more), with a negative one of `-count` that may repeat; `withvalues` gives `[field, value]` each.
   * O(count), and O(n) when most of the hash is asked for.
   */
  hrandfield(key: Key): Reply<M, T | null>
  hrandfield(key: Key, count: number, options: { withvalues: true }): Reply<M, [field: T, value: T][]>
  hrandfield(key: Key, count: number, options?: { withvalues?: false }): Reply<M, T[]>
  hrandfield(
    key: Key,
    count?: number | bigint,
    options?: { withvalues?: boolean },
  ): Reply<M, T | null | T[] | [field: T, value: T][]>
  /**
   * Some of the fields, and the cursor to go on from: start with '0', end when '0' comes back. A field that is there from
   * the first step to the last comes at least once; with `novalues` fields come alone. O(count).
   */
  hscan(key: Key, cursor: string | number, options: ScanOptions & { novalues: true }): Reply<M, FieldScan<T>>
  hscan(key: Key, cursor: string | number, options?: ScanOptions & { novalues?: false }): Reply<M, HashScan<T>>
  hscan(
    key: Key,
    cursor: string | number,
    options?: ScanOptions & { novalues?: boolean },
  ): Reply<M, HashScan<T> | FieldScan<T>>
}
