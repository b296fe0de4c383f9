import type { AtMostOne, Integer, Key, Mode, Pairs, Reply, Times, Value } from './types.ts'

/** Conditions on the value that a key has. */
export interface ValueConditions {
  /** The value is this one. */
  ifeq: Value
  /** The value is not this one, or there is none. */
  ifne: Value
  /** The value has this digest (see `digest`). */
  ifdeq: string
  /** The value has not this digest, or there is none. */
  ifdne: string
}

/** When a value expires that is set; `keepttl` leaves that as it is. Without any of them it never does. */
export type SetExpiry = AtMostOne<Times & { keepttl: boolean }>

export type SetCondition = AtMostOne<
  {
    /** Only when the key is absent. */
    nx: boolean
    /** Only when the key is there. */
    xx: boolean
  } & ValueConditions
>

export type SetOptions = SetExpiry &
  SetCondition & {
    /** Answer the value that the key had. */
    get?: boolean
  }

/** Neither a condition nor `get`. */
type Unconditional = { get?: false; nx?: false; xx?: false } & { [K in keyof ValueConditions]?: undefined }

export type MSetExOptions = SetExpiry & AtMostOne<{ nx: boolean; xx: boolean }>

/** When a key expires from now on; `persist` makes it never expire. */
export type GetExOptions = AtMostOne<Times & { persist: boolean }>

/** One of the conditions, or none: then the key goes whatever it holds. */
export type DelExCondition = AtMostOne<ValueConditions>

export type IncrExOptions = GetExOptions &
  AtMostOne<{
    /** Add this integer, 1 if not given. */
    byint: Integer
    /** Add this number; text takes more digits than a number has. */
    byfloat: number | string
  }> & {
    /** The least that the result may be. */
    lbound?: Integer | string
    /** The most that the result may be. */
    ubound?: Integer | string
    /** Stop at the bound instead of refusing to go beyond it. */
    saturate?: boolean
    /** Leave the expiry time alone when there is one. */
    enx?: boolean
  }

/** A stretch that two strings have in common, first and last byte in each. */
export interface LcsMatch {
  readonly a: readonly [first: number, last: number]
  readonly b: readonly [first: number, last: number]
  /** How many bytes, when asked for by `withmatchlen`. */
  readonly len?: number
}

export interface LcsMatches {
  /** From the end of the strings to their beginning. */
  readonly matches: readonly LcsMatch[]
  /** How many bytes the whole subsequence has. */
  readonly len: number
}

export interface LcsOptions {
  /** Answer the length alone. */
  len?: boolean
  /** Answer where the strings match. */
  idx?: boolean
  /** With `idx`: leave out shorter matches. */
  minmatchlen?: Integer
  /** With `idx`: say how long each match is. */
  withmatchlen?: boolean
}

/** Commands on strings. Lengths and offsets count bytes. */
export interface StringCommands<M extends Mode = 'sync', T = string> {
  /**
   * Sets the value of `key`, whatever it held, and drops its expiry time unless told otherwise. With a condition: null
   * when it does not hold, and nothing has changed. With `get`: the old value, null when there was none. O(1).
   */
  set(key: Key, value: Value, options?: SetExpiry & Unconditional): Reply<M, 'OK'>
  set(key: Key, value: Value, options: SetOptions & { get?: false }): Reply<M, 'OK' | null>
  set(key: Key, value: Value, options: SetOptions & { get: true }): Reply<M, T | null>
  set(key: Key, value: Value, options?: SetOptions): Reply<M, 'OK' | T | null>
  /** The value of `key`, null when absent. O(1). */
  get(key: Key): Reply<M, T | null>
  /** As `set`, and returns the old value, null when absent. O(1). */
  getset(key: Key, value: Value): Reply<M, T | null>
  /** The value of `key`, which is removed; null when absent. O(1). */
  getdel(key: Key): Reply<M, T | null>
  /** The value of `key`, null when absent, and sets or drops its expiry time; a time in the past removes it. O(1). */
  getex(key: Key, options?: GetExOptions): Reply<M, T | null>
  /** Sets the value of `key` unless it is there; true when it was set. O(1). */
  setnx(key: Key, value: Value): Reply<M, boolean>
  /** As `set` with `ex`. O(1). */
  setex(key: Key, seconds: Integer, value: Value): Reply<M, 'OK'>
  /** As `set` with `px`. O(1). */
  psetex(key: Key, milliseconds: Integer, value: Value): Reply<M, 'OK'>
  /** Sets many keys at once: `mset({ a: 1, b: 2 })`. O(1) each. */
  mset(pairs: Pairs): Reply<M, 'OK'>
  /** Sets many keys unless one of them is there; true when they were set. O(1) each. */
  msetnx(pairs: Pairs): Reply<M, boolean>
  /**
   * Sets many keys and when they expire, all or none of them: `nx` and `xx` are conditions on every key. True when they
   * were set. O(1) each.
   */
  msetex(pairs: Pairs, options?: MSetExOptions): Reply<M, boolean>
  /** The values of keys in the order asked for, null for each that is absent or no string. O(1) each. */
  mget(...keys: Key[]): Reply<M, (T | null)[]>
  mget(keys: readonly Key[]): Reply<M, (T | null)[]>
  /** Adds to the end of the value, absent counting as empty; returns the new length. O(length of `value`) amortised. */
  append(key: Key, value: Value): Reply<M, number>
  /** How many bytes the value has, 0 when absent. O(1), O(n) for text beyond ASCII. */
  strlen(key: Key): Reply<M, number>
  /** The bytes from `start` to `end`, both included; negative offsets count from the end. O(n). */
  getrange(key: Key, start: Integer, end: Integer): Reply<M, T>
  /** `getrange` by its old name. O(n). */
  substr(key: Key, start: Integer, end: Integer): Reply<M, T>
  /** Overwrites bytes from `offset` on, after zero bytes where there were none; returns the new length. O(n). */
  setrange(key: Key, offset: Integer, value: Value): Reply<M, number>
  /**
   * Adds one to the integer in `key`, absent counting as 0, and returns the result. Throws a `RangeError` and changes
   * nothing when the result is not a safe integer. O(1).
   */
  incr(key: Key): Reply<M, number>
  /** As `incr`, but takes one away. O(1). */
  decr(key: Key): Reply<M, number>
  /** As `incr`, but adds `increment`; for results beyond 2^53 pass a bigint to get a bigint. O(1). */
  incrby(key: Key, increment: bigint): Reply<M, bigint>
  incrby(key: Key, increment: number): Reply<M, number>
  incrby(key: Key, increment: Integer): Reply<M, Integer>
  /** As `incrby`, but takes `decrement` away. O(1). */
  decrby(key: Key, decrement: bigint): Reply<M, bigint>
  decrby(key: Key, decrement: number): Reply<M, number>
  decrby(key: Key, decrement: Integer): Reply<M, Integer>
  /**
   * Adds to the number in `key`, absent counting as 0, and returns the result. Computed with 64 bits of precision and
   * kept with 17 decimals, so that 0.1 and 0.2 make 0.3; text takes an increment with more digits than a number has. O(1).
   */
  incrbyfloat(key: Key, increment: number | string): Reply<M, number>
  /**
   * Adds to the number in `key`, absent counting as 0, within bounds, and sets when the key expires; returns the result
   * and what was added. A result out of bounds changes nothing and answers the old value and 0, or is moved to the bound
   * by `saturate`. One call makes a rate limit: `increx(key, { ubound: 100, ex: 60, enx: true })`. O(1).
   */
  increx(key: Key, options: IncrExOptions & { byint: bigint }): Reply<M, [value: bigint, added: bigint]>
  increx(key: Key, options?: IncrExOptions & { byint?: number }): Reply<M, [value: number, added: number]>
  increx(key: Key, options?: IncrExOptions): Reply<M, [value: Integer, added: Integer]>
  /**
   * The longest subsequence of bytes that two strings have in common, its length (`len`), or where it lies in them
   * (`idx`). O(n × m), refused when that is beyond 2^27.
   */
  lcs(a: Key, b: Key, options: LcsOptions & { idx: true }): Reply<M, LcsMatches>
  lcs(a: Key, b: Key, options: LcsOptions & { len: true }): Reply<M, number>
  lcs(a: Key, b: Key, options?: LcsOptions & { idx?: false; len?: false }): Reply<M, T>
  lcs(a: Key, b: Key, options?: LcsOptions): Reply<M, T | number | LcsMatches>
  /** The XXH3 hash of the value, 16 hexadecimal digits; null when absent. O(n). */
  digest(key: Key): Reply<M, T | null>
  /** Removes `key` if the condition on its value holds; true when it was removed. O(1), O(n) by digest. */
  delex(key: Key, condition?: DelExCondition): Reply<M, boolean>
}
