/**
 * A segment of a table, see table.ts. It keeps its cells in one array, three elements each, so that a hit touches one or
 * two cache lines:
 *   [hash, key, value, hash, key, value, …]      an empty cell is [-1, undefined, undefined]
 * and, once needed, one double per cell: when the key expires, 0 for never.
 */
export const HASH_BITS = 30
export const HASH_END: number = 2 ** HASH_BITS
const HASH_MASK = HASH_END - 1
export const STRIDE = 3
export const EMPTY = -1
/** The capacity at which a segment splits in two. */
export const SPLIT_AT = 256

const blank: unknown[] = []
for (let i = 0; i < SPLIT_AT; i++) blank.push(EMPTY, undefined, undefined)

/** Zeros in an array that never holds anything but doubles, which the engine keeps unboxed: fewer bytes than a typed array. */
const zeros: number[] = []
for (let i = 0; i < SPLIT_AT; i++) zeros.push(0.5)
zeros.fill(0)

/** No times yet. */
export function noTimes(capacity: number): number[] {
  const times = zeros.slice(0, Math.min(capacity, SPLIT_AT))
  for (let i = SPLIT_AT; i < capacity; i++) times.push(0)
  return times
}

function emptyCells(capacity: number): unknown[] {
  const cells = blank.slice(0, Math.min(capacity, SPLIT_AT) * STRIDE)
  for (let i = SPLIT_AT; i < capacity; i++) cells.push(EMPTY, undefined, undefined)
  return cells
}

/**
 * A seeded FNV-1a over UTF-16 units with murmur3's finish, 30 bits: a small integer in every engine. The complement of
 * it, which is negative, when the key has a unit from the surrogates up: then it may not be canonical (util/text.ts).
 * Looking for that here is free, because reading the units is what takes the time; a loop of its own costs as much again.
 */
export function hash(key: string, seed: number): number {
  let h = seed
  let below = 0
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    // Negative from the first such unit on.
    below |= 0xd7ff - unit
    h = Math.imul(h ^ unit, 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h = (h ^ (h >>> 16)) >>> 2
  return below < 0 ? ~h : h
}

/** The hash of a key that is canonical. */
export function hashOfCanonical(key: string, seed: number): number {
  const h = hash(key, seed)
  return h < 0 ? ~h : h
}

export class Segment<V> {
  cells: unknown[]
  times: number[] | null
  count: number
  readonly capacity: number
  readonly depth: number
  readonly stamp: number

  constructor(capacity: number, depth: number, stamp: number, cells: unknown[], times: number[] | null) {
    this.cells = cells
    this.times = times
    this.count = 0
    this.capacity = capacity
    this.depth = depth
    this.stamp = stamp
  }

  value(at: number): V {
    return this.cells[at * STRIDE + 2] as V
  }

  copy(stamp: number): Segment<V> {
    const times = this.times
    const copy = new Segment<V>(
      this.capacity,
      this.depth,
      stamp,
      this.cells.slice(),
      times === null ? null : times.slice(),
    )
    copy.count = this.count
    return copy
  }
}

export function newSegment<V>(capacity: number, depth: number, stamp: number, timed: boolean): Segment<V> {
  return new Segment<V>(capacity, depth, stamp, emptyCells(capacity), timed ? noTimes(capacity) : null)
}

/** The home cell: the hash bits below the segment's own, scaled to its capacity; grows with the hash. */
export function home(h: number, depth: number, capacity: number): number {
  return ((((h << depth) & HASH_MASK) >>> 14) * capacity) >>> 16
}

/** Adds an entry that is known to be absent to a segment with room; returns its cell. */
export function place<V>(segment: Segment<V>, h: number, key: string, value: V, time: number): number {
  const cells = segment.cells
  const capacity = segment.capacity
  let at = home(h, segment.depth, capacity)
  while (cells[at * STRIDE] !== EMPTY) if (++at === capacity) at = 0
  const cell = at * STRIDE
  cells[cell] = h
  cells[cell + 1] = key
  cells[cell + 2] = value
  if (segment.times !== null) segment.times[at] = time
  segment.count++
  return at
}

export function earliest<V>(segment: Segment<V>): number {
  const times = segment.times
  let least = Infinity
  if (times !== null) {
    for (let i = 0; i < times.length; i++) {
      const n = times[i]
      if (n !== 0 && n < least) least = n
    }
  }
  return least
}

export function visitSegment<V>(
  segment: Segment<V>,
  from: number,
  until: number,
  visit: (key: string, value: V, time: number) => void,
): void {
  const { cells, times } = segment
  for (let i = 0, at = 0; i < cells.length; i += STRIDE, at++) {
    const h = cells[i] as number
    if (h >= from && h < until) visit(cells[i + 1] as string, cells[i + 2] as V, times === null ? 0 : times[at])
  }
}
