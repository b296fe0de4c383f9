import type { FieldExpired, FieldExpireOptions, FieldPersisted } from '../api/hash-expiry.ts'
import type { hashExpiry } from '../commands/hash-expiry.ts'
import { lateOptions } from '../commands/input.ts'
import { type Codec, integer, key, late } from './codec.ts'
import { lateFields, lateNumFields } from './hash-fields.ts'
import { count, list, type ReplyCodec } from './reply.ts'
import type { Rows } from './row.ts'

// The key is looked at before the time is read.
const time = late(integer())

const words = ['nx', 'xx', 'gt', 'lt'] as const

/** One of `NX`, `XX`, `GT` and `LT`, before `FIELDS`. */
const condition: Codec<FieldExpireOptions | undefined> = {
  read: args => {
    const next = args.peek()
    const word = words.find(one => one.toUpperCase() === next)
    if (word === undefined) return undefined
    args.at++
    return { [word]: true } as FieldExpireOptions
  },
  write: (given, argv) => {
    const options = lateOptions(given, true)
    for (const word of words) if (options[word]) argv.push(word.toUpperCase())
  },
  min: 0,
  max: 1,
  keys: 'none',
}

const numbers = list(count)
/** A number for each field. */
function each<N extends number>(): ReplyCodec<N[]> {
  return { write: numbers.write, read: raw => numbers.read(raw) as N[] }
}

const expire = {
  flags: ['write', 'denyoom', 'fast'],
  args: [key, time, lateNumFields, condition],
  order: [0, 1, 3, 2],
  reply: each<FieldExpired>(),
} as const
const ask = { flags: ['readonly', 'fast'], args: [key, lateFields], reply: each<number>() } as const

export const hashExpiryRows: Rows<typeof hashExpiry> = {
  hexpire: { name: 'HEXPIRE', ...expire },
  hpexpire: { name: 'HPEXPIRE', ...expire },
  hexpireat: { name: 'HEXPIREAT', ...expire },
  hpexpireat: { name: 'HPEXPIREAT', ...expire },
  httl: { name: 'HTTL', ...ask },
  hpttl: { name: 'HPTTL', ...ask },
  hexpiretime: { name: 'HEXPIRETIME', ...ask },
  hpexpiretime: { name: 'HPEXPIRETIME', ...ask },
  hpersist: { name: 'HPERSIST', flags: ['write', 'fast'], args: [key, lateFields], reply: each<FieldPersisted>() },
}
