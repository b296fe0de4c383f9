import { fromBytes } from './text.ts'

const SPACE = 32
const DOUBLE = 34
const SINGLE = 39
const BACKSLASH = 92

/** What isspace() of C takes for space. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 9 && byte <= 13)
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

const escapes: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 97: 7 }

/**
 * The words of a line: "double quotes" with \n, \xff and the like, 'single quotes' with \' alone. Undefined when quotes
 * do not close, or something follows right behind them.
 */
export function splitLine(bytes: Uint8Array, start: number, end: number): string[] | undefined {
  const words: string[] = []
  const word = new Uint8Array(end - start)
  let at = start
  for (;;) {
    while (at < end && (isSpace(bytes[at]) || bytes[at] === 0)) {
      // A line ends at a zero byte, as a string of C does.
      if (bytes[at] === 0) return words
      at++
    }
    if (at >= end) return words
    let length = 0
    let quote = 0
    for (; at < end; at++) {
      const byte = bytes[at]
      if (quote === 0) {
        if (isSpace(byte) || byte === 0) break
        if (byte === DOUBLE || byte === SINGLE) quote = byte
        else word[length++] = byte
        continue
      }
      if (byte === BACKSLASH && quote === DOUBLE && at + 1 < end) {
        const high = bytes[at + 1] === 120 && at + 3 < end ? hexDigit(bytes[at + 2]) : -1
        const low = high < 0 ? -1 : hexDigit(bytes[at + 3])
        if (low >= 0) {
          word[length++] = high * 16 + low
          at += 3
        } else {
          at++
          word[length++] = escapes[bytes[at]] ?? bytes[at]
        }
      } else if (byte === BACKSLASH && quote === SINGLE && bytes[at + 1] === SINGLE && at + 1 < end) {
        word[length++] = SINGLE
        at++
      } else if (byte === quote) {
        if (at + 1 < end && !isSpace(bytes[at + 1])) return undefined
        quote = 0
        at++
        break
      } else word[length++] = byte
    }
    if (quote !== 0) return undefined
    words.push(fromBytes(word, 0, length))
  }
}
