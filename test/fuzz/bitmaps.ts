/** Programs over bits. Their keys are their own, and now and then those of strings, hashes and nobody. */

import type { Random } from '../util/live.ts'
import type { Make } from './programs.ts'

const K = (r: Random): string =>
  r.next() < 0.9 ? r.pick(['b1', 'b2', 'b3', 'b4']) : r.pick(['s1', 's2', 'h1', 'none', '\udcff'])
const BOUNDS = [
  '9223372036854775807',
  '-9223372036854775808',
  '-9223372036854775807',
  '9007199254740993',
  '-1',
  '4294967296',
]

/** Where a bit may be: mostly near, and never so far that the string is large. */
const at = (r: Random): string =>
  r.next() < 0.85
    ? String(r.int(0, 90))
    : r.pick(['0', '7', '8', '511', '1000', '4095', '9999', '-1', '', '4294967296'])
const end = (r: Random): string => (r.next() < 0.9 ? String(r.int(-140, 140)) : r.pick(BOUNDS))
const byteEnd = (r: Random): string => (r.next() < 0.95 ? String(r.int(-20, 20)) : r.pick(BOUNDS))
const range = (r: Random): string[] => {
  const kind = r.next()
  if (kind < 0.15) return []
  if (kind < 0.5) return [byteEnd(r), byteEnd(r), ...(kind < 0.3 ? ['BYTE'] : [])]
  return [end(r), end(r), r.pick(['BIT', 'bit'])]
}
const type = (r: Random): string => {
  if (r.next() < 0.04) return r.pick(['u64', 'i65', 'u0', 'i0', 'x5', 'u', '8'])
  const sign = r.pick(['u', 'i'])
  return `${sign}${r.next() < 0.4 ? r.pick([1, 8, 16, 32, 52, 53, 54, 63]) : r.int(1, sign === 'i' ? 64 : 63)}`
}
const offset = (r: Random): string => (r.next() < 0.3 ? `#${r.int(0, 20)}` : at(r))
const amount = (r: Random): string => {
  const kind = r.next()
  if (kind < 0.4) return String(r.int(-20, 300))
  if (kind < 0.6) return r.pick(BOUNDS)
  // A value at the bound of some width.
  return String((r.next() < 0.5 ? 1n : -1n) * 2n ** BigInt(r.int(0, 62)) + BigInt(r.int(-1, 1)))
}
const policy = (r: Random): string[] =>
  r.next() < 0.4
    ? ['OVERFLOW', r.pick(['WRAP', 'SAT', 'FAIL', 'fail', 'SAT', 'NOPE'].slice(0, r.next() < 0.1 ? 6 : 5))]
    : []
const operations = (r: Random): string[] =>
  Array.from({ length: r.int(1, 4) }, () => {
    const kind = r.next()
    if (kind < 0.3) return ['GET', type(r), offset(r)]
    return [...policy(r), kind < 0.65 ? 'SET' : 'INCRBY', type(r), offset(r), amount(r)]
  }).flat()
const text = (r: Random): string =>
  r.pick([
    '',
    'a',
    'hello world',
    '12345',
    '\u0000\u0000',
    '\udcff\udcff',
    'é\udcffx',
    '\u65e5\u672c\u{1f600}',
    'w'.repeat(40),
    '\udcff'.repeat(35),
    '\u0000'.repeat(39),
  ])

export const bitmaps: Readonly<Record<string, readonly [number, Make]>> = {
  SETBIT: [8, r => [K(r), at(r), r.pick(['0', '1', '1', '1'])]],
  GETBIT: [4, r => [K(r), at(r)]],
  BITCOUNT: [5, r => [K(r), range(r)]],
  BITPOS: [7, r => [K(r), r.pick(['0', '1']), r.next() < 0.2 ? [byteEnd(r)] : range(r)]],
  BITOP: [
    6,
    r => {
      const operation = r.pick(['AND', 'OR', 'XOR', 'NOT', 'and'])
      return [operation, K(r), Array.from({ length: operation === 'NOT' ? 1 : r.int(1, 4) }, () => K(r))]
    },
  ],
  BITFIELD: [10, r => [K(r), operations(r)]],
  BITFIELD_RO: [3, r => [K(r), Array.from({ length: r.int(1, 3) }, () => ['GET', type(r), offset(r)]).flat()]],
  'SET of bits': [4, r => [K(r), text(r)]],
  'GET of bits': [3, r => [K(r)]],
  'APPEND of bits': [1, r => [K(r), text(r)]],
  'SETRANGE of bits': [1, r => [K(r), String(r.int(0, 40)), text(r)]],
  'COPY of bits': [1, r => [K(r), K(r), r.pick(['REPLACE', 'replace'])]],
  'DEL of bits': [1, r => [K(r)]],
}

/** Does no bit lie so far out that the string would be large? */
export function bitmapsAreSettled(name: string, words: readonly string[]): boolean {
  const far = (word: string | undefined): boolean => word !== undefined && /^#?\d{6,}$/.test(word)
  if (name === 'SETBIT') return !far(words[1])
  if (name !== 'BITFIELD') return true
  return !words.some((word, i) => /^[ui]\d+$/.test(word) && far(words[i + 1]))
}
