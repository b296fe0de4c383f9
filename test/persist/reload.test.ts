import { describe, expect, it } from 'vitest'
import { Store, VirtualHost } from '../../src/index.ts'
import { readFile, writeFile } from '../../src/persist/driver.ts'
import { persistence } from '../../src/persist/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { stateOf } from '../support/state.ts'
import { hasRedis, withRedis } from './redis.ts'

const opened = (driver: MemoryDriver, host: VirtualHost = new VirtualHost()): Promise<Store> =>
  Store.open({ host, persistence: persistence(async () => driver) })

const COMMANDS: readonly (readonly string[])[] = [
  ['SET', 'text', 'v'],
  ['SET', 'ttl', 'v', 'PXAT', '4102444800000'],
  ['RPUSH', 'l', 'a', 'b', 'c'],
  ['LPOP', 'l'],
  ['SADD', 's', 'a', '1'],
  ['HSET', 'h', 'f', 'v', 'g', 'w'],
  ['ZADD', 'z', '1.5', 'm', '-inf', 'n'],
  ['XADD', 'x', '1-1', 'f', 'v'],
  ['COPY', 'ttl', 'copy'],
  ['DEL', 'text'],
]

describe('DEBUG LOADAOF', () => {
  it('loads the log again, base and increments, and goes on in it', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const store = await opened(driver, host)
    const session = store.session()
    for (const argv of COMMANDS) await session.call(argv)
    await store.rewrite()
    store.db(3).set('other', 1)
    store.hsetex('timed', { f: 'v' }, { px: 5000 })
    const state = stateOf(store)
    const counts = store.stats()
    const told: string[] = []
    store.on('*', ({ event }) => void told.push(event))
    const watch = store.watch('l')
    expect(await session.call('DEBUG', 'LOADAOF')).toBe('OK')
    expect(await session.call('debug', 'loadaof', 'whatever')).toBe('OK')
    expect(stateOf(store)).toBe(state)
    expect([told, watch.changed, store.stats()]).toEqual([[], false, counts])
    store.set('more', 1)
    expect(told).toEqual(['set'])
    host.advance(5001)
    expect(store.exists('timed')).toBe(0)
    const before = stateOf(store)
    await store.close()
    const again = await opened(driver, host)
    expect(stateOf(again)).toBe(before)
    await again.close()
  })

  it('refuses writes while it reads, and lets the session wait', async () => {
    let reading: () => void = () => {}
    const store = await opened(new MemoryDriver({ before: ({ kind }) => kind === 'read' && reading() }))
    const session = store.session()
    store.set('n', 1)
    let reads = 0
    reading = () => {
      reads++
      expect(() => store.incr('n')).toThrow('LOADING Redis is loading the dataset in memory')
      expect(store.get('n')).toBe('1')
    }
    const loading = session.call('DEBUG', 'LOADAOF')
    const waiting = session.call('INCR', 'n')
    expect([await loading, await waiting, reads]).toEqual(['OK', 2, 2])
    await store.close()
  })

  it('leaves everything as it is when the log is damaged', async () => {
    const driver = new MemoryDriver()
    const store = await opened(driver)
    store.set('k', 'v')
    await store.rewrite()
    store.incr('n')
    await store.flush()
    const state = stateOf(store)
    const logs = await driver.within('appendonlydir')
    const [base] = (await logs.list()).filter(({ name }) => name.endsWith('.rdb'))
    const good = (await readFile(logs, base.name)) as Uint8Array
    const bad = new Uint8Array(good)
    bad[bad.length - 12] ^= 1
    await writeFile(logs, base.name, [bad])
    await expect(store.session().call('DEBUG', 'LOADAOF')).rejects.toThrow(/^ERR .*\.base\.rdb, at byte/)
    expect(stateOf(store)).toBe(state)
    await writeFile(logs, base.name, [good])
    expect(await store.session().call('DEBUG', 'LOADAOF')).toBe('OK')
    expect(store.incr('n')).toBe(2)
    await store.close()
    await expect(store.session().call('DEBUG', 'LOADAOF')).rejects.toThrow()
  })

  it('needs files, and time', async () => {
    // A redis-server without a log exits.
    const bare = new Store()
    bare.set('k', 'v')
    const noLog = 'ERR DEBUG LOADAOF needs a store with files'
    expect(() => bare.call('DEBUG', 'LOADAOF')).toThrow(noLog)
    await expect(bare.session().call('DEBUG', 'LOADAOF')).rejects.toThrow(noLog)
    expect(bare.get('k')).toBe('v')
    const store = await opened(new MemoryDriver())
    const later = 'ERR DEBUG LOADAOF takes its time to read files: send it through a session, outside of MULTI'
    expect(() => store.call('DEBUG', 'LOADAOF')).toThrow(later)
    const session = store.session()
    await session.call('MULTI')
    await session.call('DEBUG', 'LOADAOF')
    expect(String((await session.call('EXEC')) as unknown)).toContain('DEBUG LOADAOF takes its time')
    await store.close()
  })

  it.runIf(hasRedis)('leaves the digest that redis-server has', { timeout: 30_000 }, async () => {
    const theirs = await withRedis(['--appendonly', 'yes'], async server => {
      for (const [name, ...argv] of COMMANDS) await server.call(name, ...argv)
      expect(String(await server.call('DEBUG', 'LOADAOF'))).toBe('OK')
      return String(await server.call('DEBUG', 'DIGEST'))
    })
    const store = await opened(new MemoryDriver())
    const session = store.session()
    for (const argv of COMMANDS) await session.call(argv)
    expect(await session.call('DEBUG', 'LOADAOF')).toBe('OK')
    expect(await session.call('DEBUG', 'DIGEST')).toBe(theirs)
    await store.close()
  })
})
