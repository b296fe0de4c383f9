import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { directory } from '../../src/fs.ts'
import { Store } from '../../src/index.ts'
import { embedis, start, startServe } from '../support/cli.ts'
import { connectRedis, redisVersion, startRedis } from '../support/redis.ts'

// Each call is a process that compiles the sources first.
vi.setConfig({ testTimeout: 60_000 })

let place: string
const at = (...names: string[]): string => path.join(place, ...names)

/** A store with something of everything, in `data`. */
async function fill(): Promise<void> {
  const store = await Store.open({ persistence: directory(at('data')) })
  store.set('text', 'päß')
  store.set('bytes', new Uint8Array([0xff, 0x00, 0x41]))
  store.set('number', 12)
  store.set('later', 'x', { pxat: 4_000_000_000_000 })
  store.rpush('list', ['b', 'a'])
  store.sadd('set', ['b', 'a', '10', '9'])
  store.hset('hash', { b: '1', a: '2', ['__proto__']: '3', 7: 'x' })
  store.hpexpireat('hash', 4_000_000_000_000, ['a'])
  store.zadd('zset', { b: 1.5, a: Infinity })
  store.xadd('stream', '5-1', { f: 'v' })
  store.xgroupCreate('stream', 'g', '0')
  store.db(3).set('elsewhere', 'y')
  await store.save()
  await store.close()
}

beforeAll(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'embedis-cli-'))
  await fill()
})
afterAll(() => {
  rmSync(place, { recursive: true, force: true })
})

const lines = [
  '{"db":0,"key":"bytes","type":"string","value":"\\udcff\\u0000A"}',
  '{"db":0,"key":"hash","type":"hash","value":{"7":"x","__proto__":"3","a":"2","b":"1"},"fieldsExpireAt":{"a":4000000000000}}',
  '{"db":0,"key":"later","type":"string","expiresAt":4000000000000,"value":"x"}',
  '{"db":0,"key":"list","type":"list","value":["b","a"]}',
  '{"db":0,"key":"number","type":"string","value":"12"}',
  '{"db":0,"key":"set","type":"set","value":["10","9","a","b"]}',
]

describe('embedis', () => {
  it('prints its usage', async () => {
    for (const args of [['--help'], ['serve', '--help'], ['check', '-h'], ['dump', '--help'], ['load', '--help']]) {
      const { code, out, err } = await embedis(...args)
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain(`Usage: embedis ${args.length > 1 ? args[0] : '<command>'}`)
    }
    expect((await embedis()).code).toBe(2)
  })

  it('says in one line what is wrong with a call, and ends with 2', async () => {
    const calls: readonly (readonly [string, RegExp])[] = [
      ['nosuch', /^embedis: there is no command nosuch/],
      ['serve --port x', /^embedis: --port must be a whole number up to 65535\n$/],
      ['serve --port 65536', /--port must be/],
      ['serve --fsync always', /--fsync needs --dir/],
      ['serve --tls-cert x', /go together/],
      ['serve --user alice', /--user must be name:password/],
      ['serve --port 1 --path /x', /exclude each other/],
      ['serve --host 0.0.0.0 --port 0', /0\.0\.0\.0 can be reached by others: give a password/],
      [`serve --dir ${at('new')} --fsync often`, /fsync must be 'always' or 'everysec' or 'no'/],
      ['serve --nosuch', /Unknown option '--nosuch'/],
      ['check', /takes one argument/],
      ['check /no/such', /\/no\/such does not exist/],
      ['dump a b', /takes one argument/],
      ['load x', /load needs --dir/],
      [`load /no/such --dir ${at('new')}`, /does not exist/],
    ]
    await Promise.all(
      calls.map(async ([call, line]) => {
        const { code, err, out } = await embedis(...call.split(' '))
        expect([call, code, out]).toEqual([call, 2, ''])
        expect(err).toMatch(line)
        expect(err.trimEnd().split('\n')).toHaveLength(1)
      }),
    )
  })
})

describe('embedis check', () => {
  it('says what is in a directory, a log and a snapshot', async () => {
    const { code, out } = await embedis('check', at('data'))
    expect(code).toBe(0)
    expect(out).toMatch(/^appendonly\.aof\.manifest: manifest, \d+ bytes, sound$/m)
    expect(out).toMatch(
      /^appendonly\.aof\.1\.incr\.aof: AOF with checksums, \d+ commands in \d+ commits, [\d,]+ bytes, sound$/m,
    )
    expect(out).toMatch(/^db0 9 keys, 1 of them expire; db3 1 key, 0 of them expire$/m)
    const snapshot = await embedis('check', at('data/dump.rdb'), '--json')
    expect(snapshot.code).toBe(0)
    expect(JSON.parse(snapshot.out)).toMatchObject({
      file: 'dump.rdb',
      version: 12,
      keys: 10,
      checked: true,
      sound: true,
    })
    const log = await embedis('check', at('data/appendonlydir/appendonly.aof.1.incr.aof'))
    expect(log.code).toBe(0)
  })

  it('says where damage begins, and ends with 1', async () => {
    const log = readFileSync(at('data/appendonlydir/appendonly.aof.1.incr.aof'))
    writeFileSync(at('torn.aof'), log.subarray(0, log.length - 3))
    const torn = await embedis('check', at('torn.aof'))
    expect(torn.code).toBe(1)
    expect(torn.out).toMatch(
      /damaged at the end, which opening a store repairs: .*byte \d+\); sound up to byte [\d,]+$/m,
    )
    const rdb = readFileSync(at('data/dump.rdb'))
    rdb[60] = (rdb[60] as number) ^ 0xff
    writeFileSync(at('flipped.rdb'), rdb)
    const flipped = await embedis('check', at('flipped.rdb'))
    expect(flipped.code).toBe(1)
    expect(flipped.out).toContain('damaged: ')
    cpSync(at('data'), at('broken'), { recursive: true })
    rmSync(at('broken/appendonlydir/appendonly.aof.1.base.rdb'))
    const missing = await embedis('check', at('broken'))
    expect([missing.code, missing.out]).toEqual([1, expect.stringContaining('names a file that is missing')])
    // Looking at files leaves them as they are.
    expect(existsSync(at('broken/appendonlydir/appendonly.aof.2.base.rdb'))).toBe(false)
  })
})

describe('embedis dump', () => {
  it('prints the same of log and snapshot', async () => {
    const log = await embedis('dump', at('data'))
    expect([log.code, log.err]).toEqual([0, ''])
    const printed = log.out.trimEnd().split('\n')
    expect(printed.slice(0, 6)).toEqual(lines)
    expect(printed).toHaveLength(10)
    for (const line of printed) JSON.parse(line)
    expect(JSON.parse(printed[6] as string).value).toMatchObject({
      entries: [['5-1', ['f', 'v']]],
      groups: [{ name: 'g' }],
    })
    expect((await embedis('dump', at('data/dump.rdb'))).out).toBe(log.out)
  })

  it('prints what is sound of a damaged log', async () => {
    cpSync(at('data'), at('tail'), { recursive: true })
    appendFileSync(at('tail/appendonlydir/appendonly.aof.1.incr.aof'), '#B 00')
    const { code, out, err } = await embedis('dump', at('tail'))
    expect(code).toBe(1)
    expect(out.split('\n')).toHaveLength(11)
    expect(err).toContain('damaged at the end')
  })
})

describe('embedis load', () => {
  it('makes a directory of a snapshot', async () => {
    const { code, out } = await embedis('load', at('data/dump.rdb'), '--dir', at('loaded'))
    expect([code, out]).toEqual([0, `10 keys in ${at('loaded')}, 0 had expired\n`])
    expect((await embedis('dump', at('loaded'))).out).toBe((await embedis('dump', at('data'))).out)
    const again = await embedis('load', at('data/dump.rdb'), '--dir', at('loaded'))
    expect([again.code, again.err]).toEqual([2, `embedis: ${at('loaded')} holds 10 keys already\n`])
    const cut = readFileSync(at('data/dump.rdb'))
    writeFileSync(at('cut.rdb'), cut.subarray(0, cut.length - 20))
    const damaged = await embedis('load', at('cut.rdb'), '--dir', at('empty'))
    expect(damaged.code).toBe(1)
    expect((await embedis('dump', at('empty'))).out).toBe('')
  })

  it.skipIf(redisVersion() === undefined)('reads what redis-server saved, which reads the directory', async () => {
    const redis = await startRedis()
    if (redis === undefined) return
    const client = await redis.connect()
    await client.send([['SET', 'k', 'v'], ['ZADD', 'z', '1', 'a'], ['SAVE']])
    const loaded = await embedis(
      'load',
      path.join(redis.directory, 'dump.rdb'),
      '--dir',
      at('from-redis'),
      '--target',
      '7.0',
    )
    expect(loaded.out).toContain('2 keys')
    await redis.stop()
    const other = await startRedis({ directory: at('from-redis'), config: { appendonly: 'yes' } })
    const reader = await other?.connect()
    expect(await reader?.send([['GET', 'k'], ['DBSIZE']])).toEqual(['"v"', ':2'])
    await other?.stop()
  })
})

describe('embedis serve', () => {
  it('says that it is ready, keeps what it is told, and ends well when it is asked to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const dir = at(`served-${signal}`)
      const server = await startServe('--dir', dir)
      const client = await connectRedis({ port: server.port })
      await client.send([
        ['SET', 'k', signal],
        ['INCR', 'n'],
      ])
      const closed = client.one('BLPOP', 'nothing', '0')
      server.child.kill(signal)
      await expect(closed).rejects.toThrow('closed')
      const { code, out, err } = await server.ended
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatch(
        new RegExp(`^embedis: ready at redis://127\\.0\\.0\\.1:\\d+, 0 keys in .*\\n.*${signal}, ending\\n.*ended\\n$`),
      )
      expect((await embedis('dump', dir)).out).toContain(`"value":"${signal}"`)
    }
  })

  it('ends on SHUTDOWN', async () => {
    const loud = await startServe('--dir', at('shutdown'))
    const client = await connectRedis({ port: loud.port })
    await client.one('SET', 'k', 'v')
    await expect(client.one('SHUTDOWN', 'SAVE')).rejects.toThrow('closed')
    expect((await loud.ended).code).toBe(0)
    expect(existsSync(at('shutdown/dump.rdb'))).toBe(true)
  })

  it('lets in who knows the password, and no port twice', async () => {
    const server = start(
      ['serve', '--port', '0', '--user', 'alice:wonder', '--redis-version', '6.2.0', '--databases', '2'],
      {
        EMBEDIS_PASSWORD: 'secret',
      },
    )
    const [, port] = await server.prints(/:(\d+), 0 keys in memory/)
    const client = await connectRedis({ port: Number(port) })
    expect(await client.one('GET', 'k')).toMatch(/^-NOAUTH/)
    expect(await client.one('AUTH', 'alice', 'wonder')).toBe('+OK')
    expect(await client.one('AUTH', 'secret')).toBe('+OK')
    expect(await client.one('HELLO', '2')).toContain('"6.2.0"')
    expect(await client.one('SELECT', '2')).toBe('-ERR DB index is out of range')
    const second = await embedis('serve', '--port', String(port))
    expect([second.code, second.out]).toEqual([2, ''])
    expect(second.err).toContain('EADDRINUSE')
    client.close()
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  it('keeps a directory to itself', async () => {
    const server = await startServe('--dir', at('one'))
    const second = await embedis('serve', '--port', '0', '--dir', at('one'))
    expect(second.code).toBe(2)
    expect(second.err).toMatch(/^embedis: .*(in use|locked|open)/i)
    server.child.kill('SIGTERM')
    await server.ended
  })
})
