import type {
  Bound,
  CombineOptions,
  RangeLimit,
  ScoreBound,
  ScoredMembers,
  ScoreEnd,
  ZAddOptions,
  ZIncrOptions,
  ZRangeOptions,
} from '../api/sorted-sets.ts'
import type { Key, ScanOptions, Scored, Value } from '../api/types.ts'
import { lateOptions, listOf, record } from '../commands/input.ts'
import type { sortedSetCombine } from '../commands/sorted-set-combine.ts'
import type { sortedSetRanges } from '../commands/sorted-set-ranges.ts'
import { needsMember, type ScannedScores, type sortedSets } from '../commands/sorted-sets.ts'
import { lines, ReplyError, wrongArity } from '../errors.ts'
import { formatDouble, MAX_INT64, seventeenDigits } from '../util/numbers.ts'
import {
  type Arg,
  type ArgReader,
  argument,
  type Codec,
  counted,
  double,
  doubleText,
  extra,
  flag,
  integer,
  key,
  last,
  late,
  optional,
  options,
  ranged,
  rest,
  value,
  word,
} from './codec.ts'
import {
  bulk,
  count,
  double as doubleReply,
  list,
  nullable,
  nullableList,
  nullableText,
  type ReplyCodec,
  scored,
  textList,
} from './reply.ts'
import type { Rows } from './row.ts'
import { cursor, scanWords } from './scan.ts'

type Pairs = readonly (string | number)[]

// ---- replies ------------------------------------------------------------------------------------------------------

/** Members alone. */
const members = textList as unknown as ReplyCodec<Pairs>

/** Members with their scores, flat in RESP3 too. */
const flat: ReplyCodec<Pairs> = {
  write: (result, w) => {
    w.array(result.length)
    for (let i = 0; i < result.length; i += 2) {
      w.bulk(result[i] as string)
      w.double(result[i + 1] as number)
    }
  },
  read: scored.read,
}

const eachScore = list(nullable(doubleReply))
const scores: ReplyCodec<(number | null)[]> = {
  write: eachScore.write,
  read: raw => eachScore.read(raw) as (number | null)[],
}

/** A key, and the members taken from it with their scores, in pairs in RESP2 too. */
export const keyed: ReplyCodec<readonly [key: string, pairs: Pairs]> = {
  write: ([name, pairs], w) => {
    w.array(2)
    w.bulk(name)
    w.array(pairs.length / 2)
    for (let i = 0; i < pairs.length; i += 2) {
      w.array(2)
      w.bulk(pairs[i] as string)
      w.double(pairs[i + 1] as number)
    }
  },
  read: raw => {
    const [name, pairs] = raw as readonly [string, never]
    return [bulk.read(name) as string, scored.read(pairs)]
  },
}

const ranked: ReplyCodec<readonly [rank: number, score: number]> = {
  write: ([rank, score], w) => {
    w.array(2)
    w.integer(rank)
    w.double(score)
  },
  read: raw => {
    const [rank, score] = raw as readonly never[]
    return [count.read(rank), doubleReply.read(score)]
  },
}

const scanned: ReplyCodec<ScannedScores> = {
  write: (result, w) => {
    const { pairs } = result
    w.array(2)
    w.bulk(result.cursor)
    w.array(pairs.length)
    for (let i = 0; i < pairs.length; i += 2) {
      const score = pairs[i + 1] as number
      w.bulk(pairs[i] as string)
      w.bulk(result.compact ? formatDouble(score) : seventeenDigits(score))
    }
  },
  read: raw => {
    const [next, pairs] = raw as readonly [string, never]
    return { cursor: String(next), pairs: scored.read(pairs), compact: true }
  },
  unordered: true,
}

/** Members, or with the option their scores too. */
function asked(args: readonly unknown[], at: number): ReplyCodec<Pairs> {
  return (args[at] as { withscores?: boolean } | undefined)?.withscores ? scored : members
}

// ---- arguments ----------------------------------------------------------------------------------------------------

/** A score, whose error waits until the options are found to agree. */
const score = late(double())

/** `score member [score member …]`. */
const scoredMembers: Codec<number | ScoredMembers> = {
  read: args => {
    if (args.left === 0 || args.left % 2 !== 0) throw new ReplyError(lines.syntax)
    const given: { member: string; score: number }[] = []
    while (args.left > 0) given.push({ score: score.read(args), member: args.next() })
    return given
  },
  write: (given, argv) => {
    if (typeof given === 'number') return score.write(given, argv, 'score')
    const before = argv.length
    if (Array.isArray(given)) {
      for (const one of given) {
        score.write(record(one as Scored, 'each of members').score, argv, 'score')
        value.write((one as Scored).member, argv, 'member')
      }
    } else {
      for (const [member, n] of Object.entries(record(given as Record<string, number>, 'members'))) {
        score.write(n, argv, 'score')
        argv.push(member)
      }
    }
    if (argv.length === before) throw new TypeError('members must not be empty')
  },
  min: 2,
  max: Infinity,
  keys: 'none',
}

/** The member of the overload with a single one. */
const single: Codec<Value | ZAddOptions | ZIncrOptions | undefined> = {
  ...extra,
  write: (given, argv) => {
    if (given !== undefined) value.write(given as Value, argv, 'member')
  },
}

type Flags = { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean; ch?: boolean; incr?: boolean }
const zaddOptions = options<Flags>(
  { nx: flag('NX'), xx: flag('XX'), gt: flag('GT'), lt: flag('LT'), ch: flag('CH'), incr: flag('INCR') },
  true,
) as Codec<ZAddOptions | ZIncrOptions | undefined>

const zaddWords: ReadonlySet<string> = new Set(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'])
const plainIncrement = double()
/** ZINCRBY reads its arguments as ZADD does: what is an option there leaves too few for a score and a member. */
const increment: Codec<number> = {
  ...plainIncrement,
  read: args => {
    if (zaddWords.has(args.peek() as string)) throw new ReplyError(lines.syntax)
    return plainIncrement.read(args)
  },
}

/** `WITHSCORE`, alone at the end. */
const withScore: Codec<{ withscore?: boolean } | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    if (args.left > 1) throw new ReplyError(wrongArity(args.argv[0]))
    if (args.next().toUpperCase() !== 'WITHSCORE') throw new ReplyError(lines.syntax)
    return { withscore: true }
  },
  write: (given, argv) => {
    if (lateOptions(given, true).withscore) argv.push('WITHSCORE')
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

/** `WITHSCORES`, alone at the end. */
const withScores: Codec<{ withscores?: boolean } | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    if (args.left > 1 || args.peek() !== 'WITHSCORES') throw new ReplyError(lines.syntax)
    args.at++
    return { withscores: true }
  },
  write: (given, argv) => {
    if (lateOptions(given, true).withscores) argv.push('WITHSCORES')
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

/** The end of a range; the op reads it, because what it is depends on the options. */
const bound: Codec<Bound> = {
  ...value,
  write: (given, argv) => {
    if (typeof given === 'number') argv.push(doubleText(given))
    else value.write(given, argv, 'a bound')
  },
}
const scoreBound = bound as unknown as Codec<ScoreBound>
const rankBound = bound as unknown as Codec<number | bigint>
const lexBound = bound as unknown as Codec<string | Uint8Array>

const wholeNumber = integer()

interface Range {
  byscore?: boolean
  bylex?: boolean
  rev?: boolean
  limit?: RangeLimit
  withscores?: boolean
}

/**
 * What follows the bounds of a range. Commands whose name says what kind of range it is and in which direction take no
 * word for it, and `store` takes no WITHSCORES; the op refuses combinations.
 */
function rangeOptions<O extends object>(named: boolean, store: boolean): Codec<O | undefined> {
  const read = (args: ArgReader): Range | undefined => {
    if (args.left === 0) return undefined
    const given: Range = {}
    while (args.left > 0) {
      const next = args.next().toUpperCase()
      if (next === 'WITHSCORES' && !store) given.withscores = true
      else if (next === 'LIMIT' && args.left >= 2) {
        given.limit = { offset: wholeNumber.read(args), count: wholeNumber.read(args) }
      } else if (next === 'REV' && !named && !given.rev) given.rev = true
      else if (next === 'BYLEX' && !named && !given.byscore && !given.bylex) given.bylex = true
      else if (next === 'BYSCORE' && !named && !given.byscore && !given.bylex) given.byscore = true
      else throw new ReplyError(lines.syntax)
    }
    return given
  }
  const write = (given: Range | undefined, argv: Arg[]): void => {
    const { limit } = lateOptions(given, true)
    if (given === undefined) return
    if (given.byscore) argv.push('BYSCORE')
    if (given.bylex) argv.push('BYLEX')
    if (given.rev) argv.push('REV')
    if (limit !== undefined) {
      argv.push('LIMIT')
      wholeNumber.write(record(limit, 'limit').offset, argv, 'limit.offset')
      wholeNumber.write(limit.count, argv, 'limit.count')
    }
    if (given.withscores) argv.push('WITHSCORES')
  }
  const codec: Codec<Range | undefined> = { read, write, min: 0, max: Infinity, keys: 'none' }
  return codec as unknown as Codec<O | undefined>
}

const rangeWords = rangeOptions<ZRangeOptions & { withscores?: boolean }>(false, false)
const storeWords = rangeOptions<ZRangeOptions>(false, true)
const namedWords = rangeOptions<{ limit?: RangeLimit; withscores?: boolean }>(true, false)

/** The keys of ZUNION and its kin, whose errors name the command. */
function inputs(name: string): Codec<readonly Key[]> {
  return counted(key, `ERR at least 1 input key is needed for '${name}' command`, lines.notInteger)
}

const weight = double('ERR weight value is not a float')
const aggregate = word('SUM', 'MIN', 'MAX', 'COUNT')

interface Combine {
  weights?: readonly number[]
  aggregate?: CombineOptions['aggregate']
  withscores?: boolean
}

/** What follows the keys of ZUNION and its kin; `at` is where their number stands. Redis looks at the keys first. */
function combineOptions<O extends object>(at: number, store: boolean): Codec<O | undefined> {
  const read = (args: ArgReader): Combine | undefined => {
    if (args.left === 0) return undefined
    const inputCount = Number(args.argv[at])
    const given: Combine = {}
    while (args.left > 0) {
      const next = args.next().toUpperCase()
      if (next === 'WEIGHTS' && args.left >= inputCount) {
        const weights: number[] = []
        while (weights.length < inputCount) weights.push(weight.read(args))
        given.weights = weights
      } else if (next === 'AGGREGATE' && args.left > 0) given.aggregate = aggregate.read(args)
      else if (next === 'WITHSCORES' && !store) given.withscores = true
      else throw new ReplyError(lines.syntax)
    }
    return given
  }
  const write = (given: Combine | undefined, argv: Arg[]): void => {
    const { weights, aggregate: joined } = lateOptions(given, true)
    if (given === undefined) return
    if (weights !== undefined) {
      argv.push('WEIGHTS')
      for (const one of listOf(weights, 'weights')) weight.write(one, argv, 'weights')
    }
    if (joined !== undefined) {
      argv.push('AGGREGATE')
      aggregate.write(joined as 'SUM', argv, 'aggregate')
    }
    if (given.withscores) argv.push('WITHSCORES')
  }
  const codec: Codec<Combine | undefined> = { read, write, min: 0, max: Infinity, keys: 'none' }
  return late(codec) as unknown as Codec<O | undefined>
}

const combineWords = combineOptions<CombineOptions & { withscores?: boolean }>(1, false)
const combineStoreWords = combineOptions<CombineOptions>(2, true)
const diffWords = late(options<{ withscores?: boolean }>({ withscores: flag('WITHSCORES') }))

/** No options at all. */
const nothing = late(options<object>({}))

const positive = ranged(0, MAX_INT64, lines.notPositive)
const anyCount = ranged(-MAX_INT64, MAX_INT64, lines.int64Range, lines.notInteger)
export const mpopCount: Codec<{ count?: number | bigint } | undefined> = options<{ count?: number | bigint }>(
  { count: argument('COUNT', ranged(1, MAX_INT64, lines.countNotPositive)) },
  false,
  true,
)
const limit = late(
  options<{ limit?: number | bigint }>({ limit: argument('LIMIT', ranged(0, MAX_INT64, lines.limitNegative)) }),
)
const end = word('MIN', 'MAX') as Codec<ScoreEnd>

// ---- rows ---------------------------------------------------------------------------------------------------------

const rankOrRanked = (args: readonly unknown[]): ReplyCodec<number | null | readonly [number, number]> =>
  ((args[2] as { withscore?: boolean } | undefined)?.withscore ? nullableList(ranked) : nullable(count)) as never

export const sortedSetRows: Rows<typeof sortedSets> = {
  zadd: {
    name: 'ZADD',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, scoredMembers, single, zaddOptions],
    order: [0, 3, 1, 2],
    arrange: ([target, first, second, third]) => {
      needsMember(first, second)
      if (typeof first === 'number') return [target, first, second, third]
      return [target, first, undefined, second === undefined ? third : second]
    },
    reply: args => (args[3]?.incr ? nullable(doubleReply) : nullable(count)),
  },
  zincrby: {
    name: 'ZINCRBY',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, increment, value],
    reply: doubleReply,
  },
  zrem: { name: 'ZREM', flags: ['write', 'fast'], args: [key, rest(value)], reply: count },
  zcard: { name: 'ZCARD', flags: ['readonly', 'fast'], args: [key], reply: count },
  zscore: { name: 'ZSCORE', flags: ['readonly', 'fast'], args: [key, value], reply: nullable(doubleReply) },
  zmscore: {
    name: 'ZMSCORE',
    flags: ['readonly', 'fast'],
    args: [key, rest(value)],
    reply: scores,
  },
  zrank: { name: 'ZRANK', flags: ['readonly', 'fast'], args: [key, value, withScore], reply: rankOrRanked },
  zrevrank: { name: 'ZREVRANK', flags: ['readonly', 'fast'], args: [key, value, withScore], reply: rankOrRanked },
  zpopmin: {
    name: 'ZPOPMIN',
    flags: ['write', 'fast'],
    args: [key, last(positive)],
    reply: args => (args[1] === undefined ? flat : scored),
  },
  zpopmax: {
    name: 'ZPOPMAX',
    flags: ['write', 'fast'],
    args: [key, last(positive)],
    reply: args => (args[1] === undefined ? flat : scored),
  },
  zmpop: {
    name: 'ZMPOP',
    flags: ['write', 'movablekeys'],
    args: [counted(key, lines.numkeys), end, mpopCount],
    reply: nullableList(keyed),
  },
  zrandmember: {
    name: 'ZRANDMEMBER',
    flags: ['readonly'],
    args: [key, optional(anyCount), withScores],
    reply: args => (args[1] === undefined ? nullableText : asked(args, 2)) as ReplyCodec<string | null | Pairs>,
  },
  zscan: {
    name: 'ZSCAN',
    flags: ['readonly'],
    args: [key, cursor, late(options<ScanOptions>(scanWords))],
    reply: scanned,
  },
}

export const sortedSetRangeRows: Rows<typeof sortedSetRanges> = {
  zcount: { name: 'ZCOUNT', flags: ['readonly', 'fast'], args: [key, scoreBound, scoreBound], reply: count },
  zlexcount: { name: 'ZLEXCOUNT', flags: ['readonly', 'fast'], args: [key, lexBound, lexBound], reply: count },
  zrange: {
    name: 'ZRANGE',
    flags: ['readonly'],
    args: [key, bound, bound, rangeWords],
    reply: args => asked(args, 3),
  },
  zrangestore: {
    name: 'ZRANGESTORE',
    flags: ['write', 'denyoom'],
    args: [key, key, bound, bound, storeWords],
    reply: count,
  },
  zrevrange: {
    name: 'ZREVRANGE',
    flags: ['readonly'],
    args: [key, bound, bound, namedWords],
    reply: args => asked(args, 3),
  },
  zrangebyscore: {
    name: 'ZRANGEBYSCORE',
    flags: ['readonly'],
    args: [key, scoreBound, scoreBound, namedWords],
    reply: args => asked(args, 3),
  },
  zrevrangebyscore: {
    name: 'ZREVRANGEBYSCORE',
    flags: ['readonly'],
    args: [key, scoreBound, scoreBound, namedWords],
    reply: args => asked(args, 3),
  },
  zrangebylex: {
    name: 'ZRANGEBYLEX',
    flags: ['readonly'],
    args: [key, lexBound, lexBound, namedWords],
    reply: textList,
  },
  zrevrangebylex: {
    name: 'ZREVRANGEBYLEX',
    flags: ['readonly'],
    args: [key, lexBound, lexBound, namedWords],
    reply: textList,
  },
  zremrangebyrank: { name: 'ZREMRANGEBYRANK', flags: ['write'], args: [key, rankBound, rankBound], reply: count },
  zremrangebyscore: { name: 'ZREMRANGEBYSCORE', flags: ['write'], args: [key, scoreBound, scoreBound], reply: count },
  zremrangebylex: { name: 'ZREMRANGEBYLEX', flags: ['write'], args: [key, lexBound, lexBound], reply: count },
}

export const sortedSetCombineRows: Rows<typeof sortedSetCombine> = {
  zunion: {
    name: 'ZUNION',
    flags: ['readonly', 'movablekeys'],
    args: [inputs('zunion'), combineWords],
    reply: args => asked(args, 1),
  },
  zinter: {
    name: 'ZINTER',
    flags: ['readonly', 'movablekeys'],
    args: [inputs('zinter'), combineWords],
    reply: args => asked(args, 1),
  },
  zdiff: {
    name: 'ZDIFF',
    flags: ['readonly', 'movablekeys'],
    args: [inputs('zdiff'), diffWords],
    reply: args => asked(args, 1),
  },
  zunionstore: {
    name: 'ZUNIONSTORE',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, inputs('zunionstore'), combineStoreWords],
    reply: count,
  },
  zinterstore: {
    name: 'ZINTERSTORE',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, inputs('zinterstore'), combineStoreWords],
    reply: count,
  },
  zdiffstore: {
    name: 'ZDIFFSTORE',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, inputs('zdiffstore'), nothing],
    reply: count,
  },
  zintercard: {
    name: 'ZINTERCARD',
    flags: ['readonly', 'movablekeys'],
    args: [inputs('zintercard'), limit],
    reply: count,
  },
}
