import type {
  NackMode,
  StreamId,
  XAutoClaimOptions,
  XClaimOptions,
  XGroupCreateOptions,
  XInfoStreamOptions,
  XNackOptions,
  XPendingOptions,
} from '../api/streams.ts'
import { lateOptions } from '../commands/input.ts'
import { groupLines, type streamGroups } from '../commands/stream-groups.ts'
import { endId, idTextOf, startId, strictId, strictIdOrNone } from '../commands/stream-ids.ts'
import type { streamInfo } from '../commands/stream-info.ts'
import { inLine, lines, ReplyError, unknownOrWrong } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { type Arg, argument, type Codec, flag, integer, key, late, options, ranged, rest, value } from './codec.ts'
import { count, list, ok, status, yes } from './reply.ts'
import type { Rows } from './row.ts'
import {
  autoClaimReply,
  claimReply,
  codes,
  consumersReply,
  groupsReply,
  infoReply,
  pendingReply,
  readReply,
} from './stream-replies.ts'
import {
  anyId,
  consumerWord,
  fromId,
  groupWord,
  idsFrom,
  integerOf,
  readOptions,
  referencesFrom,
  starts,
  readKeysAt,
} from './stream-words.ts'

const claimLines = {
  minidle: 'ERR Invalid min-idle-time argument for XCLAIM',
  idle: 'ERR Invalid IDLE option argument for XCLAIM',
  time: 'ERR Invalid TIME option argument for XCLAIM',
  retrycount: 'ERR Invalid RETRYCOUNT option argument for XCLAIM',
  autoMinidle: 'ERR Invalid min-idle-time argument for XAUTOCLAIM',
  nackIds: 'ERR syntax error, expected IDS keyword',
  nackNumber: 'ERR numids must be a positive integer',
  nackMismatch: "ERR number of IDs doesn't match numids",
} as const

/** A codec of any number of words. */
const words: Omit<Codec<never>, 'read' | 'write'> = { min: 0, max: Infinity, keys: 'none' }

function pushInteger(name: string, given: number | bigint | undefined, argv: Arg[]): void {
  if (given === undefined) return
  argv.push(name)
  integer().write(given, argv, name.toLowerCase())
}

/** The options of XGROUP CREATE and, without MKSTREAM, SETID. */
function groupOptions(create: boolean): Codec<XGroupCreateOptions | undefined> {
  return {
    ...words,
    read: args => {
      const given: { mkstream?: boolean; entriesread?: number | bigint } = {}
      while (args.left > 0) {
        const word = args.next().toUpperCase()
        if (create && word === 'MKSTREAM') given.mkstream = true
        else if (word === 'ENTRIESREAD' && args.left > 0) {
          given.entriesread = integerOf(args.next())
          if (given.entriesread < -1) throw new ReplyError(groupLines.entriesRead)
        } else throw new ReplyError(unknownOrWrong(args.argv[0].toUpperCase(), args.argv[1]))
      }
      // No more than each word once, though it may be one of them twice.
      if (args.argv.length > (create ? 8 : 7))
        throw new ReplyError(unknownOrWrong(args.argv[0].toUpperCase(), args.argv[1]))
      return given
    },
    write: (given, argv) => {
      const { mkstream, entriesread } = lateOptions<XGroupCreateOptions>(given, true)
      if (mkstream) argv.push('MKSTREAM')
      pushInteger('ENTRIESREAD', entriesread, argv)
    },
  }
}

// ---- XPENDING ---------------------------------------------------------------------------------------------------------

interface PendingWords {
  readonly start: string
  readonly end: string
  readonly count: number | bigint
  readonly options: XPendingOptions
}

/** `[[IDLE min-idle-time] start end count [consumer]]`, checked in Redis' order. */
function pendingWords(argv: readonly string[]): PendingWords | undefined {
  if (argv.length === 3) return undefined
  if (argv.length < 6 || argv.length > 9) throw new ReplyError(lines.syntax)
  const given: { idle?: number | bigint; consumer?: string } = {}
  let at = 3
  if (argv[3].toUpperCase() === 'IDLE') {
    given.idle = integerOf(argv[4])
    if (argv.length < 8) throw new ReplyError(lines.syntax)
    at = 5
  }
  const number = integerOf(argv[at + 2])
  startId(argv[at])
  endId(argv[at + 1])
  if (at + 3 < argv.length) given.consumer = argv[at + 3]
  return { start: argv[at], end: argv[at + 1], count: number, options: given }
}

const pendingStart: Codec<StreamId | undefined> = {
  ...words,
  read: args => pendingWords(args.argv)?.start,
  write: (given, argv) => {
    if (given !== undefined) argv.push(idTextOf(given, 'start'))
  },
}
const pendingEnd: Codec<StreamId | undefined> = {
  ...words,
  read: args => pendingWords(args.argv)?.end,
  write: (given, argv) => {
    if (given !== undefined) argv.push(idTextOf(given, 'end'))
  },
}
const pendingCount: Codec<number | bigint | undefined> = {
  ...words,
  read: args => pendingWords(args.argv)?.count,
  write: (given, argv) => {
    if (given !== undefined) integer().write(given, argv, 'count')
  },
}
/** Takes all words. The time stands first and the consumer last. */
const pendingIdle: Codec<XPendingOptions | undefined> = {
  ...words,
  read: args => {
    const given = pendingWords(args.argv)?.options
    args.at = args.argv.length
    return given
  },
  write: (given, argv) => {
    const { idle, consumer } = lateOptions<XPendingOptions>(given, true)
    if (idle !== undefined) {
      const time: Arg[] = ['IDLE']
      integer().write(idle, time, 'idle')
      argv.splice(3, 0, ...time)
    }
    if (consumer !== undefined) value.write(consumer, argv, 'consumer')
  },
}

// ---- XCLAIM and its kin -------------------------------------------------------------------------------------------------

/** Ids until the first word that is none. */
const leadingIds: Codec<readonly StreamId[]> = {
  read: args => {
    const ids: string[] = []
    while (args.left > 0 && strictIdOrNone(args.argv[args.at]) !== undefined) ids.push(args.next())
    return ids
  },
  write: (given, argv) => rest(anyId).write(given, argv),
  min: 1,
  max: Infinity,
  keys: 'none',
}

type ClaimWords = { -readonly [K in 'idle' | 'time' | 'retrycount']?: number | bigint } & {
  force?: boolean
  justid?: boolean
  lastid?: StreamId
}

const claimOptions: Codec<(XClaimOptions & { justid?: boolean }) | undefined> = {
  ...words,
  read: args => {
    const given: ClaimWords = {}
    while (args.left > 0) {
      const spelled = args.next()
      const word = spelled.toUpperCase()
      if (word === 'FORCE') given.force = true
      else if (word === 'JUSTID') given.justid = true
      else if (word === 'IDLE' && args.left > 0) {
        given.idle = integerOf(args.next(), claimLines.idle)
        given.time = undefined
      } else if (word === 'TIME' && args.left > 0) {
        given.time = integerOf(args.next(), claimLines.time)
        given.idle = undefined
      } else if (word === 'RETRYCOUNT' && args.left > 0) {
        given.retrycount = integerOf(args.next(), claimLines.retrycount)
      } else if (word === 'LASTID' && args.left > 0) {
        given.lastid = args.next()
        strictId(given.lastid)
      } else throw new ReplyError(`ERR Unrecognized XCLAIM option '${inLine(spelled)}'`)
    }
    return given as XClaimOptions & { justid?: boolean }
  },
  write: (given, argv) => {
    const { idle, time, retrycount, force, lastid, justid } = lateOptions(given, true) as ClaimWords
    pushInteger('IDLE', idle, argv)
    pushInteger('TIME', time, argv)
    pushInteger('RETRYCOUNT', retrycount, argv)
    if (force) argv.push('FORCE')
    if (justid) argv.push('JUSTID')
    if (lastid !== undefined) argv.push('LASTID', idTextOf(lastid, 'lastid'))
  },
}

const autoClaimOptions = options<XAutoClaimOptions & { justid?: boolean }>({
  count: argument('COUNT', ranged(1, MAX_INT64 / 16n, groupLines.countNotPositive)),
  justid: flag('JUSTID'),
})

/** `IDS numids id …`, and then options. */
function nackWords(argv: readonly string[]): { ids: string[]; options: XNackOptions } {
  if (argv[4].toUpperCase() !== 'IDS') throw new ReplyError(claimLines.nackIds)
  const n = argv.length > 5 ? integerOf(argv[5], claimLines.nackNumber) : 0
  if (n < 1) throw new ReplyError(claimLines.nackNumber)
  if (n > argv.length - 6) throw new ReplyError(claimLines.nackMismatch)
  const end = 6 + Number(n)
  const given: { retrycount?: number | bigint; force?: boolean } = {}
  for (let i = end; i < argv.length; i++) {
    const word = argv[i].toUpperCase()
    if (word === 'FORCE') given.force = true
    else if (word === 'RETRYCOUNT' && i + 1 < argv.length) {
      given.retrycount = integerOf(argv[++i])
      if (given.retrycount < 0) throw new ReplyError(groupLines.retryNegative)
    } else throw new ReplyError(`ERR Unrecognized XNACK option '${inLine(argv[i])}'`)
  }
  return { ids: argv.slice(6, end), options: given }
}

const nackIds: Codec<readonly StreamId[]> = late<readonly StreamId[]>({
  read: args => nackWords(args.argv).ids,
  write: idsFrom(4).write,
  min: 3,
  max: 0,
  keys: 'none',
})
const nackOptions: Codec<XNackOptions | undefined> = late({
  ...words,
  read: args => {
    const given = nackWords(args.argv).options
    args.at = args.argv.length
    return given
  },
  write: (given: XNackOptions | undefined, argv) => {
    const { retrycount, force } = lateOptions<XNackOptions>(given, true)
    pushInteger('RETRYCOUNT', retrycount, argv)
    if (force) argv.push('FORCE')
  },
})

export const streamGroupRows: Rows<typeof streamGroups> = {
  xgroupCreate: {
    name: 'XGROUP CREATE',
    flags: ['write', 'denyoom'],
    args: [key, value, anyId, groupOptions(true)],
    reply: ok,
  },
  xgroupSetid: { name: 'XGROUP SETID', flags: ['write'], args: [key, value, anyId, groupOptions(false)], reply: ok },
  xgroupDestroy: { name: 'XGROUP DESTROY', flags: ['write'], args: [key, value], reply: yes },
  xgroupCreateconsumer: {
    name: 'XGROUP CREATECONSUMER',
    flags: ['write', 'denyoom'],
    args: [key, value, value],
    reply: yes,
  },
  xgroupDelconsumer: { name: 'XGROUP DELCONSUMER', flags: ['write'], args: [key, value, value], reply: count },
  xgroupHelp: { name: 'XGROUP HELP', flags: ['loading', 'stale'], args: [], reply: list(status<string>()) },
  xreadgroup: {
    name: 'XREADGROUP',
    flags: ['write', 'blocking', 'movablekeys'],
    args: [groupWord, consumerWord, starts, readOptions],
    order: [0, 1, 3, 2],
    keysAt: readKeysAt,
    reply: readReply,
  },
  xack: { name: 'XACK', flags: ['write', 'fast'], args: [key, value, rest(anyId)], reply: count },
  xackdel: {
    name: 'XACKDEL',
    flags: ['write', 'fast'],
    args: [key, value, idsFrom(3), referencesFrom(3)],
    reply: codes,
  },
  xnack: {
    name: 'XNACK',
    flags: ['write', 'fast'],
    args: [key, value, value as Codec<NackMode>, nackIds, nackOptions],
    reply: count,
  },
  xpending: {
    name: 'XPENDING',
    flags: ['readonly'],
    args: [key, value, pendingStart, pendingEnd, pendingCount, pendingIdle],
    reply: args => pendingReply(args[2] === undefined),
  },
  xclaim: {
    name: 'XCLAIM',
    flags: ['write', 'fast'],
    args: [key, value, value, late(integer(claimLines.minidle)), leadingIds, late(claimOptions)],
    reply: args => claimReply(args[5]?.justid === true),
  },
  xautoclaim: {
    name: 'XAUTOCLAIM',
    flags: ['write', 'fast'],
    args: [key, value, value, integer(claimLines.autoMinidle), fromId, autoClaimOptions],
    reply: args => autoClaimReply(args[5]?.justid === true),
  },
}

const fullOptions: Codec<XInfoStreamOptions | undefined> = late({
  ...words,
  read: args => {
    if (args.left === 0) return undefined
    if (args.left === 2 || args.left > 3 || args.next().toUpperCase() !== 'FULL') {
      throw new ReplyError(unknownOrWrong(args.argv[0].toUpperCase(), args.argv[1]))
    }
    if (args.left === 0) return { full: true }
    if (args.next().toUpperCase() !== 'COUNT')
      throw new ReplyError(unknownOrWrong(args.argv[0].toUpperCase(), args.argv[1]))
    return { full: true, count: integerOf(args.next()) }
  },
  write: (given: XInfoStreamOptions | undefined, argv) => {
    const { full, count: most } = lateOptions<XInfoStreamOptions>(given, true)
    if (!full) return
    argv.push('FULL')
    pushInteger('COUNT', most, argv)
  },
})

export const streamInfoRows: Rows<typeof streamInfo> = {
  xinfoStream: {
    name: 'XINFO STREAM',
    flags: ['readonly'],
    args: [key, fullOptions],
    reply: args => infoReply(args[1]?.full === true),
  },
  xinfoGroups: { name: 'XINFO GROUPS', flags: ['readonly'], args: [key], reply: groupsReply },
  xinfoConsumers: { name: 'XINFO CONSUMERS', flags: ['readonly'], args: [key, value], reply: consumersReply },
  xinfoHelp: { name: 'XINFO HELP', flags: ['loading', 'stale'], args: [], reply: list(status<string>()) },
}
