import type { Connections, Databases } from '../databases.ts'
import { Users } from './acl.ts'
import { AclLog } from './acl-log.ts'
import type { Session } from './session.ts'

/** All clients of a store, and what they share. */
export class Clients implements Connections {
  readonly databases: Databases
  readonly users: Users
  readonly log: AclLog
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

  get connected(): number {
    return this.all.size
  }
}

/** The clients of a store: one object for each store, made when it is first asked for. */
export function clientsOf(databases: Databases): Clients {
  databases.connections ??= new Clients(databases)
  return databases.connections as Clients
}
