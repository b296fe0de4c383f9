/**
 * Bytes as an array of bits. Bit 0 is the most significant one of the first byte, as in Redis.
 *
 *     byte      0                       1
 *     bit       0  1  2  3  4  5  6  7  8  9 …
 *
 * Whole bytes are counted, searched and combined as 32-bit words, in the machine's byte order: none of the three depends
 * on it, and only the bytes at the ends are looked at one by one.
 */

/** The words that lie wholly in `bytes[from..to)`, and where the first of them and the byte after the last stand. */
interface Words {
  readonly words: Int32Array
  readonly from: number
  readonly to: number
}

/** Shorter ranges are not worth a view. */
const FEW = 32

function wordsOf(bytes: Uint8Array, from: number, to: number): Words | null {
  if (to - from < FEW) return null
  const start = from + (-(bytes.byteOffset + from) & 3)
  const count = (to - start) >>> 2
  return {
    words: new Int32Array(bytes.buffer, bytes.byteOffset + start, count),
    from: start,
    to: start + 4 * count,
  }
}

/** Bits in a word. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** So many words add at most 248 to each of four counters of eight bits. */
const ROUND = 31

function onesInWords(words: Int32Array): number {
  let total = 0
  for (let i = 0; i < words.length; ) {
    const end = Math.min(words.length, i + ROUND)
    let sums = 0
    for (; i < end; i++) {
      let n = words[i]
      n -= (n >>> 1) & 0x55555555
      n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
      sums = (sums + ((n + (n >>> 4)) & 0x0f0f0f0f)) | 0
    }
    sums = (sums & 0x00ff00ff) + ((sums >>> 8) & 0x00ff00ff)
    total += (sums & 0xffff) + (sums >>> 16)
  }
  return total
}

/** How many bits are set in `bytes[from..to)`. */
function countBytes(bytes: Uint8Array, from: number, to: number): number {
  const inner = wordsOf(bytes, from, to)
  let count = 0
  let i = from
  if (inner !== null) {
    for (; i < inner.from; i++) count += ones(bytes[i])
    count += onesInWords(inner.words)
    i = inner.to
  }
  for (; i < to; i++) count += ones(bytes[i])
  return count
}

/** How many bits are set from bit `from` up to but not including bit `to`. O(n). */
export function countBits(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to) return 0
  const first = Math.floor(from / 8)
  const last = Math.floor((to - 1) / 8)
  const before = bytes[first] & ~(0xff >> (from & 7))
  const after = bytes[last] & (0x7f >> ((to - 1) & 7))
  return countBytes(bytes, first, last + 1) - ones(before) - ones(after)
}

/** The first bit that is `bit` from bit `from` up to but not including bit `to`; -1 when there is none. O(n). */
export function findBit(bytes: Uint8Array, bit: 0 | 1, from: number, to: number): number {
  if (from >= to) return -1
  // What is looked for are ones, when zeros are flipped.
  const flip = bit === 1 ? 0 : 0xff
  const first = Math.floor(from / 8)
  const last = Math.floor((to - 1) / 8)
  const within = (0xff80 >> ((to - 1) & 7)) & 0xff
  const head = (bytes[first] ^ flip) & (0xff >> (from & 7)) & (first === last ? within : 0xff)
  if (head !== 0) return first * 8 + leading(head)
  if (first === last) return -1
  let i = first + 1
  const inner = wordsOf(bytes, i, last)
  if (inner !== null) {
    while (i < inner.from && bytes[i] === flip) i++
    if (i === inner.from) {
      const skip = bit === 1 ? 0 : -1
      let word = 0
      while (word < inner.words.length && inner.words[word] === skip) word++
      i += 4 * word
    }
  }
  while (i < last && bytes[i] === flip) i++
  const tail = (bytes[i] ^ flip) & (i === last ? within : 0xff)
  return tail === 0 ? -1 : i * 8 + leading(tail)
}

/** Zeros before the first one of a byte that has one. */
function leading(byte: number): number {
  return Math.clz32(byte) - 24
}

/** What is done to a target, bit by bit, with a source. */
export type Fold = 'and' | 'or' | 'xor' | 'andNot'

/**
 * Changes `target` by `source`, which counts as followed by zeros when it is shorter, and must not be longer. O(n).
 * `target` must begin at a whole word, as every array does that has its buffer for itself.
 */
export function fold(kind: Fold, target: Uint8Array, source: Uint8Array): void {
  const { length } = source
  let i = 0
  if (source.byteOffset % 4 === 0) {
    const to = new Int32Array(target.buffer, target.byteOffset, length >>> 2)
    const from = new Int32Array(source.buffer, source.byteOffset, length >>> 2)
    foldInto(kind, to, from, 0)
    i = to.length * 4
  }
  foldInto(kind, target, source, i)
  if (kind === 'and') target.fill(0, length)
}

function foldInto(kind: Fold, to: Int32Array | Uint8Array, from: Int32Array | Uint8Array, start: number): void {
  const { length } = from
  switch (kind) {
    case 'and':
      for (let i = start; i < length; i++) to[i] &= from[i]
      break
    case 'or':
      for (let i = start; i < length; i++) to[i] |= from[i]
      break
    case 'xor':
      for (let i = start; i < length; i++) to[i] ^= from[i]
      break
    case 'andNot':
      for (let i = start; i < length; i++) to[i] &= ~from[i]
  }
}

/** Turns every bit over. O(n). */
export function invert(target: Uint8Array): void {
  const inner = wordsOf(target, 0, target.length)
  let i = 0
  if (inner !== null) {
    for (; i < inner.from; i++) target[i] = ~target[i]
    for (let word = 0; word < inner.words.length; word++) inner.words[word] = ~inner.words[word]
    i = inner.to
  }
  for (; i < target.length; i++) target[i] = ~target[i]
}

/** The bits that are set in exactly one of the sources, in an array of `length` bytes. O(n) each. */
export function onlyOnce(sources: readonly Uint8Array[], length: number): Uint8Array {
  const some = new Uint8Array(length)
  const more = new Uint8Array(length)
  for (const source of sources) {
    // What is new to `some` is not more than once: more |= some & source.
    const both = some.slice()
    fold('and', both, source)
    fold('or', more, both)
    fold('or', some, source)
  }
  fold('andNot', some, more)
  return some
}
