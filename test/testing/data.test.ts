import { describe, expect, it } from 'vitest'
import { Store, VirtualHost } from '../../src/index.ts'
import { persistence } from '../../src/persist/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { createTestStore, type Seed } from '../../src/testing/index.ts'
import { fromBytes } from '../../src/util/text.ts'
import { stateOf } from '../support/state.ts'

const seed: Seed = {
  name: 'Ada',
  visits: 3,
  big: 2n ** 63n - 1n,
  bytes: new Uint8Array([0, 255, 128]),
  queue: ['a', 'b', 'a'],
  tags: new Set(['x', 'y']),
  user: { name: 'Ada', age: 36, 7: 'seven' },
  board: { $zset: { alice: 1500, bob: 1700.5, first: '-inf', last: 'inf' } },
  session: { $hash: { id: 's1' }, $ex: 60 },
  text: { $string: 'short', $px: 1500 },
  moment: { $list: ['x'], $pxat: 1_700_000_005_000 },
  fields: { $hash: { a: 1, b: 2 }, $fieldpx: { b: 5_000 } },
  odd: { $hash: { $set: 'a field that looks like a type' } },
  log: {
    $stream: [
      ['1-0', 'a', '1', 'a', '2'],
      ['5-1', 'b', '3'],
    ],
  },
}

describe('an object literal', () => {
  it('gives each type what it says', () => {
    const store = createTestStore({ data: seed })
    expect(store.get('name')).toBe('Ada')
    expect(store.incr('visits')).toBe(4)
    expect(store.get('big')).toBe('9223372036854775807')
    expect(store.bytes.get('bytes')).toEqual(new Uint8Array([0, 255, 128]))
    expect(store.lrange('queue', 0, -1)).toEqual(['a', 'b', 'a'])
    expect(store.smembers('tags').sort()).toEqual(['x', 'y'])
    expect(store.hgetall('user')).toEqual({ 7: 'seven', name: 'Ada', age: '36' })
    expect(store.zrange('board', 0, -1)).toEqual(['first', 'alice', 'bob', 'last'])
    expect(store.ttl('session')).toBe(60)
    expect(store.pttl('text')).toBe(1500)
    expect(store.pttl('moment')).toBe(5_000)
    expect(store.hpttl('fields', ['a', 'b'])).toEqual([-1, 5_000])
    expect(store.hgetall('odd')).toEqual({ $set: 'a field that looks like a type' })
    expect(store.xrange('log', '-', '+').map(({ id }) => id)).toEqual(['1-0', '5-1'])
    expect(store.log.entries.length).toBeGreaterThan(0)
  })

  it('is not in the log, and meets no fault', () => {
    const store = createTestStore({ data: seed, faults: [{ error: 'READONLY' }] })
    expect(store.log.entries).toEqual([])
    store.load({ more: '1' })
    expect(store.log.entries).toEqual([])
    expect(store.get('more')).toBe('1')
  })

  it('replaces the keys that it names, and no others', () => {
    const store = createTestStore({ data: { a: ['1'], b: '2' } })
    store.load({ a: { x: 1 } })
    expect([store.type('a'), store.get('b')]).toEqual(['hash', '2'])
  })

  it('says what it does not understand', () => {
    for (const data of [{ a: null }, { a: { $zset: { m: 'x' } } }, { a: { $bag: [] } }, { a: { $set: ['x'], y: 1 } }]) {
      expect(() => createTestStore({ data: data as never })).toThrow(/"a"/)
    }
    expect(() => createTestStore({ data: '[1]' })).toThrow(TypeError)
  })
})

describe('dump', () => {
  it('is sorted text, one line for each short value', () => {
    const store = createTestStore({ data: { b: ['x', 'y'], a: '1', u: { z: 1, a: 2 }, 's t': new Set(['b', 'a']) } })
    store.set('e', 'x', { ex: 60 })
    store.rpush('long', ...Array.from({ length: 30 }, (_, i) => `element ${i}`))
    store.ltrim('long', 0, 8)
    expect(store.dump()).toBe(`{
  "a": "1",
  "b": ["x", "y"],
  "e": { "$string": "x", "$px": 60000 },
  "long": [
    "element 0",
    "element 1",
    "element 2",
    "element 3",
    "element 4",
    "element 5",
    "element 6",
    "element 7",
    "element 8"
  ],
  "s t": { "$set": ["a", "b"] },
  "u": { "a": "2", "z": "1" }
}
`)
    expect(createTestStore().dump()).toBe('{}\n')
  })

  it('is the same however the state came about, and as long as time stands still', () => {
    const a = createTestStore({ seed: 1 })
    const b = createTestStore({ seed: 2, now: 5 })
    for (let i = 0; i < 300; i++) a.sadd('s', i).toString()
    for (let i = 299; i >= 0; i--) b.sadd('s', i).toString()
    a.set('k', 'v', { px: 7 })
    b.set('k', 'v', { px: 7 })
    expect(a.dump()).toBe(b.dump())
  })

  it('is a seed that gives the same again', () => {
    const store = createTestStore({ data: seed })
    store.call('XGROUP', 'CREATE', 'log', 'g', '0')
    store.xreadgroup('g', 'me', { log: '>' }, { count: 1 })
    store.advance(250)
    store.call('XGROUP', 'CREATECONSUMER', 'log', 'g', 'idle')
    store.xdel('log', '5-1')
    store.call('XGROUP', 'CREATE', 'void', 'none', '$', 'MKSTREAM')
    store.set('\0 ÿ', fromBytes(new Uint8Array([128, 10, 34])))
    const text = store.dump()
    const again = createTestStore({ data: text, now: store.now() })
    expect(again.dump()).toBe(text)
    expect(stateOf(again)).toBe(stateOf(store))
    expect(createTestStore({ data: JSON.parse(text) as Seed }).dump()).toBe(text)
  })
})

async function saved(log: boolean): Promise<{ bytes: Uint8Array; base: Uint8Array; state: string }> {
  const driver = new MemoryDriver()
  const host = new VirtualHost()
  const store = await Store.open({ host, persistence: persistence(async () => driver) })
  for (const [key, value] of Object.entries({ a: '1', b: 'two' })) store.set(key, value)
  store.rpush('list', 'x', 'y')
  store.set('expires', 1, { ex: 100 })
  store.db(2).hset('h', { f: 1 })
  const state = stateOf(store)
  await store.flush()
  await store.save()
  const logs = await driver.within('appendonlydir')
  const bytesOf = async (from: MemoryDriver, name: string): Promise<Uint8Array> => {
    const size = (await from.list()).find(one => one.name === name)?.size ?? 0
    return from.read(name, 0, size)
  }
  const name = log ? 'appendonly.aof.1.incr.aof' : 'dump.rdb'
  const result = {
    bytes: await bytesOf(log ? (logs as MemoryDriver) : driver, name),
    base: await bytesOf(logs as MemoryDriver, 'appendonly.aof.1.base.rdb'),
    state,
  }
  await store.close()
  return result
}

describe('files', () => {
  it('an RDB file', async () => {
    const { bytes, state } = await saved(false)
    const store = createTestStore({ data: bytes })
    expect(stateOf(store)).toBe(state)
    store.advance(100_001)
    expect(store.exists('expires')).toBe(0)
  })

  it('a log, and a log with its base', async () => {
    const { bytes, base, state } = await saved(true)
    expect(stateOf(createTestStore({ data: bytes }))).toBe(state)
    expect(stateOf(createTestStore({ data: [base, bytes] }))).toBe(state)
  })

  it('a log as any Redis writes it, and one that begins with an RDB file', async () => {
    const { bytes } = await saved(false)
    const plain = new TextEncoder().encode(
      '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$1\r\nv\r\n',
    )
    expect(createTestStore({ data: plain }).get('key')).toBe('v')
    const both = new Uint8Array([...bytes, ...plain])
    const store = createTestStore({ data: both })
    expect([store.get('a'), store.get('key')]).toEqual(['1', 'v'])
  })

  it('damage is said', async () => {
    const { bytes } = await saved(false)
    bytes[20] ^= 1
    expect(() => createTestStore({ data: bytes })).toThrow()
    expect(() => createTestStore({ data: new TextEncoder().encode('*1\r\n$4\r\nNONE\r\n') })).toThrow()
  })
})
