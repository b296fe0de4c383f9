import type { Pairs } from '../api/types.ts'
import type { StreamId, XRangeOptions, XReadOptions, XSetIdOptions } from '../api/streams.ts'
import { type streams, xsetidLines } from '../commands/streams.ts'
import { isBefore } from '../commands/stream-ids.ts'
import { eachPair, lateOptions } from '../commands/input.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_INT64, MIN_INT64 } from '../util/numbers.ts'
import { argument, type Codec, integer, key, options, pairs, ranged, rest, value } from './codec.ts'
import { count, nullableText, ok } from './reply.ts'
import type { Rows } from './row.ts'
import { codes, foundEntries, readReply } from './stream-replies.ts'
import {
  addOptions,
  anyId,
  bounds,
  fromId,
  idsFrom,
  integerOf,
  oneId,
  readOptions,
  referencesFrom,
  starts,
  toId,
  trimOptions,
  readKeysAt,
} from './stream-words.ts'

const rangeOptions = options<XRangeOptions>({
  count: argument('COUNT', ranged(MIN_INT64, MAX_INT64, lines.notInteger)),
})

/** `field value [field value …]`. */
const fields: Codec<Pairs> = {
  ...pairs,
  read: args => pairs.read(args) as Pairs,
  write: (given, argv) =>
    eachPair(given, 'fields', (field, content) => {
      value.write(field, argv, 'fields')
      value.write(content, argv)
    }),
}

/** What XSETID may set beside the id. */
const setidOptions: Codec<XSetIdOptions | undefined> = {
  read: args => {
    const last = args.argv[2]
    const given: { entriesadded?: number | bigint; maxdeletedid?: StreamId } = {}
    while (args.left > 0) {
      const word = args.next().toUpperCase()
      if (args.left > 0 && word === 'ENTRIESADDED') {
        given.entriesadded = integerOf(args.next())
        if (given.entriesadded < 0) throw new ReplyError(xsetidLines.addedNegative)
      } else if (args.left > 0 && word === 'MAXDELETEDID') {
        given.maxdeletedid = args.next()
        if (isBefore(last, given.maxdeletedid)) throw new ReplyError(xsetidLines.belowGiven)
      } else throw new ReplyError(lines.syntax)
    }
    return given
  },
  write: (given, argv) => {
    const { entriesadded, maxdeletedid } = lateOptions<XSetIdOptions>(given, true)
    if (entriesadded !== undefined) {
      argv.push('ENTRIESADDED')
      integer().write(entriesadded, argv, 'entriesadded')
    }
    if (maxdeletedid !== undefined) {
      argv.push('MAXDELETEDID')
      oneId.write(maxdeletedid, argv, 'maxdeletedid')
    }
  },
  min: 0,
  max: Infinity,
  keys: 'none',
}

export const streamRows: Rows<typeof streams> = {
  xadd: {
    name: 'XADD',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, anyId, fields, addOptions],
    order: [0, 3, 1, 2],
    reply: nullableText,
  },
  xlen: { name: 'XLEN', flags: ['readonly', 'fast'], args: [key], reply: count },
  xrange: { name: 'XRANGE', flags: ['readonly'], args: [key, fromId, toId, rangeOptions], reply: foundEntries },
  xrevrange: { name: 'XREVRANGE', flags: ['readonly'], args: [key, toId, fromId, rangeOptions], reply: foundEntries },
  xdel: { name: 'XDEL', flags: ['write', 'fast'], args: [key, rest(anyId)], reply: count },
  xdelex: {
    name: 'XDELEX',
    flags: ['write', 'fast'],
    args: [key, idsFrom(2), referencesFrom(2)],
    reply: codes,
  },
  xtrim: { name: 'XTRIM', flags: ['write'], args: [key, trimOptions], reply: count },
  xsetid: { name: 'XSETID', flags: ['write', 'denyoom', 'fast'], args: [key, oneId, setidOptions], reply: ok },
  xcfgset: { name: 'XCFGSET', flags: ['write', 'fast'], args: [key, bounds], reply: ok },
  xread: {
    name: 'XREAD',
    flags: ['readonly', 'blocking', 'movablekeys'],
    args: [starts, readOptions as Codec<XReadOptions | undefined>],
    order: [1, 0],
    keysAt: readKeysAt,
    reply: readReply,
  },
}
