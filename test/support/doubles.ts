/**
 * Doubles as Redis 7.2 and later print them (`d2string`: integers as such, all others by `fpconv_dtoa`); 7.0 prints
 * `%.17g`. fpconv finds its digits with Grisu2, which in one case of a thousand is one digit longer than the shortest, or
 * not the nearest of the shortest. So there is no one text here: a text is right when it reads back as the value, has
 * at most one digit more than needed, and is laid out as fpconv does. Which of those it is, `src/util/numbers.ts` is
 * tested for.
 */

export function shortestDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 62) return BigInt(value).toString()
  const [mantissa, power] = Math.abs(value).toExponential().split('e') as [string, string]
  return (value < 0 ? '-' : '') + layOut(mantissa.replace('.', ''), Number(power))
}

/** Is `text` what Redis may print for `value`? */
export function printsDouble(text: string, value: number): boolean {
  const shortest = shortestDouble(value)
  if (text === shortest) return true
  if (Number(text) !== value || (Number.isInteger(value) && Math.abs(value) <= 2 ** 62)) return false
  const [mantissa = '', exponent = '0'] = text.replace('-', '').split(/e/) as [string, string?]
  const [whole = '', fraction = ''] = mantissa.split('.') as [string, string?]
  const leading = /^0*/.exec(whole + fraction)?.[0].length ?? 0
  const digits = (whole + fraction).slice(leading).replace(/0+$/, '')
  const power = whole.length - leading - 1 + Number(exponent)
  const needed = Math.abs(value).toExponential().split('e')[0]?.replace('.', '').length ?? 0
  const most = isHalfway(shortest, value) ? 17 : needed + 1
  return digits.length <= most && (value < 0 ? '-' : '') + layOut(digits, power) === text
}

/**
 * Does the shortest text lie exactly between two doubles? Rounding to even reads it as `value`, but Grisu2 leaves the
 * borders out and goes on to 17 digits: 7e22 is printed as 70000000000000004000000. Only integers get there.
 */
function isHalfway(shortest: string, value: number): boolean {
  const size = Math.abs(value)
  if (!Number.isInteger(size) || size < 2 ** 53) return false
  const [mantissa = '', power = '0'] = shortest.replace('-', '').split('e') as [string, string?]
  const [whole = '', fraction = ''] = mantissa.split('.') as [string, string?]
  const text = BigInt(whole + fraction) * 10n ** BigInt(Number(power) - fraction.length)
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, size)
  view.setBigUint64(0, view.getBigUint64(0) + (text > BigInt(size) ? 1n : -1n))
  return 2n * text === BigInt(size) + BigInt(view.getFloat64(0))
}

/** The layout of fpconv's `emit_digits`; `power` is the exponent of the first digit. */
function layOut(digits: string, power: number): string {
  // The value is digits × 10^k.
  const k = power - digits.length + 1
  const exponent = Math.abs(power)
  if (k >= 0 && exponent < digits.length + 7) return digits + '0'.repeat(k)
  if (k < 0 && (k > -7 || exponent < 4)) {
    const point = digits.length + k
    if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`
    return `${digits.slice(0, point)}.${digits.slice(point)}`
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  return `${digits[0]}${fraction}e${power < 0 ? '-' : '+'}${exponent}`
}

/** C's `%.17Lf` without the zeros at its end: how Redis 7.0 prints places. */
export function seventeenDecimals(value: number): string {
  const size = Math.abs(value)
  // Exact: a double has no bits below 2^-1074.
  let n = BigInt(Math.trunc(size))
  let rest = size % 1
  let scale = 0n
  while (rest !== 0) {
    rest *= 2
    n = n * 2n + BigInt(Math.trunc(rest))
    rest %= 1
    scale++
  }
  const scaled = n * 10n ** 17n
  const below = scaled >> scale
  const cut = (scaled - (below << scale)) * 2n
  const one = 1n << scale
  const rounded = cut > one || (cut === one && (below & 1n) === 1n) ? below + 1n : below
  const digits = rounded.toString().padStart(18, '0')
  const text = `${digits.slice(0, -17)}.${digits.slice(-17)}`.replace(/\.?0+$/, '')
  return value < 0 && text !== '0' ? `-${text}` : text
}
