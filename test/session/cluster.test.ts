import { Cluster, type Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { crc16, slotOf } from '../../src/util/slot.ts'
import { connectRedis, type RedisClient, type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { Random, seed } from '../util/live.ts'

describe('the slot of a key', () => {
  it('is the CRC16 of XMODEM, of what stands in the first braces if anything does', () => {
    expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x31c3)
    expect(slotOf('foo{bar}')).toBe(5061)
    expect(slotOf('{bar}')).toBe(slotOf('x{bar}{y}'))
    expect(slotOf('{}bar')).not.toBe(slotOf('bar'))
  })
})

describe.skipIf(redisVersion() === undefined)('one node that has all slots', () => {
  let live: RedisServer
  let store: Store
  let server: Server
  const clients: RedisClient[] = []

  beforeAll(async () => {
    live = (await startRedis({ tcp: true, config: { 'cluster-enabled': 'yes' } })) as RedisServer
    store = new Store()
    server = await listen(store, { cluster: true })
    for (const port of [live.port, server.port]) clients.push(await connectRedis({ port }))
    const [redis] = clients as [RedisClient]
    await redis.one('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    while (!(await redis.one('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await live?.stop()
    await server?.close()
    await store?.close()
  })

  async function both(line: string): Promise<[string, string]> {
    const argv = line.split(' ').map(word => (word === '""' ? '' : word))
    const [redis, ours] = clients as [RedisClient, RedisClient]
    return [await redis.one(...argv), await ours.one(...argv)]
  }

  it('answers as a live one', async () => {
    const program = `SET a 1|SET {x}b 2|SET {x}c 3|MGET {x}b {x}c|MGET a {x}b|MSET a 1 b 2|DEL a|DEL a b|SINTERSTORE d a b
      CLUSTER KEYSLOT a|CLUSTER KEYSLOT foo{bar}|CLUSTER KEYSLOT ""|CLUSTER KEYSLOT {}x|CLUSTER KEYSLOT x{}{y}
      CLUSTER COUNTKEYSINSLOT 16287|CLUSTER COUNTKEYSINSLOT 16384|CLUSTER COUNTKEYSINSLOT -1|CLUSTER COUNTKEYSINSLOT x
      CLUSTER GETKEYSINSLOT 16287 0|CLUSTER GETKEYSINSLOT 16287 -1|CLUSTER GETKEYSINSLOT x 1|CLUSTER GETKEYSINSLOT 16384 1
      CLUSTER GETKEYSINSLOT 0 x|CLUSTER LINKS|CLUSTER HELP|CLUSTER REPLICAS x|CLUSTER SLAVES x|CLUSTER FAILOVER
      CLUSTER COUNT-FAILURE-REPORTS x|CLUSTER SAVECONFIG|CLUSTER NOSUCH|CLUSTER|CLUSTER KEYSLOT|READONLY|READWRITE|ASKING
      SELECT 0|SELECT 1|SELECT x|SWAPDB 0 1|MOVE {x}b 1|COPY {x}b {x}d DB 1|COPY {x}b {x}d DB 0|COPY {x}b {x}e|COPY {x}b e
      REPLICAOF NO ONE|REPLICAOF a 1|FAILOVER|INFO cluster|ROLE|DBSIZE|EVAL x 2 a b|MULTI|GET a|GET {x}b|EXEC
      MULTI|GET {x}b|GET {x}c|EXEC|MULTI|MGET a {x}b|EXEC|MULTI|GET {x}b|EXEC|XREAD STREAMS a b 0 0|XREAD STREAMS {x}s {x}t 0 0
      SPUBLISH a x|PUBLISH a x|RENAME {x}b a|RENAME {x}b {x}f|KEYS *{x}f|WATCH a b|WATCH {x}a {x}b|UNWATCH
      LMPOP 2 a b LEFT|ZUNION 2 a b|OBJECT ENCODING a|PFCOUNT a b|BITOP AND a b c|GEOSEARCHSTORE a b FROMMEMBER x BYRADIUS 1 m`
    for (const line of program.split(/[|\n]/).map(one => one.trim())) {
      const [expected, got] = await both(line)
      expect(`${line}: ${got}`).toBe(`${line}: ${expected}`)
    }
  })

  it('finds the same slots', async () => {
    const r = new Random(seed)
    const [redis] = clients as [RedisClient]
    const keys = Array.from({ length: 2000 }, () =>
      Array.from({ length: r.int(0, 8) }, () => r.pick(['{', '}', 'a', 'b', 'é', '\udcff', '\0', '日'])).join(''),
    )
    const replies = await redis.send(keys.map(key => ['CLUSTER', 'KEYSLOT', key]))
    expect(keys.map(key => `:${slotOf(key)}`)).toEqual(replies)
  })

  it('says where it is as a live one does, but for names and addresses', async () => {
    const shape = (text: string): string =>
      text
        .replace(/[0-9a-f]{40}/g, 'ID')
        .replaceAll(String(live.port + 10_000), 'BUS')
        .replaceAll(String(server.port + 10_000), 'BUS')
        .replaceAll(String(live.port), 'PORT')
        .replaceAll(String(server.port), 'PORT')
        .replaceAll('127.0.0.1', '')
    const [redis, ours] = clients as [RedisClient, RedisClient]
    for (const resp of [2, 3] as const) {
      for (const client of [redis, ours]) await client.hello(resp)
      for (const line of ['CLUSTER SLOTS', 'CLUSTER SHARDS', 'CLUSTER MYID']) {
        const [expected, got] = await both(line)
        expect(shape(got)).toBe(shape(expected))
      }
      const [expected, got] = await both('CLUSTER NODES')
      // Epochs and times of pings are a cluster's own business.
      const plain = (text: string): string => shape(text).replace(/ - \d+ \d+ \d+ connected/, ' - connected')
      expect(plain(got)).toBe(plain(expected))
    }
    const [, hello] = await both('HELLO 3')
    expect(hello).toContain('"mode" "cluster"')
  })
})

describe('several nodes over one store', () => {
  let store: Store
  let server: Server
  let cluster: Cluster

  beforeAll(async () => {
    store = new Store()
    server = await listen(store, { cluster: { nodes: 3 } })
    cluster = new Cluster(server.nodes.map(node => ({ ...node })))
  })
  afterAll(async () => {
    cluster.disconnect()
    await server.close()
    await store.close()
  })

  it('send a client to the node that has the slot', async () => {
    expect(server.nodes).toHaveLength(3)
    const client = await connectRedis({ port: server.port })
    const last = server.nodes[2] as { port: number }
    expect(await client.one('SET', 'a', '1')).toBe(`-MOVED 15495 127.0.0.1:${last.port}`)
    expect(await client.one('MGET', 'a', 'b')).toBe("-CROSSSLOT Keys in request don't hash to the same slot")
    expect(await client.one('MULTI')).toBe('+OK')
    expect(await client.one('GET', 'a')).toMatch(/^-MOVED/)
    expect(await client.one('EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.')
    client.close()
  })

  it('are a cluster to ioredis', async () => {
    for (let i = 0; i < 300; i++) await cluster.set(`key:${i}`, i)
    expect(await cluster.get('key:7')).toBe('7')
    await cluster.mset({ '{user}:a': 1, '{user}:b': 2 })
    expect(await cluster.mget('{user}:a', '{user}:b')).toEqual(['1', '2'])
    await expect(cluster.mget('key:1', 'key:2')).rejects.toThrow('CROSSSLOT')
    expect(await cluster.multi().incr('{user}:a').incr('{user}:a').exec()).toEqual([
      [null, 2],
      [null, 3],
    ])
    const pipeline = cluster.pipeline()
    for (let i = 0; i < 20; i++) pipeline.get(`{key}:${i}`)
    expect(await pipeline.exec()).toHaveLength(20)
    const nodes: Redis[] = cluster.nodes('master')
    expect(nodes).toHaveLength(3)
    const sizes = await Promise.all(nodes.map(node => node.dbsize()))
    expect(sizes.reduce((sum, size) => sum + size)).toBe(302)
    expect(Math.min(...sizes)).toBeGreaterThan(50)
    const found = new Set<string>()
    for (const node of nodes) {
      for await (const keys of node.scanStream({ count: 50 })) {
        for (const key of keys as string[]) {
          expect(found.has(key)).toBe(false)
          found.add(key)
        }
      }
      const keys = await node.keys('*')
      expect(keys).toContain(await node.randomkey())
    }
    expect(found.size).toBe(302)
    // Behind all of them is the store.
    expect(store.get('key:299')).toBe('299')
    const blocked = cluster.blpop('queue', 0)
    store.rpush('queue', 'job')
    expect(await blocked).toEqual(['queue', 'job'])
  })
})
