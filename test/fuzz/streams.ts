/**
 * Random programs over streams. Ids come from a small range, so that they meet each other, and with those made of the time
 * left out, so that two runs agree. Consumers are made before they read or claim: 7.0 makes one only when there is something
 * for it (test/support/differences.ts). Nothing that is pending is old enough, or young enough, for the time between two
 * servers to matter.
 */

import type { Random } from '../util/live.ts'

type Make = (r: Random) => (string | readonly string[])[]

const KEYS = ['x1', 'x2', 'x3']
const GROUPS = ['g1', 'g2', '']
const CONSUMERS = ['alice', 'bob', '\udcff']
const OTHERS = ['none', 's1', '']

const X = (r: Random): string => (r.next() < 0.94 ? r.pick(KEYS) : r.pick(OTHERS))
const G = (r: Random): string => (r.next() < 0.93 ? r.pick(GROUPS) : 'nope')
const C = (r: Random): string => r.pick(CONSUMERS)

const SEQUENCES = ['9007199254740993', '18446744073709551615']
const id = (r: Random): string => {
  const kind = r.next()
  if (kind < 0.85) return `${r.int(1, 60)}-${r.int(0, 3)}`
  if (kind < 0.95) return String(r.int(0, 60))
  return `${r.int(1, 60)}-${r.pick(SEQUENCES)}`
}
/** Ids for XADD rise, most often: what is too small is refused. */
const newId = (r: Random): string => {
  const kind = r.next()
  const ms = r.int(1, 120)
  return kind < 0.4 ? `${ms}-*` : kind < 0.9 ? `${ms}-${r.int(0, 5)}` : kind < 0.97 ? String(ms) : id(r)
}
const bound = (r: Random): string => {
  const kind = r.next()
  return kind < 0.25 ? '-' : kind < 0.5 ? '+' : kind < 0.65 ? `(${id(r)}` : id(r)
}
const value = (r: Random): string =>
  r.pick(['', 'v', '1', '-5', '100000', '12345678901234', '\u65e5\u672c', '\udcff', 'w'.repeat(r.int(1, 90)), '007'])
const field = (r: Random): string => r.pick(['a', 'b', 'a', '', '__proto__', '1'])
const count = (r: Random): string => String(r.int(-1, 8))
const few = (r: Random, make: (r: Random) => string, most = 4): string[] =>
  Array.from({ length: r.int(1, most) }, () => make(r))
const pairs = (r: Random): string[] => {
  if (r.next() < 0.6) return ['a', value(r), 'b', value(r)]
  return Array.from({ length: r.int(1, 4) }, () => [field(r), value(r)]).flat()
}
function some(r: Random, ...options: ((r: Random) => readonly string[])[]): string[] {
  const left = [...options]
  const all: string[] = []
  while (left.length > 0 && r.next() < 0.45)
    all.push(...(left.splice(r.int(0, left.length - 1), 1)[0] as (r: Random) => string[])(r))
  return all
}
const trim = (r: Random): string[] => {
  const sign = r.pick([[], ['='], ['~'], ['~']])
  const rule = r.next() < 0.6 ? ['MAXLEN', ...sign, String(r.int(0, 140))] : ['MINID', ...sign, id(r)]
  return sign[0] === '~' && r.next() < 0.4 ? [...rule, 'LIMIT', String(r.int(0, 200))] : rule
}
const countOption = (r: Random): string[] => ['COUNT', count(r)]
/** Far enough from now on either side. */
const minIdle = (r: Random): string => r.pick(['0', '0', '0', '-5', '100000000'])
const time = (r: Random): string[] =>
  r.pick([
    ['IDLE', '0'],
    ['TIME', '1000'],
    ['TIME', '99999999999999'],
    ['IDLE', '-1'],
  ])

export const STREAMS: Readonly<Record<string, readonly [number, Make]>> = {
  XADD: [30, r => [X(r), some(r, () => ['NOMKSTREAM'], r.next() < 0.4 ? trim : () => []), newId(r), pairs(r)]],
  'XADD of many': [25, r => [r.pick(KEYS), `${r.int(50, 130)}-*`, pairs(r)]],
  XLEN: [2, r => [X(r)]],
  XRANGE: [4, r => [X(r), bound(r), bound(r), some(r, countOption)]],
  XREVRANGE: [4, r => [X(r), bound(r), bound(r), some(r, countOption)]],
  XDEL: [5, r => [X(r), few(r, id)]],
  XTRIM: [1.5, r => [X(r), trim(r)]],
  XSETID: [
    1,
    r => [
      X(r),
      // 7.0 takes one before what was deleted, which 7.4 refuses.
      String(r.int(131, 140)),
      some(
        r,
        r => ['ENTRIESADDED', String(r.int(0, 300))],
        r => ['MAXDELETEDID', id(r)],
      ),
    ],
  ],
  XREAD: [
    4,
    r => {
      const keys = few(r, X, 3)
      return [some(r, countOption), 'STREAMS', keys, keys.map(() => (r.next() < 0.2 ? '$' : id(r)))]
    },
  ],
  'XGROUP of CREATE': [
    4,
    r => ['CREATE', X(r), G(r), r.next() < 0.5 ? r.pick(['0', '$']) : id(r), some(r, () => ['MKSTREAM'], entriesRead)],
  ],
  'XGROUP of SETID': [2, r => ['SETID', X(r), G(r), r.pick(['0', '$', id(r), id(r)]), some(r, entriesRead)]],
  'XGROUP of DESTROY': [0.5, r => ['DESTROY', X(r), G(r)]],
  'XGROUP of CREATECONSUMER': [4, r => ['CREATECONSUMER', X(r), G(r), C(r)]],
  'XGROUP of DELCONSUMER': [1, r => ['DELCONSUMER', X(r), G(r), C(r)]],
  XREADGROUP: [
    14,
    r => {
      const keys = r.next() < 0.7 ? [X(r)] : few(r, X, 3)
      const ids = keys.map(() => (r.next() < 0.7 ? '>' : r.pick(['0', id(r)])))
      return ['GROUP', G(r), C(r), some(r, countOption, () => ['NOACK']), 'STREAMS', keys, ids]
    },
  ],
  XACK: [5, r => [X(r), G(r), few(r, id, 6)]],
  XPENDING: [
    5,
    r => [
      X(r),
      G(r),
      some(r, r => [
        ...some(r, r => ['IDLE', minIdle(r)]),
        bound(r),
        bound(r),
        String(r.int(0, 12)),
        ...some(r, r => [C(r)]),
      ]),
    ],
  ],
  XCLAIM: [
    6,
    r => [
      X(r),
      G(r),
      C(r),
      minIdle(r),
      few(r, id, 6),
      some(
        r,
        time,
        r => ['RETRYCOUNT', String(r.int(-1, 9))],
        () => ['FORCE'],
        () => ['JUSTID'],
        r => ['LASTID', id(r)],
      ),
    ],
  ],
  XAUTOCLAIM: [
    5,
    r => [
      X(r),
      G(r),
      C(r),
      minIdle(r),
      bound(r),
      some(
        r,
        r => ['COUNT', String(r.int(1, 6))],
        () => ['JUSTID'],
      ),
    ],
  ],
  'XINFO of STREAM': [
    3,
    r => ['STREAM', X(r), some(r, r => ['FULL', ...some(r, r => ['COUNT', String(r.int(0, 9))])])],
  ],
  'XINFO of GROUPS': [3, r => ['GROUPS', X(r)]],
  'XINFO of CONSUMERS': [2, r => ['CONSUMERS', X(r), G(r)]],
  'DEL of streams': [0.3, r => [X(r)]],
  'COPY of streams': [0.7, r => [X(r), X(r), r.pick([[], ['REPLACE']])]],
  'RENAME of streams': [0.3, r => [r.pick(KEYS), r.pick(KEYS)]],
  'TYPE of streams': [1, r => [X(r)]],
}

function entriesRead(r: Random): string[] {
  return ['ENTRIESREAD', String(r.int(-2, 50))]
}

/** Has this command one answer on two servers at slightly different times? */
export function isSettledStream(argv: readonly string[]): boolean {
  const name = (argv[0] as string).toUpperCase()
  // An id beyond those of XSETID could be deleted, and then 7.0 takes one before it.
  if (name === 'XADD') return !argv.some(word => word === '*' || /^[249]\d{9,}$/.test(word))
  if (name === 'XSETID') {
    if (argv.some(word => /^\d{4,}/.test(word))) return false
    return !/^-?\d/.test(argv[2] ?? '') || Number.parseInt(argv[2] as string, 10) > 130
  }
  // Redis makes room for so many ids first, and says when it has not enough.
  if (name === 'XAUTOCLAIM' && argv.some(word => /^\d{10,}$/.test(word))) return false
  const idle = ['XPENDING', 'XCLAIM', 'XAUTOCLAIM'].includes(name) ? argv[4] : undefined
  return idle === undefined || !/^[1-9]\d{0,7}$/.test(idle)
}
