import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ByteWriter, join } from '../../src/encoding/bytes.ts'
import { TYPE } from '../../src/encoding/constants.ts'
import { CorruptionError, UnsupportedError } from '../../src/encoding/corruption.ts'
import { dumpPayload, dumpStructure, isPayload, restorePayload } from '../../src/encoding/dump.ts'
import type { RdbValue } from '../../src/encoding/value.ts'
import { directory } from '../../src/fs.ts'
import { Store, VirtualHost } from '../../src/index.ts'
import { type Driver, readFile, writeFile } from '../../src/persist/driver.ts'
import { type FilesOptions, persistence } from '../../src/persist/index.ts'
import { type RdbSink, readRdb } from '../../src/persist/rdb/reader.ts'
import { RdbWriter } from '../../src/persist/rdb/writer.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { Hash } from '../../src/structures/hash.ts'
import { newVersion } from '../../src/structures/version.ts'
import { Crc64 } from '../../src/util/crc64.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { stateOf } from '../support/state.ts'
import { hasRedis, startRedis } from './redis.ts'

const nothing: RdbSink = { selectDb() {}, key() {} }
const now = 1_700_000_000_000

const places: string[] = []
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

/** A payload with any type and bytes. */
function payload(type: number, ...parts: (Uint8Array | number[])[]): Uint8Array {
  const bytes = join([Uint8Array.of(type), ...parts.map(part => Uint8Array.from(part)), Uint8Array.of(12, 0)])
  const sum = new Uint8Array(8)
  new Crc64().update(bytes).write(sum, 0)
  return join([bytes, sum])
}

function i64(n: number): Uint8Array {
  const out = new ByteWriter(16, true)
  out.i64le(n)
  return join(out.take())
}

/** Short texts and integers as a listpack, in the string that holds it. */
function listpack(...entries: (string | number)[]): Uint8Array {
  const parts = entries.map(entry => {
    const data =
      typeof entry === 'number'
        ? entry < 128
          ? Uint8Array.of(entry)
          : join([Uint8Array.of(0xf4), i64(entry)])
        : join([Uint8Array.of(0x80 | entry.length), toBytes(entry)])
    return join([data, Uint8Array.of(data.length)])
  })
  const body = join([...parts, Uint8Array.of(0xff)])
  const head = new ByteWriter(16, true)
  head.u8(body.length + 6)
  head.u32le(body.length + 6)
  head.u16le(entries.length)
  return join([...head.take(), body])
}

function opened(driver: Driver, host: VirtualHost, options: FilesOptions = {}): Promise<Store> {
  return Store.open({ host, persistence: persistence(async () => driver, options) })
}

async function baseOf(driver: Driver): Promise<Uint8Array> {
  const logs = await driver.within('appendonlydir')
  const { name } = (await logs.list()).find(file => file.name.endsWith('.rdb')) as { name: string }
  return (await readFile(logs, name)) as Uint8Array
}

function versionOf(file: Uint8Array): number {
  return readRdb(file, nothing).version
}

const timedHash: RdbValue = {
  type: 'hash',
  pairs: ['a', '1', 'b', 'x', 'ünï', '3'],
  times: [now + 5, 0, now + 2 ** 40],
}

describe('a hash with times as bytes', () => {
  it('is written as Redis 7.4 writes it', () => {
    const bytes = dumpPayload(timedHash)
    const expected = join([
      Uint8Array.of(24),
      i64(now + 5),
      Uint8Array.of(3),
      Uint8Array.of(1, 1, 97, 0xc0, 1),
      Uint8Array.of(0, 1, 98, 1, 120),
      // The distance to the earliest time, and one.
      Uint8Array.of(0x81, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfc),
      Uint8Array.of(5, 0xc3, 0xbc, 110, 0xc3, 0xaf, 0xc0, 3),
      Uint8Array.of(12, 0),
    ])
    expect(bytes.subarray(0, -8)).toEqual(expected)
    expect(isPayload(bytes)).toBe(true)
    expect(restorePayload(bytes)).toEqual(timedHash)
    const hash = new Hash(newVersion(), 7)
    hash.setAll(['a', '1', 'b', 'x', 'ünï', '3'])
    hash.setTime('a', now + 5)
    hash.setTime('ünï', now + 2 ** 40)
    expect(dumpStructure(hash)).toEqual(bytes)
    const plain = dumpPayload({ type: 'hash', pairs: ['a', '1'] })
    expect([plain[0], plain[plain.length - 10]]).toEqual([4, 10])
  })

  it('is read as a listpack with times, and without them as a plain hash', () => {
    const small = payload(TYPE.hashTtlListpack, i64(now), listpack('a', 'x', now, 'b', 7, 0))
    expect(restorePayload(small)).toEqual({ type: 'hash', pairs: ['a', 'x', 'b', '7'], times: [now, 0] })
    const none = payload(TYPE.hashTtlListpack, i64(2 ** 48), listpack('b', 7, 0))
    expect(restorePayload(none)).toEqual({ type: 'hash', pairs: ['b', '7'] })
    const bare = payload(TYPE.hashTtl, i64(2 ** 48), [1, 0, 1, 97, 1, 98])
    expect(restorePayload(bare)).toEqual({ type: 'hash', pairs: ['a', 'b'] })
  })

  it('is read from a file of Valkey 9', () => {
    const of = (magic: string): Uint8Array => {
      const bytes = join([
        toBytes(magic),
        Uint8Array.of(0xfe, 0, TYPE.valkeyHashTtl, 1, 104, 2, 1, 97, 1, 120),
        i64(now),
        Uint8Array.of(1, 98, 0xc0, 7),
        i64(-1),
        Uint8Array.of(0xff),
      ])
      const sum = new Uint8Array(8)
      new Crc64().update(bytes).write(sum, 0)
      return join([bytes, sum])
    }
    const seen: unknown[] = []
    readRdb(of('VALKEY080'), { selectDb() {}, key: (key, _, value) => void seen.push(key, value) })
    expect(seen).toEqual(['h', { type: 'hash', pairs: ['a', 'x', 'b', '7'], times: [now, 0] }])
    expect(() => readRdb(of('REDIS0012'), nothing)).toThrow(/unknown type 22/)
  })

  it('is refused when it makes no sense', () => {
    const refused: [string, Uint8Array, RegExp][] = [
      ['no fields', payload(TYPE.hashTtl, i64(now), [0]), /empty/],
      ['more than there can be', payload(TYPE.hashTtl, i64(now), [9, 1, 1, 97, 1, 98]), /cannot be in/],
      ['a time before all time', payload(TYPE.hashTtl, i64(-5), [1, 1, 1, 97, 1, 98]), /before all time/],
      ['a field twice', payload(TYPE.hashTtl, i64(now), [2, 1, 1, 97, 1, 98, 0, 1, 97, 1, 98]), /twice/],
      ['an empty listpack', payload(TYPE.hashTtlListpack, i64(now), listpack()), /pairs/],
      ['pairs', payload(TYPE.hashTtlListpack, i64(now), listpack('a', 'b')), /triples/],
      ['a time that is none', payload(TYPE.hashTtlListpack, i64(now), listpack('a', 'b', 'x')), /not a number/],
      ['a field twice, packed', payload(TYPE.hashTtlListpack, i64(now), listpack('a', 1, 0, 'a', 1, 0)), /twice/],
      ["Valkey's type", payload(TYPE.valkeyHashTtl, [1, 1, 97, 1, 98], i64(now)), /unknown type/],
    ]
    for (const [name, bytes, message] of refused) {
      expect(() => restorePayload(bytes), name).toThrow(message)
      expect(() => restorePayload(bytes), name).toThrow(CorruptionError)
    }
  })

  it('leads to no other error when it is damaged', () => {
    const only = (work: () => unknown): void => {
      try {
        work()
      } catch (error) {
        if (!(error instanceof CorruptionError)) throw error
      }
    }
    const writer = new RdbWriter({ version: 12 })
    writer.database(0, 1, 0)
    writer.key('k', 0, timedHash)
    const file = join(writer.finish())
    expect(readRdb(file, nothing)).toMatchObject({ version: 12, keys: 1 })
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice()
      damaged[bit >> 3] ^= 1 << (bit & 7)
      expect(() => readRdb(damaged, nothing), `bit ${bit}`).toThrow(CorruptionError)
      only(() => readRdb(damaged, nothing, { checksum: false }))
    }
    for (let length = 0; length < file.length; length++) {
      expect(() => readRdb(file.subarray(0, length), nothing)).toThrow(CorruptionError)
    }
    const packed = payload(TYPE.hashTtlListpack, i64(now), listpack('a', 'x', now, 'b', 7, 0))
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const damaged = packed.slice()
      damaged[bit >> 3] ^= 1 << (bit & 7)
      only(() => restorePayload(damaged, { checksum: false }))
    }
  })
})

describe('a store with times of fields', () => {
  it('comes back from its log and its base, small hashes and large', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const store = await opened(driver, host)
    store.hset('small', { a: 1, b: 2 })
    store.hexpire('small', 10, ['a'])
    store.db(2).hset(
      'large',
      Array.from({ length: 500 }, (_, i) => [`f${i}`, 'v'] as const),
    )
    store.db(2).hpexpire('large', 5000, ['f1', 'f2', 'f499'])
    store.hsetex('both', { a: 1 }, { ex: 100 })
    store.expire('both', 50)
    store.hsetex('loses', { a: 1 }, { ex: 100 })
    store.hset('loses', 'a', 2)
    const state = stateOf(store)
    await store.close()
    expect(versionOf(await baseOf(driver))).toBe(10)
    const replayed = await opened(driver, host)
    expect(stateOf(replayed)).toBe(state)
    await replayed.rewrite()
    await replayed.close()
    expect(versionOf(await baseOf(driver))).toBe(12)
    const loaded = await opened(driver, host)
    expect(stateOf(loaded)).toBe(state)
    expect(loaded.objectEncoding('loses')).toBe('listpack')
    // The timer is set for what was loaded.
    host.advance(5001)
    expect(loaded.db(2).hlen('large')).toBe(497)
    host.advance(5000)
    expect(loaded.hkeys('small')).toEqual(['b'])
    loaded.del('both')
    await loaded.rewrite()
    await loaded.close()
    expect(versionOf(await baseOf(driver))).toBe(10)
  })

  it('keeps what is due in a base until the log says so, and leaves it out of a dump', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const store = await opened(driver, host)
    store.hset('h', { a: 1, b: 2 })
    store.hpexpire('h', 100, ['a'])
    store.hsetex('gone', { a: 1 }, { px: 100 })
    await store.save()
    await store.rewrite()
    await store.close()
    const later = new VirtualHost({ now: host.now() + 200 })
    const other = new MemoryDriver()
    await writeFile(other, 'dump.rdb', [(await readFile(driver, 'dump.rdb')) as Uint8Array])
    const dumped = await opened(other, later)
    expect([dumped.hkeys('h'), dumped.dbsize(), dumped.recovery?.keys]).toEqual([['b'], 1, 1])
    await dumped.close()
    const based = await opened(driver, later)
    expect(based.recovery?.keys).toBe(2)
    later.advance(1)
    expect([based.hkeys('h'), based.dbsize()]).toEqual([['b'], 1])
    await based.close()
    const again = await opened(driver, new VirtualHost({ now: host.now() }))
    expect([again.hkeys('h'), again.dbsize()]).toEqual([['b'], 1])
    await again.close()
  })

  it('writes a snapshot while times go on', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const store = await opened(driver, host)
    for (let i = 0; i < 3000; i++) store.hsetex(`h${i}`, { a: 1, b: 2 }, { px: 1000 })
    const saving = store.save()
    store.hpersist('h1', 'a')
    host.advance(1001)
    expect(store.dbsize()).toBe(1)
    await saving
    await store.close()
    const other = new MemoryDriver()
    await writeFile(other, 'dump.rdb', [(await readFile(driver, 'dump.rdb')) as Uint8Array])
    const back = await opened(other, new VirtualHost({ now: host.now() - 1001 }))
    expect([back.dbsize(), back.hpttl('h1', 'a', 'b')]).toEqual([3000, [1000, 1000]])
    await back.close()
  })
})

describe('a directory for Redis 7.0', () => {
  const refusal = "ERR hash fields cannot expire in files for Redis 7.0: they need a directory made with target '7.4'"

  it('refuses what Redis 7.0 cannot store, before anything changes, and says so again when it is opened again', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const options: FilesOptions[] = [{ target: '7.0' }, {}]
    for (const given of options) {
      const store = await opened(driver, host, given)
      store.hset('h', { a: 1 })
      const state = stateOf(store)
      const refused: (() => unknown)[] = [
        () => store.hexpire('h', 5, ['a']),
        () => store.hpexpireat('none', now + 5000, ['a']),
        () => store.hexpire('h', 0, ['a']),
        () => store.hsetex('h', { a: 2 }, { ex: 5 }),
        () => store.hgetex('h', ['a'], { px: 5 }),
        () => store.call('HPEXPIREAT', 'h', now + 5, 'FIELDS', 1, 'a'),
      ]
      for (const call of refused) expect(call, String(call)).toThrow(refusal)
      expect(stateOf(store)).toBe(state)
      expect(store.hsetex('h', { a: 1 }, { keepttl: true })).toBe(true)
      expect([store.hgetex('h', ['a'], { persist: true }), store.httl('h', 'a'), store.hpersist('h', 'a')]).toEqual([
        ['1'],
        [-1],
        [-1],
      ])
      // A fork has no files.
      expect(store.fork().hexpire('h', 5, ['a'])).toEqual([1])
      await store.rewrite()
      await store.close()
      const manifest = await readFile(await driver.within('appendonlydir'), 'appendonly.aof.manifest')
      expect(fromBytes(manifest as Uint8Array)).toMatch(/^# target 7\.0\n/)
    }
    await expect(opened(driver, host, { target: '7.4' })).rejects.toThrow("was made with target '7.0', which stays")
    await expect(opened(driver, host, { target: '8' as never })).rejects.toThrow("target must be '7.0' or '7.4'")
  })

  it('cannot be made of one for 7.4, but of one that does not say', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    await (await opened(driver, host)).close()
    await expect(opened(driver, host, { target: '7.0' })).rejects.toThrow(TypeError)
    const logs = await driver.within('appendonlydir')
    const manifest = fromBytes((await readFile(logs, 'appendonly.aof.manifest')) as Uint8Array)
    await writeFile(logs, 'appendonly.aof.manifest', [toBytes(manifest.replace(/^#.*\n/, ''))])
    const store = await opened(driver, host, { target: '7.0' })
    expect(() => store.hexpire('h', 5, ['a'])).toThrow(refusal)
    await store.close()
  })

  it('does not take a snapshot with times', async () => {
    const host = new VirtualHost()
    const driver = new MemoryDriver()
    const store = await opened(driver, host)
    expect((await store.save()).version).toBe(10)
    store.hsetex('h', { a: 1 }, { ex: 5 })
    expect((await store.save()).version).toBe(12)
    await store.close()
    const other = new MemoryDriver()
    await writeFile(other, 'dump.rdb', [(await readFile(driver, 'dump.rdb')) as Uint8Array])
    await expect(opened(other, host, { target: '7.0' })).rejects.toThrow(UnsupportedError)
  })

  it.runIf(hasRedis)('is read by redis-server, and read again after it', { timeout: 30_000 }, async () => {
    const place = mkdtempSync(joinPath(tmpdir(), 'embedis-'))
    places.push(place)
    const store = await Store.open({ persistence: directory(place, { target: '7.0' }) })
    store.hset('h', { a: 1 })
    await store.close()
    const server = await startRedis(place, '--appendonly', 'yes')
    try {
      expect(fromBytes((await server.call('HGET', 'h', 'a')) as Uint8Array)).toBe('1')
      await server.call('HSET', 'h', 'b', '2')
    } finally {
      await server.stop()
    }
    const again = await Store.open({ persistence: directory(place) })
    expect({ ...again.hgetall('h') }).toEqual({ a: '1', b: '2' })
    expect(() => again.hexpire('h', 5, ['a'])).toThrow(refusal)
    await again.close()
    const manifest = joinPath(place, 'appendonlydir', 'appendonly.aof.manifest')
    expect(readFileSync(manifest, 'utf8')).toMatch(/^# target 7\.0\n/)
  })
})
