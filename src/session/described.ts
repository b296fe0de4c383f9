import { key, rest } from '../wire/codec.ts'
import type { Described, Flag } from '../wire/row.ts'
import { clientCommands, type ConnectionCommand, connectionCommands } from './commands.ts'

const always: readonly Flag[] = ['noscript', 'loading', 'stale']
const busy: readonly Flag[] = [...always, 'fast', 'allow_busy']

/** What COMMAND says of the commands of the connection, where their arity does not say it: group and flags. */
const groups: readonly (readonly [group: string, flags: readonly Flag[], names: string])[] = [
  ['transactions', busy, 'MULTI DISCARD WATCH UNWATCH'],
  ['transactions', [...always, 'skip_slowlog'], 'EXEC'],
  ['connection', [...busy, 'no_auth'], 'QUIT RESET HELLO AUTH'],
  ['connection', ['loading', 'stale', 'fast'], 'SELECT ECHO'],
  ['connection', ['fast'], 'PING'],
  ['connection', always, 'CLIENT_ID CLIENT_GETNAME CLIENT_SETNAME CLIENT_SETINFO'],
  ['server', ['admin', ...always], 'MONITOR'],
  ['pubsub', ['pubsub', ...always], 'SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUNSUBSCRIBE'],
]

/** Those whose arguments stand for keys: channels of SSUBSCRIBE lie in slots as keys do. */
const keyed: ReadonlySet<string> = new Set(['WATCH', 'SSUBSCRIBE', 'SUNSUBSCRIBE'])

const keys = [rest(key, 0)] as unknown as Described['args']

function commandNamed(name: string): ConnectionCommand | undefined {
  const [first, second] = name.split(' ')
  return second === undefined ? connectionCommands.get(first) : clientCommands[second]
}

/** The commands that a session has beside those of the table, as COMMAND tells of them. */
export const describedCommands: ReadonlyMap<string, Described> = new Map(
  groups.flatMap(([group, flags, names]) =>
    names.split(' ').map(spelled => {
      const name = spelled.replace('_', ' ')
      const arity = commandNamed(name)?.arity ?? 0
      return [name, { name, group, flags, arity, args: keyed.has(name) ? keys : [] }] as const
    }),
  ),
)
