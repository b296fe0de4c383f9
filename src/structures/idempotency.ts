import { IdList } from './id-list.ts'
import { FIRST, type Id } from './stream-id.ts'
import { Table } from './table.ts'
import type { Version } from './version.ts'

/**
 * What a stream remembers of the entries that were added with the name of their producer and a name of their own, so that
 * one that is sent again is not added again: the last `maxsize` of each producer, none longer than `duration`.
 *
 *   turns      1 ann "a" → 5-0    2 bob "a" → 5-1    3 ann "b" → 7-0
 *   producers  ann  names a, b    turns 1 3
 *              bob  names a       turns 2
 *
 * What stands longest goes first, of all by time and of a producer by number, so both have their entries in the order in
 * which they came. That order is counted and not taken from the ids, because XSETID can set the last id back.
 *
 * Invariants
 * 1. `turns` and the lists of the producers hold the same objects; each stands in `names` of its producer.
 * 2. No producer has nothing, and none has more than `maxsize`.
 * 3. A producer stamped below `version.floor` is never written: `own` gives one that may be.
 */

/** An entry that was added by name. Never written to. */
interface Production extends Id {
  readonly producer: string
  readonly name: string
  /** The entry; it may be gone by now. */
  readonly id: Id
}

class Producer {
  readonly stamp: number
  readonly names: Table<Production>
  readonly turns: IdList<Production>

  constructor(version: Version, names: Table<Production>, turns: IdList<Production>) {
    this.stamp = version.epoch
    this.names = names
    this.turns = turns
  }
}

export class Idempotency {
  /** Seconds. */
  duration: number
  /** Entries of each producer. */
  maxsize: number
  /** How many entries were ever added by name. */
  added: number
  /** How many were not, because they had been. */
  duplicates: number
  private readonly version: Version
  private readonly seed: number
  private producers: Table<Producer>
  private turns: IdList<Production>

  constructor(version: Version, seed: number) {
    this.duration = version.limits.idmpDuration
    this.maxsize = version.limits.idmpMaxsize
    this.added = 0
    this.duplicates = 0
    this.version = version
    this.seed = seed
    this.producers = new Table(version, seed)
    this.turns = new IdList(version)
  }

  /** How many entries are remembered, what is over included. */
  get size(): number {
    return this.turns.size
  }

  fork(version: Version): Idempotency {
    const fork = new Idempotency(version, this.seed)
    fork.duration = this.duration
    fork.maxsize = this.maxsize
    fork.added = this.added
    fork.duplicates = this.duplicates
    fork.producers = this.producers.fork(version)
    fork.turns = this.turns.fork(version)
    return fork
  }

  /** The producer, for writing. */
  private own(name: string): Producer {
    const { version } = this
    const found = this.producers.get(name)
    if (found !== undefined && found.stamp >= version.floor) return found
    const own =
      found === undefined
        ? new Producer(version, new Table(version, this.seed), new IdList(version))
        : new Producer(version, found.names.fork(version), found.turns.fork(version))
    this.producers.set(name, own)
    return own
  }

  private forget(one: Production): void {
    const producer = this.own(one.producer)
    this.turns.delete(one)
    producer.turns.delete(one)
    producer.names.delete(one.name)
    if (producer.turns.size === 0) this.producers.delete(one.producer)
  }

  /** Its time is the one in the id, as in Redis. */
  private isOver(one: Production, now: number): boolean {
    return now - Number(one.id.ms) > this.duration * 1000
  }

  /** The entry that a producer has added under a name, counted as one that it sent again; what is over is forgotten. O(1). */
  original(producer: string, name: string, now: number): Id | undefined {
    for (let first = this.turns.first(); first !== undefined && this.isOver(first, now); first = this.turns.first()) {
      this.forget(first)
    }
    const found = this.producers.get(producer)?.names.get(name)
    if (found !== undefined) this.duplicates++
    return found?.id
  }

  /** Notes an entry under a name that is not noted. O(1). */
  remember(producer: string, name: string, id: Id): void {
    const known = this.producers.get(producer)?.turns
    if (known !== undefined && known.size >= this.maxsize) this.forget(known.first() as Production)
    this.added++
    const one: Production = { ms: this.added, seq: 0, producer, name, id }
    const own = this.own(producer)
    own.names.set(name, one)
    own.turns.set(one)
    this.turns.set(one)
  }

  /** Other bounds; what is remembered is forgotten, unless they are the same. */
  configure(duration: number, maxsize: number): void {
    if (duration === this.duration && maxsize === this.maxsize) return
    this.duration = duration
    this.maxsize = maxsize
    this.producers = new Table(this.version, this.seed)
    this.turns = new IdList(this.version)
  }

  /** How many producers and entries are remembered, but for what is over. O(number that is over). */
  tracked(now: number): { readonly producers: number; readonly entries: number } {
    const over = new Map<string, number>()
    let entries = this.turns.size
    this.turns.forEach(FIRST, one => {
      if (!this.isOver(one, now)) return false
      entries--
      over.set(one.producer, (over.get(one.producer) ?? 0) + 1)
      return true
    })
    let producers = this.producers.size
    for (const [name, count] of over) if (this.producers.get(name)?.turns.size === count) producers--
    return { producers, entries }
  }

  check(): void {
    this.producers.check()
    this.turns.check()
    let size = 0
    this.producers.forEach((name, { names, turns }) => {
      names.check()
      turns.check()
      if (turns.size === 0 || turns.size > this.maxsize) throw new Error('idempotency: size of a producer')
      if (turns.size !== names.size) throw new Error('idempotency: names of a producer')
      size += turns.size
      turns.forEach(FIRST, one => {
        const same = one.producer === name && names.get(one.name) === one && this.turns.get(one) === one
        if (!same) throw new Error('idempotency: an entry stands elsewhere')
      })
    })
    if (size !== this.turns.size) throw new Error('idempotency: size')
  }
}
