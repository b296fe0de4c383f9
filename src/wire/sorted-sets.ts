import type { ScoredMembers, ZAddOptions } from '../api/sorted-sets.ts'
import type { sortedSets } from '../commands/sorted-sets.ts'
import type { Value } from '../api/types.ts'
import { type Codec, double, doubleText, extra, flag, key, options, value } from './codec.ts'
import { count, nullableText } from './reply.ts'
import type { Rows } from './row.ts'

/** `score member [score member …]`. */
const members: Codec<number | ScoredMembers> = {
  read: args => {
    const list: { member: string; score: number }[] = []
    do list.push({ score: score.read(args), member: args.next() })
    while (args.left > 0)
    return list
  },
  write: (given, argv) => {
    if (typeof given === 'number') argv.push(doubleText(given))
    else if (Array.isArray(given)) for (const one of given) argv.push(doubleText(one.score), one.member)
    else for (const [member, n] of Object.entries(given as Record<string, number>)) argv.push(doubleText(n), member)
  },
  min: 2,
  max: Infinity,
  keys: 'none',
}
const score = double()

/** The member of the overload with a single one. */
const single: Codec<Value | ZAddOptions | undefined> = {
  ...extra,
  write: (given, argv) => {
    if (given !== undefined) value.write(given as string, argv)
  },
}

const zaddOptions = options<ZAddOptions>(
  { nx: flag('NX'), xx: flag('XX'), gt: flag('GT'), lt: flag('LT'), ch: flag('CH') },
  true,
)

export const sortedSetRows: Rows<typeof sortedSets> = {
  zadd: {
    name: 'ZADD',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, members, single, zaddOptions],
    order: [0, 3, 1, 2],
    arrange: ([target, first, second, third]) =>
      typeof first === 'number' ? [target, first, second, third] : [target, first, undefined, second ?? third],
    reply: count,
  },
  zrandmember: { name: 'ZRANDMEMBER', flags: ['readonly'], args: [key], reply: nullableText },
}
