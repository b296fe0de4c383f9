import type { Version } from './version.ts'

// The parts of a large list; list.ts draws them and states their invariants.

/** Slots in a chunk. */
export const CHUNK = 256
export const HALF = 128

const noItems: string[] = []
for (let i = 0; i < CHUNK; i++) noItems.push('')

export class Chunk {
  readonly stamp: number
  start: number
  end: number
  bytes: number
  readonly items: string[]

  constructor(stamp: number, start: number, end: number, bytes: number, items: string[]) {
    this.stamp = stamp
    this.start = start
    this.end = end
    this.bytes = bytes
    this.items = items
  }
}

/** An empty chunk that is shared by all, so copied before it is written. */
export const none: Chunk = new Chunk(-1, 0, 0, 0, noItems)

export function newChunk(stamp: number, start: number): Chunk {
  return new Chunk(stamp, start, start, 0, noItems.slice())
}

export function copyChunk(chunk: Chunk, stamp: number): Chunk {
  return new Chunk(stamp, chunk.start, chunk.end, chunk.bytes, chunk.items.slice())
}

export function sizeOf(chunk: Chunk): number {
  return chunk.end - chunk.start
}

export function holds(chunk: Chunk, value: string): boolean {
  const { items, end } = chunk
  for (let i = chunk.start; i < end; i++) if (items[i] === value) return true
  return false
}

/** Moves the window of a chunk so that it starts at `start`. */
export function slide(chunk: Chunk, start: number): void {
  const { items } = chunk
  const n = chunk.end - chunk.start
  if (start < chunk.start) {
    for (let i = 0; i < n; i++) items[start + i] = items[chunk.start + i]
    for (let i = Math.max(start + n, chunk.start); i < chunk.end; i++) items[i] = ''
  } else {
    for (let i = n - 1; i >= 0; i--) items[start + i] = items[chunk.start + i]
    for (let i = chunk.start; i < Math.min(chunk.end, start); i++) items[i] = ''
  }
  chunk.start = start
  chunk.end = start + n
}

/**
 * Removes up to `limit` elements equal to `value` from `items[start..end)`, the last ones with `reverse`, and closes
 * the gaps to the left; how many went. What lies behind the rest is the caller's.
 */
export function removeFrom(
  items: string[],
  start: number,
  end: number,
  value: string,
  limit: number,
  reverse: boolean,
): number {
  let skip = 0
  if (reverse) {
    for (let i = start; i < end; i++) if (items[i] === value) skip++
    skip = Math.max(0, skip - limit)
  }
  let gone = 0
  let to = start
  for (let i = start; i < end; i++) {
    const item = items[i]
    if (item === value && gone < limit && skip-- <= 0) gone++
    else items[to++] = item
  }
  return gone
}

/** Adds the elements of one chunk to another, which has room for them. */
function pour(from: Chunk, to: Chunk): void {
  if (to.end + sizeOf(from) > CHUNK) slide(to, 0)
  for (let i = from.start; i < from.end; i++) to.items[to.end++] = from.items[i]
  to.bytes += from.bytes
}

/**
 * The chunks between head and tail. `find`, `before` and `check` only read; all else needs a spine that is not shared.
 * A change in size shifts all positions behind it. Those from `bend` on are noted without the last such shifts, whose
 * sum is `shift`: the next change moves the bend to its own place and adds to the sum, so that changes near each other
 * cost little and others one addition per chunk between them.
 */
export class Spine {
  readonly stamp: number
  first: number
  last: number
  chunks: Chunk[]
  private at: Float64Array
  private bend: number
  private shift: number

  /** With room for `n` chunks and half as many again, or 8, at either end. */
  constructor(stamp: number, n: number) {
    const room = 8 + (n >> 1)
    this.stamp = stamp
    this.first = room
    this.last = room
    this.chunks = new Array<Chunk>(n + 2 * room).fill(none)
    this.at = new Float64Array(n + 2 * room)
    this.bend = room
    this.shift = 0
  }

  /** The same chunks under the same indices. */
  copy(stamp: number): Spine {
    const copy = new Spine(stamp, 0)
    copy.first = this.first
    copy.last = this.last
    copy.chunks = this.chunks.slice()
    copy.at = this.at.slice()
    copy.bend = this.bend
    copy.shift = this.shift
    return copy
  }

  /** The chunk that holds the element with `index` elements of the spine before it. O(log n), O(1) in even spines. */
  find(index: number): number {
    const { first, last, at, bend, shift } = this
    const position = index + this.position(first)
    let low = first
    let high = last
    // Most chunks of most lists are full.
    const guess = first + Math.floor(index / CHUNK)
    if (guess < last) {
      if (at[guess] + (guess < bend ? 0 : shift) <= position) low = guess
      else high = guess
      if (guess + 1 < last && at[guess + 1] + (guess + 1 < bend ? 0 : shift) > position) high = guess + 1
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (at[middle] + (middle < bend ? 0 : shift) <= position) low = middle
      else high = middle
    }
    return low
  }

  /** How many elements of the spine stand before a chunk. */
  before(which: number): number {
    return this.position(which) - this.position(this.first)
  }

  addFirst(chunk: Chunk): void {
    if (this.first === 0) this.widen()
    const to = this.first - 1
    this.place(to, this.first === this.last ? 0 : this.position(this.first) - sizeOf(chunk))
    this.chunks[to] = chunk
    this.first = to
  }

  addLast(chunk: Chunk): void {
    if (this.last === this.chunks.length) this.widen()
    const to = this.last++
    this.place(to, to === this.first ? 0 : this.position(to - 1) + sizeOf(this.chunks[to - 1]))
    this.chunks[to] = chunk
  }

  takeFirst(): Chunk {
    const chunk = this.chunks[this.first]
    this.chunks[this.first++] = none
    return chunk
  }

  takeLast(): Chunk {
    const chunk = this.chunks[--this.last]
    this.chunks[this.last] = none
    return chunk
  }

  /** Puts a chunk, whose elements stood at the end of the one before, in at an index that is not the first one. */
  insert(which: number, chunk: Chunk): void {
    let to = which
    if (this.last === this.chunks.length) {
      to -= this.first
      this.widen()
      to += this.first
    }
    const { chunks, at } = this
    for (let i = this.last++; i > to; i--) chunks[i] = chunks[i - 1]
    at.copyWithin(to + 1, to, this.last - 1)
    if (this.bend > to) this.bend++
    chunks[to] = chunk
    this.place(to, this.position(to - 1) + sizeOf(chunks[to - 1]))
  }

  /** Notes that a chunk has `by` elements more than before. */
  resized(which: number, by: number): void {
    const { at, shift } = this
    const to = which + 1
    if (shift !== 0) {
      for (let i = this.bend; i < to; i++) at[i] += shift
      for (let i = to; i < this.bend; i++) at[i] -= shift
    }
    this.bend = to
    this.shift = shift + by
  }

  /** Restores invariant 2 around a chunk that became smaller. */
  tidy(which: number, version: Version): void {
    const { chunks } = this
    const n = sizeOf(chunks[which])
    if (n === 0) this.drop(which)
    else if (which + 1 < this.last && n + sizeOf(chunks[which + 1]) <= HALF) this.join(which, version)
    else if (which > this.first && n + sizeOf(chunks[which - 1]) <= HALF) this.join(which - 1, version)
  }

  /** Restores invariant 2 and the positions everywhere. O(n / 256). */
  tidyAll(version: Version): void {
    const { first, last, chunks } = this
    let to = first
    for (let i = first; i < last; i++) {
      const chunk = chunks[i]
      if (sizeOf(chunk) === 0) continue
      if (to > first && sizeOf(chunk) + sizeOf(chunks[to - 1]) <= HALF) pour(chunk, this.own(to - 1, version))
      else chunks[to++] = chunk
    }
    for (let i = to; i < last; i++) chunks[i] = none
    this.last = to
    this.bend = first
    this.shift = 0
    for (let i = first, position = 0; i < to; i++) {
      this.at[i] = position
      position += sizeOf(chunks[i])
    }
  }

  /** The chunk, after copying it if it is shared. */
  own(which: number, version: Version): Chunk {
    let chunk = this.chunks[which]
    if (chunk.stamp < version.floor) {
      chunk = copyChunk(chunk, version.epoch)
      this.chunks[which] = chunk
    }
    return chunk
  }

  check(): void {
    const { first, last, chunks, at } = this
    if (first < 0 || last < first || last > chunks.length || at.length !== chunks.length) {
      throw new Error('list: window of the spine')
    }
    for (let i = 0; i < chunks.length; i++) {
      if ((i < first || i >= last) && chunks[i] !== none) throw new Error('list: a chunk kept alive')
    }
    for (let i = first; i < last; i++) {
      const n = sizeOf(chunks[i])
      if (n === 0) throw new Error('list: an empty chunk in the spine')
      if (i + 1 === last) return
      if (n + sizeOf(chunks[i + 1]) <= HALF) throw new Error('list: two thin chunks')
      if (this.position(i) + n !== this.position(i + 1)) throw new Error('list: position of a chunk')
    }
  }

  private position(which: number): number {
    return this.at[which] + (which < this.bend ? 0 : this.shift)
  }

  private place(which: number, position: number): void {
    this.at[which] = position - (which < this.bend ? 0 : this.shift)
  }

  private join(which: number, version: Version): void {
    pour(this.chunks[which + 1], this.own(which, version))
    this.drop(which + 1)
  }

  /** Removes a chunk whose elements are gone or stand in the one before. */
  private drop(which: number): void {
    const { chunks, at } = this
    this.last--
    for (let i = which; i < this.last; i++) chunks[i] = chunks[i + 1]
    chunks[this.last] = none
    at.copyWithin(which, which + 1, this.last + 1)
    if (this.bend > which) this.bend--
  }

  /** Moves the chunks into the middle of longer arrays: their indices change. */
  private widen(): void {
    const n = this.last - this.first
    const wide = new Spine(this.stamp, n)
    for (let i = 0; i < n; i++) {
      wide.chunks[wide.first + i] = this.chunks[this.first + i]
      wide.at[wide.first + i] = this.position(this.first + i)
    }
    this.first = wide.first
    this.last = wide.first + n
    this.chunks = wide.chunks
    this.at = wide.at
    this.bend = this.last
    this.shift = 0
  }
}
