import type { BitfieldOperation, BitOffset, BitOverflow } from '../api/bitmaps.ts'
import type { Integer, Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace, Text } from '../keyspace.ts'
import { type Field, fitted, type Octets, readField, type WritableOctets, writeField } from '../structures/bitfield.ts'
import { int64, parseInteger } from '../util/numbers.ts'
import { isAscii, toBytes } from '../util/text.ts'
import { integer, keyOf, record, wordOf } from './input.ts'
import * as shape from './shapes.ts'
import { MAX_LENGTH, stringOf } from './string-value.ts'

export const bitLines = {
  offset: 'ERR bit offset is not an integer or out of range',
  bit: 'ERR bit is not an integer or out of range',
  bitArgument: 'ERR The bit argument must be 1 or 0.',
  fieldType: 'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
  overflow: 'ERR Invalid OVERFLOW type specified',
  readOnly: 'ERR BITFIELD_RO only supports the GET subcommand',
  notOne: 'ERR BITOP NOT must be called with a single source key.',
} as const

/** One operation, read and checked. */
interface Step {
  readonly kind: 'get' | 'set' | 'incrby'
  readonly field: Field
  readonly at: number
  /** What is set or added. */
  readonly value: Integer
  readonly overflow: BitOverflow
  /** Any int64 can be answered, because a bigint was asked for. */
  readonly exact: boolean
}

const fields: ReadonlyMap<string, Field> = new Map(
  Array.from({ length: 64 }, (_, i) => i + 1).flatMap(width => {
    const signed: Field = { name: `i${width}`, signed: true, width }
    const unsigned: Field = { name: `u${width}`, signed: false, width }
    return (width < 64 ? [signed, unsigned] : [signed]).map(field => [field.name, field])
  }),
)

/** The type that is spelled; for Redis it ends at a NUL. */
export function fieldOf(type: string): Field {
  const field = fields.get(type) ?? fields.get(String(type).split('\0', 1)[0])
  if (field === undefined) throw new ReplyError(bitLines.fieldType)
  return field
}

/** A bit within 512 MB. */
export function bitOffset(given: Integer): number {
  const at = Number(integer(given, 'offset'))
  if (!(at >= 0 && at < MAX_LENGTH * 8)) throw new ReplyError(bitLines.offset)
  return at
}

/** A bit, or with `#` a number of fields, whose bits Redis counts with 64 bits that may wrap. */
export function fieldOffset(given: BitOffset | string, field: Field): number {
  if (typeof given !== 'string') return bitOffset(given)
  const counted = given.startsWith('#')
  const n = parseInteger(counted ? given.slice(1) : given)
  if (n === undefined) throw new ReplyError(bitLines.offset)
  return bitOffset(counted ? BigInt.asIntN(64, BigInt(n) * BigInt(field.width)) : n)
}

/** What may become of results that do not fit. */
export const policies: readonly BitOverflow[] = ['WRAP', 'SAT', 'FAIL']

/** The operation with all its parts, of which only the kind decides what they are. */
type Loose = { get?: string; set?: string; incrby?: string; offset: BitOffset } & {
  value?: Integer
  by?: Integer
  overflow?: string
  bigint?: boolean
}

/** Whether the result of an operation is to be a bigint. */
export function asksBigint(operation: BitfieldOperation): boolean {
  const { bigint, value, by } = operation as Loose
  return bigint === true || typeof value === 'bigint' || typeof by === 'bigint'
}

/** Reads one operation, in the order of its words. */
export function stepOf(operation: BitfieldOperation): Step {
  const o = record(operation, 'each operation') as Loose
  const kind = o.get !== undefined ? 'get' : o.set !== undefined ? 'set' : 'incrby'
  const type = o[kind]
  if (+(o.get !== undefined) + +(o.set !== undefined) + +(o.incrby !== undefined) !== 1 || typeof type !== 'string') {
    throw new TypeError('each operation must name the type of its field as one of get, set and incrby')
  }
  const overflow = o.overflow === undefined ? 'WRAP' : wordOf(o.overflow, policies, 'overflow')
  const field = fieldOf(type)
  const at = fieldOffset(o.offset, field)
  let value: Integer | undefined = 0
  if (kind !== 'get')
    value = int64(kind === 'set' ? integer(o.value as Integer, 'value') : integer(o.by as Integer, 'by'))
  if (value === undefined) throw new ReplyError(lines.notInteger)
  return { kind, field, at, value, overflow, exact: asksBigint(operation) }
}

function stepsOf(operations: readonly BitfieldOperation[]): Step[] {
  if (!Array.isArray(operations)) throw new TypeError('operations must be a list')
  return (operations as readonly BitfieldOperation[]).map(stepOf)
}

/** The bytes of a value to look at, without making an array of what is ASCII. */
function octetsOf(value: Text | undefined): Octets {
  if (typeof value === 'object') return value
  const text = value === undefined ? '' : String(value)
  if (isAscii(text)) return { at: i => (i < text.length ? text.charCodeAt(i) : 0) }
  const bytes = toBytes(text)
  return { at: i => (i < bytes.length ? bytes[i] : 0) }
}

/** Bytes that are changed for a trial. */
class Trial implements WritableOctets {
  private readonly under: Octets
  private readonly changed: Map<number, number>

  constructor(under: Octets) {
    this.under = under
    this.changed = new Map()
  }

  at(index: number): number {
    return this.changed.get(index) ?? this.under.at(index)
  }

  put(index: number, byte: number): void {
    this.changed.set(index, byte)
  }
}

/** Whether a step of the call under way has made a difference. */
let changed = false
/** Whether the value has become longer for it, which makes a difference once a step has not failed. */
let grown = false

/** Does one step. */
function take(to: WritableOctets, { kind, field, at, value, overflow }: Step): Integer | null {
  const old = readField(to, at, field)
  if (kind === 'get') return old
  const next = kind === 'set' ? fitted(field, value, 0, overflow) : fitted(field, old, value, overflow)
  if (next === undefined) return null
  if (next !== old) {
    writeField(to, at, field, next)
    changed = true
  } else if (grown) changed = true
  return kind === 'set' ? old : next
}

/** Only of fields this wide can a value be beyond 2^53. */
const WIDE = 54

/** Throws, before anything is written, when a step will answer what is no safe integer and was not asked for a bigint. */
function tryOut(value: Text | undefined, steps: readonly Step[]): void {
  if (!steps.some(step => step.field.width >= WIDE && !step.exact)) return
  const trial = new Trial(octetsOf(value))
  for (const step of steps) {
    const result = take(trial, step)
    if (typeof result === 'bigint' && !step.exact) {
      throw new RangeError(`the result ${result} is not a safe integer: pass a bigint to get a bigint`)
    }
  }
}

function readAll(value: Text | undefined, steps: readonly Step[]): Integer[] {
  const from = octetsOf(value)
  return steps.map(({ at, field }) => readField(from, at, field))
}

/** Runs the operations of BITFIELD. */
export function bitfield(ks: Keyspace, given: Key, operations: readonly BitfieldOperation[]): (Integer | null)[] {
  const key = keyOf(given)
  const steps = stepsOf(operations)
  let end = 0
  for (const { kind, at, field } of steps) if (kind !== 'get' && at + field.width > end) end = at + field.width
  if (end === 0) return readAll(stringOf(ks.lookup(key)), steps)
  const value = stringOf(ks.find(key))
  tryOut(value, steps)
  const bytes = ks.writeBytesFound(key, value, toBytes)
  const { length } = bytes
  bytes.extend(Math.ceil(end / 8))
  changed = false
  grown = bytes.length > length
  const results: (Integer | null)[] = []
  for (const step of steps) results.push(take(bytes, step))
  if (changed) ks.changedString(key, 'setbit')
  if ((changed || grown) && ks.logging) ks.effectList(effectOf(key, steps))
  return results
}

/** Runs the operations of BITFIELD_RO. */
export function bitfieldReadOnly(ks: Keyspace, key: Key, operations: readonly BitfieldOperation[]): Integer[] {
  const steps = stepsOf(operations)
  if (steps.some(step => step.kind !== 'get')) throw new ReplyError(bitLines.readOnly)
  return readAll(stringOf(ks.lookup(keyOf(key))), steps)
}

/** What writes, in the words of BITFIELD: it does the same again. */
function effectOf(key: string, steps: readonly Step[]): EffectArg[] {
  const argv: EffectArg[] = ['BITFIELD', key]
  let policy: BitOverflow = 'WRAP'
  for (const { kind, field, at, value, overflow } of steps) {
    if (kind === 'get') continue
    if (overflow !== policy) argv.push('OVERFLOW', (policy = overflow))
    argv.push(kind.toUpperCase(), field.name, at, value)
  }
  return argv
}

/** Each result as it was asked for. */
export function bitfieldResults(
  result: readonly (Integer | null)[],
  _out: unknown,
  args: readonly unknown[],
): (Integer | null)[] {
  const operations = args[1] as readonly BitfieldOperation[]
  return result.map((n, i) => (n === null ? null : asksBigint(operations[i]) ? BigInt(n) : shape.safe(n)))
}
