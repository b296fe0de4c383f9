import { describe, expect, it } from 'vitest'
import type { EffectArg } from '../src/keyspace.ts'
import { type Multi, Store } from '../src/index.ts'
import { keyspaceOf } from '../src/install.ts'
import { RemoteStore } from '../src/remote/index.ts'
import type { Raw } from '../src/wire/reply.ts'

/** Every surface that a program of five commands can go through must leave the same replies and the same state. */
const surfaces: Record<string, (store: Store) => unknown[] | Promise<unknown[]>> = {
  typed: store => [
    store.incr('n'),
    store.get('n'),
    store.hset('h', { a: '1', 10: '2' }),
    store.hgetall('h'),
    store.zadd('z', 1.5, 'm'),
    store.lmove('from', 'to', 'LEFT', 'RIGHT'),
  ],
  queued: store => {
    const queue: Multi = store.multi()
    return queue
      .incr('n')
      .get('n')
      .hset('h', { a: '1', 10: '2' })
      .hgetall('h')
      .zadd('z', 1.5, 'm')
      .lmove('from', 'to', 'LEFT', 'RIGHT')
      .exec()
  },
  remote: store => {
    const remote = new RemoteStore(async argv => store.call(...argv) as Raw)
    return Promise.all([
      remote.incr('n'),
      remote.get('n'),
      remote.hset('h', { a: '1', 10: '2' }),
      remote.hgetall('h'),
      remote.zadd('z', 1.5, 'm'),
      remote.lmove('from', 'to', 'LEFT', 'RIGHT'),
    ])
  },
  transaction: store => store.transaction(tx => surfaces.typed(tx) as unknown[]),
  fork: store => surfaces.typed(store.fork()),
}

function seeded(): Store {
  const store = new Store()
  store.call('RPUSH', 'from', 'x', 'y')
  return store
}

/** All of a store's data, as text. */
function state(store: Store): string {
  const lists = ['from', 'to'].map(key => store.call('LRANGE', key, 0, -1))
  return JSON.stringify([store.get('n'), store.hgetall('h', { pairs: true }), store.call('ZSCORE', 'z', 'm'), lists])
}

describe('one program through every surface', () => {
  const expected = [1, '1', 2, { __proto__: null, a: '1', 10: '2' }, 1, 'x']

  for (const [name, run] of Object.entries(surfaces)) {
    it(name, async () => {
      const store = seeded()
      const before = state(store)
      expect(await run(store)).toEqual(expected)
      const plain = seeded()
      surfaces.typed(plain)
      expect(state(store)).toBe(name === 'fork' ? before : state(plain))
    })
  }

  it('bytes', () => {
    const store = seeded()
    surfaces.typed(store)
    expect(store.bytes.get('n')).toEqual(new Uint8Array([49]))
    expect(store.bytes.hgetall('h')[1]).toEqual([new Uint8Array([97]), new Uint8Array([49])])
    expect(store.bytes.lmove('to', 'from', 'RIGHT', 'LEFT')).toEqual(new Uint8Array([120]))
  })

  it('call', () => {
    const store = seeded()
    expect(store.call('incr', 'n')).toBe(1)
    expect(store.call('GET', 'n')).toBe('1')
    expect(store.call('HSET', 'h', 'a', '1', '10', '2')).toBe(2)
    expect(store.call('HGETALL', 'h')).toEqual(
      new Map([
        ['a', '1'],
        ['10', '2'],
      ]),
    )
    expect(store.call('ZADD', 'z', '1.5', 'm')).toBe(1)
    expect(store.call('LMOVE', 'from', 'to', 'left', 'right')).toBe('x')
  })

  it('replayed effects', () => {
    const store = seeded()
    const log: EffectArg[][] = []
    keyspaceOf(store).databases.attach({
      append: (_db, argv) => void log.push([...argv]),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    })
    surfaces.typed(store)
    const copy = seeded()
    for (const argv of log) copy.call(...argv)
    expect(state(copy)).toBe(state(store))
  })

  it('rolled back', () => {
    const store = seeded()
    const before = state(store)
    expect(() =>
      store.transaction(tx => {
        surfaces.typed(tx)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(state(store)).toBe(before)
  })
})

describe('versions at a million members', () => {
  const N = 1_000_000
  const store = new Store()
  const hash: string[] = []
  const members: { member: string; score: number }[] = []
  for (let i = 0; i < N; i++) {
    hash.push(`f${i}`, `v${i}`)
    members.push({ member: `m${i}`, score: i })
  }
  store.hset('h', hash)
  store.zadd('z', members)
  const small = new Store()
  small.hset('h', hash.slice(0, 40_000))
  small.zadd('z', members.slice(0, 20_000))

  /** The median time of the first write after a fork, in microseconds. */
  function firstWrite(of: Store, write: (store: Store) => void): number {
    const times: number[] = []
    for (let i = 0; i < 41; i++) {
      const fork = of.fork()
      const start = performance.now()
      write(fork)
      times.push((performance.now() - start) * 1000)
    }
    return times.sort((a, b) => a - b)[20]
  }

  it('a fork and its origin do not see each other', () => {
    const fork = store.fork()
    fork.hset('h', 'f7', 'forked')
    store.hset('h', 'f8', 'origin')
    fork.zadd('z', -1, 'm500000')
    store.zadd('z', 1e9, 'm400000')
    expect([store.call('HGET', 'h', 'f7'), fork.call('HGET', 'h', 'f7')]).toEqual(['v7', 'forked'])
    expect([store.call('HGET', 'h', 'f8'), fork.call('HGET', 'h', 'f8')]).toEqual(['origin', 'v8'])
    expect([store.call('ZRANK', 'z', 'm500000'), fork.call('ZRANK', 'z', 'm500000')]).toEqual([499_999, 0])
    expect([store.call('ZRANK', 'z', 'm400000'), fork.call('ZRANK', 'z', 'm400000')]).toEqual([N - 1, 400_001])
  })

  it('a snapshot stays as it was, and a released one costs nothing more', () => {
    const { databases } = keyspaceOf(store)
    const snapshot = databases.snapshot()
    store.hset('h', 'f9', 'later')
    const value = snapshot.tables[0].get('h')
    expect(typeof value === 'object' && value.type === 'hash' && value.get('f9')).toBe('v9')
    snapshot.release()
    expect(store.call('HGET', 'h', 'f9')).toBe('later')
  })

  it('the first write after a fork does not depend on the size of the collection', () => {
    for (const write of [(one: Store) => one.hset('h', 'f77', 'x'), (one: Store) => one.zadd('z', 5.5, 'm77')]) {
      // A fifth of a millisecond is far below what copying a million of anything takes, and far above a chunk's.
      expect(firstWrite(store, write)).toBeLessThan(200)
      expect(firstWrite(store, write)).toBeLessThan(40 * firstWrite(small, write))
    }
  })
})
