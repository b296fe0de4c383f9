/** The annotation lines of a log: docs/formats/aof.md. They are never changed; a later version adds others. */

/** The first line of a file: `#EMBEDIS-AOF 1 <salt> <crc>\r\n`, both as eight hexadecimal digits. */
export const PREAMBLE = '#EMBEDIS-AOF 1 '
export const PREAMBLE_LENGTH: number = PREAMBLE.length + 8 + 1 + 8 + 2

/** What every version of the first line begins with. */
export const ANY_PREAMBLE = '#EMBEDIS-AOF '

/**
 * The line before a batch: `#B <length> <crc>\r\n`, or `#B <length> <durable> <crc>\r\n`; length and crc as eight
 * hexadecimal digits, durable as twelve.
 */
export const BATCH = '#B '
export const SHORT_HEADER: number = 3 + 8 + 1 + 8 + 2
export const LONG_HEADER: number = 3 + 8 + 1 + 12 + 1 + 8 + 2

/** Redis skips a line that begins with `#`, if it is shorter than this with its end. */
export const LONGEST_ANNOTATION = 1024

/** What one argument and one command may be at most: as in Redis, less the 24 bytes that a JavaScript string lacks. */
export const LONGEST_ARGUMENT: number = 512 * 1024 * 1024 - 24
export const MOST_ARGUMENTS: number = 1024 * 1024

const digits = '0123456789abcdef'

/** Writes the low `4 * count` bits of a number as hexadecimal digits. */
export function writeHex(value: number, count: number, target: Uint8Array, at: number): void {
  let high = Math.floor(value / 2 ** 32)
  let low = value | 0
  for (let i = at + count - 1; i >= at; i--) {
    target[i] = digits.charCodeAt(low & 15)
    low = (low >>> 4) | ((high & 15) << 28)
    high >>>= 4
  }
}

/** The number that `count` lower-case hexadecimal digits spell, or -1. */
export function readHex(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const byte = bytes[i]
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30
    else if (byte >= 0x61 && byte <= 0x66) value = value * 16 + byte - 0x57
    else return -1
  }
  return value
}
