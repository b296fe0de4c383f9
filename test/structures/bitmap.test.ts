import { describe, expect, it } from 'vitest'
import { countBits, findBit, type Fold, fold, invert, onlyOnce } from '../../src/structures/bitmap.ts'
import { type Field, fitted, readField, writeField } from '../../src/structures/bitfield.ts'
import { Random, seed } from '../util/live.ts'

/** Random bytes, of which most are all zeros or all ones; in a view that need not begin at a word. */
function bytesOf(r: Random, most = 150): Uint8Array {
  const shift = r.int(0, 5)
  const bytes = new Uint8Array(shift + r.int(0, most)).subarray(shift)
  const base = r.pick([0, 0xff, -1])
  for (let i = 0; i < bytes.length; i++) bytes[i] = base < 0 || r.next() < 0.02 ? r.int(0, 255) : base
  return bytes
}

const bitsOf = (bytes: Uint8Array): number[] =>
  [...bytes].flatMap(byte => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1))

/** Bytes that begin at a word, as the target of a fold must. */
const aligned = (bytes: Uint8Array, length = bytes.length): Uint8Array => {
  const copy = new Uint8Array(length)
  copy.set(bytes)
  return copy
}

describe('bits of bytes', () => {
  const r = new Random(seed)

  it('are counted and found as one by one', () => {
    for (let run = 0; run < 1000; run++) {
      const bytes = bytesOf(r)
      const bits = bitsOf(bytes)
      const from = r.int(0, bits.length)
      const to = r.next() < 0.3 ? bits.length : r.int(0, bits.length)
      const part = bits.slice(from, to)
      expect(countBits(bytes, from, to)).toBe(part.reduce((sum, bit) => sum + bit, 0))
      for (const bit of [0, 1] as const) {
        const at = part.indexOf(bit)
        expect(findBit(bytes, bit, from, to)).toBe(at < 0 ? -1 : from + at)
      }
    }
  })

  it('are combined as one by one', () => {
    const kinds: Record<Fold, (a: number, b: number) => number> = {
      and: (a, b) => a & b,
      or: (a, b) => a | b,
      xor: (a, b) => a ^ b,
      andNot: (a, b) => a & (1 - b),
    }
    for (let run = 0; run < 300; run++) {
      const source = bytesOf(r)
      const target = aligned(bytesOf(r, source.length), source.length + r.int(5, 40))
      for (const [kind, bit] of Object.entries(kinds)) {
        const result = aligned(target)
        fold(kind as Fold, result, source)
        const other = bitsOf(aligned(source, target.length))
        expect(bitsOf(result)).toEqual(bitsOf(target).map((a, i) => bit(a, other[i])))
      }
      const turned = source.slice()
      invert(turned)
      expect(bitsOf(turned)).toEqual(bitsOf(source).map(a => 1 - a))
      const view = new Uint8Array(target.buffer, 0, target.length)
      invert(view)
      const three = [bytesOf(r), bytesOf(r), bytesOf(r)]
      const length = Math.max(...three.map(one => one.length))
      const all = three.map(one => bitsOf(aligned(one, length)))
      expect(bitsOf(onlyOnce(three, length))).toEqual(all[0].map((a, i) => +(a + all[1][i] + all[2][i] === 1)))
    }
  })
})

describe('fields', () => {
  const r = new Random(seed)
  const octets = (bytes: Uint8Array) => ({
    at: (i: number) => bytes[i] ?? 0,
    put: (i: number, byte: number) => void (bytes[i] = byte),
  })
  const asBigint = (bytes: Uint8Array, at: number, { width, signed }: Field): bigint => {
    const bits = BigInt(
      `0b${bitsOf(aligned(bytes, 64))
        .slice(at, at + width)
        .join('')}`,
    )
    return signed ? BigInt.asIntN(width, bits) : bits
  }

  it('are read and written as bits are', () => {
    for (let run = 0; run < 4000; run++) {
      const bytes = Uint8Array.from({ length: 24 }, () => r.pick([0, 0xff, r.int(0, 255)]))
      const signed = r.next() < 0.5
      const width = r.int(1, signed ? 64 : 63)
      const field = { name: '', signed, width }
      const at = r.int(0, 100)
      const old = asBigint(bytes, at, field)
      expect(BigInt(readField(octets(bytes), at, field))).toBe(old)
      const any = BigInt.asIntN(64, BigInt(r.pick([-1, 1])) * 2n ** BigInt(r.int(0, 63)) + BigInt(r.int(-3, 3)))
      const value = fitted(field, Number.isSafeInteger(Number(any)) ? Number(any) : any, 0, 'WRAP') as number | bigint
      expect(BigInt(value)).toBe(signed ? BigInt.asIntN(width, any) : BigInt.asUintN(width, any))
      expect(typeof value).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
      const before = bitsOf(bytes)
      writeField(octets(bytes), at, field, value)
      const after = bitsOf(bytes)
      expect(asBigint(bytes, at, field)).toBe(BigInt(value))
      expect([...after.slice(0, at), ...after.slice(at + width)]).toEqual([
        ...before.slice(0, at),
        ...before.slice(at + width),
      ])
    }
  })
})
