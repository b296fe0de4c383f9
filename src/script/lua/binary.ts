const view = new DataView(new ArrayBuffer(8))

/** A number as m × 2^e, where m is at least 1/2 and less than 1: C's frexp. */
export function split(x: number): [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0]
  let more = 0
  view.setFloat64(0, x)
  if ((view.getUint16(0) & 0x7ff0) === 0) {
    // The first digit of a subnormal number can be anywhere.
    view.setFloat64(0, x * 2 ** 54)
    more = -54
  }
  const head = view.getUint16(0)
  view.setUint16(0, (head & 0x800f) | 0x3fe0)
  return [view.getFloat64(0), ((head >> 4) & 0x7ff) - 1022 + more]
}

/** x × 2^e, rounded once: C's ldexp. */
export function scale(x: number, e: number): number {
  const [mantissa, exponent] = split(x)
  // Beyond these all is infinite or 0.
  const power = Math.min(Math.max(exponent + e, -1100), 1100)
  if (power > 1000) return mantissa * 2 ** 1000 * 2 ** (power - 1000)
  // The first product is exact, so that what does not fit a subnormal number is rounded by the second alone.
  if (power < -1000) return mantissa * 2 ** -1000 * 2 ** (power + 1000)
  return mantissa * 2 ** power
}
