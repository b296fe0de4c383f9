/**
 * XXH3, 64 bits, seed 0: the digest of DIGEST, IFDEQ and IFDNE, and what IDMPAUTO knows entries by. After the specification
 * of xxHash (Y. Collet).
 *
 * Up to 240 bytes are a handful of 64-bit operations, written as they read with BigInt. Longer input runs through eight
 * accumulators, 64 bytes a stripe, sixteen stripes a block; that loop keeps 64-bit words as two 32-bit halves.
 */

const prime32x1 = 0x9e3779b1n
const prime32x2 = 0x85ebca77n
const prime32x3 = 0xc2b2ae3dn
const prime64x1 = 0x9e3779b185ebca87n
const prime64x2 = 0xc2b2ae3d27d4eb4fn
const prime64x3 = 0x165667b19e3779f9n
const prime64x4 = 0x85ebca77c2b2ae63n
const prime64x5 = 0x27d4eb2f165667c5n
const mixPrime = 0x9fb21c651e98df25n
const avalanchePrime = 0x165667919e3779f9n

/** The secret of the specification, 192 bytes. */
const secretHex = `
  b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221
  b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8
  a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb
  170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e`

const secret = Uint8Array.from(secretHex.match(/[0-9a-f]{2}/g) ?? [], pair => Number.parseInt(pair, 16))
const secretWords = new DataView(secret.buffer)
const secretSize = 192
/** Where the secret is read for the last bytes: the numbers are the specification's. */
const secretOfMiddle = 3
const secretOfMiddleEnd = 136 - 17
const secretOfScramble = secretSize - 64
const secretOfLastStripe = secretSize - 64 - 7
const secretOfMerge = 11

const word = (bytes: DataView, at: number): bigint => bytes.getBigUint64(at, true)
const u64 = (n: bigint): bigint => BigInt.asUintN(64, n)
const rotate = (n: bigint, by: bigint): bigint => u64(n << by) | (n >> (64n - by))

/** The 128-bit product of two words, its halves xored. */
function fold(a: bigint, b: bigint): bigint {
  const product = a * b
  return u64(product) ^ (product >> 64n)
}

function avalanche(h: bigint): bigint {
  const mixed = u64((h ^ (h >> 37n)) * avalanchePrime)
  return mixed ^ (mixed >> 32n)
}

/** The last step of XXH64, kept for the shortest input. */
function avalanche64(h: bigint): bigint {
  const first = u64((h ^ (h >> 33n)) * prime64x2)
  const second = u64((first ^ (first >> 29n)) * prime64x3)
  return second ^ (second >> 32n)
}

function swap(n: bigint): bigint {
  let swapped = 0n
  for (let i = 0; i < 8; i++) swapped = (swapped << 8n) | ((n >> BigInt(8 * i)) & 0xffn)
  return swapped
}

function mix16(bytes: DataView, at: number, key: number): bigint {
  return fold(word(bytes, at) ^ word(secretWords, key), word(bytes, at + 8) ^ word(secretWords, key + 8))
}

/** XXH3-64 of `bytes` as 16 hexadecimal digits. O(n). */
export function xxh3(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return hash(view, bytes.length).toString(16).padStart(16, '0')
}

function hash(bytes: DataView, length: number): bigint {
  if (length <= 16) return hashTo16(bytes, length)
  if (length <= 128) return hashTo128(bytes, length)
  if (length <= 240) return hashTo240(bytes, length)
  return hashLong(bytes, length)
}

function hashTo16(bytes: DataView, length: number): bigint {
  if (length === 0) return avalanche64(word(secretWords, 56) ^ word(secretWords, 64))
  if (length <= 3) {
    const combined =
      (bytes.getUint8(0) << 16) | (bytes.getUint8(length >> 1) << 24) | bytes.getUint8(length - 1) | (length << 8)
    const flip = secretWords.getUint32(0, true) ^ secretWords.getUint32(4, true)
    return avalanche64(BigInt((combined ^ flip) >>> 0))
  }
  if (length <= 8) {
    const low = BigInt(bytes.getUint32(length - 4, true))
    const both = low | (BigInt(bytes.getUint32(0, true)) << 32n)
    const keyed = both ^ word(secretWords, 8) ^ word(secretWords, 16)
    let h = u64((keyed ^ rotate(keyed, 49n) ^ rotate(keyed, 24n)) * mixPrime)
    h = u64((h ^ ((h >> 35n) + BigInt(length))) * mixPrime)
    return h ^ (h >> 28n)
  }
  const low = word(bytes, 0) ^ word(secretWords, 24) ^ word(secretWords, 32)
  const high = word(bytes, length - 8) ^ word(secretWords, 40) ^ word(secretWords, 48)
  return avalanche(u64(BigInt(length) + swap(low) + high + fold(low, high)))
}

/** Pieces of 16 bytes from both ends towards the middle. */
function hashTo128(bytes: DataView, length: number): bigint {
  let acc = BigInt(length) * prime64x1
  for (let i = (length - 1) >> 5; i >= 0; i--) {
    acc += mix16(bytes, 16 * i, 32 * i) + mix16(bytes, length - 16 * (i + 1), 32 * i + 16)
  }
  return avalanche(u64(acc))
}

function hashTo240(bytes: DataView, length: number): bigint {
  let acc = BigInt(length) * prime64x1
  for (let i = 0; i < 8; i++) acc += mix16(bytes, 16 * i, 16 * i)
  acc = avalanche(u64(acc))
  const pieces = length >> 4
  for (let i = 8; i < pieces; i++) acc += mix16(bytes, 16 * i, 16 * (i - 8) + secretOfMiddle)
  return avalanche(u64(acc + mix16(bytes, length - 16, secretOfMiddleEnd)))
}

const stripe = 64
const stripesPerBlock = (secretSize - stripe) / 8
const block = stripe * stripesPerBlock
const initial = [prime32x3, prime64x1, prime64x2, prime64x3, prime64x4, prime32x2, prime64x5, prime32x1]

// The secret as 32-bit words at every byte offset: word k begins at byte k.
const secret32 = Uint32Array.from({ length: secretSize - 3 }, (_, k) => secretWords.getUint32(k, true))

function hashLong(bytes: DataView, length: number): bigint {
  // Accumulator i is acc[2i] (low half) and acc[2i + 1] (high half).
  const acc = new Uint32Array(16)
  for (let i = 0; i < 8; i++) {
    acc[2 * i] = Number(initial[i] & 0xffffffffn)
    acc[2 * i + 1] = Number(initial[i] >> 32n)
  }
  // The last byte belongs to the last stripe, which overlaps the one before it, so it is never part of a full block.
  const blocks = Math.floor((length - 1) / block)
  for (let b = 0; b < blocks; b++) {
    for (let s = 0; s < stripesPerBlock; s++) accumulate(acc, bytes, b * block + s * stripe, 8 * s)
    scramble(acc)
  }
  const stripes = Math.floor((length - 1 - blocks * block) / stripe)
  for (let s = 0; s < stripes; s++) accumulate(acc, bytes, blocks * block + s * stripe, 8 * s)
  accumulate(acc, bytes, length - stripe, secretOfLastStripe)

  let merged = BigInt(length) * prime64x1
  for (let i = 0; i < 8; i += 2) {
    const a = BigInt(acc[2 * i]) | (BigInt(acc[2 * i + 1]) << 32n)
    const b = BigInt(acc[2 * i + 2]) | (BigInt(acc[2 * i + 3]) << 32n)
    const key = secretOfMerge + 8 * i
    merged += fold(a ^ word(secretWords, key), b ^ word(secretWords, key + 8))
  }
  return avalanche(u64(merged))
}

/** Adds one stripe: acc[i ^ 1] += data[i], acc[i] += low half × high half of (data[i] ^ secret[i]). */
function accumulate(acc: Uint32Array, bytes: DataView, at: number, key: number): void {
  for (let i = 0; i < 8; i++) {
    const low = bytes.getUint32(at + 8 * i, true)
    const high = bytes.getUint32(at + 8 * i + 4, true)
    const other = 2 * (i ^ 1)
    const sum = acc[other] + low
    acc[other] = sum
    acc[other + 1] = acc[other + 1] + high + (sum > 0xffffffff ? 1 : 0)

    const a = (low ^ secret32[key + 8 * i]) >>> 0
    const b = (high ^ secret32[key + 8 * i + 4]) >>> 0
    // a × b in two columns of 48 bits each.
    const lower = a * (b & 0xffff)
    const upper = a * (b >>> 16) + Math.floor(lower / 65536)
    const productLow = (((upper & 0xffff) << 16) | (lower & 0xffff)) >>> 0
    const total = acc[2 * i] + productLow
    acc[2 * i] = total
    acc[2 * i + 1] = acc[2 * i + 1] + Math.floor(upper / 65536) + (total > 0xffffffff ? 1 : 0)
  }
}

/** After each block: acc = (acc ^ acc >> 47 ^ secret) × prime32x1. */
function scramble(acc: Uint32Array): void {
  const prime = Number(prime32x1)
  for (let i = 0; i < 8; i++) {
    const high = acc[2 * i + 1]
    const a = (acc[2 * i] ^ (high >>> 15) ^ secret32[secretOfScramble + 8 * i]) >>> 0
    const b = (high ^ secret32[secretOfScramble + 8 * i + 4]) >>> 0
    const lower = a * (prime & 0xffff)
    const upper = a * (prime >>> 16) + Math.floor(lower / 65536)
    acc[2 * i] = ((upper & 0xffff) << 16) | (lower & 0xffff)
    acc[2 * i + 1] = Math.floor(upper / 65536) + Math.imul(b, prime)
  }
}
