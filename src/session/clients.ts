import type { Databases } from '../databases.ts'
import type { Connections } from '../ports.ts'
import { Users } from './acl.ts'
import { AclLog } from './acl-log.ts'
import type { Session } from './session.ts'
import { Tracking } from './tracking.ts'

/** All clients of a store, and what they share. */
export class Clients implements Connections {
  readonly databases: Databases
  readonly users: Users
  readonly log: AclLog
  readonly tracking: Tracking
  /** Whose command is executed. */
  active: Session | undefined
  /** Until when commands wait, in milliseconds since 1970, and whether those that only read do, too: CLIENT PAUSE. */
  readonly pause: { until: number; all: boolean }
  /** Those there are, by their number, the oldest first. */
  readonly all: Map<number, Session>
  private last: number
  most: number
  port: number
  clustered: boolean
  /** Ends the program that serves them, for SHUTDOWN; null when that is not for clients to do. */
  shutdown: (() => void | Promise<void>) | null

  constructor(databases: Databases) {
    this.databases = databases
    this.all = new Map()
    this.users = new Users(this.all)
    this.log = new AclLog()
    this.tracking = new Tracking(this)
    this.active = undefined
    this.pause = { until: 0, all: false }
    this.last = 0
    this.most = 10_000
    this.port = 0
    this.clustered = false
    this.shutdown = null
  }

  /** Takes up another one, and gives it its number. */
  add(session: Session): number {
    const id = ++this.last
    this.all.set(id, session)
    return id
  }

  remove(session: Session): void {
    this.all.delete(session.id)
  }

  get caller(): { address: string; name: string } | undefined {
    return this.active === undefined ? undefined : { address: this.active.port.address, name: this.active.name }
  }

  get tracked(): Tracking['counts'] {
    return this.tracking.counts
  }

  /** Milliseconds for which commands are held back; only those that may write, unless `all` is true. */
  pausedFor(writes: boolean): number {
    const { until, all } = this.pause
    if (!(all || writes)) return 0
    return Math.max(0, until - this.databases.now())
  }

  /** Lets commands go on that CLIENT PAUSE holds back. */
  unpause(): void {
    this.pause.until = 0
    this.pause.all = false
    for (const session of this.all.values()) session.goOn()
  }

  get connected(): number {
    return this.all.size
  }
}

/** The clients of a store: one object for each store, made when it is first asked for. */
export function clientsOf(databases: Databases): Clients {
  databases.connections ??= new Clients(databases)
  return databases.connections as Clients
}
