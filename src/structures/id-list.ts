import { compareIds, type Id } from './stream-id.ts'
import type { Version } from './version.ts'

/**
 * Things with an id, in the order of their ids: the pending entries of a group, and those of a consumer.
 *
 *   [1-0 1-1 4-0]  [7-0 7-3]  [9-0 …]
 *
 * Items are never written to; one is changed by putting another with the same id in its place. What is added most often
 * comes last, so a full last chunk is followed by a new one, and any other full chunk is split in halves.
 *
 * Invariants
 * 1. The ids rise strictly, within chunks and from chunk to chunk.
 * 2. No chunk is empty, none has more than `CHUNK` items; `size` is the sum of their sizes.
 * 3. A chunk stamped below `version.floor` is never written.
 */

const CHUNK = 128

interface Chunk<T> {
  readonly stamp: number
  readonly items: T[]
}

export class IdList<T extends Id> {
  size: number
  private readonly version: Version
  private readonly chunks: Chunk<T>[]
  /** The item in the chunk that `locate` looked up. */
  private at: number

  constructor(version: Version, chunks: Chunk<T>[] = [], size = 0) {
    this.size = size
    this.version = version
    this.chunks = chunks
    this.at = 0
  }

  /** A second list over the same chunks. */
  fork(version: Version): IdList<T> {
    return new IdList(version, this.chunks.slice(), this.size)
  }

  /** The chunk in which `id` stands or would stand, with the place of the first item not before it in `at`. */
  private locate(id: Id): number {
    const { chunks } = this
    let low = 0
    let high = chunks.length
    // What comes last is looked for most often.
    if (high > 0 && compareIds(chunks[high - 1].items[0], id) <= 0) low = high - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (compareIds(chunks[middle].items[0], id) <= 0) low = middle
      else high = middle
    }
    const items = low < chunks.length ? chunks[low].items : []
    let from = 0
    let to = items.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (compareIds(items[middle], id) < 0) from = middle + 1
      else to = middle
    }
    this.at = from
    return low
  }

  private own(which: number): Chunk<T> {
    const chunk = this.chunks[which]
    if (chunk.stamp >= this.version.floor) return chunk
    const copy = { stamp: this.version.epoch, items: chunk.items.slice() }
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
    const { chunks } = this
    let which = this.locate(item)
    if (which === chunks.length) {
      chunks.push({ stamp: this.version.epoch, items: [item] })
      this.size++
      return true
    }
    let { at } = this
    const found = chunks[which].items[at]
    if (found !== undefined && compareIds(found, item) === 0) {
      this.own(which).items[at] = item
      return false
    }
    this.size++
    if (chunks[which].items.length === CHUNK) {
      const last = which === chunks.length - 1 && at === CHUNK
      const rest = last ? [] : this.own(which).items.splice(CHUNK / 2)
      if (last || at > CHUNK / 2) {
        at -= last ? CHUNK : CHUNK / 2
        which++
        chunks.splice(which, 0, { stamp: this.version.epoch, items: rest })
      } else chunks.splice(which + 1, 0, { stamp: this.version.epoch, items: rest })
    }
    this.own(which).items.splice(at, 0, item)
    return true
  }

  /** Takes the item with the id out; undefined when there is none. O(log n). */
  delete(id: Id): T | undefined {
    const which = this.locate(id)
    const { at } = this
    const found = this.chunks[which]?.items[at]
    if (found === undefined || compareIds(found, id) !== 0) return undefined
    this.size--
    if (this.chunks[which].items.length === 1) this.chunks.splice(which, 1)
    else this.own(which).items.splice(at, 1)
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
    for (const { items } of this.chunks) {
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
