import { describe, expect, it } from 'vitest'
import { createRedis } from '../../src/adapters/node/ioredis.ts'
import { requester } from '../../src/adapters/upstash.ts'
import { createTestStore, matchers, type StoreMatchers } from '../../src/testing/index.ts'

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends StoreMatchers<T> {}
}
expect.extend(matchers)

describe('the log', () => {
  it('holds what came by any way, with who sent it and what was answered', async () => {
    const store = createTestStore({ now: 1_000 })
    store.hset('user', { name: 'Ada', age: 36 })
    store.advance(5)
    store.hgetall('user')
    expect(() => store.incr('user')).toThrow('WRONGTYPE')
    store.call('config', 'get', 'maxmemory')
    store.db(1).set('other', new Uint8Array([255]), { ex: 5 })
    store.multi().get('a').exec()
    expect(store.log.entries.slice(0, 5)).toEqual([
      {
        command: 'HSET',
        args: ['user', 'name', 'Ada', 'age', '36'],
        keys: ['user'],
        db: 0,
        time: 1_000,
        from: 'direct',
        reply: 2,
        error: undefined,
      },
      {
        command: 'HGETALL',
        args: ['user'],
        keys: ['user'],
        db: 0,
        time: 1_005,
        from: 'direct',
        reply: { name: 'Ada', age: '36' },
        error: undefined,
      },
      {
        command: 'INCR',
        args: ['user'],
        keys: ['user'],
        db: 0,
        time: 1_005,
        from: 'direct',
        reply: undefined,
        error: expect.stringContaining('WRONGTYPE'),
      },
      {
        command: 'CONFIG GET',
        args: ['maxmemory'],
        keys: [],
        db: 0,
        time: 1_005,
        from: 'direct',
        reply: new Map([['maxmemory', '0']]),
        error: undefined,
      },
      {
        command: 'SET',
        args: ['other', '\udcff', 'EX', '5'],
        keys: ['other'],
        db: 1,
        time: 1_005,
        from: 'direct',
        reply: 'OK',
        error: undefined,
      },
    ])
    store.log.clear()
    const redis = createRedis(store)
    await redis.multi().set('a', 1).get('a').exec()
    await redis.quit()
    const sent = store.log.entries.filter(({ command }) => !/^(INFO|CLIENT)/.test(command))
    expect(sent.map(({ command, reply }) => [command, reply])).toEqual([
      ['MULTI', 'OK'],
      ['SET', 'QUEUED'],
      ['GET', 'QUEUED'],
      ['EXEC', ['OK', '1']],
      ['QUIT', 'OK'],
    ])
    expect(sent.every(({ from }) => from.startsWith('embedis:'))).toBe(true)
    store.log.clear()
    await requester(store).request({ body: ['BLPOP', 'none', 1] })
    await requester(store).request({ path: ['pipeline'], body: [['GET', 'a'], ['NONE']] })
    expect(store.log.entries.map(({ command, reply }) => [command, reply])).toEqual([
      ['BLPOP', null],
      ['GET', '1'],
    ])
  })

  it('knows iterators by the command that they are made of', () => {
    const store = createTestStore({ data: { h: { a: 1 } } })
    expect([...store.scanIterator({ match: 'h*' })]).toEqual(['h'])
    expect([...store.hscanIterator('h')]).toEqual([['a', '1']])
    expect(store.log.entries.map(({ command, args }) => [command, ...args].join(' '))).toEqual([
      'SCAN 0 MATCH h*',
      'HSCAN h 0',
    ])
  })

  it('keeps the newest', () => {
    const store = createTestStore()
    for (let i = 0; i < 250_000; i++) store.exists('a')
    store.get('last')
    expect(store.log.entries.length).toBeLessThanOrEqual(200_000)
    expect(store.log.entries.at(-1)?.command).toBe('GET')
  })
})

describe('assertions', () => {
  const store = createTestStore()
  store.set('user:1', 'x', { ex: 60 })
  store.get('user:1')
  store.get('user:2')
  store.call('XGROUP', 'CREATE', 'x', 'g', '$', 'MKSTREAM')
  const { log } = store

  it('hold or throw, and show what was sent', () => {
    log.assertRan('SET', 'user:1')
    log.assertRan('set', /^user:/, 'x', 'EX', 60)
    log.assertRan('GET', expect.stringContaining('2'))
    log.assertRan('XGROUP CREATE', 'x')
    log.assertNotRan('DEL')
    log.assertRanTimes(2, 'GET')
    log.assertOrder(['SET'], ['GET', 'user:2'], ['XGROUP CREATE'])
    expect(() => log.assertRan('SET', 'user:2')).toThrow(
      'SET user:2 was not sent. The last commands sent:\n  SET user:1 x EX 60\n  GET user:1\n  GET user:2\n  XGROUP CREATE x g $ MKSTREAM',
    )
    expect(() => log.assertNotRan('GET')).toThrow('GET was sent 2 times, wanted 0')
    expect(() => log.assertRanTimes(1, 'GET')).toThrow('GET was sent 2 times, wanted 1')
    expect(() => log.assertOrder(['GET'], ['SET'])).toThrow('SET did not come in its turn')
    expect(log.calls('GET', 'user:2')).toHaveLength(1)
  })

  it('are matchers of vitest, on a store and on its log', () => {
    expect(store).toHaveRun('SET', 'user:1', 'x')
    expect(store.log).not.toHaveRun('DEL')
    expect(store).toHaveRunTimes(2, 'GET')
    expect(store).toHaveRunInOrder(['SET'], ['GET'], ['XGROUP CREATE'])
    expect(() => expect(store).toHaveRun('DEL')).toThrow('DEL was not sent')
    expect(() => expect(store).not.toHaveRun('SET')).toThrow('SET was sent')
    expect(() => expect(7).toHaveRun('SET')).toThrow(TypeError)
  })
})
