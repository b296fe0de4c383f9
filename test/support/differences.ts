/**
 * Where embedis (as Redis 7.4) and the live judge (Debian's 7.0.15) answer differently, each place with its reason
 * and, where there is one, its recorded line in test/recordings/redis-7.4.jsonl. Found by sending all recorded lines of the
 * families string, hash, list, set, zset and keys to the live server: these were all mismatches that were not a
 * moment in time. Entries without a recorded line are from Redis' own release notes and sources.
 */

import { printsDouble, seventeenDecimals } from './doubles.ts'
import { bulkOf, parseReply, printReply, type Reply } from './reply.ts'

export interface Difference {
  readonly name: string
  readonly reason: string
  /** A recorded line that shows it. */
  readonly vector?: string
  /** May 7.4 answer `got` where 7.0.15 answered `reply`? Both are canonical texts, and not equal. */
  readonly explains: (argv: readonly string[], reply: string, got: string) => boolean
}

const OUT_OF_RANGE = '-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807'

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'shortest doubles',
    reason: '7.2 prints scores with the fewest digits that read back (fpconv); 7.0 with %.17g.',
    explains: (argv, reply, got) => {
      const scores = scoresOf(argv)
      if (scores === 'none' || reply.startsWith('-') || got.startsWith('-')) return false
      return sameScores(parseReply(reply), parseReply(got), scores)
    },
  },
  {
    name: 'shortest coordinates',
    reason: '8.0 prints longitudes and latitudes with the fewest digits that read back; 7.0 with %.17Lf.',
    vector: 'line 1531: ["","geo",["GEOPOS","geo1","m5"],"[[\\"140.3071179986\\" \\"48.403289998213126\\"]]"]',
    explains: (argv, reply, got) => {
      const tells = isCommand(argv, 'GEOPOS') || (isCommand(argv, ...GEO_SEARCHES) && hasWord(argv, 'WITHCOORD'))
      return (
        tells && reply.startsWith('[') && got.startsWith('[') && sameCoordinates(parseReply(reply), parseReply(got))
      )
    },
  },
  {
    name: 'last bit of a stored distance',
    reason:
      'Not by version: sines of glibc are off by one unit in the last place in one case of 700, ours in one of 20,000. ' +
      'It shows where STOREDIST made scores of distances, for which programs use the keys dist1 and dist2.',
    explains: (argv, reply, got) =>
      isCommand(argv, 'ZRANGE') &&
      /^dist\d$/.test(argv[1] ?? '') &&
      sameScores(parseReply(reply), parseReply(got), 'pairs', isNearly),
  },
  {
    name: 'minus zero of a large stored range',
    reason:
      '7.2 knows how many members ZRANGESTORE by ranks will store, and makes a large set at once, which keeps -0; in 7.0 ' +
      'the first 128 go through a listpack, which makes it 0.',
    explains: (argv, reply, got) => {
      if (scoresOf(argv) !== 'pairs' || !reply.startsWith('[')) return false
      const zeros = (text: string): Reply => parseReply(text.replace(/ "-0"| ,-0\b/g, zero => zero.replace('-', '')))
      const large = zeros(reply)
      return large.items.length > 128 && sameScores(large, zeros(got), 'pairs')
    },
  },
  {
    name: 'set encoding',
    reason: '7.2 keeps small sets that hold more than integers as listpack; 7.0 as hashtable.',
    explains: (argv, reply, got) => isEncoding(argv) && reply === '"hashtable"' && got === '"listpack"',
  },
  {
    name: 'list encoding',
    reason: '7.2 keeps small lists as one listpack; 7.0 always as quicklist.',
    vector: 'line 20565: ["","keys",["object","ENCODING","s3"],"\\"listpack\\""] after COPY l2 s3',
    explains: (argv, reply, got) => isEncoding(argv) && reply === '"quicklist"' && got === '"listpack"',
  },
  {
    name: 'range that ends before the string',
    reason: 'GETRANGE and SUBSTR whose negative end lies before the first byte answer empty; 7.0 gives the first byte.',
    vector: 'line 19066: ["","string",["GETRANGE","n1","-3","-2"],"\\"\\""] where n1 is "1"; also 4515, 8060, 15960',
    explains: (argv, reply, got) =>
      isCommand(argv, 'GETRANGE', 'SUBSTR') &&
      (argv[3] ?? '').startsWith('-') &&
      reply.startsWith('"') &&
      (JSON.parse(reply) as string).length === 1 &&
      got === '""',
  },
  {
    name: 'ZRANK WITHSCORE',
    reason: '7.2 takes a fourth argument: a word other than WITHSCORE is a syntax error; 7.0 calls it a wrong number.',
    explains: (argv, reply, got) =>
      isCommand(argv, 'ZRANK', 'ZREVRANK') &&
      argv.length === 4 &&
      reply.startsWith('-ERR wrong number') &&
      got === '-ERR syntax error',
  },
  {
    name: 'LPOS RANK of the smallest integer',
    reason: '7.2 refuses RANK -2^63, whose negation overflows; 7.0.15 answers as if nothing matched.',
    explains: (argv, _, got) =>
      isCommand(argv, 'LPOS') && argv.includes('-9223372036854775808') && got === OUT_OF_RANGE,
  },
  {
    name: 'LREM count of the smallest integer',
    reason: '7.2 refuses a count of -2^63, whose negation overflows, before it looks at the key; 7.0.15 takes it.',
    explains: (argv, _, got) => isCommand(argv, 'LREM') && argv[2] === '-9223372036854775808' && got === OUT_OF_RANGE,
  },
  {
    name: 'timeout beyond an int64',
    reason:
      '7.2 says that a timeout of more milliseconds than an int64 holds is out of range; in 7.0 it wraps below zero.',
    explains: (argv, reply, got) =>
      /^B(L|R|Z)/i.test(argv[0] ?? '') &&
      reply === '-ERR timeout is negative' &&
      got === '-ERR timeout is out of range',
  },
  {
    name: 'range of bits before the key',
    reason:
      '7.2 reads the range of BITCOUNT and BITPOS before it looks at the key; 7.0 after, and not for an absent key.',
    vector: 'line 17626: ["","bit",["BITCOUNT","missing","-1","-3","X"],"-ERR syntax error"]',
    explains: (argv, reply, got) =>
      isCommand(argv, 'BITCOUNT', 'BITPOS') &&
      (got === '-ERR syntax error' || got === '-ERR value is not an integer or out of range') &&
      (reply === ':0' || reply === ':-1' || reply.startsWith('-')),
  },
  {
    name: 'scan cursor',
    reason: '7.4 reads a cursor as an int64 that is not negative, or else with strtoull; 7.0 with strtoul alone.',
    explains: (argv, reply, got) => {
      const at = isCommand(argv, 'SCAN') ? 1 : isCommand(argv, 'HSCAN', 'SSCAN', 'ZSCAN') ? 2 : argv.length
      const cursor = argv[at]
      if (cursor === undefined) return false
      // strtoull skips what 7.0 refuses by itself: space before the digits.
      if (/^\s+\d+$/.test(cursor)) return reply === '-ERR invalid cursor' && got !== reply
      return (cursor === '' || /^-[1-9]\d*$/.test(cursor)) && got === '-ERR invalid cursor'
    },
  },
  {
    name: 'RDB version',
    reason: '7.2 writes and reads payloads of RDB version 11, 7.4 of 12; 7.0 refuses those.',
    explains: (argv, reply, got) =>
      isCommand(argv, 'RESTORE') && reply === '-ERR DUMP payload version or checksum are wrong' && got === '+OK',
  },
  {
    name: 'unbalanced streams',
    reason: '7.2 names the command and the ids that it takes when keys and ids of XREAD do not pair up.',
    vector: 'line 20303: ["","stream",["XREAD","COUNT","2","STREAMS","x1"],"-ERR Unbalanced \'xread\' list …"]',
    explains: (argv, reply, got) =>
      isCommand(argv, 'XREAD', 'XREADGROUP') &&
      reply.startsWith('-ERR Unbalanced XREAD list') &&
      got.startsWith(`-ERR Unbalanced '${(argv[0] as string).toLowerCase()}' list`),
  },
  {
    name: 'last entry by XREAD',
    reason: '7.4 reads the last entry of a stream with the id +, and says that it has no meaning in XREADGROUP.',
    explains: (argv, reply, got) =>
      isCommand(argv, 'XREAD', 'XREADGROUP') &&
      argv.includes('+') &&
      reply === '-ERR Invalid stream ID specified as stream command argument' &&
      got !== reply,
  },
  {
    name: 'consumers that got nothing',
    reason: '7.2 makes the consumer of XREADGROUP, XCLAIM and XAUTOCLAIM at once; 7.0 when there is something for it.',
    explains: (argv, reply, got) => {
      if (isCommand(argv, 'XGROUP') && argv[1]?.toUpperCase() === 'CREATECONSUMER')
        return reply === ':1' && got === ':0'
      return isStreamInfo(argv) && !reply.startsWith('-') && withoutIdlers(reply) === withoutIdlers(got)
    },
  },
  {
    name: 'lag after trimming',
    reason: '7.4 counts the entries that are left to a group; 7.0 also those trimmed before it read them, or deleted.',
    explains: (argv, reply, got) =>
      isStreamInfo(argv) && !reply.startsWith('-') && withoutIdlers(reply, true) === withoutIdlers(got, true),
  },
  {
    name: 'XSETID below what was deleted',
    reason: '7.2 refuses an id before the greatest one that was deleted.',
    explains: (argv, _, got) =>
      isCommand(argv, 'XSETID') &&
      got === '-ERR The ID specified in XSETID is smaller than current max_deleted_entry_id',
  },
  {
    name: 'no sequence left',
    reason: '7.0 forgets to say which error it is when a millisecond has no more sequence numbers.',
    explains: (argv, reply) => isCommand(argv, 'XADD') && reply === '-ERR Elements are too large to be stored',
  },
]

function isStreamInfo(argv: readonly string[]): boolean {
  return isCommand(argv, 'XINFO')
}

/** What XINFO says without consumers that have nothing pending and, if asked, without how far groups have read. */
function withoutIdlers(reply: string, read = false): string {
  return printReply(thinned(parseReply(reply), read))
}

function thinned(tree: Reply, read: boolean): Reply {
  if (tree.open === '') return tree
  const named = tree.items.some((item, i) => i % 2 === 0 && bulkOf(item) === 'name')
  const items: Reply[] = []
  for (let i = 0; i < tree.items.length; i++) {
    const item = tree.items[i] as Reply
    const name = named && i % 2 === 0 ? bulkOf(item) : undefined
    const counted = name === 'consumers' && tree.items[i + 1]?.open === ''
    if (counted || (read && (name === 'lag' || name === 'entries-read'))) i++
    else if (!isIdler(item)) items.push(thinned(item, read))
  }
  return { ...tree, items }
}

/** Is this a consumer, as XINFO shows it, without anything pending? */
function isIdler(tree: Reply): boolean {
  const value = (name: string): string | undefined =>
    tree.items.find((_, i) => i % 2 === 1 && bulkOf(tree.items[i - 1] as Reply) === name)?.leaf
  if (value('name') === undefined || value('last-delivered-id') !== undefined) return false
  return value('pel-count') === ':0' || value('pending') === ':0'
}

/** The difference that explains `got` where the live server (or its recording) answered `expected`. */
export function explain(argv: readonly string[], expected: string, got: string): Difference | undefined {
  return DIFFERENCES.find(difference => difference.explains(argv, expected, got))
}

function isCommand(argv: readonly string[], ...names: string[]): boolean {
  return names.includes((argv[0] ?? '').toUpperCase())
}

const GEO_SEARCHES = ['GEOSEARCH', 'GEORADIUS', 'GEORADIUS_RO', 'GEORADIUSBYMEMBER', 'GEORADIUSBYMEMBER_RO']

function hasWord(argv: readonly string[], word: string): boolean {
  return argv.some((each, i) => i > 1 && each.toUpperCase() === word)
}

function isEncoding(argv: readonly string[]): boolean {
  return isCommand(argv, 'OBJECT') && argv[1]?.toUpperCase() === 'ENCODING'
}

/** Which bulks of a RESP2 reply are scores: all, every second of a flat array, or the second of each inner pair. */
type Scores = 'none' | 'whole' | 'each' | 'pairs' | 'keyed pairs'

function scoresOf(argv: readonly string[]): Scores {
  const has = (word: string): boolean => hasWord(argv, word)
  switch ((argv[0] ?? '').toUpperCase()) {
    case 'ZSCORE':
    case 'ZINCRBY':
      return 'whole'
    case 'ZADD':
      return has('INCR') ? 'whole' : 'none'
    case 'ZMSCORE':
      return 'each'
    case 'ZPOPMIN':
    case 'ZPOPMAX':
    case 'ZSCAN':
      return 'pairs'
    case 'ZMPOP':
      return 'keyed pairs'
    case 'ZRANGE':
    case 'ZREVRANGE':
    case 'ZRANGEBYSCORE':
    case 'ZREVRANGEBYSCORE':
    case 'ZUNION':
    case 'ZINTER':
    case 'ZDIFF':
    case 'ZRANDMEMBER':
      return has('WITHSCORES') ? 'pairs' : 'none'
    default:
      return 'none'
  }
}

type SameText = (expected: string, got: string) => boolean

/** Are these the same reply but for the text of its scores? */
function sameScores(a: Reply, b: Reply, scores: Scores, same: SameText = sameDouble): boolean {
  if (a.open !== b.open || a.items.length !== b.items.length) return false
  if (a.open === '') {
    if (a.leaf === b.leaf) return true
    if (a.leaf.startsWith(',') && b.leaf.startsWith(',')) return same(a.leaf.slice(1), b.leaf.slice(1))
    const [x, y] = [bulkOf(a), bulkOf(b)]
    return scores === 'whole' && x !== undefined && y !== undefined && same(x, y)
  }
  return a.items.every((item, i) => {
    const other = b.items[i] as Reply
    if (scores === 'each') return sameScores(item, other, 'whole', same)
    if (scores === 'keyed pairs') return sameScores(item, other, i === 0 ? 'none' : 'pairs', same)
    if (item.open !== '') return sameScores(item, other, 'pairs', same)
    return sameScores(item, other, i % 2 === 1 ? 'whole' : 'none', same)
  })
}

/** Are these the same reply but for the text of the doubles in arrays of exactly two, which places are? */
function sameCoordinates(a: Reply, b: Reply): boolean {
  if (a.open !== b.open || a.items.length !== b.items.length) return false
  if (a.open === '') return a.leaf === b.leaf
  const isPlace = a.items.length === 2 && a.items.every(item => item.open === '')
  return a.items.every((item, i) => {
    const other = b.items[i] as Reply
    if (!isPlace || item.leaf === other.leaf) return sameCoordinates(item, other)
    return seventeenDecimals(Number(degreesOf(other))) === degreesOf(item)
  })
}

/** A double or a bulk string, as text. */
function degreesOf(reply: Reply): string {
  return reply.leaf.startsWith(',') ? reply.leaf.slice(1) : (bulkOf(reply) ?? '')
}

function sameDouble(expected: string, got: string): boolean {
  return expected !== '' && got !== '' && printsDouble(got, Number(expected))
}

function isNearly(expected: string, got: string): boolean {
  const [a, b] = [Number(expected), Number(got)]
  return expected !== '' && Math.abs(a - b) <= 1e-14 * Math.abs(a) && printsDouble(got, b)
}
