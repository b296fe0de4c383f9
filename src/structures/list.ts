import { byteLength } from '../util/text.ts'
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
 * arbitrary origin, so that chunks come and go at either end without touching the other positions; positions behind a
 * change in the middle are computed again when an index next needs them. An index is found by a binary search.
 *
 * Invariants
 * 1. Either `spine` is null and `items` holds the list, or `items` is empty. `size` is the number of elements.
 * 2. Chunks in the spine are not empty, and no two neighbours in it could share one chunk of half size: so the spine
 *    takes at most four times the memory of its elements. Head and tail may be empty.
 * 3. `at[i]` is right for `first <= i < valid`: `at[i + 1] - at[i]` is the size of chunk i. `valid > first` unless the
 *    spine is empty.
 * 4. Slots outside the windows hold '' or `none`, so that nothing is kept alive by them.
 * 5. A chunk or spine stamped below `version.floor` is never written, except for the positions a spine computes late,
 *    which are the same for all who see it. A spine with a chunk that may be written may be written itself.
 * 6. `bytes` of a chunk and of the list is the sum of `cost` over their elements.
 */

const CHUNK = 256
const HALF = 128
/** The most elements that a small list has. */
const SMALL = 128
/** Redis' list-max-listpack-size of -2, in bytes. */
const COMPACT_BYTES = 8192
/** A listpack of n elements takes this much beside them. */
const HEADER = 7

const noItems: string[] = []
for (let i = 0; i < CHUNK; i++) noItems.push('')

class Chunk {
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
const none = new Chunk(-1, 0, 0, 0, noItems)

function newChunk(stamp: number, start: number): Chunk {
  return new Chunk(stamp, start, start, 0, noItems.slice())
}

function copyChunk(chunk: Chunk, stamp: number): Chunk {
  return new Chunk(stamp, chunk.start, chunk.end, chunk.bytes, chunk.items.slice())
}

class Spine {
  readonly stamp: number
  first: number
  last: number
  valid: number
  readonly chunks: Chunk[]
  readonly at: Float64Array

  constructor(stamp: number, capacity: number) {
    this.stamp = stamp
    this.first = capacity >> 1
    this.last = this.first
    this.valid = this.first
    this.chunks = new Array<Chunk>(capacity).fill(none)
    this.at = new Float64Array(capacity)
  }
}

/** A spine with the same chunks and as much room again, half of it at either end. */
function copySpine(spine: Spine, stamp: number): Spine {
  const n = spine.last - spine.first
  const copy = new Spine(stamp, 2 * n + 16)
  copy.first -= n >> 1
  copy.last = copy.first + n
  copy.valid = copy.first + (spine.valid - spine.first)
  for (let i = 0; i < n; i++) {
    copy.chunks[copy.first + i] = spine.chunks[spine.first + i]
    copy.at[copy.first + i] = spine.at[spine.first + i]
  }
  return copy
}

/**
 * The bytes that a listpack takes for the value: integers in 2 to 10, text in its length and 2 to 10 more. For text
 * above 32 characters, one byte per character: counting exactly would cost more than pushing, and it matters only to
 * OBJECT ENCODING of lists of long non-ASCII text around 8 KB.
 */
function cost(value: string): number {
  const length = value.length
  if (length > 32) return length < 64 ? length + 2 : length < 127 ? length + 3 : length < 4096 ? length + 4 : length + 8
  const unit = length === 0 ? 0 : value.charCodeAt(0)
  if (length <= 20 && (unit === 0x2d || (unit >= 0x30 && unit <= 0x39))) {
    const integer = integerCost(value, unit === 0x2d)
    if (integer > 0) return integer
  }
  const bytes = byteLength(value)
  return bytes < 64 ? bytes + 2 : bytes + 3
}

/** As `cost`, 0 when the value is not an integer in its shortest form that fits in 64 bits. */
function integerCost(value: string, negative: boolean): number {
  const digits = negative ? value.length - 1 : value.length
  const from = negative ? 1 : 0
  if (digits === 0 || (value.charCodeAt(from) === 0x30 && value.length > 1)) return 0
  let n = 0
  for (let i = from; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return 0
    n = n * 10 + digit
  }
  if (digits >= 19) {
    // Strings of 19 digits compare as the numbers do; a double would round them.
    const limit = negative ? '9223372036854775808' : '9223372036854775807'
    return digits === 19 && (negative ? value.slice(1) : value) <= limit ? 10 : 0
  }
  if (negative) n = -n
  if (n >= 0 && n <= 127) return 2
  if (n >= -4096 && n <= 4095) return 3
  if (n >= -32768 && n <= 32767) return 4
  if (n >= -8388608 && n <= 8388607) return 5
  return n >= -2147483648 && n <= 2147483647 ? 6 : 10
}

function costOf(items: readonly string[], start: number, end: number): number {
  let bytes = 0
  for (let i = start; i < end; i++) bytes += cost(items[i])
  return bytes
}

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
   * compact form when it would take more than 8 KB and returns when it takes no more than half of that. Redis returns
   * only if the elements stand in one node by then, which it decides by history; here they always count as one.
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

  /** Adds at the end. O(1) amortised. */
  push(value: string): void {
    this.grow(value.length)
    this.append(value)
  }

  /** Adds at the front. O(1) amortised. */
  unshift(value: string): void {
    this.grow(value.length)
    this.prepend(value)
  }

  /** Adds all at the end, in order. As one RPUSH, it weighs the sum of the lengths once to decide about `compact`. */
  pushAll(values: readonly string[]): void {
    this.growAll(values)
    for (let i = 0; i < values.length; i++) this.append(values[i])
  }

  /** Adds one after the other at the front, so that the last one comes first, as LPUSH does. */
  unshiftAll(values: readonly string[]): void {
    this.growAll(values)
    for (let i = 0; i < values.length; i++) this.prepend(values[i])
  }

  /** Removes and returns the last element; undefined when empty. O(1). */
  pop(): string | undefined {
    if (this.size === 0) return undefined
    let value: string
    if (this.spine === null) {
      value = this.items.pop() as string
      this.size--
    } else {
      if (this.tail.start === this.tail.end) this.refillTail(this.spine)
      const chunk = this.tail.start < this.tail.end ? this.ownTail() : this.ownHead()
      value = chunk.items[--chunk.end]
      chunk.items[chunk.end] = ''
      this.size--
      this.weigh(chunk, -cost(value))
      return value
    }
    this.shrink(cost(value))
    return value
  }

  /** Removes and returns the first element; undefined when empty. O(1). */
  shift(): string | undefined {
    if (this.size === 0) return undefined
    let value: string
    if (this.spine === null) {
      value = this.items.shift() as string
      this.size--
    } else {
      if (this.head.start === this.head.end) this.refillHead(this.spine)
      const chunk = this.head.start < this.head.end ? this.ownHead() : this.ownTail()
      value = chunk.items[chunk.start]
      chunk.items[chunk.start++] = ''
      this.size--
      this.weigh(chunk, -cost(value))
      return value
    }
    this.shrink(cost(value))
    return value
  }
}
