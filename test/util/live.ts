/** What the comparisons of `src/util` with a live redis-server share: a seeded generator and pipelined batches. */
import type { Argument, RedisClient } from '../support/redis.ts'

/** A small seeded generator (mulberry32), so that a failure can be run again: `EMBEDIS_SEED=… npx vitest run …`. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  pick<T>(of: readonly T[]): T {
    return of[this.int(0, of.length - 1)] as T
  }

  digits(count: number): string {
    let text = ''
    for (let i = 0; i < count; i++) text += this.int(0, 9)
    return text
  }
}

export const seed = Number(process.env.EMBEDIS_SEED ?? 20_261)

/** How many cases a comparison tries: `fallback`, or `EMBEDIS_CASES` for a long run. */
export const cases = (fallback: number): number => Number(process.env.EMBEDIS_CASES ?? fallback)

/** Sends commands in batches of one write each and returns all replies. */
export async function pipeline(client: RedisClient, argvs: readonly (readonly Argument[])[]): Promise<string[]> {
  const replies: string[] = []
  for (let at = 0; at < argvs.length; at += 2000) {
    for (const reply of await client.send(argvs.slice(at, at + 2000))) replies.push(reply)
  }
  return replies
}
