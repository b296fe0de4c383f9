import type { ScoredMembers, SortedSetCommands, ZAddOptions } from '../api/sorted-sets.ts'
import type { Value } from '../api/types.ts'
import { ReplyError } from '../errors.ts'
import { double, keyText, none, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

const zaddLines = {
  exclusive: 'ERR GT, LT, and/or NX options at the same time are not compatible',
  nxXx: 'ERR XX and NX options at the same time are not compatible',
}

/** True when `zadd` may set the score, by its options. */
function allowed(old: number | undefined, score: number, options: ZAddOptions): boolean {
  if (old === undefined) return !options.xx
  if (options.nx) return false
  if (options.gt) return score > old
  if (options.lt) return score < old
  return true
}

/** Members and scores, flat, in the order given. */
function flat(members: ScoredMembers): (string | number)[] {
  const list: (string | number)[] = []
  if (Array.isArray(members)) {
    for (const one of members as readonly { member: Value; score: number }[]) {
      list.push(text(one.member, 'member'), double(one.score, 'score'))
    }
  } else {
    const record = members as Readonly<Record<string, number>>
    for (const member of Object.keys(record)) list.push(text(member, 'member'), double(record[member], 'score'))
  }
  return list
}

export const sortedSets: Ops<SortedSetCommands> = {
  zadd(ks, given, first, second, third) {
    const key = keyText(given)
    const single = typeof first === 'number'
    const options = (single ? third : (second as ZAddOptions | undefined)) ?? third ?? (none as ZAddOptions)
    if (options.nx && options.xx) throw new ReplyError(zaddLines.nxXx)
    if ((options.gt && (options.lt || options.nx)) || (options.lt && options.nx))
      throw new ReplyError(zaddLines.exclusive)
    const members = single ? [text(second as Value, 'member'), first] : flat(first as ScoredMembers)
    if (members.length === 0) throw new TypeError('members must name at least one member')
    for (let i = 1; i < members.length; i += 2) {
      if (Number.isNaN(members[i])) throw new RangeError('a score must not be NaN')
    }
    const zset = options.xx ? ks.modify(key, 'zset') : ks.write(key, 'zset')
    if (zset === undefined) return 0
    let added = 0
    let updated = 0
    for (let i = 0; i < members.length; i += 2) {
      const member = members[i] as string
      const score = members[i + 1] as number
      const old = zset.score(member)
      if (!allowed(old, score, options)) continue
      if (old === undefined) added++
      else if (old !== score) updated++
      else continue
      zset.set(member, score)
      if (ks.logging) ks.effect('ZADD', key, score, member)
    }
    if (added + updated > 0) ks.changed(key, zset, 'zadd')
    return options.ch ? added + updated : added
  },
  zrandmember(ks, key) {
    return ks.read(keyText(key), 'zset')?.sample(ks.databases.random) ?? null
  },
}

export const sortedSetShapes: Shapes<SortedSetCommands, SortedSetCommands<'sync', Uint8Array>, typeof sortedSets> = {
  zrandmember: shape.text,
}

export const sortedSetRest: Rest<SortedSetCommands> = {}
