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

/** The chunks between head and tail. Everything but `find` and `before` writes, so the spine must not be shared. */
export class Spine {
  readonly stamp: number
  first: number
  last: number
  valid: number
  chunks: Chunk[]
  at: Float64Array

  /** With room for `n` chunks and half as many again, or 8, at either end. */
  constructor(stamp: number, n: number) {
    const room = 8 + (n >> 1)
    this.stamp = stamp
    this.first = room
    this.last = room
    this.valid = room
    this.chunks = new Array<Chunk>(n + 2 * room).fill(none)
    this.at = new Float64Array(n + 2 * room)
  }

  /** The same chunks under the same indices. */
  copy(stamp: number): Spine {
    const copy = new Spine(stamp, 0)
    copy.first = this.first
    copy.last = this.last
    copy.valid = this.valid
    copy.chunks = this.chunks.slice()
    copy.at = this.at.slice()
    return copy
  }

  /** The chunk that holds the element with `index` elements of the spine before it. O(log n) when no chunk changed. */
  find(index: number): number {
    const { chunks, at } = this
    const position = index + at[this.first]
    let last = this.valid - 1
    while (last + 1 < this.last && at[last] + sizeOf(chunks[last]) <= position) {
      at[last + 1] = at[last] + sizeOf(chunks[last])
      last++
    }
    if (last >= this.valid) this.valid = last + 1
    let low = this.first
    let high = last + 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (at[middle] <= position) low = middle
      else high = middle
    }
    return low
  }

  /** How many elements of the spine stand before a chunk that `find` found. */
  before(which: number): number {
    return this.at[which] - this.at[this.first]
  }

  addFirst(chunk: Chunk): void {
    if (this.first === 0) this.widen()
    const { first, at, chunks } = this
    if (first === this.last) {
      at[first - 1] = 0
      this.valid = first
    } else at[first - 1] = at[first] - sizeOf(chunk)
    chunks[first - 1] = chunk
    this.first = first - 1
  }

  addLast(chunk: Chunk): void {
    if (this.last === this.chunks.length) this.widen()
    const { last, at, chunks } = this
    if (this.valid === last) {
      at[last] = this.first === last ? 0 : at[last - 1] + sizeOf(chunks[last - 1])
      this.valid = last + 1
    }
    chunks[last] = chunk
    this.last = last + 1
  }

  takeFirst(): Chunk {
    const { first, at, chunks } = this
    const chunk = chunks[first]
    chunks[first] = none
    this.first = first + 1
    if (this.valid === first + 1 && this.first < this.last) {
      at[first + 1] = at[first] + sizeOf(chunk)
      this.valid = first + 2
    }
    return chunk
  }

  takeLast(): Chunk {
    const last = this.last - 1
    const chunk = this.chunks[last]
    this.chunks[last] = none
    this.last = last
    if (this.valid > last) this.valid = last
    return chunk
  }

  /** Puts a chunk in at an index that is not the first one. */
  insert(which: number, chunk: Chunk): void {
    let to = which
    if (this.last === this.chunks.length) {
      to -= this.first
      this.widen()
      to += this.first
    }
    const { chunks } = this
    for (let i = this.last++; i > to; i--) chunks[i] = chunks[i - 1]
    chunks[to] = chunk
    if (this.valid > to) this.valid = to
  }

  /** Notes that the size of a chunk changed. */
  moved(which: number): void {
    if (this.valid > which + 1) this.valid = which + 1
  }

  /** Restores invariant 2 around a chunk that became smaller. */
  tidy(which: number, version: Version): void {
    const { chunks } = this
    const n = sizeOf(chunks[which])
    if (n === 0) this.drop(which)
    else if (which + 1 < this.last && n + sizeOf(chunks[which + 1]) <= HALF) this.join(which, version)
    else if (which > this.first && n + sizeOf(chunks[which - 1]) <= HALF) this.join(which - 1, version)
  }

  /** Restores invariant 2 everywhere. O(n / 256). */
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
    this.valid = Math.min(first + 1, to)
  }

  own(which: number, version: Version): Chunk {
    let chunk = this.chunks[which]
    if (chunk.stamp < version.floor) {
      chunk = copyChunk(chunk, version.epoch)
      this.chunks[which] = chunk
    }
    return chunk
  }

  private join(which: number, version: Version): void {
    pour(this.chunks[which + 1], this.own(which, version))
    this.drop(which + 1)
  }

  private drop(which: number): void {
    if (which === this.first) {
      this.takeFirst()
      return
    }
    const { chunks } = this
    this.last--
    for (let i = which; i < this.last; i++) chunks[i] = chunks[i + 1]
    chunks[this.last] = none
    if (this.valid > which) this.valid = which
  }

  /** Moves the chunks into the middle of longer arrays: their indices change. */
  private widen(): void {
    const n = this.last - this.first
    const wide = new Spine(this.stamp, n)
    for (let i = 0; i < n; i++) {
      wide.chunks[wide.first + i] = this.chunks[this.first + i]
      wide.at[wide.first + i] = this.at[this.first + i]
    }
    this.valid += wide.first - this.first
    this.first = wide.first
    this.last = wide.first + n
    this.chunks = wide.chunks
    this.at = wide.at
  }
}
