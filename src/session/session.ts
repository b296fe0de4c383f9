import { attend } from '../commands/wait.ts'
import type { Databases } from '../databases.ts'
import { inLine, lines, ReplyError, wrongArity } from '../errors.ts'
import type { Watch } from '../events.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Subscriber, SubscriptionKind } from '../pubsub.ts'
import type { Waiter } from '../waiting.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { type Command, commandOf, noteRefusal, paramsOf, replyOf, run } from '../wire/table.ts'
import { type ConnectionCommand, connectionCommands } from './commands.ts'

/** What `execute` takes: words, the first of which names the command. */
export type Argv = readonly string[]

/** A command of the table or of the connection, found and with a number of arguments that can be right. */
type Known = { readonly own: ConnectionCommand } | { readonly own: undefined; readonly command: Command }

interface Transaction {
  readonly queue: { readonly argv: Argv; readonly known: Known }[]
  /** True when a command could not be queued: EXEC will refuse. */
  broken: boolean
}

/** The words by which replies and error lines name the kinds of subscription. */
const kinds: readonly SubscriptionKind[] = ['channel', 'pattern', 'shard']

/**
 * The state of one client, and the gate that its commands go through: the database it has selected, MULTI and WATCH,
 * subscriptions. It knows no socket: replies go to the writer that comes with the command, messages to `push`.
 */
export class Session implements Subscriber {
  readonly id: number
  readonly databases: Databases
  /** The protocol that HELLO chose. */
  resp: 2 | 3
  name: string
  ks: Keyspace
  transaction: Transaction | undefined
  watch: Watch | undefined
  /** True once QUIT was answered. */
  ended: boolean
  private readonly subscriptions: Record<SubscriptionKind, Set<string>>
  private readonly push: ((write: (w: ReplyWriter) => void) => void) | undefined
  private readonly stopMonitor: (() => void)[]
  private waiter: Waiter | undefined
  private working: boolean

  /** `push` gets what is not the answer to a command: messages. */
  constructor(databases: Databases, id: number, push?: (write: (w: ReplyWriter) => void) => void) {
    this.id = id
    this.databases = databases
    this.resp = 2
    this.name = ''
    this.ks = databases.at(0)
    this.transaction = undefined
    this.watch = undefined
    this.ended = false
    this.subscriptions = { channel: new Set(), pattern: new Set(), shard: new Set() }
    this.push = push
    this.stopMonitor = []
    this.waiter = undefined
    this.working = false
  }

  // ---- the gate ---------------------------------------------------------------------------------------------------

  /** Executes a command and writes its reply; a promise when it has to wait for it. Errors are replies. */
  execute(argv: Argv, w: ReplyWriter): Promise<void> | void {
    const { transaction } = this
    let known: Known
    try {
      known = find(argv)
      this.mayRun(argv)
    } catch (error) {
      return this.refused(error, argv, w)
    }
    if (transaction !== undefined && !(known.own?.now === true)) {
      transaction.queue.push({ argv, known })
      w.status('QUEUED')
      return
    }
    this.databases.calling(argv, this.ks.index)
    if (known.own === undefined && known.command.wait !== undefined) return this.executeWaiting(known.command, argv, w)
    const work = known.own === undefined ? known.command.later?.(this.ks, argv) : undefined
    if (work !== undefined) return this.executeLater(work, w)
    this.executeNow(known, argv, w)
  }

  /** Answers OK when the work is done. */
  private async executeLater(work: Promise<void>, w: ReplyWriter): Promise<void> {
    this.working = true
    try {
      await work
      w.status('OK')
    } catch (error) {
      if (error instanceof ReplyError) w.error(error.message)
      else w.error(`ERR ${inLine(String((error as Error).message))}`)
    } finally {
      this.working = false
    }
  }

  /** A command that cannot be run at all: within a transaction EXEC will say so, and does at once when it is it. */
  private refused(error: unknown, argv: Argv, w: ReplyWriter): void {
    if (!(error instanceof ReplyError)) throw error
    noteRefusal(this.ks, argv, error)
    if (argv[0].toUpperCase() === 'EXEC') {
      this.discard()
      const reason = error.message.slice(error.code.length + 1)
      w.error(`EXECABORT Transaction discarded because of: ${reason}`)
      return
    }
    if (this.transaction !== undefined) this.transaction.broken = true
    w.error(error.message)
  }

  private executeNow(known: Known, argv: Argv, w: ReplyWriter): void {
    try {
      if (known.own !== undefined) known.own.run(this, argv, w)
      else run(this.ks, known.command, argv, w)
    } catch (error) {
      if (known.own !== undefined && error instanceof ReplyError) noteRefusal(this.ks, argv, error)
      fail(error, w)
    } finally {
      if (this.databases.pending) this.databases.commit()
    }
  }

  private executeWaiting(command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    const { wait, op } = command
    if (wait === undefined) return
    let waited: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined
    try {
      const params = paramsOf(command, argv, this.databases.list.length)
      const done = (result: unknown): void => {
        this.waiter = undefined
        // A wait that has timed out is answered by the same null, whatever the command.
        if (result === null && waited !== undefined) w.nullArray()
        else replyOf(command, params).write(result, w)
        waited?.resolve()
      }
      const failed = (error: unknown): void => {
        this.waiter = undefined
        if (!(error instanceof ReplyError)) return waited?.reject(error)
        w.error(error.message)
        waited?.resolve()
      }
      this.waiter = attend(this.ks, op, wait, params, done, failed)
    } catch (error) {
      return fail(error, w)
    }
    if (this.waiter === undefined) return
    return new Promise((resolve, reject) => void (waited = { resolve, reject }))
  }

  /** In RESP2 a client that has subscribed can do little else, because replies could not be told from messages. */
  private mayRun(argv: Argv): void {
    if (!this.listening) return
    if (allowed.has(argv[0].toUpperCase())) return
    throw new ReplyError(
      `ERR Can't execute '${argv[0].toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    )
  }

  /** True while a command waits. */
  get waiting(): boolean {
    return this.waiter !== undefined || this.working
  }

  // ---- transactions -----------------------------------------------------------------------------------------------

  /** Runs what MULTI queued as one: nothing comes between, one commit, no rollback. */
  exec(w: ReplyWriter): void {
    const { transaction, watch } = this
    if (transaction === undefined) throw new ReplyError('ERR EXEC without MULTI')
    this.transaction = undefined
    this.unwatch()
    if (transaction.broken) throw new ReplyError('EXECABORT Transaction discarded because of previous errors.')
    if (watch !== undefined && !watch.holds()) return w.nullArray()
    this.databases.batch(() => {
      w.array(transaction.queue.length)
      for (const { argv, known } of transaction.queue) {
        this.databases.calling(argv, this.ks.index)
        this.executeNow(known, argv, w)
      }
    })
  }

  discard(): void {
    this.transaction = undefined
    this.unwatch()
  }

  watchKeys(keys: readonly string[]): void {
    this.watch ??= this.databases.watch()
    for (const key of keys) this.watch.add(this.ks, key)
  }

  unwatch(): void {
    this.watch?.end()
    this.watch = undefined
  }

  // ---- subscriptions ----------------------------------------------------------------------------------------------

  subscribe(kind: SubscriptionKind, name: string, w: ReplyWriter): void {
    this.subscriptions[kind].add(name)
    this.databases.pubsub.subscribe(kind, name, this)
    this.told(`${words[kind]}subscribe`, kind, name, w)
  }

  /** Ends subscriptions, all of a kind when none is named. */
  unsubscribe(kind: SubscriptionKind, names: readonly string[], w: ReplyWriter): void {
    const own = this.subscriptions[kind]
    const all = names.length > 0 ? names : [...own]
    if (all.length === 0) this.told(`${words[kind]}unsubscribe`, kind, null, w)
    for (const name of all) {
      if (own.delete(name)) this.databases.pubsub.unsubscribe(kind, name, this)
      this.told(`${words[kind]}unsubscribe`, kind, name, w)
    }
  }

  private told(what: string, kind: SubscriptionKind, name: string | null, w: ReplyWriter): void {
    w.push(3)
    w.bulk(what)
    if (name === null) w.null()
    else w.bulk(name)
    w.integer(kind === 'shard' ? this.subscriptions.shard.size : this.subscribed)
  }

  /** Subscriptions by channel and pattern. */
  get subscribed(): number {
    return this.subscriptions.channel.size + this.subscriptions.pattern.size
  }

  /** True when RESP2 leaves this client little else to do than to listen. */
  get listening(): boolean {
    return this.resp === 2 && this.subscribed + this.subscriptions.shard.size > 0
  }

  message(channel: string, payload: string, pattern: string | undefined, shard: boolean): void {
    this.push?.(w => {
      w.push(pattern === undefined ? 3 : 4)
      w.bulk(pattern === undefined ? (shard ? 'smessage' : 'message') : 'pmessage')
      if (pattern !== undefined) w.bulk(pattern)
      w.bulk(channel)
      w.bulk(payload)
    })
  }

  /** Sends every command that any session executes from now on. */
  monitor(): void {
    this.stopMonitor.push(this.databases.monitor(line => this.push?.(w => w.status(line))))
  }

  // ---- the end ----------------------------------------------------------------------------------------------------

  /** As after connecting. */
  reset(): void {
    this.discard()
    for (const kind of kinds) {
      for (const name of this.subscriptions[kind]) this.databases.pubsub.unsubscribe(kind, name, this)
      this.subscriptions[kind].clear()
    }
    for (const stop of this.stopMonitor.splice(0)) stop()
    this.ks = this.databases.at(0)
    this.resp = 2
    this.name = ''
  }

  /** Leaves nothing behind: no watch, no subscription, no wait. */
  close(): void {
    this.ended = true
    if (this.waiter !== undefined) this.databases.waiting.fail(this.waiter, new ReplyError(lines.closed))
    this.reset()
  }
}

const words: Record<SubscriptionKind, string> = { channel: '', pattern: 'p', shard: 's' }

const allowed: ReadonlySet<string> = new Set([
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'PSUBSCRIBE',
  'PUNSUBSCRIBE',
  'SSUBSCRIBE',
  'SUNSUBSCRIBE',
  'PING',
  'QUIT',
  'RESET',
])

function find(argv: Argv): Known {
  const own = connectionCommands.get(argv[0].toUpperCase())
  if (own === undefined) return { own, command: commandOf(argv) }
  const { arity } = own
  if (arity < 0 ? argv.length < -arity : argv.length !== arity) throw new ReplyError(wrongArity(argv[0]))
  return { own }
}

function fail(error: unknown, w: ReplyWriter): void {
  if (!(error instanceof ReplyError)) throw error
  w.error(error.message)
}
