import { lines, ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import { type Codec, key, rest, value } from '../wire/codec.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import type { Flag } from '../wire/row.ts'
import type { ConnectionRow } from '../wire/table.ts'
import type { Argv, Session } from './session.ts'

/** What a command does that concerns the client, not the data. */
export interface ConnectionCommand {
  /** True when MULTI does not queue it. */
  readonly now: boolean
  readonly run: (session: Session, argv: Argv, w: ReplyWriter) => Promise<void> | void
}

// These commands read their arguments themselves: the codecs say how many there are, and where the keys stand.
export const counting = (codec: object): Codec<unknown> => codec as Codec<unknown>
/** One word. */
export const one: Codec<unknown> = counting(value)
/** Any number of words; at least one. */
export const any: Codec<unknown> = counting(rest(value, 0))
export const some: Codec<unknown> = counting(rest(value))
/** Keys, and what has a place in a cluster as keys have. */
export const keys: Codec<unknown> = counting(rest(key))
export const anyKeys: Codec<unknown> = counting(rest(key, 0))

/** A row whose command a session runs; `flags` are words with spaces between. */
export function row(
  name: string,
  flags: string,
  args: readonly Codec<unknown>[],
  run: ConnectionCommand['run'],
  now: boolean = false,
): ConnectionRow {
  const connection: ConnectionCommand = { run, now }
  return { name, flags: flags === '' ? [] : (flags.split(' ') as Flag[]), args, connection }
}

/** A whole number among the arguments. */
export function integerOf(word: string): number {
  const n = parseInteger(word)
  if (n === undefined) throw new ReplyError(lines.notInteger)
  return Number(n)
}

/** Milliseconds among the arguments. */
export function timeoutOf(word: string): number {
  const n = parseInteger(word)
  if (n === undefined) throw new ReplyError('ERR timeout is not an integer or out of range')
  if (n < 0) throw new ReplyError(lines.timeoutNegative)
  return Number(n)
}

export function ok(w: ReplyWriter): void {
  w.status('OK')
}
