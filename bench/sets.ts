import RedisMock from 'ioredis-mock'
import { Store } from '../src/index.ts'
import { awaited, over, type Suite, uniform } from './suite.ts'

const COUNT = 100_000
const OTHER = 1000

export const suite: Suite = {
  name: 'Sets',
  sizes: [1000, 100_000, 1_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      store.sadd(
        'set',
        Array.from({ length: size }, (_, i) => `m:${i}`),
      )
      store.sadd(
        'other',
        Array.from({ length: OTHER }, (_, i) => `m:${i * 2}`),
      )
      const at = uniform(size, COUNT)
      return {
        cases: {
          sismember: over(at, i => (store.sismember('set', `m:${i}`) ? 1 : 0)),
          'sadd + srem': over(at, i => store.sadd('set', `x:${i}`) + store.srem('set', `x:${i}`)),
          [`sinter with ${OTHER}`]: over(at, () => store.sinter('set', 'other').length, 5),
        },
      }
    },
    Set: size => {
      const set = new Set(Array.from({ length: size }, (_, i) => `m:${i}`))
      const other = new Set(Array.from({ length: OTHER }, (_, i) => `m:${i * 2}`))
      const at = uniform(size, COUNT)
      return {
        cases: {
          sismember: over(at, i => (set.has(`m:${i}`) ? 1 : 0)),
          'sadd + srem': over(
            at,
            i => set.add(`x:${i}`).size + Number(set.delete(`x:${i}`)),
            size > 50_000 ? 20 : 1000,
          ),
          [`sinter with ${OTHER}`]: over(at, () => [...other].filter(member => set.has(member)).length, 5),
        },
      }
    },
    'ioredis-mock': async size => {
      if (size > 1000) return undefined
      const client = new RedisMock({ host: `sets-${size}` })
      await client.flushall()
      await client.sadd('set', ...Array.from({ length: size }, (_, i) => `m:${i}`))
      await client.sadd('other', ...Array.from({ length: OTHER }, (_, i) => `m:${i * 2}`))
      const at = uniform(size, COUNT)
      return {
        cases: {
          sismember: awaited(at, i => client.sismember('set', `m:${i}`)),
          'sadd + srem': awaited(
            at,
            async i => (await client.sadd('set', `x:${i}`)) + (await client.srem('set', `x:${i}`)),
            20,
          ),
          [`sinter with ${OTHER}`]: awaited(at, async () => (await client.sinter('set', 'other')).length, 2),
        },
        close: () => client.disconnect(),
      }
    },
  },
  claims: () => ({
    sismember: { 'ioredis-mock': 5 },
    'sadd + srem': { 'ioredis-mock': 5 },
    [`sinter with ${OTHER}`]: { 'ioredis-mock': 5 },
  }),
}
