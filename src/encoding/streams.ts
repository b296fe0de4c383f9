import { IdList } from '../structures/id-list.ts'
import type { Pending } from '../structures/stream-group.ts'
import { compareIds, type Id, type Part } from '../structures/stream-id.ts'
import { newVersion } from '../structures/version.ts'
import { narrow, parseInteger } from '../util/numbers.ts'
import { byteLength } from '../util/text.ts'
import { ByteWriter, join } from './bytes.ts'
import { LENGTH, TYPE } from './constants.ts'
import type { ValueReader } from './decode.ts'
import { readListpack } from './packed.ts'
import type { ConsumerData, GroupData, StreamData, StreamEntryData, StreamNode } from './stream-data.ts'
import type { ValueWriter } from './value-writer.ts'

/*
 * A stream, of type 19 (docs/formats/rdb.md):
 *
 *     <nodes> node… <length> <last id> <first id> <max deleted id> <added> <groups> group…
 *     node     = string: the first id, 16 bytes   string: a listpack
 *     group    = string: name   <last id> <read>   <pending> (16 bytes: id   i64le: time   <deliveries>)…   <consumers> consumer…
 *     consumer = string: name   i64le: seen   (type 21: i64le: active)   <pending> (16 bytes: id)…
 *
 * <…> are lengths, of an id two: milliseconds and sequence. Type 15 has none of first id, max deleted id, added and read.
 * The listpack of a node:
 *
 *     entries  deleted  fields  field…  0   and for each entry
 *     flags  ms - first ms  seq - first seq  [fields  field value …, or with SAME: value…]  number of elements before this
 */

const FLAG = { deleted: 1, same: 2 } as const

// ---- writing ----------------------------------------------------------------------------------------------------------

/** An unsigned 64-bit integer as a length. */
function long(to: ValueWriter, n: number | bigint): void {
  if (typeof n === 'number' && n >= 0) return to.length(n)
  to.out.u8(LENGTH.sixtyFour)
  part(to.out, n)
}

function part(out: ByteWriter, n: number | bigint): void {
  if (typeof n === 'number' && n >= 0) return out.u64be(n)
  const exact = BigInt.asUintN(64, BigInt(n))
  out.u32be(Number(exact >> 32n))
  out.u32be(Number(exact & 0xffffffffn))
}

function idLengths(to: ValueWriter, id: Id): void {
  long(to, id.ms)
  long(to, id.seq)
}

function idBytes(out: ByteWriter, id: Id): void {
  part(out, id.ms)
  part(out, id.seq)
}

/** Writes the elements of a listpack. */
class ListpackWriter {
  readonly out: ByteWriter
  private count: number

  constructor() {
    this.out = new ByteWriter(8192, true)
    this.out.at = 6
    this.count = 0
  }

  /** The whole, with its header and its end. */
  finish(): Uint8Array {
    const { out } = this
    out.u8(0xff)
    const bytes = join(out.take())
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    view.setUint32(0, bytes.length, true)
    view.setUint16(4, Math.min(this.count, 0xffff), true)
    return bytes
  }

  text(text: string): void {
    const n = text.length <= 20 ? parseInteger(text) : undefined
    if (n !== undefined) return this.integer(n)
    const { out } = this
    const size = byteLength(text)
    let head = 1
    if (size < 64) out.u8(0x80 | size)
    else if (size < 4096) {
      out.u8(0xe0 | (size >> 8))
      out.u8(size & 0xff)
      head = 2
    } else {
      out.u8(0xf0)
      out.u32le(size)
      head = 5
    }
    out.text(text)
    this.end(head + size)
  }

  integer(n: number | bigint): void {
    const { out } = this
    if (typeof n === 'bigint' || n < -0x80000000 || n > 0x7fffffff) {
      out.u8(0xf4)
      const exact = BigInt.asUintN(64, BigInt(n))
      out.u32le(Number(exact & 0xffffffffn))
      out.u32le(Number(exact >> 32n))
      return this.end(9)
    }
    if (n >= 0 && n <= 127) {
      out.u8(n)
      return this.end(1)
    }
    if (n >= -4096 && n <= 4095) {
      out.u8(0xc0 | ((n >> 8) & 0x1f))
      out.u8(n & 0xff)
      return this.end(2)
    }
    if (n >= -0x8000 && n <= 0x7fff) {
      out.u8(0xf1)
      out.u16le(n)
      return this.end(3)
    }
    if (n >= -0x800000 && n <= 0x7fffff) {
      out.u8(0xf2)
      out.u16le(n)
      out.u8((n >> 16) & 0xff)
      return this.end(4)
    }
    out.u8(0xf3)
    out.u32le(n)
    this.end(5)
  }

  /** Closes an element of so many bytes with its length, seven bits a byte, to be read backwards. */
  private end(length: number): void {
    this.count++
    const { out } = this
    const size = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : length < 268_435_456 ? 4 : 5
    for (let i = size - 1; i >= 0; i--) {
      const bits = Math.floor(length / 2 ** (7 * i)) & 127
      out.u8(i === size - 1 ? bits : bits | 128)
    }
  }
}

/** A part minus another as the int64 that a node keeps. */
function difference(a: Part, b: Part): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return narrow(BigInt.asIntN(64, BigInt(a) - BigInt(b)))
}

function sum(a: Part, b: number | bigint): Part {
  if (typeof a === 'number' && typeof b === 'number') {
    const n = a + b
    if (n >= 0 && Number.isSafeInteger(n)) return n
  }
  return narrow(BigInt.asUintN(64, BigInt(a) + BigInt(b)))
}

/** Deleted entries are not written, so a node that had some becomes smaller in the file. */
function nodeBytes(node: StreamNode): Uint8Array {
  const pack = new ListpackWriter()
  const { entries, first, fields } = node
  pack.integer(entries.length)
  pack.integer(0)
  pack.integer(fields.length)
  for (const field of fields) pack.text(field)
  pack.integer(0)
  for (const { id, pairs } of entries) {
    const same = pairs.length === fields.length * 2 && fields.every((field, i) => field === pairs[2 * i])
    const count = pairs.length / 2
    pack.integer(same ? FLAG.same : 0)
    pack.integer(difference(id.ms, first.ms))
    pack.integer(difference(id.seq, first.seq))
    if (!same) pack.integer(count)
    for (let i = same ? 1 : 0; i < pairs.length; i += same ? 2 : 1) pack.text(pairs[i])
    pack.integer(same ? count + 3 : 2 * count + 4)
  }
  return pack.finish()
}

/** Writes a stream as of type 19. */
export function writeStream(to: ValueWriter, stream: StreamData): void {
  const { out } = to
  to.length(stream.nodes.length)
  for (const node of stream.nodes) {
    to.length(16)
    idBytes(out, node.first)
    to.scalar(nodeBytes(node))
  }
  to.length(stream.length)
  idLengths(to, stream.last)
  idLengths(to, stream.first)
  idLengths(to, stream.maxDeleted)
  long(to, stream.added)
  to.length(stream.groups.length)
  for (const group of stream.groups) {
    to.text(group.name)
    idLengths(to, group.last)
    long(to, group.read ?? -1)
    to.length(group.pending.length)
    for (const item of group.pending) {
      idBytes(out, item)
      out.i64le(item.time)
      long(to, item.count)
    }
    to.length(group.consumers.length)
    for (const consumer of group.consumers) {
      to.text(consumer.name)
      out.i64le(consumer.seen)
      to.length(consumer.pending.length)
      for (const id of consumer.pending) idBytes(out, id)
    }
  }
}

// ---- reading ----------------------------------------------------------------------------------------------------------

function readId(from: ValueReader): Id {
  return { ms: from.unsigned(), seq: from.unsigned() }
}

function readIdBytes(from: ValueReader): Id {
  const { bytes } = from
  bytes.need(16)
  return { ms: bytes.u64beExact(), seq: bytes.u64beExact() }
}

/** A count of things that take `least` bytes or more; unlike those of collections it may be 0. */
function countOf(from: ValueReader, least: number): number {
  const count = from.length()
  if (count > 0) from.mustHold(count, least)
  return count
}

/** The elements of a node, taken one after the other. */
class Elements {
  private readonly from: ValueReader
  private readonly items: readonly string[]
  at: number

  constructor(from: ValueReader, items: readonly string[]) {
    this.from = from
    this.items = items
    this.at = 0
  }

  get done(): boolean {
    return this.at === this.items.length
  }

  text(): string {
    if (this.done) this.from.fail('a stream node ends inside an entry')
    return this.items[this.at++]
  }

  integer(): number | bigint {
    return parseInteger(this.text()) ?? this.from.fail('an integer is expected in a stream node')
  }

  /** How many elements of at least one each follow. */
  count(): number {
    const n = this.integer()
    if (typeof n !== 'number' || n < 0 || n > this.items.length - this.at) this.from.fail('a stream node miscounts')
    return n as number
  }
}

function readNode(from: ValueReader): StreamNode {
  if (from.length() !== 16) from.fail('a stream node is not named by an id')
  const first = readIdBytes(from)
  const items: string[] = []
  let size = 0
  from.packed((bytes, into) => {
    size = bytes.end - bytes.at
    readListpack(bytes, into)
  }, items)
  const elements = new Elements(from, items)
  const stated = elements.count()
  const gone = elements.count()
  const fields: string[] = []
  for (let left = elements.count(); left > 0; left--) fields.push(elements.text())
  if (elements.integer() !== 0) from.fail('the fields of a stream node have no end')
  const entries: StreamEntryData[] = []
  let deleted = 0
  let last: Id | undefined
  while (!elements.done) {
    const start = elements.at
    const flags = elements.integer()
    if (flags !== 0 && flags !== 1 && flags !== 2 && flags !== 3) from.fail('unknown flags of a stream entry')
    const id = { ms: sum(first.ms, elements.integer()), seq: sum(first.seq, elements.integer()) }
    if (last === undefined ? compareIds(id, first) < 0 : compareIds(id, last) <= 0) from.fail('stream ids out of order')
    last = id
    const pairs: string[] = []
    if ((Number(flags) & FLAG.same) !== 0) for (const field of fields) pairs.push(field, elements.text())
    else for (let left = elements.count(); left > 0; left--) pairs.push(elements.text(), elements.text())
    const taken = elements.at - start
    if (elements.integer() !== taken) from.fail('a stream entry states another length')
    if ((Number(flags) & FLAG.deleted) !== 0) deleted++
    else if (pairs.length === 0) from.fail('a stream entry without fields')
    else entries.push({ id, pairs })
  }
  if (entries.length !== stated || deleted !== gone) from.fail('a stream node miscounts its entries')
  return { first, last: last ?? first, fields, deleted, bytes: size, entries }
}

function readConsumer(from: ValueReader, type: number, pending: IdList<Pending>, owned: Pending[]): ConsumerData {
  const name = from.text()
  const seen = Number(from.bytes.i64le())
  const active = type === TYPE.stream3 ? Number(from.bytes.i64le()) : seen
  const own: Id[] = []
  for (let left = countOf(from, 16); left > 0; left--) {
    const id = readIdBytes(from)
    const item = pending.get(id)
    if (item === undefined) return from.fail('a consumer has what is not pending, or pending with another')
    // Taken out of the list, so that no two consumers have it.
    pending.delete(id)
    owned.push({ ...item, owner: name })
    own.push(id)
  }
  return { name, seen, active, pending: own }
}

function readGroup(from: ValueReader, type: number): GroupData {
  const name = from.text()
  const last = readId(from)
  const read = type === TYPE.stream ? undefined : signed(from.unsigned())
  const pending = new IdList<Pending>(newVersion())
  for (let left = countOf(from, 25); left > 0; left--) {
    const { ms, seq } = readIdBytes(from)
    const time = Number(from.bytes.i64le())
    const added = pending.set({ ms, seq, owner: '', time, count: signed(from.unsigned()) })
    if (!added) from.fail('an entry is pending twice')
  }
  const owned: Pending[] = []
  const consumers: ConsumerData[] = []
  for (let left = countOf(from, 10); left > 0; left--) consumers.push(readConsumer(from, type, pending, owned))
  if (pending.size > 0) from.fail('a pending entry has no owner')
  from.distinct(
    consumers.map(consumer => consumer.name),
    1,
  )
  return { name, last, read, pending: owned, consumers }
}

/** A length that stands for an int64. */
function signed(n: number | bigint): number | bigint {
  return typeof n === 'bigint' ? narrow(BigInt.asIntN(64, n)) : n
}

/** Reads a stream of type 15, 19 or 21. */
export function readStream(from: ValueReader, type: number): StreamData {
  const nodes: StreamNode[] = []
  let before: Id | undefined
  let live = 0
  for (let left = countOf(from, 25); left > 0; left--) {
    const node = readNode(from)
    if (before !== undefined && compareIds(before, node.first) >= 0) from.fail('stream nodes out of order')
    before = node.last
    live += node.entries.length
    // A node all of whose entries were deleted says nothing.
    if (node.entries.length > 0) nodes.push(node)
  }
  const length = from.length()
  if (length !== live) from.fail(`a stream states ${length} entries and has ${live}`)
  const last = readId(from)
  const top = nodes[nodes.length - 1]?.entries.at(-1)?.id
  if (top !== undefined && compareIds(top, last) > 0) from.fail('a stream entry is after the last id')
  const zero = { ms: 0, seq: 0 }
  const first = nodes[0]?.entries[0]?.id ?? zero
  let maxDeleted: Id = zero
  let added: number | bigint = length
  if (type !== TYPE.stream) {
    readId(from)
    maxDeleted = readId(from)
    added = signed(from.unsigned())
  }
  const groups: GroupData[] = []
  for (let left = countOf(from, 6); left > 0; left--) groups.push(readGroup(from, type))
  from.distinct(
    groups.map(group => group.name),
    1,
  )
  return { nodes, length, last, first, maxDeleted, added, groups }
}
