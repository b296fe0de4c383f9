import { afterEach, describe, expect, it, vi } from 'vitest'
import type { KeyEvent } from '../../src/events.ts'
import { type Host, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { checkTimes, stateOf } from '../support/state.ts'

function virtual(): { host: VirtualHost; store: Store; now: number } {
  const host = new VirtualHost()
  return { host, store: new Store({ host }), now: host.now() }
}

/** A host without timers, as on some edge runtimes. */
function timerless(): { store: Store; advance: (ms: number) => void } {
  let now = 1_700_000_000_000
  const host: Host = { now: () => now, random: () => 0.5, setTimer: () => undefined, clearTimer: () => {} }
  return {
    store: new Store({ host }),
    advance: ms => {
      now += ms
    },
  }
}

/** How many keys the table holds, without looking at any: what is due may still be there. */
function held(store: Store): number {
  return keyspaceOf(store).table.size
}

/** How many fields there are in the hash, without looking: what is due may still be there. */
function fieldsIn(store: Store, key: string): number {
  const value = keyspaceOf(store).table.get(key)
  return typeof value === 'object' && value.type === 'hash' ? value.size : 0
}

/** How many keys are noted for the times of their fields. */
function noted(store: Store): number {
  return keyspaceOf(store).timed?.size ?? 0
}

function lineOf(store: Store, ...argv: string[]): unknown {
  try {
    return store.call(...argv)
  } catch (error) {
    return (error as Error).message
  }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('times of fields', () => {
  it('are set and asked for in every unit', () => {
    const { store, now } = virtual()
    store.hset('h', { a: 1, b: 2, c: 3 })
    expect(store.httl('h', 'a', 'none')).toEqual([-1, -2])
    expect(store.httl('none', ['a', 'b'])).toEqual([-2, -2])
    expect(store.hexpire('h', 10, ['a', 'none', 'b'])).toEqual([1, -2, 1])
    expect(store.hpttl('h', 'a', 'b', 'c')).toEqual([10_000, 10_000, -1])
    expect(store.hpexpire('h', 1500n, ['a'])).toEqual([1])
    // Seconds are rounded up.
    expect(store.httl('h', 'a')).toEqual([2])
    expect(store.hexpiretime('h', 'a')).toEqual([now / 1000 + 2])
    expect(store.hpexpiretime('h', 'a')).toEqual([now + 1500])
    expect(store.hexpireat('h', now / 1000 + 60, ['c'])).toEqual([1])
    expect(store.hpexpireat('h', now + 77, ['b'])).toEqual([1])
    expect(store.hpttl('h', ['c', 'b'])).toEqual([60_000, 77])
    expect(store.hpersist('h', 'a', 'a', 'none')).toEqual([1, -1, -2])
    expect(store.hpersist('none', 'a')).toEqual([-2])
    expect(store.objectEncoding('h')).toBe('listpackex')
    expect(() => store.hexpire('h', 1.5, ['a'])).toThrow('seconds must be an integer')
    expect(() => store.hexpire('h', 1, [])).toThrow('fields must not be empty')
    expect(() => store.hexpire('h', 1, 'a' as never)).toThrow('fields must be a list')
    expect(() => store.hpexpireat('h', 2n ** 63n, ['a'])).toThrow('ERR value is not an integer or out of range')
    expect(() => store.hexpire('h', 1, ['a'], { nx: true, gt: true } as never)).toThrow('Mandatory argument FIELDS')
  })

  it('obey their conditions', () => {
    const { store } = virtual()
    store.hset('h', { a: 1 })
    const ask = (seconds: number, options: object): number => store.hexpire('h', seconds, ['a'], options)[0]
    expect([ask(10, { xx: true }), ask(10, { gt: true }), ask(10, { lt: true })]).toEqual([0, 0, 1])
    expect([ask(20, { nx: true }), ask(20, { lt: true }), ask(10, { gt: true }), ask(20, { gt: true })]).toEqual([
      0, 0, 0, 1,
    ])
    expect([ask(30, { xx: true }), ask(30, { lt: true }), ask(0, { gt: true }), ask(0, { xx: true })]).toEqual([
      1, 0, 0, 2,
    ])
    expect(store.exists('h')).toBe(0)
  })

  it('are refused by the lines of Redis, in its order', () => {
    const { store } = virtual()
    store.hset('h', { a: 1 })
    store.sadd('s', 'x')
    const mandatory = 'ERR Mandatory argument FIELDS is missing or not at the right position'
    const mismatch = 'ERR The `numfields` parameter must match the number of arguments'
    const lines: [string[], unknown][] = [
      [['HEXPIRE', 's', 'x', 'F', '1', 'a'], 'WRONGTYPE Operation against a key holding the wrong kind of value'],
      [['HEXPIRE', 'h', 'x', 'F', '1', 'a'], 'ERR value is not an integer or out of range'],
      [['HEXPIRE', 'h', '-1', 'F', '1', 'a'], 'ERR invalid expire time, must be >= 0'],
      [['HEXPIRE', 'h', '70368744178', 'F', '1', 'a'], "ERR invalid expire time in 'hexpire' command"],
      [['HPEXPIREAT', 'h', '70368744177664', 'F', '1', 'a'], "ERR invalid expire time in 'hpexpireat' command"],
      [['HPEXPIRE', 'h', '70368744177663', 'F', '1', 'a'], "ERR invalid expire time in 'hpexpire' command"],
      [['HEXPIRE', 'h', '1', 'F', 'x', 'a'], mandatory],
      [['HEXPIRE', 'h', '1', 'NX', 'XX', 'FIELDS', '1', 'a'], mandatory],
      [['HEXPIRE', 'h', '1', 'FIELDS', '0', 'a'], 'ERR Parameter `numFields` should be greater than 0'],
      [['HEXPIRE', 'h', '1', 'FIELDS', 'x', 'a'], 'ERR Parameter `numFields` should be greater than 0'],
      [['HEXPIRE', 'h', '1', 'FIELDS', '2', 'a'], mismatch],
      [['HEXPIRE', 'h', '1', 'NX', 'FIELDS', '1'], mismatch],
      [['HEXPIRE', 'h', '1', 'FIELDS', '1'], "ERR wrong number of arguments for 'hexpire' command"],
      [
        ['HEXPIRE', 'none', '1', 'fields', '2', 'a', 'b'],
        [-2, -2],
      ],
      [['HEXPIRE', 'h', '1', 'nx', 'fields', '1', 'b'], [-2]],
      [['HTTL', 's', 'F', '1', 'a'], 'WRONGTYPE Operation against a key holding the wrong kind of value'],
      [['HTTL', 'h', 'F', '1', 'a'], mandatory],
      [['HTTL', 'h', 'FIELDS', '0', 'a'], 'ERR Number of fields must be a positive integer'],
      [['HTTL', 'h', 'FIELDS', '2', 'a'], mismatch],
      [['HTTL', 'h', 'FIELDS', '1'], "ERR wrong number of arguments for 'httl' command"],
      [['HPERSIST', 'h', 'FIELDS', '1', 'a', 'b'], mismatch],
      [['HPERSIST', 'h', 'FIELDS', '-1', 'a'], 'ERR Number of fields must be a positive integer'],
    ]
    for (const [argv, expected] of lines) expect(lineOf(store, ...argv), argv.join(' ')).toEqual(expected)
    expect(store.hpexpireat('h', 2 ** 46 - 1, ['a'])).toEqual([1])
    expect(store.hpexpiretime('h', 'a')).toEqual([2 ** 46 - 1])
  })

  it('are logged and told as Redis does, with the fields concerned', () => {
    const { store, host, now } = virtual()
    const effects: EffectArg[][] = []
    const events: string[] = []
    const { databases } = keyspaceOf(store)
    databases.attach({
      append: (_, argv) => void effects.push([...argv]),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    })
    databases.listen(({ event, key, fields }: KeyEvent) => void events.push([event, key, ...(fields ?? [])].join(' ')))
    const told = (call: () => unknown): [string[], unknown[][]] => {
      effects.length = events.length = 0
      call()
      return [[...events], effects.map(argv => [...argv])]
    }
    expect(told(() => store.hset('h', { a: 1, b: 2, c: 3, d: 4 }))[0]).toEqual(['hset h a b c d'])
    expect(told(() => store.hexpire('h', 10, ['a', 'x', 'b']))).toEqual([
      ['hexpire h a b'],
      [['HPEXPIREAT', 'h', now + 10_000, 'FIELDS', 2, 'a', 'b']],
    ])
    expect(told(() => store.hexpire('h', 10, ['x'])).flat()).toEqual([])
    expect(told(() => store.hexpire('h', 10, ['a'], { nx: true })).flat()).toEqual([])
    expect(told(() => store.hpersist('h', 'b', 'c'))).toEqual([['hpersist h b'], [['HPERSIST', 'h', 'FIELDS', 1, 'b']]])
    expect(told(() => store.hexpire('h', 0, ['b', 'x']))).toEqual([['hdel h b'], [['HDEL', 'h', 'b']]])
    expect(told(() => store.hincrbyfloat('h', 'a', 0.5))).toEqual([
      ['hincrbyfloat h a'],
      [
        ['HSET', 'h', 'a', '1.5'],
        ['HPEXPIREAT', 'h', now + 10_000, 'FIELDS', 1, 'a'],
      ],
    ])
    expect(told(() => store.hsetex('h', { a: 1, e: 5 }, { keepttl: true }))).toEqual([
      ['hset h a e'],
      [
        ['HSET', 'h', 'a', '1', 'e', '5'],
        ['HPEXPIREAT', 'h', now + 10_000, 'FIELDS', 1, 'a'],
      ],
    ])
    expect(told(() => store.hsetex('h', { e: 6 }, { px: 30 }))).toEqual([
      ['hset h e', 'hexpire h e'],
      [
        ['HSET', 'h', 'e', '6'],
        ['HPEXPIREAT', 'h', now + 30, 'FIELDS', 1, 'e'],
      ],
    ])
    expect(told(() => store.hsetex('h', { d: 6, f: 1 }, { px: 0 }))).toEqual([
      ['hset h d f', 'hdel h d f'],
      [['HDEL', 'h', 'd']],
    ])
    expect(told(() => store.hgetex('h', ['c', 'x'], { px: 40 }))).toEqual([
      ['hexpire h c'],
      [['HPEXPIREAT', 'h', now + 40, 'FIELDS', 1, 'c']],
    ])
    expect(told(() => store.hgetex('h', ['c', 'x'], { persist: true }))).toEqual([
      ['hpersist h c'],
      [['HPERSIST', 'h', 'FIELDS', 1, 'c']],
    ])
    expect(told(() => store.hgetex('h', ['c', 'c'], { exat: 1 }))).toEqual([['hdel h c'], [['HDEL', 'h', 'c']]])
    expect(told(() => host.advance(31))).toEqual([['hexpired h e'], [['HDEL', 'h', 'e']]])
    expect(told(() => host.advance(9970))).toEqual([['hexpired h a', 'del h'], [['HDEL', 'h', 'a']]])
    expect(told(() => store.hsetex('n', { a: 1 }, { ex: 0 }))).toEqual([['hset n a', 'hdel n a', 'del n'], []])
    expect([held(store), noted(store), databases.expiredFields]).toEqual([0, 0, 2])
  })

  it('go with a new value, and stay with a new number', () => {
    for (const size of [3, 300]) {
      const { store, host } = virtual()
      const names = Array.from({ length: size }, (_, i) => `f${i}`)
      store.hset(
        'h',
        names.flatMap(name => [name, 1]),
      )
      store.hpexpire('h', 100, names)
      store.hset('h', 'f0', 2)
      store.hincrby('h', 'f1', 1)
      store.hincrbyfloat('h', 'f2', '0.5')
      expect(store.hpttl('h', 'f0', 'f1', 'f2')).toEqual([-1, 100, 100])
      store.hsetex('h', { f1: 5 })
      expect(store.hpttl('h', 'f1')).toEqual([-1])
      store.hdel('h', 'f2')
      store.hset('h', 'f2', 1)
      host.advance(101)
      expect(store.hkeys('h').sort()).toEqual(['f0', 'f1', 'f2'])
      expect(noted(store)).toBe(0)
    }
  })
})

describe('an expired field', () => {
  it('goes by the timer, right after its time and not before', () => {
    for (const size of [5, 300]) {
      const { store, host } = virtual()
      for (let i = 0; i < size; i++) {
        store.hset('h', `f${i}`, 'v')
        store.hpexpire('h', 1000 + i, [`f${i}`])
      }
      host.advance(1000)
      expect(fieldsIn(store, 'h')).toBe(size)
      for (let i = 0; i < size; i++) {
        host.advance(1)
        expect(fieldsIn(store, 'h')).toBe(size - 1 - i)
      }
      expect([held(store), noted(store)]).toEqual([0, 0])
    }
  })

  it('goes by the real timer', () => {
    vi.useFakeTimers()
    const store = new Store()
    store.hsetex('h', { a: 1 }, { ex: 60 })
    store.hsetex('h', { b: 1 }, { ex: 90 })
    vi.advanceTimersByTime(60_000)
    expect(fieldsIn(store, 'h')).toBe(2)
    vi.advanceTimersByTime(1)
    expect(fieldsIn(store, 'h')).toBe(1)
    vi.advanceTimersByTime(30_001)
    expect(held(store)).toBe(0)
    store.close()
  })

  it('goes wherever its hash has gone', () => {
    const moves: Record<string, [(store: Store) => void, number]> = {
      rename: [s => s.rename('h', 'x'), 1],
      'rename onto another': [s => s.hsetex('x', { a: 1 }, { ex: 1 }) && s.rename('h', 'x'), 1],
      copy: [s => s.copy('h', 'x'), 2],
      'copy to another database': [s => s.copy('h', 'h', { db: 3 }), 2],
      move: [s => s.move('h', 3), 1],
      swap: [s => s.swapdb(0, 3), 1],
      'after a rollback': [
        s => {
          try {
            s.transaction(tx => {
              tx.hpersist('h', 'a')
              tx.flushall()
              tx.swapdb(0, 1)
              tx.set('h', 'x')
              throw new Error('back')
            })
          } catch {}
        },
        1,
      ],
    }
    for (const [name, [move, count]] of Object.entries(moves)) {
      const { store, host } = virtual()
      store.hsetex('h', { a: 1, b: 2 }, { px: 100 })
      move(store)
      const keys = (): number => [0, 1, 3].reduce((sum, db) => sum + held(store.db(db)), 0)
      host.advance(100)
      expect(keys(), name).toBe(count)
      host.advance(1)
      expect(keys(), name).toBe(0)
      expect(
        [0, 1, 3].map(db => noted(store.db(db))),
        name,
      ).toEqual([0, 0, 0])
    }
  })

  it('goes on both sides of a fork', () => {
    const { store, host } = virtual()
    store.hset(
      'h',
      Array.from({ length: 300 }, (_, i) => [`f${i}`, 'v'] as const),
    )
    store.hpexpire('h', 100, ['f1', 'f2'])
    store.hsetex('small', { a: 1 }, { px: 100 })
    const fork = store.fork()
    fork.hpersist('h', 'f1')
    store.hpexpire('h', 50, ['f3'])
    host.advance(101)
    expect([fieldsIn(store, 'h'), fieldsIn(fork, 'h'), held(store), held(fork)]).toEqual([297, 299, 1, 1])
    for (const one of [store, fork]) stateOf(one)
  })

  it('is never seen by any command, with no timer at all', () => {
    // Each way of looking gets a store of its own, because the first look removes the field.
    const look: Record<string, [(store: Store) => unknown, unknown]> = {
      hget: [s => s.hget('h', 'a'), null],
      hmget: [s => s.hmget('h', 'a', 'z'), [null, '7']],
      hexists: [s => s.hexists('h', 'a'), false],
      hlen: [s => s.hlen('h'), 1],
      hstrlen: [s => s.hstrlen('h', 'a'), 0],
      hkeys: [s => s.hkeys('h'), ['z']],
      hvals: [s => s.hvals('h'), ['7']],
      hgetall: [s => ({ ...s.hgetall('h') }), { z: '7' }],
      hscan: [s => s.hscan('h', 0).entries, [['z', '7']]],
      hscanIterator: [s => [...s.hscanIterator('h')], [['z', '7']]],
      hrandfield: [s => [s.hrandfield('h'), s.hrandfield('h', 10), s.hrandfield('h', -2)], ['z', ['z'], ['z', 'z']]],
      hset: [s => s.hset('h', 'a', 1), 1],
      hsetnx: [s => s.hsetnx('h', 'a', 1), true],
      hincrby: [s => [s.hincrby('h', 'a', 1), s.httl('h', 'a')], [1, [-1]]],
      hincrbyfloat: [s => s.hincrbyfloat('h', 'a', 1), 1],
      hdel: [s => s.hdel('h', 'a'), 0],
      hgetdel: [s => s.hgetdel('h', 'a'), [null]],
      hgetex: [s => s.hgetex('h', ['a'], { ex: 5 }), [null]],
      'hsetex fnx': [s => s.hsetex('h', { a: 1 }, { fnx: true }), true],
      'hsetex fxx': [s => s.hsetex('h', { a: 1 }, { fxx: true }), false],
      'hsetex keepttl': [s => [s.hsetex('h', { a: 1 }, { keepttl: true }), s.httl('h', 'a')], [true, [-1]]],
      hexpire: [s => s.hexpire('h', 5, ['a']), [-2]],
      httl: [s => s.httl('h', 'a'), [-2]],
      hpersist: [s => s.hpersist('h', 'a'), [-2]],
      'sort get': [s => s.sort('l', { by: 'nosort', get: ['h->a', 'gone->a'] }), [null, null]],
      copy: [s => [s.copy('h', 'c'), s.hlen('c')], [true, 1]],
      exists: [s => s.exists('h', 'gone'), 1],
      type: [s => s.type('gone'), 'none'],
      'del of nothing': [s => s.del('gone'), 0],
      ttl: [s => s.ttl('gone'), -2],
      persist: [s => s.persist('gone'), false],
      keys: [s => s.keys('*').sort(), ['h', 'l']],
      scan: [s => s.scan('0', { count: 100 }).keys.sort(), ['h', 'l']],
      scanIterator: [s => [...s.scanIterator()].sort(), ['h', 'l']],
      dbsize: [s => s.dbsize(), 2],
      randomkey: [s => Array.from({ length: 20 }, () => s.randomkey()).includes('gone'), false],
      'copy of nothing': [s => s.copy('gone', 'x'), false],
      'copy onto nothing': [s => s.copy('h', 'gone'), true],
      'move onto nothing': [s => s.move('gone', 1), false],
      'renamenx onto nothing': [s => s.renamenx('h', 'gone'), true],
      'another type': [s => s.sadd('gone', 'x'), 1],
      objectEncoding: [s => s.objectEncoding('gone'), null],
      'in a fork': [s => [s.fork().hlen('h'), s.fork().exists('gone')], [1, 0]],
      'after a swap': [s => [s.swapdb(0, 1), s.db(1).hlen('h'), s.db(1).dbsize()], ['OK', 1, 2]],
      'in a transaction': [s => s.transaction(tx => [tx.hlen('h'), tx.exists('gone')]), [1, 0]],
    }
    for (const filler of [0, 200]) {
      for (const [name, [ask, expected]] of Object.entries(look)) {
        const { store, advance } = timerless()
        store.hset('h', { a: 1, z: 7 })
        for (let i = 0; i < filler; i++) {
          store.hset('h', `f${i}`, 1)
          store.hset('gone', `f${i}`, 1)
        }
        store.hset('gone', { a: 1 })
        store.rpush('l', 'x')
        const names = ['a', ...Array.from({ length: filler }, (_, i) => `f${i}`)]
        store.hpexpire('h', 100, names)
        store.hpexpire('gone', 100, names)
        advance(100)
        expect([store.hget('h', 'a'), store.exists('gone')], `${name}: in time`).toEqual(['1', 1])
        advance(1)
        expect(ask(store), name).toEqual(expected)
        checkTimes(keyspaceOf(store))
      }
    }
    const { store, advance } = timerless()
    store.hsetex('h', { a: 1 }, { px: 10 })
    advance(11)
    expect(() => store.rename('h', 'x')).toThrow('ERR no such key')
  })

  it('does not go while a transaction or batch stands in its time', () => {
    const { store, host } = virtual()
    store.hsetex('h', { a: 1, b: 2 }, { px: 10 })
    store.transaction(tx => {
      host.advance(1000)
      expect([tx.hlen('h'), tx.hpttl('h', 'a')]).toEqual([2, [10]])
      tx.hpexpire('h', 20, ['a'])
    })
    expect(fieldsIn(store, 'h')).toBe(2)
    host.advance(1)
    expect(held(store)).toBe(0)
  })

  it('is back after a rollback, and is then logged when it goes again', () => {
    const { store, advance } = timerless()
    const effects: EffectArg[][] = []
    const pending: EffectArg[][] = []
    keyspaceOf(store).databases.attach({
      append: (_, argv) => void pending.push([...argv]),
      commit: () => void effects.push(...pending.splice(0)),
      mark: () => ({}),
      rollback: () => void pending.splice(0),
    })
    store.hsetex('h', { a: 1, b: 2 }, { px: 10 })
    store.hpersist('h', 'b')
    advance(11)
    effects.length = 0
    expect(() =>
      store.transaction(tx => {
        expect(tx.hkeys('h')).toEqual(['b'])
        throw new Error('back')
      }),
    ).toThrow('back')
    expect([fieldsIn(store, 'h'), effects]).toEqual([2, []])
    expect(store.hkeys('h')).toEqual(['b'])
    expect(effects).toEqual([['HDEL', 'h', 'a']])
  })

  it('does not go by itself while a log is replayed', () => {
    const { store, host } = virtual()
    const { databases } = keyspaceOf(store)
    databases.expiring = false
    store.call('HSET', 'h', 'a', '1', 'b', '2')
    store.call('HPEXPIREAT', 'h', '0', 'FIELDS', '1', 'a')
    store.call('HSETEX', 'h', 'PXAT', '1', 'FIELDS', '1', 'b', '3')
    store.call('HGETEX', 'h', 'PXAT', '5', 'FIELDS', '1', 'b')
    host.advance(10_000)
    expect([store.hlen('h'), store.hpexpiretime('h', 'a', 'b'), store.dbsize()]).toEqual([2, [1, 5], 1])
    expect(store.scan(0).keys).toEqual(['h'])
    databases.resumeExpiry()
    host.advance(1)
    expect(held(store)).toBe(0)
  })

  it('leaves nothing noted for keys that hold something else', () => {
    const { store } = virtual()
    const replaced: ((key: string) => unknown)[] = [
      key => store.set(key, 1),
      key => store.del(key),
      key => store.hdel(key, 'a'),
      key => store.hgetdel(key, 'a'),
      key => store.pexpire(key, -1),
      key => store.hpexpire(key, 0, ['a']),
      key => store.sort('l', { store: key }),
      key => store.rename('s', key),
      key => store.sunionstore(key, 't'),
    ]
    store.rpush('l', 1)
    store.sadd('s', 1)
    store.sadd('t', 1)
    for (const [i, replace] of replaced.entries()) {
      store.hsetex(`h${i}`, { a: 1 }, { ex: 1000 })
      expect(noted(store)).toBe(1)
      replace(`h${i}`)
      expect(noted(store), String(replace)).toBe(0)
    }
    store.hsetex('h', { a: 1 }, { ex: 1000 })
    store.flushdb()
    expect(noted(store)).toBe(0)
  })

  it('goes in slices, however many are due at once', () => {
    let now = 1_700_000_000_000
    let due: (() => void) | undefined
    // Time goes on by looking at it, so that a slice ends after some fifty looks.
    const host: Host = {
      now: () => (now += 0.02),
      random: Math.random,
      setTimer: callback => (due = callback),
      clearTimer: () => {},
    }
    const store = new Store({ host })
    const until = 1_700_000_100_000
    store.batch(() => {
      for (let i = 0; i < 3000; i++) store.hsetex(`h${i}`, { a: 1, b: 2, c: 3 }, { pxat: until })
      store.hset(
        'huge',
        Array.from({ length: 5000 }, (_, i) => [`f${i}`, 'v'] as const),
      )
      store.hpexpireat(
        'huge',
        until,
        Array.from({ length: 5000 }, (_, i) => `f${i}`),
      )
      for (let i = 0; i < 100; i++) store.hset(`stays${i}`, { a: 1 })
    })
    now = until + 1
    let slices = 0
    while (noted(store) > 0) {
      const before = held(store)
      const fields = fieldsIn(store, 'huge')
      slices++
      ;(due as () => void)()
      expect(held(store) < before || fieldsIn(store, 'huge') < fields).toBe(true)
      checkTimes(keyspaceOf(store))
    }
    expect(slices).toBeGreaterThan(20)
    expect(held(store)).toBe(100)
  })
})
