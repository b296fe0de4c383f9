import { strtod } from '../../util/numbers.ts'

/** A number as `tostring` spells it: C's `%.14g`. */
export function formatNumber(n: number): string {
  if (Number.isInteger(n) && n > -1e14 && n < 1e14) return n === 0 && 1 / n < 0 ? '-0' : String(n)
  if (n !== n) return '-nan'
  if (n === Infinity) return 'inf'
  if (n === -Infinity) return '-inf'
  const [digits, exponent] = n.toExponential(13).split('e')
  const e = Number(exponent)
  if (e < -4 || e >= 14) {
    const sign = e < 0 ? '-' : '+'
    return `${trimmed(digits)}e${sign}${String(Math.abs(e)).padStart(2, '0')}`
  }
  return trimmed(n.toFixed(13 - e))
}

function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

/** The number that a text spells, as arithmetic and `tonumber` read it; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  const inner = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '')
  return inner === '' ? undefined : strtod(inner)
}
