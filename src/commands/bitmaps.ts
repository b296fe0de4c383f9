import type { BitmapCommands, BitOperation, BitUnit } from '../api/bitmaps.ts'
import type { Integer } from '../api/types.ts'
import { ReplyError } from '../errors.ts'
import type { Keyspace, Text } from '../keyspace.ts'
import { Bytes } from '../structures/bytes.ts'
import { countBits, findBit, fold, invert, onlyOnce } from '../structures/bitmap.ts'
import { sliceText, toBytes, writeText } from '../util/text.ts'
import { bitfield, bitfieldReadOnly, bitfieldResults, bitLines, bitOffset } from './bitfield.ts'
import { index, keyOf, keyText, keyTexts, wordOf } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import { bytesOf, stringOf } from './string-value.ts'

/** The byte of a value that holds the bit; 0 behind the end. */
function byteAt(value: Text, at: number): number {
  if (typeof value === 'object') return value.at(at)
  // A byte alone is ASCII or an escape, which carries it in its low bits.
  const byte = sliceText(String(value), at, at + 1)
  return byte === '' ? 0 : byte.charCodeAt(0) & 0xff
}

/** Text of up to so many characters is looked at here, and not in an array of its own. */
const SHORT = 1024
const scratch = new Uint8Array(3 * SHORT)

/** The bytes of a value, to be read at once. */
function peek(value: Text): Uint8Array {
  if (typeof value === 'object') return value.view()
  const text = String(value)
  return text.length > SHORT ? toBytes(text) : scratch.subarray(0, writeText(text, scratch, 0))
}

export const bitUnits: readonly BitUnit[] = ['BYTE', 'BIT']

function isBits(unit: BitUnit | undefined): boolean {
  return unit !== undefined && wordOf(unit, bitUnits, 'unit') === 'BIT'
}

/** A range as the bits from `from` up to but not including `to`; negative ends count from `length`, in its unit. */
function bitRange(start: number, end: number, bits: boolean, length: number): { from: number; to: number } {
  const total = bits ? length * 8 : length
  const first = Math.max(0, start < 0 ? start + total : start)
  const last = Math.min(total - 1, Math.max(0, end < 0 ? end + total : end))
  if (first > last) return { from: 0, to: 0 }
  return bits ? { from: first, to: last + 1 } : { from: first * 8, to: (last + 1) * 8 }
}

const fewSources = (operation: string): string => `ERR BITOP ${operation} must be called with at least two source keys.`
export const bitOperations: readonly BitOperation[] = ['AND', 'OR', 'XOR', 'NOT', 'DIFF', 'DIFF1', 'ANDOR', 'ONE']
/** Those that set the first source against all others. */
const firstAgainstRest: ReadonlySet<string> = new Set(['DIFF', 'DIFF1', 'ANDOR'])
/** Those that only Redis 8.2 knows. */
const late: ReadonlySet<string> = new Set(['DIFF', 'DIFF1', 'ANDOR', 'ONE'])

/** The bits of several strings, combined in an array of the length of the longest. */
function combine(operation: BitOperation, sources: readonly Uint8Array[], length: number): Uint8Array {
  if (operation === 'ONE') return onlyOnce(sources, length)
  const result = new Uint8Array(length)
  // What begins with the first source, and what begins with the others, joined by or.
  const [first, ...others] = sources
  if (operation === 'DIFF1' || operation === 'ANDOR') {
    for (const source of others) fold('or', result, source)
    fold(operation === 'ANDOR' ? 'and' : 'andNot', result, first)
    return result
  }
  result.set(first)
  if (operation === 'NOT') invert(result)
  else {
    const kind = operation === 'DIFF' ? 'andNot' : (operation.toLowerCase() as 'and' | 'or' | 'xor')
    for (const source of others) fold(kind, result, source)
  }
  return result
}

/** `bitfield` answers lossless integers, which its shape makes what was asked for. */
interface Results {
  bitfield: readonly (Integer | null)[]
  bitfield_ro: readonly (Integer | null)[]
}

export const bitmaps: Ops<BitmapCommands, Results> = {
  setbit(ks, given, offset, bit) {
    const key = keyOf(given)
    const at = bitOffset(offset)
    const on = index(bit, 'bit')
    if (on !== 0 && on !== 1) throw new ReplyError(bitLines.bit)
    const bytes = ks.writeBytes(key, toBytes)
    const byte = at < 2 ** 31 ? at >> 3 : Math.floor(at / 8)
    const grows = byte >= bytes.length
    if (grows) bytes.extend(byte + 1)
    const mask = 0x80 >> (at & 7)
    const old = bytes.at(byte)
    const was = (old & mask) === 0 ? 0 : 1
    if (was !== on) bytes.put(byte, old ^ mask)
    else if (!grows) return was
    ks.changedString(key, 'setbit')
    if (ks.logging) ks.effect('SETBIT', key, at, on)
    return was
  },
  getbit(ks, key, offset) {
    const at = bitOffset(offset)
    const value = stringOf(ks.lookup(keyOf(key)))
    if (value === undefined) return 0
    return (byteAt(value, Math.floor(at / 8)) >> (7 - (at & 7))) & 1
  },
  bitcount(ks, key, start, end, unit) {
    if (start === undefined && end === undefined) {
      const value = stringOf(ks.lookup(keyOf(key)))
      if (value === undefined) return 0
      const bytes = peek(value)
      return countBits(bytes, 0, bytes.length * 8)
    }
    const first = index(start as Integer, 'start')
    const last = index(end as Integer, 'end')
    const bits = isBits(unit)
    const value = stringOf(ks.lookup(keyOf(key)))
    // Two ends that count from the last and are the wrong way round must not meet at 0. As given: doubles may be equal.
    if (value === undefined || (last < 0 && first < 0 && (start as Integer) > (end as Integer))) return 0
    const bytes = peek(value)
    const { from, to } = bitRange(first, last, bits, bytes.length)
    return countBits(bytes, from, to)
  },
  bitpos(ks, key, wanted, start, end, unit) {
    const bit = index(wanted, 'bit')
    if (bit !== 0 && bit !== 1) throw new ReplyError(bitLines.bitArgument)
    const first = start === undefined ? 0 : index(start, 'start')
    const bits = isBits(unit)
    const last = end === undefined ? Infinity : index(end, 'end')
    const value = stringOf(ks.lookup(keyOf(key)))
    // An absent key is zeros without end.
    if (value === undefined) return bit === 1 ? -1 : 0
    const bytes = peek(value)
    const { from, to } = bitRange(first, last, bits, bytes.length)
    if (from === to) return -1
    const found = findBit(bytes, bit, from, to)
    return found < 0 && bit === 0 && end === undefined ? bytes.length * 8 : found
  },
  bitop(ks, given, to, keys) {
    const operation = wordOf(given, bitOperations, 'operation')
    const destination = keyText(to)
    const names = keyTexts(keys)
    if (operation === 'NOT' && names.length !== 1) throw new ReplyError(bitLines.notOne)
    if (firstAgainstRest.has(operation) && names.length < 2) throw new ReplyError(fewSources(operation))
    const sources = names.map(name => {
      const value = stringOf(ks.lookup(name))
      return value === undefined ? empty : bytesOf(value)
    })
    const length = sources.reduce((longest, source) => Math.max(longest, source.length), 0)
    if (length === 0) {
      if (ks.remove(destination) && ks.logging) ks.effect('DEL', destination)
      return 0
    }
    const result = ks.bytes(combine(operation, sources, length))
    ks.put(destination, result, 'set')
    if (ks.logging) logBitop(ks, operation, destination, names, result)
    return length
  },
  bitfield,
  bitfield_ro: bitfieldReadOnly,
}

const empty = new Uint8Array(0)

/** In words that every Redis can read. */
function logBitop(ks: Keyspace, operation: string, destination: string, names: string[], result: Bytes): void {
  if (late.has(operation)) ks.effect('SET', destination, result.copy())
  else ks.effectList(['BITOP', operation, destination].concat(names))
}

export const bitmapShapes: Shapes<BitmapCommands, BitmapCommands, typeof bitmaps> = {
  bitfield: bitfieldResults,
  bitfield_ro: bitfieldResults,
}

export const bitmapRest: Rest<BitmapCommands> = { bitop: 2 }
