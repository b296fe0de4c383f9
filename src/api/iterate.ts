import type { KeyScanOptions } from './keys.ts'
import type { Key, Scored, ScanOptions } from './types.ts'

/**
 * Loops over many keys or elements: `for (const key of store.scanIterator({ match: 'user:*' })) …`. Each is SCAN and its
 * kin, a step at a time: what is there from the beginning to the end of the loop comes at least once, whatever the loop
 * or others change meanwhile; what comes or goes meanwhile may be seen or not. `count` is the size of a step.
 */
export interface Iterators<T = string> {
  /** The keys of the database; none that is gone when its turn comes. */
  scanIterator(options?: KeyScanOptions): IterableIterator<T>
  /** The fields of a hash with their values, as they were at the beginning of the step. */
  hscanIterator(key: Key, options?: ScanOptions): IterableIterator<[field: T, value: T]>
  /** The members of a set. */
  sscanIterator(key: Key, options?: ScanOptions): IterableIterator<T>
  /** The members of a sorted set with their scores, in no order. */
  zscanIterator(key: Key, options?: ScanOptions): IterableIterator<Scored<T>>
}
