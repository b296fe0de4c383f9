import type { Databases } from './databases.ts'
import { lines, ReplyError } from './errors.ts'
import { Bytes } from './structures/bytes.ts'
import { Hash } from './structures/hash.ts'
import { List } from './structures/list.ts'
import { SortedSet } from './structures/sorted-set.ts'
import { Stream } from './structures/stream.ts'
import { Table } from './structures/table.ts'
import { TextSet } from './structures/text-set.ts'
import type { Version } from './structures/version.ts'

/** What a key can hold. A string value is text, a number (an integer, exact) or bytes, whichever it last was. */
export type Value = Text | Structures[Type]
export type Text = string | number | Bytes

export interface Structures {
  hash: Hash
  list: List
  set: TextSet
  zset: SortedSet
  stream: Stream
}
export type Type = keyof Structures
export type TypeName = Type | 'string'

/** One argument of an effect. */
export type EffectArg = string | number | bigint | Uint8Array

const make: { [T in Type]: (version: Version, seed: number) => Structures[T] } = {
  hash: (version, seed) => new Hash(version, seed),
  list: version => new List(version),
  set: (version, seed) => new TextSet(version, seed),
  zset: (version, seed) => new SortedSet(version, seed),
  stream: (version, seed) => new Stream(version, seed),
}

/** The type of a value in the words of TYPE. */
export function typeOf(value: Value): TypeName {
  return typeof value === 'object' ? value.type : 'string'
}

/**
 * One database: its keys, their values and their expiry times. Ops see nothing else of the store. Keys are taken as
 * they were given: the table finds a key whether it is canonical or not, and keeps canonical ones.
 *
 * A change leaves an op by `changed`, `put`, `setTime` or `remove` alone, each of which notes it for transactions,
 * watchers and events; the op itself reports the effect when `logging` says that somebody keeps a log.
 */
export class Keyspace {
  readonly index: number
  readonly databases: Databases
  table: Table<Value>
  /** True when effects are wanted. */
  logging: boolean
  /** True when somebody watches keys or listens to events. */
  noting: boolean
  /** Keys with an expiry time. */
  volatile: number
  /**
   * The keys whose hash has a field with an expiry time, each with a time at or before the earliest of them; null until
   * there is one. A key whose fields have lost their times stays until it is due, or goes.
   */
  timed: Table<true> | null

  constructor(databases: Databases, index: number, table: Table<Value>) {
    this.index = index
    this.databases = databases
    this.table = table
    this.logging = databases.logging
    this.noting = databases.noting
    this.volatile = 0
    this.timed = null
  }

  get size(): number {
    return this.table.size
  }

  /** The value of a live key; counts a hit or a miss. O(1). */
  lookup(key: string): Value | undefined {
    // Without expiry times there is no need to know where the key stands, which saves two stores.
    const value = this.table.timed || this.timed !== null ? this.find(key) : this.table.get(key)
    if (value !== undefined) this.databases.hits++
    else {
      this.databases.misses++
      if (this.noting) this.databases.noteIf('keymiss', this, key)
    }
    return value
  }

  /**
   * The value of a live key, which is then where the table stands. An expired key goes at sight, and so do the expired
   * fields of a hash. O(1), and O(1) for each such field.
   */
  find(key: string): Value | undefined {
    const table = this.table
    if (!table.find(key)) return undefined
    const segment = table.segment
    if (segment.times !== null) {
      const time = segment.times[table.at]
      if (time !== 0 && time < this.databases.now() && this.databases.expiring) {
        this.expire(key)
        return undefined
      }
    }
    const value = segment.value(table.at)
    if (this.timed !== null && typeof value === 'object' && value.type === 'hash') return this.without(key, value)
    return value
  }

  /** The hash that `find` has found, without the fields that are past their time; undefined when none are left. */
  private without(key: string, hash: Hash): Hash | undefined {
    if (hash.earliest === Infinity || !this.databases.expiring) return hash
    const now = this.databases.now()
    if (hash.earliest >= now) return hash
    const left = this.expireFields(key, hash, now, never)
    // What follows may change the table where it stands.
    if (left !== undefined) this.table.find(key)
    return left
  }

  /** The structure of the key, undefined when the key is absent. Throws WRONGTYPE. */
  read<T extends Type>(key: string, type: T): Structures[T] | undefined {
    const value = this.lookup(key)
    if (value === undefined) return undefined
    return structure(value, type)
  }

  /** As `read`, for changing what is there. */
  modify<T extends Type>(key: string, type: T): Structures[T] | undefined {
    const value = this.find(key)
    if (value === undefined) return undefined
    return this.writable(key, structure(value, type))
  }

  /** As `modify`, but an absent key is created empty: the caller must add to it and say `changed`. */
  write<T extends Type>(key: string, type: T): Structures[T] {
    const value = this.find(key)
    if (value !== undefined) return this.writable(key, structure(value, type))
    this.databases.mayWrite()
    if (this.databases.undo !== null) this.databases.undo.remember(this, key)
    const made = make[type](this.databases.values, this.databases.seed) as Structures[T]
    this.table.set(key, made)
    if (this.noting) this.databases.noteIf('new', this, key)
    return made
  }

  /** A structure that is in no key yet. */
  create<T extends Type>(type: T): Structures[T] {
    return make[type](this.databases.values, this.databases.seed) as Structures[T]
  }

  /** The bytes of the key, for writing byte by byte; absent: empty. The key must hold a string or nothing. */
  writeBytes(key: string, toBytes: (text: string) => Uint8Array): Bytes {
    return this.writeBytesFound(key, this.find(key), toBytes)
  }

  /** As `writeBytes`, for the key whose value `find` has just found. */
  writeBytesFound(key: string, value: Value | undefined, toBytes: (text: string) => Uint8Array): Bytes {
    if (value instanceof Bytes) return this.writable(key, value)
    this.databases.mayWrite()
    if (this.databases.undo !== null) this.databases.undo.remember(this, key)
    if (typeof value === 'object') throw new ReplyError(lines.wrongType)
    const bytes = new Bytes(this.databases.values, value === undefined ? new Uint8Array(0) : toBytes(String(value)))
    if (this.table.set(key, bytes) && this.noting) this.databases.noteIf('new', this, key)
    return bytes
  }

  /** Bytes that are in no key yet; takes over the array. */
  bytes(array: Uint8Array): Bytes {
    return new Bytes(this.databases.values, array)
  }

  /** Where the table stands at `key`: the value itself when nobody else sees it, else a copy, put in its place. */
  private writable<V extends Bytes | Structures[Type]>(key: string, value: V): V {
    this.databases.mayWrite()
    this.rememberFound(key)
    if (value.stamp >= this.databases.values.floor) return value
    const own = value.fork(this.databases.values) as V
    this.table.setAt(own)
    return own
  }

  /** Notes that fields of the key expire, the earliest of them at `time` or later. O(1). */
  noteTimes(key: string, time: number): void {
    this.timed ??= new Table<true>(this.databases.keys, this.databases.seed)
    this.timed.add(key, true)
    this.timed.setTimeAt(time)
    if (time < this.databases.wakeAt) this.databases.wake(time)
  }

  /** The key holds another value than before. */
  private noteValue(key: string, value: Value): void {
    const time = typeof value === 'object' && value.type === 'hash' ? value.earliest : Infinity
    if (time !== Infinity) this.noteTimes(key, time)
    else if (this.timed !== null) this.forgetTimes(key)
  }

  private forgetTimes(key: string): void {
    if (this.timed?.delete(key) && this.timed.size === 0) this.timed = null
  }

  /** Remembers the key that `find` has found for the open transaction, if there is one; the table stands there still. */
  private rememberFound(key: string): void {
    if (this.databases.undo === null) return
    this.databases.undo.remember(this, key)
    this.table.find(key)
  }

  /** Takes out the key that the table stands at. */
  private deleteFound(): void {
    const { table } = this
    if (table.timeAt() !== 0) this.volatile--
    if (this.timed !== null) {
      const value = table.valueAt()
      if (typeof value === 'object' && value.type === 'hash') this.forgetTimes(table.keyAt())
    }
    table.deleteAt()
  }

  /** Says that the structure of the key was changed, of a hash which fields; an empty one goes. */
  changed(key: string, value: { readonly size: number }, event: string, fields?: readonly string[]): void {
    if (this.noting) this.databases.note(this, key, event, typeOf(value as Value), fields)
    if (value.size === 0) this.drop(key)
  }

  /** Says that the string in the key was changed in place. */
  changedString(key: string, event: string): void {
    if (this.noting) this.databases.note(this, key, event, 'string')
  }

  /**
   * Gives the key a value, whatever it held, and the time at which it expires; 0, the default, for never. With
   * `told` the caller has told listeners already that the key is a new one, as Redis does before the old one goes.
   */
  put(key: string, value: Value, event: string, time = 0, told = false): void {
    this.databases.mayWrite()
    if (this.databases.undo !== null) this.databases.undo.remember(this, key)
    const table = this.table
    if (this.noting) this.noteOverwriting(key, value, told)
    const added = table.set(key, value)
    if (isTimed(value) || (this.timed !== null && !added)) this.noteValue(key, value)
    if (time !== 0) this.setTimeHere(time)
    else if (table.timeAt() !== 0) {
      table.setTimeAt(0)
      this.volatile--
    }
    if (!this.noting) return
    this.databases.note(this, key, event, typeOf(value))
    if (time !== 0) this.databases.note(this, key, 'expire', 'key')
  }

  /** Says what becomes of a key that `put` is about to write: listeners alone ask for it, and for the clock. */
  private noteOverwriting(key: string, value: Value, told: boolean): void {
    const { table, databases } = this
    const there = table.find(key)
    if (there && table.timeAt() !== 0 && table.timeAt() < databases.now() && databases.expiring) {
      databases.expired++
      databases.note(this, key, 'expired', 'key')
    } else if (told) return
    else if (there) {
      databases.noteIf('overwritten', this, key)
      if (typeOf(table.valueAt()) !== typeOf(value)) databases.noteIf('type_changed', this, key)
      return
    }
    if (!told) databases.noteIf('new', this, key)
  }

  /** Gives the key a value and keeps its expiry time. */
  replace(key: string, value: Value, event: string): void {
    this.databases.mayWrite()
    if (this.databases.undo !== null) this.databases.undo.remember(this, key)
    if (this.table.set(key, value) && this.noting) this.databases.noteIf('new', this, key)
    if (this.timed !== null || isTimed(value)) this.noteValue(key, value)
    if (this.noting) this.databases.note(this, key, event, typeOf(value))
  }

  /** As `replace`, for the key that `find` has just found, without looking for it again. */
  replaceFound(key: string, value: Value, event: string): void {
    this.databases.mayWrite()
    this.rememberFound(key)
    this.table.setAt(value)
    if (this.timed !== null || isTimed(value)) this.noteValue(key, value)
    if (this.noting) this.databases.note(this, key, event, typeOf(value))
  }

  /** Removes a live key; true when it was there. */
  remove(key: string, event = 'del'): boolean {
    if (this.find(key) === undefined) return false
    this.databases.mayWrite()
    this.rememberFound(key)
    this.deleteFound()
    if (this.noting) this.databases.note(this, key, event, 'key')
    return true
  }

  /** The collection in the key has become empty. */
  private drop(key: string): void {
    if (!this.table.find(key)) return
    this.deleteFound()
    if (this.noting) this.databases.note(this, key, 'del', 'key')
  }

  /** The key that the table stands at is past its time. */
  private expire(key: string): void {
    // A rollback drops the effect, so it must bring the key back too: it will expire again, and be logged then.
    this.rememberFound(key)
    this.deleteFound()
    this.databases.expired++
    if (this.noting) this.databases.note(this, key, 'expired', 'key')
    if (this.logging) this.effect('DEL', key)
  }

  /**
   * Takes fields that were due before `now` out of the hash in the key, which goes with its last field, until `stop` says
   * so. Returns what is left. The caller's `hash` is not to be used any more.
   */
  private expireFields(key: string, hash: Hash, now: number, stop: () => boolean): Hash | undefined {
    const { databases } = this
    if (databases.undo !== null) databases.undo.remember(this, key)
    let own = hash
    if (hash.stamp < databases.values.floor) {
      own = hash.fork(databases.values)
      this.table.set(key, own)
    }
    const expired: string[] = []
    while (own.earliest < now) {
      for (const field of own.takeDue(now)) expired.push(field)
      if (stop()) break
    }
    if (expired.length > 0) {
      databases.expiredFields += expired.length
      this.changed(key, own, 'hexpired', expired)
      if (this.logging) this.effectList(['HDEL', key, ...expired])
    }
    return own.size > 0 ? own : undefined
  }

  /** Removes every key and every field of a hash that is due at `now`, until `stop` says so; true when some may be left. */
  expireDue(now: number, stop: () => boolean): boolean {
    const table = this.table
    while (table.earliest < now) {
      for (const key of table.takeDue(now)) if (table.find(key)) this.expire(key)
      if (stop()) return true
    }
    while (this.timed !== null && this.timed.earliest < now) {
      const keys = this.timed.takeDue(now)
      for (let i = 0; i < keys.length; i++) {
        this.expireFieldsOf(keys[i], now, stop)
        if (!stop()) continue
        // The table counts on all of them being done with.
        for (const key of keys.slice(i + 1)) if (this.timed?.find(key)) this.timed.setTimeAt(this.timed.timeAt())
        return true
      }
    }
    return false
  }

  /** The noted time of a key has come. */
  private expireFieldsOf(key: string, now: number, stop: () => boolean): void {
    const value = this.table.find(key) ? this.table.valueAt() : undefined
    if (typeof value !== 'object' || value.type !== 'hash') return this.forgetTimes(key)
    const left = this.expireFields(key, value, now, stop)
    if (left === undefined) return
    if (left.earliest === Infinity) this.forgetTimes(key)
    else if (this.timed?.find(key)) this.timed.setTimeAt(left.earliest)
  }

  /** Removes what is due, before somebody looks at all keys at once. */
  sweep(): void {
    if (this.databases.expiring) this.expireDue(this.databases.now(), () => false)
  }

  /** When the live key expires, in milliseconds since 1970; 0 for never. The key must exist. */
  time(key: string): number {
    return this.table.find(key) ? this.table.timeAt() : 0
  }

  /** Sets when the key, which must exist, expires; 0 for never. */
  setTime(key: string, time: number, event: string): void {
    this.databases.mayWrite()
    if (this.databases.undo !== null) this.databases.undo.remember(this, key)
    if (!this.table.find(key)) return
    this.setTimeHere(time)
    if (this.noting && event !== '') this.databases.note(this, key, event, 'key')
  }

  private setTimeHere(time: number): void {
    const table = this.table
    const old = table.timeAt()
    if (old === 0 && time !== 0) this.volatile++
    else if (old !== 0 && time === 0) this.volatile--
    table.setTimeAt(time)
    if (time !== 0 && time < this.databases.wakeAt) this.databases.wake(time)
  }

  /** Takes the key to a state that it had: the way back of transactions. */
  restore(key: string, value: Value | undefined, time: number): void {
    if (value === undefined) {
      if (this.table.find(key)) this.deleteFound()
      return
    }
    this.insert(key, value, time)
  }

  /** Puts a key in as it was kept somewhere, without telling anybody; true when it is new. */
  insert(key: string, value: Value, time: number): boolean {
    const added = this.table.set(key, value)
    if (isTimed(value) || (this.timed !== null && !added)) this.noteValue(key, value)
    if (time !== 0 || !added) this.setTimeHere(time)
    return added
  }

  /** Takes over what another keyspace holds: from then on both share it, chunk by chunk. */
  share(from: Keyspace): void {
    const { keys } = this.databases
    this.table = from.table.fork(keys)
    this.volatile = from.volatile
    this.timed = from.timed?.fork(keys) ?? null
  }

  /** Visits live keys as `Table.scan` does; returns the next cursor. */
  scan(cursor: number, count: number, visit: (key: string, value: Value) => void): number {
    const now = this.databases.now()
    const expiring = this.databases.expiring
    const hashes = this.timed !== null && expiring
    return this.table.scan(cursor, count, (key, value, time) => {
      if ((time === 0 || time >= now || !expiring) && (!hashes || lives(value, now))) visit(key, value)
    })
  }

  /** Visits every live key. */
  forEach(visit: (key: string, value: Value, time: number) => void): void {
    const now = this.databases.now()
    const expiring = this.databases.expiring
    const hashes = this.timed !== null && expiring
    this.table.forEach((key, value, time) => {
      if ((time === 0 || time >= now || !expiring) && (!hashes || lives(value, now))) visit(key, value, time)
    })
  }

  /** Removes every key. O(1). */
  flush(): void {
    this.databases.mayWrite()
    if (this.table.size === 0) return
    const { table } = this
    this.empty()
    if (this.noting) this.databases.noteAll(this, 'flushdb', key => table.has(key))
  }

  /** Begins with an empty table; nobody is told. */
  empty(): void {
    const { table, volatile, timed } = this
    this.databases.undo?.rememberAll(() => {
      this.table = table
      this.volatile = volatile
      this.timed = timed
    })
    this.table = new Table<Value>(this.databases.keys, this.databases.seed)
    this.volatile = 0
    this.timed = null
  }

  /** True when a field of a hash has an expiry time. O(1) for every key that is noted and has none any more. */
  holdsTimes(): boolean {
    const { timed } = this
    if (timed === null) return false
    let found = false
    let cursor = 0
    do {
      cursor = timed.scan(cursor, 16, key => {
        const value = this.table.get(key)
        found ||= typeof value === 'object' && value.type === 'hash' && value.holdsTimes()
      })
    } while (!found && cursor !== 0)
    return found
  }

  /** Reports a change in Redis' own words, made deterministic, for the log. Ask `logging` first. */
  effect(...argv: EffectArg[]): void {
    this.databases.effect(this.index, argv)
  }

  /** As `effect`, for one with so many arguments that the stack would not hold them. Takes over the list. */
  effectList(argv: EffectArg[]): void {
    this.databases.effect(this.index, argv)
  }
}

const never = (): boolean => false

/** True for a hash that has a field with an expiry time, or had one. */
function isTimed(value: Value): boolean {
  return typeof value === 'object' && value.type === 'hash' && value.timed
}

/** False for a hash of which nothing is left. */
function lives(value: Value, now: number): boolean {
  return typeof value !== 'object' || value.type !== 'hash' || value.holdsOn(now)
}

function structure<T extends Type>(value: Value, type: T): Structures[T] {
  if (typeof value !== 'object' || value.type !== type) throw new ReplyError(lines.wrongType)
  return value as Structures[T]
}
