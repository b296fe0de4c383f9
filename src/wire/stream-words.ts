import type {
  IdempotencyOptions,
  ReferenceOptions,
  StreamId,
  StreamStarts,
  XAddOptions,
  XCfgSetOptions,
  XReadGroupOptions,
  XTrimOptions,
} from '../api/streams.ts'
import { lateOptions, text } from '../commands/input.ts'
import { checkedBounds, idempotencyLines, senderOf } from '../commands/stream-idempotency.ts'
import { endId, idTextOf, newId, startId, startsOf, strictId, unbalanced } from '../commands/stream-ids.ts'
import { readLines } from '../commands/stream-reads.ts'
import { trimRuleOf, xaddLines } from '../commands/streams.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_INT64, parseInteger } from '../util/numbers.ts'
import { type Arg, ArgReader, type Codec, ranged, value } from './codec.ts'

// How ids and the words of the stream commands are spelled. Some commands take their words in any order while their methods
// have parameters in one: their codecs look at all words each, by a function of argv alone, and the last one takes them.

function idCodec(check: (given: StreamId) => unknown): Codec<StreamId> {
  return {
    read: args => {
      const given = args.next()
      check(given)
      return given
    },
    write: (given, argv, name) => argv.push(idTextOf(given, name)),
    min: 1,
    max: 1,
    keys: 'none',
  }
}

/** An id that the op reads, because Redis reads it late. */
export const anyId: Codec<StreamId> = idCodec(() => undefined)
export const oneId: Codec<StreamId> = idCodec(strictId)
export const fromId: Codec<StreamId> = idCodec(startId)
export const toId: Codec<StreamId> = idCodec(endId)

/** An integer argument at once. */
export function integerOf(given: string, line: string = lines.notInteger): number | bigint {
  const n = parseInteger(given)
  if (n === undefined) throw new ReplyError(line)
  return n
}

const maxlen = ranged(0, MAX_INT64, xaddLines.maxlenNegative, lines.notInteger)
const limit = ranged(0, MAX_INT64, xaddLines.limitNegative, lines.notInteger)
const references: ReadonlySet<string> = new Set(['KEEPREF', 'DELREF', 'ACKED'])

type TrimWords = {
  -readonly [K in 'maxlen' | 'minid' | 'approx' | 'limit' | 'nomkstream' | 'keepref' | 'delref' | 'acked']?: unknown
} & { idmp?: readonly [string, string]; idmpauto?: string }

/** The words before the id of XADD, which ends them, or of XTRIM; checked together once the id is known to be one. */
function readTrim(args: ArgReader, xadd: boolean): TrimWords {
  const given: TrimWords = {}
  let open = false
  for (;;) {
    const next = args.peek()
    if (next === undefined) break
    const more = args.left - 1
    if ((next === 'MAXLEN' || next === 'MINID') && more > 0) {
      args.at++
      if (given.maxlen !== undefined || given.minid !== undefined) throw new ReplyError(xaddLines.bothStrategies)
      const sign = args.argv[args.at]
      if (more > 1 && (sign === '~' || sign === '=')) {
        given.approx = sign === '~'
        args.at++
      } else given.approx = false
      if (next === 'MAXLEN') given.maxlen = maxlen.read(args)
      else given.minid = oneId.read(args)
    } else if (next === 'LIMIT' && more > 0) {
      args.at++
      given.limit = limit.read(args)
    } else if (xadd && next === 'NOMKSTREAM') {
      args.at++
      given.nomkstream = true
    } else if (references.has(next)) {
      if (given.keepref || given.delref || given.acked) throw new ReplyError(lines.syntax)
      args.at++
      given[next.toLowerCase() as 'keepref'] = true
    } else if (xadd && ((next === 'IDMP' && more > 1) || (next === 'IDMPAUTO' && more > 0))) {
      args.at++
      if (given.idmp !== undefined || given.idmpauto !== undefined) throw new ReplyError(idempotencyLines.twice)
      if (next === 'IDMP') given.idmp = [args.next(), args.next()]
      else given.idmpauto = args.next()
    } else if (xadd) {
      open = newId(args.argv[args.at]) === null
      break
    } else throw new ReplyError(lines.syntax)
  }
  if (trimRuleOf(given as XTrimOptions) === undefined && !xadd) throw new ReplyError(xaddLines.noStrategy)
  senderOf(given as IdempotencyOptions, open)
  return given
}

function writeReferences(given: ReferenceOptions, argv: Arg[]): void {
  const { keepref, delref, acked } = given as { keepref?: boolean; delref?: boolean; acked?: boolean }
  if (keepref) argv.push('KEEPREF')
  if (delref) argv.push('DELREF')
  if (acked) argv.push('ACKED')
}

function writeTrim(options: XAddOptions, argv: Arg[]): void {
  const {
    maxlen: length,
    minid,
    approx,
    limit: most,
    nomkstream,
  } = options as {
    maxlen?: number | bigint
    minid?: StreamId
    approx?: boolean
    limit?: number | bigint
    nomkstream?: boolean
  }
  if (nomkstream) argv.push('NOMKSTREAM')
  writeReferences(options, argv)
  if (length !== undefined) {
    argv.push('MAXLEN', approx ? '~' : '=')
    maxlen.write(length, argv, 'maxlen')
  }
  if (minid !== undefined) {
    argv.push('MINID', approx ? '~' : '=')
    oneId.write(minid, argv, 'minid')
  }
  if (most !== undefined) {
    argv.push('LIMIT')
    limit.write(most, argv, 'limit')
  }
}

export const addOptions: Codec<XAddOptions | undefined> = {
  read: args => readTrim(args, true) as XAddOptions,
  write: (given, argv) => {
    const options: XAddOptions = lateOptions(given, true)
    writeTrim(options, argv)
    // Whether the id goes with it is for the op to say.
    const sender = senderOf(options, true)
    if (sender === undefined) return
    if (sender.name === null) argv.push('IDMPAUTO', sender.producer)
    else argv.push('IDMP', sender.producer, sender.name)
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

export const trimOptions: Codec<XTrimOptions> = {
  read: args => readTrim(args, false) as XTrimOptions,
  write: (given, argv) => {
    if (trimRuleOf(given) === undefined) throw new ReplyError(xaddLines.noStrategy)
    writeTrim(given, argv)
  },
  min: 2,
  max: Infinity,
  keys: 'none',
}

/** What XCFGSET sets. */
export const bounds: Codec<XCfgSetOptions> = {
  read: args => {
    const given: { -readonly [K in keyof XCfgSetOptions]: XCfgSetOptions[K] } = {}
    while (args.left > 0) {
      const word = args.next().toUpperCase()
      if (args.left > 0 && word === 'IDMP-DURATION') given.idmpDuration = integerOf(args.next())
      else if (args.left > 0 && word === 'IDMP-MAXSIZE') given.idmpMaxsize = integerOf(args.next())
      else throw new ReplyError(lines.syntax)
    }
    checkedBounds(given)
    return given
  },
  write: (given, argv) => {
    const { duration, maxsize } = checkedBounds(given)
    if (duration !== undefined) argv.push('IDMP-DURATION', duration)
    if (maxsize !== undefined) argv.push('IDMP-MAXSIZE', maxsize)
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

// ---- XREAD and XREADGROUP -------------------------------------------------------------------------------------------

interface ReadWords {
  readonly group: string
  readonly consumer: string
  readonly options: XReadGroupOptions
  /** Where the keys begin. */
  readonly at: number
}

function timeoutOf(given: string): number | bigint {
  const n = integerOf(given, readLines.timeoutNotInteger)
  if (n < 0) throw new ReplyError(readLines.timeoutNegative)
  return n
}

/** All words of a read up to its keys. */
function readWords(argv: readonly string[]): ReadWords {
  const name = argv[0].toUpperCase()
  const inGroup = name === 'XREADGROUP'
  const options: { -readonly [K in keyof XReadGroupOptions]: XReadGroupOptions[K] } = {}
  let group: string | undefined
  let consumer = ''
  let at = 0
  for (let i = 1; i < argv.length && at === 0; i++) {
    const more = argv.length - 1 - i
    const word = argv[i].toUpperCase()
    if (word === 'BLOCK' && more > 0) options.block = timeoutOf(argv[++i])
    else if (word === 'COUNT' && more > 0) options.count = integerOf(argv[++i])
    else if (word === 'MAXCOUNT' && more > 0) options.maxcount = integerOf(argv[++i])
    else if (word === 'MAXSIZE' && more > 0) options.maxsize = integerOf(argv[++i])
    else if (word === 'CLAIM' && more > 0 && inGroup) options.claim = integerOf(argv[++i])
    else if (word === 'STREAMS' && more > 0) {
      at = i + 1
      if (more % 2 !== 0) throw new ReplyError(unbalanced(name))
    } else if (word === 'GROUP' && more > 1) {
      if (!inGroup) throw new ReplyError(wordLines.group)
      group = argv[++i]
      consumer = argv[++i]
    } else if (word === 'NOACK') {
      if (!inGroup) throw new ReplyError(wordLines.noack)
      options.noack = true
    } else throw new ReplyError(lines.syntax)
  }
  if (at === 0) throw new ReplyError(lines.syntax)
  if (inGroup && group === undefined) throw new ReplyError(wordLines.missingGroup)
  return { group: group ?? '', consumer, options, at }
}

/** The places of the keys of a read: behind STREAMS, as many as ids. */
export function readKeysAt(argv: readonly string[]): readonly number[] {
  const at = argv.findIndex((word, i) => i > 0 && word.toUpperCase() === 'STREAMS') + 1
  const keys = at === 0 ? 0 : Math.floor((argv.length - at) / 2)
  return Array.from({ length: keys }, (_, i) => at + i)
}

const wordLines = {
  group: 'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.',
  noack: 'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.',
  missingGroup: 'ERR Missing GROUP option for XREADGROUP',
  idsNotPositive: 'ERR Number of IDs must be a positive integer',
  idsMismatch: 'ERR The `numids` parameter must match the number of arguments',
  idsMissing: 'ERR IDS option is required',
} as const

/** `GROUP group`, wherever it stands. */
export const groupWord: Codec<Arg> = {
  read: args => readWords(args.argv).group,
  write: (given, argv) => {
    text(given, 'group')
    argv.push('GROUP', given)
  },
  min: 2,
  max: 2,
  keys: 'none',
}

/** The consumer behind it. */
export const consumerWord: Codec<Arg> = {
  read: args => readWords(args.argv).consumer,
  write: (given, argv) => value.write(given, argv, 'consumer'),
  min: 1,
  max: 1,
  keys: 'none',
}

export const readOptions: Codec<XReadGroupOptions | undefined> = {
  read: args => {
    const words = readWords(args.argv)
    args.at = words.at
    return words.options
  },
  write: (given, argv) => {
    const options: XReadGroupOptions = lateOptions(given, true)
    for (const name of ['count', 'maxcount', 'maxsize', 'block', 'claim'] as const) {
      const n = options[name]
      if (n === undefined) continue
      argv.push(name.toUpperCase())
      anyInteger.write(n, argv, name)
    }
    if (options.noack) argv.push('NOACK')
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}
const anyInteger = ranged(-MAX_INT64, MAX_INT64, lines.notInteger)

/** `STREAMS key … id …`; the word itself is read with the options. */
export const starts: Codec<StreamStarts> = {
  read: args => {
    const half = args.left / 2
    const pairs: [string, string][] = []
    for (let i = 0; i < half; i++) pairs.push([args.argv[args.at + i], args.argv[args.at + half + i]])
    args.at = args.argv.length
    return pairs
  },
  write: (given, argv) => {
    const pairs = startsOf(given)
    argv.push('STREAMS', ...pairs.map(pair => pair[0]), ...pairs.map(pair => pair[1]))
  },
  min: 3,
  max: Infinity,
  keys: 'keys',
}

// ---- XDELEX and XACKDEL -----------------------------------------------------------------------------------------------

/** `[KEEPREF | DELREF | ACKED] IDS numids id …`, in any order. */
function idWords(argv: readonly string[], from: number): { ids: string[]; options: ReferenceOptions } {
  const options: { keepref?: boolean; delref?: boolean; acked?: boolean } = {}
  let ids: string[] | undefined
  for (let i = from; i < argv.length; i++) {
    const word = argv[i].toUpperCase()
    const chosen = options.keepref || options.delref || options.acked
    if (references.has(word) && !chosen) options[word.toLowerCase() as 'keepref'] = true
    else if (word === 'IDS' && i + 1 < argv.length) {
      const n = integerOf(argv[++i], wordLines.idsNotPositive)
      if (n < 1) throw new ReplyError(wordLines.idsNotPositive)
      if (n > argv.length - 1 - i) throw new ReplyError(wordLines.idsMismatch)
      ids = argv.slice(i + 1, i + 1 + Number(n))
      i += Number(n)
    } else throw new ReplyError(lines.syntax)
  }
  if (ids === undefined) throw new ReplyError(wordLines.idsMissing)
  return { ids, options: options as ReferenceOptions }
}

/** `IDS numids id …`, among words that begin at `from`. */
export function idsFrom(from: number): Codec<readonly StreamId[]> {
  return {
    read: args => idWords(args.argv, from).ids,
    write: (given, argv) => {
      argv.push('IDS', given.length)
      for (const id of given) argv.push(idTextOf(id))
    },
    min: 3,
    max: Infinity,
    keys: 'none',
  }
}

/** What becomes of references, among the same words, all of which it takes. */
export function referencesFrom(from: number): Codec<ReferenceOptions | undefined> {
  return {
    read: args => {
      const { options } = idWords(args.argv, from)
      args.at = args.argv.length
      return options
    },
    write: (given, argv) => writeReferences(lateOptions(given, true), argv),
    min: 0,
    max: 1,
    keys: 'none',
  }
}
