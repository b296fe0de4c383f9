import type { Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { EffectArg, Text, Value as Stored } from '../keyspace.ts'
import { Bytes } from '../structures/bytes.ts'
import { plainText } from '../util/stored.ts'
import { byteLength, toBytes } from '../util/text.ts'
import { xxh3 } from '../util/xxh3.ts'
import { text } from './input.ts'

// What commands do with the value of a string key, be it text, a number or bytes.

/** The longest string that Redis takes: `proto-max-bulk-len`. */
export const MAX_LENGTH: number = 512 * 1024 * 1024

/** The string in a key, undefined when absent. Throws WRONGTYPE. */
export function stringOf(value: Stored | undefined): Text | undefined {
  if (typeof value === 'object' && !(value instanceof Bytes)) throw new ReplyError(lines.wrongType)
  return value
}

/** How many bytes it has. */
export function lengthOf(value: Text): number {
  if (typeof value === 'string') return byteLength(value)
  return typeof value === 'number' ? String(value).length : value.length
}

/** Its bytes: to be read at once, because they may be the value itself. */
export function bytesOf(value: Text): Uint8Array {
  return typeof value === 'object' ? value.view() : toBytes(String(value))
}

/** It as an argument of an effect, which may outlive it. */
export function effectArg(value: Text): EffectArg {
  return typeof value === 'object' ? value.copy() : value
}

const digestLine = 'ERR must be exactly 16 hexadecimal characters'

/** The digest of DIGEST, IFDEQ and IFDNE. */
export function digestOf(value: Text): string {
  return xxh3(bytesOf(value))
}

/** Conditions on a value, of which at most one is given; see ValueConditions. */
export interface Conditions {
  ifeq?: Value
  ifne?: Value
  ifdeq?: string
  ifdne?: string
}

/** Whether the condition holds, which a digest that is none prevents; none given holds. */
export function holds(value: Text | undefined, o: Conditions): boolean {
  if (o.ifeq !== undefined) return value !== undefined && plainText(value) === text(o.ifeq, 'ifeq')
  if (o.ifne !== undefined) return value === undefined || plainText(value) !== text(o.ifne, 'ifne')
  if (o.ifdeq !== undefined) return value !== undefined && digestOf(value) === digest(o.ifdeq, 'ifdeq')
  if (o.ifdne !== undefined) return value === undefined || digestOf(value) !== digest(o.ifdne, 'ifdne')
  return true
}

/** How many conditions are given. */
export function conditionsIn(o: Conditions): number {
  return +(o.ifeq !== undefined) + +(o.ifne !== undefined) + +(o.ifdeq !== undefined) + +(o.ifdne !== undefined)
}

function digest(given: string, name: string): string {
  const digits = text(given, name)
  if (!/^[0-9a-f]{16}$/i.test(digits)) throw new ReplyError(digestLine)
  return digits.toLowerCase()
}
