import type { Keyspace, TypeName } from './keyspace.ts'
import { canonical } from './util/text.ts'

/** What happened to a key, in the words of Redis' keyspace notifications. */
export interface KeyEvent {
  readonly db: number
  /** The notification: `set`, `lpush`, `expired`, … */
  readonly event: string
  /** The type of the value, or `key` for what concerns the key itself. */
  readonly about: TypeName | 'key'
  readonly key: string
  /** The fields of a hash that it concerns, with `hset`, `hdel`, `hexpire`, `hpersist`, `hexpired` and the like. */
  readonly fields?: readonly string[]
}

/** A change that is not yet delivered: of one key, or of all keys of a database when `key` is null. */
export interface Change {
  readonly ks: Keyspace
  readonly key: string | null
  readonly event: string
  readonly about: TypeName | 'key'
  readonly fields?: readonly string[] | undefined
  /** For a database: whether a key was in it before the change. */
  readonly held?: (key: string) => boolean
}

/** Who is interested in which keys, in the order in which they said so. */
export class Interest<T> {
  private readonly databases: Map<Keyspace, Map<string, Set<T>>> = new Map()

  get size(): number {
    return this.databases.size
  }

  add(ks: Keyspace, key: string, one: T): void {
    let keys = this.databases.get(ks)
    if (keys === undefined) this.databases.set(ks, (keys = new Map()))
    let all = keys.get(key)
    if (all === undefined) keys.set(key, (all = new Set()))
    all.add(one)
  }

  remove(ks: Keyspace, key: string, one: T): void {
    const keys = this.databases.get(ks)
    const all = keys?.get(key)
    if (keys === undefined || all === undefined) return
    all.delete(one)
    if (all.size > 0) return
    keys.delete(key)
    if (keys.size === 0) this.databases.delete(ks)
  }

  /** Those interested in a key: a copy, because they may go while they are told. */
  at(ks: Keyspace, key: string): T[] {
    const all = this.databases.get(ks)?.get(key)
    return all === undefined ? [] : [...all]
  }

  has(ks: Keyspace, key: string): boolean {
    return this.databases.get(ks)?.has(key) === true
  }

  /** The keys of a database that somebody is interested in. */
  keys(ks: Keyspace): string[] {
    const keys = this.databases.get(ks)
    return keys === undefined ? [] : [...keys.keys()]
  }
}

/** Keys that are watched for changes, as WATCH does: `changed` becomes true, for good, with the first change of one. */
export class Watch {
  changed: boolean
  private readonly watched: Interest<Watch>
  private readonly keys: (readonly [Keyspace, string])[]
  private readonly noticed: () => void

  constructor(watched: Interest<Watch>, noticed: () => void) {
    this.changed = false
    this.watched = watched
    this.keys = []
    this.noticed = noticed
  }

  add(ks: Keyspace, given: string): void {
    const key = canonical(given)
    // What is past its time goes now, so that its going is no change.
    ks.find(key)
    this.keys.push([ks, key])
    this.watched.add(ks, key, this)
    this.noticed()
  }

  /** How many keys are watched. */
  get size(): number {
    return this.keys.length
  }

  /** True unless a key was changed or has expired. */
  holds(): boolean {
    for (const [ks, key] of this.keys) ks.find(key)
    return !this.changed
  }

  end(): void {
    for (const [ks, key] of this.keys) this.watched.remove(ks, key, this)
    this.keys.length = 0
    this.noticed()
  }
}
