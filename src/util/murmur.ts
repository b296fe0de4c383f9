/**
 * MurmurHash64A, the hash that HyperLogLogs spread their elements by. Its 64 bits are kept in two halves of 32, because a
 * bigint would cost an allocation in each of some twenty steps.
 */

// The multiplier, C6A4A793 5BD1E995: its halves, and the low one in two pieces of 16 bits.
const HIGH = 0xc6a4a793 | 0
const LOW = 0x5bd1e995 | 0
const LOW_1 = 0x5bd1
const LOW_0 = 0xe995

/**
 * The high half of `h × 2^32 + l`, times the multiplier, modulo 2^64; the low one is `Math.imul(l, LOW)`. Put together from
 * products of 16 bits, of which no sum reaches 2^32. Each is an int32 at once: what may be more is added as doubles.
 */
function high(h: number, l: number): number {
  const l0 = l & 0xffff
  const l1 = l >>> 16
  const p10 = (Math.imul(l1, LOW_0) + (Math.imul(l0, LOW_0) >>> 16)) | 0
  const p01 = (Math.imul(l0, LOW_1) + (p10 & 0xffff)) | 0
  const carried = Math.imul(l1, LOW_1) + (p10 >>> 16) + (p01 >>> 16)
  return (carried + Math.imul(l, HIGH) + Math.imul(h, LOW)) | 0
}

/** Puts the hash of `bytes[0..length)` into `hash`, its low half first. */
export function murmur64(bytes: Uint8Array, length: number, seed: number, hash: Int32Array): void {
  let h = high(0, length)
  let l = Math.imul(length, LOW) ^ seed
  let i = 0
  for (; i + 8 <= length; i += 8) {
    const low = word(bytes, i)
    const mixedHigh = high(word(bytes, i + 4), low)
    // What a shift to the right by 47 leaves are the upper 17 bits of the high half, in the low one.
    const mixedLow = Math.imul(low, LOW) ^ (mixedHigh >>> 15)
    h ^= high(mixedHigh, mixedLow)
    l ^= Math.imul(mixedLow, LOW)
    h = high(h, l)
    l = Math.imul(l, LOW)
  }
  if (i < length) {
    for (let k = 0; i + k < length; k++) {
      if (k < 4) l ^= bytes[i + k] << (8 * k)
      else h ^= bytes[i + k] << (8 * (k - 4))
    }
    h = high(h, l)
    l = Math.imul(l, LOW)
  }
  l ^= h >>> 15
  h = high(h, l)
  hash[0] = Math.imul(l, LOW) ^ (h >>> 15)
  hash[1] = h
}

/** Four bytes, the lowest first. */
function word(bytes: Uint8Array, i: number): number {
  return bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
}
