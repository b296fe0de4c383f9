import type {
  ReferenceOptions,
  StreamCommands,
  StreamEntry,
  StreamId,
  XAddOptions,
  XRangeOptions,
  XSetIdOptions,
  XTrimOptions,
  StreamStarts,
} from '../api/streams.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import type { Stream } from '../structures/stream.ts'
import { compareIds, FIRST, type Id, idText, LAST, nextId } from '../structures/stream-id.ts'
import type { TrimRule } from '../structures/stream-log.ts'
import { index, keyOf, keyText, lateOptions, pairTexts, record } from './input.ts'
import type { Ops, Out, Rest, Shapes, Waits } from './op.ts'
import { counter, endId, idTexts, newId, startId, startsOf, strictId, strictIds } from './stream-ids.ts'
import { type Found, limitsOf, type ReadOf, readStreams, resolveStarts, waitForEntries } from './stream-reads.ts'
import * as shape from './shapes.ts'
import { named, senderOf, streamIdempotency } from './stream-idempotency.ts'

export const xaddLines = {
  bothStrategies: 'ERR syntax error, MAXLEN and MINID options at the same time are not compatible',
  maxlenNegative: 'ERR The MAXLEN argument must be >= 0.',
  limitNegative: 'ERR The LIMIT argument must be >= 0.',
  limitAlone: 'ERR syntax error, LIMIT cannot be used without specifying a trimming strategy',
  noStrategy: 'ERR syntax error, XTRIM must be called with a trimming strategy',
  limitExact: 'ERR syntax error, LIMIT cannot be used without the special ~ option',
  zero: 'ERR The ID specified in XADD must be greater than 0-0',
  tooSmall: 'ERR The ID specified in XADD is equal or smaller than the target stream top item',
  exhausted: 'ERR The stream has exhausted the last possible ID, unable to add more items',
} as const

export const xsetidLines = {
  addedNegative: 'ERR entries_added must be positive',
  belowGiven: 'ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
  belowDeleted: 'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id',
  belowTop: 'ERR The ID specified in XSETID is smaller than the target stream top item',
  fewAdded: 'ERR The entries_added specified in XSETID is smaller than the target stream length',
} as const

type Entries = readonly Found[]

/** Where the lossless results differ from the typed replies. */
interface Results {
  xrange: Entries | null
  xrevrange: Entries | null
  xread: readonly ReadOf[] | null
}

/** What `~` removes at most: a hundred nodes. */
function approxLimit(nodeEntries: number): number {
  return nodeEntries > 0 ? Math.min(100 * nodeEntries, 1_000_000) : 10_000
}

export type References = 'keep' | 'forget' | 'acknowledged'

/** What is to become of references to what is deleted. */
export function referencesOf(options: ReferenceOptions): References {
  const { keepref, delref, acked } = options as { keepref?: boolean; delref?: boolean; acked?: boolean }
  if ((keepref ? 1 : 0) + (delref ? 1 : 0) + (acked ? 1 : 0) > 1) throw new ReplyError(lines.syntax)
  return delref ? 'forget' : acked ? 'acknowledged' : 'keep'
}

/** What is to be trimmed, of nodes so long; undefined for nothing. Throws what XADD and XTRIM answer when the options contradict each other. */
export function trimRuleOf(options: XTrimOptions, nodeEntries: number = 100): TrimRule | undefined {
  const {
    maxlen,
    minid,
    approx = false,
    limit,
  } = options as {
    maxlen?: number | bigint
    minid?: StreamId
    approx?: boolean
    limit?: number | bigint
  }
  if (maxlen !== undefined && minid !== undefined) throw new ReplyError(xaddLines.bothStrategies)
  const length = maxlen === undefined ? undefined : index(maxlen, 'maxlen')
  if (length !== undefined && length < 0) throw new ReplyError(xaddLines.maxlenNegative)
  const least = minid === undefined ? undefined : strictId(minid, 'minid')
  const most = limit === undefined ? undefined : index(limit, 'limit')
  if (most !== undefined && most < 0) throw new ReplyError(xaddLines.limitNegative)
  if (most !== undefined && length === undefined && least === undefined) throw new ReplyError(xaddLines.limitAlone)
  if (most !== undefined && !approx) throw new ReplyError(xaddLines.limitExact)
  if (length === undefined && least === undefined) return undefined
  return { maxlen: length, minid: least, approx, limit: approx ? (most ?? approxLimit(nodeEntries)) : 0 }
}

/** What trimming did, as effects: how to say it with XADD or XTRIM, and what else there is to say. */
interface Trimmed {
  readonly removed: number
  readonly words: EffectArg[]
  readonly others: EffectArg[][]
}

function trim(key: string, stream: Stream, rule: TrimRule, references: References): Trimmed {
  if (references === 'acknowledged') return trimAcknowledged(key, stream, rule)
  const gone: Id[] = []
  const removed = stream.trim(rule, references === 'forget' ? id => void gone.push(id) : undefined)
  const words: EffectArg[] = []
  if (removed > 0) {
    if (rule.maxlen !== undefined) words.push('MAXLEN', '=', stream.length)
    else words.push('MINID', '=', idText(stream.length === 0 ? (rule.minid as Id) : stream.first))
  }
  return { removed, words, others: forget(key, stream, gone) }
}

/** Only what every group has done with. It leaves gaps, so it counts as deleting, not as trimming. */
function trimAcknowledged(key: string, stream: Stream, rule: TrimRule): Trimmed {
  const { maxlen, minid = LAST, limit } = rule
  const gone: Id[] = []
  const most = maxlen === undefined ? Infinity : stream.length - maxlen
  stream.log.range(FIRST, LAST, false, id => {
    if (gone.length >= most || (limit > 0 && gone.length >= limit)) return false
    if (maxlen === undefined && compareIds(id, minid) >= 0) return false
    if (!stream.isReferenced(id)) gone.push(id)
    return true
  })
  for (const id of gone) stream.delete(id)
  const others = gone.length > 0 ? [['XDEL', key, ...gone.map(idText)]] : []
  return { removed: gone.length, words: [], others }
}

/** Takes entries out of what is pending in any group; the effects that say so. */
export function forget(key: string, stream: Stream, ids: readonly Id[]): EffectArg[][] {
  const effects = new Map<string, EffectArg[]>()
  for (const id of ids) {
    for (const name of stream.forget(id)) {
      let effect = effects.get(name)
      if (effect === undefined) effects.set(name, (effect = ['XACK', key, name]))
      effect.push(idText(id))
    }
  }
  return [...effects.values()]
}

/** The id that a new entry gets, after `last`. */
function assign(wanted: ReturnType<typeof newId>, last: Id, now: number): Id {
  const next = nextId(last)
  if (next === undefined) throw new ReplyError(xaddLines.exhausted)
  if (wanted === null) return now > last.ms ? { ms: now, seq: 0 } : next
  let id: Id = { ms: wanted.ms, seq: wanted.seq ?? 0 }
  if (wanted.seq === null && wanted.ms === last.ms) {
    // The millisecond has no more sequence numbers.
    if (next.ms !== last.ms) throw new ReplyError(xaddLines.tooSmall)
    id = next
  }
  if (compareIds(id, last) <= 0) throw new ReplyError(xaddLines.tooSmall)
  return id
}

function range(
  ks: Keyspace,
  key: Key,
  from: StreamId,
  to: StreamId,
  reverse: boolean,
  options: XRangeOptions | undefined,
): Entries | null {
  const start = startId(from)
  const end = endId(to)
  const { count } = lateOptions<XRangeOptions>(options, true)
  const most = count === undefined ? Infinity : index(count, 'count')
  const stream = ks.read(keyOf(key), 'stream')
  if (stream === undefined) return []
  if (most <= 0) return null
  const entries: Found[] = []
  stream.log.range(start, end, reverse, (id, pairs) => {
    entries.push({ id: idText(id), pairs })
    return entries.length < most
  })
  return entries
}

export const streams: Ops<StreamCommands, Results> = {
  xadd(ks, given, id, fields, options) {
    const key = keyText(given)
    const chosen = lateOptions<XAddOptions>(options, true)
    const pairs = pairTexts(fields, 'fields')
    const wanted = newId(id)
    const rule = trimRuleOf(chosen, ks.databases.limits.nodeEntries)
    const references = referencesOf(chosen)
    const who = options === undefined ? undefined : senderOf(chosen, wanted === null)
    if (wanted !== null && wanted.ms === 0 && wanted.seq === 0) throw new ReplyError(xaddLines.zero)
    const found = ks.modify(key, 'stream')
    if (found === undefined && chosen.nomkstream) return null
    const now = ks.databases.now()
    const sender = who && named(who, pairs, ks.databases.seed)
    const original = sender && found?.idempotency?.original(sender.producer, sender.name, now)
    // Nothing is added or trimmed, so nobody is told.
    if (original !== undefined) return idText(original)
    const made = assign(wanted, found?.last ?? FIRST, now)
    const stream = found ?? ks.write(key, 'stream')
    stream.append(made, pairs)
    if (sender !== undefined) stream.remembering.remember(sender.producer, sender.name, made)
    const trimmed = rule === undefined ? undefined : trim(key, stream, rule, references)
    ks.changed(key, stream, 'xadd')
    if (trimmed !== undefined && trimmed.removed > 0) ks.changed(key, stream, 'xtrim')
    const name = idText(made)
    if (ks.logging) {
      ks.effectList(['XADD', key, ...(trimmed === undefined ? [] : trimmed.words), name, ...pairs])
      if (trimmed !== undefined) for (const effect of trimmed.others) ks.effectList(effect)
    }
    return name
  },
  xlen(ks, key) {
    return ks.read(keyOf(key), 'stream')?.length ?? 0
  },
  xrange: (ks, key, start, end, options) => range(ks, key, start, end, false, options),
  xrevrange: (ks, key, end, start, options) => range(ks, key, start, end, true, options),
  xdel(ks, given, ids) {
    const key = keyText(given)
    idTexts(ids)
    const stream = ks.modify(key, 'stream')
    if (stream === undefined) return 0
    const gone = strictIds(ids).filter(id => stream.delete(id))
    if (gone.length > 0) {
      ks.changed(key, stream, 'xdel')
      if (ks.logging) ks.effectList(['XDEL', key, ...gone.map(idText)])
    }
    return gone.length
  },
  xdelex(ks, given, ids, options) {
    const key = keyText(given)
    const references = referencesOf(lateOptions<ReferenceOptions>(options, true))
    const wanted = strictIds(ids)
    const stream = ks.modify(key, 'stream')
    if (stream === undefined) return wanted.map(() => -1)
    const gone: Id[] = []
    const codes = wanted.map(id => {
      if (references === 'acknowledged' && stream.log.has(id) && stream.isReferenced(id)) return 2
      if (!stream.delete(id)) return -1
      gone.push(id)
      return 1
    })
    if (gone.length > 0) ks.changed(key, stream, 'xdel')
    const others = references === 'forget' ? forget(key, stream, wanted) : []
    if (ks.logging) {
      if (gone.length > 0) ks.effectList(['XDEL', key, ...gone.map(idText)])
      for (const effect of others) ks.effectList(effect)
    }
    return codes
  },
  xtrim(ks, given, options) {
    const key = keyText(given)
    const chosen = record(options, 'options')
    const rule = trimRuleOf(chosen, ks.databases.limits.nodeEntries)
    const references = referencesOf(chosen)
    if (rule === undefined) throw new ReplyError(xaddLines.noStrategy)
    const stream = ks.modify(key, 'stream')
    if (stream === undefined) return 0
    const { removed, words, others } = trim(key, stream, rule, references)
    if (removed > 0) {
      ks.changed(key, stream, 'xtrim')
      if (ks.logging && words.length > 0) ks.effectList(['XTRIM', key, ...words])
    }
    if (ks.logging) for (const effect of others) ks.effectList(effect)
    return removed
  },
  xsetid(ks, given, id, options) {
    const key = keyText(given)
    const last = strictId(id)
    const { entriesadded: wanted, maxdeletedid } = lateOptions<XSetIdOptions>(options, true)
    const entriesadded = wanted === undefined ? undefined : counter(wanted, 'entriesadded')
    if (entriesadded !== undefined && entriesadded < 0) throw new ReplyError(xsetidLines.addedNegative)
    const deleted = maxdeletedid === undefined ? undefined : strictId(maxdeletedid, 'maxdeletedid')
    if (deleted !== undefined && compareIds(last, deleted) < 0) throw new ReplyError(xsetidLines.belowGiven)
    const stream = ks.modify(key, 'stream')
    if (stream === undefined) throw new ReplyError(lines.noSuchKey)
    if (compareIds(last, stream.maxDeleted) < 0) throw new ReplyError(xsetidLines.belowDeleted)
    if (stream.length > 0) {
      if (compareIds(last, stream.log.last() as Id) < 0) throw new ReplyError(xsetidLines.belowTop)
      if (entriesadded !== undefined && entriesadded < stream.length) throw new ReplyError(xsetidLines.fewAdded)
    }
    stream.last = last
    if (entriesadded !== undefined) stream.added = entriesadded
    if (deleted !== undefined && compareIds(deleted, FIRST) !== 0) stream.maxDeleted = deleted
    ks.changed(key, stream, 'xsetid')
    if (ks.logging) {
      const { added, maxDeleted } = stream
      ks.effect('XSETID', key, idText(last), 'ENTRIESADDED', added, 'MAXDELETEDID', idText(maxDeleted))
    }
    return 'OK'
  },
  ...streamIdempotency,
  xread(ks, streams, options) {
    const limits = limitsOf(lateOptions(options, true))
    return readStreams(ks, resolveStarts(ks, startsOf(streams)), limits)
  },
}

/** An entry that is there. */
export function entry(found: Found, out: Out): StreamEntry {
  return { id: found.id, fields: shape.pairs(found.pairs as readonly string[], out) }
}

export function entries(found: Entries | null, out: Out): StreamEntry[] {
  return found === null ? [] : found.map(one => entry(one, out))
}

export const streamShapes: Shapes<StreamCommands, StreamCommands<'sync', Uint8Array>, typeof streams> = {
  xrange: entries,
  xrevrange: entries,
  xread: (result, out) =>
    result === null ? null : result.map(one => ({ key: out.text(one.key), entries: entries(one.entries, out) })),
}

const keysOf = (args: readonly unknown[]): string[] => startsOf(args[0] as StreamStarts).map(([key]) => key)

export const streamWaits: Waits<StreamCommands> = {
  xread: waitForEntries(1, keysOf, {
    // `$` and `+` mean what they mean now, however often the read is repeated.
    fixed: (ks, [streams, options]) => [
      resolveStarts(ks, startsOf(streams as StreamStarts)).map(({ key, after }) => [key, idText(after as Id)]),
      options,
    ],
  }),
}

export const streamRest: Rest<StreamCommands> = { xdel: 1 }
