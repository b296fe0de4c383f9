import type { Key, Mode, Reply } from './types.ts'

/** An end of a list. */
export type End = 'LEFT' | 'RIGHT' | 'left' | 'right'

/** Commands on lists. */
export interface ListCommands<M extends Mode = 'sync', T = string> {
  /** Moves an element from the `from` end of one list to the `to` end of another; returns it, null when there is none. O(1). */
  lmove(source: Key, destination: Key, from: End, to: End): Reply<M, T | null>
}
