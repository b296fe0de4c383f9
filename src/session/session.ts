import { spelled } from '../commands/info.ts'
import { attend } from '../commands/wait.ts'
import type { Databases, Gate } from '../databases.ts'
import { inLine, lines, ReplyError } from '../errors.ts'
import type { Watch } from '../events.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Subscriber, SubscriptionKind } from '../pubsub.ts'
import { Waiter } from '../waiting.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { type Command, commandOf, noteRefusal, paramsOf, replyOf, run } from '../wire/table.ts'
import type { User } from './acl.ts'
import { type Clients, clientsOf } from './clients.ts'
import { clusterLines, type ClusterNode } from './cluster.ts'
import type { ConnectionCommand } from './row.ts'

/** What `execute` takes: words, the first of which names the command. */
export type Argv = readonly string[]

interface Transaction {
  readonly queue: { readonly argv: Argv; readonly command: Command }[]
  /** True when a command could not be queued: EXEC will refuse. */
  broken: boolean
}

/** What a session asks of the connection that it belongs to. */
export interface Port {
  /** Where the client is, as MONITOR shows it. */
  readonly address: string
  /** The node of a cluster that the client has reached. */
  readonly node?: ClusterNode | undefined
  /** Sends what is not the answer to a command: messages. */
  push(write: (w: ReplyWriter) => void): void
  /** Ends the connection, once everything written has been sent. */
  end(): void
  /** Gives what is written so many milliseconds later: of those who cannot wait for a command. */
  hold?(ms: number): void
}

/** As sessions know the gate of a store. */
export interface SessionGate extends Gate {
  /** A command that the session may run: to be handed back to it by `admitted` or `refuse`. */
  pass(session: Session, command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void
}

/** Of a program: nothing leaves the process, and what is not asked for is dropped. */
export const noPort: Port = { address: 'embedis', push: () => {}, end: () => {} }

/** The words by which replies and error lines name the kinds of subscription. */
const kinds: readonly SubscriptionKind[] = ['channel', 'pattern', 'shard']

/**
 * The state of one client, and the gate that its commands go through: who it is, the database it has selected, MULTI
 * and WATCH, subscriptions. It knows no socket: replies go to the writer that comes with the command, messages to its
 * port.
 */
export class Session implements Subscriber {
  readonly id: number
  readonly clients: Clients
  readonly databases: Databases
  readonly port: Port
  /** The protocol that HELLO chose. */
  resp: 2 | 3
  name: string
  /** Undefined until a client has said who it is, where it must. */
  user: User | undefined
  ks: Keyspace
  transaction: Transaction | undefined
  watch: Watch | undefined
  /** The lists of fields that HIMPORT has named. */
  readonly fieldsets: Map<string, readonly string[]>
  /** True once the connection is to end. */
  ended: boolean
  private readonly subscriptions: Record<SubscriptionKind, Set<string>>
  private stopMonitor: (() => void) | undefined
  private waiter: Waiter | undefined
  /** True while a command is executed that takes its time, such as SAVE. */
  private working: boolean

  constructor(clients: Clients, port: Port = noPort) {
    const { databases } = clients
    this.clients = clients
    this.databases = databases
    this.port = port
    this.resp = 2
    this.name = ''
    this.user = clients.users.locked ? undefined : clients.users.default
    this.ks = databases.at(0)
    this.transaction = undefined
    this.watch = undefined
    this.fieldsets = new Map()
    this.ended = false
    this.subscriptions = { channel: new Set(), pattern: new Set(), shard: new Set() }
    this.stopMonitor = undefined
    this.waiter = undefined
    this.working = false
    this.id = clients.add(this)
  }

  // ---- the gate ---------------------------------------------------------------------------------------------------

  /** Executes a command and writes its reply; a promise when it has to wait for it. Errors are replies. */
  execute(argv: Argv, w: ReplyWriter): Promise<void> | void {
    let command: Command
    try {
      command = commandOf(argv)
      this.mayRun(command, argv)
    } catch (error) {
      return this.refused(error, argv, w)
    }
    const { gate } = this.databases
    return gate === null ? this.admitted(command, argv, w) : (gate as SessionGate).pass(this, command, argv, w)
  }

  /** Executes a command that this client may run, or queues it. */
  admitted(command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    if (this.transaction !== undefined && ownOf(command)?.now !== true) {
      this.transaction.queue.push({ argv, command })
      w.status('QUEUED')
      return
    }
    this.calling(command, argv)
    // Inside a transaction or batch nothing waits.
    if (command.wait !== undefined && !this.databases.nested) return this.executeWaiting(command, argv, w)
    const work = command.later?.(this.ks, argv)
    if (work !== undefined) return this.finished(work, w, 'OK')
    return this.executeNow(command, argv, w)
  }

  /** Throws when this client may not do this, or not now. */
  private mayRun(command: Command, argv: Argv): void {
    if (this.user === undefined) {
      if (!command.flags.includes('no_auth')) throw new ReplyError(lines.noAuth)
    } else this.user.mayRun(command, argv)
    this.port.node?.mayRun(command, argv)
    if (this.transaction !== undefined && command.flags.includes('no_multi')) throw new ReplyError(lines.noMulti)
    // In RESP2 a client that has subscribed can do little else, because replies could not be told from messages.
    if (this.listening && !allowed.has(command.name)) {
      throw new ReplyError(
        `ERR Can't execute '${spelled(command.name)}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      )
    }
  }

  /** Answers an error in place of executing a command, as of one that this client may not run. */
  refuse(line: string, argv: Argv, w: ReplyWriter): void {
    this.refused(new ReplyError(line), argv, w)
  }

  /** A command that cannot be run at all: within a transaction EXEC will say so, and does at once when it is it. */
  private refused(error: unknown, argv: Argv, w: ReplyWriter): void {
    if (!(error instanceof ReplyError)) throw error
    noteRefusal(this.ks, argv, error)
    if (argv[0].toUpperCase() === 'EXEC') {
      this.discard()
      w.error(discardedBecause(error))
      return
    }
    if (this.transaction !== undefined) this.transaction.broken = true
    w.error(error.message)
  }

  /** Tells those who monitor. */
  private calling({ flags }: Command, argv: Argv): void {
    if (!this.databases.monitored || flags.includes('skip_monitor') || flags.includes('admin')) return
    this.databases.calling(argv, this.ks.index, this.port.address)
  }

  private executeNow(command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    try {
      const own = ownOf(command)
      if (own === undefined) run(this.ks, this.port.node?.ownOf(command) ?? command, argv, w)
      else {
        const work = own.run(this, argv, w)
        if (work !== undefined) return this.finished(work, w)
      }
    } catch (error) {
      if (command.connection !== undefined && error instanceof ReplyError) noteRefusal(this.ks, argv, error)
      fail(error, w)
    } finally {
      if (this.databases.pending) this.databases.commit()
    }
  }

  /** The end of a command that takes its time, with a status if it has written no reply itself. */
  private async finished(work: Promise<void>, w: ReplyWriter, status?: string): Promise<void> {
    this.working = true
    try {
      await work
      if (status !== undefined) w.status(status)
    } catch (error) {
      // What went wrong with files has no line of Redis.
      w.error(error instanceof ReplyError ? error.message : `ERR ${inLine(String((error as Error).message))}`)
    } finally {
      this.working = false
    }
  }

  /**
   * Waits until the time is over, in milliseconds and for ever when 0: for what will not come. Undefined inside a transaction,
   * where nothing waits.
   */
  sit(timeout: number): Promise<void> | undefined {
    if (this.databases.nested) return undefined
    return new Promise((resolve, reject) => {
      const over = (error?: unknown): void => {
        this.waiter = undefined
        if (error === undefined) resolve()
        else reject(error)
      }
      const nothing = { keys: [], type: 'list', whatever: false, signal: undefined, attempt: () => null } as const
      this.waiter = new Waiter(this.ks, { ...nothing, timeout }, () => over(), over)
      this.databases.waiting.add(this.waiter)
    })
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
    const { node } = this.port
    if (node !== undefined) {
      const slots = new Set(transaction.queue.map(({ argv, command }) => node.slotOf(command, argv)))
      slots.delete(undefined)
      if (slots.size > 1) throw new ReplyError(clusterLines.crossSlot)
    }
    if (watch !== undefined && !watch.holds()) return w.nullArray()
    this.databases.batch(() => {
      w.array(transaction.queue.length)
      for (const { argv, command } of transaction.queue) {
        this.calling(command, argv)
        void this.executeNow(command, argv, w)
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
    this.tell(`${words[kind]}subscribe`, kind, name, w)
  }

  /** Ends subscriptions, all of a kind when none is named. */
  unsubscribe(kind: SubscriptionKind, names: readonly string[], w: ReplyWriter): void {
    const own = this.subscriptions[kind]
    const all = names.length > 0 ? names : [...own]
    if (all.length === 0) this.tell(`${words[kind]}unsubscribe`, kind, null, w)
    for (const name of all) {
      if (own.delete(name)) this.databases.pubsub.unsubscribe(kind, name, this)
      this.tell(`${words[kind]}unsubscribe`, kind, name, w)
    }
  }

  private tell(what: string, kind: SubscriptionKind, name: string | null, w: ReplyWriter): void {
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

  private get subscribedAtAll(): boolean {
    return this.subscribed + this.subscriptions.shard.size > 0
  }

  /** True when messages may come at any time. */
  get receivesMessages(): boolean {
    return this.subscribedAtAll || this.stopMonitor !== undefined
  }

  /** True when RESP2 leaves this client little else to do than to listen. */
  get listening(): boolean {
    return this.resp === 2 && this.subscribedAtAll
  }

  message(channel: string, payload: string, pattern: string | undefined, shard: boolean): void {
    this.port.push(w => {
      w.push(pattern === undefined ? 3 : 4)
      w.bulk(pattern === undefined ? (shard ? 'smessage' : 'message') : 'pmessage')
      if (pattern !== undefined) w.bulk(pattern)
      w.bulk(channel)
      w.bulk(payload)
    })
  }

  /** Sends every command that any session executes from now on. */
  monitor(): void {
    this.stopMonitor ??= this.databases.monitor(line => this.port.push(w => w.status(line)))
  }

  // ---- the end ----------------------------------------------------------------------------------------------------

  /** As after connecting. */
  reset(): void {
    this.discard()
    for (const kind of kinds) {
      for (const name of this.subscriptions[kind]) this.databases.pubsub.unsubscribe(kind, name, this)
      this.subscriptions[kind].clear()
    }
    this.stopMonitor?.()
    this.stopMonitor = undefined
    this.fieldsets.clear()
    this.ks = this.databases.at(0)
    this.resp = 2
    this.name = ''
    this.user = this.clients.users.locked ? undefined : this.clients.users.default
  }

  /** Leaves nothing behind: no watch, no subscription, no wait. */
  close(): void {
    if (this.ended) return
    this.ended = true
    this.clients.remove(this)
    if (this.waiter !== undefined) this.databases.waiting.fail(this.waiter, new ReplyError(lines.closed))
    this.reset()
    this.port.end()
  }
}

/** A client that has the store itself, and so need not say who it is. It begins in the database given. */
export function insider(ks: Keyspace, port?: Port): Session {
  const clients = clientsOf(ks.databases)
  const session = new Session(clients, port)
  session.user = clients.users.default
  session.ks = ks
  return session
}

/** What is answered in place of a transaction of which one command cannot be run at all. */
export function discardedBecause(error: ReplyError): string {
  return `EXECABORT Transaction discarded because of: ${error.message.slice(error.code.length + 1)}`
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

/** What a command does that concerns the client: put into the table by `commands.ts`. */
function ownOf(command: Command): ConnectionCommand | undefined {
  return command.connection as ConnectionCommand | undefined
}

function fail(error: unknown, w: ReplyWriter): void {
  if (!(error instanceof ReplyError)) throw error
  w.error(error.message)
}
