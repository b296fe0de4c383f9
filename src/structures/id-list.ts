import { compareIds, type Id, type Part } from './stream-id.ts'
import type { Version } from './version.ts'

/**
 * Things with an id, in the order of their ids: the pending entries of a group, and those of a consumer.
 *
 *   heads  [1             7         9    ]
 *   ms     [1   1   4  ]  [7   7  ]  [9   …]
 *   items  [1-0 1-1 4-0]  [7-0 7-3]  [9-0 …]
 *
 * Milliseconds stand beside the items, and those of the first item of each chunk beside the chunks, so that a search goes
 * through numbers next to each other and looks at an item only where they are the same.
 *
 * Items are never written to; one is changed by putting another with the same id in its place. What is added most often
 * comes last, so a full last chunk is followed by a new one, and any other full chunk is split in halves.
 *
 * Invariants
 * 1. The ids rise strictly, within chunks and from chunk to chunk.
 * 2. No chunk is empty, none has more than `CHUNK` items; `size` is the sum of their sizes.
 * 3. A chunk stamped below `version.floor` is never written.
 * 4. `ms` has the milliseconds of each of `items`, and `heads` the first of each chunk's.
 */

const CHUNK = 128

interface Chunk<T> {
  readonly stamp: number
  readonly ms: Part[]
  readonly items: T[]
}

export class IdList<T extends Id> {
  size: number
  private readonly version: Version
  private readonly chunks: Chunk<T>[]
  private readonly heads: Part[]
  /** The item in the chunk that `locate` looked up. */
  private at: number

  constructor(version: Version, chunks: Chunk<T>[] = [], heads: Part[] = [], size = 0) {
    this.size = size
    this.version = version
    this.chunks = chunks
    this.heads = heads
    this.at = 0
  }

  /** A second list over the same chunks. */
  fork(version: Version): IdList<T> {
    return new IdList(version, this.chunks.slice(), this.heads.slice(), this.size)
  }

  /** The chunk in which `id` stands or would stand, with the place of the first item not before it in `at`. */
  private locate(id: Id): number {
    const { chunks, heads } = this
    const { ms, seq } = id
    let low = 0
    let high = chunks.length
    // What comes last is looked for most often.
    if (high > 0 && heads[high - 1] < ms) low = high - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      const head = heads[middle]
      if (head === ms ? chunks[middle].items[0].seq <= seq : head < ms) low = middle
      else high = middle
    }
    this.at = low < chunks.length ? placeIn(chunks[low], ms, seq) : 0
    return low
  }

  private own(which: number): Chunk<T> {
    const chunk = this.chunks[which]
    if (chunk.stamp >= this.version.floor) return chunk
    const copy = { stamp: this.version.epoch, ms: chunk.ms.slice(), items: chunk.items.slice() }
    this.chunks[which] = copy
    return copy
  }

  /** O(log n). */
  get(id: Id): T | undefined {
    const which = this.locate(id)
    const item = this.chunks[which]?.items[this.at]
    return item !== undefined && compareIds(item, id) === 0 ? item : undefined
  }

  /** Puts an item in; true when none had its id. O(log n), and a pass over the list of chunks when one is split. */
  set(item: T): boolean {
    let which = this.locate(item)
    let { at } = this
    const chunk = this.chunks[which]
    if (chunk !== undefined && at < chunk.items.length && compareIds(chunk.items[at], item) === 0) {
      this.own(which).items[at] = item
      return false
    }
    this.size++
    if (chunk === undefined || (at === CHUNK && which === this.chunks.length - 1)) {
      this.addChunk(this.chunks.length, [item.ms], [item])
      return true
    }
    if (chunk.items.length === CHUNK) {
      const full = this.own(which)
      this.addChunk(which + 1, full.ms.splice(CHUNK / 2), full.items.splice(CHUNK / 2))
      if (at > CHUNK / 2) {
        at -= CHUNK / 2
        which++
      }
    }
    const { ms, items } = this.own(which)
    if (at === items.length) {
      ms.push(item.ms)
      items.push(item)
    } else {
      ms.splice(at, 0, item.ms)
      items.splice(at, 0, item)
    }
    if (at === 0) this.heads[which] = item.ms
    return true
  }

  private addChunk(which: number, ms: Part[], items: T[]): void {
    this.chunks.splice(which, 0, { stamp: this.version.epoch, ms, items })
    this.heads.splice(which, 0, ms[0])
  }

  /** Takes the item with the id out; undefined when there is none. O(log n). */
  delete(id: Id): T | undefined {
    const which = this.locate(id)
    const { at } = this
    const found = this.chunks[which]?.items[at]
    if (found === undefined || compareIds(found, id) !== 0) return undefined
    this.size--
    if (this.chunks[which].items.length === 1) {
      this.chunks.splice(which, 1)
      this.heads.splice(which, 1)
      return found
    }
    const { ms, items } = this.own(which)
    ms.splice(at, 1)
    items.splice(at, 1)
    if (at === 0) this.heads[which] = ms[0]
    return found
  }

  first(): T | undefined {
    return this.chunks[0]?.items[0]
  }

  last(): T | undefined {
    return this.chunks[this.chunks.length - 1]?.items.at(-1)
  }

  /** Visits the items from `start` on until `visit` answers false. The list must not change meanwhile. O(log n + k). */
  forEach(start: Id, visit: (item: T) => boolean | undefined | void): void {
    const { chunks } = this
    let which = this.locate(start)
    let { at } = this
    for (; which < chunks.length; which++, at = 0) {
      const { items } = chunks[which]
      for (; at < items.length; at++) if (visit(items[at]) === false) return
    }
  }

  check(): void {
    let size = 0
    let before: Id | undefined
    if (this.heads.length !== this.chunks.length) throw new Error('id list: number of heads')
    for (const [which, { ms, items }] of this.chunks.entries()) {
      if (this.heads[which] !== items[0]?.ms || ms.length !== items.length) throw new Error('id list: milliseconds')
      if (items.some((item, i) => item.ms !== ms[i])) throw new Error('id list: milliseconds')
      if (items.length === 0 || items.length > CHUNK) throw new Error('id list: size of a chunk')
      size += items.length
      for (const item of items) {
        if (before !== undefined && compareIds(before, item) >= 0) throw new Error('id list: order')
        before = item
      }
    }
    if (size !== this.size) throw new Error('id list: size')
  }
}

/** The place of the first item of a chunk that is not before the id. */
function placeIn({ ms, items }: Chunk<Id>, idMs: Part, idSeq: Part): number {
  let from = 0
  let to = items.length
  while (from < to) {
    const middle = (from + to) >> 1
    const other = ms[middle]
    if (other === idMs ? items[middle].seq < idSeq : other < idMs) from = middle + 1
    else to = middle
  }
  return from
}
