import { PassedOn, ReplyError } from './errors.ts'
import { byteLength, fromBytes, toBytes } from './util/text.ts'

/** What a store that takes commands by name counts about them: INFO, SLOWLOG and LATENCY answer from it. */

/** What is asked about a command that ran. */
export interface Ran {
  readonly name: string
  readonly fast: boolean
  readonly flags: readonly string[]
  /** Where its counts stand among those of others: small and its own. */
  readonly place: number
}

/** How often a command was called, and how long it took. */
export interface CommandCount {
  calls: number
  /** Microseconds of all calls. */
  usec: number
  /** Refused before it ran: a wrong number of arguments. */
  rejected: number
  failed: number
  /** Calls by how long they took: up to `latencyBound` of their place here. */
  readonly histogram: number[]
}

/** A command that took long. */
export interface SlowCommand {
  readonly id: number
  /** When, in seconds since 1970. */
  readonly time: number
  readonly usec: number
  readonly argv: readonly string[]
  /** Of the client; empty when the program itself called. */
  readonly address: string
  readonly name: string
}

/** What is asked of whoever runs a command, when there is something to note. */
export interface Caller {
  now(): number
  readonly client: { readonly address: string; readonly name: string } | undefined
}

/** Slow moments of one kind. */
export interface LatencyEvent {
  /** The last ones: seconds since 1970 and milliseconds, the worst of each second. */
  readonly samples: (readonly [time: number, ms: number])[]
  max: number
}

/** Redis keeps so many kinds of errors apart. */
const MOST_ERRORS = 128
/** Redis keeps so many samples of an event. */
const MOST_SAMPLES = 160
/** Of a slow command so many arguments are kept, of so many bytes each. */
const MOST_ARGUMENTS = 32
const MOST_BYTES = 128

/**
 * Redis counts in nanoseconds with two digits, in buckets that end at powers of two of 1,024 and a 128th more, and takes all
 * that is longer than a second for a second.
 */
const UNIT = 1.032
const LONGEST = 1e6
const PLACES = 21

/** Up to how many microseconds a call has taken that is counted at that place. */
export function latencyBound(place: number): number {
  return Math.min(Math.floor(UNIT * 2 ** place), 1_073_741)
}

export class Stats {
  /** By name, subcommands with a space. */
  readonly commands: Map<string, CommandCount>
  /** The same by place, which is quicker to find. */
  private places: (CommandCount | undefined)[]
  /** By the first word of the line. */
  readonly errors: Map<string, number>
  readonly events: Map<string, LatencyEvent>
  /** Commands by name, those that failed included. */
  processed: number
  errorReplies: number
  /** slowlog-log-slower-than, in microseconds; negative: never. */
  slowerThan: number
  /** slowlog-max-len. */
  slowMost: number
  /** latency-monitor-threshold, in milliseconds; 0: never. */
  latencyThreshold: number
  /** The newest first. */
  slow: SlowCommand[]
  /** When the store was made, in milliseconds since 1970. */
  readonly begun: number
  /** 40 hexadecimal digits; empty until somebody asks. */
  runId: string
  replId: string
  private nextId: number
  /** True while commands come one right after the other, and when the last of them ended: NaN when there was none. */
  private chained: boolean
  private ended: number

  constructor(now: number) {
    this.commands = new Map()
    this.places = []
    this.errors = new Map()
    this.events = new Map()
    this.processed = 0
    this.errorReplies = 0
    this.slowerThan = 10_000
    this.slowMost = 128
    this.latencyThreshold = 0
    this.slow = []
    this.begun = now
    this.runId = ''
    this.replId = ''
    this.nextId = 0
    this.chained = false
    this.ended = NaN
  }

  /** Another one of the same settings, for a fork. */
  fresh(now: number): Stats {
    const stats = new Stats(now)
    stats.slowerThan = this.slowerThan
    stats.slowMost = this.slowMost
    stats.latencyThreshold = this.latencyThreshold
    return stats
  }

  private countOf({ name, place }: Ran): CommandCount {
    while (this.places.length <= place) this.places.push(undefined)
    const count = this.countNamed(name)
    this.places[place] = count
    return count
  }

  private countNamed(name: string): CommandCount {
    let count = this.commands.get(name)
    if (count === undefined) {
      count = { calls: 0, usec: 0, rejected: 0, failed: 0, histogram: new Array<number>(PLACES).fill(0) }
      this.commands.set(name, count)
    }
    return count
  }

  /** From now on commands come one right after the other, or no more. */
  chain(on: boolean): void {
    this.chained = on
    this.ended = NaN
  }

  /**
   * When a command begins, in ticks: in a chain when the one before it has ended, because to ask the clock takes as long as most
   * of what is between two of them.
   */
  start(clock: { ticks(): number }): number {
    return this.ended === this.ended ? this.ended : clock.ticks()
  }

  /** When a command ends, in ticks. */
  end(clock: { ticks(): number }): number {
    const now = clock.ticks()
    if (this.chained) this.ended = now
    return now
  }

  /** A command ran for `ms` milliseconds; `error` is what it threw, if it failed. `client` sent it, if not the caller's. */
  ran(
    command: Ran,
    argv: readonly string[],
    ms: number,
    caller: Caller,
    error: unknown,
    client?: Caller['client'],
  ): void {
    const usec = ms <= 0 ? 0 : Math.round(ms * 1000)
    const count = this.places[command.place] ?? this.countOf(command)
    count.calls++
    count.usec += usec
    // The last bound is far enough for all that is longer. No whole number is a bound, so that rounding does no harm.
    count.histogram[32 - Math.clz32(Math.min(usec, LONGEST) / UNIT)]++
    this.processed++
    if (error !== undefined) {
      count.failed++
      if (!(error instanceof PassedOn)) this.failed(error instanceof ReplyError ? error.code : 'ERR')
    }
    // The clock is asked when there is something to note.
    if (this.slowerThan >= 0 && usec >= this.slowerThan && !command.flags.includes('skip_slowlog')) {
      this.keepSlow(argv, usec, caller.now(), client ?? caller.client)
    }
    if (this.latencyThreshold > 0 && ms >= this.latencyThreshold) {
      this.happened(command.fast ? 'fast-command' : 'command', Math.floor(ms), caller.now())
    }
  }

  /** A command was refused before it ran; `name` is undefined when there is none such. */
  refused(command: Ran | undefined, error: string): void {
    if (command !== undefined) this.countOf(command).rejected++
    this.failed(error)
  }

  private failed(error: string): void {
    this.errorReplies++
    const times = this.errors.get(error)
    if (times !== undefined || this.errors.size < MOST_ERRORS) this.errors.set(error, (times ?? 0) + 1)
  }

  private keepSlow(argv: readonly string[], usec: number, now: number, client: Caller['client']): void {
    if (this.slowMost === 0) return
    const kept = argv.slice(0, argv.length > MOST_ARGUMENTS ? MOST_ARGUMENTS - 1 : MOST_ARGUMENTS).map(shortened)
    if (argv.length > MOST_ARGUMENTS) kept.push(`... (${argv.length - MOST_ARGUMENTS + 1} more arguments)`)
    const { address = '', name = '' } = client ?? {}
    this.slow.unshift({ id: this.nextId++, time: Math.floor(now / 1000), usec, argv: kept, address, name })
    this.trimSlow()
  }

  /** Lets go of what is more than is to be kept. */
  trimSlow(): void {
    if (this.slow.length > this.slowMost) this.slow.length = this.slowMost
  }

  private happened(name: string, ms: number, now: number): void {
    let event = this.events.get(name)
    if (event === undefined) this.events.set(name, (event = { samples: [], max: 0 }))
    const { samples } = event
    const time = Math.floor(now / 1000)
    if (ms > event.max) event.max = ms
    const last = samples[samples.length - 1]
    if (last !== undefined && last[0] === time) {
      if (ms > last[1]) samples[samples.length - 1] = [time, ms]
      return
    }
    samples.push([time, ms])
    if (samples.length > MOST_SAMPLES) samples.shift()
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.commands.clear()
    this.places = []
    this.errors.clear()
    this.processed = 0
    this.errorReplies = 0
  }
}

function shortened(arg: string): string {
  if (arg.length * 3 <= MOST_BYTES) return arg
  const length = byteLength(arg)
  if (length <= MOST_BYTES) return arg
  // Made of bytes, because a piece of a string would keep all of it alive. No character takes less than a byte.
  const kept = fromBytes(toBytes(arg.slice(0, MOST_BYTES + 1)), 0, MOST_BYTES)
  return `${kept}... (${length - MOST_BYTES} more bytes)`
}
