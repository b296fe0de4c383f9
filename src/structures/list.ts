import {
  CHUNK,
  Chunk,
  copyChunk,
  HALF,
  holds,
  newChunk,
  none,
  removeFrom,
  Spine,
  sizeOf,
  slide,
} from './list-chunks.ts'
import { cost, costOf, HEADER, lengthOf } from './listpack-size.ts'
import type { Structure, Version } from './version.ts'

/**
 * A list of strings.
 *
 * Small (up to 128 elements): one array. Large: a head chunk and a tail chunk, where pushes and pops happen, and a
 * spine of chunks between them. A list that became large stays so.
 *
 *   head [· · a b]   spine [c d e f] [g h · ·] [i j k l]   tail [m n o ·]
 *
 * A chunk is a window [start, end) in 256 slots, so that both of its ends can move. The spine is a window in an array
 * with room at both ends. Beside each of its chunks it notes the position of the chunk's first element, counted from an
 * arbitrary origin, so that chunks come and go at either end without touching the other positions.
 *
 * Invariants
 * 1. Either `spine` is null and `items` holds the list, or `items` is empty. `size` is the number of elements.
 * 2. Chunks in the spine are not empty, and no two neighbours in it could share one chunk of half size: so the spine
 *    takes at most four times the memory of its elements. Head and tail may be empty.
 * 3. The positions of neighbours in the spine differ by the size of the first one.
 * 4. Slots outside the windows hold '' or `none`, so that nothing is kept alive by them.
 * 5. A chunk or spine stamped below `version.floor` is never written. In such a spine all chunks are stamped below it.
 * 6. `bytes` of a chunk and of the list is the sum of `cost` over their elements.
 */

/** The most elements that a small list has. */
const SMALL = 128
/** What walks call for each element; `false` ends the walk. */
export type ElementVisit = (value: string, index: number) => boolean | undefined | void

/** Which chunk `locate` found: an index into the spine, or one of the ends. */
const HEAD = -1
const TAIL = -2
/** The slot in the chunk that `locate` found: its second result. */
let slot = 0

export class List implements Structure {
  readonly type = 'list'
  readonly stamp: number
  size: number
  /**
   * Redis (7.2 and later) would answer `listpack` to OBJECT ENCODING, not `quicklist`. As there, a list leaves the
   * compact form when it would take more than 8 KB (limits.ts) and returns when it takes no more than half of that. Redis returns
   * only if the elements stand in one node by then, which its history decides; here they always count as one.
   */
  compact: boolean
  private readonly version: Version
  private bytes: number
  private items: string[]
  private head: Chunk
  private tail: Chunk
  private spine: Spine | null

  constructor(version: Version) {
    this.stamp = version.epoch
    this.size = 0
    this.compact = true
    this.version = version
    this.bytes = 0
    this.items = []
    this.head = none
    this.tail = none
    this.spine = null
  }

  get whole(): boolean {
    return this.spine === null
  }

  /** Adds at the end. O(1) amortised. */
  push(value: string): void {
    if (this.compact) this.grow(lengthOf(value))
    this.append(value)
  }

  /** Adds at the front. O(1) amortised. */
  unshift(value: string): void {
    if (this.compact) this.grow(lengthOf(value))
    this.prepend(value)
  }

  /** Adds all at the end, in order. Like one RPUSH, it weighs all lengths at once to decide about `compact`. */
  pushAll(values: readonly string[]): void {
    if (this.compact) this.growAll(values)
    for (let i = 0; i < values.length; i++) this.append(values[i])
  }

  /** Adds one after the other at the front, so that the last one comes first, like one LPUSH. */
  unshiftAll(values: readonly string[]): void {
    if (this.compact) this.growAll(values)
    for (let i = 0; i < values.length; i++) this.prepend(values[i])
  }

  /** Removes and returns the last element; undefined when empty. O(1). */
  pop(): string | undefined {
    if (this.size === 0) return undefined
    const { spine } = this
    let value: string
    if (spine === null) {
      value = this.items.pop() as string
      this.bytes -= cost(value)
    } else {
      if (this.tail.end === this.tail.start && spine.last > spine.first) this.tail = this.ownSpine().takeLast()
      const chunk = this.tail.end > this.tail.start ? this.ownTail() : this.ownHead()
      value = chunk.items[--chunk.end]
      chunk.items[chunk.end] = ''
      const bytes = cost(value)
      chunk.bytes -= bytes
      this.bytes -= bytes
    }
    this.size--
    if (!this.compact) this.shrink()
    return value
  }

  /** Removes and returns the first element; undefined when empty. O(1). */
  shift(): string | undefined {
    if (this.size === 0) return undefined
    const { spine } = this
    let value: string
    if (spine === null) {
      value = this.items.shift() as string
      this.bytes -= cost(value)
    } else {
      if (this.head.end === this.head.start && spine.last > spine.first) this.head = this.ownSpine().takeFirst()
      const chunk = this.head.end > this.head.start ? this.ownHead() : this.ownTail()
      value = chunk.items[chunk.start]
      chunk.items[chunk.start++] = ''
      const bytes = cost(value)
      chunk.bytes -= bytes
      this.bytes -= bytes
    }
    this.size--
    if (!this.compact) this.shrink()
    return value
  }

  /** The element at an index, undefined beyond the ends. O(log n). */
  get(index: number): string | undefined {
    const at = index < 0 ? index + this.size : index
    if (!(at >= 0 && at < this.size)) return undefined
    if (this.spine === null) return this.items[at]
    const chunk = this.chunkAt(this.locate(at))
    return chunk.items[slot]
  }

  /** Overwrites the element at an index; false when there is none. O(log n). */
  set(index: number, value: string): boolean {
    const at = index < 0 ? index + this.size : index
    if (!(at >= 0 && at < this.size)) return false
    if (this.compact) this.grow(lengthOf(value))
    let bytes = cost(value)
    if (this.spine === null) {
      bytes -= cost(this.items[at])
      this.items[at] = value
    } else {
      const which = this.locate(at)
      const place = slot
      const chunk = this.ownChunk(which)
      bytes -= cost(chunk.items[place])
      chunk.items[place] = value
      chunk.bytes += bytes
    }
    this.bytes += bytes
    if (!this.compact) this.shrink()
    return true
  }

  /** Inserts before the element that is at `index`, from 0 to `size`. O(log n + 256), and at worst an addition per 256 elements. */
  insert(index: number, value: string): void {
    if (index <= 0) return this.unshift(value)
    if (index >= this.size) return this.push(value)
    if (this.compact) this.grow(lengthOf(value))
    const bytes = cost(value)
    if (this.spine === null) {
      const { items } = this
      items.push(value)
      for (let i = items.length - 1; i > index; i--) items[i] = items[i - 1]
      items[index] = value
      this.bytes += bytes
      if (++this.size > SMALL) this.becomeLarge(false)
      return
    }
    let which = this.locate(index)
    let place = slot
    if (sizeOf(this.chunkAt(which)) === CHUNK) {
      this.split(which)
      which = this.locate(index)
      place = slot
    }
    const chunk = this.ownChunk(which)
    const { items } = chunk
    if (chunk.end < CHUNK && (chunk.start === 0 || place * 2 >= chunk.start + chunk.end)) {
      for (let i = chunk.end++; i > place; i--) items[i] = items[i - 1]
    } else {
      chunk.start--
      place--
      for (let i = chunk.start; i < place; i++) items[i] = items[i + 1]
    }
    items[place] = value
    chunk.bytes += bytes
    this.bytes += bytes
    this.size++
    if (which >= 0) this.ownSpine().resized(which, 1)
  }

  /** Removes and returns the element at an index; undefined when there is none. As `insert`. */
  removeAt(index: number): string | undefined {
    const at = index < 0 ? index + this.size : index
    if (!(at >= 0 && at < this.size)) return undefined
    let value: string
    if (this.spine === null) {
      const { items } = this
      value = items[at]
      for (let i = at + 1; i < items.length; i++) items[i - 1] = items[i]
      items.length--
      this.bytes -= cost(value)
    } else {
      const which = this.locate(at)
      const place = slot
      const chunk = this.ownChunk(which)
      const { items } = chunk
      value = items[place]
      if (place * 2 >= chunk.start + chunk.end) {
        chunk.end--
        for (let i = place; i < chunk.end; i++) items[i] = items[i + 1]
        items[chunk.end] = ''
      } else {
        for (let i = place; i > chunk.start; i--) items[i] = items[i - 1]
        items[chunk.start++] = ''
      }
      const bytes = cost(value)
      chunk.bytes -= bytes
      this.bytes -= bytes
      if (which >= 0) {
        const spine = this.ownSpine()
        spine.resized(which, -1)
        spine.tidy(which, this.version)
      }
    }
    this.size--
    if (!this.compact) this.shrink()
    return value
  }

  /** The elements from `start` to `stop`, both included, added to `out` when given. O(log n + k). */
  range(start: number, stop: number, out?: string[]): string[] {
    const from = Math.max(start < 0 ? start + this.size : start, 0)
    const to = Math.min(stop < 0 ? stop + this.size : stop, this.size - 1) + 1
    const result = out === undefined ? [] : out
    if (from >= to) return result
    if (this.spine === null) {
      const { items } = this
      if (out === undefined) return items.slice(from, to)
      for (let i = from; i < to; i++) result.push(items[i])
      return result
    }
    let which = this.locate(from)
    let i = slot
    // Within one chunk it is a copy of memory.
    const only = this.chunkAt(which)
    if (out === undefined && i + (to - from) <= only.end) return only.items.slice(i, i + (to - from))
    for (let left = to - from; ; ) {
      const { items, end } = this.chunkAt(which)
      const until = Math.min(end, i + left)
      left -= until - i
      for (; i < until; i++) result.push(items[i])
      if (left === 0) return result
      which = this.after(which)
      i = this.chunkAt(which).start
    }
  }

  /**
   * Visits the elements from `start` to `stop`, both included and `start` first or, with `reverse`, last, until `visit`
   * answers false. The list must not change meanwhile. O(log n + k).
   */
  forEach(start: number, stop: number, reverse: boolean, visit: ElementVisit): void {
    const from = Math.max(start < 0 ? start + this.size : start, 0)
    const to = Math.min(stop < 0 ? stop + this.size : stop, this.size - 1) + 1
    if (from >= to) return
    if (this.spine === null) {
      const { items } = this
      if (reverse) {
        for (let i = to - 1; i >= from; i--) if (visit(items[i], i) === false) return
      } else {
        for (let i = from; i < to; i++) if (visit(items[i], i) === false) return
      }
      return
    }
    let at = reverse ? to - 1 : from
    let which = this.locate(at)
    let i = slot
    if (reverse) {
      for (;;) {
        const { items, start: first } = this.chunkAt(which)
        for (; i >= first; i--, at--) if (at < from || visit(items[i], at) === false) return
        if (at < from) return
        which = this.before(which)
        i = this.chunkAt(which).end - 1
      }
    }
    for (;;) {
      const { items, end } = this.chunkAt(which)
      for (; i < end; i++, at++) if (at >= to || visit(items[i], at) === false) return
      if (at >= to) return
      which = this.after(which)
      i = this.chunkAt(which).start
    }
  }

  /** The index of the first element equal to `value` from `start` on, or with `reverse` down; -1 if none. O(n). */
  indexOf(value: string, start: number, reverse: boolean): number {
    const from = start < 0 ? start + this.size : start
    if (!(from >= 0 && from < this.size)) return -1
    if (this.spine === null) return reverse ? this.items.lastIndexOf(value, from) : this.items.indexOf(value, from)
    let at = from
    let which = this.locate(at)
    let i = slot
    if (reverse) {
      for (;;) {
        const { items, start: first } = this.chunkAt(which)
        for (; i >= first; i--, at--) if (items[i] === value) return at
        if (at < 0) return -1
        which = this.before(which)
        i = this.chunkAt(which).end - 1
      }
    }
    for (;;) {
      const { items, end } = this.chunkAt(which)
      for (; i < end; i++, at++) if (items[i] === value) return at
      if (at === this.size) return -1
      which = this.after(which)
      i = this.chunkAt(which).start
    }
  }

  /** Removes all but the elements from `start` to `stop`, both included; how many went. O(1) per 256 of them. */
  keep(start: number, stop: number): number {
    const before = this.size
    const from = Math.max(start < 0 ? start + before : start, 0)
    const to = Math.min(stop < 0 ? stop + before : stop, before - 1) + 1
    if (from === 0 && to === before) return 0
    if (from >= to) this.clear()
    else if (this.spine === null) {
      this.bytes -= costOf(this.items, 0, from) + costOf(this.items, to, before)
      this.items = this.items.slice(from, to)
      this.size = to - from
    } else {
      this.dropLast(before - to)
      this.dropFirst(from)
    }
    if (!this.compact) this.shrink()
    return before - this.size
  }

  /**
   * Removes elements equal to `value`: the first `count`, the last `-count` when it is negative, all when it is 0; how
   * many went. O(n).
   */
  removeMatching(value: string, count: number): number {
    const limit = count === 0 ? this.size : Math.min(Math.abs(count), this.size)
    const reverse = count < 0
    let gone = 0
    if (this.spine === null) {
      gone = removeFrom(this.items, 0, this.items.length, value, limit, reverse)
      this.items.length -= gone
      this.bytes -= gone * cost(value)
      this.size -= gone
    } else {
      const { first, last } = this.spine
      let inSpine = false
      // From the head over the spine to the tail, or the other way round. Owning a spine keeps its indices.
      for (let step = first - 1; step <= last && gone < limit; step++) {
        const i = reverse ? last + first - 1 - step : step
        const which = i < first ? HEAD : i === last ? TAIL : i
        if (!holds(this.chunkAt(which), value)) continue
        const chunk = this.ownChunk(which)
        const k = removeFrom(chunk.items, chunk.start, chunk.end, value, limit - gone, reverse)
        chunk.end -= k
        for (let j = chunk.end; j < chunk.end + k; j++) chunk.items[j] = ''
        chunk.bytes -= k * cost(value)
        gone += k
        if (which >= 0) inSpine = true
      }
      this.size -= gone
      this.bytes -= gone * cost(value)
      if (inSpine) this.ownSpine().tidyAll(this.version)
    }
    if (gone > 0 && !this.compact) this.shrink()
    return gone
  }

  /** Fills the list, which is empty. O(n). */
  load(values: readonly string[]): void {
    const n = values.length
    const stamp = this.version.epoch
    this.size = n
    if (n <= SMALL) {
      this.items = values.slice()
      this.bytes = costOf(this.items, 0, n)
    } else {
      const full = Math.ceil(n / CHUNK) - 1
      const spine = new Spine(stamp, full)
      for (let i = 0; i <= full; i++) {
        const start = i * CHUNK
        const chunk = newChunk(stamp, 0)
        chunk.end = Math.min(CHUNK, n - start)
        for (let j = 0; j < chunk.end; j++) chunk.items[j] = values[start + j]
        chunk.bytes = costOf(chunk.items, 0, chunk.end)
        this.bytes += chunk.bytes
        if (i === full) this.tail = chunk
        else spine.addLast(chunk)
      }
      this.spine = spine
    }
    const { listBytes, listCount } = this.version.limits
    this.compact = this.bytes + HEADER <= listBytes && n <= listCount
  }

  fork(version: Version): List {
    const fork = new List(version)
    fork.size = this.size
    fork.compact = this.compact
    fork.bytes = this.bytes
    fork.items = this.items.slice()
    fork.head = this.head
    fork.tail = this.tail
    fork.spine = this.spine
    return fork
  }

  /** How many chunks there are and how many of them carry `stamp` or a later one: for tests. */
  census(stamp: number): { nodes: number; fresh: number } {
    const chunks = this.spine === null ? [] : this.spine.chunks.slice(this.spine.first, this.spine.last)
    if (this.head !== none) chunks.push(this.head)
    if (this.tail !== none) chunks.push(this.tail)
    return { nodes: chunks.length, fresh: chunks.filter(chunk => chunk.stamp >= stamp).length }
  }

  check(): void {
    const { spine, head, tail, items, version } = this
    if (spine === null) {
      if (items.length > SMALL || items.length !== this.size) throw new Error('list: size of the small form')
      if (head !== none || tail !== none) throw new Error('list: a chunk in the small form')
      if (costOf(items, 0, items.length) !== this.bytes) throw new Error('list: bytes of the small form')
      return
    }
    if (items.length !== 0) throw new Error('list: both small and large')
    spine.check()
    let size = 0
    let bytes = 0
    const each = [head, ...spine.chunks.slice(spine.first, spine.last), tail]
    for (let i = 0; i < each.length; i++) {
      const { start, end, items: slots } = each[i]
      if (slots.length !== CHUNK || start < 0 || end < start || end > CHUNK) throw new Error('list: window of a chunk')
      for (let j = 0; j < CHUNK; j++)
        if ((j < start || j >= end) && slots[j] !== '') throw new Error('list: kept alive')
      if (costOf(slots, start, end) !== each[i].bytes) throw new Error('list: bytes of a chunk')
      const inSpine = i > 0 && i < each.length - 1
      if (inSpine && spine.stamp < version.floor && each[i].stamp >= version.floor) {
        throw new Error('list: a writable chunk in a shared spine')
      }
      size += end - start
      bytes += each[i].bytes
    }
    if (size !== this.size) throw new Error('list: size')
    if (bytes !== this.bytes) throw new Error('list: bytes')
  }

  private append(value: string): void {
    const bytes = cost(value)
    this.bytes += bytes
    this.size++
    if (this.spine === null) {
      this.items.push(value)
      if (this.size > SMALL) this.becomeLarge(false)
      return
    }
    let tail = this.ownTail()
    if (tail.end === CHUNK) {
      // A tail that is at most half full moves back; so at least as many pushes follow as elements move.
      if (sizeOf(tail) <= HALF) slide(tail, 0)
      else {
        this.ownSpine().addLast(tail)
        tail = newChunk(this.version.epoch, 0)
        this.tail = tail
      }
    }
    tail.items[tail.end++] = value
    tail.bytes += bytes
  }

  private prepend(value: string): void {
    const bytes = cost(value)
    this.bytes += bytes
    this.size++
    if (this.spine === null) {
      this.items.unshift(value)
      if (this.size > SMALL) this.becomeLarge(true)
      return
    }
    let head = this.ownHead()
    if (head.start === 0) {
      if (sizeOf(head) <= HALF) slide(head, CHUNK - sizeOf(head))
      else {
        this.ownSpine().addFirst(head)
        head = newChunk(this.version.epoch, CHUNK)
        this.head = head
      }
    }
    head.items[--head.start] = value
    head.bytes += bytes
  }

  /** Everything goes into the chunk at the end where things happen. */
  private becomeLarge(front: boolean): void {
    const { items } = this
    const chunk = newChunk(this.version.epoch, front ? CHUNK - items.length : 0)
    for (let i = 0; i < items.length; i++) chunk.items[chunk.end++] = items[i]
    chunk.bytes = this.bytes
    if (front) this.head = chunk
    else this.tail = chunk
    this.spine = new Spine(this.version.epoch, 0)
    this.items = []
  }

  private grow(bytes: number, count = 1): void {
    const { listBytes, listCount } = this.version.limits
    if (this.bytes + HEADER + bytes > listBytes || this.size + count > listCount) this.compact = false
  }

  private growAll(values: readonly string[]): void {
    let bytes = 0
    for (let i = 0; i < values.length; i++) bytes += lengthOf(values[i])
    this.grow(bytes, values.length)
  }

  private shrink(): void {
    const { listBytes, listCount } = this.version.limits
    if (listCount === Infinity ? this.bytes + HEADER <= listBytes / 2 : this.size <= listCount >> 1) this.compact = true
  }

  private clear(): void {
    this.size = 0
    this.bytes = 0
    this.items = []
    this.head = none
    this.tail = none
    if (this.spine !== null) this.spine = new Spine(this.version.epoch, 0)
  }

  /** Removes the first `k` elements of the large form, fewer than `size`. */
  private dropFirst(k: number): void {
    this.size -= k
    while (k > 0) {
      if (sizeOf(this.head) === 0 && this.spineSize() > 0) this.head = this.ownSpine().takeFirst()
      const inHead = sizeOf(this.head) > 0
      const whole = inHead ? this.head : this.tail
      if (sizeOf(whole) <= k) {
        k -= sizeOf(whole)
        this.bytes -= whole.bytes
        if (inHead) this.head = none
        else this.tail = none
        continue
      }
      const chunk = inHead ? this.ownHead() : this.ownTail()
      const bytes = costOf(chunk.items, chunk.start, chunk.start + k)
      for (const until = chunk.start + k; chunk.start < until; chunk.start++) chunk.items[chunk.start] = ''
      chunk.bytes -= bytes
      this.bytes -= bytes
      return
    }
  }

  /** Removes the last `k` elements of the large form, fewer than `size`. */
  private dropLast(k: number): void {
    this.size -= k
    while (k > 0) {
      if (sizeOf(this.tail) === 0 && this.spineSize() > 0) this.tail = this.ownSpine().takeLast()
      const inTail = sizeOf(this.tail) > 0
      const whole = inTail ? this.tail : this.head
      if (sizeOf(whole) <= k) {
        k -= sizeOf(whole)
        this.bytes -= whole.bytes
        if (inTail) this.tail = none
        else this.head = none
        continue
      }
      const chunk = inTail ? this.ownTail() : this.ownHead()
      const bytes = costOf(chunk.items, chunk.end - k, chunk.end)
      for (const until = chunk.end - k; chunk.end > until; chunk.end--) chunk.items[chunk.end - 1] = ''
      chunk.bytes -= bytes
      this.bytes -= bytes
      return
    }
  }

  /** The chunk that holds an index in [0, size) of the large form, with the slot in `slot`. */
  private locate(index: number): number {
    const { head, tail } = this
    const before = sizeOf(head)
    if (index < before) {
      slot = head.start + index
      return HEAD
    }
    const behind = this.size - sizeOf(tail)
    if (index >= behind) {
      slot = tail.start + (index - behind)
      return TAIL
    }
    const spine = this.spine as Spine
    const which = spine.find(index - before)
    slot = spine.chunks[which].start + (index - before - spine.before(which))
    return which
  }

  private chunkAt(which: number): Chunk {
    return which === HEAD ? this.head : which === TAIL ? this.tail : (this.spine as Spine).chunks[which]
  }

  private after(which: number): number {
    const { first, last } = this.spine as Spine
    const next = which === HEAD ? first : which + 1
    return next < last ? next : TAIL
  }

  private before(which: number): number {
    const { first, last } = this.spine as Spine
    const next = which === TAIL ? last - 1 : which - 1
    return next >= first ? next : HEAD
  }

  private spineSize(): number {
    const { first, last } = this.spine as Spine
    return last - first
  }

  private ownHead(): Chunk {
    if (this.head.stamp < this.version.floor) this.head = copyChunk(this.head, this.version.epoch)
    return this.head
  }

  private ownTail(): Chunk {
    if (this.tail.stamp < this.version.floor) this.tail = copyChunk(this.tail, this.version.epoch)
    return this.tail
  }

  private ownSpine(): Spine {
    let spine = this.spine as Spine
    if (spine.stamp < this.version.floor) {
      spine = spine.copy(this.version.epoch)
      this.spine = spine
    }
    return spine
  }

  private ownChunk(which: number): Chunk {
    if (which === HEAD) return this.ownHead()
    if (which === TAIL) return this.ownTail()
    return this.ownSpine().own(which, this.version)
  }

  /** Splits a full chunk: what leaves the head or the tail goes into the spine. */
  private split(which: number): void {
    const chunk = this.ownChunk(which)
    const other = newChunk(this.version.epoch, 0)
    const from = which === TAIL ? 0 : HALF
    for (let i = 0; i < HALF; i++) {
      other.items[i] = chunk.items[from + i]
      chunk.items[from + i] = ''
    }
    other.end = HALF
    other.bytes = costOf(other.items, 0, HALF)
    chunk.bytes -= other.bytes
    if (which === TAIL) {
      chunk.start = HALF
      this.ownSpine().addLast(other)
      return
    }
    chunk.end = HALF
    if (which === HEAD) this.ownSpine().addFirst(other)
    else this.ownSpine().insert(which + 1, other)
  }
}
