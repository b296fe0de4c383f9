import { describe, expect, it } from 'vitest'
import { keyspaceOf } from '../../src/install.ts'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { createClient } from '../../src/adapters/node/node-redis.ts'
import { createTestStore, type TestStore } from '../../src/testing/index.ts'
import { ReplyError, VirtualHost } from '../../src/index.ts'
import { stateOf } from '../support/state.ts'

const DAY = 86_400_000

/** What a worker does again and again with its client. */
type Pop = (() => Promise<unknown>) & { end: () => Promise<unknown> }

function withIoredis(store: TestStore): Pop {
  const redis = createRedis(store)
  return Object.assign(() => redis.blpop('jobs', 5), { end: () => redis.quit() })
}

async function withNodeRedis(store: TestStore): Promise<Pop> {
  const client = createClient(store)
  await client.connect()
  return Object.assign(() => client.blPop('jobs', 5), { end: () => client.close() })
}

describe('time', () => {
  it('stands still until it is advanced, and keys expire on the way', () => {
    const store = createTestStore()
    const gone: string[] = []
    store.on('expired', ({ key }) => void gone.push(`${key} at ${store.now()}`))
    const begin = store.now()
    store.set('b', 1, { ex: 20 })
    store.set('a', 1, { ex: 10 })
    expect(store.pttl('a')).toBe(10_000)
    store.advance(10_000)
    expect(store.pttl('a')).toBe(0)
    store.advance(20_000)
    expect(gone).toEqual([`a at ${begin + 10_001}`, `b at ${begin + 20_001}`])
    expect(store.now()).toBe(begin + 30_000)
  })

  it('refuses to go back', () => {
    const store = createTestStore()
    expect(() => store.advance(-1)).toThrow(RangeError)
    expect(() => store.advance(Number.NaN)).toThrow(RangeError)
  })

  it('begins where it is told, and ids follow it', () => {
    const store = createTestStore({ now: 5_000 })
    expect(store.xadd('x', '*', { a: 1 })).toBe('5000-0')
    expect(store.call('TIME')).toEqual(['5', '0'])
  })

  it('ends waits in their order', async () => {
    const store = createTestStore()
    const ended: string[] = []
    const waits = [3, 1, 2].map(timeout => store.blpop('q', { timeout }).then(() => ended.push(`${timeout}`)))
    store.advance(5_000)
    await Promise.all(waits)
    expect(ended).toEqual(['1', '2', '3'])
  })

  it('runs a day of a loop that waits', async () => {
    const store = createTestStore()
    let rounds = 0
    let working = true
    const worker = (async () => {
      while (working) {
        await store.blpop('jobs', { timeout: 5 })
        rounds++
      }
    })()
    await store.advanceAsync(DAY)
    expect(rounds).toBe(DAY / 5_000)
    working = false
    await store.advanceAsync(5_000)
    await worker
  })

  it.each(['ioredis', 'node-redis'])('runs a day of a worker with %s', async name => {
    const store = createTestStore()
    const pop = name === 'ioredis' ? withIoredis(store) : await withNodeRedis(store)
    let rounds = 0
    const worker = (async () => {
      while (rounds < DAY / 5_000) {
        await pop()
        rounds++
      }
    })()
    while (store.log.calls('BLPOP').length === 0) await new Promise(resolve => setTimeout(resolve, 1))
    await store.advanceAsync(DAY)
    expect(rounds).toBe(DAY / 5_000)
    await worker
    await pop.end()
  })

  it('is a day of a limiter in no time', () => {
    const store = createTestStore()
    let allowed = 0
    for (let second = 0; second < 86_400; second++) {
      if (store.incr(`window`) === 1) store.expire('window', 60)
      if (Number(store.get('window')) <= 10) allowed++
      store.advance(1_000)
    }
    // The window is over once the clock is past its last millisecond, and so begins anew every 61 seconds.
    expect(allowed).toBe(Math.floor(86_400 / 61) * 10 + 10)
  })
})

describe('chance', () => {
  const choices = (seed?: number): unknown[] => {
    const store = createTestStore({ seed })
    store.sadd('s', ...Array.from({ length: 200 }, (_, i) => `m${i}`))
    return [store.smembers('s'), store.spop('s', 3), store.srandmember('s', 5)]
  }

  it('is the same for the same seed, and another one for another', () => {
    expect(choices()).toEqual(choices())
    expect(choices(7)).toEqual(choices(7))
    expect(choices(7)).not.toEqual(choices(8))
  })
})

describe('snapshot and restore', () => {
  it('takes data, time and chance back', () => {
    const store = createTestStore({ data: { a: '1', list: ['x', 'y'] } })
    store.set('later', 1, { ex: 10 })
    const before = stateOf(store)
    const now = store.now()
    const saved = store.snapshot()
    const play = (): unknown[] => {
      store.set('a', 2)
      store.rpush('list', 'z')
      store.sadd('s', ...Array.from({ length: 500 }, (_, i) => i))
      store.advance(60_000)
      store.db(3).set('other', 1)
      return [store.exists('later'), store.spop('s'), store.lrange('list', 0, -1)]
    }
    const first = play()
    store.restore(saved)
    expect(stateOf(store)).toBe(before)
    expect(store.now()).toBe(now)
    expect(store.db(3).dbsize()).toBe(0)
    expect(play()).toEqual(first)
    store.restore()
    expect(stateOf(store)).toBe(before)
    store.advance(10_001)
    expect(store.exists('later')).toBe(0)
  })

  it('may be done again and again, in any order, whatever was written between', () => {
    const store = createTestStore()
    const states: string[] = []
    const saved = [0, 1, 2, 3].map(round => {
      for (let i = 0; i < 400; i++) store.zadd('z', i, `${round} ${i}`)
      store.hset('h', `f${round}`, 1)
      store.set(`k${round}`, round)
      states.push(stateOf(store))
      return store.snapshot()
    })
    for (const round of [2, 0, 3, 1, 1, 0, 2]) {
      store.restore(saved[round])
      expect(stateOf(store)).toBe(states[round])
      store.zadd('z', 1, 'more')
      store.hdel('h', 'f0')
      store.del(`k${round}`)
      const fork = store.fork()
      fork.zremrangebyrank('z', 0, 200)
    }
    expect(saved.map(one => (one.restore(), stateOf(store)))).toEqual(states)
  })

  it('tells those who watch and those who wait', async () => {
    const store = createTestStore()
    store.rpush('q', 'job')
    const saved = store.snapshot()
    store.del('q')
    const watch = store.watch('q')
    const job = store.blpop('q')
    store.restore(saved)
    expect(await job).toEqual({ key: 'q', element: 'job' })
    expect(watch.changed).toBe(true)
  })

  it('begins counts and the log anew', () => {
    const store = createTestStore()
    store.set('a', 1)
    store.get('a')
    const saved = store.snapshot()
    store.get('a')
    store.restore(saved)
    expect(store.stats()).toMatchObject({ hits: 0, misses: 0, commands: 0, keys: 1 })
    expect(store.log.entries).toEqual([])
  })

  it('leaves RESTORE and DUMP what they are', () => {
    const store = createTestStore()
    store.set('a', 'text')
    const bytes = store.dump('a') as Uint8Array
    expect(store.restore('b', 0, bytes)).toBe('OK')
    expect(store.get('b')).toBe('text')
  })

  it('refuses inside a transaction, and without a snapshot', () => {
    const store = createTestStore()
    expect(() => store.restore()).toThrow('there is no snapshot')
    store.snapshot()
    expect(() => store.transaction(() => store.restore())).toThrow(TypeError)
  })
})

describe('fork', () => {
  it('is a test store of its own, with its own clock, chance and log', () => {
    const base = createTestStore({ data: { a: '1' } })
    base.advance(1_000)
    const [one, two] = [base.fork(), base.fork()]
    one.set('a', 2, { ex: 1 })
    one.advance(5_000)
    expect([one.get('a'), two.get('a'), base.get('a')]).toEqual([null, '1', '1'])
    expect([one.now() - base.now(), two.now() - base.now()]).toEqual([5_000, 0])
    expect(base.log.entries.map(({ command }) => command)).toEqual(['GET'])
    expect(one.log.entries.map(({ command }) => command)).toEqual(['SET', 'GET'])
  })

  it('goes on with the same chance', () => {
    const base = createTestStore({ data: { s: new Set(Array.from({ length: 50 }, (_, i) => `m${i}`)) } })
    expect(base.fork().spop('s')).toBe(base.fork().spop('s'))
    const host = new VirtualHost({ now: 7 })
    expect(base.fork({ host }).now()).toBe(7)
  })
})

it('a database of the store shares its clock, log and plan', () => {
  const store = createTestStore()
  const other = store.db(2)
  other.set('a', 1, { ex: 1 })
  other.advance(2_000)
  expect([other.get('a'), store.now() === other.now(), store.log === other.log]).toEqual([null, true, true])
  expect(keyspaceOf(other).index).toBe(2)
})

it('answers errors as any store', () => {
  const store = createTestStore({ data: { text: 'x' } })
  expect(() => store.incr('text')).toThrow(new ReplyError('ERR value is not an integer or out of range'))
  expect(() => createTestStore({ data: 7 as never })).toThrow(TypeError)
  expect(() => createTestStore({ now: Number.NaN })).toThrow('now must be a number')
  expect(() => createTestStore({ seed: 'x' as never })).toThrow('seed must be a number')
  expect(() => createTestStore(7 as never)).toThrow(TypeError)
})
