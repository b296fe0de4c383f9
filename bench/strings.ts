import type { Redis } from 'ioredis'
import RedisMock from 'ioredis-mock'
import { LRUCache } from 'lru-cache'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, type Built, over, type Suite, uniform, zipf } from './suite.ts'

const COUNT = 200_000
const value = (index: number): string => `value:${String(index).padStart(14, '0')}`
/** Built for each call, as real programs do: V8 keeps a string's hash in the string, which flatters a Map. */
const fresh = (index: number): string => `user:${index}`

function indexes(size: number): { even: Int32Array; skewed: Int32Array } {
  return { even: uniform(size, COUNT), skewed: zipf(size, COUNT) }
}

function embedis(size: number): Built {
  const store = new Store()
  const expiring = new Store()
  const counters = new Store()
  const keys: string[] = []
  for (let i = 0; i < size; i++) {
    keys.push(fresh(i))
    store.set(fresh(i), value(i))
    expiring.set(fresh(i), value(i), { ex: 100_000 })
    counters.incr(fresh(i))
  }
  const { even, skewed } = indexes(size)
  const text = 'another value of 20 b'
  return {
    cases: {
      'get, uniform': over(even, i => (store.get(fresh(i)) as string).length),
      'get, Zipf': over(skewed, i => (store.get(fresh(i)) as string).length),
      'get, same key objects': over(even, i => (store.get(keys[i]) as string).length),
      'get, all keys with TTL': over(even, i => (expiring.get(fresh(i)) as string).length),
      miss: over(even, i => (store.get(`miss:${i}`) === null ? 1 : 0)),
      set: over(even, i => store.set(fresh(i), text).length),
      'set with TTL': over(even, i => store.set(fresh(i), text, { ex: 1000 }).length),
      incr: over(even, i => counters.incr(fresh(i))),
    },
    close: () => {
      for (const one of [store, expiring, counters]) void one.close()
    },
  }
}

function map(size: number): Built {
  const store = new Map<string, string>()
  const counters = new Map<string, number>()
  const keys: string[] = []
  for (let i = 0; i < size; i++) {
    keys.push(fresh(i))
    store.set(fresh(i), value(i))
    counters.set(fresh(i), 1)
  }
  const { even, skewed } = indexes(size)
  const text = 'another value of 20 b'
  const get = over(even, i => (store.get(fresh(i)) as string).length)
  return {
    cases: {
      'get, uniform': get,
      'get, Zipf': over(skewed, i => (store.get(fresh(i)) as string).length),
      'get, same key objects': over(even, i => (store.get(keys[i]) as string).length),
      // A Map has no TTL: what it is compared with is the Map without.
      'get, all keys with TTL': get,
      miss: over(even, i => (store.get(`miss:${i}`) === undefined ? 1 : 0)),
      set: over(even, i => (store.set(fresh(i), text), 1)),
      incr: over(even, i => {
        const key = fresh(i)
        const next = (counters.get(key) as number) + 1
        counters.set(key, next)
        return next
      }),
    },
  }
}

function lru(size: number): Built {
  const store = new LRUCache<string, string>({ max: size })
  const expiring = new LRUCache<string, string>({ max: size, ttl: 100_000_000 })
  for (let i = 0; i < size; i++) {
    store.set(fresh(i), value(i))
    expiring.set(fresh(i), value(i))
  }
  const { even, skewed } = indexes(size)
  const text = 'another value of 20 b'
  return {
    cases: {
      'get, uniform': over(even, i => (store.get(fresh(i)) as string).length),
      'get, Zipf': over(skewed, i => (store.get(fresh(i)) as string).length),
      'get, all keys with TTL': over(even, i => (expiring.get(fresh(i)) as string).length),
      set: over(even, i => (store.set(fresh(i), text), 1)),
      'set with TTL': over(even, i => (expiring.set(fresh(i), text, { ttl: 1_000_000 }), 1)),
    },
  }
}

/** The cases of a client, awaited call by call. */
function viaClient(size: number, client: Redis): Built['cases'] {
  const { even } = indexes(size)
  const text = 'another value of 20 b'
  return {
    'get, uniform': awaited(even, async i => ((await client.get(fresh(i))) as string).length),
    set: awaited(even, async i => (await client.set(fresh(i), text)).length),
    'set with TTL': awaited(even, async i => (await client.set(fresh(i), text, 'EX', 1000)).length),
    incr: awaited(even, i => client.incr(`n:${i}`)),
  }
}

async function mock(size: number): Promise<Built | undefined> {
  // It copies its whole data at some calls; beyond this it takes minutes to fill.
  if (size > 100_000) return undefined
  const client = new RedisMock({ host: `strings-${size}` })
  await client.flushall()
  for (let i = 0; i < size; i++) await client.set(fresh(i), value(i))
  return {
    cases: viaClient(size, client),
    close: () => client.disconnect(),
  }
}

async function redis(size: number): Promise<Built | undefined> {
  if (size > 100_000) return undefined
  const server = await startRedis()
  if (server === undefined) return undefined
  const { client } = server
  for (let i = 0; i < size; i += 1000) {
    const pipeline = client.pipeline()
    for (let j = i; j < Math.min(size, i + 1000); j++) pipeline.set(fresh(j), value(j))
    await pipeline.exec()
  }
  return {
    cases: viaClient(size, client),
    close: () => server.close(),
  }
}

const mocked = { 'ioredis-mock': 5, redis: 50 }

export const suite: Suite = {
  name: 'Strings',
  sizes: [1000, 100_000, 1_000_000],
  subjects: { embedis, Map: map, 'lru-cache': lru, 'ioredis-mock': mock, redis },
  claims: size =>
    size < 100_000
      ? {}
      : {
          'get, uniform': { Map: 1, 'lru-cache': 2, ...mocked },
          'get, Zipf': { Map: 1, 'lru-cache': 2 },
          'get, same key objects': { Map: 0.7 },
          'get, all keys with TTL': { Map: 0.7 },
          miss: { Map: 2 },
          set: { Map: 1, 'lru-cache': 1.5, ...mocked },
          'set with TTL': { 'lru-cache': 1.5, 'ioredis-mock': 5 },
          incr: { Map: 1, ...mocked },
        },
}
