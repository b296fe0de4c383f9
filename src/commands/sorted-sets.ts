import type {
  ScoredMembers,
  ScoredPopped,
  ScoreEnd,
  SortedSetMemberCommands,
  SortedSetScan,
  ZAddOptions,
  ZIncrOptions,
} from '../api/sorted-sets.ts'
import type { Key, Scored, Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import { double, index, keyOf, keyTexts, lateOptions, record, text, texts } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import { choose, chooseAgain } from './random.ts'
import { cursorOf, scanCount, scanPattern, takes } from './scan.ts'
import * as shape from './shapes.ts'

const zsetLines = {
  exclusive: 'ERR GT, LT, and/or NX options at the same time are not compatible',
  nxXx: 'ERR XX and NX options at the same time are not compatible',
  incrPairs: 'ERR INCR option supports a single increment-element pair',
  nan: 'ERR resulting score is not a number (NaN)',
}

/** Members and scores, flat, in order. */
export type Pairs = readonly (string | number)[]

type ZOptions = ZAddOptions | ZIncrOptions

/** Where the lossless results differ from the typed replies. */
interface Results {
  zrank: number | null | readonly [rank: number, score: number]
  zrevrank: number | null | readonly [rank: number, score: number]
  zpopmin: Pairs
  zpopmax: Pairs
  zmpop: readonly [key: string, pairs: Pairs] | null
  zrandmember: string | null | Pairs
  zscan: ScannedScores
}

/** A step of a scan. Redis spells the scores of a sorted set that is no longer compact with 17 digits. */
export interface ScannedScores {
  readonly cursor: string
  readonly pairs: Pairs
  readonly compact: boolean
}

/** A score as an argument of an effect. */
export function scoreArg(score: number): EffectArg {
  if (score === 0) return Object.is(score, -0) ? '-0' : 0
  return score === Infinity ? 'inf' : score === -Infinity ? '-inf' : score
}

/** A score as it is given: any double but NaN. */
export function scoreOf(given: number, name: string): number {
  const score = double(given, name)
  if (Number.isNaN(score)) throw new ReplyError(lines.notFloat)
  return score
}

/** Members and scores, flat, in the order given. */
function flat(members: ScoredMembers): (string | number)[] {
  const list: (string | number)[] = []
  if (Array.isArray(members)) {
    for (const one of members as readonly { member: Value; score: number }[]) {
      if (typeof one !== 'object' || one === null) throw new TypeError('members must be { member, score } each')
      list.push(text(one.member, 'member'), scoreOf(one.score, 'score'))
    }
  } else {
    const scores = record(members, 'members') as Readonly<Record<string, number>>
    for (const member of Object.keys(scores)) list.push(text(member, 'member'), scoreOf(scores[member], 'score'))
  }
  if (list.length === 0) throw new TypeError('members must not be empty')
  return list
}

/** Throws unless there is a list or object of members, or a score with a member. */
export function needsMember(first: unknown, second: unknown): void {
  if (typeof first === 'number') {
    if (second === undefined) text(second as never, 'member')
  } else if (typeof first !== 'object' || first === null) {
    if (second === undefined) record(first as never, 'members')
    else double(first as never, 'score')
  }
}

/** True when the score `old` may become `score`. */
function allowed(old: number, score: number, options: ZOptions): boolean {
  if (Number.isNaN(old)) return !options.xx
  if (options.nx) return false
  if (options.gt) return score > old
  if (options.lt) return score < old
  return true
}

/** ZADD with conditions, for several members, or for somebody who wants to know what changed. */
export function add(ks: Keyspace, key: string, pairs: (string | number)[], options: ZOptions): number | null {
  const { ch, incr } = options
  const zset = options.xx ? ks.modify(key, 'zset') : ks.write(key, 'zset')
  if (zset === undefined) return incr ? null : 0
  // Redis makes room for as many members as are given, even if some are the same.
  zset.expect(pairs.length / 2, 0)
  const effect: EffectArg[] | null = ks.logging ? ['ZADD', key] : null
  let added = 0
  let updated = 0
  let result: number | null = null
  for (let i = 0; i < pairs.length; i += 2) {
    const member = pairs[i] as string
    let score = pairs[i + 1] as number
    const old = zset.score(member)
    const absent = Number.isNaN(old)
    if (incr && !absent && !options.nx) {
      score += old
      if (Number.isNaN(score)) throw new ReplyError(zsetLines.nan)
    }
    if (!allowed(old, score, options)) continue
    result = score
    if (old === score) continue
    if (absent) added++
    else updated++
    zset.set(member, score)
    if (effect !== null) effect.push(scoreArg(score), member)
  }
  if (added + updated > 0) {
    ks.changed(key, zset, incr ? 'zincr' : 'zadd')
    if (effect !== null) ks.effectList(effect)
  }
  if (incr) return result
  return ch ? added + updated : added
}

function zadd(
  ks: Keyspace,
  given: Key,
  first: number | ScoredMembers,
  second?: Value | ZOptions,
  third?: ZOptions,
): number | null {
  const key = keyOf(given)
  const single = typeof first === 'number'
  const conditions = single || second === undefined ? third : (second as ZOptions)
  if (single && conditions === undefined && !ks.noting && !ks.logging) {
    const member = text(second as Value, 'member')
    const score = scoreOf(first, 'score')
    return ks.write(key, 'zset').set(member, score) ? 1 : 0
  }
  needsMember(first, second)
  const options = lateOptions(conditions, true)
  if (options.nx && options.xx) throw new ReplyError(zsetLines.nxXx)
  if ((options.gt && (options.lt || options.nx)) || (options.lt && options.nx))
    throw new ReplyError(zsetLines.exclusive)
  if (!single && options.incr && Array.isArray(first) && first.length > 1) throw new ReplyError(zsetLines.incrPairs)
  const pairs = single ? [text(second as Value, 'member'), scoreOf(first, 'score')] : flat(first)
  if (options.incr && pairs.length > 2) throw new ReplyError(zsetLines.incrPairs)
  return add(ks, key, pairs, options)
}

function rank(
  ks: Keyspace,
  key: Key,
  member: Value,
  reverse: boolean,
  options: { withscore?: boolean } | undefined,
): Results['zrank'] {
  const wanted = text(member, 'member')
  const { withscore } = lateOptions<{ withscore?: boolean }>(options, true)
  const zset = ks.read(keyOf(key), 'zset')
  if (zset === undefined) return null
  const at = zset.rank(wanted)
  if (at < 0) return null
  const place = reverse ? zset.size - 1 - at : at
  return withscore ? [place, zset.score(wanted)] : place
}

/** Takes up to `count` pairs from an end. */
function take(ks: Keyspace, key: string, zset: SortedSet, max: boolean, count: number): Pairs {
  const { size } = zset
  const n = Math.min(count, size)
  const from = max ? size - n : 0
  const pairs = zset.pairs(from, from + n, max)
  zset.deleteRange(from, from + n)
  ks.changed(key, zset, max ? 'zpopmax' : 'zpopmin')
  if (ks.logging) ks.effect(max ? 'ZPOPMAX' : 'ZPOPMIN', key, n)
  return pairs
}

function pop(ks: Keyspace, given: Key, max: boolean, wanted: number | bigint | undefined): Pairs {
  const key = keyOf(given)
  const count = wanted === undefined ? 1 : index(wanted, 'count')
  if (count < 0) throw new ReplyError(lines.notPositive)
  const zset = ks.modify(key, 'zset')
  return zset === undefined || count === 0 ? [] : take(ks, key, zset, max, count)
}

function isMax(end: ScoreEnd): boolean {
  switch (end) {
    case 'MAX':
    case 'max':
      return true
    case 'MIN':
    case 'min':
      return false
  }
  throw new TypeError(`an end of a sorted set is 'MIN' or 'MAX', not ${String(end)}`)
}

/** Each member followed by its score. */
function withScores(zset: SortedSet, members: readonly string[]): Pairs {
  const pairs: (string | number)[] = []
  for (const member of members) pairs.push(member, zset.score(member))
  return pairs
}

export const sortedSets: Ops<SortedSetMemberCommands, Results> = {
  zadd,
  zincrby(ks, given, increment, member) {
    const key = keyOf(given)
    const name = text(member, 'member')
    const by = scoreOf(increment, 'increment')
    const zset = ks.write(key, 'zset')
    // What the score was matters only to those who are told about changes.
    const old = ks.noting ? zset.score(name) : Number.NaN
    const score = zset.increment(name, by)
    if (Number.isNaN(score)) throw new ReplyError(zsetLines.nan)
    if (score !== old) ks.changed(key, zset, 'zincr')
    if (ks.logging) ks.effect('ZINCRBY', key, scoreArg(by), name)
    return score
  },
  zrem(ks, given, members) {
    const key = keyOf(given)
    const list = texts(members, 'members')
    const zset = ks.modify(key, 'zset')
    if (zset === undefined) return 0
    let removed = 0
    for (let i = 0; i < list.length; i++) if (zset.delete(list[i])) list[removed++] = list[i]
    if (removed > 0) {
      ks.changed(key, zset, 'zrem')
      list.length = removed
      if (ks.logging) ks.effectList(['ZREM', key].concat(list))
    }
    return removed
  },
  zcard(ks, key) {
    return ks.read(keyOf(key), 'zset')?.size ?? 0
  },
  zscore(ks, key, member) {
    const name = text(member, 'member')
    const zset = ks.read(keyOf(key), 'zset')
    if (zset === undefined) return null
    const score = zset.score(name)
    return Number.isNaN(score) ? null : score
  },
  zmscore(ks, key, members) {
    const list = texts(members, 'members')
    const zset = ks.read(keyOf(key), 'zset')
    const scores: (number | null)[] = []
    for (const member of list) {
      const score = zset === undefined ? Number.NaN : zset.score(member)
      scores.push(Number.isNaN(score) ? null : score)
    }
    return scores
  },
  zrank: (ks, key, member, options) => rank(ks, key, member, false, options),
  zrevrank: (ks, key, member, options) => rank(ks, key, member, true, options),
  zpopmin: (ks, key, count) => pop(ks, key, false, count),
  zpopmax: (ks, key, count) => pop(ks, key, true, count),
  zmpop(ks, given, end, options) {
    const keys = keyTexts(given)
    const max = isMax(end)
    const { count: most = 1 } = lateOptions<{ count?: number | bigint }>(options, true)
    const count = index(most, 'count')
    if (count < 1) throw new ReplyError(lines.countNotPositive)
    for (const key of keys) {
      const zset = ks.modify(key, 'zset')
      if (zset !== undefined) return [key, take(ks, key, zset, max, count)]
    }
    return null
  },
  zrandmember(ks, key, wanted, options) {
    const { random } = ks.databases
    if (wanted === undefined) return ks.read(keyOf(key), 'zset')?.sample(random) ?? null
    const count = index(wanted, 'count')
    const paired = lateOptions<{ withscores?: boolean }>(options, true).withscores === true
    // Twice as many elements must be countable too.
    if (paired && Math.abs(count) >= 2 ** 62) throw new ReplyError(lines.outOfRange)
    const zset = ks.read(keyOf(key), 'zset')
    if (zset === undefined) return []
    const sample = () => zset.sample(random) as string
    const members =
      count < 0
        ? chooseAgain(-count, sample)
        : choose(count, zset.size, random, sample, () => zset.members(0, zset.size, false))
    return paired ? withScores(zset, members) : members
  },
  zscan(ks, key, cursor, given) {
    const from = cursorOf(cursor)
    const zset = ks.read(keyOf(key), 'zset')
    const options = lateOptions(given, zset !== undefined)
    const count = scanCount(options)
    const pattern = scanPattern(options)
    const pairs: (string | number)[] = []
    const next = zset?.scan(from, count, (member, score) => {
      if (takes(pattern, member)) pairs.push(member, score)
    })
    return { cursor: String(next ?? 0), pairs, compact: zset === undefined || zset.compact }
  },
}

function ranked(result: Results['zrank']): number | null | { rank: number; score: number } {
  return result === null || typeof result === 'number' ? result : { rank: result[0], score: result[1] }
}

function popped(result: Pairs, out: Out, args: readonly unknown[]): Scored | null | Scored[] {
  const members = shape.scored(result, out)
  return args[1] === undefined ? (members[0] ?? null) : members
}

function keyed(result: Results['zmpop'], out: Out): ScoredPopped | null {
  return result === null ? null : { key: out.text(result[0]), members: shape.scored(result[1], out) }
}

function scan(result: ScannedScores, out: Out): SortedSetScan {
  return { cursor: result.cursor, members: shape.scored(result.pairs, out) }
}

/** Members with their scores, or alone, as the options say. */
export function membersAs(result: Pairs, out: Out, options: unknown): string[] | Scored[] {
  const paired = (options as { withscores?: boolean } | undefined)?.withscores
  return paired ? shape.scored(result, out) : shape.texts(result as readonly string[], out)
}

export const sortedSetShapes: Shapes<
  SortedSetMemberCommands,
  SortedSetMemberCommands<'sync', Uint8Array>,
  typeof sortedSets
> = {
  zrank: ranked,
  zrevrank: ranked,
  zpopmin: popped,
  zpopmax: popped,
  zmpop: keyed,
  zrandmember: (result, out, args) =>
    result === null || typeof result === 'string' ? shape.text(result, out) : membersAs(result, out, args[2]),
  zscan: scan,
}

export const sortedSetRest: Rest<SortedSetMemberCommands> = { zrem: 1, zmscore: 1 }
