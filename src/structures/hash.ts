import { LONGEST, PACKED, pack, packedAt, packedWith, packedWithout, unpack, unpackPairs } from './packed.ts'
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
 * A field may have a time at which it expires. A small hash keeps the times beside the values, a large one in its table.
 * Who holds the hash takes due fields out (`takeDue`); until then they are fields like any other.
 *
 * Invariants
 * 1. `body` is a packed string or an array of as many values as `shape` has fields, or a table, and then `shape` is empty.
 * 2. `compact` is true as long as Redis would hold the hash in a listpack; it never becomes true again.
 * 3. `times` is null until a field first gets a time, and never again after that. In a small hash `times.at` has a time for
 *    each field, 0 for never, and `times.least` is at or before the earliest of them; in a large one `times.at` is empty.
 */

/** The most fields that are kept in an array. */
const SMALL = 128

/** When the fields of a small hash expire. */
interface FieldTimes {
  readonly at: number[]
  least: number
}

export class Hash implements Structure {
  readonly type = 'hash'
  readonly stamp: number
  compact: boolean
  private readonly version: Version
  private readonly seed: number
  private shape: Shape
  private body: string | string[] | Table<string>
  private times: FieldTimes | null

  constructor(version: Version, seed: number) {
    this.stamp = version.epoch
    this.compact = true
    this.version = version
    this.seed = seed
    this.shape = emptyShape()
    this.body = ''
    this.times = null
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

  /** True when the field is new. A field that was there loses its time, unless `keep`. O(1). */
  set(field: string, value: string, keep = false): boolean {
    const { limits } = this.version
    if (this.compact && (longText(value, limits.hashValue) || longText(field, limits.hashValue))) this.compact = false
    const { body } = this
    const added = body instanceof Table ? setLarge(body, field, value, keep) : this.setSmall(field, value, keep)
    // Redis looks after every write, also one that added no field.
    if (this.compact && this.size > limits.hashEntries) this.compact = false
    return added
  }

  private setSmall(field: string, value: string, keep: boolean): boolean {
    const { fields } = this.shape
    const at = this.shape.find(field)
    if (at < 0 && fields.length === SMALL) {
      const table = this.enlarged()
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
    if (this.times !== null && (at < 0 || !keep)) this.times.at[place] = 0
    return at < 0
  }

  /** A small hash becomes large. */
  private enlarged(): Table<string> {
    const table = new Table<string>(this.version, this.seed)
    this.forEach((name, text, time) => {
      table.add(name, text)
      if (time !== 0) table.setTimeAt(time)
    })
    this.shape = emptyShape()
    this.body = table
    if (this.times !== null) this.times = { at: [], least: Infinity }
    return table
  }

  /** Sets all of the fields and values, given in turns, as `set` does; how many fields are new. */
  setAll(pairs: readonly string[], keep = false): number {
    // Several values are set in an array, because each of them would copy the whole string.
    const several = pairs.length > 2 && this.size < PACKED
    if (several) this.unpacked()
    let added = 0
    for (let i = 0; i < pairs.length; i += 2) if (this.set(pairs[i], pairs[i + 1], keep)) added++
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
    if (this.times !== null) this.times.at.splice(at, 1)
    return true
  }

  /** A time at or before that of every field that has one; Infinity when none has. O(1). */
  get earliest(): number {
    if (this.times === null) return Infinity
    return this.body instanceof Table ? this.body.earliest : this.times.least
  }

  /** True when a field ever had a time. */
  get timed(): boolean {
    return this.times !== null
  }

  /** When the field expires, 0 for never; undefined when it is absent. O(1). */
  time(field: string): number | undefined {
    const { body, times } = this
    if (body instanceof Table) return body.find(field) ? body.timeAt() : undefined
    const at = this.shape.find(field)
    if (at < 0) return undefined
    return times === null ? 0 : times.at[at]
  }

  /** Sets when a field expires, 0 for never; false when it is absent. O(1). */
  setTime(field: string, time: number): boolean {
    const { body } = this
    const at = body instanceof Table ? 0 : this.shape.find(field)
    if (at < 0 || (body instanceof Table && !body.find(field))) return false
    if (this.times === null) {
      if (time === 0) return true
      this.times = { at: this.shape.fields.map(() => 0), least: Infinity }
    }
    if (body instanceof Table) body.setTimeAt(time)
    else {
      this.times.at[at] = time
      if (time !== 0 && time < this.times.least) this.times.least = time
    }
    return true
  }

  /**
   * Removes fields whose time is before `now`, up to a few hundred, and returns them. There may be more, and there may be
   * none when `earliest` was out of date, which it then is no longer: ask again while `earliest < now`.
   */
  takeDue(now: number): string[] {
    const { body, times } = this
    if (body instanceof Table) return body.removeDue(now)
    if (times === null) return []
    const { fields } = this.shape
    const due = fields.filter((_, i) => times.at[i] !== 0 && times.at[i] < now)
    if (due.length === fields.length) {
      this.shape = emptyShape()
      this.body = ''
      this.times = { at: [], least: Infinity }
      return due
    }
    for (const field of due) this.delete(field)
    times.least = earliestOf(times.at)
    return due
  }

  /** True when a field has no time before `now`. O(1) unless many fields have. */
  holdsOn(now: number): boolean {
    const { body, times } = this
    if (this.earliest >= now) return this.size > 0
    if (body instanceof Table) return body.some(time => time === 0 || time >= now)
    return times === null || times.at.some(time => time === 0 || time >= now)
  }

  /** True when a field has a time. O(n) when none has any more. */
  holdsTimes(): boolean {
    const { body, times } = this
    if (times === null) return false
    return body instanceof Table ? body.timed && body.some(time => time !== 0) : times.at.some(time => time !== 0)
  }

  /** Calls `visit` for every field, with its time, 0 for never. */
  forEach(visit: (field: string, value: string, time: number) => void): void {
    const { body, times } = this
    if (body instanceof Table) {
      body.forEach(visit)
      return
    }
    const { fields } = this.shape
    const values = typeof body === 'string' ? unpack(body, fields.length) : body
    for (let i = 0; i < fields.length; i++) visit(fields[i], values[i], times === null ? 0 : times.at[i])
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
    if (this.times !== null) fork.times = { at: this.times.at.slice(), least: this.times.least }
    return fork
  }

  check(): void {
    const { body, shape, times } = this
    const { fields } = shape
    if (times !== null && times.at.length !== fields.length) throw new Error('hash: times beside the shape')
    if (times !== null && times.least > earliestOf(times.at)) throw new Error('hash: due time missed')
    if (body instanceof Table) {
      body.check()
      if (fields.length > 0) throw new Error('hash: both forms in use')
      if (times === null && body.timed) throw new Error('hash: times unnoticed')
      return
    }
    const values = typeof body === 'string' ? unpack(body, fields.length) : body
    if (fields.length !== values.length) throw new Error('hash: values beside the shape')
    if (typeof body === 'string' && (fields.length > PACKED || pack(values) !== body)) throw new Error('hash: packed')
    if (new Set(fields).size !== fields.length) throw new Error('hash: duplicate field')
    for (let i = 0; i < fields.length; i++) if (shape.find(fields[i]) !== i) throw new Error('hash: shape index')
  }
}

function setLarge(table: Table<string>, field: string, value: string, keep: boolean): boolean {
  const added = table.set(field, value)
  if (!added && !keep && table.timeAt() !== 0) table.setTimeAt(0)
  return added
}

function fits(value: string): boolean {
  return value.length <= LONGEST
}

function earliestOf(times: readonly number[]): number {
  let least = Infinity
  for (const time of times) if (time !== 0 && time < least) least = time
  return least
}
