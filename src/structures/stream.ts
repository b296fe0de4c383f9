import { addInt64 } from '../util/numbers.ts'
import { Idempotency } from './idempotency.ts'
import { Group } from './stream-group.ts'
import { compareIds, FIRST, type Id } from './stream-id.ts'
import { StreamLog, type TrimRule } from './stream-log.ts'
import { Table } from './table.ts'
import type { Structure, Version } from './version.ts'

/**
 * The value of a stream key: its entries (stream-log.ts), what it remembers of those that are gone, its consumer groups
 * (stream-group.ts), and what it remembers of its producers (idempotency.ts).
 *
 * Invariants
 * 1. No entry is after `last`, and no id that was ever deleted with XDEL is after `maxDeleted`.
 * 2. `groups` is null until there is one, `idempotency` until a producer names itself or XCFGSET is used.
 */
export class Stream implements Structure {
  readonly type = 'stream'
  readonly stamp: number
  /** Never zero: a stream without entries stays. */
  readonly size = 1
  readonly whole = false
  /** The last id that was given out, 0-0 when none was. */
  last: Id
  /** The greatest id that was deleted, 0-0 when none was. */
  maxDeleted: Id
  /** How many entries were ever added. */
  added: number | bigint
  readonly log: StreamLog
  idempotency: Idempotency | null
  private readonly version: Version
  private readonly seed: number
  private groups: Table<Group> | null

  constructor(version: Version, seed: number, log: StreamLog = new StreamLog(version)) {
    this.stamp = version.epoch
    this.last = FIRST
    this.maxDeleted = FIRST
    this.added = 0
    this.log = log
    this.idempotency = null
    this.version = version
    this.seed = seed
    this.groups = null
  }

  fork(version: Version): Stream {
    const fork = new Stream(version, this.seed, this.log.fork(version))
    fork.last = this.last
    fork.maxDeleted = this.maxDeleted
    fork.added = this.added
    if (this.groups !== null) fork.groups = this.groups.fork(version)
    if (this.idempotency !== null) fork.idempotency = this.idempotency.fork(version)
    return fork
  }

  /** How many entries there are. */
  get length(): number {
    return this.log.size
  }

  /** The first id, 0-0 when there is none. */
  get first(): Id {
    return this.log.first() ?? FIRST
  }

  /** Adds an entry with an id after `last`. */
  append(id: Id, pairs: readonly string[]): void {
    this.log.append(id, pairs)
    this.last = id
    this.added = addInt64(this.added, 1) ?? this.added
  }

  /** What is remembered of producers, from now on if nothing was. */
  get remembering(): Idempotency {
    return (this.idempotency ??= new Idempotency(this.version, this.seed))
  }

  /** True when there was such an entry. O(log n). */
  delete(id: Id): boolean {
    if (!this.log.delete(id)) return false
    if (compareIds(id, this.maxDeleted) > 0) this.maxDeleted = id
    return true
  }

  /** As StreamLog.trim. */
  trim(rule: TrimRule, gone?: (id: Id) => void): number {
    return this.log.trim(rule, gone)
  }

  // ---- groups -----------------------------------------------------------------------------------------------------

  get groupCount(): number {
    return this.groups === null ? 0 : this.groups.size
  }

  group(name: string): Group | undefined {
    return this.groups?.get(name)
  }

  /** The group, for writing; it must exist. */
  ownGroup(name: string): Group {
    const groups = this.groups as Table<Group>
    const group = groups.get(name) as Group
    if (group.stamp >= this.version.floor) return group
    const copy = group.fork(this.version, this.seed)
    groups.set(name, copy)
    return copy
  }

  /** Adds a group; undefined when there is one of that name. */
  addGroup(name: string, last: Id, read: number | bigint): Group | undefined {
    this.groups ??= new Table<Group>(this.version, this.seed)
    if (this.groups.has(name)) return undefined
    const group = new Group(this.version, this.seed, last, read)
    this.groups.set(name, group)
    return group
  }

  removeGroup(name: string): boolean {
    if (this.groups === null || !this.groups.delete(name)) return false
    if (this.groups.size === 0) this.groups = null
    return true
  }

  forEachGroup(visit: (name: string, group: Group) => void): void {
    this.groups?.forEach(visit)
  }

  /** Takes an entry out of what is pending anywhere; the names of the groups where it was. */
  forget(id: Id): string[] {
    const names: string[] = []
    this.forEachGroup((name, group) => {
      if (group.get(id) !== undefined) names.push(name)
    })
    for (const name of names) this.ownGroup(name).acknowledge(id)
    return names
  }

  /** Whether some group has yet to read an entry, or to acknowledge it. O(groups × log n). */
  isReferenced(id: Id): boolean {
    let referenced = false
    this.forEachGroup((_, group) => {
      referenced ||= compareIds(id, group.last) > 0 || group.get(id) !== undefined
    })
    return referenced
  }

  // ---- how far groups have read -----------------------------------------------------------------------------------

  /** Whether an entry between `from` and the end was deleted, so that ids do not count entries any more. */
  private hasGapAfter(from: Id): boolean {
    const { maxDeleted } = this
    return this.length > 0 && compareIds(maxDeleted, FIRST) !== 0 && compareIds(from, maxDeleted) <= 0
  }

  /** How many of all entries that ever were stood up to `id`; -1 when that cannot be known. */
  readUpTo(id: Id): number | bigint {
    const { added, maxDeleted, first } = this
    if (added === 0) return 0
    if (this.length === 0 && compareIds(id, this.last) <= 0) return added
    if (compareIds(id, FIRST) !== 0 && compareIds(id, maxDeleted) < 0) return -1
    const order = compareIds(id, this.last)
    if (order === 0) return added
    if (order > 0) return -1
    if (compareIds(maxDeleted, FIRST) === 0 || compareIds(maxDeleted, first) < 0) {
      const ahead = compareIds(id, first)
      if (ahead < 0) return addInt64(added, -this.length) ?? -1
      if (ahead === 0) return addInt64(added, 1 - this.length) ?? -1
    }
    return -1
  }

  /** How many entries the group has not read yet; null when that cannot be known. */
  lagOf(group: Group): number | bigint | null {
    const { added, first } = this
    if (added === 0 || this.length === 0) return 0
    if (compareIds(group.last, first) < 0 && compareIds(this.maxDeleted, first) < 0) return this.length
    if (group.read !== -1 && !this.hasGapAfter(group.last)) return minus(added, group.read)
    const read = this.readUpTo(group.last)
    return read === -1 ? null : minus(added, read)
  }

  /** Notes that a group, which may be written, has read up to the entry `id`, one after what it had read. */
  advance(group: Group, id: Id): void {
    const counts = group.read !== -1 && compareIds(group.last, this.first) >= 0 && !this.hasGapAfter(group.last)
    if (counts) group.read = addInt64(group.read, 1) ?? group.read
    else if (this.added !== 0) group.read = this.readUpTo(id)
    group.last = id
  }

  check(): void {
    this.log.check()
    this.idempotency?.check()
    const last = this.log.last()
    if (last !== undefined && compareIds(last, this.last) > 0) throw new Error('stream: an entry after the last id')
    if (this.groups === null) return
    this.groups.check()
    if (this.groups.size === 0) throw new Error('stream: an empty table of groups')
    this.groups.forEach((_, group) => group.check())
  }
}

function minus(a: number | bigint, b: number | bigint): number | bigint {
  return addInt64(a, -b) ?? 0
}
