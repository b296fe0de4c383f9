import { narrow } from '../util/numbers.ts'

/**
 * The id of a stream entry: milliseconds and a sequence number, both unsigned 64-bit integers, exact.
 *
 * Each part is a `number` when it is a safe integer and a `bigint` beyond, never the other way round. So equal parts are
 * equal by `===`, and `<` compares them whatever they are: JavaScript compares a number with a bigint by value. Almost all
 * ids ever seen are made of numbers and cost what numbers cost.
 */
export interface Id {
  readonly ms: Part
  readonly seq: Part
}
export type Part = number | bigint

export const MAX_PART: bigint = 2n ** 64n - 1n
/** 0-0, which no entry has. */
export const FIRST: Id = { ms: 0, seq: 0 }
export const LAST: Id = { ms: MAX_PART, seq: MAX_PART }

/** Negative, zero or positive, as `a` is before, at or after `b`. */
export function compareIds(a: Id, b: Id): number {
  return compareParts(a.ms, a.seq, b.ms, b.seq)
}

/** As `compareIds`, for ids that are no objects. */
export function compareParts(aMs: Part, aSeq: Part, bMs: Part, bSeq: Part): number {
  if (aMs === bMs) return aSeq === bSeq ? 0 : aSeq < bSeq ? -1 : 1
  return aMs < bMs ? -1 : 1
}

function plusOne(part: Part): Part {
  return typeof part === 'number' && part < Number.MAX_SAFE_INTEGER ? part + 1 : narrow(BigInt(part) + 1n)
}

function minusOne(part: Part): Part {
  return typeof part === 'number' ? part - 1 : narrow(part - 1n)
}

/** The id right after `id`; undefined after the last one there is. */
export function nextId(id: Id): Id | undefined {
  if (id.seq !== MAX_PART) return { ms: id.ms, seq: plusOne(id.seq) }
  return id.ms === MAX_PART ? undefined : { ms: plusOne(id.ms), seq: 0 }
}

/** The id right before `id`; undefined before 0-0. */
export function previousId(id: Id): Id | undefined {
  if (id.seq !== 0) return { ms: id.ms, seq: minusOne(id.seq) }
  return id.ms === 0 ? undefined : { ms: minusOne(id.ms), seq: MAX_PART }
}

/** `1526919030474-55`. */
export function idText(id: Id): string {
  return `${id.ms}-${id.seq}`
}
