import type { ConsumerInfo, FullConsumer, FullGroup, GroupInfo, PendingEntry, PendingSummary } from '../api/streams.ts'
import type { Claimed } from '../commands/stream-groups.ts'
import type { FullInfo, Info } from '../commands/stream-info.ts'
import type { Found, ReadOf } from '../commands/stream-reads.ts'
import { narrow, parseInteger } from '../util/numbers.ts'
import type { Raw, ReplyCodec, ReplyWriter } from './reply.ts'

// How entries, and what streams say of themselves, are spelled.

function unexpected(raw: Raw): never {
  if (raw instanceof Error) throw raw
  throw new TypeError(`unexpected reply: ${String(raw)}`)
}

function listOf(raw: Raw): readonly Raw[] {
  return Array.isArray(raw) ? (raw as readonly Raw[]) : unexpected(raw)
}

function textOf(raw: Raw): string {
  return typeof raw === 'string'
    ? raw
    : typeof raw === 'number' || typeof raw === 'bigint'
      ? String(raw)
      : unexpected(raw)
}

function numberOf(raw: Raw): number {
  return Number(textOf(raw))
}

function integerOf(raw: Raw): number | bigint {
  if (typeof raw === 'number') return raw
  return typeof raw === 'bigint' ? narrow(raw) : (parseInteger(textOf(raw)) ?? unexpected(raw))
}

/** A map by its names, flat in RESP2. */
function namesOf(raw: Raw): ReadonlyMap<Raw, Raw> {
  if (raw instanceof Map) return raw as ReadonlyMap<Raw, Raw>
  const map = new Map<Raw, Raw>()
  const flat = listOf(raw)
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1])
  return map
}

export const foundEntry: ReplyCodec<Found> = {
  write: ({ id, pairs, idle, deliveries }, w) => {
    w.array(idle === undefined ? 2 : 4)
    w.bulk(id)
    if (pairs === null) w.nullArray()
    else {
      w.array(pairs.length)
      for (let i = 0; i < pairs.length; i++) w.bulk(pairs[i])
    }
    if (idle === undefined) return
    w.integer(idle)
    w.integer(deliveries as number | bigint)
  },
  read: raw => {
    const [id, pairs, idle, deliveries] = listOf(raw)
    const found = { id: textOf(id), pairs: pairs === null ? null : listOf(pairs).map(textOf) }
    return idle === undefined ? found : { ...found, idle: numberOf(idle), deliveries: integerOf(deliveries) }
  },
}

function writeEntries(entries: readonly Found[], w: ReplyWriter): void {
  w.array(entries.length)
  for (let i = 0; i < entries.length; i++) foundEntry.write(entries[i], w)
}

function readEntries(raw: Raw): Found[] {
  return listOf(raw).map(foundEntry.read)
}

/** Entries; a null array when none were asked for. */
export const foundEntries: ReplyCodec<readonly Found[] | null> = {
  write: (result, w) => (result === null ? w.nullArray() : writeEntries(result, w)),
  read: raw => (raw === null ? null : readEntries(raw)),
}

/** What several streams gave: pairs in RESP2, a map in RESP3. */
export const readReply: ReplyCodec<readonly ReadOf[] | null> = {
  write: (result, w) => {
    if (result === null) return w.nullArray()
    if (w.resp === 2) w.array(result.length)
    else w.map(result.length)
    for (const { key, entries } of result) {
      if (w.resp === 2) w.array(2)
      w.bulk(key)
      writeEntries(entries, w)
    }
  },
  read: raw => {
    if (raw === null) return null
    const pairs = raw instanceof Map ? [...(raw as ReadonlyMap<Raw, Raw>)] : listOf(raw).map(pair => listOf(pair))
    return pairs.map(([key, entries]) => ({ key: textOf(key), entries: readEntries(entries) }))
  },
}

/** Entries, or ids alone. */
export function claimReply(justid: boolean): ReplyCodec<readonly Found[] | readonly string[]> {
  return {
    write: (result, w) => {
      if (!justid) return writeEntries(result as readonly Found[], w)
      w.array(result.length)
      for (const id of result as readonly string[]) w.bulk(id)
    },
    read: raw => (justid ? listOf(raw).map(textOf) : readEntries(raw)),
  }
}

export function autoClaimReply(justid: boolean): ReplyCodec<Claimed> {
  const claims = claimReply(justid)
  return {
    write: ({ cursor, entries, deleted }, w) => {
      w.array(3)
      w.bulk(cursor)
      claims.write(entries, w)
      w.array(deleted.length)
      for (const id of deleted) w.bulk(id)
    },
    read: raw => {
      const [cursor, entries, deleted] = listOf(raw)
      return { cursor: textOf(cursor), entries: claims.read(entries), deleted: listOf(deleted).map(textOf) }
    },
  }
}

/** What became of each of several entries. */
export const codes: ReplyCodec<number[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const code of result) w.integer(code)
  },
  read: raw => listOf(raw).map(numberOf),
}

const pendingSummary: ReplyCodec<PendingSummary> = {
  write: ({ pending, min, max, consumers }, w) => {
    w.array(4)
    w.integer(pending)
    if (min === null || max === null) {
      w.null()
      w.null()
      return w.nullArray()
    }
    w.bulk(min)
    w.bulk(max)
    w.array(consumers.length)
    for (const consumer of consumers) {
      w.array(2)
      w.bulk(consumer.name)
      w.bulk(String(consumer.pending))
    }
  },
  read: raw => {
    const [pending, min, max, consumers] = listOf(raw)
    return {
      pending: numberOf(pending),
      min: min === null ? null : textOf(min),
      max: max === null ? null : textOf(max),
      consumers: (consumers === null ? [] : listOf(consumers)).map(one => {
        const [name, count] = listOf(one)
        return { name: textOf(name), pending: numberOf(count) }
      }),
    }
  },
}

const pendingList: ReplyCodec<readonly PendingEntry[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const { id, consumer, idle, deliveries } of result) {
      w.array(4)
      w.bulk(id)
      w.bulk(consumer)
      w.integer(idle)
      w.integer(deliveries)
    }
  },
  read: raw =>
    listOf(raw).map(one => {
      const [id, consumer, idle, deliveries] = listOf(one)
      return { id: textOf(id), consumer: textOf(consumer), idle: numberOf(idle), deliveries: integerOf(deliveries) }
    }),
}

export function pendingReply(summary: boolean): ReplyCodec<PendingSummary | readonly PendingEntry[]> {
  return (summary ? pendingSummary : pendingList) as ReplyCodec<PendingSummary | readonly PendingEntry[]>
}

// ---- XINFO ----------------------------------------------------------------------------------------------------------

function nullableInteger(n: number | bigint | null, w: ReplyWriter): void {
  if (n === null) w.null()
  else w.integer(n)
}

function readNullable(raw: Raw | undefined): number | bigint | null {
  return raw === null || raw === undefined ? null : integerOf(raw)
}

export const groupsReply: ReplyCodec<GroupInfo[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const group of result) {
      w.map(6)
      w.bulk('name')
      w.bulk(group.name)
      w.bulk('consumers')
      w.integer(group.consumers)
      w.bulk('pending')
      w.integer(group.pending)
      w.bulk('last-delivered-id')
      w.bulk(group.lastDeliveredId)
      w.bulk('entries-read')
      nullableInteger(group.entriesRead, w)
      w.bulk('lag')
      nullableInteger(group.lag, w)
    }
  },
  read: raw =>
    listOf(raw).map(one => {
      const group = namesOf(one)
      return {
        name: textOf(group.get('name') as Raw),
        consumers: numberOf(group.get('consumers') as Raw),
        pending: numberOf(group.get('pending') as Raw),
        lastDeliveredId: textOf(group.get('last-delivered-id') as Raw),
        entriesRead: readNullable(group.get('entries-read')),
        lag: readNullable(group.get('lag')),
      }
    }),
}

export const consumersReply: ReplyCodec<ConsumerInfo[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const consumer of result) {
      w.map(4)
      w.bulk('name')
      w.bulk(consumer.name)
      w.bulk('pending')
      w.integer(consumer.pending)
      w.bulk('idle')
      w.integer(consumer.idle)
      w.bulk('inactive')
      w.integer(consumer.inactive)
    }
  },
  read: raw =>
    listOf(raw).map(one => {
      const consumer = namesOf(one)
      const inactive = consumer.get('inactive')
      return {
        name: textOf(consumer.get('name') as Raw),
        pending: numberOf(consumer.get('pending') as Raw),
        idle: numberOf(consumer.get('idle') as Raw),
        inactive: inactive === undefined ? -1 : numberOf(inactive),
      }
    }),
}

function writeFacts(info: Info | FullInfo, w: ReplyWriter): void {
  w.bulk('length')
  w.integer(info.length)
  w.bulk('radix-tree-keys')
  w.integer(info.radixTreeKeys)
  w.bulk('radix-tree-nodes')
  w.integer(info.radixTreeNodes)
  w.bulk('last-generated-id')
  w.bulk(info.lastGeneratedId)
  w.bulk('max-deleted-entry-id')
  w.bulk(info.maxDeletedEntryId)
  w.bulk('entries-added')
  w.integer(info.entriesAdded)
  w.bulk('recorded-first-entry-id')
  w.bulk(info.recordedFirstEntryId)
}

function readFacts(info: ReadonlyMap<Raw, Raw>): Omit<Info, 'groups' | 'firstEntry' | 'lastEntry'> {
  return {
    length: numberOf(info.get('length') as Raw),
    radixTreeKeys: numberOf(info.get('radix-tree-keys') as Raw),
    radixTreeNodes: numberOf(info.get('radix-tree-nodes') as Raw),
    lastGeneratedId: textOf(info.get('last-generated-id') as Raw),
    maxDeletedEntryId: textOf(info.get('max-deleted-entry-id') as Raw),
    entriesAdded: integerOf(info.get('entries-added') as Raw),
    recordedFirstEntryId: textOf(info.get('recorded-first-entry-id') as Raw),
  }
}

function nullableEntry(found: Found | null, w: ReplyWriter): void {
  if (found === null) w.null()
  else foundEntry.write(found, w)
}

const shortReply: ReplyCodec<Info> = {
  write: (info, w) => {
    w.map(10)
    writeFacts(info, w)
    w.bulk('groups')
    w.integer(info.groups)
    w.bulk('first-entry')
    nullableEntry(info.firstEntry, w)
    w.bulk('last-entry')
    nullableEntry(info.lastEntry, w)
  },
  read: raw => {
    const info = namesOf(raw)
    const entry = (name: string): Found | null => {
      const found = info.get(name)
      return found === null || found === undefined ? null : foundEntry.read(found)
    }
    return {
      ...readFacts(info),
      groups: numberOf(info.get('groups') as Raw),
      firstEntry: entry('first-entry'),
      lastEntry: entry('last-entry'),
    }
  },
}

function writeConsumer(consumer: FullConsumer, w: ReplyWriter): void {
  w.map(5)
  w.bulk('name')
  w.bulk(consumer.name)
  w.bulk('seen-time')
  w.integer(consumer.seenTime)
  w.bulk('active-time')
  w.integer(consumer.activeTime)
  w.bulk('pel-count')
  w.integer(consumer.pelCount)
  w.bulk('pending')
  w.array(consumer.pending.length)
  for (const item of consumer.pending) {
    w.array(3)
    w.bulk(item.id)
    w.integer(item.time)
    w.integer(item.deliveries)
  }
}

function readConsumer(raw: Raw): FullConsumer {
  const consumer = namesOf(raw)
  return {
    name: textOf(consumer.get('name') as Raw),
    seenTime: numberOf(consumer.get('seen-time') as Raw),
    activeTime: numberOf(consumer.get('active-time') ?? -1),
    pelCount: numberOf(consumer.get('pel-count') as Raw),
    pending: listOf(consumer.get('pending') as Raw).map(one => {
      const [id, time, deliveries] = listOf(one)
      return { id: textOf(id), time: numberOf(time), deliveries: integerOf(deliveries) }
    }),
  }
}

function writeGroup(group: FullGroup, w: ReplyWriter): void {
  w.map(7)
  w.bulk('name')
  w.bulk(group.name)
  w.bulk('last-delivered-id')
  w.bulk(group.lastDeliveredId)
  w.bulk('entries-read')
  nullableInteger(group.entriesRead, w)
  w.bulk('lag')
  nullableInteger(group.lag, w)
  w.bulk('pel-count')
  w.integer(group.pelCount)
  w.bulk('pending')
  w.array(group.pending.length)
  for (const item of group.pending) {
    w.array(4)
    w.bulk(item.id)
    w.bulk(item.consumer)
    w.integer(item.time)
    w.integer(item.deliveries)
  }
  w.bulk('consumers')
  w.array(group.consumers.length)
  for (const consumer of group.consumers) writeConsumer(consumer, w)
}

function readGroup(raw: Raw): FullGroup {
  const group = namesOf(raw)
  return {
    name: textOf(group.get('name') as Raw),
    lastDeliveredId: textOf(group.get('last-delivered-id') as Raw),
    entriesRead: readNullable(group.get('entries-read')),
    lag: readNullable(group.get('lag')),
    pelCount: numberOf(group.get('pel-count') as Raw),
    pending: listOf(group.get('pending') as Raw).map(one => {
      const [id, consumer, time, deliveries] = listOf(one)
      return { id: textOf(id), consumer: textOf(consumer), time: numberOf(time), deliveries: integerOf(deliveries) }
    }),
    consumers: listOf(group.get('consumers') as Raw).map(readConsumer),
  }
}

const fullReply: ReplyCodec<FullInfo> = {
  write: (info, w) => {
    w.map(9)
    writeFacts(info, w)
    w.bulk('entries')
    writeEntries(info.entries, w)
    w.bulk('groups')
    w.array(info.groups.length)
    for (const group of info.groups) writeGroup(group, w)
  },
  read: raw => {
    const info = namesOf(raw)
    return {
      ...readFacts(info),
      entries: readEntries(info.get('entries') as Raw),
      groups: listOf(info.get('groups') as Raw).map(readGroup),
    }
  },
}

export function infoReply(full: boolean): ReplyCodec<Info | FullInfo> {
  return (full ? fullReply : shortReply) as ReplyCodec<Info | FullInfo>
}
