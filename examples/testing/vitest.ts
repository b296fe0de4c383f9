import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTestStore, matchers, type StoreMatchers, type TestStore } from '../../src/testing/index.ts'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import type { Redis } from 'ioredis'
import { allowed } from './limit.ts'

declare module 'vitest' {
  interface Matchers<T> extends StoreMatchers<T> {}
}
expect.extend(matchers)

const base = createTestStore({ data: { 'limit:bob': '3' } })
let store: TestStore
let redis: Redis
beforeEach(() => {
  store = base.fork()
  redis = createRedis(store)
})
afterEach(() => redis.quit())

it('lets three through in a minute', async () => {
  for (const expected of [true, true, true, false]) expect(await allowed(redis, 'ada')).toBe(expected)
  store.advance(60_001)
  expect(await allowed(redis, 'ada')).toBe(true)
  expect(store).toHaveRunTimes(2, 'EXPIRE', 'limit:ada', 60)
})

it('goes on when the server is loading', async () => {
  store.faults.add({ command: 'INCR', nth: 1, error: 'LOADING' })
  await expect(allowed(redis, 'bob')).rejects.toThrow('LOADING')
  expect(await allowed(redis, 'bob')).toBe(false)
})
