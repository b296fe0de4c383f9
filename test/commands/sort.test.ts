import { describe, expect, it } from 'vitest'
import { ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

function people(): Store {
  const store = new Store()
  store.call('RPUSH', 'ids', '3', '1', '10', '2')
  store.call('MSET', 'age_1', '30', 'age_2', '20', 'age_3', '10')
  for (const [id, name] of [
    ['1', 'Ada'],
    ['2', 'Bob'],
    ['10', 'Jo'],
  ]) {
    store.call('HSET', `user:${id}:data`, 'name', name, '__proto__', 'p')
  }
  return store
}

describe('SORT', () => {
  it('orders by number, by bytes, and backwards', () => {
    const store = people()
    expect(store.sort('ids')).toEqual(['1', '2', '3', '10'])
    expect(store.sort('ids', { desc: true })).toEqual(['10', '3', '2', '1'])
    expect(store.sort('ids', { alpha: true })).toEqual(['1', '10', '2', '3'])
    expect(store.sort('none')).toEqual([])
    expect(store.sort('ids', { limit: { offset: 1, count: 2n } })).toEqual(['2', '3'])
    expect(store.sort('ids', { limit: { offset: -3, count: -1 } })).toEqual(['1', '2', '3', '10'])
    expect(store.sort('ids', { by: 'nosort', desc: true, limit: { offset: 0, count: 2 } })).toEqual(['2', '10'])
  })

  it('looks into other keys', () => {
    const store = people()
    expect(store.sort('ids', { by: 'age_*' })).toEqual(['10', '3', '2', '1'])
    expect(store.sort('ids', { get: 'age_*' })).toEqual(['30', '20', '10', null])
    expect(store.sort('ids', { get: ['#', 'user:*:data->name', 'user:*:data->__proto__'] })).toEqual([
      ...['1', 'Ada', 'p', '2', 'Bob', 'p', '3', null, null, '10', 'Jo', 'p'],
    ])
    expect(store.sort('ids', { by: 'user:*:data->name', alpha: true })).toEqual(['3', '1', '2', '10'])
    expect(store.sort('ids', { get: 'ids' })).toEqual([null, null, null, null])
    const bytes = new Uint8Array([0xff])
    store.call('RPUSH', 'b', bytes)
    store.call('SET', new Uint8Array([0x78, 0xff, 0x79]), bytes)
    expect(store.bytes.sort('b', { alpha: true, get: ['#', new Uint8Array([0x78, 0x2a, 0x79])] })).toEqual([
      bytes,
      bytes,
    ])
    expect(store.sort_ro('ids', { get: 'age_*', by: 'nosort' })).toEqual(['10', '30', null, '20'])
    // Bytes that meet in a name make one character there.
    store.call('RPUSH', 'halves', new Uint8Array([0xa9]))
    store.call('SET', 'é', 'whole')
    expect(store.sort('halves', { by: 'nosort', get: new Uint8Array([0xc3, 0x2a]) })).toEqual(['whole'])
  })

  it('stores a list, whatever was there', () => {
    const store = people()
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
    expect(store.sort('ids', { store: 'ids', get: 'age_*' })).toBe(4)
    expect(store.call('LRANGE', 'ids', '0', '-1')).toEqual(['30', '20', '10', ''])
    expect(store.sort('none', { store: 'ids' })).toBe(0)
    expect(store.sort('none', { store: 'ids' })).toBe(0)
    expect(events).toEqual(['sortstore ids', 'del ids'])
    expect(effects).toEqual([
      ['DEL', 'ids'],
      ['RPUSH', 'ids', '30', '20', '10', ''],
      ['DEL', 'ids'],
    ])
  })

  it('refuses what is no number, and wrong arguments', () => {
    const store = people()
    store.call('RPUSH', 'words', '1', 'x')
    const line = "ERR One or more scores can't be converted into double"
    expect(() => store.sort('words')).toThrow(new ReplyError(line))
    expect(() => store.sort('ids', { by: 'user:*:data->name' })).toThrow(line)
    expect(() => store.sort('age_1')).toThrow('WRONGTYPE')
    expect(() => store.sort('words', { store: 'ids' })).toThrow(line)
    expect(store.call('LLEN', 'ids')).toBe(4)
    expect(() => store.sort('ids', { limit: [0, 1] as never })).toThrow(TypeError)
    expect(() => store.sort('ids', { by: {} as never })).toThrow('by must be')
    expect(() => store.sort('ids', { get: [null as never] })).toThrow('get must be')
  })

  it('sorts many, and is taken back', () => {
    const store = new Store()
    const numbers = Array.from({ length: 100_000 }, (_, i) => String((i * 7919) % 100_003))
    for (let at = 0; at < numbers.length; at += 10_000) store.call('RPUSH', 'many', ...numbers.slice(at, at + 10_000))
    expect(() =>
      store.transaction(tx => {
        expect(tx.sort('many', { store: 'sorted' })).toBe(100_000)
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(store.exists('sorted')).toBe(0)
    expect(store.sort('many')).toEqual(numbers.sort((a, b) => Number(a) - Number(b)))
  })
})

it('leaves the encoding of what others see alone', () => {
  const store = new Store()
  store.zadd('z', { 1: 1, 2: 2 })
  const fork = store.fork()
  expect(fork.sort_ro('z')).toEqual(['1', '2'])
  expect(fork.objectEncoding('z')).toBe('skiplist')
  expect(store.objectEncoding('z')).toBe('listpack')
  expect(() =>
    store.transaction(tx => {
      tx.sort('z')
      throw new Error('back')
    }),
  ).toThrow('back')
  expect(store.objectEncoding('z')).toBe('listpack')
  keyspaceOf(store).databases.refusal = 'ERR no'
  expect(store.sort_ro('z')).toEqual(['1', '2'])
})
