/** The same contract over a real client and a real server: the program of the README's last example. */
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { Store } from '../src/index.ts'
import { RemoteStore } from '../src/remote/index.ts'
import { redisVersion, type RedisServer, startRedis } from './support/redis.ts'

/** What a program finds, in both modes. */
async function program(store: Store | RemoteStore): Promise<unknown[]> {
  return [
    await store.set('n', 41),
    await store.incr('n'),
    await store.set('bytes', new Uint8Array([0x68, 0x69])),
    await store.get('bytes'),
    await store.get('none'),
    await store.hset('h', { b: 2, 1: 'one', a: 2.5 }),
    await store.hgetall('h'),
    await store.zadd('z', { low: -Infinity, mid: 0.1, high: 1e21 }),
    await store.zrange('z', 0, -1, { withscores: true }),
    await store.xadd('x', '1-1', { field: 'value' }),
    await store.xrange('x', '-', '+'),
    await store.geoadd('places', 13.4, 52.5, 'home'),
    await store.geopos('places', 'home', 'nowhere'),
    await store.blpop('nobody', { timeout: 0.01 }),
    await store.publish('channel', 'message'),
    await store.call('LPUSH', 'l', 1, 2n, new Uint8Array([0x33])),
    await store.lrange('l', 0, -1),
  ]
}

describe.skipIf(redisVersion() === undefined)('RemoteStore over ioredis', () => {
  it('finds what a store in the program finds', async () => {
    const server = (await startRedis()) as RedisServer
    const client = new Redis({ path: server.path })
    try {
      expect(await program(new RemoteStore(argv => client.call(...argv)))).toEqual(await program(new Store()))
    } finally {
      client.disconnect()
      await server.stop()
    }
  })
})

it('gives a client text, and bytes in the form that clients take', async () => {
  const sent: unknown[] = []
  const remote = new RemoteStore(async argv => {
    sent.push(...argv)
    return 'OK'
  })
  await remote.set('k', 5)
  await remote.set(new Uint8Array([1]), 7n)
  expect(sent).toEqual(['SET', 'k', '5', 'SET', Buffer.from([1]), '7'])
  expect(sent.filter(Buffer.isBuffer)).toHaveLength(1)
})
