import type { Integer, Key, Mode, Reply } from './types.ts'

/** What the ends of a range count. */
export type BitUnit = 'BYTE' | 'BIT'

/**
 * How the bits of several strings make those of one. With X for the first and Y for all others together, by or:
 * `DIFF` is X and not Y, `DIFF1` is Y and not X, `ANDOR` is X and Y; `ONE` is set where exactly one of all is.
 */
export type BitOperation = 'AND' | 'OR' | 'XOR' | 'NOT' | 'DIFF' | 'DIFF1' | 'ANDOR' | 'ONE'

/** The type of a field: `u1` to `u63`, `i1` to `i64`. */
export type BitfieldType = `u${number}` | `i${number}`

/** Where a field begins: at a bit, or with `#` so many fields of the same type after the first. */
export type BitOffset = Integer | `#${number}`

/** What becomes of a result that does not fit: its low bits, the nearest value that fits, or nothing at all. */
export type BitOverflow = 'WRAP' | 'SAT' | 'FAIL'

/** Answers the value of a field. */
export interface BitfieldGet {
  readonly get: BitfieldType
  readonly offset: BitOffset
  /** Answer a bigint. */
  readonly bigint?: boolean
}

/** Overwrites a field and answers its old value: a bigint when `value` is one. */
export interface BitfieldSet {
  readonly set: BitfieldType
  readonly offset: BitOffset
  readonly value: Integer
  /** `WRAP` if not given. */
  readonly overflow?: BitOverflow
}

/** Adds to a field and answers its new value: a bigint when `by` is one. */
export interface BitfieldIncrBy {
  readonly incrby: BitfieldType
  readonly offset: BitOffset
  readonly by: Integer
  /** `WRAP` if not given. */
  readonly overflow?: BitOverflow
}

export type BitfieldOperation = BitfieldGet | BitfieldSet | BitfieldIncrBy

type Same<N> = N extends bigint ? bigint : number

/** What one operation answers. */
export type BitfieldResult<O> =
  | (O extends { readonly get: unknown }
      ? O extends { readonly bigint: infer B }
        ? B extends true
          ? bigint
          : number
        : number
      : O extends { readonly value: infer N } | { readonly by: infer N }
        ? Same<N>
        : never)
  | (O extends { readonly overflow: infer P } ? ('FAIL' extends P ? null : never) : never)

/** What a list of operations answers, each in its place. */
export type BitfieldResults<O extends readonly BitfieldOperation[]> = {
  -readonly [I in keyof O]: BitfieldResult<O[I]>
}

/** Commands on the bits of strings. Bit 0 is the most significant bit of the first byte; an absent key has no bits. */
export interface BitmapCommands<M extends Mode = 'sync'> {
  /**
   * Sets or clears the bit at `offset`, after zero bytes where there were none; returns what it was. Offsets go up to
   * 2^32 - 1, which makes a string of 512 MB. O(1), O(offset) when the string grows.
   */
  setbit(key: Key, offset: Integer, bit: 0 | 1): Reply<M, number>
  /** The bit at `offset`, 0 behind the end. O(1), O(n) for text. */
  getbit(key: Key, offset: Integer): Reply<M, number>
  /** How many bits are set, from `start` to `end`, both included; negative ends count from the last. O(n). */
  bitcount(key: Key): Reply<M, number>
  bitcount(key: Key, start: Integer, end: Integer, unit?: BitUnit): Reply<M, number>
  bitcount(key: Key, start?: Integer, end?: Integer, unit?: BitUnit): Reply<M, number>
  /**
   * Where the first bit stands that is `bit`, from `start` to `end`, both included; -1 when there is none. A 0 that is
   * looked for without an `end` is found behind the last bit at the latest, unless the range is empty. O(n).
   */
  bitpos(key: Key, bit: 0 | 1): Reply<M, number>
  bitpos(key: Key, bit: 0 | 1, start: Integer): Reply<M, number>
  bitpos(key: Key, bit: 0 | 1, start: Integer, end: Integer, unit?: BitUnit): Reply<M, number>
  bitpos(key: Key, bit: 0 | 1, start?: Integer, end?: Integer, unit?: BitUnit): Reply<M, number>
  /**
   * Combines strings bit by bit into `destination`, whatever it held; returns its length in bytes. Shorter strings count
   * as followed by zeros; when all are empty, the key goes. `NOT` takes one key. O(n) each.
   */
  bitop(operation: BitOperation, destination: Key, ...keys: Key[]): Reply<M, number>
  bitop(operation: BitOperation, destination: Key, keys: readonly Key[]): Reply<M, number>
  /**
   * Reads and changes integers of any width within the bits, one operation after the other; answers one result for
   * each, null where `overflow: 'FAIL'` kept it from being done. Numbers are answered unless an operation has a bigint
   * or asks for one; a `RangeError` says, before anything has changed, that one is beyond 2^53. O(1) each.
   *
   *     store.bitfield('k', [{ incrby: 'u8', offset: '#1', by: 10, overflow: 'SAT' }, { get: 'i64', offset: 0, bigint: true }])
   */
  bitfield<const O extends readonly BitfieldOperation[]>(key: Key, operations: O): Reply<M, BitfieldResults<O>>
  bitfield(key: Key, operations: readonly BitfieldOperation[]): Reply<M, (Integer | null)[]>
  /** As `bitfield`, for reading alone. O(1) each. */
  bitfield_ro<const O extends readonly BitfieldGet[]>(key: Key, operations: O): Reply<M, BitfieldResults<O>>
  bitfield_ro(key: Key, operations: readonly BitfieldGet[]): Reply<M, (Integer | null)[]>
}
