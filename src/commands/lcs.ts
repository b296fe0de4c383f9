import type { LcsMatch } from '../api/strings.ts'
import { ReplyError } from '../errors.ts'
import { MAX_LENGTH } from './string-value.ts'

/** Redis keeps the whole table, four bytes a cell, and refuses one that is longer than a string may be. */
const tooLarge = 'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len'

/**
 * The lengths of longest common subsequences of all beginnings of `a` and `b`. Of the table only two rows are kept and,
 * when the way back through it is wanted, one bit per cell: 1 where the cell above is greater than the one to the left.
 */
function table(a: Uint8Array, b: Uint8Array, way: Uint8Array | null): number {
  let above = new Uint32Array(b.length + 1)
  let row = new Uint32Array(b.length + 1)
  let cell = 0
  for (let i = 0; i < a.length; i++) {
    const unit = a[i]
    for (let j = 0; j < b.length; j++, cell++) {
      const up = above[j + 1]
      const left = row[j]
      if (unit === b[j]) row[j + 1] = above[j] + 1
      else row[j + 1] = up > left ? up : left
      if (way !== null && up > left) way[cell >>> 3] |= 1 << (cell & 7)
    }
    const last = above
    above = row
    row = last
  }
  return above[b.length]
}

export function lcsLength(a: Uint8Array, b: Uint8Array): number {
  check(a, b)
  return table(a, b, null)
}

/** The subsequence, and the matches that it consists of, last one first. */
export function lcsWay(a: Uint8Array, b: Uint8Array): { found: Uint8Array; matches: Required<LcsMatch>[] } {
  check(a, b)
  const way = new Uint8Array(Math.ceil((a.length * b.length) / 8))
  const found = new Uint8Array(table(a, b, way))
  const matches: Required<LcsMatch>[] = []
  let left = found.length
  let i = a.length - 1
  let j = b.length - 1
  let run = 0
  for (; i >= 0 && j >= 0; ) {
    if (a[i] === b[j]) {
      found[--left] = a[i]
      run++
      i--
      j--
      continue
    }
    if (run > 0) matches.push(match(i + 1, j + 1, run))
    run = 0
    const cell = i * b.length + j
    if ((way[cell >>> 3] >>> (cell & 7)) & 1) i--
    else j--
  }
  if (run > 0) matches.push(match(i + 1, j + 1, run))
  return { found, matches }
}

function match(a: number, b: number, len: number): Required<LcsMatch> {
  return { a: [a, a + len - 1], b: [b, b + len - 1], len }
}

function check(a: Uint8Array, b: Uint8Array): void {
  if ((a.length + 1) * (b.length + 1) * 4 > MAX_LENGTH) throw new ReplyError(tooLarge)
}
