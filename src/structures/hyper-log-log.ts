/**
 * HyperLogLogs in Redis' own bytes: 2^14 registers, each of which keeps how long a run of zeros it has seen at the end of
 * a hash. An element's hash chooses the register by its low 14 bits and gives the run by the others.
 *
 *     offset   0       4          5         8                  16
 *              "HYLL"  encoding   not used  cached cardinality  registers
 *
 * The cardinality is little-endian; the top bit of its last byte says that it is out of date. The registers stand
 * densely (0), 6 bits each, the first in the low bits of the first byte, or sparsely (1) as runs of the same value:
 *
 *     00nnnnnn             n + 1 zeros
 *     01nnnnnn nnnnnnnn    n + 1 zeros
 *     1vvvvvnn             n + 1 registers of v + 1
 *
 * A sparse one becomes dense when a register exceeds 32 or the whole 3000 bytes. Which runs it has depends on the way it
 * came about, and is kept byte for byte as Redis would have it: a value written in the midst of a run splits it, and runs of
 * equal values are joined where it was written.
 *
 * Bytes from outside may be anything: `isHyperLogLog` looks at the header, and everything else answers that the runs are
 * not those of 2^14 registers where it comes upon it, as Redis does, and never reads outside.
 *
 * Invariants of what is made here
 * 1. Sparse runs cover exactly 2^14 registers; dense bytes are 12,304.
 * 2. The cached cardinality is valid or marked as out of date.
 */

import { murmur64 } from '../util/murmur.ts'
import { narrow } from '../util/numbers.ts'
import type { Bytes } from './bytes.ts'

export const REGISTERS: number = 2 ** 14
const HEADER = 16
const DENSE_SIZE = HEADER + (REGISTERS * 6) / 8
const DENSE = 0
const SPARSE = 1
const AT_ENCODING = 4
const AT_CARDINALITY = 8
/** Where the top byte of the cardinality stands, and the bit in it that says it is out of date. */
const AT_STALE = 15
const STALE = 0x80

/** `hll-sparse-max-bytes`. */
const SPARSE_MOST = 3000
/** The longest run that one byte says, of zeros and of values, and the largest value in a run. */
const ZEROS_MOST = 64
const RUN_MOST = 4
const VALUE_MOST = 32

const MAGIC = [0x48, 0x59, 0x4c, 0x4c]

/** An empty one. Its cardinality, 0, is up to date. */
export function emptyHyperLogLog(): Uint8Array {
  const bytes = new Uint8Array(HEADER + 2)
  bytes.set(MAGIC)
  bytes[AT_ENCODING] = SPARSE
  // One run of 2^14 zeros.
  bytes[HEADER] = 0x7f
  bytes[HEADER + 1] = 0xff
  return bytes
}

/** Whether the header is one. The runs of a sparse one are looked at when they are used. */
export function isHyperLogLog(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER) return false
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC[i]) return false
  const encoding = bytes[AT_ENCODING]
  return encoding === SPARSE || (encoding === DENSE && bytes.length === DENSE_SIZE)
}

export function isDense(bytes: Uint8Array): boolean {
  return bytes[AT_ENCODING] === DENSE
}

// ---- the cached cardinality -----------------------------------------------------------------------------------------

/** The cached cardinality, undefined when it is out of date. */
export function cachedCount(bytes: Uint8Array): number | bigint | undefined {
  if ((bytes[AT_STALE] & STALE) !== 0) return undefined
  let high = 0
  let low = 0
  for (let i = 3; i >= 0; i--) {
    high = high * 256 + bytes[AT_CARDINALITY + 4 + i]
    low = low * 256 + bytes[AT_CARDINALITY + i]
  }
  // Only bytes from outside have more than a number holds.
  return high < 2 ** 21 ? high * 2 ** 32 + low : narrow((BigInt(high) << 32n) + BigInt(low))
}

export function cacheCount(bytes: Uint8Array, count: number | bigint): void {
  let rest = BigInt.asUintN(64, BigInt(count))
  for (let i = AT_CARDINALITY; i < HEADER; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
}

export function markStale(bytes: Uint8Array): void {
  bytes[AT_STALE] |= STALE
}

// ---- elements -------------------------------------------------------------------------------------------------------

const SEED = 0xadc83b19 | 0
const hash = new Int32Array(2)

/** Adds the element with these bytes; 1 when a register changed, 0 when not, -1 when the runs are not those of a HyperLogLog. */
export function addElement(bytes: Bytes, element: Uint8Array, length: number): 1 | 0 | -1 {
  murmur64(element, length, SEED, hash)
  const index = hash[0] & (REGISTERS - 1)
  // The 50 bits above, in two halves, with a one above them so that the run ends.
  const low = (hash[0] >>> 14) | (hash[1] << 18)
  const high = (hash[1] >>> 14) | 0x40000
  const value = low === 0 ? 33 + trailing(high) : 1 + trailing(low)
  const view = bytes.view()
  const result = isDense(view) ? setDense(view, index, value) : setSparse(bytes, view, index, value)
  if (result === 1) markStale(bytes.view())
  return result
}

/** Zeros below the lowest one. */
function trailing(n: number): number {
  return 31 - Math.clz32(n & -n)
}

/** Raises a register to `value`; 1 when it was lower. */
function setDense(bytes: Uint8Array, index: number, value: number): 1 | 0 {
  const bit = index * 6
  const byte = HEADER + (bit >> 3)
  const shift = bit & 7
  // Where a register ends with its byte, the one behind it has nothing to say, and behind the last there is none.
  const both = bytes[byte] | (shift > 2 ? bytes[byte + 1] << 8 : 0)
  if (((both >> shift) & 63) >= value) return 0
  const next = (both & ~(63 << shift)) | (value << shift)
  bytes[byte] = next
  if (shift > 2) bytes[byte + 1] = next >> 8
  return 1
}

// ---- runs -----------------------------------------------------------------------------------------------------------

const isZeros = (op: number): boolean => op < 0x40
const isValue = (op: number): boolean => op >= 0x80
const valueOf = (op: number): number => ((op >> 2) & 31) + 1
/** How many registers a run covers; `next` is the byte behind `op`. */
const lengthOf = (op: number, next: number): number =>
  op >= 0x80 ? (op & 3) + 1 : op < 0x40 ? op + 1 : (((op & 63) << 8) | next) + 1

/** The byte at `i`, 0 behind the end: there Redis has a zero byte, and a run may have lost its second. */
const byteAt = (bytes: Uint8Array, i: number): number => (i < bytes.length ? bytes[i] : 0)

const valueRun = (value: number, length: number): number => 0x80 | ((value - 1) << 2) | (length - 1)

/** How many runs are looked at to join them, from the one before what was written. */
const JOINED = 5
/** More bytes than that many runs and what follows them can have. */
const JOINED_BYTES = 2 * JOINED + 2

/** Where a piece of the runs is worked on: one before, five bytes in place of one, and those behind. */
const piece = new Uint8Array(2 + 5 + JOINED_BYTES)
let pieceLength = 0

function pushZeros(length: number): void {
  if (length <= 0) return
  if (length > ZEROS_MOST) piece[pieceLength++] = 0x40 | ((length - 1) >> 8)
  piece[pieceLength++] = length - 1
}

function pushValue(value: number, length: number): void {
  if (length > 0) piece[pieceLength++] = valueRun(value, length)
}

/** Adds to the piece what holds `value` at register `index`, in place of the run `op` that begins at register `first`. */
function pushSplit(op: number, first: number, length: number, index: number, value: number): void {
  const before = index - first
  const after = first + length - 1 - index
  if (isValue(op)) pushValue(valueOf(op), before)
  else pushZeros(before)
  pushValue(value, 1)
  if (isValue(op)) pushValue(valueOf(op), after)
  else pushZeros(after)
}

/** Joins neighbours of the same value in the piece, as far as Redis looks. */
function join(): void {
  let at = 0
  for (let left = JOINED; left > 0 && at < pieceLength; left--) {
    const op = piece[at]
    if (!isValue(op)) {
      at += isZeros(op) ? 1 : 2
      continue
    }
    const next = at + 1 < pieceLength ? piece[at + 1] : 0
    const length = (op & 3) + (next & 3) + 2
    // What was joined is looked at once more, with the run behind it.
    if (isValue(next) && valueOf(next) === valueOf(op) && length <= RUN_MOST) {
      piece[at] = valueRun(valueOf(op), length)
      piece.copyWithin(at + 1, at + 2, pieceLength--)
    } else at++
  }
}

/** Registers between two marks. */
const STEP_BITS = 9
const STEPS = REGISTERS >> STEP_BITS
/** Few runs are gone through from the start, and more bytes than Redis keeps sparse are none of ours. */
const MARKED_LEAST = 256
const MARKED_MOST = 4096

/**
 * Where the runs stand that cover every 512th register, so that one need not go through all runs before. They are noted
 * when somebody goes past them, and what has changed is forgotten with all that comes after it.
 *
 * Invariant: for each step below `known`, the run that begins at byte `at` is the one that covers register `step × 512`,
 * `first` is its first register, and `before` the byte at which the run before it begins, or its own if there is none.
 */
class Marks {
  known: number
  readonly at: Uint16Array
  readonly first: Uint16Array
  readonly before: Uint16Array

  constructor() {
    this.known = 1
    this.at = new Uint16Array(STEPS)
    this.first = new Uint16Array(STEPS)
    this.before = new Uint16Array(STEPS)
    this.at[0] = HEADER
    this.before[0] = HEADER
  }

  note(at: number, first: number, before: number): void {
    this.at[this.known] = at
    this.first[this.known] = first
    this.before[this.known] = before
    this.known++
  }
}

function marksOf(bytes: Bytes): Marks | null {
  if (bytes.derived instanceof Marks) return bytes.derived
  if (bytes.length < MARKED_LEAST || bytes.length > MARKED_MOST) return null
  const marks = new Marks()
  bytes.derived = marks
  return marks
}

/** As `setDense`; -1 when no run covers the register, or the runs cannot be made dense. */
function setSparse(bytes: Bytes, view: Uint8Array, index: number, value: number): 1 | 0 | -1 {
  if (value > VALUE_MOST) return promoteAndSet(bytes, view, index, value)
  const end = view.length
  const marks = marksOf(bytes)
  let at = HEADER
  let before = HEADER
  let first = 0
  let unknown = REGISTERS
  if (marks !== null) {
    const step = Math.min(index >> STEP_BITS, marks.known - 1)
    at = marks.at[step]
    first = marks.first[step]
    before = marks.before[step]
    unknown = marks.known << STEP_BITS
  }
  let op = 0
  let length = 0
  for (;;) {
    if (at >= end) return -1
    op = view[at]
    length = op >= 0x80 ? (op & 3) + 1 : op < 0x40 ? op + 1 : lengthOf(op, byteAt(view, at + 1))
    if (first + length > unknown && marks !== null) {
      while (marks.known < STEPS && first + length > marks.known << STEP_BITS) marks.note(at, first, before)
      unknown = marks.known << STEP_BITS
    }
    if (index < first + length) break
    before = at
    at += op >= 0x40 && op < 0x80 ? 2 : 1
    first += length
  }
  if (isValue(op) && valueOf(op) >= value) return 0
  const size = op >= 0x40 && op < 0x80 ? 2 : 1
  // The first register of the run before, or of this one if it is the first.
  const kept = before === at ? first : first - lengthOf(view[before], view[before + 1])
  pieceLength = 0
  for (let i = before; i < at; i++) piece[pieceLength++] = view[i]
  pushSplit(op, first, length, index, value)
  const grown = pieceLength - (at - before) - size
  if (grown > 0 && end + grown > SPARSE_MOST) return promoteAndSet(bytes, view, index, value)
  // A run that has lost its second byte is counted with it, so that what is written loses one.
  if (at + size > end) pieceLength--
  const until = Math.min(end, at + size + JOINED_BYTES)
  for (let i = at + size; i < until; i++) piece[pieceLength++] = view[i]
  join()
  replacePiece(bytes, view, before, until)
  if (marks !== null) {
    // The run before may have been joined with what was written, but begins where it did.
    marks.known = Math.min(marks.known, (kept >> STEP_BITS) + 1)
    bytes.derived = marks
  }
  return 1
}

/** Puts the piece in place of the bytes from `from` to `to`. */
function replacePiece(bytes: Bytes, view: Uint8Array, from: number, to: number): void {
  const delta = pieceLength - (to - from)
  let target = view
  if (delta !== 0) {
    // Exactly as long, so that its view is the array itself.
    target = new Uint8Array(view.length + delta)
    if (delta > 0) target.set(view)
    else target.set(view.subarray(0, from))
    if (delta > 0) target.copyWithin(from + pieceLength, to, view.length)
    else target.set(view.subarray(to), from + pieceLength)
    bytes.assign(target)
  }
  for (let i = 0; i < pieceLength; i++) target[from + i] = piece[i]
}

function promoteAndSet(bytes: Bytes, view: Uint8Array, index: number, value: number): 1 | 0 | -1 {
  const registers = new Uint8Array(REGISTERS)
  if (!mergeInto(registers, view)) return -1
  bytes.assign(denseWith(view, registers))
  return setDense(bytes.view(), index, value)
}

/** A dense one with these registers, and the header of `bytes`. */
function denseWith(bytes: Uint8Array, registers: Uint8Array): Uint8Array {
  const dense = new Uint8Array(DENSE_SIZE)
  dense.set(bytes.subarray(0, HEADER))
  dense[AT_ENCODING] = DENSE
  pack(dense, registers)
  return dense
}

function pack(dense: Uint8Array, registers: Uint8Array): void {
  for (let i = 0, byte = HEADER; i < REGISTERS; i += 4, byte += 3) {
    const four = registers[i] | (registers[i + 1] << 6) | (registers[i + 2] << 12) | (registers[i + 3] << 18)
    dense[byte] = four
    dense[byte + 1] = four >> 8
    dense[byte + 2] = four >> 16
  }
}

// ---- all registers --------------------------------------------------------------------------------------------------

/** Raises `registers` to what the HyperLogLog has; false when its runs are not those of one. */
export function mergeInto(registers: Uint8Array, bytes: Uint8Array): boolean {
  if (isDense(bytes)) {
    for (let i = 0, byte = HEADER; i < REGISTERS; i += 4, byte += 3) {
      const four = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16)
      const a = four & 63
      const b = (four >> 6) & 63
      const c = (four >> 12) & 63
      const d = four >> 18
      if (a > registers[i]) registers[i] = a
      if (b > registers[i + 1]) registers[i + 1] = b
      if (c > registers[i + 2]) registers[i + 2] = c
      if (d > registers[i + 3]) registers[i + 3] = d
    }
    return true
  }
  let index = 0
  for (let at = HEADER; at < bytes.length; at++) {
    const op = bytes[at]
    const length = lengthOf(op, byteAt(bytes, at + 1))
    if (index + length > REGISTERS) return false
    if (isValue(op)) {
      const value = valueOf(op)
      for (let i = index; i < index + length; i++) if (value > registers[i]) registers[i] = value
    } else if (!isZeros(op)) at++
    index += length
  }
  return index === REGISTERS
}

/** The runs of a sparse one as PFDEBUG DECODE writes them: `Z:8436 v:1,1 z:12`. */
export function sparseRuns(bytes: Uint8Array): string {
  const runs: string[] = []
  for (let at = HEADER; at < bytes.length; at++) {
    const op = bytes[at]
    const length = lengthOf(op, byteAt(bytes, at + 1))
    if (isValue(op)) runs.push(`v:${valueOf(op)},${length}`)
    else if (isZeros(op)) runs.push(`z:${length}`)
    else {
      runs.push(`Z:${length}`)
      at++
    }
  }
  return runs.join(' ')
}

/**
 * Makes all registers those of `registers`, of which none is below what it has; dense where `dense` says so or it must be.
 * Its runs must be valid.
 */
export function raiseAll(bytes: Bytes, registers: Uint8Array, dense: boolean): void {
  let packed = dense || isDense(bytes.view())
  // One after the other, because the runs depend on the way they came about.
  for (let i = 0; i < REGISTERS && !packed; i++) {
    if (registers[i] === 0) continue
    setSparse(bytes, bytes.view(), i, registers[i])
    packed = isDense(bytes.view())
  }
  if (packed) {
    const view = bytes.view()
    if (isDense(view)) pack(view, registers)
    else bytes.assign(denseWith(view, registers))
  }
  markStale(bytes.view())
}

// ---- how many -------------------------------------------------------------------------------------------------------

/** The longest run of a hash's 50 bits, and one. */
const LONGEST = 50
const ALPHA = 0.7213475204444817

/** How many registers have each value. Six bits say up to 63, of which a hash never gives more than 51. */
const histogram = new Int32Array(64)

/** The cardinality; undefined when the runs are not those of a HyperLogLog. */
export function countOf(bytes: Uint8Array): number | bigint | undefined {
  histogram.fill(0)
  if (isDense(bytes)) {
    for (let byte = HEADER; byte < DENSE_SIZE; byte += 3) {
      const four = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16)
      histogram[four & 63]++
      histogram[(four >> 6) & 63]++
      histogram[(four >> 12) & 63]++
      histogram[four >> 18]++
    }
    return estimate()
  }
  let index = 0
  for (let at = HEADER; at < bytes.length; at++) {
    const op = bytes[at]
    const length = lengthOf(op, byteAt(bytes, at + 1))
    index += length
    if (index > REGISTERS) return undefined
    if (isValue(op)) histogram[valueOf(op)] += length
    else {
      histogram[0] += length
      if (!isZeros(op)) at++
    }
  }
  return index === REGISTERS ? estimate() : undefined
}

/** The cardinality of single registers. */
export function countRegisters(registers: Uint8Array): number | bigint {
  histogram.fill(0)
  for (let i = 0; i < REGISTERS; i++) histogram[registers[i]]++
  return estimate()
}

/** Otmar Ertl's improved raw estimator, "New cardinality estimation algorithms for HyperLogLog sketches" (2017). */
function estimate(): number | bigint {
  let z = REGISTERS * tau((REGISTERS - histogram[LONGEST + 1]) / REGISTERS)
  for (let value = LONGEST; value >= 1; value--) z = (z + histogram[value]) * 0.5
  z += REGISTERS * sigma(histogram[0] / REGISTERS)
  const count = Math.round((ALPHA * REGISTERS * REGISTERS) / z)
  // Registers that no hashes can give make a number beyond 64 bits, for which C has the smallest one.
  if (count >= 2 ** 63) return -(2n ** 63n)
  return Number.isSafeInteger(count) ? count : BigInt(count)
}

function sigma(share: number): number {
  if (share === 1) return Infinity
  let x = share
  let y = 1
  let z = x
  for (;;) {
    x *= x
    const last = z
    z += x * y
    y += y
    if (z === last) return z
  }
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let x = share
  let y = 1
  let z = 1 - x
  for (;;) {
    x = Math.sqrt(x)
    const last = z
    y *= 0.5
    z -= (1 - x) * (1 - x) * y
    if (z === last) return z / 3
  }
}

/** Throws when an invariant does not hold of what was made here. For tests. */
export function checkHyperLogLog(hll: Bytes): void {
  const bytes = hll.view()
  if (!isHyperLogLog(bytes)) throw new Error('invariant 1: not a HyperLogLog')
  const count = countOf(bytes)
  if (count === undefined) throw new Error('invariant 1: the runs do not cover the registers')
  const cached = cachedCount(bytes)
  if (cached !== undefined && cached !== count) throw new Error(`invariant 2: ${cached} is cached, ${count} counted`)
  if (hll.derived instanceof Marks) checkMarks(bytes, hll.derived)
}

function checkMarks(bytes: Uint8Array, marks: Marks): void {
  let step = 0
  let first = 0
  let before = HEADER
  for (let at = HEADER; step < marks.known; ) {
    if (at >= bytes.length) throw new Error(`a mark for step ${step} that no run covers`)
    const size = isValue(bytes[at]) || isZeros(bytes[at]) ? 1 : 2
    const length = lengthOf(bytes[at], byteAt(bytes, at + 1))
    for (; step < marks.known && first + length > step << STEP_BITS; step++) {
      const right = marks.at[step] === at && marks.first[step] === first && marks.before[step] === before
      if (!right) throw new Error(`the mark for step ${step} is not at byte ${at}, register ${first}, after ${before}`)
    }
    before = at
    at += size
    first += length
  }
}
