import { expect, it } from 'vitest'
import { murmur64 } from '../../src/util/murmur.ts'
import { Random, seed } from './live.ts'

const MASK = 2n ** 64n - 1n
const M = 0xc6a4a7935bd1e995n
const times = (h: bigint): bigint => (h * M) & MASK
const shifted = (h: bigint): bigint => h ^ (h >> 47n)

/** The same hash with bigints, as its definition reads. */
function reference(bytes: Uint8Array, hashSeed: bigint): bigint {
  const number = (from: number, to: number): bigint =>
    bytes.slice(from, to).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let h = hashSeed ^ times(BigInt(bytes.length))
  let i = 0
  for (; i + 8 <= bytes.length; i += 8) h = times(h ^ times(shifted(times(number(i, i + 8)))))
  if (i < bytes.length) h = times(h ^ number(i, bytes.length))
  return shifted(times(shifted(h)))
}

it('is MurmurHash64A', () => {
  const r = new Random(seed)
  const hash = new Int32Array(2)
  for (let run = 0; run < 2000; run++) {
    const bytes = Uint8Array.from({ length: r.int(0, 70) }, () => r.pick([0, 0xff, r.int(0, 255)]))
    const hashSeed = r.int(0, 2 ** 32 - 1)
    murmur64(bytes, bytes.length, hashSeed | 0, hash)
    const got = (BigInt(hash[1] >>> 0) << 32n) | BigInt(hash[0] >>> 0)
    expect(got).toBe(reference(bytes, BigInt(hashSeed)))
  }
})
