/**
 * Glob patterns as Redis matches them (KEYS, SCAN MATCH, PSUBSCRIBE, CONFIG GET), byte by byte:
 *
 *     *        any bytes, also none          [abc]  one of them         [a-c]  a range, in either direction
 *     ?        one byte                      [^a]   one byte but that   \x     the byte x, also inside brackets
 *
 * A pattern is never wrong: a class that is not closed ends with the pattern, and a backslash at the end is itself. The
 * matcher keeps two positions to go back to, those of the last star, which is enough: if the rest cannot be found after
 * the leftmost place where the part between two stars fits, it cannot be found after a later one.
 */

import { isAscii, toLatin1 } from './text.ts'

/** Redis gives up after so many stars (CVE-2024-31228), and then the answer is no, whatever the text. */
const maxStars = 1000

const isSpecial = (unit: number): boolean => unit === 0x2a || unit === 0x3f || unit === 0x5b || unit === 0x5c

/** The pattern matches itself and nothing else. */
export function isLiteral(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) if (isSpecial(pattern.charCodeAt(i))) return false
  return true
}

// One pattern is matched against many texts, so what was found out about the last one is kept.
let lastPattern = ''
let lastBinary = ''
let lastBytewise = false

/**
 * Whether all of `text` matches `pattern`, both canonical; `ignoreCase` is about ASCII letters. As in Redis nothing but
 * the empty pattern matches the empty text: that '*' gives every key is a rule of KEYS and SCAN, made before they match.
 */
export function glob(pattern: string, text: string, ignoreCase: boolean = false): boolean {
  if (pattern !== lastPattern) {
    lastPattern = pattern
    lastBinary = toLatin1(pattern)
    // Without '?' and '[' an ASCII pattern takes no single byte of a longer character, so characters will do for bytes.
    lastBytewise = !isAscii(pattern) || pattern.includes('?') || pattern.includes('[')
  }
  return match(lastBinary, lastBytewise ? toLatin1(text) : text, ignoreCase)
}

function match(pattern: string, text: string, ignoreCase: boolean): boolean {
  // Redis does not look at the pattern when there is no text: not even '*' matches the empty string.
  if (text.length === 0) return pattern.length === 0
  let p = 0
  let t = 0
  let stars = 0
  let restartPattern = -1
  let restartText = 0
  while (t < text.length) {
    let next = -1
    if (p < pattern.length) {
      const unit = pattern.charCodeAt(p)
      if (unit === 0x2a) {
        while (++p < pattern.length && pattern.charCodeAt(p) === 0x2a) {}
        if (p === pattern.length) return true
        if (++stars > maxStars) return false
        restartPattern = p
        restartText = t
        continue
      }
      next = accept(pattern, p, unit, text.charCodeAt(t), ignoreCase)
    }
    if (next >= 0) {
      p = next
      t++
    } else {
      if (restartPattern < 0) return false
      p = restartPattern
      t = ++restartText
    }
  }
  while (p < pattern.length && pattern.charCodeAt(p) === 0x2a) p++
  return p === pattern.length
}

/** Where the pattern goes on after its element at `p`, which is no star, has taken `byte`; -1 when it does not. */
function accept(pattern: string, p: number, unit: number, byte: number, ignoreCase: boolean): number {
  if (unit === 0x3f) return p + 1
  if (unit === 0x5b) return acceptClass(pattern, p + 1, byte, ignoreCase)
  if (unit === 0x5c && p + 1 < pattern.length) unit = pattern.charCodeAt(++p)
  return unit === byte || (ignoreCase && lower(unit) === lower(byte)) ? p + 1 : -1
}

function acceptClass(pattern: string, p: number, byte: number, ignoreCase: boolean): number {
  const length = pattern.length
  const negated = p < length && pattern.charCodeAt(p) === 0x5e
  if (negated) p++
  let found = false
  for (; p < length; p++) {
    const unit = pattern.charCodeAt(p)
    if (unit === 0x5c && p + 1 < length) {
      // Case counts after a backslash, even where it is to be ignored.
      if (pattern.charCodeAt(++p) === byte) found = true
    } else if (unit === 0x5d) {
      p++
      break
    } else if (p + 2 < length && pattern.charCodeAt(p + 1) === 0x2d) {
      p += 2
      if (inRange(signed(unit), signed(pattern.charCodeAt(p)), signed(byte), ignoreCase)) found = true
    } else if (unit === byte || (ignoreCase && lower(unit) === lower(byte))) {
      found = true
    }
  }
  return found === negated ? -1 : p
}

// Redis compares the ends of a range as C's `char`, which is signed on x86: bytes from 0x80 come before 0x00.
const signed = (byte: number): number => (byte << 24) >> 24

function inRange(start: number, end: number, byte: number, ignoreCase: boolean): boolean {
  // Turned round before, and not after, the case is dropped: [Z-a] without case is the empty range z–a.
  const first = start < end ? start : end
  const last = start < end ? end : start
  if (!ignoreCase) return byte >= first && byte <= last
  const folded = lowerSigned(byte)
  return folded >= lowerSigned(first) && folded <= lowerSigned(last)
}

const lower = (unit: number): number => (unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit)

/** C's tolower of a signed char: glibc answers the unsigned value for all negative ones but -1, which is EOF. */
const lowerSigned = (byte: number): number => (byte < -1 ? byte + 256 : lower(byte))
