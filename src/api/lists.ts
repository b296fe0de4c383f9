import type { Integer, Key, Mode, Reply, Value } from './types.ts'

/** An end of a list. */
export type End = 'LEFT' | 'RIGHT' | 'left' | 'right'

/** A side of an element. */
export type Side = 'BEFORE' | 'AFTER' | 'before' | 'after'

export interface LPosOptions {
  /** Which match to begin with: 1 (the default) is the first one, -1 the last one, going towards the front. */
  rank?: number | bigint
  /** How many elements to compare at most; 0 is all of them. */
  maxlen?: number | bigint
}

/** Elements taken from one of several lists. */
export interface Popped<T = string> {
  /** The list they come from. */
  readonly key: T
  readonly elements: T[]
}

/** How many elements `lmovem` moves, and how they stand in the other list. */
export type LMoveMOptions = (
  | { /** Up to so many. */ count: Integer; exactly?: undefined }
  | { count?: undefined /** So many or none. */; exactly: Integer }
) &
  (
    | {
        /** As if one after the other was moved: from one end to the same end they are reversed. */ obo: true
        bulk?: false
      }
    | { obo?: false /** In the order that they had. */; bulk: true }
  )

/** Commands on lists. An index counts from 0 at the front, or from -1 at the end. */
export interface ListCommands<M extends Mode = 'sync', T = string> {
  /** Adds elements at the front, one after the other, so that the last one comes first; returns the length. O(1) each. */
  lpush(key: Key, ...elements: Value[]): Reply<M, number>
  lpush(key: Key, elements: readonly Value[]): Reply<M, number>
  /** Adds elements at the end; returns the length. O(1) each. */
  rpush(key: Key, ...elements: Value[]): Reply<M, number>
  rpush(key: Key, elements: readonly Value[]): Reply<M, number>
  /** As `lpush`, but an absent list stays absent, and 0 is returned. O(1) each. */
  lpushx(key: Key, ...elements: Value[]): Reply<M, number>
  lpushx(key: Key, elements: readonly Value[]): Reply<M, number>
  /** As `rpush`, but an absent list stays absent, and 0 is returned. O(1) each. */
  rpushx(key: Key, ...elements: Value[]): Reply<M, number>
  rpushx(key: Key, elements: readonly Value[]): Reply<M, number>
  /** Removes and returns the first element, with `count` a list of up to so many; null when `key` is absent. O(1) each. */
  lpop(key: Key): Reply<M, T | null>
  lpop(key: Key, count: number): Reply<M, T[] | null>
  lpop(key: Key, count?: number | bigint): Reply<M, T | T[] | null>
  /** Removes and returns the last element, with `count` a list of up to so many, the last one first. O(1) each. */
  rpop(key: Key): Reply<M, T | null>
  rpop(key: Key, count: number): Reply<M, T[] | null>
  rpop(key: Key, count?: number | bigint): Reply<M, T | T[] | null>
  /** Takes one element, or up to `count`, from an end of the first list that has any; null when none has. O(count). */
  lmpop(keys: readonly Key[], end: End, options?: { count?: number | bigint }): Reply<M, Popped<T> | null>
  /** Moves an element from the `from` end of one list to the `to` end of another; returns it, null when there is none. O(1). */
  lmove(source: Key, destination: Key, from: End, to: End): Reply<M, T | null>
  /**
   * Moves several elements from the `from` end of one list to the `to` end of another, one without options; returns them in
   * the order that they have there, null when the source is absent or holds fewer than `exactly`. O(elements).
   */
  lmovem(source: Key, destination: Key, from: End, to: End, options?: LMoveMOptions): Reply<M, T[] | null>
  /** As `lmove` from `RIGHT` to `LEFT`. O(1). */
  rpoplpush(source: Key, destination: Key): Reply<M, T | null>
  /** The length of the list, 0 when `key` is absent. O(1). */
  llen(key: Key): Reply<M, number>
  /** The element at an index, null when there is none. O(log n). */
  lindex(key: Key, index: number | bigint): Reply<M, T | null>
  /** Overwrites the element at an index. Throws when `key` or the index is not there. O(log n). */
  lset(key: Key, index: number | bigint, element: Value): Reply<M, 'OK'>
  /** Inserts beside the first element equal to `pivot`; returns the length, -1 without pivot, 0 when `key` is absent. O(n). */
  linsert(key: Key, side: Side, pivot: Value, element: Value): Reply<M, number>
  /** The elements from `start` to `stop`, both included; indices beyond the ends mean the ends. O(log n) + O(elements). */
  lrange(key: Key, start: number | bigint, stop: number | bigint): Reply<M, T[]>
  /** Removes the first `count` elements equal to `element`, the last `-count`, or all for 0; returns how many. O(n). */
  lrem(key: Key, count: number | bigint, element: Value): Reply<M, number>
  /** Removes all but the elements from `start` to `stop`, both included; a list without elements goes. O(log n). */
  ltrim(key: Key, start: number | bigint, stop: number | bigint): Reply<M, 'OK'>
  /**
   * The index of an element equal to `element`, null when there is none. With `count` the indices of up to so many, of
   * all with 0, in the order they were found. O(n).
   */
  lpos(key: Key, element: Value, options: LPosOptions & { count: number | bigint }): Reply<M, number[]>
  lpos(key: Key, element: Value, options?: LPosOptions & { count?: undefined }): Reply<M, number | null>
  lpos(
    key: Key,
    element: Value,
    options?: LPosOptions & { count?: number | bigint },
  ): Reply<M, number | number[] | null>
}
