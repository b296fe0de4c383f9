import type { Keyspace } from '../keyspace.ts'
import { Disconnected, ReplyError } from '../errors.ts'
import type { VirtualHost } from '../host.ts'
import { placesIn } from '../session/cluster.ts'
import type { Argv, Session, SessionGate } from '../session/session.ts'
import type { StoredText } from '../util/stored.ts'
import { fromBytes } from '../util/text.ts'
import { type Plain, type ReplyCodec, type ReplyWriter, ValueWriter } from '../wire/reply.ts'
import { argvOf, type Command, commandOf, commands } from '../wire/table.ts'
import type { FaultPlan, Verdict } from './faults.ts'
import type { CommandLog, LogEntry } from './log.ts'
import { onlyDeclared, rulesOf, shuffled, type StrictOptions } from './strict.ts'

/** The commands that are methods. */
const byMethod: ReadonlyMap<string, Command> = new Map(
  [...commands.values()].filter(({ typed }) => typed).map(command => [command.method, command]),
)

/** A reply that goes two ways: to who waits for it, and into the log. */
class Tee implements ReplyWriter {
  private readonly to: ReplyWriter
  private readonly copy: ReplyWriter

  constructor(to: ReplyWriter, copy: ReplyWriter) {
    this.to = to
    this.copy = copy
  }

  get resp(): 2 | 3 {
    return this.to.resp
  }
  status(text: string): void {
    this.to.status(text)
    this.copy.status(text)
  }
  bulk(text: StoredText): void {
    this.to.bulk(text)
    this.copy.bulk(text)
  }
  integer(n: number | bigint): void {
    this.to.integer(n)
    this.copy.integer(n)
  }
  double(n: number): void {
    this.to.double(n)
    this.copy.double(n)
  }
  boolean(yes: boolean): void {
    this.to.boolean(yes)
    this.copy.boolean(yes)
  }
  null(): void {
    this.to.null()
    this.copy.null()
  }
  nullArray(): void {
    this.to.nullArray()
    this.copy.nullArray()
  }
  array(length: number): void {
    this.to.array(length)
    this.copy.array(length)
  }
  set(length: number): void {
    this.to.set(length)
    this.copy.set(length)
  }
  map(length: number): void {
    this.to.map(length)
    this.copy.map(length)
  }
  push(length: number): void {
    this.to.push(length)
    this.copy.push(length)
  }
  error(line: string): void {
    this.to.error(line)
    this.copy.error(line)
  }
  verbatim(text: string): void {
    if (this.to.verbatim === undefined) this.to.bulk(text)
    else this.to.verbatim(text)
    this.copy.bulk(text)
  }
}

/** A log entry whose outcome is not known yet. */
type Open = { -readonly [K in keyof LogEntry]: LogEntry[K] }

const unhindered: Verdict = { line: undefined, disconnect: undefined, latency: 0 }

/**
 * What every command of a test store passes, whoever sends it: it is written down, refused when the store is strict, and what
 * the plan of faults has for it happens.
 */
export class TestGate implements SessionGate {
  readonly host: VirtualHost
  readonly log: CommandLog
  readonly faults: FaultPlan
  readonly strict: StrictOptions | undefined
  /** Of faults and shuffles alone, so that they do not change what the store draws. */
  readonly chance: VirtualHost
  private readonly rules: ReturnType<typeof rulesOf>

  constructor(
    host: VirtualHost,
    chance: VirtualHost,
    log: CommandLog,
    faults: FaultPlan,
    strict: StrictOptions | undefined,
  ) {
    this.host = host
    this.log = log
    this.faults = faults
    this.strict = strict
    this.chance = chance
    this.rules = strict === undefined ? [] : rulesOf(strict)
  }

  // ---- what is called directly ------------------------------------------------------------------------------------

  call(
    ks: Keyspace,
    method: string,
    args: readonly unknown[],
    run: () => unknown,
    shape: (result: unknown) => unknown,
  ): unknown {
    const command = byMethod.get(method)
    let spelled: ReturnType<typeof argvOf>
    try {
      if (command === undefined) return shape(run())
      spelled = argvOf(command, args)
    } catch {
      // No command can be made of such arguments, so nobody would be sent one: the op says what is wrong with them.
      return shape(run())
    }
    const argv = spelled.argv.map(word => (word instanceof Uint8Array ? fromBytes(word) : String(word)))
    const reply = typeof command.reply === 'function' ? command.reply(spelled.params) : command.reply
    return this.direct(ks, command, argv, () => shape(this.result(run(), reply)))
  }

  /** A command by name, without a connection. */
  named(ks: Keyspace, argv: Argv, run: () => Plain): Plain {
    let command: Command
    try {
      command = commandOf(argv)
    } catch {
      return run()
    }
    return this.direct(ks, command, argv, run)
  }

  private direct<R>(ks: Keyspace, command: Command, argv: Argv, run: () => R): R {
    const { entry, line, disconnect, latency } = this.meet(ks, command, argv, 'direct')
    if (latency > 0) this.host.sleep(latency)
    try {
      if (disconnect === 'before') throw new Disconnected()
      if (line !== undefined) throw new ReplyError(line)
      const value = run()
      if (disconnect === 'after') return disconnected(value)
      settle(entry, value)
      return value
    } catch (error) {
      entry.error = (error as Error).message
      throw error
    }
  }

  result(result: unknown, reply: object): unknown {
    if (this.strict === undefined || this.strict.shuffle === false) return result
    return shuffled(result, reply as ReplyCodec<unknown>, () => this.chance.random())
  }

  scripted(command: object, argv: Argv, keys: readonly string[]): void {
    if (this.strict !== undefined && this.strict.scripts !== false) onlyDeclared(command as Command, argv, keys)
  }

  // ---- what clients send ------------------------------------------------------------------------------------------

  pass(session: Session, command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    const { entry, line, disconnect, latency } = this.meet(session.ks, command, argv, session.port.address)
    const cut = (): never => {
      const error = new Disconnected()
      entry.error = error.message
      session.close()
      throw error
    }
    const go = (): Promise<void> | void => {
      if (disconnect === 'before') cut()
      const copy = new ValueWriter(w.resp)
      const ended = (): void => {
        if (disconnect === 'after') cut()
        take(entry, copy)
      }
      const to = disconnect === 'after' ? copy : new Tee(w, copy)
      const work = line === undefined ? session.admitted(command, argv, to) : session.refuse(line, argv, to)
      if (work === undefined) return ended()
      return work.then(ended)
    }
    if (latency === 0) return go()
    if (session.port.hold !== undefined) {
      session.port.hold(latency)
      return go()
    }
    const late = session.sit(latency)
    return late === undefined ? go() : late.then(go, () => undefined)
  }

  // ---- both -------------------------------------------------------------------------------------------------------

  /** Writes the command down, and says what is to happen to it. */
  private meet(ks: Keyspace, command: Command, argv: Argv, from: string): Verdict & { readonly entry: Open } {
    const keys = placesIn(command, argv).map(({ at }) => argv[at])
    const entry: Open = {
      command: command.name,
      args: argv.slice(command.name.includes(' ') ? 2 : 1),
      keys,
      db: ks.index,
      time: this.host.now(),
      from,
      reply: undefined,
      error: undefined,
    }
    this.log.add(entry)
    try {
      for (const rule of this.rules) rule(command, argv)
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      return { ...unhindered, line: error.message, entry }
    }
    const verdict = this.faults.judge(command, keys, () => this.chance.random()) ?? unhindered
    return { ...verdict, entry }
  }
}

/** What a caller gets of a command that was executed when its connection goes down before the reply. */
function disconnected<R>(value: R): R {
  const error = new Disconnected()
  if (!(value instanceof Promise)) throw error
  return value.then(() => {
    throw error
  }) as R
}

/** Notes what a direct call answered, once it is known. */
function settle(entry: Open, value: unknown): void {
  if (!(value instanceof Promise)) {
    entry.reply = value
    return
  }
  value.then(
    reply => void (entry.reply = reply),
    (error: unknown) => void (entry.error = (error as Error).message),
  )
}

/** Notes what was written. */
function take(entry: Open, copy: ValueWriter): void {
  try {
    entry.reply = copy.take()
  } catch (error) {
    entry.error = (error as Error).message
  }
}
