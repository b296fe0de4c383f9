import type { StreamId, StreamStarts } from '../api/streams.ts'
import type { Key } from '../api/types.ts'
import { inLine, lines, Refusal, ReplyError } from '../errors.ts'
import { compareIds, FIRST, type Id, LAST, MAX_PART, nextId, type Part, previousId } from '../structures/stream-id.ts'
import { int64, narrow, parseInteger } from '../util/numbers.ts'
import { canonical } from '../util/text.ts'
import { integer, keyText, listOf, record } from './input.ts'

// Ids of stream entries as they are given, and entries as they come out.

export const streamLines = {
  invalidId: 'ERR Invalid stream ID specified as stream command argument',
  startOverflow: 'ERR invalid start ID for the interval',
  endOverflow: 'ERR invalid end ID for the interval',
  noSuchGroupKey:
    'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
} as const

/** An id as text; the op reads it. */
export function idTextOf(id: StreamId, name = 'id'): string {
  if (typeof id === 'string') return canonical(id)
  if (typeof id === 'bigint') return String(id)
  if (typeof id === 'number' && Number.isInteger(id)) return BigInt(id).toString()
  if ((id as unknown) instanceof Refusal) throw new ReplyError((id as unknown as Refusal).line)
  throw new TypeError(`${name} must be a string, an integer or a bigint, not ${id === null ? 'null' : typeof id}`)
}

/** An unsigned 64-bit integer as Redis reads it: an int64 that is not negative, or else what strtoull takes. */
function parsePart(text: string): Part | undefined {
  const n = parseInteger(text)
  if (n !== undefined) return n < 0 ? undefined : n
  const parts = /^[\t-\r ]*([+-]?)0*(\d+)$/.exec(text)
  if (parts === null || parts[2].length > 20) return undefined
  const size = BigInt(parts[2])
  if (size > MAX_PART) return undefined
  return narrow(parts[1] === '-' ? BigInt.asUintN(64, -size) : size)
}

/** The longest id that Redis looks at, in bytes. */
const LONGEST = 127

/** An id of which the sequence may be open. */
interface Given {
  readonly ms: Part
  /** Null for `ms-*`. */
  readonly seq: Part | null
}

function parse(text: string, missing: Part, open: boolean): Given | undefined {
  if (text.length > LONGEST) return undefined
  // Redis reads it as a C string.
  const nul = text.indexOf('\0')
  const given = nul < 0 ? text : text.slice(0, nul)
  const dash = given.indexOf('-')
  const ms = parsePart(dash < 0 ? given : given.slice(0, dash))
  if (ms === undefined) return undefined
  if (dash < 0) return { ms, seq: missing }
  const rest = given.slice(dash + 1)
  if (open && rest === '*') return { ms, seq: null }
  const seq = parsePart(rest)
  return seq === undefined ? undefined : { ms, seq }
}

/** An id that names one entry; the sequence is 0 if not given. */
export function strictId(id: StreamId, name?: string): Id {
  return strictIdOrNone(id, name) ?? refuse()
}

/** As `strictId`, undefined where the id is none. */
export function strictIdOrNone(id: StreamId, name?: string): Id | undefined {
  return parse(idTextOf(id, name), 0, false) as Id | undefined
}

/** Whether one id is before another; both name one entry. */
export function isBefore(id: StreamId, other: StreamId): boolean {
  return compareIds(strictId(id), strictId(other)) < 0
}

/** The id of a new entry: null for `*`, a sequence of null for `ms-*`. */
export function newId(id: StreamId): Given | null {
  const text = idTextOf(id)
  return text === '*' ? null : (parse(text, 0, true) ?? refuse())
}

function refuse(): never {
  throw new ReplyError(streamLines.invalidId)
}

function bound(given: StreamId, name: string, missing: Part): { id: Id; open: boolean } {
  const text = idTextOf(given, name)
  if (text === '-') return { id: FIRST, open: false }
  if (text === '+') return { id: LAST, open: false }
  const open = text.length > 1 && text.charCodeAt(0) === 0x28
  return { id: (parse(open ? text.slice(1) : text, missing, false) as Id | undefined) ?? refuse(), open }
}

/** The first id of an interval. */
export function startId(given: StreamId): Id {
  return afterStart(bound(given, 'start', 0))
}

/** The last id of an interval: without a sequence the last one in its millisecond. */
export function endId(given: StreamId): Id {
  return beforeEnd(bound(given, 'end', MAX_PART))
}

function afterStart({ id, open }: { id: Id; open: boolean }): Id {
  const start = open ? nextId(id) : id
  if (start === undefined) throw new ReplyError(streamLines.startOverflow)
  return start
}

function beforeEnd({ id, open }: { id: Id; open: boolean }): Id {
  const end = open ? previousId(id) : id
  if (end === undefined) throw new ReplyError(streamLines.endOverflow)
  return end
}

/** Ids as text, for commands that look at the key before they read them. */
export function idTexts(ids: readonly StreamId[]): string[] {
  return listOf(ids, 'ids').map(id => idTextOf(id))
}

/** Ids that name one entry each. */
export function strictIds(ids: readonly StreamId[]): Id[] {
  return listOf(ids, 'ids').map(id => strictId(id))
}

/** Keys and where to start in each, in the order given. */
export function startsOf(streams: StreamStarts): [key: string, id: string][] {
  const list: [string, string][] = []
  const add = (key: Key, id: StreamId): void => void list.push([keyText(key), idTextOf(id)])
  if (Array.isArray(streams)) {
    for (const pair of streams as readonly (readonly [Key, StreamId])[]) {
      if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError('each of streams must be a pair')
      add(pair[0], pair[1])
    }
  } else if (streams instanceof Map) {
    for (const [key, id] of streams as ReadonlyMap<Key, StreamId>) add(key, id)
  } else {
    const named = record(streams as Readonly<Record<string, StreamId>>, 'streams')
    for (const key of Object.keys(named)) add(key, named[key])
  }
  if (list.length === 0) throw new TypeError('streams must not be empty')
  return list
}

/** An integer that Redis keeps as an int64, in its one form. */
export function counter(given: number | bigint, name: string): number | bigint {
  const n = int64(integer(given, name))
  if (n === undefined) throw new ReplyError(lines.notInteger)
  return n
}

/** What XREAD answers an unbalanced list of keys and ids with. */
export function unbalanced(name: string): string {
  const which = name === 'XREAD' ? "an ID, '+', or '$'" : "an ID or '>'"
  return `ERR Unbalanced '${name.toLowerCase()}' list of streams: for each stream key ${which} must be specified.`
}

/** As `noGroup`, for XGROUP and XINFO. */
export function noSuchGroup(key: string, group: string): string {
  return `NOGROUP No such consumer group '${inLine(group)}' for key name '${inLine(key)}'`
}

export function noGroup(key: string, group: string): string {
  return `NOGROUP No such key '${inLine(key)}' or consumer group '${inLine(group)}'`
}
