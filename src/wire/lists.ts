import type { LMoveMOptions, LPosOptions } from '../api/lists.ts'
import { lateOptions } from '../commands/input.ts'
import { listLines, type lists } from '../commands/lists.ts'
import { lines, ReplyError, wrongArity } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import {
  argument,
  type Codec,
  counted,
  integer,
  key,
  late,
  optional,
  options,
  ranged,
  rest,
  value,
  word,
} from './codec.ts'
import { count, list, nullable, nullableList, nullableText, ok, type ReplyCodec, textList } from './reply.ts'
import type { Rows } from './row.ts'

const end = word('LEFT', 'RIGHT', 'left', 'right')
const side = word('BEFORE', 'AFTER', 'before', 'after')
/** Redis negates some numbers, so it leaves out the one that has no opposite. */
const negatable = ranged(-MAX_INT64, MAX_INT64, lines.int64Range, lines.notInteger)

const positive = ranged(0, MAX_INT64, lines.notPositive)

/** The number of elements to pop. More arguments are too many, where other commands find the syntax wrong. */
const popCount: Codec<number | bigint | undefined> = {
  ...optional(positive),
  read: args => {
    if (args.left > 1) throw new ReplyError(wrongArity(args.argv[0]))
    return args.left === 0 ? undefined : positive.read(args)
  },
}

type Popped = string | null | readonly string[]
const popReply = (args: readonly unknown[]): ReplyCodec<Popped> =>
  (args[1] === undefined ? nullableText : nullableList(textList)) as ReplyCodec<Popped>

const rank: Codec<number | bigint> = {
  ...negatable,
  read: args => {
    const n = negatable.read(args)
    if (n === 0) throw new ReplyError(listLines.rankZero)
    return n
  },
}
const lposOptions = options<LPosOptions & { count?: number | bigint }>({
  rank: argument('RANK', rank),
  count: argument('COUNT', ranged(0, MAX_INT64, listLines.countNegative)),
  maxlen: argument('MAXLEN', ranged(0, MAX_INT64, listLines.maxlenNegative)),
})
type Positions = number | null | number[]

const atLeastOne = ranged(1, MAX_INT64, listLines.countNotPositive)

/** `COUNT count` or `EXACTLY count`, and OBO or BULK, in this order. */
export const many: Codec<LMoveMOptions | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    if (args.left !== 3) throw new ReplyError(lines.syntax)
    const selector = args.next().toUpperCase()
    if (selector !== 'COUNT' && selector !== 'EXACTLY') throw new ReplyError(lines.syntax)
    const n = atLeastOne.read(args)
    const order = args.next().toUpperCase()
    if (order !== 'OBO' && order !== 'BULK') throw new ReplyError(lines.syntax)
    const word = order === 'OBO' ? ({ obo: true } as const) : ({ bulk: true } as const)
    return selector === 'COUNT' ? { count: n, ...word } : { exactly: n, ...word }
  },
  write: (given, argv) => {
    const { count: most, exactly, obo, bulk } = lateOptions(given, true)
    if (most !== undefined) {
      argv.push('COUNT')
      atLeastOne.write(most, argv, 'count')
    }
    if (exactly !== undefined) {
      argv.push('EXACTLY')
      atLeastOne.write(exactly, argv, 'exactly')
    }
    if (obo) argv.push('OBO')
    if (bulk) argv.push('BULK')
  },
  min: 0,
  max: 3,
  keys: 'none',
}

/** `COUNT count`, once. */
export const lmpopOptions: Codec<{ count?: number | bigint } | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    if (args.next().toUpperCase() !== 'COUNT') throw new ReplyError(lines.syntax)
    return { count: atLeastOne.read(args) }
  },
  write: (given, argv) => {
    const { count: most } = lateOptions(given, true)
    if (most === undefined) return
    argv.push('COUNT')
    atLeastOne.write(most, argv, 'count')
  },
  min: 0,
  max: 2,
  keys: 'none',
}
export const lmpopReply: ReplyCodec<{ readonly key: string; readonly elements: readonly string[] } | null> =
  nullableList({
    write: (result, w) => {
      w.array(2)
      w.bulk(result.key)
      textList.write(result.elements, w)
    },
    read: raw => {
      const [name, elements] = raw as readonly [string, readonly string[]]
      return { key: String(name), elements: textList.read(elements) }
    },
  })

export const listRows: Rows<typeof lists> = {
  lpush: { name: 'LPUSH', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  rpush: { name: 'RPUSH', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  lpushx: { name: 'LPUSHX', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  rpushx: { name: 'RPUSHX', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  lpop: { name: 'LPOP', flags: ['write', 'fast'], args: [key, popCount], reply: popReply },
  rpop: { name: 'RPOP', flags: ['write', 'fast'], args: [key, popCount], reply: popReply },
  lmpop: {
    name: 'LMPOP',
    flags: ['write', 'movablekeys'],
    args: [counted(key, 'ERR numkeys should be greater than 0'), end, lmpopOptions],
    reply: lmpopReply,
  },
  lmove: { name: 'LMOVE', flags: ['write', 'denyoom'], args: [key, key, end, end], reply: nullableText },
  lmovem: {
    name: 'LMOVEM',
    flags: ['write', 'denyoom'],
    args: [key, key, end, end, many],
    reply: nullableList(textList),
  },
  rpoplpush: { name: 'RPOPLPUSH', flags: ['write', 'denyoom'], args: [key, key], reply: nullableText },
  llen: { name: 'LLEN', flags: ['readonly', 'fast'], args: [key], reply: count },
  lindex: { name: 'LINDEX', flags: ['readonly'], args: [key, late(integer())], reply: nullableText },
  lset: { name: 'LSET', flags: ['write', 'denyoom'], args: [key, late(integer()), value], reply: ok },
  linsert: { name: 'LINSERT', flags: ['write', 'denyoom'], args: [key, side, value, value], reply: count },
  lrange: { name: 'LRANGE', flags: ['readonly'], args: [key, integer(), integer()], reply: textList },
  lrem: { name: 'LREM', flags: ['write'], args: [key, negatable, value], reply: count },
  ltrim: { name: 'LTRIM', flags: ['write'], args: [key, integer(), integer()], reply: ok },
  lpos: {
    name: 'LPOS',
    flags: ['readonly'],
    args: [key, value, lposOptions],
    reply: args => (args[2]?.count === undefined ? nullable(count) : list(count)) as ReplyCodec<Positions>,
  },
}
