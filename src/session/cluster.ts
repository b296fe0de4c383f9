import { keys as keyOps } from '../commands/keys.ts'
import { someId } from '../commands/info.ts'
import type { Tree } from '../api/server.ts'
import { mapOf, statuses } from '../commands/tree.ts'
import { ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { SLOTS, slotOf } from '../util/slot.ts'
import { canonical } from '../util/text.ts'
import { keysOf, placeOf } from '../wire/key-places.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { treeReply } from '../wire/server.ts'
import { type Command, commands, type ConnectionRow } from '../wire/table.ts'
import { any, counting, integerOf, ok, one, row, some } from './row.ts'
import type { Argv, Session } from './session.ts'

// A cluster of masters over one store. Each node is a port; its slots are a share of all, in order, that never changes. What
// a node refuses and where it sends clients is as in Redis; the data behind all of them are the same.

export const clusterLines = {
  disabled: 'ERR This instance has cluster support disabled',
  crossSlot: "CROSSSLOT Keys in request don't hash to the same slot",
  slot: 'ERR Invalid slot',
  slotOrCount: 'ERR Invalid slot or number of keys',
  select: 'ERR SELECT is not allowed in cluster mode',
  swapdb: 'ERR SWAPDB is not allowed in cluster mode',
  move: 'ERR MOVE is not allowed in cluster mode',
  copy: 'ERR Copying to another database is not allowed in cluster mode',
  fixed: 'ERR the nodes of embedis and their slots are given by listen(): they cannot be changed',
  failover: 'ERR You should send CLUSTER FAILOVER to a replica',
} as const

function unknownNode(id: string): string {
  return `ERR Unknown node ${id}`
}

/** A node: an address, and a share of the slots. */
export class ClusterNode {
  readonly cluster: Cluster
  readonly id: string
  readonly host: string
  /** Known once it listens. */
  port: number
  /** Its slots. */
  readonly first: number
  readonly last: number
  /** Commands about all keys that are about this node's keys here. */
  private readonly own: Map<Command, Command>

  constructor(cluster: Cluster, id: string, host: string, first: number, last: number) {
    this.cluster = cluster
    this.id = id
    this.host = host
    this.port = 0
    this.first = first
    this.last = last
    this.own = new Map()
    // A node of all slots has all keys.
    if (last - first + 1 < SLOTS) this.restrict()
  }

  has(key: string): boolean {
    const slot = slotOf(key)
    return slot >= this.first && slot <= this.last
  }

  /** The command as this node runs it. */
  ownOf(command: Command): Command {
    return this.own.get(command) ?? command
  }

  private restrict(): void {
    const mine = (ks: Keyspace): string[] => keyOps.keys(ks, '*').filter(key => this.has(key))
    const all: Readonly<Record<string, Command['op']>> = {
      KEYS: (ks, pattern) => keyOps.keys(ks, pattern as string).filter(key => this.has(key)),
      DBSIZE: ks => mine(ks).length,
      RANDOMKEY: ks => {
        const found = mine(ks)
        return found[Math.floor(ks.databases.random() * found.length)] ?? null
      },
      SCAN: (ks, ...args) => {
        const { cursor, elements } = keyOps.scan(ks, ...(args as [string]))
        return { cursor, elements: elements.filter(key => this.has(key)) }
      },
    }
    for (const [name, op] of Object.entries(all)) {
      const command = commands.get(name)
      if (command !== undefined) this.own.set(command, { ...command, op })
    }
  }

  /** As `slotOfCall`. */
  slotOf(command: Command, argv: Argv): number | undefined {
    return slotOfCall(command, argv)
  }

  /** Throws when the call is not for this node, or for no node at all. Returns the slot of its keys. */
  mayRun(command: Command, argv: Argv): number | undefined {
    if (command.name === 'SWAPDB') throw new ReplyError(clusterLines.swapdb)
    const slot = this.slotOf(command, argv)
    if (slot !== undefined && (slot < this.first || slot > this.last)) {
      throw new ReplyError(this.cluster.moved(slot))
    }
    if (command.name === 'MOVE') throw new ReplyError(clusterLines.move)
    if (command.name === 'COPY') {
      const db = argv.findIndex((word, i) => i > 2 && word.toUpperCase() === 'DB')
      if (db > 0 && argv[db + 1] !== '0') throw new ReplyError(clusterLines.copy)
    }
    return slot
  }
}

/** The slot that all keys of a call have; undefined when it has none. Throws when they have several. */
export function slotOfCall(command: Command, argv: Argv): number | undefined {
  let slot: number | undefined
  for (const { at } of placesIn(command, argv)) {
    const its = slotOf(argv[at])
    if (slot !== undefined && its !== slot) throw new ReplyError(clusterLines.crossSlot)
    slot = its
  }
  return slot
}

/** Where the keys of a call stand. One whose number of keys is wrong has none: the command itself says so. */
export function placesIn(command: Command, argv: Argv): readonly { readonly at: number }[] {
  if (command.keysAt === undefined && placeOf(command).specs.length === 0) return []
  try {
    return keysOf(command, argv)
  } catch {
    return []
  }
}

export class Cluster {
  readonly nodes: readonly ClusterNode[]

  /** `count` nodes at `host`, whose ports are told later. */
  constructor(host: string, count: number, random: () => number) {
    const from = (i: number): number => Math.ceil((i * SLOTS) / count)
    this.nodes = Array.from(
      { length: count },
      (_, i) => new ClusterNode(this, someId(random), host, from(i), from(i + 1) - 1),
    )
  }

  at(slot: number): ClusterNode {
    return this.nodes.find(({ last }) => slot <= last) as ClusterNode
  }

  moved(slot: number): string {
    const { host, port } = this.at(slot)
    return `MOVED ${slot} ${host}:${port}`
  }

  known(id: string): ClusterNode {
    const node = this.nodes.find(one => one.id === id.toLowerCase())
    if (node === undefined) throw new ReplyError(unknownNode(id))
    return node
  }
}

const help = statuses(
  'CLUSTER <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'ADDSLOTS <slot> [<slot> ...]',
  '    Assign slots to current node.',
  'ADDSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]',
  '    Assign slots which are between <start-slot> and <end-slot> to current node.',
  'BUMPEPOCH',
  '    Advance the cluster config epoch.',
  'COUNT-FAILURE-REPORTS <node-id>',
  '    Return number of failure reports for <node-id>.',
  'COUNTKEYSINSLOT <slot>',
  '    Return the number of keys in <slot>.',
  'DELSLOTS <slot> [<slot> ...]',
  '    Delete slots information from current node.',
  'DELSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]',
  '    Delete slots information which are between <start-slot> and <end-slot> from current node.',
  'FAILOVER [FORCE|TAKEOVER]',
  '    Promote current replica node to being a master.',
  'FORGET <node-id>',
  '    Remove a node from the cluster.',
  'GETKEYSINSLOT <slot> <count>',
  '    Return key names stored by current node in a slot.',
  'FLUSHSLOTS',
  '    Delete current node own slots information.',
  'INFO',
  '    Return information about the cluster.',
  'KEYSLOT <key>',
  '    Return the hash slot for <key>.',
  'MEET <ip> <port> [<bus-port>]',
  '    Connect nodes into a working cluster.',
  'MYID',
  '    Return the node id.',
  'NODES',
  '    Return cluster configuration seen by node. Output format:',
  '    <id> <ip:port> <flags> <master> <pings> <pongs> <epoch> <link> <slot> ...',
  'REPLICATE <node-id>',
  '    Configure current node as replica to <node-id>.',
  'RESET [HARD|SOFT]',
  '    Reset current node (default: soft).',
  'SET-CONFIG-EPOCH <epoch>',
  '    Set config epoch of current node.',
  'SETSLOT <slot> (IMPORTING <node-id>|MIGRATING <node-id>|STABLE|NODE <node-id>)',
  '    Set slot state.',
  'REPLICAS <node-id>',
  '    Return <node-id> replicas.',
  'SAVECONFIG',
  '    Force saving cluster configuration on disk.',
  'SLOTS',
  '    Return information about slots range mappings. Each range is made of:',
  '    start, end, master and replicas IP addresses, ports and ids',
  'SHARDS',
  '    Return information about slot range mappings and the nodes associated with them.',
  'LINKS',
  '    Return information about all network links between this node and its peers.',
  '    Output format is an array where each array element is a map containing attributes of a link',
  'HELP',
  '    Prints this help.',
)

type Run = (node: ClusterNode, argv: Argv, w: ReplyWriter, session: Session) => void

/** A subcommand of a node; of a server that is none, always the same refusal. */
function clustered(
  name: string,
  flags: string,
  args: readonly ReturnType<typeof counting>[],
  run: Run,
  container = 'CLUSTER ',
): ConnectionRow {
  return row(`${container}${name}`, flags, args, (session, argv, w) => {
    const { node } = session.port
    if (node === undefined) throw new ReplyError(clusterLines.disabled)
    run(node, argv, w, session)
  })
}

function keysInSlot({ ks }: Session, slot: number): string[] {
  return keyOps.keys(ks, '*').filter(key => slotOf(key) === slot)
}

function info({ cluster: { nodes } }: ClusterNode): Tree {
  const facts: readonly (readonly [string, string | number])[] = [
    ['cluster_state', 'ok'],
    ['cluster_slots_assigned', SLOTS],
    ['cluster_slots_ok', SLOTS],
    ['cluster_slots_pfail', 0],
    ['cluster_slots_fail', 0],
    ['cluster_known_nodes', nodes.length],
    ['cluster_size', nodes.length],
    ['cluster_current_epoch', nodes.length],
    ['cluster_my_epoch', 1],
    ['cluster_stats_messages_sent', 0],
    ['cluster_stats_messages_received', 0],
    ['total_cluster_links_buffer_limit_exceeded', 0],
  ]
  return { verbatim: facts.map(([name, value]) => `${name}:${value}\r\n`).join('') }
}

function nodeLines(me: ClusterNode): string {
  return me.cluster.nodes
    .map((node, i) => {
      const { id, host, port, first, last } = node
      const flags = node === me ? 'myself,master' : 'master'
      return `${id} ${host}:${port}@${port + 10_000} ${flags} - 0 0 ${i + 1} connected ${first}-${last}\n`
    })
    .join('')
}

/** Ranges of slots, each with the address of its node; what else is known of a node is nothing. */
function slots({ cluster: { nodes } }: ClusterNode): Tree {
  return nodes.map(({ first, last, host, port, id }) => [first, last, [host, port, id, mapOf()]])
}

function shards({ cluster: { nodes } }: ClusterNode): Tree {
  return nodes.map(({ id, host, port, first, last }) => {
    const node = mapOf(
      ['id', id],
      ['port', port],
      ['ip', host],
      ['endpoint', host],
      ['role', 'master'],
      ['replication-offset', 0],
      ['health', 'online'],
    )
    return mapOf(['slots', [first, last]], ['nodes', [node]])
  })
}

const fixed: Run = () => {
  throw new ReplyError(clusterLines.fixed)
}
const noReplicasOf: Run = ({ cluster }, argv, w) => {
  cluster.known(argv[2])
  w.array(0)
}

const admin = 'admin stale no_async_loading'

export const clusterRows: readonly ConnectionRow[] = [
  clustered('INFO', 'stale', [], (node, _, w) => treeReply.write(info(node), w)),
  clustered('SLOTS', 'stale', [], (node, _, w) => treeReply.write(slots(node), w)),
  clustered('SHARDS', 'stale', [], (node, _, w) => treeReply.write(shards(node), w)),
  clustered('NODES', 'stale', [], (node, _, w) => treeReply.write({ verbatim: nodeLines(node) }, w)),
  clustered('MYID', 'stale', [], (node, _, w) => w.bulk(node.id)),
  // A shard of one node: its name is as good as another.
  clustered('MYSHARDID', 'stale', [], (node, _, w) => w.bulk(node.id)),
  clustered('LINKS', 'stale', [], (_, __, w) => w.array(0)),
  clustered('KEYSLOT', 'stale', [one], (_, argv, w) => w.integer(slotOf(canonical(argv[2])))),
  clustered('COUNTKEYSINSLOT', 'stale', [one], (_, argv, w, session) => {
    const slot = integerOf(argv[2])
    if (slot < 0 || slot >= SLOTS) throw new ReplyError(clusterLines.slot)
    w.integer(keysInSlot(session, slot).length)
  }),
  clustered('GETKEYSINSLOT', 'stale', [one, one], (_, argv, w, session) => {
    const slot = integerOf(argv[2])
    const count = integerOf(argv[3])
    if (slot < 0 || slot >= SLOTS || count < 0) throw new ReplyError(clusterLines.slotOrCount)
    treeReply.write(keysInSlot(session, slot).slice(0, count), w)
  }),
  clustered('REPLICAS', 'admin stale', [one], noReplicasOf),
  clustered('SLAVES', 'admin stale', [one], noReplicasOf),
  clustered('COUNT-FAILURE-REPORTS', 'admin stale', [one], ({ cluster }, argv, w) => {
    cluster.known(argv[2])
    w.integer(0)
  }),
  clustered('SAVECONFIG', admin, [], (_, __, w) => ok(w)),
  clustered('FAILOVER', admin, [any], () => {
    throw new ReplyError(clusterLines.failover)
  }),
  clustered('ADDSLOTS', admin, [some], fixed),
  clustered('ADDSLOTSRANGE', admin, [one, some], fixed),
  clustered('DELSLOTS', admin, [some], fixed),
  clustered('DELSLOTSRANGE', admin, [one, some], fixed),
  clustered('FLUSHSLOTS', admin, [], fixed),
  clustered('SETSLOT', admin, [one, some], fixed),
  clustered('BUMPEPOCH', admin, [], fixed),
  clustered('SET-CONFIG-EPOCH', admin, [one], fixed),
  clustered('MEET', admin, [one, some], fixed),
  clustered('FORGET', admin, [one], fixed),
  clustered('REPLICATE', admin, [one], fixed),
  clustered('RESET', 'admin noscript stale', [any], fixed),
  clustered('HELP', 'loading stale', [], (_, __, w) => treeReply.write(help, w)),
]

/** What clients of a cluster send of their own accord. No slot ever moves, so ASKING changes nothing. */
export const clusterClientRows: readonly ConnectionRow[] = [
  clustered('ASKING', 'fast', [], (_, __, w) => ok(w), ''),
  clustered('READONLY', 'loading stale fast', [], (_, __, w) => ok(w), ''),
  clustered('READWRITE', 'loading stale fast', [], (_, __, w) => ok(w), ''),
]
