import { badArgument, numberArg, SPELLING, stringArg, toInteger } from './arguments.ts'
import { Builder, claim } from './claim.ts'
import { fixed, general, scientific } from './decimal.ts'
import type { Machine } from './machine.ts'
import type { Value } from './value.ts'

/** One conversion of a format, as C's printf knows it. */
interface Conversion {
  readonly left: boolean
  readonly plus: boolean
  readonly space: boolean
  readonly alternate: boolean
  readonly zero: boolean
  readonly width: number
  /** -1 when none is given. */
  readonly precision: number
}

const plain: Conversion = {
  left: false,
  plus: false,
  space: false,
  alternate: false,
  zero: false,
  width: 0,
  precision: -1,
}

/** What each conversion takes, and each digit behind the point. */
const CONVERSION = 15
const DIGIT = 10

/** `string.format`. */
export function format(m: Machine, args: readonly Value[]): string {
  const text = stringArg(m, args, 0)
  const out = new Builder(m)
  let arg = 0
  let from = 0
  for (;;) {
    const at = text.indexOf('%', from)
    if (at < 0) break
    if (at > from) out.add(text.slice(from, at))
    let p = at + 1
    if (text.charCodeAt(p) === 0x25) {
      out.add('%')
      from = p + 1
      continue
    }
    if (++arg >= args.length) throw badArgument(m, arg, 'no value')
    let conversion = plain
    m.spend(CONVERSION)
    const c = text.charCodeAt(p)
    // Anything before the letter is a flag, a digit or a point; letters come behind these.
    if (c < 0x41) {
      const end = specificationEnd(m, text, p)
      conversion = readConversion(text.slice(p, end))
      p = end
    }
    out.add(convert(m, args, arg, text.charAt(p), conversion))
    from = p + 1
  }
  // A format without conversions is its own result.
  if (from === 0) return text
  if (from < text.length) out.add(text.slice(from))
  return out.text
}

function isDigit(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  return c >= 0x30 && c <= 0x39
}

/** Where flags, width and precision that begin at `from` end: at most five flags, and two digits for each number. */
function specificationEnd(m: Machine, text: string, from: number): number {
  let p = from
  while (p < text.length && '-+ #0'.includes(text[p])) p++
  if (p - from >= 6) throw m.error('invalid format (repeated flags)')
  if (isDigit(text, p)) p++
  if (isDigit(text, p)) p++
  if (text[p] === '.') {
    p++
    if (isDigit(text, p)) p++
    if (isDigit(text, p)) p++
  }
  if (isDigit(text, p)) throw m.error('invalid format (width or precision too long)')
  return p
}

const CACHED = 256
const conversions = new Map<string, Conversion>()

function readConversion(specification: string): Conversion {
  let conversion = conversions.get(specification)
  if (conversion === undefined) {
    if (conversions.size >= CACHED) conversions.clear()
    conversions.set(specification, (conversion = parseConversion(specification)))
  }
  return conversion
}

function parseConversion(specification: string): Conversion {
  const [, flags, width, precision] = /^([-+ #0]*)(\d*)(?:\.(\d*))?$/.exec(specification) as unknown as string[]
  return {
    left: flags.includes('-'),
    plus: flags.includes('+'),
    space: flags.includes(' '),
    alternate: flags.includes('#'),
    zero: flags.includes('0'),
    width: Number(width),
    precision: precision === undefined ? -1 : Number(precision),
  }
}

function convert(m: Machine, args: readonly Value[], arg: number, letter: string, how: Conversion): string {
  switch (letter) {
    case 'd':
    case 'i': {
      const n = numberArg(m, args, arg)
      if (how === plain && Number.isSafeInteger(n)) return n === 0 ? '0' : String(n)
      m.spend(SPELLING)
      return integer(toInteger(n), how)
    }
    case 's': {
      const text = stringArg(m, args, arg)
      // Lua leaves long strings alone. Of others C sees what is before a zero byte.
      if (text.length >= 100 && how.precision < 0) return text
      const end = text.indexOf('\0')
      const seen = end < 0 ? text : text.slice(0, end)
      return pad(how.precision < 0 ? seen : seen.slice(0, how.precision), how)
    }
    case 'c': {
      const code = Math.trunc(numberArg(m, args, arg))
      const byte = code >= -(2 ** 31) && code < 2 ** 31 ? code & 255 : 0
      const padded = pad(String.fromCharCode(byte), how)
      return byte === 0 ? padded.slice(0, padded.indexOf('\0')) : padded
    }
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      m.spend(SPELLING)
      return unsigned(numberArg(m, args, arg), letter, how)
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      m.spend(SPELLING + Math.max(how.precision, 0) * DIGIT)
      return float(numberArg(m, args, arg), letter, how)
    case 'q':
      return quoted(m, stringArg(m, args, arg))
    default:
      throw m.error(`invalid option '%${letter === '\0' ? '' : letter}' to 'format'`)
  }
}

function pad(text: string, { width, left }: Conversion): string {
  return left ? text.padEnd(width) : text.padStart(width)
}

/** A number in its width: sign or prefix, then zeros if it is to be filled with them, then digits. */
function fill(sign: string, digits: string, how: Conversion, zeros: boolean): string {
  if (zeros && !how.left) return sign + digits.padStart(how.width - sign.length, '0')
  return pad(sign + digits, how)
}

function signOf(negative: boolean, { plus, space }: Conversion): string {
  return negative ? '-' : plus ? '+' : space ? ' ' : ''
}

/** So many digits at least as the precision tells; no digits at all for a zero with precision 0. */
function atLeast(digits: string, precision: number): string {
  return precision === 0 && digits === '0' ? '' : digits.padStart(precision, '0')
}

function integer(n: number, how: Conversion): string {
  const digits = atLeast(Number.isSafeInteger(n) ? String(Math.abs(n)) : String(BigInt(Math.abs(n))), how.precision)
  return fill(signOf(n < 0, how), digits, how, how.zero && how.precision < 0)
}

function unsigned(n: number, letter: string, how: Conversion): string {
  const bits = toUnsigned(n)
  let digits = atLeast(bits.toString(letter === 'o' ? 8 : letter === 'u' ? 10 : 16), how.precision)
  let prefix = ''
  if (how.alternate) {
    if (letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`
    if ((letter === 'x' || letter === 'X') && bits > 0) prefix = '0x'
  }
  const text = fill(prefix, digits, how, how.zero && how.precision < 0)
  return letter === 'X' ? text.toUpperCase() : text
}

/** As compilers for x86 turn a double into an unsigned integer of 64 bits: what is beyond 2^64 is 0. */
function toUnsigned(n: number): number | bigint {
  const whole = Math.trunc(n)
  if (whole >= 0 && whole <= Number.MAX_SAFE_INTEGER) return whole
  if (whole >= 2 ** 63) return whole < 2 ** 64 ? BigInt(whole) : 0
  return BigInt.asUintN(64, BigInt(toInteger(n)))
}

function float(n: number, letter: string, how: Conversion): string {
  // NaN has lost its sign: it gets that of 0/0.
  const sign = signOf(n < 0 || Object.is(n, -0) || n !== n, how)
  const size = Math.abs(n)
  let digits: string
  if (size !== size) digits = 'nan'
  else if (size === Infinity) digits = 'inf'
  else {
    const precision = how.precision < 0 ? 6 : how.precision
    if (letter === 'f') {
      digits = fixed(size, precision)
      if (how.alternate && precision === 0) digits += '.'
    } else if (letter === 'e' || letter === 'E') digits = scientific(size, precision, how.alternate)
    else digits = general(size, precision === 0 ? 1 : precision, how.alternate)
  }
  const text = fill(sign, digits, how, how.zero && Number.isFinite(n))
  return letter === 'E' || letter === 'G' ? text.toUpperCase() : text
}

/** A text as Lua could read it from a source. */
function quoted(m: Machine, text: string): string {
  // At most four characters come of one: \000.
  let length = text.length + 2
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22 || code === 0x5c || code === 0x0a || code === 0x0d) length++
    else if (code === 0) length += 3
  }
  claim(m, length)
  m.spend(length >> 1)
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\000')
  return `"${escaped}"`
}
