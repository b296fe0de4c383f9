import { describe, expect, it } from 'vitest'
import { ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { effects, events } from '../support/observe.ts'

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)

describe('setbit', () => {
  it('refuses offsets beyond 512 MB before it makes room', () => {
    const store = new Store()
    for (const offset of [-1, 2 ** 32, 2n ** 63n, 1e300]) {
      expect(() => store.setbit('k', offset, 1)).toThrow(
        new ReplyError('ERR bit offset is not an integer or out of range'),
      )
      expect(() => store.bitfield('k', [{ set: 'u8', offset, value: 1 }])).toThrow('ERR bit offset')
    }
    expect(() => store.setbit('k', 1.5, 1)).toThrow(TypeError)
    expect(store.exists('k')).toBe(0)
  })

  it('says and logs only what made a difference', () => {
    const store = new Store()
    const both = (body: () => void): [string[], EffectArg[][]] => {
      let log: EffectArg[][] = []
      const seen = events(store, () => (log = effects(store, body)))
      return [seen, log]
    }
    expect(both(() => store.setbit('k', 7, 0))).toEqual([['setbit'], [['SETBIT', 'k', 7, 0]]])
    expect(both(() => store.setbit('k', 6, 0))).toEqual([[], []])
    expect(both(() => store.setbit('k', 6, 1))).toEqual([['setbit'], [['SETBIT', 'k', 6, 1]]])
    expect(both(() => store.bitfield('k', [{ set: 'u1', offset: 6, value: 1 }]))).toEqual([[], []])
    // It is refused, so Redis tells nobody; but the string has grown.
    expect(both(() => store.bitfield('k', [{ set: 'u1', offset: 9, value: 3, overflow: 'FAIL' }]))).toEqual([
      [],
      [['BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'SET', 'u1', 9, 3]],
    ])
  })

  it('leaves what others see as it was', () => {
    const store = new Store()
    store.setbit('k', 7, 1)
    const fork = store.fork()
    const snapshot = keyspaceOf(store).databases.snapshot()
    store.setbit('k', 0, 1)
    fork.setbit('k', 1, 1)
    expect([store.bytes.get('k'), fork.bytes.get('k')]).toEqual([bytes(0x81), bytes(0x41)])
    let kept: unknown
    snapshot.tables[0].forEach((_key, value) => (kept = (value as { copy(): Uint8Array }).copy()))
    expect(kept).toEqual(bytes(1))
    snapshot.release()
    expect(() =>
      store.transaction(tx => {
        tx.setbit('k', 2, 1)
        tx.bitfield('k', [{ set: 'u8', offset: 800, value: 1 }])
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(store.bytes.get('k')).toEqual(bytes(0x81))
  })
})

describe('reading', () => {
  it('keeps text text', () => {
    const store = new Store()
    for (const value of ['hello', 'h\u00e9llo', 12345, 'x'.repeat(5000)]) {
      store.set('k', value)
      const encoding = store.objectEncoding('k')
      store.getbit('k', 9)
      store.bitcount('k', 1, 2)
      store.bitpos('k', 1)
      store.bitfield('k', [{ get: 'u9', offset: 3 }])
      store.bitop('NOT', 'd', 'k')
      expect(store.objectEncoding('k')).toBe(encoding)
      expect(store.get('k')).toBe(String(value))
    }
  })
})

describe('bitop of Redis 8.2', () => {
  it('sets the first source against the others, or finds what only one has', () => {
    const store = new Store()
    store.mset({ x: bytes(0b1100, 1, 0xff), y: bytes(0b1010, 3), z: bytes(0b1001), none: '' })
    const of = (operation: 'DIFF' | 'DIFF1' | 'ANDOR' | 'ONE', ...keys: string[]): number[] => {
      expect(store.bitop(operation, 'd', keys)).toBe(3)
      return [...(store.bytes.get('d') as Uint8Array)]
    }
    expect(of('DIFF', 'x', 'y', 'z')).toEqual([0b0100, 0, 0xff])
    expect(of('DIFF1', 'x', 'y', 'z')).toEqual([0b0011, 2, 0])
    expect(of('ANDOR', 'x', 'y', 'z')).toEqual([0b1000, 1, 0])
    expect(of('ONE', 'x', 'y', 'z')).toEqual([0b0111, 2, 0xff])
    expect(of('ONE', 'x')).toEqual([0b1100, 1, 0xff])
    expect(of('ONE', 'x', 'x', 'absent')).toEqual([0, 0, 0])
    expect(of('DIFF', 'absent', 'x')).toEqual([0, 0, 0])
    expect(of('DIFF1', 'none', 'x')).toEqual([0b1100, 1, 0xff])
    for (const operation of ['DIFF', 'DIFF1', 'ANDOR'] as const) {
      expect(() => store.bitop(operation, 'd', 'x')).toThrow(
        new ReplyError(`ERR BITOP ${operation} must be called with at least two source keys.`),
      )
    }
    // An older Redis must be able to read the log.
    expect(effects(store, () => store.bitop('DIFF', 'd', 'x', 'y'))).toEqual([['SET', 'd', bytes(0b0100, 0, 0xff)]])
    expect(effects(store, () => store.call('bitop', 'or', 'd', 'x', 'y'))).toEqual([['BITOP', 'OR', 'd', 'x', 'y']])
  })
})

describe('bitfield', () => {
  it('answers numbers, and bigints where they are asked for', () => {
    const store = new Store()
    const results = store.bitfield('k', [
      { set: 'i64', offset: 0, value: -(2n ** 63n) },
      { get: 'i64', offset: 0, bigint: true },
      { get: 'u8', offset: 0 },
      { incrby: 'u8', offset: '#1', by: 255 },
      { incrby: 'u8', offset: '#1', by: 1, overflow: 'FAIL' },
    ])
    const types: [bigint, bigint, number, number, number | null] = results
    expect(types).toEqual([0n, -(2n ** 63n), 128, 255, null])
    expect(store.bitfield_ro('k', [{ get: 'i8', offset: 0 }])).toEqual([-128])
  })

  it('throws before anything is written when a number will not do', () => {
    const store = new Store()
    store.set('k', 'text')
    const before = store.call('BITFIELD_RO', 'k', 'GET', 'u63', '0')
    const wrong = [
      () =>
        store.bitfield('k', [
          { set: 'u8', offset: 0, value: 1 },
          { get: 'u63', offset: 0 },
        ]),
      () =>
        store.bitfield('k', [
          { incrby: 'i64', offset: 64, by: 2 ** 53 - 1 },
          { incrby: 'i64', offset: 64, by: 1 },
        ]),
      () => store.bitfield_ro('k', [{ get: 'u63', offset: 0 }]),
    ]
    for (const call of wrong) expect(call).toThrow(RangeError)
    expect([store.get('k'), store.objectEncoding('k')]).toEqual(['text', 'embstr'])
    expect(store.call('BITFIELD_RO', 'k', 'GET', 'u63', '0')).toEqual(before)
    expect(store.bitfield('k', [{ incrby: 'i64', offset: 64, by: 2 ** 53 - 1 }])).toEqual([2 ** 53 - 1])
  })

  it('refuses operations that are none', () => {
    const store = new Store()
    const wrong = store as unknown as { bitfield(...args: unknown[]): unknown }
    const refused: readonly unknown[] = [
      {},
      { get: 'u8', set: 'u8', offset: 0 },
      { get: 8, offset: 0 },
      { get: 'u8' },
      { set: 'u8', offset: 0 },
      { incrby: 'u8', offset: 0, by: '1' },
      { incrby: 'u8', offset: 0, by: 1, overflow: 'NO' },
      null,
      'GET',
    ]
    for (const one of refused) expect(() => wrong.bitfield('k', [one])).toThrow(TypeError)
    for (const list of [undefined, null, {}, 'GET u8 0']) expect(() => wrong.bitfield('k', list)).toThrow(TypeError)
    expect(() => wrong.bitfield('k', [{ set: 'u8', offset: 0, value: 2n ** 63n }])).toThrow(
      'ERR value is not an integer',
    )
    expect(store.exists('k')).toBe(0)
  })
})
