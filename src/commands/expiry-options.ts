import type { Integer } from '../api/types.ts'
import { invalidExpire, lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { moment } from './expiry.ts'
import { integer, lateIndex } from './input.ts'

// EX, PX, EXAT, PXAT, KEEPTTL and PERSIST, wherever a command takes them.

/** All of them; which ones a command knows is in its contract and its row. */
export interface ExpiryOptions {
  ex?: Integer
  px?: Integer
  exat?: Integer
  pxat?: Integer
  keepttl?: boolean
  persist?: boolean
}

const times = ['ex', 'px', 'exat', 'pxat'] as const

/** True when one of them says a time. Refuses more than one of them, with `line`. */
export function saysTime(o: ExpiryOptions, line: string = lines.syntax): boolean {
  const said = +(o.ex !== undefined) + +(o.px !== undefined) + +(o.exat !== undefined) + +(o.pxat !== undefined)
  const all = said + (o.keepttl ? 1 : 0) + (o.persist ? 1 : 0)
  if (all > 1) throw new ReplyError(line)
  return said === 1
}

/**
 * The time that they say, in milliseconds since 1970; 0 when they say none. `command` is for the error line. When the
 * key is not `there`, a command that reads it late takes any time, as long as its type is right.
 */
export function timeOf(ks: Keyspace, o: ExpiryOptions, command: string, there = true): number {
  if (!there) {
    for (const name of times) lateIndex(o[name] === undefined ? 0 : o[name], name, false)
    return 0
  }
  if (o.ex !== undefined) return expiryTime(integer(o.ex, 'ex'), 1000, ks.databases.now(), command)
  if (o.px !== undefined) return expiryTime(integer(o.px, 'px'), 1, ks.databases.now(), command)
  if (o.exat !== undefined) return expiryTime(integer(o.exat, 'exat'), 1000, 0, command)
  if (o.pxat !== undefined) return expiryTime(integer(o.pxat, 'pxat'), 1, 0, command)
  return 0
}

/** `n` units of so many milliseconds after `from`. Refused unless positive and within 64 bits at every step. */
export function expiryTime(n: Integer, unit: number, from: number, command: string): number {
  const time = n > 0 ? moment(n, unit, Math.floor(from)) : undefined
  if (time === undefined) throw new ReplyError(invalidExpire(command))
  return Number(time)
}

/** A time as an argument of an effect: beyond 2^53 it is the nearest double, that of the greatest int64 just above it. */
export function timeArg(time: number): Integer {
  if (Number.isSafeInteger(time)) return time
  const exact = BigInt(time)
  return exact > MAX_INT64 ? MAX_INT64 : exact
}
