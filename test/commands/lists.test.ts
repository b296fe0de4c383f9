import { describe, expect, it } from 'vitest'
import { ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/store.ts'

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)
const loose = (store: Store): Record<string, (...args: unknown[]) => unknown> => store as never

describe('lists', () => {
  it('pushes and pops at both ends', () => {
    const store = new Store()
    expect(store.rpush('l', 'b', 'c')).toBe(2)
    expect(store.lpush('l', 'a', 1)).toBe(4)
    expect(store.lpushx('none', 'x')).toBe(0)
    expect(store.rpushx('l', [2n, bytes(0xff)])).toBe(6)
    expect(store.lrange('l', 0, -1)).toEqual(['1', 'a', 'b', 'c', '2', '\udcff'])
    expect(store.lpop('l')).toBe('1')
    expect(store.bytes.rpop('l')).toEqual(bytes(0xff))
    expect(store.lpop('l', 2)).toEqual(['a', 'b'])
    expect(store.rpop('l', 0)).toEqual([])
    expect(store.rpop('l', 9)).toEqual(['2', 'c'])
    expect(store.rpop('l')).toBe(null)
    expect(store.rpop('l', 9)).toBe(null)
    expect(store.call('EXISTS', 'l')).toBe(0)
    expect(() => store.lpop('l', -1)).toThrow('value is out of range, must be positive')
  })

  it('reads, sets, inserts and removes by place', () => {
    const store = new Store()
    store.rpush('l', 'a', 'b', 'c', 'b')
    expect(store.llen('l')).toBe(4)
    expect(store.lindex('l', 1)).toBe('b')
    expect(store.lindex('l', -5)).toBe(null)
    expect(store.lset('l', -1, 'd')).toBe('OK')
    expect(() => store.lset('l', 4, 'x')).toThrow('ERR index out of range')
    expect(() => store.lset('none', 0, 'x')).toThrow('ERR no such key')
    expect(store.linsert('l', 'BEFORE', 'a', 'z')).toBe(5)
    expect(store.linsert('l', 'after', 'd', 'e')).toBe(6)
    expect(store.linsert('l', 'AFTER', 'nothing', 'e')).toBe(-1)
    expect(store.linsert('none', 'AFTER', 'nothing', 'e')).toBe(0)
    expect(store.lrange('l', 0, -1)).toEqual(['z', 'a', 'b', 'c', 'd', 'e'])
    expect(store.ltrim('l', 1, -2)).toBe('OK')
    expect(store.lrem('l', 0, 'c')).toBe(1)
    expect(store.lrange('l', -100, 100)).toEqual(['a', 'b', 'd'])
    expect(store.ltrim('l', 5, 1)).toBe('OK')
    expect(store.llen('l')).toBe(0)
  })

  it('finds places', () => {
    const store = new Store()
    store.rpush('l', 'a', 'b', 'c', '1', '2', '3', 'c', 'c')
    expect(store.lpos('l', 'c')).toBe(2)
    expect(store.lpos('l', 'c', { rank: -1 })).toBe(7)
    expect(store.lpos('l', 'c', { count: 2 })).toEqual([2, 6])
    expect(store.lpos('l', 'c', { rank: -2, count: 0 })).toEqual([6, 2])
    expect(store.lpos('l', 'c', { count: 0, maxlen: 7 })).toEqual([2, 6])
    expect(store.lpos('l', 'x')).toBe(null)
    expect(store.lpos('none', 'x', { count: 0 })).toEqual([])
    expect(() => store.lpos('l', 'c', { rank: 0 })).toThrow("RANK can't be zero")
    expect(() => store.lpos('l', 'c', { count: -1 })).toThrow("COUNT can't be negative")
    expect(() => store.lpos('l', 'c', { maxlen: -1 })).toThrow("MAXLEN can't be negative")
  })

  it('moves between lists', () => {
    const store = new Store()
    store.rpush('l', 'a', 'b', 'c')
    expect(store.lmove('l', 'm', 'LEFT', 'RIGHT')).toBe('a')
    expect(store.rpoplpush('l', 'm')).toBe('c')
    expect(store.lmove('l', 'l', 'left', 'right')).toBe('b')
    expect(store.lrange('m', 0, -1)).toEqual(['c', 'a'])
    expect(store.lmove('l', 'm', 'RIGHT', 'LEFT')).toBe('b')
    expect(store.call('EXISTS', 'l')).toBe(0)
    expect(store.rpoplpush('l', 'm')).toBe(null)
    store.call('SADD', 's', 'x')
    expect(() => store.lmove('m', 's', 'LEFT', 'LEFT')).toThrow(ReplyError)
    expect(store.llen('m')).toBe(3)
    expect(store.lmpop(['l', 'm'], 'LEFT')).toEqual({ key: 'm', elements: ['b'] })
    expect(store.lmpop(['l', 'm'], 'RIGHT', { count: 5 })).toEqual({ key: 'm', elements: ['a', 'c'] })
    expect(store.lmpop(['l', 'm'], 'RIGHT')).toBe(null)
    store.rpush('m', 'x')
    expect(store.bytes.lmpop(['m'], 'LEFT')).toEqual({ key: bytes(0x6d), elements: [bytes(0x78)] })
  })

  it('raises the events of Redis, in its order, at the commit', () => {
    const store = new Store()
    const seen: string[] = []
    keyspaceOf(store).databases.listen(({ event, key }) => seen.push(`${event} ${key}`))
    store.rpush('l', 'a')
    store.rpoplpush('l', 'm')
    store.ltrim('m', 0, -1)
    store.lmpop(['m'], 'LEFT')
    expect(seen).toEqual(['rpush l', 'lpush m', 'rpop l', 'del l', 'ltrim m', 'lpop m', 'del m'])
  })

  it('takes what overflows a stack', () => {
    const store = new Store()
    keyspaceOf(store).databases.attach({ append() {}, commit() {}, mark: () => ({}), rollback() {} })
    const elements = Array.from({ length: 200_000 }, (_, i) => `e${i}`)
    expect(store.rpush('l', elements)).toBe(200_000)
    expect(store.lpush('l', elements)).toBe(400_000)
    expect(store.lrange('l', 0, -1)).toHaveLength(400_000)
    expect(store.lpop('l', 150_000)).toHaveLength(150_000)
    expect(store.lindex('l', 50_000)).toBe('e0')
    expect(
      store.lmpop(
        Array.from({ length: 200_000 }, (_, i) => (i < 199_999 ? `none${i}` : 'l')),
        'LEFT',
      ),
    ).not.toBe(null)
  })

  it('names the argument of a wrong type', () => {
    const store = loose(new Store())
    store.rpush('l', 'a')
    expect(() => store.rpush('l')).toThrow('elements must')
    expect(() => store.rpush('l', 'x', null)).toThrow(
      'elements must be a string, number, bigint or Uint8Array, not null',
    )
    expect(() => store.lpop('l', 1.5)).toThrow('count must be an integer')
    expect(() => store.lindex('none', 'x')).toThrow('index must be an integer')
    expect(() => store.lset('l', '0', 'x')).toThrow('index must be an integer')
    expect(() => store.linsert('l', 'BESIDE', 'a', 'x')).toThrow(TypeError)
    expect(() => store.lmove('l', 'm', 'UP', 'LEFT')).toThrow(TypeError)
    expect(() => store.lmpop([], 'LEFT')).toThrow(TypeError)
    expect(() => store.lmpop('l', 'LEFT')).toThrow(TypeError)
    expect(() => store.lpos('l', 'a', null)).toThrow('options must be')
    expect(() => store.lpos('l', 'a', { rank: 'x' })).toThrow('rank must be an integer')
    expect(store.lrange('l', 0, -1)).toEqual(['a'])
  })

  it('goes back with a transaction and parts with a fork, small and large', () => {
    for (const size of [5, 2000]) {
      const store = new Store()
      store.rpush(
        'l',
        Array.from({ length: size }, (_, i) => String(i)),
      )
      const before = store.lrange('l', 0, -1)
      expect(() =>
        store.transaction(tx => {
          tx.lpush('l', 'x')
          tx.lset('l', 2, 'y')
          tx.linsert('l', 'AFTER', '3', 'z')
          tx.lmove('l', 'm', 'RIGHT', 'LEFT')
          tx.lpop('l', 3)
          tx.lrem('l', 0, '4')
          tx.ltrim('l', 1, -2)
          throw new Error('back')
        }),
      ).toThrow('back')
      expect(store.lrange('l', 0, -1)).toEqual(before)
      expect(store.llen('m')).toBe(0)
      const fork = store.fork()
      fork.lset('l', 0, 'fork')
      store.rpop('l')
      expect(fork.llen('l')).toBe(size)
      expect(store.lindex('l', 0)).toBe('0')
    }
  })

  it('queues with the tuple of its replies', () => {
    const store = new Store()
    const [length, first, both, place] = store
      .multi()
      .rpush('l', 'a', 'b')
      .lindex('l', 0)
      .lpop('l', 2)
      .lpos('l', 'a')
      .exec()
    const typed: [number, string | null, string[] | null, number | null] = [length, first, both, place]
    expect(typed).toEqual([2, 'a', ['a', 'b'], null])
  })

  describe('lmovem, by the documents of Redis 8.10', () => {
    const lists = (source: string[], destination: string[] = []): Store => {
      const store = new Store()
      store.rpush('s', source)
      if (destination.length > 0) store.rpush('d', destination)
      return store
    }

    it('moves one element without options, as a list', () => {
      const store = lists(['a', 'b'])
      expect(store.lmovem('s', 'd', 'LEFT', 'RIGHT')).toEqual(['a'])
      expect(store.lmovem('s', 's', 'RIGHT', 'LEFT')).toEqual(['b'])
      expect([store.lrange('s', 0, -1), store.lrange('d', 0, -1)]).toEqual([['b'], ['a']])
      expect(store.lmovem('none', 'd', 'LEFT', 'RIGHT')).toBe(null)
      expect(store.call('LMOVEM', 'none', 'd', 'LEFT', 'RIGHT', 'COUNT', 2, 'BULK')).toBe(null)
    })

    it('keeps the order in bulk, and turns it one by one at the same end', () => {
      const moves = [
        ['LEFT', 'LEFT', 'OBO', ['2', '1', 'x']],
        ['LEFT', 'LEFT', 'BULK', ['1', '2', 'x']],
        ['LEFT', 'RIGHT', 'OBO', ['x', '1', '2']],
        ['LEFT', 'RIGHT', 'BULK', ['x', '1', '2']],
        ['RIGHT', 'RIGHT', 'OBO', ['x', '4', '3']],
        ['RIGHT', 'RIGHT', 'BULK', ['x', '3', '4']],
        ['RIGHT', 'LEFT', 'OBO', ['3', '4', 'x']],
        ['RIGHT', 'LEFT', 'BULK', ['3', '4', 'x']],
      ] as const
      for (const [from, to, order, expected] of moves) {
        const store = lists(['1', '2', '3', '4'], ['x'])
        const reply = store.call('LMOVEM', 's', 'd', from, to, 'COUNT', 2, order)
        expect(reply).toEqual(expected.filter(one => one !== 'x'))
        expect(store.lrange('d', 0, -1)).toEqual(expected)
        expect(store.llen('s')).toBe(2)
        // One by one is what LMOVE does.
        if (order === 'BULK') continue
        const other = lists(['1', '2', '3', '4'], ['x'])
        other.lmove('s', 'd', from, to)
        other.lmove('s', 'd', from, to)
        expect(other.lrange('d', 0, -1)).toEqual(expected)
      }
    })

    it('moves up to a count, or exactly as many', () => {
      const store = lists(['a', 'b', 'c'])
      expect(store.lmovem('s', 'd', 'LEFT', 'RIGHT', { exactly: 4, bulk: true })).toBe(null)
      expect([store.llen('s'), store.exists('d')]).toEqual([3, 0])
      expect(store.lmovem('s', 'd', 'LEFT', 'RIGHT', { exactly: 2, bulk: true })).toEqual(['a', 'b'])
      expect(store.lmovem('s', 'd', 'LEFT', 'RIGHT', { count: 2n, bulk: true })).toEqual(['c'])
      expect(store.exists('s')).toBe(0)
      expect(store.lmovem('s', 'd', 'LEFT', 'RIGHT', { exactly: 1, obo: true })).toBe(null)
    })

    it('within one list', () => {
      const store = lists(['a', 'b', 'c'])
      store.expire('s', 100)
      expect(store.lmovem('s', 's', 'LEFT', 'LEFT', { exactly: 2, obo: true })).toEqual(['b', 'a'])
      expect(store.lrange('s', 0, -1)).toEqual(['b', 'a', 'c'])
      store.lmovem('s', 's', 'LEFT', 'LEFT', { count: 3, bulk: true })
      expect(store.lrange('s', 0, -1)).toEqual(['b', 'a', 'c'])
      store.lmovem('s', 's', 'LEFT', 'RIGHT', { count: 2, bulk: true })
      expect(store.lrange('s', 0, -1)).toEqual(['c', 'b', 'a'])
      expect(store.ttl('s')).toBe(100)
    })

    it('refuses', () => {
      const store = lists(['a', 'b', 'c'])
      const call =
        (...argv: string[]) =>
        () =>
          store.call('LMOVEM', 's', 'd', ...argv)
      for (const n of ['0', '-1', 'a']) {
        for (const word of ['COUNT', 'EXACTLY']) {
          expect(call('LEFT', 'RIGHT', word, n, 'BULK')).toThrow('ERR count should be greater than 0')
        }
      }
      expect(call('LEFT')).toThrow("ERR wrong number of arguments for 'lmovem' command")
      for (const argv of [
        'LEFT RIGHT COUNT 2',
        'LEFT RIGHT COUNT 2 OBO extra',
        'LEFT RIGHT BAD 2 OBO',
        'LEFT RIGHT COUNT 2 BAD',
        'UP RIGHT COUNT 2 OBO',
        'LEFT UP COUNT 2 OBO',
      ]) {
        expect(call(...argv.split(' '))).toThrow('ERR syntax error')
      }
      expect(() => store.lmovem('s', 'd', 'LEFT', 'RIGHT', { count: 1 } as never)).toThrow('ERR syntax error')
      store.set('d', 'x')
      expect(call('LEFT', 'RIGHT')).toThrow('WRONGTYPE')
      expect(() => store.lmovem('d', 's', 'LEFT', 'RIGHT')).toThrow('WRONGTYPE')
      expect(store.lrange('s', 0, -1)).toEqual(['a', 'b', 'c'])
    })
  })
})
