import type { End, LMoveMOptions, Popped } from './lists.ts'
import type { ScoredPopped, ScoreEnd } from './sorted-sets.ts'
import type { Key, Mode, Waited, WaitOptions } from './types.ts'

/** An element taken from one of several lists. */
export interface PoppedElement<T = string> {
  /** The list it comes from. */
  readonly key: T
  readonly element: T
}

/** A member taken from one of several sorted sets. */
export interface PoppedMember<T = string> {
  /** The sorted set it comes from. */
  readonly key: T
  readonly member: T
  readonly score: number
}

/**
 * Commands that wait when there is nothing for them. Each is a promise: of a reply, or of null when `timeout` seconds are
 * over. Who waits for a key is served in the order of the calls, at the commit of the write that brings something and
 * before that write returns. Inside a transaction, a batch or a queue nothing waits: the reply is null at once.
 */
export interface BlockingCommands<M extends Mode = 'sync', T = string> {
  /** Removes the first element of the first of the lists that has one, waiting for one. O(1) a list. */
  blpop(keys: Key | readonly Key[], options?: WaitOptions): Waited<M, PoppedElement<T> | null>
  /** Removes the last element of the first of the lists that has one, waiting for one. O(1) a list. */
  brpop(keys: Key | readonly Key[], options?: WaitOptions): Waited<M, PoppedElement<T> | null>
  /** As `lmove`, waiting for an element. O(1). */
  blmove(source: Key, destination: Key, from: End, to: End, options?: WaitOptions): Waited<M, T | null>
  /** As `lmovem`, waiting until there is something to move, or with `exactly` as much as that. O(elements). */
  blmovem(
    source: Key,
    destination: Key,
    from: End,
    to: End,
    options?: WaitOptions & Partial<LMoveMOptions>,
  ): Waited<M, T[] | null>
  /** As `blmove` from `RIGHT` to `LEFT`. O(1). */
  brpoplpush(source: Key, destination: Key, options?: WaitOptions): Waited<M, T | null>
  /** As `lmpop`, waiting for an element. O(count). */
  blmpop(
    keys: readonly Key[],
    end: End,
    options?: WaitOptions & { count?: number | bigint },
  ): Waited<M, Popped<T> | null>
  /** Removes the member with the lowest score of the first of the sorted sets that has one, waiting for one. O(log n). */
  bzpopmin(keys: Key | readonly Key[], options?: WaitOptions): Waited<M, PoppedMember<T> | null>
  /** Removes the member with the highest score of the first of the sorted sets that has one, waiting for one. O(log n). */
  bzpopmax(keys: Key | readonly Key[], options?: WaitOptions): Waited<M, PoppedMember<T> | null>
  /** As `zmpop`, waiting for a member. O(count log n). */
  bzmpop(
    keys: readonly Key[],
    end: ScoreEnd,
    options?: WaitOptions & { count?: number | bigint },
  ): Waited<M, ScoredPopped<T> | null>
}
