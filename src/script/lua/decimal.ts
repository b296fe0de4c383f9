/*
 * Decimal digits of doubles as C's printf rounds them: to nearest, and exact ties to the even digit. JavaScript rounds
 * the same exact value, but ties up.
 */

/** C's `%.{places}f` of a number that is finite and not negative; up to 99 places. */
export function fixed(n: number, places: number): string {
  if (n >= 1e21) return places === 0 ? String(BigInt(n)) : `${BigInt(n)}.${'0'.repeat(places)}`
  // A tie is an odd multiple of 1/2 · 10^-places; as a double has no factor 1/5, it is one of 1/2^(places + 1).
  if (isOdd(n * 2 ** (places + 1))) {
    const longer = n.toFixed(places + 1)
    const cut = longer.slice(0, places === 0 ? -2 : -1)
    if ((cut.charCodeAt(cut.length - 1) & 1) === 0) return cut
  }
  return n.toFixed(places)
}

/** As `scientific`, but with JavaScript's exponent; up to 99 places. */
function exponential(n: number, places: number): string {
  const text = n.toExponential(places)
  const mark = text.indexOf('e')
  const last = text.charCodeAt(mark - 1)
  // A tie that went up from an even digit ends with an odd one.
  if ((last & 1) === 0) return text
  const longer = n.toExponential(places + 1)
  const end = longer.indexOf('e')
  if (longer.charCodeAt(end - 1) !== 0x35 || (longer.charCodeAt(end - (places === 0 ? 3 : 2)) & 1) === 1) return text
  if (!isTie(n, places - Number(longer.slice(end + 1)))) return text
  return longer.slice(0, end - (places === 0 ? 2 : 1)) + longer.slice(end)
}

/** Whether a number lies half way between two of so many decimal places; below 0 these are powers of ten. */
function isTie(n: number, places: number): boolean {
  if (places >= 0) return isOdd(n * 2 ** (places + 1))
  if (!Number.isInteger(n)) return false
  const unit = 10n ** BigInt(-places)
  return BigInt(n) % unit === unit / 2n
}

function isOdd(n: number): boolean {
  return Number.isInteger(n) && n % 2 === 1
}

/** C's `%.{places}e` of a number that is finite and not negative. */
export function scientific(n: number, places: number, point: boolean): string {
  const [mantissa, exponent] = exponential(n, places).split('e')
  return `${mantissa}${point && places === 0 ? '.' : ''}e${signed(Number(exponent))}`
}

/** C's `%.{precision}g` of a number that is finite and not negative, with `zeros` that of `%#.{precision}g`. */
export function general(n: number, precision: number, zeros: boolean): string {
  const [mantissa, exponent] = exponential(n, precision - 1).split('e')
  const power = Number(exponent)
  let digits = mantissa.replace('.', '')
  if (!zeros) digits = digits.replace(/0+$/, '')
  if (digits === '') digits = '0'
  if (power < -4 || power >= precision) {
    const fraction = digits.length > 1 || zeros ? `.${digits.slice(1)}` : ''
    return `${digits[0]}${fraction}e${signed(power)}`
  }
  if (power < 0) return `0.${'0'.repeat(-power - 1)}${digits}`
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0')
  return digits.length > power + 1 || zeros ? `${whole}.${digits.slice(power + 1)}` : whole
}

/** A power of ten as C writes it, with its sign and two digits at least. */
function signed(power: number): string {
  const size = Math.abs(power)
  return `${power < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`
}
