import type { Group, Pending } from '../structures/stream-group.ts'
import type { Stream } from '../structures/stream.ts'
import { FIRST, type Id } from '../structures/stream-id.ts'
import { type Chunk, idAt, type NodeFacts, pairsAt } from '../structures/stream-log.ts'

/** An entry of a stream; fields and values in turns. */
export interface StreamEntryData {
  readonly id: Id
  readonly pairs: readonly string[]
}

/** A node of Redis' tree, with one entry at least. */
export interface StreamNode extends NodeFacts {
  readonly entries: readonly StreamEntryData[]
}

/** Times are in milliseconds since 1970. */
export interface ConsumerData {
  readonly name: string
  readonly seen: number
  /** -1 for never. */
  readonly active: number
  /** What is pending with it, in order. */
  readonly pending: readonly Id[]
}

export interface GroupData {
  readonly name: string
  readonly last: Id
  /** -1 when it is not known, undefined when the file does not say. */
  readonly read: number | bigint | undefined
  /** What is pending, in order; each stands in the list of its owner too. */
  readonly pending: readonly Pending[]
  readonly consumers: readonly ConsumerData[]
}

/** A stream as plain data. */
export interface StreamData {
  readonly nodes: readonly StreamNode[]
  readonly length: number
  readonly last: Id
  readonly first: Id
  readonly maxDeleted: Id
  readonly added: number | bigint
  readonly groups: readonly GroupData[]
}

/** A chunk as a node, whose entries are made when they are asked for. */
class LazyNode implements StreamNode {
  readonly first: Id
  readonly last: Id
  readonly fields: readonly string[]
  readonly deleted: number
  readonly bytes: number
  private readonly chunk: Chunk

  constructor(chunk: Chunk) {
    this.first = chunk.first
    this.last = chunk.last
    this.fields = chunk.master.fields
    this.deleted = chunk.deleted
    this.bytes = chunk.bytes
    this.chunk = chunk
  }

  get entries(): StreamEntryData[] {
    const { chunk } = this
    const entries: StreamEntryData[] = []
    for (let i = 0; i < chunk.ms.length; i++) entries.push({ id: idAt(chunk, i), pairs: pairsAt(chunk, i) })
    return entries
  }
}

function groupData(name: string, group: Group): GroupData {
  const pending: Pending[] = []
  group.forEachPending(FIRST, item => void pending.push(item))
  const consumers: ConsumerData[] = []
  group.forEachConsumer((who, { seen, active, pending: list }) => {
    const own: Id[] = []
    list.forEach(FIRST, id => void own.push(id))
    consumers.push({ name: who, seen, active, pending: own })
  })
  return { name, last: group.last, read: group.read, pending, consumers }
}

/** What there is to write of a stream, which must not change until it is written. */
export function streamData(stream: Stream): StreamData {
  const nodes: StreamNode[] = []
  stream.log.forEachChunk(chunk => void nodes.push(new LazyNode(chunk)))
  const groups: GroupData[] = []
  stream.forEachGroup((name, group) => void groups.push(groupData(name, group)))
  const { length, last, first, maxDeleted, added } = stream
  return { nodes, length, last, first, maxDeleted, added, groups }
}

/** Fills a stream, which is new, with what was read. */
export function fillStream(stream: Stream, data: StreamData): void {
  for (const node of data.nodes) stream.log.appendChunk(node, node.entries)
  stream.last = data.last
  stream.maxDeleted = data.maxDeleted
  stream.added = data.added
  for (const { name, last, read, pending, consumers } of data.groups) {
    const group = stream.addGroup(name, last, read ?? stream.readUpTo(last)) as Group
    for (const consumer of consumers) group.addConsumer(consumer.name, consumer.seen, consumer.active)
    for (const item of pending) group.deliver(item)
  }
}
