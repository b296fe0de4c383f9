import { describe, expect, it } from 'vitest'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { RemoteStore } from '../../src/remote/index.ts'
import type { Raw } from '../../src/wire/reply.ts'
import { commands } from '../../src/wire/table.ts'

type Loose = Record<string, (...args: unknown[]) => unknown>

const loose = (target: object): Loose => target as never

/** A store with something of every type. */
function prepared(): Store {
  const store = new Store({ host: new VirtualHost() })
  store.mset({ s: 'text', n: 5 })
  store.hset('h', { f: 1, g: 2 })
  store.rpush('l', 'a', 'b')
  store.sadd('set', 'a', 'b')
  store.zadd('z', { a: 1, b: 2 })
  return store
}

/** Calls that are wrong, and what the TypeError says about them. */
const wrongCalls: readonly (readonly [method: string, args: readonly unknown[], says: string])[] = [
  ['get', [null], 'key must be'],
  ['get', [5], 'key must be'],
  ['set', ['k'], 'value must be'],
  ['set', ['k', undefined], 'value must be'],
  ['set', ['k', {}], 'value must be'],
  ['set', ['k', 'v', { ex: 'abc' }], 'ex must be an integer, not string'],
  ['set', ['k', 'v', { ex: 1.5 }], 'ex must be an integer, not 1.5'],
  ['set', ['k', 'v', { ex: null }], 'ex must be an integer, not null'],
  ['set', ['k', 'v', null], 'options must be an object, not null'],
  ['set', ['k', 'v', [1]], 'options must be an object, not an array'],
  ['set', ['k', 'v', new Map()], 'options must be an object, not a Map'],
  ['getex', ['none', 5], 'options must be'],
  ['incrby', ['n', '5'], 'must be an integer, not string'],
  ['incrby', ['n', Number.NaN], 'must be an integer, not NaN'],
  ['mget', [], 'keys must not be empty'],
  ['mget', [[]], 'keys must not be empty'],
  ['mget', ['a', null], 'key must be'],
  ['del', [], 'keys must not be empty'],
  ['del', [['a'], 'b'], 'one array'],
  ['del', ['a', ['b']], 'key must be'],
  ['sadd', ['set'], 'must not be empty'],
  ['sadd', ['set', ['a'], 'b'], 'one array'],
  ['sinter', [], 'keys must not be empty'],
  ['hdel', ['h'], 'must not be empty'],
  ['hmget', ['h', []], 'must not be empty'],
  ['mset', [{}], 'pairs must not be empty'],
  ['mset', [['a']], 'pairs'],
  ['mset', [{ a: null }], 'value must be'],
  ['hset', ['h', 'f', undefined], 'value must be'],
  ['hset', ['h', 'f'], 'value must be'],
  ['hset', ['h', new Uint8Array(1), undefined], 'value must be'],
  ['hset', ['h', { f: undefined }], 'value must be'],
  ['hset', ['h', [['a', 1], null]], 'must be a pair, not null'],
  ['hset', ['h', [['a', 1], 'b']], 'must be a pair'],
  ['hset', ['h', [['a', 1, 2]]], 'must be a pair'],
  ['hset', ['h', new Set(['a', 'b'])], 'must be'],
  ['hset', ['h', { a: 1 }, 5], 'field must be'],
  ['hset', ['h', null], 'must be'],
  ['hset', ['h', undefined], 'must be'],
  ['hgetall', ['h', 5], 'options must be'],
  ['hgetall', ['none', null], 'options must be'],
  ['hgetex', ['h', ['f'], 5], 'options must be'],
  ['hgetex', ['h', 'f'], 'fields must be a list'],
  ['hsetex', ['h', { a: 1 }, 'fnx'], 'options must be'],
  ['hrandfield', ['h', 2, 'withvalues'], 'options must be'],
  ['hscan', ['none', '0', 'x'], 'options must be'],
  ['lmpop', [['l'], 'LEFT', 3], 'options must be'],
  ['lmpop', [['l'], 'LEFT', { count: null }], 'count must be'],
  ['lmpop', [[], 'LEFT'], 'keys must not be empty'],
  ['lmpop', ['l', 'LEFT'], 'keys must be a list'],
  ['lmove', ['l', 'l', 'LEFT', null], "'LEFT' or 'RIGHT', not null"],
  ['lpos', ['l', 'a', { rank: null }], 'rank must be'],
  ['lpop', ['l', null], 'must be an integer, not null'],
  ['sintercard', [['set'], 3], 'options must be'],
  ['sintercard', [['set'], null], 'options must be'],
  ['sintercard', [['set'], { limit: null }], 'limit must be'],
  ['zintercard', [['z'], { limit: null }], 'limit must be'],
  ['zadd', ['z', new Uint8Array([7, 8])], 'members must be'],
  ['zadd', ['z', new Map([['a', 1]])], 'members must be'],
  ['zadd', ['z', '5', 'm'], 'score must be a number, not string'],
  ['zadd', ['z', null, 'm'], 'score must be'],
  ['zadd', ['z', null], 'members must be'],
  ['zadd', ['z', 'm'], 'members must be'],
  ['zadd', ['z', 1], 'member must be'],
  ['zadd', ['z', 1, null], 'member must be'],
  ['zadd', ['z', 1, 'm', null], 'options must be'],
  ['zadd', ['z', { a: 1 }, null], 'options must be'],
  ['zadd', ['z', { a: 1 }, 5], 'options must be'],
  ['zadd', ['z', { a: '1' }], 'score must be'],
  ['zadd', ['z', [null]], 'must be'],
  ['zadd', ['z', [{ member: 'a' }]], 'score must be'],
  ['zadd', ['z', [{ score: 1 }]], 'member must be'],
  ['zadd', ['z', []], 'members must not be empty'],
  ['zadd', ['z', {}], 'members must not be empty'],
  ['zrange', ['z', 0, -1, null], 'options must be'],
  ['zrange', ['z', 0, -1, 5], 'options must be'],
  ['zrange', ['z', 0, 1, { byscore: true, limit: null }], 'limit must be'],
  ['zrange', ['z', 0, 1, { byscore: true, limit: { offset: 0 } }], 'limit.count must be'],
  ['zrangestore', ['to', 'z', 0, -1, null], 'options must be'],
  ['zrangebyscore', ['z', 0, 1, null], 'options must be'],
  ['zrangebyscore', ['z', 0, 1, { limit: null }], 'limit must be'],
  ['zrangebyscore', ['z', 0, 1, { limit: [0, 1] }], 'limit must be'],
  ['zrangebyscore', ['z', null, 1], 'a bound must be'],
  ['zrank', ['z', 'a', 5], 'options must be'],
  ['zrevrank', ['z', 'a', null], 'options must be'],
  ['zrandmember', ['z', 2, 'withscores'], 'options must be'],
  ['zmpop', [['z'], 'MIN', 'x'], 'options must be'],
  ['zmpop', [['z'], 'MIN', { count: null }], 'count must be'],
  ['zunion', [['z'], 5], 'options must be'],
  ['zunion', [['z'], { weights: [null] }], 'weights must be'],
  ['zunion', [['z'], { weights: [] }], 'weights must not be empty'],
  ['zunion', [['z'], { weights: 1 }], 'weights must be a list'],
  ['zunion', [['z'], { aggregate: 'avg' }], 'aggregate must be one of SUM, MIN, MAX, COUNT, not avg'],
  ['zinterstore', ['to', ['z'], { aggregate: null }], 'aggregate must be one of'],
  ['zunion', [[]], 'keys must not be empty'],
  ['zincrby', ['z', '1', 'a'], 'must be a number'],
  ['sort', ['l', { alpha: true, limit: null }], 'limit must be'],
  ['sort', ['l', null], 'options must be'],
  ['sort', ['l', { alpha: true, get: [null] }], 'get must be'],
  ['expire', ['s', '5'], 'must be an integer'],
  ['expire', ['s', 5, null], 'options must be'],
  ['copy', ['s', 't', null], 'options must be'],
  ['setbit', ['s', 1.5, 1], 'must be an integer, not 1.5'],
  ['setbit', ['s', 1, true], 'must be an integer'],
  ['getbit', ['s', '1'], 'must be an integer, not string'],
  ['bitcount', ['s', 0, 1, 'WORD'], 'must be one of BYTE, BIT, not WORD'],
  ['bitpos', ['s', 1, null], 'must be an integer, not null'],
  ['bitpos', ['s', 1, 0, 1, null], 'must be one of BYTE, BIT, not null'],
  ['bitop', ['NAND', 's', 's'], 'must be one of AND, OR, XOR, NOT, DIFF, DIFF1, ANDOR, ONE, not NAND'],
  ['bitop', ['AND', 's', []], 'keys must not be empty'],
  ['bitfield', ['s'], 'operations must be a list'],
  ['bitfield', ['s', [null]], 'each operation must be'],
  ['bitfield', ['s', [{ get: 'u8', set: 'u8', offset: 0 }]], 'each operation must'],
  ['bitfield', ['s', [{ get: 'u8' }]], 'offset must be'],
  ['bitfield', ['s', [{ set: 'u8', offset: 0 }]], 'value must be'],
  ['bitfield', ['s', [{ incrby: 'u8', offset: 0, by: '1' }]], 'by must be an integer'],
  ['bitfield', ['s', [{ incrby: 'u8', offset: 0, by: 1, overflow: 'NO' }]], 'overflow must be one of WRAP, SAT, FAIL'],
  ['bitfield_ro', ['s', {}], 'operations must be a list'],
  ['pfadd', ['none', ['a'], 'b'], 'one array'],
  ['pfadd', ['none', 'a', null], 'must be a string'],
  ['pfcount', [], 'keys must not be empty'],
  ['pfmerge', ['none', [null]], 'key must be'],
]

describe('a wrong argument', () => {
  for (const [method, args, says] of wrongCalls) {
    const name = args.map(arg => (arg === undefined ? 'undefined' : JSON.stringify(arg))).join(', ')
    it(`is a TypeError, and nothing is changed or sent: ${method}(${name})`, async () => {
      const store = prepared()
      let error: unknown
      try {
        loose(store)[method](...args)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(TypeError)
      expect((error as Error).message).toContain(says)
      expect(store.keys('*').sort()).toEqual(['h', 'l', 'n', 's', 'set', 'z'])
      expect([store.get('s'), store.hlen('h'), store.llen('l'), store.scard('set')]).toEqual(['text', 2, 2, 2])
      expect(store.zrange('z', 0, -1, { withscores: true }).length).toBe(2)

      let sent = 0
      const remote = loose(
        new RemoteStore(async () => {
          sent++
          return null
        }),
      )
      await expect(remote[method](...args)).rejects.toThrow(TypeError)
      expect(sent).toBe(0)
    })
  }

  it('is one for every command that takes several names', async () => {
    const store = prepared()
    for (const { method, args, name, group } of commands.values()) {
      // Scripts need no keys.
      if (group === 'scripting' || args.every(codec => codec.max !== Infinity || codec.min === 0)) continue
      const given = args.map((codec, i) =>
        codec.max === Infinity ? [] : i === 0 ? 'none' : name === 'XADD' ? '*' : 'MIN',
      )
      await expect(async () => loose(store)[method](...given), name).rejects.toThrow(TypeError)
    }
  })

  it('does not hide what Redis refuses', async () => {
    const store = prepared()
    const remote = new RemoteStore(async argv => store.call(...argv) as Raw)
    expect(() => store.zadd('z', Number.NaN, 'm')).toThrow(new ReplyError('ERR value is not a valid float'))
    await expect(remote.zadd('z', Number.NaN, 'm')).rejects.toThrow(new ReplyError('ERR value is not a valid float'))
    expect(() => store.zadd('z', 1, 'm', { nx: true, xx: true } as never)).toThrow(ReplyError)
  })
})

describe('a store', () => {
  it('refuses options that are none', () => {
    const make = (options: unknown): Store => new Store(options as never)
    expect(() => make(null)).toThrow(new TypeError('options must be an object, not null'))
    expect(() => make(5)).toThrow('options must be')
    for (const databases of [0, -1, Number.NaN, 1.5, '3', null, Infinity]) {
      let error: unknown
      try {
        make({ databases })
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(TypeError)
      expect((error as Error).message).toMatch(/^databases must be/)
    }
    expect(() => make({ host: null })).toThrow('host must be an object, not null')
    expect(() => new Store().fork(null as never)).toThrow('options must be')
    expect(new Store({ databases: 3 }).db(2).dbsize()).toBe(0)
  })

  it('has databases by number only', () => {
    const store = new Store()
    expect(() => store.db('length' as never)).toThrow(new TypeError('index must be an integer, not string'))
    expect(() => store.db(0.5)).toThrow('index must be an integer, not 0.5')
    expect(() => store.db(16)).toThrow(new ReplyError('ERR DB index is out of range'))
    expect(() => store.db(-1)).toThrow(ReplyError)
  })

  it('refuses a batch that is not over when it returns', () => {
    const store = new Store()
    expect(() =>
      store.batch(async () => {
        store.set('a', 1)
      }),
    ).toThrow(/a batch is synchronous.*no rollback/)
    // There is no way back.
    expect(store.get('a')).toBe('1')
    expect(store.batch(() => store.get('a'))).toBe('1')
    expect(store.batch(() => undefined)).toBe(undefined)
  })
})

describe('multi', () => {
  it('takes its arguments when they are queued', () => {
    const store = new Store()
    const members = [{ member: 'a', score: 1 }]
    const fields: Record<string, string> = { f: 'before' }
    const map = new Map([['m', 'before']])
    const bytes = Uint8Array.of(0x61)
    const buffer = Buffer.from('a')
    const pairs: [string, string | Uint8Array][] = [['p', bytes]]
    const keys = ['a']
    const options = { limit: { offset: 0, count: 1 } }
    const own = JSON.parse('{"__proto__": "own"}') as Record<string, string>
    const queue = store
      .multi()
      .zadd('z', members)
      .hset('h', fields)
      .hset('h', map)
      .hset('h', pairs)
      .hset('h', own)
      .set('bytes', bytes)
      .set('buffer', buffer)
      .sadd('s', keys)
      .zrangebyscore('z', 0, 9, options)
    members[0].score = 9
    members.push({ member: 'b', score: 2 })
    fields.f = 'after'
    fields.g = 'after'
    map.set('m', 'after')
    pairs[0][0] = 'q'
    bytes[0] = 0x62
    buffer[0] = 0x62
    keys[0] = 'b'
    options.limit.count = 0
    expect(queue.exec()).toEqual([1, 1, 1, 1, 1, 'OK', 'OK', 1, ['a']])
    expect(store.zrange('z', 0, -1, { withscores: true })).toEqual([{ member: 'a', score: 1 }])
    expect(store.hgetall('h', { pairs: true })).toEqual([
      ['f', 'before'],
      ['m', 'before'],
      ['p', 'a'],
      ['__proto__', 'own'],
    ])
    expect(store.mget('bytes', 'buffer')).toEqual(['a', 'a'])
    expect(store.smembers('s')).toEqual(['a'])
  })

  it('refuses at exec what the method refuses', () => {
    const store = new Store()
    expect(() => loose(loose(store.multi()).hset('h', new Set(['a', 'b'])) as object).exec()).toThrow(TypeError)
    expect(() => loose(store.multi()).del(['a'], 'b')).toThrow(TypeError)
  })
})

describe('integers beyond 2^53', () => {
  const big = 2n ** 60n

  it('are refused where a number is answered, here and far away', async () => {
    const store = new Store({ host: new VirtualHost() })
    const remote = new RemoteStore(async argv => store.call(...argv) as Raw)
    store.set('n', big)
    store.hset('h', 'n', big)
    expect(() => store.incr('n')).toThrow(RangeError)
    await expect(remote.incr('n')).rejects.toThrow(RangeError)
    await expect(remote.incrby('n', 1)).rejects.toThrow(RangeError)
    await expect(remote.hincrby('h', 'n', 1)).rejects.toThrow(RangeError)
    await expect(remote.increx('n', { byint: 1 })).rejects.toThrow(RangeError)
    expect(await remote.incrby('n', 1n)).toBe(big + 4n)
    expect(await remote.hincrby('h', 'n', 1n)).toBe(big + 2n)
    store.pexpireat('n', big)
    for (const method of ['pttl', 'pexpiretime']) {
      expect(() => loose(store)[method]('n')).toThrow(RangeError)
      await expect(loose(remote)[method]('n')).rejects.toThrow(RangeError)
    }
    expect(store.call('PEXPIRETIME', 'n')).toBe(big)
    expect(store.expiretime('n')).toBe(Number((big + 500n) / 1000n))
  })

  it('are exact when the client gives text, and refused when it has rounded them', async () => {
    const from = (reply: Raw): RemoteStore => new RemoteStore(async () => reply)
    expect(await from('9007199254740993').incrby('n', 1n)).toBe(9007199254740993n)
    await expect(from(2 ** 53).incrby('n', 1n)).rejects.toThrow(RangeError)
    await expect(from('9007199254740993').incr('n')).rejects.toThrow(RangeError)
  })
})

describe('a remote call', () => {
  it('takes one array too', async () => {
    const sent: unknown[] = []
    const remote = new RemoteStore(async argv => {
      sent.push(argv.length)
      return 'OK'
    })
    await remote.call('PING')
    await remote.call(['DEL', ...Array.from({ length: 200_000 }, (_, i) => `k${i}`)])
    expect(sent).toEqual([1, 200_001])
    await expect(remote.call('SET', null as never)).rejects.toThrow('argument must be')
    await expect(remote.call()).rejects.toThrow('must not be empty')
    expect(() => new RemoteStore(null as never)).toThrow('send must be a function')
  })
})
