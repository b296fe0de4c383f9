/**
 * Programs over HyperLogLogs: few elements and many, so that some stay sparse and some become dense; merges of all of
 * them; and strings that are damaged ones.
 */

import { decode } from '../support/bytes.ts'
import type { Random } from '../util/live.ts'
import type { Make } from './programs.ts'

const K = (r: Random): string =>
  r.next() < 0.95 ? r.pick(['p1', 'p2', 'p3', 'p4', 'p5']) : r.pick(['s1', 'b1', 'h1', 'none', '\udcff'])

const element = (r: Random): string => {
  const kind = r.next()
  if (kind < 0.8) return `e${r.int(0, 6000)}`
  if (kind < 0.9) return String(r.int(-5, 500))
  return r.pick([
    '',
    'é',
    '\udcff\udcfe',
    '\u0000',
    '\u{1f600}',
    'x'.repeat(r.int(0, 70)),
    '\u65e5'.repeat(r.int(0, 20)),
  ])
}

/** One or a few; now and then hundreds in a row, some of which were there before. */
function elements(r: Random): string[] {
  const kind = r.next()
  if (kind > 0.15) return Array.from({ length: r.int(0, 5) }, () => element(r))
  const from = r.int(0, 5000)
  return Array.from({ length: r.int(10, kind < 0.01 ? 2500 : 250) }, (_, i) => `e${from + i}`)
}

const keys = (r: Random, least: number): string[] => Array.from({ length: r.int(least, 4) }, () => K(r))

/** Sparse runs that most often cover all registers, and often could be shorter. */
function runs(r: Random): number[] {
  const bytes: number[] = []
  let left = 16384
  while (left > 0 && bytes.length < 3200) {
    const kind = r.next()
    const length = Math.min(
      left,
      kind < 0.5 ? r.int(1, 4) : kind < 0.8 ? r.int(1, 64) : r.int(1, r.pick([200, 3000, 16384])),
    )
    if (kind < 0.5) bytes.push(0x80 | (r.pick([0, 1, 2, r.int(0, 31)]) << 2) | (length - 1))
    else if (kind < 0.8) bytes.push(length - 1)
    else bytes.push(0x40 | ((length - 1) >> 8), (length - 1) & 0xff)
    left -= length
  }
  if (left > 0) bytes.push(0x40 | ((left - 1) >> 8), (left - 1) & 0xff)
  if (r.next() < 0.1) bytes.push(r.int(0, 63))
  return bytes
}

/** A HyperLogLog that nobody has added to. */
function written(r: Random): string {
  const cardinality = r.next() < 0.3 ? [r.int(0, 255), 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 0x80]
  if (r.next() < 0.1) {
    const dense = Array.from({ length: 12288 }, () => (r.next() < 0.5 ? 0 : r.int(0, 255)))
    return decode(Uint8Array.of(0x48, 0x59, 0x4c, 0x4c, 0, 0, 0, 0, ...cardinality, ...dense))
  }
  return decode(Uint8Array.of(0x48, 0x59, 0x4c, 0x4c, 1, r.int(0, 1), 0, 0, ...cardinality, ...runs(r)))
}

/** A byte of a header, or among the runs. */
const damage = (r: Random): readonly [string, string] => {
  if (r.next() < 0.3) return [String(r.int(0, 7)), r.pick(['\u0000', '\u0001', 'x', 'H'])]
  return [String(r.next() < 0.5 ? r.int(8, 16) : r.int(17, 400)), decode(Uint8Array.of(r.int(0, 255)))]
}

export const hlls: Readonly<Record<string, readonly [number, Make]>> = {
  PFADD: [14, r => [K(r), elements(r)]],
  PFCOUNT: [6, r => [keys(r, 1)]],
  'PFCOUNT of one': [5, r => [K(r)]],
  PFMERGE: [5, r => [K(r), keys(r, 0)]],
  'GET of a HyperLogLog': [5, r => [K(r)]],
  'SET of a HyperLogLog': [2, r => [K(r), written(r)]],
  'SETRANGE of a HyperLogLog': [0.3, r => [K(r), ...damage(r)]],
  'APPEND of a HyperLogLog': [0.1, r => [K(r), r.pick(['\u0000', '?', 'abc', ''])]],
  'COPY of a HyperLogLog': [1, r => [K(r), K(r), 'REPLACE']],
  'DEL of a HyperLogLog': [2, r => [K(r)]],
}
