import type { HGetExOptions, HSetExOptions } from '../api/hashes.ts'
import type { Pairs, ScanOptions, Value } from '../api/types.ts'
import { type hashes, needsValue } from '../commands/hashes.ts'
import { lateOptions, text } from '../commands/input.ts'
import type { ExpiryOptions } from '../commands/expiry-options.ts'
import { inLine, lines, ReplyError, wrongArity } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import {
  type Arg,
  type Codec,
  constant,
  exact,
  extra,
  flag,
  key,
  late,
  optional,
  options,
  pairs,
  ranged,
  rest,
  value,
} from './codec.ts'
import { bulk, count, integer as integerReply, list, nullableText, ok, type ReplyCodec } from './reply.ts'
import { bigInteger, textList, textMap, textPairs, yes } from './reply.ts'
import type { Rows } from './row.ts'
import { fieldTimes, lateFields, writeTime } from './hash-fields.ts'
import { cursor, scanned, scanWords } from './scan.ts'

const fieldLines = {
  badCount: 'ERR invalid number of fields',
  noTime: 'ERR missing expire time',
}

/** `PERSIST`, or a time. */
const hgetexOptions: Codec<HGetExOptions | undefined> = {
  read: args => {
    const next = args.peek()
    const time = next === undefined ? undefined : fieldTimes.get(next)
    if (next !== 'PERSIST' && time === undefined) return undefined
    args.at++
    return (time === undefined ? { persist: true } : time('hgetex', args)) as HGetExOptions
  },
  write: (given, argv) => {
    const o = lateOptions<ExpiryOptions>(given, true)
    writeTime(o, argv)
    if (o.persist) argv.push('PERSIST')
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

/** What may stand before `FIELDS`, in any order. */
const hsetexOptions: Codec<HSetExOptions | undefined> = {
  read: args => {
    let expiry: ExpiryOptions | undefined
    let condition: { fnx?: boolean; fxx?: boolean } | undefined
    for (;;) {
      const next = args.peek()
      if (next === undefined || next === 'FIELDS') return { ...expiry, ...condition } as HSetExOptions
      const spelled = args.next()
      const time = fieldTimes.get(next)
      if (time !== undefined || next === 'KEEPTTL') {
        if (expiry !== undefined) throw new ReplyError(lines.oneFieldExpiry)
        if (time !== undefined && args.left === 0) throw new ReplyError(fieldLines.noTime)
        expiry = time === undefined ? { keepttl: true } : time('hsetex', args)
      } else if (next === 'FNX' || next === 'FXX') {
        if (condition !== undefined) throw new ReplyError(lines.oneFieldCondition)
        condition = next === 'FNX' ? { fnx: true } : { fxx: true }
      } else throw new ReplyError(`ERR unknown argument: ${inLine(spelled)}`)
    }
  },
  write: (given, argv) => {
    const o = lateOptions<ExpiryOptions & { fnx?: boolean; fxx?: boolean }>(given, true)
    if (o.fnx) argv.push('FNX')
    if (o.fxx) argv.push('FXX')
    writeTime(o, argv)
    if (o.keepttl) argv.push('KEEPTTL')
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

const pairCount = ranged(1, 2 ** 31 - 1, fieldLines.badCount)

/** `FIELDS numfields field value [field value …]`. */
const fieldPairs: Codec<Pairs> = {
  read: args => {
    args.next()
    if (args.left < 3) throw new ReplyError(wrongArity(args.argv[0]))
    const n = pairCount.read(args)
    if (args.left !== Number(n) * 2) throw new ReplyError(wrongArity(args.argv[0]))
    return pairs.read(args) as Pairs
  },
  write: (given, argv) => {
    const flat: Arg[] = []
    pairs.write(given, flat)
    argv.push('FIELDS', flat.length / 2)
    for (const one of flat) argv.push(one)
  },
  min: 4,
  max: Infinity,
  keys: 'none',
}
/** `WITHVALUES`, alone at the end. */
const withValues: Codec<{ withvalues?: boolean } | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    if (args.next().toUpperCase() !== 'WITHVALUES') throw new ReplyError(lines.syntax)
    return { withvalues: true }
  },
  write: (given, argv) => {
    if (lateOptions(given, true).withvalues) argv.push('WITHVALUES')
  },
  min: 0,
  max: 1,
  keys: 'none',
}
/** The same, looked at after the times. */
const latePairs: Codec<Pairs> = { ...late({ ...fieldPairs, min: 0 }), min: fieldPairs.min }

/** How HGETALL's reply is to be shaped, which the wire does not say. */
const pairsOption: Codec<{ pairs?: boolean } | undefined> = {
  ...constant(undefined),
  write: given => void lateOptions(given, true),
}

/** The arguments as they are, unless a field comes without its value, or pairs with one. */
function fieldOrPairs(args: readonly unknown[]): readonly unknown[] {
  needsValue(args[1], args[2])
  if (args[2] !== undefined) text(args[1] as Value, 'field')
  return args
}

type Random = string | null | readonly string[]

export const hashRows: Rows<typeof hashes> = {
  hset: {
    name: 'HSET',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, pairs, extra],
    arrange: fieldOrPairs,
    reply: count,
  },
  hmset: {
    name: 'HMSET',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, pairs, extra],
    arrange: fieldOrPairs,
    reply: ok,
  },
  hsetnx: { name: 'HSETNX', flags: ['write', 'denyoom', 'fast'], args: [key, value, value], reply: yes },
  hsetex: {
    name: 'HSETEX',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, latePairs, hsetexOptions],
    order: [0, 2, 1],
    reply: yes,
  },
  hget: { name: 'HGET', flags: ['readonly', 'fast'], args: [key, value], reply: nullableText },
  hmget: { name: 'HMGET', flags: ['readonly', 'fast'], args: [key, rest(value)], reply: list(nullableText) },
  hgetex: {
    name: 'HGETEX',
    flags: ['write', 'fast'],
    args: [key, lateFields, late(hgetexOptions)],
    order: [0, 2, 1],
    reply: list(nullableText),
  },
  hgetdel: { name: 'HGETDEL', flags: ['write', 'fast'], args: [key, lateFields], reply: list(nullableText) },
  hgetall: {
    name: 'HGETALL',
    flags: ['readonly'],
    args: [key, pairsOption],
    reply: textMap,
  },
  hdel: { name: 'HDEL', flags: ['write', 'fast'], args: [key, rest(value)], reply: count },
  hexists: { name: 'HEXISTS', flags: ['readonly', 'fast'], args: [key, value], reply: yes },
  hlen: { name: 'HLEN', flags: ['readonly', 'fast'], args: [key], reply: count },
  hstrlen: { name: 'HSTRLEN', flags: ['readonly', 'fast'], args: [key, value], reply: count },
  hkeys: { name: 'HKEYS', flags: ['readonly'], args: [key], reply: { ...textList, unordered: true } },
  hvals: { name: 'HVALS', flags: ['readonly'], args: [key], reply: { ...textList, unordered: true } },
  hincrby: {
    name: 'HINCRBY',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, value, exact()],
    reply: args => (typeof args[2] === 'bigint' ? bigInteger : integerReply),
  },
  hincrbyfloat: {
    name: 'HINCRBYFLOAT',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, value, value as Codec<number | string>],
    reply: bulk as ReplyCodec<string>,
  },
  hrandfield: {
    name: 'HRANDFIELD',
    flags: ['readonly'],
    args: [key, optional(ranged(-MAX_INT64, MAX_INT64, lines.int64Range, lines.notInteger)), withValues],
    reply: args =>
      (args[1] === undefined ? nullableText : args[2]?.withvalues ? textPairs : textList) as ReplyCodec<Random>,
  },
  hscan: {
    name: 'HSCAN',
    flags: ['readonly'],
    args: [
      key,
      cursor,
      late(options<ScanOptions & { novalues?: boolean }>({ ...scanWords, novalues: flag('NOVALUES') })),
    ],
    reply: scanned(textList),
  },
}
