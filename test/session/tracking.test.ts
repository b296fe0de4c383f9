/** What Redis 7.0 cannot be asked about client-side caching and CLIENT, and what programs do to what clients have copied. */
import { afterEach, describe, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, type RedisClient } from '../support/redis.ts'

describe('client-side caching', () => {
  const open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
  })

  async function serve(): Promise<{ store: Store; server: Server; connect: () => Promise<RedisClient> }> {
    const store = new Store()
    const server = await listen(store)
    open.push(store, server)
    const connect = async (): Promise<RedisClient> => {
      const client = await connectRedis({ port: server.port })
      open.push(client)
      return client
    }
    return { store, server, connect }
  }

  async function tracking(...words: string[]): Promise<{ store: Store; client: RedisClient }> {
    const { store, connect } = await serve()
    const client = await connect()
    await client.hello(3)
    expect(await client.one('CLIENT', 'TRACKING', 'ON', ...words)).toBe('+OK')
    return { store, client }
  }

  /** What the client was told, once it has been told everything. */
  async function told(client: RedisClient): Promise<string[]> {
    await client.one('PING')
    return client.pushes.splice(0)
  }

  it('tells of what the program does by methods, in its transactions and when it empties the store', async () => {
    const { store, client } = await tracking()
    store.mset({ a: 1, b: 2, c: 3 })
    await client.one('MGET', 'a', 'b', 'c')
    store.incr('a')
    expect(await told(client)).toEqual(['>["invalidate" ["a"]]'])
    store.transaction(tx => {
      tx.del('b')
      tx.set('c', 4)
    })
    expect(await told(client)).toEqual(['>["invalidate" ["b"]]', '>["invalidate" ["c"]]'])
    store.flushall()
    expect(await told(client)).toEqual(['>["invalidate" _]'])
  })

  it('does not tell of what is taken back', async () => {
    const { store, client } = await tracking()
    store.set('a', 1)
    await client.one('GET', 'a')
    expect(() =>
      store.transaction(tx => {
        tx.set('a', 2)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(await told(client)).toEqual([])
    store.set('a', 3)
    expect(await told(client)).toEqual(['>["invalidate" ["a"]]'])
  })

  it('remembers as many keys as tracking-table-max-keys allows', async () => {
    const { client } = await tracking()
    await client.one('CONFIG', 'SET', 'tracking-table-max-keys', '3')
    for (const key of ['a', 'b', 'c', 'a', 'd']) await client.one('GET', key)
    expect(await told(client)).toEqual(['>["invalidate" ["a"]]'])
    expect(await client.one('INFO', 'stats')).toContain('tracking_total_keys:3')
    await client.one('CONFIG', 'SET', 'tracking-table-max-keys', '2')
    expect(await told(client)).toEqual(['>["invalidate" ["b"]]'])
    expect(await client.one('INFO', 'clients')).toContain('tracking_clients:1')
  })

  it('costs a store nothing once no client wants it', async () => {
    const { store, client } = await tracking('BCAST', 'PREFIX', 'a')
    expect(await client.one('INFO', 'stats')).toContain('tracking_total_prefixes:1')
    client.close()
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(store.info('stats')).toMatchObject({ stats: { tracking_total_prefixes: 0, tracking_total_keys: 0 } })
  })

  it('KILL MAXAGE and NO-TOUCH are those of 7.4', async () => {
    const { connect } = await serve()
    const [client, other] = [await connect(), await connect()]
    expect(await client.one('CLIENT', 'KILL', 'MAXAGE', 'x')).toBe('-ERR maxage is not an integer or out of range')
    expect(await client.one('CLIENT', 'KILL', 'MAXAGE', '100')).toBe(':0')
    expect(await client.one('CLIENT', 'NO-TOUCH', 'on')).toBe('+OK')
    expect(await client.one('CLIENT', 'INFO')).toContain('flags=T')
    expect(await client.one('CLIENT', 'NO-TOUCH', 'x')).toBe('-ERR syntax error')
    expect(await client.one('CLIENT', 'KILL', 'MAXAGE', '0', 'SKIPME', 'yes')).toBe(':1')
    await expect(other.one('PING')).rejects.toThrow('closed')
  })
})
