/**
 * MurmurHash64A, the hash that HyperLogLogs spread their elements by. Its 64 bits are kept in two halves of 32, because a
 * bigint would cost an allocation in each of some twenty steps.
 */

// The multiplier, C6A4A793 5BD1E995: its halves, and the low one in two pieces of 16 bits.
const HIGH = 0xc6a4a793 | 0
const LOW = 0x5bd1e995 | 0
const LOW_1 = 0x5bd1
const LOW_0 = 0xe995

// The halves of the product that `multiply` computed last, as int32.
let productHigh = 0
let productLow = 0

/** `h × 2^32 + l`, times the multiplier, modulo 2^64. */
function multiply(h: number, l: number): void {
  const l0 = l & 0xffff
  const l1 = l >>> 16
  // The high half of l × LOW is put together from products of 16 bits; none of the sums reaches 2^32.
  const p00 = Math.imul(l0, LOW_0) >>> 0
  const p10 = (Math.imul(l1, LOW_0) >>> 0) + (p00 >>> 16)
  const p01 = (Math.imul(l0, LOW_1) >>> 0) + (p10 & 0xffff)
  const carried = (Math.imul(l1, LOW_1) + (p10 >>> 16) + (p01 >>> 16)) | 0
  productLow = Math.imul(l, LOW)
  productHigh = (carried + Math.imul(l, HIGH) + Math.imul(h, LOW)) | 0
}

/** Puts the hash of `bytes[0..length)` into `hash`, its low half first. */
export function murmur64(bytes: Uint8Array, length: number, seed: number, hash: Int32Array): void {
  multiply(0, length)
  let h = productHigh
  let l = productLow ^ seed
  let i = 0
  for (; i + 8 <= length; i += 8) {
    multiply(word(bytes, i + 4), word(bytes, i))
    // What a shift to the right by 47 leaves are the upper 17 bits of the high half, in the low one.
    multiply(productHigh, productLow ^ (productHigh >>> 15))
    multiply(h ^ productHigh, l ^ productLow)
    h = productHigh
    l = productLow
  }
  if (i < length) {
    for (let k = 0; i + k < length; k++) {
      if (k < 4) l ^= bytes[i + k] << (8 * k)
      else h ^= bytes[i + k] << (8 * (k - 4))
    }
    multiply(h, l)
    h = productHigh
    l = productLow
  }
  multiply(h, l ^ (h >>> 15))
  hash[0] = productLow ^ (productHigh >>> 15)
  hash[1] = productHigh
}

/** Four bytes, the lowest first. */
function word(bytes: Uint8Array, i: number): number {
  return bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
}
