import { canonical } from '../util/text.ts'
import { Dues } from './dues.ts'
import {
  earliest,
  EMPTY,
  HASH_BITS,
  HASH_END,
  hash,
  hashOfCanonical,
  home,
  newSegment,
  noTimes,
  place,
  type Segment,
  SPLIT_AT,
  STRIDE,
  visitSegment,
} from './segment.ts'
import type { Version } from './version.ts'

/**
 * A hash table of small segments: extendible hashing (Fagin et al., 1979) over open addressing.
 *
 * The top `depth` bits of a key's 30-bit hash select a directory slot, the slot holds a segment of at most a few
 * hundred cells, and inside the segment the next bits give the home cell, with linear probing. A full segment splits in
 * two; only the directory, an array of pointers, is ever copied as a whole. That one shape gives four things:
 *   growth      no call does more than one split (a few microseconds) or one directory copy (8 bytes per ~60 keys)
 *   SCAN        a cursor is a position in hash order; it means the same whatever splits or merges in between
 *   versions    a segment is the chunk that is copied on write (see version.ts)
 *   expiry      the earliest time of each segment, in a min tree over the directory, finds what is due (see Dues)
 *
 * A key is canonical text (util/text.ts). Whoever looks for one need not make it so: a key that is found is canonical,
 * because the one in the table is, and only a hash that says that a key may not be leads to a second look.
 *
 * Invariants
 * 1. An entry lies in the segment that its hash selects, and no cell between its home and it is empty.
 * 2. A segment of depth d stands in 2^(depth - d) adjacent directory slots, aligned.
 * 3. `size` is the sum of the segments' counts; a segment is at most 4/5 full, so probing ends.
 * 4. `deepest` counts the segments whose depth is that of the directory.
 * 5. With `dues`, the time noted for a segment is at or before the earliest non-zero time in it.
 * 6. No segment has more cells than `widest`.
 */

/** Capacities on the way up; children of a split start at the last but one. */
const CAPACITIES = [8, 16, 32, 64, 112, 160, 256] as const
const CHILD = 160
/** Beyond this depth a segment grows in place instead: only equal hashes are left to separate. */
const MAX_DEPTH = 24
/** So many slots per entry, and these slots, are more than any directory has whose hashes are spread evenly. */
const SLOTS_PER_ENTRY = 1 / 8
const FREE_SLOTS = 64

/** Entries to a segment that `reserve` reckons with, at most. */
const RESERVED = 150
/** How often `sample` tries before it counts. */
const MOST_TRIES = 200

/** The capacity, at least that of a child, in which so many entries leave room. */
function roomFor(count: number): number {
  if (count * 5 < CHILD * 4) return CHILD
  let capacity = SPLIT_AT
  while ((count + 1) * 5 > capacity * 4) capacity *= 2
  return capacity
}

/** The capacity that a segment shrinks to. */
function capacityFor(count: number): number {
  return CAPACITIES.find(c => c * 2 >= count * 5) ?? Infinity
}

/** Text keys to values, with an optional expiry time beside each. */
export class Table<V> {
  readonly stamp: number
  size: number
  /** Where the table stands, after the last successful `find`, `add` or `set`: valid until the next call that changes the table. */
  segment: Segment<V>
  at: number
  private readonly version: Version
  private readonly seed: number
  private depth: number
  private shift: number
  private dir: Segment<V>[]
  private deepest: number
  private widest: number
  private dues: Dues | null

  constructor(version: Version, seed: number) {
    const only = newSegment<V>(CAPACITIES[0], 0, version.epoch, false)
    this.stamp = version.epoch
    this.size = 0
    this.segment = only
    this.at = 0
    this.version = version
    this.seed = seed
    this.depth = 0
    this.shift = HASH_BITS
    this.dir = [only]
    this.deepest = 1
    this.widest = SPLIT_AT
    this.dues = null
  }

  /** A second root over the same segments, for another writer. Copies the directory: 8 bytes per 50 keys or so. */
  fork(version: Version): Table<V> {
    const fork = new Table<V>(version, this.seed)
    fork.size = this.size
    fork.depth = this.depth
    fork.shift = this.shift
    fork.dir = this.dir.slice()
    fork.segment = fork.dir[0]
    fork.deepest = this.deepest
    fork.widest = this.widest
    if (this.dues !== null) fork.dues = new Dues(this.dues.slots, this.dues.tree.slice())
    return fork
  }

  /** O(1). */
  get(key: string): V | undefined {
    let h = hash(key, this.seed)
    if (h < 0) {
      key = canonical(key)
      h = hashOfCanonical(key, this.seed)
    }
    const segment = this.dir[h >>> this.shift]
    const cells = segment.cells
    const end = cells.length
    let i = home(h, segment.depth, segment.capacity) * STRIDE
    for (;;) {
      const found = cells[i]
      if (found === h && cells[i + 1] === key) return cells[i + 2] as V
      if (found === EMPTY) return undefined
      i += STRIDE
      if (i === end) i = 0
    }
  }

  /** Sets `segment` and `at` to the key's cell; false when it is absent. O(1). */
  find(key: string): boolean {
    const h = hash(key, this.seed)
    if (h >= 0) return this.probe(key, h)
    const text = canonical(key)
    return this.probe(text, hashOfCanonical(text, this.seed))
  }

  private probe(key: string, h: number): boolean {
    const segment = this.dir[h >>> this.shift]
    const cells = segment.cells
    const end = cells.length
    let i = home(h, segment.depth, segment.capacity) * STRIDE
    for (;;) {
      const found = cells[i]
      if (found === h && cells[i + 1] === key) {
        this.segment = segment
        this.at = (i / STRIDE) | 0
        return true
      }
      if (found === EMPTY) return false
      i += STRIDE
      if (i === end) i = 0
    }
  }

  has(key: string): boolean {
    return this.find(key)
  }

  /** Inserts the key unless it is there, and stands at it either way; true when it is new. O(1). */
  add(key: string, value: V): boolean {
    let h = hash(key, this.seed)
    if (h < 0) {
      key = canonical(key)
      h = hashOfCanonical(key, this.seed)
    }
    if (this.probe(key, h)) return false
    this.insert(h, key, value)
    return true
  }

  /** Inserts or overwrites, leaving the time of an existing entry as it is; true when the key is new. O(1). */
  set(key: string, value: V): boolean {
    if (this.add(key, value)) return true
    this.setAt(value)
    return false
  }

  /** The key where the table stands. */
  keyAt(): string {
    return this.segment.cells[this.at * STRIDE + 1] as string
  }

  /** The value where the table stands. */
  valueAt(): V {
    return this.segment.value(this.at)
  }

  /** Overwrites the value where the table stands. */
  setAt(value: V): void {
    this.own()
    this.segment.cells[this.at * STRIDE + 2] = value
  }

  /** The time where the table stands, 0 for none. */
  timeAt(): number {
    const times = this.segment.times
    return times === null ? 0 : times[this.at]
  }

  /** Sets the time where the table stands, 0 for none, and keeps `earliest` true. O(log n / 100) at worst. */
  setTimeAt(time: number): void {
    this.own()
    const segment = this.segment
    if (segment.times === null) {
      if (time === 0) return
      segment.times = noTimes(segment.capacity)
    }
    segment.times[this.at] = time
    if (time === 0) return
    if (this.dues === null) this.dues = new Dues(this.dir.length)
    const slot = this.slotOf(this.segment, this.at)
    if (time < this.dues.at(slot)) this.dues.set(slot, time)
  }

  /** True when a time was ever set. */
  get timed(): boolean {
    return this.dues !== null
  }

  /** A time at or before the earliest one set; Infinity when there is none. O(1). */
  get earliest(): number {
    return this.dues === null ? Infinity : this.dues.tree[1]
  }

  /**
   * The keys of the segment with the earliest time whose time is before `now`, and notes that segment's next time, as
   * if the caller had removed them. Empty when the noted time was out of date, so ask again while `earliest < now`.
   */
  takeDue(now: number): string[] {
    const keys: string[] = []
    const dues = this.dues
    if (dues === null) return keys
    const slot = dues.first()
    const segment = this.dir[slot]
    const times = segment.times
    let next = Infinity
    if (times !== null) {
      for (let i = 0; i < times.length; i++) {
        const n = times[i]
        if (n === 0) continue
        if (n < now) keys.push(segment.cells[i * STRIDE + 1] as string)
        else if (n < next) next = n
      }
    }
    dues.set(slot, next)
    return keys
  }

  /**
   * Removes the entries that `takeDue` would return, and returns their keys. Where they are many, what is left of the
   * segment is put into a new one, which costs less than to take them out one by one.
   */
  removeDue(now: number): string[] {
    const { dues } = this
    if (dues === null) return []
    const slot = dues.first()
    const segment = this.dir[slot]
    const keys = this.takeDue(now)
    if (keys.length * 4 < segment.count) {
      for (let i = 0; i < keys.length; i++) this.delete(keys[i])
      return keys
    }
    const { cells, capacity, depth } = segment
    const times = segment.times as number[]
    const left = segment.count - keys.length
    const thin = left * 6 < capacity
    const room = thin ? Math.min(capacityFor(left), capacity) : capacity
    const rest = newSegment<V>(room, depth, this.version.epoch, true)
    for (let at = 0, i = 0; at < capacity; at++, i += STRIDE) {
      if (cells[i] === EMPTY || (times[at] !== 0 && times[at] < now)) continue
      place(rest, cells[i] as number, cells[i + 1] as string, cells[i + 2] as V, times[at])
    }
    this.replace(slot, rest)
    this.size -= keys.length
    this.segment = rest
    if (thin) this.shrink(rest, slot)
    return keys
  }

  /** True when an entry has a time, 0 standing for none, that `test` takes. O(n) when none has. */
  some(test: (time: number) => boolean): boolean {
    const { dir, depth } = this
    for (let slot = 0; slot < dir.length; slot += 2 ** (depth - dir[slot].depth)) {
      const { cells, times, capacity } = dir[slot]
      for (let at = 0; at < capacity; at++) {
        if (cells[at * STRIDE] !== EMPTY && test(times === null ? 0 : times[at])) return true
      }
    }
    return false
  }

  /** True when the key was there. O(1). */
  delete(key: string): boolean {
    if (!this.find(key)) return false
    this.deleteAt()
    return true
  }

  /** Removes the entry where `find` stood; what follows it in its probe run moves back over the gap. */
  deleteAt(): void {
    this.own()
    const segment = this.segment
    const { cells, times, capacity, depth } = segment
    let gap = this.at
    let next = gap
    for (;;) {
      if (++next === capacity) next = 0
      const h = cells[next * STRIDE] as number
      if (h === EMPTY) break
      const from = home(h, depth, capacity)
      // An entry may move back to the gap unless its home lies after it, cyclically.
      if (gap <= next ? gap < from && from <= next : gap < from || from <= next) continue
      const to = gap * STRIDE
      const cell = next * STRIDE
      cells[to] = h
      cells[to + 1] = cells[cell + 1]
      cells[to + 2] = cells[cell + 2]
      if (times !== null) times[gap] = times[next]
      gap = next
    }
    const cell = gap * STRIDE
    cells[cell] = EMPTY
    cells[cell + 1] = undefined
    cells[cell + 2] = undefined
    if (times !== null) times[gap] = 0
    segment.count--
    this.size--
    if (segment.count * 6 < capacity && capacity > CAPACITIES[0]) this.shrink(segment, this.slotOfSegment(segment))
  }

  /** Calls `visit` for every entry, in hash order of segments. The table must not change meanwhile. */
  forEach(visit: (key: string, value: V, time: number) => void): void {
    const dir = this.dir
    let last: Segment<V> | undefined
    for (let slot = 0; slot < dir.length; slot++) {
      const segment = dir[slot]
      if (segment === last) continue
      last = segment
      visitSegment(segment, 0, HASH_END, visit)
    }
  }

  /**
   * Visits every entry whose hash lies in the next stretch, wide enough for about `count` entries, and returns the
   * cursor to go on from, 0 at the end. An entry that stays in the table from cursor 0 to cursor 0 is visited at least
   * once, because its hash never changes; one that is not touched meanwhile exactly once.
   */
  scan(cursor: number, count: number, visit: (key: string, value: V, time: number) => void): number {
    if (!(cursor >= 0 && cursor < HASH_END) || this.size === 0) return 0
    const width = Math.max(1, Math.ceil((HASH_END * count) / this.size))
    const end = Math.min(cursor + width, HASH_END)
    // Every segment is visited by its own stretch, so `visit` may change the table only after the call.
    let from = cursor
    while (from < end) {
      const segment = this.dir[from >>> this.shift]
      const span = 2 ** (HASH_BITS - segment.depth)
      const until = Math.min(end, (Math.floor(from / span) + 1) * span)
      visitSegment(segment, from, until, visit)
      from = until
    }
    return end === HASH_END ? 0 : end
  }

  /** A key chosen uniformly; undefined when empty. O(1) expected. */
  sample(random: () => number): string | undefined {
    if (this.size === 0) return undefined
    const { dir, depth } = this
    const cells = depth === 0 ? dir[0].capacity : this.widest
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      // Only the first slot of a segment counts, and cells as if each segment had the largest capacity: uniform.
      const slot = Math.floor(random() * dir.length)
      const segment = dir[slot]
      if (slot & (2 ** (depth - segment.depth) - 1)) continue
      const at = Math.floor(random() * cells)
      if (at < segment.capacity && segment.cells[at * STRIDE] !== EMPTY) return segment.cells[at * STRIDE + 1] as string
    }
    // The table is thin, or chance is a test's and stands still: count to the chosen one.
    return this.nth(Math.floor(random() * this.size))
  }

  private nth(index: number): string | undefined {
    const { dir, depth } = this
    let left = index
    for (let slot = 0; slot < dir.length; slot += 2 ** (depth - dir[slot].depth)) {
      const { cells, count } = dir[slot]
      if (left >= count) {
        left -= count
        continue
      }
      for (let i = 0; i < cells.length; i += STRIDE)
        if (cells[i] !== EMPTY && left-- === 0) return cells[i + 1] as string
    }
    return undefined
  }

  /** Makes room for `size` entries in an empty table, which then need not split on the way there. */
  reserve(size: number): void {
    if (this.size > 0 || this.dues !== null || size <= RESERVED) return
    const depth = Math.min(Math.ceil(Math.log2(size / RESERVED)), MAX_DEPTH)
    const count = 2 ** depth
    // Segments fill unevenly: most of them stay within the room that four standard deviations take.
    const mean = size / count
    const capacity = (mean + 4 * Math.sqrt(mean)) * 5 <= CHILD * 4 ? CHILD : SPLIT_AT
    this.dir = Array.from({ length: count }, () => newSegment<V>(capacity, depth, this.version.epoch, false))
    this.segment = this.dir[0]
    this.depth = depth
    this.shift = HASH_BITS - depth
    this.deepest = count
  }

  /** Removes everything. O(1). */
  clear(): void {
    const fresh = new Table<V>(this.version, this.seed)
    this.size = 0
    this.dir = fresh.dir
    this.depth = 0
    this.shift = HASH_BITS
    this.deepest = 1
    this.widest = SPLIT_AT
    this.dues = null
    this.segment = fresh.segment
  }

  /** Number of segments, for statistics and tests. */
  get segments(): number {
    return new Set(this.dir).size
  }

  private slotOf(segment: Segment<V>, at: number): number {
    const slot = (segment.cells[at * STRIDE] as number) >>> this.shift
    return (slot >>> (this.depth - segment.depth)) << (this.depth - segment.depth)
  }

  /** Makes the segment where `find` stood writable: copies it first when somebody else may see it. */
  private own(): void {
    const segment = this.segment
    if (segment.stamp >= this.version.floor) return
    const copy = segment.copy(this.version.epoch)
    this.replace((segment.cells[this.at * STRIDE] as number) >>> this.shift, copy)
    this.segment = copy
  }

  /** Puts `segment` into the aligned run of directory slots that holds `slot`. */
  private replace(slot: number, segment: Segment<V>): void {
    const span = 2 ** (this.depth - segment.depth)
    const first = slot - (slot & (span - 1))
    for (let i = first; i < first + span; i++) this.dir[i] = segment
  }

  private insert(h: number, key: string, value: V): void {
    let segment = this.dir[h >>> this.shift]
    while ((segment.count + 1) * 5 > segment.capacity * 4) {
      this.grow(segment, h)
      segment = this.dir[h >>> this.shift]
    }
    if (segment.stamp < this.version.floor) {
      segment = segment.copy(this.version.epoch)
      this.replace(h >>> this.shift, segment)
    }
    this.segment = segment
    this.at = place(segment, h, key, value, 0)
    this.size++
  }

  private grow(segment: Segment<V>, h: number): void {
    const { capacity, depth } = segment
    // Where many hashes begin with the same bits, by somebody's design, splitting would double the directory again and
    // again for nothing. Such a segment grows in place, and splits when the directory has grown for good reason.
    const crowded = depth === this.depth && this.dir.length > this.size * SLOTS_PER_ENTRY + FREE_SLOTS
    if (capacity < SPLIT_AT || depth >= MAX_DEPTH || crowded) {
      const next = capacity < SPLIT_AT ? (CAPACITIES.find(c => c > capacity) as number) : capacity * 2
      if (next > this.widest) this.widest = next
      this.replace(h >>> this.shift, this.rebuilt([segment], next, depth))
      return
    }
    if (depth === this.depth) this.deepen()
    const span = 2 ** (this.depth - depth)
    const first = (h >>> this.shift) - ((h >>> this.shift) & (span - 1))
    const timed = segment.times !== null
    const bit = HASH_BITS - depth - 1
    // Keys that share this bit would overfill a child: then both start larger.
    let ones = 0
    const { cells, times } = segment
    for (let i = 0; i < cells.length; i += STRIDE) {
      if (cells[i] !== EMPTY) ones += ((cells[i] as number) >>> bit) & 1
    }
    const most = Math.max(ones, segment.count - ones)
    const room = roomFor(most)
    const left = newSegment<V>(room, depth + 1, this.version.epoch, timed)
    const right = newSegment<V>(room, depth + 1, this.version.epoch, timed)
    if (room > this.widest) this.widest = room
    for (let at = 0; at < capacity; at++) {
      const other = cells[at * STRIDE] as number
      if (other === EMPTY) continue
      const child = (other >>> bit) & 1 ? right : left
      place(child, other, cells[at * STRIDE + 1] as string, cells[at * STRIDE + 2] as V, times === null ? 0 : times[at])
    }
    for (let i = 0; i < span; i++) this.dir[first + i] = i < span / 2 ? left : right
    if (depth + 1 === this.depth) this.deepest += 2
    if (this.dues !== null) {
      this.dues.set(first, earliest(left))
      this.dues.set(first + span / 2, earliest(right))
    }
  }

  /** The entries of one segment, or of two buddies, in a new one. */
  private rebuilt(from: readonly Segment<V>[], capacity: number, depth: number): Segment<V> {
    const timed = from.some(segment => segment.times !== null)
    const segment = newSegment<V>(capacity, depth, this.version.epoch, timed)
    for (const { cells, times } of from) {
      for (let i = 0, at = 0; i < cells.length; i += STRIDE, at++) {
        if (cells[i] === EMPTY) continue
        place(segment, cells[i] as number, cells[i + 1] as string, cells[i + 2] as V, times === null ? 0 : times[at])
      }
    }
    return segment
  }

  /** Doubles the directory. */
  private deepen(): void {
    const old = this.dir
    const dir = new Array<Segment<V>>(old.length * 2)
    for (let i = 0; i < old.length; i++) dir[2 * i] = dir[2 * i + 1] = old[i]
    this.resize(dir, this.depth + 1)
    this.deepest = 0
  }

  private resize(dir: Segment<V>[], depth: number): void {
    const dues = this.dues
    const grown = depth > this.depth
    this.dir = dir
    this.depth = depth
    this.shift = HASH_BITS - depth
    if (dues === null) return
    const next = new Dues(dir.length)
    for (let i = 0; i < next.slots; i++) {
      if (grown) {
        if ((i & 1) === 0) next.tree[next.slots + i] = dues.at(i >> 1)
      } else next.tree[next.slots + i] = Math.min(dues.at(2 * i), dues.at(2 * i + 1))
    }
    for (let i = next.slots - 1; i > 0; i--) next.tree[i] = Math.min(next.tree[2 * i], next.tree[2 * i + 1])
    this.dues = next
  }

  /** A segment that is nearly empty joins its buddy when both fit well below a split, else gets fewer cells. */
  private shrink(segment: Segment<V>, slot: number): void {
    const { depth, count } = segment
    if (count === 0 && depth === 0) return this.clear()
    const span = 2 ** (this.depth - depth)
    if (depth > 0) {
      const low = slot & ~(2 * span - 1)
      const buddy = this.dir[low === slot ? slot + span : low]
      if (buddy.depth === depth && buddy.count + count <= CHILD / 4) {
        const merged = this.rebuilt([segment, buddy], 64, depth - 1)
        for (let i = 0; i < 2 * span; i++) this.dir[low + i] = merged
        if (this.dues !== null) {
          const time = Math.min(this.dues.at(low), this.dues.at(low + span))
          this.dues.set(low + span, Infinity)
          this.dues.set(low, time)
        }
        if (depth === this.depth) {
          this.deepest -= 2
          while (this.deepest === 0 && this.depth > 0) this.halve()
        }
        return
      }
    }
    const capacity = capacityFor(count)
    if (capacity < segment.capacity) {
      const smaller = this.rebuilt([segment], capacity, depth)
      for (let i = 0; i < span; i++) this.dir[slot + i] = smaller
    }
  }

  private slotOfSegment(segment: Segment<V>): number {
    // An empty segment has no hash to look up; `at` still names the slot through the last probe.
    const cells = segment.cells
    for (let i = 0; i < cells.length; i += STRIDE) {
      if (cells[i] !== EMPTY) {
        const slot = (cells[i] as number) >>> this.shift
        return slot - (slot & (2 ** (this.depth - segment.depth) - 1))
      }
    }
    return this.dir.indexOf(segment)
  }

  private halve(): void {
    const old = this.dir
    const dir = new Array<Segment<V>>(old.length / 2)
    let deepest = 0
    const depth = this.depth - 1
    for (let i = 0; i < dir.length; i++) {
      dir[i] = old[2 * i]
      if (dir[i].depth === depth) deepest++
    }
    this.resize(dir, depth)
    this.deepest = deepest
  }

  /** Throws when an invariant does not hold. */
  check(): void {
    let size = 0
    let deepest = 0
    const seen = new Set<Segment<V>>()
    if (this.dir.length !== 2 ** this.depth) throw new Error('table: directory length')
    for (let slot = 0; slot < this.dir.length; slot++) {
      const segment = this.dir[slot]
      const span = 2 ** (this.depth - segment.depth)
      const first = slot - (slot & (span - 1))
      if (this.dir[first] !== segment) throw new Error('table: a segment stands outside its run of slots')
      if (seen.has(segment)) continue
      seen.add(segment)
      if (segment.depth === this.depth) deepest++
      let count = 0
      for (let at = 0; at < segment.capacity; at++) {
        const h = segment.cells[at * STRIDE] as number
        if (h === EMPTY) {
          if (segment.cells[at * STRIDE + 1] !== undefined) throw new Error('table: a key in an empty cell')
          if (segment.times !== null && segment.times[at] !== 0) throw new Error('table: a time in an empty cell')
          continue
        }
        count++
        const key = segment.cells[at * STRIDE + 1] as string
        if (hashOfCanonical(key, this.seed) !== h || canonical(key) !== key) throw new Error('table: stale hash')
        if (this.dir[h >>> this.shift] !== segment) throw new Error('table: entry in the wrong segment')
        for (let i = home(h, segment.depth, segment.capacity); i !== at; i = i + 1 === segment.capacity ? 0 : i + 1) {
          if (segment.cells[i * STRIDE] === EMPTY) throw new Error('table: gap in a probe run')
        }
      }
      if (count !== segment.count) throw new Error('table: segment count')
      if (segment.capacity > this.widest) throw new Error('table: widest')
      if (segment.count * 5 > segment.capacity * 4) throw new Error('table: segment too full')
      if (this.dues !== null && this.dues.at(first) > earliest(segment)) throw new Error('table: due time missed')
      size += count
    }
    if (size !== this.size) throw new Error('table: size')
    if (deepest !== this.deepest) throw new Error('table: deepest')
  }
}
