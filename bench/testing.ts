/** What a test pays for a store of its own, beside ioredis-mock and beside filling a store anew. */
import RedisMock from 'ioredis-mock'
import { createTestStore } from '../src/testing/index.ts'
import type { Suite } from './suite.ts'

const KEYS = 100_000

const keys = Array.from({ length: KEYS }, (_, i) => [`user:${i}`, `value:${i}`] as const)
const data = Object.fromEntries(keys)

export const suite: Suite = {
  name: 'Stores for tests',
  sizes: [KEYS],
  subjects: {
    embedis: () => {
      const base = createTestStore({ data })
      const saved = base.snapshot()
      const changed = createTestStore({ data })
      const start = changed.snapshot()
      let writes = 0
      return {
        cases: {
          'a new store': { ops: 100, work: () => repeat(100, () => createTestStore().now()) },
          'a fork, and a write to it': {
            ops: 10,
            work: () => repeat(10, () => base.fork().set('user:1', 'x').length),
          },
          'a snapshot': { ops: 10, work: () => repeat(10, () => Number(base.snapshot() !== saved)) },
          'a write, and back to the snapshot': {
            ops: 10,
            work: () =>
              repeat(10, () => {
                changed.set(`user:${writes++ % KEYS}`, 'x')
                changed.restore(start)
                return 1
              }),
          },
        },
      }
    },
    'filled anew': () => ({
      cases: {
        'a fork, and a write to it': { ops: 1, work: () => createTestStore({ data }).set('user:1', 'x').length },
      },
    }),
    'ioredis-mock': () => {
      let hosts = 0
      const fresh = (given?: object): number => {
        const client = new RedisMock({ host: `testing-${hosts++}`, data: given } as object)
        client.disconnect()
        return hosts
      }
      return {
        cases: {
          'a new store': { ops: 100, work: () => repeat(100, () => fresh()) },
          'a fork, and a write to it': { ops: 1, work: () => fresh(data) },
        },
      }
    },
  },
  claims: () => ({
    'a new store': { 'ioredis-mock': 10 },
    'a fork, and a write to it': { 'ioredis-mock': 100, 'filled anew': 100 },
  }),
  microseconds: {
    'a new store': 20,
    'a fork, and a write to it': 1000,
    'a snapshot': 1000,
    'a write, and back to the snapshot': 1000,
  },
}

function repeat(times: number, one: () => number): number {
  let sum = 0
  for (let i = 0; i < times; i++) sum += one()
  return sum
}
