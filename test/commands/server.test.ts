import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Host, ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { persistence } from '../../src/persist/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { latencyBound } from '../../src/stats.ts'
import { hex } from '../../src/util/blocks.ts'
import { sha1 } from '../../src/util/sha1.ts'
import type { Plain } from '../../src/wire/reply.ts'
import { anyText, chance } from '../persist/model.ts'
import { liveServer } from '../support/live.ts'
import { parseReply } from '../support/reply.ts'
import { replyText } from '../support/reply-text.ts'
import { stateOf } from '../support/state.ts'

const seed = Number(process.env.EMBEDIS_SEED ?? 11)

/** A host whose ticks go on by so many milliseconds with each look. */
class SlowHost extends VirtualHost {
  step = 0
  private at = 0
  ticks(): number {
    this.at += this.step
    return this.at
  }
}

function textOf(store: Store, ...sections: string[]): string {
  return store.call('INFO', ...sections) as string
}

describe('INFO', () => {
  it('reports the version that it was given', () => {
    expect(new Store().info('server').server.redis_version).toBe('7.4.0')
    const store = new Store({ redisVersion: '7.0.15' })
    expect(textOf(store)).toContain('\r\nredis_version:7.0.15\r\n')
    expect(textOf(store.fork())).toContain('\r\nredis_version:7.0.15\r\n')
    expect(() => new Store({ redisVersion: 'seven' })).toThrow(TypeError)
  })

  it('has sections as asked for, as text and as an object', () => {
    const store = new Store({ host: new VirtualHost() })
    store.set('k', 'v', { ex: 100 })
    store.db(3).set('k', 'v')
    const usual = [
      'server',
      'clients',
      'memory',
      'persistence',
      'stats',
      'replication',
      'modules',
      'errorstats',
      'cluster',
      'keyspace',
    ]
    expect(Object.keys(store.info())).toEqual(usual)
    expect(Object.keys(store.info('default', 'CommandStats'))).toContain('commandstats')
    expect(Object.keys(store.info('all'))).toEqual(Object.keys(store.info('everything')))
    expect(store.info('none')).toEqual({})
    expect({ ...store.info('keyspace').keyspace }).toEqual({
      db0: { keys: 1, expires: 1, avg_ttl: 0 },
      db3: { keys: 1, expires: 0, avg_ttl: 0 },
    })
    expect(textOf(store, 'keyspace', 'cluster')).toBe(
      '# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\ndb0:keys=1,expires=1,avg_ttl=0\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n',
    )
    expect(textOf(store)).toContain('\r\nloading:0\r\n')
    expect(textOf(store)).toContain('\r\nmaxmemory_policy:noeviction\r\n')
    expect(
      textOf(store, 'server')
        .split('\r\n')
        .slice(1, -1)
        .every(line => /^[a-z_0-9]+:/.test(line)),
    ).toBe(true)
  })

  it('counts commands by name, failures and refusals', () => {
    const store = new Store()
    store.call('SET', 'k', 'v')
    store.call('GET', 'k')
    store.call('object', 'encoding', 'k')
    for (const argv of [['LPUSH', 'k', 'x'], ['GET'], ['NOSUCH'], ['OBJECT'], ['CONFIG', 'FOO']]) {
      expect(() => store.call(argv)).toThrow(ReplyError)
    }
    store.get('k')
    const { commandstats, errorstats, stats } = store.info('all')
    expect(commandstats.cmdstat_get).toMatchObject({ calls: 1, rejected_calls: 1, failed_calls: 0 })
    expect(commandstats.cmdstat_lpush).toMatchObject({ calls: 1, rejected_calls: 0, failed_calls: 1 })
    expect(commandstats['cmdstat_object|encoding']).toMatchObject({ calls: 1 })
    expect({ ...errorstats }).toEqual({ errorstat_WRONGTYPE: { count: 1 }, errorstat_ERR: { count: 4 } })
    expect(stats).toMatchObject({ total_commands_processed: 4, keyspace_hits: 2, total_error_replies: 5 })
    expect(textOf(store, 'commandstats')).toMatch(
      /cmdstat_set:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,failed_calls=0\r\n/,
    )
    expect(store.stats()).toMatchObject({ hits: 2, misses: 0, keys: 1, expires: 0, evicted: 0, commands: 5 })
    store.call('CONFIG', 'RESETSTAT')
    expect(store.stats()).toMatchObject({ hits: 0, commands: 1 })
    expect(store.fork().stats()).toMatchObject({ keys: 1, commands: 0 })
  })

  it('does not count what is read from a log', async () => {
    const driver = new MemoryDriver()
    const open = (): Promise<Store> => Store.open({ persistence: persistence(async () => driver) })
    const store = await open()
    store.call('SET', 'k', 'v')
    expect(store.info('persistence').persistence.aof_enabled).toBe(1)
    await store.close()
    const again = await open()
    expect(again.stats()).toMatchObject({ keys: 1, commands: 0 })
    await again.close()
  })
})

describe('INFO beside a live server', () => {
  const live = liveServer()

  const program: readonly (readonly string[])[] = [
    ['CONFIG', 'RESETSTAT'],
    ['NOSUCH'],
    ['GET'],
    ['MULTI'],
    ['MULTI'],
    ['DISCARD'],
    ['EXEC'],
    ['SELECT', '99'],
    ['OBJECT', 'FOO', 'k'],
    ['SET', 'k', 'v'],
    ['LPUSH', 'k', 'v'],
    ['WATCH'],
    ['PUBLISH', 'c', 'm'],
  ]
  /** What the sections say, by name. */
  const factsOf = (text: string): Map<string, Map<string, string>> => {
    const found = new Map<string, Map<string, string>>()
    for (const part of text.split('\r\n\r\n')) {
      const [title, ...lines] = part.trimEnd().split('\r\n')
      found.set(
        title.slice(2),
        new Map(lines.map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])),
      )
    }
    return found
  }

  it('counts what goes wrong, who waits and who listens as the server does', async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    const asked = ['INFO', 'clients', 'stats', 'errorstats', 'modules', 'replication']
    const [main, blocked, listener] = [client, await server.connect(), await server.connect()]
    await listener.send([['SUBSCRIBE', 'c', 'd']])
    await listener.send([['PSUBSCRIBE', 'p*']])
    await main.send(program)
    const waiting = blocked.one('BLPOP', 'none', '0')
    while (!(await main.one('INFO', 'clients')).includes('blocked_clients:1')) await new Promise(r => setTimeout(r, 5))
    const theirs = factsOf(JSON.parse(await main.one(...asked)) as string)
    await main.one('RPUSH', 'none', 'x')
    await waiting

    const store = new Store()
    const [ours, waiter, other] = [store.session(), store.session(), store.session()]
    await other.call('SUBSCRIBE', 'c', 'd')
    await other.call('PSUBSCRIBE', 'p*')
    for (const argv of program) await ours.call(argv).catch(() => {})
    const waits = waiter.call('BLPOP', 'none', '0')
    const here = factsOf((await ours.call(asked)) as string)
    await ours.call('RPUSH', 'none', 'x')
    await waits
    const picked = [
      'blocked_clients',
      'pubsub_channels',
      'pubsub_patterns',
      'pubsubshard_channels',
      'total_error_replies',
    ]
    for (const name of picked) {
      const of = (facts: typeof here): string | undefined => [...facts.values()].find(one => one.has(name))?.get(name)
      expect([name, of(here)]).toEqual([name, of(theirs)])
    }
    expect([...(here.get('Errorstats') ?? [])].sort()).toEqual([...(theirs.get('Errorstats') ?? [])].sort())
    expect([...here.keys()]).toEqual([...theirs.keys()])
  })

  it('has no field that the server does not have', async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    const theirs = factsOf(JSON.parse(await client.one('INFO', 'everything')) as string)
    for (const [section, facts] of factsOf(textOf(new Store(), 'everything'))) {
      // Of 7.2: server_name.
      const missing = [...facts.keys()].filter(name => !theirs.get(section)?.has(name) && name !== 'server_name')
      expect([section, missing]).toEqual([section, []])
    }
  })
})

describe('CONFIG', () => {
  const encoding = (store: Store, key: string): string | null => store.objectEncoding(key)

  it('sets the limits of sets as 7.4 has them', () => {
    const store = new Store()
    store.call('CONFIG', 'SET', 'set-max-listpack-entries', 3, 'set-max-listpack-value', 5, 'set-max-intset-entries', 2)
    store.sadd('ints', 1, 2)
    expect(encoding(store, 'ints')).toBe('intset')
    store.sadd('ints', 3)
    expect(encoding(store, 'ints')).toBe('hashtable')
    store.sadd('many', 1, 2, 3)
    expect(encoding(store, 'many')).toBe('listpack')
    store.sadd('texts', 'a', 'b')
    store.sadd('texts', 'c')
    expect(encoding(store, 'texts')).toBe('listpack')
    store.sadd('texts', 'd')
    expect(encoding(store, 'texts')).toBe('hashtable')
    store.sadd('long', 'abcdef')
    expect(encoding(store, 'long')).toBe('hashtable')
    store.sadd('mixed', 1234567)
    store.sadd('mixed', 'a')
    expect(encoding(store, 'mixed')).toBe('hashtable')
    store.sadd('small', 12345)
    store.sadd('small', 'a')
    expect(encoding(store, 'small')).toBe('listpack')
    store.call('CONFIG', 'SET', 'set-max-intset-entries', 0)
    store.sadd('one', 1)
    expect(encoding(store, 'one')).toBe('listpack')
  })

  it('sets the limit of lists in elements or bytes', () => {
    const store = new Store()
    store.call('CONFIG', 'SET', 'list-max-listpack-size', 4)
    store.rpush('l', 'a', 'b', 'c', 'd')
    expect(encoding(store, 'l')).toBe('listpack')
    store.rpush('l', 'e')
    expect(encoding(store, 'l')).toBe('quicklist')
    store.ltrim('l', 0, 2)
    expect(encoding(store, 'l')).toBe('quicklist')
    store.lpop('l')
    expect(encoding(store, 'l')).toBe('listpack')
    store.call('CONFIG', 'SET', 'list-max-listpack-size', -1)
    store.rpush('big', 'x'.repeat(4090))
    expect(encoding(store, 'big')).toBe('quicklist')
    store.call('CONFIG', 'SET', 'list-max-listpack-size', -5)
    store.rpush('bigger', 'x'.repeat(60_000))
    expect(encoding(store, 'bigger')).toBe('listpack')
  })

  it('keeps the limits with the store, and with a fork', () => {
    const store = new Store()
    store.call('CONFIG', 'SET', 'hash-max-listpack-entries', 1)
    const fork = store.fork()
    for (const one of [store, fork]) {
      one.hset('h', { a: '1', b: '2' })
      expect(one.objectEncoding('h')).toBe('hashtable')
    }
    fork.call('CONFIG', 'SET', 'hash-max-listpack-entries', 5)
    store.hset('g', { a: '1', b: '2' })
    fork.hset('g', { a: '1', b: '2' })
    expect([store.objectEncoding('g'), fork.objectEncoding('g')]).toEqual(['hashtable', 'listpack'])
    expect(new Store().call('CONFIG', 'GET', 'hash-max-listpack-entries')).toEqual(
      new Map([['hash-max-listpack-entries', '512']]),
    )
    stateOf(store)
  })

  it('lets large sorted sets be compact where the limit says so', () => {
    const store = new Store()
    store.call('CONFIG', 'SET', 'zset-max-listpack-entries', 300)
    store.zadd(
      'z',
      Array.from({ length: 300 }, (_, i) => ({ member: `m${i}`, score: i === 7 ? -0 : i })),
    )
    expect(store.objectEncoding('z')).toBe('listpack')
    expect(Object.is(store.zscore('z', 'm7'), 0)).toBe(true)
    stateOf(store)
    store.zadd('z', -0, 'more')
    expect(store.objectEncoding('z')).toBe('skiplist')
    stateOf(store)
  })

  it('takes the value that a fixed parameter has', () => {
    const store = new Store()
    expect(store.call('CONFIG', 'SET', 'appendonly', 'no', 'save', '', 'maxmemory-policy', 'noeviction')).toBe('OK')
    expect(() => store.call('CONFIG', 'SET', 'appendonly', 'yes')).toThrow("can't set immutable config")
  })
})

describe('SLOWLOG', () => {
  it('keeps commands that took long, the newest first', () => {
    const host = new SlowHost()
    const store = new Store({ host })
    store.call('SET', 'quick', 'v')
    expect(store.call('SLOWLOG', 'LEN')).toBe(0)
    host.step = 20
    store.call('SET', 'k', 'x'.repeat(200))
    store.call('GET', '\u00e9'.repeat(63) + '\u65e5'.repeat(10))
    store.call(['DEL', ...Array.from({ length: 40 }, (_, i) => `k${i}`)])
    host.step = 0
    const [del, get, set] = store.call('SLOWLOG', 'GET') as [Plain[], Plain[], Plain[]]
    expect(set).toEqual([0, 1_700_000_000, 20_000, ['SET', 'k', `${'x'.repeat(128)}... (72 more bytes)`], '', ''])
    // Cut between bytes, wherever that is.
    expect(get[3]).toEqual(['GET', `${'\u00e9'.repeat(63)}\udce6\udc97... (28 more bytes)`])
    expect(del[0]).toBe(2)
    expect((del[3] as Plain[]).length).toBe(32)
    expect((del[3] as Plain[])[31]).toBe('... (10 more arguments)')
    expect((store.call('SLOWLOG', 'GET', 1) as Plain[]).length).toBe(1)
    store.call('CONFIG', 'SET', 'slowlog-max-len', 1)
    expect(store.call('SLOWLOG', 'LEN')).toBe(1)
    store.call('CONFIG', 'SET', 'slowlog-log-slower-than', -1)
    host.step = 20
    store.call('SET', 'k', 'v')
    expect(((store.call('SLOWLOG', 'GET') as Plain[][])[0] as Plain[])[0]).toBe(2)
    expect(store.call('SLOWLOG', 'RESET')).toBe('OK')
    expect(store.call('SLOWLOG', 'LEN')).toBe(0)
  })
})

describe('LATENCY', () => {
  it('notes slow moments when asked to, and counts calls by how long they took', () => {
    const host = new SlowHost()
    const store = new Store({ host })
    expect(store.call('LATENCY', 'DOCTOR')).toContain('latency-monitor-threshold')
    store.call('CONFIG', 'SET', 'latency-monitor-threshold', 10)
    host.step = 30
    store.call('SET', 'k', 'v')
    host.step = 12
    store.call('KEYS', '*')
    host.advance(1000)
    store.call('KEYS', '*')
    host.step = 0
    const time = 1_700_000_000
    expect(store.call('LATENCY', 'LATEST')).toEqual([['command', time + 1, 12, 30]])
    expect(store.call('LATENCY', 'HISTORY', 'command')).toEqual([
      [time, 30],
      [time + 1, 12],
    ])
    expect(store.call('LATENCY', 'DOCTOR')).toContain('command: 2 latency spikes')
    expect(store.call('LATENCY', 'RESET', 'none', 'command')).toBe(1)
    expect(store.call('LATENCY', 'LATEST')).toEqual([])
    expect(store.call('LATENCY', 'HISTOGRAM', 'set', 'config')).toEqual(
      new Map<Plain, Plain>([
        [
          'config|set',
          new Map<Plain, Plain>([
            ['calls', 1],
            ['histogram_usec', new Map([[1, 1]])],
          ]),
        ],
        [
          'set',
          new Map<Plain, Plain>([
            ['calls', 1],
            ['histogram_usec', new Map([[33_816, 1]])],
          ]),
        ],
      ]),
    )
  })
})

describe('LATENCY beside a live server', () => {
  const live = liveServer()

  it('draws the same picture of the same moments, and reports them alike', { timeout: 30_000 }, async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    await client.one('CONFIG', 'SET', 'latency-monitor-threshold', '3')
    for (const seconds of ['0.004', '0.09', '0.95', '0.03', '0.7']) await client.one('DEBUG', 'SLEEP', seconds)
    // From here on nothing is to be noted, however busy the machine is, but the least threshold that has advice is 9.
    await client.one('CONFIG', 'SET', 'latency-monitor-threshold', '9')
    await client.one('LATENCY', 'RESET', 'fast-command')
    const replayed: string[] = []
    const theirs: string[] = []
    for (const slower of ['10000', '1000', '-1']) {
      await client.one('CONFIG', 'SET', 'slowlog-log-slower-than', slower)
      let replies: string[]
      const asked = [['TIME'], ['LATENCY', 'GRAPH', 'command'], ['LATENCY', 'DOCTOR'], ['TIME']]
      const second = (text: string): number => Number(parseReply(text).items[0].leaf.slice(1, -1))
      do replies = await client.send(asked)
      while (second(replies[0]) !== second(replies[3]))
      theirs.push(replies[1], replies[2])
      const history = parseReply(await client.one('LATENCY', 'HISTORY', 'command')).items
      const samples = history.map(({ items }) => items.map(({ leaf }) => Number(leaf.slice(1))))
      const host = new SlowHost({ now: samples[0][0] * 1000 })
      const store = new Store({ host })
      store.call('CONFIG', 'SET', 'latency-monitor-threshold', 1, 'slowlog-log-slower-than', slower)
      for (const [time, ms] of samples) {
        host.advance(time * 1000 - host.now())
        host.step = ms
        store.call('KEYS', '*')
        host.step = 0
      }
      host.advance(second(replies[0]) * 1000 - host.now())
      store.call('CONFIG', 'SET', 'latency-monitor-threshold', 9)
      replayed.push(...asked.slice(1, 3).map(argv => replyText(store, argv, 2)))
    }
    expect(replayed).toEqual(theirs)
    expect(theirs[0]).toContain('|')
  })

  it('counts by the same bounds', { timeout: 30_000 }, async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    await client.one('CONFIG', 'RESETSTAT')
    const store = new Store()
    const ours = new Set<number>()
    for (let place = 0; place < 21; place++) ours.add(latencyBound(place))
    for (const seconds of ['0', '0.0001', '0.001', '0.004', '0.04', '1.1']) {
      await client.one('DEBUG', 'SLEEP', seconds)
      store.call('DEBUG', 'SLEEP', 0)
    }
    const [, facts] = parseReply(await client.one('LATENCY', 'HISTOGRAM', 'debug')).items
    const bounds = facts.items[3].items.filter((_, i) => i % 2 === 0).map(({ leaf }) => Number(leaf.slice(1)))
    expect(bounds.length).toBeGreaterThan(3)
    for (const bound of bounds) expect(ours).toContain(bound)
    expect(bounds.at(-1)).toBe(latencyBound(20))
    expect((store.call('LATENCY', 'HISTOGRAM', 'DEBUG') as Map<Plain, Plain>).size).toBe(1)
  })
})

describe('MEMORY', () => {
  it('estimates what a key takes, more for more', () => {
    const store = new Store()
    store.set('small', 'x')
    store.set('large', 'x'.repeat(10_000))
    store.set('wide', '\u65e5'.repeat(10_000))
    const usage = (key: string, samples?: number): number =>
      store.memoryUsage(key, samples === undefined ? undefined : { samples }) as number
    expect(usage('small')).toBeLessThan(150)
    expect(usage('large') - usage('small')).toBeGreaterThan(9_900)
    expect(usage('wide')).toBeGreaterThan(20_000)
    for (const key of ['l', 's', 'h', 'z']) {
      for (const n of [10, 1000]) {
        for (let i = 0; i < n; i++) {
          const text = `element-${i}-${'x'.repeat(20)}`
          if (key === 'l') store.rpush(key, text)
          else if (key === 's') store.sadd(key, text)
          else if (key === 'h') store.hset(key, text, text)
          else store.zadd(key, i, text)
        }
        const all = usage(key, 0)
        expect(all).toBeGreaterThan(n * 40)
        expect(all).toBeLessThan(n * 250 + 300)
        expect(Math.abs(usage(key) / all - 1)).toBeLessThan(0.2)
      }
    }
    expect(store.memoryUsage('none')).toBe(null)
  })

  it('says what the runtime tells', () => {
    const host: Host = { ...new VirtualHost(), memory: () => ({ used: 3_500_000, resident: 9_000_000 }) } as never
    const made = new VirtualHost()
    const store = new Store({ host: Object.assign(made, { memory: host.memory }) })
    store.set('k', 'v')
    expect(store.call('MEMORY', 'STATS')).toEqual(
      new Map([
        ['total.allocated', 3_500_000],
        ['keys.count', 1],
        ['keys.bytes-per-key', 3_500_000],
      ]),
    )
    expect(textOf(store, 'memory')).toContain('used_memory_human:3.34M\r\n')
    expect((new Store().info('memory').memory.used_memory as number) > 1e6).toBe(true)
    expect(store.call('MEMORY', 'DOCTOR')).toContain('engine')
    expect(store.call('MEMORY', 'MALLOC-STATS')).toContain('not supported')
  })
})

describe('TIME, LOLWUT and DEBUG', () => {
  it('tell the time of the host', () => {
    const host = new VirtualHost({ now: 1_700_000_000_123.5 })
    expect(new Store({ host }).call('TIME')).toEqual(['1700000000', '123500'])
  })

  it('draw', () => {
    expect(new Store().call('LOLWUT')).toContain('Redis ver. 7.4.0')
  })

  it('sleep in the time of the host', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    store.call('DEBUG', 'SLEEP', '1.5')
    expect(host.now()).toBe(1_700_000_001_500)
    const start = Date.now()
    new Store().call('DEBUG', 'SLEEP', '0.02')
    expect(Date.now() - start).toBeGreaterThanOrEqual(19)
  })

  it('leave expiry to those who look', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    store.call('DEBUG', 'SET-ACTIVE-EXPIRE', 0)
    store.set('k', 'v', { px: 10 })
    host.advance(100)
    expect(store.stats()).toMatchObject({ keys: 1, expired: 0 })
    store.call('DEBUG', 'SET-ACTIVE-EXPIRE', 1)
    host.advance(1)
    expect(store.stats()).toMatchObject({ keys: 0, expired: 1 })
  })

  it('reload, in a transaction too', () => {
    const store = new Store()
    store.hset('h', { a: '1' })
    store.db(2).set('n', 5, { ex: 100 })
    const before = stateOf(store)
    store.call('DEBUG', 'RELOAD')
    expect(stateOf(store)).toBe(before)
    expect(() =>
      store.transaction(tx => {
        tx.hset('h', 'b', '2')
        tx.call('DEBUG', 'RELOAD')
        tx.hset('h', 'c', '3')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(stateOf(store)).toBe(before)
  })

  it('describe a value', () => {
    const store = new Store()
    store.set('k', 'abc')
    expect(store.call('DEBUG', 'OBJECT', 'k')).toMatch(/^Value at:0x0 refcount:1 encoding:embstr serializedlength:4 /)
    expect(store.call('DEBUG', 'STRINGMATCH-LEN', 'a*', 'abc')).toBe(1)
  })
})

describe('SHA-1', () => {
  it('is that of everybody else', () => {
    const random = chance(seed)
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, () => random(256))
      expect(hex(sha1(bytes))).toBe(createHash('sha1').update(bytes).digest('hex'))
    }
  })
})

describe('DEBUG DIGEST with a live server', () => {
  const live = liveServer()

  it('is the same for the same data of all types', { timeout: 60_000 }, async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    const random = chance(seed)
    // Not -0, which 7.2 and later keep where they make room for many members at once, and 7.0 does not.
    const scores = ['0', '1.5', '-3', '1e300', '5e-324', 'inf', '-inf', '9007199254740993', '0.1', '3.14159', '1e-7']
    for (let round = 0; round < 40; round++) {
      const store = new Store()
      await client.send([['FLUSHALL']])
      for (let i = 0; i < 40; i++) {
        const key = anyText(random)
        const texts = Array.from({ length: 1 + random(random(8) === 0 ? 300 : 6) }, () => anyText(random))
        const command = [
          ['SET', key, texts[0]],
          ['RPUSH', key, ...texts],
          ['SADD', key, ...texts],
          ['HSET', key, ...texts.flatMap(text => [text, anyText(random)])],
          ['ZADD', key, ...texts.flatMap(text => [scores[random(scores.length)], text])],
        ][random(5)]
        const program = [['SELECT', String(random(3))], ['DEL', key], command]
        if (random(3) === 0) program.push(['EXPIRE', key, '100000'])
        await client.send(program)
        for (const argv of program.slice(1)) store.db(Number(program[0][1])).call(argv)
      }
      expect(`+${store.call('DEBUG', 'DIGEST')}`).toBe(await client.one('DEBUG', 'DIGEST'))
    }
  })
})
