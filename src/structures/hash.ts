import { emptyShape, type Shape } from './shape.ts'
import { longText } from './small.ts'
import { Table } from './table.ts'
import type { Structure, Version } from './version.ts'

/**
 * The value of a hash key: text fields to text values.
 *
 * Up to `SMALL` fields a shape (the shared field list) and an array of values, in the order the fields were added;
 * beyond that, for good, a `Table`.
 *
 * Invariants
 * 1. Exactly one of `table` and (`shape`, `values`) is in use; `values.length` is the number of the shape's fields.
 * 2. `compact` is true as long as Redis would hold the hash in a listpack; it never becomes true again.
 */

/** The most fields that are kept in an array. */
const SMALL = 128
/** Up to here the list of values has no room to spare: a typical record, 72 bytes smaller for it. */
const EXACT = 16
/** hash-max-listpack-entries, which is not how many we keep in an array. */
const COMPACT = 512

export class Hash implements Structure {
  readonly type = 'hash'
  readonly stamp: number
  compact: boolean
  private readonly version: Version
  private readonly seed: number
  private shape: Shape
  private values: string[]
  private table: Table<string> | null

  constructor(version: Version, seed: number) {
    this.stamp = version.epoch
    this.compact = true
    this.version = version
    this.seed = seed
    this.shape = emptyShape()
    this.values = []
    this.table = null
  }

  get size(): number {
    return this.table === null ? this.values.length : this.table.size
  }

  get whole(): boolean {
    return this.table === null
  }

  /** O(1). */
  get(field: string): string | undefined {
    if (this.table !== null) return this.table.get(field)
    const at = this.shape.find(field)
    return at < 0 ? undefined : this.values[at]
  }

  has(field: string): boolean {
    return this.table === null ? this.shape.find(field) >= 0 : this.table.has(field)
  }

  /** True when the field is new. O(1). */
  set(field: string, value: string): boolean {
    if (this.compact && (longText(value) || longText(field))) this.compact = false
    if (this.table !== null) {
      const added = this.table.set(field, value)
      if (this.table.size > COMPACT) this.compact = false
      return added
    }
    const at = this.shape.find(field)
    if (at >= 0) {
      this.values[at] = value
      return false
    }
    if (this.values.length < SMALL) {
      this.shape = this.shape.with(field)
      this.append(value)
      return true
    }
    const table = new Table<string>(this.version, this.seed)
    this.forEach((name, text) => table.set(name, text))
    this.table = table
    this.shape = emptyShape()
    this.values = []
    return table.set(field, value)
  }

  /** Adds to `values`. The engine makes room for 17 at the first push, so a short list gets exactly what it needs. */
  private append(value: string): void {
    const { values } = this
    const { length } = values
    if (length > EXACT) {
      values.push(value)
      return
    }
    const longer = new Array<string>(length + 1)
    for (let i = 0; i < length; i++) longer[i] = values[i]
    longer[length] = value
    this.values = longer
  }

  /** True when the field was there. O(1). */
  delete(field: string): boolean {
    if (this.table !== null) return this.table.delete(field)
    const at = this.shape.find(field)
    if (at < 0) return false
    this.shape = this.shape.without(at)
    this.values.splice(at, 1)
    return true
  }

  forEach(visit: (field: string, value: string) => void): void {
    if (this.table !== null) {
      this.table.forEach(visit)
      return
    }
    const fields = this.shape.fields
    for (let i = 0; i < fields.length; i++) visit(fields[i], this.values[i])
  }

  /** Some entries from `cursor` on; the next cursor, 0 at the end. A small hash is visited at once, as in Redis. */
  scan(cursor: number, count: number, visit: (field: string, value: string) => void): number {
    if (this.table !== null) return this.table.scan(cursor, count, visit)
    this.forEach(visit)
    return 0
  }

  /** A field chosen uniformly. O(1). */
  sample(random: () => number): string | undefined {
    if (this.table !== null) return this.table.sample(random)
    return this.shape.fields[Math.floor(random() * this.values.length)]
  }

  fork(version: Version): Hash {
    const fork = new Hash(version, this.seed)
    fork.compact = this.compact
    if (this.table !== null) fork.table = this.table.fork(version)
    else {
      fork.shape = this.shape
      fork.values = this.values.slice()
    }
    return fork
  }

  check(): void {
    if (this.table !== null) {
      this.table.check()
      if (this.values.length > 0) throw new Error('hash: both forms in use')
    } else {
      const fields = this.shape.fields
      if (fields.length !== this.values.length) throw new Error('hash: values beside the shape')
      if (new Set(fields).size !== fields.length) throw new Error('hash: duplicate field')
      for (let i = 0; i < fields.length; i++) if (this.shape.find(fields[i]) !== i) throw new Error('hash: shape index')
    }
  }
}
