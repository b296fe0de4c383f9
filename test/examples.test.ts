import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cacheAside } from '../examples/patterns/cache-aside.ts'
import { fixedWindow } from '../examples/patterns/fixed-window.ts'
import { leaderboard } from '../examples/patterns/leaderboard.ts'
import { lock } from '../examples/patterns/lock.ts'
import { luaLimit, luaLock, luaQueue } from '../examples/patterns/lua.ts'
import { queue } from '../examples/patterns/queue.ts'
import { sessions } from '../examples/patterns/session.ts'
import { slidingWindow } from '../examples/patterns/sliding-window.ts'
import { writeThrough } from '../examples/patterns/write-through.ts'
import { createRedis } from '../src/adapters/node/ioredis.ts'
import { Store, VirtualHost } from '../src/index.ts'
import { lua } from '../src/lua.ts'
import { RemoteStore } from '../src/remote/index.ts'
import { type RedisServer, redisVersion, startRedis } from './support/redis.ts'

function setUp(): { host: VirtualHost; store: Store } {
  const host = new VirtualHost()
  return { host, store: new Store({ host }) }
}

describe('examples', () => {
  it('cache-aside asks once, and again when the time is over', async () => {
    const { host, store } = setUp()
    let asked = 0
    const user = cacheAside(store, 'user', 60, async id => ({ id, asked: ++asked }))
    expect(await user('1')).toEqual({ id: '1', asked: 1 })
    expect(await user('1')).toEqual({ id: '1', asked: 1 })
    host.advance(61_000)
    expect(await user('1')).toEqual({ id: '1', asked: 2 })
  })

  it('write-through keeps store and database equal', async () => {
    const { store } = setUp()
    const rows = new Map<string, number>([['old', 7]])
    const cache = writeThrough<number>(store, 'row', {
      read: async id => rows.get(id),
      write: async (id, value) => void rows.set(id, value),
    })
    await cache.set('a', 1)
    expect([rows.get('a'), await cache.get('a'), store.get('row:a')]).toEqual([1, 1, '1'])
    expect([await cache.get('old'), store.get('row:old'), await cache.get('none')]).toEqual([7, '7', undefined])
  })

  it('a fixed window refuses the caller over the limit until it ends', () => {
    const { host, store } = setUp()
    const limit = fixedWindow(store, 2, 10)
    expect([limit('a').left, limit('a').left, limit('b').allowed]).toEqual([1, 0, true])
    expect(limit('a')).toEqual({ allowed: false, left: 0, retryAfter: 10_000 })
    host.advance(10_001)
    expect(limit('a').allowed).toBe(true)
  })

  it('a sliding window never lets more through than the limit', () => {
    const { host, store } = setUp()
    const limit = slidingWindow(store, 2, 1000, () => host.now())
    expect(limit('a').allowed).toBe(true)
    host.advance(600)
    expect(limit('a').allowed).toBe(true)
    expect(limit('a')).toEqual({ allowed: false, left: 0, retryAfter: 400 })
    host.advance(401)
    expect([limit('a').allowed, limit('a').allowed]).toEqual([true, false])
  })

  it('a session lives as long as it is used', () => {
    const { host, store } = setUp()
    let ids = 0
    const session = sessions(store, 30, () => `s${++ids}`)
    const id = session.start({ user: 'ada', visits: 1 })
    host.advance(29_000)
    expect(session.touch(id)).toMatchObject({ user: 'ada', visits: '1' })
    host.advance(29_000)
    expect(session.touch(id)).toBeDefined()
    host.advance(31_000)
    expect(session.touch(id)).toBeUndefined()
    expect(session.end(id)).toBe(false)
  })

  it('a lock is released by its holder alone', () => {
    const { host, store } = setUp()
    const mine = lock(store, 'job', 1000, 'me')
    expect(lock(store, 'job', 1000, 'you')).toBeUndefined()
    host.advance(1001)
    const yours = lock(store, 'job', 1000, 'you')
    expect(mine?.release()).toBe(false)
    expect(yours?.release()).toBe(true)
  })

  it('a queue gives back what a dead worker had', () => {
    const { store } = setUp()
    const jobs = queue(store, 'mail')
    jobs.add('a', 'b', 'c')
    expect([jobs.take('w1'), jobs.take('w2')]).toEqual(['a', 'b'])
    expect(jobs.done('w2', 'b')).toBe(true)
    expect([jobs.recover('w1'), jobs.recover('w2'), jobs.waiting()]).toEqual([1, 0, 2])
    expect(jobs.take('w3')).toBe('a')
  })

  it('a leaderboard knows places and neighbours', () => {
    const { store } = setUp()
    const board = leaderboard(store, 'game')
    for (const [player, points] of [
      ['a', 5],
      ['b', 9],
      ['c', 7],
      ['d', 1],
    ] as const)
      board.add(player, points)
    expect(board.top(2)).toEqual([
      { member: 'b', score: 9 },
      { member: 'c', score: 7 },
    ])
    expect([board.place('c'), board.place('nobody')]).toEqual([2, undefined])
    expect(board.around('a', 1).map(one => one.member)).toEqual(['c', 'a', 'd'])
  })
})

describe('examples in Lua', () => {
  let server: RedisServer | undefined
  const clients: Redis[] = []
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(async () => {
    for (const client of clients) client.disconnect()
    await server?.stop()
  })

  const far = (client: Redis): RemoteStore => {
    clients.push(client)
    return new RemoteStore(([name, ...args]) => client.call(name, ...args))
  }
  const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

  /** A store, and how its time goes by. */
  type Place = () => { store: Store | RemoteStore; pass: (ms: number) => Promise<void> | void }
  const places: [string, Place][] = [
    [
      'a store',
      () => {
        const host = new VirtualHost()
        return { store: new Store({ host, scripting: lua() }), pass: ms => host.advance(ms) }
      },
    ],
    ['a client of embedis', () => ({ store: far(createRedis(new Store())), pass: wait })],
  ]
  if (redisVersion() !== undefined) {
    places.push(['redis-server', () => ({ store: far(new Redis((server as RedisServer).path)), pass: wait })])
  }

  describe.each(places)('on %s', (_, place) => {
    it('a lock is kept and released by its holder alone', async () => {
      const { store, pass } = place()
      const job = luaLock(store, 'job')
      expect([await job.take('me', 5000), await job.take('you', 5000)]).toEqual([true, false])
      expect([await job.extend('you', 9000), await job.release('you'), await job.extend('me', 60)]).toEqual([
        false,
        false,
        true,
      ])
      await pass(80)
      expect([await job.take('you', 5000), await job.release('me'), await job.release('you')]).toEqual([
        true,
        false,
        true,
      ])
    })

    it('a limit lets no more through in any time', async () => {
      const { store, pass } = place()
      const limit = luaLimit(store, 2, 600)
      expect([await limit('a'), await limit('a'), (await limit('b')).allowed]).toEqual([
        { allowed: true, left: 1, retryAfter: 0 },
        { allowed: true, left: 0, retryAfter: 0 },
        true,
      ])
      const refused = await limit('a')
      expect(refused).toMatchObject({ allowed: false, left: 0 })
      expect(refused.retryAfter).toBeGreaterThan(0)
      expect(refused.retryAfter).toBeLessThanOrEqual(600)
      await pass(620)
      expect([(await limit('a')).left, (await limit('a')).left, (await limit('a')).allowed]).toEqual([1, 0, false])
    })

    it('a queue gives jobs back that are not done in time', async () => {
      const { store, pass } = place()
      const mail = luaQueue(store, 'mail')
      expect(await mail.add('a', 'b', 'c')).toBe(3)
      expect([await mail.take(60), await mail.take(9000)]).toEqual(['a', 'b'])
      expect([await mail.done('b'), await mail.done('b')]).toEqual([true, false])
      await pass(80)
      expect([await mail.take(9000), await mail.take(9000), await mail.take(9000)]).toEqual(['a', 'c', null])
    })
  })
})
