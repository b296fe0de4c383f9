/** Numbers that only seem random: those of Redis, the same ones from each start of a server on. */
export class Random {
  /** 48 bits of state, as two halves. */
  private high: number
  private low: number

  constructor() {
    this.high = 0x1234ab
    this.low = 0xcd330e
  }

  /** Takes 32 bits. */
  seed(seed: number): void {
    const bits = seed >>> 0
    this.high = bits >>> 8
    this.low = (bits & 0xff) * 0x10000 + 0x330e
  }

  /** The next whole number of 31 bits: the upper ones of state × 0x5DEECE66D + 11, modulo 2^48. */
  next(): number {
    // The factor is 0x5DE · 2^24 + 0xECE66D; no product here has more than 50 bits.
    const low = this.low * 0xece66d + 0xb
    const carry = Math.floor(low / 0x1000000)
    const high = this.high * 0xece66d + this.low * 0x5de + carry
    this.low = low % 0x1000000
    this.high = high % 0x1000000
    return this.high * 0x80 + (this.low >>> 17)
  }
}
