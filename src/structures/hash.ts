import { LONGEST, pack, packedAt, packedWith, packedWithout, unpack, unpackPairs } from './packed.ts'
import { emptyShape, type Shape } from './shape.ts'
import { longText } from './small.ts'
import { Table } from './table.ts'
import type { Structure, Version } from './version.ts'

/**
 * The value of a hash key: text fields to text values.
 *
 * Up to `SMALL` fields a shape (the shared field list) and, in the order the fields were added, the values: in one
 * string (packed.ts) as long as there are no more than `PACKED` and none is long, else in an array. Beyond `SMALL`, for
 * good, a `Table`.
 *
 * Invariants
 * 1. `body` is a packed string or an array of as many values as `shape` has fields, or a table, and then `shape` is empty.
 * 2. `compact` is true as long as Redis would hold the hash in a listpack; it never becomes true again.
 */

/** The most fields whose values are kept in one string: changing one copies them all. */
const PACKED = 16
/** The most fields that are kept in an array. */
const SMALL = 128

export class Hash implements Structure {
  readonly type = 'hash'
  readonly stamp: number
  compact: boolean
  private readonly version: Version
  private readonly seed: number
  private shape: Shape
  private body: string | string[] | Table<string>

  constructor(version: Version, seed: number) {
    this.stamp = version.epoch
    this.compact = true
    this.version = version
    this.seed = seed
    this.shape = emptyShape()
    this.body = ''
  }

  get size(): number {
    return this.body instanceof Table ? this.body.size : this.shape.fields.length
  }

  get whole(): boolean {
    return !(this.body instanceof Table)
  }

  /** O(1). */
  get(field: string): string | undefined {
    const { body, shape } = this
    if (body instanceof Table) return body.get(field)
    const at = shape.find(field)
    if (at < 0) return undefined
    return typeof body === 'string' ? packedAt(body, shape.fields.length, at) : body[at]
  }

  has(field: string): boolean {
    return this.body instanceof Table ? this.body.has(field) : this.shape.find(field) >= 0
  }

  /** True when the field is new. O(1). */
  set(field: string, value: string): boolean {
    const { limits } = this.version
    if (this.compact && (longText(value, limits.hashValue) || longText(field, limits.hashValue))) this.compact = false
    const added = this.body instanceof Table ? this.body.set(field, value) : this.setSmall(field, value)
    // Redis looks after every write, also one that added no field.
    if (this.compact && this.size > limits.hashEntries) this.compact = false
    return added
  }

  private setSmall(field: string, value: string): boolean {
    const { fields } = this.shape
    const at = this.shape.find(field)
    if (at < 0 && fields.length === SMALL) {
      const table = new Table<string>(this.version, this.seed)
      this.forEach((name, text) => void table.add(name, text))
      this.shape = emptyShape()
      this.body = table
      return table.add(field, value)
    }
    const place = at < 0 ? fields.length : at
    if (typeof this.body === 'string' && value.length <= LONGEST && place < PACKED) {
      this.body = packedWith(this.body, fields.length, place, value)
    } else {
      const values = this.unpacked()
      if (at < 0) values.push(value)
      else values[at] = value
    }
    if (at < 0) this.shape = this.shape.with(field)
    return at < 0
  }

  /** Sets all of the fields and values, given in turns; how many fields are new. */
  setAll(pairs: readonly string[]): number {
    // Several values are set in an array, because each of them would copy the whole string.
    const several = pairs.length > 2 && this.size < PACKED
    if (several) this.unpacked()
    let added = 0
    for (let i = 0; i < pairs.length; i += 2) if (this.set(pairs[i], pairs[i + 1])) added++
    if (several) this.pack()
    return added
  }

  /** The values of a small hash, in an array from now on. */
  private unpacked(): string[] {
    if (typeof this.body === 'string') this.body = unpack(this.body, this.shape.fields.length)
    return this.body as string[]
  }

  /** Puts the values of a small hash into one string, if they may be. */
  private pack(): void {
    const { body } = this
    if (Array.isArray(body) && body.length <= PACKED && body.every(fits)) this.body = pack(body)
  }

  /** True when the field was there. O(1). */
  delete(field: string): boolean {
    const { body, shape } = this
    if (body instanceof Table) return body.delete(field)
    const at = shape.find(field)
    if (at < 0) return false
    if (typeof body === 'string') this.body = packedWithout(body, shape.fields.length, at)
    else body.splice(at, 1)
    this.shape = shape.without(at)
    return true
  }

  forEach(visit: (field: string, value: string) => void): void {
    const { body } = this
    if (body instanceof Table) {
      body.forEach(visit)
      return
    }
    const { fields } = this.shape
    const values = typeof body === 'string' ? unpack(body, fields.length) : body
    for (let i = 0; i < fields.length; i++) visit(fields[i], values[i])
  }

  /** Fields and values in turns. */
  pairs(): string[] {
    const { body, shape } = this
    if (body instanceof Table) {
      const pairs: string[] = []
      body.forEach((field, value) => void pairs.push(field, value))
      return pairs
    }
    const { fields } = shape
    if (typeof body === 'string') return unpackPairs(fields, body)
    const pairs: string[] = []
    for (let i = 0; i < fields.length; i++) pairs.push(fields[i], body[i])
    return pairs
  }

  /** Some entries from `cursor` on; the next cursor, 0 at the end. A small hash is visited at once, as in Redis. */
  scan(cursor: number, count: number, visit: (field: string, value: string) => void): number {
    if (this.body instanceof Table) return this.body.scan(cursor, count, visit)
    this.forEach(visit)
    return 0
  }

  /** A field chosen uniformly. O(1). */
  sample(random: () => number): string | undefined {
    if (this.body instanceof Table) return this.body.sample(random)
    const { fields } = this.shape
    return fields[Math.floor(random() * fields.length)]
  }

  fork(version: Version): Hash {
    const fork = new Hash(version, this.seed)
    const { body } = this
    fork.compact = this.compact
    fork.shape = this.shape
    fork.body = body instanceof Table ? body.fork(version) : typeof body === 'string' ? body : body.slice()
    return fork
  }

  check(): void {
    const { body, shape } = this
    const { fields } = shape
    if (body instanceof Table) {
      body.check()
      if (fields.length > 0) throw new Error('hash: both forms in use')
      return
    }
    const values = typeof body === 'string' ? unpack(body, fields.length) : body
    if (fields.length !== values.length) throw new Error('hash: values beside the shape')
    if (typeof body === 'string' && (fields.length > PACKED || pack(values) !== body)) throw new Error('hash: packed')
    if (new Set(fields).size !== fields.length) throw new Error('hash: duplicate field')
    for (let i = 0; i < fields.length; i++) if (shape.find(fields[i]) !== i) throw new Error('hash: shape index')
  }
}

function fits(value: string): boolean {
  return value.length <= LONGEST
}
