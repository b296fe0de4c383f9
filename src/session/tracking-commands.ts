import { mapOf } from '../commands/tree.ts'
import { lines, ReplyError } from '../errors.ts'
import { integer, type Parameter } from '../config.ts'
import { canonical } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { treeReply } from '../wire/server.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { clientsOf } from './clients.ts'
import { integerOf, ok, one, row, some } from './row.ts'
import type { Argv, Session } from './session.ts'
import type { Tracked } from './tracking.ts'

export const trackingLines = {
  oneRedirect: 'ERR A client can only redirect to a single other client',
  noRedirect: 'ERR The client ID you want redirect to does not exist',
  prefixAlone: 'ERR PREFIX option requires BCAST mode to be enabled',
  otherBroadcast:
    "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.",
  broadcastChosen: 'ERR OPTIN and OPTOUT are not compatible with BCAST',
  bothWays: "ERR You can't specify both OPTIN mode and OPTOUT mode",
  otherWay:
    "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.",
  noWay: 'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
  notIn: 'ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.',
  notOut: 'ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.',
} as const

function overlapping(prefix: string, other: string, which: 'an existing' | 'another provided'): ReplyError {
  return new ReplyError(
    `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. Prefixes for a single client must not overlap.`,
  )
}

/** Throws when a client would be told of a key twice. */
function mayHave(prefixes: readonly string[], existing: ReadonlySet<string>): void {
  const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)
  for (const [i, prefix] of prefixes.entries()) {
    for (const other of existing) if (overlap(prefix, other)) throw overlapping(prefix, other, 'an existing')
    for (const other of prefixes.slice(i + 1)) {
      if (overlap(prefix, other)) throw overlapping(prefix, other, 'another provided')
    }
  }
}

/** What stands behind CLIENT TRACKING ON or OFF. */
interface Asked {
  redirect: number
  readonly prefixes: string[]
  readonly words: Set<string>
}

function read(session: Session, argv: Argv): Asked {
  const asked: Asked = { redirect: 0, prefixes: [], words: new Set() }
  for (let at = 3; at < argv.length; at++) {
    const word = argv[at].toUpperCase()
    const more = at + 1 < argv.length
    if (word === 'REDIRECT' && more) {
      if (asked.redirect !== 0) throw new ReplyError(trackingLines.oneRedirect)
      asked.redirect = integerOf(argv[++at])
      if (!session.clients.all.has(asked.redirect)) throw new ReplyError(trackingLines.noRedirect)
    } else if (word === 'PREFIX' && more) asked.prefixes.push(canonical(argv[++at]))
    else if (word === 'BCAST' || word === 'OPTIN' || word === 'OPTOUT' || word === 'NOLOOP') asked.words.add(word)
    else throw new ReplyError(lines.syntax)
  }
  return asked
}

/** How the client is to be told from now on. What it said before goes on, as far as it goes with it. */
function trackedBy({ redirect, prefixes, words }: Asked, before: Tracked | undefined): Tracked {
  const broadcast = words.has('BCAST')
  const only = words.has('OPTIN') ? 'in' : words.has('OPTOUT') ? 'out' : undefined
  if (!broadcast && prefixes.length > 0) throw new ReplyError(trackingLines.prefixAlone)
  if (before !== undefined && before.broadcast !== broadcast) throw new ReplyError(trackingLines.otherBroadcast)
  if (broadcast && only !== undefined) throw new ReplyError(trackingLines.broadcastChosen)
  if (words.has('OPTIN') && words.has('OPTOUT')) throw new ReplyError(trackingLines.bothWays)
  if (before?.only !== undefined && only !== undefined && before.only !== only) {
    throw new ReplyError(trackingLines.otherWay)
  }
  const existing = before?.prefixes ?? new Set()
  if (broadcast) mayHave(prefixes, existing)
  const all = new Set([...existing, ...prefixes])
  if (broadcast && all.size === 0) all.add('')
  return { redirect, broadcast, prefixes: all, only, quiet: words.has('NOLOOP'), chosen: false, broken: false }
}

function track(session: Session, argv: Argv, w: ReplyWriter): void {
  const asked = read(session, argv)
  const word = argv[2].toUpperCase()
  const { tracking } = session.clients
  if (word === 'ON') tracking.start(session, trackedBy(asked, session.tracked))
  else if (word === 'OFF') tracking.stop(session)
  else throw new ReplyError(lines.syntax)
  ok(w)
}

function choose(session: Session, argv: Argv, w: ReplyWriter): void {
  const { tracked } = session
  if (tracked === undefined) throw new ReplyError(trackingLines.noWay)
  const word = argv[2].toUpperCase()
  if (word === 'YES' && tracked.only !== 'in') throw new ReplyError(trackingLines.notIn)
  if (word === 'NO' && tracked.only !== 'out') throw new ReplyError(trackingLines.notOut)
  if (word !== 'YES' && word !== 'NO') throw new ReplyError(lines.syntax)
  tracked.chosen = true
  ok(w)
}

function info({ tracked }: Session, _: Argv, w: ReplyWriter): void {
  const flags = [tracked === undefined ? 'off' : 'on']
  if (tracked?.broadcast) flags.push('bcast')
  if (tracked?.only === 'in') flags.push('optin')
  if (tracked?.only === 'in' && tracked.chosen) flags.push('caching-yes')
  if (tracked?.only === 'out') flags.push('optout')
  if (tracked?.only === 'out' && tracked.chosen) flags.push('caching-no')
  if (tracked?.quiet) flags.push('noloop')
  if (tracked?.broken) flags.push('broken_redirect')
  const facts = mapOf(
    ['flags', { set: flags }],
    ['redirect', tracked?.redirect ?? -1],
    ['prefixes', [...(tracked?.prefixes ?? [])]],
  )
  treeReply.write(facts, w)
}

const flags = 'noscript loading stale'

export const trackingRows: readonly ConnectionRow[] = [
  row('CLIENT TRACKING', flags, [some], track),
  row('CLIENT CACHING', flags, [one], choose),
  row('CLIENT GETREDIR', flags, [], ({ tracked }, _, w) => w.integer(tracked?.redirect ?? -1)),
  row('CLIENT TRACKINGINFO', flags, [], info),
]

export const trackingParameters: readonly Parameter[] = [
  integer(
    'tracking-table-max-keys',
    0,
    Number.MAX_SAFE_INTEGER,
    databases => clientsOf(databases).tracking.most,
    (databases, n) => clientsOf(databases).tracking.limit(n),
  ),
]
