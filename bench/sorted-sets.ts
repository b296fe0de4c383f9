import RedisMock from 'ioredis-mock'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { SkipList } from './peers/skip-list.ts'
import { awaited, type Built, chance, over, type Suite, uniform, zipf } from './suite.ts'

const COUNT = 100_000

/** The score that every subject gives to a member: spread, with some equal ones. */
function scores(size: number): Float64Array {
  const random = chance(7)
  return Float64Array.from({ length: size }, () => Math.floor(random() * size))
}

const member = (index: number): string => `player:${index}`

async function viaClient(
  size: number,
  client: {
    zadd(key: string, score: number, member: string): Promise<number | string>
    zincrby(key: string, by: number, member: string): Promise<string>
    zrank(key: string, member: string): Promise<number | null>
    zrange(key: string, start: number, stop: number): Promise<string[]>
  },
  close: () => void | Promise<void>,
): Promise<Built> {
  const given = scores(size)
  for (let i = 0; i < size; i++) await client.zadd('board', given[i], member(i))
  const at = uniform(size, COUNT)
  const random = chance(9)
  return {
    cases: {
      'zadd, update': awaited(
        at,
        async i => Number(await client.zadd('board', Math.floor(random() * size), member(i))),
        20,
      ),
      zincrby: awaited(at, async i => Number(await client.zincrby('board', 1, member(i))), 20),
      zrank: awaited(at, async i => (await client.zrank('board', member(i))) as number, 20),
      'zrange of 10': awaited(at, async i => (await client.zrange('board', i, i + 9)).length, 20),
    },
    close,
  }
}

export const suite: Suite = {
  name: 'A sorted set',
  sizes: [1000, 5000, 100_000, 1_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      const given = scores(size)
      store.zadd(
        'board',
        Array.from({ length: size }, (_, i) => ({ member: member(i), score: given[i] })),
      )
      const at = uniform(size, COUNT)
      const skewed = zipf(size, COUNT)
      const random = chance(9)
      let fresh = size
      return {
        cases: {
          zrank: over(at, i => store.zrank('board', member(i)) as number),
          zscore: over(at, i => store.zscore('board', member(i)) as number),
          'zrange of 10': over(at, i => store.zrange('board', i, i + 9).length),
          'zadd, update': over(at, i => store.zadd('board', Math.floor(random() * size), member(i))),
          zincrby: over(skewed, i => store.zincrby('board', 1, member(i))),
          'zadd, new': over(at, () => store.zadd('board', random() * size, member(fresh++)), 500),
        },
      }
    },
    'skip list': size => {
      const list = new SkipList()
      const given = scores(size)
      for (let i = 0; i < size; i++) list.add(member(i), given[i])
      const at = uniform(size, COUNT)
      const skewed = zipf(size, COUNT)
      const random = chance(9)
      let fresh = size
      return {
        cases: {
          zrank: over(at, i => list.rank(member(i))),
          zscore: over(at, i => list.score(member(i)) as number),
          'zrange of 10': over(at, i => list.range(i, i + 9).length),
          'zadd, update': over(at, i => Number(list.add(member(i), Math.floor(random() * size)))),
          zincrby: over(skewed, i => list.increment(member(i), 1)),
          'zadd, new': over(at, () => Number(list.add(member(fresh++), random() * size)), 500),
        },
      }
    },
    'ioredis-mock': async size => {
      if (size > 5000) return undefined
      const client = new RedisMock({ host: `zsets-${size}` })
      await client.flushall()
      return viaClient(size, client, () => client.disconnect())
    },
    redis: async size => {
      if (size > 5000) return undefined
      const server = await startRedis()
      return server === undefined ? undefined : viaClient(size, server.client, () => server.close())
    },
  },
  // The claims against the skip list are for a million members, those against ioredis-mock for five thousand.
  claims: size => ({
    zrank: { ...(size === 1_000_000 && { 'skip list': 5 }), ...(size === 5000 && { 'ioredis-mock': 100 }) },
    'zrange of 10': { ...(size === 1_000_000 && { 'skip list': 12 }), ...(size === 5000 && { 'ioredis-mock': 100 }) },
    'zadd, update': {
      ...(size === 1_000_000 && { 'skip list': 4 }),
      ...(size === 5000 && { 'ioredis-mock': 100 }),
      redis: 50,
    },
    'zadd, new': { ...(size === 1_000_000 && { 'skip list': 4 }) },
    zincrby: { 'ioredis-mock': 5 },
  }),
}
