import { statuses } from '../commands/tree.ts'
import { lines, ReplyError, unknownOrWrong } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { canonical } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { treeReply } from '../wire/server.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { clientLine } from './client-line.ts'
import { any, integerOf, ok, one, row, some, timeoutOf } from './row.ts'
import type { Argv, Session } from './session.ts'

// CLIENT: what a connection says of itself, and what one may do to others.

export const clientLines = {
  name: 'ERR Client names cannot contain spaces, newlines or special characters.',
  invalidId: 'ERR Invalid client ID',
  notPositive: 'ERR client-id should be greater than 0',
  noSuchClient: 'ERR No such client',
  maxAge: 'ERR maxage is not an integer or out of range',
  pause: 'ERR CLIENT PAUSE mode must be WRITE or ALL',
  unblock: 'ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR',
  unblocked: 'UNBLOCKED client unblocked via CLIENT UNBLOCK',
} as const

const help = statuses(
  'CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CACHING (YES|NO)',
  '    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.',
  'GETREDIR',
  '    Return the client ID we are redirecting to when tracking is enabled.',
  'GETNAME',
  '    Return the name of the current connection.',
  'ID',
  '    Return the ID of the current connection.',
  'INFO',
  '    Return information about the current client connection.',
  'KILL <ip:port>',
  '    Kill connection made from <ip:port>.',
  'KILL <option> <value> [<option> <value> [...]]',
  '    Kill connections. Options are:',
  '    * ADDR (<ip:port>|<unixsocket>:0)',
  '      Kill connections made from the specified address',
  '    * LADDR (<ip:port>|<unixsocket>:0)',
  '      Kill connections made to specified local address',
  '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
  '      Kill connections by type.',
  '    * USER <username>',
  '      Kill connections authenticated by <username>.',
  '    * SKIPME (YES|NO)',
  '      Skip killing current connection (default: yes).',
  '    * ID <client-id>',
  '      Kill connections by client id.',
  '    * MAXAGE <maxage>',
  '      Kill connections older than the specified age.',
  'LIST [options ...]',
  '    Return information about client connections. Options:',
  '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
  '      Return clients of specified type.',
  'UNPAUSE',
  '    Stop the current client pause, resuming traffic.',
  'PAUSE <timeout> [WRITE|ALL]',
  '    Suspend all, or just write, clients for <timeout> milliseconds.',
  'REPLY (ON|OFF|SKIP)',
  '    Control the replies sent to the current connection.',
  'SETNAME <name>',
  '    Assign the name <name> to the current connection.',
  'SETINFO <option> <value>',
  '    Set client meta attr. Options are:',
  '    * LIB-NAME: the client lib name.',
  '    * LIB-VER: the client lib version.',
  'UNBLOCK <clientid> [TIMEOUT|ERROR]',
  '    Unblock the specified blocked client.',
  'TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]',
  '         [OPTIN] [OPTOUT] [NOLOOP]',
  '    Control server assisted client side caching.',
  'TRACKINGINFO',
  '    Report tracking status for the current connection.',
  'NO-EVICT (ON|OFF)',
  '    Protect current client connection from eviction.',
  'NO-TOUCH (ON|OFF)',
  '    Will not touch LRU/LFU stats when this mode is on.',
  'HELP',
  '    Prints this help.',
)

/** Without spaces and what does not print, so that it can stand in a line of CLIENT LIST. */
function isPlain(text: string): boolean {
  return /^[!-~]*$/.test(text)
}

/** The name of a client, as CLIENT SETNAME takes it. */
export function clientName(name: string): string {
  if (!isPlain(name)) throw new ReplyError(clientLines.name)
  return name
}

/** What a client is to LIST and KILL; there are no masters and replicas. */
type Kind = 'normal' | 'master' | 'replica' | 'pubsub'

function kindOf(word: string): Kind {
  const kind = word.toLowerCase()
  if (kind === 'slave') return 'replica'
  if (kind === 'normal' || kind === 'master' || kind === 'replica' || kind === 'pubsub') return kind
  throw new ReplyError(`ERR Unknown client type '${word}'`)
}

function isKind(session: Session, kind: Kind): boolean {
  return kind === (session.subscribedAtAll ? 'pubsub' : 'normal')
}

function list(session: Session, argv: Argv, w: ReplyWriter): void {
  const { all } = session.clients
  let shown = [...all.values()]
  const word = argv[2]?.toUpperCase()
  if (argv.length === 4 && word === 'TYPE') {
    const kind = kindOf(argv[3])
    shown = shown.filter(one => isKind(one, kind))
  } else if (argv.length > 3 && word === 'ID') {
    shown = argv.slice(3).flatMap(text => {
      const id = parseInteger(text)
      if (id === undefined) throw new ReplyError(clientLines.invalidId)
      return all.get(Number(id)) ?? []
    })
  } else if (argv.length > 2) throw new ReplyError(lines.syntax)
  treeReply.write({ verbatim: shown.map(one => `${clientLine(one)}\n`).join('') }, w)
}

// ---- KILL -----------------------------------------------------------------------------------------------------------

type Test = (session: Session) => boolean

/** What one option of KILL asks for. */
function testOf(by: Session, word: string, value: string): Test {
  switch (word) {
    case 'ID': {
      const id = parseInteger(value)
      if (id === undefined || id < 1) throw new ReplyError(clientLines.notPositive)
      return session => session.id === Number(id)
    }
    case 'MAXAGE': {
      const age = parseInteger(value)
      if (age === undefined) throw new ReplyError(clientLines.maxAge)
      return session => (session.databases.now() - session.since) / 1000 >= Number(age)
    }
    case 'TYPE': {
      const kind = kindOf(value)
      return session => isKind(session, kind)
    }
    case 'ADDR':
      return session => session.port.address === value
    case 'LADDR':
      return session => session.port.localAddress === value
    case 'USER': {
      const user = by.clients.users.named(canonical(value))
      if (user === undefined) throw new ReplyError(`ERR No such user '${value}'`)
      return session => session.user === user
    }
  }
  throw new ReplyError(lines.syntax)
}

function kill(session: Session, argv: Argv, w: ReplyWriter): void {
  const { all } = session.clients
  if (argv.length === 3) {
    const found = [...all.values()].find(one => one.port.address === argv[2])
    if (found === undefined) throw new ReplyError(clientLines.noSuchClient)
    ok(w)
    found.expel(session)
    return
  }
  const tests: Test[] = []
  let skipMe = true
  for (let at = 2; at < argv.length; at += 2) {
    const word = argv[at].toUpperCase()
    const value: string | undefined = argv[at + 1]
    if (value === undefined) throw new ReplyError(lines.syntax)
    const said = value.toUpperCase()
    if (word === 'SKIPME' && (said === 'YES' || said === 'NO')) skipMe = said === 'YES'
    else tests.push(testOf(session, word, value))
  }
  const found = [...all.values()].filter(one => !(skipMe && one === session) && tests.every(test => test(one)))
  w.integer(found.length)
  for (const one of found) one.expel(session)
}

// ---- PAUSE and UNBLOCK ----------------------------------------------------------------------------------------------

function pause(session: Session, argv: Argv, w: ReplyWriter): void {
  const word = argv[3]?.toUpperCase() ?? 'ALL'
  if (argv.length > 4) throw new ReplyError(unknownOrWrong('CLIENT', argv[1]))
  if (word !== 'WRITE' && word !== 'ALL') throw new ReplyError(clientLines.pause)
  const until = session.databases.now() + timeoutOf(argv[2])
  const { pause: now } = session.clients
  const over = now.until <= session.databases.now()
  now.until = over ? until : Math.max(now.until, until)
  now.all = word === 'ALL' || (!over && now.all)
  ok(w)
}

function unblock(session: Session, argv: Argv, w: ReplyWriter): void {
  const word = argv[3]?.toUpperCase() ?? 'TIMEOUT'
  if (argv.length > 4) throw new ReplyError(unknownOrWrong('CLIENT', argv[1]))
  if (word !== 'TIMEOUT' && word !== 'ERROR') throw new ReplyError(clientLines.unblock)
  const target = session.clients.all.get(integerOf(argv[2]))
  const error = word === 'ERROR' ? new ReplyError(clientLines.unblocked) : undefined
  w.integer(target?.unblock(error) === true ? 1 : 0)
}

// ---- what a connection says of itself -------------------------------------------------------------------------------

function reply(session: Session, argv: Argv, w: ReplyWriter): void {
  const word = argv[2].toUpperCase()
  if (word === 'ON') {
    session.say(w, ok)
    session.replies = 'on'
  } else if (word === 'OFF') session.replies = 'off'
  else if (word === 'SKIP') session.replies = session.replies === 'off' ? 'off' : 'next'
  else throw new ReplyError(lines.syntax)
}

/** A row of what is on or off. */
function switching(name: string, flags: string, set: (session: Session, on: boolean) => void): ConnectionRow {
  return row(name, flags, [one], (session, argv, w) => {
    const word = argv[2].toUpperCase()
    if (word !== 'ON' && word !== 'OFF') throw new ReplyError(lines.syntax)
    set(session, word === 'ON')
    ok(w)
  })
}

const flags = 'noscript loading stale'
const admin = `admin ${flags}`

export const clientRows: readonly ConnectionRow[] = [
  row('CLIENT ID', flags, [], (session, _, w) => w.integer(session.id)),
  row('CLIENT INFO', flags, [], (session, _, w) => treeReply.write({ verbatim: `${clientLine(session)}\n` }, w)),
  row('CLIENT LIST', admin, [any], list),
  row('CLIENT KILL', admin, [some], kill),
  row('CLIENT PAUSE', admin, [some], pause),
  row('CLIENT UNPAUSE', admin, [], (session, _, w) => {
    session.clients.unpause()
    ok(w)
  }),
  row('CLIENT UNBLOCK', admin, [some], unblock),
  row('CLIENT REPLY', flags, [one], reply),
  switching('CLIENT NO-EVICT', admin, (session, on) => void (session.kept = on)),
  switching('CLIENT NO-TOUCH', flags, (session, on) => void (session.untouching = on)),
  row('CLIENT GETNAME', flags, [], (session, _, w) => (session.name === '' ? w.null() : w.bulk(session.name))),
  row('CLIENT SETNAME', flags, [one], (session, argv, w) => {
    session.name = clientName(argv[2])
    ok(w)
  }),
  row('CLIENT SETINFO', flags, [one, one], (session, argv, w) => {
    const word = argv[2].toUpperCase()
    const said = canonical(argv[3])
    if (word !== 'LIB-NAME' && word !== 'LIB-VER') throw new ReplyError(`ERR Unrecognized option '${argv[2]}'`)
    if (!isPlain(said)) {
      throw new ReplyError(`ERR ${word.toLowerCase()} cannot contain spaces, newlines or special characters.`)
    }
    session.library[word === 'LIB-NAME' ? 'name' : 'version'] = said
    ok(w)
  }),
  row('CLIENT HELP', 'loading stale', [], (_, _argv, w) => treeReply.write(help, w)),
]
