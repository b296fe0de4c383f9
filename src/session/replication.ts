import { lines, ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { treeReply } from '../wire/server.ts'
import { statuses } from '../commands/tree.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { any, integerOf, ok, one, row, some, timeoutOf } from './row.ts'
import type { Argv, Session } from './session.ts'

// What a server answers that stands alone: it is nobody's replica and has none, and loads no modules. Whoever waits for
// replicas waits until the time is over.

export const replicationLines = {
  masterPort: 'ERR Invalid master port',
  notReplica: 'ERR embedis cannot be a replica: load a snapshot of the other server in its place',
  noReplicas: 'ERR embedis has no replicas: take a snapshot with SAVE or BGSAVE',
  inCluster: 'ERR REPLICAOF not allowed in cluster mode.',
  failoverInCluster: 'ERR FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.',
  failoverTimeout: 'ERR FAILOVER timeout must be greater than 0',
  noFailover: 'ERR No failover in progress.',
  failoverReplicas: 'ERR FAILOVER requires connected replicas.',
  range01: 'ERR value is out of range, must be between 0 and 1',
  noLog: 'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
  modules:
    'ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
} as const

function unknownOption(name: string): string {
  return `ERR Unrecognized REPLCONF option: ${name}`
}

function replicaOf(session: Session, argv: Argv, write: () => void): void {
  if (session.port.node !== undefined) throw new ReplyError(replicationLines.inCluster)
  const [, host, port] = argv
  if (host.toUpperCase() !== 'NO' || port.toUpperCase() !== 'ONE') {
    const number = parseInteger(port)
    const possible = number !== undefined && number >= 0 && number <= 65_535
    throw new ReplyError(possible ? replicationLines.notReplica : replicationLines.masterPort)
  }
  write()
}

/** What a replica says of itself; a server that stands alone takes note of nothing. False when it wants no reply. */
function replconf(argv: Argv): boolean {
  if (argv.length % 2 === 0) throw new ReplyError(lines.syntax)
  for (let i = 1; i < argv.length; i += 2) {
    switch (argv[i].toLowerCase()) {
      case 'listening-port':
      case 'rdb-only':
        integerOf(argv[i + 1])
        break
      case 'ack':
      case 'getack':
        return false
      case 'ip-address':
      case 'capa':
      case 'rdb-filter-only':
        break
      default:
        throw new ReplyError(unknownOption(argv[i]))
    }
  }
  return true
}

function failover(session: Session, argv: Argv): never {
  if (session.port.node !== undefined) throw new ReplyError(replicationLines.failoverInCluster)
  const given = new Set<string>()
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i].toLowerCase()
    const behind = argv.length - i - 1
    if (given.has(word)) throw new ReplyError(lines.syntax)
    given.add(word)
    if (word === 'timeout' && behind >= 1) {
      if (integerOf(argv[++i]) <= 0) throw new ReplyError(replicationLines.failoverTimeout)
    } else if (word === 'to' && behind >= 2) {
      integerOf(argv[i + 2])
      i += 2
    } else if (word !== 'abort' && word !== 'force') throw new ReplyError(lines.syntax)
  }
  if (given.has('abort') && given.size > 1) throw new ReplyError(lines.syntax)
  throw new ReplyError(given.has('abort') ? replicationLines.noFailover : replicationLines.failoverReplicas)
}

/** WAITAOF of 7.2: how many logs have it on disk, our own and those of replicas. */
function waitLog(session: Session, argv: Argv, w: ReplyWriter): Promise<void> | void {
  const local = parseInteger(argv[1])
  if (local === undefined || local < 0 || local > 1) throw new ReplyError(replicationLines.range01)
  const replicas = integerOf(argv[2])
  if (replicas < 0) throw new ReplyError(lines.notPositive)
  const timeout = timeoutOf(argv[3])
  const { databases } = session
  const { files } = databases
  if (local === 1 && files === null) throw new ReplyError(replicationLines.noLog)
  const answer = (logs: number): void => treeReply.write([logs, 0], w)
  // Inside a transaction nothing waits, and what it writes is not on disk before it ends.
  if (databases.nested) return answer(0)
  return (async () => {
    if (local === 1) await files?.flush()
    if (replicas > 0) await session.sit(timeout)
    answer(Number(local))
  })()
}

const moduleHelp = statuses(
  'MODULE <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'LIST',
  '    Return a list of loaded modules.',
  'LOAD <path> [<arg> ...]',
  '    Load a module library from <path>, passing to it any optional arguments.',
  'LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]',
  '    Load a module library from <path>, while passing it module configurations and optional arguments.',
  'UNLOAD <name>',
  '    Unload a module.',
  'HELP',
  '    Prints this help.',
)

const noModules = (): never => {
  throw new ReplyError(replicationLines.modules)
}
const noReplicas = (): never => {
  throw new ReplyError(replicationLines.noReplicas)
}

const admin = 'admin noscript no_async_loading'

export const replicationRows: readonly ConnectionRow[] = [
  row('ROLE', 'noscript loading stale fast', [], (_, __, w) => treeReply.write(['master', 0, []], w)),
  row('REPLICAOF', 'admin noscript stale no_async_loading', [one, one], (session, argv, w) =>
    replicaOf(session, argv, () => ok(w)),
  ),
  row('SLAVEOF', 'admin noscript stale no_async_loading', [one, one], (session, argv, w) =>
    replicaOf(session, argv, () => ok(w)),
  ),
  row('REPLCONF', 'admin noscript loading stale allow_busy', [any], (_, argv, w) => {
    if (replconf(argv)) ok(w)
  }),
  row('PSYNC', `${admin} no_multi`, [one, some], noReplicas),
  row('SYNC', `${admin} no_multi`, [], noReplicas),
  row('FAILOVER', 'admin noscript stale', [any], failover),
]

export const waitRows: readonly ConnectionRow[] = [
  row('WAIT', 'noscript', [one, one], (session, argv, w) => {
    const replicas = integerOf(argv[1])
    const timeout = timeoutOf(argv[2])
    if (replicas <= 0) return w.integer(0)
    const waiting = session.sit(timeout)
    return waiting === undefined ? w.integer(0) : waiting.then(() => w.integer(0))
  }),
  row('WAITAOF', 'noscript', [one, one, one], waitLog),
]

export const moduleRows: readonly ConnectionRow[] = [
  row('MODULE LIST', 'admin noscript', [], (_, __, w) => w.array(0)),
  row('MODULE LOAD', admin, [some], noModules),
  row('MODULE LOADEX', admin, [some], noModules),
  row('MODULE UNLOAD', admin, [one], noModules),
  row('MODULE HELP', 'loading stale', [], (_, __, w) => treeReply.write(moduleHelp, w)),
]
