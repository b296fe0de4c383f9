/**
 * ioredis on a store in the same process, without a socket:
 *
 * ```ts
 * import { Redis } from 'ioredis'
 * import { Store } from 'embedis'
 * import { connector } from 'embedis/ioredis'
 *
 * const store = new Store()
 * const redis = new Redis({ Connector: connector(store) })
 * await redis.set('greeting', 'hello')
 * store.get('greeting') // 'hello'
 * ```
 *
 * All of ioredis is as it is over a socket: pipelines, `multi`, `duplicate`, subscribers, commands that wait, `monitor`.
 * As a store keeps no process alive, neither does a client of it; a command that waits with a timeout does.
 */
import { Redis, type RedisOptions } from 'ioredis'
import type { Store } from '../../index.ts'
import { withScripts } from '../scripts.ts'
import { Pipe } from './pipe.ts'

/** What ioredis takes as its option `Connector`. */
export type Connector = NonNullable<RedisOptions['Connector']>

/**
 * The option `Connector` of ioredis: its clients are then clients of the store, beginning in the database given. Works
 * with any version from 5 on, and with every way to make a client: `new Redis`, `duplicate`, `monitor`.
 */
export function connector(store: Store): Connector {
  withScripts(store)
  class StoreConnector {
    private stream: Pipe | undefined
    private connecting: boolean

    constructor() {
      this.stream = undefined
      this.connecting = false
    }

    /** Whether a server that says this of itself will do. */
    check(): boolean {
      return true
    }

    connect(): Promise<Pipe> {
      this.connecting = true
      return new Promise((resolve, reject) => {
        process.nextTick(() => {
          // The words ioredis itself has for it.
          if (!this.connecting) return reject(new Error('Connection is closed.'))
          this.stream = new Pipe(store)
          resolve(this.stream)
        })
      })
    }

    disconnect(): void {
      this.connecting = false
      this.stream?.end()
    }
  }

  // ioredis' own class has private fields, so that none but its subclasses have its type.
  return StoreConnector as unknown as Connector
}

/** A client of the store: `new Redis` of ioredis with this `Connector`, and whatever other options it is to have. */
export function createRedis(store: Store, options: Omit<RedisOptions, 'Connector'> = {}): Redis {
  return new Redis({ ...options, Connector: connector(store) })
}
