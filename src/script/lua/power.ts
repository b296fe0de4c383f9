import type { Operator } from './ast.ts'
import { scale, split } from './binary.ts'

/** Lua's `%`: the remainder has the sign of the divisor. */
export function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b
}

/** What an operator makes of two numbers. */
export function compute(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return modulo(a, b)
    case '^':
      return power(a, b)
  }
}

/**
 * Lua's `^`, which is C's pow. JavaScript's differs: it has no powers of 1 with NaN or infinity, and its last digit is
 * often wrong. Here whole powers are exact, then rounded; C's own error is hardly more than that of the rounding.
 */
export function power(a: number, b: number): number {
  if (b === 2) return a * a
  if (b === 0.5) return a === -Infinity ? Infinity : Math.sqrt(a + 0)
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1
  const rough = Math.pow(a, b)
  // Small whole numbers are exact already.
  if (Number.isSafeInteger(rough) && Number.isInteger(a) && b >= 0) return rough
  if (!Number.isInteger(b) || b <= -1024 || b >= 1024 || rough === 0 || !Number.isFinite(rough)) return rough
  const size = Math.abs(rough)
  if (size > 1e-250 && size < 1e250) return wholePower(a, b)
  // So that no step leaves what doubles have room for, powers of two are kept out of it.
  const [mantissa, exponent] = split(a)
  return scale(wholePower(mantissa, b), exponent * b)
}

/** The upper half of a product, whose lower half is then in `rest`. */
let rest = 0

function multiply(a: number, b: number): number {
  const product = a * b
  // Halves of 26 bits have products without error (Dekker 1971).
  const aSplit = a * 134217729
  const aHigh = aSplit - (aSplit - a)
  const aLow = a - aHigh
  const bSplit = b * 134217729
  const bHigh = bSplit - (bSplit - b)
  const bLow = b - bHigh
  rest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
  return product
}

/** a^b by squaring, with numbers of twice the length: each is the sum of two. */
function wholePower(a: number, b: number): number {
  let high = 1
  let low = 0
  let squareHigh = a
  let squareLow = 0
  for (let n = Math.abs(b); ; ) {
    if ((n & 1) === 1) {
      const product = multiply(high, squareHigh)
      const error = rest + (high * squareLow + low * squareHigh)
      high = product + error
      low = product - high + error
    }
    n >>= 1
    if (n === 0) break
    const square = multiply(squareHigh, squareHigh)
    const error = rest + 2 * squareHigh * squareLow
    squareHigh = square + error
    squareLow = square - squareHigh + error
  }
  if (b >= 0) return high
  const inverse = 1 / high
  const product = multiply(inverse, high)
  return inverse + (1 - product - rest - inverse * low) / high
}
