import type { IdempotencyOptions, StreamCommands, XCfgSetOptions } from '../api/streams.ts'
import type { Integer } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_IDMP_DURATION, MAX_IDMP_MAXSIZE } from '../structures/limits.ts'
import { toBytes } from '../util/text.ts'
import { xxh3 } from '../util/xxh3.ts'
import { index, keyText, record, text } from './input.ts'
import type { Ops } from './op.ts'

export const idempotencyLines = {
  twice: 'ERR IDMP/IDMPAUTO specified multiple times',
  ownId: 'ERR IDMP/IDMPAUTO can be used only with auto-generated IDs',
  noProducer: 'ERR IDMP requires a non-empty producer ID',
  noName: 'ERR IDMP requires a non-empty idempotent ID',
  noAutoProducer: 'ERR IDMPAUTO requires a non-empty producer ID',
  duration: 'ERR IDMP-DURATION must be between 1 and 86400 seconds',
  maxsize: 'ERR IDMP-MAXSIZE must be between 1 and 10000 entries',
  nothing: 'ERR At least one parameter must be specified',
} as const

/** Who adds an entry, and under which name; null when what is in it is its name. */
export interface Sender {
  readonly producer: string
  readonly name: string | null
}

/** Undefined when the options name nobody. `open` when the entry gets its id from the time alone. */
export function senderOf(options: IdempotencyOptions, open: boolean): Sender | undefined {
  const { idmp, idmpauto } = options
  if (idmp === undefined && idmpauto === undefined) return undefined
  if (idmp !== undefined && idmpauto !== undefined) throw new ReplyError(idempotencyLines.twice)
  const given: readonly unknown[] = idmp ?? [idmpauto, null]
  if (!Array.isArray(given) || given.length !== 2) throw new TypeError('idmp must be a pair of producer and name')
  const producer = text(given[0], 'producer')
  const name = idmp === undefined ? null : text(given[1], 'name')
  if (producer === '') {
    throw new ReplyError(name === null ? idempotencyLines.noAutoProducer : idempotencyLines.noProducer)
  }
  if (name === '') throw new ReplyError(idempotencyLines.noName)
  if (!open) throw new ReplyError(idempotencyLines.ownId)
  return { producer, name }
}

/**
 * What IDMPAUTO knows an entry by: the same for the same fields with the same values in any order. A digest, so that what is
 * remembered does not grow with the entries: of 128 bits, as in Redis, because it decides whether an entry is dropped, and with
 * the seed of the store, so that two that were found to be taken for one are so in no other store.
 */
function contentName(pairs: readonly string[], seed: number): string {
  const parts: string[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    // With their lengths, so that no two lists of pairs are written alike.
    parts.push(`${pairs[i].length} ${pairs[i + 1].length} ${pairs[i]}${pairs[i + 1]}`)
  }
  const content = parts.sort().join('')
  return xxh3(toBytes(`${seed} ${content}`)) + xxh3(toBytes(`${content} ${seed}`))
}

/** The sender of an entry with its name. */
export function named(sender: Sender, pairs: readonly string[], seed: number): { producer: string; name: string } {
  return { producer: sender.producer, name: sender.name ?? contentName(pairs, seed) }
}

function bound(value: Integer | undefined, name: string, most: number, line: string): number | undefined {
  if (value === undefined) return undefined
  const n = index(value, name)
  if (n < 1 || n > most) throw new ReplyError(line)
  return n
}

/** Bounds as they may be set; throws what XCFGSET answers to others. */
export function checkedBounds(options: XCfgSetOptions): { readonly duration?: number; readonly maxsize?: number } {
  const duration = bound(options.idmpDuration, 'idmpDuration', MAX_IDMP_DURATION, idempotencyLines.duration)
  const maxsize = bound(options.idmpMaxsize, 'idmpMaxsize', MAX_IDMP_MAXSIZE, idempotencyLines.maxsize)
  if (duration === undefined && maxsize === undefined) throw new ReplyError(idempotencyLines.nothing)
  return { duration, maxsize }
}

export const streamIdempotency: Ops<Pick<StreamCommands, 'xcfgset'>> = {
  // It leaves no effect: no Redis that reads our files has the command.
  xcfgset(ks, given, options) {
    const key = keyText(given)
    const { duration, maxsize } = checkedBounds(record(options, 'options'))
    const stream = ks.modify(key, 'stream')
    if (stream === undefined) throw new ReplyError(lines.noSuchKey)
    const { remembering } = stream
    remembering.configure(duration ?? remembering.duration, maxsize ?? remembering.maxsize)
    ks.changed(key, stream, 'xcfgset')
    return 'OK'
  },
}
