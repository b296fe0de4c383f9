/**
 * How everything here is measured. A suite has subjects that do the same work: embedis and its peers. For each size a fresh
 * process runs a number of rounds; each round builds every subject anew and times each case on each of them, in an order
 * that turns from round to round. What counts is the ratio of two subjects in the same round: the machine's mood is the
 * same for both. A claim holds when the lower quartile of these ratios reaches it.
 */
import { add, configure, suite as benny } from 'benny'

/** Does `ops` operations and returns something that depends on all of them. */
export type Work = () => number | Promise<number>

export interface Case {
  readonly ops: number
  readonly work: Work
}

/** The cases of one subject over one size; `close` ends what it started. */
export interface Built {
  readonly cases: Readonly<Record<string, Case>>
  readonly close?: () => void | Promise<void>
}

export type Claims = { readonly [title: string]: { readonly [peer: string]: number | undefined } | undefined }

export interface Suite {
  readonly name: string
  readonly sizes: readonly number[]
  /** Undefined when the subject cannot take part: no server, or too slow at this size. */
  readonly subjects: Readonly<Record<string, (size: number) => Built | undefined | Promise<Built | undefined>>>
  /** Case → peer → the ratio that embedis is to reach at a size. */
  readonly claims?: (size: number) => Claims
  /** Case → how many microseconds it may take embedis, where that counts and not what others take. */
  readonly microseconds?: Readonly<Record<string, number>>
  /** Case → how many microseconds it may take embedis longer than another case. */
  readonly differences?: Readonly<Record<string, { readonly over: string; readonly microseconds: number }>>
}

/** Case → subject → operations per second, one entry per round. */
export type Rates = Record<string, Record<string, number[]>>

let sink = 0

export async function measure(suite: Suite, size: number, rounds: number, only: string | undefined): Promise<Rates> {
  const rates: Rates = {}
  const names = Object.keys(suite.subjects)
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : [...names].reverse()
    const built = new Map<string, Built>()
    for (const name of order) {
      const one = await suite.subjects[name](size)
      if (one !== undefined) built.set(name, one)
    }
    for (const title of new Set([...built.values()].flatMap(one => Object.keys(one.cases)))) {
      if (only !== undefined && !title.includes(only)) continue
      for (const name of order) {
        const one = built.get(name)?.cases[title]
        if (one === undefined) continue
        // The first run warms the compiler and the caches, and is not counted.
        sink += await one.work()
        const rate = await time(title, one)
        rates[title] ??= {}
        rates[title][name] ??= []
        rates[title][name].push(rate)
      }
    }
    for (const one of built.values()) await one.close?.()
    ;(globalThis as { gc?: () => void }).gc?.()
  }
  if (Number.isNaN(sink)) throw new Error('a case did not do its work')
  return rates
}

/** Operations per second of a case, by benny. */
async function time(title: string, one: Case): Promise<number> {
  const asynchronous = one.work() instanceof Promise
  const summary = await benny(
    title,
    add(
      title,
      asynchronous
        ? async () => {
            sink += await one.work()
          }
        : () => {
            sink += one.work() as number
          },
    ),
    configure({ cases: { minSamples: 5, maxTime: 0.12, delay: 0.001 } }),
  )
  const { ops, details } = summary.results[0]
  // benny rounds `ops` to a whole number, which is coarse for works of a thousand operations.
  return (details.median > 0 ? 1 / details.median : ops) * one.ops
}

export interface Spread {
  readonly lower: number
  readonly median: number
  readonly upper: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) }
}

// ---- what the keys look like ----------------------------------------------------------------------------------------

/** A seeded generator (mulberry32), so that every subject gets the same keys in the same order. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Indexes below `size`: every one as likely as another. */
export function uniform(size: number, count: number, seed = 1): Int32Array {
  const random = chance(seed)
  return Int32Array.from({ length: count }, () => Math.floor(random() * size))
}

/** Indexes below `size` with the popularity of Zipf's law (exponent 1), the popular ones scattered over the range. */
export function zipf(size: number, count: number, seed = 2): Int32Array {
  const random = chance(seed)
  // Inverse of the harmonic distribution, which is close to a logarithm.
  return Int32Array.from({ length: count }, () => {
    const rank = Math.min(size - 1, Math.floor(size ** random()) - 1)
    return (Math.imul(rank, 0x9e3779b1) >>> 0) % size
  })
}

/** A case that goes round a list of indexes, `ops` of them at a time. */
export function over(indexes: Int32Array, one: (index: number) => number, ops = 1000): Case {
  let at = 0
  return {
    ops,
    work: () => {
      let sum = 0
      if (at + ops > indexes.length) at = 0
      for (let i = at; i < at + ops; i++) sum += one(indexes[i])
      at += ops
      return sum
    },
  }
}

/** The same for what has to be awaited, one by one. */
export function awaited(indexes: Int32Array, one: (index: number) => Promise<number>, ops = 100): Case {
  let at = 0
  return {
    ops,
    work: async () => {
      let sum = 0
      if (at + ops > indexes.length) at = 0
      for (let i = at; i < at + ops; i++) sum += await one(indexes[i])
      at += ops
      return sum
    },
  }
}
