import RedisMock from 'ioredis-mock'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, over, type Suite, uniform } from './suite.ts'

const COUNT = 100_000
const FIELDS = ['name', 'email', 'age', 'city', 'visits', 'plan', 'since', 'score']

function record(i: number): Record<string, string> {
  return Object.fromEntries(FIELDS.map(field => [field, `${field}${i % 1000}`]))
}

async function fill(
  size: number,
  hset: (key: string, fields: Record<string, string>) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < size; i++) await hset(`user:${i}`, record(i))
}

export const suite: Suite = {
  name: 'Hashes of 8 fields',
  sizes: [1000, 100_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      for (let i = 0; i < size; i++) store.hset(`user:${i}`, record(i))
      const at = uniform(size, COUNT)
      return {
        cases: {
          hget: over(at, i => (store.hget(`user:${i}`, 'city') as string).length),
          hset: over(at, i => store.hset(`user:${i}`, 'city', `town${i}`)),
          hincrby: over(at, i => store.hincrby(`count:${i}`, 'n', 1)),
          hgetall: over(at, i => store.hgetall(`user:${i}`).city.length),
        },
      }
    },
    'Map of Maps': size => {
      const store = new Map<string, Map<string, string>>()
      for (let i = 0; i < size; i++) store.set(`user:${i}`, new Map(Object.entries(record(i))))
      const at = uniform(size, COUNT)
      return {
        cases: {
          hget: over(at, i => ((store.get(`user:${i}`) as Map<string, string>).get('city') as string).length),
          hset: over(at, i => (store.get(`user:${i}`) as Map<string, string>).set('city', `town${i}`).size),
          hgetall: over(at, i => Object.fromEntries(store.get(`user:${i}`) as Map<string, string>).city.length),
        },
      }
    },
    'ioredis-mock': async size => {
      if (size > 1000) return undefined
      const client = new RedisMock({ host: `hashes-${size}` })
      await client.flushall()
      await fill(size, (key, fields) => client.hset(key, fields))
      const at = uniform(size, COUNT)
      return {
        cases: {
          hget: awaited(at, async i => ((await client.hget(`user:${i}`, 'city')) as string).length),
          hset: awaited(at, i => client.hset(`user:${i}`, 'city', `town${i}`)),
          hincrby: awaited(at, i => client.hincrby(`count:${i}`, 'n', 1)),
          hgetall: awaited(at, async i => (await client.hgetall(`user:${i}`)).city.length),
        },
        close: () => client.disconnect(),
      }
    },
    redis: async size => {
      if (size > 1000) return undefined
      const server = await startRedis()
      if (server === undefined) return undefined
      const { client } = server
      await fill(size, (key, fields) => client.hset(key, fields))
      const at = uniform(size, COUNT)
      return {
        cases: { hget: awaited(at, async i => ((await client.hget(`user:${i}`, 'city')) as string).length) },
        close: () => server.close(),
      }
    },
  },
  claims: () => ({
    hget: { 'ioredis-mock': 5, redis: 50 },
    hset: { 'ioredis-mock': 5 },
    hincrby: { 'ioredis-mock': 5 },
    hgetall: { 'ioredis-mock': 5 },
  }),
}
