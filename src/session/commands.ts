import { mapOf } from '../commands/tree.ts'
import { addParameters } from '../config.ts'
import { lines, ReplyError, wrongArity } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { canonical } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { treeReply } from '../wire/server.ts'
import { addConnectionCommands, type ConnectionRow } from '../wire/table.ts'
import { aclParameters, aclRows } from './acl-commands.ts'
import { aclLines } from './acl-lines.ts'
import { clientName, clientRows } from './client.ts'
import { clusterClientRows, clusterLines, clusterRows } from './cluster.ts'
import { fieldsetRows } from './fieldsets.ts'
import { moduleRows, replicationRows, waitRows } from './replication.ts'
import { any, anyKeys, integerOf, keys, ok, one, row, some } from './row.ts'
import { savingRows } from './saving.ts'
import type { Argv, Session } from './session.ts'

const texts = (argv: Argv): string[] => argv.slice(1).map(canonical)

/** Lets the client be a user. Throws, and writes down who tried, when the password is wrong. */
function enter(session: Session, name: string, password: string, argv: Argv): void {
  try {
    session.user = session.clients.users.authenticate(canonical(name), canonical(password))
  } catch (error) {
    const context = session.transaction === undefined ? 'toplevel' : 'multi'
    session.noteDenial({ reason: 'auth', object: argv[0] }, context, canonical(name))
    throw error
  }
}

function hello(session: Session, argv: Argv, w: ReplyWriter): void {
  let at = 1
  let resp = session.resp
  if (argv.length > 1) {
    const version = parseInteger(argv[at++])
    if (version === undefined) throw new ReplyError('ERR Protocol version is not an integer or out of range')
    if (version !== 2 && version !== 3) throw new ReplyError('NOPROTO unsupported protocol version')
    resp = version
  }
  // Each option is done when it is read, whatever comes behind it.
  while (at < argv.length) {
    const word = argv[at].toUpperCase()
    if (word === 'AUTH' && argv.length - at > 2) {
      enter(session, argv[at + 1], argv[at + 2], argv)
      at += 3
    } else if (word === 'SETNAME' && argv.length - at > 1) {
      session.name = clientName(argv[at + 1])
      at += 2
    } else throw new ReplyError(`ERR Syntax error in HELLO option '${argv[at]}'`)
  }
  if (session.isStranger) throw new ReplyError(aclLines.helloFirst)
  session.resp = resp
  const facts = mapOf(
    ['server', 'redis'],
    ['version', session.databases.redisVersion],
    ['proto', session.resp],
    ['id', session.id],
    ['mode', session.port.node === undefined ? 'standalone' : 'cluster'],
    ['role', 'master'],
    ['modules', []],
  )
  treeReply.write(facts, w)
}

function auth(session: Session, argv: Argv, w: ReplyWriter): void {
  if (argv.length > 3) throw new ReplyError(lines.syntax)
  if (argv.length === 3) enter(session, argv[1], argv[2], argv)
  else if (session.clients.users.default.nopass) throw new ReplyError(aclLines.noPassword)
  else enter(session, 'default', argv[1], argv)
  ok(w)
}

const early = 'noscript loading stale fast allow_busy'
const open = 'noscript loading stale fast no_auth allow_busy'

const transactionRows: readonly ConnectionRow[] = [
  row(
    'MULTI',
    early,
    [],
    (session, _, w) => {
      if (session.transaction !== undefined) throw new ReplyError('ERR MULTI calls can not be nested')
      session.transaction = { queue: [], broken: false }
      ok(w)
    },
    true,
  ),
  row('EXEC', 'noscript loading stale skip_slowlog', [], (session, _, w) => session.exec(w), true),
  row(
    'DISCARD',
    early,
    [],
    (session, _, w) => {
      if (session.transaction === undefined) throw new ReplyError('ERR DISCARD without MULTI')
      session.discard()
      ok(w)
    },
    true,
  ),
  row(
    'WATCH',
    early,
    [keys],
    (session, argv, w) => {
      if (session.transaction !== undefined) throw new ReplyError('ERR WATCH inside MULTI is not allowed')
      session.watchKeys(texts(argv))
      ok(w)
    },
    true,
  ),
  row('UNWATCH', early, [], (session, _, w) => {
    session.unwatch()
    ok(w)
  }),
]

const connectionRows: readonly ConnectionRow[] = [
  row('SELECT', 'loading stale fast', [one], (session, argv, w) => {
    const index = integerOf(argv[1])
    if (index < 0 || index >= session.databases.list.length) throw new ReplyError(lines.dbRange)
    if (index !== 0 && session.port.node !== undefined) throw new ReplyError(clusterLines.select)
    session.ks = session.databases.at(index)
    ok(w)
  }),
  row('PING', 'fast', [any], (session, argv, w) => {
    if (argv.length > 2) throw new ReplyError(wrongArity('ping'))
    if (session.listening) {
      w.array(2)
      w.bulk('pong')
      w.bulk(canonical(argv[1] ?? ''))
    } else if (argv.length === 1) w.status('PONG')
    else w.bulk(canonical(argv[1]))
  }),
  row('ECHO', 'loading stale fast', [one], (_, argv, w) => w.bulk(canonical(argv[1]))),
  row(
    'QUIT',
    open,
    [any],
    (session, _, w) => {
      ok(w)
      session.close()
    },
    true,
  ),
  row(
    'RESET',
    open,
    [],
    (session, _, w) => {
      session.reset()
      w.status('RESET')
    },
    true,
  ),
  row('HELLO', open, [any], hello),
  row('AUTH', open, [some], auth),
]

const kinds = [
  ['', 'channel'],
  ['P', 'pattern'],
  ['S', 'shard'],
] as const

/** A channel of SSUBSCRIBE has a place in a cluster as a key has. */
const pubsubRows: readonly ConnectionRow[] = kinds.flatMap(([letter, kind]) => {
  const flags = 'pubsub noscript loading stale'
  return [
    row(`${letter}SUBSCRIBE`, flags, [kind === 'shard' ? keys : some], (session, argv, w) => {
      for (const name of texts(argv)) session.subscribe(kind, name, w)
    }),
    row(`${letter}UNSUBSCRIBE`, flags, [kind === 'shard' ? anyKeys : any], (session, argv, w) =>
      session.unsubscribe(kind, texts(argv), w),
    ),
  ]
})

const serverRows: readonly ConnectionRow[] = [
  row('MONITOR', 'admin noscript loading stale', [], (session, _, w) => {
    ok(w)
    session.monitor()
  }),
]

/** Adds the commands of connections to the table. To be called once, by whoever offers sessions. */
export function addSessionCommands(): void {
  addConnectionCommands('transactions', transactionRows)
  addConnectionCommands('connection', connectionRows)
  addConnectionCommands('connection', clientRows)
  addConnectionCommands('hash', fieldsetRows)
  addConnectionCommands('pubsub', pubsubRows)
  addConnectionCommands('server', serverRows)
  addConnectionCommands('server', aclRows)
  addParameters(aclParameters)
  addConnectionCommands('server', savingRows)
  addConnectionCommands('server', replicationRows)
  addConnectionCommands('server', moduleRows)
  addConnectionCommands('connection', waitRows)
  addConnectionCommands('cluster', clusterRows)
  addConnectionCommands('connection', clusterClientRows)
}
