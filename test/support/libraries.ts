/**
 * Where the tests of test/libraries run: the same work, done once over embedis and once over redis-server, so that a test
 * that asks for the wrong thing fails on redis-server, too.
 *
 *   npx vitest run test/libraries -t 'on redis-server'
 */
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { Redis, type RedisOptions } from 'ioredis'
import * as nodeRedis from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { forStore } from '../../src/adapters/node/node-redis.ts'
import { listen } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { redisVersion, startRedis } from './redis.ts'

type NodeRedis = ReturnType<typeof nodeRedis.createClient>

/** What a library is given to reach its Redis. */
export interface Place {
  /** A client of ioredis; on embedis one that stays in the process. Closed after the test, behind all that uses it. */
  ioredis(options?: RedisOptions): Redis
  /** A connected client of node-redis; on embedis over its Unix socket. Closed as those of ioredis. */
  nodeRedis(): Promise<NodeRedis>
  /** For libraries that bring a client of their own: a port of 127.0.0.1. */
  readonly port: number
  /** `redis://127.0.0.1:port` */
  readonly url: string
  /** At the end of a test, in the order they were added from the last to the first. */
  after(close: () => unknown): void
}

interface Server {
  readonly port: number
  ioredis(options: RedisOptions): Redis
  nodeRedis(): NodeRedis
  close(): Promise<void>
}

/** An engine for scripts comes with the ways to reach the store. */
async function embedis(): Promise<Server> {
  const store = new Store()
  const server = await listen(store)
  const createClient = forStore(nodeRedis.createClient, store)
  return {
    port: server.port,
    ioredis: options => createRedis(store, options),
    nodeRedis: () => createClient() as NodeRedis,
    close: async () => {
      await server.close()
      await store.close()
    },
  }
}

async function redisServer(): Promise<Server> {
  const server = await startRedis({ tcp: true })
  if (server === undefined) throw new Error('redis-server did not start')
  const { port, path } = server
  return {
    port,
    ioredis: options => new Redis({ ...options, path }),
    nodeRedis: () => nodeRedis.createClient({ socket: { path, tls: false } }),
    close: server.stop,
  }
}

/** What keeps the process alive, but for timers: those are the test runner's too. */
const resources = (): string[] => process.getActiveResourcesInfo().filter(name => !/Timeout|Immediate/.test(name))

/** The tests of a library, in both places. */
export function library(name: string, tests: (place: Place) => void): void {
  describe(`${name} on embedis`, () => tests(placeOf(embedis)))
  describe.runIf(redisVersion() !== undefined)(`${name} on redis-server`, () => tests(placeOf(redisServer)))
}

function placeOf(start: () => Promise<Server>): Place {
  let server: Server
  let control: Redis
  let before: string[]
  const closing: (() => unknown)[] = []
  const clients: (() => unknown)[] = []

  beforeAll(async () => {
    before = resources()
    server = await start()
    control = server.ioredis({})
  })
  beforeEach(async () => void (await control.flushall()))
  afterEach(async () => {
    const failed: unknown[] = []
    for (const close of [...closing.splice(0).reverse(), ...clients.splice(0)]) {
      // Whatever fails, the others are closed.
      try {
        await close()
      } catch (error) {
        failed.push(error)
      }
    }
    expect(failed).toEqual([])
  })
  afterAll(async () => {
    control.disconnect()
    await server.close()
    await vi.waitFor(() => expect(resources()).toEqual(before), 5000)
  })

  return {
    get port() {
      return server.port
    },
    get url() {
      return `redis://127.0.0.1:${server.port}`
    },
    ioredis: options => {
      const client = server.ioredis(options ?? {})
      clients.push(() => client.disconnect())
      return client
    },
    nodeRedis: async () => {
      const client = server.nodeRedis()
      clients.push(() => (client.isOpen ? client.close() : undefined))
      return client.connect()
    },
    after: close => void closing.push(close),
  }
}

/** A port of 127.0.0.1 that an HTTP server was given. */
export function portOf(server: { address(): unknown }): number {
  return (server.address() as { port: number }).port
}

/** Serves an application of Express until the test is over; resolves with its URL. */
export async function serving(place: Place, app: { listen(port: number, host: string): HttpServer }): Promise<string> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  place.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${portOf(server)}`
}
