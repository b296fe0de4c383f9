/**
 * Text and bytes as DESIGN §3 says: bytes that are not UTF-8 travel as lone surrogates U+DC80–U+DCFF.
 * Written a second time, apart from src/util/text.ts, because the harness is the judge of the library: a mistake
 * in one of the two shows as a difference and does not hide itself by being on both sides.
 */

const CHUNK = 8192

/** The bytes of a text; any other lone surrogate becomes U+FFFD, as for every input of the library. */
export function encode(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(i + 1)
      if (next >= 0xdc00 && next < 0xe000) i++
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      parts.push(Buffer.from(text.slice(from, i), 'utf8'), Buffer.of(unit - 0xdc00))
      from = i + 1
    }
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'))
  return Buffer.concat(parts)
}

/** The canonical text of bytes: `encode(decode(b))` is `b` for every b. */
export function decode(bytes: Uint8Array): string {
  const units: number[] = []
  let text = ''
  let i = 0
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i)
    if (length === 0) {
      units.push(0xdc00 + (bytes[i] as number))
      i++
    } else {
      let point = bytes[i] as number
      if (length > 1) {
        point &= 0xff >> (length + 1)
        for (let k = 1; k < length; k++) point = (point << 6) | ((bytes[i + k] as number) & 0x3f)
      }
      if (point > 0xffff) units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff))
      else units.push(point)
      i += length
    }
    if (units.length > CHUNK) text += String.fromCharCode(...units.splice(0))
  }
  return text + String.fromCharCode(...units)
}

/** Length of the well-formed UTF-8 sequence at `i` (Unicode table 3-7), 0 when there is none. */
function sequenceLength(b: Uint8Array, i: number): number {
  const first = b[i] as number
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  const second = b[i + 1]
  if (second === undefined || second < low || second > high) return 0
  for (let k = 2; k < length; k++) {
    const next = b[i + k]
    if (next === undefined || next < 0x80 || next > 0xbf) return 0
  }
  return length
}
