import RedisMock from 'ioredis-mock'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, over, type Suite, uniform } from './suite.ts'

const COUNT = 100_000

export const suite: Suite = {
  name: 'A list',
  sizes: [1000, 100_000, 1_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      const elements = Array.from({ length: size }, (_, i) => `job:${i}`)
      store.rpush('list', elements)
      const at = uniform(size, COUNT)
      return {
        cases: {
          'lpush + rpop': over(at, i => store.lpush('list', `job:${i}`) + (store.rpop('list') as string).length),
          'rpush + lpop': over(at, i => store.rpush('list', `job:${i}`) + (store.lpop('list') as string).length),
          lindex: over(at, i => (store.lindex('list', i) as string).length),
          'lrange of 10': over(at, i => store.lrange('list', i - 10, i).length),
          // The pivot is near the head, so what is timed is the insertion and not the search.
          'linsert + lrem near the head': over(
            at,
            i => {
              const pivot = store.lindex('list', 200) as string
              return store.linsert('list', 'BEFORE', pivot, `new:${i}`) + store.lrem('list', 1, `new:${i}`)
            },
            100,
          ),
        },
      }
    },
    Array: size => {
      const list = Array.from({ length: size }, (_, i) => `job:${i}`)
      const at = uniform(size, COUNT)
      const ops = size > 50_000 ? 10 : 1000
      return {
        cases: {
          'lpush + rpop': over(at, i => list.unshift(`job:${i}`) + (list.pop() as string).length, ops),
          'rpush + lpop': over(at, i => list.push(`job:${i}`) + (list.shift() as string).length, ops),
          lindex: over(at, i => list[i].length),
          'lrange of 10': over(at, i => list.slice(Math.max(0, i - 10), i + 1).length),
        },
      }
    },
    'ioredis-mock': async size => {
      if (size > 1000) return undefined
      const client = new RedisMock({ host: `lists-${size}` })
      await client.flushall()
      await client.rpush('list', ...Array.from({ length: size }, (_, i) => `job:${i}`))
      const at = uniform(size, COUNT)
      return {
        cases: {
          'lpush + rpop': awaited(
            at,
            async i => (await client.lpush('list', `job:${i}`)) + ((await client.rpop('list')) as string).length,
          ),
          'rpush + lpop': awaited(
            at,
            async i => (await client.rpush('list', `job:${i}`)) + ((await client.lpop('list')) as string).length,
          ),
          lindex: awaited(at, async i => ((await client.lindex('list', i)) as string).length),
        },
        close: () => client.disconnect(),
      }
    },
    redis: async size => {
      if (size > 1000) return undefined
      const server = await startRedis()
      if (server === undefined) return undefined
      const { client } = server
      await client.rpush('list', ...Array.from({ length: size }, (_, i) => `job:${i}`))
      const at = uniform(size, COUNT)
      return {
        cases: {
          'lpush + rpop': awaited(
            at,
            async i => (await client.lpush('list', `job:${i}`)) + ((await client.rpop('list')) as string).length,
          ),
        },
        close: () => server.close(),
      }
    },
  },
  claims: () => ({
    'lpush + rpop': { 'ioredis-mock': 5, redis: 50 },
    'rpush + lpop': { 'ioredis-mock': 5 },
    lindex: { 'ioredis-mock': 5 },
  }),
}
