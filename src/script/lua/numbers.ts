import { floatForm, strtod } from '../../util/numbers.ts'
import { general } from './decimal.ts'

/** A number as `tostring` spells it: C's `%.14g`. NaN has lost its sign here, and is written as that of 0/0 is. */
export function formatNumber(n: number): string {
  if (n > -1e14 && n < 1e14) {
    if (Number.isInteger(n)) return n === 0 && 1 / n < 0 ? '-0' : String(n)
    // Up to 14 digits that lead back to the number are the 14 nearest to it, and of this size laid out alike.
    if (n > 1e-4 || n < -1e-4) {
      const text = String(n)
      if (text.length <= 15) return text
      // Other roundings than C's there are only half way, at a fifteenth digit 5 that is the last one. Below
      // 9e12 there is a point among the digits.
      if (n > -9e12 && n < 9e12 && text.charCodeAt(text.length - 1) !== 0x35) {
        const rounded = n.toPrecision(14)
        return rounded.charCodeAt(rounded.length - 1) === 0x30 ? rounded.replace(/\.?0+$/, '') : rounded
      }
    }
  }
  if (n !== n) return '-nan'
  if (n === Infinity) return 'inf'
  if (n === -Infinity) return '-inf'
  return n < 0 ? `-${general(-n, 14, false)}` : general(n, 14, false)
}

/** The number that a text spells, as arithmetic and `tonumber` read it; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  const form = floatForm(text)
  if (form === 'decimal') return Number(text)
  const inner = trim(text)
  if (inner === '') return undefined
  // What C would read as hexadecimal with strtoul, strtod has read before.
  return /^[+-]?nan(\([0-9a-z_]*\))?$/i.test(inner) ? NaN : strtod(inner)
}

/** What C sees of a text, which ends at a zero byte, without the white space around. */
function trim(text: string): string {
  const end = text.indexOf('\0')
  return (end < 0 ? text : text.slice(0, end)).replace(/^[\t-\r ]+/, '').replace(/[\t-\r ]+$/, '')
}

/**
 * The whole number that a text spells in a base of 2 to 36, as C's strtoul reads it: modulo 2^64 when negative, at most
 * 2^64 - 1. Undefined when it is none.
 */
export function parseInBase(text: string, base: number): number | undefined {
  const found = /^([+-]?)(0x(?=[0-9a-f]))?([0-9a-z]+)$/i.exec(trim(text))
  if (found === null) return undefined
  // Before a base of more than 33 the x is a digit; in smaller ones other than 16 it is none.
  const digits = found[2] !== undefined && base !== 16 ? found[2] + found[3] : found[3]
  for (let i = 0; i < digits.length; i++) {
    if (Number.parseInt(digits[i], 36) >= base) return undefined
  }
  const n = Number.parseInt(digits, base)
  if (n < 2 ** 53 && found[1] !== '-') return n
  let exact = 0n
  for (let i = 0; i < digits.length; i++) {
    exact = exact * BigInt(base) + BigInt(Number.parseInt(digits[i], 36))
    if (exact >= 2n ** 64n) return 2 ** 64
  }
  return Number(found[1] === '-' ? BigInt.asUintN(64, -exact) : exact)
}
