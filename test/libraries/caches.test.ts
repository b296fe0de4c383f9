/** keyv with @keyv/redis, and what is built on it: cacheable and cache-manager. */
import KeyvRedis, { createKeyv } from '@keyv/redis'
import { createCache } from 'cache-manager'
import { Cacheable } from 'cacheable'
import { Keyv } from 'keyv'
import { expect, it } from 'vitest'
import { library, type Place } from '../support/libraries.ts'

/** A cache over the client that @keyv/redis makes of an address. */
function keyvOf(place: Place, namespace?: string): Keyv {
  const keyv = createKeyv(place.url, { namespace, throwOnErrors: true, throwOnConnectError: true })
  place.after(() => keyv.disconnect())
  return keyv
}

library('keyv with @keyv/redis', place => {
  it('keeps values of all kinds', async () => {
    const keyv = keyvOf(place)
    const values = {
      text: 'värld',
      number: 1.5,
      none: null,
      list: [1, 'two', { three: 3 }],
      bytes: Buffer.from([0, 255]),
    }
    for (const [key, value] of Object.entries(values)) expect(await keyv.set(key, value)).toBe(true)
    for (const [key, value] of Object.entries(values)) expect(await keyv.get(key)).toEqual(value)
    expect(await keyv.get('unknown')).toBeUndefined()
    expect(await keyv.has('list')).toBe(true)
    expect(await keyv.delete('list')).toBe(true)
    expect(await keyv.delete('list')).toBe(false)
    expect(await keyv.has('list')).toBe(false)
  })

  it('does many at once', async () => {
    const keyv = keyvOf(place, 'many')
    const keys = Array.from({ length: 500 }, (_, i) => `k${i}`)
    await keyv.set('other', 1)
    await keyv.setMany(keys.map((key, i) => ({ key, value: i, ttl: i % 2 === 0 ? 60_000 : undefined })))
    expect(await keyv.getMany([...keys, 'unknown'])).toEqual([...keys.keys(), undefined])
    expect(await keyv.hasMany(['k0', 'unknown', 'k499'])).toEqual([true, false, true])
    expect(await keyv.deleteMany(keys.slice(0, 250))).toBe(true)
    expect(await keyv.getMany(['k249', 'k250', 'other'])).toEqual([undefined, 250, 1])
    const ttl = place.ioredis()
    expect(await ttl.pttl('many::k250')).toBeGreaterThan(50_000)
    expect(await ttl.pttl('many::k251')).toBe(-1)
  })

  it('lets values expire in the server', async () => {
    const keyv = keyvOf(place, 'short')
    await keyv.set('gone', 'soon', 1000)
    await keyv.set('stays', 'longer', 60_000)
    expect(await keyv.get('gone')).toBe('soon')
    const client = place.ioredis()
    await expect.poll(() => client.keys('*'), { timeout: 5000 }).toEqual(['short::stays'])
    expect(await keyv.get('gone')).toBeUndefined()
  })

  it('goes through one namespace, and clears one', async () => {
    const [ours, theirs] = [keyvOf(place, 'ours'), keyvOf(place, 'theirs')]
    const entries = Array.from({ length: 300 }, (_, i) => [`k${i}`, i] as const)
    await ours.setMany(entries.map(([key, value]) => ({ key, value })))
    await theirs.set('k0', 'theirs')
    const found = new Map<string, number>()
    const iterator = ours.iterator as (namespace: string) => AsyncIterable<[string, number]>
    for await (const [key, value] of iterator('ours')) found.set(key, value)
    expect(found).toEqual(new Map(entries))
    await ours.clear()
    expect(await ours.get('k0')).toBeUndefined()
    expect(await theirs.get('k0')).toBe('theirs')
  })

  it('takes a client that is there already', async () => {
    const client = await place.nodeRedis()
    const keyv = new Keyv(new KeyvRedis(client as never), { namespace: 'app' })
    await keyv.set('a', { b: 1 })
    expect(await client.keys('*')).toEqual(['app::app:a'])
    expect(await keyv.get('a')).toEqual({ b: 1 })
  })
})

library('cacheable', place => {
  function cache(): Cacheable {
    const one = new Cacheable({ secondary: keyvOf(place), stats: true, ttl: '1m' })
    place.after(() => one.disconnect())
    return one
  }

  it('fills the layer in memory from the one in Redis, which processes share', async () => {
    const [one, other] = [cache(), cache()]
    await one.set('user:1', { name: 'Ann' })
    expect(await other.primary.get('user:1')).toBeUndefined()
    expect(await other.get('user:1')).toEqual({ name: 'Ann' })
    expect(await other.primary.get('user:1')).toEqual({ name: 'Ann' })
    await other.set('user:2', { name: 'Bob' }, '50ms')
    expect(await one.getMany(['user:1', 'user:2', 'user:3'])).toEqual([{ name: 'Ann' }, { name: 'Bob' }, undefined])
    expect(await place.ioredis().pttl('user:1')).toBeGreaterThan(50_000)
    await expect.poll(() => one.get('user:2')).toBeUndefined()
    expect(await other.take('user:1')).toEqual({ name: 'Ann' })
    expect(await other.has('user:1')).toBe(false)
    expect(other.stats.hits).toBeGreaterThan(0)
  })

  it('computes a value once, and remembers what a function answered', async () => {
    const [one, other] = [cache(), cache()]
    let computed = 0
    const compute = async (): Promise<number> => {
      await new Promise(resolve => setTimeout(resolve, 10))
      return ++computed
    }
    const all = await Promise.all(Array.from({ length: 20 }, () => one.getOrSet('sum', compute, { ttl: '1m' })))
    expect(all).toEqual(Array.from({ length: 20 }, () => 1))
    expect(await other.getOrSet('sum', compute)).toBe(1)
    const square = one.wrap((n: number) => ({ n: n * n, at: ++computed }), { keyPrefix: 'square', ttl: '1m' })
    expect(await square(7)).toEqual({ n: 49, at: 2 })
    expect(await square(7)).toEqual({ n: 49, at: 2 })
    expect(await square(8)).toEqual({ n: 64, at: 3 })
  })
})

library('cache-manager', place => {
  it('looks into the stores one after the other, and writes to all of them', async () => {
    const [memory, redis] = [new Keyv(), keyvOf(place)]
    const cache = createCache({ stores: [memory, redis], ttl: 60_000 })
    await cache.mset<unknown>([
      { key: 'a', value: 1 },
      { key: 'b', value: ['two'] },
    ])
    expect(await redis.get('b')).toEqual(['two'])
    await memory.clear()
    expect(await cache.mget(['a', 'b', 'c'])).toEqual([1, ['two'], undefined])
    expect(await cache.ttl('a')).toBeGreaterThan(Date.now() + 50_000)
    await cache.del('a')
    expect(await redis.get('a')).toBeUndefined()
    await cache.set('short', 1, 30)
    await expect.poll(() => cache.get('short')).toBeUndefined()
    await cache.clear()
    expect(await place.ioredis().dbsize()).toBe(0)
  })

  it('wraps what is slow, once for all who ask, and refreshes it before it is over', async () => {
    const cache = createCache({ stores: [keyvOf(place)] })
    let asked = 0
    const slow = async (): Promise<{ asked: number }> => {
      await new Promise(resolve => setTimeout(resolve, 10))
      return { asked: ++asked }
    }
    const all = await Promise.all(Array.from({ length: 10 }, () => cache.wrap('slow', slow, 60_000)))
    expect(all).toEqual(Array.from({ length: 10 }, () => ({ asked: 1 })))
    const refreshed = new Promise(resolve => cache.on('refresh', resolve))
    // Less is left than the threshold: answered from the cache, and computed again behind it.
    expect(await cache.wrap('slow', slow, 60_000, 120_000)).toEqual({ asked: 1 })
    await refreshed
    expect(await cache.get('slow')).toEqual({ asked: 2 })
  })
})
