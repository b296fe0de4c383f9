import type { Key, Mode, Reply, ScanOptions, Scored, Value } from './types.ts'

/** Members with their scores, in any of the shapes that programs have them in. */
export type ScoredMembers =
  | readonly { readonly member: Value; readonly score: number }[]
  | Readonly<Record<string, number>>

/** Which members `zadd` may touch; conditions that contradict each other exclude each other. */
type Conditions =
  | { /** Only add new members. */ nx?: boolean; xx?: false; gt?: false; lt?: false }
  | {
      /** Only update members that exist. */ xx?: boolean
      nx?: false /** Only update upwards. */
      gt?: boolean
      lt?: false
    }
  | { xx?: boolean; nx?: false; gt?: false /** Only update downwards; new members are added. */; lt?: boolean }

export type ZAddOptions = Conditions & {
  /** Count changed members, not only new ones. */
  ch?: boolean
  incr?: false
}
export type ZIncrOptions = Conditions & {
  ch?: boolean
  /** Add to the score, as `zincrby`: the reply is the new score, or null when a condition held the command back. */
  incr: true
}

/** A score that bounds a range: a number, or text: `'(1.5'` leaves 1.5 itself out, `'-inf'` and `'+inf'` are the ends. */
export type ScoreBound = number | string
/** A member that bounds a range: `'[a'` with `a` itself, `'(a'` without it; `'-'` and `'+'` are the ends. */
export type LexBound = string | Uint8Array

/** The part of a range: skip `offset` members and take up to `count`, all for a negative one. */
export interface RangeLimit {
  offset: number | bigint
  count: number | bigint
}

/** The rank of a member with its score. */
export interface Ranked {
  readonly rank: number
  readonly score: number
}

/** Members taken from one of several sorted sets. */
export interface ScoredPopped<T = string> {
  /** The sorted set they come from. */
  readonly key: T
  readonly members: Scored<T>[]
}

/** One step of a scan over a sorted set. */
export interface SortedSetScan<T = string> {
  /** Where the next step begins; '0' after the last one. */
  readonly cursor: string
  readonly members: Scored<T>[]
}

/** An end of a sorted set. */
export type ScoreEnd = 'MIN' | 'MAX' | 'min' | 'max'

/** Commands on the members of a sorted set. An absent key is an empty sorted set. */
export interface SortedSetMemberCommands<M extends Mode = 'sync', T = string> {
  /** Adds members or updates their scores; returns how many were new (with `ch`: new or changed). O(log n) each. */
  zadd(key: Key, score: number, member: Value, options?: ZAddOptions): Reply<M, number>
  zadd(key: Key, members: ScoredMembers, options?: ZAddOptions): Reply<M, number>
  zadd(key: Key, score: number, member: Value, options: ZIncrOptions): Reply<M, number | null>
  zadd(key: Key, members: ScoredMembers, options: ZIncrOptions): Reply<M, number | null>
  zadd(
    key: Key,
    members: number | ScoredMembers,
    member?: Value | ZAddOptions | ZIncrOptions,
    options?: ZAddOptions | ZIncrOptions,
  ): Reply<M, number | null>
  /** Adds to the score of `member`, absent counting as 0, and returns the sum. O(log n). */
  zincrby(key: Key, increment: number, member: Value): Reply<M, number>
  /** Removes members; returns how many there were. O(log n) each. */
  zrem(key: Key, ...members: Value[]): Reply<M, number>
  zrem(key: Key, members: readonly Value[]): Reply<M, number>
  /** How many members there are. O(1). */
  zcard(key: Key): Reply<M, number>
  /** The score of `member`, null when it is absent. O(1). */
  zscore(key: Key, member: Value): Reply<M, number | null>
  /** The score of each member, null for absent ones. O(1) each. */
  zmscore(key: Key, ...members: Value[]): Reply<M, (number | null)[]>
  zmscore(key: Key, members: readonly Value[]): Reply<M, (number | null)[]>
  /** How many members come before `member`, null when it is absent; `withscore` gives its score too. O(log n). */
  zrank(key: Key, member: Value): Reply<M, number | null>
  zrank(key: Key, member: Value, options: { withscore: true }): Reply<M, Ranked | null>
  zrank(key: Key, member: Value, options?: { withscore?: boolean }): Reply<M, number | null | Ranked>
  /** How many members come after `member`, null when it is absent; `withscore` gives its score too. O(log n). */
  zrevrank(key: Key, member: Value): Reply<M, number | null>
  zrevrank(key: Key, member: Value, options: { withscore: true }): Reply<M, Ranked | null>
  zrevrank(key: Key, member: Value, options?: { withscore?: boolean }): Reply<M, number | null | Ranked>
  /** Removes and returns the member with the lowest score; with `count` a list of up to so many. O(log n) each. */
  zpopmin(key: Key): Reply<M, Scored<T> | null>
  zpopmin(key: Key, count: number | bigint): Reply<M, Scored<T>[]>
  zpopmin(key: Key, count?: number | bigint): Reply<M, Scored<T> | null | Scored<T>[]>
  /** Removes and returns the member with the highest score; with `count` a list of up to so many. O(log n) each. */
  zpopmax(key: Key): Reply<M, Scored<T> | null>
  zpopmax(key: Key, count: number | bigint): Reply<M, Scored<T>[]>
  zpopmax(key: Key, count?: number | bigint): Reply<M, Scored<T> | null | Scored<T>[]>
  /**
   * Takes one member, or up to `count`, from an end of the first sorted set that has any; null when none has. O(log
   * n) each.
   */
  zmpop(keys: readonly Key[], end: ScoreEnd, options?: { count?: number | bigint }): Reply<M, ScoredPopped<T> | null>
  /**
   * A member chosen at random, null when there is none; with `count` a list of up to so many different members, with a
   * negative one of `-count` that may repeat. O(count), and O(n) when most of the set is asked for.
   */
  zrandmember(key: Key): Reply<M, T | null>
  zrandmember(key: Key, count: number | bigint, options: { withscores: true }): Reply<M, Scored<T>[]>
  zrandmember(key: Key, count: number | bigint, options?: { withscores?: false }): Reply<M, T[]>
  zrandmember(
    key: Key,
    count?: number | bigint,
    options?: { withscores?: boolean },
  ): Reply<M, T | null | T[] | Scored<T>[]>
  /**
   * Some of the members, and the cursor to go on from: start with '0', end when '0' comes back. A member that is there
   * from the first step to the last comes at least once. O(count).
   */
  zscan(key: Key, cursor: string | number, options?: ScanOptions): Reply<M, SortedSetScan<T>>
}

/** A range of ranks: from 0 at the lowest score, or from -1 at the highest; both ends included. */
interface RankRange {
  byscore?: false
  bylex?: false
  limit?: undefined
  /** Ranks count from the highest score, and the highest comes first. */
  rev?: boolean
}
interface ScoreRange {
  /** The bounds are scores. */
  byscore: true
  bylex?: false
  limit?: RangeLimit
  /** The upper bound is given first, and the highest score comes first. */
  rev?: boolean
}
interface LexRange {
  /** The bounds are members, which is of use when all scores are equal. */
  bylex: true
  byscore?: false
  limit?: RangeLimit
  rev?: boolean
}
/** What the bounds of `zrange` are, and which part of the range is wanted. */
export type ZRangeOptions = RankRange | ScoreRange | LexRange
type Rank = number | bigint
type Plain = { withscores?: false }
type WithScores = { withscores: true }
/** A bound of any kind of range. */
export type Bound = number | bigint | string | Uint8Array

/** Commands on the order of a sorted set. */
export interface SortedSetRangeCommands<M extends Mode = 'sync', T = string> {
  /** How many members have scores between the bounds. O(log n). */
  zcount(key: Key, min: ScoreBound, max: ScoreBound): Reply<M, number>
  /** How many members lie between the bounds, when all scores are equal. O(log n). */
  zlexcount(key: Key, min: LexBound, max: LexBound): Reply<M, number>
  /**
   * The members of a range of ranks, or as the options say; `withscores` gives their scores too. O(log n + members).
   */
  zrange(key: Key, start: Rank, stop: Rank, options?: RankRange & Plain): Reply<M, T[]>
  zrange(key: Key, start: Rank, stop: Rank, options: RankRange & WithScores): Reply<M, Scored<T>[]>
  zrange(key: Key, min: ScoreBound, max: ScoreBound, options: ScoreRange & Plain): Reply<M, T[]>
  zrange(key: Key, min: ScoreBound, max: ScoreBound, options: ScoreRange & WithScores): Reply<M, Scored<T>[]>
  zrange(key: Key, min: LexBound, max: LexBound, options: LexRange): Reply<M, T[]>
  zrange(
    key: Key,
    start: Bound,
    stop: Bound,
    options?: ZRangeOptions & { withscores?: boolean },
  ): Reply<M, T[] | Scored<T>[]>
  /** Puts the members of a range into `destination`, whatever it held; returns how many. O(log n + members). */
  zrangestore(destination: Key, source: Key, start: Rank, stop: Rank, options?: RankRange): Reply<M, number>
  zrangestore(destination: Key, source: Key, min: ScoreBound, max: ScoreBound, options: ScoreRange): Reply<M, number>
  zrangestore(destination: Key, source: Key, min: LexBound, max: LexBound, options: LexRange): Reply<M, number>
  zrangestore(destination: Key, source: Key, start: Bound, stop: Bound, options?: ZRangeOptions): Reply<M, number>
  /** As `zrange` with `rev`. O(log n + members). */
  zrevrange(key: Key, start: Rank, stop: Rank, options: WithScores): Reply<M, Scored<T>[]>
  zrevrange(key: Key, start: Rank, stop: Rank, options?: Plain): Reply<M, T[]>
  zrevrange(key: Key, start: Bound, stop: Bound, options?: { withscores?: boolean }): Reply<M, T[] | Scored<T>[]>
  /** As `zrange` with `byscore`. O(log n + members). */
  zrangebyscore(
    key: Key,
    min: ScoreBound,
    max: ScoreBound,
    options: { limit?: RangeLimit } & WithScores,
  ): Reply<M, Scored<T>[]>
  zrangebyscore(key: Key, min: ScoreBound, max: ScoreBound, options?: { limit?: RangeLimit } & Plain): Reply<M, T[]>
  zrangebyscore(
    key: Key,
    min: ScoreBound,
    max: ScoreBound,
    options?: { limit?: RangeLimit; withscores?: boolean },
  ): Reply<M, T[] | Scored<T>[]>
  /** As `zrange` with `byscore` and `rev`: the upper bound comes first. O(log n + members). */
  zrevrangebyscore(
    key: Key,
    max: ScoreBound,
    min: ScoreBound,
    options: { limit?: RangeLimit } & WithScores,
  ): Reply<M, Scored<T>[]>
  zrevrangebyscore(key: Key, max: ScoreBound, min: ScoreBound, options?: { limit?: RangeLimit } & Plain): Reply<M, T[]>
  zrevrangebyscore(
    key: Key,
    max: ScoreBound,
    min: ScoreBound,
    options?: { limit?: RangeLimit; withscores?: boolean },
  ): Reply<M, T[] | Scored<T>[]>
  /** As `zrange` with `bylex`. O(log n + members). */
  zrangebylex(key: Key, min: LexBound, max: LexBound, options?: { limit?: RangeLimit }): Reply<M, T[]>
  /** As `zrange` with `bylex` and `rev`: the upper bound comes first. O(log n + members). */
  zrevrangebylex(key: Key, max: LexBound, min: LexBound, options?: { limit?: RangeLimit }): Reply<M, T[]>
  /** Removes the members of a range of ranks; returns how many. O(log n + members). */
  zremrangebyrank(key: Key, start: Rank, stop: Rank): Reply<M, number>
  /** Removes the members with scores between the bounds; returns how many. O(log n + members). */
  zremrangebyscore(key: Key, min: ScoreBound, max: ScoreBound): Reply<M, number>
  /** Removes the members between the bounds, when all scores are equal; returns how many. O(log n + members). */
  zremrangebylex(key: Key, min: LexBound, max: LexBound): Reply<M, number>
}

/** How scores of one member in several sorted sets become one. `COUNT` adds up the weights, 1 each when not given. */
export type Aggregate = 'SUM' | 'MIN' | 'MAX' | 'COUNT' | 'sum' | 'min' | 'max' | 'count'

export interface CombineOptions {
  /** What the scores of each input are multiplied with, in the order of the keys. */
  weights?: readonly number[]
  aggregate?: Aggregate
}

/** Commands that combine sorted sets. Sets are taken too, all scores being 1. */
export interface SortedSetCombineCommands<M extends Mode = 'sync', T = string> {
  /** The members that any of the inputs holds, by their combined scores. O(n log n) of all members. */
  zunion(keys: readonly Key[], options: CombineOptions & { withscores: true }): Reply<M, Scored<T>[]>
  zunion(keys: readonly Key[], options?: CombineOptions & { withscores?: false }): Reply<M, T[]>
  zunion(keys: readonly Key[], options?: CombineOptions & { withscores?: boolean }): Reply<M, T[] | Scored<T>[]>
  /** The members that all inputs hold, by their combined scores. O(smallest input × inputs + result log result). */
  zinter(keys: readonly Key[], options: CombineOptions & { withscores: true }): Reply<M, Scored<T>[]>
  zinter(keys: readonly Key[], options?: CombineOptions & { withscores?: false }): Reply<M, T[]>
  zinter(keys: readonly Key[], options?: CombineOptions & { withscores?: boolean }): Reply<M, T[] | Scored<T>[]>
  /** The members of the first input that none of the others holds. O(all members) at most. */
  zdiff(keys: readonly Key[], options: { withscores: true }): Reply<M, Scored<T>[]>
  zdiff(keys: readonly Key[], options?: { withscores?: false }): Reply<M, T[]>
  zdiff(keys: readonly Key[], options?: { withscores?: boolean }): Reply<M, T[] | Scored<T>[]>
  /**
   * Puts what `zunion` gives into `destination`, whatever it held; returns the size. An empty result removes the
   * key. O(n log n) of all members.
   */
  zunionstore(destination: Key, keys: readonly Key[], options?: CombineOptions): Reply<M, number>
  /**
   * Puts what `zinter` gives into `destination`, whatever it held; returns the size. An empty result removes the
   * key. O(n k) for n members of the smallest of k, and log of the result each.
   */
  zinterstore(destination: Key, keys: readonly Key[], options?: CombineOptions): Reply<M, number>
  /**
   * Puts what `zdiff` gives into `destination`, whatever it held; returns the size. An empty result removes the key.
   * O(n log n) of all members.
   */
  zdiffstore(destination: Key, keys: readonly Key[]): Reply<M, number>
  /** How many members all inputs hold; counts no further than `limit`. O(smallest input × inputs). */
  zintercard(keys: readonly Key[], options?: { limit?: number | bigint }): Reply<M, number>
}

/** Commands on sorted sets. */
export interface SortedSetCommands<M extends Mode = 'sync', T = string>
  extends SortedSetMemberCommands<M, T>,
    SortedSetRangeCommands<M, T>,
    SortedSetCombineCommands<M, T> {}
