import type { CardOptions } from '../api/sets.ts'
import type { ScanOptions } from '../api/types.ts'
import type { sets } from '../commands/sets.ts'
import { lines } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { argument, counted, flag, key, last, late, options, ranged, rest, value } from './codec.ts'
import { count, list, nullableText, type ReplyCodec, textList, textSet, yes } from './reply.ts'
import type { Rows } from './row.ts'
import { cursor, scanned, scanWords } from './scan.ts'

const numbered = counted(key, lines.numkeys, lines.numkeys, "ERR Number of keys can't be greater than number of args")
const limit = argument('LIMIT', ranged(0, MAX_INT64, lines.limitNegative))
const keys = rest(key)
const each = list(yes)
const answers: ReplyCodec<boolean[]> = { write: each.write, read: raw => each.read(raw) as boolean[] }
type Random = string | null | readonly string[]

export const setRows: Rows<typeof sets> = {
  sadd: { name: 'SADD', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  srem: { name: 'SREM', flags: ['write', 'fast'], args: [key, rest(value)], reply: count },
  scard: { name: 'SCARD', flags: ['readonly', 'fast'], args: [key], reply: count },
  sismember: { name: 'SISMEMBER', flags: ['readonly', 'fast'], args: [key, value], reply: yes },
  smismember: {
    name: 'SMISMEMBER',
    flags: ['readonly', 'fast'],
    args: [key, rest(value)],
    reply: answers,
  },
  smembers: { name: 'SMEMBERS', flags: ['readonly'], args: [key], reply: textSet },
  smove: { name: 'SMOVE', flags: ['write', 'fast'], args: [key, key, value], reply: yes },
  spop: {
    name: 'SPOP',
    flags: ['write', 'fast'],
    args: [key, last(ranged(0, MAX_INT64, lines.notPositive))],
    reply: args => (args[1] === undefined ? nullableText : textSet) as ReplyCodec<Random>,
  },
  srandmember: {
    name: 'SRANDMEMBER',
    flags: ['readonly'],
    args: [key, last(ranged(-MAX_INT64, MAX_INT64, lines.int64Range, lines.notInteger))],
    reply: args => (args[1] === undefined ? nullableText : textList) as ReplyCodec<Random>,
  },
  sinter: { name: 'SINTER', flags: ['readonly'], args: [keys], reply: textSet },
  sunion: { name: 'SUNION', flags: ['readonly'], args: [keys], reply: textSet },
  sdiff: { name: 'SDIFF', flags: ['readonly'], args: [keys], reply: textSet },
  sinterstore: { name: 'SINTERSTORE', flags: ['write', 'denyoom'], args: [key, keys], reply: count },
  sunionstore: { name: 'SUNIONSTORE', flags: ['write', 'denyoom'], args: [key, keys], reply: count },
  sdiffstore: { name: 'SDIFFSTORE', flags: ['write', 'denyoom'], args: [key, keys], reply: count },
  sintercard: {
    name: 'SINTERCARD',
    flags: ['readonly', 'movablekeys'],
    args: [numbered, options<CardOptions>({ limit })],
    reply: count,
  },
  sunioncard: {
    name: 'SUNIONCARD',
    flags: ['readonly', 'movablekeys'],
    args: [numbered, options<CardOptions & { approx?: boolean }>({ limit, approx: flag('APPROX') })],
    reply: count,
  },
  sdiffcard: {
    name: 'SDIFFCARD',
    flags: ['readonly', 'movablekeys'],
    args: [numbered, options<CardOptions>({ limit })],
    reply: count,
  },
  sscan: {
    name: 'SSCAN',
    flags: ['readonly'],
    args: [key, cursor, late(options<ScanOptions>(scanWords))],
    reply: scanned(textList),
  },
}
