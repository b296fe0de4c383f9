/**
 * Numbers as Redis reads and writes them: 64-bit integers (string2ll), and doubles (strtod as getDoubleFromObject
 * narrows it, d2string since 7.2).
 *
 * A 64-bit integer is a `number` when it is safe (within ±(2^53 − 1)) and a `bigint` beyond, never the other way round,
 * so equal integers are equal by `===`.
 */

import { fromBytes } from './text.ts'

export const MIN_INT64: bigint = -(2n ** 63n)
export const MAX_INT64: bigint = 2n ** 63n - 1n

/** The integer as `number` when it is safe, else as it is. */
export function narrow(n: bigint): number | bigint {
  const small = Number(n)
  return Number.isSafeInteger(small) ? small : n
}

/** Whether `n` is an integer that fits 64 bits. */
export function isInt64(n: number | bigint): boolean {
  if (typeof n === 'bigint') return n >= MIN_INT64 && n <= MAX_INT64
  // 2^63 itself is a double, and the first one out of range.
  return Number.isInteger(n) && n >= -(2 ** 63) && n < 2 ** 63
}

/** Any integer that fits 64 bits in its one form here, a safe `number` or a `bigint`; undefined for all others. */
export function int64(n: number | bigint): number | bigint | undefined {
  if (typeof n === 'number' && Number.isSafeInteger(n)) return n === 0 ? 0 : n
  return isInt64(n) ? narrow(BigInt(n)) : undefined
}

/** The sum of two 64-bit integers; undefined when it does not fit 64 bits. */
export function addInt64(a: number | bigint, b: number | bigint): number | bigint | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(a) + BigInt(b)
  return sum >= MIN_INT64 && sum <= MAX_INT64 ? narrow(sum) : undefined
}

/**
 * The integer that `text` spells in its only form: digits without leading zeros, a minus sign for negative ones, within
 * 64 bits. Everything else ('', '+1', '01', '-0', ' 1', '1.0') is undefined.
 */
export function parseInteger(text: string): number | bigint | undefined {
  const length = text.length
  // '-9223372036854775808' has 20 characters.
  if (length === 0 || length > 20) return undefined
  const negative = text.charCodeAt(0) === 0x2d
  const start = negative ? 1 : 0
  let n = text.charCodeAt(start) - 0x30
  if (n === 0) return length === 1 ? 0 : undefined
  if (!(n >= 1 && n <= 9)) return undefined
  for (let i = start + 1; i < length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return undefined
    n = n * 10 + digit
  }
  // Fifteen digits and more than half of sixteen were exact all the way; rounding cannot lead back under 2^53.
  if (n <= Number.MAX_SAFE_INTEGER) return negative ? -n : n
  const exact = BigInt(text)
  return exact >= MIN_INT64 && exact <= MAX_INT64 ? exact : undefined
}

/** What strtod and strtold would read all of `text` as. `nan` is left out, because Redis takes it nowhere. */
export type FloatForm = 'decimal' | 'hex' | 'infinity'

/**
 * The form of the number that is the whole of `text`, or undefined when strtod would leave something over, skip white
 * space, or find nothing. Without allocation.
 */
export function floatForm(text: string): FloatForm | undefined {
  const length = text.length
  let i = 0
  let unit = text.charCodeAt(0)
  if (unit === 0x2b || unit === 0x2d) unit = text.charCodeAt(++i)
  if ((unit | 0x20) === 0x69) {
    const rest = length - i
    return (rest === 3 || rest === 8) && 'infinity'.startsWith(text.slice(i).toLowerCase()) ? 'infinity' : undefined
  }
  const hex = unit === 0x30 && (text.charCodeAt(i + 1) | 0x20) === 0x78
  if (hex) i += 2
  let digits = 0
  let point = false
  for (; i < length; i++) {
    unit = text.charCodeAt(i)
    if (unit >= 0x30 && unit <= 0x39) digits++
    else if (unit === 0x2e && !point) point = true
    else if (hex && (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66) digits++
    else break
  }
  if (digits === 0) return undefined
  if (i < length) {
    // The exponent: 'e' after decimal digits, 'p' after hexadecimal ones, both followed by a decimal number.
    if ((unit | 0x20) !== (hex ? 0x70 : 0x65)) return undefined
    unit = text.charCodeAt(++i)
    if (unit === 0x2b || unit === 0x2d) i++
    if (i >= length) return undefined
    for (; i < length; i++) {
      unit = text.charCodeAt(i)
      if (unit < 0x30 || unit > 0x39) return undefined
    }
  }
  return hex ? 'hex' : 'decimal'
}

/**
 * The double that `text` spells: what strtod reads, decimal, hexadecimal or infinity, rounded to nearest even. Undefined
 * where Redis answers "not a valid float": anything before or after the number, not a number, finite text that
 * overflows to infinity, and other than zero that underflows to zero.
 */
export function parseDouble(text: string): number | undefined {
  const form = floatForm(text)
  if (form === undefined) return undefined
  if (form === 'infinity') return text.charCodeAt(0) === 0x2d ? -Infinity : Infinity
  const value = form === 'decimal' ? Number(text) : parseHexDouble(text)
  if (value === Infinity || value === -Infinity) return undefined
  return value === 0 && !spellsZero(text) ? undefined : value
}

/**
 * The double that C's strtod makes of all of `text`, NaN left out. It is more generous than `parseDouble`: white space may
 * come first, a text without any characters is 0, a zero byte ends the text, and what is out of range is infinity or 0.
 */
export function strtod(text: string): number | undefined {
  const end = text.indexOf('\0')
  const seen = end < 0 ? text : text.slice(0, end)
  if (seen === '') return 0
  const number = seen.replace(/^[\t-\r ]+/, '')
  const form = floatForm(number)
  if (form === undefined) return undefined
  if (form === 'infinity') return number.charCodeAt(0) === 0x2d ? -Infinity : Infinity
  return form === 'decimal' ? Number(number) : parseHexDouble(number)
}

/** All digits before the exponent of a number in decimal or hexadecimal form are zeros. */
export function spellsZero(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x31 && unit <= 0x39) return false
    const letter = unit | 0x20
    if (letter === 0x78) return spellsZeroInHex(text, i + 1)
    if (letter === 0x65) return true
  }
  return true
}

function spellsZeroInHex(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if ((unit | 0x20) === 0x70) return true
    if (unit !== 0x30 && unit !== 0x2e) return false
  }
  return true
}

/** A number in hexadecimal form as `mantissa × 2^exponent`, exactly. */
export function parseHex(text: string): { negative: boolean; mantissa: bigint; exponent: number } {
  const lower = text.toLowerCase()
  const start = lower.indexOf('x') + 1
  const mark = lower.indexOf('p')
  const end = mark < 0 ? lower.length : mark
  const point = lower.indexOf('.')
  const digits = point < 0 ? lower.slice(start, end) : lower.slice(start, point) + lower.slice(point + 1, end)
  return {
    negative: text.charCodeAt(0) === 0x2d,
    mantissa: BigInt(`0x${digits}`),
    exponent: (mark < 0 ? 0 : Number(lower.slice(mark + 1))) - (point < 0 ? 0 : 4 * (end - point - 1)),
  }
}

function parseHexDouble(text: string): number {
  const { negative, mantissa, exponent } = parseHex(text)
  let value = 0
  if (mantissa !== 0n) {
    const bits = bitLength(mantissa)
    // Below 2^-1074 there is nothing, so subnormal numbers keep fewer than 53 bits.
    const drop = Math.max(bits - 53, -1074 - exponent)
    if (drop > bits) value = 0
    else if (bits + exponent > 1024) value = Infinity
    else if (drop <= 0) value = Number(mantissa) * scale(exponent)
    else value = Number(roundBits(mantissa, drop, false)) * scale(exponent + drop)
  }
  return negative ? -value : value
}

/** 2^exponent; the caller has made sure that the product with its mantissa is exact. */
function scale(exponent: number): number {
  return 2 ** exponent
}

/** How many bits a positive integer has. */
export function bitLength(n: bigint): number {
  const hex = n.toString(16)
  return 4 * hex.length - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28
}

/** `n / 2^drop` rounded half to even; `sticky` says that something below `n` was cut off before. */
export function roundBits(n: bigint, drop: number, sticky: boolean): bigint {
  const by = BigInt(drop)
  const kept = n >> by
  const cut = n - (kept << by)
  const half = 1n << (by - 1n)
  const up = cut > half || (cut === half && (sticky || (kept & 1n) === 1n))
  return up ? kept + 1n : kept
}

/**
 * A double as Redis 7.2 and later reply it: `nan`, `inf`, `-inf`, `-0`; integers up to 2^62 in full; everything else
 * with the digits and in the layout of fpconv (`1e+19`, `1.5e-8`).
 */
export function formatDouble(n: number): string {
  if (Number.isSafeInteger(n)) return n === 0 && 1 / n < 0 ? '-0' : String(n)
  const hundredfold = n * 100
  // Two decimals and at most fifteen digits: the shortest digits lie at least 1/100 of a half ulp inside the rounding
  // interval, and Grisu2 misses only those in its outer 1/125, so it finds them, and nothing else is as short.
  if (hundredfold > -1e15 && hundredfold < 1e15 && Number.isInteger(hundredfold) && hundredfold / 100 === n)
    return String(n)
  if (n !== n) return 'nan'
  if (n === Infinity) return 'inf'
  if (n === -Infinity) return '-inf'
  if (Number.isInteger(n) && Math.abs(n) <= 2 ** 62) return String(BigInt(n))
  return layOut(grisu(Math.abs(n)), n < 0)
}

// Redis prints doubles with fpconv, an implementation of Grisu2 (Loitsch, "Printing floating-point numbers quickly and
// accurately with integers", 2010). Grisu2 is not quite the shortest: in one case of a thousand or so it prints a longer
// or a farther representation than JavaScript, so that its arithmetic is repeated here, exactly.
//
// All quantities are unsigned 64-bit integers as two numbers, the high and the low 32 bits.

const view = new DataView(new ArrayBuffer(8))
const word = 2 ** 32

/** The digits that `grisu` found, most significant first. */
const digits = new Uint8Array(20)
/** The power of ten of the last of them. */
let tens = 0

// 10^k for k = -348, -340, … 340: (high, low) × 2^exponent, normalized to 64 bits and rounded to nearest, made when
// first needed.
const powerHigh = new Float64Array(87)
const powerLow = new Float64Array(87)
const powerExponent = Int16Array.from(powerHigh, (_, index) => Math.floor((8 * index - 348) * Math.log2(10)) - 63)

function makePower(index: number): void {
  const k = 8 * index - 348
  const exponent = powerExponent[index]
  // One bit more than 64 is kept for the rounding. Of the three factors at most one of 10^k and 2^-exponent divides.
  const ten = 10n ** BigInt(Math.abs(k))
  const two = 1n << BigInt(Math.abs(exponent))
  const numerator = 2n * (k > 0 ? ten : 1n) * (exponent < 0 ? two : 1n)
  const rounded = (numerator / ((k > 0 ? 1n : ten) * (exponent < 0 ? 1n : two)) + 1n) >> 1n
  powerHigh[index] = Number(rounded >> 32n)
  powerLow[index] = Number(rounded & 0xffffffffn)
}

/** The index of the power that brings a number of binary exponent `e` to an exponent between -60 and -32. */
function powerFor(e: number): number {
  // Often two powers would do, and the digits can depend on the choice: this first guess is fpconv's.
  let index = Math.trunc((Math.trunc(-(e + 87) * 0.30102999566398114) + 348) / 8)
  while (e + powerExponent[index] + 64 < -60) index++
  while (e + powerExponent[index] + 64 > -32) index--
  if (powerHigh[index] === 0) makePower(index)
  return index
}

/** What `multiply` found, high and low. In an array, because a double in a variable of a module is boxed at each write. */
const product = new Float64Array(2)

/** Sets `product` to the upper 64 bits, rounded, of the product of (aHigh, aLow) and a power of ten. */
function multiply(aHigh: number, aLow: number, index: number): void {
  // The power in pieces of 16 bits keeps every partial product below 2^48, and every column below 2^51. Divisions by
  // powers of two are exact, and `%` on doubles is a call to fmod: it made all of this twice as slow.
  const pHigh = powerHigh[index]
  const pLow = powerLow[index]
  const b2 = pHigh & 0xffff
  const b0 = pLow & 0xffff
  const b3 = pHigh >>> 16
  const b1 = pLow >>> 16
  let column = Math.floor((aLow * b0) / 65536) + aLow * b1
  column = Math.floor(column / 65536) + aLow * b2 + aHigh * b0
  // Bits 48 and up; 2^15 here is half of the unit of the result.
  column = Math.floor(column / 65536) + aLow * b3 + aHigh * b1 + 32768
  column = Math.floor(column / 65536) + aHigh * b2
  const upper = Math.floor(column / 65536)
  const last = column - upper * 65536
  column = upper + aHigh * b3
  const high = Math.floor(column / 65536)
  product[0] = high
  product[1] = (column - high * 65536) * 65536 + last
}

/** Finds the digits of a positive finite number, leaves them in `digits` and `tens`, and returns how many there are. */
function grisu(n: number): number {
  view.setFloat64(0, n)
  const top = view.getUint32(0)
  const biased = top >>> 20
  let fraction = (top & 0xfffff) * word + view.getUint32(4) + (biased === 0 ? 0 : 2 ** 52)
  let e = (biased === 0 ? 1 : biased) - 1075 - 11
  // Half the distance to the next double above, and to the one below, which is nearer under a power of two.
  let above = 1024
  let below = fraction === 2 ** 52 ? 512 : 1024
  while (fraction < 2 ** 52) {
    fraction *= 2
    above *= 2
    below *= 2
    e--
  }
  const wHigh = Math.floor(fraction / 2 ** 21)
  const wLow = (fraction - wHigh * 2 ** 21) * 2048
  const index = powerFor(e)

  let carry = Math.floor((wLow + above) / word)
  multiply(wHigh + carry, wLow + above - carry * word, index)
  // The interval is taken one unit narrower at each end, because the products are off by up to one.
  let restHigh = product[0]
  let restLow = product[1] - 1
  if (restLow < 0) {
    restLow += word
    restHigh--
  }
  carry = Math.floor((wLow - below) / word)
  multiply(wHigh + carry, wLow - below - carry * word, index)
  let deltaLow = restLow - product[1] - 1
  let deltaHigh = restHigh - product[0]
  if (deltaLow < 0) {
    deltaLow += word
    deltaHigh--
  }
  multiply(wHigh, wLow, index)
  let frontLow = restLow - product[1]
  let frontHigh = restHigh - product[0]
  if (frontLow < 0) {
    frontLow += word
    frontHigh--
  }

  // The upper bound is `whole` + rest / (unit × 2^32). Digits are taken off it until what is left lies in the interval.
  const unit = 1 << -(e + powerExponent[index] + 64 + 32)
  let whole = Math.floor(restHigh / unit)
  restHigh -= whole * unit
  let count = 0
  tens = 348 - 8 * index + 10
  for (let ten = 1e9; ten >= 1; ten /= 10) {
    const digit = Math.floor(whole / ten)
    if (digit > 0 || count > 0) digits[count++] = digit
    whole -= digit * ten
    tens--
    const left = whole * unit + restHigh
    if (left < deltaHigh || (left === deltaHigh && restLow <= deltaLow)) {
      digits[count - 1] -= steps(frontHigh - left, frontLow - restLow, deltaHigh - left, deltaLow - restLow, ten * unit)
      return count
    }
  }
  for (;;) {
    carry = Math.floor((restLow * 10) / word)
    restLow = restLow * 10 - carry * word
    restHigh = restHigh * 10 + carry
    carry = Math.floor((deltaLow * 10) / word)
    deltaLow = deltaLow * 10 - carry * word
    deltaHigh = deltaHigh * 10 + carry
    carry = Math.floor((frontLow * 10) / word)
    frontLow = frontLow * 10 - carry * word
    frontHigh = frontHigh * 10 + carry
    const digit = Math.floor(restHigh / unit)
    if (digit > 0 || count > 0) digits[count++] = digit
    restHigh -= digit * unit
    tens--
    if (restHigh < deltaHigh || (restHigh === deltaHigh && restLow < deltaLow)) {
      digits[count - 1] -= steps(
        frontHigh - restHigh,
        frontLow - restLow,
        deltaHigh - restHigh,
        deltaLow - restLow,
        unit,
      )
      return count
    }
  }
}

/** C's `%.17g`. */
export function seventeenDigits(n: number): string {
  if (Number.isSafeInteger(n) || !Number.isFinite(n)) return formatDouble(n)
  const long = Math.abs(n).toExponential(40)
  const more = long.replace('.', '')
  // Half way between two, C takes the even one and JavaScript the larger one.
  const down = /^50*e/.test(more.slice(17)) && (more.charCodeAt(16) & 1) === 0
  const [mantissa, exponent] = (down ? long : Math.abs(n).toExponential(16)).split('e')
  const power = Number(exponent)
  const rounded = mantissa.replace('.', '').slice(0, 17)
  const digits = rounded.replace(/0+$/, '')
  const sign = n < 0 ? '-' : ''
  if (power < -4 || power >= 17) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0')
  return digits.length > power + 1 ? `${sign}${whole}.${digits.slice(power + 1)}` : sign + whole
}

/**
 * By how much to lower the last digit, to come as near to the number as the interval allows. One step is `step` × 2^32;
 * (aHigh, aLow) is the way down to the number and (bHigh, bLow) the way down to the end of the interval, low words
 * without their borrow.
 */
function steps(aHigh: number, aLow: number, bHigh: number, bLow: number, step: number): number {
  if (aLow < 0) {
    aLow += word
    aHigh--
  }
  if (bLow < 0) bHigh--
  // A step is taken while it stays inside and more than half of it is on the way.
  const half = Math.floor(step / 2)
  const halfLow = step % 2 === 1 ? word / 2 : 0
  let count = 0
  while (bHigh >= step && (aHigh > half || (aHigh === half && aLow > halfLow))) {
    count++
    aHigh -= step
    bHigh -= step
  }
  return count
}

const out = new Uint8Array(32)

/** The text of `count` digits and their power of ten `tens`, in the three layouts of fpconv. */
function layOut(count: number, negative: boolean): string {
  let at = 0
  if (negative) out[at++] = 0x2d
  const exponent = tens + count - 1
  const size = Math.abs(exponent)
  // The digit before which the point stands, if there is to be one.
  const point = count + tens
  if (tens >= 0 && size < count + 7) {
    for (let i = 0; i < count; i++) out[at++] = 0x30 + digits[i]
    for (let i = 0; i < tens; i++) out[at++] = 0x30
  } else if (tens < 0 && (tens > -7 || size < 4)) {
    if (point <= 0) {
      out[at++] = 0x30
      out[at++] = 0x2e
      for (let i = point; i < 0; i++) out[at++] = 0x30
    }
    for (let i = 0; i < count; i++) {
      if (i === point && i > 0) out[at++] = 0x2e
      out[at++] = 0x30 + digits[i]
    }
  } else {
    out[at++] = 0x30 + digits[0]
    if (count > 1) out[at++] = 0x2e
    for (let i = 1; i < count; i++) out[at++] = 0x30 + digits[i]
    out[at++] = 0x65
    out[at++] = exponent < 0 ? 0x2d : 0x2b
    if (size > 99) out[at++] = 0x30 + Math.floor(size / 100)
    if (size > 9) out[at++] = 0x30 + (Math.floor(size / 10) % 10)
    out[at++] = 0x30 + (size % 10)
  }
  return fromBytes(out, 0, at)
}
