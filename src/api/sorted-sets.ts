import type { Key, Mode, Reply, Value } from './types.ts'

/** Members with their scores, in any of the shapes that programs have them in. */
export type ScoredMembers =
  | readonly { readonly member: Value; readonly score: number }[]
  | Readonly<Record<string, number>>

export interface ZAddOptions {
  /** Only add new members. */
  nx?: boolean
  /** Only update members that exist. */
  xx?: boolean
  /** Only update when the new score is greater; new members are added. */
  gt?: boolean
  /** Only update when the new score is less; new members are added. */
  lt?: boolean
  /** Count changed members, not only new ones. */
  ch?: boolean
}

/** Commands on sorted sets. */
export interface SortedSetCommands<M extends Mode = 'sync', T = string> {
  /** Adds members or updates their scores; returns how many were new (with `ch`: new or changed). O(log n) each. */
  zadd(key: Key, score: number, member: Value, options?: ZAddOptions): Reply<M, number>
  zadd(key: Key, members: ScoredMembers, options?: ZAddOptions): Reply<M, number>
  zadd(key: Key, members: number | ScoredMembers, member?: Value | ZAddOptions, options?: ZAddOptions): Reply<M, number>
  /** A member chosen at random, null when `key` is absent. O(1). */
  zrandmember(key: Key): Reply<M, T | null>
}
