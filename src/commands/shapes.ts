import type { Scored, TextMap } from '../api/types.ts'
import type { Text } from '../keyspace.ts'
import type { Out } from './op.ts'

/** Text or nothing. */
export function text(result: Text | null, out: Out): string | null {
  if (result === null) return null
  return typeof result === 'string' ? out.text(result) : out.stored(result)
}

/** A list of texts. */
export function texts(result: readonly string[], out: Out): string[] {
  const list = new Array<string>(result.length)
  for (let i = 0; i < list.length; i++) list[i] = out.text(result[i])
  return list
}

/** Text or nothing, or a list of texts, as the result is. */
export function textOrTexts(result: string | null | readonly string[], out: Out): string | null | string[] {
  return result === null || typeof result === 'string' ? text(result, out) : texts(result, out)
}

/** A list of texts or nothing. */
export function nullableTexts(result: readonly (Text | null)[], out: Out): (string | null)[] {
  const list = new Array<string | null>(result.length)
  for (let i = 0; i < list.length; i++) list[i] = text(result[i], out)
  return list
}

/** The most fields of what is taken for a record, whose field names others share. */
const RECORD = 16

/** Flat pairs as an object without a prototype. */
export function record(result: readonly string[], out: Out): TextMap {
  // Bytes cannot name a property: the contract says pairs where text comes out as bytes.
  if (out.bytes) return pairs(result, out) as unknown as TextMap
  // An object that begins without properties and loses its prototype keeps the engine's hidden classes, one that is created
  // without a prototype is a dictionary: half as fast to fill, but the better one for many names.
  const object: TextMap = result.length <= RECORD * 2 ? Object.setPrototypeOf({}, null) : Object.create(null)
  for (let i = 0; i < result.length; i += 2) object[result[i]] = out.text(result[i + 1])
  return object
}

/** Flat pairs as a list of pairs, in order. */
export function pairs(result: readonly string[], out: Out): [string, string][] {
  const list: [string, string][] = []
  for (let i = 0; i < result.length; i += 2) list.push([out.text(result[i]), out.text(result[i + 1])])
  return list
}

/** Flat members and scores as `{ member, score }`. */
export function scored(result: readonly (string | number)[], out: Out): Scored[] {
  const list: Scored[] = []
  for (let i = 0; i < result.length; i += 2) {
    list.push({ member: out.text(result[i] as string), score: result[i + 1] as number })
  }
  return list
}

/** An integer where the method answers a number. An op that writes has made sure of it before. */
export function safe(result: number | bigint): number {
  if (typeof result === 'bigint') throw new RangeError(`the result ${result} is not a safe integer`)
  return result
}
