import { spelled } from '../commands/info.ts'
import { attend } from '../commands/wait.ts'
import type { Databases } from '../databases.ts'
import { inLine, lines, ReplyError } from '../errors.ts'
import type { Watch } from '../events.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Gate } from '../ports.ts'
import type { Subscriber, SubscriptionKind } from '../pubsub.ts'
import { parseInteger } from '../util/numbers.ts'
import { Waiter } from '../waiting.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { type Command, commandOf, noteRefusal, paramsOf, replyOf, run, runsScripts } from '../wire/table.ts'
import type { User } from './acl.ts'
import { aclLines, type Denial, denied, deniedSince } from './acl-lines.ts'
import { clientLine } from './client-line.ts'
import { type Clients, clientsOf } from './clients.ts'
import { clusterLines, type ClusterNode } from './cluster.ts'
import type { ConnectionCommand } from './row.ts'
import type { Tracked } from './tracking.ts'

/** What `execute` takes: words, the first of which names the command. */
export type Argv = readonly string[]

interface Transaction {
  readonly queue: { readonly argv: Argv; readonly command: Command }[]
  /** True when a command could not be queued: EXEC will refuse. */
  broken: boolean
}

/** What a session asks of the connection that it belongs to. */
export interface Port {
  /** Where the client is and what it has reached, as CLIENT LIST shows them. */
  readonly address: string
  readonly localAddress: string
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
export const noPort: Port = { address: 'embedis', localAddress: 'embedis', push: () => {}, end: () => {} }

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
  /** What the client's library says of itself, by CLIENT SETINFO. */
  library: { name: string; version: string }
  /** Undefined while a client has not said who it is, and need not or may do nothing. */
  user: User | undefined
  ks: Keyspace
  transaction: Transaction | undefined
  watch: Watch | undefined
  /** The lists of fields that HIMPORT has named. */
  readonly fieldsets: Map<string, readonly string[]>
  /** When it came, and when it last sent something. */
  readonly since: number
  lastAt: number
  lastCommand: Command | undefined
  /** How it is told of changes to what it has read; undefined when it is not. */
  tracked: Tracked | undefined
  /** Which replies are sent: all, none, or all but that of this command (`skip`), or of the next one. */
  replies: 'on' | 'off' | 'skip' | 'next'
  /** As CLIENT NO-EVICT and CLIENT NO-TOUCH say. */
  kept: boolean
  untouching: boolean
  /** True once the connection is to end. */
  ended: boolean
  private readonly subscriptions: Record<SubscriptionKind, Set<string>>
  private stopMonitor: (() => void) | undefined
  private waiter: Waiter | undefined
  /** True while a command is executed that takes its time, such as SAVE. */
  private working: boolean
  /** True while CLIENT PAUSE holds a command back. */
  private held: boolean
  /** True when the connection is to end with the command that is executed. */
  private leaving: boolean

  constructor(clients: Clients, port: Port = noPort) {
    const { databases } = clients
    this.clients = clients
    this.databases = databases
    this.port = port
    this.resp = 2
    this.name = ''
    this.library = { name: '', version: '' }
    this.user = clients.users.locked ? undefined : clients.users.default
    this.ks = databases.at(0)
    this.transaction = undefined
    this.watch = undefined
    this.fieldsets = new Map()
    this.since = databases.now()
    this.lastAt = this.since
    this.lastCommand = undefined
    this.tracked = undefined
    this.replies = 'on'
    this.kept = false
    this.untouching = false
    this.ended = false
    this.subscriptions = { channel: new Set(), pattern: new Set(), shard: new Set() }
    this.stopMonitor = undefined
    this.waiter = undefined
    this.working = false
    this.held = false
    this.leaving = false
    this.id = clients.add(this)
  }

  // ---- the gate ---------------------------------------------------------------------------------------------------

  /** Executes a command and writes its reply; a promise when it has to wait for it. Errors are replies. */
  execute(argv: Argv, w: ReplyWriter): Promise<void> | void {
    let command: Command
    try {
      command = commandOf(argv)
      this.lastCommand = command
      this.mayRun(command, argv)
    } catch (error) {
      return this.refused(error, argv, w)
    }
    if (this.clients.pause.until !== 0) {
      const held = this.holdBack(command, argv, w)
      if (held !== undefined) return held
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
    // Inside a transaction or batch nothing waits.
    if (command.wait !== undefined && !this.databases.nested) return this.executeWaiting(command, argv, w)
    const work = command.later?.(this.ks, argv)
    if (work !== undefined) return this.finished(work, w, 'OK')
    const done = this.executeNow(command, argv, w)
    if (this.leaving) this.close()
    return done
  }

  /** Executes a command when CLIENT PAUSE lets it; undefined when it does now, and where nothing waits. */
  private holdBack(command: Command, argv: Argv, w: ReplyWriter): Promise<void> | undefined {
    const pause = this.clients.pausedFor(mayWrite(command, this.transaction))
    const over = pause === 0 ? undefined : this.sit(pause)
    if (over === undefined) return undefined
    this.held = true
    return over.then(
      () => {
        this.held = false
        return this.execute(argv, w)
      },
      error => {
        this.held = false
        fail(error, w)
      },
    )
  }

  /** Writes what is sent even when replies are not. */
  say(w: ReplyWriter, write: (to: ReplyWriter) => void): void {
    if (this.replies === 'on') write(w)
    else this.port.push(write)
  }

  /** Ends the wait of a command that was held back. */
  goOn(): void {
    if (this.held && this.waiter !== undefined) this.databases.waiting.finish(this.waiter, null)
  }

  /** Ends the wait of this client's command, as if its time were over or with an error; false when none waits. */
  unblock(error?: ReplyError): boolean {
    const { waiter } = this
    if (waiter === undefined || this.held) return false
    const { waiting } = this.databases
    return error === undefined ? waiting.finish(waiter, null) : waiting.fail(waiter, error)
  }

  /** True while the client may do nothing but say who it is. */
  get isStranger(): boolean {
    return this.user === undefined && this.clients.users.locked
  }

  /** Whose permissions count. */
  get rights(): User {
    return this.user ?? this.clients.users.default
  }

  /** Throws when this client may not do this, or not now. */
  private mayRun(command: Command, argv: Argv): void {
    if (this.isStranger && !command.flags.includes('no_auth')) throw new ReplyError(lines.noAuth)
    if (this.transaction !== undefined && command.flags.includes('no_multi')) throw new ReplyError(lines.noMulti)
    const { rights } = this
    if (!rights.everything) {
      const denial = rights.stops(command, argv)
      if (denial !== undefined) {
        this.noteDenial(denial, this.transaction === undefined ? 'toplevel' : 'multi')
        throw new ReplyError(denied(rights.name, denial))
      }
    }
    this.port.node?.mayRun(command, argv)
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

  /** Writes down what was denied, to this user or to whoever it tried to be. */
  noteDenial(
    { reason, object }: Denial | { reason: 'auth'; object: string },
    context: 'toplevel' | 'multi' | 'lua',
    user: string = this.rights.name,
  ): void {
    this.clients.log.add(this.databases.now(), { reason, context, object, user, client: clientLine(this) })
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

  /** Tells those who monitor of a command that has been executed, and remembers what it has read. */
  private called(command: Command, argv: Argv): void {
    const { tracked, clients } = this
    if (tracked !== undefined) {
      clients.tracking.read(this, command, argv)
      // CACHING holds for one command, or for one transaction.
      if (this.transaction === undefined && command.name !== 'CLIENT CACHING') tracked.chosen = false
    }
    const { flags } = command
    if (!this.databases.monitored || flags.includes('skip_monitor') || flags.includes('admin')) return
    this.databases.calling(redacted(argv), this.ks.index, this.port.address)
  }

  private executeNow(command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    const { clients } = this
    const outer = clients.active
    clients.active = this
    try {
      const own = ownOf(command)
      if (!this.rights.everything) this.mayFollow(command, argv)
      // Before what a script does is told of.
      if (this.databases.monitored && runsScripts(command)) {
        this.databases.calling(argv, this.ks.index, this.port.address)
      }
      if (own === undefined) run(this.ks, this.port.node?.ownOf(command) ?? command, argv, w)
      else {
        const work = this.runOwn(own, command, argv, w)
        if (work !== undefined) return this.finished(work, w)
      }
    } catch (error) {
      fail(error, w)
    } finally {
      this.called(command, argv)
      if (this.databases.pending) this.databases.commit()
      clients.active = outer
    }
  }

  /**
   * Throws when SORT would read keys that no argument names and that this client may not read. What stands before is read as
   * SORT does; when that is wrong, SORT says so.
   */
  mayFollow(command: Command, argv: Argv): void {
    if (command.name !== 'SORT' && command.name !== 'SORT_RO') return
    for (let at = 2; at + 1 < argv.length; at++) {
      const word = argv[at].toUpperCase()
      if (word === 'LIMIT') {
        const limits = argv.slice(at + 1, at + 3)
        if (limits.length < 2 || limits.some(limit => parseInteger(limit) === undefined)) return
        at += 2
      } else if (word === 'STORE' && command.name === 'SORT') at++
      else if (word === 'GET' || word === 'BY') {
        at++
        // BY a name without a star does not sort, and reads nothing.
        if (word === 'BY' && !argv[at].includes('*')) continue
        if (!this.rights.readsAll(command, argv)) throw new ReplyError(aclLines[word === 'BY' ? 'sortBy' : 'sortGet'])
      } else if (word !== 'ASC' && word !== 'DESC' && word !== 'ALPHA') return
    }
  }

  /** As a script runs a command that concerns a client: this one, which is the script's own. */
  runWithin(command: Command, argv: Argv, w: ReplyWriter): void {
    const own = ownOf(command)
    if (own !== undefined) void this.runOwn(own, command, argv, w)
  }

  /** Runs what concerns the client, and counts it as other commands are. */
  private runOwn(own: ConnectionCommand, command: Command, argv: Argv, w: ReplyWriter): Promise<void> | void {
    const { databases } = this
    const { stats } = databases
    if (stats === null) return own.run(this, argv, w)
    const start = stats.start(databases)
    let failure: unknown
    try {
      return own.run(this, argv, w)
    } catch (error) {
      if (error instanceof ReplyError) failure = error
      throw error
    } finally {
      stats.ran(command, redacted(argv), stats.end(databases) - start, databases, failure)
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
    const { clients } = this
    const outer = clients.active
    const { stats } = this.databases
    const start = stats === null ? 0 : this.databases.ticks()
    let spent: number | undefined
    /** Counts the command once it is over; the time that it has waited is none that it took. */
    const over = (error: ReplyError | undefined): void => {
      stats?.ran(command, argv, spent ?? this.databases.ticks() - start, this.databases, error)
    }
    let waited: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined
    try {
      const params = paramsOf(command, argv, this.databases.list.length)
      const done = (result: unknown): void => {
        this.waiter = undefined
        // A wait that has timed out is answered by the same null, whatever the command.
        if (result === null && waited !== undefined) w.nullArray()
        else replyOf(command, params).write(result, w)
        over(undefined)
        waited?.resolve()
      }
      const failed = (error: unknown): void => {
        this.waiter = undefined
        if (!(error instanceof ReplyError)) return waited?.reject(error)
        w.error(error.message)
        over(error)
        waited?.resolve()
      }
      clients.active = this
      this.waiter = attend(this.ks, op, wait, params, done, failed)
    } catch (error) {
      return fail(error, w)
    } finally {
      this.called(command, argv)
      clients.active = outer
    }
    if (this.waiter === undefined) return
    if (stats !== null) spent = this.databases.ticks() - start
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
    try {
      this.execQueued(transaction, watch, w)
    } finally {
      this.discard()
    }
  }

  private execQueued(transaction: Transaction, watch: Watch | undefined, w: ReplyWriter): void {
    const holds = watch === undefined || watch.holds()
    this.unwatch()
    if (transaction.broken) throw new ReplyError('EXECABORT Transaction discarded because of previous errors.')
    const { node } = this.port
    if (node !== undefined) {
      const slots = new Set(transaction.queue.map(({ argv, command }) => node.slotOf(command, argv)))
      slots.delete(undefined)
      if (slots.size > 1) throw new ReplyError(clusterLines.crossSlot)
    }
    if (!holds) return w.nullArray()
    this.databases.batch(() => {
      w.array(transaction.queue.length)
      for (const { argv, command } of transaction.queue) {
        const { rights } = this
        // Rights may have changed since the command was queued.
        const denial = rights.everything ? undefined : rights.stops(command, argv)
        if (denial !== undefined) {
          this.noteDenial(denial, 'multi')
          w.error(deniedSince(denial))
          continue
        }
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
    const count = kind === 'shard' ? this.subscriptions.shard.size : this.subscribed
    this.say(w, to => {
      to.push(3)
      to.bulk(what)
      if (name === null) to.null()
      else to.bulk(name)
      to.integer(count)
    })
  }

  /** Subscriptions by channel and pattern. */
  get subscribed(): number {
    return this.subscriptions.channel.size + this.subscriptions.pattern.size
  }

  get subscribedAtAll(): boolean {
    return this.subscribed + this.subscriptions.shard.size > 0
  }

  subscriptionsOf(kind: SubscriptionKind): ReadonlySet<string> {
    return this.subscriptions[kind]
  }

  get monitors(): boolean {
    return this.stopMonitor !== undefined
  }

  /** True when messages may come at any time. */
  get receivesMessages(): boolean {
    return this.subscribedAtAll || this.monitors
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
    this.clients.tracking.stop(this)
    this.replies = 'on'
    this.kept = false
    this.untouching = false
    this.user = this.clients.users.locked ? undefined : this.clients.users.default
  }

  /** Ends the connection because of what `by` does; when that is this client, once it has its answer. */
  expel(by: Session): void {
    if (by === this) this.leaving = true
    else this.close()
  }

  /** Leaves nothing behind: no watch, no subscription, no wait. */
  close(): void {
    if (this.ended) return
    this.ended = true
    this.clients.remove(this)
    // Before what waits is told, which is no reply any more.
    this.port.end()
    if (this.waiter !== undefined) this.databases.waiting.fail(this.waiter, new ReplyError(lines.closed))
    this.reset()
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

/** What is answered in place of a transaction of which one command cannot be run at all; ERR goes without saying. */
export function discardedBecause(error: ReplyError): string {
  const reason = error.code === 'ERR' ? error.message.slice(4) : error.message
  return `EXECABORT Transaction discarded because of: ${reason}`
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

/** What replicas are told of though it is no write. COMMAND does not say so. */
const replicated: ReadonlySet<string> = new Set(['PUBLISH', 'SPUBLISH', 'PFCOUNT', 'EVAL', 'EVALSHA', 'FCALL'])

/** True for what CLIENT PAUSE WRITE holds back: EXEC, too, when something that it runs is of that kind. */
function mayWrite({ flags, name }: Command, transaction: Transaction | undefined): boolean {
  if (flags.includes('write') || replicated.has(name)) return true
  return (
    name === 'EXEC' &&
    transaction !== undefined &&
    transaction.queue.some(({ command }) => mayWrite(command, undefined))
  )
}

/** What a command does that concerns the client: put into the table by `commands.ts`. */
function ownOf(command: Command): ConnectionCommand | undefined {
  return command.connection as ConnectionCommand | undefined
}

/** A command as others may see it: without what AUTH and HELLO give away. */
function redacted(argv: Argv): Argv {
  const name = argv[0].toUpperCase()
  if (name === 'AUTH') return argv.map((word, i) => (i === 0 ? word : hidden))
  if (name !== 'HELLO') return argv
  const auth = argv.findIndex(word => word.toUpperCase() === 'AUTH')
  return auth < 0 ? argv : argv.map((word, i) => (i === auth + 1 || i === auth + 2 ? hidden : word))
}

const hidden = '(redacted)'

function fail(error: unknown, w: ReplyWriter): void {
  if (!(error instanceof ReplyError)) throw error
  w.error(error.message)
}
