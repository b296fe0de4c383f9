import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Databases } from '../../databases.ts'
import type { Store } from '../../index.ts'
import { keyspaceOf } from '../../install.ts'
import { withScripts } from '../scripts.ts'
import { listen, type Server } from './server.ts'

/**
 * A Unix socket of this process alone, for client libraries that can only connect: it lies in a directory that nobody
 * else may enter, is there as long as somebody uses it, and has the same path each time.
 */
export class Endpoint {
  readonly path: string
  private readonly store: Store
  private readonly directory: string
  private readonly users: Set<object>
  private server: Promise<Server> | undefined
  /** Resolves when the last server that was closed has gone. */
  private gone: Promise<void>
  private readonly remove: () => void

  constructor(store: Store) {
    // Nobody can guess the name, and `mkdir` fails where somebody did.
    this.directory = path.join(tmpdir(), `embedis-${randomBytes(8).toString('hex')}`)
    this.path = path.join(this.directory, 'socket')
    this.store = store
    this.users = new Set()
    this.server = undefined
    this.gone = Promise.resolve()
    this.remove = () => rmSync(this.directory, { recursive: true, force: true })
  }

  /** Opens it, unless it is open, for one more. */
  async open(user: object): Promise<void> {
    this.users.add(user)
    this.server ??= this.start()
    try {
      await this.server
    } catch (error) {
      this.users.delete(user)
      this.server = undefined
      this.remove()
      throw error
    }
  }

  private async start(): Promise<Server> {
    await this.gone
    mkdirSync(this.directory, { mode: 0o700 })
    process.once('exit', this.remove)
    return listen(this.store, { path: this.path })
  }

  /** One does not use it any more; it is closed when it was the last. */
  leave(user: object): void {
    const { server } = this
    if (!this.users.delete(user) || this.users.size > 0 || server === undefined) return
    this.server = undefined
    this.gone = server.then(async one => {
      await one.close()
      this.remove()
      process.off('exit', this.remove)
    })
  }

  /** Resolves when nothing is left of it, or somebody uses it. */
  async settled(): Promise<void> {
    if (this.users.size === 0) await this.gone
  }
}

const endpoints = new WeakMap<Databases, Endpoint>()

/** The one of a store, which all its databases share. */
export function endpointOf(store: Store): Endpoint {
  const { databases } = keyspaceOf(store)
  let endpoint = endpoints.get(databases)
  withScripts(store)
  if (endpoint === undefined) {
    endpoint = new Endpoint(store)
    endpoints.set(databases, endpoint)
  }
  return endpoint
}
