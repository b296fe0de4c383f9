/**
 * Distances on the earth taken for a sphere, by the haversine formula, in the order of operations that Redis has.
 *
 * Sines and arc sines of JavaScript are right to about one unit in the last place and differ from engine to engine, which
 * shows: a distance is told to a tenth of a millimetre, and of a million distances three or four differ in the last
 * digit. So `distance` rounds them correctly in all but one case of a thousand, as C libraries do, for twice the time:
 * an angle is a multiple of π/64 and a rest so small that its powers need no more than a double.
 */

export const EARTH_RADIUS = 6372797.560856
const RADIAN = Math.PI / 180

export function radians(degrees: number): number {
  return degrees * RADIAN
}

export function degrees(angle: number): number {
  return angle / RADIAN
}

/** The distance in metres. All arguments are in degrees. */
export function distance(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number {
  const v = sine((radians(longitude2) - radians(longitude1)) / 2)
  if (v === 0) return latitudeDistance(latitude1, latitude2)
  const a = radians(latitude1)
  const b = radians(latitude2)
  const u = sine((b - a) / 2)
  return 2 * EARTH_RADIUS * arcSine(Math.sqrt(u * u + cosine(a) * cosine(b) * v * v))
}

/** The distance in metres between two latitudes on one meridian. */
export function latitudeDistance(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS * Math.abs(radians(latitude2) - radians(latitude1))
}

// ---- correctly rounded, nearly ------------------------------------------------------------------------------------

/** π × 2^136. */
const PI_136 = 0x3243f6a8885a308d313198a2e03707344a4n
const ONE = 1n << 136n
const PARTS = 64
/** Up to here an angle is a multiple of π/64 that the table has, and a rest. */
const LARGEST = 3.15

/** π/64 as a sum of three doubles, of which the first two are so short that their multiples are exact. */
const step1 = Number(PI_136 >> 100n) * 2 ** -42
const step2 = Number((PI_136 >> 60n) & ((1n << 40n) - 1n)) * 2 ** -82
const step3 = Number(PI_136 & ((1n << 60n) - 1n)) * 2 ** -142

/** For each multiple: sine and cosine, each as a double and what it lacks. Made when first needed. */
let table: Float64Array | null = null

function makeTable(): Float64Array {
  const made = new Float64Array((PARTS + 1) * 4)
  const put = (at: number, n: bigint): void => {
    const high = Number(n) / 2 ** 136
    made[at] = high
    made[at + 1] = Number(n - BigInt(high * 2 ** 136)) / 2 ** 136
  }
  for (let k = 0; k <= PARTS; k++) {
    const x = (PI_136 * BigInt(k)) / BigInt(PARTS)
    const square = (x * x) >> 136n
    let sine = 0n
    let cosine = 0n
    let power = ONE
    for (let n = 0n; power !== 0n; n += 2n) {
      const odd = (power * x) / (ONE * (n + 1n))
      cosine += (n & 2n) === 0n ? power : -power
      sine += (n & 2n) === 0n ? odd : -odd
      power = (power * square) / (ONE * (n + 1n) * (n + 2n))
    }
    put(k * 4, sine)
    put(k * 4 + 2, cosine)
  }
  return made
}

// What `evaluate` found: each as a double and what it lacks.
let sineHigh = 0
let sineLow = 0
let cosineHigh = 0
let cosineLow = 0

/** What the product lacks of a × b (Dekker). */
function lack(a: number, b: number, product: number): number {
  const ca = 134217729 * a
  const ah = ca - (ca - a)
  const al = a - ah
  const cb = 134217729 * b
  const bh = cb - (cb - b)
  const bl = b - bh
  return al * bl - (product - ah * bh - al * bh - ah * bl)
}

/** Sine and cosine of an angle from 0 to `LARGEST`. */
function evaluate(x: number): void {
  table ??= makeTable()
  const k = Math.round(x * (PARTS / Math.PI))
  const near = x - k * step1
  const by = k * step2
  const r = near - by
  const back = r - near
  const rest = near - (r - back) - (by + back) - k * step3
  const square = r * r
  // sin r - r, with what r lacks, and cos r - 1.
  const sin = r * square * (-1 / 6 + square * (1 / 120 + square * (-1 / 5040 + square / 362880))) + rest
  const cos = square * (-1 / 2 + square * (1 / 24 + square * (-1 / 720 + square / 40320)))
  const s = table[k * 4]
  const sl = table[k * 4 + 1]
  const c = table[k * 4 + 2]
  const cl = table[k * 4 + 3]
  const p = c * r
  let high = s + p
  let part = high - s
  let low = s - (high - part) + (p - part) + (lack(c, r, p) + sl + s * cos + c * sin + cl * r)
  sineHigh = high + low
  sineLow = high - sineHigh + low
  const q = -s * r
  high = c + q
  part = high - c
  low = c - (high - part) + (q - part) + (lack(-s, r, q) + cl + c * cos - s * sin - sl * r)
  cosineHigh = high + low
  cosineLow = high - cosineHigh + low
}

export function sine(x: number): number {
  if (!(Math.abs(x) <= LARGEST)) return Math.sin(x)
  evaluate(Math.abs(x))
  return x < 0 ? -sineHigh : sineHigh
}

export function cosine(x: number): number {
  if (!(Math.abs(x) <= LARGEST)) return Math.cos(x)
  evaluate(Math.abs(x))
  return cosineHigh
}

/** For numbers from 0 to 1. */
export function arcSine(x: number): number {
  const y = Math.asin(x)
  if (!(y > 0)) return y
  evaluate(y)
  // One step of Newton's method, from what is right but for its last bits.
  return y + (x - sineHigh - sineLow) / (cosineHigh + cosineLow)
}
