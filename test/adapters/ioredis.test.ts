/** ioredis itself, both versions of it, on a store: `npx vitest run test/adapters`. */
import { once } from 'node:events'
import { Redis as Redis5, type RedisOptions } from 'ioredis'
import { Redis as Redis6 } from 'ioredis-6'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connector, createRedis } from '../../src/adapters/node/ioredis.ts'
import { Store } from '../../src/index.ts'
import { redisVersion, startRedis } from '../support/redis.ts'

const versions: readonly (readonly [name: string, make: (options: RedisOptions) => Redis5])[] = [
  ['ioredis 5', options => new Redis5(options)],
  // The types differ in places that do not matter here; what is called is in both.
  ['ioredis 6', options => new Redis6(options as object) as unknown as Redis5],
]

const every = Uint8Array.from({ length: 256 }, (_, i) => i)

/** What keeps the process alive, but for timers: those are the test runner's too. */
const resources = (): string[] => process.getActiveResourcesInfo().filter(name => !/Timeout|Immediate/.test(name))
const none = resources()

/** Something of every type, and errors: what comes back is compared with what redis-server answers to the same client. */
async function program(redis: Redis5): Promise<unknown[]> {
  const failure = (reply: Promise<unknown>): Promise<unknown> =>
    reply.catch((error: unknown) => `${(error as Error).name}: ${(error as Error).message}`)
  const got: unknown[] = []
  const say = async (reply: Promise<unknown>): Promise<void> => void got.push(await failure(reply))
  await say(redis.set('s', 'värld', 'EX', 100))
  await say(redis.get('s'))
  await say(redis.getBuffer('s'))
  await say(redis.ttl('s'))
  await say(redis.get('none'))
  await say(redis.set('s', 'x', 'NX'))
  await say(redis.incr('s'))
  await say(redis.incrbyfloat('f', '1.5'))
  await say(redis.set('bin', Buffer.from(every)))
  await say(redis.getBuffer('bin'))
  await say(redis.getrangeBuffer('bin', 126, 131))
  await say(redis.strlen('bin'))
  await say(redis.mset({ m1: '1', m2: '2' }))
  await say(redis.mget('m1', 'none', 'm2'))
  await say(redis.hset('h', { a: 1, b: 'zwei', [Buffer.from([255]).toString('latin1')]: 'ÿ' }))
  await say(redis.hgetall('h'))
  await say(redis.hgetall('none'))
  await say(redis.hmget('h', 'a', 'x'))
  await say(redis.hincrby('h', 'a', 4))
  await say(redis.hgetBuffer('h', 'b'))
  await say(redis.rpush('l', 'a', 'b', 'c', Buffer.from([0, 255])))
  await say(redis.lrange('l', 0, -1))
  await say(redis.lrangeBuffer('l', 0, -1))
  await say(redis.lpop('l', 2))
  await say(redis.sadd('set', 'a', 'b', 'a'))
  await say(redis.smembers('set').then(members => members.sort()))
  await say(redis.zadd('z', 1, 'one', 2.5, 'two and a half', '+inf', 'last'))
  await say(redis.zrange('z', 0, -1, 'WITHSCORES'))
  await say(redis.zscore('z', 'last'))
  await say(redis.zrank('z', 'none'))
  await say(redis.zpopmin('z'))
  await say(redis.xadd('x', '1-1', 'field', 'value'))
  await say(redis.xadd('x', '2-1', 'field', 'other'))
  await say(redis.xrange('x', '-', '+'))
  await say(redis.xread('COUNT', 1, 'STREAMS', 'x', '1-1'))
  await say(redis.xgroup('CREATE', 'x', 'g', '0'))
  await say(redis.xreadgroup('GROUP', 'g', 'ann', 'COUNT', 1, 'STREAMS', 'x', '>'))
  await say(redis.xpending('x', 'g'))
  await say(redis.xack('x', 'g', '1-1'))
  await say(redis.xadd('x', '1-1', 'too', 'low'))
  await say(redis.setbit('bits', 7, 1))
  await say(redis.geoadd('geo', 13.4, 52.5, 'Berlin'))
  await say(redis.geohash('geo', 'Berlin', 'none'))
  await say(redis.pfadd('hll', 'a', 'b'))
  await say(redis.pfcount('hll'))
  await say(redis.type('z'))
  await say(redis.lpush('s', 'x'))
  await say(redis.call('NOSUCHCOMMAND', 'a', 'b'))
  await say(redis.call('get'))
  await say(redis.exists('s', 'h', 'none'))
  await say(redis.multi().incr('n').lpush('s', 'x').get('n').exec())
  await say(redis.multi().incr('n').call('NOSUCH').exec())
  await say(redis.pipeline().set('p', 1).get('p').hget('p', 'f').exec())
  await say(redis.multi({ pipeline: false }))
  await say(redis.incr('n'))
  await say(redis.exec())
  await say(redis.watch('n'))
  await say(redis.dbsize())
  await say(redis.echo('täxt'))
  await say(redis.ping())
  await say(redis.ping('here'))
  return got
}

describe.each(versions)('%s', (_, make) => {
  const clients: Redis5[] = []
  let store: Store
  let redis: Redis5

  function client(options: RedisOptions = {}): Redis5 {
    const one = make({ Connector: connector(store), ...options })
    clients.push(one)
    return one
  }

  beforeEach(() => {
    store = new Store()
    redis = client()
  })
  afterEach(() => {
    for (const one of clients.splice(0)) one.disconnect()
    void store.close()
  })

  it.skipIf(redisVersion() === undefined)('gets what it gets from redis-server', async () => {
    const server = await startRedis()
    if (server === undefined) return
    const theirs = make({ path: server.path })
    try {
      expect(await program(redis)).toEqual(await program(theirs))
    } finally {
      theirs.disconnect()
      await server.stop()
    }
  })

  it('sees what the store has, and the other way round', async () => {
    store.set('greeting', 'hello')
    expect(await redis.get('greeting')).toBe('hello')
    await redis.rpush('queue', 'a', 'b')
    expect(store.lrange('queue', 0, -1)).toEqual(['a', 'b'])
    const other = client()
    await other.set('greeting', 'good-bye')
    expect(await redis.get('greeting')).toBe('good-bye')
  })

  it('answers ten thousand commands of a pipeline, and as many at once, in their order', async () => {
    const pipeline = redis.pipeline()
    for (let i = 0; i < 10_000; i++) pipeline.incr('n')
    const replies = (await pipeline.exec()) as [Error | null, unknown][]
    expect(replies.map(([error, n]) => error ?? n)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1))
    const atOnce = await Promise.all(Array.from({ length: 10_000 }, (_, i) => redis.set(`k${i % 7}`, i, 'GET')))
    expect(atOnce).toEqual(Array.from({ length: 10_000 }, (_, i) => (i < 7 ? null : String(i - 7))))
  })

  it('carries values of many megabytes, as text and as bytes', async () => {
    const text = 'ä€'.repeat(2_000_000)
    const bytes = Buffer.alloc(5_000_000, every)
    const [, , gotText, gotBytes] = await Promise.all([
      redis.set('text', text),
      redis.set('bytes', bytes),
      redis.get('text'),
      redis.getBuffer('bytes'),
    ])
    expect(gotText === text).toBe(true)
    expect(gotBytes?.equals(bytes)).toBe(true)
  })

  it('does not use the bytes again that a reply was made of', async () => {
    await redis.set('a', Buffer.from([1, 2, 3]))
    const first = await redis.getBuffer('a')
    for (let i = 0; i < 100; i++) await redis.set('a', Buffer.from([9, 9, 9]))
    await redis.getBuffer('a')
    expect([...(first as Buffer)]).toEqual([1, 2, 3])
  })

  it('subscribes, by channel, pattern and shard, and gets back to commands', async () => {
    const listener = client()
    const heard: unknown[] = []
    for (const event of ['message', 'pmessage', 'smessage']) {
      listener.on(event, (...said: unknown[]) => heard.push([event, ...said]))
    }
    listener.on('messageBuffer', (channel: Buffer, payload: Buffer) => heard.push([channel.toString(), [...payload]]))
    expect(await listener.subscribe('news', 'sport')).toBe(2)
    expect(await listener.psubscribe('n?ws')).toBe(3)
    await listener.ssubscribe('shard')
    expect(await redis.publish('news', Buffer.from([104, 105]))).toBe(2)
    store.publish('sport', '1:0')
    await redis.spublish('shard', 'one')
    await listener.ping()
    expect(heard).toEqual([
      ['message', 'news', 'hi'],
      ['news', [104, 105]],
      ['pmessage', 'n?ws', 'news', 'hi'],
      ['message', 'sport', '1:0'],
      ['sport', [...Buffer.from('1:0')]],
      ['smessage', 'shard', 'one'],
    ])
    // With the names, and the shards last: ioredis takes any count of 0 for the end of all subscriptions.
    await listener.punsubscribe('n?ws')
    await listener.unsubscribe('news', 'sport')
    await listener.sunsubscribe('shard')
    expect(await listener.set('a', 1)).toBe('OK')
  })

  it('waits, while others go on', async () => {
    const waiting = client()
    const popped = waiting.blpop('queue', 'other', 0)
    const behind = waiting.get('greeting')
    await redis.set('greeting', 'hello')
    await redis.rpush('other', 'job')
    expect(await popped).toEqual(['other', 'job'])
    expect(await behind).toBe('hello')
    const entry = waiting.xread('BLOCK', 0, 'STREAMS', 'log', '$')
    // What waits must have come before what it waits for.
    await redis.ping()
    store.xadd('log', '5-1', { a: 'b' })
    expect(await entry).toEqual([['log', [['5-1', ['a', 'b']]]]])
    expect(await waiting.bzpopmin('none', 0.01)).toBeNull()
  })

  it('rolls nothing back, and watches', async () => {
    await redis.watch('n')
    store.set('n', 5)
    expect(await redis.multi().incr('n').exec()).toBeNull()
    expect(await redis.multi().incr('n').exec()).toEqual([[null, 6]])
    await redis.multi().set('a', 1).lpush('a', 'x').set('b', 2).exec()
    expect(store.mget('a', 'b')).toEqual(['1', '2'])
  })

  it('has a database, a prefix, a name', async () => {
    const other = client({ db: 3, keyPrefix: 'app:', connectionName: 'worker' })
    await other.set('a', 1)
    expect(store.db(3).get('app:a')).toBe('1')
    expect(await other.client('GETNAME')).toBe('worker')
    await other.select(4)
    await other.set('a', 2)
    expect(store.db(4).get('app:a')).toBe('2')
    const ofFive = client({ Connector: connector(store.db(5)) })
    await ofFive.set('a', 3)
    expect(store.db(5).get('a')).toBe('3')
  })

  it('connects when it is asked to, and duplicates', async () => {
    const lazy = client({ lazyConnect: true })
    expect(lazy.status).toBe('wait')
    await lazy.connect()
    expect(lazy.status).toBe('ready')
    const twin = lazy.duplicate()
    clients.push(twin)
    await twin.set('a', 1)
    expect(await lazy.get('a')).toBe('1')
    const implied = client({ lazyConnect: true })
    expect(await implied.get('a')).toBe('1')
  })

  it('connects again when the connection is lost, with its subscriptions and its database', async () => {
    const listener = client({ db: 2, retryStrategy: () => 1 })
    await listener.subscribe('news')
    const again = once(listener, 'ready')
    ;(listener as unknown as { stream: { destroy(): void } }).stream.destroy()
    await again
    const heard = once(listener, 'message')
    // The subscription is renewed right behind.
    while (store.publish('news', 'still here') === 0) await new Promise(resolve => setImmediate(resolve))
    expect(await heard).toEqual(['news', 'still here'])

    const sender = client({ db: 2, retryStrategy: () => 1 })
    await sender.set('a', 1)
    sender.disconnect(true)
    expect(await sender.get('a')).toBe('1')
    expect(store.db(2).get('a')).toBe('1')
  })

  it('sends a command that waits again on the next connection', async () => {
    const waiting = client({ retryStrategy: () => 1 })
    const popped = waiting.blpop('queue', 0)
    await redis.ping()
    const again = once(waiting, 'ready')
    ;(waiting as unknown as { stream: { destroy(): void } }).stream.destroy()
    await again
    await redis.rpush('queue', 'job')
    expect(await popped).toEqual(['queue', 'job'])
    expect(await redis.llen('queue')).toBe(0)
  })

  it('quits and disconnects; what had been sent is answered before', async () => {
    const last = redis.set('a', 1)
    const ended = once(redis, 'end')
    expect(await redis.quit()).toBe('OK')
    expect(await last).toBe('OK')
    await ended
    await expect(redis.get('a')).rejects.toThrow('Connection is closed.')
    const other = client()
    await other.ping()
    const over = once(other, 'end')
    const lost = other.blpop('queue', 0)
    other.disconnect()
    await expect(lost).rejects.toThrow('Connection is closed.')
    await over
    // The client that waited has gone: nothing is taken from the list for it.
    store.rpush('queue', 'job')
    expect(store.llen('queue')).toBe(1)
    const never = client()
    never.disconnect()
    await once(never, 'end')
  })

  it('leaves nothing behind', async () => {
    // What the redis-server of another test has left goes by itself.
    await expect.poll(resources).toEqual(none)
    const some = Array.from({ length: 5 }, () => client())
    await Promise.all(some.map(one => one.set('a', 1)))
    expect(resources()).toEqual(none)
    const connected = (): number => Number(store.info('clients').clients?.connected_clients)
    expect(connected()).toBe(6)
    await Promise.all([...some.map(one => one.quit()), redis.quit()])
    await Promise.all(some.map(one => (one.status === 'end' ? undefined : once(one, 'end'))))
    await new Promise(resolve => setImmediate(resolve))
    expect(connected()).toBe(0)
    expect(resources()).toEqual(none)
  })

  it('scans in streams', async () => {
    store.mset(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k:${i}`, i])))
    const keys = new Set<string>()
    for await (const some of redis.scanStream({ match: 'k:*', count: 100 })) for (const key of some) keys.add(key)
    expect(keys.size).toBe(1000)
    store.hset('h', { a: 1, b: 2 })
    const fields: string[] = []
    for await (const some of redis.hscanStream('h')) fields.push(...some)
    expect(fields).toEqual(['a', '1', 'b', '2'])
    for await (const some of redis.zscanBufferStream('none')) expect(some).toEqual([])
  })

  it('monitors', async () => {
    const monitor = await redis.monitor()
    clients.push(monitor)
    const said = once(monitor, 'monitor')
    await redis.set('a', 'b c')
    expect((await said).slice(1)).toEqual([['set', 'a', 'b c'], expect.stringMatching(/^embedis:\d+$/), '0'])
  })

  it('pipelines by itself what is sent in one turn', async () => {
    const auto = client({ enableAutoPipelining: true })
    expect(await Promise.all([auto.set('a', 1), auto.get('a'), auto.incr('a')])).toEqual(['OK', '1', 2])
  })

  it('lets timers have their turn in a loop of awaited commands', async () => {
    let fired = false
    setTimeout(() => (fired = true), 1)
    while (!fired) await redis.incr('n')
    expect(store.get('n')).not.toBeNull()
  })

  it('goes on under fake timers', async () => {
    await redis.set('a', 1, 'EX', 10)
    vi.useFakeTimers()
    try {
      for (let i = 0; i < 200; i++) await redis.incr('n')
      vi.advanceTimersByTime(10_001)
      expect(await redis.get('a')).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('answers a command that waits when the store is closed', async () => {
    const popped = redis.blpop('queue', 0)
    await client().ping()
    await store.close()
    await expect(popped).rejects.toThrow('ERR the store was closed')
  })

  it('defines commands by their Lua source', async () => {
    redis.defineCommand('append2', {
      numberOfKeys: 1,
      lua: "redis.call('RPUSH', KEYS[1], unpack(ARGV)) return redis.call('LRANGE', KEYS[1], 0, -1)",
    })
    const defined = redis as Redis5 & { append2(key: string, ...values: string[]): Promise<string[]> }
    // Sent by its source, then by its SHA-1 alone.
    expect(await defined.append2('l', 'å', 'b')).toEqual(['å', 'b'])
    expect(await defined.append2('l', 'c')).toEqual(['å', 'b', 'c'])
    await redis.script('FLUSH')
    expect(await defined.append2('l', 'd')).toHaveLength(4)
    const pipelined = redis.pipeline() as ReturnType<Redis5['pipeline']> & {
      append2(key: string, value: string): unknown
    }
    pipelined.append2('l', 'e')
    expect((await pipelined.exec())?.[0]).toEqual([null, ['å', 'b', 'c', 'd', 'e']])
    await expect(redis.eval('return redis.call("LPUSH", KEYS[1])', 1, 'l')).rejects.toThrow(
      /^ERR Wrong number of args calling Redis command from script script: [0-9a-f]{40}, on @user_script:1\.$/,
    )
  })
})

describe('createRedis', () => {
  const store = new Store()
  const redis = createRedis(store, { keyPrefix: 'app:' })
  afterAll(() => redis.disconnect())

  it('is a client of the store', async () => {
    expect(redis).toBeInstanceOf(Redis5)
    await redis.set('a', 1)
    expect(store.get('app:a')).toBe('1')
  })
})
