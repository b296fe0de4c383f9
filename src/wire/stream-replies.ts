import type {
  ConsumerInfo,
  FullConsumer,
  FullGroup,
  GroupInfo,
  IdempotencyInfo,
  PendingEntry,
  PendingSummary,
} from '../api/streams.ts'
import type { Claimed } from '../commands/stream-groups.ts'
import type { FullInfo, Info } from '../commands/stream-info.ts'
import type { Found, ReadOf } from '../commands/stream-reads.ts'
import { asInteger, asList, asNumber, asText, type Raw, type ReplyCodec, type ReplyWriter } from './reply.ts'

// How entries, and what streams say of themselves, are spelled.

/** A map by its names, flat in RESP2. */
function namesOf(raw: Raw): ReadonlyMap<Raw, Raw> {
  const map = new Map<Raw, Raw>()
  const flat = asList(raw)
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
    const [id, pairs, idle, deliveries] = asList(raw)
    const found = { id: asText(id), pairs: pairs === null ? null : asList(pairs).map(asText) }
    return idle === undefined ? found : { ...found, idle: asNumber(idle), deliveries: asInteger(deliveries) }
  },
}

function writeEntries(entries: readonly Found[], w: ReplyWriter): void {
  w.array(entries.length)
  for (let i = 0; i < entries.length; i++) foundEntry.write(entries[i], w)
}

function readEntries(raw: Raw): Found[] {
  return asList(raw).map(foundEntry.read)
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
    const pairs = raw instanceof Map ? [...(raw as ReadonlyMap<Raw, Raw>)] : asList(raw).map(pair => asList(pair))
    return pairs.map(([key, entries]) => ({ key: asText(key), entries: readEntries(entries) }))
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
    read: raw => (justid ? asList(raw).map(asText) : readEntries(raw)),
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
      const [cursor, entries, deleted] = asList(raw)
      return { cursor: asText(cursor), entries: claims.read(entries), deleted: asList(deleted).map(asText) }
    },
  }
}

/** What became of each of several entries. */
export const codes: ReplyCodec<number[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const code of result) w.integer(code)
  },
  read: raw => asList(raw).map(asNumber),
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
    const [pending, min, max, consumers] = asList(raw)
    return {
      pending: asNumber(pending),
      min: min === null ? null : asText(min),
      max: max === null ? null : asText(max),
      consumers: (consumers === null ? [] : asList(consumers)).map(one => {
        const [name, count] = asList(one)
        return { name: asText(name), pending: asNumber(count) }
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
    asList(raw).map(one => {
      const [id, consumer, idle, deliveries] = asList(one)
      return { id: asText(id), consumer: asText(consumer), idle: asNumber(idle), deliveries: asInteger(deliveries) }
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
  return raw === null || raw === undefined ? null : asInteger(raw)
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
    asList(raw).map(one => {
      const group = namesOf(one)
      return {
        name: asText(group.get('name') as Raw),
        consumers: asNumber(group.get('consumers') as Raw),
        pending: asNumber(group.get('pending') as Raw),
        lastDeliveredId: asText(group.get('last-delivered-id') as Raw),
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
    asList(raw).map(one => {
      const consumer = namesOf(one)
      const inactive = consumer.get('inactive')
      return {
        name: asText(consumer.get('name') as Raw),
        pending: asNumber(consumer.get('pending') as Raw),
        idle: asNumber(consumer.get('idle') as Raw),
        inactive: inactive === undefined ? -1 : asNumber(inactive),
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
  if (info.idempotency === undefined) return
  for (const [name, member] of idempotencyFields) {
    w.bulk(name)
    w.integer(info.idempotency[member])
  }
}

const idempotencyFields = [
  ['idmp-duration', 'idmpDuration'],
  ['idmp-maxsize', 'idmpMaxsize'],
  ['pids-tracked', 'pidsTracked'],
  ['iids-tracked', 'iidsTracked'],
  ['iids-added', 'iidsAdded'],
  ['iids-duplicates', 'iidsDuplicates'],
] as const

/** How many facts there are beside those that every stream tells. */
function more(info: Info | FullInfo): number {
  return info.idempotency === undefined ? 0 : idempotencyFields.length
}

function readIdempotency(info: ReadonlyMap<Raw, Raw>): { readonly idempotency?: IdempotencyInfo } {
  if (!info.has('idmp-duration')) return {}
  const members = idempotencyFields.map(([name, member]) => [member, asNumber(info.get(name) as Raw)])
  return { idempotency: Object.fromEntries(members) as IdempotencyInfo }
}

function readFacts(info: ReadonlyMap<Raw, Raw>): Omit<Info, 'groups' | 'firstEntry' | 'lastEntry'> {
  return {
    length: asNumber(info.get('length') as Raw),
    radixTreeKeys: asNumber(info.get('radix-tree-keys') as Raw),
    radixTreeNodes: asNumber(info.get('radix-tree-nodes') as Raw),
    lastGeneratedId: asText(info.get('last-generated-id') as Raw),
    maxDeletedEntryId: asText(info.get('max-deleted-entry-id') as Raw),
    entriesAdded: asInteger(info.get('entries-added') as Raw),
    recordedFirstEntryId: asText(info.get('recorded-first-entry-id') as Raw),
    ...readIdempotency(info),
  }
}

function nullableEntry(found: Found | null, w: ReplyWriter): void {
  if (found === null) w.null()
  else foundEntry.write(found, w)
}

const shortReply: ReplyCodec<Info> = {
  write: (info, w) => {
    w.map(10 + more(info))
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
      groups: asNumber(info.get('groups') as Raw),
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
    name: asText(consumer.get('name') as Raw),
    seenTime: asNumber(consumer.get('seen-time') as Raw),
    activeTime: asNumber(consumer.get('active-time') ?? -1),
    pelCount: asNumber(consumer.get('pel-count') as Raw),
    pending: asList(consumer.get('pending') as Raw).map(one => {
      const [id, time, deliveries] = asList(one)
      return { id: asText(id), time: asNumber(time), deliveries: asInteger(deliveries) }
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
    name: asText(group.get('name') as Raw),
    lastDeliveredId: asText(group.get('last-delivered-id') as Raw),
    entriesRead: readNullable(group.get('entries-read')),
    lag: readNullable(group.get('lag')),
    pelCount: asNumber(group.get('pel-count') as Raw),
    pending: asList(group.get('pending') as Raw).map(one => {
      const [id, consumer, time, deliveries] = asList(one)
      return { id: asText(id), consumer: asText(consumer), time: asNumber(time), deliveries: asInteger(deliveries) }
    }),
    consumers: asList(group.get('consumers') as Raw).map(readConsumer),
  }
}

const fullReply: ReplyCodec<FullInfo> = {
  write: (info, w) => {
    w.map(9 + more(info))
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
      groups: asList(info.get('groups') as Raw).map(readGroup),
    }
  },
}

export function infoReply(full: boolean): ReplyCodec<Info | FullInfo> {
  return (full ? fullReply : shortReply) as ReplyCodec<Info | FullInfo>
}
