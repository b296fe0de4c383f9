import type { Databases } from '../databases.ts'
import type { Stats } from '../stats.ts'

/** One value of INFO: several facts in one line where it is an object. */
export type InfoValue = string | number | Readonly<Record<string, string | number>>

export type InfoSection = Readonly<Record<string, InfoValue>>

/** Sections by name, as INFO names them. */
export type Info = Readonly<Record<string, InfoSection>>

const KILO = 1024
const units = ['B', 'K', 'M', 'G', 'T']

/** `1.39M`. */
function human(bytes: number): string {
  let unit = 0
  let n = bytes
  while (n >= KILO && unit < units.length - 1) {
    n /= KILO
    unit++
  }
  return unit === 0 ? `${n}B` : n.toFixed(2) + units[unit]
}

/** Forty hexadecimal digits. */
export function someId(random: () => number): string {
  let id = ''
  while (id.length < 40) id += Math.floor(random() * 16).toString(16)
  return id
}

/** The name of a command as INFO, COMMAND and error lines spell it: `config|get`. */
export function spelled(name: string): string {
  return name.toLowerCase().replace(' ', '|')
}

function runId(databases: Databases, stats: Stats | null): string {
  if (stats === null) return '0'.repeat(40)
  if (stats.runId === '') stats.runId = someId(databases.random)
  return stats.runId
}

function server(databases: Databases): InfoSection {
  const { redisVersion, stats, connections } = databases
  const now = databases.now()
  const uptime = Math.max(0, Math.floor((now - (stats?.begun ?? now)) / 1000))
  return {
    redis_version: redisVersion,
    redis_git_sha1: '00000000',
    redis_git_dirty: 0,
    redis_mode: connections?.clustered === true ? 'cluster' : 'standalone',
    server_name: 'embedis',
    os: 'JavaScript',
    arch_bits: 64,
    run_id: runId(databases, stats),
    tcp_port: connections?.port ?? 0,
    server_time_usec: Math.floor(now * 1000),
    uptime_in_seconds: uptime,
    uptime_in_days: Math.floor(uptime / 86_400),
    hz: 10,
    configured_hz: 10,
    executable: '',
    config_file: '',
  }
}

/** A program that calls methods is a client too. */
function clients({ connections, waiting }: Databases): InfoSection {
  return {
    connected_clients: connections?.connected ?? 1,
    maxclients: connections?.most ?? 10_000,
    blocked_clients: waiting.size,
    tracking_clients: connections?.tracked.clients ?? 0,
  }
}

function memoryOf({ host, libraries, scripts, functions }: Databases): InfoSection {
  const { used, resident } = host.memory?.() ?? { used: 0, resident: 0 }
  return {
    used_memory: used,
    used_memory_human: human(used),
    used_memory_rss: resident,
    used_memory_rss_human: human(resident),
    number_of_cached_scripts: scripts?.size ?? 0,
    number_of_functions: (scripts?.libraries() ?? []).reduce(
      (sum, one) => sum + one.functions.length,
      functions?.size ?? 0,
    ),
    number_of_libraries: libraries.size,
    maxmemory: 0,
    maxmemory_human: '0B',
    maxmemory_policy: 'noeviction',
    mem_not_counted_for_evict: 0,
    mem_allocator: 'javascript',
    // The garbage collector takes what is let go of.
    lazyfree_pending_objects: 0,
  }
}

/** When the last snapshot was taken, in seconds since 1970. Redis counts the start of a server as one. */
export function lastSave({ files, stats }: Databases): number {
  return Math.floor((files?.savedAt || (stats?.begun ?? 0)) / 1000)
}

function persistence(databases: Databases): InfoSection {
  const { expiring, logging, refusal, files } = databases
  const state = (error: Error | undefined): string => (error === undefined ? 'ok' : 'err')
  return {
    loading: expiring ? 0 : 1,
    async_loading: 0,
    rdb_bgsave_in_progress: (files?.saves ?? 0) > 0 ? 1 : 0,
    rdb_last_save_time: lastSave(databases),
    rdb_last_bgsave_status: state(files?.saveError),
    aof_enabled: logging ? 1 : 0,
    aof_rewrite_in_progress: (files?.rewrites ?? 0) > 0 ? 1 : 0,
    aof_last_bgrewrite_status: state(files?.rewriteError),
    aof_last_write_status: refusal === null ? 'ok' : 'err',
  }
}

function statistics(databases: Databases): InfoSection {
  const { hits, misses, expired, evicted, stats, pubsub, connections } = databases
  const tracked = connections?.tracked
  return {
    total_commands_processed: stats?.processed ?? 0,
    expired_keys: expired,
    evicted_keys: evicted,
    tracking_total_keys: tracked?.keys ?? 0,
    tracking_total_items: tracked?.items ?? 0,
    tracking_total_prefixes: tracked?.prefixes ?? 0,
    keyspace_hits: hits,
    keyspace_misses: misses,
    pubsub_channels: pubsub.channels('channel').length,
    pubsub_patterns: pubsub.patterns,
    pubsubshard_channels: pubsub.channels('shard').length,
    total_error_replies: stats?.errorReplies ?? 0,
  }
}

function replication(databases: Databases): InfoSection {
  const { stats } = databases
  if (stats !== null && stats.replId === '') stats.replId = someId(databases.random)
  return {
    role: 'master',
    connected_slaves: 0,
    master_failover_state: 'no-failover',
    master_replid: stats?.replId ?? '0'.repeat(40),
    master_replid2: '0'.repeat(40),
    master_repl_offset: 0,
    second_repl_offset: -1,
    repl_backlog_active: 0,
    repl_backlog_size: 1_048_576,
    repl_backlog_first_byte_offset: 0,
    repl_backlog_histlen: 0,
  }
}

function commandStats({ stats }: Databases): InfoSection {
  const section: Record<string, InfoValue> = Object.create(null)
  for (const [name, { calls, usec, rejected, failed }] of stats?.commands ?? []) {
    section[`cmdstat_${spelled(name)}`] = {
      calls,
      usec,
      usec_per_call: (calls === 0 ? 0 : usec / calls).toFixed(2),
      rejected_calls: rejected,
      failed_calls: failed,
    }
  }
  return section
}

function errorStats({ stats }: Databases): InfoSection {
  const section: Record<string, InfoValue> = Object.create(null)
  for (const [code, count] of stats?.errors ?? []) section[`errorstat_${code}`] = { count }
  return section
}

function keyspace({ list }: Databases): InfoSection {
  const section: Record<string, InfoValue> = Object.create(null)
  for (const ks of list) {
    ks.sweep()
    if (ks.size > 0) section[`db${ks.index}`] = { keys: ks.size, expires: ks.volatile, avg_ttl: 0 }
  }
  return section
}

type Section = (databases: Databases) => InfoSection

/** In the order in which they are answered. */
const sections: readonly (readonly [name: string, make: Section, usual: boolean])[] = [
  ['server', server, true],
  ['clients', clients, true],
  ['memory', memoryOf, true],
  ['persistence', persistence, true],
  ['stats', statistics, true],
  ['replication', replication, true],
  ['modules', () => ({}), true],
  ['commandstats', commandStats, false],
  ['errorstats', errorStats, true],
  ['cluster', ({ connections }) => ({ cluster_enabled: connections?.clustered === true ? 1 : 0 }), true],
  ['keyspace', keyspace, true],
]

/** The sections of those names; of none, the usual ones. O(databases). */
export function infoOf(databases: Databases, names: readonly string[]): Info {
  const wanted = new Set(names.length === 0 ? ['default'] : names.map(name => name.toLowerCase()))
  const all = wanted.has('all') || wanted.has('everything')
  const info: Record<string, InfoSection> = {}
  for (const [name, make, usual] of sections) {
    if (all || wanted.has(name) || (usual && wanted.has('default'))) info[name] = make(databases)
  }
  return info
}

function valueText(value: InfoValue): string {
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([name, one]) => `${name}=${one}`)
    .join(',')
}

/** As the text of INFO. */
export function infoText(info: Info): string {
  return Object.entries(info)
    .map(([name, section]) => {
      let text = `# ${name[0].toUpperCase()}${name.slice(1)}\r\n`
      for (const field of Object.keys(section)) text += `${field}:${valueText(section[field])}\r\n`
      return text
    })
    .join('\r\n')
}
