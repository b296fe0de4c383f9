import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Scored } from '../../src/api/types.ts'
import { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg, Structures } from '../../src/keyspace.ts'

function board(): Store {
  const store = new Store()
  store.zadd('z', { alice: 10, bob: 20, carol: 20, dave: 35 })
  return store
}

describe('sorted sets', () => {
  it('adds in every shape', () => {
    const store = new Store()
    expect(store.zadd('z', 1, 'a')).toBe(1)
    expect(
      store.zadd('z', [
        { member: 'b', score: 2 },
        { member: 7, score: 3 },
      ]),
    ).toBe(2)
    expect(store.zadd('z', JSON.parse('{"__proto__": 4, "a": 9}'), { ch: true })).toBe(2)
    expect(store.zrange('z', 0, -1)).toEqual(['b', '7', '__proto__', 'a'])
    const plain: number = store.zadd('z', 1, 'a', { xx: true })
    const sum: number | null = store.zadd('z', 4, 'a', { incr: true })
    expect([plain, sum]).toEqual([0, 5])
    expect(store.zadd('z', 0, 'a', { incr: true, gt: true })).toBe(null)
    expect(store.zincrby('z', 0.5, 'a')).toBe(5.5)
    expectTypeOf(store.zadd('z', 1, 'a')).toEqualTypeOf<number>()
    // @ts-expect-error the conditions exclude each other
    expect(() => store.zadd('z', 1, 'a', { nx: true, xx: true })).toThrow('XX and NX')
    // @ts-expect-error the conditions exclude each other
    expect(() => store.zadd('z', 1, 'a', { gt: true, lt: true })).toThrow('GT, LT, and/or NX')
  })

  it('gives ranges as text, bytes or with scores', () => {
    const store = board()
    expectTypeOf(store.zrange('z', 0, 1)).toEqualTypeOf<string[]>()
    expectTypeOf(store.zrange('z', 0, 1, { withscores: true })).toEqualTypeOf<Scored[]>()
    expectTypeOf(store.bytes.zrange('z', 0, 1, { rev: true })).toEqualTypeOf<Uint8Array[]>()
    expectTypeOf(store.zrange('z', '(1', 5, { byscore: true, withscores: true })).toEqualTypeOf<Scored[]>()
    expect(store.zrange('z', 0, 1, { withscores: true })).toEqual([
      { member: 'alice', score: 10 },
      { member: 'bob', score: 20 },
    ])
    expect(store.zrange('z', '+inf', '(10', { byscore: true, rev: true, limit: { offset: 1, count: 1 } })).toEqual([
      'carol',
    ])
    expect(store.bytes.zrange('z', 0, 0)).toEqual([new TextEncoder().encode('alice')])
    expect(store.zrangebyscore('z', 20, 30)).toEqual(['bob', 'carol'])
    expect(store.zrevrange('z', 0, 0, { withscores: true })).toEqual([{ member: 'dave', score: 35 }])
    // @ts-expect-error ranks have no limit
    expect(() => store.zrange('z', 0, 1, { limit: { offset: 0, count: 1 } })).toThrow('LIMIT is only supported')
  })

  it('ranks, scores and pops', () => {
    const store = board()
    expect(store.zrank('z', 'carol')).toBe(2)
    expect(store.zrevrank('z', 'carol', { withscore: true })).toEqual({ rank: 1, score: 20 })
    expect(store.zrank('z', 'none', { withscore: true })).toBe(null)
    expect(store.zmscore('z', 'bob', 'none')).toEqual([20, null])
    expect(store.zpopmin('z')).toEqual({ member: 'alice', score: 10 })
    expect(store.zpopmin('none')).toBe(null)
    expect(store.zmpop(['none', 'z'], 'MAX', { count: 2 })).toEqual({
      key: 'z',
      members: [
        { member: 'dave', score: 35 },
        { member: 'carol', score: 20 },
      ],
    })
    expect(store.zpopmax('z', 5)).toEqual([{ member: 'bob', score: 20 }])
    expect(store.call('EXISTS', 'z')).toBe(0)
  })

  it('combines sorted sets and sets', () => {
    const store = board()
    store.sadd('s', 'bob', 'eve')
    expect(store.zunion(['z', 's'], { weights: [1, 100], withscores: true }).slice(-2)).toEqual([
      { member: 'eve', score: 100 },
      { member: 'bob', score: 120 },
    ])
    expect(store.zinter(['z', 's'])).toEqual(['bob'])
    expect(store.zunion(['z', 's'], { aggregate: 'COUNT', withscores: true }).pop()).toEqual({
      member: 'bob',
      score: 2,
    })
    expect(store.zdiffstore('d', ['z', 's'])).toBe(3)
    expect(store.zinterstore('d', ['z', 'none'])).toBe(0)
    expect(store.call('EXISTS', 'd')).toBe(0)
    expect(store.zadd('i', { up: Infinity, down: -Infinity })).toBe(2)
    expect(store.zadd('j', { up: -Infinity, down: 0 })).toBe(2)
    expect(store.zunion(['i', 'j'], { withscores: true })).toEqual([
      { member: 'down', score: -Infinity },
      { member: 'up', score: 0 },
    ])
    expect(() => store.zunion(['i'], { weights: [Number.NaN] })).toThrow('ERR weight value is not a float')
    expect(() => store.zunion(['i', 'j'], { weights: [1] })).toThrow('ERR syntax error')
    expect(() => store.zunion(['i'], { aggregate: 'constructor' as never })).toThrow('aggregate must be one of')
  })

  it('names what it cannot take', () => {
    const store = board()
    expect(() => store.zadd('z', '1' as never, 'a')).toThrow(TypeError)
    expect(() => store.zadd('z', [])).toThrow(TypeError)
    expect(() => store.zadd('z', [null as never])).toThrow(TypeError)
    expect(() => store.zadd('z', { a: '1' as never })).toThrow(/score must be a number/)
    expect(() => store.zadd('z', Number.NaN, 'a')).toThrow('ERR value is not a valid float')
    expect(() => store.zrange('z', 0.5, 1)).toThrow(/start must be an integer/)
    expect(() => store.zmpop('z' as never, 'MIN')).toThrow(TypeError)
    expect(() => store.zmpop(['z'], 'UP' as never)).toThrow(TypeError)
    expect(() => store.zrandmember('z', -(2 ** 40))).toThrow('ERR value is out of range')
    expect(() => store.zincrby('z', Infinity, 'alice') + store.zincrby('z', -Infinity, 'alice')).toThrow('NaN')
    expect(store.zscore('z', 'alice')).toBe(Infinity)
  })

  it('is rolled back and forked at any size', () => {
    const store = new Store()
    store.zadd(
      'z',
      Array.from({ length: 5000 }, (_, i) => ({ member: `m${i}`, score: i })),
    )
    const before = store.zrange('z', 0, -1, { withscores: true })
    expect(() =>
      store.transaction(tx => {
        tx.zremrangebyscore('z', 10, 4000)
        tx.zincrby('z', 1e6, 'm1')
        tx.zunionstore('z', ['z', 'none'], { weights: [2, 1] })
        tx.zpopmax('z', 100)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(store.zrange('z', 0, -1, { withscores: true })).toEqual(before)
    const fork = store.fork()
    fork.zremrangebyrank('z', 0, 99)
    expect([store.zcard('z'), fork.zcard('z')]).toEqual([5000, 4900])
    const zset = keyspaceOf(store).read('z', 'zset') as Structures['zset']
    zset.check()
  })

  it('logs what can be done again', () => {
    const store = board()
    const effects: (readonly EffectArg[])[] = []
    keyspaceOf(store).databases.attach({
      append: (_db: number, argv: readonly EffectArg[]) => effects.push(argv.slice()),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    } as never)
    store.zadd('z', { alice: 10, bob: 21 })
    store.zadd('z', 5, 'alice', { incr: true })
    store.zrangestore('d', 'z', '(15', '+inf', { byscore: true })
    store.zremrangebyscore('z', 20, 30)
    store.zmpop(['none', 'z'], 'MIN', { count: 1 })
    store.sadd('s', 'x')
    store.zunionstore('d', ['s', 'z'], { aggregate: 'COUNT' })
    expect(effects).toEqual([
      ['ZADD', 'z', 21, 'bob'],
      ['ZADD', 'z', 15, 'alice'],
      ['ZRANGESTORE', 'd', 'z', 1, 3],
      ['ZREMRANGEBYRANK', 'z', 1, 2],
      ['ZPOPMIN', 'z', 1],
      ['SADD', 's', 'x'],
      ['DEL', 'd'],
      ['ZADD', 'd', 1, 'dave', 1, 'x'],
    ])
  })
})
