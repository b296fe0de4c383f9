import assert from 'node:assert/strict'
import { afterEach, beforeEach, it } from 'node:test'
import { createTestStore, type TestStore } from '../../src/testing/index.ts'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import type { Redis } from 'ioredis'
import { allowed } from './limit.ts'

let store: TestStore
let redis: Redis
beforeEach(() => {
  store = createTestStore({ strict: true })
  redis = createRedis(store)
})
afterEach(() => redis.quit())

it('lets three through in a minute', async () => {
  for (const expected of [true, true, true, false]) assert.equal(await allowed(redis, 'ada'), expected)
  store.advance(60_001)
  assert.equal(await allowed(redis, 'ada'), true)
  store.log.assertRanTimes(2, 'EXPIRE', 'limit:ada', 60)
})

it('is told when the connection goes down', async () => {
  store.faults.add({ command: 'INCR', nth: 1, disconnect: 'after' })
  // ioredis sends once more what was not answered, so it is counted twice.
  assert.equal(await allowed(redis, 'ada'), true)
  assert.equal(store.get('limit:ada'), '2')
})
