import { IdList } from './id-list.ts'
import { FIRST, type Id } from './stream-id.ts'
import { Table } from './table.ts'
import type { Version } from './version.ts'

/**
 * A consumer group: how far it has read, its consumers, and what they have been given and not acknowledged.
 *
 * Invariants
 * 1. Every pending entry stands, the same object, in the list of its owner, and a consumer's list has no others.
 * 2. A group or consumer stamped below `version.floor` is never written: `own` gives one that may be.
 */

/** A delivered entry that nobody has acknowledged. `owner` is a consumer's name. Never written to. */
export interface Pending extends Id {
  readonly owner: string
  /** When it was last delivered, in milliseconds since 1970. */
  readonly time: number
  /** How often it was delivered. */
  readonly count: number | bigint
}

export class Consumer {
  readonly stamp: number
  /** When it last tried to read or claim something, in milliseconds since 1970. */
  seen: number
  /** When it last got something; -1 for never. */
  active: number
  readonly pending: IdList<Pending>

  constructor(version: Version, seen: number, active: number, pending: IdList<Pending>) {
    this.stamp = version.epoch
    this.seen = seen
    this.active = active
    this.pending = pending
  }

  fork(version: Version): Consumer {
    return new Consumer(version, this.seen, this.active, this.pending.fork(version))
  }
}

export class Group {
  readonly stamp: number
  /** The last entry that was delivered to any consumer. */
  last: Id
  /** How many entries of all that ever were stood up to `last`; -1 when that is not known. */
  read: number | bigint
  private readonly version: Version
  private readonly pending: IdList<Pending>
  private readonly consumers: Table<Consumer>

  constructor(
    version: Version,
    seed: number,
    last: Id,
    read: number | bigint,
    pending: IdList<Pending> = new IdList(version),
    consumers: Table<Consumer> = new Table(version, seed),
  ) {
    this.stamp = version.epoch
    this.last = last
    this.read = read
    this.version = version
    this.pending = pending
    this.consumers = consumers
  }

  /** A second group over the same chunks. */
  fork(version: Version, seed: number): Group {
    return new Group(version, seed, this.last, this.read, this.pending.fork(version), this.consumers.fork(version))
  }

  /** How many entries are pending. */
  get pendingCount(): number {
    return this.pending.size
  }

  get consumerCount(): number {
    return this.consumers.size
  }

  get(id: Id): Pending | undefined {
    return this.pending.get(id)
  }

  get firstPending(): Pending | undefined {
    return this.pending.first()
  }

  get lastPending(): Pending | undefined {
    return this.pending.last()
  }

  /** Visits pending entries in order, from `start` on, until `visit` answers false. */
  forEachPending(start: Id, visit: (item: Pending) => boolean | undefined | void): void {
    this.pending.forEach(start, visit)
  }

  /** Visits those of one consumer. */
  forEachPendingOf(name: string, start: Id, visit: (item: Pending) => boolean | undefined | void): void {
    this.consumers.get(name)?.pending.forEach(start, visit)
  }

  consumer(name: string): Consumer | undefined {
    return this.consumers.get(name)
  }

  forEachConsumer(visit: (name: string, consumer: Consumer) => void): void {
    this.consumers.forEach(visit)
  }

  /** Adds a consumer; false when there is one of that name. */
  addConsumer(name: string, seen: number, active = -1): boolean {
    if (this.consumers.has(name)) return false
    this.consumers.set(name, new Consumer(this.version, seen, active, new IdList(this.version)))
    return true
  }

  /** The consumer, for writing; it must exist. */
  private own(name: string): Consumer {
    const consumer = this.consumers.get(name) as Consumer
    if (consumer.stamp >= this.version.floor) return consumer
    const copy = consumer.fork(this.version)
    this.consumers.set(name, copy)
    return copy
  }

  /** Notes that a consumer, which must exist, has tried something, and whether it got anything. */
  saw(name: string, time: number, active: boolean): void {
    const consumer = this.own(name)
    consumer.seen = time
    if (active) consumer.active = time
  }

  /** Makes an entry pending, or changes it; its owner must exist. O(log n). */
  deliver(item: Pending): void {
    const before = this.pending.get(item)
    this.pending.set(item)
    if (before !== undefined && before.owner !== item.owner) this.own(before.owner).pending.delete(item)
    this.own(item.owner).pending.set(item)
  }

  /** True when the entry was pending. O(log n). */
  acknowledge(id: Id): boolean {
    const item = this.pending.delete(id)
    if (item === undefined) return false
    this.own(item.owner).pending.delete(id)
    return true
  }

  /** Removes a consumer with what it had pending; how much that was, undefined when there is none of that name. */
  removeConsumer(name: string): number | undefined {
    const consumer = this.consumers.get(name)
    if (consumer === undefined) return undefined
    consumer.pending.forEach(FIRST, item => void this.pending.delete(item))
    this.consumers.delete(name)
    return consumer.pending.size
  }

  check(): void {
    this.pending.check()
    this.consumers.check()
    let owned = 0
    this.consumers.forEach((name, consumer) => {
      consumer.pending.check()
      owned += consumer.pending.size
      consumer.pending.forEach(FIRST, item => {
        const same = item.owner === name && this.pending.get(item) === item
        if (!same) throw new Error('group: a consumer lists what it does not own')
      })
    })
    if (owned !== this.pending.size) throw new Error('group: a pending entry is not in the list of its owner')
  }
}
