import { lines, ReplyError } from './errors.ts'
import type { Host } from './host.ts'
import { type EffectArg, Keyspace, type TypeName, type Value } from './keyspace.ts'
import { type Limits, newLimits } from './structures/limits.ts'
import type { Stats } from './stats.ts'
import { Table } from './structures/table.ts'
import { newVersion, type Version } from './structures/version.ts'
import { canonical } from './util/text.ts'

/** Where effects go. The object that `Store.open` gets from a driver implements it. */
export interface Journal {
  /** Takes one effect of the commit under way. */
  append(db: number, argv: readonly EffectArg[]): void
  /** The effects since the last commit belong together. Under `always`, returns when they are on disk. */
  commit(): void
  /** Forgets the effects since the last commit. */
  rollback(): void
}

/** What happened to a key, in the words of Redis' keyspace notifications. */
export interface KeyEvent {
  readonly db: number
  /** The notification: `set`, `lpush`, `expired`, … */
  readonly event: string
  /** The type of the value, or `key` for what concerns the key itself. */
  readonly about: TypeName | 'key'
  readonly key: string
}

/** What a transaction needs to go back: the first state of every key it touched, in order. */
export class Undo {
  private readonly steps: (() => void)[] = []
  private seen = new Map<Keyspace, Set<string>>()

  /** Called before the key changes. */
  remember(ks: Keyspace, key: string): void {
    let keys = this.seen.get(ks)
    if (keys === undefined) this.seen.set(ks, (keys = new Set()))
    if (keys.has(key)) return
    keys.add(key)
    const { table } = ks
    const found = table.find(key)
    const value = found ? table.valueAt() : undefined
    const time = found ? table.timeAt() : 0
    this.steps.push(() => ks.restore(key, value, time))
  }

  /** Called before something changes that concerns more than single keys. */
  rememberAll(back: () => void): void {
    // What is remembered from here on belongs to the new state, so keys seen before count as unseen.
    this.seen = new Map()
    this.steps.push(back)
  }

  back(): void {
    for (let i = this.steps.length - 1; i >= 0; i--) this.steps[i]()
  }
}

/** A point in time of all databases, for reading while writes go on. */
export interface Snapshot {
  readonly tables: readonly Table<Value>[]
  /** Keys with an expiry time, per database. */
  readonly volatile: readonly number[]
  readonly time: number
  /** The seed of the tables' hashes. */
  readonly seed: number
  /** Lets go: what is written later need not be copied any more. */
  release(): void
}

/** How long one round of expiry may hold up the program, in milliseconds. */
const EXPIRY_SLICE = 1

/** All databases of one store, with what they share: clock, versions, transactions, journal, events. */
export class Databases {
  readonly host: Host
  /** A number from 0 up to but not including 1. */
  readonly random: () => number
  /** The version of the key tables; `values` is that of what the keys hold. */
  readonly keys: Version
  readonly values: Version
  /** Up to which sizes collections count as compact. */
  readonly limits: Limits
  readonly list: Keyspace[]
  hits: number
  misses: number
  expired: number
  /** Keys that went because memory was short. */
  evicted: number
  /** True when there is a journal. */
  logging: boolean
  /** True when somebody watches keys or listens to events. */
  noting: boolean
  /** False while a log is replayed: it says itself what expired. */
  expiring: boolean
  /** False when keys expire at sight alone: DEBUG SET-ACTIVE-EXPIRE. */
  punctual: boolean
  /** What is counted about commands by name; null when nobody counts. */
  stats: Stats | null
  /** What INFO says that this is. */
  redisVersion: string
  /** The open transaction's way back. */
  undo: Undo | null
  /** True when the outermost call has something to deliver. */
  pending: boolean
  /** When the expiry timer will fire. */
  wakeAt: number
  /** Why writes are refused, as an error line; null when they are not. */
  refusal: string | null
  /** Of the hashes of keys, fields and members: not to be guessed, so that nobody can choose keys that collide. */
  seed: number
  private journal: Journal | null
  private depth: number
  private frozen: number
  private forked: number
  /** The epoch since which two keys may share chunks, because one was copied to the other. */
  private copied: number
  private shares: number[]
  private timer: unknown
  private events: KeyEvent[]
  private listeners: ((event: KeyEvent) => void)[]

  constructor(host: Host, count: number, from?: Databases) {
    this.host = host
    this.random = () => host.random()
    this.keys = newVersion()
    this.limits = from === undefined ? newLimits() : { ...from.limits }
    this.values = newVersion(this.limits)
    this.hits = 0
    this.misses = 0
    this.expired = 0
    this.evicted = 0
    this.logging = false
    this.noting = false
    this.expiring = true
    this.punctual = true
    this.stats = from?.stats?.fresh(host.now()) ?? null
    this.redisVersion = from?.redisVersion ?? '7.4.0'
    this.undo = null
    this.pending = false
    this.wakeAt = Infinity
    this.refusal = null
    this.seed = from === undefined ? Math.floor(host.random() * 2 ** 32) | 0 : from.seed
    this.journal = null
    this.depth = 0
    this.frozen = 0
    this.forked = 0
    this.copied = 0
    this.shares = []
    this.timer = undefined
    this.events = []
    this.listeners = []
    this.list = []
    if (from !== undefined) {
      this.forked = from.keys.epoch
      for (const version of [this.keys, this.values]) version.epoch = version.floor = this.forked
    }
    for (let i = 0; i < count; i++) {
      const table = from === undefined ? new Table<Value>(this.keys, this.seed) : from.list[i].table.fork(this.keys)
      const ks = new Keyspace(this, i, table)
      ks.volatile = from === undefined ? 0 : from.list[i].volatile
      this.list.push(ks)
    }
    if (from !== undefined) this.rearm()
  }

  /** Milliseconds since 1970; stands still inside a transaction or batch. */
  now(): number {
    return this.frozen === 0 ? this.host.now() : this.frozen
  }

  /** Throws when nothing may be written. */
  mayWrite(): void {
    if (this.refusal !== null) throw new ReplyError(this.refusal)
  }

  at(index: number): Keyspace {
    const ks = this.list[index]
    if (ks === undefined) throw new ReplyError(lines.dbRange)
    return ks
  }

  // ---- the commit -------------------------------------------------------------------------------------------------

  effect(db: number, argv: readonly EffectArg[]): void {
    this.pending = true
    this.journal?.append(db, argv)
  }

  /** Notes a change for watchers and listeners. */
  note(ks: Keyspace, key: string, event: string, about: TypeName | 'key'): void {
    if (this.listeners.length === 0) return
    this.events.push({ db: ks.index, event, about, key: canonical(key) })
    this.pending = true
  }

  /** Ends a command: delivers what it queued, unless an outer call will. */
  commit(): void {
    if (this.depth > 0) return
    this.commitNow()
  }

  private commitNow(): void {
    this.pending = false
    try {
      this.journal?.commit()
    } catch (error) {
      // What cannot be kept has not happened, for those who listen.
      this.events = []
      throw error
    }
    while (this.events.length > 0) {
      const events = this.events
      this.events = []
      for (const event of events) for (const listener of this.listeners) listener(event)
    }
  }

  /** Calls back with every change, at its commit. Returns the way to stop. */
  listen(listener: (event: KeyEvent) => void): () => void {
    this.listeners = [...this.listeners, listener]
    this.setNoting()
    return () => {
      this.listeners = this.listeners.filter(other => other !== listener)
      this.setNoting()
    }
  }

  private setNoting(): void {
    this.noting = this.listeners.length > 0
    for (const ks of this.list) ks.noting = this.noting
  }

  attach(journal: Journal | null): void {
    this.journal = journal
    this.logging = journal !== null
    for (const ks of this.list) ks.logging = this.logging
  }

  /** Runs `body` with one commit at its end, whether it throws or not. */
  batch<T>(body: () => T): T {
    if (this.depth > 0) return body()
    this.depth = 1
    this.frozen = this.host.now()
    try {
      return body()
    } finally {
      this.depth = 0
      this.frozen = 0
      if (this.wakeAt === Infinity) this.rearm()
      if (this.pending) this.commit()
    }
  }

  /**
   * Runs `body` with one commit at its end; when it throws, or the log cannot take it, everything is as it was before.
   * Inside a batch, what the batch did so far is committed first: it is not part of what is taken back.
   */
  transaction<T>(body: () => T): T {
    if (this.undo !== null) return body()
    if (this.pending) this.commitNow()
    const { depth, frozen } = this
    const undo = new Undo()
    this.undo = undo
    this.depth = depth + 1
    if (depth === 0) this.frozen = this.host.now()
    // Structures that exist now are what rollback returns to, so none of them is written in place.
    const { floor } = this.values
    this.values.epoch++
    this.values.floor = this.values.epoch
    let done = false
    try {
      const result = body()
      if (isThenable(result)) {
        throw new TypeError('a transaction is synchronous: its callback must not return a promise')
      }
      if (this.pending) this.journal?.commit()
      done = true
      return result
    } finally {
      this.undo = null
      this.depth = depth
      this.frozen = frozen
      this.values.floor = Math.max(floor, this.copied)
      if (!done) {
        undo.back()
        this.events = []
        this.pending = false
        this.journal?.rollback()
      }
      if (depth === 0 && this.wakeAt === Infinity) this.rearm()
      if (this.pending) this.commit()
    }
  }

  // ---- versions ---------------------------------------------------------------------------------------------------

  /**
   * Takes over the seed that a file was written with, while there is nothing yet: its keys, which stand in the order of
   * their hashes, then come in that order again, one segment after the other.
   */
  adoptSeed(seed: number): void {
    if (this.list.some(ks => ks.size > 0)) return
    this.seed = seed
    for (const ks of this.list) ks.table = new Table<Value>(this.keys, seed)
  }

  /** A second set of databases over the same data, both writable. Costs the key tables' directories. */
  fork(host: Host = this.host): Databases {
    if (this.depth > 0) throw new TypeError('a store cannot be forked inside a transaction or batch')
    this.openEpoch()
    this.forked = this.keys.epoch
    return new Databases(host, this.list.length, this)
  }

  snapshot(): Snapshot {
    if (this.undo !== null) throw new TypeError('a snapshot cannot be taken inside a transaction')
    const time = this.now()
    const epoch = this.openEpoch()
    this.shares.push(epoch)
    const reader = { epoch, floor: epoch, limits: this.limits }
    let open = true
    return {
      time,
      seed: this.seed,
      tables: this.list.map(ks => ks.table.fork(reader)),
      volatile: this.list.map(ks => ks.volatile),
      release: () => {
        if (!open) return
        open = false
        this.shares = this.shares.filter(other => other !== epoch)
        this.keys.floor = Math.max(this.forked, ...this.shares)
        this.values.floor = Math.max(this.keys.floor, this.copied)
      },
    }
  }

  /**
   * A second value like this one, for another key. A collection that is not copied whole shares its chunks with the
   * original, so both must copy what they write to: a new epoch of the values makes every root and chunk there is count
   * as shared (version.ts, invariant 2), and the floor never falls below it again. Other collections pay for that with
   * one copy of each chunk they next write to.
   */
  duplicate(value: Value): Value {
    if (typeof value !== 'object') return value
    if (value.type !== 'string' && value.whole !== true) {
      this.values.epoch++
      this.values.floor = this.copied = this.values.epoch
    }
    return value.fork(this.values)
  }

  /** Starts an epoch that everything before it is shared with. */
  private openEpoch(): number {
    const epoch = Math.max(this.keys.epoch, this.values.epoch) + 1
    for (const version of [this.keys, this.values]) version.epoch = version.floor = epoch
    return epoch
  }

  swap(first: number, second: number): void {
    this.mayWrite()
    const a = this.at(first)
    const b = this.at(second)
    const exchange = () => {
      const { table, volatile } = a
      a.table = b.table
      a.volatile = b.volatile
      b.table = table
      b.volatile = volatile
    }
    this.undo?.rememberAll(exchange)
    exchange()
  }

  // ---- expiry -----------------------------------------------------------------------------------------------------

  /** Makes sure that the timer fires right after `time`. */
  wake(time: number): void {
    // While files are read, the timer is not needed and would find nothing that it may do.
    if (!this.expiring || !this.punctual) return
    this.host.clearTimer(this.timer)
    this.wakeAt = time
    // A key is gone when the clock is past its time, hence one millisecond later.
    this.timer = this.host.setTimer(() => this.expireDue(), time + 1 - this.host.now())
  }

  /** Removes what is due, a slice at a time, and sets the timer for the rest. */
  private expireDue(): void {
    this.wakeAt = Infinity
    this.timer = undefined
    // Time stands still inside a transaction or batch, at whose end the timer is set again.
    if (this.depth > 0) return
    const now = this.host.now()
    const end = now + EXPIRY_SLICE
    let rest = false
    if (this.expiring && this.punctual) {
      for (const ks of this.list) rest = ks.expireDue(now, () => this.host.now() > end) || rest
    }
    try {
      if (this.pending) this.commit()
    } catch {
      // The journal has reported that it failed, and nobody called who could be told.
    }
    if (rest) this.wake(now)
    else this.rearm()
  }

  private rearm(): void {
    if (!this.expiring || !this.punctual) return
    let earliest = Infinity
    for (const ks of this.list) if (ks.table.earliest < earliest) earliest = ks.table.earliest
    if (earliest < this.wakeAt) this.wake(earliest)
  }

  /** Turns the timer off, or on again. */
  setPunctual(on: boolean): void {
    this.punctual = on
    if (on) this.rearm()
    else {
      this.host.clearTimer(this.timer)
      this.timer = undefined
      this.wakeAt = Infinity
    }
  }

  /** Milliseconds since some moment, to measure with. */
  ticks(): number {
    return this.host.ticks === undefined ? this.host.now() : this.host.ticks()
  }

  /** Ends a load: from here on time goes on. */
  resumeExpiry(): void {
    this.expiring = true
    this.rearm()
  }

  /** Stops the timer. */
  close(): void {
    this.host.clearTimer(this.timer)
    this.timer = undefined
    this.wakeAt = -Infinity
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
