import type {
  AutoClaimed,
  GroupEntry,
  PendingEntry,
  PendingSummary,
  ReferenceOptions,
  StreamEntry,
  StreamGroupCommands,
  StreamId,
  XAutoClaimOptions,
  XClaimOptions,
  XGroupCreateOptions,
  XNackOptions,
  XPendingOptions,
  XReadGroupOptions,
  StreamStarts,
} from '../api/streams.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Stream } from '../structures/stream.ts'
import type { Group, Pending } from '../structures/stream-group.ts'
import { compareIds, FIRST, type Id, idText, LAST } from '../structures/stream-id.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { compareText } from '../util/text.ts'
import { index, keyText, lateOptions, text } from './input.ts'
import type { Ops, Out, Rest, Shapes, Waits } from './op.ts'
import {
  counter,
  endId,
  idTextOf,
  idTexts,
  noGroup,
  noSuchGroup,
  startId,
  startsOf,
  strictId,
  strictIds,
  streamLines,
} from './stream-ids.ts'
import {
  Deliveries,
  ensureConsumer,
  type Found,
  limitsOf,
  plusOne,
  type ReadOf,
  readGroups,
  resolveGroupStarts,
  waitForEntries,
} from './stream-reads.ts'
import { entries, forget, referencesOf } from './streams.ts'
import * as shape from './shapes.ts'

export const groupLines = {
  busy: 'BUSYGROUP Consumer Group name already exists',
  entriesRead: 'ERR value for ENTRIESREAD must be positive or -1',
  countNotPositive: 'ERR COUNT must be > 0',
  nackMode: 'ERR mode must be SILENT, FAIL, or FATAL',
  retryNegative: 'ERR Invalid RETRYCOUNT value, must be >= 0',
} as const

/** One step of a claim, losslessly: ids alone when `justid`. */
export interface Claimed {
  readonly cursor: string
  readonly entries: readonly Found[] | readonly string[]
  readonly deleted: readonly string[]
}

/** Where the lossless results differ from the typed replies. */
interface Results {
  xreadgroup: readonly ReadOf[] | null
  xpending: PendingSummary | readonly PendingEntry[]
  xclaim: readonly Found[] | readonly string[]
  xautoclaim: Claimed
}

/** The answer to XGROUP HELP, as Redis gives it. */
const help: readonly string[] = [
  'XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CREATE <key> <groupname> <id|$> [option]',
  '    Create a new consumer group. Options are:',
  '    * MKSTREAM',
  '      Create the empty stream if it does not exist.',
  '    * ENTRIESREAD entries_read',
  "      Set the group's entries_read counter (internal use).",
  'CREATECONSUMER <key> <groupname> <consumer>',
  '    Create a new consumer in the specified group.',
  'DELCONSUMER <key> <groupname> <consumer>',
  '    Remove the specified consumer.',
  'DESTROY <key> <groupname>',
  '    Remove the specified group.',
  'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
  '    Set the current group ID and entries_read counter.',
  'HELP',
  '    Prints this help.',
]

/** How often an entry was delivered that nobody can handle. */
const FATAL = MAX_INT64

/**
 * What is given back belongs to the consumer without a name, delivered at the beginning of time: so any file and any log can
 * say it, and whoever claims by idle time finds it first.
 */
const NOBODY = ''

function entriesReadOf(options: { entriesread?: number | bigint }): number | bigint {
  const read = counter(options.entriesread ?? -1, 'entriesread')
  if (read < -1) throw new ReplyError(groupLines.entriesRead)
  return read
}

/** The stream of a subcommand of XGROUP, for writing; with `name` the group must be there too. */
function streamOf(ks: Keyspace, key: string, name?: string): Stream {
  const stream = ks.modify(key, 'stream')
  if (stream === undefined) throw new ReplyError(streamLines.noSuchGroupKey)
  if (name !== undefined && stream.group(name) === undefined) throw new ReplyError(noSuchGroup(key, name))
  return stream
}

/** The stream of a command that claims, with its group. */
function claimable(ks: Keyspace, key: string, name: string): Stream {
  const stream = ks.modify(key, 'stream')
  if (stream?.group(name) === undefined) throw new ReplyError(noGroup(key, name))
  return stream
}

function groupId(id: StreamId, stream: Stream | undefined): Id {
  return idTextOf(id) === '$' ? (stream?.last ?? FIRST) : strictId(id)
}

/** Milliseconds of idleness; a negative number is none. */
function idleOf(minidle: number | bigint): number {
  return Math.max(index(minidle, 'minidle'), 0)
}

/** When a claimed entry counts as delivered. */
function timeOf(options: { idle?: number | bigint; time?: number | bigint }, now: number): number {
  const { idle, time } = options
  if (idle !== undefined && time !== undefined) throw new ReplyError(lines.syntax)
  const wanted = idle !== undefined ? now - index(idle, 'idle') : time !== undefined ? index(time, 'time') : now
  return wanted < 0 || wanted > now ? now : wanted
}

interface Claim {
  readonly consumer: string
  readonly minidle: number
  readonly time: number
  readonly retrycount: number | bigint | undefined
  readonly justid: boolean
}

/** Gives a pending entry to a consumer, if it has been idle for long enough; true when it was. */
function take(item: Pending, claim: Claim, deliveries: Deliveries): boolean {
  if (claim.minidle > 0 && deliveries.now - item.time < claim.minidle) return false
  const count = claim.retrycount ?? (claim.justid ? item.count : plusOne(item.count))
  deliveries.put({ ms: item.ms, seq: item.seq, owner: claim.consumer, time: claim.time, count })
  return true
}

function xpendingList(
  group: Group,
  start: Id,
  end: Id,
  most: number,
  minidle: number,
  consumer: string | undefined,
  now: number,
): PendingEntry[] {
  const found: PendingEntry[] = []
  if (most <= 0) return found
  const visit = (item: Pending): boolean => {
    if (compareIds(item, end) > 0) return false
    if (minidle > 0 && now - item.time < minidle) return true
    const idle = Math.max(now - item.time, 0)
    found.push({ id: idText(item), consumer: item.owner, idle, deliveries: item.count })
    return found.length < most
  }
  if (consumer === undefined) group.forEachPending(start, visit)
  else group.forEachPendingOf(consumer, start, visit)
  return found
}

/** How often an entry counts as delivered that is given back. */
function nacked(mode: string, count: number | bigint): number | bigint {
  if (mode === 'FATAL') return FATAL
  if (mode === 'FAIL' || count <= 0) return count
  return typeof count === 'number' ? count - 1 : plusOne(count - 2n)
}

export const streamGroups: Ops<StreamGroupCommands, Results> = {
  xgroupCreate(ks, given, group, id, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const chosen = lateOptions<XGroupCreateOptions>(options, true)
    const read = entriesReadOf(chosen)
    idTextOf(id)
    const found = ks.modify(key, 'stream')
    if (found === undefined && !chosen.mkstream) throw new ReplyError(streamLines.noSuchGroupKey)
    const last = groupId(id, found)
    if (found?.group(name) !== undefined) throw new ReplyError(groupLines.busy)
    const stream = found ?? ks.write(key, 'stream')
    stream.addGroup(name, last, read)
    ks.changed(key, stream, 'xgroup-create')
    if (ks.logging) {
      ks.effectList(['XGROUP', 'CREATE', key, name, idText(last)].concat(found === undefined ? ['MKSTREAM'] : []))
      if (read !== -1) ks.effect('XGROUP', 'SETID', key, name, idText(last), 'ENTRIESREAD', read)
    }
    return 'OK'
  },
  xgroupSetid(ks, given, group, id, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const read = entriesReadOf(lateOptions<{ entriesread?: number | bigint }>(options, true))
    idTextOf(id)
    const stream = streamOf(ks, key, name)
    // Redis takes the ends of a range here, but not in CREATE.
    const bound = idTextOf(id)
    const last = bound === '-' ? FIRST : bound === '+' ? LAST : groupId(id, stream)
    const own = stream.ownGroup(name)
    own.last = last
    own.read = read
    ks.changed(key, stream, 'xgroup-setid')
    if (ks.logging) ks.effect('XGROUP', 'SETID', key, name, idText(last), 'ENTRIESREAD', read)
    return 'OK'
  },
  xgroupDestroy(ks, given, group) {
    const key = keyText(given)
    const name = text(group, 'group')
    const stream = streamOf(ks, key)
    if (!stream.removeGroup(name)) return false
    ks.changed(key, stream, 'xgroup-destroy')
    if (ks.logging) ks.effect('XGROUP', 'DESTROY', key, name)
    return true
  },
  xgroupCreateconsumer(ks, given, group, consumer) {
    const key = keyText(given)
    const name = text(group, 'group')
    const who = text(consumer, 'consumer')
    const stream = streamOf(ks, key, name)
    if (stream.group(name)?.consumer(who) !== undefined) return false
    ensureConsumer(ks, key, stream, name, who)
    return true
  },
  xgroupDelconsumer(ks, given, group, consumer) {
    const key = keyText(given)
    const name = text(group, 'group')
    const who = text(consumer, 'consumer')
    const stream = streamOf(ks, key, name)
    const pending = stream.ownGroup(name).removeConsumer(who)
    if (pending === undefined) return 0
    ks.changed(key, stream, 'xgroup-delconsumer')
    if (ks.logging) ks.effect('XGROUP', 'DELCONSUMER', key, name, who)
    return pending
  },
  xgroupHelp() {
    return help
  },
  xreadgroup(ks, group, consumer, streams, options) {
    const name = text(group, 'group')
    const who = text(consumer, 'consumer')
    const chosen = lateOptions<XReadGroupOptions>(options, true)
    const limits = limitsOf(chosen)
    const { noack = false, claim } = chosen
    const starts = resolveGroupStarts(ks, name, startsOf(streams))
    const reader = { group: name, consumer: who, noack, claim: claim === undefined ? undefined : idleOf(claim) }
    return readGroups(ks, reader, starts, limits)
  },
  xack(ks, given, group, ids) {
    const key = keyText(given)
    const name = text(group, 'group')
    idTexts(ids)
    const stream = ks.modify(key, 'stream')
    if (stream?.group(name) === undefined) return 0
    const wanted = strictIds(ids)
    const own = stream.ownGroup(name)
    const gone = wanted.filter(id => own.acknowledge(id))
    if (gone.length > 0 && ks.logging) ks.effectList(['XACK', key, name, ...gone.map(idText)])
    return gone.length
  },
  xackdel(ks, given, group, ids, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const references = referencesOf(lateOptions<ReferenceOptions>(options, true))
    const wanted = strictIds(ids)
    const stream = ks.modify(key, 'stream')
    if (stream?.group(name) === undefined) return wanted.map(() => -1)
    const acknowledged: Id[] = []
    const deleted: Id[] = []
    const done: Id[] = []
    const codes = wanted.map(id => {
      if (!stream.ownGroup(name).acknowledge(id)) return -1
      acknowledged.push(id)
      if (references === 'acknowledged' && stream.isReferenced(id)) return 2
      done.push(id)
      if (stream.delete(id)) deleted.push(id)
      return 1
    })
    if (deleted.length > 0) ks.changed(key, stream, 'xdel')
    const others = references === 'forget' ? forget(key, stream, done) : []
    if (ks.logging) {
      if (acknowledged.length > 0) ks.effectList(['XACK', key, name, ...acknowledged.map(idText)])
      if (deleted.length > 0) ks.effectList(['XDEL', key, ...deleted.map(idText)])
      for (const effect of others) ks.effectList(effect)
    }
    return codes
  },
  xnack(ks, given, group, mode, ids, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const stream = claimable(ks, key, name)
    const word = text(mode, 'mode').toUpperCase()
    if (word !== 'SILENT' && word !== 'FAIL' && word !== 'FATAL') throw new ReplyError(groupLines.nackMode)
    const { retrycount: times, force } = lateOptions<XNackOptions>(options, true)
    const retrycount = times === undefined ? undefined : counter(times, 'retrycount')
    if (retrycount !== undefined && retrycount < 0) throw new ReplyError(groupLines.retryNegative)
    const wanted = strictIds(ids)
    const there = wanted.filter(
      id => stream.group(name)?.get(id) !== undefined || (force === true && stream.log.has(id)),
    )
    if (there.length === 0) return 0
    const own = ensureConsumer(ks, key, stream, name, NOBODY)
    const deliveries = new Deliveries(ks, key, name, own)
    for (const id of there) {
      const count = retrycount ?? nacked(word, own.get(id)?.count ?? 0)
      deliveries.put({ ms: id.ms, seq: id.seq, owner: NOBODY, time: 0, count })
    }
    deliveries.report()
    return there.length
  },
  xpending(ks, given, group, start, end, count, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const now = ks.databases.now()
    if (start === undefined || end === undefined || count === undefined) {
      const found = ks.read(key, 'stream')?.group(name)
      if (found === undefined) throw new ReplyError(noGroup(key, name))
      return summaryOf(found)
    }
    const { idle = 0, consumer } = lateOptions<XPendingOptions>(options, true)
    const minidle = index(idle, 'idle')
    const most = index(count, 'count')
    const first = startId(start)
    const last = endId(end)
    const who = consumer === undefined ? undefined : text(consumer, 'consumer')
    const found = ks.read(key, 'stream')?.group(name)
    if (found === undefined) throw new ReplyError(noGroup(key, name))
    return xpendingList(found, first, last, most, minidle, who, now)
  },
  xclaim(ks, given, group, consumer, minidle, ids, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const who = text(consumer, 'consumer')
    lateOptions(options, false)
    // Redis looks for the group before it reads any number or id.
    const stream = claimable(ks, key, name)
    const least = idleOf(minidle)
    const wanted = Array.isArray(ids) && ids.length === 0 ? [] : strictIds(ids)
    const chosen = lateOptions<XClaimOptions & { justid?: boolean }>(options, true)
    const { force = false, lastid, justid = false } = chosen
    const retrycount = chosen.retrycount === undefined ? -1 : counter(chosen.retrycount, 'retrycount')
    const now = ks.databases.now()
    const time = timeOf(chosen as { idle?: number; time?: number }, now)
    const lastId = lastid === undefined ? FIRST : strictId(lastid, 'lastid')
    const own = ensureConsumer(ks, key, stream, name, who)
    const deliveries = new Deliveries(ks, key, name, own)
    if (compareIds(lastId, own.last) > 0) {
      own.last = lastId
      deliveries.advanced = true
    }
    const retries = retrycount >= 0 ? retrycount : undefined
    const claim: Claim = { consumer: who, minidle: least, time, retrycount: retries, justid }
    const found: (Found | string)[] = []
    for (const id of wanted) {
      let item = own.get(id)
      const pairs = stream.log.get(id)
      if (pairs === undefined) {
        if (item !== undefined) deliveries.acknowledge(id)
        continue
      }
      // What was never delivered has been idle for ever.
      if (item === undefined && force) item = { ms: id.ms, seq: id.seq, owner: who, time: -Infinity, count: 1 }
      if (item === undefined || !take(item, claim, deliveries)) continue
      found.push(justid ? idText(id) : { id: idText(id), pairs })
    }
    own.saw(who, now, found.length > 0)
    deliveries.report()
    return found as Found[]
  },
  xautoclaim(ks, given, group, consumer, minidle, start, options) {
    const key = keyText(given)
    const name = text(group, 'group')
    const who = text(consumer, 'consumer')
    const least = idleOf(minidle)
    const first = startId(start)
    const { count = 100, justid = false } = lateOptions<XAutoClaimOptions & { justid?: boolean }>(options, true)
    const most = index(count, 'count')
    if (most < 1) throw new ReplyError(groupLines.countNotPositive)
    const stream = claimable(ks, key, name)
    const now = ks.databases.now()
    const own = ensureConsumer(ks, key, stream, name, who)
    const deliveries = new Deliveries(ks, key, name, own)
    const claim: Claim = { consumer: who, minidle: least, time: now, retrycount: undefined, justid }
    const items: Pending[] = []
    let cursor = FIRST
    let left = most
    let attempts = most * 10
    own.forEachPending(first, item => {
      if (attempts-- <= 0 || left <= 0) {
        cursor = item
        return false
      }
      const there = stream.log.has(item)
      if (there && least > 0 && now - item.time < least) return true
      items.push(item)
      left--
      return true
    })
    const found: (Found | string)[] = []
    const deleted: string[] = []
    for (const item of items) {
      const pairs = stream.log.get(item)
      if (pairs === undefined) {
        deliveries.acknowledge(item)
        deleted.push(idText(item))
        continue
      }
      take(item, claim, deliveries)
      found.push(justid ? idText(item) : { id: idText(item), pairs })
    }
    own.saw(who, now, found.length > 0)
    deliveries.report()
    return { cursor: idText(cursor), entries: found as Found[], deleted }
  },
}

function summaryOf(group: Group): PendingSummary {
  const consumers: { name: string; pending: number }[] = []
  group.forEachConsumer((name, consumer) => {
    if (consumer.pending.size > 0) consumers.push({ name, pending: consumer.pending.size })
  })
  consumers.sort((a, b) => compareText(a.name, b.name))
  const { firstPending: min, lastPending: max } = group
  return {
    pending: group.pendingCount,
    min: min === undefined ? null : idText(min),
    max: max === undefined ? null : idText(max),
    consumers,
  }
}

function groupEntry(found: Found, out: Out): GroupEntry {
  const fields = found.pairs === null ? null : shape.pairs(found.pairs, out)
  const { id, idle, deliveries } = found
  return idle === undefined ? { id, fields } : { id, fields, idle, deliveries }
}

function claims(found: readonly Found[] | readonly string[], out: Out): StreamEntry[] | string[] {
  if (found.length > 0 && typeof found[0] === 'string') return found.slice() as string[]
  return entries(found as readonly Found[], out)
}

export const streamGroupShapes: Shapes<
  StreamGroupCommands,
  StreamGroupCommands<'sync', Uint8Array>,
  typeof streamGroups
> = {
  xreadgroup: (result, out) =>
    result === null
      ? null
      : result.map(one => ({ key: out.text(one.key), entries: one.entries.map(each => groupEntry(each, out)) })),
  xpending: (result, out) => {
    if ('pending' in result) {
      const consumers = result.consumers.map(one => ({ name: out.text(one.name), pending: one.pending }))
      return { ...result, consumers }
    }
    return result.map(one => ({ ...one, consumer: out.text(one.consumer) }))
  },
  xclaim: claims,
  xautoclaim: ({ cursor, entries: found, deleted }, out) =>
    ({ cursor, entries: claims(found, out), deleted: deleted.slice() }) as
      | AutoClaimed<StreamEntry>
      | AutoClaimed<string>,
}

const keysOf = (args: readonly unknown[]): string[] => startsOf(args[2] as StreamStarts).map(([key]) => key)

export const streamGroupWaits: Waits<StreamGroupCommands> = {
  // It is also tried when a stream or its group goes, to say so.
  xreadgroup: waitForEntries(3, keysOf, { whatever: true }),
}

export const streamGroupRest: Rest<StreamGroupCommands> = { xack: 2 }
