import type { ExpireOptions } from '../api/expiry.ts'
import type { FieldExpired, FieldPersisted } from '../api/hash-expiry.ts'
import type { Integer } from '../api/types.ts'
import { invalidExpire, lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { Hash } from '../structures/hash.ts'
import { isInt64 } from '../util/numbers.ts'
import { allowed } from './expiry.ts'
import { type ExpiryOptions, saysTime } from './expiry-options.ts'
import { integer } from './input.ts'

// What the commands on hashes and those on the expiry of their fields share.

/** Redis keeps the time of a field in 46 bits. */
const LATEST = 2 ** 46 - 1

/** `n` units of so many milliseconds after `from`, as the time of a field. Refused when negative or too late. */
export function fieldTime(n: Integer, unit: number, from: number, command: string): number {
  if (!isInt64(n)) throw new ReplyError(lines.notInteger)
  if (n < 0) throw new ReplyError(lines.expireNegative)
  const time = n > LATEST / unit ? Infinity : Number(n) * unit + Math.floor(from)
  if (time > LATEST) throw new ReplyError(invalidExpire(command))
  return time
}

/** The time that the options say, undefined when they say none. `line` refuses more than one of them. */
export function fieldTimeOf(ks: Keyspace, o: ExpiryOptions, command: string, line: string): number | undefined {
  if (!saysTime(o, line)) return undefined
  if (o.ex !== undefined) return fieldTime(integer(o.ex, 'ex'), 1000, ks.databases.now(), command)
  if (o.px !== undefined) return fieldTime(integer(o.px, 'px'), 1, ks.databases.now(), command)
  if (o.exat !== undefined) return fieldTime(integer(o.exat, 'exat'), 1000, 0, command)
  return fieldTime(integer(o.pxat as Integer, 'pxat'), 1, 0, command)
}

/** Throws when the files of the store cannot hold the times of fields. */
export function mayHoldTimes(ks: Keyspace): void {
  const { fieldRefusal } = ks.databases
  if (fieldRefusal !== null) throw new ReplyError(fieldRefusal)
}

/** True when a field that gets this time goes at once. A log that is replayed says itself what goes. */
export function isPast(ks: Keyspace, when: number): boolean {
  return when <= ks.databases.now() && ks.databases.expiring
}

/** Says that fields were removed. */
export function removed(ks: Keyspace, key: string, hash: Hash, names: readonly string[]): void {
  if (names.length === 0) return
  ks.changed(key, hash, 'hdel', names)
  if (ks.logging) ks.effectList(['HDEL', key, ...names])
}

/** Says that fields expire at `when`. */
export function timed(ks: Keyspace, key: string, hash: Hash, names: readonly string[], when: number): void {
  if (names.length === 0) return
  ks.noteTimes(key, hash.earliest)
  ks.changed(key, hash, 'hexpire', names)
  if (ks.logging) logTime(ks, key, names, when)
}

/** The effect that says when fields expire. */
export function logTime(ks: Keyspace, key: string, names: readonly string[], when: number): void {
  ks.effectList(['HPEXPIREAT', key, when, 'FIELDS', names.length, ...names])
}

/** Lets fields expire at `when`, each of them if the condition holds; what became of each. */
export function expireFields(
  ks: Keyspace,
  key: string,
  hash: Hash,
  names: readonly string[],
  when: number,
  condition: ExpireOptions,
): FieldExpired[] {
  const past = isPast(ks, when)
  const done: string[] = []
  const codes = names.map((name): FieldExpired => {
    const old = hash.time(name)
    if (old === undefined) return -2
    if (!allowed(old, when, condition)) return 0
    done.push(name)
    if (past) hash.delete(name)
    // In a log that is replayed the time may be 0, which would stand for none.
    else hash.setTime(name, Math.max(when, 1))
    return past ? 2 : 1
  })
  if (past) removed(ks, key, hash, done)
  else timed(ks, key, hash, done, when)
  return codes
}

/** Takes the times of fields away; what became of each. */
export function persistFields(ks: Keyspace, key: string, hash: Hash, names: readonly string[]): FieldPersisted[] {
  const done: string[] = []
  const codes = names.map((name): FieldPersisted => {
    const old = hash.time(name)
    if (old === undefined) return -2
    if (old === 0) return -1
    hash.setTime(name, 0)
    done.push(name)
    return 1
  })
  if (done.length > 0) {
    ks.changed(key, hash, 'hpersist', done)
    if (ks.logging) ks.effectList(['HPERSIST', key, 'FIELDS', done.length, ...done])
  }
  return codes
}
