/**
 * Places on the earth as one number each, so that a sorted set keeps them: 26 bits of the latitude and 26 of the
 * longitude in turn, the longitude's first, which makes an integer of 52 bits. Places near each other mostly get near
 * numbers, and all places within a cell of a grid get the numbers of one range.
 *
 *     score   x25 y25 x24 y24 … x0 y0        x = longitude, y = latitude, each as a share of its range × 2^26
 *
 * A cell of step s is made of all places whose first s bits of x and of y are the same: (s, x, y) here. Everything is
 * computed in halves of 26 bits, because bits of numbers beyond 32 are out of the reach of JavaScript's operators. Each
 * floating point operation, and its order, is Redis', because its results are told to the last bit.
 *
 * A longitude of exactly 180 has x = 2^26, one bit more than there is room for: such scores have 54 bits.
 */

export const MAX_LONGITUDE = 180
/** Beyond it there is no square Mercator map. */
export const MAX_LATITUDE = 85.05112878
/** The step of a single score. */
export const FINEST = 26

const HALF = 2 ** 26
const LOW_13 = 0x1fff

/** The 16 low bits, each with an empty place before it. */
function spread(n: number): number {
  let bits = (n | (n << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}

/** Every second bit from the lowest on, closed up: the reverse of `spread`. */
function squash(n: number): number {
  let bits = n & 0x55555555
  bits = (bits | (bits >>> 1)) & 0x33333333
  bits = (bits | (bits >>> 2)) & 0x0f0f0f0f
  bits = (bits | (bits >>> 4)) & 0x00ff00ff
  return (bits | (bits >>> 8)) & 0xffff
}

/** Where a degree lies in the range from `-max` to `max`, which has 2^step parts. */
export function partOf(degree: number, max: number, step: number): number {
  return Math.floor(((degree - -max) / (max - -max)) * (step === FINEST ? HALF : 2 ** step))
}

/** The lower edge of a part, in degrees. */
export function edgeOf(part: number, max: number, step: number): number {
  return -max + (part / 2 ** step) * (max - -max)
}

/** The number of a place. Both degrees must be within their ranges. */
export function geoScore(longitude: number, latitude: number): number {
  return cellStart(FINEST, partOf(longitude, MAX_LONGITUDE, FINEST), partOf(latitude, MAX_LATITUDE, FINEST))
}

/** The first score in a cell. */
export function cellStart(step: number, x: number, y: number): number {
  return scoreAt(step, x, y, 0)
}

/** The first score behind a cell. */
export function cellEnd(step: number, x: number, y: number): number {
  return scoreAt(step, x, y, 4 ** (FINEST - step))
}

function scoreAt(step: number, x: number, y: number, more: number): number {
  const fx = x << (FINEST - step)
  const fy = y << (FINEST - step)
  const high = spread(fy >>> 13) | (spread(fx >>> 13) << 1)
  const low = spread(fy & LOW_13) | (spread(fx & LOW_13) << 1)
  // `more` is exact beside `low`, so that the sum is rounded once, as the integer is where it becomes a score.
  return high * HALF + (low + more)
}

/** The longitude in the middle of the finest cell that has the score. */
export function longitudeOf(score: number): number {
  const x = score >= 0 && score < 2 ** 54 ? partAt(score, 1) : strangePart(score, 1)
  return middle(x, MAX_LONGITUDE)
}

/** The latitude in the middle of the finest cell that has the score. */
export function latitudeOf(score: number): number {
  const y = score >= 0 && score < 2 ** 54 ? partAt(score, 0) : strangePart(score, 0)
  return middle(y, MAX_LATITUDE)
}

function partAt(score: number, bit: 0 | 1): number {
  const high = Math.floor(score / HALF)
  const low = score - high * HALF
  return (squash(high >>> bit) << 13) | squash(low >>> bit)
}

/** The part in a score that no place has: what a 64-bit processor makes of the double as an unsigned integer. */
function strangePart(score: number, bit: 0 | 1): number {
  if (score >= 2 ** 64) return 0
  const bits = BigInt.asUintN(64, score < -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(score)))
  const high = Number(bits >> 32n)
  const low = Number(bits & 0xffffffffn)
  return ((squash(high >>> bit) << 16) | squash(low >>> bit)) >>> 0
}

function middle(part: number, max: number): number {
  // As `edgeOf`, twice, without the power, which costs more than all the rest.
  const range = max - -max
  const degree = (-max + (part / HALF) * range + (-max + (((part + 1) >>> 0) / HALF) * range)) / 2
  return degree > max ? max : degree < -max ? -max : degree
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz'

/** The geohash of a place as others spell it, for a latitude within ±90: ten characters, and a last one without meaning. */
export function geohashText(longitude: number, latitude: number): string {
  const score = cellStart(FINEST, partOf(longitude, 180, FINEST) & (HALF - 1), partOf(latitude, 90, FINEST))
  let text = ''
  for (let bit = 47; bit >= 2; bit -= 5) text += ALPHABET[Math.floor(score / 2 ** bit) % 32]
  return `${text}0`
}
