import { type Limits, newLimits } from './limits.ts'

/**
 * Versions, not copies.
 *
 * Every structure is a small root object over chunks (a table segment, a tree node, a list chunk). Each root and each
 * chunk carries the `stamp` of the epoch in which it was made. A root or chunk stamped below `floor` may also be seen
 * by somebody else (a fork, an open snapshot, the undo log of an open transaction): it is copied before it is written,
 * once, and the copy is stamped with the current `epoch`. A `Version` belongs to one writer and is shared by all its
 * structures, so opening a snapshot is two assignments whatever the amount of data.
 *
 * Invariants
 * 1. `floor <= epoch`; both only grow while anything is shared.
 * 2. `chunk.stamp < floor` ⇒ nobody writes to that chunk any more.
 * 3. A chunk reachable from a root whose `version` is v, with `stamp >= v.floor`, is reachable from no other root.
 */
export interface Version {
  /** The stamp that new roots and chunks get. */
  epoch: number
  /** Roots and chunks stamped below it are shared: copy before writing. */
  floor: number
  /** Of its writer: see limits.ts. */
  readonly limits: Limits
}

const usual = newLimits()

/** A fresh version that shares nothing. */
export function newVersion(limits: Limits = usual): Version {
  return { epoch: 1, floor: 0, limits }
}

/** Marks everything that exists as shared, from now on. */
export function share(version: Version): void {
  version.epoch++
  version.floor = version.epoch
}

/** What the keyspace asks of a structure that is the value of a key. */
export interface Structure {
  /** The type of the key that holds it, in the words of TYPE. */
  readonly type: 'hash' | 'list' | 'set' | 'zset' | 'stream'
  /** The epoch in which this root was made. */
  readonly stamp: number
  /** Elements; zero means that the key must go. O(1). */
  readonly size: number
  /** True when a fork would share nothing with it. */
  readonly whole?: boolean
  /**
   * A second root over the same chunks, for the writer that `version` belongs to. O(1) up to an array of chunk
   * pointers; structures of up to 128 elements are copied whole. The receiver must not be written to any more by the
   * holder of the result.
   */
  fork(version: Version): Structure
  /** Throws when an invariant of the structure does not hold. For tests. */
  check(): void
}
