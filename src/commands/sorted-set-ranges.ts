import type { Bound, RangeLimit, SortedSetRangeCommands, ZRangeOptions } from '../api/sorted-sets.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { SMALL, type SortedSet } from '../structures/sorted-set.ts'
import { parseInteger, strtod } from '../util/numbers.ts'
import { compareText } from '../util/text.ts'
import { index, keyOf, keyText, lateOptions, none, record, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import { membersAs, type Pairs } from './sorted-sets.ts'
import * as shape from './shapes.ts'

const rangeLines = {
  scoreBound: 'ERR min or max is not a float',
  lexBound: 'ERR min or max not valid string range item',
  rankLimit: 'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
  lexScores: 'ERR syntax error, WITHSCORES not supported in combination with BYLEX',
}

/** Where the lossless results differ from the typed replies. */
interface Results {
  zrange: Pairs
  zrevrange: Pairs
  zrangebyscore: Pairs
  zrevrangebyscore: Pairs
  zrangebylex: readonly string[]
  zrevrangebylex: readonly string[]
}

type Kind = 'rank' | 'score' | 'lex'

/** A range as it was asked for, with its bounds read and the lower one first. */
interface Range {
  readonly kind: Kind
  readonly reverse: boolean
  /** Ranks as given, or scores. */
  readonly low: number
  readonly high: number
  /** The bound itself is not in the range. */
  readonly lowOpen: boolean
  readonly highOpen: boolean
  /** Members; for the ends `BELOW_ALL` and `ABOVE_ALL`. */
  readonly lowText: string
  readonly highText: string
  readonly offset: number
  readonly count: number
}

interface Options {
  readonly limit?: RangeLimit
  readonly withscores?: boolean
}

// No member can be one of these, because neither is canonical.
const BELOW_ALL = '\ud800-'
const ABOVE_ALL = '\ud800+'

function isOpen(bound: Bound): boolean {
  return (typeof bound === 'string' ? bound.charCodeAt(0) : bound instanceof Uint8Array ? bound[0] : 0) === 0x28
}

function scoreBound(bound: Bound): number {
  if (typeof bound === 'number' && !Number.isNaN(bound)) return bound
  if (typeof bound === 'bigint') return Number(bound)
  if (typeof bound === 'string') {
    const score = strtod(isOpen(bound) ? bound.slice(1) : bound)
    if (score !== undefined) return score
  } else if (typeof bound !== 'number') throw new TypeError('a bound must be a number or string')
  throw new ReplyError(rangeLines.scoreBound)
}

function lexBound(bound: Bound): string {
  const given = text(bound, 'a bound')
  const first = given.charCodeAt(0)
  if (first === 0x28 || first === 0x5b) return given.slice(1)
  // What C sees of the text ends at a zero byte.
  if ((first === 0x2b || first === 0x2d) && (given.length === 1 || given.charCodeAt(1) === 0)) {
    return first === 0x2b ? ABOVE_ALL : BELOW_ALL
  }
  throw new ReplyError(rangeLines.lexBound)
}

function rankBound(bound: Bound): number {
  if (typeof bound !== 'string') return index(bound as number, 'a rank')
  const n = parseInteger(bound)
  if (n === undefined) throw new ReplyError(lines.notInteger)
  return Number(n)
}

/** Checks the options and reads the bounds. With `reverse` those of scores and members are given highest first. */
function rangeOf(kind: Kind, first: Bound, second: Bound, reverse: boolean, options: Options): Range {
  const { limit } = lateOptions(options, true)
  if (limit !== undefined) record(limit, 'limit')
  const offset = limit === undefined ? 0 : index(limit.offset, 'limit.offset')
  const count = limit === undefined ? -1 : index(limit.count, 'limit.count')
  if (kind === 'rank' && count !== -1) throw new ReplyError(rangeLines.rankLimit)
  if (kind === 'lex' && options.withscores) throw new ReplyError(rangeLines.lexScores)
  const swap = reverse && kind !== 'rank'
  const low = swap ? second : first
  const high = swap ? first : second
  const ranks = kind === 'rank'
  const scores = kind === 'score'
  const members = kind === 'lex'
  return {
    kind,
    reverse,
    low: ranks ? rankBound(low) : scores ? scoreBound(low) : 0,
    high: ranks ? rankBound(high) : scores ? scoreBound(high) : 0,
    lowOpen: isOpen(low),
    highOpen: isOpen(high),
    lowText: members ? lexBound(low) : '',
    highText: members ? lexBound(high) : '',
    offset: ranks ? 0 : offset,
    count,
  }
}

/** The kind of range that the options of ZRANGE ask for. */
function kindOf(options: ZRangeOptions): Kind {
  if (record(options, 'options').bylex && options.byscore) throw new ReplyError(lines.syntax)
  return options.bylex ? 'lex' : options.byscore ? 'score' : 'rank'
}

// What `select` found: the ranks in [from, until). In two variables, because a range is looked for in every call.
let from = 0
let until = 0

/** Finds the ranks of a range. */
function select(zset: SortedSet, range: Range): void {
  let { offset } = range
  if (range.kind === 'rank') selectRanks(zset.size, range.low, range.high, range.reverse)
  else if (range.kind === 'score') {
    from = zset.rankOfScore(range.low, range.lowOpen)
    until = zset.rankOfScore(range.high, !range.highOpen)
  } else if (zset.size <= SMALL) {
    selectMembers(zset, range)
    offset = 0
  } else {
    const { lowText, highText } = range
    const { size } = zset
    from = lowText === BELOW_ALL ? 0 : lowText === ABOVE_ALL ? size : zset.rankOfLex(lowText, range.lowOpen)
    until = highText === ABOVE_ALL ? size : highText === BELOW_ALL ? 0 : zset.rankOfLex(highText, !range.highOpen)
  }
  if (offset !== 0 || range.count >= 0) cut(offset, range.count, range.reverse)
  if (from >= until) from = until = 0
}

function selectRanks(size: number, start: number, stop: number, reverse: boolean): void {
  const first = start < 0 ? Math.max(start + size, 0) : start
  const last = stop < 0 ? stop + size : Math.min(stop, size - 1)
  if (first > last) from = until = 0
  else if (reverse) {
    from = size - 1 - last
    until = size - first
  } else {
    from = first
    until = last + 1
  }
}

function isAbove(range: Range, member: string): boolean {
  if (range.lowText === BELOW_ALL) return true
  if (range.lowText === ABOVE_ALL) return false
  const order = compareText(member, range.lowText)
  return range.lowOpen ? order > 0 : order >= 0
}

function isBelow(range: Range, member: string): boolean {
  if (range.highText === ABOVE_ALL) return true
  if (range.highText === BELOW_ALL) return false
  const order = compareText(member, range.highText)
  return range.highOpen ? order < 0 : order <= 0
}

/**
 * The range of members in a small set, searched from one end as Redis searches a listpack, where an offset skips pairs
 * without a look at them: when scores differ, and the order is not that of the members, this decides what is found.
 */
function selectMembers(zset: SortedSet, range: Range): void {
  const { size } = zset
  const { offset } = range
  const at = (rank: number): string => zset.memberAt(rank) as string
  from = until = 0
  if (offset < 0 || !isAbove(range, at(size - 1)) || !isBelow(range, at(0))) return
  if (range.reverse) {
    let end = size
    while (end > 0 && !isBelow(range, at(end - 1))) end--
    if (end <= offset || !isAbove(range, at(end - 1))) return
    from = until = end - offset
    while (from > 0 && isAbove(range, at(from - 1))) from--
  } else {
    let start = 0
    while (start < size && !isAbove(range, at(start))) start++
    if (start + offset >= size || !isBelow(range, at(start))) return
    from = until = start + offset
    while (until < size && isBelow(range, at(until))) until++
  }
}

/** Narrows what is found to the part that LIMIT names. */
function cut(offset: number, count: number, reverse: boolean): void {
  if (offset < 0) from = until
  else if (reverse) {
    until -= offset
    if (count >= 0) from = Math.max(from, until - count)
  } else {
    from += offset
    if (count >= 0) until = Math.min(until, from + count)
  }
}

function ranged(ks: Keyspace, key: Key, range: Range, options: Options): (string | number)[] {
  const zset = ks.read(keyOf(key), 'zset')
  if (zset === undefined) return []
  select(zset, range)
  return options.withscores ? zset.pairs(from, until, range.reverse) : zset.members(from, until, range.reverse)
}

function removed(ks: Keyspace, given: Key, range: Range, event: string): number {
  const key = keyText(given)
  const zset = ks.modify(key, 'zset')
  if (zset === undefined) return 0
  select(zset, range)
  if (from === until) return 0
  const first = from
  const last = until - 1
  const count = zset.deleteRange(from, until)
  ks.changed(key, zset, event)
  // In ranks, because these mean the same to everybody, whatever the bounds were.
  if (ks.logging) ks.effect('ZREMRANGEBYRANK', key, first, last)
  return count
}

function counted(ks: Keyspace, key: Key, range: Range): number {
  const zset = ks.read(keyOf(key), 'zset')
  if (zset === undefined) return 0
  select(zset, range)
  return until - from
}

export const sortedSetRanges: Ops<SortedSetRangeCommands, Results> = {
  zcount: (ks, key, min, max) => counted(ks, key, rangeOf('score', min, max, false, none)),
  zlexcount: (ks, key, min, max) => counted(ks, key, rangeOf('lex', min, max, false, none)),
  zrange(ks, key, start, stop, options = none as ZRangeOptions) {
    if (options === none && typeof start === 'number' && typeof stop === 'number') {
      const low = index(start, 'start')
      const high = index(stop, 'stop')
      const zset = ks.read(keyOf(key), 'zset')
      if (zset === undefined) return []
      selectRanks(zset.size, low, high, false)
      return zset.members(from, until, false)
    }
    return ranged(ks, key, rangeOf(kindOf(options), start, stop, options.rev === true, options), options)
  },
  zrangestore(ks, given, key, start, stop, options = none as ZRangeOptions) {
    const destination = keyText(given)
    const source = keyText(key)
    const range = rangeOf(kindOf(options), start, stop, options.rev === true, options)
    const zset = ks.read(source, 'zset')
    from = until = 0
    if (zset !== undefined) select(zset, range)
    const members: string[] = []
    const scores: number[] = []
    zset?.forEach(from, until, false, (member, score) => {
      members.push(member)
      scores.push(score)
    })
    if (members.length === 0) {
      if (ks.remove(destination) && ks.logging) ks.effect('DEL', destination)
      return 0
    }
    const result = ks.create('zset')
    result.load(members, scores)
    const [first, last] = [from, until - 1]
    ks.put(destination, result, 'zrangestore')
    // In ranks, because these mean the same to everybody, whatever the bounds were.
    if (ks.logging) ks.effect('ZRANGESTORE', destination, source, first, last)
    return members.length
  },
  zrevrange(ks, key, start, stop, options = none) {
    return ranged(ks, key, rangeOf('rank', start, stop, true, options), options)
  },
  zrangebyscore(ks, key, min, max, options = none) {
    return ranged(ks, key, rangeOf('score', min, max, false, options), options)
  },
  zrevrangebyscore(ks, key, max, min, options = none) {
    return ranged(ks, key, rangeOf('score', max, min, true, options), options)
  },
  zrangebylex(ks, key, min, max, options = none) {
    return ranged(ks, key, rangeOf('lex', min, max, false, options), options) as string[]
  },
  zrevrangebylex(ks, key, max, min, options = none) {
    return ranged(ks, key, rangeOf('lex', max, min, true, options), options) as string[]
  },
  zremrangebyrank(ks, key, start, stop) {
    return removed(ks, key, rangeOf('rank', start, stop, false, none), 'zremrangebyrank')
  },
  zremrangebyscore(ks, key, min, max) {
    return removed(ks, key, rangeOf('score', min, max, false, none), 'zremrangebyscore')
  },
  zremrangebylex(ks, key, min, max) {
    return removed(ks, key, rangeOf('lex', min, max, false, none), 'zremrangebylex')
  },
}

export const sortedSetRangeShapes: Shapes<
  SortedSetRangeCommands,
  SortedSetRangeCommands<'sync', Uint8Array>,
  typeof sortedSetRanges
> = {
  zrange: (result, out, args) => membersAs(result, out, args[3]),
  zrevrange: (result, out, args) => membersAs(result, out, args[3]),
  zrangebyscore: (result, out, args) => membersAs(result, out, args[3]),
  zrevrangebyscore: (result, out, args) => membersAs(result, out, args[3]),
  zrangebylex: shape.texts,
  zrevrangebylex: shape.texts,
}

export const sortedSetRangeRest: Rest<SortedSetRangeCommands> = {}
