import type {
  ConsumerInfo,
  FullConsumer,
  FullGroup,
  FullStreamInfo,
  GroupInfo,
  IdempotencyInfo,
  StreamInfo,
  StreamInfoCommands,
  XInfoStreamOptions,
} from '../api/streams.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Stream } from '../structures/stream.ts'
import type { Group } from '../structures/stream-group.ts'
import { FIRST, type Id, idText, LAST, type Part } from '../structures/stream-id.ts'
import type { StreamLog } from '../structures/stream-log.ts'
import { compareText } from '../util/text.ts'
import { index, keyOf, keyText, lateOptions, text } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import { noSuchGroup } from './stream-ids.ts'
import type { Found } from './stream-reads.ts'
import { entries, entry } from './streams.ts'

/** As the typed replies, with entries as they are found. */
export type Info = Omit<StreamInfo, 'firstEntry' | 'lastEntry'> & {
  readonly firstEntry: Found | null
  readonly lastEntry: Found | null
}
export type FullInfo = Omit<FullStreamInfo, 'entries'> & { readonly entries: readonly Found[] }

/** Where the lossless results differ from the typed replies. */
interface Results {
  xinfoStream: Info | FullInfo
}

/** The answer to XINFO HELP, as Redis gives it. */
const help: readonly string[] = [
  'XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CONSUMERS <key> <groupname>',
  '    Show consumers of <groupname>.',
  'GROUPS <key>',
  '    Show the stream consumer groups.',
  'STREAM <key> [FULL [COUNT <count>]',
  '    Show information about the stream.',
  'HELP',
  '    Prints this help.',
]

function existing(ks: Keyspace, key: Key): Stream {
  const stream = ks.read(keyOf(key), 'stream')
  if (stream === undefined) throw new ReplyError(lines.noSuchKey)
  return stream
}

function sorted<T>(visit: (each: (name: string, one: T) => void) => void): [string, T][] {
  const list: [string, T][] = []
  visit((name, one) => void list.push([name, one]))
  return list.sort((a, b) => compareText(a[0], b[0]))
}

/** The id as the 16 bytes that name a node of Redis' tree. */
function nodeName(id: Id): string {
  return partName(id.ms) + partName(id.seq)
}

function partName(part: Part): string {
  const high = typeof part === 'number' ? Math.floor(part / 2 ** 32) : Number(part >> 32n)
  const low = typeof part === 'number' ? part >>> 0 : Number(part & 0xffffffffn)
  return wordName(high) + wordName(low)
}

function wordName(word: number): string {
  return String.fromCharCode(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255)
}

/** How many nodes Redis' compressed tree has over names of 16 bytes, sorted, that agree in their first `depth`. */
function treeNodes(names: readonly string[], from: number, to: number, depth: number): number {
  if (to - from <= 1) return to === from || depth === 16 ? 1 : 2
  let nodes = 0
  let at = depth
  while (names[from][at] === names[to - 1][at]) at++
  // What they have in common is one node, where they part is another.
  if (at > depth) nodes++
  nodes++
  for (let i = from; i < to; ) {
    let next = i + 1
    while (next < to && names[next][at] === names[i][at]) next++
    nodes += treeNodes(names, i, next, at + 1)
    i = next
  }
  return nodes
}

function radixTreeNodes(log: StreamLog): number {
  const names: string[] = []
  log.forEachChunk(chunk => void names.push(nodeName(chunk.first)))
  return treeNodes(names, 0, names.length, 0)
}

/** Redis 8.6 tells it of every stream, as 7.4 of none: here those tell it that use it. */
function idempotencyOf(stream: Stream, now: number): { readonly idempotency?: IdempotencyInfo } {
  const { idempotency } = stream
  if (idempotency === null) return {}
  const tracked = idempotency.tracked(now)
  return {
    idempotency: {
      idmpDuration: idempotency.duration,
      idmpMaxsize: idempotency.maxsize,
      pidsTracked: tracked.producers,
      iidsTracked: tracked.entries,
      iidsAdded: idempotency.added,
      iidsDuplicates: idempotency.duplicates,
    },
  }
}

function factsOf(ks: Keyspace, stream: Stream): Omit<StreamInfo, 'groups' | 'firstEntry' | 'lastEntry'> {
  return {
    length: stream.length,
    radixTreeKeys: stream.log.chunkCount,
    radixTreeNodes: radixTreeNodes(stream.log),
    lastGeneratedId: idText(stream.last),
    maxDeletedEntryId: idText(stream.maxDeleted),
    entriesAdded: stream.added,
    recordedFirstEntryId: idText(stream.first),
    ...idempotencyOf(stream, ks.databases.now()),
  }
}

function some(stream: Stream, reverse: boolean, count: number): Found[] {
  const list: Found[] = []
  stream.log.range(FIRST, LAST, reverse, (id, pairs) => {
    list.push({ id: idText(id), pairs })
    return list.length < count
  })
  return list
}

function readOf(group: Group): number | bigint | null {
  return group.read === -1 ? null : group.read
}

function fullGroup(stream: Stream, name: string, group: Group, count: number): FullGroup {
  const pending: FullGroup['pending'] = []
  group.forEachPending(FIRST, item => {
    pending.push({ id: idText(item), consumer: item.owner, time: item.time, deliveries: item.count })
    return pending.length < count
  })
  const consumers = sorted(group.forEachConsumer.bind(group)).map(([who, consumer]): FullConsumer => {
    const own: FullConsumer['pending'] = []
    group.forEachPendingOf(who, FIRST, item => {
      own.push({ id: idText(item), time: item.time, deliveries: item.count })
      return own.length < count
    })
    return {
      name: who,
      seenTime: consumer.seen,
      activeTime: consumer.active,
      pelCount: consumer.pending.size,
      pending: own,
    }
  })
  return {
    name,
    lastDeliveredId: idText(group.last),
    entriesRead: readOf(group),
    lag: stream.lagOf(group),
    pelCount: group.pendingCount,
    pending,
    consumers,
  }
}

export const streamInfo: Ops<StreamInfoCommands, Results> = {
  xinfoStream(ks, key, options) {
    const stream = existing(ks, key)
    const { full, count = 10 } = lateOptions<XInfoStreamOptions>(options, true)
    if (!full) {
      const [firstEntry = null] = some(stream, false, 1)
      const [lastEntry = null] = some(stream, true, 1)
      return { ...factsOf(ks, stream), groups: stream.groupCount, firstEntry, lastEntry }
    }
    const wanted = index(count, 'count')
    const most = wanted === 0 ? Infinity : wanted < 0 ? 10 : wanted
    const groups = sorted(stream.forEachGroup.bind(stream)).map(([name, group]) => fullGroup(stream, name, group, most))
    return { ...factsOf(ks, stream), entries: some(stream, false, most), groups }
  },
  xinfoGroups(ks, key) {
    const stream = existing(ks, key)
    return sorted(stream.forEachGroup.bind(stream)).map(
      ([name, group]): GroupInfo => ({
        name,
        consumers: group.consumerCount,
        pending: group.pendingCount,
        lastDeliveredId: idText(group.last),
        entriesRead: readOf(group),
        lag: stream.lagOf(group),
      }),
    )
  },
  xinfoConsumers(ks, given, group) {
    const key = keyText(given)
    const name = text(group, 'group')
    const found = existing(ks, key).group(name)
    if (found === undefined) throw new ReplyError(noSuchGroup(key, name))
    const now = ks.databases.now()
    return sorted(found.forEachConsumer.bind(found)).map(
      ([who, consumer]): ConsumerInfo => ({
        name: who,
        pending: consumer.pending.size,
        idle: Math.max(now - consumer.seen, 0),
        inactive: consumer.active === -1 ? -1 : Math.max(now - consumer.active, 0),
      }),
    )
  },
  xinfoHelp() {
    return help
  },
}

function named<T extends { readonly name: string }>(one: T, out: Out): T {
  return { ...one, name: out.text(one.name) }
}

export const streamInfoShapes: Shapes<StreamInfoCommands, StreamInfoCommands<'sync', Uint8Array>, typeof streamInfo> = {
  xinfoStream: (result, out) => {
    if (!('entries' in result)) {
      const { firstEntry, lastEntry } = result
      return {
        ...result,
        firstEntry: firstEntry === null ? null : entry(firstEntry, out),
        lastEntry: lastEntry === null ? null : entry(lastEntry, out),
      }
    }
    const groups = result.groups.map(group => ({
      ...named(group, out),
      pending: group.pending.map(one => ({ ...one, consumer: out.text(one.consumer) })),
      consumers: group.consumers.map(one => named(one, out)),
    }))
    return { ...result, entries: entries(result.entries, out), groups }
  },
  xinfoGroups: (result, out) => result.map(one => named(one, out)),
  xinfoConsumers: (result, out) => result.map(one => named(one, out)),
}

export const streamInfoRest: Rest<StreamInfoCommands> = {}
