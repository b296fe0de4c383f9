import type { Integer, Key, Mode, Reply } from './types.ts'

export interface MemoryOptions {
  /** How many elements of a collection to look at, 5 if not given; 0 for all. */
  samples?: Integer
}

/** Commands on what keys take up. */
export interface MemoryCommands<M extends Mode = 'sync'> {
  /**
   * About how many bytes the key and its value take on a 64-bit engine, null when the key is absent: an estimate from the
   * forms that values are kept in, and from some elements of a collection. O(samples).
   */
  memoryUsage(key: Key, options?: MemoryOptions): Reply<M, number | null>
}
