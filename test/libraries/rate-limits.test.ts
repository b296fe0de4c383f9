/** rate-limiter-flexible, and rate-limit-redis behind express-rate-limit in a real Express application. */
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import {
  BurstyRateLimiter,
  RateLimiterMemory,
  RateLimiterQueue,
  RateLimiterRedis,
  RateLimiterRedisNonAtomic,
  RateLimiterRes,
  RateLimiterUnion,
} from 'rate-limiter-flexible'
import { RedisStore } from 'rate-limit-redis'
import { describe, expect, it, vi } from 'vitest'
import { library, type Place, serving } from '../support/libraries.ts'

/** What a limiter says to who has had enough: it rejects with the state, which is no Error. */
async function refusal(consuming: Promise<unknown>): Promise<RateLimiterRes> {
  const refused = await consuming.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(refused).toBeInstanceOf(RateLimiterRes)
  return refused as RateLimiterRes
}

type Limiter = typeof RateLimiterRedis | typeof RateLimiterRedisNonAtomic

/** The client of either kind, and how the limiter is told which it is. */
const clients: readonly (readonly [name: string, (place: Place) => Promise<object>])[] = [
  ['ioredis', async place => ({ storeClient: place.ioredis() })],
  ['node-redis', async place => ({ storeClient: await place.nodeRedis(), useRedisPackage: true })],
]

function limiting(place: Place, Limiter: Limiter): void {
  describe.each(clients)('%s', (_, clientOf) => {
    it('counts, refuses, rewards, and forgets', async () => {
      const limiter = new Limiter({ ...((await clientOf(place)) as { storeClient: object }), points: 5, duration: 60 })
      expect(await limiter.get('ann')).toBeNull()
      const first = await limiter.consume('ann')
      expect(first).toMatchObject({ consumedPoints: 1, remainingPoints: 4, isFirstInDuration: true })
      expect(first.msBeforeNext).toBeGreaterThan(50_000)
      expect(await limiter.consume('ann', 4)).toMatchObject({ remainingPoints: 0, isFirstInDuration: false })
      expect(await refusal(limiter.consume('ann'))).toMatchObject({ consumedPoints: 6, remainingPoints: 0 })
      expect(await limiter.consume('bob')).toMatchObject({ remainingPoints: 4 })
      expect(await limiter.reward('ann', 3)).toMatchObject({ consumedPoints: 3 })
      expect(await limiter.penalty('ann', 2)).toMatchObject({ consumedPoints: 5 })
      expect(await limiter.get('ann')).toMatchObject({ consumedPoints: 5, remainingPoints: 0 })
      await limiter.set('ann', 1, 30)
      const set = await limiter.get('ann')
      expect(set?.consumedPoints).toBe(1)
      expect(set?.msBeforeNext).toBeLessThanOrEqual(30_000)
      await limiter.block('bob', 100)
      expect((await refusal(limiter.consume('bob'))).msBeforeNext).toBeGreaterThan(60_000)
      expect(await limiter.delete('ann')).toBe(true)
      expect(await limiter.delete('ann')).toBe(false)
      expect((await limiter.consume('ann', 1, { customDuration: 5 })).msBeforeNext).toBeLessThanOrEqual(5000)
    })

    it('begins anew when the time is over, and without a duration never', async () => {
      const options = (await clientOf(place)) as { storeClient: object }
      const limiter = new Limiter({ ...options, keyPrefix: 'short', points: 1, duration: 1 })
      await limiter.consume('ann')
      const { msBeforeNext } = await refusal(limiter.consume('ann'))
      await place.ioredis().pexpire('short:ann', 5)
      expect(msBeforeNext).toBeGreaterThan(500)
      await vi.waitFor(async () => expect(await limiter.consume('ann')).toMatchObject({ consumedPoints: 1 }))
      const once = new Limiter({ ...options, keyPrefix: 'once', points: 1, duration: 0 })
      await once.consume('ann')
      expect((await refusal(once.consume('ann'))).msBeforeNext).toBe(-1)
    })
  })

  it('joins with other limiters: one for bursts, several at once, one in memory while Redis is away', async () => {
    const storeClient = place.ioredis()
    const slow = new Limiter({ storeClient, keyPrefix: 'slow', points: 1, duration: 60 })
    const burst = new Limiter({ storeClient, keyPrefix: 'burst', points: 2, duration: 60 })
    const bursty = new BurstyRateLimiter(slow, burst)
    for (let i = 0; i < 3; i++) await bursty.consume('ann')
    await refusal(bursty.consume('ann'))

    const day = new Limiter({ storeClient, keyPrefix: 'day', points: 10, duration: 86_400 })
    const union = new RateLimiterUnion(day, slow)
    expect(Object.keys(await union.consume('bob')).toSorted()).toEqual(['day', 'slow'])
    await expect(union.consume('bob')).rejects.toHaveProperty('slow')

    const gone = place.ioredis({ lazyConnect: true, enableOfflineQueue: false })
    const insuranceLimiter = new RateLimiterMemory({ points: 1, duration: 60 })
    const insured = new Limiter({ storeClient: gone, points: 5, duration: 60, insuranceLimiter })
    gone.disconnect()
    await insured.consume('ann')
    await refusal(insured.consume('ann'))
  })
}

library('rate-limiter-flexible without scripts', place => {
  limiting(place, RateLimiterRedisNonAtomic)
})

library('rate-limiter-flexible', place => {
  limiting(place, RateLimiterRedis)

  it('lets exactly as many through as there are points, whoever asks at the same time', async () => {
    const [one, other] = [place.ioredis(), place.ioredis()].map(
      storeClient => new RateLimiterRedis({ storeClient, points: 30, duration: 60 }),
    ) as [RateLimiterRedis, RateLimiterRedis]
    const asked = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? one : other).consume('all'))
    const answered = await Promise.allSettled(asked)
    const through = answered.filter(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<RateLimiterRes>[]
    expect(through.map(({ value }) => value.consumedPoints).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    )
  })

  it('blocks in memory, and queues', async () => {
    const storeClient = place.ioredis()
    const limiter = new RateLimiterRedis({
      storeClient,
      points: 2,
      duration: 60,
      inMemoryBlockOnConsumed: 3,
      inMemoryBlockDuration: 60,
    })
    for (let i = 0; i < 2; i++) await limiter.consume('ann')
    await refusal(limiter.consume('ann'))
    for (let i = 0; i < 10; i++) await refusal(limiter.consume('ann'))
    expect(await storeClient.get('rlflx:ann')).toBe('3')

    const queue = new RateLimiterQueue(new RateLimiterRedis({ storeClient, keyPrefix: 'q', points: 2, duration: 1 }))
    const began = Date.now()
    const left = await Promise.all([queue.removeTokens(1), queue.removeTokens(1), queue.removeTokens(1)])
    expect(left).toEqual([1, 0, 1])
    expect(Date.now() - began).toBeGreaterThan(500)
  })
})

interface Service {
  get(path: string, user: string): Promise<{ status: number; remaining: string | null; retryAfter: string | null }>
  readonly store: RedisStore
}

async function service(place: Place, client: 'ioredis' | 'node-redis', windowMs: number): Promise<Service> {
  const options = { prefix: 'limit:' }
  let store: RedisStore
  if (client === 'ioredis') {
    const redis = place.ioredis()
    store = new RedisStore({
      ...options,
      sendCommand: (command, ...args) => redis.call(command as string, ...args) as Promise<string>,
    })
  } else {
    const redis = await place.nodeRedis()
    store = new RedisStore({ ...options, sendCommand: (...args) => redis.sendCommand(args) as Promise<string> })
  }
  const app = express()
  app.use(
    rateLimit({
      store,
      windowMs,
      limit: 3,
      standardHeaders: 'draft-6',
      legacyHeaders: false,
      keyGenerator: req => req.get('x-user') ?? 'nobody',
      skipFailedRequests: true,
    }),
  )
  app.get('/', (_, res) => void res.json('hello'))
  app.get('/broken', (_, res) => void res.sendStatus(500))
  const url = await serving(place, app)
  return {
    store,
    get: async (path, user) => {
      const response = await fetch(`${url}${path}`, { headers: { 'x-user': user } })
      await response.text()
      const { headers, status } = response
      return { status, remaining: headers.get('ratelimit-remaining'), retryAfter: headers.get('retry-after') }
    },
  }
}

library('rate-limit-redis with express-rate-limit', place => {
  it.each(['ioredis', 'node-redis'] as const)(
    'limits what one user may ask for, over two servers: %s',
    async client => {
      const [one, other] = [await service(place, client, 60_000), await service(place, client, 60_000)]
      expect(await one.get('/', 'ann')).toMatchObject({ status: 200, remaining: '2' })
      expect(await other.get('/', 'ann')).toMatchObject({ status: 200, remaining: '1' })
      expect(await one.get('/', 'ann')).toMatchObject({ status: 200, remaining: '0' })
      const refused = await other.get('/', 'ann')
      expect(refused.status).toBe(429)
      expect(Number(refused.retryAfter)).toBeGreaterThan(50)
      expect(await other.get('/', 'bob')).toMatchObject({ status: 200, remaining: '2' })
      expect(await one.store.get('ann')).toMatchObject({ totalHits: 3 })
      await one.store.resetKey('ann')
      expect(await other.get('/', 'ann')).toMatchObject({ status: 200, remaining: '2' })
    },
  )

  it('does not count what failed, nor what is over', async () => {
    const { get, store } = await service(place, 'ioredis', 200)
    for (let i = 0; i < 5; i++) {
      expect((await get('/broken', 'ann')).status).toBe(500)
      // Taken back when the response has ended.
      await vi.waitFor(async () => expect(await store.get('ann')).toMatchObject({ totalHits: 0 }))
    }
    for (let i = 0; i < 3; i++) await get('/', 'bob')
    await vi.waitFor(async () => expect((await get('/', 'bob')).status).toBe(200), { interval: 20 })
  })

  it('loads its scripts again when the server has lost them', async () => {
    const { get } = await service(place, 'ioredis', 60_000)
    expect((await get('/', 'ann')).status).toBe(200)
    await place.ioredis().script('FLUSH')
    expect(await get('/', 'ann')).toMatchObject({ status: 200, remaining: '1' })
  })
})
