import { byteLength } from '../util/text.ts'
import { cost, costOfInteger, HEADER } from './listpack-size.ts'
import { flat, LONGEST, PACKED, packBehind, packedLength, unpackPairs } from './packed.ts'
import { type Shape, shapeOf } from './shape.ts'
import { compareIds, compareParts, type Id, LAST, type Part } from './stream-id.ts'
import type { Limits } from './limits.ts'
import type { Version } from './version.ts'

/**
 * The entries of a stream, in the order of their ids.
 *
 *   chunk  ms    [1700 1700 1703]        one element per entry in each of the four
 *          seq   [0    1    0   ]
 *          shape [ab   ab   xyz ]        the field names, shared by all that have the same (shape.ts); alone if all have one
 *          body  [0    9    […] ]        the values, or where in `text` they begin when they are few and short
 *          text  '…'                     those, packed (packed.ts) one entry after the other
 *
 * So an entry has no object of its own, and the collector has nothing to copy but a few per chunk. What `text` has of deleted
 * entries stays in it until there are half as many.
 *
 * A chunk is a node of Redis' radix tree: it ends where Redis would end it, because MAXLEN ~ removes whole nodes and its
 * reply says how many entries they had. Deleted entries leave the chunk at once; Redis only marks them, so it is counted
 * how many there were, and how many bytes the node would take.
 *
 * Invariants
 * 1. The ids rise strictly, within chunks and from chunk to chunk; `size` is the number of entries.
 * 2. No chunk is empty. `first` is at or before its first id, and `last` at or after its last one: the first and the last id
 *    that the chunk ever had.
 * 3. A chunk stamped below `version.floor` is never written.
 * 4. Values in `text` stand in the order of their entries and do not overlap.
 */

/** How long a node can become, whatever stream-node-max-bytes says. */
const LONGEST_NODE = 2 ** 30
/** How many entries at most keep their values in a string of several pieces. */
const PIECES = 32

export interface Chunk {
  readonly stamp: number
  readonly first: Id
  last: Id
  /** The fields of the first entry that the chunk ever had. */
  readonly master: Shape
  ms: Part[]
  seq: Part[]
  /** One for each entry, or one that all have. */
  shapes: Shape | Shape[]
  bodies: (number | string[])[]
  text: string
  /** Entries that were deleted from it. */
  deleted: number
  /** What the node would take in Redis. */
  bytes: number
}

/** What a node of Redis knows beside its entries: see Chunk. */
export interface NodeFacts {
  readonly first: Id
  readonly last: Id
  readonly fields: readonly string[]
  readonly deleted: number
  readonly bytes: number
}

/** What trimming removes: the oldest entries beyond a number, or those before an id. */
export interface TrimRule {
  readonly maxlen?: number
  readonly minid?: Id
  /** Only chunks that can go as a whole. */
  readonly approx: boolean
  /** At most so many entries; 0 for no limit. */
  readonly limit: number
}

export type EntryVisit = (id: Id, pairs: string[]) => boolean | undefined | void

export class StreamLog {
  size: number
  private readonly version: Version
  private readonly chunks: Chunk[]
  /** The entry in the chunk that `locate` looked up. */
  private at: number

  constructor(version: Version, chunks: Chunk[] = [], size = 0) {
    this.size = size
    this.version = version
    this.chunks = chunks
    this.at = 0
  }

  /** A second log over the same chunks. */
  fork(version: Version): StreamLog {
    return new StreamLog(version, this.chunks.slice(), this.size)
  }

  /** How many chunks there are. */
  get chunkCount(): number {
    return this.chunks.length
  }

  /** Visits the chunks in order. They are for reading only. */
  forEachChunk(visit: (chunk: Chunk) => void): void {
    this.chunks.forEach(visit)
  }

  first(): Id | undefined {
    const chunk = this.chunks[0]
    return chunk === undefined ? undefined : idAt(chunk, 0)
  }

  last(): Id | undefined {
    const chunk = this.chunks[this.chunks.length - 1]
    return chunk === undefined ? undefined : idAt(chunk, chunk.ms.length - 1)
  }

  /** Adds an entry, whose id is after all others; fields and values in turns. O(number of fields). */
  append(id: Id, pairs: readonly string[]): void {
    const { chunks, version } = this
    let which = chunks.length - 1
    if (which < 0 || isFull(chunks[which], pairs, version.limits)) {
      const shape = shapeFor(pairs, undefined)
      const fields = shape.fields
      let bytes = HEADER + 2 + 2 + cost(String(fields.length)) + 2
      for (let i = 0; i < fields.length; i++) bytes += cost(fields[i])
      if (which >= 0 && chunks[which].stamp >= version.floor) seal(chunks[which])
      chunks.push({
        stamp: version.epoch,
        first: id,
        last: id,
        master: shape,
        ms: [],
        seq: [],
        shapes: shape,
        bodies: [],
        text: '',
        deleted: 0,
        bytes,
      })
      which++
    }
    const chunk = this.own(which)
    const shape = shapeFor(pairs, shapeAt(chunk, chunk.ms.length - 1))
    put(chunk, id, shape, pairs)
    // To make it one string takes a call and a copy. While a stream is small it is done at once, for what it saves of memory.
    if (which === 0 || chunk.ms.length % PIECES === 0) chunk.text = flat(chunk.text)
    chunk.last = id
    chunk.bytes += entryBytes(chunk, id, shape, pairs)
    this.size++
  }

  /** Adds a chunk as a file has it. `kept` says what of the node is not seen from its entries, of which there is one at least. */
  appendChunk(kept: NodeFacts, entries: readonly { id: Id; pairs: readonly string[] }[]): void {
    const master = shapeOf(kept.fields)
    const chunk: Chunk = {
      stamp: this.version.epoch,
      first: kept.first,
      last: kept.last,
      master,
      ms: [],
      seq: [],
      shapes: master,
      bodies: [],
      text: '',
      deleted: kept.deleted,
      bytes: kept.bytes,
    }
    let before = master
    for (const { id, pairs } of entries) {
      before = shapeFor(pairs, before)
      put(chunk, id, before, pairs)
    }
    seal(chunk)
    this.chunks.push(chunk)
    this.size += entries.length
  }

  /** O(log n). */
  has(id: Id): boolean {
    const chunk = this.chunks[this.locate(id)]
    return chunk !== undefined && holdsAt(chunk, this.at, id)
  }

  /** Fields and values of an entry, in turns; undefined when there is none with the id. O(log n). */
  get(id: Id): string[] | undefined {
    const chunk = this.chunks[this.locate(id)]
    return chunk !== undefined && holdsAt(chunk, this.at, id) ? pairsAt(chunk, this.at) : undefined
  }

  /** True when there was an entry with the id. O(log n). */
  delete(id: Id): boolean {
    const which = this.locate(id)
    const { at } = this
    const found = this.chunks[which]
    if (found === undefined || !holdsAt(found, at, id)) return false
    this.size--
    if (found.ms.length === 1) {
      this.chunks.splice(which, 1)
      return true
    }
    cut(this.own(which), at, 1)
    return true
  }

  /**
   * Visits the entries from `start` to `end`, both included, with `reverse` the last one first, until `visit` answers
   * false. The log must not change meanwhile. O(log n + k).
   */
  range(start: Id, end: Id, reverse: boolean, visit: EntryVisit): void {
    if (compareIds(start, end) > 0) return
    const { chunks } = this
    let which = this.locate(reverse ? end : start)
    let { at } = this
    if (reverse) {
      if (which === chunks.length) return
      if (!holdsAt(chunks[which], at, end)) at--
      for (; which >= 0; at = which < 0 ? 0 : chunks[which].ms.length - 1) {
        const chunk = chunks[which]
        for (; at >= 0; at--) {
          if (compareParts(chunk.ms[at], chunk.seq[at], start.ms, start.seq) < 0) return
          if (visit(idAt(chunk, at), pairsAt(chunk, at)) === false) return
        }
        which--
      }
      return
    }
    for (; which < chunks.length; which++, at = 0) {
      const chunk = chunks[which]
      for (; at < chunk.ms.length; at++) {
        if (compareParts(chunk.ms[at], chunk.seq[at], end.ms, end.seq) > 0) return
        if (visit(idAt(chunk, at), pairsAt(chunk, at)) === false) return
      }
    }
  }

  /** Removes the oldest entries as the rule says; how many went. `gone` is told each. O(chunks removed + 100). */
  trim(rule: TrimRule, gone?: (id: Id) => void): number {
    const { chunks } = this
    const { maxlen, minid = LAST, approx, limit } = rule
    const before = this.size
    let which = 0
    for (; which < chunks.length; which++) {
      const chunk = chunks[which]
      const count = chunk.ms.length
      if (maxlen !== undefined && this.size <= maxlen) break
      if (limit > 0 && before - this.size + count > limit) break
      const whole = maxlen !== undefined ? this.size - count >= maxlen : compareIds(chunk.last, minid) < 0
      if (!whole && approx) break
      const most = whole ? count : maxlen !== undefined ? this.size - maxlen : this.placeIn(chunk, minid)
      if (gone !== undefined) for (let i = 0; i < most; i++) gone(idAt(chunk, i))
      this.size -= most
      if (most < count) {
        if (most > 0) cut(this.own(which), 0, most)
        break
      }
    }
    if (which > 0) chunks.splice(0, which)
    return before - this.size
  }

  /** The place of the first entry of a chunk that is not before `id`. */
  private placeIn(chunk: Chunk, id: Id): number {
    let from = 0
    let to = chunk.ms.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (compareParts(chunk.ms[middle], chunk.seq[middle], id.ms, id.seq) < 0) from = middle + 1
      else to = middle
    }
    return from
  }

  /** The chunk in which `id` stands or would stand, with the place of the first entry not before it in `at`. */
  private locate(id: Id): number {
    const { chunks } = this
    let low = 0
    let high = chunks.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      const chunk = chunks[middle]
      if (compareParts(chunk.ms[0], chunk.seq[0], id.ms, id.seq) <= 0) low = middle
      else high = middle
    }
    this.at = low < chunks.length ? this.placeIn(chunks[low], id) : 0
    return low
  }

  private own(which: number): Chunk {
    const chunk = this.chunks[which]
    if (chunk.stamp >= this.version.floor) return chunk
    const copy: Chunk = {
      stamp: this.version.epoch,
      first: chunk.first,
      last: chunk.last,
      master: chunk.master,
      ms: chunk.ms.slice(),
      seq: chunk.seq.slice(),
      shapes: copied(chunk.shapes),
      bodies: chunk.bodies.slice(),
      text: chunk.text,
      deleted: chunk.deleted,
      bytes: chunk.bytes,
    }
    this.chunks[which] = copy
    return copy
  }

  check(): void {
    let size = 0
    let before: Id | undefined
    for (const chunk of this.chunks) {
      const count = chunk.ms.length
      if (count === 0) throw new Error('stream: an empty chunk')
      for (const column of [chunk.seq, chunk.shapes, chunk.bodies]) {
        if (Array.isArray(column) && column.length !== count) throw new Error('stream: columns of different length')
      }
      let end = 0
      if (compareIds(chunk.first, idAt(chunk, 0)) > 0) throw new Error('stream: first id of a chunk')
      if (compareIds(chunk.last, idAt(chunk, count - 1)) < 0) throw new Error('stream: last id of a chunk')
      for (let i = 0; i < count; i++) {
        const id = idAt(chunk, i)
        if (before !== undefined && compareIds(before, id) >= 0) throw new Error('stream: order of ids')
        before = id
        if (pairsAt(chunk, i).length !== shapeAt(chunk, i).fields.length * 2) throw new Error('stream: values')
        const from = chunk.bodies[i]
        if (typeof from !== 'number') continue
        if (from < end) throw new Error('stream: values in the text of a chunk')
        end = from + packedLength(chunk.text, shapeAt(chunk, i).fields.length, from)
      }
      if (end > chunk.text.length) throw new Error('stream: length of the text of a chunk')
      size += count
    }
    if (size !== this.size) throw new Error('stream: number of entries')
  }
}

export function idAt(chunk: Chunk, at: number): Id {
  return { ms: chunk.ms[at], seq: chunk.seq[at] }
}

function shapeAt(chunk: Chunk, at: number): Shape {
  const { shapes } = chunk
  return Array.isArray(shapes) ? shapes[at] : shapes
}

function copied(shapes: Shape | Shape[]): Shape | Shape[] {
  return Array.isArray(shapes) ? shapes.slice() : shapes
}

/** Fields and values of an entry, in turns. */
export function pairsAt(chunk: Chunk, at: number): string[] {
  const { fields } = shapeAt(chunk, at)
  const body = chunk.bodies[at]
  if (typeof body === 'number') return unpackPairs(fields, chunk.text, body)
  const pairs = new Array<string>(2 * fields.length)
  for (let i = 0; i < fields.length; i++) {
    pairs[2 * i] = fields[i]
    pairs[2 * i + 1] = body[i]
  }
  return pairs
}

function holdsAt(chunk: Chunk, at: number, id: Id): boolean {
  return at < chunk.ms.length && chunk.ms[at] === id.ms && chunk.seq[at] === id.seq
}

/** Removes entries from a chunk that may be written. */
function cut(chunk: Chunk, at: number, count: number): void {
  const before = chunk.ms.length
  chunk.ms.splice(at, count)
  chunk.seq.splice(at, count)
  if (Array.isArray(chunk.shapes)) chunk.shapes.splice(at, count)
  chunk.bodies.splice(at, count)
  chunk.deleted += count
  // From 128 entries to 64, from 64 to 32, and so on: then half of them have gone.
  if (Math.clz32(chunk.ms.length) !== Math.clz32(before)) repack(chunk)
}

/** Leaves in the text of a chunk only what its entries have there. */
function repack(chunk: Chunk): void {
  const { bodies, text } = chunk
  let packed = ''
  for (let i = 0; i < bodies.length; i++) {
    const from = bodies[i]
    if (typeof from !== 'number') continue
    bodies[i] = packed.length
    packed += text.substring(from, from + packedLength(text, shapeAt(chunk, i).fields.length, from))
  }
  chunk.text = flat(packed)
}

/** Gives back the room that arrays keep for growing: copies have none. */
function seal(chunk: Chunk): void {
  chunk.ms = chunk.ms.slice()
  chunk.seq = chunk.seq.slice()
  chunk.shapes = copied(chunk.shapes)
  chunk.bodies = chunk.bodies.slice()
  chunk.text = flat(chunk.text)
}

/** The shape of the fields; `like`, when it is the same, without a look into the trie. */
function shapeFor(pairs: readonly string[], like: Shape | undefined): Shape {
  if (like !== undefined && like.fields.length * 2 === pairs.length) {
    const { fields } = like
    let i = 0
    while (i < fields.length && fields[i] === pairs[2 * i]) i++
    if (i === fields.length) return like
  }
  const fields: string[] = []
  for (let i = 0; i < pairs.length; i += 2) fields.push(pairs[i])
  return shapeOf(fields)
}

/** Adds an entry at the end of a chunk that may be written. */
function put(chunk: Chunk, id: Id, shape: Shape, pairs: readonly string[]): void {
  const count = chunk.ms.length
  let short = pairs.length <= 2 * PACKED
  for (let i = 1; i < pairs.length; i += 2) if (pairs[i].length > LONGEST) short = false
  if (Array.isArray(chunk.shapes)) chunk.shapes.push(shape)
  else if (count === 0) chunk.shapes = shape
  else if (chunk.shapes !== shape) chunk.shapes = [...new Array<Shape>(count).fill(chunk.shapes), shape]
  chunk.ms.push(id.ms)
  chunk.seq.push(id.seq)
  chunk.bodies.push(short ? chunk.text.length : pairs.filter((_, i) => i % 2 === 1))
  if (short) chunk.text = packBehind(chunk.text, pairs, 1, 2)
}

/** Whether Redis would begin a new node for the entry. */
function isFull(chunk: Chunk, pairs: readonly string[], { nodeEntries, nodeBytes }: Limits): boolean {
  if (nodeEntries > 0 && chunk.ms.length + chunk.deleted >= nodeEntries) return true
  const longest = nodeBytes === 0 ? LONGEST_NODE : Math.min(nodeBytes, LONGEST_NODE)
  // A unit is three bytes at most, so most entries need not be gone through.
  let most = chunk.bytes
  for (let i = 0; i < pairs.length; i++) most += 3 * pairs[i].length
  if (most < longest) return false
  let bytes = chunk.bytes
  for (let i = 0; i < pairs.length; i++) bytes += byteLength(pairs[i])
  return bytes >= longest
}

/** What an entry takes in its node: flags, the two differences to the node's id, fields unless they are the node's, values. */
function entryBytes(chunk: Chunk, id: Id, shape: Shape, pairs: readonly string[]): number {
  const { first, master } = chunk
  const count = pairs.length / 2
  const same = shape === master || isSame(shape, master)
  let bytes = 2 + difference(id.ms, first.ms) + difference(id.seq, first.seq)
  if (!same) bytes += costOfInteger(count)
  for (let i = same ? 1 : 0; i < pairs.length; i += same ? 2 : 1) bytes += cost(pairs[i])
  return bytes + costOfInteger(same ? count + 3 : 2 * count + 4)
}

function isSame(a: Shape, b: Shape): boolean {
  return a.fields.length === b.fields.length && a.fields.every((field, i) => field === b.fields[i])
}

/** What the difference of two parts takes, as an integer of 64 bits. */
function difference(a: Part, b: Part): number {
  if (typeof a === 'number' && typeof b === 'number') return costOfInteger(a - b)
  return cost(String(BigInt.asIntN(64, BigInt(a) - BigInt(b))))
}
