/** What is around scripts, beside a live redis-server: who may do what, what is counted, and what others are told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, type RedisClient, redisVersion, startRedis } from '../support/redis.ts'

type Step = readonly string[]

interface Place {
  connect(): Promise<RedisClient>
  close(): Promise<void>
}

const script = (text: string, ...rest: string[]): Step => ['EVAL', text, '0', ...rest]

describe.runIf(redisVersion() !== undefined)('beside redis-server', () => {
  let places: Place[]
  beforeAll(async () => {
    const server = await startRedis()
    if (server === undefined) throw new Error('redis-server did not start')
    const directory = mkdtempSync(join(tmpdir(), 'embedis-scripts-'))
    const path = join(directory, 'socket')
    const store = new Store()
    const own = await listen(store, { path })
    places = [
      { connect: () => server.connect(2, true), close: () => server.stop() },
      {
        connect: () => connectRedis({ path }, true),
        close: async () => {
          await own.close()
          await store.close()
          rmSync(directory, { recursive: true, force: true })
        },
      },
    ]
  })
  afterAll(async () => {
    for (const place of places) await place.close()
  })

  /** What a program makes of both. */
  const same = async (program: (place: Place) => Promise<unknown>): Promise<void> => {
    const [expected, got] = [await program(places[0]), await program(places[1])]
    expect(got).toEqual(expected)
  }

  it('the rights of the caller are those of the script', () =>
    same(async place => {
      const [admin, user] = [await place.connect(), await place.connect()]
      const seen = await admin.send([
        ['ACL', 'LOG', 'RESET'],
        ['ACL', 'SETUSER', 'u', 'on', 'nopass', '+eval', '+evalsha', '+get', '+set', '+publish', '~a*', '&x*'],
      ])
      seen.push(
        ...(await user.send([
          ['AUTH', 'u', 'x'],
          script("return redis.call('del','a')"),
          script("return redis.call('get','b')"),
          script("return redis.call('get','a')"),
          script("return redis.call('publish','y','b')"),
          script("return redis.pcall('get','b')"),
          script("return redis.acl_check_cmd('get','b')"),
          script("return redis.acl_check_cmd('get','a')"),
          script("return redis.acl_check_cmd('del','a')"),
          script("return redis.acl_check_cmd('config')"),
        ])),
      )
      const log = (await admin.send([['ACL', 'LOG']]))[0]
      admin.close()
      user.close()
      return [seen, [...log.matchAll(/"(reason|context|object|username)" "[^"]*"/g)].map(([text]) => text)]
    }))

  it('commands in scripts are counted, and so are their errors', () =>
    same(async place => {
      const client = await place.connect()
      const steps: Step[] = [
        ['DEL', 'l'],
        ['CONFIG', 'RESETSTAT'],
        script(
          "redis.pcall('foo') redis.pcall('get') redis.pcall('subscribe','x') redis.pcall('lpush','l','a') redis.pcall('get','l') return 1",
        ),
        script("return redis.call('get','l')"),
        script("return redis.call('foo')"),
        script("return redis.error_reply('MY x')"),
        script("return redis.pcall('get','l')"),
        script("error('x')"),
        script("redis.call('ping') redis.call('select', 1)"),
        ['EVAL_RO', "return redis.call('set','a','b')", '0'],
        ['FCALL', 'none', '0'],
        ['EVALSHA', 'x', '0'],
        ['INFO', 'commandstats'],
        ['INFO', 'errorstats'],
      ]
      const replies = await client.send(steps)
      client.close()
      return replies.map(text =>
        text
          .replace(/usec[^=]*=[\d.]+,/g, '')
          .split('\\r\\n')
          .sort(),
      )
    }))

  it('others are told of what they do, behind them', () =>
    same(async place => {
      const [client, other] = [await place.connect(), await place.connect()]
      const seen = await client.send([
        ['CONFIG', 'SET', 'slowlog-log-slower-than', '0'],
        ['SLOWLOG', 'RESET'],
        script("redis.call('set','a','b') redis.call('INCR','n') return redis.pcall('foo')"),
        ['SLOWLOG', 'GET', '5'],
        ['CONFIG', 'SET', 'slowlog-log-slower-than', '10000'],
        ['DEL', 'n', 'a'],
      ])
      client.close()
      other.close()
      return seen.map(text =>
        text.replace(/\[:\d+ :\d+ :\d+/g, '[').replace(/"[^"]*socket:0"|"[^"]*\.sock:0"/g, '"address"'),
      )
    }))

  it('what follows a first line is held to it', () =>
    same(async place => {
      const client = await place.connect()
      const replies = await client.send([
        ['EVAL_RO', '#!lua\nreturn 1', '0'],
        ['EVAL_RO', '#!lua flags=no-writes\nreturn redis.call("get", "none")', '0'],
        ['EVAL', '#!lua flags=no-writes\nreturn redis.pcall("set", "a", 1)', '0'],
        ['EVAL', '#!lua flags=no-cluster,allow-oom,allow-stale\nreturn 1', '0'],
        ['EVAL', '#!lua', '0'],
        ['EVAL', '#!', '0'],
      ])
      client.close()
      return replies
    }))

  it('lists within lists come to an end', () =>
    same(async place => {
      const client = await place.connect()
      const deep = (n: number): Step => script(`local t={} local r=t for i=1,${n} do t[1]={} t=t[1] end return r`)
      const replies = await client.send([deep(10), deep(100), deep(900)])
      client.close()
      return replies
    }))
})

describe('one who monitors', () => {
  it('sees a script, and then what it does', async () => {
    const store = new Store()
    const server = await listen(store)
    const lines: string[] = []
    const session = store.session({ onPush: line => void lines.push(String(line)) })
    await session.call('MONITOR')
    const client = await connectRedis({ port: server.port, host: '127.0.0.1' } as never, true)
    await client.send([['eval', "redis.call('incr', KEYS[1]) return redis.call('GET', KEYS[1])", '1', 'n']])
    client.close()
    await server.close()
    expect(lines.map(line => line.replace(/^[\d.]+ \[0 [\d.]+:\d+\]/, 'client').replace(/^[\d.]+ /, ''))).toEqual([
      `client "eval" "redis.call('incr', KEYS[1]) return redis.call('GET', KEYS[1])" "1" "n"`,
      '[0 lua] "incr" "n"',
      '[0 lua] "GET" "n"',
    ])
    await store.close()
  })
})

describe('a node of a cluster', () => {
  it('runs scripts on its own keys, and those that say so on one slot', async () => {
    const store = new Store()
    const server = await listen(store, { cluster: { nodes: 3 } })
    // Of 16,384 slots `a` has 15,495, `b` has 3,300 and `{a}x` that of `a`.
    const client = await connectRedis({ port: server.nodes[2].port, host: '127.0.0.1' } as never, true)
    const replies = await client.send([
      ['EVAL', "return redis.call('SET', KEYS[1], 1)", '1', 'a'],
      ['EVAL', 'return 1', '1', 'b'],
      ['EVAL', "return redis.pcall('SET', 'b', 1)", '1', 'a'],
      ['EVAL', "redis.call('SET', 'a', 1) return redis.pcall('SET', 'e', 1)", '0'],
      ['EVAL', "#!lua\nredis.call('SET', 'a', 1) return redis.pcall('SET', 'e', 1)", '0'],
      ['EVAL', "#!lua flags=allow-cross-slot-keys\nredis.call('SET', 'a', 1) return redis.pcall('SET', 'e', 1)", '0'],
      ['EVAL', '#!lua flags=no-cluster\nreturn 1', '0'],
      ['EVAL', "return redis.call('CLUSTER', 'KEYSLOT', 'a')", '0'],
    ])
    client.close()
    await server.close()
    await store.close()
    expect(replies.map(text => text.replace(/127\.0\.0\.1:\d+/, 'address'))).toEqual([
      '+OK',
      '-MOVED 3300 address',
      '-ERR Script attempted to access a non local key in a cluster node',
      '+OK',
      '-ERR Script attempted to access keys that do not hash to the same slot',
      '+OK',
      "-ERR Can not run script on cluster, 'no-cluster' flag is set.",
      ':15495',
    ])
  })
})
