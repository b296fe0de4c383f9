/** Scripts and functions by every way to a store that was made without an engine. */
import { Redis as Upstash } from '@upstash/redis'
import { Redis } from 'ioredis'
import * as nodeRedis from 'redis'
import { describe, expect, it } from 'vitest'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { createClient, forStore } from '../../src/adapters/node/node-redis.ts'
import { listen } from '../../src/adapters/node/server.ts'
import { handler, requester } from '../../src/adapters/upstash.ts'
import { Store } from '../../src/index.ts'
import { lua } from '../../src/lua.ts'

type Send = (...argv: string[]) => Promise<unknown>
type Way = (store: Store) => Promise<{ send: Send; close: () => unknown }>
type Client = ReturnType<typeof nodeRedis.createClient>

async function connected(client: Client): ReturnType<Way> {
  await client.connect()
  return { send: (...argv) => client.sendCommand(argv), close: () => client.close() }
}

const ways: Record<string, Way> = {
  'createRedis of embedis/ioredis': async store => {
    const client = createRedis(store)
    return { send: (name, ...args) => client.call(name as string, ...args), close: () => client.quit() }
  },
  'createClient of embedis/node-redis': store => connected(createClient(store) as Client),
  'forStore of embedis/node-redis': store => connected(forStore(nodeRedis.createClient, store)() as Client),
  'requester of embedis/upstash': async store => {
    const client = new Upstash(requester(store))
    return { send: (...argv) => client.exec(argv as [string]), close: () => {} }
  },
  'handler of embedis/upstash': async store => {
    const respond = handler(store, { token: 'secret' })
    const send: Send = async (...argv) => {
      const headers = { authorization: 'Bearer secret' }
      const response = await respond(
        new Request('http://localhost/', { method: 'POST', body: JSON.stringify(argv), headers }),
      )
      const { result, error } = (await response.json()) as { result?: unknown; error?: string }
      if (error !== undefined) throw new Error(error)
      return result
    }
    return { send, close: () => {} }
  },
  'listen of embedis/server': async store => {
    const server = await listen(store)
    const client = new Redis(server.url)
    return {
      send: (name, ...args) => client.call(name as string, ...args),
      close: async () => {
        await client.quit()
        await server.close()
      },
    }
  },
}

describe.each(Object.entries(ways))('%s', (_, way) => {
  it('runs scripts and functions, of libraries and of the program', async () => {
    const store = new Store()
    store.function('add', (tx, [key], [by]) => tx.incrby(key, Number(by)))
    const { send, close } = await way(store)
    expect(await send('EVAL', "return redis.call('INCRBY', KEYS[1], ARGV[1])", '1', 'n', '2')).toBe(2)
    const sha1 = await send('SCRIPT', 'LOAD', 'return {KEYS[1], 1}')
    expect(await send('EVALSHA', String(sha1), '1', 'k')).toEqual(['k', 1])
    await send('FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('hey', function() return 'hey' end)")
    expect(await send('FCALL', 'hey', '0')).toBe('hey')
    expect(await send('FCALL', 'add', '1', 'n', '3')).toBe(5)
    await expect(send('FCALL', 'add', '1', 'n', 'x')).rejects.toThrow()
    await expect(send('EVAL', "return redis.error_reply('NO way')", '0')).rejects.toThrow('NO way')
    // The program has the engine from then on, too.
    expect(store.eval('return 1')).toBe(1)
    await close()
    await store.close()
  })

  it('leaves a store the engine that it has', async () => {
    const heard: string[] = []
    const store = new Store({ scripting: lua({ onLog: (_, message) => void heard.push(message) }) })
    const { send, close } = await way(store)
    await send('EVAL', "redis.log(redis.LOG_NOTICE, 'hello')", '0')
    expect(heard).toEqual(['hello'])
    await close()
  })
})
