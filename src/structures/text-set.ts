import { parseInteger } from '../util/numbers.ts'
import { longText } from './small.ts'
import { Table } from './table.ts'
import type { Structure, Version } from './version.ts'

/**
 * The value of a set key: distinct texts.
 *
 * Up to `SMALL` members one array; beyond that, for good, a `Table` without values.
 *
 * Invariants
 * 1. Exactly one of `table` and `members` is in use; members are distinct.
 * 2. `encoding` is what Redis 7.4 would answer (limits.ts): intset, then listpack, then hashtable, never back.
 */

const SMALL = 128
/** '-9223372036854775808' has so many characters. */
const LONGEST_INTEGER = 20

export class TextSet implements Structure {
  readonly type = 'set'
  readonly stamp: number
  encoding: 'intset' | 'listpack' | 'hashtable'
  private readonly version: Version
  private readonly seed: number
  private members: string[]
  private table: Table<undefined> | null

  constructor(version: Version, seed: number) {
    this.stamp = version.epoch
    this.encoding = 'intset'
    this.version = version
    this.seed = seed
    this.members = []
    this.table = null
  }

  get size(): number {
    return this.table === null ? this.members.length : this.table.size
  }

  get whole(): boolean {
    return this.table === null
  }

  /** O(1). */
  has(member: string): boolean {
    return this.table === null ? this.members.includes(member) : this.table.has(member)
  }

  /** True when the member is new. O(1). */
  add(member: string): boolean {
    if (this.table !== null) {
      if (!this.table.add(member, undefined)) return false
    } else {
      if (this.members.includes(member)) return false
      if (this.members.length < SMALL) this.members.push(member)
      else {
        const table = new Table<undefined>(this.version, this.seed)
        for (const other of this.members) table.add(other, undefined)
        table.add(member, undefined)
        this.table = table
        this.members = []
      }
    }
    if (this.encoding !== 'hashtable') this.encode(member)
    return true
  }

  private encode(member: string): void {
    const { limits } = this.version
    const size = this.size
    if (this.encoding === 'intset') {
      if (parseInteger(member) !== undefined) {
        if (size <= limits.setIntegers) return
        // A set may begin in the next form, but one that outgrows its integers goes straight to the last.
        this.encoding = size === 1 && limits.setEntries > 0 ? 'listpack' : 'hashtable'
        return
      }
      this.encoding = 'listpack'
      // The integers before it become elements like others.
      if (limits.setValue < LONGEST_INTEGER && this.someLong(limits.setValue)) this.encoding = 'hashtable'
    }
    if (size > limits.setEntries || longText(member, limits.setValue)) this.encoding = 'hashtable'
  }

  private someLong(most: number): boolean {
    let long = false
    this.forEach(member => {
      if (member.length > most) long = true
    })
    return long
  }

  /** Announces so many members, the first of them an integer or not, for which Redis makes room before it adds them. */
  expect(members: number, integer: boolean): void {
    const { setIntegers, setEntries } = this.version.limits
    if (this.size > 0 || this.encoding !== 'intset') {
      if (members > (this.encoding === 'listpack' ? setEntries : setIntegers)) this.encoding = 'hashtable'
    } else if (!integer || members > setIntegers) {
      if (members > setEntries) this.encoding = 'hashtable'
      else if (integer) this.encoding = 'listpack'
    }
  }

  /** True when the member was there. O(1). */
  delete(member: string): boolean {
    if (this.table !== null) return this.table.delete(member)
    const at = this.members.indexOf(member)
    if (at < 0) return false
    this.members.splice(at, 1)
    return true
  }

  forEach(visit: (member: string) => void): void {
    if (this.table !== null) this.table.forEach(visit)
    else for (let i = 0; i < this.members.length; i++) visit(this.members[i])
  }

  /** Some members from `cursor` on; the next cursor, 0 at the end. A small set is visited at once, as in Redis. */
  scan(cursor: number, count: number, visit: (member: string) => void): number {
    if (this.table !== null) return this.table.scan(cursor, count, visit)
    this.forEach(visit)
    return 0
  }

  /** A member chosen uniformly. O(1). */
  sample(random: () => number): string | undefined {
    if (this.table !== null) return this.table.sample(random)
    return this.members[Math.floor(random() * this.members.length)]
  }

  fork(version: Version): TextSet {
    const fork = new TextSet(version, this.seed)
    fork.encoding = this.encoding
    if (this.table !== null) fork.table = this.table.fork(version)
    else fork.members = this.members.slice()
    return fork
  }

  check(): void {
    if (this.table !== null) {
      this.table.check()
      if (this.members.length > 0) throw new Error('set: both forms in use')
    } else if (new Set(this.members).size !== this.members.length) throw new Error('set: duplicate member')
  }
}
