/**
 * Random programs over every command of the data families (COMMANDS names them). Few keys and members, so that commands
 * meet each other's data and other types; values that are easily damaged; options in any order; some
 * commands spoilt. Everything comes from the seed.
 *
 * Left out because two correct servers may differ: times to live that end while the program runs, orders that Redis
 * leaves open, DBSIZE and DEBUG DIGEST (Redis counts keys whose time is over; test/commands/dump.test.ts has digests), and OBJECT (the scripts of test/conformance have both).
 */

import type { Random } from '../util/live.ts'
import { bitmaps, bitmapsAreSettled } from './bitmaps.ts'
import { hlls } from './hlls.ts'
import { geos, storesWell } from './geos.ts'
import { introspectionCommands } from './introspection.ts'
import { isSettledStream, STREAMS } from './streams.ts'

export type Make = (r: Random) => (string | readonly string[])[]

export interface Command {
  readonly weight: number
  readonly make: Make
}

const SMALLEST = '-9223372036854775808'

const KEYS: Readonly<Record<string, readonly string[]>> = {
  string: ['s1', 's2', 's3'],
  hash: ['h1', 'h2'],
  list: ['l1', 'l2'],
  set: ['t1', 't2', 't3'],
  zset: ['z1', 'z2', 'z3'],
  any: ['', '__proto__', '\udcff', 'x'.repeat(65), 'none'],
}
const ALL_KEYS = Object.values(KEYS).flat()

// SORT … ALPHA compares C strings: no two of these are equal up to a NUL.
const MEMBERS = [
  'a',
  'b',
  'c',
  'aa',
  'ab',
  'A',
  '',
  '1',
  '2',
  '3',
  '10',
  '-1',
  '-0',
  '3.5',
  '01',
  '\u65e5\u672c',
  '\u{1f600}',
  '\uffff',
  '\udcff',
  '\udc80z',
  'nul\u0000x',
  '\r\n',
  '__proto__',
  'constructor',
  'y'.repeat(64),
  'z'.repeat(65),
]
const INTEGERS = [
  '0',
  '1',
  '-1',
  '2147483647',
  '2147483648',
  '-2147483649',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  SMALLEST,
  '-9223372036854775807',
]
// No word that a later Redis takes as an option where 7.0 does not (AGGREGATE COUNT).
const HOSTILE = [
  ...INTEGERS,
  '',
  ' ',
  '1 ',
  ' 1',
  '+1',
  '01',
  '-0',
  '1.5',
  '1e3',
  'abc',
  'nan',
  'inf',
  '-inf',
  '\udcff',
  '(1',
  '[a',
  '-',
  '+',
  '#',
  '*',
  'NX',
  'WITHSCORES',
  'LIMIT',
  '9223372036854775808',
]
const FLOATS = [
  '0',
  '1',
  '-1',
  '0.1',
  '0.2',
  '-0.3',
  '1.5',
  '2.5',
  '3',
  '1e3',
  '1e-7',
  '1e17',
  '1e22',
  '123456789.123456789',
  '9007199254740993',
  '3.0000000000000004',
  '2.2250738585072014e-308',
  '1.7976931348623157e308',
  'inf',
  '-inf',
  '+inf',
  '-0',
  '.5',
  '5.',
  '1e308',
]
const PATTERNS = ['*', 'a*', '*a*', '?', '[a-c]', '[^a]*', '[sth]?', '', '*1', '\\*', '??*', 's1']

const key = (type: string): ((r: Random) => string) => {
  const own = KEYS[type] as readonly string[]
  return r => (r.next() < 0.82 ? r.pick(own) : r.pick(ALL_KEYS))
}
const anyKey = (r: Random): string => r.pick(ALL_KEYS)
const S = key('string')
const H = key('hash')
/**
 * Ranges by bytes have an order only where all scores are equal: these keys are written by the one command that makes
 * them so, `ZUNIONSTORE … WEIGHTS 0`, and read by no other family.
 */
const EQUAL = ['e1', 'e2']
const E = (r: Random): string => r.pick(EQUAL)
const L = key('list')
const T = key('set')
const Z = key('zset')

const member = (r: Random): string => r.pick(MEMBERS)
const value = (r: Random): string => {
  const kind = r.next()
  if (kind < 0.35) return r.pick(MEMBERS)
  if (kind < 0.6) return String(r.int(-20, 200))
  if (kind < 0.72) return r.pick(INTEGERS)
  if (kind < 0.85) return r.pick(FLOATS)
  return r.pick(['\u65e5\u672c\u{1f600}', 'q\u0000\u0001', '\udcff\udcfe', 'w'.repeat(r.int(40, 100)), 'hello world'])
}
const integer = (r: Random): string => (r.next() < 0.8 ? String(r.int(-4, 12)) : r.pick(INTEGERS))
const index = (r: Random): string => (r.next() < 0.9 ? String(r.int(-8, 8)) : r.pick(INTEGERS))
const count = (r: Random): string => (r.next() < 0.9 ? String(r.int(0, 6)) : r.pick(['-1', '100', ...INTEGERS]))
const float = (r: Random): string =>
  r.next() < 0.6 ? String(r.int(-50, 100) / r.pick([1, 2, 4, 10, 3])) : r.pick(FLOATS)
const score = (r: Random): string => (r.next() < 0.7 ? String(r.int(-3, 9)) : float(r))
const scoreBound = (r: Random): string =>
  (r.next() < 0.3 ? '(' : '') + (r.next() < 0.25 ? r.pick(['-inf', '+inf', 'inf']) : score(r))
const lexBound = (r: Random): string => (r.next() < 0.3 ? r.pick(['-', '+']) : r.pick(['[', '(']) + member(r))
const pattern = (r: Random): string => r.pick(PATTERNS)

/** Now and then one of many, so that collections outgrow their small forms. */
const oneOfMany = (r: Random): string => (r.next() < 0.2 ? `m${r.int(0, 300)}` : member(r))

// Not more than 128 at once: 7.2 takes that as a reason to leave the small form at once, in which -0 is 0; 7.0 does not.
function several(r: Random, most: number, make: (r: Random) => readonly string[] | string): string[] {
  const all: string[] = []
  for (let left = r.next() < 0.03 ? r.int(90, 128) : r.int(1, most); left > 0; left--) {
    const made = make(r)
    if (typeof made === 'string') all.push(made)
    else all.push(...made)
  }
  return all
}
const few = (r: Random, make: (r: Random) => string): string[] => Array.from({ length: r.int(1, 3) }, () => make(r))
/** Some of the options, in any order. */
function some(r: Random, ...options: ((r: Random) => readonly string[])[]): string[] {
  const left = [...options]
  const all: string[] = []
  while (left.length > 0 && r.next() < 0.45)
    all.push(...(left.splice(r.int(0, left.length - 1), 1)[0] as (r: Random) => string[])(r))
  return all
}
const flag =
  (...words: string[]) =>
  (r: Random): string[] => [r.pick(words)]

// Times that neither end during a run nor are equal by chance, so that GT and LT have one answer.
const seconds = (r: Random): string =>
  r.next() < 0.12 ? r.pick(['0', '-1', '-100']) : String(r.int(10_000, 9_000_000))
const milliseconds = (r: Random): string =>
  r.next() < 0.12 ? r.pick(['0', '-1']) : String(r.int(10_000_000, 2_000_000_000))
const moment = (r: Random): string =>
  r.next() < 0.15 ? r.pick(['1', '0', '-5', '1000000000']) : String(r.int(4_000_000_000, 9_999_999_999))
const expiry = (r: Random): string[] =>
  r.pick([
    ['EX', seconds(r)],
    ['PX', milliseconds(r)],
    ['EXAT', moment(r)],
    ['PXAT', `${moment(r)}000`],
  ])
const condition = flag('NX', 'XX', 'GT', 'LT', 'NX', 'XX')
const limit = (r: Random): string[] => [
  'LIMIT',
  r.next() < 0.9 ? String(r.int(-1, 4)) : index(r),
  r.next() < 0.9 ? String(r.int(-1, 5)) : index(r),
]
const scanOptions = (r: Random): string[] =>
  some(
    r,
    r => ['MATCH', pattern(r)],
    r => ['COUNT', r.pick(['1', '2', '10', '1000'])],
  )
const sources = (r: Random, of: (r: Random) => string): string[] => {
  const names = few(r, of)
  return [r.next() < 0.95 ? String(names.length) : count(r), ...names]
}
const weights = (r: Random, keys: readonly string[]): string[] => ['WEIGHTS', ...keys.slice(1).map(() => float(r))]
const combine = (r: Random): string[] => {
  const keys = sources(r, r => (r.next() < 0.2 ? T(r) : Z(r)))
  return [
    ...keys,
    ...some(
      r,
      r => weights(r, keys),
      r => ['AGGREGATE', r.pick(['SUM', 'MIN', 'MAX', 'sum'])],
    ),
  ]
}
const withScores = flag('WITHSCORES', 'withscores')
const randomCount = (r: Random): string => String(r.int(-12, 12))

function family(commands: Readonly<Record<string, readonly [number, Make]>>): Readonly<Record<string, Command>> {
  return Object.fromEntries(Object.entries(commands).map(([name, [weight, make]]) => [name, { weight, make }]))
}

export const COMMANDS: Readonly<Record<string, Readonly<Record<string, Command>>>> = {
  introspection: family(introspectionCommands(anyKey)),
  keys: family({
    DEL: [5, r => [few(r, anyKey)]],
    UNLINK: [2, r => [few(r, anyKey)]],
    EXISTS: [2, r => [few(r, anyKey)]],
    TYPE: [2, r => [anyKey(r)]],
    TOUCH: [1, r => [few(r, anyKey)]],
    RENAME: [3, r => [anyKey(r), anyKey(r)]],
    RENAMENX: [2, r => [anyKey(r), anyKey(r)]],
    COPY: [4, r => [anyKey(r), anyKey(r), some(r, flag('REPLACE'), r => ['DB', r.pick(['0', '1'])])]],
    MOVE: [1, r => [anyKey(r), r.pick(['0', '1', '1', '99'])]],
    SWAPDB: [0.3, r => [r.pick(['0', '1']), r.pick(['0', '1'])]],
    SELECT: [0.7, r => [r.pick(['0', '0', '0', '1'])]],
    RANDOMKEY: [1, () => []],
    KEYS: [2, r => [pattern(r)]],
    SCAN: [2, r => ['0', scanOptions(r), some(r, r => ['TYPE', r.pick(['string', 'hash', 'list', 'set', 'zset'])])]],
    FLUSHDB: [0.15, r => [some(r, flag('SYNC', 'ASYNC'))]],
    FLUSHALL: [0.1, () => []],
    EXPIRE: [3, r => [anyKey(r), seconds(r), some(r, condition)]],
    PEXPIRE: [3, r => [anyKey(r), milliseconds(r), some(r, condition)]],
    EXPIREAT: [2, r => [anyKey(r), moment(r), some(r, condition)]],
    PEXPIREAT: [2, r => [anyKey(r), `${moment(r)}000`, some(r, condition, condition)]],
    TTL: [1, r => [anyKey(r)]],
    PTTL: [1, r => [anyKey(r)]],
    EXPIRETIME: [1, r => [anyKey(r)]],
    PEXPIRETIME: [1, r => [anyKey(r)]],
    PERSIST: [2, r => [anyKey(r)]],
    SORT: [3, r => [anyKey(r), sortOptions(r), some(r, r => ['STORE', anyKey(r)])]],
    SORT_RO: [1, r => [anyKey(r), sortOptions(r)]],
  }),
  strings: family({
    SET: [
      9,
      r => [S(r), value(r), some(r, flag('NX', 'XX'), flag('GET'), r => (r.next() < 0.3 ? ['KEEPTTL'] : expiry(r)))],
    ],
    GET: [3, r => [S(r)]],
    GETSET: [2, r => [S(r), value(r)]],
    GETDEL: [2, r => [S(r)]],
    GETEX: [3, r => [S(r), some(r, r => (r.next() < 0.3 ? ['PERSIST'] : expiry(r)))]],
    SETNX: [2, r => [S(r), value(r)]],
    SETEX: [2, r => [S(r), seconds(r), value(r)]],
    PSETEX: [2, r => [S(r), milliseconds(r), value(r)]],
    MSET: [2, r => [several(r, 3, r => [S(r), value(r)])]],
    MSETNX: [2, r => [several(r, 3, r => [S(r), value(r)])]],
    MGET: [2, r => [several(r, 4, S)]],
    APPEND: [5, r => [S(r), value(r)]],
    STRLEN: [2, r => [S(r)]],
    GETRANGE: [4, r => [S(r), index(r), index(r)]],
    SUBSTR: [2, r => [S(r), index(r), index(r)]],
    SETRANGE: [5, r => [S(r), String(r.int(-1, 30)), value(r)]],
    INCR: [3, r => [S(r)]],
    DECR: [3, r => [S(r)]],
    INCRBY: [4, r => [S(r), integer(r)]],
    DECRBY: [4, r => [S(r), integer(r)]],
    INCRBYFLOAT: [5, r => [S(r), float(r)]],
    LCS: [2, r => [S(r), S(r), some(r, flag('LEN', 'IDX'), flag('WITHMATCHLEN'), r => ['MINMATCHLEN', integer(r)])]],
  }),
  bitmaps: family(bitmaps),
  hlls: family(hlls),
  hashes: family({
    HSET: [8, r => [H(r), several(r, 4, r => [oneOfMany(r), value(r)])]],
    HSETNX: [3, r => [H(r), member(r), value(r)]],
    HMSET: [2, r => [H(r), several(r, 3, r => [member(r), value(r)])]],
    HGET: [3, r => [H(r), member(r)]],
    HMGET: [2, r => [H(r), several(r, 4, member)]],
    HGETALL: [2, r => [H(r)]],
    HDEL: [5, r => [H(r), several(r, 4, oneOfMany)]],
    HLEN: [2, r => [H(r)]],
    HEXISTS: [2, r => [H(r), member(r)]],
    HKEYS: [2, r => [H(r)]],
    HVALS: [2, r => [H(r)]],
    HINCRBY: [4, r => [H(r), member(r), integer(r)]],
    HINCRBYFLOAT: [4, r => [H(r), member(r), float(r)]],
    HSTRLEN: [2, r => [H(r), member(r)]],
    HRANDFIELD: [3, r => [H(r), some(r, r => [randomCount(r), ...some(r, flag('WITHVALUES'))])]],
    HSCAN: [2, r => [H(r), '0', scanOptions(r)]],
  }),
  lists: family({
    LPUSH: [6, r => [L(r), several(r, 4, value)]],
    RPUSH: [6, r => [L(r), several(r, 4, value)]],
    LPUSHX: [2, r => [L(r), several(r, 3, member)]],
    RPUSHX: [2, r => [L(r), several(r, 3, member)]],
    LPOP: [4, r => [L(r), some(r, r => [count(r)])]],
    RPOP: [4, r => [L(r), some(r, r => [count(r)])]],
    LLEN: [2, r => [L(r)]],
    LINDEX: [3, r => [L(r), index(r)]],
    LINSERT: [4, r => [L(r), r.pick(['BEFORE', 'AFTER', 'before']), member(r), value(r)]],
    LRANGE: [4, r => [L(r), index(r), index(r)]],
    LREM: [4, r => [L(r), index(r), member(r)]],
    LSET: [4, r => [L(r), index(r), value(r)]],
    LTRIM: [3, r => [L(r), index(r), index(r)]],
    LPOS: [
      4,
      r => [
        L(r),
        member(r),
        some(
          r,
          r => ['RANK', index(r)],
          r => ['COUNT', count(r)],
          r => ['MAXLEN', count(r)],
        ),
      ],
    ],
    LMOVE: [4, r => [L(r), L(r), r.pick(['LEFT', 'RIGHT', 'left']), r.pick(['LEFT', 'RIGHT'])]],
    RPOPLPUSH: [3, r => [L(r), L(r)]],
    LMPOP: [3, r => [sources(r, L), r.pick(['LEFT', 'RIGHT']), some(r, r => ['COUNT', count(r)])]],
  }),
  sets: family({
    SADD: [8, r => [T(r), several(r, 5, r => (r.next() < 0.4 ? String(r.int(-5, 700)) : member(r)))]],
    SREM: [5, r => [T(r), several(r, 4, member)]],
    SMEMBERS: [2, r => [T(r)]],
    SISMEMBER: [2, r => [T(r), member(r)]],
    SMISMEMBER: [2, r => [T(r), several(r, 4, member)]],
    SCARD: [2, r => [T(r)]],
    SMOVE: [4, r => [T(r), T(r), member(r)]],
    SPOP: [2, r => [T(r), some(r, r => [String(r.int(0, 12))])]],
    SRANDMEMBER: [2, r => [T(r), some(r, r => [randomCount(r)])]],
    SINTER: [3, r => [few(r, T)]],
    SUNION: [3, r => [few(r, T)]],
    SDIFF: [3, r => [few(r, T)]],
    SINTERSTORE: [3, r => [T(r), few(r, T)]],
    SUNIONSTORE: [3, r => [T(r), few(r, T)]],
    SDIFFSTORE: [3, r => [T(r), few(r, T)]],
    SINTERCARD: [3, r => [sources(r, T), some(r, r => ['LIMIT', count(r)])]],
    SSCAN: [2, r => [T(r), '0', scanOptions(r)]],
  }),
  zsets: family({
    ZADD: [
      10,
      r => [
        Z(r),
        some(r, flag('NX', 'XX'), flag('GT', 'LT'), flag('CH'), r => (r.next() < 0.4 ? ['INCR'] : [])),
        several(r, 3, r => [score(r), oneOfMany(r)]),
      ],
    ],
    ZINCRBY: [4, r => [Z(r), score(r), member(r)]],
    ZREM: [4, r => [Z(r), several(r, 3, oneOfMany)]],
    ZSCORE: [2, r => [Z(r), member(r)]],
    ZMSCORE: [2, r => [Z(r), several(r, 3, member)]],
    ZCARD: [1, r => [Z(r)]],
    ZCOUNT: [2, r => [Z(r), scoreBound(r), scoreBound(r)]],
    ZLEXCOUNT: [3, r => [E(r), lexBound(r), lexBound(r)]],
    ZRANK: [2, r => [Z(r), member(r)]],
    ZREVRANK: [2, r => [Z(r), member(r)]],
    ZRANGE: [5, r => rangeOf(r)],
    ZREVRANGE: [2, r => [Z(r), index(r), index(r), some(r, withScores)]],
    ZRANGEBYSCORE: [3, r => [Z(r), scoreBound(r), scoreBound(r), some(r, withScores, limit)]],
    ZREVRANGEBYSCORE: [2, r => [Z(r), scoreBound(r), scoreBound(r), some(r, withScores, limit)]],
    ZRANGEBYLEX: [3, r => [E(r), lexBound(r), lexBound(r), some(r, limit)]],
    ZREVRANGEBYLEX: [3, r => [E(r), lexBound(r), lexBound(r), some(r, limit)]],
    ZRANGESTORE: [3, r => [Z(r), rangeOf(r)]],
    // Of sets, whose members all count 1: what is negative in a sorted set would become -0.
    'ZUNIONSTORE of equal scores': [6, r => [E(r), '1', r.pick(KEYS['set'] as readonly string[]), 'WEIGHTS', '0']],
    ZREMRANGEBYRANK: [2, r => [Z(r), index(r), index(r)]],
    ZREMRANGEBYSCORE: [2, r => [Z(r), scoreBound(r), scoreBound(r)]],
    ZREMRANGEBYLEX: [3, r => [E(r), lexBound(r), lexBound(r)]],
    ZPOPMIN: [3, r => [Z(r), some(r, r => [count(r)])]],
    ZPOPMAX: [3, r => [Z(r), some(r, r => [count(r)])]],
    ZMPOP: [2, r => [sources(r, Z), r.pick(['MIN', 'MAX']), some(r, r => ['COUNT', count(r)])]],
    ZRANDMEMBER: [2, r => [Z(r), some(r, r => [randomCount(r), ...some(r, withScores)])]],
    ZUNION: [2, r => [combine(r), some(r, withScores)]],
    ZINTER: [2, r => [combine(r), some(r, withScores)]],
    ZDIFF: [2, r => [sources(r, Z), some(r, withScores)]],
    ZUNIONSTORE: [3, r => [Z(r), combine(r)]],
    ZINTERSTORE: [3, r => [Z(r), combine(r)]],
    ZDIFFSTORE: [2, r => [Z(r), sources(r, Z)]],
    ZINTERCARD: [2, r => [sources(r, Z), some(r, r => ['LIMIT', count(r)])]],
    ZSCAN: [2, r => [Z(r), '0', scanOptions(r)]],
  }),
  geos: family(geos),
  streams: family(STREAMS),
}

function rangeOf(r: Random): string[] {
  const kind = r.next()
  const order = some(r, flag('REV'))
  if (kind < 0.4) return [Z(r), index(r), index(r), ...order, ...some(r, withScores)]
  if (kind < 0.7) return [Z(r), scoreBound(r), scoreBound(r), 'BYSCORE', ...order, ...some(r, limit, withScores)]
  return [E(r), lexBound(r), lexBound(r), 'BYLEX', ...order, ...some(r, limit)]
}

/** BY with ALPHA leaves ties open, and BY nosort of a set its order, which LIMIT and STORE would make visible. */
function sortOptions(r: Random): string[] {
  const gets = (r: Random): string[] => ['GET', r.pick(['#', 's*', 'h1->*', '*', 'h*->a'])]
  if (r.next() < 0.2)
    return ['BY', r.pick(['s*', 'h1->*', 's?*', 'h*->1']), ...some(r, flag('DESC', 'ASC'), limit, gets)]
  return some(r, flag('ALPHA'), flag('DESC', 'ASC'), limit, gets, flag('ALPHA'))
}

export interface Generator {
  next(): string[]
}

/** An endless program of these families. */
export function programOf(r: Random, families: readonly string[]): Generator {
  const commands: (Command & { name: string })[] = []
  let total = 0
  for (const family of families) {
    const found = COMMANDS[family]
    if (found === undefined) throw new Error(`no family ${family}: ${Object.keys(COMMANDS).join(', ')}`)
    for (const [name, command] of Object.entries(found)) {
      commands.push({ ...command, name })
      total += command.weight
    }
  }
  const make = (): string[] => {
    let at = r.next() * total
    const command = commands.find(each => (at -= each.weight) < 0) ?? (commands[0] as (typeof commands)[number])
    const argv = [command.name.split(' of ')[0] as string, ...command.make(r).flat()]
    return r.next() < 0.06 ? spoil(r, argv) : argv
  }
  return {
    next: () => {
      for (;;) {
        const argv = make()
        if (isSettled(argv)) return argv
      }
    },
  }
}

function spoil(r: Random, argv: string[]): string[] {
  const at = r.int(1, Math.max(1, argv.length - 1))
  switch (r.int(0, 5)) {
    case 0:
      // A command of no words has no reply.
      return argv.length > 1 ? argv.slice(0, -1) : argv
    case 1:
      return [...argv, r.pick(HOSTILE)]
    case 2:
      return [(argv[0] as string).toLowerCase(), ...argv.slice(1)]
    case 3:
      return argv.toSpliced(at, 1)
    case 4:
      return argv.toSpliced(at, 0, r.pick(HOSTILE))
    default:
      return at < argv.length ? argv.with(at, r.pick(HOSTILE)) : argv
  }
}

/** Has this command one answer on every run and every correct server, and no cost out of measure? */
function isSettled(argv: readonly string[]): boolean {
  const [word = '', ...rest] = argv
  const name = word.toUpperCase()
  if (name.startsWith('X')) return isSettledStream(argv)
  if (name === 'ZUNIONSTORE' && EQUAL.includes(rest[0] as string)) {
    return rest.length === 5 && rest[3] === 'WEIGHTS' && rest[4] === '0'
  }
  if (/RANDMEMBER$|^HRANDFIELD$/.test(name)) return !rest.some(each => /^-\d{4,}$/.test(each))
  // Known to differ and to leave another state: test/support/differences.ts.
  if (name === 'LREM' || name === 'LPOS') return !rest.includes(SMALLEST)
  if (!bitmapsAreSettled(name, rest)) return false
  if (name.startsWith('GEO')) return storesWell(argv)
  if (name === 'SELECT') return rest.length === 1 && /^[01]$/.test(rest[0] as string)
  if (name === 'SETRANGE') return !/^\d{4,9}$/.test(rest[1] ?? '')
  if (name.startsWith('SORT')) {
    const by = rest.findIndex((each, i) => i > 0 && each.toUpperCase() === 'BY')
    if (by < 0) return true
    return (rest[by + 1] ?? '').includes('*') && !rest.some(each => each.toUpperCase() === 'ALPHA')
  }
  const short = (text: string | undefined, least: number): boolean =>
    text !== undefined && /^\d+$/.test(text) && Number(text) > 0 && Number(text) < least
  if (name === 'COMMAND') {
    // A number of keys that is none is read a second time, by another function, up to where it is one.
    const counted = rest.findIndex(each => /^(ZUNIONSTORE|LMPOP)$/i.test(each))
    if (counted < 0) return true
    return /^\d$/.test(rest[counted + (/^L/i.test(rest[counted] as string) ? 1 : 2)] ?? '')
  }
  // What a key takes is each server's own.
  if (name === 'MEMORY') return rest[1] === '-none-'
  // Redis knows many more parameters.
  if (name === 'CONFIG') return !rest.some(each => each.startsWith('*'))
  if (name === 'RESTORE') return rest.includes('ABSTTL') || !short(rest[1], 5_000_000)
  if (name === 'EXPIRE' || name === 'SETEX') return !short(rest[1], 5000)
  if (name === 'PEXPIRE' || name === 'PSETEX') return !short(rest[1], 5_000_000)
  if (name === 'SET' || name === 'GETEX') {
    return !rest.some(
      (each, i) =>
        i > 0 &&
        ((/^EX$/i.test(each) && short(rest[i + 1], 5000)) || (/^PX$/i.test(each) && short(rest[i + 1], 5_000_000))),
    )
  }
  return true
}
