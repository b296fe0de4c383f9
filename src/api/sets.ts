import type { Key, Mode, Reply, ScanOptions, Value } from './types.ts'

/** How far to count. */
export interface CardOptions {
  /** Count no further than this; 0, as when not given, is without end. */
  limit?: number | bigint
}

/** One step of a scan over a set. */
export interface SetScan<T = string> {
  /** Where the next step begins; '0' after the last one. */
  readonly cursor: string
  readonly members: T[]
}

/** Commands on sets. An absent key is an empty set. */
export interface SetCommands<M extends Mode = 'sync', T = string> {
  /** Adds members; returns how many were new. O(1) each. */
  sadd(key: Key, ...members: Value[]): Reply<M, number>
  sadd(key: Key, members: readonly Value[]): Reply<M, number>
  /** Removes members; returns how many there were. O(1) each. */
  srem(key: Key, ...members: Value[]): Reply<M, number>
  srem(key: Key, members: readonly Value[]): Reply<M, number>
  /** How many members the set has. O(1). */
  scard(key: Key): Reply<M, number>
  /** Whether the set holds `member`. O(1). */
  sismember(key: Key, member: Value): Reply<M, boolean>
  /** Whether the set holds them, for each of the members. O(1) each. */
  smismember(key: Key, ...members: Value[]): Reply<M, boolean[]>
  smismember(key: Key, members: readonly Value[]): Reply<M, boolean[]>
  /** All members, in no order. O(n). */
  smembers(key: Key): Reply<M, T[]>
  /** Moves `member` from one set to the other; false when `source` did not hold it. O(1). */
  smove(source: Key, destination: Key, member: Value): Reply<M, boolean>
  /**
   * Removes and returns a member chosen at random, null when there is none; with `count` a list of up to so many. O(1)
   * each.
   */
  spop(key: Key): Reply<M, T | null>
  spop(key: Key, count: number | bigint): Reply<M, T[]>
  spop(key: Key, count?: number | bigint): Reply<M, T | null | T[]>
  /**
   * A member chosen at random, null when there is none; with `count` a list of up to so many different members, with a
   * negative one of `-count` that may repeat. O(count), and O(n) when most of the set is asked for.
   */
  srandmember(key: Key): Reply<M, T | null>
  srandmember(key: Key, count: number | bigint): Reply<M, T[]>
  srandmember(key: Key, count?: number | bigint): Reply<M, T | null | T[]>
  /** The members that all sets hold, in no order. O(size of the smallest × number of sets). */
  sinter(...keys: Key[]): Reply<M, T[]>
  sinter(keys: readonly Key[]): Reply<M, T[]>
  /** The members that any of the sets holds, in no order. O(all members). */
  sunion(...keys: Key[]): Reply<M, T[]>
  sunion(keys: readonly Key[]): Reply<M, T[]>
  /** The members of the first set that none of the others holds, in no order. O(all members) at most. */
  sdiff(...keys: Key[]): Reply<M, T[]>
  sdiff(keys: readonly Key[]): Reply<M, T[]>
  /**
   * Puts what `sinter` gives into `destination`, whatever it held; returns the size. An empty result removes the key. O(all
   * members) at most.
   */
  sinterstore(destination: Key, ...keys: Key[]): Reply<M, number>
  sinterstore(destination: Key, keys: readonly Key[]): Reply<M, number>
  /**
   * Puts what `sunion` gives into `destination`, whatever it held; returns the size. An empty result removes the key. O(all
   * members) at most.
   */
  sunionstore(destination: Key, ...keys: Key[]): Reply<M, number>
  sunionstore(destination: Key, keys: readonly Key[]): Reply<M, number>
  /**
   * Puts what `sdiff` gives into `destination`, whatever it held; returns the size. An empty result removes the key. O(all
   * members) at most.
   */
  sdiffstore(destination: Key, ...keys: Key[]): Reply<M, number>
  sdiffstore(destination: Key, keys: readonly Key[]): Reply<M, number>
  /** How many members all sets hold. O(size of the smallest × number of sets). */
  sintercard(keys: readonly Key[], options?: CardOptions): Reply<M, number>
  /** How many different members the sets hold; `approx` permits an estimate, which is not made use of. O(all members). */
  sunioncard(keys: readonly Key[], options?: CardOptions & { approx?: boolean }): Reply<M, number>
  /** How many members of the first set none of the others holds. O(all members) at most. */
  sdiffcard(keys: readonly Key[], options?: CardOptions): Reply<M, number>
  /**
   * Some of the members, and the cursor to go on from: start with '0', end when '0' comes back. A member that is there
   * from the first step to the last comes at least once. O(count).
   */
  sscan(key: Key, cursor: string | number, options?: ScanOptions): Reply<M, SetScan<T>>
}
