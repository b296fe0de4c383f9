/**
 * Integers of 1 to 64 bits anywhere in bytes, most significant bit first. A value is a `number` where that is exact and a
 * `bigint` beyond; up to 52 bits, and for small values of wider fields, no bigint is made.
 */

import { MAX_INT64, narrow } from '../util/numbers.ts'

/** Bytes that can be looked at one by one; zeros past their end. */
export interface Octets {
  at(index: number): number
}

/** Bytes that can be overwritten one by one. */
export interface WritableOctets extends Octets {
  put(index: number, byte: number): void
}

/** The type of a field: `i` or `u` and its bits. */
export interface Field {
  readonly name: string
  readonly signed: boolean
  /** 1 to 64, or 63 when unsigned. */
  readonly width: number
}

/** What becomes of a result that does not fit its field: the low bits of it, the bound, or nothing at all. */
export type Overflow = 'WRAP' | 'SAT' | 'FAIL'

type Integer = number | bigint

/** Fields up to this width are read, written and added to in doubles. */
const NARROW = 52
const WORD = 2 ** 32

/** `width` bits from bit `offset` on, unsigned; at most 53. */
function readBits(from: Octets, offset: number, width: number): number {
  let byte = Math.floor(offset / 8)
  const skip = offset & 7
  let value = from.at(byte) & (0xff >> skip)
  let left = width + skip - 8
  if (left <= 0) return value >> -left
  for (; left >= 8; left -= 8) value = value * 256 + from.at(++byte)
  // Not one shift of the whole: with the bits that do not belong to it, it may have more than a double is exact for.
  return left === 0 ? value : value * (1 << left) + (from.at(byte + 1) >> (8 - left))
}

/** Overwrites `width` bits from bit `offset` on with the unsigned `value`; at most 53. */
function writeBits(to: WritableOctets, offset: number, width: number, value: number): void {
  const last = offset + width - 1
  let byte = Math.floor(last / 8)
  // How many bits of the byte stand before the end of the field.
  let room = (last & 7) + 1
  let rest = value
  for (let left = width; left > 0; ) {
    const count = left < room ? left : room
    const ones = (1 << count) - 1
    const low = rest & ones
    const shift = 8 - room
    to.put(byte, (to.at(byte) & ~(ones << shift)) | (low << shift))
    rest = (rest - low) / (1 << count)
    left -= count
    byte--
    room = 8
  }
}

/** The value of the field at bit `offset`. */
export function readField(from: Octets, offset: number, field: Field): Integer {
  const { width, signed } = field
  if (width <= NARROW) {
    const value = readBits(from, offset, width)
    return signed && value >= 2 ** (width - 1) ? value - 2 ** width : value
  }
  let high = readBits(from, offset, width - 32)
  const low = readBits(from, offset + width - 32, 32)
  if (signed && high >= 2 ** (width - 33)) high -= 2 ** (width - 32)
  const value = high * WORD + low
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) + BigInt(low)
}

/** Overwrites the field at bit `offset` with a value that fits it. */
export function writeField(to: WritableOctets, offset: number, field: Field, value: Integer): void {
  const { width } = field
  if (width <= NARROW) {
    const small = value as number
    writeBits(to, offset, width, small < 0 ? small + 2 ** width : small)
    return
  }
  let high: number
  let low: number
  if (typeof value === 'number') {
    high = Math.floor(value / WORD)
    low = value - high * WORD
    if (high < 0) high += 2 ** (width - 32)
  } else {
    const bits = BigInt.asUintN(width, value)
    high = Number(bits >> 32n)
    low = Number(bits & 0xffffffffn)
  }
  writeBits(to, offset, width - 32, high)
  writeBits(to, offset + width - 32, 32, low)
}

/**
 * `value + by` as the field keeps it, undefined when it does not fit and is to fail. A `value` that comes out of the
 * field fits it; one that is to be set, with a `by` of 0, need not.
 */
export function fitted(field: Field, value: Integer, by: Integer, overflow: Overflow): Integer | undefined {
  const { width, signed } = field
  if (width <= NARROW && typeof value === 'number' && typeof by === 'number') {
    const sum = value + by
    if (Number.isSafeInteger(sum)) {
      const range = 2 ** width
      const max = signed ? range / 2 - 1 : range - 1
      const min = signed ? -range / 2 : 0
      if (sum >= min && sum <= max) return sum
      if (overflow === 'FAIL') return undefined
      // Redis takes a negative value for an unsigned field as the large one that has the same 64 bits.
      if (overflow === 'SAT') return sum > max || (!signed && value < 0) ? max : min
      const low = sum - Math.floor(sum / range) * range
      return low > max ? low - range : low
    }
  }
  return fittedExactly(field, BigInt(value), BigInt(by), overflow)
}

function fittedExactly({ width, signed }: Field, value: bigint, by: bigint, overflow: Overflow): Integer | undefined {
  const sum = value + by
  const max = signed ? (1n << BigInt(width - 1)) - 1n : (1n << BigInt(width)) - 1n
  const min = signed ? -max - 1n : 0n
  if (sum >= min && sum <= max) return narrow(sum)
  if (overflow === 'FAIL') return undefined
  if (overflow === 'WRAP') return narrow(signed ? BigInt.asIntN(width, sum) : BigInt.asUintN(width, sum))
  // So small a value that its distance to the bound does not fit 64 bits counts as too large: for Redis the distance wraps.
  const wraps = signed ? width < 64 && max - value > MAX_INT64 : value < 0n
  return narrow(sum > max || wraps ? max : min)
}
