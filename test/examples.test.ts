import { describe, expect, it } from 'vitest'
import { cacheAside } from '../examples/patterns/cache-aside.ts'
import { fixedWindow } from '../examples/patterns/fixed-window.ts'
import { leaderboard } from '../examples/patterns/leaderboard.ts'
import { lock } from '../examples/patterns/lock.ts'
import { queue } from '../examples/patterns/queue.ts'
import { sessions } from '../examples/patterns/session.ts'
import { slidingWindow } from '../examples/patterns/sliding-window.ts'
import { writeThrough } from '../examples/patterns/write-through.ts'
import { Store, VirtualHost } from '../src/index.ts'

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
