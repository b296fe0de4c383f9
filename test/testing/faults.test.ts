import { once } from 'node:events'
import { Redis as Upstash } from '@upstash/redis'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { createClient } from '../../src/adapters/node/node-redis.ts'
import { listen } from '../../src/adapters/node/server.ts'
import { handler, requester } from '../../src/adapters/upstash.ts'
import { createTestStore, Disconnected, type TestStore } from '../../src/testing/index.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function ioredis(store: TestStore, options: object = {}): Redis {
  const redis = createRedis(store, options)
  redis.on('error', () => {})
  ends.push(() => redis.disconnect())
  return redis
}

const message = async (reply: Promise<unknown>): Promise<string> =>
  reply.then(
    value => `answered ${JSON.stringify(value)}`,
    (error: Error) => error.message,
  )

/** What each way to a store gets of an INCR and then a GET of `n`. */
const ways: Readonly<Record<string, (store: TestStore) => (...argv: string[]) => Promise<unknown>>> = {
  'a method': store => async (name, key) => (store as never as Record<string, (k: string) => unknown>)[name](key),
  call:
    store =>
    async (...argv) =>
      store.call(...argv),
  'a queue': store => async (name, key) =>
    (store.multi() as never as Record<string, (k: string) => { exec(): unknown[] }>)[name](key).exec()[0],
  bytes: store => async (name, key) => {
    const value = (store.bytes as never as Record<string, (k: string) => unknown>)[name](key)
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : value
  },
  'a session': store => {
    let session = store.session()
    return async (...argv) => {
      try {
        return await session.call(...argv)
      } catch (error) {
        // As a client connects again.
        if (error instanceof Disconnected) session = store.session()
        throw error
      }
    }
  },
  ioredis: store => {
    const redis = ioredis(store, {
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 1,
      maxRetriesPerRequest: 0,
    })
    return async (name, ...args) => redis.call(name, ...args)
  },
  'Upstash in the process': store => {
    const { request } = requester(store)
    return async (...body) => {
      const { result, error } = await request({ body })
      if (error !== undefined) throw new Error(error)
      return result
    }
  },
  'Upstash over HTTP': store => {
    const respond = handler(store, { token: 'secret' }) as (request: Request) => Promise<Response>
    return async (...argv) => {
      const headers = { authorization: 'Bearer secret' }
      const response = await respond(
        new Request('http://localhost/', { method: 'POST', body: JSON.stringify(argv), headers }),
      )
      const { result, error } = (await response.json()) as { result: unknown; error?: string }
      if (error !== undefined) throw new Error(error)
      return result
    }
  },
}

describe.each(Object.entries(ways))('one plan, to the letter: %s', (name, way) => {
  it('errors by name, and any text', async () => {
    const store = createTestStore()
    const send = way(store)
    const fault = store.faults.add({ error: 'READONLY' })
    expect(await message(send('incr', 'n'))).toBe("READONLY You can't write against a read only replica.")
    expect(await message(send('get', 'n'))).toBe('answered null')
    fault.remove()
    store.faults.add({ key: 'user:*', error: 'ERR what you like' })
    expect(await message(send('get', 'user:1'))).toBe('ERR what you like')
    expect(await message(send('incr', 'n'))).toBe('answered 1')
    expect(fault.hits).toBe(1)
  })

  it('the nth call, and so many from it on', async () => {
    const store = createTestStore({ faults: [{ command: 'INCR', nth: 2, times: 2, error: 'LOADING' }] })
    const send = way(store)
    const got: string[] = []
    for (let i = 0; i < 5; i++) got.push(await message(send('incr', 'n')))
    const loading = 'LOADING Redis is loading the dataset in memory'
    expect(got).toEqual(['answered 1', loading, loading, 'answered 2', 'answered 3'])
  })

  it('a connection that goes down before or after execution', async () => {
    const store = createTestStore()
    const send = way(store)
    expect(await message(send('incr', 'n'))).toBe('answered 1')
    const down = name === 'ioredis' ? /Connection is closed|max retries/ : /^read ECONNRESET$/
    store.faults.add({ command: 'INCR', nth: 1, disconnect: 'before' })
    expect(await message(send('incr', 'n'))).toMatch(down)
    expect(store.dump()).toContain('"n": "1"')
    store.faults.clear()
    store.faults.add({ command: 'INCR', nth: 1, disconnect: 'after' })
    expect(await message(send('incr', 'n'))).toMatch(down)
    // A queue is a transaction, which any error takes back.
    const done = name === 'a queue' ? 1 : 2
    expect(store.dump()).toContain(`"n": "${done}"`)
    expect(await message(send('incr', 'n'))).toBe(`answered ${done + 1}`)
  })

  it('latency on the clock of the store', async () => {
    const store = createTestStore()
    const send = way(store)
    await send('get', 'n')
    const begin = store.now()
    store.faults.add({ command: 'INCR', latency: 250 })
    let answered = false
    const reply = send('incr', 'n').then(value => {
      answered = true
      return value
    })
    const direct = ['a method', 'call', 'a queue', 'bytes'].includes(name)
    if (direct) expect(store.now()).toBe(begin + 250)
    else {
      await store.advanceAsync(249)
      expect(answered).toBe(false)
      await store.advanceAsync(1)
    }
    expect(await reply).toBe(1)
    expect(store.now()).toBe(begin + 250)
  })
})

describe('rules', () => {
  it('are for what Redis answers so, unless commands are named', () => {
    const store = createTestStore({ data: { a: '1' }, faults: [{ error: 'OOM' }] })
    expect(() => store.set('b', 1)).toThrow("OOM command not allowed when used memory > 'maxmemory'.")
    expect(store.del('a')).toBe(1)
    store.faults.clear()
    store.faults.add({ command: ['get', 'XGROUP'], error: 'OOM' })
    expect(() => store.get('a')).toThrow('OOM')
    expect(() => store.call('XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM')).toThrow('OOM')
  })

  it('MOVED names the slot of the key', () => {
    const store = createTestStore({ faults: [{ error: 'MOVED' }] })
    expect(() => store.get('foo')).toThrow('MOVED 12182 127.0.0.1:6379')
    expect(store.dbsize()).toBe(0)
  })

  it('with a probability are the same for the same seed', () => {
    const hits = (seed: number): string => {
      const store = createTestStore({ seed, faults: [{ probability: 0.25, error: 'BUSY' }] })
      let all = ''
      for (let i = 0; i < 200; i++) {
        try {
          store.get('a')
          all += '.'
        } catch {
          all += 'x'
        }
      }
      return all
    }
    expect(hits(1)).toBe(hits(1))
    expect(hits(1)).not.toBe(hits(2))
    expect(hits(1).replaceAll('.', '').length).toBeGreaterThan(30)
    expect(hits(1).replaceAll('.', '').length).toBeLessThan(70)
  })

  it('do not change what the store draws', () => {
    const draw = (rules: readonly { probability: number; error: string }[]): unknown => {
      const store = createTestStore({ data: { s: new Set(Array.from({ length: 99 }, (_, i) => i)) }, faults: rules })
      store.get('a')
      return store.spop('s', 5)
    }
    expect(draw([{ probability: 0.000001, error: 'BUSY' }])).toEqual(draw([]))
  })

  it('add their latencies, and the first error counts', () => {
    const store = createTestStore({ faults: [{ latency: 10 }, { error: 'ERR 1', latency: 5 }, { error: 'ERR 2' }] })
    const begin = store.now()
    expect(() => store.get('a')).toThrow('ERR 1')
    expect(store.now() - begin).toBe(15)
  })

  it('go back with a snapshot, and along with a fork', () => {
    const store = createTestStore({ faults: [{ command: 'GET', nth: 2, error: 'ERR second' }] })
    store.get('a')
    const saved = store.snapshot()
    const fork = store.fork()
    const rule = store.faults.add({ command: 'SET', error: 'READONLY' })
    expect(() => store.get('a')).toThrow('ERR second')
    expect(() => store.set('a', 1)).toThrow('READONLY')
    store.restore(saved)
    expect([store.set('a', 1), rule.hits]).toEqual(['OK', 1])
    expect(() => store.get('a')).toThrow('ERR second')
    expect(() => fork.get('a')).toThrow('ERR second')
    expect(fork.set('a', 1)).toBe('OK')
  })

  it('that say nothing, or nonsense, are TypeErrors', () => {
    const { faults } = createTestStore()
    for (const rule of [{}, { error: '' }, { error: 'A\r\nB' }, { error: 'X', nth: 0 }, { error: 'X', times: 0 }]) {
      expect(() => faults.add(rule)).toThrow(TypeError)
    }
    for (const rule of [{ latency: -1 }, { disconnect: 'now' as never }, { error: 'X', probability: 2 }]) {
      expect(() => faults.add(rule)).toThrow(TypeError)
    }
    expect(() => createTestStore({ faults: [{}] })).toThrow(TypeError)
  })
})

describe('clients', () => {
  it('a command that cannot be queued breaks its transaction', async () => {
    const store = createTestStore({ faults: [{ command: 'SET', error: 'OOM' }] })
    const session = store.session()
    await session.call('MULTI')
    await expect(session.call('SET', 'a', 1)).rejects.toThrow('OOM')
    await expect(session.call('EXEC')).rejects.toThrow('EXECABORT')
    store.faults.clear()
    const redis = ioredis(store)
    expect(await redis.multi().set('a', 1).get('a').exec()).toEqual([
      [null, 'OK'],
      [null, '1'],
    ])
  })

  it('ioredis connects again and sends once more what was not answered', async () => {
    const store = createTestStore()
    const redis = ioredis(store, { retryStrategy: () => 1 })
    await redis.set('n', 1)
    store.faults.add({ command: 'INCR', nth: 1, disconnect: 'after' })
    expect(await redis.incr('n')).toBe(3)
  })

  it('what came before in the same piece is answered, what comes behind is not executed', async () => {
    const store = createTestStore({ faults: [{ command: 'SET', nth: 2, disconnect: 'before' }] })
    const redis = ioredis(store, { autoResendUnfulfilledCommands: false, retryStrategy: () => null })
    const replies = await Promise.all([1, 2, 3].map(n => message(redis.set(`k${n}`, n))))
    expect(replies).toEqual(['answered "OK"', 'Connection is closed.', 'Connection is closed.'])
    expect(store.fork().keys('*')).toEqual(['k1'])
  })

  it('node-redis and a server on a port', async () => {
    const store = createTestStore({ data: { a: '1' } })
    const client = createClient(store)
    client.on('error', () => {})
    await client.connect()
    ends.push(() => client.destroy())
    const server = await listen(store)
    ends.push(() => server.close())
    const redis = new Redis(server.url)
    redis.on('error', () => {})
    ends.push(() => redis.disconnect())
    store.faults.add({ command: 'GET', error: 'BUSY' })
    expect(await message(client.get('a'))).toMatch(/^BUSY/)
    expect(await message(redis.get('a'))).toMatch(/^BUSY/)
    store.faults.clear()
    store.faults.add({ command: 'GET', latency: 1000 })
    const both = Promise.all([client.get('a'), redis.get('a')])
    while (store.log.calls('GET').length < 4) await new Promise(resolve => setTimeout(resolve, 1))
    store.advance(1000)
    expect(await both).toEqual(['1', '1'])
  })

  it('a client that goes while its command is delayed leaves nothing behind', async () => {
    const store = createTestStore({ faults: [{ command: 'SET', latency: 100 }] })
    const redis = ioredis(store, { retryStrategy: () => null })
    await redis.ping()
    const reply = message(redis.set('a', 1))
    await new Promise(resolve => setTimeout(resolve, 5))
    redis.disconnect()
    expect(await reply).toBe('Connection is closed.')
    await store.advanceAsync(1000)
    expect(store.exists('a')).toBe(0)
  })

  it('a pipeline and a transaction of Upstash', async () => {
    const store = createTestStore({ faults: [{ command: 'INCR', nth: 2, error: 'ERR second', latency: 30 }] })
    const redis = new Upstash(requester(store))
    const replies = redis.pipeline().incr('n').incr('n').incr('n').exec({ keepErrors: true })
    await store.advanceAsync(30)
    expect((await replies).map(({ result, error }) => error ?? result)).toEqual([
      1,
      expect.stringContaining('second'),
      2,
    ])
    store.faults.clear()
    store.faults.add({ command: 'SET', error: 'READONLY' })
    await expect(redis.multi().incr('n').set('a', 1).exec()).rejects.toThrow('EXECABORT')
    expect(store.get('n')).toBe('2')
    store.faults.clear()
    store.faults.add({ command: 'EXEC', disconnect: 'after' })
    await expect(redis.multi().incr('n').exec()).rejects.toThrow('ECONNRESET')
    expect(store.get('n')).toBe('3')
  })

  it('a command that waits is delayed, refused or cut like any other', async () => {
    const store = createTestStore()
    store.faults.add({ command: 'BLPOP', nth: 1, error: 'LOADING' })
    store.faults.add({ command: 'BLPOP', nth: 2, disconnect: 'after' })
    await expect(store.blpop('q', { timeout: 1 })).rejects.toThrow('LOADING')
    const cut = store.blpop('q')
    store.rpush('q', 'job')
    await expect(cut).rejects.toThrow(Disconnected)
    expect(store.llen('q')).toBe(0)
    const redis = ioredis(store)
    const served = redis.blpop('q', 0)
    await once(redis, 'ready')
    store.rpush('q', 'next')
    expect(await served).toEqual(['q', 'next'])
    expect(store.log.calls('BLPOP').at(-1)).toMatchObject({ reply: ['q', 'next'], error: undefined })
  })

  it('a store without a plan has no gate', async () => {
    const { Store } = await import('../../src/index.ts')
    const { keyspaceOf } = await import('../../src/install.ts')
    expect(keyspaceOf(new Store()).databases.gate).toBe(null)
    expect(Object.getPrototypeOf(new Store()).get).not.toBe(Object.getPrototypeOf(createTestStore()).get)
  })
})
