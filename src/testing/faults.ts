import { lines } from '../errors.ts'
import { glob } from '../util/glob.ts'
import { slotOf } from '../util/slot.ts'
import type { Flag } from '../wire/row.ts'
import type { Command } from '../wire/table.ts'

/** The errors that have a name: Redis' own line, for the commands that Redis answers with it. */
export type ErrorName = 'READONLY' | 'LOADING' | 'OOM' | 'BUSY' | 'MOVED' | 'NOAUTH'

/** What goes wrong, and when. All that is said must hold; a rule says at least one of `error`, `disconnect` and `latency`. */
export interface FaultRule {
  /**
   * Commands by name; the name of a container stands for its subcommands. Without, a rule is for all commands but those that a
   * client library sends by itself (INFO, and what concerns the connection), and of a named error for those that Redis
   * answers with it: READONLY is for writes.
   */
  readonly command?: string | readonly string[]
  /** A glob pattern that a key of the command must match. */
  readonly key?: string
  /** The first call, of those that fit, that it is for; 1 by default. */
  readonly nth?: number
  /** For how many calls from then on: 1 by default with `nth`, else all. */
  readonly times?: number
  /** From 0 to 1: for which share of these calls, chosen by the store's seed. */
  readonly probability?: number
  /** A named error, or any line: 'ERR no such thing'. The command is not executed. */
  readonly error?: ErrorName | (string & {})
  /**
   * The connection goes down before the command is executed, or after it and before its reply: a caller of a method gets a
   * `Disconnected`, the request of an HTTP client fails.
   */
  readonly disconnect?: 'before' | 'after'
  /**
   * Milliseconds on the store's clock. A method takes that long, so the clock moves on; over RESP the command comes that much
   * later, over HTTP its answer.
   */
  readonly latency?: number
}

/** What is to happen to one command. */
export interface Verdict {
  /** An error line in place of execution. */
  readonly line: string | undefined
  readonly disconnect: 'before' | 'after' | undefined
  /** In milliseconds. */
  readonly latency: number
}

const named: Readonly<Record<ErrorName, { readonly line: string; readonly with?: Flag; readonly without?: Flag }>> = {
  READONLY: { line: "READONLY You can't write against a read only replica.", with: 'write' },
  LOADING: { line: 'LOADING Redis is loading the dataset in memory', without: 'loading' },
  OOM: { line: "OOM command not allowed when used memory > 'maxmemory'.", with: 'denyoom' },
  BUSY: {
    line: 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    without: 'allow_busy',
  },
  MOVED: { line: 'MOVED' },
  NOAUTH: { line: lines.noAuth, without: 'no_auth' },
}

/** A rule in a plan. */
export class Fault {
  readonly rule: FaultRule
  private readonly plan: FaultPlan
  private readonly commands: ReadonlySet<string> | undefined
  /** Calls that fitted, and those that something happened to. */
  private seen: number
  private done: number

  constructor(plan: FaultPlan, rule: FaultRule) {
    check(rule)
    const { command } = rule
    this.rule = rule
    this.plan = plan
    this.commands =
      command === undefined ? undefined : new Set([command].flat().map(name => (name as string).toUpperCase()))
    this.seen = 0
    this.done = 0
  }

  /** To how many commands it has happened. */
  get hits(): number {
    return this.done
  }

  /** Takes the rule out of the plan. */
  remove(): void {
    this.plan.remove(this)
  }

  /** @internal */
  mark(): () => void {
    const { seen, done } = this
    return () => {
      this.seen = seen
      this.done = done
    }
  }

  /** @internal The same in another plan. */
  fork(plan: FaultPlan): Fault {
    const fork = new Fault(plan, this.rule)
    fork.seen = this.seen
    fork.done = this.done
    return fork
  }

  /** @internal Counts the call; true when it is one that something happens to. */
  strikes(command: Command, keys: readonly string[], random: () => number): boolean {
    if (!this.fits(command, keys)) return false
    this.seen++
    const { nth = 1, times = this.rule.nth === undefined ? Infinity : 1, probability = 1 } = this.rule
    if (this.seen < nth || this.seen >= nth + times) return false
    if (probability < 1 && random() >= probability) return false
    this.done++
    return true
  }

  private fits(command: Command, keys: readonly string[]): boolean {
    const { key, error } = this.rule
    if (key !== undefined && !keys.some(one => glob(key, one))) return false
    if (error === 'MOVED' && keys.length === 0) return false
    const { commands } = this
    const { name, flags, connection } = command
    if (commands !== undefined) return commands.has(name) || commands.has(name.split(' ')[0])
    const own = isName(error) ? named[error] : undefined
    if (own?.with !== undefined && !flags.includes(own.with)) return false
    if (own?.without !== undefined && flags.includes(own.without)) return false
    return connection === undefined && name !== 'INFO'
  }

  /** @internal */
  lineFor(keys: readonly string[]): string | undefined {
    const { error } = this.rule
    if (!isName(error)) return error
    // To a node that nobody has: where there is one, the line is given whole.
    return error === 'MOVED' ? `MOVED ${slotOf(keys[0])} 127.0.0.1:6379` : named[error].line
  }
}

function isName(error: string | undefined): error is ErrorName {
  return error !== undefined && Object.hasOwn(named, error)
}

function check({ error, disconnect, latency, nth, times, probability }: FaultRule): void {
  if (error === undefined && disconnect === undefined && latency === undefined) {
    throw new TypeError('a fault must have an error, a disconnect or a latency')
  }
  if (disconnect !== undefined && disconnect !== 'before' && disconnect !== 'after') {
    throw new TypeError("disconnect must be 'before' or 'after'")
  }
  if (error === '' || /[\r\n]/.test(error ?? '')) throw new TypeError('error must be one line')
  for (const [name, n] of Object.entries({ nth, times })) {
    if (n !== undefined && !(n >= 1)) throw new TypeError(`${name} must be at least 1, not ${n}`)
  }
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    throw new TypeError(`probability must be from 0 to 1, not ${probability}`)
  }
  if (latency !== undefined && !(latency >= 0)) throw new TypeError(`latency must not be negative: ${latency}`)
}

/** What goes wrong with a store: the same for its methods, for clients over RESP and for those over HTTP. */
export class FaultPlan {
  private list: readonly Fault[]

  constructor(rules: readonly FaultRule[] = []) {
    this.list = []
    for (const rule of rules) this.add(rule)
  }

  /** The rules there are, in their order. */
  get faults(): readonly Fault[] {
    return this.list
  }

  /**
   * Adds a rule behind the others. To a command happens the first error or disconnect of a rule that is for it, and the
   * latencies of all.
   */
  add(rule: FaultRule): Fault {
    const fault = new Fault(this, rule)
    this.list = [...this.list, fault]
    return fault
  }

  remove(fault: Fault): void {
    this.list = this.list.filter(other => other !== fault)
  }

  /** Takes all rules out. */
  clear(): void {
    this.list = []
  }

  /** @internal Marks rules and their counts as they are; the function returned takes them back to there. */
  mark(): () => void {
    const { list } = this
    const counts = list.map(fault => fault.mark())
    return () => {
      this.list = list
      for (const back of counts) back()
    }
  }

  /** @internal A plan of its own with the same rules, as far as they have come. */
  fork(): FaultPlan {
    const plan = new FaultPlan()
    plan.list = this.list.map(fault => fault.fork(plan))
    return plan
  }

  /** @internal What is to happen to a command; undefined when nothing is. */
  judge(command: Command, keys: readonly string[], random: () => number): Verdict | undefined {
    if (this.list.length === 0) return undefined
    let line: string | undefined
    let disconnect: Verdict['disconnect']
    let latency = 0
    for (const fault of this.list) {
      if (!fault.strikes(command, keys, random)) continue
      latency += fault.rule.latency ?? 0
      if (line !== undefined || disconnect !== undefined) continue
      line = fault.lineFor(keys)
      disconnect = fault.rule.disconnect
    }
    return { line, disconnect, latency }
  }
}
