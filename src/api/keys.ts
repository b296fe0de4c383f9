import type { Key, Mode, Reply } from './types.ts'

/** Commands on keys of any type. */
export interface KeyCommands<M extends Mode = 'sync', T = string> {
  /** Removes keys; returns how many there were. O(1) each. */
  del(...keys: Key[]): Reply<M, number>
  del(keys: readonly Key[]): Reply<M, number>
  /** A key chosen at random, null when there is none. O(1). */
  randomkey(): Reply<M, T | null>
}
