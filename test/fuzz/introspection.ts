/** Random calls of DUMP's other half and of what looks inside: payloads of all types, digests, keys in commands. */

import { dumpPayload } from '../../src/encoding/dump.ts'
import { fromBytes } from '../../src/util/text.ts'
import { anyValue } from '../persist/model.ts'
import type { Random } from '../util/live.ts'

type Make = (r: Random) => (string | readonly string[])[]

/** A payload, now and then with a byte that is another one. */
function payload(r: Random): string {
  const value = anyValue(below => r.int(0, below - 1), 60)
  // Reading a subnormal number leaves an error behind in the server, which its SORT then takes for its own.
  if (value.type === 'zset') value.pairs = value.pairs.map(one => (one === Number.MIN_VALUE ? 0.5 : one))
  const bytes = dumpPayload(value)
  if (r.next() < 0.05) bytes[r.int(0, bytes.length - 1)] ^= 1 << r.int(0, 7)
  return fromBytes(bytes)
}

const ttl = (r: Random): string =>
  r.next() < 0.6 ? '0' : r.next() < 0.2 ? r.pick(['-1', 'x']) : String(r.int(10_000_000, 2_000_000_000))

function options(r: Random): string[] {
  const words: string[] = []
  if (r.next() < 0.6) words.push('REPLACE')
  if (r.next() < 0.1) words.push('IDLETIME', String(r.int(-1, 100)))
  if (r.next() < 0.1) words.push('FREQ', String(r.int(-1, 260)))
  return words
}

const bitfieldWords = (r: Random): string[] =>
  r.pick([
    ['GET', 'u8', '0'],
    ['SET', 'u8', '0', '1'],
    ['INCRBY', 'u8', '0', '1'],
    ['OVERFLOW', 'WRAP'],
    ['GET', 'u8'],
    ['FOO'],
  ])

/** The commands with their weights; `key` gives any key. */
export function introspectionCommands(key: (r: Random) => string): Readonly<Record<string, readonly [number, Make]>> {
  const calls: readonly ((r: Random) => string[])[] = [
    r => ['GET', key(r)],
    r => ['MSET', key(r), 'v', key(r), 'v'],
    r => ['SORT', key(r), 'STORE', key(r)],
    r => ['ZUNIONSTORE', key(r), String(r.int(0, 3)), key(r), key(r)],
    r => ['LMPOP', '1', key(r), 'LEFT'],
    r => ['OBJECT', 'ENCODING', key(r)],
    r => ['SET', key(r), 'v', r.pick(['GET', 'NX'])],
    r => ['RENAME', key(r), key(r)],
    r => ['WATCH', key(r), key(r)],
    r => ['SPUBLISH', key(r), 'm'],
    r => ['BITFIELD', key(r), ...Array.from({ length: r.int(0, 2) }, () => bitfieldWords(r)).flat()],
    r => ['BLAH', key(r)],
  ]
  return {
    RESTORE: [8, r => [key(r), ttl(r), payload(r), options(r)]],
    'RESTORE of a moment': [
      1,
      r => [key(r), r.pick(['1', '1000', '9999999999999', '4000000000000']), payload(r), 'ABSTTL', options(r)],
    ],
    COMMAND: [1, r => [r.pick(['GETKEYS', 'GETKEYSANDFLAGS']), r.pick(calls)(r)]],
    CONFIG: [
      0.5,
      r => ['GET', r.pick(['hash-max-*', 'zset-max-listpack-value', 'set-max-i*', 'none', 'hash-*ziplist-*'])],
    ],
    LATENCY: [0.2, r => [r.pick(['GRAPH', 'HISTORY', 'RESET']), r.pick(['none', '-none-'])]],
    MEMORY: [0.5, r => ['USAGE', '-none-', 'SAMPLES', String(r.int(-2, 5))]],
    DEL: [2, r => [key(r)]],
    TYPE: [1, r => [key(r)]],
  }
}
