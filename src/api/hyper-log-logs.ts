import type { Key, Mode, Reply, Value } from './types.ts'

/**
 * Commands on HyperLogLogs, which count different elements without keeping them: in at most 12 KB, with a standard error
 * of 0.81 %. They are strings in Redis' own bytes, so `get` and `set` can carry them elsewhere.
 */
export interface HyperLogLogCommands<M extends Mode = 'sync'> {
  /** Adds elements; true when the key is new, or the count may have changed. O(1) each. */
  pfadd(key: Key, ...elements: Value[]): Reply<M, boolean>
  pfadd(key: Key, elements: readonly Value[]): Reply<M, boolean>
  /**
   * About how many different elements were added, of several keys to any of them; 0 for absent ones. O(16,384) a key,
   * O(1) for one whose count is known from the last time.
   */
  pfcount(...keys: Key[]): Reply<M, number>
  pfcount(keys: readonly Key[]): Reply<M, number>
  /** Adds to `destination` what was added to the others. O(16,384) a key. */
  pfmerge(destination: Key, ...sources: Key[]): Reply<M, 'OK'>
  pfmerge(destination: Key, sources: readonly Key[]): Reply<M, 'OK'>
}
