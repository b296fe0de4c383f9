import type { Keyspace } from '../keyspace.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Denial } from '../session/acl-lines.ts'
import { clientsOf } from '../session/clients.ts'
import { slotOfCall } from '../session/cluster.ts'
import { noPort, Session } from '../session/session.ts'
import type { Caller } from '../stats.ts'
import { type Command, isContainer, named, noteRefusal, perform } from '../wire/table.ts'
import type { Flags } from './flags.ts'
import { callLines } from './lines.ts'
import { LONG_TEXT, LuaError, type Machine } from './lua/machine.ts'
import { Callable, type Value } from './lua/value.ts'
import { errorTable, LuaWriter, tableOf, wordOf } from './values.ts'

/** A script that runs. */
export interface Run {
  /** The database that it works on; SELECT changes it, for this run. */
  ks: Keyspace
  /** Whose script it is; undefined when it is the program's own. */
  session: Session | undefined
  /** True when it must not write. */
  readonly: boolean
  readonly flags: Flags
  /** The keys that it says it works on. */
  readonly keys: readonly string[]
  /** The slot of the keys that it has worked on, where that matters. */
  slot: number | undefined
}

/** What `redis.call` counts as, in instructions: most commands take longer than a turn of a loop. */
const CALL = 50

/** What an error takes that a command answers. */
const FAILED = 600

/** What each word takes, besides its bytes. */
const WORD = 5

/** After so many commands the clock tells whether they took longer than they counted. */
const WATCHED = 16

/** What a millisecond counts as: less than there are in one, so that the clock decides for slow commands alone. */
const MILLISECOND = 7e4

/** So many instructions are not worth a look at the clock. */
const SHORT = 2 * CALL

// What is asked of a command before each call, as bits.
const NOSCRIPT = 1
const WRITES = 2
const BLOCKS = 4
const CONNECTION = 8
const UNSEEN = 16
const READS = 32

/** By the places of commands; undefined, and negative, until somebody asks. */
const traitsOf: number[] = []

function traits(command: Command): number {
  const known = traitsOf[command.place]
  if (known >= 0) return known
  const { flags, name } = command
  let bits = 0
  if (flags.includes('noscript')) bits |= NOSCRIPT
  if (flags.includes('write')) bits |= WRITES
  if (flags.includes('readonly')) bits |= READS
  if (name === 'XREAD' || name === 'XREADGROUP') bits |= BLOCKS
  if (command.connection !== undefined) bits |= CONNECTION
  if (flags.includes('skip_monitor') || flags.includes('admin')) bits |= UNSEEN
  while (traitsOf.length < command.place) traitsOf.push(-1)
  return (traitsOf[command.place] = bits)
}

/** An error that a function of `redis` throws: a table, as its errors are. */
export function fault(m: Machine, text: string): LuaError {
  return new LuaError(tableOf('err', `ERR ${text}`), m.site)
}

const denials: Readonly<Record<Denial['reason'], string>> = {
  command: callLines.deniedCommand,
  key: callLines.deniedKey,
  channel: callLines.deniedChannel,
}

/** Runs the commands of the script that runs on one machine. */
export class Commands {
  readonly m: Machine
  readonly writer: LuaWriter
  run: Run | undefined
  private scratch: Session | undefined
  /** When the last command ended, and how many instructions were left then. */
  private ticks: number
  private left: number
  /** The same where the clock was looked at last, and how many commands have been run since. */
  private watched: number
  private before: number
  private count: number

  constructor(m: Machine) {
    this.m = m
    this.writer = new LuaWriter(m)
    this.run = undefined
    this.scratch = undefined
    this.ticks = 0
    this.left = Infinity
    this.watched = 0
    this.before = 0
    this.count = 0
  }

  /** A script begins. */
  begin(run: Run): void {
    this.run = run
    this.writer.resp = 2
    this.left = Infinity
    this.before = Infinity
    this.count = 0
  }

  /** Runs a command; its reply, or the error that it has answered. */
  call(argv: readonly string[]): Value | LuaError {
    const { m, writer, run } = this
    if (run === undefined) return fault(m, callLines.outside)
    m.spend(CALL + WORD * argv.length)
    if (++this.count >= WATCHED) this.watch()
    for (let i = 1; i < argv.length; i++) {
      const { length } = argv[i]
      if (length < LONG_TEXT) continue
      m.spend(length >> 4)
      m.read(argv[i])
    }
    const { ks } = run
    const { databases } = ks
    const command = named(argv)
    if (command === undefined) return this.refused(ks, argv, unknownLine(argv))
    const { arity } = command
    if (arity < 0 ? argv.length < -arity : argv.length !== arity) return this.refused(ks, argv, callLines.arity)
    const bits = traits(command)
    if ((bits & NOSCRIPT) !== 0) return this.refused(ks, argv, callLines.notAllowed)
    if (run.session !== undefined) {
      const line = this.denied(run.session, run, command, argv)
      if (line !== undefined) return this.refused(ks, argv, line)
    }
    if ((bits & WRITES) !== 0 && run.readonly) return this.refused(ks, argv, lines.readOnly.slice(4))
    writer.begin()
    try {
      databases.gate?.scripted?.(command, argv, run.keys)
      if ((bits & BLOCKS) !== 0) mayNotBlock(argv)
      if ((bits & CONNECTION) !== 0) this.runOwn(run, command, argv)
      else this.perform(ks, command, argv)
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      m.spend(FAILED)
      return new LuaError(errorTable(error.message), m.site)
    } finally {
      if (databases.monitored && (bits & UNSEEN) === 0) databases.calling(argv, ks.index, 'lua')
    }
    if ((bits & READS) !== 0 && run.session?.tracked !== undefined) {
      // A script that reads counts as having read all the keys that it was given.
      run.session.clients.tracking.remember(run.session, run.keys)
    }
    return writer.take()
  }

  /** Runs a command on data, and counts it. */
  private perform(ks: Keyspace, command: Command, argv: readonly string[]): void {
    const { databases } = ks
    const { stats } = databases
    if (stats === null) return perform(ks, command, argv, this.writer)
    const { m } = this
    // To ask for the time takes as long as a short command: it begins when the one before it has ended, if little was done since.
    const start = this.left - m.left < SHORT ? this.ticks : databases.ticks()
    let failure: unknown
    try {
      perform(ks, command, argv, this.writer)
    } catch (error) {
      failure = error
      throw error
    } finally {
      this.ticks = databases.ticks()
      this.left = m.left
      stats.ran(command, argv, this.ticks - start, databases, failure, inScript)
    }
  }

  /** Counts what commands took that took long: how long depends on what they work on, which nobody knows before. */
  private watch(): void {
    const { m, run } = this
    this.count = 0
    const now = run?.ks.databases.ticks() ?? 0
    const took = (now - this.watched) * MILLISECOND
    const spent = this.before - m.left
    if (took > spent) m.spend(Math.floor(took - spent))
    this.watched = now
    this.before = m.left
  }

  private refused(ks: Keyspace, argv: readonly string[], text: string): LuaError {
    this.m.spend(FAILED)
    noteRefusal(ks, argv, new ReplyError(`ERR ${text}`))
    return new LuaError(errorTable(`ERR ${text}`), this.m.site)
  }

  /** Why the one whose script it is may not do this, or not here; undefined when they may. */
  private denied(session: Session, run: Run, command: Command, argv: readonly string[]): string | undefined {
    const { rights } = session
    if (!rights.everything) {
      const denial = rights.stops(command, argv)
      if (denial !== undefined) {
        session.noteDenial(denial, 'lua')
        return denials[denial.reason]
      }
    }
    const { node } = session.port
    if (node === undefined) return undefined
    let slot: number | undefined
    try {
      slot = slotOfCall(command, argv)
    } catch {
      return callLines.otherNode
    }
    if (slot === undefined) return undefined
    if (slot < node.first || slot > node.last) return callLines.otherNode
    if (!run.flags.plain && !run.flags.names.includes('allow-cross-slot-keys')) {
      if (run.slot !== undefined && run.slot !== slot) return callLines.crossSlot
      run.slot = slot
    }
    return undefined
  }

  /** Runs a command that concerns a client: the script is one of its own, which has selected a database. */
  private runOwn(run: Run, command: Command, argv: readonly string[]): void {
    const clients = clientsOf(run.ks.databases)
    const node = run.session?.port.node
    if (this.scratch?.clients !== clients || this.scratch.port.node !== node) {
      this.scratch = new Session(clients, { ...noPort, node })
      clients.remove(this.scratch)
    }
    const { scratch } = this
    scratch.ks = run.ks
    scratch.resp = this.writer.resp
    scratch.user = run.session?.user ?? clients.users.default
    scratch.runWithin(command, argv, this.writer)
    run.ks = scratch.ks
  }
}

/** Scripts have no address. */
const inScript: Caller['client'] = { address: '?:0', name: '' }

function unknownLine(argv: readonly string[]): string {
  return argv.length === 1 && isContainer(argv[0].toUpperCase()) ? callLines.arity : callLines.unknown
}

function mayNotBlock(argv: readonly string[]): void {
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i].toUpperCase()
    if (word === 'STREAMS') return
    if (word === 'BLOCK') throw new ReplyError(`ERR ${argv[0]} command is not allowed with BLOCK option from scripts`)
  }
}

/** `redis.call`, and `redis.pcall`, which answers errors in place of throwing them. */
export class RedisCall extends Callable {
  private readonly caller: Commands
  private readonly throws: boolean

  constructor(caller: Commands, throws: boolean) {
    super()
    this.caller = caller
    this.throws = throws
  }

  private give(argv: readonly string[]): Value {
    const result = this.caller.call(argv)
    if (!(result instanceof LuaError)) return result
    if (this.throws) throw result
    return result.value
  }

  private fail(text: string): Value {
    const error = fault(this.caller.m, text)
    this.caller.m.spend(50)
    if (this.throws) throw error
    return error.value
  }

  call0(): Value {
    return this.fail(callLines.noArguments)
  }

  call1(a: Value): Value {
    const name = wordOf(a)
    return name === undefined ? this.fail(callLines.badArguments) : this.give([name])
  }

  call2(a: Value, b: Value): Value {
    const name = wordOf(a)
    const first = wordOf(b)
    if (name === undefined || first === undefined) return this.fail(callLines.badArguments)
    return this.give([name, first])
  }

  call3(a: Value, b: Value, c: Value): Value {
    const name = wordOf(a)
    const first = wordOf(b)
    const second = wordOf(c)
    if (name === undefined || first === undefined || second === undefined) return this.fail(callLines.badArguments)
    return this.give([name, first, second])
  }

  callN(args: Value[]): Value {
    if (args.length === 0) return this.call0()
    const argv = new Array<string>(args.length)
    for (let i = 0; i < argv.length; i++) {
      const word = wordOf(args[i])
      if (word === undefined) return this.fail(callLines.badArguments)
      argv[i] = word
    }
    return this.give(argv)
  }
}

/** The words of a command given to a function of `redis`. Throws when they are none. */
export function wordsOf(m: Machine, args: readonly Value[]): string[] {
  if (args.length === 0) throw fault(m, callLines.noArguments)
  return args.map(arg => {
    const word = wordOf(arg)
    if (word === undefined) throw fault(m, callLines.badArguments)
    return word
  })
}
