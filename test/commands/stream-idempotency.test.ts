import { describe, expect, it } from 'vitest'
import { type IdempotencyInfo, ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { persistence } from '../../src/persist/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'

/*
 * No server at hand has it: what is expected here stands in the documents of Redis 8.6 (XADD, XCFGSET, XINFO STREAM,
 * "Idempotent message processing") and in the tests of that version.
 */

function facts(store: Store, key = 's'): IdempotencyInfo | undefined {
  return store.xinfoStream(key).idempotency
}

const add = (store: Store, producer: string, name: string, key = 's'): string =>
  store.xadd(key, '*', { n: store.stats().hits }, { idmp: [producer, name] })

describe('entries that are sent again', () => {
  it('are added once, with the id and the fields of the first time', () => {
    const store = new Store()
    const id = store.xadd('s', '*', { amount: 100 }, { idmp: ['p', 'payment'] })
    expect(store.xadd('s', '*', { amount: 200 }, { idmp: ['p', 'payment'], maxlen: 0 })).toBe(id)
    expect(store.call('XADD', 's', 'NOMKSTREAM', 'IDMP', 'p', 'payment', 'MAXLEN', '~', 5, '*', 'a', 'b')).toBe(id)
    expect(store.xrange('s', '-', '+')).toEqual([{ id, fields: [['amount', '100']] }])
    expect(add(store, 'p', 'other')).not.toBe(id)
    expect(add(store, 'q', 'payment')).not.toBe(id)
    expect(store.xlen('s')).toBe(3)
    expect(facts(store)).toEqual({
      idmpDuration: 100,
      idmpMaxsize: 100,
      pidsTracked: 2,
      iidsTracked: 3,
      iidsAdded: 3,
      iidsDuplicates: 2,
    })
    // An entry that is gone was added all the same.
    store.xdel('s', id)
    expect(add(store, 'p', 'payment')).toBe(id)
  })

  it('are known by their fields and values in any order with IDMPAUTO', () => {
    const store = new Store()
    const auto = (...fields: string[]): unknown => store.call('XADD', 's', 'IDMPAUTO', 'p', '*', ...fields)
    const id = auto('a', '1', 'b', '2', 'c', '')
    expect(auto('c', '', 'a', '1', 'b', '2')).toBe(id)
    const others = [
      ['a', '1', 'b', '2'],
      ['a', '1', 'b', '2', 'c', 'x'],
      ['a', '2', 'b', '1', 'c', ''],
      // The same text, divided otherwise.
      ['a', '1b', '2c', ''],
      ['ab', '', 'a', 'b'],
      ['a', 'b', 'ab', '1'],
      ['a', '1', 'a', '1'],
      ['a', '1'],
      ['a', '\udcff'],
    ]
    const ids = others.map(fields => auto(...fields))
    expect(new Set([id, ...ids]).size).toBe(others.length + 1)
    expect(store.xadd('s', '*', { a: new Uint8Array([255]) }, { idmpauto: 'p' })).toBe(ids.at(-1))
    expect(store.xadd('s', '*', { a: 1 }, { idmpauto: 'q' })).not.toBe(ids.at(-2))
  })

  it('are forgotten after the time of the stream, and beyond its number', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    const id = add(store, 'p', 'a')
    host.advance(60_000)
    const later = add(store, 'q', 'a')
    host.advance(40_000)
    expect([add(store, 'p', 'a'), facts(store)?.pidsTracked]).toEqual([id, 2])
    host.advance(1)
    expect(facts(store)).toMatchObject({ pidsTracked: 1, iidsTracked: 1, iidsAdded: 2 })
    expect(add(store, 'p', 'a')).not.toBe(id)
    expect(add(store, 'q', 'a')).toBe(later)

    store.xcfgset('s', { idmpMaxsize: 3 })
    const ids = ['1', '2', '3', '4'].map(name => add(store, 'p', name))
    add(store, 'q', '1')
    expect(['2', '3', '4'].map(name => add(store, 'p', name))).toEqual(ids.slice(1))
    expect(add(store, 'p', '1')).not.toBe(ids[0])
    expect(facts(store)).toMatchObject({ pidsTracked: 2, iidsTracked: 4 })
  })

  it('are forgotten when XCFGSET changes a bound, not when it sets the same', () => {
    const store = new Store()
    const id = add(store, 'p', 'a')
    store.xcfgset('s', { idmpDuration: 100, idmpMaxsize: 100 })
    store.xcfgset('s', { idmpDuration: 100 })
    expect(add(store, 'p', 'a')).toBe(id)
    store.xcfgset('s', { idmpDuration: 50 })
    expect(facts(store)).toMatchObject({ idmpDuration: 50, idmpMaxsize: 100, pidsTracked: 0, iidsTracked: 0 })
    expect(facts(store)).toMatchObject({ iidsAdded: 1, iidsDuplicates: 1 })
    expect(add(store, 'p', 'a')).not.toBe(id)
  })

  it('keep to CONFIG unless the stream was told', () => {
    const store = new Store()
    expect(facts(store.db(0) as Store, (store.xadd('plain', '*', { a: 1 }), 'plain'))).toBe(undefined)
    store.call('CONFIG', 'SET', 'stream-idmp-duration', 7, 'stream-idmp-maxsize', 2)
    add(store, 'p', 'a')
    expect(facts(store)).toMatchObject({ idmpDuration: 7, idmpMaxsize: 2 })
    store.xcfgset('plain', { idmpMaxsize: 9 })
    expect(facts(store, 'plain')).toMatchObject({ idmpDuration: 7, idmpMaxsize: 9 })
    expect(() => store.call('CONFIG', 'SET', 'stream-idmp-duration', 86_401)).toThrow('must be between 1 and 86400')
    expect(() => store.call('CONFIG', 'SET', 'stream-idmp-maxsize', 0)).toThrow('must be between 1 and 10000')
  })

  it("are nobody's business: no event, no watch, no effect", () => {
    const store = new Store()
    const log: EffectArg[][] = []
    keyspaceOf(store).databases.attach({
      append: (_, argv) => void log.push([...argv]),
      commit() {},
      mark: () => ({}),
      rollback() {},
    })
    const id = add(store, 'p', 'a')
    const watch = keyspaceOf(store).databases.watch()
    watch.add(keyspaceOf(store), 's')
    add(store, 'p', 'a')
    expect(watch.holds()).toBe(true)
    watch.end()
    store.xcfgset('s', { idmpMaxsize: 3 })
    // A Redis that reads these files knows neither the words nor XCFGSET.
    expect(log).toEqual([['XADD', 's', id, 'n', '0']])
  })
})

describe('what a stream remembers of its producers', () => {
  it('goes back with a transaction', () => {
    const store = new Store()
    const id = add(store, 'p', 'a')
    const before = facts(store)
    expect(() =>
      store.transaction(tx => {
        tx.xadd('s', '*', { n: 1 }, { idmp: ['p', 'a'] })
        tx.xadd('s', '*', { n: 1 }, { idmp: ['p', 'b'] })
        tx.xcfgset('s', { idmpDuration: 3 })
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(facts(store)).toEqual(before)
    expect(add(store, 'p', 'a')).toBe(id)
    add(store, 'p', 'b')
    expect(store.xlen('s')).toBe(2)
  })

  it('goes with COPY, RENAME and fork, each copy its own from then on', () => {
    const store = new Store()
    const id = add(store, 'p', 'a')
    store.copy('s', 't')
    const fork = store.fork()
    add(store, 'p', 'b')
    expect([add(store, 'p', 'a', 't'), store.xlen('t')]).toEqual([id, 1])
    expect([add(fork, 'p', 'a'), facts(fork)?.iidsTracked]).toEqual([id, 1])
    add(fork, 'p', 'b')
    expect([fork.xlen('s'), store.xlen('s'), store.xlen('t')]).toEqual([2, 2, 1])
    store.rename('t', 'u')
    expect(add(store, 'p', 'a', 'u')).toBe(id)
  })

  // docs/differences.md
  it('is in no file: not in a log, a snapshot or what DUMP gives', async () => {
    for (const rewrite of [false, true]) {
      const driver = new MemoryDriver()
      const open = (): Promise<Store> => Store.open({ persistence: persistence(async () => driver) })
      const store = await open()
      const id = add(store, 'p', 'a')
      store.xcfgset('s', { idmpDuration: 5 })
      add(store, 'p', 'a')
      if (rewrite) await store.rewrite()
      await store.close()
      const again = await open()
      expect([again.xlen('s'), again.xrange('s', '-', '+')[0].id, facts(again)]).toEqual([2, id, undefined])
      await again.close()
    }
    const store = new Store()
    add(store, 'p', 'a')
    store.restore('t', 0, store.dump('s') as Uint8Array)
    expect([store.xlen('t'), facts(store, 't')]).toEqual([1, undefined])
    store.call('DEBUG', 'RELOAD')
    expect(facts(store)).toBe(undefined)
  })

  it('survives a last id that was set back', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    const id = add(store, 'p', 'a')
    store.xtrim('s', { maxlen: 0 })
    store.xsetid('s', '1-1')
    expect(add(store, 'p', 'b')).toBe(id)
    expect([add(store, 'p', 'a'), add(store, 'p', 'b'), facts(store)?.iidsTracked]).toEqual([id, id, 2])
    keyspaceOf(store).read('s', 'stream')?.check()
  })
})

it('words that contradict each other are refused', () => {
  const store = new Store()
  const line = (...argv: (string | number)[]): string => {
    try {
      store.call(...argv)
    } catch (error) {
      if (error instanceof ReplyError) return error.message
      throw error
    }
    return 'it was not refused'
  }
  const once = 'ERR IDMP/IDMPAUTO specified multiple times'
  expect(line('XADD', 's', 'IDMP', 'p', '*', 'f', 'v')).toBe(
    'ERR Invalid stream ID specified as stream command argument',
  )
  for (const words of [
    ['IDMP', 'p', 'a', 'IDMP', 'q', 'b'],
    ['IDMPAUTO', 'p', 'idmp', 'q', 'b'],
    ['IDMP', 'p', 'a', 'IDMPAUTO', 'q'],
    ['IDMPAUTO', 'p', 'IDMPAUTO', 'q'],
  ]) {
    expect(line('XADD', 's', ...words, '*', 'f', 'v')).toBe(once)
  }
  const wrong = { idmp: ['p', 'a'], idmpauto: 'p' } as unknown as { idmpauto: string }
  expect(() => store.xadd('s', '*', { a: 1 }, wrong)).toThrow(once)
  for (const id of ['1-1', '1-*']) {
    expect(line('XADD', 's', 'IDMP', 'p', 'a', id, 'f', 'v')).toBe(
      'ERR IDMP/IDMPAUTO can be used only with auto-generated IDs',
    )
  }
  expect(line('XADD', 's', 'IDMP', '', 'a', '*', 'f', 'v')).toBe('ERR IDMP requires a non-empty producer ID')
  expect(line('XADD', 's', 'IDMP', 'p', '', '*', 'f', 'v')).toBe('ERR IDMP requires a non-empty idempotent ID')
  expect(line('XADD', 's', 'IDMPAUTO', '', '*', 'f', 'v')).toBe('ERR IDMPAUTO requires a non-empty producer ID')
  expect(() => store.xadd('s', '*', { a: 1 }, { idmp: 'p' as never })).toThrow(TypeError)
  expect(store.exists('s')).toBe(0)

  expect(line('XCFGSET', 's', 'IDMP-DURATION', 5)).toBe('ERR no such key')
  expect(line('XCFGSET', 's')).toBe('ERR At least one parameter must be specified')
  expect(line('XCFGSET', 's', 'IDMP-DURATION')).toBe('ERR syntax error')
  expect(line('XCFGSET', 's', 'NOSUCH', 1)).toBe('ERR syntax error')
  for (const value of ['A', '*', '3.14', '000', 'IDMP-MAXSIZE']) {
    expect(line('XCFGSET', 's', 'IDMP-MAXSIZE', value)).toBe('ERR value is not an integer or out of range')
  }
  for (const n of [0, -100, 86_401]) {
    expect(line('XCFGSET', 's', 'IDMP-DURATION', n)).toBe('ERR IDMP-DURATION must be between 1 and 86400 seconds')
  }
  for (const n of [0, -50, 10_001]) {
    expect(line('XCFGSET', 's', 'IDMP-MAXSIZE', n)).toBe('ERR IDMP-MAXSIZE must be between 1 and 10000 entries')
  }
})
