/*
 * Sets of bytes: 256 flags. Those of the classes of patterns are C's in the locale "C".
 */

export type ByteSet = Uint8Array

function setOf(test: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) => (test(byte) ? 1 : 0))
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
const isLower = (c: number): boolean => c >= 0x61 && c <= 0x7a
const isUpper = (c: number): boolean => c >= 0x41 && c <= 0x5a
const isAlpha = (c: number): boolean => isLower(c) || isUpper(c)

const classes = new Map<string, ByteSet>()

function define(letter: string, test: (byte: number) => boolean): void {
  classes.set(letter, setOf(test))
  classes.set(
    letter.toUpperCase(),
    setOf(c => !test(c)),
  )
}

define('a', isAlpha)
define('c', c => c < 0x20 || c === 0x7f)
define('d', isDigit)
define('l', isLower)
define('p', c => c > 0x20 && c < 0x7f && !isAlpha(c) && !isDigit(c))
define('s', c => c === 0x20 || (c >= 9 && c <= 13))
define('u', isUpper)
define('w', c => isAlpha(c) || isDigit(c))
define('x', c => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66))
define('z', c => c === 0)

export const everyByte: ByteSet = setOf(() => true)

const singles: ByteSet[] = []

/** The set of one byte. */
export function singleByte(byte: number): ByteSet {
  return (singles[byte] ??= setOf(c => c === byte))
}

/** What `%` and a letter match; what is no letter of a class stands for itself. */
export function classSet(letter: string): ByteSet {
  return classes.get(letter) ?? singleByte(letter.charCodeAt(0))
}

/** The set that a pattern has from the bracket at `open` to the one at `close`. */
export function bracketSet(pattern: string, open: number, close: number): ByteSet {
  const set = new Uint8Array(256)
  let p = open + 1
  const negated = pattern[p] === '^'
  if (negated) p++
  while (p < close) {
    if (pattern[p] === '%') {
      const named = classSet(pattern[p + 1])
      for (let c = 0; c < 256; c++) if (named[c] === 1) set[c] = 1
      p += 2
    } else if (pattern[p + 1] === '-' && p + 2 < close) {
      for (let c = pattern.charCodeAt(p); c <= pattern.charCodeAt(p + 2); c++) set[c] = 1
      p += 3
    } else set[pattern.charCodeAt(p++)] = 1
  }
  return negated ? set.map(flag => 1 - flag) : set
}
