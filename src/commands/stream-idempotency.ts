import type { IdempotencyOptions, StreamCommands, XCfgSetOptions } from '../api/streams.ts'
import type { Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_IDMP_DURATION, MAX_IDMP_MAXSIZE } from '../structures/limits.ts'
import { hex, sha1 } from '../util/sha1.ts'
import { toBytes } from '../util/text.ts'
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
  let sender: Sender
  if (idmp !== undefined) {
    if (!Array.isArray(idmp) || idmp.length !== 2) throw new TypeError('idmp must be a pair of producer and name')
    const [producer, name] = idmp
    sender = { producer: text(producer, 'idmp'), name: text(name, 'idmp') }
  } else sender = { producer: text(idmpauto as Value, 'idmpauto'), name: null }
  if (sender.producer === '') {
    throw new ReplyError(sender.name === null ? idempotencyLines.noAutoProducer : idempotencyLines.noProducer)
  }
  if (sender.name === '') throw new ReplyError(idempotencyLines.noName)
  if (!open) throw new ReplyError(idempotencyLines.ownId)
  return sender
}

/**
 * What IDMPAUTO knows an entry by: the same for the same fields with the same values in any order. A digest, so that what is
 * remembered does not grow with the entries; of 160 bits, because it decides whether an entry is dropped.
 */
function contentName(pairs: readonly string[]): string {
  const parts: string[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    // With their lengths, so that no two lists of pairs are written alike.
    parts.push(`${pairs[i].length} ${pairs[i + 1].length} ${pairs[i]}${pairs[i + 1]}`)
  }
  return hex(sha1(toBytes(parts.sort().join(''))))
}

/** The sender of an entry with its name. */
export function named({ producer, name }: Sender, pairs: readonly string[]): { producer: string; name: string } {
  return { producer, name: name ?? contentName(pairs) }
}

/** Bounds as they may be set; throws what XCFGSET answers to others. */
export function checkedBounds(options: XCfgSetOptions): { readonly duration?: number; readonly maxsize?: number } {
  const { idmpDuration, idmpMaxsize } = options
  const duration = idmpDuration === undefined ? undefined : index(idmpDuration, 'idmpDuration')
  const maxsize = idmpMaxsize === undefined ? undefined : index(idmpMaxsize, 'idmpMaxsize')
  if (duration !== undefined && (duration < 1 || duration > MAX_IDMP_DURATION)) {
    throw new ReplyError(idempotencyLines.duration)
  }
  if (maxsize !== undefined && (maxsize < 1 || maxsize > MAX_IDMP_MAXSIZE)) {
    throw new ReplyError(idempotencyLines.maxsize)
  }
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
