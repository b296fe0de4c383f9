import type { RestoreOptions } from '../api/dump.ts'
import { type dumping, restoreLines } from '../commands/dump.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { toBytes } from '../util/text.ts'
import { argument, type Codec, flag, integer, key, late, options, ranged, value } from './codec.ts'
import { nullable, ok, type ReplyCodec } from './reply.ts'
import type { Rows } from './row.ts'

const idletime = argument('IDLETIME', ranged(0, MAX_INT64, restoreLines.idletime, lines.notInteger))
const freq = argument('FREQ', ranged(0, 255, restoreLines.freq, lines.notInteger))
const written = options<RestoreOptions>({ replace: flag('REPLACE'), absttl: flag('ABSTTL'), idletime, freq })

/** One of IDLETIME and FREQ: the second of them is no option any more, whatever stands behind it. */
const restoreOptions: Codec<RestoreOptions | undefined> = {
  ...written,
  read: args => {
    if (args.left === 0) return undefined
    const given: RestoreOptions = {}
    while (args.left > 0) {
      const word = args.next().toUpperCase()
      if (word === 'REPLACE') given.replace = true
      else if (word === 'ABSTTL') given.absttl = true
      else if (word === 'IDLETIME' && args.left > 0 && given.freq === undefined) given.idletime = idletime.read(args)
      else if (word === 'FREQ' && args.left > 0 && given.idletime === undefined) given.freq = freq.read(args)
      else throw new ReplyError(lines.syntax)
    }
    return given
  },
}

/** Bytes, which a client may give as text: as canonical text they come to no harm. */
const bytes: ReplyCodec<Uint8Array> = {
  write: (result, w) => w.bulk({ view: () => result }),
  read: raw => {
    if (raw instanceof Uint8Array) return raw
    if (typeof raw === 'string') return toBytes(raw)
    throw raw instanceof Error ? raw : new TypeError(`unexpected reply: ${String(raw)}`)
  },
}

export const dumpRows: Rows<typeof dumping> = {
  dump: { name: 'DUMP', flags: ['readonly'], args: [key], reply: nullable(bytes) },
  restore: {
    name: 'RESTORE',
    flags: ['write', 'denyoom'],
    args: [key, late(integer()), value as Codec<string | Uint8Array>, restoreOptions],
    reply: ok,
  },
}
