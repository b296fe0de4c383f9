import type { Key, Mode, Pairs, Reply, TextRecord, Value } from './types.ts'

/** Commands on hashes. */
export interface HashCommands<M extends Mode = 'sync', T = string> {
  /** Sets fields; returns how many were new. O(1) each. */
  hset(key: Key, field: Value, value: Value): Reply<M, number>
  hset(key: Key, fields: Pairs): Reply<M, number>
  hset(key: Key, field: Value | Pairs, value?: Value): Reply<M, number>
  /** All fields with their values; empty when `key` is absent. `pairs` gives a list in stored order. O(n). */
  hgetall(key: Key, options: { pairs: true }): Reply<M, [field: T, value: T][]>
  hgetall(key: Key, options?: { pairs?: false }): Reply<M, TextRecord<T>>
  hgetall(key: Key, options?: { pairs?: boolean }): Reply<M, TextRecord<T> | [field: T, value: T][]>
}
