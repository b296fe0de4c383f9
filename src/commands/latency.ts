import type { ServerCommands, Tree } from '../api/server.ts'
import { inLine, ReplyError } from '../errors.ts'
import { type CommandCount, type LatencyEvent, latencyBound, type Stats } from '../stats.ts'
import { sparkline } from '../util/sparkline.ts'
import { spelled } from './info.ts'
import type { Ops } from './op.ts'
import { mapOf, statuses } from './tree.ts'

const help = statuses(
  'LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'DOCTOR',
  '    Return a human readable latency analysis report.',
  'GRAPH <event>',
  '    Return an ASCII latency graph for the <event> class.',
  'HISTORY <event>',
  '    Return time-latency samples for the <event> class.',
  'LATEST',
  '    Return the latest latency samples for all events.',
  'RESET [<event> ...]',
  '    Reset latency data of one or more <event> classes.',
  '    (default: reset all data for all event classes)',
  'HISTOGRAM [COMMAND ...]',
  '    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.',
  '    If no commands are specified then all histograms are replied.',
  'HELP',
  '    Prints this help.',
)

/** Redis' own words; of its advice what holds for a program that has the store within itself. */
const words = {
  off: `I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You may use "CONFIG SET latency-monitor-threshold <milliseconds>." in order to enable it. If we weren't in a deep space mission I'd suggest to take a look at https://redis.io/topics/latency-monitor.\n`,
  none: 'Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. I honestly think you ought to sit down calmly, take a stress pill, and think things over.\n',
  some: "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n",
  advice: '\nI have a few advices for you:\n\n',
  slowlogOff: (usec: number) =>
    `- There are latency issues with potentially slow commands you are using. Try to enable the Slow Log Redis feature using the command 'CONFIG SET slowlog-log-slower-than ${usec}'. If the Slow log is disabled Redis is not able to log slow commands execution for you.\n`,
  slowlogHigh: (usec: number) =>
    `- Your current Slow Log configuration only logs events that are slower than your configured latency monitor threshold. Please use 'CONFIG SET slowlog-log-slower-than ${usec}'.\n`,
  slowlog:
    '- Check your Slow Log to understand what are the commands you are running which are too slow to execute. Please check https://redis.io/commands/slowlog for more information.\n',
  load: '- The system is slow to execute Redis code paths not containing system calls. This usually means the system does not provide Redis CPU time to run for long periods. You should try to:\n  1) Lower the system load.\n',
  large:
    '- Deleting, expiring or evicting (because of maxmemory policy) large objects is a blocking operation. If you have very large objects that are often deleted, expired, or evicted, try to fragment those objects into multiple smaller objects.\n',
} as const

/** Calls up to each bound of microseconds that is the next one for some. */
function histogram({ histogram: counts }: CommandCount): Tree {
  const bounds = new Map<number, Tree>()
  let sum = 0
  for (const [place, here] of counts.entries()) {
    sum += here
    if (here > 0) bounds.set(latencyBound(place), sum)
  }
  return bounds
}

/** The names of commands that were called: all of them, or those asked for; a container asks for what is in it. */
function called(stats: Stats, asked: readonly string[]): string[] {
  const all = [...stats.commands.keys()]
  if (asked.length === 0) return all
  return asked.flatMap(given => {
    const name = given.toUpperCase().replace('|', ' ')
    return all.filter(one => one === name || one.startsWith(`${name} `))
  })
}

/** How long ago, in the largest unit that there is one of. */
function ago(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

function graph(name: string, { samples, max }: LatencyEvent, now: number): string {
  const values = samples.map(([, ms]) => ms)
  const labels = samples.map(([time]) => ago(now - time))
  const head = `${name} - high ${Math.max(...values)} ms, low ${Math.min(...values)} ms (all time high ${max} ms)\n`
  return `${head}${'-'.repeat(80)}\n${sparkline(values, labels, 80, 4)}`
}

/** One line about an event: how many samples there are, and how far they lie apart. */
function described(name: string, { samples, max }: LatencyEvent, now: number): string {
  const { length } = samples
  const average = Math.floor(samples.reduce((sum, [, ms]) => sum + ms, 0) / length)
  const deviation = Math.floor(samples.reduce((sum, [, ms]) => sum + Math.abs(ms - average), 0) / length)
  const period = (Math.max(1, now - samples[0][0]) / length).toFixed(2)
  return `${name}: ${length} latency spikes (average ${average}ms, mean deviation ${deviation}ms, period ${period} sec). Worst all time event ${max}ms.\n`
}

function report({ events, latencyThreshold, slowerThan }: Stats, now: number): string {
  if (events.size === 0) return latencyThreshold === 0 ? words.off : words.none
  let text: string = words.some
  for (const [i, name] of [...events.keys()].sort().entries()) {
    text += `${i + 1}. ${described(name, events.get(name) as LatencyEvent, now)}`
  }
  text += words.advice
  const slow = events.has('command')
  if (slow) {
    const usec = latencyThreshold * 1000
    if (slowerThan < 0) text += words.slowlogOff(usec)
    else if (Math.floor(slowerThan / 1000) > latencyThreshold) text += words.slowlogHigh(usec)
    text += words.slowlog
  }
  if (events.has('fast-command')) text += words.load
  if (slow) text += words.large
  return text
}

type LatencyName = 'Latest' | 'History' | 'Graph' | 'Reset' | 'Histogram' | 'Doctor' | 'Help'

export const latency: Ops<Pick<ServerCommands, `latency${LatencyName}`>> = {
  latencyLatest({ databases: { stats } }) {
    return [...(stats?.events ?? [])].map(([name, { samples, max }]) => {
      const [time, ms] = samples[samples.length - 1]
      return [name, time, ms, max]
    })
  },
  latencyHistory({ databases: { stats } }, event) {
    return (stats?.events.get(event)?.samples ?? []).map(([time, ms]) => [time, ms])
  },
  latencyGraph({ databases }, event) {
    const found = databases.stats?.events.get(event)
    if (found === undefined) throw new ReplyError(`ERR No samples available for event '${inLine(event)}'`)
    return { verbatim: graph(event, found, Math.floor(databases.now() / 1000)) }
  },
  latencyReset({ databases: { stats } }, events) {
    if (stats === null) return 0
    const names = events.length === 0 ? [...stats.events.keys()] : events
    return names.filter(name => stats.events.delete(name)).length
  },
  latencyHistogram({ databases: { stats } }, names) {
    const found = new Map<string, Tree>()
    for (const name of stats === null ? [] : called(stats, names)) {
      const count = stats?.commands.get(name)
      if (count === undefined || count.calls === 0) continue
      found.set(spelled(name), mapOf(['calls', count.calls], ['histogram_usec', histogram(count)]))
    }
    return found
  },
  latencyDoctor({ databases }) {
    const { stats } = databases
    return { verbatim: stats === null ? words.off : report(stats, Math.floor(databases.now() / 1000)) }
  },
  latencyHelp: () => help,
}
