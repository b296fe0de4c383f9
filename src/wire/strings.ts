import type {
  DelExCondition,
  GetExOptions,
  IncrExOptions,
  LcsMatch,
  LcsMatches,
  LcsOptions,
  MSetExOptions,
  SetOptions,
} from '../api/strings.ts'
import type { Integer, Pairs, Value } from '../api/types.ts'
import type { ExpiryOptions } from '../commands/expiry-options.ts'
import { type Increased, increxLines } from '../commands/increx.ts'
import type { Conditions } from '../commands/string-value.ts'
import type { strings } from '../commands/strings.ts'
import { Refusal, ReplyError, wrongArity } from '../errors.ts'
import type { Text } from '../keyspace.ts'
import { parseInteger } from '../util/numbers.ts'
import {
  argument,
  type Arg,
  type Codec,
  constant,
  exact,
  flag,
  integer,
  key,
  late,
  type Option,
  options,
  pairs as anyPairs,
  rest,
  value,
} from './codec.ts'
import { keepttlWord, persistWord, timeWords } from './expiry-options.ts'
import {
  bigInteger,
  bulk,
  count,
  integer as integerReply,
  list,
  nullable,
  ok,
  type Raw,
  type ReplyCodec,
} from './reply.ts'
import { yes } from './reply.ts'
import type { Rows } from './row.ts'

const msetexLines = {
  numkeys: 'ERR invalid numkeys value',
  pairs: 'ERR wrong number of key-value pairs',
}
const delexCondition = 'ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE'

// The words of a row are read into an object of them all; which exclude each other, the op says.

const conditionWords: { readonly [K in keyof Conditions]-?: Option<Conditions[K]> } = {
  ifeq: argument('IFEQ', value),
  ifne: argument('IFNE', value),
  ifdeq: argument('IFDEQ', value as Codec<string>),
  ifdne: argument('IFDNE', value as Codec<string>),
}
const existence = { nx: flag('NX'), xx: flag('XX') }

interface SetWords extends Omit<ExpiryOptions, 'persist'>, Conditions {
  nx?: boolean
  xx?: boolean
  get?: boolean
}
const setOptions = options<SetWords>({
  ...existence,
  ...conditionWords,
  get: flag('GET'),
  ...timeWords,
  ...keepttlWord,
}) as Codec<SetOptions | undefined>

const getexOptions = options<Omit<ExpiryOptions, 'keepttl'>>({ ...timeWords, ...persistWord }) as Codec<
  GetExOptions | undefined
>

const msetexOptions = options<Omit<ExpiryOptions, 'persist'> & { nx?: boolean; xx?: boolean }>(
  { ...existence, ...timeWords, ...keepttlWord },
  false,
  true,
) as Codec<MSetExOptions | undefined>

interface IncrExWords extends Omit<ExpiryOptions, 'keepttl'> {
  byint?: Integer
  byfloat?: number | string
  lbound?: Integer | string
  ubound?: Integer | string
  saturate?: boolean
  enx?: boolean
}
const increxOptions = options<IncrExWords>(
  {
    byint: argument('BYINT', late(exact(increxLines.notInteger))),
    byfloat: argument('BYFLOAT', value as Codec<number | string>),
    lbound: argument('LBOUND', value as Codec<Integer | string>),
    ubound: argument('UBOUND', value as Codec<Integer | string>),
    saturate: flag('SATURATE'),
    ...timeWords,
    ...persistWord,
    enx: flag('ENX'),
  },
  false,
  true,
) as Codec<IncrExOptions | undefined>

const lcsOptions: Codec<LcsOptions | undefined> = late(
  options<LcsOptions>({
    len: flag('LEN'),
    idx: flag('IDX'),
    minmatchlen: argument('MINMATCHLEN', integer()),
    withmatchlen: flag('WITHMATCHLEN'),
  }),
)

const conditions = options<Conditions>(conditionWords)

/** One condition and nothing else. What is wrong with it matters only when the key is there. */
const delexOptions: Codec<DelExCondition | undefined> = {
  read: args => {
    if (args.left === 0) return undefined
    const words = args.argv.slice(args.at)
    args.at = args.argv.length
    const refused = (line: string): DelExCondition => new Refusal(line) as DelExCondition
    if (words.length !== 2) return refused(wrongArity('delex'))
    switch (words[0].toUpperCase()) {
      case 'IFEQ':
        return { ifeq: words[1] }
      case 'IFNE':
        return { ifne: words[1] }
      case 'IFDEQ':
        return { ifdeq: words[1] }
      case 'IFDNE':
        return { ifdne: words[1] }
    }
    return refused(delexCondition)
  },
  write: (given, argv) => {
    conditions.write(given, argv)
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

/** `key value [key value …]`. */
const pairs: Codec<Pairs> = { ...(anyPairs as Codec<Pairs>), keys: 'pairs' }

/** `numkeys key value [key value …]`. */
const countedPairs: Codec<Pairs> = {
  read: args => {
    const n = parseInteger(args.next())
    if (typeof n !== 'number' || n < 1 || n > 2 ** 31 - 1) throw new ReplyError(msetexLines.numkeys)
    if (2 * n > args.left) throw new ReplyError(msetexLines.pairs)
    const flat: Value[] = []
    while (flat.length < 2 * n) flat.push(args.next())
    return flat
  },
  write: (given, argv) => {
    const flat: Arg[] = []
    pairs.write(given, flat)
    argv.push(flat.length / 2)
    for (const one of flat) argv.push(one)
  },
  min: 3,
  max: Infinity,
  keys: 'pairs',
}

const text: ReplyCodec<Text | null> = nullable(bulk)

/** `OK`, or null. */
const done: ReplyCodec<Text | true | null> = {
  write: (result, w) => (result === null ? w.null() : w.status('OK')),
  read: raw => (nullable(ok).read(raw) === null ? null : true),
}

/** In the kind that was asked for: a bigint for a bigint. */
function asked(by: Integer): ReplyCodec<Integer> {
  return typeof by === 'bigint' ? bigInteger : integerReply
}

/** A long double: text in RESP2, where a double would lose digits. */
const float: ReplyCodec<string> = {
  write: (result, w) => (w.resp === 2 ? w.bulk(result) : w.double(Number(result))),
  read: raw => String(raw),
}

function increased(given: IncrExOptions | undefined): ReplyCodec<Increased> {
  const one = given?.byfloat !== undefined ? float : asked(given?.byint ?? 1)
  const both = list(one as ReplyCodec<Integer | string>)
  return { write: (result, w) => both.write(result, w), read: raw => both.read(raw) as unknown as Increased }
}

/** A map of two in RESP3. */
function lcsMatches(withLength: boolean): ReplyCodec<LcsMatches> {
  return {
    write: (result, w) => {
      w.map(2)
      w.bulk('matches')
      w.array(result.matches.length)
      for (const { a, b, len } of result.matches) {
        w.array(withLength ? 3 : 2)
        for (const [first, last] of [a, b]) {
          w.array(2)
          w.integer(first)
          w.integer(last)
        }
        if (withLength) w.integer(len as number)
      }
      w.bulk('len')
      w.integer(result.len)
    },
    read: raw => {
      const map = raw instanceof Map ? (raw as ReadonlyMap<Raw, Raw>) : undefined
      const flat = raw as readonly Raw[]
      const found = (map === undefined ? flat[1] : map.get('matches')) as readonly (readonly Raw[])[]
      const pair = (one: Raw): [number, number] => (one as readonly Raw[]).map(Number) as [number, number]
      const matches: LcsMatch[] = found.map(([a, b, len]) =>
        withLength ? { a: pair(a), b: pair(b), len: Number(len) } : { a: pair(a), b: pair(b) },
      )
      return { matches, len: Number(map === undefined ? flat[3] : map.get('len')) }
    },
  }
}

function lcsReply(given: LcsOptions | undefined): ReplyCodec<string | number | LcsMatches> {
  if (given?.idx) return lcsMatches(given.withmatchlen === true) as ReplyCodec<string | number | LcsMatches>
  return (given?.len ? count : bulk) as ReplyCodec<string | number | LcsMatches>
}

const range = { flags: ['readonly'], args: [key, integer(), integer()], reply: bulk as ReplyCodec<string> } as const

export const stringRows: Rows<typeof strings> = {
  set: {
    name: 'SET',
    flags: ['write', 'denyoom'],
    args: [key, value, setOptions],
    reply: ([, , given]) => (given?.get ? (text as ReplyCodec<Text | true | null>) : done),
  },
  get: { name: 'GET', flags: ['readonly', 'fast'], args: [key], reply: text },
  getset: { name: 'GETSET', flags: ['write', 'denyoom', 'fast'], args: [key, value], reply: text },
  getdel: { name: 'GETDEL', flags: ['write', 'fast'], args: [key], reply: text },
  getex: { name: 'GETEX', flags: ['write', 'fast'], args: [key, getexOptions], reply: text },
  setnx: { name: 'SETNX', flags: ['write', 'denyoom', 'fast'], args: [key, value], reply: yes },
  setex: { name: 'SETEX', flags: ['write', 'denyoom'], args: [key, integer(), value], reply: ok },
  psetex: { name: 'PSETEX', flags: ['write', 'denyoom'], args: [key, integer(), value], reply: ok },
  mset: { name: 'MSET', flags: ['write', 'denyoom'], args: [pairs], reply: ok },
  msetnx: { name: 'MSETNX', flags: ['write', 'denyoom'], args: [pairs], reply: yes },
  msetex: {
    name: 'MSETEX',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [countedPairs, msetexOptions],
    reply: yes,
  },
  mget: { name: 'MGET', flags: ['readonly', 'fast'], args: [rest(key)], reply: list(text) },
  append: { name: 'APPEND', flags: ['write', 'denyoom', 'fast'], args: [key, value], reply: count },
  strlen: { name: 'STRLEN', flags: ['readonly', 'fast'], args: [key], reply: count },
  getrange: { name: 'GETRANGE', ...range },
  substr: { name: 'SUBSTR', ...range },
  setrange: { name: 'SETRANGE', flags: ['write', 'denyoom'], args: [key, integer(), value], reply: count },
  // Exact on the wire, where the typed methods answer a number.
  incr: {
    name: 'INCR',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, constant<Integer | undefined>(1n)],
    reply: integerReply,
  },
  decr: {
    name: 'DECR',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, constant<Integer | undefined>(1n)],
    reply: integerReply,
  },
  incrby: {
    name: 'INCRBY',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, exact()],
    reply: ([, by]) => asked(by),
  },
  decrby: {
    name: 'DECRBY',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, exact()],
    reply: ([, by]) => asked(by),
  },
  incrbyfloat: {
    name: 'INCRBYFLOAT',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, value as Codec<number | string>],
    reply: bulk as ReplyCodec<string>,
  },
  increx: {
    name: 'INCREX',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, increxOptions, constant<Integer | undefined>(1n)],
    reply: ([, given]) => increased(given),
  },
  lcs: {
    name: 'LCS',
    flags: ['readonly'],
    args: [key, key, lcsOptions],
    reply: ([, , given]) => lcsReply(given),
  },
  digest: { name: 'DIGEST', flags: ['readonly', 'fast'], args: [key], reply: text as ReplyCodec<string | null> },
  delex: { name: 'DELEX', flags: ['write', 'fast'], args: [key, delexOptions], reply: yes },
}
