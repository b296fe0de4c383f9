/**
 * Geo commands for random programs. Members lie at random places, so that no two are equally far from anywhere: Redis
 * leaves the order of those open when only the first few are wanted.
 */

import type { Random } from '../util/live.ts'

type Make = (r: Random) => (string | readonly string[])[]

const KEYS = ['g1', 'g2', 'g3']
const OTHERS = ['none', 's1', 'h1', 'z1', '']
const G = (r: Random): string => r.pick(r.next() < 0.92 ? KEYS : OTHERS)
/** What has scores that tie is read one by one only. */
const readable = (r: Random): string => (r.next() < 0.1 ? r.pick(['z1', 'z2']) : G(r))
const D = (r: Random): string => r.pick(r.next() < 0.9 ? ['d1', 'd2'] : ['z3', 's2', 'g3'])
/** Distances as scores are no places, and known to differ in the last bit: test/support/differences.ts knows their keys. */
const DISTANCES = ['dist1', 'dist2']

const member = (r: Random): string => (r.next() < 0.85 ? `m${r.int(0, 40)}` : `m${r.int(0, 400)}`)
const members = (r: Random): string[] => Array.from({ length: r.int(1, 4) }, () => member(r))

function longitude(r: Random): string {
  const kind = r.next()
  if (kind < 0.5) return String(r.next() * 360 - 180)
  if (kind < 0.75) return String(13 + r.next())
  if (kind < 0.85) return String(r.next() * 1e-3 * r.pick([1, -1]))
  if (kind < 0.98) return String((180 - r.next() * 1e-2) * r.pick([1, -1]))
  return r.pick(['180', '-180', '181', '-1e3', 'abc', 'nan', '1e300', '0x10'])
}

function latitude(r: Random): string {
  const kind = r.next()
  if (kind < 0.5) return String((r.next() * 2 - 1) * 85)
  if (kind < 0.75) return String(37 + r.next())
  if (kind < 0.85) return String(r.next() * 1e-3 * r.pick([1, -1]))
  if (kind < 0.9) return String((85.05112878 - r.next() * 1e-2) * r.pick([1, -1]))
  if (kind < 0.98) return String((66 + r.next() * 16) * r.pick([1, -1]))
  return r.pick(['85.05112878', '-85.05112878', '86', '-1e3', 'abc', '1e22'])
}

const unit = (r: Random): string => r.pick(r.next() < 0.96 ? ['m', 'km', 'km', 'km', 'ft', 'mi', 'KM'] : ['yd', ''])

function reach(r: Random): string {
  const kind = r.next()
  if (kind < 0.1) return String(r.int(0, 100_000))
  if (kind < 0.97) return String(10 ** (r.next() * 5))
  return r.pick(['0', '-1', 'abc', 'inf', '1e300', 'nan', '1e-300'])
}

const place = (r: Random): string[] => [longitude(r), latitude(r)]
const center = (r: Random): string[] => (r.next() < 0.5 ? ['FROMMEMBER', member(r)] : ['FROMLONLAT', ...place(r)])
const area = (r: Random): string[] =>
  r.next() < 0.5 ? ['BYRADIUS', reach(r), unit(r)] : ['BYBOX', reach(r), reach(r), unit(r)]

/** Each with a chance of one in three, in any order. */
function some(r: Random, ...options: ((r: Random) => readonly string[])[]): string[] {
  const chosen = options.filter(() => r.next() < 0.33)
  const all: string[] = []
  while (chosen.length > 0)
    all.push(...(chosen.splice(r.int(0, chosen.length - 1), 1)[0] as (r: Random) => string[])(r))
  return all
}

const word =
  (...words: string[]) =>
  (r: Random): string[] => [r.pick(words)]
const count = (r: Random): string[] => [
  'COUNT',
  r.next() < 0.95 ? String(r.int(1, 9)) : r.pick(['0', '-1', '1000', 'abc', '9223372036854775807']),
  ...(r.next() < 0.4 ? ['ANY'] : []),
]
const order = word('ASC', 'DESC', 'asc')
const details = [word('WITHCOORD'), word('WITHDIST', 'withdist'), word('WITHHASH')]

/** The parts of a search in any order. */
function search(r: Random, ...more: ((r: Random) => readonly string[])[]): string[] {
  const parts = [center(r), area(r), some(r, order, count, ...more)]
  if (r.next() < 0.3) parts.reverse()
  return parts.flat()
}

/** The keys of STORE and STOREDIST are not those that are searched: what is stored would be found again. */
const store = (r: Random): string[] => (r.next() < 0.5 ? ['STORE', D(r)] : ['STOREDIST', r.pick(DISTANCES)])

/** Is what stores distances written to the keys that are for them? */
export function storesWell(argv: readonly string[]): boolean {
  const words = argv.map(each => each.toUpperCase())
  const key = words[0] === 'GEOSEARCHSTORE' ? argv[1] : argv[words.lastIndexOf('STOREDIST') + 1]
  return !words.includes('STOREDIST') || DISTANCES.includes(key as string)
}

export const geos: Readonly<Record<string, readonly [number, Make]>> = {
  GEOADD: [
    12,
    r => [
      G(r),
      some(r, word('NX', 'XX'), word('CH')),
      Array.from({ length: r.next() < 0.05 ? 100 : r.int(1, 4) }, () => [...place(r), member(r)]).flat(),
    ],
  ],
  GEODIST: [3, r => [readable(r), member(r), member(r), r.next() < 0.7 ? [unit(r)] : []]],
  GEOHASH: [2, r => [readable(r), members(r)]],
  GEOPOS: [2, r => [readable(r), members(r)]],
  GEOSEARCH: [14, r => [G(r), search(r, ...details)]],
  GEOSEARCHSTORE: [3, r => [D(r), G(r), search(r)]],
  'GEOSEARCHSTORE of distances': [2, r => [r.pick(DISTANCES), G(r), search(r), 'STOREDIST']],
  GEORADIUS: [
    3,
    r => [G(r), place(r), reach(r), unit(r), some(r, order, count, ...(r.next() < 0.4 ? [store] : details))],
  ],
  GEORADIUS_RO: [2, r => [G(r), place(r), reach(r), unit(r), some(r, order, count, ...details)]],
  GEORADIUSBYMEMBER: [
    3,
    r => [G(r), member(r), reach(r), unit(r), some(r, order, count, ...(r.next() < 0.4 ? [store] : details))],
  ],
  GEORADIUSBYMEMBER_RO: [2, r => [G(r), member(r), reach(r), unit(r), some(r, order, count, ...details)]],
  'ZREM of places': [3, r => [G(r), members(r)]],
  'ZRANGE of places': [1, r => [r.pick([...KEYS, 'd1', 'd2', ...DISTANCES]), '0', '-1', 'WITHSCORES']],
  'ZCARD of places': [1, r => [G(r)]],
  'COPY of places': [0.5, r => [r.pick(KEYS), r.pick(KEYS), 'REPLACE']],
  'RENAME of places': [0.3, r => [r.pick(KEYS), r.pick(KEYS)]],
  'EXPIRE of places': [0.5, r => [r.pick([...KEYS, 'd1', ...DISTANCES]), '100000']],
  'SET of other types': [0.3, r => [r.pick(['s1', 's2', 'd1']), 'x']],
  'DEL of places': [0.3, r => [r.pick([...KEYS, 'd1', 'd2', ...DISTANCES])]],
}
