/** node-redis itself, three versions of it, on a store: `npx vitest run test/adapters`. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as redis5 from 'redis'
import * as redis4 from 'redis-4'
import * as redis6 from 'redis-6'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, forStore } from '../../src/adapters/node/node-redis.ts'
import { Store } from '../../src/index.ts'
import { redisVersion, startRedis } from '../support/redis.ts'

type Create = typeof redis5.createClient<{}, {}, {}, 2 | 3, {}>
type Client = ReturnType<Create>
// The types differ in places that do not matter here; what is called is in all of them.
const versions = [
  ['node-redis 4', redis4.createClient as unknown as Create, 2],
  ['node-redis 5', redis5.createClient as Create, 2],
  ['node-redis 5, RESP3', redis5.createClient as Create, 3],
  ['node-redis 6', redis6.createClient as unknown as Create, 3],
] as const

const every = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i))
const bytesOut = { [redis5.RESP_TYPES.BLOB_STRING]: Buffer }

/** Something of every type, and errors: what comes back is compared with what redis-server answers to the same client. */
async function program(client: Client): Promise<unknown[]> {
  const got: unknown[] = []
  const say = async (reply: Promise<unknown>): Promise<void> => {
    got.push(await reply.catch((error: unknown) => `error: ${(error as Error).message}`))
  }
  await say(client.set('s', 'värld', { EX: 100 }))
  await say(client.get('s'))
  await say(client.ttl('s'))
  await say(client.get('none'))
  await say(client.set('s', 'x', { NX: true }))
  await say(client.incr('s'))
  await say(client.incrByFloat('f', 1.5))
  await say(client.mSet({ m1: '1', m2: '2' }))
  await say(client.mGet(['m1', 'none', 'm2']))
  await say(client.hSet('h', { a: 1, b: 'zwei' }))
  await say(client.hGetAll('h').then(all => ({ ...all })))
  await say(client.hGetAll('none').then(all => ({ ...all })))
  await say(client.hmGet('h', ['a', 'x']))
  await say(client.hIncrBy('h', 'a', 4))
  await say(client.hExists('h', 'a'))
  await say(client.rPush('l', ['a', 'b', 'c']))
  await say(client.lRange('l', 0, -1))
  await say(client.lPopCount('l', 2))
  await say(client.sAdd('set', ['a', 'b', 'a']))
  await say(client.sMembers('set').then(members => [...members].sort()))
  await say(client.sIsMember('set', 'a'))
  await say(
    client.zAdd('z', [
      { value: 'one', score: 1 },
      { value: 'more', score: 2.5 },
      { value: 'last', score: Infinity },
    ]),
  )
  await say(client.zRangeWithScores('z', 0, -1))
  await say(client.zScore('z', 'last'))
  await say(client.zRank('z', 'none'))
  await say(client.zPopMin('z'))
  await say(client.xAdd('x', '1-1', { field: 'value' }))
  await say(client.xAdd('x', '2-1', { field: 'other' }))
  await say(client.xRange('x', '-', '+'))
  await say(client.xRead({ key: 'x', id: '1-1' }))
  await say(client.xGroupCreate('x', 'g', '0'))
  await say(client.xReadGroup('g', 'ann', { key: 'x', id: '>' }, { COUNT: 1 }))
  await say(client.xPending('x', 'g'))
  await say(client.xAck('x', 'g', '1-1'))
  await say(client.xAdd('x', '1-1', { too: 'low' }))
  await say(client.setBit('bits', 7, 1))
  await say(client.geoAdd('geo', { longitude: 13.4, latitude: 52.5, member: 'Berlin' }))
  await say(client.geoHash('geo', ['Berlin', 'none']))
  await say(client.pfAdd('hll', ['a', 'b']))
  await say(client.pfCount('hll'))
  await say(client.type('z'))
  await say(client.lPush('s', 'x'))
  await say(client.sendCommand(['NOSUCHCOMMAND', 'a', 'b']))
  await say(client.sendCommand(['get']))
  await say(client.exists(['s', 'h', 'none']))
  await say(client.multi().incr('n').get('n').exec())
  await say(client.multi().incr('n').addCommand(['NOSUCH']).exec())
  await say(client.keys('*').then(keys => [...keys].sort()))
  await say(client.configGet('appendonly').then(all => ({ ...all })))
  await say(client.dbSize())
  await say(client.echo('täxt'))
  await say(client.ping())
  return got
}

const sockets = (): string[] => process.getActiveResourcesInfo().filter(name => /Socket|Server|Pipe|TCP/.test(name))
/** Those that the test's own process has. */
const none = sockets()
/** Ends a client, whatever its version: 4 has no `destroy`, 6 no `disconnect`. */
const destroy = (client: Client): void => void (client.destroy ?? client.disconnect).call(client)
const close = (client: Client): Promise<unknown> => (client.close ?? client.quit).call(client)

describe.each(versions)('%s', (_, create, RESP) => {
  const clients: Client[] = []
  let store: Store

  async function connected(options: Parameters<Create>[0] = {}): Promise<Client> {
    const client = forStore(create, store)({ RESP, ...options })
    clients.push(client)
    client.on('error', () => {})
    await client.connect()
    return client
  }

  beforeEach(() => {
    store = new Store()
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) if (client.isOpen) destroy(client)
    void store.close()
    await expect.poll(sockets).toEqual(none)
  })

  it.skipIf(redisVersion() === undefined)('gets what it gets from redis-server', async () => {
    const server = await startRedis()
    if (server === undefined) return
    const theirs = create({ RESP, unstableResp3: true, socket: { path: server.path } as object })
    await theirs.connect()
    try {
      expect(await program(await connected({ unstableResp3: true }))).toEqual(await program(theirs))
    } finally {
      destroy(theirs)
      await server.stop()
    }
  })

  it('sees what the store has, and the other way round', async () => {
    const client = await connected()
    const other = await connected()
    store.set('greeting', 'hello')
    expect(await client.get('greeting')).toBe('hello')
    await client.rPush('queue', ['a', 'b'])
    expect(store.lrange('queue', 0, -1)).toEqual(['a', 'b'])
    await other.set('greeting', 'good-bye')
    expect(await client.get('greeting')).toBe('good-bye')
  })

  it('answers ten thousand commands at once, and in one transaction, in their order', async () => {
    const client = await connected()
    const replies = await Promise.all(Array.from({ length: 10_000 }, () => client.incr('n')))
    expect(replies).toEqual(Array.from({ length: 10_000 }, (__, i) => i + 1))
    const multi = client.multi()
    for (let i = 0; i < 10_000; i++) multi.incr('n')
    expect((await multi.exec()).at(-1)).toBe(20_000)
  })

  it('carries bytes', async () => {
    const client = await connected()
    await client.set('bin', every)
    expect(store.bytes.get('bin')).toEqual(new Uint8Array(every))
    const got = 'withTypeMapping' in client ? await client.withTypeMapping(bytesOut).get('bin') : every
    expect(Buffer.compare(got as unknown as Buffer, every)).toBe(0)
    const large = 'ä€'.repeat(1_000_000)
    await client.set('large', large)
    expect((await client.get('large')) === large).toBe(true)
  })

  it('subscribes by channel, pattern and shard', async () => {
    const client = await connected()
    const listener = await connected()
    const heard: string[] = []
    const hear = (message: string, channel: string): void => void heard.push(`${channel}: ${message}`)
    await listener.subscribe(['news', 'sport'], hear)
    await listener.pSubscribe('n?ws', hear)
    await listener.sSubscribe('shard', hear)
    expect(await client.publish('news', 'hi')).toBe(2)
    store.publish('sport', '1:0')
    await client.sPublish('shard', 'one')
    await listener.unsubscribe('sport')
    expect(heard).toEqual(['news: hi', 'news: hi', 'sport: 1:0', 'shard: one'])
    // With the names: without, versions 4 and 5 hang with redis-server too.
    await listener.unsubscribe('news')
    await listener.pUnsubscribe('n?ws')
    await listener.sUnsubscribe('shard')
    // As bytes, from version 5 in RESP2; with redis-server too.
    expect(String(await listener.set('a', 1))).toBe('OK')
  })

  it('waits, while others go on', async () => {
    const client = await connected()
    const waiting = client.duplicate()
    clients.push(waiting)
    await waiting.connect()
    const popped = waiting.blPop(['queue', 'other'], 0)
    await client.rPush('other', 'job')
    expect({ ...(await popped) }).toEqual({ key: 'other', element: 'job' })
    expect(await waiting.bzPopMin('none', 0.01)).toBeNull()
  })

  it('watches', async () => {
    const client = await connected()
    await client.watch('n')
    store.set('n', 5)
    await expect(client.multi().incr('n').exec()).rejects.toThrow(/watch/)
    expect(await client.multi().incr('n').exec()).toEqual([6])
  })

  it('has a database and a name', async () => {
    const client = await connected({ database: 3, name: 'worker' })
    await client.set('a', 1)
    expect(store.db(3).get('a')).toBe('1')
    expect(await client.clientGetName()).toBe('worker')
    const ofFive = forStore(create, store.db(5))({ RESP })
    clients.push(ofFive)
    await ofFive.connect()
    await ofFive.set('a', 2)
    expect(store.db(5).get('a')).toBe('2')
  })

  it('connects again when the connection is lost', async () => {
    const client = await connected({ socket: { reconnectStrategy: () => 1 } })
    const again = new Promise<void>(resolve => client.once('ready', resolve))
    // QUIT ends the connection from the other side, and of this the library does not know.
    await client.sendCommand(['QUIT'])
    await again
    expect(await client.set('a', 1)).toBe('OK')
  })

  it('goes on for others when one is closed, and leaves nothing behind with the last', async () => {
    const client = await connected()
    const other = await connected()
    const twin = other.duplicate()
    clients.push(twin)
    await twin.connect()
    expect(sockets().length).toBeGreaterThan(none.length)
    await close(client)
    await close(other)
    expect(await twin.set('a', 1)).toBe('OK')
    await close(twin)
    await expect.poll(sockets).toEqual(none)
    expect(Number(store.info('clients').clients?.connected_clients)).toBe(0)
    // And the same client, or another, may come again.
    await client.connect()
    expect(await client.get('a')).toBe('1')
    destroy(client)
    await expect.poll(sockets).toEqual(none)
  })

  it('leaves nothing behind when it gives up', async () => {
    const client = await connected({ socket: { reconnectStrategy: () => false as never } })
    await client.sendCommand(['QUIT'])
    await expect.poll(() => client.isOpen).toBe(false)
    await expect.poll(sockets).toEqual(none)
  })
})

describe('createClient', () => {
  it('is the one of the installed version, in a directory that others may not enter', async () => {
    const folders = (): string[] => readdirSync(tmpdir()).filter(name => /^embedis-[0-9a-f]{16}$/.test(name))
    const before = folders()
    const store = new Store()
    const client = createClient(store, { name: 'app' })
    expect(folders()).toEqual(before)
    await client.connect()
    const folder = path.join(tmpdir(), folders().find(name => !before.includes(name)) as string)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    await client.set('a', '1')
    expect(store.get('a')).toBe('1')
    const reply: string | null = await client.get('a')
    expect(reply).toBe('1')
    await client.close()
    expect(existsSync(folder)).toBe(false)
  })

  it('makes pools', async () => {
    const store = new Store()
    const pool = forStore(redis5.createClientPool, store)({}, { minimum: 2 })
    await pool.connect()
    expect(await Promise.all([pool.incr('n'), pool.incr('n')])).toEqual([1, 2])
    await pool.close()
    await expect.poll(sockets).toEqual(none)
    const client = await createClient(store).connect()
    const ofClient = client.createPool()
    await ofClient.connect()
    await client.close()
    expect(await ofClient.get('n')).toBe('2')
    ofClient.destroy()
    await expect.poll(sockets).toEqual(none)
  })

  it('closes what it opened when it cannot connect', async () => {
    const store = new Store()
    const client = createClient(store, { password: 'wrong', username: 'nobody', socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await expect(client.connect()).rejects.toThrow('WRONGPASS')
    await expect.poll(sockets).toEqual(none)
  })

  it('caches on its own side, and is told what others change', async () => {
    const store = new Store()
    const cache = new redis5.BasicClientSideCache()
    const client = createClient(store, { RESP: 3, clientSideCache: cache })
    await client.connect()
    store.set('a', 1)
    for (let i = 0; i < 3; i++) expect(await client.get('a')).toBe('1')
    expect(cache.stats()).toMatchObject({ hitCount: 2, missCount: 1 })
    store.incr('a')
    await expect.poll(() => client.get('a')).toBe('2')
    store.flushall()
    await expect.poll(() => client.get('a')).toBe(null)
    await client.close()
    await expect.poll(sockets).toEqual(none)
  })
})
