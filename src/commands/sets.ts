import type { CardOptions, SetCommands, SetScan } from '../api/sets.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { TextSet } from '../structures/text-set.ts'
import { parseInteger } from '../util/numbers.ts'
import { index, keyOf, keyText, keyTexts, lateOptions, text, texts } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import { choose, chooseAgain } from './random.ts'
import { cursorOf, scanCount, scanPattern, takes } from './scan.ts'
import * as shape from './shapes.ts'

/** Where the lossless results differ from the typed replies. */
interface Results {
  smembers: readonly string[]
  spop: string | null | readonly string[]
  srandmember: string | null | readonly string[]
  sinter: readonly string[]
  sunion: readonly string[]
  sdiff: readonly string[]
  sscan: { readonly cursor: string; readonly elements: readonly string[] }
}

/** What a combination calls for each member it finds; false ends it. */
type Found = (member: string) => boolean

/** How many members one look into a set visits, before it is asked whether to go on. */
const STRIDE = 128

/** Visits the members until `visit` answers false. */
function walk(set: TextSet, visit: Found): void {
  let on = true
  let cursor = 0
  const see = (member: string): void => {
    if (on && !visit(member)) on = false
  }
  do cursor = set.scan(cursor, STRIDE, see)
  while (on && cursor !== 0)
}

function membersOf(set: TextSet): string[] {
  const members: string[] = []
  set.forEach(member => {
    members.push(member)
  })
  return members
}

/** The sets in the keys, undefined for absent ones. Throws WRONGTYPE for any, before anything is done. */
function inputs(ks: Keyspace, keys: readonly string[]): (TextSet | undefined)[] {
  const sets: (TextSet | undefined)[] = []
  for (const key of keys) sets.push(ks.read(key, 'set'))
  return sets
}

/** The members that all sets hold, looked up in the others from the smallest on. */
function intersection(_ks: Keyspace, sets: readonly (TextSet | undefined)[], found: Found): void {
  const present: TextSet[] = []
  for (const set of sets) {
    if (set === undefined) return
    present.push(set)
  }
  present.sort((a, b) => a.size - b.size)
  const [smallest, ...others] = present
  walk(smallest, member => {
    for (let i = 0; i < others.length; i++) if (!others[i].has(member)) return true
    return found(member)
  })
}

/** So few sets are better asked whether they hold a member than copied into one that knows all members. */
const FEW = 4

function union(ks: Keyspace, sets: readonly (TextSet | undefined)[], found: Found): void {
  const present = sets.filter(set => set !== undefined).sort((a, b) => b.size - a.size)
  const seen = present.length > FEW ? ks.create('set') : null
  let on = true
  for (let k = 0; k < present.length && on; k++) {
    walk(present[k], member => {
      if (seen !== null) {
        if (!seen.add(member)) return true
      } else for (let i = 0; i < k; i++) if (present[i].has(member)) return true
      on = found(member)
      return on
    })
  }
}

/** Redis' two ways, by what they cost: look the first set's members up in all others, or take the others' members off. */
function difference(ks: Keyspace, sets: readonly (TextSet | undefined)[], found: Found): void {
  const [first, ...rest] = sets
  if (first === undefined) return
  const others = rest.filter(set => set !== undefined)
  const lookups = (first.size * (others.length + 1)) / 2
  const removals = others.reduce((sum, set) => sum + set.size, first.size)
  if (lookups <= removals) {
    // A member is most likely to be found in the largest set.
    others.sort((a, b) => b.size - a.size)
    walk(first, member => {
      for (let i = 0; i < others.length; i++) if (others[i].has(member)) return true
      return found(member)
    })
    return
  }
  const left = ks.create('set')
  first.forEach(member => {
    left.add(member)
  })
  for (const set of others) {
    walk(set, member => {
      left.delete(member)
      return left.size > 0
    })
    if (left.size === 0) return
  }
  walk(left, found)
}

type Combination = typeof intersection

function listed(ks: Keyspace, combine: Combination, keys: readonly Key[]): string[] {
  const sets = inputs(ks, keyTexts(keys))
  const members: string[] = []
  combine(ks, sets, member => {
    members.push(member)
    return true
  })
  return members
}

function counted(ks: Keyspace, combine: Combination, keys: readonly Key[], options: CardOptions | undefined): number {
  const names = keyTexts(keys)
  const { limit: most = 0 } = lateOptions<CardOptions>(options, true)
  const limit = index(most, 'limit')
  if (limit < 0) throw new ReplyError(lines.limitNegative)
  let count = 0
  combine(ks, inputs(ks, names), () => ++count !== limit)
  return count
}

function stored(ks: Keyspace, combine: Combination, command: string, to: Key, keys: readonly Key[]): number {
  const destination = keyText(to)
  const names = keyTexts(keys)
  const result = ks.create('set')
  combine(ks, inputs(ks, names), member => {
    result.add(member)
    return true
  })
  if (result.size === 0) {
    if (ks.remove(destination) && ks.logging) ks.effect('DEL', destination)
    return 0
  }
  ks.put(destination, result, command.toLowerCase())
  if (ks.logging) ks.effectList([command, destination].concat(names))
  return result.size
}

/** Removes members that are there, as SPOP. */
function take(ks: Keyspace, key: string, set: TextSet, members: readonly string[]): void {
  for (const member of members) set.delete(member)
  ks.changed(key, set, 'spop')
  if (ks.logging) ks.effectList(['SREM', key].concat(members))
}

export const sets: Ops<SetCommands, Results> = {
  sadd(ks, given, members) {
    const key = keyText(given)
    if (members.length === 1) {
      const member = text(members[0], 'members')
      const set = ks.write(key, 'set')
      if (!set.add(member)) return 0
      ks.changed(key, set, 'sadd')
      if (ks.logging) ks.effect('SADD', key, member)
      return 1
    }
    const list = texts(members, 'members')
    const set = ks.write(key, 'set')
    // Redis makes room for as many members as are given, even if some are the same.
    set.expect(list.length, parseInteger(list[0]) !== undefined)
    let added = 0
    for (let i = 0; i < list.length; i++) if (set.add(list[i])) list[added++] = list[i]
    if (added > 0) {
      ks.changed(key, set, 'sadd')
      list.length = added
      if (ks.logging) ks.effectList(['SADD', key].concat(list))
    }
    return added
  },
  srem(ks, given, members) {
    const key = keyText(given)
    const list = texts(members, 'members')
    const set = ks.modify(key, 'set')
    if (set === undefined) return 0
    let removed = 0
    for (let i = 0; i < list.length; i++) if (set.delete(list[i])) list[removed++] = list[i]
    if (removed > 0) {
      ks.changed(key, set, 'srem')
      list.length = removed
      if (ks.logging) ks.effectList(['SREM', key].concat(list))
    }
    return removed
  },
  scard(ks, key) {
    return ks.read(keyOf(key), 'set')?.size ?? 0
  },
  sismember(ks, key, member) {
    const wanted = text(member, 'member')
    const set = ks.read(keyOf(key), 'set')
    return set !== undefined && set.has(wanted)
  },
  smismember(ks, key, members) {
    const list = texts(members, 'members')
    const set = ks.read(keyOf(key), 'set')
    return list.map(member => set !== undefined && set.has(member))
  },
  smembers(ks, key) {
    const set = ks.read(keyOf(key), 'set')
    return set === undefined ? [] : membersOf(set)
  },
  smove(ks, source, destination, given) {
    const from = keyText(source)
    const to = keyText(destination)
    const member = text(given, 'member')
    const left = ks.modify(from, 'set')
    if (left === undefined) return false
    // A destination of another type must be refused before anything moves.
    let right = ks.modify(to, 'set')
    if (from === to) return left.has(member)
    if (!left.delete(member)) return false
    ks.changed(from, left, 'srem')
    right ??= ks.write(to, 'set')
    if (right.add(member)) ks.changed(to, right, 'sadd')
    if (ks.logging) ks.effect('SMOVE', from, to, member)
    return true
  },
  spop(ks, given, wanted) {
    const key = keyText(given)
    const { random } = ks.databases
    if (wanted === undefined) {
      const set = ks.modify(key, 'set')
      if (set === undefined) return null
      const member = set.sample(random) as string
      take(ks, key, set, [member])
      return member
    }
    const count = index(wanted, 'count')
    if (count < 0) throw new ReplyError(lines.notPositive)
    const set = ks.modify(key, 'set')
    if (set === undefined || count === 0) return []
    if (count >= set.size) {
      const members = membersOf(set)
      ks.changed(key, ks.create('set'), 'spop')
      if (ks.logging) ks.effect('DEL', key)
      return members
    }
    const members = choose(
      count,
      set.size,
      random,
      () => set.sample(random) as string,
      () => membersOf(set),
    )
    take(ks, key, set, members)
    return members
  },
  srandmember(ks, key, wanted) {
    const { random } = ks.databases
    if (wanted === undefined) return ks.read(keyOf(key), 'set')?.sample(random) ?? null
    const count = index(wanted, 'count')
    const set = ks.read(keyOf(key), 'set')
    if (set === undefined) return []
    const sample = () => set.sample(random) as string
    return count < 0 ? chooseAgain(-count, sample) : choose(count, set.size, random, sample, () => membersOf(set))
  },
  sinter: (ks, keys) => listed(ks, intersection, keys),
  sunion: (ks, keys) => listed(ks, union, keys),
  sdiff: (ks, keys) => listed(ks, difference, keys),
  sinterstore: (ks, destination, keys) => stored(ks, intersection, 'SINTERSTORE', destination, keys),
  sunionstore: (ks, destination, keys) => stored(ks, union, 'SUNIONSTORE', destination, keys),
  sdiffstore: (ks, destination, keys) => stored(ks, difference, 'SDIFFSTORE', destination, keys),
  sintercard: (ks, keys, options) => counted(ks, intersection, keys, options),
  sunioncard: (ks, keys, options) => counted(ks, union, keys, options),
  sdiffcard: (ks, keys, options) => counted(ks, difference, keys, options),
  sscan(ks, key, cursor, given) {
    const from = cursorOf(cursor)
    const set = ks.read(keyOf(key), 'set')
    const options = lateOptions(given, set !== undefined)
    const count = scanCount(options)
    const pattern = scanPattern(options)
    const elements: string[] = []
    const next = set?.scan(from, count, member => {
      if (takes(pattern, member)) elements.push(member)
    })
    return { cursor: String(next ?? 0), elements }
  },
}

function scan({ cursor, elements }: Results['sscan'], out: Out): SetScan {
  return { cursor, members: shape.texts(elements, out) }
}

export const setShapes: Shapes<SetCommands, SetCommands<'sync', Uint8Array>, typeof sets> = {
  smembers: shape.texts,
  spop: shape.textOrTexts,
  srandmember: shape.textOrTexts,
  sinter: shape.texts,
  sunion: shape.texts,
  sdiff: shape.texts,
  sscan: scan,
}

export const setRest: Rest<SetCommands> = {
  sadd: 1,
  srem: 1,
  smismember: 1,
  sinter: 0,
  sunion: 0,
  sdiff: 0,
  sinterstore: 1,
  sunionstore: 1,
  sdiffstore: 1,
}
