import { byteLength } from '../util/text.ts'

// What a collection would take as a Redis listpack, which decides what OBJECT ENCODING answers.

/** What a listpack takes beside its elements. */
export const HEADER = 7

/** The bytes of the value, or one per character above 32 of them: see `cost`. */
export function lengthOf(value: string): number {
  return value.length > 32 ? value.length : byteLength(value)
}

/**
 * The bytes that a listpack takes for the value: an integer 2 to 10, text its length and a few more. Text above 32
 * characters counts as one byte per character: to count exactly would cost more than to push, and it matters only to
 * OBJECT ENCODING, for lists of long text that is not ASCII, around 8 KB.
 */
export function cost(value: string): number {
  const length = value.length
  if (length <= 20 && length > 0) {
    const unit = value.charCodeAt(0)
    if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const integer = integerCost(value, unit === 0x2d)
      if (integer > 0) return integer
    }
  }
  const bytes = lengthOf(value)
  return bytes < 64 ? bytes + 2 : bytes < 126 ? bytes + 3 : bytes < 4096 ? bytes + 4 : bytes + 7
}

/** As `cost`, 0 when the value is not an integer in its shortest form that fits in 64 bits. */
function integerCost(value: string, negative: boolean): number {
  const digits = negative ? value.length - 1 : value.length
  const from = negative ? 1 : 0
  if (digits === 0 || (value.charCodeAt(from) === 0x30 && value.length > 1)) return 0
  let n = 0
  for (let i = from; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return 0
    n = n * 10 + digit
  }
  if (digits >= 19) {
    // Strings of 19 digits compare as the numbers do; a double would round them.
    const limit = negative ? '9223372036854775808' : '9223372036854775807'
    return digits === 19 && (negative ? value.slice(1) : value) <= limit ? 10 : 0
  }
  return costOfInteger(negative ? -n : n)
}

/** As `cost` of the digits of an integer. */
export function costOfInteger(n: number): number {
  if (n >= 0 && n <= 127) return 2
  if (n >= -4096 && n <= 4095) return 3
  if (n >= -32768 && n <= 32767) return 4
  if (n >= -8388608 && n <= 8388607) return 5
  return n >= -2147483648 && n <= 2147483647 ? 6 : 10
}

/** The sum of `cost` over `items[start..end)`. */
export function costOf(items: readonly string[], start: number, end: number): number {
  let bytes = 0
  for (let i = start; i < end; i++) bytes += cost(items[i])
  return bytes
}
