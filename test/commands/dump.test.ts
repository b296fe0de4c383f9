import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dumpPayload } from '../../src/encoding/dump.ts'
import { join } from '../../src/encoding/bytes.ts'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { Crc64 } from '../../src/util/crc64.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { anyValue, chance } from '../persist/model.ts'
import { type RedisClient, type RedisServer, startRedis } from '../support/redis.ts'
import { stateOf } from '../support/state.ts'

const seed = Number(process.env.EMBEDIS_SEED ?? 7)

/** Commands that give a key a random value of any type. */
function build(key: string, random: (below: number) => number, longest = 700): string[][] {
  const value = anyValue(random, longest)
  switch (value.type) {
    case 'string':
      return [['SET', key, value.value instanceof Uint8Array ? fromBytes(value.value) : String(value.value)]]
    case 'list':
      return [['RPUSH', key, ...value.values]]
    case 'set':
      return [['SADD', key, ...value.members]]
    case 'hash':
      return [['HSET', key, ...value.pairs]]
    case 'zset': {
      const words: string[] = []
      for (let i = 0; i < value.pairs.length; i += 2) {
        const score = value.pairs[i + 1] as number
        words.push(score === Infinity ? 'inf' : score === -Infinity ? '-inf' : String(score), String(value.pairs[i]))
      }
      return [['ZADD', key, ...words]]
    }
    case 'stream':
      throw new Error('made by commands: see test/persist')
  }
}

/** With version and checksum made right again. */
function sealed(bytes: Uint8Array, version = 10): Uint8Array {
  const end = bytes.length - 8
  bytes[end - 2] = version
  bytes[end - 1] = 0
  new Crc64().update(bytes, 0, end).write(bytes, end)
  return bytes
}

describe('DUMP and RESTORE', () => {
  it('bring every value back, as bytes and as text', () => {
    const random = chance(seed)
    for (let i = 0; i < 300; i++) {
      const store = new Store({ host: new VirtualHost() })
      for (const argv of build('k', random)) store.call(argv)
      const copy = new Store({ host: new VirtualHost() })
      expect(copy.restore('k', 0, store.dump('k') as Uint8Array)).toBe('OK')
      expect(stateOf(copy)).toBe(stateOf(store))
      copy.call('RESTORE', 'k', 0, store.call('DUMP', 'k') as string, 'REPLACE')
      expect(stateOf(copy)).toBe(stateOf(store))
      expect(copy.objectEncoding('k')).toBe(store.objectEncoding('k'))
    }
  })

  it('refuses what no DUMP makes', () => {
    const store = new Store()
    const more = sealed(join([dumpPayload({ type: 'string', value: 'a' }).slice(0, 3), new Uint8Array(11)]))
    const twice = sealed(Uint8Array.from([4, 2, 1, 97, 1, 98, 1, 97, 1, 98, ...new Uint8Array(10)]))
    // The string ends inside the footer.
    const less = sealed(Uint8Array.from([0, 5, 97, ...new Uint8Array(10)]))
    for (const payload of [more, twice, less]) {
      expect(() => store.restore('k', 0, payload)).toThrow('ERR Bad data format')
    }
    expect(store.exists('k')).toBe(0)
  })

  it('reads the versions up to 7.4, and that of Valkey 9', () => {
    const store = new Store()
    for (let version = 1; version < 256; version++) {
      const payload = sealed(Uint8Array.from([0, 1, 97, ...new Uint8Array(10)]), version)
      const restore = (): string => store.restore('k', 0, payload, { replace: true })
      if (version <= 12 || version === 80) expect(restore()).toBe('OK')
      else expect(restore).toThrow('ERR DUMP payload version or checksum are wrong')
    }
  })

  it('believes no length or number that the payload cannot hold', () => {
    const store = new Store()
    const huge = [0x81, 0, 0, 0, 0x7f, 255, 255, 255, 255]
    const large = [0x80, 0x1f, 255, 255, 255]
    for (const type of [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 16, 17, 18, 20]) {
      for (const length of [huge, large]) {
        for (const rest of [[], [1, 97], [0xc3, ...length, ...length], [0xc3, 2, ...length, 1, 1], [1, ...length]]) {
          const payload = sealed(Uint8Array.from([type, ...length, ...rest, ...new Uint8Array(10)]))
          const start = performance.now()
          expect(() => store.restore('k', 0, payload)).toThrow('ERR Bad data format')
          expect(performance.now() - start).toBeLessThan(200)
        }
      }
    }
    // 88 times its size is the most that compressed bytes can be.
    const bomb = sealed(Uint8Array.from([0, 0xc3, 3, 0x41, 9, 0xff, 0xff, 0, ...new Uint8Array(10)]))
    expect(() => store.restore('k', 0, bomb)).toThrow('ERR Bad data format')
  })

  it('checks its arguments', () => {
    const store = new Store()
    const payload = dumpPayload({ type: 'string', value: 'a' })
    expect(() => store.restore('k', 1.5, payload)).toThrow(TypeError)
    expect(() => store.restore('k', 0, null as unknown as string)).toThrow(
      new TypeError('payload must be a string, number, bigint or Uint8Array, not null'),
    )
    expect(() => store.restore('k', 0, payload, { freq: 256 })).toThrow('ERR Invalid FREQ value')
    expect(() => store.restore('k', 0, payload, { idletime: -1 })).toThrow('ERR Invalid IDLETIME value')
    expect(() => store.restore('k', 0, payload, { idletime: 1, freq: 1 })).toThrow('ERR syntax error')
    expect(store.exists('k')).toBe(0)
    expect(store.restore('k', 0, payload, { freq: 255 })).toBe('OK')
  })

  it('answers nothing but error lines to hostile payloads, and soon', () => {
    const random = chance(seed)
    const count = Number(process.env.EMBEDIS_CASES ?? 15_000)
    const store = new Store()
    let restored = 0
    for (let i = 0; i < count; i++) {
      const payload = dumpPayload(anyValue(random, 20))
      let damaged: Uint8Array = payload.slice()
      for (let n = 1 + random(4); n > 0; n--) {
        const at = random(Math.max(1, damaged.length - 10))
        const kind = random(5)
        if (kind === 0) damaged[at] = random(256)
        else if (kind === 1) damaged[at] ^= 1 << random(8)
        else if (kind === 2) damaged[0] = random(30)
        else if (kind === 3 && damaged.length > 12) damaged = join([damaged.slice(0, at), damaged.slice(at + 1)])
        else damaged[at] = [0x80, 0x81, 0xc0, 0xc3, 0xff, 0x7f, 0xfe][random(7)]
      }
      try {
        store.restore('k', 0, sealed(damaged), { replace: true })
        restored++
        store.dump('k')
      } catch (error) {
        expect(error).toBeInstanceOf(ReplyError)
      }
    }
    expect(restored).toBeGreaterThan(0)
    stateOf(store)
  })
})

describe('with a live server', () => {
  let server: RedisServer | undefined
  let client: RedisClient
  beforeAll(async () => {
    server = await startRedis()
    if (server !== undefined) client = await server.connect()
  })
  afterAll(async () => {
    await server?.stop()
  })

  it('both read what the other wrote', { timeout: 60_000 }, async ({ skip }) => {
    if (server === undefined) return skip()
    const random = chance(seed)
    const count = Number(process.env.EMBEDIS_CASES ?? 150)
    for (let i = 0; i < count; i++) {
      const store = new Store()
      const program = build('a', random, i % 10 === 0 ? 700 : 40)
      for (const argv of program) store.call(argv)
      await client.send([['FLUSHALL'], ...program])
      const dumped = store.dump('a') as Uint8Array
      expect(await client.one('RESTORE', 'b', '0', dumped)).toBe('+OK')
      const digests = (await client.one('DEBUG', 'DIGEST-VALUE', 'a', 'b')).slice(1, -1).split(' ')
      expect(digests[1]).toBe(digests[0])
      const theirs = JSON.parse(await client.one('DUMP', 'a')) as string
      const copy = new Store()
      copy.restore(
        'a',
        0,
        Uint8Array.from(theirs, unit => unit.charCodeAt(0)),
      )
      expect(stateOf(copy)).toBe(stateOf(store))
      expect(toBytes(copy.call('DUMP', 'a') as string)).toEqual(copy.dump('a'))
    }
  })
})
