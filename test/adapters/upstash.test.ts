/** `@upstash/redis` itself on a store, in the same process and over HTTP: `npx vitest run test/adapters`. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Redis, type Requester } from '@upstash/redis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HandlerOptions, handler, requester } from '../../src/adapters/upstash.ts'
import { Store } from '../../src/index.ts'

const token = 'a-secret-token'

/** The handler behind an HTTP server of Node. */
async function serve(store: Store, options: HandlerOptions = { token }): Promise<{ server: Server; url: string }> {
  const respond = handler(store, options)
  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const bodyless = incoming.method === 'GET' || incoming.method === 'HEAD'
    const request = new Request(`http://localhost${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      body: bodyless ? null : (Readable.toWeb(incoming) as globalThis.ReadableStream),
      duplex: 'half',
      signal: gone.signal,
    } as RequestInit)
    void respond(request).then(response => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      if (response.body === null) outgoing.end()
      else {
        outgoing.flushHeaders()
        Readable.fromWeb(response.body as ReadableStream)
          .on('error', () => outgoing.destroy())
          .pipe(outgoing)
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe.each(['in the same process', 'over HTTP', 'over HTTP, without base64'] as const)('%s', way => {
  let store: Store
  let redis: Redis
  let server: Server | undefined

  beforeEach(async () => {
    store = new Store()
    if (way === 'in the same process') {
      // Whatever the client asks a requester to be, this is one.
      const one: Requester = requester(store)
      redis = new Redis(one)
      return
    }
    const served = await serve(store)
    server = served.server
    const responseEncoding = way === 'over HTTP' ? 'base64' : false
    redis = new Redis({ url: served.url, token, responseEncoding, retry: false })
  })
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    void store.close()
  })

  it('runs commands of every type', async () => {
    expect(await redis.set('s', 'värld', { ex: 100 })).toBe('OK')
    expect(await redis.get('s')).toBe('värld')
    expect(await redis.ttl('s')).toBe(100)
    expect(await redis.get('none')).toBeNull()
    expect(await redis.set('s', 'x', { nx: true })).toBeNull()
    expect(await redis.set('object', { a: [1, 'zwei', null] })).toBe('OK')
    expect(await redis.get('object')).toEqual({ a: [1, 'zwei', null] })
    expect(store.get('object')).toBe('{"a":[1,"zwei",null]}')
    expect(await redis.set('n', 41)).toBe('OK')
    expect(await redis.incr('n')).toBe(42)
    expect(await redis.get('n')).toBe(42)
    expect(await redis.set('truth', true)).toBe('OK')
    expect(await redis.get('truth')).toBe(true)
    expect(await redis.mset({ m1: 'a', m2: 'b' })).toBe('OK')
    expect(await redis.mget('m1', 'none', 'm2')).toEqual(['a', null, 'b'])
    expect(await redis.hset('h', { a: 1, b: { c: 2 } })).toBe(2)
    expect(await redis.hgetall('h')).toEqual({ a: 1, b: { c: 2 } })
    expect(await redis.hgetall('none')).toBeNull()
    expect(await redis.rpush<string | object>('l', 'a', { b: 1 })).toBe(2)
    expect(await redis.lrange('l', 0, -1)).toEqual(['a', { b: 1 }])
    expect(await redis.sadd('set', 'a', 'b', 'a')).toBe(2)
    expect((await redis.smembers('set')).sort()).toEqual(['a', 'b'])
    expect(await redis.zadd('z', { score: 1, member: 'one' }, { score: 2.5, member: 'more' })).toBe(2)
    expect(await redis.zrange('z', 0, -1, { withScores: true })).toEqual(['one', 1, 'more', 2.5])
    expect(await redis.zscore('z', 'more')).toBe(2.5)
    expect(await redis.xadd('x', '1-1', { field: 'value' })).toBe('1-1')
    expect(await redis.xrange('x', '-', '+')).toEqual({ '1-1': { field: 'value' } })
    expect(await redis.geoadd('geo', { longitude: 13.4, latitude: 52.5, member: 'Berlin' })).toBe(1)
    expect(await redis.pfadd('hll', 'a', 'b')).toBe(1)
    expect(await redis.type('z')).toBe('zset')
    expect(await redis.ping()).toBe('PONG')
    expect(await redis.echo('OK')).toBe('OK')
    expect(await redis.scan(0, { match: 'm*', count: 1000 })).toEqual(['0', expect.arrayContaining(['m1', 'm2'])])
    expect(await redis.exec(['OBJECT', 'ENCODING', 'n'])).toBe('int')
  })

  it('gives errors in the words of Redis', async () => {
    await redis.set('s', 'x')
    await expect(redis.lpush('s', 'x')).rejects.toThrow(
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    )
    await expect(redis.exec(['NOSUCH', 'a'])).rejects.toThrow("ERR unknown command 'NOSUCH'")
    await expect(redis.exec(['get'])).rejects.toThrow("ERR wrong number of arguments for 'get' command")
    await expect(redis.exec(['WATCH', 'a'])).rejects.toThrow('ERR Command is not available')
    await expect(redis.exec(['SELECT', '1'])).rejects.toThrow('ERR Command is not available')
  })

  it('does not wait', async () => {
    expect(await redis.exec(['BLPOP', 'none', 0])).toBeNull()
    await redis.rpush('queue', 'job')
    expect(await redis.exec(['BLPOP', 'queue', 0])).toEqual(['queue', 'job'])
  })

  it('runs pipelines, and transactions as one', async () => {
    const pipeline = redis.pipeline().set('a', 1).incr('a').lpush('a', 'x').get('a')
    expect(await pipeline.exec({ keepErrors: true })).toEqual([
      { error: undefined, result: 'OK' },
      { error: undefined, result: 2 },
      { error: expect.stringContaining('WRONGTYPE'), result: undefined },
      { error: undefined, result: 2 },
    ])
    expect(await redis.multi().incr('a').get('a').exec()).toEqual([3, 3])
    await expect(redis.multi().incr('a').lpush('a', 'x').exec()).rejects.toThrow(
      'Command 2 [ lpush ] failed: WRONGTYPE',
    )
    expect(store.get('a')).toBe('4')
    const wrong = redis.multi().incr('a')
    ;(wrong as unknown as { chain(command: { command: string[] }): void }).chain({ command: ['NOSUCH'] })
    await expect(wrong.exec()).rejects.toThrow('EXECABORT Transaction discarded because of: unknown command')
    expect(store.get('a')).toBe('4')
    expect(Number(store.info('clients').clients?.connected_clients)).toBe(0)
  })

  it('answers ten thousand commands of a pipeline in their order', async () => {
    const pipeline = redis.pipeline()
    for (let i = 0; i < 10_000; i++) pipeline.incr('n')
    expect(await pipeline.exec()).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1))
  })

  it('is one of two clients of a store, and in the database that it was given', async () => {
    const other = new Redis(requester(store.db(3)))
    await redis.set('a', 1)
    await other.set('a', 2)
    expect([store.get('a'), store.db(3).get('a')]).toEqual(['1', '2'])
  })

  it('gives bytes that are no text as a decoder would', async () => {
    store.set('bin', Uint8Array.of(0x68, 0xff, 0x69))
    expect(await redis.get('bin')).toBe('h\ufffdi')
  })

  it('subscribes to channels and patterns', async () => {
    const heard: unknown[] = []
    const news = redis.subscribe<string | object>(['news', 'sport'])
    news.on('message', ({ channel, message }) => heard.push([channel, message]))
    const pattern = redis.psubscribe<object>('n*ws')
    pattern.on('pmessage', said => heard.push(said))
    await expect.poll(() => store.publish('news', '{"a":1}')).toBe(2)
    await expect.poll(() => store.publish('sport', 'one, two')).toBe(1)
    await expect.poll(() => heard.length).toBe(3)
    expect(heard).toContainEqual(['news', { a: 1 }])
    expect(heard).toContainEqual(['sport', 'one, two'])
    expect(heard).toContainEqual({ pattern: 'n*ws', channel: 'news', message: { a: 1 } })
    await news.unsubscribe()
    await pattern.unsubscribe()
    await expect.poll(() => store.publish('news', 'late')).toBe(0)
    expect(Number(store.info('clients').clients?.connected_clients)).toBe(0)
  })
})

describe('requests by hand', () => {
  const store = new Store()
  const respond = handler(store, { token, maxBody: 1000 })

  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; said: unknown }> {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) }
    const response = await respond(new Request(`http://localhost${path}`, { ...init, headers }))
    expect(response.headers.get('content-type')).toBe('application/json')
    return { status: response.status, said: await response.json() }
  }
  const post = (path: string, body: string | Uint8Array): ReturnType<typeof ask> => {
    return ask(path, { method: 'POST', body: body as string })
  }

  it('has commands in the path, their last argument in the body, options as parameters', async () => {
    expect(await ask('/set/foo/bar')).toEqual({ status: 200, said: { result: 'OK' } })
    expect(await ask('/get/foo')).toEqual({ status: 200, said: { result: 'bar' } })
    expect(await ask('/set/foo/b%C3%A4r%2F%20?EX=100&NX')).toEqual({ status: 200, said: { result: null } })
    expect(await ask('/set/foo/b%C3%A4r%2F%20?EX=100&XX=')).toEqual({ status: 200, said: { result: 'OK' } })
    expect([store.get('foo'), store.ttl('foo')]).toEqual(['bär/ ', 100])
    expect(await post('/set/json?EX=50', '{"a": 1}')).toEqual({ status: 200, said: { result: 'OK' } })
    expect([store.get('json'), store.ttl('json')]).toEqual(['{"a": 1}', 50])
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    await ask('/set/bin', { method: 'PUT', body: bytes })
    expect(store.bytes.get('bin')).toEqual(bytes)
    await ask('/set/%FF%00/x')
    expect(store.exists(new Uint8Array([255, 0]))).toBe(1)
  })

  it('takes a command as JSON, numbers and all', async () => {
    expect(await post('/', '["SET", "n", 12, "EX", 100]')).toEqual({ status: 200, said: { result: 'OK' } })
    expect(await post('/', '["INCRBY", "n", 9007199254740900]')).toEqual({
      status: 200,
      said: { result: 9007199254740912 },
    })
    const response = await respond(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '["INCRBY", "n", "9000000000000000003"]',
      }),
    )
    expect(await response.text()).toBe('{"result":9009007199254740915}')
    // Node 20 rounds it; where JSON.parse tells how a number was written, it stays as it is.
    await post('/', '["SET", "big", 12345678901234567890]')
    expect(store.get('big')).toMatch(/^1234567890123456(7890|7000)$/)
  })

  it('answers in base64, but for OK', async () => {
    const headers = { 'upstash-encoding': 'base64' }
    expect((await ask('/set/t/OK', { headers })).said).toEqual({ result: 'OK' })
    expect((await ask('/get/t', { headers })).said).toEqual({ result: 'T0s=' })
    expect((await ask('/ping', { headers })).said).toEqual({ result: 'UE9ORw==' })
    store.set('t', Uint8Array.of(255))
    expect((await ask('/mget/t/none', { headers })).said).toEqual({ result: ['/w==', null] })
  })

  it('lets nobody in without the token', async () => {
    const wrong = { status: 401, said: { error: 'WRONGPASS invalid or missing auth token' } }
    for (const authorization of ['', 'Bearer', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${token} x`]) {
      expect(await ask('/get/foo', { headers: { authorization } })).toEqual(wrong)
    }
    expect(await ask(`/get/foo?_token=${token}`, { headers: { authorization: '' } })).toMatchObject({ status: 200 })
    expect(await ask('/get/foo?_token=x', { headers: { authorization: '' } })).toEqual(wrong)
    expect(() => handler(store, { token: '' })).toThrow(TypeError)
  })

  it('answers what is wrong with the request', async () => {
    expect(await ask('/get/foo', { method: 'DELETE' })).toMatchObject({ status: 405 })
    for (const body of [
      '',
      '{',
      '[',
      '{}',
      '[]',
      'null',
      '"GET"',
      '[null]',
      '[["GET", "a"]]',
      '["GET", {}]',
      '[1]',
      '\xff',
    ]) {
      expect(await post('/', body)).toEqual({ status: 400, said: { error: expect.stringMatching(/^ERR /) } })
    }
    for (const body of ['[]', '["GET", "a"]', '[[]]', '[["GET", null]]', '5', '[{"length": 1}]']) {
      expect(await post('/pipeline', body)).toMatchObject({ status: 400 })
      expect(await post('/multi-exec', body)).toMatchObject({ status: 400 })
    }
    expect(await post('/', `["GET", "${'a'.repeat(1000)}"]`)).toEqual({
      status: 400,
      said: { error: 'ERR max request size exceeded. Limit: 1000 bytes' },
    })
    expect(await post('/', '['.repeat(999))).toMatchObject({ status: 400 })
    for (const path of ['/', '/get/%zz', '/get/%f', '/nosuch', '/get', '//', '/subscribe', '/pipeline/x']) {
      expect(await ask(path)).toEqual({ status: 400, said: { error: expect.any(String) } })
    }
    expect(await post('/', '["GET", "__proto__"]')).toEqual({ status: 200, said: { result: null } })
  })

  it('streams events, and ends them when they are not read', async () => {
    const small = handler(store, { token, maxUnread: 1000 })
    const monitor = (await small(new Request(`http://localhost/monitor?_token=${token}`))) as Response
    expect(monitor.headers.get('content-type')).toBe('text/event-stream')
    const reader = (monitor.body as globalThis.ReadableStream<Uint8Array>).getReader()
    const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
    expect(await next()).toBe('data: OK\n\n')
    await ask('/set/a/b')
    expect(await next()).toMatch(/^data: \d+\.\d+ \[0 embedis\] "set" "a" "b"\n\n$/)
    await reader.cancel()
    const listening = await small(new Request(`http://localhost/subscribe/news?_token=${token}`))
    store.publish('news', 'two\nlines')
    const unread = (listening.body as globalThis.ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await unread.read()).value)).toBe('data: subscribe,news,1\n\n')
    expect(new TextDecoder().decode((await unread.read()).value)).toBe('data: message,news,two\ndata: lines\n\n')
    for (let i = 0; i < 20; i++) {
      store.publish('news', 'x'.repeat(100))
      await Promise.resolve()
    }
    expect(store.publish('news', 'x')).toBe(0)
    await expect(unread.read()).rejects.toThrow('too much was left unread')
  })
})
