/**
 * A program's own client, unchanged: over the store in its process, and over loopback to a redis-server, as programs and
 * tests have it. What is measured is mostly the client and the way to its server.
 */
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { createClient as nodeRedis } from 'redis'
import { createRedis } from '../src/adapters/node/ioredis.ts'
import { createClient } from '../src/adapters/node/node-redis.ts'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, type Built, type Case, type Suite, uniform } from './suite.ts'

const OPS = 200_000
const value = 'value:0123456789abcd'

/** What is used of node-redis. */
interface Getter {
  get(key: string): Promise<string | null>
}

async function built(client: Redis, other: Getter, size: number, close: () => Promise<void>): Promise<Built> {
  for (let from = 0; from < size; from += 1000) {
    const pipeline = client.pipeline()
    for (let i = from; i < from + 1000; i++) pipeline.set(`user:${i}`, value)
    await pipeline.exec()
  }
  const indexes = uniform(size, OPS)
  const pipelined: Case = {
    ops: 100,
    work: async () => {
      const pipeline = client.pipeline()
      for (let i = 0; i < 100; i++) pipeline.get(`user:${indexes[i]}`)
      return (await pipeline.exec())?.length ?? 0
    },
  }
  const together: Case = {
    ops: 100,
    work: async () => {
      const gets = Array.from({ length: 100 }, (_, i) => client.get(`user:${indexes[i]}`))
      return (await Promise.all(gets)).length
    },
  }
  return {
    cases: {
      'get, awaited one by one': awaited(indexes, async i => (await client.get(`user:${i}`))?.length ?? 0),
      'set, awaited one by one': awaited(indexes, async i => (await client.set(`user:${i}`, value)).length),
      'incr, awaited one by one': awaited(indexes, i => client.incr(`count:${i}`)),
      '100 gets at once': together,
      'pipeline of 100 gets': pipelined,
      'node-redis: get, awaited one by one': awaited(indexes, async i => (await other.get(`user:${i}`))?.length ?? 0),
    },
    close,
  }
}

async function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}

export const suite: Suite = {
  name: 'Clients, over the store and over loopback',
  sizes: [10_000],
  subjects: {
    embedis: async size => {
      const store = new Store()
      const client = createRedis(store)
      const other = await createClient(store).connect()
      return built(client, other, size, async () => {
        await client.quit()
        await other.close()
      })
    },
    'redis over loopback': async size => {
      const port = await freePort()
      const server = await startRedis(['--port', String(port), '--bind', '127.0.0.1'])
      if (server === undefined) return undefined
      const client = new Redis(port, '127.0.0.1')
      const other = await nodeRedis({ socket: { port, host: '127.0.0.1' } }).connect()
      return built(client, other, size, async () => {
        client.disconnect()
        other.destroy()
        await server.close()
      })
    },
  },
  claims: () => ({
    'get, awaited one by one': { 'redis over loopback': 2 },
    'set, awaited one by one': { 'redis over loopback': 2 },
    'incr, awaited one by one': { 'redis over loopback': 2 },
  }),
}
