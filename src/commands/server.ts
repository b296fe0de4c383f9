import type { ServerCommands } from '../api/server.ts'
import { lines, ReplyError, unknownOrWrong } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { config } from './config.ts'
import { debug } from './debug.ts'
import type { diagnosis } from './diagnosis.ts'
import { infoOf, infoText } from './info.ts'
import { latency } from './latency.ts'
import type { Ops } from './op.ts'
import { mapOf, ok, statuses } from './tree.ts'

const countLine = 'ERR count should be greater than or equal to -1'

const slowlogHelp = statuses(
  'SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'GET [<count>]',
  '    Return top <count> entries from the slowlog (default: 10, -1 mean all).',
  '    Entries are made of:',
  '    id, timestamp, time in microseconds, arguments array, client IP and port,',
  '    client name',
  'LEN',
  '    Return the length of the slowlog.',
  'RESET',
  '    Reset the slowlog.',
  'HELP',
  '    Prints this help.',
)

const memoryHelp = statuses(
  'MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'DOCTOR',
  '    Return memory problems reports.',
  'MALLOC-STATS',
  '    Return internal statistics report from the memory allocator.',
  'PURGE',
  '    Attempt to purge dirty pages for reclamation by the allocator.',
  'STATS',
  '    Return information about the memory usage of the server.',
  'USAGE <key> [SAMPLES <count>]',
  '    Return memory in bytes used by <key> and its value. Nested values are',
  '    sampled up to <count> times (default: 5, 0 means sample all).',
  'HELP',
  '    Prints this help.',
)

const slowlog: Ops<Pick<ServerCommands, 'slowlogGet' | 'slowlogLen' | 'slowlogReset' | 'slowlogHelp'>> = {
  slowlogGet({ databases: { stats } }, [spelling, ...args]) {
    if (args.length > 1) throw new ReplyError(unknownOrWrong('SLOWLOG', spelling))
    const given = args.length === 0 ? 10 : parseInteger(args[0])
    if (given === undefined || given < -1) throw new ReplyError(countLine)
    const entries = stats?.slow ?? []
    const count = given < 0 ? entries.length : Math.min(Number(given), entries.length)
    return entries.slice(0, count).map(one => [one.id, one.time, one.usec, one.argv, one.address, one.name])
  },
  slowlogLen: ({ databases: { stats } }) => stats?.slow.length ?? 0,
  slowlogReset({ databases: { stats } }) {
    if (stats !== null) stats.slow = []
    return ok
  },
  slowlogHelp: () => slowlogHelp,
}

type MemoryName = 'Stats' | 'Doctor' | 'MallocStats' | 'Purge' | 'Help'

const memory: Ops<Pick<ServerCommands, `memory${MemoryName}`>> = {
  memoryStats({ databases }) {
    const used = databases.host.memory?.().used ?? 0
    let keys = 0
    for (const ks of databases.list) keys += ks.size
    return mapOf(
      ['total.allocated', used],
      ['keys.count', keys],
      ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(used / keys)],
    )
  },
  memoryDoctor: () => ({
    verbatim:
      'Memory is the business of the JavaScript engine, which reports no problems. See MEMORY STATS and MEMORY USAGE.\n',
  }),
  memoryMallocStats: () => ({ verbatim: 'Stats not supported for the current allocator' }),
  memoryPurge: () => ok,
  memoryHelp: () => memoryHelp,
}

/** A triangle of Sierpiński: the odd numbers in the triangle of Pascal. */
function picture(): string {
  let text = ''
  for (let row = 0; row < 16; row++) {
    text += ' '.repeat(15 - row)
    for (let k = 0; k <= row; k++) text += (row & k) === k ? '* ' : '  '
    text = `${text.trimEnd()}\n`
  }
  return text
}

export const server: Ops<Omit<ServerCommands, keyof typeof diagnosis>> = {
  ...config,
  ...slowlog,
  ...latency,
  ...memory,
  ...debug,
  info: ({ databases }, sections) => ({ verbatim: infoText(infoOf(databases, sections)) }),
  time({ databases }) {
    const usec = Math.floor(databases.now() * 1000)
    return [String(Math.floor(usec / 1e6)), String(usec % 1e6)]
  },
  lolwut({ databases }, args) {
    if (args.length >= 2 && args[0].toUpperCase() === 'VERSION' && parseInteger(args[1]) === undefined) {
      throw new ReplyError(lines.notInteger)
    }
    return { verbatim: `${picture()}\nRedis ver. ${databases.redisVersion}, as embedis answers\n` }
  },
}
