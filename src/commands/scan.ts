import type { ScanOptions } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import { glob } from '../util/glob.ts'
import { parseInteger } from '../util/numbers.ts'
import { index, text } from './input.ts'

// What SCAN, HSCAN, SSCAN and ZSCAN share.

const MAX_UINT64 = 2n ** 64n - 1n

/** A cursor as a number. What Redis 7.4 takes for one: an int64 that is not negative, or what strtoull reads. */
export function cursorOf(cursor: string | number): number {
  if (typeof cursor === 'number') {
    if (Number.isInteger(cursor) && cursor >= 0) return cursor
  } else if (typeof cursor === 'string') {
    // Redis reads it as a C string.
    const end = cursor.indexOf('\0')
    const given = end < 0 ? cursor : cursor.slice(0, end)
    const n = parseInteger(given)
    if (n !== undefined) {
      if (n >= 0) return Number(n)
    } else {
      const parts = /^[\t-\r ]*([+-]?)0*(\d+)$/.exec(given)
      if (parts !== null && parts[2].length <= 20) {
        const size = BigInt(parts[2])
        if (size <= MAX_UINT64) return Number(parts[1] === '-' ? BigInt.asUintN(64, -size) : size)
      }
    }
  } else throw new TypeError(`cursor must be a string or number, not ${cursor === null ? 'null' : typeof cursor}`)
  throw new ReplyError(lines.invalidCursor)
}

/** About how many elements a step looks at. */
export function scanCount(options: ScanOptions): number {
  const { count } = options
  if (count === undefined) return 10
  const n = index(count, 'count')
  if (n < 1) throw new ReplyError(lines.syntax)
  return n
}

/** The pattern of a scan; undefined takes everything. */
export function scanPattern(options: ScanOptions): string | undefined {
  const { match } = options
  if (match === undefined) return undefined
  const pattern = text(match, 'match')
  // Redis does not ask the matcher about a lone star, which would refuse the empty text.
  return pattern === '*' ? undefined : pattern
}

export function takes(pattern: string | undefined, element: string): boolean {
  return pattern === undefined || glob(pattern, element)
}
