import type { HyperLogLogCommands } from '../api/hyper-log-logs.ts'
import type { Integer, Key, Value } from '../api/types.ts'
import { ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace, Text, Value as Stored } from '../keyspace.ts'
import type { Bytes } from '../structures/bytes.ts'
import {
  addElement,
  cacheCount,
  cachedCount,
  countOf,
  countRegisters,
  emptyHyperLogLog,
  isDense,
  isHyperLogLog,
  markStale,
  mergeInto,
  raiseAll,
  REGISTERS,
} from '../structures/hyper-log-log.ts'
import { toBytes, writeText } from '../util/text.ts'
import { keyOf, keyText, keyTexts, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'
import { bytesOf, stringOf } from './string-value.ts'

const notOne = 'WRONGTYPE Key is not a valid HyperLogLog string value.'
export const corrupted = 'INVALIDOBJ Corrupted HLL object detected'

interface Results {
  pfcount: Integer
}

/** The bytes of the HyperLogLog in a key, to be read at once; undefined when the key is absent. */
export function hyperLogLogOf(found: Stored | undefined): Uint8Array | undefined {
  const value: Text | undefined = stringOf(found)
  if (value === undefined) return undefined
  // Text that is none need not be made bytes to be refused.
  if (typeof value !== 'object' && !String(value).startsWith('HYLL')) throw new ReplyError(notOne)
  const bytes = bytesOf(value)
  if (!isHyperLogLog(bytes)) throw new ReplyError(notOne)
  return bytes
}

/** The HyperLogLog that `find` has just found in the key, for writing; an absent one is made, and is empty. */
function forWriting(ks: Keyspace, key: string, found: Stored | undefined): Bytes {
  const bytes = ks.writeBytesFound(key, found, toBytes)
  if (found === undefined) {
    bytes.assign(emptyHyperLogLog())
    // Redis too says of a new one that its count, 0, is out of date.
    markStale(bytes.view())
  }
  return bytes
}

/** Elements of up to so many characters are hashed here, and not in an array of their own. */
const SHORT = 1024
const scratch = new Uint8Array(3 * SHORT)

function add(bytes: Bytes, element: string | Uint8Array): 1 | 0 | -1 {
  if (typeof element !== 'string') return addElement(bytes, element, element.length)
  if (element.length <= SHORT) return addElement(bytes, scratch, writeText(element, scratch, 0))
  const own = toBytes(element)
  return addElement(bytes, own, own.length)
}

/** An element as text or bytes, whichever it is. Its bytes are hashed, so that text need not be canonical. */
function elementOf(value: Value): string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array ? value : text(value, 'elements')
}

/** A list of keys that may be empty. */
function sourcesOf(keys: readonly Key[]): string[] {
  return Array.isArray(keys) && keys.length === 0 ? [] : keyTexts(keys)
}

/** Where several are merged. */
const merged = new Uint8Array(REGISTERS)

/** Merges those in the keys; true when one of them is dense. */
function mergeAll(ks: Keyspace, keys: readonly string[]): boolean {
  let dense = false
  merged.fill(0)
  for (const key of keys) {
    const bytes = hyperLogLogOf(ks.lookup(key))
    if (bytes === undefined) continue
    if (isDense(bytes)) dense = true
    if (!mergeInto(merged, bytes)) throw new ReplyError(corrupted)
  }
  return dense
}

export const hyperLogLogs: Ops<HyperLogLogCommands, Results> = {
  pfadd(ks, given, elements) {
    const key = keyOf(given)
    if (!Array.isArray(elements)) throw new TypeError('elements must be a list')
    const list = elements as readonly Value[]
    // All are looked at before anything is written.
    for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'string') elementOf(list[i])
    const found = ks.find(key)
    hyperLogLogOf(found)
    const bytes = forWriting(ks, key, found)
    let changed = found === undefined
    let valid = true
    let effect: EffectArg[] | null = null
    for (let i = 0; i < list.length && valid; i++) {
      const element = elementOf(list[i])
      const result = add(bytes, element)
      valid = result >= 0
      if (result <= 0) continue
      changed = true
      // Only what changes something need be done again.
      if (ks.logging) (effect ??= ['PFADD', key]).push(typeof element === 'string' ? element : element.slice())
    }
    if (changed) {
      ks.changedString(key, 'pfadd')
      if (ks.logging) ks.effectList(effect ?? ['PFADD', key])
    }
    // As in Redis, which finds it out when it comes to the register: what was added before that stays.
    if (!valid) throw new ReplyError(corrupted)
    return changed
  },
  pfcount(ks, keys) {
    const names = keyTexts(keys)
    if (names.length > 1) {
      mergeAll(ks, names)
      return countRegisters(merged)
    }
    const key = names[0]
    const bytes = hyperLogLogOf(ks.lookup(key))
    if (bytes === undefined) return 0
    const cached = cachedCount(bytes)
    if (cached !== undefined) return cached
    const count = countOf(bytes)
    if (count === undefined) throw new ReplyError(corrupted)
    // The bytes change, and GET shows it, but it is no event and no reason to refuse an answer.
    if (ks.databases.refusal === null) {
      cacheCount(ks.writeBytes(key, toBytes).view(), count)
      if (ks.logging) ks.effect('PFCOUNT', key)
    }
    return count
  },
  pfmerge(ks, to, keys) {
    const destination = keyText(to)
    const sources = sourcesOf(keys)
    const dense = mergeAll(ks, [destination].concat(sources))
    raiseAll(forWriting(ks, destination, ks.find(destination)), merged, dense)
    ks.changedString(destination, 'pfadd')
    if (ks.logging) ks.effectList(['PFMERGE', destination].concat(sources))
    return 'OK'
  },
}

export const hyperLogLogShapes: Shapes<HyperLogLogCommands, HyperLogLogCommands, typeof hyperLogLogs> = {
  pfcount: shape.safe,
}

export const hyperLogLogRest: Rest<HyperLogLogCommands> = { pfadd: 1, pfcount: 0, pfmerge: 1 }
