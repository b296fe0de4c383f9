import { describe, expect, it } from 'vitest'
import { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

describe('sets', () => {
  it('adds and removes one, several, and lists', () => {
    const store = new Store()
    expect(store.sadd('s', 'a')).toBe(1)
    expect(store.sadd('s', 'a', 1, 2n, new Uint8Array([255]))).toBe(3)
    expect(store.sadd('s', ['b', 'b'])).toBe(1)
    expect(store.scard('s')).toBe(5)
    expect(store.sismember('s', '1')).toBe(true)
    expect(store.smismember('s', 'a', 'x')).toEqual([true, false])
    expect(store.srem('s', ['a', 'b', '1', 2, new Uint8Array([255])])).toBe(5)
    expect(store.call('EXISTS', 's')).toBe(0)
  })

  it('takes lists that no call could', () => {
    const store = new Store()
    const members = Array.from({ length: 200_000 }, (_, i) => `m${i}`)
    expect(store.sadd('s', members)).toBe(200_000)
    expect(store.sunionstore('t', 's')).toBe(200_000)
    expect(store.spop('t', 150_000)).toHaveLength(150_000)
    expect(store.srem('s', members)).toBe(200_000)
  })

  it('answers text or bytes', () => {
    const store = new Store()
    store.sadd('s', 'é')
    const text: string[] = store.smembers('s')
    const bytes: Uint8Array[] = store.bytes.smembers('s')
    expect(text).toEqual(['é'])
    expect(bytes).toEqual([new Uint8Array([0xc3, 0xa9])])
    expect(store.bytes.sscan('s', 0)).toEqual({ cursor: '0', members: bytes })
    expect(store.bytes.srandmember('s')).toEqual(bytes[0])
    expect(store.bytes.spop('s', 3)).toEqual(bytes)
    expect(store.spop('s')).toBe(null)
    expect(store.spop('s', 1)).toEqual([])
  })

  it('names what it cannot take', () => {
    const store = new Store()
    expect(() => store.sadd('s', {} as never)).toThrow(TypeError)
    expect(() => store.sadd('s', [])).toThrow(TypeError)
    expect(() => store.sinter([])).toThrow(TypeError)
    expect(() => store.sintercard('s' as never)).toThrow(TypeError)
    expect(() => store.srandmember('s', 1.5)).toThrow(/count must be an integer/)
    expect(() => store.spop('s', -1)).toThrow('ERR value is out of range, must be positive')
    store.sadd('s', 'a')
    expect(() => store.srandmember('s', Number.MIN_SAFE_INTEGER)).toThrow('ERR value is out of range')
  })

  it('is rolled back, forked and logged', () => {
    const store = new Store()
    store.sadd(
      's',
      Array.from({ length: 1000 }, (_, i) => String(i)),
    )
    expect(() =>
      store.transaction(tx => {
        tx.spop('s', 500)
        tx.smove('s', 't', tx.srandmember('s') as string)
        tx.sdiffstore('s', 's', 't')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(store.scard('s')).toBe(1000)
    expect(store.scard('t')).toBe(0)
    const fork = store.fork()
    fork.srem('s', '7')
    expect([store.sismember('s', 7), fork.sismember('s', 7)]).toEqual([true, false])
    const effects: (readonly EffectArg[])[] = []
    keyspaceOf(store).databases.attach({
      append: (_db: number, argv: readonly EffectArg[]) => effects.push(argv.slice()),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    } as never)
    const popped = store.spop('s') as string
    store.sinterstore('t', 's', 'none')
    store.spop('s', 5000)
    expect(effects).toEqual([
      ['SREM', 's', popped],
      ['DEL', 's'],
    ])
  })

  it('counts no further than asked', () => {
    const store = new Store()
    const members = Array.from({ length: 5000 }, (_, i) => `m${i}`)
    store.sadd('a', members)
    store.sadd('b', members.slice(1000))
    expect(store.sintercard(['a', 'b'], { limit: 7 })).toBe(7)
    expect(store.sintercard(['a', 'b'])).toBe(4000)
    expect(store.sunioncard(['a', 'b'], { limit: 9 })).toBe(9)
    expect(store.sunioncard(['a', 'b', 'c'], { approx: true })).toBe(5000)
    expect(store.sdiffcard(['a', 'b'])).toBe(1000)
    expect(store.sdiffcard(['a', 'b'], { limit: 3n })).toBe(3)
    expect(store.sdiff('a', 'b')).toHaveLength(1000)
  })

  it('scans all members while they come and go', () => {
    const store = new Store()
    const members = Array.from({ length: 3000 }, (_, i) => `m${i}`)
    store.sadd('s', members)
    const seen = new Set<string>()
    let cursor = '0'
    let step = 0
    do {
      const part = store.sscan('s', cursor, { count: 50 })
      for (const member of part.members) seen.add(member)
      store.sadd('s', `new${step}`)
      store.srem('s', `m${step++ * 2}`)
      cursor = part.cursor
    } while (cursor !== '0')
    for (let i = 1; i < 3000; i += 2) expect(seen.has(`m${i}`)).toBe(true)
  })
})
