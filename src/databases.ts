import { lines, ReplyError } from './errors.ts'
import type { Host } from './host.ts'
import { type Change, Interest, type KeyEvent, Watch } from './events.ts'
import { type EffectArg, Keyspace, type TypeName, type Value } from './keyspace.ts'
import { type Notify, notifications } from './notifications.ts'
import type { Connections, FilesPort, Gate, Journal, Scripts, Tracker } from './ports.ts'
import { Functions } from './functions.ts'
import { type Message, PubSub } from './pubsub.ts'
import { type Limits, newLimits } from './structures/limits.ts'
import type { Stats } from './stats.ts'
import { Table } from './structures/table.ts'
import { newVersion, type Version } from './structures/version.ts'
import { Undo } from './undo.ts'
import { quoted } from './util/quoted.ts'
import { canonical } from './util/text.ts'
import { Waiting } from './waiting.ts'

/** A point in time of all databases, for reading while writes go on. */
export interface Snapshot {
  readonly tables: readonly Table<Value>[]
  /** Keys with an expiry time, per database. */
  readonly volatile: readonly number[]
  /** True when fields of hashes have expiry times. */
  readonly timed: boolean
  /** The texts of function libraries, by name. */
  readonly libraries: ReadonlyMap<string, string>
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
  /** Fields of hashes that expired. */
  expiredFields: number
  /** Why fields of hashes may not get expiry times, as an error line; null when they may. */
  fieldRefusal: string | null
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
  /**
   * The texts of function libraries that files brought along, by name; replaced as a whole when one changes. They are in no
   * database: FLUSHALL leaves them.
   */
  libraries: ReadonlyMap<string, string>
  /** What runs scripts; null when the store has no engine. */
  scripts: Scripts | null
  /** The functions of the program itself; null until there is one. */
  functions: Functions | null
  /** True while a script runs: what Redis answers in any order comes sorted there, in some places. */
  scripted: boolean
  /** True while a script wants nothing of what it does to be logged. */
  unlogged: boolean
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
  /** When it is inside a transaction or batch, negative when nobody has asked yet; 0 outside. */
  private frozen: number
  /** True when the expiry timer has fired inside of one. */
  private overslept: boolean
  private forked: number
  /** The epoch since which two keys may share chunks, because one was copied to the other. */
  private copied: number
  private shares: number[]
  private timer: unknown
  /** What is to be told at the commit, in order. */
  private queue: (Change | Message)[]
  private delivering: boolean
  private listeners: ((event: KeyEvent) => void)[]
  /** Which keyspace notifications are published; null when there are none. */
  notify: Notify | null
  /** The clients of the store, once there were any: the session layer puts them here. */
  connections: Connections | null
  /** Null when no client keeps copies. */
  private tracker: Tracker | null
  /** The files of the store; null when it has none. */
  files: FilesPort | null
  /** What all commands pass; null when there is nothing. */
  gate: Gate | null
  /** True once the store was closed, which ends all waits. */
  closed: boolean
  private readonly monitors: Set<(line: string) => void>
  readonly pubsub: PubSub
  readonly waiting: Waiting
  private readonly watched: Interest<Watch>

  constructor(host: Host, count: number, from?: Databases) {
    this.host = host
    this.random = () => host.random()
    this.keys = newVersion()
    this.limits = from === undefined ? newLimits() : { ...from.limits }
    this.values = newVersion(this.limits)
    this.hits = 0
    this.misses = 0
    this.expired = 0
    this.expiredFields = 0
    this.fieldRefusal = null
    this.evicted = 0
    this.logging = false
    this.noting = false
    this.expiring = true
    this.punctual = true
    this.stats = from?.stats?.fresh(host.now()) ?? null
    this.redisVersion = from?.redisVersion ?? '7.4.0'
    this.libraries = from?.libraries ?? new Map()
    this.scripts = null
    this.functions = from?.functions?.copy() ?? null
    this.scripted = false
    this.unlogged = false
    this.undo = null
    this.pending = false
    this.wakeAt = Infinity
    this.refusal = null
    this.seed = from === undefined ? Math.floor(host.random() * 2 ** 32) | 0 : from.seed
    this.journal = null
    this.depth = 0
    this.frozen = 0
    this.overslept = false
    this.forked = 0
    this.copied = 0
    this.shares = []
    this.timer = undefined
    this.queue = []
    this.delivering = false
    this.listeners = []
    this.notify = null
    this.connections = null
    this.tracker = null
    this.files = null
    this.gate = null
    this.closed = false
    this.monitors = new Set()
    this.pubsub = new PubSub()
    this.waiting = new Waiting(host, () => this.setNoting())
    this.watched = new Interest()
    if (from !== undefined) {
      this.forked = from.keys.epoch
      for (const version of [this.keys, this.values]) version.epoch = version.floor = this.forked
    }
    // Not a list of `[]`: V8 comes to make such lists among old objects, from where each keeps its store alive until a full
    // collection, and a new store then costs 20 µs in place of 3.
    this.list = Array.from({ length: count }, (_, i) => new Keyspace(this, i, new Table<Value>(this.keys, this.seed)))
    if (from === undefined) return
    for (const ks of this.list) ks.share(from.list[ks.index])
    this.scripts = from.scripts?.fork(this) ?? null
    this.rearm()
  }

  /** The client whose command is executed; undefined when it is the program itself. */
  get client(): { readonly address: string; readonly name: string } | undefined {
    return this.connections?.caller
  }

  /** Milliseconds since 1970; stands still inside a transaction or batch. */
  now(): number {
    if (this.frozen > 0) return this.frozen
    return this.frozen === 0 ? this.host.now() : (this.frozen = this.host.now())
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
    if (this.unlogged) return
    this.pending = true
    this.journal?.append(db, argv)
  }

  /** Notes a change of a key, and of these fields of a hash, for watchers, waiters and listeners. */
  note(ks: Keyspace, key: string, event: string, about: TypeName | 'key', fields?: readonly string[]): void {
    const name = canonical(key)
    this.queue.push({ ks, key: name, event, about, fields })
    this.pending = true
    if (this.tracker !== null && event !== 'keymiss') this.tracker.changed(name)
  }

  /** What is taken back has not happened, for those who listen. */
  private dropQueue(): void {
    this.queue = []
    this.tracker?.takenBack()
  }

  /** Notes what is no change, or goes with one, for those who have asked for its class of notifications. */
  noteIf(event: 'keymiss' | 'new' | 'overwritten' | 'type_changed', ks: Keyspace, key: string): void {
    if (this.notify?.classes.has(event) === true) this.note(ks, key, event, 'key')
  }

  /** Notes a change of all keys of a database, of which `held` says whether it had them. */
  noteAll(ks: Keyspace, event: string, held: (key: string) => boolean): void {
    this.queue.push({ ks, key: null, event, about: 'key', held })
    this.pending = true
  }

  /** Notes that a command has emptied databases. */
  noteFlush(): void {
    if (this.tracker !== null) this.noteAll(this.list[0], 'flushall', () => false)
  }

  /** Queues a message, as PUBLISH does; how many will get it. */
  publish(message: Message): number {
    this.queue.push(message)
    this.pending = true
    return this.pubsub.receivers(message)
  }

  /** Ends a command: delivers what it queued, unless an outer call will. */
  commit(): void {
    if (this.depth > 0) return
    this.commitNow()
  }

  /** True inside a transaction or batch, where nothing can wait. */
  get nested(): boolean {
    return this.depth > 0
  }

  private commitNow(): void {
    this.pending = false
    try {
      this.journal?.commit()
    } catch (error) {
      this.dropQueue()
      throw error
    }
    // What those who are told do comes after what they are told of, and before the outermost call returns.
    if (this.delivering) return
    this.delivering = true
    try {
      this.deliver()
    } finally {
      this.delivering = false
    }
  }

  private deliver(): void {
    for (;;) {
      while (this.queue.length > 0) {
        const queue = this.queue
        this.queue = []
        for (const one of queue) this.guarded(() => ('ks' in one ? this.tell(one) : this.pubsub.deliver(one)))
      }
      this.tracker?.committed()
      if (!this.waiting.due) return
      this.waiting.serve(attempt => {
        try {
          return attempt()
        } finally {
          if (this.pending) this.commitNow()
        }
      })
    }
  }

  /** An error of somebody who is told is not one of the call that they are told of: it is thrown where nobody calls. */
  private guarded(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      void Promise.reject(error)
    }
  }

  private tell(change: Change): void {
    const { ks, key, event, about, fields, held } = change
    if (key !== null) {
      if (event !== 'keymiss') {
        for (const watch of this.watched.at(ks, key)) watch.changed = true
        this.waiting.touched(ks, key)
      }
      const told: KeyEvent = { db: ks.index, event, about, key, ...(fields !== undefined && { fields }) }
      for (const listener of this.listeners) this.guarded(() => listener(told))
      if (this.notify !== null) notifications(this.notify, change, message => this.pubsub.deliver(message))
      return
    }
    for (const one of this.watched.keys(ks)) {
      if (held?.(one) === true) for (const watch of this.watched.at(ks, one)) watch.changed = true
    }
    this.waiting.touched(ks, null)
    if (event === 'flushall') this.tracker?.flushed()
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

  /** A watch, of no keys yet. */
  watch(): Watch {
    return new Watch(this.watched, () => this.setNoting())
  }

  /** True when somebody wants to know of each command. */
  get monitored(): boolean {
    return this.monitors.size > 0
  }

  /** Says that the client at `address` sends a command, for those who monitor. */
  calling(argv: readonly string[], db: number, address: string): void {
    const now = this.now()
    const time = `${Math.floor(now / 1000)}.${String(Math.floor((now % 1000) * 1000)).padStart(6, '0')}`
    const line = `${time} [${db} ${address}] ${argv.map(quoted).join(' ')}`
    for (const monitor of [...this.monitors]) this.guarded(() => monitor(line))
  }

  /** Calls back with a line for every command that a client sends. Returns the way to stop. */
  monitor(callback: (line: string) => void): () => void {
    this.monitors.add(callback)
    return () => void this.monitors.delete(callback)
  }

  /** Which keyspace notifications are published. */
  notifyOf(notify: Notify): void {
    this.notify = notify.classes.size === 0 ? null : notify
    this.setNoting()
  }

  /** Tells of every change from now on, or no more. */
  track(tracker: Tracker | null): void {
    this.tracker = tracker
    this.setNoting()
  }

  private setNoting(): void {
    const { listeners, notify, waiting, watched, tracker } = this
    this.noting = listeners.length > 0 || notify !== null || waiting.size > 0 || watched.size > 0 || tracker !== null
    for (const ks of this.list) ks.noting = this.noting
  }

  attach(journal: Journal | null): void {
    this.journal = journal
    this.logging = journal !== null
    for (const ks of this.list) ks.logging = this.logging
  }

  /** Loads the log once more; undefined when there is none. */
  reload(): Promise<void> | undefined {
    return this.journal?.reload?.()
  }

  /**
   * Lets `load` fill the databases anew, from a log that is read once more. It is no change, so nobody is told and nothing is
   * counted or logged. When it throws, everything is as it was.
   */
  refill(load: () => void): void {
    const { journal, stats, refusal, hits, misses } = this
    this.attach(null)
    this.stats = null
    this.refusal = null
    this.expiring = false
    this.noting = false
    for (const ks of this.list) ks.noting = false
    try {
      this.transaction(() => {
        this.setLibraries(new Map())
        for (const ks of this.list) ks.empty()
        load()
      })
    } finally {
      this.attach(journal)
      this.stats = stats
      this.refusal = refusal
      this.hits = hits
      this.misses = misses
      this.setNoting()
      this.resumeExpiry()
    }
  }

  /**
   * Runs `body` with one commit at its end, whether it throws or not. What is known to end at once is `short`: its time is that of
   * the first look at the clock, which most need not take.
   */
  batch<T>(body: () => T, short: boolean = false): T {
    if (this.depth > 0) return body()
    this.depth = 1
    this.frozen = short ? -1 : this.host.now()
    try {
      return body()
    } finally {
      this.depth = 0
      this.frozen = 0
      if (this.overslept) this.rearm()
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
    return this.undoable(
      () => {
        const result = body()
        if (isThenable(result)) {
          throw new TypeError('a transaction is synchronous: its callback must not return a promise')
        }
        if (this.pending) this.journal?.commit()
        return result
      },
      () => {
        this.dropQueue()
        this.pending = false
        this.journal?.rollback()
      },
    )
  }

  /**
   * Runs `body` as a part of whatever is under way: when it throws, what it did is taken back, and that alone. A transaction or
   * batch around it goes on, and has one commit with it.
   */
  attempt<T>(body: () => T): T {
    const { depth, journal, pending } = this
    if (depth === 0 && pending) this.commitNow()
    const queued = this.queue.length
    const mark = journal?.mark()
    return this.undoable(body, () => {
      this.queue.length = queued
      if (depth === 0) this.tracker?.takenBack()
      if (mark !== undefined) journal?.rollback(mark)
      this.pending = depth > 0 && pending
    })
  }

  /** Runs `body` with a way back; when it throws, the data goes back, and `failed` forgets what was to be told of it. */
  private undoable<T>(body: () => T, failed: () => void): T {
    const { undo: outer, depth, frozen } = this
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
      done = true
      return result
    } finally {
      this.undo = outer
      this.depth = depth
      this.frozen = frozen
      this.values.floor = Math.max(floor, this.copied)
      if (done) outer?.absorb(undo)
      else {
        undo.back()
        failed()
      }
      if (depth === 0 && this.overslept) this.rearm()
      if (this.pending) this.commit()
    }
  }

  /** Other libraries of functions from now on, by a FUNCTION command, which is logged. */
  changeLibraries(libraries: ReadonlyMap<string, string>, argv: readonly EffectArg[]): void {
    this.mayWrite()
    this.setLibraries(libraries)
    this.effect(0, argv)
  }

  private setLibraries(libraries: ReadonlyMap<string, string>): void {
    const before = this.libraries
    this.undo?.rememberAll(() => void (this.libraries = before))
    this.libraries = libraries
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

  /**
   * Takes over the data of others, which were forked from these, in place of what is here; they stay as they are, and may be
   * given again. Counts begin anew, and those who wait or watch are told. Costs what `fork` costs.
   */
  restore(from: Databases): void {
    if (this.depth > 0) throw new TypeError('a store cannot be restored inside a transaction or batch')
    if (this.journal !== null) throw new TypeError('a store that has files cannot be restored')
    from.forked = from.openEpoch()
    // Later than anything in either of the two, so that all of it counts as shared.
    this.forked = Math.max(this.openEpoch(), from.forked)
    for (const version of [this.keys, this.values]) version.epoch = version.floor = this.forked
    Object.assign(this.limits, from.limits)
    this.seed = from.seed
    this.libraries = from.libraries
    for (const [i, ks] of this.list.entries()) {
      const there = from.list[i]
      const { table } = ks
      if (this.noting) this.noteAll(ks, 'restore', key => table.has(key) || there.table.has(key))
      ks.share(there)
    }
    this.hits = this.misses = this.expired = this.expiredFields = this.evicted = 0
    this.stats = this.stats?.fresh(this.host.now()) ?? null
    this.host.clearTimer(this.timer)
    this.timer = undefined
    this.wakeAt = Infinity
    this.rearm()
    if (this.pending) this.commit()
  }

  snapshot(): Snapshot {
    if (this.undo !== null) throw new TypeError('a snapshot cannot be taken inside a transaction')
    const time = this.now()
    const epoch = this.openEpoch()
    this.shares.push(epoch)
    const reader = { epoch, floor: epoch, limits: this.limits }
    let open = true
    return {
      libraries: this.libraries,
      time,
      seed: this.seed,
      tables: this.list.map(ks => ks.table.fork(reader)),
      volatile: this.list.map(ks => ks.volatile),
      timed: this.list.some(ks => ks.holdsTimes()),
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
    // A key whose time is over is none that is exchanged.
    if (this.noting) for (const ks of [a, b]) ks.sweep()
    const exchange = () => {
      const { table, volatile, timed } = a
      a.table = b.table
      a.volatile = b.volatile
      a.timed = b.timed
      b.table = table
      b.volatile = volatile
      b.timed = timed
    }
    this.undo?.rememberAll(exchange)
    exchange()
    if (!this.noting) return
    // Keys that either of the two databases held have changed in both.
    const held = (key: string): boolean => a.table.has(key) || b.table.has(key)
    this.noteAll(a, 'swapdb', held)
    this.noteAll(b, 'swapdb', held)
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
    if (this.depth > 0) {
      this.overslept = true
      return
    }
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
    this.overslept = false
    if (!this.expiring || !this.punctual) return
    let earliest = Infinity
    for (const { table, timed } of this.list) {
      if (table.earliest < earliest) earliest = table.earliest
      if (timed !== null && timed.earliest < earliest) earliest = timed.earliest
    }
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

  /** Stops the timer, and ends all waits. */
  close(): void {
    this.closed = true
    this.waiting.failAll(new ReplyError(lines.storeClosed))
    this.host.clearTimer(this.timer)
    this.timer = undefined
    this.wakeAt = -Infinity
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
