/** What is refused because there is nobody else: no replicas, no other server, no engine for scripts, nodes that do not change. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, type RedisClient } from '../support/redis.ts'

let store: Store
let server: Server
let client: RedisClient

beforeAll(async () => {
  store = new Store()
  server = await listen(store, { cluster: true })
  client = await connectRedis({ port: server.port })
})
afterAll(async () => {
  client.close()
  await server.close()
  await store.close()
})

it('says so', async () => {
  store.set('k', 'v')
  store.rpush('l', ['b', 'a'])
  const alone = store.session()
  for (const line of ['SYNC', 'PSYNC ? -1']) {
    await expect(alone.call(line.split(' '))).rejects.toThrow('ERR embedis has no replicas')
  }
  await expect(alone.call('REPLICAOF', 'localhost', 6379)).rejects.toThrow('ERR embedis cannot be a replica')
  await expect(alone.call('MIGRATE', 'h', 1, 'k', 0, 10)).rejects.toThrow('IOERR embedis reaches no other server')
  for (const line of ['EVAL x 0', 'EVALSHA_RO x 1 k', 'FCALL f 0', 'SCRIPT EXISTS x', 'FUNCTION LIST']) {
    expect(() => new Store().call(line.split(' '))).toThrow(
      'ERR scripts need an engine: open the store with the option scripting: lua() of embedis/lua',
    )
  }
  for (const line of ['ADDSLOTS 1', 'MEET h 1', 'SETSLOT 1 STABLE', 'RESET', 'FORGET x', 'BUMPEPOCH', 'FLUSHSLOTS']) {
    expect(await client.one('CLUSTER', ...line.split(' '))).toMatch(
      /^-ERR the nodes of embedis and their slots are given/,
    )
  }
  expect(await client.one('SORT', 'l', 'BY', 'other*')).toBe('["a" "b"]')
  expect(store.call('SCRIPT', 'HELP')).toContain('KILL')
})
