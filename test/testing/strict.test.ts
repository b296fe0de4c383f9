import { describe, expect, it } from 'vitest'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { createTestStore } from '../../src/testing/index.ts'

const crossSlot = "CROSSSLOT Keys in request don't hash to the same slot"
const many = Array.from({ length: 20 }, (_, i) => `m${String(i).padStart(2, '0')}`)
const data = {
  s: new Set(many),
  h: Object.fromEntries(many.map(name => [name, `v${name}`])),
  l: many,
  t: new Set(['x']),
}

describe('strict', () => {
  it('refuses KEYS', async () => {
    const store = createTestStore({ data, strict: true })
    expect(() => store.keys('*')).toThrow('ERR KEYS looks at every key there is, which this store refuses: use SCAN')
    expect(() => store.call('KEYS', 's*')).toThrow('KEYS')
    expect([...store.scanIterator()].sort()).toEqual(['h', 'l', 's', 't'])
    const redis = createRedis(store)
    await expect(redis.keys('*')).rejects.toThrow('KEYS')
    await redis.quit()
    expect(store.log.entries[0]).toMatchObject({ command: 'KEYS', error: expect.stringContaining('SCAN') })
  })

  it('refuses keys of several slots, as a cluster does', async () => {
    const store = createTestStore({ data, strict: true })
    expect(() => store.mget('a', 'b')).toThrow(crossSlot)
    expect(store.mget('{u}a', '{u}b')).toEqual([null, null])
    expect(() => store.rename('s', 'r')).toThrow(crossSlot)
    expect(() => store.multi().sinter('s', 't').exec()).toThrow(crossSlot)
    expect(() => store.bytes.sunionstore('u', ['s', 't'])).toThrow(crossSlot)
    const redis = createRedis(store)
    await expect(redis.mset('a', 1, 'b', 2)).rejects.toThrow(crossSlot)
    await redis.quit()
    expect(store.type('s')).toBe('set')
  })

  it('shuffles what Redis gives in no order, and nothing else', async () => {
    const store = createTestStore({ data, strict: true, seed: 3 })
    const orders = new Set<string>()
    for (let i = 0; i < 5; i++) {
      const members = store.smembers('s')
      orders.add(members.join())
      expect(members.sort()).toEqual(many)
    }
    expect(orders.size).toBe(5)
    const record = store.hgetall('h')
    expect(Object.keys(record)).not.toEqual(many)
    expect(record).toEqual(data.h)
    expect(store.hkeys('h')).not.toEqual(store.hkeys('h'))
    expect(store.call('SMEMBERS', 's')).not.toEqual(store.call('SMEMBERS', 's'))
    expect(new Map(store.call('HGETALL', 'h') as Map<string, string>)).toEqual(new Map(Object.entries(data.h)))
    expect(store.lrange('l', 0, -1)).toEqual(many)
    const redis = createRedis(store)
    expect(await redis.smembers('s')).not.toEqual(await redis.smembers('s'))
    expect(await redis.hgetall('h')).toEqual(data.h)
    await redis.quit()
    const again = createTestStore({ data, strict: true, seed: 3 })
    expect(orders).toContain(again.smembers('s').join())
  })

  it('is chosen by parts, and off by default', () => {
    const store = createTestStore({ data, strict: { keys: false, shuffle: false } })
    expect(store.keys('*')).toHaveLength(4)
    expect(store.smembers('s')).toEqual(store.smembers('s'))
    expect(() => store.mget('a', 'b')).toThrow(crossSlot)
    const plain = createTestStore({ data })
    expect(plain.mget('a', 'b')).toEqual([null, null])
    expect(plain.smembers('s')).toEqual(plain.smembers('s'))
    expect(store.fork().keys('*')).toHaveLength(4)
    expect(() => store.fork().mget('a', 'b')).toThrow(crossSlot)
  })
})
