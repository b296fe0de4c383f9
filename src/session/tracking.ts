import type { Tracker } from '../ports.ts'
import { compareText } from '../util/text.ts'
import { keysOf } from '../wire/key-places.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import { type Command, runsScripts } from '../wire/table.ts'
import type { Clients } from './clients.ts'
import type { Argv, Session } from './session.ts'

declare function queueMicrotask(callback: () => void): void

/** Where messages about changed keys go of clients that speak RESP2. */
const CHANNEL = '__redis__:invalidate'

/** How one client wants to be told that what it has copied is no longer true, as CLIENT TRACKING says. */
export interface Tracked {
  /** The client that is told in its place; 0 for itself. */
  readonly redirect: number
  /** Tells of all keys that begin with one of the prefixes, whether the client has read them or not. */
  readonly broadcast: boolean
  readonly prefixes: ReadonlySet<string>
  /** The keys of a command are remembered when CACHING YES came before it, or unless CACHING NO did. */
  readonly only: 'in' | 'out' | undefined
  /** Does not tell of what the client itself has changed. */
  readonly quiet: boolean
  /** The keys of the next command are those that `only` is about. */
  chosen: boolean
  /** True when the client that is told in its place has gone. */
  broken: boolean
}

/** A change that is not yet committed: who had read the key, and whose command it was. */
interface Pending {
  readonly key: string
  readonly readers: Set<number> | undefined
  readonly active: Session | undefined
}

/** Keys that begin with a prefix, and changed since that was last told, with the client that changed each. */
type Changed = Map<string, Session | undefined>

/**
 * Which clients have read which keys, and who is told of their changes: client-side caching. A key is remembered by name
 * whatever its database, and until the first change, as in Redis.
 */
export class Tracking implements Tracker {
  private readonly clients: Clients
  /** The numbers of those who have read a key; in the order in which keys were first read. */
  private readonly readers: Map<string, Set<number>>
  private readonly prefixes: Map<string, Changed>
  private readonly all: Set<Session>
  /** How many keys are remembered; beyond that the oldest are told to have changed. 0 when there is no limit. */
  most: number
  private pending: Pending[]
  private due: boolean

  constructor(clients: Clients) {
    this.clients = clients
    this.readers = new Map()
    this.prefixes = new Map()
    this.all = new Set()
    this.most = 1_000_000
    this.pending = []
    this.due = false
  }

  /** Begins, or goes on in another way. */
  start(session: Session, tracked: Tracked): void {
    session.tracked = tracked
    this.all.add(session)
    for (const prefix of tracked.prefixes) if (!this.prefixes.has(prefix)) this.prefixes.set(prefix, new Map())
    this.clients.databases.track(this)
  }

  stop(session: Session): void {
    if (!this.all.delete(session)) return
    session.tracked = undefined
    for (const prefix of this.prefixes.keys()) {
      if (![...this.all].some(other => other.tracked?.prefixes.has(prefix))) this.prefixes.delete(prefix)
    }
    if (this.all.size > 0) return
    this.readers.clear()
    this.clients.databases.track(null)
  }

  /** How many there are of what INFO counts. */
  get counts(): { clients: number; keys: number; items: number; prefixes: number } {
    let items = 0
    for (const ids of this.readers.values()) items += ids.size
    return { clients: this.all.size, keys: this.readers.size, items, prefixes: this.prefixes.size }
  }

  /** Remembers the keys that a client has read by this command, if it is to be told of their changes. */
  read(session: Session, command: Command, argv: Argv): void {
    // Of a script it depends on what it does.
    if (!command.flags.includes('readonly') || runsScripts(command)) return
    this.remember(
      session,
      keysOf(command, argv).map(({ at }) => argv[at]),
    )
  }

  /** Remembers that a client has read these keys. */
  remember(session: Session, keys: readonly string[]): void {
    const { tracked } = session
    if (tracked === undefined || tracked.broadcast) return
    if (tracked.only !== undefined && (tracked.only === 'in') !== tracked.chosen) return
    for (const key of keys) {
      const ids = this.readers.get(key)
      if (ids === undefined) this.readers.set(key, new Set([session.id]))
      else ids.add(session.id)
    }
    this.forgetOldest()
  }

  /** Remembers so many keys from now on. */
  limit(most: number): void {
    this.most = most
    this.forgetOldest()
  }

  private forgetOldest(): void {
    if (this.most === 0) return
    for (const key of this.readers.keys()) {
      if (this.readers.size <= this.most) return
      this.tellReaders(this.taken(key, undefined))
    }
  }

  changed(key: string): void {
    this.pending.push(this.taken(key, this.clients.active))
  }

  private taken(key: string, active: Session | undefined): Pending {
    const readers = this.readers.get(key)
    this.readers.delete(key)
    return { key, readers, active }
  }

  committed(): void {
    const { pending } = this
    if (pending.length === 0) return
    this.pending = []
    for (const change of pending) {
      for (const [prefix, changed] of this.prefixes) {
        if (!change.key.startsWith(prefix)) continue
        changed.set(change.key, change.active)
        this.tellSoon()
      }
      this.tellReaders(change)
    }
  }

  /** Who had read a key is to be told of a later change. */
  takenBack(): void {
    const { pending } = this
    this.pending = []
    for (const { key, readers } of pending) {
      if (readers === undefined) continue
      this.readers.set(key, new Set([...(this.readers.get(key) ?? []), ...readers]))
    }
  }

  flushed(): void {
    this.readers.clear()
    for (const session of this.all) this.tell(session, null)
  }

  private tellReaders({ key, readers, active }: Pending): void {
    if (readers === undefined) return
    for (const id of readers) {
      const session = this.clients.all.get(id)
      const tracked = session?.tracked
      if (session === undefined || tracked === undefined || tracked.broadcast) continue
      if (!(tracked.quiet && session === active)) this.tell(session, [key])
    }
  }

  /** What changes in one turn is told together. */
  private tellSoon(): void {
    if (this.due) return
    this.due = true
    queueMicrotask(() => {
      this.due = false
      for (const [prefix, changed] of this.prefixes) this.tellPrefix(prefix, changed)
    })
  }

  private tellPrefix(prefix: string, changed: Changed): void {
    if (changed.size === 0) return
    const keys = [...changed.keys()].sort(compareText)
    for (const session of this.all) {
      const { tracked } = session
      if (tracked?.prefixes.has(prefix) !== true) continue
      const others = tracked.quiet ? keys.filter(key => changed.get(key) !== session) : keys
      if (others.length > 0) this.tell(session, others)
    }
    changed.clear()
  }

  /** Tells a client, or the one in its place, of these keys; of all there are when `keys` is null. */
  private tell(session: Session, keys: readonly string[] | null): void {
    const tracked = session.tracked as Tracked
    const { redirect } = tracked
    const to = redirect === 0 ? session : this.clients.all.get(redirect)
    if (to === undefined) {
      tracked.broken = true
      if (session.resp === 3) session.port.push(w => brokenTo(redirect, w))
      return
    }
    if (to.resp === 2 && (redirect === 0 || !to.subscribedAtAll)) return
    to.port.push(w => {
      w.push(to.resp === 3 ? 2 : 3)
      if (to.resp === 3) w.bulk('invalidate')
      else {
        w.bulk('message')
        w.bulk(CHANNEL)
      }
      if (keys === null) return w.null()
      w.array(keys.length)
      for (const key of keys) w.bulk(key)
    })
  }
}

function brokenTo(redirect: number, w: ReplyWriter): void {
  w.push(2)
  w.bulk('tracking-redir-broken')
  w.integer(redirect)
}
