import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Host, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

function virtual(): { host: VirtualHost; store: Store } {
  const host = new VirtualHost()
  return { host, store: new Store({ host }) }
}

/** How many keys the table holds, without looking at any: what is due may still be there. */
function held(store: Store): number {
  return keyspaceOf(store).table.size
}

/** A host without timers, as on some edge runtimes. */
function timerless(): { host: Host; store: Store; advance: (ms: number) => void } {
  let now = 1_700_000_000_000
  const host: Host = { now: () => now, random: () => 0.5, setTimer: () => undefined, clearTimer: () => {} }
  return {
    host,
    store: new Store({ host }),
    advance: ms => {
      now += ms
    },
  }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('expiry times', () => {
  it('are set and asked for in every unit', () => {
    const { store, host } = virtual()
    const now = host.now()
    store.call('SET', 'k', 'v')
    expect([store.ttl('k'), store.pttl('k'), store.expiretime('k'), store.pexpiretime('k')]).toEqual([-1, -1, -1, -1])
    expect([store.ttl('x'), store.pttl('x'), store.expiretime('x'), store.pexpiretime('x')]).toEqual([-2, -2, -2, -2])
    expect(store.expire('k', 10)).toBe(true)
    expect(store.pttl('k')).toBe(10_000)
    expect(store.pexpire('k', 1499)).toBe(true)
    expect(store.ttl('k')).toBe(1)
    expect(store.pexpire('k', 1500n)).toBe(true)
    expect(store.ttl('k')).toBe(2)
    expect(store.expireat('k', now / 1000 + 60)).toBe(true)
    expect([store.ttl('k'), store.expiretime('k')]).toEqual([60, now / 1000 + 60])
    expect(store.pexpireat('k', now + 123)).toBe(true)
    expect([store.pttl('k'), store.pexpiretime('k')]).toEqual([123, now + 123])
    expect(store.persist('k')).toBe(true)
    expect(store.persist('k')).toBe(false)
    expect(store.expire('none', 10)).toBe(false)
    expect(() => store.expire('k', 1.5)).toThrow('seconds must be an integer')
    expect(() => store.pexpireat('k', '5' as never)).toThrow('time must be an integer')
    expect(() => store.expire('k', 2n ** 63n)).toThrow('ERR value is not an integer or out of range')
    expect(() => store.expire('k', 2n ** 62n)).toThrow("ERR invalid expire time in 'expire' command")
  })

  it('reach to the greatest integer', () => {
    const { store } = virtual()
    store.call('SET', 'k', 'v')
    expect(store.pexpireat('k', 2n ** 63n - 1n)).toBe(true)
    expect(store.call('PEXPIRETIME', 'k')).toBe(2n ** 63n - 1n)
    expect(() => store.pexpiretime('k')).toThrow(new RangeError('the result 9223372036854775807 is not a safe integer'))
    expect(() => store.expiretime('k')).toThrow(RangeError)
  })

  it('obey their conditions', () => {
    const { store } = virtual()
    store.call('SET', 'k', 'v')
    const ask = (seconds: number, options: object): boolean => store.expire('k', seconds, options)
    expect([ask(10, { xx: true }), ask(10, { gt: true }), ask(10, { lt: true })]).toEqual([false, false, true])
    expect([ask(20, { nx: true }), ask(20, { lt: true }), ask(20, { gt: true })]).toEqual([false, false, true])
    expect([ask(30, { xx: true, lt: true }), ask(30, { xx: true })]).toEqual([false, true])
    expect(() => ask(5, { nx: true, gt: true })).toThrow('NX and XX, GT or LT')
    expect(() => ask(5, { gt: true, lt: true })).toThrow('GT and LT')
    expect(store.ttl('k')).toBe(30)
    expect(ask(-1, { lt: true })).toBe(true)
    expect(store.exists('k')).toBe(0)
  })

  it('are logged as moments, and as removals when they have passed', () => {
    const { store, host } = virtual()
    const effects: EffectArg[][] = []
    const events: string[] = []
    const { databases } = keyspaceOf(store)
    databases.attach({
      append: (_, argv) => void effects.push([...argv]),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    })
    databases.listen(({ event, key }) => void events.push(`${event} ${key}`))
    store.call('SET', 'a', '1')
    store.call('SET', 'b', '1')
    effects.length = events.length = 0
    store.expire('a', 10)
    store.persist('a')
    store.pexpire('a', 10)
    store.expire('b', 0)
    host.advance(11)
    expect(events).toEqual(['expire a', 'persist a', 'expire a', 'del b', 'expired a'])
    const now = host.now() - 11
    expect(effects).toEqual([
      ['PEXPIREAT', 'a', now + 10_000],
      ['PERSIST', 'a'],
      ['PEXPIREAT', 'a', now + 10],
      ['DEL', 'b'],
      ['DEL', 'a'],
    ])
  })
})

describe('an expired key', () => {
  it('goes by the timer, right after its time and not before', () => {
    const { store, host } = virtual()
    for (let i = 0; i < 5; i++) {
      store.call('SET', `k${i}`, 'v')
      store.pexpire(`k${i}`, 1000 + i)
    }
    host.advance(1000)
    expect(held(store)).toBe(5)
    for (let i = 0; i < 5; i++) {
      host.advance(1)
      expect(held(store)).toBe(4 - i)
      if (i < 4) expect(store.pttl(`k${i + 1}`)).toBe(0)
    }
  })

  it('goes by the timer in every database, and after a fork in both', () => {
    const { store, host } = virtual()
    store.db(5).call('SET', 'k', 'v', 'PX', '100')
    const fork = store.fork()
    host.advance(101)
    expect([held(store.db(5)), held(fork.db(5))]).toEqual([0, 0])
  })

  it('is not early where timers cannot wait that long', () => {
    vi.useFakeTimers()
    const store = new Store()
    const days = 24 * 3600 * 1000
    store.call('SET', 'k', 'v')
    store.pexpire('k', 60 * days)
    vi.advanceTimersByTime(26 * days)
    expect(held(store)).toBe(1)
    vi.advanceTimersByTime(34 * days)
    expect(held(store)).toBe(1)
    vi.advanceTimersByTime(1)
    expect(held(store)).toBe(0)
    store.close()
  })

  it('is never seen by any command, with no timer at all', () => {
    // Each way of looking gets a store of its own, because the first look removes the key.
    const look: Record<string, [(store: Store) => unknown, unknown]> = {
      get: [s => s.call('GET', 'k'), null],
      exists: [s => s.exists('k'), 0],
      touch: [s => s.touch('k'), 0],
      type: [s => s.type('k'), 'none'],
      ttl: [s => s.ttl('k'), -2],
      pexpiretime: [s => s.pexpiretime('k'), -2],
      persist: [s => s.persist('k'), false],
      expire: [s => s.expire('k', 10), false],
      del: [s => s.del('k'), 0],
      keys: [s => s.keys('*').sort(), ['h', 'l', 'other']],
      scan: [s => s.scan('0', { count: 100 }).keys.sort(), ['h', 'l', 'other']],
      scanIterator: [s => [...s.scanIterator()].sort(), ['h', 'l', 'other']],
      dbsize: [s => s.dbsize(), 3],
      randomkey: [s => Array.from({ length: 20 }, () => s.randomkey()).includes('k'), false],
      copy: [s => s.copy('k', 'c'), false],
      'copy onto it': [s => [s.copy('other', 'k'), s.ttl('k')], [true, -1]],
      move: [s => s.move('k', 1), false],
      'move onto it': [s => s.db(1).call('SET', 'k', '1') && s.db(1).move('k', 0), true],
      'renamenx onto it': [s => s.renamenx('other', 'k'), true],
      'rename onto it': [s => [s.rename('other', 'k'), s.ttl('k')], ['OK', -1]],
      'sort by': [s => s.sort('l', { by: '*', get: '#' }), ['k', 'other']],
      'sort get': [s => s.sort('l', { alpha: true, get: '*' }), [null, '5']],
      'sort get field': [s => s.sort('l', { by: 'nosort', get: 'h->*' }), [null, null]],
      'sort of it': [s => s.sort('k'), []],
      objectEncoding: [s => s.objectEncoding('k'), null],
      objectRefcount: [s => s.objectRefcount('k'), null],
      'in a fork': [s => s.fork().exists('k'), 0],
      'after a swap': [s => [s.swapdb(0, 1), s.db(1).exists('k'), s.db(1).dbsize()], ['OK', 0, 3]],
    }
    for (const [name, [ask, expected]] of Object.entries(look)) {
      const { store, advance } = timerless()
      store.call('MSET', 'k', '7', 'other', '5')
      store.call('RPUSH', 'l', 'k', 'other')
      store.call('HSET', 'h', 'k', 'v')
      store.pexpire('k', 100)
      store.pexpire('h', 200)
      advance(100)
      expect(store.exists('k'), `${name}: in time`).toBe(1)
      advance(1)
      expect(ask(store), name).toEqual(expected)
    }
    const { store, advance } = timerless()
    store.call('SET', 'k', '7', 'PX', '10')
    advance(11)
    expect(() => store.rename('k', 'x')).toThrow('ERR no such key')
  })

  it('does not go while a transaction or batch stands in its time', () => {
    const { store, host } = virtual()
    store.call('SET', 'k', 'v', 'PX', '10')
    store.call('SET', 'late', 'v', 'PX', '10000')
    store.transaction(tx => {
      host.advance(1000)
      expect([tx.exists('k'), tx.pttl('k'), tx.keys('*').length, tx.dbsize()]).toEqual([1, 10, 2, 2])
      tx.pexpire('late', 20)
    })
    // The timer that fell into the transaction is made up for after it.
    expect(held(store)).toBe(2)
    host.advance(1)
    expect(held(store)).toBe(0)
    store.call('SET', 'k', 'v', 'PX', '10')
    store.batch(() => {
      host.advance(1000)
      expect(store.exists('k')).toBe(1)
    })
    expect(store.exists('k')).toBe(0)
  })

  it('is back after a rollback, with its time', () => {
    const { store, host } = virtual()
    store.call('SET', 'k', 'v', 'PX', '100')
    expect(() =>
      store.transaction(tx => {
        tx.persist('k')
        tx.rename('k', 'other')
        tx.pexpire('other', -1)
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(store.pttl('k')).toBe(100)
    host.advance(101)
    expect(held(store)).toBe(0)
    expect(keyspaceOf(store).volatile).toBe(0)
  })

  it('takes its kin with it, however many are due at once', () => {
    const { store, host } = virtual()
    store.batch(() => {
      for (let i = 0; i < 20_000; i++) {
        store.call('SET', `k${i}`, 'v')
        store.pexpire(`k${i}`, 1000 + (i % 7))
      }
    })
    expect(keyspaceOf(store).volatile).toBe(20_000)
    host.advance(2000)
    expect([held(store), keyspaceOf(store).volatile]).toEqual([0, 0])
  })
})
