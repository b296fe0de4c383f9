/** Places and distances as a live redis-server computes them, to the last digit it prints. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { geohashText, geoScore, latitudeOf, longitudeOf } from '../../src/util/geohash.ts'
import { arcSine, cosine, distance, sine } from '../../src/util/sphere.ts'
import { seventeenDecimals } from '../support/doubles.ts'
import { type RedisClient, type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { cases, pipeline, Random, seed } from './live.ts'

/** π × 2^200, and the sine of a double by its series, × 2^200. */
const ONE = 1n << 200n
function exactSine(x: number): bigint {
  // A double is an integer times a power of two, and all those asked for have no bits below 2^-120.
  const angle = BigInt(x * 2 ** 120) << 80n
  const square = (angle * angle) >> 200n
  let sum = 0n
  let term = angle
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term
    term = -((term * square) >> 200n) / ((n + 1n) * (n + 2n))
  }
  return sum
}

/** The distance of `value` from what is exact, in units of the last place of `value`. */
function error(value: number, exact: bigint): number {
  const power = Math.floor(Math.log2(Math.abs(value))) - 52
  const off = BigInt(value * 2 ** 120) * (1n << 80n) - exact
  return Math.abs(Number((off * 1_000_000n) / ONE) / 1e6 / 2 ** power) || Math.abs(Number(off)) / 2 ** 200 / 2 ** power
}

describe('trigonometry', () => {
  it('rounds correctly in nearly all cases', () => {
    const r = new Random(seed)
    let wrong = 0
    for (let i = 0; i < 3000; i++) {
      const x = r.next() * Math.PI * (i % 3 === 0 ? 1e-4 : 1)
      const exact = exactSine(x)
      const off = error(sine(x), exact)
      expect(off).toBeLessThan(0.51)
      if (off > 0.5) wrong++
      expect(sine(-x)).toBe(-sine(x))
      // The cosine is a sine of what lacks to a right angle, which is not a double: only its size can be looked at.
      expect(Math.abs(cosine(x) ** 2 + sine(x) ** 2 - 1)).toBeLessThan(5e-16)
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(2.3e-16)
      const y = r.next() * (i % 3 === 0 ? 1e-4 : 1)
      const angle = arcSine(y)
      expect(Math.abs(angle - Math.asin(y))).toBeLessThan(4.6e-16)
    }
    expect(wrong).toBeLessThan(15)
    expect([sine(0), cosine(0), arcSine(0), arcSine(1)]).toEqual([0, 1, 0, Math.PI / 2])
    expect(Number.isNaN(cosine(Infinity))).toBe(true)
    expect(cosine(1e9)).toBe(Math.cos(1e9))
  })
})

describe('places', () => {
  it('come back within half a cell', () => {
    const r = new Random(seed)
    for (let i = 0; i < 20_000; i++) {
      const longitude = r.next() * 360 - 180
      const latitude = (r.next() * 2 - 1) * 85.05112878
      const score = geoScore(longitude, latitude)
      expect(Number.isSafeInteger(score)).toBe(true)
      expect(Math.abs(longitudeOf(score) - longitude)).toBeLessThanOrEqual(180 / 2 ** 26 + 1e-13)
      expect(Math.abs(latitudeOf(score) - latitude)).toBeLessThanOrEqual(85.05112878 / 2 ** 26 + 1e-13)
      expect(geoScore(longitudeOf(score), latitudeOf(score))).toBe(score)
    }
  })
})

describe.skipIf(redisVersion() === undefined)('against a live redis-server', () => {
  let server: RedisServer | undefined
  let client: RedisClient
  beforeAll(async () => {
    server = await startRedis()
    client = await (server as RedisServer).connect(2)
  })
  afterAll(async () => {
    await server?.stop()
  })

  it('scores, places, geohashes and distances are the same', { timeout: 300_000 }, async () => {
    const r = new Random(seed)
    const units = [
      ['m', 1],
      ['km', 1000],
      ['ft', 0.3048],
      ['mi', 1609.34],
    ] as const
    const wrong: string[] = []
    const count = cases(5000)
    for (let done = 0; done < count; done += 1000) {
      const points = Array.from({ length: 1000 }, (): [number, number] => {
        // All over the map, near each other, at its edges.
        const kind = r.next()
        if (kind < 0.6) return [r.next() * 360 - 180, (r.next() * 2 - 1) * 85.05112878]
        if (kind < 0.8) return [13 + r.next() / 100, 52 + r.next() / 100]
        if (kind < 0.9) return [r.pick([-180, 180, 0, 90]) as number, (r.next() * 2 - 1) * 85.05112878]
        return [r.next() * 360 - 180, r.pick([-85.05112878, 85.05112878, 0]) as number]
      })
      await pipeline(client, [['FLUSHALL']])
      await pipeline(client, [['GEOADD', 'k', ...points.flatMap(([x, y], i) => [String(x), String(y), `p${i}`])]])
      const argvs: string[][] = []
      const own: string[] = []
      for (const [i, [x, y]] of points.entries()) {
        const score = geoScore(x, y)
        const [longitude, latitude] = [longitudeOf(score), latitudeOf(score)]
        argvs.push(['ZRANGEBYSCORE', 'k', String(score), String(score)])
        own.push(`p${i}`)
        argvs.push(['GEOPOS', 'k', `p${i}`])
        own.push(`[["${seventeenDecimals(longitude)}" "${seventeenDecimals(latitude)}"]]`)
        argvs.push(['GEOHASH', 'k', `p${i}`])
        own.push(`["${geohashText(longitude, latitude)}"]`)
        const j = r.int(0, 999)
        const other = geoScore(...(points[j] as [number, number]))
        const [unit, metres] = r.pick(units)
        argvs.push(['GEODIST', 'k', `p${i}`, `p${j}`, unit])
        own.push(`"${fourDecimals(distance(longitude, latitude, longitudeOf(other), latitudeOf(other)) / metres)}"`)
      }
      const replies = await pipeline(client, argvs)
      for (const [i, reply] of replies.entries()) {
        const mine = own[i] as string
        // Several members may have one score.
        const same = mine.startsWith('p') ? reply.includes(`"${mine}"`) : reply === mine
        if (!same) wrong.push(`${(argvs[i] as string[]).join(' ')}: ${reply}, not ${mine}`)
      }
    }
    console.log(`geo: seed ${seed}, ${count} places, ${wrong.length} replies differ`)
    expect(wrong).toEqual([])
  })
})

/** Half to even of the product, which is what Redis rounds. */
function fourDecimals(n: number): string {
  const scaled = n * 10_000
  const below = Math.floor(scaled)
  const rest = scaled - below
  const digits = String(rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below).padStart(5, '0')
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`
}
