import { createTestStore, matchers } from '../../src/testing/index.ts'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { allowed } from './limit.ts'

expect.extend(matchers)

const store = createTestStore({ data: { 'limit:bob': '3' } })
const begin = store.snapshot()
let redis
beforeEach(() => (redis = createRedis(store)))
afterEach(async () => {
  await redis.quit()
  store.restore(begin)
})

it('lets three through in a minute', async () => {
  for (const expected of [true, true, true, false]) expect(await allowed(redis, 'ada')).toBe(expected)
  store.advance(60_001)
  expect(await allowed(redis, 'ada')).toBe(true)
  expect(store).toHaveRunTimes(2, 'EXPIRE', 'limit:ada', 60)
})

it('leaves nothing behind', async () => {
  expect(await allowed(redis, 'bob')).toBe(false)
  expect(store.dump()).toBe('{\n  "limit:bob": "4"\n}\n')
})
