import type { Key, Mode, Reply } from './types.ts'

/** Commands on strings. */
export interface StringCommands<M extends Mode = 'sync', T = string> {
  /** The value of `key`, null when absent. O(1). */
  get(key: Key): Reply<M, T | null>
  /**
   * Adds one to the integer in `key`, absent counting as 0, and returns the result. Throws a `RangeError` and changes
   * nothing when the result is not a safe integer. O(1).
   */
  incr(key: Key): Reply<M, number>
}
