import type { Blocking, XReadGroupOptions } from '../api/streams.ts'
import { ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import type { Stream } from '../structures/stream.ts'
import type { Group, Pending } from '../structures/stream-group.ts'
import { compareIds, FIRST, type Id, idText, LAST, nextId, previousId } from '../structures/stream-id.ts'
import { byteLength } from '../util/text.ts'
import { index } from './input.ts'
import type { WaitFor } from './op.ts'
import { noGroup, strictId } from './stream-ids.ts'

// What XREAD and XREADGROUP share. Where a read starts is found out first and on its own (`resolveStarts`,
// `resolveGroupStarts`), because `$` and `+` mean what they mean when the call is made, however often the read is then
// repeated until there is something.

export const readLines = {
  newOnly: 'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
  dollarInGroup:
    'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
  plusInGroup:
    'ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.',
  timeoutNotInteger: 'ERR timeout is not an integer or out of range',
  timeoutNegative: 'ERR timeout is negative',
  maxcountSmall: 'ERR MAXCOUNT must not be less than COUNT',
} as const

/** An entry on its way out: fields and values in turns, null when it was deleted. */
export interface Found {
  readonly id: string
  readonly pairs: readonly string[] | null
  readonly idle?: number
  readonly deliveries?: number | bigint
}

/** What one stream gave. */
export interface ReadOf {
  readonly key: string
  readonly entries: readonly Found[]
}

/** How much may be read: entries of each stream, entries of all together, and bytes; Infinity for no limit. */
export interface Limits {
  readonly count: number
  readonly maxcount: number
  readonly maxsize: number
}

/** What is left of the limits in the course of one read. */
class Budget {
  readonly count: number
  private left: number
  private bytes: number
  private some: boolean

  constructor({ count, maxcount, maxsize }: Limits) {
    this.count = count
    this.left = maxcount
    this.bytes = maxsize
    this.some = false
  }

  /** Whether one entry more may be read: the first one always. */
  get open(): boolean {
    return !this.some || (this.left > 0 && this.bytes > 0)
  }

  took(pairs: readonly string[]): void {
    this.some = true
    this.left--
    if (this.bytes === Infinity) return
    for (const text of pairs) this.bytes -= byteLength(text)
  }
}

/** The limits of a read. Throws what Redis answers to bad ones. */
export function limitsOf(options: XReadGroupOptions): Limits {
  const { count, maxcount, maxsize, block } = options
  if (block !== undefined && index(block, 'block') < 0) throw new ReplyError(readLines.timeoutNegative)
  const limit = (given: number | bigint | undefined, name: string): number =>
    given === undefined ? Infinity : Math.max(index(given, name), 0) || Infinity
  const limits = {
    count: limit(count, 'count'),
    maxcount: limit(maxcount, 'maxcount'),
    maxsize: limit(maxsize, 'maxsize'),
  }
  if (limits.count !== Infinity && limits.maxcount < limits.count) throw new ReplyError(readLines.maxcountSmall)
  return limits
}

/** A stream and the id to read after; null for what its group has not read. */
export interface Start {
  readonly key: string
  readonly after: Id | null
}

/** Where an XREAD starts. Throws for ids that are none and keys that hold something else. */
export function resolveStarts(ks: Keyspace, streams: readonly (readonly [key: string, id: string])[]): Start[] {
  return streams.map(([key, id]) => {
    // What the key holds is found out first, whatever the id.
    const stream = ks.read(key, 'stream')
    if (id === '$') return { key, after: stream?.last ?? FIRST }
    if (id === '+') {
      const last = stream?.log.last()
      return { key, after: last === undefined ? FIRST : (previousId(last) as Id) }
    }
    if (id === '>') throw new ReplyError(readLines.newOnly)
    return { key, after: strictId(id) }
  })
}

/** A read that waits: `at` is where its options stand among the arguments, `keys` says for what it waits. */
export function waitForEntries(
  at: number,
  keys: (args: readonly unknown[]) => readonly string[],
  more: Pick<WaitFor, 'whatever' | 'fixed'>,
): WaitFor {
  const optionsOf = (args: readonly unknown[]): Partial<Blocking> => (args[at] as Partial<Blocking> | undefined) ?? {}
  return {
    type: 'stream',
    ...more,
    sometimes: args => optionsOf(args).block !== undefined,
    of: args => {
      const { block = 0, signal } = optionsOf(args)
      return { keys: keys(args), timeout: index(block, 'block'), signal }
    },
  }
}

/** What XREAD answers now; null when there is nothing. */
export function readStreams(ks: Keyspace, starts: readonly Start[], limits: Limits): ReadOf[] | null {
  const results: ReadOf[] = []
  const budget = new Budget(limits)
  const found = starts.map(({ key }) => ks.read(key, 'stream'))
  for (let i = 0; i < starts.length; i++) {
    const after = nextId(starts[i].after as Id)
    const stream = found[i]
    if (stream === undefined || after === undefined || !budget.open) continue
    const entries: Found[] = []
    stream.log.range(after, LAST, false, (id, pairs) => {
      entries.push({ id: idText(id), pairs })
      budget.took(pairs)
      return entries.length < budget.count && budget.open
    })
    if (entries.length > 0) results.push({ key: starts[i].key, entries })
  }
  return results.length === 0 ? null : results
}

/** Where an XREADGROUP starts. Throws for ids that are none, and for keys without the group. */
export function resolveGroupStarts(
  ks: Keyspace,
  group: string,
  streams: readonly (readonly [key: string, id: string])[],
): Start[] {
  return streams.map(([key, id]) => {
    if (ks.read(key, 'stream')?.group(group) === undefined) {
      throw new ReplyError(`${noGroup(key, group)} in XREADGROUP with GROUP option`)
    }
    if (id === '$') throw new ReplyError(readLines.dollarInGroup)
    if (id === '+') throw new ReplyError(readLines.plusInGroup)
    if (id === '>') return { key, after: null }
    const after = strictId(id)
    // To Redis `>` is the last id there can be.
    return { key, after: compareIds(after, LAST) === 0 ? null : after }
  })
}

export interface Reader {
  readonly group: string
  readonly consumer: string
  readonly noack: boolean
  /** Milliseconds after which what is pending is read again; undefined for never. */
  readonly claim: number | undefined
}

/** What XREADGROUP answers now; null when there is nothing. Throws when a group is not there any more. */
export function readGroups(ks: Keyspace, reader: Reader, starts: readonly Start[], limits: Limits): ReadOf[] | null {
  const results: ReadOf[] = []
  const budget = new Budget(limits)
  for (const { key } of starts) {
    if (ks.read(key, 'stream')?.group(reader.group) === undefined) throw new ReplyError(noGroup(key, reader.group))
  }
  for (const { key, after } of starts) {
    const stream = ks.modify(key, 'stream') as Stream
    const group = ensureConsumer(ks, key, stream, reader.group, reader.consumer)
    const delivered = new Deliveries(ks, key, reader.group, group)
    const entries =
      after !== null
        ? history(stream, group, reader, after, budget, delivered)
        : fresh(stream, group, reader, budget, delivered)
    group.saw(reader.consumer, ks.databases.now(), entries.length > 0)
    delivered.report()
    // The history answers even when there is none.
    if (entries.length > 0 || after !== null) results.push({ key, entries })
  }
  return results.length === 0 ? null : results
}

/** The group, for writing, with a consumer of that name. */
export function ensureConsumer(ks: Keyspace, key: string, stream: Stream, name: string, consumer: string): Group {
  const group = stream.ownGroup(name)
  if (group.addConsumer(consumer, ks.databases.now())) {
    ks.changed(key, stream, 'xgroup-createconsumer')
    if (ks.logging) ks.effect('XGROUP', 'CREATECONSUMER', key, name, consumer)
  }
  return group
}

/** What is pending with the consumer, delivered again. */
function history(
  stream: Stream,
  group: Group,
  reader: Reader,
  after: Id,
  budget: Budget,
  delivered: Deliveries,
): Found[] {
  const items: Pending[] = []
  const start = nextId(after) as Id
  group.forEachPendingOf(reader.consumer, start, item => {
    items.push(item)
    return items.length < budget.count
  })
  const entries: Found[] = []
  for (const item of items) {
    if (!budget.open) break
    const pairs = stream.log.get(item) ?? null
    entries.push({ id: idText(item), pairs })
    budget.took(pairs ?? [])
    if (pairs !== null) delivered.again(item, reader.consumer)
  }
  return entries
}

/** What the group has not read yet; before it, with `claim`, what has been pending for long. */
function fresh(stream: Stream, group: Group, reader: Reader, budget: Budget, delivered: Deliveries): Found[] {
  const entries = reader.claim === undefined ? [] : claimed(stream, group, reader, budget, delivered)
  const after = nextId(group.last)
  if (after === undefined || entries.length >= budget.count || !budget.open) return entries
  stream.log.range(after, LAST, false, (id, pairs) => {
    entries.push({ id: idText(id), pairs })
    budget.took(pairs)
    stream.advance(group, id)
    if (reader.noack) delivered.advanced = true
    else delivered.first(id, reader.consumer)
    return entries.length < budget.count && budget.open
  })
  return entries
}

function claimed(stream: Stream, group: Group, reader: Reader, budget: Budget, delivered: Deliveries): Found[] {
  const idle: Pending[] = []
  group.forEachPending(FIRST, item => {
    if (delivered.now - item.time >= (reader.claim as number)) idle.push(item)
  })
  // What has been idle for longest comes first, and so what was given back; ids stay in order where that is equal.
  idle.sort((a, b) => a.time - b.time)
  const entries: Found[] = []
  for (const item of idle) {
    if (entries.length >= budget.count || !budget.open) break
    const pairs = stream.log.get(item)
    if (pairs === undefined) {
      delivered.acknowledge(item)
      continue
    }
    const since = Math.max(delivered.now - item.time, 0)
    entries.push({ id: idText(item), pairs, idle: since, deliveries: item.count })
    budget.took(pairs)
    delivered.again(item, reader.consumer)
  }
  return entries
}

/** Changes to what is pending in one group, and the effects that repeat them. */
export class Deliveries {
  readonly now: number
  /** Whether the group has read on without anything becoming pending. */
  advanced: boolean
  private readonly ks: Keyspace
  private readonly key: string
  private readonly name: string
  private readonly group: Group
  private readonly read: number | bigint
  private claims: Pending[]
  private gone: Id[]

  constructor(ks: Keyspace, key: string, name: string, group: Group) {
    this.now = ks.databases.now()
    this.advanced = false
    this.ks = ks
    this.key = key
    this.name = name
    this.group = group
    this.read = group.read
    this.claims = []
    this.gone = []
  }

  /** Delivers an entry for the first time. */
  first(id: Id, owner: string): void {
    this.put({ ms: id.ms, seq: id.seq, owner, time: this.now, count: 1 })
    this.advanced = true
  }

  /** Delivers a pending entry once more. */
  again(item: Pending, owner: string): void {
    this.put({ ms: item.ms, seq: item.seq, owner, time: this.now, count: plusOne(item.count) })
  }

  put(item: Pending): void {
    this.group.deliver(item)
    if (this.ks.logging) this.claims.push(item)
  }

  acknowledge(id: Id): void {
    this.group.acknowledge(id)
    if (this.ks.logging) this.gone.push(id)
  }

  /** Reports all of it. Entries delivered alike share an XCLAIM. */
  report(): void {
    const { ks, key, name, group, claims, gone } = this
    if (!ks.logging) return
    if (gone.length > 0) ks.effectList(['XACK', key, name, ...gone.map(idText)])
    for (let i = 0; i < claims.length; ) {
      const { owner, time, count } = claims[i]
      const effect: EffectArg[] = ['XCLAIM', key, name, owner, 0]
      for (; i < claims.length; i++) {
        const item = claims[i]
        if (item.owner !== owner || item.time !== time || item.count !== count) break
        effect.push(idText(item))
      }
      effect.push('TIME', time, 'RETRYCOUNT', count, 'FORCE', 'JUSTID', 'LASTID', idText(group.last))
      ks.effectList(effect)
    }
    if (this.advanced || this.read !== group.read) {
      ks.effect('XGROUP', 'SETID', key, name, idText(group.last), 'ENTRIESREAD', group.read)
    }
  }
}

export function plusOne(count: number | bigint): number | bigint {
  if (typeof count === 'number' && count < Number.MAX_SAFE_INTEGER) return count + 1
  // As int64 in Redis, which wraps.
  return BigInt.asIntN(64, BigInt(count) + 1n)
}
