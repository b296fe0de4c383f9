import { randomFillSync } from 'node:crypto'
import RedisMock from 'ioredis-mock'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, over, type Suite, uniform } from './suite.ts'

const COUNT = 100_000

/** `size` bits, about half of them set. */
function bitsOf(size: number): Uint8Array {
  return randomFillSync(new Uint8Array(size / 8))
}

/** What a program does that has no library: the bits in an array of its own. */
class Bits {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  set(at: number): number {
    const byte = at >> 3
    const mask = 0x80 >> (at & 7)
    const old = this.bytes[byte] & mask
    this.bytes[byte] |= mask
    return old === 0 ? 0 : 1
  }
  get(at: number): number {
    return (this.bytes[at >> 3] >> (7 - (at & 7))) & 1
  }
  count(): number {
    let count = 0
    for (const byte of this.bytes) for (let left = byte; left !== 0; left &= left - 1) count++
    return count
  }
}

export const suite: Suite = {
  name: 'Bitmaps of so many bits',
  sizes: [100_000, 8_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      store.set('bits', bitsOf(size))
      store.set('other', bitsOf(size))
      const at = uniform(size, COUNT)
      return {
        cases: {
          setbit: over(at, i => store.setbit('bits', i, 1)),
          getbit: over(at, i => store.getbit('bits', i)),
          'bitfield u8': over(at, i => store.bitfield('bits', [{ incrby: 'u8', offset: i, by: 1 }])[0]),
          bitcount: over(at, () => store.bitcount('bits'), 10),
          bitop: over(at, () => store.bitop('XOR', 'result', 'bits', 'other'), 10),
        },
      }
    },
    'Uint8Array by hand': size => {
      const bits = new Bits(bitsOf(size))
      const at = uniform(size, COUNT)
      return {
        cases: {
          setbit: over(at, i => bits.set(i)),
          getbit: over(at, i => bits.get(i)),
          bitcount: over(at, () => bits.count(), 10),
        },
      }
    },
    'ioredis-mock': async size => {
      if (size > 100_000) return undefined
      const client = new RedisMock({ host: `bitmaps-${size}` })
      await client.flushall()
      // It keeps bits in a string of characters, and takes no bytes for one.
      await client.setbit('bits', size - 1, 1)
      const at = uniform(size, COUNT)
      return {
        cases: { setbit: awaited(at, i => client.setbit('bits', i, 1), 5) },
        close: () => client.disconnect(),
      }
    },
    redis: async size => {
      if (size > 100_000) return undefined
      const server = await startRedis()
      if (server === undefined) return undefined
      const { client } = server
      await client.set('bits', Buffer.from(bitsOf(size)))
      const at = uniform(size, COUNT)
      return {
        cases: {
          setbit: awaited(at, i => client.setbit('bits', i, 1)),
          bitcount: awaited(at, () => client.bitcount('bits'), 10),
        },
        close: () => server.close(),
      }
    },
  },
  claims: () => ({
    setbit: { 'ioredis-mock': 20, redis: 50 },
    bitcount: { 'Uint8Array by hand': 5 },
  }),
}
