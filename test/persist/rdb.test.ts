import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ByteWriter, join } from '../../src/encoding/bytes.ts'
import { CorruptionError } from '../../src/encoding/corruption.ts'
import { TYPE } from '../../src/encoding/constants.ts'
import { dumpPayload, dumpStructure, isPayload, restorePayload } from '../../src/encoding/dump.ts'
import { decodeRdb, type RdbSink, readRdb, readRdbFrom } from '../../src/persist/rdb/reader.ts'
import type { RdbValue } from '../../src/encoding/value.ts'
import { ValueWriter } from '../../src/encoding/value-writer.ts'
import { RdbWriter } from '../../src/persist/rdb/writer.ts'
import { crc32c } from '../../src/util/crc32c.ts'
import { Crc64 } from '../../src/util/crc64.ts'
import { lzfDecompress } from '../../src/util/lzf.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { add, anyText, anyValue, ask, chance, collector, type Model, plain } from './model.ts'
import { hasRedis, temporary, withRedis } from './redis.ts'

const nothing: RdbSink = { selectDb() {}, key() {} }
const hours = 3_600_000

/** A random state, and the file of it as we write it. */
function randomFile(seed: number, keys: number): { file: Uint8Array; model: Model } {
  const random = chance(seed)
  const model: Model = new Map()
  const writer = new RdbWriter({ slice: 1 + random(3000) })
  writer.aux('redis-ver', '7.4.0')
  const parts: Uint8Array[] = []
  for (const db of [0, 9]) {
    writer.database(db, keys, 0)
    const names = new Set<string>()
    while (names.size < keys) names.add(`${anyText(random)}:${names.size}`)
    for (const key of names) {
      const expireAt = random(3) === 0 ? Date.now() + hours + random(1000) : 0
      const value = anyValue(random)
      writer.key(key, expireAt, value)
      add(model, db, key, expireAt || undefined, value)
      if (writer.pending > 10_000) parts.push(...writer.take())
    }
  }
  parts.push(...writer.finish())
  return { file: join(parts), model }
}

describe('checksums', () => {
  it('know their check values, in any number of pieces', () => {
    const bytes = toBytes('123456789')
    expect(new Crc64().update(bytes).toString()).toBe('e9c6d914c4b8d9ca')
    expect(crc32c(bytes)).toBe(0xe3069283)
    const long = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) ^ (i >> 3))
    const whole = new Crc64().update(long)
    for (const cut of [0, 1, 7, 8, 9, 500, 993, 1000]) {
      const crc = new Crc64().update(long, 0, cut)
      expect(new Crc64(crc.high, crc.low).update(long, cut).toString()).toBe(whole.toString())
      expect(crc32c(long, cut, 1000, crc32c(long, 0, cut))).toBe(crc32c(long))
    }
  })
})

describe('lzf', () => {
  const run = (bytes: number[], length: number): string | undefined => {
    const target = new Uint8Array(length)
    return lzfDecompress(Uint8Array.from(bytes), 0, bytes.length, target) ? fromBytes(target) : undefined
  }
  it('copies literals, and from behind, also over what it writes', () => {
    expect(run([2, 97, 98, 99], 3)).toBe('abc')
    expect(run([0, 97, 0x20, 0], 4)).toBe('aaaa')
    expect(run([1, 97, 98, 0xe0, 3, 1], 14)).toBe('ab'.repeat(7))
  })
  it('refuses what runs past an end or starts before the beginning', () => {
    for (const [bytes, length] of [
      [[2, 97, 98], 3],
      [[2, 97, 98, 99], 2],
      [[2, 97, 98, 99], 4],
      [[0, 97, 0x20, 1], 4],
      [[0, 97, 0x20, 0], 3],
      [[0, 97, 0x20], 4],
      [[0, 97, 0xe0], 4],
      [[0, 97, 0xe0, 0], 4],
    ] as [number[], number][]) {
      expect(run(bytes, length)).toBeUndefined()
    }
  })
})

describe('the writer', () => {
  it('writes what docs/formats/rdb.md shows', () => {
    const writer = new RdbWriter()
    writer.aux('aof-base', 1)
    writer.database(0, 2, 1)
    writer.stored('n', 1_700_000_000_000, '-7')
    writer.key('z', 0, { type: 'zset', pairs: ['a', 1.5] })
    const hex = Buffer.from(join(writer.finish())).toString('hex')
    const doc = readFileSync(new URL('../../docs/formats/rdb.md', import.meta.url), 'utf8')
    const example = [...doc.matchAll(/^ {4}([0-9a-f]{2}(?: [0-9a-f]{2})*)(?: {2}|$)/gm)].map(m =>
      m[1].replace(/ /g, ''),
    )
    expect(hex).toBe(example.join(''))
  })

  it('refuses an empty collection, another number of elements, a score that is none', () => {
    const writer = new ValueWriter(new ByteWriter())
    expect(() => writer.collection(0, () => {})).toThrow(RangeError)
    expect(() => writer.collection(2, to => to.one('a'))).toThrow(RangeError)
    expect(() => writer.collection(1, to => to.scored('a', Number.NaN))).toThrow(RangeError)
    expect(() => writer.scalar(1.5)).toThrow(RangeError)
  })

  it('is read back equal, whole or in windows of any size', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { file, model } = randomFile(seed, 40)
      const whole = collector()
      expect(readRdb(file, whole.sink)).toMatchObject({ version: 10, keys: 80, checked: true, end: file.length })
      expect(whole.model).toEqual(model)
      expect(whole.aux.get('redis-ver')).toBe('7.4.0')
      const piecewise = collector()
      const random = chance(seed)
      const decoding = decodeRdb(file.length, piecewise.sink)
      let step = decoding.next()
      while (!step.done) {
        const { at, length } = step.value
        step = decoding.next(file.subarray(at, at + Math.min(length, 1 + random(400) + (length >> 11))))
      }
      expect(step.value.checked).toBe(true)
      expect(piecewise.model).toEqual(model)
    }
    const { file, model } = randomFile(99, 3000)
    const read = collector()
    await readRdbFrom({ size: file.length, read: async (at, length) => file.slice(at, at + length) }, read.sink)
    expect(file.length).toBeGreaterThan(1 << 20)
    expect(read.model).toEqual(model)
  })
})

/** Small collections as Redis packed them up to 6.2, built here because no server of today writes them. */
const old = {
  ziplist(entries: (string | number)[]): Uint8Array {
    const out = new ByteWriter(64, true)
    out.u32le(0)
    out.u32le(0)
    out.u16le(entries.length)
    let before = 0
    let last = out.at
    for (const entry of entries) {
      last = out.at
      if (before < 254) out.u8(before)
      else {
        out.u8(254)
        out.u32le(before)
      }
      if (typeof entry === 'number') {
        if (entry >= 0 && entry <= 12) out.u8(0xf1 + entry)
        else if (entry >= -128 && entry < 128) out.raw(Uint8Array.of(0xfe, entry))
        else if (entry >= -0x8000 && entry < 0x8000) out.raw(Uint8Array.of(0xc0, entry, entry >> 8))
        else if (entry >= -0x800000 && entry < 0x800000) {
          out.raw(Uint8Array.of(0xf0, entry, entry >> 8, entry >> 16))
        } else if (entry === (entry | 0)) {
          out.u8(0xd0)
          out.u32le(entry)
        } else {
          out.u8(0xe0)
          out.i64le(entry)
        }
      } else {
        const bytes = toBytes(entry)
        if (bytes.length < 64) out.u8(bytes.length)
        else if (bytes.length < 16_384) out.raw(Uint8Array.of(0x40 | (bytes.length >> 8), bytes.length))
        else {
          out.u8(0x80)
          out.u32be(bytes.length)
        }
        out.raw(bytes)
      }
      before = out.at - last
    }
    out.u8(0xff)
    const bytes = join(out.take())
    const view = new DataView(bytes.buffer)
    view.setUint32(0, bytes.length, true)
    view.setUint32(4, last, true)
    return bytes
  },
  zipmap(pairs: string[]): Uint8Array {
    const out = new ByteWriter(64, true)
    out.u8(pairs.length / 2)
    pairs.forEach((text, i) => {
      const bytes = toBytes(text)
      if (bytes.length < 254) out.u8(bytes.length)
      else {
        out.u8(254)
        out.u32le(bytes.length)
      }
      if (i % 2 === 1) out.u8(2)
      out.raw(bytes)
      if (i % 2 === 1) out.u16le(0)
    })
    out.u8(0xff)
    return join(out.take())
  },
}

/** A payload with any type and bytes. */
function payload(type: number, ...parts: (Uint8Array | number[])[]): Uint8Array {
  const bytes = join([Uint8Array.of(type), ...parts.map(part => Uint8Array.from(part)), Uint8Array.of(10, 0)])
  const sum = new Uint8Array(8)
  new Crc64().update(bytes).write(sum, 0)
  return join([bytes, sum])
}

function stringOf(bytes: Uint8Array): Uint8Array {
  const out = new ByteWriter(16, true)
  if (bytes.length < 64) out.u8(bytes.length)
  else {
    out.u8(0x80)
    out.u32be(bytes.length)
  }
  return join([...out.take(), bytes])
}

const mixed: (string | number)[] = [
  '',
  'a',
  0,
  12,
  13,
  -1,
  -128,
  127,
  -129,
  32_767,
  -32_769,
  8_388_607,
  -8_388_609,
  2 ** 31 - 1,
  2 ** 40,
  -(2 ** 50),
]
const long = [...mixed, 'x'.repeat(63), 'y'.repeat(64), 'z'.repeat(300), 'w'.repeat(17_000), 'end']
const asText = (entries: (string | number)[]): string[] => entries.map(String)

const oldPayloads: [string, Uint8Array, RdbValue][] = [
  [
    'a list in a ziplist',
    payload(TYPE.listZiplist, stringOf(old.ziplist(long))),
    { type: 'list', values: asText(long) },
  ],
  [
    'a quicklist of ziplists',
    payload(TYPE.quicklist, [2], stringOf(old.ziplist(['a', 1])), stringOf(old.ziplist(long))),
    { type: 'list', values: ['a', '1', ...asText(long)] },
  ],
  [
    'a hash in a ziplist',
    payload(TYPE.hashZiplist, stringOf(old.ziplist(mixed))),
    { type: 'hash', pairs: asText(mixed) },
  ],
  [
    'a sorted set in a ziplist',
    payload(TYPE.zsetZiplist, stringOf(old.ziplist(['a', -5, 'b', '1.25', 'c', '1e+20', 7, 100_000_000]))),
    { type: 'zset', pairs: ['a', -5, 'b', 1.25, 'c', 1e20, '7', 100_000_000] },
  ],
  [
    'a hash in a zipmap',
    payload(TYPE.zipmap, stringOf(old.zipmap(['a', 'b', 'field', 'v'.repeat(300), 'f', '']))),
    { type: 'hash', pairs: ['a', 'b', 'field', 'v'.repeat(300), 'f', ''] },
  ],
  [
    'a sorted set with scores as text',
    payload(TYPE.zsetText, [4, 1, 97, 3, 49, 46, 53, 1, 98, 254, 1, 99, 255, 1, 100, 5, 49, 101, 43, 50, 48]),
    { type: 'zset', pairs: ['a', 1.5, 'b', Number.POSITIVE_INFINITY, 'c', Number.NEGATIVE_INFINITY, 'd', 1e20] },
  ],
]

describe('values of older servers', () => {
  for (const [name, bytes, value] of oldPayloads) {
    it(`reads ${name}`, () => expect(restorePayload(bytes)).toEqual(value))
  }

  it.runIf(hasRedis)('reads them as redis-server does', () =>
    withRedis([], async server => {
      for (let i = 0; i < oldPayloads.length; i++) await server.call('RESTORE', `k${i}`, 0, oldPayloads[i][1])
      const model: Model = new Map()
      oldPayloads.forEach(([, , value], i) => {
        add(model, 0, `k${i}`, undefined, value)
      })
      expect(await ask(server, 1)).toEqual(model)
    }),
  )
})

describe('refused values', () => {
  const refused: [string, Uint8Array, RegExp][] = [
    ['an empty list', payload(TYPE.list, [0]), /empty/],
    ['an empty listpack', payload(TYPE.hashListpack, stringOf(Uint8Array.of(7, 0, 0, 0, 0, 0, 255))), /pairs/],
    ['an empty intset', payload(TYPE.intset, stringOf(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0))), /empty/],
    ['a count that cannot be', payload(TYPE.list, [0x80, 0xff, 0xff, 0xff, 0xff, 1, 97]), /cannot be in/],
    ['a string that cannot be', payload(TYPE.string, [0x81, 0, 0, 0, 1, 0, 0, 0, 0, 1]), /cannot be in/],
    ['a length that is an integer', payload(TYPE.list, [0xc0, 1, 1, 97]), /length/],
    ['a set with a member twice', payload(TYPE.set, [2, 1, 97, 1, 97]), /twice/],
    ['a hash with a field twice', payload(TYPE.hash, [2, 1, 97, 1, 98, 1, 97, 1, 98]), /twice/],
    ['a member as text and as integer', payload(TYPE.set, [2, 1, 49, 0xc0, 1]), /twice/],
    ['a score that is no number', payload(TYPE.zset, [1, 1, 97, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]), /not a number/],
    ['a text score that is none', payload(TYPE.zsetText, [1, 1, 97, 253]), /not a number/],
    ['an odd listpack', payload(TYPE.hashListpack, stringOf(Uint8Array.of(9, 0, 0, 0, 1, 0, 5, 1, 255))), /pairs/],
    [
      'an intset out of order',
      payload(TYPE.intset, stringOf(Uint8Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0))),
      /order/,
    ],
    ['a compression bomb', payload(TYPE.string, [0xc3, 3, 0x80, 0x1f, 0, 0, 0, 0, 97, 0xe0]), /compressed/],
    [
      'an overlong zipmap length',
      payload(TYPE.zipmap, stringOf(Uint8Array.of(1, 254, 1, 0, 0, 0, 97, 1, 0, 98, 255))),
      /long form/,
    ],
    [
      'a listpack entry of another length',
      payload(TYPE.hashListpack, stringOf(Uint8Array.of(11, 0, 0, 0, 2, 0, 5, 1, 6, 2, 255))),
      /another length/,
    ],
    [
      'a ziplist that misstates its end',
      payload(TYPE.listZiplist, stringOf(Uint8Array.of(13, 0, 0, 0, 11, 0, 0, 0, 1, 0, 0, 0xf2, 255))),
      /last entry/,
    ],
    ['bytes after the value', payload(TYPE.string, [1, 97, 98]), /goes on/],
    ['a type that does not exist', payload(99, [1, 97]), /unknown type/],
    ['a module, for now', payload(TYPE.module2, [1, 97]), /module is not supported/],
  ]
  for (const [name, bytes, message] of refused) {
    it(`refuses ${name}`, () => {
      expect(() => restorePayload(bytes)).toThrow(message)
      expect(() => restorePayload(bytes)).toThrow(CorruptionError)
    })
  }
  it('refuses a payload of another version, and a wrong checksum', () => {
    const sound = dumpStructure('abc')
    expect(isPayload(sound)).toBe(true)
    const newer = sound.slice()
    newer[newer.length - 10] = 13
    expect(isPayload(newer)).toBe(false)
    const wrong = sound.slice()
    wrong[2] ^= 1
    expect(isPayload(wrong)).toBe(false)
    expect(() => restorePayload(wrong)).toThrow(CorruptionError)
    expect(isPayload(new Uint8Array(9))).toBe(false)
  })
})

describe('damaged bytes', () => {
  const values: RdbValue[] = [
    { type: 'string', value: 'grüße' },
    { type: 'string', value: 70_000 },
    { type: 'list', values: ['a', '', '-5'] },
    { type: 'set', members: ['1', '2', 'x'] },
    { type: 'hash', pairs: ['f', 'v', 'g', 'w'] },
    { type: 'zset', pairs: ['a', 1, 'b', -0.5] },
  ]
  const writer = new RdbWriter()
  writer.aux('aof-base', 1)
  writer.database(0, 6, 1)
  values.forEach((value, i) => {
    writer.key(`k${i}`, i === 2 ? 1_900_000_000_000 : 0, value)
  })
  const file = join(writer.finish())

  it('are always detected in a file with its checksum', () => {
    expect(readRdb(file, nothing).keys).toBe(6)
    for (let length = 0; length < file.length; length++) {
      expect(() => readRdb(file.subarray(0, length), nothing)).toThrow(CorruptionError)
    }
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice()
      damaged[bit >> 3] ^= 1 << (bit & 7)
      expect(() => readRdb(damaged, nothing), `bit ${bit}`).toThrow(CorruptionError)
    }
  })

  it('are noticed after the end, and before it', () => {
    const longer = join([file, Uint8Array.of(0)])
    expect(() => readRdb(longer, nothing)).toThrow(/goes on/)
    expect(readRdb(longer, nothing, { followed: true }).end).toBe(file.length)
    const half = join([toBytes('REDIS0004'), Uint8Array.of(0xfd, 1, 0, 0, 0, 0xff)])
    expect(() => readRdb(half, nothing)).toThrow(/inside a key/)
    const old = join([toBytes('REDIS0004'), Uint8Array.of(0xfd, 1, 0, 0, 0, 0, 1, 107, 0xc0, 5, 0xff)])
    const seen: unknown[] = []
    const end = readRdb(old, { selectDb() {}, key: (key, at, value) => seen.push(key, at, plain(value)) })
    expect(end).toEqual({ version: 4, keys: 1, checked: false, end: old.length })
    expect(seen).toEqual(['k', 1000, { string: '5' }])
  })

  it('lead to no other error without it', () => {
    const fixtures = [...values.map(value => dumpPayload(value)), ...oldPayloads.map(([, bytes]) => bytes)]
    for (const fixture of fixtures) {
      if (fixture.length > 2000) continue
      for (let bit = 0; bit < fixture.length * 8; bit++) {
        const damaged = fixture.slice()
        damaged[bit >> 3] ^= 1 << (bit & 7)
        expect(() => restorePayload(damaged)).toThrow(CorruptionError)
        only(() => restorePayload(damaged, { checksum: false }))
      }
      for (let length = 0; length < fixture.length; length++) {
        only(() => restorePayload(fixture.slice(0, length), { checksum: false }))
      }
    }
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice()
      damaged[bit >> 3] ^= 1 << (bit & 7)
      only(() => readRdb(damaged, nothing, { checksum: false }))
    }
  })

  it('lead to no other error in random payloads', () => {
    const random = chance(4711)
    for (let i = 0; i < 30_000; i++) {
      const bytes = Uint8Array.from({ length: 1 + random(60) }, () => (random(3) === 0 ? random(256) : random(24)))
      bytes[0] = random(26)
      only(() => restorePayload(join([bytes, new Uint8Array(10)]), { checksum: false }))
    }
  })

  function only(work: () => unknown): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error
    }
  }
})

describe.runIf(hasRedis)('redis-server', () => {
  it('loads what we write, and we read what it saves of it', async () => {
    for (const seed of [1, 2, 3]) {
      const { file, model } = randomFile(seed, 120)
      const dir = temporary()
      try {
        writeFileSync(joinPath(dir, 'dump.rdb'), file)
        await withRedis(
          ['--rdbcompression', seed === 1 ? 'no' : 'yes'],
          async server => {
            expect(await ask(server, 10)).toEqual(model)
            const digest = String(await server.call('DEBUG', 'DIGEST'))
            await server.call('SAVE')
            const saved = readFileSync(joinPath(dir, 'dump.rdb'))
            const read = collector()
            expect(readRdb(saved, read.sink).checked).toBe(true)
            expect(read.model).toEqual(model)
            // And what we write of that is the same to the server again.
            writeFileSync(joinPath(dir, 'dump.rdb'), rewrite(saved))
            await server.call('DEBUG', 'RELOAD', 'NOSAVE')
            expect(String(await server.call('DEBUG', 'DIGEST'))).toBe(digest)
          },
          dir,
        )
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }
  })

  function rewrite(file: Uint8Array): Uint8Array {
    const writer = new RdbWriter()
    readRdb(file, {
      selectDb: db => writer.database(db, 0, 0),
      key: (key, expireAt, value) => writer.key(key, expireAt ?? 0, value),
    })
    return join(writer.finish())
  }

  const configurations: [string, string[], string[]][] = [
    ['packed', ['--rdbcompression', 'no'], ['listpack', 'quicklist', 'intset', 'embstr', 'int']],
    ['packed and compressed', ['--rdbcompression', 'yes', '--list-compress-depth', '1'], ['listpack', 'quicklist']],
    [
      'unpacked',
      [
        ...['--hash-max-listpack-entries', '0', '--zset-max-listpack-entries', '0', '--set-max-intset-entries', '0'],
        ...['--list-max-listpack-size', '1'],
      ],
      ['hashtable', 'skiplist', 'quicklist'],
    ],
    [
      'large listpacks',
      [
        ...['--hash-max-listpack-entries', '100000', '--hash-max-listpack-value', '100000'],
        ...['--zset-max-listpack-entries', '100000', '--zset-max-listpack-value', '100000'],
        ...['--set-max-intset-entries', '100000', '--list-max-listpack-size', '-5'],
      ],
      ['listpack', 'quicklist', 'intset'],
    ],
  ]
  for (const [name, options, encodings] of configurations) {
    it(`saves values ${name}, which we read`, () =>
      withRedis(options, async server => {
        const random = chance(name.length)
        const model: Model = new Map()
        const seen = new Set<string>()
        for (let i = 0; i < 150; i++) {
          const value = i % 10 === 0 ? intset(random) : anyValue(random, 1500)
          await store(server, `k${i}`, value)
          const expireAt = random(4) === 0 ? Date.now() + hours : undefined
          if (expireAt !== undefined) await server.call('PEXPIREAT', `k${i}`, expireAt)
          add(model, 0, `k${i}`, expireAt, value)
          seen.add(String(await server.call('OBJECT', 'ENCODING', `k${i}`)))
        }
        // A node of its own for a large element: the plain container of type 18.
        const big: RdbValue = { type: 'list', values: ['a', 'b'.repeat(20_000), 'c'] }
        await server.call('DEBUG', 'QUICKLIST-PACKED-THRESHOLD', '1000b')
        await store(server, 'big', big)
        add(model, 0, 'big', undefined, big)
        for (const encoding of encodings) expect([...seen]).toContain(encoding)
        await server.call('SAVE')
        const read = collector()
        readRdb(readFileSync(joinPath(server.dir, 'dump.rdb')), read.sink)
        expect(read.model).toEqual(model)
        for (let i = 0; i < 150; i++) {
          const dump = (await server.call('DUMP', `k${i}`)) as Uint8Array
          expect(plain(restorePayload(dump))).toEqual(model.get(`0/k${i}`)?.value)
        }
      }))
  }

  function intset(random: (below: number) => number): RdbValue {
    const span = [100, 2 ** 15, 2 ** 31, 2 ** 52][random(4)]
    const members = new Set<string>()
    for (let i = 0; i < 200; i++) members.add(String(random(2 * span) - span))
    return { type: 'set', members: [...members] }
  }

  async function store(
    server: { call: (...argv: (string | number | Uint8Array)[]) => Promise<unknown> },
    key: string,
    value: RdbValue,
  ): Promise<void> {
    const bytes = (items: readonly (string | number)[]): Uint8Array[] =>
      items.map(item =>
        toBytes(item === Number.POSITIVE_INFINITY ? 'inf' : item === Number.NEGATIVE_INFINITY ? '-inf' : String(item)),
      )
    if (value.type === 'string') {
      await server.call('SET', key, value.value instanceof Uint8Array ? value.value : toBytes(String(value.value)))
    } else if (value.type === 'list') await server.call('RPUSH', key, ...bytes(value.values))
    else if (value.type === 'set') await server.call('SADD', key, ...bytes(value.members))
    else if (value.type === 'hash') await server.call('HSET', key, ...bytes(value.pairs))
    else if (value.type === 'zset') {
      const turned: (string | number)[] = []
      for (let i = 0; i < value.pairs.length; i += 2) turned.push(value.pairs[i + 1], value.pairs[i])
      await server.call('ZADD', key, ...bytes(turned))
    }
  }

  it('restores what we dump', () =>
    withRedis([], async server => {
      const random = chance(5)
      const model: Model = new Map()
      for (let i = 0; i < 200; i++) {
        const value = anyValue(random)
        await server.call('RESTORE', `k${i}`, 0, dumpPayload(value))
        add(model, 0, `k${i}`, undefined, value)
      }
      expect(await ask(server, 1)).toEqual(model)
    }))

  it('writes idle times and frequencies, which we read', async () => {
    for (const policy of ['allkeys-lru', 'allkeys-lfu']) {
      await withRedis(['--maxmemory-policy', policy], async server => {
        await server.call('SET', 'k', 'v')
        await server.call('SAVE')
        let access: object | undefined
        readRdb(readFileSync(joinPath(server.dir, 'dump.rdb')), {
          selectDb() {},
          key: (_key, _expireAt, _value, seen) => {
            access = seen
          },
        })
        expect(access).toEqual(policy === 'allkeys-lru' ? { idle: 0 } : { freq: 5 })
      })
    }
  })

  it('names the functions that we do not read yet', () =>
    withRedis([], async server => {
      const file = (): Uint8Array => readFileSync(joinPath(server.dir, 'dump.rdb'))
      await server.call('FUNCTION', 'LOAD', "#!lua name=l\nredis.register_function('f', function() return 1 end)")
      await server.call('SAVE')
      expect(() => readRdb(file(), nothing)).toThrow(/function library is not supported/)
    }))
})
