import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import {
  byteLength,
  canonical,
  compareText,
  concatText,
  fromBytes,
  fromLatin1,
  isAscii,
  sliceText,
  toBytes,
  toLatin1,
  writeText,
} from '../../src/util/text.ts'

// Bytes that meet every branch of UTF-8: boundaries of the lead and continuation ranges, and their neighbours.
const edgeBytes = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xe2, 0xec, 0xed, 0xee,
  0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
]
const pieces = [
  fc.constantFrom(...edgeBytes).map(byte => [byte]),
  fc.nat(255).map(byte => [byte]),
  fc.string({ unit: 'binary', maxLength: 2 }).map(text => [...Buffer.from(text, 'utf8')]),
  fc.string({ maxLength: 12 }).map(text => [...Buffer.from(text, 'utf8')]),
]
const anyBytes = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(fc.oneof(...pieces), { maxLength: 16 }) },
    // Long enough for the native codecs.
    { weight: 1, arbitrary: fc.array(fc.oneof(...pieces), { minLength: 30, maxLength: 120 }) },
  )
  .map(parts => Uint8Array.from(parts.flat()))
const unit = fc.oneof(
  fc.constantFrom(0x41, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xdc7f, 0xdc80, 0xdc82),
  fc.constantFrom(
    0xdcac,
    0xdcbf,
    0xdcc2,
    0xdce2,
    0xdced,
    0xdcf0,
    0xdcf4,
    0xdcff,
    0xdd00,
    0xdfff,
    0xe000,
    0xfeff,
    0xffff,
  ),
  fc.integer({ min: 0xdc80, max: 0xdcff }),
  fc.nat(0xffff),
)
/** Any sequence of code units at all. */
const anyString = fc.array(unit, { maxLength: 60 }).map(units => String.fromCharCode(...units))

const runs = { numRuns: Number(process.env.EMBEDIS_RUNS ?? 4000) }
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** PEP 383, the slow and plain way: the longest valid prefix sequence by Node's own strict decoder, or one escape. */
function slowDecode(bytes: Uint8Array): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  next: for (let i = 0; i < bytes.length; ) {
    for (let size = 1; size <= 4 && i + size <= bytes.length; size++) {
      try {
        text += strict.decode(bytes.subarray(i, i + size))
        i += size
        continue next
      } catch {}
    }
    text += String.fromCharCode(0xdc00 + bytes[i++])
  }
  return text
}

describe('text and bytes', () => {
  it('decodes strict UTF-8 and escapes every other byte', () => {
    fc.assert(
      fc.property(anyBytes, bytes => fromBytes(bytes) === slowDecode(bytes)),
      runs,
    )
  })

  it('round-trips any bytes, and knows their length before', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        const text = fromBytes(bytes)
        expect(same(toBytes(text), bytes)).toBe(true)
        expect(byteLength(text)).toBe(bytes.length)
        expect(canonical(text)).toBe(text)
        expect(isAscii(text)).toBe(bytes.every(byte => byte < 0x80))
      }),
      runs,
    )
  })

  it('reads every two, and every interesting three and four bytes as the strict decoder does', () => {
    const check = (...bytes: number[]): void => {
      const all = Uint8Array.from(bytes)
      if (fromBytes(all) !== slowDecode(all)) throw new Error(all.join(' '))
    }
    for (let a = 0; a < 256; a++) check(a)
    for (let a = 0x7f; a < 256; a++) for (let b = 0; b < 256; b += 1) check(a, b)
    for (const a of edgeBytes) for (const b of edgeBytes) for (const c of edgeBytes) check(a, b, c)
    for (const a of [0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5]) {
      for (const b of edgeBytes)
        for (const c of edgeBytes) for (const d of [0x41, 0x7f, 0x80, 0xbf, 0xc0]) check(a, b, c, d)
    }
  })

  it('reads a part of an array as a copy of that part', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(80), fc.nat(80), (bytes, a, b) => {
        const start = Math.min(a, b, bytes.length)
        const end = Math.min(Math.max(a, b), bytes.length)
        expect(fromBytes(bytes, start, end)).toBe(fromBytes(bytes.slice(start, end)))
      }),
      runs,
    )
  })

  it('writes into a buffer what toBytes makes', () => {
    fc.assert(
      fc.property(anyString, fc.nat(9), (text, at) => {
        const bytes = toBytes(text)
        const target = new Uint8Array(at + bytes.length + 3).fill(7)
        expect(writeText(text, target, at)).toBe(at + bytes.length)
        expect(byteLength(text)).toBe(bytes.length)
        expect(same(target.subarray(at, at + bytes.length), bytes)).toBe(true)
        expect([...target.subarray(at + bytes.length)]).toEqual([7, 7, 7])
      }),
      runs,
    )
  })

  it('makes any string canonical, once and for all', () => {
    fc.assert(
      fc.property(anyString, text => {
        const result = canonical(text)
        expect(canonical(result)).toBe(result)
        expect(result).toBe(fromBytes(toBytes(text)))
        expect(same(toBytes(result), toBytes(text))).toBe(true)
        if (fromBytes(toBytes(text)) === text) expect(result).toBe(text)
      }),
      runs,
    )
  })

  it('replaces lone surrogates that carry no byte, and reads escapes that spell a character', () => {
    expect(canonical('a\ud83db')).toBe('a\ufffdb')
    expect(canonical('a\udc7f\udd00')).toBe('a\ufffd\ufffd')
    expect(canonical('\ud83d')).toBe('\ufffd')
    expect(canonical('\udce2\udc82\udcac')).toBe('€')
    expect(canonical('\udcf0\udc9f\udc98\udc80!')).toBe('😀!')
    expect(canonical('\udce2\udc82')).toBe('\udce2\udc82')
    // The second half of a pair may look like an escape.
    expect(canonical('\ud83d\udc80')).toBe('\ud83d\udc80')
    expect(concatText('\ud83d\udc80', '\udc80')).toBe('\ud83d\udc80\udc80')
  })

  it('joins any two parts to the whole, and cuts the whole into any part', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(140), fc.nat(140), (bytes, a, b) => {
        const start = Math.min(a, b)
        const end = Math.max(a, b)
        const whole = fromBytes(bytes)
        const [left, middle, right] = [bytes.slice(0, start), bytes.slice(start, end), bytes.slice(end)].map(part =>
          fromBytes(part),
        )
        expect(concatText(concatText(left, middle), right)).toBe(whole)
        expect(concatText(left, concatText(middle, right))).toBe(whole)
        expect(sliceText(whole, start, end)).toBe(middle)
        expect(sliceText(whole, end, start)).toBe('')
      }),
      runs,
    )
  })

  it('joins byte by byte', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        let text = ''
        for (let i = 0; i < bytes.length; i++) text = concatText(text, fromBytes(bytes, i, i + 1))
        expect(text).toBe(fromBytes(bytes))
      }),
      { numRuns: runs.numRuns / 4 },
    )
  })

  it('orders by bytes', () => {
    const pair = fc.oneof(
      fc.tuple(anyBytes, anyBytes),
      // A common beginning, so that the difference falls inside characters.
      fc
        .tuple(anyBytes, anyBytes, anyBytes)
        .map(([head, a, b]) => [Buffer.concat([head, a]), Buffer.concat([head, b])]),
    )
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const order = Math.sign(compareText(fromBytes(a), fromBytes(b)))
        expect(order).toBe(Math.sign(Buffer.compare(a, b)))
      }),
      { numRuns: runs.numRuns * 2 },
    )
  })

  it('has one character per byte as latin1', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        const text = fromBytes(bytes)
        expect(toLatin1(text)).toBe(Buffer.from(bytes).toString('latin1'))
        expect(fromLatin1(toLatin1(text))).toBe(text)
      }),
      runs,
    )
  })

  it('is right on long text of every kind, across the chunks of the native codecs', () => {
    const kinds = { ascii: 'abc ', latin: 'é', euro: 'x€', pairs: 'a😀', escapes: 'a\udcff', late: 'abcdefg' }
    for (const [kind, word] of Object.entries(kinds)) {
      for (const length of [5000, 16_383, 16_384, 16_385, 49_151, 49_153, 70_001]) {
        let text = word.repeat(Math.ceil(length / word.length)).slice(0, length)
        if (kind === 'late') text += '😀'
        text = canonical(text)
        const bytes = toBytes(text)
        expect(byteLength(text)).toBe(bytes.length)
        expect(fromBytes(bytes)).toBe(text)
        expect(isAscii(text)).toBe(kind === 'ascii')
        expect(fromLatin1(toLatin1(text))).toBe(text)
        for (const [start, end] of [
          [1, length],
          [4001, 4010],
          [bytes.length - 3, bytes.length],
          [16_380, 40_000],
        ]) {
          expect(sliceText(text, start, end)).toBe(
            fromBytes(bytes, start, Math.max(start, Math.min(end, bytes.length))),
          )
        }
      }
    }
  })
})
