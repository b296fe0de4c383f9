import { lines, ReplyError, unknownSubcommand, wrongArity } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { canonical } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import type { Argv, Session } from './session.ts'

/** A command that concerns the connection, not the data. */
export interface ConnectionCommand {
  /** Arguments with the name: exactly that many, or when negative at least. */
  readonly arity: number
  /** True when MULTI does not queue it. */
  readonly now?: boolean
  readonly run: (session: Session, argv: Argv, w: ReplyWriter) => void
}

const rest = (argv: Argv): string[] => argv.slice(1).map(canonical)

function ok(w: ReplyWriter): void {
  w.status('OK')
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
  let name: string | undefined
  while (at < argv.length) {
    const word = argv[at].toUpperCase()
    if (word === 'AUTH' && argv.length - at > 2) {
      authenticate(argv[at + 1])
      at += 3
    } else if (word === 'SETNAME' && argv.length - at > 1) {
      name = clientName(argv[at + 1])
      at += 2
    } else throw new ReplyError(`ERR Syntax error in HELLO option '${argv[at]}'`)
  }
  session.resp = resp
  if (name !== undefined) session.name = name
  const fields: [string, () => void][] = [
    ['server', () => w.bulk('redis')],
    ['version', () => w.bulk('7.4.0')],
    ['proto', () => w.integer(session.resp)],
    ['id', () => w.integer(session.id)],
    ['mode', () => w.bulk('standalone')],
    ['role', () => w.bulk('master')],
    ['modules', () => w.array(0)],
  ]
  w.map(fields.length)
  for (const [field, value] of fields) {
    w.bulk(field)
    value()
  }
}

/** There are no users but the default one, which has no password. */
function authenticate(user: string): void {
  if (user === 'default') return
  throw new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')
}

/** The name of a client, as CLIENT SETNAME takes it. */
function clientName(name: string): string {
  if (!/^[!-~]*$/.test(name)) {
    throw new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.')
  }
  return name
}

/** Those of CLIENT, by what comes behind it. */
export const clientCommands: Readonly<Record<string, ConnectionCommand>> = {
  ID: { arity: 2, run: (session, _, w) => w.integer(session.id) },
  GETNAME: {
    arity: 2,
    run: (session, _, w) => (session.name === '' ? w.null() : w.bulk(session.name)),
  },
  SETNAME: {
    arity: 3,
    run: (session, argv, w) => {
      session.name = clientName(argv[2])
      ok(w)
    },
  },
  SETINFO: {
    arity: 4,
    run: (_, argv, w) => {
      const word = argv[2].toUpperCase()
      if (word !== 'LIB-NAME' && word !== 'LIB-VER') {
        throw new ReplyError(`ERR Unrecognized option '${argv[2]}'`)
      }
      ok(w)
    },
  },
}

function client(session: Session, argv: Argv, w: ReplyWriter): void {
  const name = argv[1].toUpperCase()
  if (!Object.hasOwn(clientCommands, name)) throw new ReplyError(unknownSubcommand('CLIENT', argv[1]))
  const command = clientCommands[name]
  if (argv.length !== command.arity) throw new ReplyError(wrongArity(`client|${name}`))
  command.run(session, argv, w)
}

/** Commands of the connection by their name in upper case. */
export const connectionCommands: ReadonlyMap<string, ConnectionCommand> = new Map<string, ConnectionCommand>([
  [
    'MULTI',
    {
      arity: 1,
      now: true,
      run: (session, _, w) => {
        if (session.transaction !== undefined) throw new ReplyError('ERR MULTI calls can not be nested')
        session.transaction = { queue: [], broken: false }
        ok(w)
      },
    },
  ],
  ['EXEC', { arity: 1, now: true, run: (session, _, w) => session.exec(w) }],
  [
    'DISCARD',
    {
      arity: 1,
      now: true,
      run: (session, _, w) => {
        if (session.transaction === undefined) throw new ReplyError('ERR DISCARD without MULTI')
        session.discard()
        ok(w)
      },
    },
  ],
  [
    'WATCH',
    {
      arity: -2,
      now: true,
      run: (session, argv, w) => {
        if (session.transaction !== undefined) throw new ReplyError('ERR WATCH inside MULTI is not allowed')
        session.watchKeys(rest(argv))
        ok(w)
      },
    },
  ],
  [
    'UNWATCH',
    {
      arity: 1,
      run: (session, _, w) => {
        session.unwatch()
        ok(w)
      },
    },
  ],
  [
    'SELECT',
    {
      arity: 2,
      run: (session, argv, w) => {
        const index = parseInteger(argv[1])
        if (index === undefined) throw new ReplyError(lines.notInteger)
        if (index < 0 || index >= session.databases.list.length) throw new ReplyError(lines.dbRange)
        session.ks = session.databases.at(Number(index))
        ok(w)
      },
    },
  ],
  [
    'PING',
    {
      arity: -1,
      run: (session, argv, w) => {
        if (argv.length > 2) throw new ReplyError(wrongArity('ping'))
        if (session.listening) {
          w.array(2)
          w.bulk('pong')
          w.bulk(argv[1] ?? '')
        } else if (argv.length === 1) w.status('PONG')
        else w.bulk(canonical(argv[1]))
      },
    },
  ],
  ['ECHO', { arity: 2, run: (_, argv, w) => w.bulk(canonical(argv[1])) }],
  [
    'QUIT',
    {
      arity: -1,
      now: true,
      run: (session, _, w) => {
        ok(w)
        session.close()
      },
    },
  ],
  [
    'RESET',
    {
      arity: 1,
      now: true,
      run: (session, _, w) => {
        session.reset()
        w.status('RESET')
      },
    },
  ],
  ['HELLO', { arity: -1, run: hello }],
  [
    'AUTH',
    {
      arity: -2,
      run: (_, argv, w) => {
        if (argv.length > 3) throw new ReplyError(lines.syntax)
        if (argv.length === 2) {
          throw new ReplyError(
            'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
          )
        }
        authenticate(argv[1])
        ok(w)
      },
    },
  ],
  ['CLIENT', { arity: -2, run: client }],
  [
    'MONITOR',
    {
      arity: 1,
      run: (session, _, w) => {
        ok(w)
        session.monitor()
      },
    },
  ],
  ...(
    [
      ['', 'channel'],
      ['P', 'pattern'],
      ['S', 'shard'],
    ] as const
  ).flatMap(([letter, kind]): [string, ConnectionCommand][] => [
    [
      `${letter}SUBSCRIBE`,
      {
        arity: -2,
        run: (session, argv, w) => {
          for (const name of rest(argv)) session.subscribe(kind, name, w)
        },
      },
    ],
    [`${letter}UNSUBSCRIBE`, { arity: -1, run: (session, argv, w) => session.unsubscribe(kind, rest(argv), w) }],
  ]),
])
