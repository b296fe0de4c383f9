/**
 * Text and bytes: how a JavaScript string carries any sequence of bytes.
 *
 * Bytes are read as strict UTF-8 (no overlong forms, no encoded surrogates, nothing above U+10FFFF). A byte that is no
 * part of a valid sequence is carried as one *escape*, the lone surrogate U+DC00 + byte (PEP 383):
 *
 *     bytes   68 69 FF        E2 82 AC      E2 82 41
 *     text    'h' 'i' U+DCFF  '€'           U+DCE2 U+DC82 'A'
 *
 * Invariants
 * 1. A string is *canonical* when `fromBytes(toBytes(s)) === s`. Every function here takes canonical strings and returns
 *    canonical strings, so equal bytes are equal strings. `canonical` is the gate for strings from outside; `toBytes`,
 *    `byteLength`, `writeText` and `isAscii` take any string.
 * 2. In a canonical string every high surrogate is followed by a low one, and every other surrogate is an escape in
 *    U+DC80–U+DCFF.
 * 3. What `fromBytes` makes of a byte depends only on the bytes from the start of its sequence on. So a canonical string
 *    cut between two of its characters gives two canonical strings, and joining two can matter only at the seam, where
 *    escapes meet escapes.
 */

// The web's codecs, which every supported runtime has. Declared here because `lib` holds neither the DOM nor Node.
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array
  encodeInto(text: string, target: Uint8Array): { read: number; written: number }
}
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
const charOf = String.fromCharCode

// A native codec call costs 50 to 100 ns whatever the length; a loop costs 1.5 ns a character (Node 20).
const nativeFrom = 32
const nativeDecodeFrom = 24

// encodeInto writes here when only the count matters. Three bytes for each of `chunk` code units always fit.
const chunk = 16_384
const scratch = new Uint8Array(3 * chunk)

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00
const isEscape = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff

const hasIsWellFormed = typeof String.prototype.isWellFormed === 'function'

/**
 * No lone surrogate. True for all text from outside that is worth the name, and one native call to find out, which looks
 * at no unit when the engine keeps the text with one byte each (5 ns in Node 20; a loop costs 1 ns a unit).
 */
function wellFormed(text: string): boolean {
  if (hasIsWellFormed) return text.isWellFormed()
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if ((unit & 0xf800) !== 0xd800) continue
    if (!isHigh(unit) || !isLow(text.charCodeAt(++i))) return false
  }
  return true
}

/** Every character is a byte below 0x80, so that byte offsets are string offsets. O(n), without allocation up to 32. */
export function isAscii(text: string): boolean {
  const length = text.length
  if (length < nativeFrom) {
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false
    return true
  }
  // Each code unit is at least one byte, and exactly one only in ASCII (an escape counts as U+FFFD: three).
  if (length <= chunk) return encoder.encodeInto(text, scratch).written === length
  for (let at = 0; at < length; at += chunk) {
    const part = text.slice(at, at + chunk)
    if (encoder.encodeInto(part, scratch).written !== part.length) return false
  }
  return true
}

/** How many bytes `toBytes` would make. O(n). */
export function byteLength(text: string): number {
  const length = text.length
  if (length < nativeFrom || !wellFormed(text)) {
    let bytes = length
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) continue
      if (unit < 0x800) bytes++
      else if ((unit & 0xf800) !== 0xd800) bytes += 2
      else if (isHigh(unit) && i + 1 < length && isLow(text.charCodeAt(i + 1))) {
        bytes += 2
        i++
      } else if (!isEscape(unit)) bytes += 2
    }
    return bytes
  }
  if (length <= chunk) return encoder.encodeInto(text, scratch).written
  let bytes = 0
  for (let at = 0; at < length; ) {
    let end = at + chunk
    if (end < length && isHigh(text.charCodeAt(end - 1))) end--
    bytes += encoder.encodeInto(text.slice(at, end), scratch).written
    at = end
  }
  return bytes
}

/** Writes the bytes of `text` at `at` and returns the position after them. The room must be there: `byteLength`. */
export function writeText(text: string, target: Uint8Array, at: number): number {
  const length = text.length
  if (length >= 2 * nativeFrom && wellFormed(text)) return at + encoder.encodeInto(text, target.subarray(at)).written
  let i = 0
  for (; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) break
    target[at++] = unit
  }
  return i === length ? at : writeRest(text, i, target, at)
}

function writeRest(text: string, from: number, target: Uint8Array, at: number): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      target[at++] = unit
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 0x3f)
    } else if (isHigh(unit) && i + 1 < text.length && isLow(text.charCodeAt(i + 1))) {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff)
      target[at++] = 0xf0 | (point >> 18)
      target[at++] = 0x80 | ((point >> 12) & 0x3f)
      target[at++] = 0x80 | ((point >> 6) & 0x3f)
      target[at++] = 0x80 | (point & 0x3f)
    } else if (isEscape(unit)) {
      target[at++] = unit & 0xff
    } else {
      // Any other lone surrogate stands for nothing and is written as U+FFFD.
      const point = (unit & 0xf800) === 0xd800 ? 0xfffd : unit
      target[at++] = 0xe0 | (point >> 12)
      target[at++] = 0x80 | ((point >> 6) & 0x3f)
      target[at++] = 0x80 | (point & 0x3f)
    }
  }
  return at
}

/** The bytes of `text`: UTF-8, escapes as the bytes they carry, other lone surrogates as U+FFFD. O(n). */
export function toBytes(text: string): Uint8Array {
  if (text.length >= nativeFrom && wellFormed(text)) {
    // A copy out of the scratch buffer is cheaper than what `encode` allocates, as long as the copy is.
    return text.length > 512 ? encoder.encode(text) : scratch.slice(0, encoder.encodeInto(text, scratch).written)
  }
  const bytes = new Uint8Array(byteLength(text))
  writeText(text, bytes, 0)
  return bytes
}

/** The canonical text of `bytes`, or of `bytes[start..end)`. O(n). */
export function fromBytes(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  if (end - start > nativeDecodeFrom) {
    const part = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
    // Throwing costs 5 µs, so that up to a KB it is cheaper to look for the U+FFFD that stands for an invalid byte.
    if (end - start <= 1024) {
      const text = lenient.decode(part)
      return text.includes('\ufffd') ? decode(bytes, start, end) : text
    }
    try {
      return strict.decode(part)
    } catch {
      return decode(bytes, start, end)
    }
  }
  // Short text is most often ASCII. Sixteen characters a call or eight, because each concatenation costs as much as six of
  // them, and what is joined is copied once more when it is hashed.
  let text = ''
  let i = start
  for (; i + 16 <= end; i += 16) {
    let all = 0
    for (let at = i; at < i + 16; at++) all |= bytes[at]
    if (all > 0x7f) return text + decode(bytes, i, end)
    text += charOf(
      bytes[i],
      bytes[i + 1],
      bytes[i + 2],
      bytes[i + 3],
      bytes[i + 4],
      bytes[i + 5],
      bytes[i + 6],
      bytes[i + 7],
      bytes[i + 8],
      bytes[i + 9],
      bytes[i + 10],
      bytes[i + 11],
      bytes[i + 12],
      bytes[i + 13],
      bytes[i + 14],
      bytes[i + 15],
    )
  }
  for (; i + 8 <= end; i += 8) {
    const a = bytes[i]
    const b = bytes[i + 1]
    const c = bytes[i + 2]
    const d = bytes[i + 3]
    const e = bytes[i + 4]
    const f = bytes[i + 5]
    const g = bytes[i + 6]
    const h = bytes[i + 7]
    if ((a | b | c | d | e | f | g | h) > 0x7f) return text + decode(bytes, i, end)
    text += charOf(a, b, c, d, e, f, g, h)
  }
  if (i + 4 <= end) {
    const a = bytes[i]
    const b = bytes[i + 1]
    const c = bytes[i + 2]
    const d = bytes[i + 3]
    if ((a | b | c | d) > 0x7f) return text + decode(bytes, i, end)
    text += charOf(a, b, c, d)
    i += 4
  }
  if (i >= end) return text
  const a = bytes[i]
  if (i + 1 === end) return a > 0x7f ? text + decode(bytes, i, end) : text + charOf(a)
  const b = bytes[i + 1]
  if (i + 2 === end) return (a | b) > 0x7f ? text + decode(bytes, i, end) : text + charOf(a, b)
  const c = bytes[i + 2]
  return (a | b | c) > 0x7f ? text + decode(bytes, i, end) : text + charOf(a, b, c)
}

/** The length of the valid sequence at `i`, which is not ASCII; 0 when there is none. Unicode's table 3-7. */
function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const lead = bytes[i]
  if (lead < 0xc2 || lead > 0xf4 || i + 1 >= end) return 0
  const second = bytes[i + 1]
  if ((second & 0xc0) !== 0x80) return 0
  if (lead < 0xe0) return 2
  if (i + 2 >= end || (bytes[i + 2] & 0xc0) !== 0x80) return 0
  if (lead < 0xf0) {
    // E0 80–9F would be overlong, ED A0–BF a surrogate.
    return (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) ? 0 : 3
  }
  if (i + 3 >= end || (bytes[i + 3] & 0xc0) !== 0x80) return 0
  // F0 80–8F would be overlong, F4 90–BF beyond U+10FFFF.
  return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) ? 0 : 4
}

const units = new Uint16Array(4096)

/** Any bytes, in a loop: code units gathered in `units`, turned into text a few thousand at a time. */
function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let count = 0
  for (let i = start; i < end; ) {
    const lead = bytes[i]
    if (lead < 0x80) {
      units[count++] = lead
      i++
    } else {
      const length = sequenceLength(bytes, i, end)
      if (length === 0) units[count++] = 0xdc00 | lead
      else if (length === 2) units[count++] = ((lead & 0x1f) << 6) | (bytes[i + 1] & 0x3f)
      else if (length === 3) {
        units[count++] = ((lead & 0x0f) << 12) | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f)
      } else {
        const high = ((lead & 0x07) << 18) | ((bytes[i + 1] & 0x3f) << 12) | ((bytes[i + 2] & 0x3f) << 6)
        const point = (high | (bytes[i + 3] & 0x3f)) - 0x10000
        units[count++] = 0xd800 | (point >> 10)
        units[count++] = 0xdc00 | (point & 0x3ff)
      }
      i += length === 0 ? 1 : length
    }
    // One sequence makes at most two units.
    if (count + 2 > units.length) {
      text += joinUnits(count)
      count = 0
    }
  }
  return text + joinUnits(count)
}

function joinUnits(count: number): string {
  // fromCharCode takes any array-like at run time; its type asks for an array of numbers.
  return charOf.apply(null, units.subarray(0, count) as unknown as number[])
}

/**
 * The canonical string with the bytes of `text`: `text` itself when it is canonical, as every well-formed string is.
 * Lone surrogates outside U+DC80–U+DCFF become U+FFFD, escapes that form valid UTF-8 become the characters they spell.
 */
export function canonical(text: string): string {
  return wellFormed(text) || escapesAreCanonical(text) ? text : fromBytes(toBytes(text))
}

function escapesAreCanonical(text: string): boolean {
  const length = text.length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if ((unit & 0xf800) !== 0xd800) continue
    if (isHigh(unit) && i + 1 < length && isLow(text.charCodeAt(i + 1))) i++
    else if (!isEscape(unit) || (unit >= 0xdcc2 && escapesSpell(text, i))) return false
  }
  return true
}

const four = new Uint8Array(4)

/** The escapes at `i` begin with a valid UTF-8 sequence. The first is known to be an escape. */
function escapesSpell(text: string, i: number): boolean {
  let count = 0
  // What follows the first escape cannot be the low half of a pair: only a high surrogate makes one.
  while (count < 4 && i < text.length && isEscape(text.charCodeAt(i))) four[count++] = text.charCodeAt(i++) & 0xff
  return sequenceLength(four, 0, count) > 0
}

/** The text of the bytes of `a` followed by those of `b`; only escapes that meet at the seam are read anew. */
export function concatText(a: string, b: string): string {
  // Lead bytes C2–F4 or a continuation on the left, a continuation byte 80–BF on the right, or nothing can form.
  const first = b.charCodeAt(0)
  if (!(first >= 0xdc80 && first <= 0xdcbf) || !isEscape(a.charCodeAt(a.length - 1))) return a + b
  let left = 0
  while (left < 3 && escapeAt(a, a.length - 1 - left)) left++
  if (left === 0) return a + b
  let right = 1
  while (right < 3 && isEscape(b.charCodeAt(right))) right++
  const cut = a.length - left
  return a.slice(0, cut) + fromBytes(toBytes(a.slice(cut) + b.slice(0, right))) + b.slice(right)
}

/** The unit at `i` is an escape, and not the low half of a pair, which may look like one. False before the start. */
function escapeAt(text: string, i: number): boolean {
  return i >= 0 && isEscape(text.charCodeAt(i)) && !(i > 0 && isHigh(text.charCodeAt(i - 1)))
}

/** How many bytes the character at `i` of a canonical string has. */
function sizeAt(text: string, i: number): number {
  const unit = text.charCodeAt(i)
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  if ((unit & 0xf800) !== 0xd800) return 3
  return isHigh(unit) ? 4 : 1
}

/**
 * The text of the bytes `start` to `end`, half open, of a canonical string; `start` is not
 * negative, and offsets past the end mean the end. O(end).
 */
export function sliceText(text: string, start: number, end: number): string {
  if (start >= end) return ''
  // A byte is never less than a string offset, so only the text before `end` has to be ASCII.
  let i = 0
  const ascii = Math.min(end, text.length)
  if (ascii < nativeFrom) while (i < ascii && text.charCodeAt(i) < 0x80) i++
  else if (isAscii(text.slice(0, ascii))) i = ascii
  if (i === ascii) return text.slice(start, end)

  // `i` and `at` walk together: the character at text offset `i` begins at byte `at`.
  let at = i
  if (at > start) i = at = start
  let size = 0
  while (i < text.length && at + (size = sizeAt(text, i)) <= start) {
    at += size
    i += size === 4 ? 2 : 1
  }
  const from = i
  const fromByte = at
  while (i < text.length && at < end) {
    size = sizeAt(text, i)
    at += size
    i += size === 4 ? 2 : 1
  }
  const part = text.slice(from, i)
  if (part === '' || (fromByte === start && at <= end)) return part
  return fromBytes(toBytes(part), start - fromByte, Math.min(at, end) - fromByte)
}

/** Orders canonical strings by their bytes: negative, zero or positive. O(common prefix). */
export function compareText(a: string, b: string): number {
  const length = a.length < b.length ? a.length : b.length
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    // UTF-8 keeps the order of code points, and below the surrogates code units are code points.
    if (x !== y) return x < 0xd800 && y < 0xd800 ? x - y : compareAt(a, b, i, x, y)
  }
  return a.length - b.length
}

/** The order of two strings that first differ at `i`, in `x` and `y`, of which one may be a surrogate. */
function compareAt(a: string, b: string, i: number, x: number, y: number): number {
  // Two low halves after the same high one: code points again.
  if (i > 0 && isHigh(a.charCodeAt(i - 1))) return x - y
  if (isLow(x) || isLow(y)) {
    // An escape against a character: one of the first four bytes differs, or both would have been read alike.
    const left = writeText(a.slice(i, i + 5), compareLeft, 0)
    const right = writeText(b.slice(i, i + 5), compareRight, 0)
    for (let k = 0; k < left && k < right; k++) {
      if (compareLeft[k] !== compareRight[k]) return compareLeft[k] - compareRight[k]
    }
    return left - right
  }
  // A pair is above every character of one unit, though its high surrogate is below U+E000.
  if (isHigh(x)) return isHigh(y) ? x - y : 1
  return isHigh(y) ? -1 : x - y
}

// Five code units are at most fifteen bytes.
const compareLeft = new Uint8Array(16)
const compareRight = new Uint8Array(16)

/** One character per byte, U+0000–U+00FF: for byte-wise algorithms. ASCII is returned as it is. O(n). */
export function toLatin1(text: string): string {
  if (isAscii(text)) return text
  const bytes = toBytes(text)
  let binary = ''
  for (let at = 0; at < bytes.length; at += 4096) {
    binary += charOf.apply(null, bytes.subarray(at, at + 4096) as unknown as number[])
  }
  return binary
}

/** The canonical text of a string with one character per byte, as `toLatin1` makes them. O(n). */
export function fromLatin1(binary: string): string {
  if (isAscii(binary)) return binary
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return fromBytes(bytes)
}

/** Compares in a time that does not tell where the difference is. */
export function sameSecret(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length
  for (let i = 0; i < wanted.length; i++) difference |= wanted.charCodeAt(i) ^ (given.charCodeAt(i) || 0)
  return difference === 0
}
