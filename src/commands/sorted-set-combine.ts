import type { Aggregate, CombineOptions, SortedSetCombineCommands } from '../api/sorted-sets.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import { type EffectArg, type Keyspace, typeOf } from '../keyspace.ts'
import { comparePairs } from '../structures/tree-nodes.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import { Table } from '../structures/table.ts'
import type { TextSet } from '../structures/text-set.ts'
import { newVersion } from '../structures/version.ts'
import { double, index, keyText, keyTexts, lateOptions, listOf } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import { membersAs, type Pairs, scoreArg } from './sorted-sets.ts'

const combineLines = { weight: 'ERR weight value is not a float' }

/** Where the lossless results differ from the typed replies. */
interface Results {
  zunion: Pairs
  zinter: Pairs
  zdiff: Pairs
  /** Words that should not be there are refused after the inputs have been looked at. */
  zdiffstore: (ks: Keyspace, destination: Key, keys: readonly Key[], words?: object) => number
}

/** A sorted set, or a set whose scores are all 1. */
class Input {
  private readonly from: SortedSet | TextSet | undefined
  weight: number
  /** Scores do not count, only the weight. */
  counts: boolean

  constructor(from: SortedSet | TextSet | undefined) {
    this.from = from
    this.weight = 1
    this.counts = false
  }

  get size(): number {
    return this.from === undefined ? 0 : this.from.size
  }

  /** The member's score before the weight, NaN when it is absent. */
  score(member: string): number {
    const { from } = this
    if (from === undefined) return Number.NaN
    return from.type === 'zset' ? from.score(member) : from.has(member) ? 1 : Number.NaN
  }

  weighted(score: number): number {
    return this.counts ? this.weight : score * this.weight
  }

  forEach(visit: (member: string, score: number) => void): void {
    const { from } = this
    if (from === undefined) return
    if (from.type === 'set') from.forEach(member => visit(member, 1))
    else {
      from.forEach(0, from.size, false, (member, score) => {
        visit(member, score)
      })
    }
  }

  /** As `forEach`, until `visit` answers false. */
  walk(visit: (member: string, score: number) => boolean): void {
    const { from } = this
    if (from === undefined) return
    if (from.type === 'zset') return from.forEach(0, from.size, false, visit)
    let on = true
    let cursor = 0
    const see = (member: string): void => {
      if (on) on = visit(member, 1)
    }
    do cursor = from.scan(cursor, 128, see)
    while (on && cursor !== 0)
  }
}

/** Members with their scores, in no order. */
interface Combined {
  readonly members: string[]
  readonly scores: number[]
}

type Join = (a: number, b: number) => number

/** Infinities that cancel each other give 0, by Redis' convention. */
function sum(a: number, b: number): number {
  const score = a + b
  return Number.isNaN(score) ? 0 : score
}
// Not Math.min and Math.max: a NaN of infinity times zero must leave what is there.
const least: Join = (a, b) => (b < a ? b : a)
const greatest: Join = (a, b) => (b > a ? b : a)

const joins: Readonly<Record<Uppercase<Aggregate>, Join>> = { SUM: sum, MIN: least, MAX: greatest, COUNT: sum }

/** The inputs in the keys. Throws WRONGTYPE. */
function inputs(ks: Keyspace, keys: readonly string[]): Input[] {
  return keys.map(key => {
    const value = ks.lookup(key)
    if (value === undefined) return new Input(undefined)
    const type = typeOf(value)
    if (type !== 'zset' && type !== 'set') throw new ReplyError(lines.wrongType)
    return new Input(value as SortedSet | TextSet)
  })
}

/** Gives the inputs their weights and says how scores are joined; Redis looks at the keys before it reads these. */
function weigh(from: readonly Input[], given: CombineOptions | undefined): Join {
  const { weights, aggregate = 'SUM' } = lateOptions(given, true)
  if (weights !== undefined) {
    if (listOf(weights, 'weights').length !== from.length) throw new ReplyError(lines.syntax)
    for (let i = 0; i < from.length; i++) {
      from[i].weight = double(weights[i], 'weights')
      if (Number.isNaN(from[i].weight)) throw new ReplyError(combineLines.weight)
    }
  }
  const name = String(aggregate).toUpperCase() as Uppercase<Aggregate>
  if (!Object.hasOwn(joins, name)) {
    throw new TypeError(`aggregate must be one of ${Object.keys(joins).join(', ')}, not ${String(aggregate)}`)
  }
  if (name === 'COUNT') for (const input of from) input.counts = true
  return joins[name]
}

/** Redis goes through the inputs from the smallest on, which decides in which order scores are added. */
function bySize(from: readonly Input[]): Input[] {
  return [...from].sort((a, b) => a.size - b.size)
}

function union(from: readonly Input[], join: Join): Combined {
  const scores = new Table<number>(newVersion(), 0)
  for (const input of bySize(from)) {
    input.forEach((member, given) => {
      const weighted = input.weighted(given)
      const score = Number.isNaN(weighted) ? 0 : weighted
      if (!scores.add(member, score)) scores.setAt(join(scores.valueAt(), score))
    })
  }
  const result: Combined = { members: [], scores: [] }
  scores.forEach((member, score) => {
    result.members.push(member)
    result.scores.push(score)
  })
  return result
}

/** Calls back for each member that all inputs hold, until that answers false. */
function intersect(from: readonly Input[], join: Join, found: (member: string, score: number) => boolean): void {
  const [smallest, ...others] = bySize(from)
  if (smallest.size === 0) return
  smallest.walk((member, given) => {
    const weighted = smallest.weighted(given)
    let score = Number.isNaN(weighted) ? 0 : weighted
    for (let i = 0; i < others.length; i++) {
      const other = others[i].score(member)
      if (Number.isNaN(other)) return true
      score = join(score, others[i].weighted(other))
    }
    return found(member, score)
  })
}

function intersection(from: readonly Input[], join: Join): Combined {
  const result: Combined = { members: [], scores: [] }
  intersect(from, join, (member, score) => {
    result.members.push(member)
    result.scores.push(score)
    return true
  })
  return result
}

/** The members of the first input without those of the others, by whichever way costs less. */
function difference(from: readonly Input[]): Combined {
  const [first, ...rest] = from
  const result: Combined = { members: [], scores: [] }
  const others = rest.filter(input => input.size > 0).sort((a, b) => b.size - a.size)
  const add = (member: string, score: number): void => {
    result.members.push(member)
    result.scores.push(score)
  }
  const lookups = (first.size * (others.length + 1)) / 2
  const removals = others.reduce((total, input) => total + input.size, first.size)
  if (lookups <= removals) {
    first.forEach((member, score) => {
      for (let i = 0; i < others.length; i++) if (!Number.isNaN(others[i].score(member))) return
      add(member, score)
    })
    return result
  }
  const gone = new Table<undefined>(newVersion(), 0)
  for (const input of others) {
    input.forEach(member => {
      if (!Number.isNaN(first.score(member))) gone.add(member, undefined)
    })
    if (gone.size === first.size) return result
  }
  first.forEach((member, score) => {
    if (!gone.has(member)) add(member, score)
  })
  return result
}

/** In the order of a sorted set. */
function inOrder({ members, scores }: Combined): Combined {
  const n = members.length
  let sorted = true
  for (let i = 1; sorted && i < n; i++) {
    sorted = comparePairs(scores[i - 1], members[i - 1], scores[i], members[i]) < 0
  }
  if (sorted) return { members, scores }
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  order.sort((a, b) => comparePairs(scores[a], members[a], scores[b], members[b]))
  const result: Combined = { members: [], scores: [] }
  for (let i = 0; i < n; i++) {
    result.members.push(members[order[i]])
    result.scores.push(scores[order[i]])
  }
  return result
}

function answer(combined: Combined, paired: boolean | undefined): Pairs {
  const { members, scores } = inOrder(combined)
  if (!paired) return members
  const pairs: (string | number)[] = []
  for (let i = 0; i < members.length; i++) pairs.push(members[i], scores[i])
  return pairs
}

/** Puts the result into the key; `effect` is what made it, null when a Redis 7.0 could not do it again. */
function store(
  ks: Keyspace,
  destination: string,
  combined: Combined,
  event: string,
  effect: () => EffectArg[] | null,
): number {
  const size = combined.members.length
  if (size === 0) {
    if (ks.remove(destination) && ks.logging) ks.effect('DEL', destination)
    return 0
  }
  const { members, scores } = inOrder(combined)
  const result = ks.create('zset')
  result.load(members, scores)
  const existed = ks.logging && ks.find(destination) !== undefined
  ks.put(destination, result, event)
  if (!ks.logging) return size
  const argv = effect()
  if (argv !== null) ks.effectList(argv)
  else {
    if (existed) ks.effect('DEL', destination)
    const list: EffectArg[] = ['ZADD', destination]
    for (let i = 0; i < size; i++) list.push(scoreArg(scores[i]), members[i])
    ks.effectList(list)
  }
  return size
}

/** ZUNIONSTORE and ZINTERSTORE as they were called. */
function called(command: string, destination: string, keys: readonly string[], options?: CombineOptions) {
  return (): EffectArg[] | null => {
    const aggregate = options?.aggregate?.toUpperCase() ?? 'SUM'
    if (aggregate === 'COUNT') return null
    const argv: EffectArg[] = [command, destination, keys.length]
    for (const key of keys) argv.push(key)
    if (options?.weights !== undefined) {
      argv.push('WEIGHTS')
      for (const weight of options.weights) argv.push(scoreArg(weight))
    }
    if (aggregate !== 'SUM') argv.push('AGGREGATE', aggregate)
    return argv
  }
}

export const sortedSetCombine: Ops<SortedSetCombineCommands, Results> = {
  zunion(ks, keys, options) {
    const from = inputs(ks, keyTexts(keys))
    return answer(union(from, weigh(from, options)), options?.withscores)
  },
  zinter(ks, keys, options) {
    const from = inputs(ks, keyTexts(keys))
    return answer(intersection(from, weigh(from, options)), options?.withscores)
  },
  zdiff(ks, keys, given) {
    const from = inputs(ks, keyTexts(keys))
    const options = lateOptions(given, true)
    return answer(difference(from), options.withscores)
  },
  zunionstore(ks, given, keys, options) {
    const destination = keyText(given)
    const names = keyTexts(keys)
    const from = inputs(ks, names)
    const result = union(from, weigh(from, options))
    return store(ks, destination, result, 'zunionstore', called('ZUNIONSTORE', destination, names, options))
  },
  zinterstore(ks, given, keys, options) {
    const destination = keyText(given)
    const names = keyTexts(keys)
    const from = inputs(ks, names)
    const result = intersection(from, weigh(from, options))
    return store(ks, destination, result, 'zinterstore', called('ZINTERSTORE', destination, names, options))
  },
  zdiffstore(ks, given, keys, words) {
    const destination = keyText(given)
    const names = keyTexts(keys)
    const from = inputs(ks, names)
    lateOptions(words, true)
    const result = difference(from)
    return store(ks, destination, result, 'zdiffstore', called('ZDIFFSTORE', destination, names))
  },
  zintercard(ks, keys, given) {
    const from = inputs(ks, keyTexts(keys))
    const { limit: most = 0 } = lateOptions(given, true)
    const limit = index(most, 'limit')
    if (limit < 0) throw new ReplyError(lines.limitNegative)
    let count = 0
    intersect(from, sum, () => ++count !== limit)
    return count
  },
}

export const sortedSetCombineShapes: Shapes<
  SortedSetCombineCommands,
  SortedSetCombineCommands<'sync', Uint8Array>,
  typeof sortedSetCombine
> = {
  zunion: (result, out, args) => membersAs(result, out, args[1]),
  zinter: (result, out, args) => membersAs(result, out, args[1]),
  zdiff: (result, out, args) => membersAs(result, out, args[1]),
}

export const sortedSetCombineRest: Rest<SortedSetCombineCommands> = {}
