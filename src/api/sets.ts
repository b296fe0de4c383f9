import type { Key, Mode, Reply, Value } from './types.ts'

/** Commands on sets. */
export interface SetCommands<M extends Mode = 'sync', T = string> {
  /** Adds members; returns how many were new. O(1) each. */
  sadd(key: Key, ...members: Value[]): Reply<M, number>
  sadd(key: Key, members: readonly Value[]): Reply<M, number>
  /** All members, in no order. O(n). */
  smembers(key: Key): Reply<M, T[]>
}
