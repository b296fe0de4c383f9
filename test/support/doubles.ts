/**
 * A double as Redis 7.2 and later print it (`d2string` with `fpconv_dtoa`), written from the recorded replies;
 * 7.0 prints `%.17g`. JavaScript's shortest digits are the same, only the layout differs.
 */
export function shortestDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity) return 'inf'
  if (value === -Infinity) return '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 62) return BigInt(value).toString()
  const [mantissa, power] = Math.abs(value).toExponential().split('e') as [string, string]
  const digits = mantissa.replace('.', '')
  // The value is digits × 10^k.
  const k = Number(power) - digits.length + 1
  const exponent = Math.abs(Number(power))
  const sign = value < 0 ? '-' : ''
  if (k >= 0 && exponent < digits.length + 7) return sign + digits + '0'.repeat(k)
  if (k < 0 && (k > -7 || exponent < 4)) {
    const point = digits.length + k
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  return `${sign}${digits[0]}${fraction}e${Number(power) < 0 ? '-' : '+'}${exponent}`
}
