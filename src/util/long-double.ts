/**
 * The x86 `long double`, 80 bits with a significand of 64: what Redis computes INCRBYFLOAT and HINCRBYFLOAT with. Values
 * are exact integers times a power of two; parsing and adding round once, to nearest, ties to even, as strtold and the
 * FPU do. Formatting is C's `%.17Lf` without trailing zeros, so `3.0e3` is `3000` and 0.1 is `0.1`.
 *
 *     value = mantissa × 2^exponent      |mantissa| < 2^64      -16445 <= exponent      |value| < 2^16384
 *
 * Infinity has an infinite exponent; there is no NaN and no negative zero, because Redis neither reads nor prints them.
 */

import { bitLength, floatForm, parseHex, roundBits, spellsZero } from './numbers.ts'

export interface LongDouble {
  /** With the sign; for infinity 1 or -1. */
  readonly mantissa: bigint
  readonly exponent: number
}

const precision = 64
const minExponent = -16_445
const maxBits = 16_384

/** Redis copies the text into a buffer of 5 KB, terminating zero included; longer text is not a float. */
const maxLength = 5 * 1024 - 1

const zero: LongDouble = { mantissa: 0n, exponent: 0 }

/**
 * The long double that all of `text` spells (decimal, hexadecimal, infinity), or undefined where Redis answers "value is
 * not a valid float": anything left over, not a number, finite text that overflows, other than zero that becomes zero.
 */
export function parseLongDouble(text: string): LongDouble | undefined {
  const form = text.length > maxLength ? undefined : floatForm(text)
  if (form === undefined) return undefined
  const negative = text.charCodeAt(0) === 0x2d
  if (form === 'infinity') return { mantissa: negative ? -1n : 1n, exponent: Infinity }
  if (spellsZero(text)) return zero
  const value = form === 'hex' ? parseHexadecimal(text) : parseDecimal(text)
  if (value.mantissa === 0n || value.exponent === Infinity) return undefined
  return negative ? { mantissa: -value.mantissa, exponent: value.exponent } : value
}

/** The sum, or undefined where Redis answers "increment would produce NaN or Infinity". */
export function addLongDouble(a: LongDouble, b: LongDouble): LongDouble | undefined {
  if (a.exponent === Infinity || b.exponent === Infinity) return undefined
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent))
  if (sum === 0n) return zero
  const value = round(sum < 0n ? -sum : sum, exponent, false)
  if (value.exponent === Infinity) return undefined
  return sum < 0n ? { mantissa: -value.mantissa, exponent: value.exponent } : value
}

const oneE17 = 10n ** 17n

/** `%.17Lf` without the zeros at its end, and without a sign on zero. */
export function formatLongDouble(value: LongDouble): string {
  const { mantissa, exponent } = value
  if (exponent === Infinity) return mantissa < 0n ? '-inf' : 'inf'
  if (exponent >= 0) return (mantissa << BigInt(exponent)).toString()
  const size = mantissa < 0n ? -mantissa : mantissa
  // Seventeen digits after the point: 10^17 is less than 2^57, so the smallest numbers leave nothing.
  if (-exponent > precision + 57 + 1) return '0'
  const digits = roundBits(size * oneE17, -exponent, false)
    .toString()
    .padStart(18, '0')
  let end = digits.length
  const point = end - 17
  while (end > point && digits.charCodeAt(end - 1) === 0x30) end--
  const text = end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`
  return mantissa < 0n && text !== '0' ? `-${text}` : text
}

/** The long double nearest to a positive integer times a power of two; `sticky` says that a little was cut off. */
function round(n: bigint, exponent: number, sticky: boolean): LongDouble {
  const bits = bitLength(n)
  if (bits + exponent > maxBits) return { mantissa: 1n, exponent: Infinity }
  const drop = Math.max(bits - precision, minExponent - exponent)
  if (drop > bits) return zero
  if (drop <= 0) return { mantissa: n, exponent }
  // Rounding up may give 2^64, which is a long double all the same, unless it is the first one too large.
  const mantissa = roundBits(n, drop, sticky)
  const infinite = drop + exponent === maxBits - precision && mantissa === 1n << 64n
  return { mantissa, exponent: infinite ? Infinity : exponent + drop }
}

function parseHexadecimal(text: string): LongDouble {
  const { mantissa, exponent } = parseHex(text)
  return round(mantissa, exponent, false)
}

function parseDecimal(text: string): LongDouble {
  const start = text.charCodeAt(0) === 0x2b || text.charCodeAt(0) === 0x2d ? 1 : 0
  let mark = text.length
  let point = -1
  for (let i = start; i < mark; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x2e) point = i
    else if (unit > 0x39) mark = i
  }
  // Zeros at the front count for nothing; without them the number of digits tells the size.
  const all = point < 0 ? text.slice(start, mark) : text.slice(start, point) + text.slice(point + 1, mark)
  let first = 0
  while (all.charCodeAt(first) === 0x30) first++
  const count = all.length - first
  const ten = (mark < text.length ? Number(text.slice(mark + 1)) : 0) - (point < 0 ? 0 : mark - point - 1)
  // 10^(count - 1 + ten) <= value < 10^(count + ten), and long doubles reach from 3.6e-4951 to 1.2e4932.
  if (count + ten > 4940) return { mantissa: 1n, exponent: Infinity }
  if (count + ten < -4960) return zero
  const n = BigInt(first === 0 ? all : all.slice(first))
  if (ten >= 0) return round(n * 10n ** BigInt(ten), 0, false)
  // The quotient gets two bits more than the significand, and what the division leaves over counts as a little more.
  const divisor = 10n ** BigInt(-ten)
  const shift = Math.max(0, precision + 2 + bitLength(divisor) - bitLength(n))
  const shifted = n << BigInt(shift)
  const quotient = shifted / divisor
  return round(quotient, -shift, quotient * divisor !== shifted)
}
