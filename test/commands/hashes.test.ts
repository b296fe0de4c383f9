import { describe, expect, it } from 'vitest'
import { fromBytes, ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/store.ts'

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)
const loose = (store: Store): Record<string, (...args: unknown[]) => unknown> => store as never

describe('hashes', () => {
  it('sets fields one by one and many at a time, in every shape', () => {
    const store = new Store()
    expect(store.hset('h', 'a', 1)).toBe(1)
    expect(store.hset('h', { a: 2, b: 'x' })).toBe(1)
    expect(store.hset('h', new Map([['c', 3n]]))).toBe(1)
    expect(store.hset('h', [['d', bytes(0xff)]])).toBe(1)
    expect(store.hset('h', ['e', '', 'e', 'last'])).toBe(1)
    expect(store.hmset('h', { f: -0 })).toBe('OK')
    expect(store.hgetall('h')).toEqual(
      Object.assign(Object.create(null), { a: '2', b: 'x', c: '3', d: '\udcff', e: 'last', f: '0' }),
    )
    expect(store.hkeys('h')).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(store.hvals('h')).toEqual(['2', 'x', '3', '\udcff', 'last', '0'])
    expect(store.hlen('h')).toBe(6)
    expect(store.hsetnx('h', 'a', 'no')).toBe(false)
    expect(store.hsetnx('h', 'g', 'yes')).toBe(true)
  })

  it('keeps names that mean something to JavaScript', () => {
    const store = new Store()
    store.hset('h', ['__proto__', '1', 'constructor', '2', 'toString', '3', '10', '4', '9', '5'])
    const all = store.hgetall('h')
    expect(Object.getPrototypeOf(all)).toBe(null)
    expect(all.__proto__).toBe('1')
    expect(store.hgetall('h', { pairs: true }).map(([field]) => field)).toEqual([
      '__proto__',
      'constructor',
      'toString',
      '10',
      '9',
    ])
    expect(store.hexists('h', 'hasOwnProperty')).toBe(false)
  })

  it('reads one field, several, and their lengths', () => {
    const store = new Store()
    store.hset('h', { a: 'ü', n: 5 })
    expect(store.hget('h', 'a')).toBe('ü')
    expect(store.hget('h', 'x')).toBe(null)
    expect(store.hget('none', 'x')).toBe(null)
    expect(store.hmget('h', 'n', 'x')).toEqual(['5', null])
    expect(store.hmget('none', ['n', 'x'])).toEqual([null, null])
    expect(store.hstrlen('h', 'a')).toBe(2)
    expect(store.hexists('h', 'n')).toBe(true)
    expect(store.bytes.hget('h', 'a')).toEqual(bytes(0xc3, 0xbc))
    expect(store.bytes.hmget('h', 'n', 'x')).toEqual([bytes(0x35), null])
    expect(store.bytes.hkeys('h')).toEqual([bytes(0x61), bytes(0x6e)])
  })

  it('removes fields, and the hash with the last one', () => {
    const store = new Store()
    store.hset('h', { a: 1, b: 2, c: 3 })
    expect(store.hdel('h', 'a', 'a', 'x')).toBe(1)
    expect(store.hgetdel('h', ['b', 'x'])).toEqual(['2', null])
    expect(store.hgetex('h', ['c'], { persist: true })).toEqual(['3'])
    expect(store.hgetdel('h', 'c')).toEqual(['3'])
    expect(store.call('EXISTS', 'h')).toBe(0)
    expect(store.hdel('h', 'c')).toBe(0)
  })

  it('sets all fields or none', () => {
    const store = new Store()
    expect(store.hsetex('h', { a: 1, b: 2 }, { fxx: true })).toBe(false)
    expect(store.call('EXISTS', 'h')).toBe(0)
    expect(store.hsetex('h', { a: 1, b: 2 }, { fnx: true })).toBe(true)
    expect(store.hsetex('h', { b: 3, c: 4 }, { fnx: true })).toBe(false)
    expect(store.hsetex('h', { b: 3, c: 4 }, { fxx: true })).toBe(false)
    expect(store.hsetex('h', { a: 5, b: 6 }, { fxx: true, keepttl: true })).toBe(true)
    expect(store.hvals('h')).toEqual(['5', '6'])
  })

  it('counts exactly', () => {
    const store = new Store()
    expect(store.hincrby('h', 'n', 5)).toBe(5)
    expect(store.hincrby('h', 'n', -7n)).toBe(-2n)
    expect(store.hincrby('h', 'n', 2n ** 63n - 1n)).toBe(2n ** 63n - 3n)
    expect(() => store.hincrby('h', 'n', 1)).toThrow(RangeError)
    expect(store.hget('h', 'n')).toBe(String(2n ** 63n - 3n))
    expect(() => store.hincrby('h', 'n', 5n)).toThrow('increment or decrement would overflow')
    expect(store.call('HINCRBY', 'h', 'n', 1)).toBe(2n ** 63n - 2n)
    expect(store.hincrbyfloat('h', 'x', 0.1)).toBe(0.1)
    expect(store.hincrbyfloat('h', 'x', '0.2')).toBe(0.3)
    expect(store.hget('h', 'x')).toBe('0.3')
    expect(() => store.hincrbyfloat('h', 'x', Number.NaN)).toThrow('value is not a valid float')
    expect(() => store.hincrbyfloat('h', 'x', Infinity)).toThrow('value is NaN or Infinity')
    expect(() => store.hincrby('h', 'x', 1)).toThrow('hash value is not an integer')
  })

  it('chooses fields at random', () => {
    const store = new Store()
    expect(store.hrandfield('h')).toBe(null)
    expect(store.hrandfield('h', -5)).toEqual([])
    for (let i = 0; i < 500; i++) store.hset('h', `f${i}`, i)
    expect(store.hexists('h', store.hrandfield('h') as string)).toBe(true)
    for (const count of [1, 10, 100, 200, 400, 499]) {
      const fields = store.hrandfield('h', count)
      expect(new Set(fields).size).toBe(count)
      for (const field of fields) expect(store.hexists('h', field)).toBe(true)
    }
    expect(store.hrandfield('h', 1000)).toHaveLength(500)
    expect(store.hrandfield('h', -1000)).toHaveLength(1000)
    for (const [field, value] of store.hrandfield('h', 5, { withvalues: true })) expect(field).toBe(`f${value}`)
    expect(store.bytes.hrandfield('h', 2)[0]).toBeInstanceOf(Uint8Array)
    expect(() => store.hrandfield('h', -(2 ** 40))).toThrow('value is out of range')
    expect(() => store.hrandfield('h', 2 ** 63, { withvalues: true })).toThrow('value is out of range')
  })

  it('chooses every field equally often', () => {
    const store = new Store()
    const seen = new Map<string, number>()
    for (let i = 0; i < 200; i++) store.hset('h', `f${i}`, '')
    for (let round = 0; round < 200; round++) {
      for (const field of store.hrandfield('h', 20)) seen.set(field, (seen.get(field) ?? 0) + 1)
      for (const field of store.hrandfield('h', 120)) seen.set(field, (seen.get(field) ?? 0) + 1)
    }
    // Each is expected 140 times, with a standard deviation of 8.
    expect(seen.size).toBe(200)
    for (const times of seen.values()) expect(Math.abs(times - 140)).toBeLessThan(60)
  })

  it('scans every field that stays, while others come and go', () => {
    const store = new Store()
    for (let i = 0; i < 1000; i++) store.hset('h', `f${i}`, i)
    const seen = new Set<string>()
    let cursor = '0'
    let step = 0
    do {
      const found = store.hscan('h', cursor, { count: 20 })
      for (const [field] of found.entries) seen.add(field)
      cursor = found.cursor
      for (let i = 0; i < 30; i++) store.hset('h', `g${step}-${i}`, i)
      store.hdel(
        'h',
        Array.from({ length: 5 }, (_, i) => `f${500 + step * 5 + i}`),
      )
      step++
    } while (cursor !== '0')
    for (let i = 0; i < 500; i++) expect(seen.has(`f${i}`)).toBe(true)
    expect(store.hscan('h', 0, { match: 'f1?', count: 1e6, novalues: true }).fields.sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => `f1${i}`),
    )
    expect(store.hscan('none', 0)).toEqual({ cursor: '0', entries: [] })
    expect(() => store.hscan('h', 'x')).toThrow('invalid cursor')
    expect(() => store.hscan('h', -1)).toThrow('invalid cursor')
  })

  it('takes what overflows a stack', () => {
    const store = new Store()
    keyspaceOf(store).databases.attach({ append() {}, commit() {}, mark: () => ({}), rollback() {} })
    const fields = Array.from({ length: 200_000 }, (_, i) => `f${i}`)
    expect(
      store.hset(
        'h',
        fields.flatMap(field => [field, '1']),
      ),
    ).toBe(200_000)
    expect(store.hmget('h', fields)).toHaveLength(200_000)
    expect(store.hrandfield('h', 190_000)).toHaveLength(190_000)
    expect(store.hdel('h', fields)).toBe(200_000)
  })

  it('names the argument of a wrong type', () => {
    const store = loose(new Store())
    expect(() => store.hset('h', 'a', null)).toThrow(
      new TypeError('value must be a string, number, bigint or Uint8Array, not null'),
    )
    expect(() => store.hset('h', {})).toThrow(TypeError)
    expect(() => store.hset('h', 'a')).toThrow('value must be')
    expect(() => store.hset(5, 'a', 1)).toThrow('key must be')
    expect(() => store.hget('h', undefined)).toThrow('field must be')
    expect(() => store.hmget('h')).toThrow('fields')
    expect(() => store.hincrby('h', 'f', 1.5)).toThrow('increment must be an integer')
    expect(() => store.hincrby('h', 'f', '1')).toThrow('increment must be an integer')
    expect(() => store.hrandfield('h', 'x')).toThrow('count must be an integer')
    expect(() => store.hscan('h', null)).toThrow('cursor must be')
    expect(() => store.hscan('h', 0, 'x')).toThrow('options must be')
    expect(() => store.hsetex('h', { a: 1 }, { fnx: true, fxx: true })).toThrow(ReplyError)
    expect(store.hlen('h')).toBe(0)
  })

  it('goes back with a transaction and parts with a fork, small and large', () => {
    for (const size of [5, 1000]) {
      const store = new Store()
      store.hset(
        'h',
        Array.from({ length: size }, (_, i) => [`f${i}`, `v${i}`] as const),
      )
      const before = store.hgetall('h')
      expect(() =>
        store.transaction(tx => {
          tx.hset('h', { f1: 'x', new: 'y' })
          tx.hdel('h', 'f2', 'f3')
          tx.hincrby('n', 'a', 1)
          tx.hgetdel('h', 'f4')
          throw new Error('back')
        }),
      ).toThrow('back')
      expect(store.hgetall('h')).toEqual(before)
      expect(store.hlen('n')).toBe(0)
      const fork = store.fork()
      fork.hset('h', 'f0', 'fork')
      store.hset('h', 'f1', 'store')
      expect(fork.hmget('h', 'f0', 'f1')).toEqual(['fork', 'v1'])
      expect(store.hmget('h', 'f0', 'f1')).toEqual(['v0', 'store'])
    }
  })

  it('refuses by name what Redis 8 refuses', () => {
    const store = new Store()
    store.hset('h', { a: 1, b: 2 })
    store.call('SADD', 's', 'x')
    const line = (...argv: string[]): string => {
      try {
        store.call(...argv)
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    // The texts are those of t_hash.c of Redis 8.
    const mismatch = 'ERR The `numfields` parameter must match the number of arguments'
    const missing = 'ERR Mandatory argument FIELDS is missing or not at the right position'
    expect(line('HGETDEL', 'h', 'FIELDS', '2', 'a')).toBe(mismatch)
    expect(line('HGETDEL', 'h', 'FIELDS', '0', 'a')).toBe('ERR Number of fields must be a positive integer')
    expect(line('HGETDEL', 'h', 'FIELD', '1', 'a')).toBe(missing)
    expect(line('HGETDEL', 's', 'FIELD', '1', 'a')).toMatch(/^WRONGTYPE/)
    expect(line('HGETDEL', 'h', 'FIELDS', '1')).toBe("ERR wrong number of arguments for 'hgetdel' command")
    expect(line('HGETEX', 'h', 'PERSIST', 'FIELDS', '1')).toBe(mismatch)
    expect(line('HGETEX', 'h', 'X', 'FIELDS', '1', 'a')).toBe(missing)
    expect(line('HGETEX', 'h', 'EX', 'x', 'FIELDS', '1', 'a')).toBe('ERR value is not an integer or out of range')
    expect(line('HGETEX', 'h', 'EX', '-5', 'FIELD', '1', 'a')).toBe('ERR invalid expire time, must be >= 0')
    expect(line('HGETEX', 'h', 'EX', '99999999999', 'FIELDS', '1', 'a')).toBe(
      "ERR invalid expire time in 'hgetex' command",
    )
    expect(line('HGETEX', 'h', 'EX', '5', 'PX', '5', 'FIELDS', '1', 'a')).toBe(missing)
    expect(line('HGETEX', 's', 'EX', 'x', 'FIELDS', '1', 'a')).toMatch(/^WRONGTYPE/)
    expect(line('HSETEX', 'h', 'FNX', 'FXX', 'FIELDS', '1', 'a', '1')).toBe(
      'ERR Only one of FXX or FNX arguments can be specified',
    )
    expect(line('HSETEX', 'h', 'KEEPTTL', 'EX', '5', 'FIELDS', '1', 'a', '1')).toBe(
      'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
    )
    expect(line('HSETEX', 'h', 'nope', 'FIELDS', '1', 'a', '1')).toBe('ERR unknown argument: nope')
    expect(line('HSETEX', 'h', 'FIELDS', '0', 'a', '1')).toBe('ERR invalid number of fields')
    expect(line('HSETEX', 'h', 'FIELDS', '2', 'a', '1')).toBe("ERR wrong number of arguments for 'hsetex' command")
    expect(line('HSETEX', 'h', 'PX', '5', 'EX', 'x', 'FIELDS', '1', 'a', '1')).toBe(
      'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
    )
    expect(line('HSETEX', 'h', 'PX', '-1', 'FIELDS', '0', 'a', '1')).toBe('ERR invalid expire time, must be >= 0')
    expect(line('HSETEX', 'h', 'a', '1', 'b', '2', 'EX')).toBe('ERR unknown argument: a')
    expect(line('HSETEX', 'h', 'FNX', 'FNX', 'FIELDS', '1', 'a', '1')).toBe(
      'ERR Only one of FXX or FNX arguments can be specified',
    )
    expect(line('HSETEX', 's', 'FIELDS', '1', 'a', '1')).toMatch(/^WRONGTYPE/)
    expect(store.hgetall('h', { pairs: true })).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(fromBytes(store.bytes.hget('h', 'a') as Uint8Array)).toBe('1')
  })
})
