import { describe, expect, it } from 'vitest'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { replyText } from '../support/reply-text.ts'
import { effects, events } from '../support/observe.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Replies by name, as in the recordings. */
function replies(store: Store, ...lines: string[]): string[] {
  return lines.map(line => replyText(store, line.split(' '), 2))
}

describe('set', () => {
  it('answers OK, null or the old value', () => {
    const store = new Store()
    expect(store.set('k', 'a')).toBe('OK')
    expect(store.set('k', 'b', { nx: true })).toBe(null)
    expect(store.set('k', 'b', { xx: true })).toBe('OK')
    expect(store.set('k', 'OK', { get: true })).toBe('b')
    expect(store.bytes.set('k', 'c', { get: true })).toEqual(utf8('OK'))
    expect(store.bytes.set('k', 'd')).toBe('OK')
    expect(store.set('new', 1, { nx: true, get: true })).toBe(null)
    expect(store.get('new')).toBe('1')
  })

  it('takes text, numbers, bigints and bytes', () => {
    const store = new Store()
    const given = [1, -0, 1.5, 1e21, 2n ** 63n, 'é', utf8('é'), Uint8Array.of(0xff, 0)] as const
    const kept = given.map(value => {
      store.set('k', value)
      return store.get('k')
    })
    expect(kept).toEqual(['1', '0', '1.5', '1e+21', '9223372036854775808', 'é', 'é', '\udcff\0'])
    const bytes = utf8('mine')
    store.set('k', bytes)
    bytes[0] = 0
    expect(store.get('k')).toBe('mine')
    expect(store.bytes.get('k')).toEqual(utf8('mine'))
  })

  it('sets, keeps and drops the expiry time', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    store.set('k', 'a', { px: 1000 })
    store.set('k', 'b', { keepttl: true })
    host.advance(1001)
    expect(store.get('k')).toBe(null)
    store.set('k', 'a', { ex: 1n })
    store.set('k', 'b')
    host.advance(5000)
    expect(store.get('k')).toBe('b')
    store.set('k', 'a', { pxat: host.now() + 5 })
    store.set('k', 'b', { keepttl: true, get: true })
    host.advance(6)
    expect(store.set('k', 'c', { keepttl: true, get: true })).toBe(null)
    host.advance(10)
    expect(store.get('k')).toBe('c')
  })

  it('a time in the past is no time to be seen', () => {
    const store = new Store()
    store.set('k', 'a', { exat: 1 })
    expect(store.get('k')).toBe(null)
  })

  it('refuses options that exclude each other and wrong types, and changes nothing', () => {
    const store = new Store()
    store.set('k', 'a')
    const wrong = store as unknown as { set(...args: unknown[]): unknown }
    for (const options of [
      { nx: true, xx: true },
      { ex: 1, px: 1 },
      { ex: 1, keepttl: true },
      { nx: true, ifeq: 'a' },
    ]) {
      expect(() => wrong.set('k', 'b', options)).toThrow(new ReplyError('ERR syntax error'))
    }
    for (const ex of [0, -1, 2n ** 62n, 1e300]) {
      expect(() => store.set('k', 'b', { ex })).toThrow("ERR invalid expire time in 'set' command")
    }
    expect(() => wrong.set(1, 'b')).toThrow(new TypeError('key must be a string or Uint8Array, not number'))
    expect(() => wrong.set('k')).toThrow(TypeError)
    expect(() => wrong.set('k', {})).toThrow(TypeError)
    expect(() => wrong.set('k', 'b', 5)).toThrow(new TypeError('options must be an object, not number'))
    expect(() => wrong.set('k', 'b', null)).toThrow(TypeError)
    expect(() => wrong.set('k', 'b', { ex: '1' })).toThrow(new TypeError('ex must be an integer, not string'))
    expect(() => wrong.set('k', 'b', { ex: 1.5 })).toThrow(TypeError)
    expect(store.get('k')).toBe('a')
  })

  it('inherited names are no options', () => {
    const store = new Store()
    expect(replies(store, 'SET k v __proto__', 'SET k v constructor', 'SET k v toString')).toEqual(
      Array(3).fill('-ERR syntax error'),
    )
    store.mset(JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>)
    expect(store.mget('__proto__', 'constructor')).toEqual(['a', 'b'])
  })

  // Replies as in the documents and tests of Redis 8.4.
  it('compares with the value that is there', () => {
    const store = new Store()
    expect(store.set('k', 'a', { ifeq: 'x' })).toBe(null)
    expect(store.set('k', 'a', { ifne: 'x' })).toBe('OK')
    expect(store.set('k', 'b', { ifeq: 'x' })).toBe(null)
    expect(store.set('k', 'b', { ifeq: 'a', get: true })).toBe('a')
    expect(store.set('k', 'c', { ifne: 'b', get: true })).toBe('b')
    expect(store.get('k')).toBe('b')
    expect(store.set('n', 12)).toBe('OK')
    expect(store.set('n', 13, { ifeq: '12' })).toBe('OK')
    const digest = store.digest('k') as string
    expect(store.set('k', 'd', { ifdne: digest })).toBe(null)
    expect(store.set('k', 'd', { ifdeq: digest.toUpperCase() })).toBe('OK')
    expect(store.set('k', 'e', { ifdeq: digest })).toBe(null)
    expect(() => store.set('k', 'e', { ifdeq: '12' })).toThrow('ERR must be exactly 16 hexadecimal characters')
    expect(store.set('absent', 'e', { ifdeq: '12' })).toBe(null)
    store.call('RPUSH', 'l', 'x')
    expect(replies(store, 'SET l v IFEQ v', 'SET l v IFNE v', 'SET k v IFEQ', 'SET k v IFEQ a NX')).toEqual([
      ...Array<string>(2).fill('-WRONGTYPE Operation against a key holding the wrong kind of value'),
      ...Array<string>(2).fill('-ERR syntax error'),
    ])
  })

  it('is logged without its conditions', () => {
    const store = new Store({ host: new VirtualHost() })
    const now = keyspaceOf(store).databases.now()
    const log = effects(store, () => {
      store.set('k', 'a', { ifne: 'b', ex: 5 })
      store.set('k', 'b', { xx: true, keepttl: true, get: true })
      store.set('k', 'c', { nx: true })
      store.getset('k', 'd')
      store.getex('k', { px: 9 })
      store.getex('k', { persist: true })
      store.getdel('k')
    })
    expect(log).toEqual([
      ['SET', 'k', 'a', 'PXAT', now + 5000],
      ['SET', 'k', 'b', 'KEEPTTL'],
      ['SET', 'k', 'd'],
      ['PEXPIREAT', 'k', now + 9],
      ['PERSIST', 'k'],
      ['DEL', 'k'],
    ])
  })
})

describe('many keys', () => {
  it('come in every shape', () => {
    const store = new Store()
    store.mset({ a: 1, b: '2' })
    store.mset(
      new Map<string | number, number>([
        ['c', 3],
        [4, 4],
      ]),
    )
    store.mset([
      ['d', 'x'],
      ['e', utf8('y')],
    ])
    store.mset(['f', 'z', 'f', 'zz'])
    expect(store.mget(['a', 'b', 'c', '4', 'd', 'e', 'f', 'none'])).toEqual(['1', '2', '3', '4', 'x', 'y', 'zz', null])
    expect(store.bytes.mget('e', 'none')).toEqual([utf8('y'), null])
    expect(store.msetnx({ g: 1, a: 2 })).toBe(false)
    expect(store.get('g')).toBe(null)
    expect(store.msetnx({ g: 1, h: 2 })).toBe(true)
    expect(() => store.mset({})).toThrow(TypeError)
    expect(() => store.mset(['a'])).toThrow(TypeError)
  })

  it('may be very many', () => {
    const store = new Store()
    const flat: string[] = []
    for (let i = 0; i < 200_000; i++) flat.push(`k${i}`, String(i))
    const log = effects(store, () => store.mset(flat))
    expect(log.map(argv => argv.length)).toEqual([400_001])
    expect(store.mget(flat.filter((_, i) => i % 2 === 0))).toEqual(flat.filter((_, i) => i % 2 === 1))
  })

  it('msetex sets all or none, with one expiry', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    expect(store.msetex({ a: 1, b: 2 }, { xx: true })).toBe(false)
    expect(store.msetex({ a: 1, b: 2 }, { nx: true, px: 100 })).toBe(true)
    expect(store.msetex({ b: 1, c: 2 }, { nx: true })).toBe(false)
    expect(store.msetex({ a: 3 }, { keepttl: true })).toBe(true)
    host.advance(101)
    expect(store.mget('a', 'b')).toEqual([null, null])
    const now = host.now()
    expect(effects(store, () => store.msetex({ a: 1, b: 2 }, { ex: 1 }))).toEqual([
      ['SET', 'a', 1, 'PXAT', now + 1000],
      ['SET', 'b', 2, 'PXAT', now + 1000],
    ])
    const lines = ['MSETEX a b c', 'MSETEX 0 a b', 'MSETEX 2 a b c', 'MSETEX 1 a b c', 'MSETEX 1 a b NX XX']
    expect(
      replies(store, ...lines, 'MSETEX 1 a b EX 1 PX 1', 'MSETEX 1 a b EX 0', 'MSETEX 1 a 2 ex 10 xx', 'MSETEX'),
    ).toEqual([
      '-ERR invalid numkeys value',
      '-ERR invalid numkeys value',
      '-ERR wrong number of key-value pairs',
      '-ERR syntax error',
      '-ERR syntax error',
      '-ERR syntax error',
      "-ERR invalid expire time in 'msetex' command",
      ':1',
      "-ERR wrong number of arguments for 'msetex' command",
    ])
  })
})

describe('parts of a value', () => {
  it('are bytes, wherever they are cut', () => {
    const store = new Store()
    const whole = 'aé€😀\udcff\0z'
    const bytes = store.set('w', whole) && (store.bytes.get('w') as Uint8Array)
    for (let cut = 0; cut <= bytes.length; cut++) {
      store.call('DEL', 'k')
      store.append('k', bytes.slice(0, cut))
      expect(store.append('k', bytes.slice(cut))).toBe(bytes.length)
      expect(store.get('k')).toBe(whole)
      store.set('r', whole)
      expect(store.setrange('r', cut, store.bytes.getrange('w', cut, -1))).toBe(bytes.length)
      expect(store.get('r')).toBe(whole)
      const parts = [store.bytes.getrange('w', 0, cut - 1), store.bytes.getrange('w', cut, -1)]
      expect(Uint8Array.from(cut === 0 ? parts[1] : parts.flatMap(part => [...part]))).toEqual(bytes)
    }
    expect(store.strlen('w')).toBe(bytes.length)
  })

  it('a value grows past the point where it is kept as bytes', () => {
    const store = new Store()
    let expected = ''
    for (let i = 0; i < 300; i++) {
      const piece = `${i}é😀`.slice(0, 1 + (i % 6))
      store.append('k', piece)
      expected += new TextDecoder().decode(utf8(piece))
      if (i % 37 === 0)
        expect(store.get('k')).toBe(
          store.bytes.get('k') && new TextDecoder().decode(store.bytes.get('k') as Uint8Array),
        )
    }
    expect(store.strlen('k')).toBe((store.bytes.get('k') as Uint8Array).length)
    store.set('t', 'x'.repeat(5000))
    expect(store.setrange('t', 4998, 'abcd')).toBe(5002)
    expect(store.getrange('t', -6, -1)).toBe('xxabcd')
    expect(store.setrange('zero', 1500, 'z')).toBe(1501)
    expect(store.getrange('zero', 1498, 2000)).toBe('\0\0z')
  })

  it('refuses what is too long before it takes the memory', () => {
    const store = new Store()
    store.set('k', 'a')
    const line = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)'
    for (const offset of [536_870_912, 2 ** 53 - 1, 2n ** 63n - 1n]) {
      expect(() => store.setrange('k', offset, 'b')).toThrow(line)
      expect(() => store.setrange('none', offset, 'b')).toThrow(line)
    }
    expect(() => store.setrange('k', -1, 'b')).toThrow('ERR offset is out of range')
    expect(store.setrange('none', 2 ** 53 - 1, '')).toBe(0)
    expect(store.call('EXISTS', 'none')).toBe(0)
  })

  it('rolls back and forks', () => {
    const store = new Store()
    store.append('k', 'x'.repeat(3000))
    store.append('k', 'y')
    const fork = store.fork()
    expect(() =>
      store.transaction(tx => {
        tx.append('k', 'z')
        tx.setrange('k', 0, 'zzz')
        tx.incr('n')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect([store.strlen('k'), store.getrange('k', 0, 1), store.get('n')]).toEqual([3001, 'xx', null])
    store.setrange('k', 0, 'here')
    fork.append('k', 'there')
    expect([store.strlen('k'), fork.strlen('k')]).toEqual([3001, 3006])
    expect([store.getrange('k', 0, 3), fork.getrange('k', 0, 3)]).toEqual(['here', 'xxxx'])
  })
})

describe('numbers', () => {
  it('number in, number out; bigint in, bigint out', () => {
    const store = new Store()
    expect([store.incr('n'), store.decr('n'), store.incrby('n', 5), store.decrby('n', 7)]).toEqual([1, 0, 5, -2])
    expect([store.incrby('n', 5n), store.decrby('n', 2n)]).toEqual([3n, 1n])
    store.set('n', 2n ** 53n - 1n)
    expect(() => store.incr('n')).toThrow(RangeError)
    expect(store.get('n')).toBe('9007199254740991')
    expect(store.incrby('n', 1n)).toBe(2n ** 53n)
    expect(() => store.decrby('n', -1)).toThrow(RangeError)
    expect(store.decrby('n', 1)).toBe(2 ** 53 - 1)
    store.set('n', 2n ** 63n - 1n)
    expect(() => store.incrby('n', 1n)).toThrow('ERR increment or decrement would overflow')
    expect(() => store.decrby('n', -(2n ** 63n))).toThrow('ERR decrement would overflow')
    expect(() => store.incrby('n', 2n ** 63n)).toThrow('ERR value is not an integer or out of range')
    expect(store.call('DECR', 'n')).toBe(2n ** 63n - 2n)
    expect(() => store.incrby('n', 1.5)).toThrow(TypeError)
    expect(() => store.incrby('n', '1' as never)).toThrow(TypeError)
  })

  it('floats are decimal', () => {
    const store = new Store()
    expect([store.incrbyfloat('f', 0.1), store.incrbyfloat('f', 0.2), store.incrbyfloat('f', '1e2')]).toEqual([
      0.1, 0.3, 100.3,
    ])
    expect(store.get('f')).toBe('100.3')
    expect(effects(store, () => store.incrbyfloat('f', -100))).toEqual([['SET', 'f', '0.3', 'KEEPTTL']])
    store.set('f', '1000000000')
    expect(
      replies(store, 'OBJECT ENCODING f', 'INCRBYFLOAT f 1', 'OBJECT ENCODING f', 'APPEND f 0', 'OBJECT ENCODING f'),
    ).toEqual(['"int"', '"1000000001"', '"int"', ':11', '"raw"'])
    store.set('f', utf8('12'))
    expect(store.objectEncoding('f')).toBe('raw')
    store.set('f', 0.3)
    expect(() => store.incrbyfloat('f', Infinity)).toThrow('ERR increment would produce NaN or Infinity')
    expect(() => store.incrbyfloat('f', Number.NaN)).toThrow('ERR value is not a valid float')
    expect(() => store.incrbyfloat('f', {} as never)).toThrow(TypeError)
  })
})

// Replies as in the documents and tests of Redis 8.8.
describe('increx', () => {
  it('stays within bounds', () => {
    const store = new Store()
    expect(store.increx('k')).toEqual([1, 1])
    expect(store.increx('k', { byint: 10, ubound: 5 })).toEqual([1, 0])
    expect(store.increx('k', { byint: 10, ubound: 5, saturate: true })).toEqual([5, 4])
    expect(store.increx('k', { byint: -10, lbound: 0, saturate: true })).toEqual([0, -5])
    expect(store.increx('none', { byint: 5, lbound: 10 })).toEqual([0, 0])
    expect(store.get('none')).toBe(null)
    store.set('k', 50)
    expect(store.increx('k', { byint: 5, ubound: 30, saturate: true })).toEqual([30, -20])
    expect(store.increx('k', { byint: 2n, ubound: 100n })).toEqual([32n, 2n])
    store.set('k', 9223372036854775800n)
    expect(store.increx('k', { byint: 9223372036854775800n })).toEqual([9223372036854775800n, 0n])
    expect(store.increx('k', { byint: 9223372036854775800n, saturate: true })).toEqual([2n ** 63n - 1n, 7n])
    expect(() => store.increx('k')).toThrow(RangeError)
    expect(store.get('k')).toBe('9223372036854775807')
    expect(() => store.increx('k', { byint: 1n, saturate: true, ubound: -(2n ** 63n) })).toThrow(
      'ERR applied increment would overflow',
    )
  })

  it('adds floats', () => {
    const store = new Store()
    store.set('k', '1.5')
    expect(store.increx('k', { byfloat: 0.25 })).toEqual([1.75, 0.25])
    expect(store.increx('k', { byfloat: 10, ubound: '42.5' })).toEqual([11.75, 10])
    expect(store.increx('k', { byfloat: 100, ubound: '42.5', saturate: true })).toEqual([42.5, 30.75])
    expect(store.increx('k', { byfloat: -100, lbound: '-5.5' })).toEqual([42.5, 0])
    expect(store.increx('none', { byfloat: -0.5, ubound: '-1.5' })).toEqual([0, 0])
    expect(replyText(store, ['INCREX', 'k', 'BYFLOAT', '0.1'], 2)).toBe('["42.6" "0.1"]')
    expect(replyText(store, ['INCREX', 'k', 'BYFLOAT', '0.1'], 3)).toBe('[,42.7 ,0.1]')
    store.set('k', '1e4932')
    expect(store.increx('k', { byfloat: '1e4932' })[1]).toBe(0)
    expect(replies(store, 'INCREX k BYFLOAT 1e4932 SATURATE', 'GET k')[1]).toMatch(/^"1189731495357231765/)
  })

  it('sets, keeps and drops the expiry time', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    const now = host.now()
    store.set('k', 10)
    const log = effects(store, () => {
      store.increx('k', { byint: 5 })
      store.increx('k', { byfloat: 0.5 })
      store.set('k', 1)
      store.increx('k', { ex: 100, enx: true })
      store.increx('k', { ex: 10, enx: true })
      store.increx('k', { persist: true })
      store.increx('k', { byint: 100, ubound: 15, ex: 100 })
      store.increx('k', { byint: 100, ubound: 15, ex: 100, saturate: true })
      store.increx('k', { exat: 1, enx: true })
      store.increx('k', { exat: 1 })
    })
    expect(log).toEqual([
      ['SET', 'k', 15, 'KEEPTTL'],
      ['SET', 'k', '15.5', 'KEEPTTL'],
      ['SET', 'k', 1],
      ['SET', 'k', 2, 'PXAT', now + 100_000],
      ['SET', 'k', 3, 'KEEPTTL'],
      ['SET', 'k', 4],
      ['SET', 'k', 15, 'PXAT', now + 100_000],
      ['SET', 'k', 16, 'KEEPTTL'],
      ['DEL', 'k'],
    ])
    expect(store.get('k')).toBe(null)
    expect(
      events(store, () => {
        store.increx('k', { byint: 5, ex: 9 })
        store.increx('k', { byfloat: 0.5 })
        store.set('k', 10, { ex: 100 })
        store.increx('k', { persist: true })
        store.increx('k', { pxat: 1 })
      }),
    ).toEqual(['incrby', 'expire', 'incrbyfloat', 'set', 'expire', 'incrby', 'persist', 'del'])
  })

  it('refuses what makes no sense', () => {
    const store = new Store()
    store.call('RPUSH', 'l', 'x')
    store.set('s', 'hello')
    store.set('i', 'inf')
    const syntax = [
      'FOO',
      'BYINT 1 BYFLOAT 1.5',
      'EX 10 PX 5',
      'EX 10 PERSIST',
      'PERSIST ENX',
      'BYINT 1 BYINT 2',
      'LBOUND 0 LBOUND 1',
      'SATURATE SATURATE',
      'ENX ENX EX 10',
      'PERSIST PERSIST',
      'EX 10 EX 20',
      'BYINT',
      'EX',
    ]
    for (const words of syntax) expect(replies(store, `INCREX k ${words}`)).toEqual(['-ERR syntax error'])
    const lines: Record<string, string> = {
      'INCREX k ENX': '-ERR ENX flag requires an expiration',
      'INCREX k BYINT 1.5': '-ERR Increment is not an integer or out of range',
      'INCREX k BYFLOAT abc': '-ERR Increment is not a valid float',
      'INCREX k BYFLOAT +inf': '-ERR BYFLOAT increment cannot be Infinity',
      'INCREX i BYFLOAT 1': '-ERR value cannot be Infinity',
      'INCREX k LBOUND 10 UBOUND 5': "-ERR LBOUND can't be greater than UBOUND",
      'INCREX k BYFLOAT 1 LBOUND 10.5 UBOUND 1.5': "-ERR LBOUND can't be greater than UBOUND",
      'INCREX k LBOUND 1.5': '-ERR LBOUND is not an integer or out of range',
      'INCREX k EX 0': "-ERR invalid expire time in 'increx' command",
      'INCREX s': '-ERR value is not an integer or out of range',
      'INCREX s BYFLOAT 1': '-ERR value is not a valid float',
      'INCREX l': '-WRONGTYPE Operation against a key holding the wrong kind of value',
      INCREX: "-ERR wrong number of arguments for 'increx' command",
    }
    for (const [line, reply] of Object.entries(lines)) expect([line, ...replies(store, line)]).toEqual([line, reply])
    expect(store.get('k')).toBe(null)
  })
})

// Replies as in the documents and tests of Redis 8.4.
describe('digest and delex', () => {
  it('compare and delete', () => {
    const store = new Store()
    store.set('k', 'Hello world')
    expect(store.digest('k')).toBe('b6acb9d84a38ff74')
    expect(store.bytes.digest('k')).toEqual(utf8('b6acb9d84a38ff74'))
    expect(store.digest('none')).toBe(null)
    expect(store.delex('k', { ifeq: 'x' })).toBe(false)
    expect(store.delex('k', { ifdne: 'b6acb9d84a38ff74' })).toBe(false)
    expect(store.delex('k', { ifdeq: 'B6ACB9D84A38FF74' })).toBe(true)
    expect(store.delex('k')).toBe(false)
    store.set('k', 5)
    expect(effects(store, () => store.delex('k', { ifne: '6' }))).toEqual([['DEL', 'k']])
    store.call('RPUSH', 'l', 'x')
    expect(() => store.delex('l', { ifeq: 'x' })).toThrow(
      'ERR Key should be of string type if conditions are specified',
    )
    expect(store.delex('l', {})).toBe(true)
    expect(() => store.getex('none', { ex: '1' as never })).toThrow(TypeError)
    expect(() => store.delex('k', 'x' as never)).toThrow(TypeError)
    store.set('k', 'x')
    store.call('RPUSH', 'l', 'x')
    const lines = [
      'DELEX none IFEQ',
      'DELEX k IFEQ',
      'DELEX k IFEQ x y',
      'DELEX k IF x',
      'DELEX l IF x',
      'DELEX k IFDEQ 12',
    ]
    expect(replies(store, ...lines, 'DELEX none IFDEQ 12', 'DELEX k IFEQ x', 'DIGEST l')).toEqual([
      ':0',
      "-ERR wrong number of arguments for 'delex' command",
      "-ERR wrong number of arguments for 'delex' command",
      '-ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE',
      '-ERR Key should be of string type if conditions are specified',
      '-ERR must be exactly 16 hexadecimal characters',
      ':0',
      ':1',
      '-WRONGTYPE Operation against a key holding the wrong kind of value',
    ])
  })
})

describe('lcs', () => {
  it('answers text, length or matches', () => {
    const store = new Store()
    store.mset({ a: 'ohmytext', b: 'mynewtext' })
    expect(store.lcs('a', 'b')).toBe('mytext')
    expect(store.bytes.lcs('a', 'b')).toEqual(utf8('mytext'))
    expect(store.lcs('a', 'b', { len: true })).toBe(6)
    expect(store.lcs('a', 'b', { idx: true, minmatchlen: 4, withmatchlen: true })).toEqual({
      matches: [{ a: [4, 7], b: [5, 8], len: 4 }],
      len: 6,
    })
    expect(store.lcs('a', 'b', { idx: true })).toEqual({
      matches: [
        { a: [4, 7], b: [5, 8] },
        { a: [2, 3], b: [0, 1] },
      ],
      len: 6,
    })
    expect(replyText(store, ['LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', '3'], 3)).toBe(
      '%{"matches" [[[:4 :7] [:5 :8]]] "len" :6}',
    )
    store.set('a', 'x'.repeat(20_000))
    store.set('b', 'x'.repeat(20_000))
    expect(() => store.lcs('a', 'b')).toThrow(
      'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',
    )
  })
})
