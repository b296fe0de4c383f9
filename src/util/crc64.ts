/**
 * CRC-64 as Redis computes it (Jones): reflected polynomial 95ac9329ac4bc9b5, initial value 0, no final xor, so that
 * the checksum of "123456789" is e9c6d914c4b8d9ca.
 *
 * JavaScript has no fast 64-bit integers: state and tables are two 32-bit halves. Eight bytes are folded in one step
 * (slice-by-8): table k, at `k * 256`, tells what a byte does that has k more bytes behind it.
 */

const polyHigh = 0x95ac9329
const polyLow = 0xac4bc9b5

interface Tables {
  readonly high: Int32Array
  readonly low: Int32Array
}

// Built at first use: importing the module costs nothing.
let built: Tables | undefined

function build(): Tables {
  const high = new Int32Array(2048)
  const low = new Int32Array(2048)
  for (let byte = 0; byte < 256; byte++) {
    let h = 0
    let l = byte
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1
      l = (l >>> 1) | (h << 31)
      h >>>= 1
      if (odd) {
        h ^= polyHigh
        l ^= polyLow
      }
    }
    high[byte] = h
    low[byte] = l
  }
  for (let i = 256; i < 2048; i++) {
    const h = high[i - 256]
    const l = low[i - 256]
    high[i] = (h >>> 8) ^ high[l & 255]
    low[i] = ((l >>> 8) | (h << 24)) ^ low[l & 255]
  }
  built = { high, low }
  return built
}

/** A running checksum: `high` and `low` are its two halves, as signed 32-bit integers. */
export class Crc64 {
  high: number
  low: number

  constructor(high: number = 0, low: number = 0) {
    this.high = high | 0
    this.low = low | 0
  }

  /** Takes in `bytes[start..end)`. About 0.4 GB/s. */
  update(bytes: Uint8Array, start: number = 0, end: number = bytes.length): this {
    const { high: th, low: tl } = built ?? build()
    let h = this.high
    let l = this.low
    let i = start
    for (const last = end - 8; i <= last; i += 8) {
      l ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
      h ^= bytes[i + 4] | (bytes[i + 5] << 8) | (bytes[i + 6] << 16) | (bytes[i + 7] << 24)
      const a = 1792 + (l & 255)
      const b = 1536 + ((l >>> 8) & 255)
      const c = 1280 + ((l >>> 16) & 255)
      const d = 1024 + (l >>> 24)
      const e = 768 + (h & 255)
      const f = 512 + ((h >>> 8) & 255)
      const g = 256 + ((h >>> 16) & 255)
      const k = h >>> 24
      h = th[a] ^ th[b] ^ th[c] ^ th[d] ^ th[e] ^ th[f] ^ th[g] ^ th[k]
      l = tl[a] ^ tl[b] ^ tl[c] ^ tl[d] ^ tl[e] ^ tl[f] ^ tl[g] ^ tl[k]
    }
    for (; i < end; i++) {
      const k = (l ^ bytes[i]) & 255
      l = ((l >>> 8) | (h << 24)) ^ tl[k]
      h = (h >>> 8) ^ th[k]
    }
    this.high = h
    this.low = l
    return this
  }

  /** Writes the eight bytes of the checksum, little-endian, and returns the position after them. */
  write(target: Uint8Array, at: number): number {
    for (let i = 0; i < 4; i++) target[at + i] = this.low >>> (8 * i)
    for (let i = 0; i < 4; i++) target[at + 4 + i] = this.high >>> (8 * i)
    return at + 8
  }

  /** Whether the eight bytes at `at` are this checksum. */
  matches(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < 4; i++) {
      if (bytes[at + i] !== ((this.low >>> (8 * i)) & 255)) return false
      if (bytes[at + 4 + i] !== ((this.high >>> (8 * i)) & 255)) return false
    }
    return true
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, '0')
    return hex(this.high) + hex(this.low)
  }
}
