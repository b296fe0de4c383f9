import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, over, type Suite, uniform } from './suite.ts'

const COUNT = 100_000

export const suite: Suite = {
  name: 'HyperLogLogs with so many elements',
  // One that is sparse, and one that is dense.
  sizes: [500, 100_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      for (let i = 0; i < size; i++) store.pfadd('hll', `user:${i}`)
      for (let i = 0; i < size; i++) store.pfadd('other', `user:${i + size / 2}`)
      const at = uniform(size, COUNT)
      let next = size
      return {
        cases: {
          'pfadd, known': over(at, i => +store.pfadd('hll', `user:${i}`)),
          'pfadd, new': over(at, () => +store.pfadd('hll', `user:${next++}`)),
          'pfcount, known': over(at, () => store.pfcount('hll')),
          'pfcount of two': over(at, () => store.pfcount('hll', 'other'), 10),
          pfmerge: over(at, () => store.pfmerge('merged', 'hll', 'other').length, 10),
        },
      }
    },
    'Set of strings': size => {
      const set = new Set<string>()
      for (let i = 0; i < size; i++) set.add(`user:${i}`)
      const at = uniform(size, COUNT)
      return { cases: { 'pfadd, known': over(at, i => set.add(`user:${i}`).size) } }
    },
    redis: async size => {
      const server = await startRedis()
      if (server === undefined) return undefined
      const { client } = server
      for (let i = 0; i < size; i += 100) {
        await client.pfadd('hll', ...Array.from({ length: 100 }, (_, k) => `user:${i + k}`))
      }
      const at = uniform(size, COUNT)
      return {
        cases: {
          'pfadd, known': awaited(at, i => client.pfadd('hll', `user:${i}`)),
          'pfcount, known': awaited(at, () => client.pfcount('hll')),
        },
        close: () => server.close(),
      }
    },
  },
  claims: size => ({
    'pfadd, known': { redis: size > 1000 ? 30 : 10 },
    'pfcount, known': { redis: 50 },
  }),
}
