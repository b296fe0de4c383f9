import { lzfDecompress, lzfMostFrom } from '../util/lzf.ts'
import { fromBytes } from '../util/text.ts'
import { ByteReader, shortAscii } from './bytes.ts'
import { UnsupportedError } from './corruption.ts'
import { ENCODED, LENGTH, NODE, SCORE, TYPE } from './constants.ts'
import { readIntset, readListpack, readZiplist, readZipmap } from './packed.ts'
import { readStream } from './streams.ts'
import type { RdbValue } from './value.ts'

/** No string of Redis is longer: proto-max-bulk-len. */
const LONGEST = 512 * 1024 * 1024
/** What the longest JavaScript string holds. */
const LONGEST_TEXT = 2 ** 29 - 24

/** Text that carries bytes which are no UTF-8. */
const carriesBytes = /[\udc80-\udcff]/u

/** Reads values: lengths, strings in all their encodings, and what the types are made of. */
export class ValueReader {
  readonly bytes: ByteReader
  /** True when Valkey has written it, which numbers its newer types by itself. */
  valkey: boolean
  /** Length of the whole file. A count that the rest of the file cannot hold is refused before anything is made of it. */
  private readonly size: number

  constructor(bytes: ByteReader, size: number = bytes.end) {
    this.bytes = bytes
    this.size = size
    this.valkey = false
  }

  fail(what: string): never {
    this.bytes.fail(what)
  }

  /** Bytes of the file from here on, in the window or not. */
  private get left(): number {
    return this.size - this.bytes.offset
  }

  length(): number {
    return this.lengthFrom(this.bytes.u8())
  }

  private lengthFrom(lead: number): number {
    if (lead < 0x40) return lead
    if (lead < 0x80) return ((lead & 0x3f) << 8) | this.bytes.u8()
    if (lead === 0x80) return this.bytes.u32be()
    if (lead === 0x81) return this.bytes.u64be()
    return this.fail('a length was expected')
  }

  /** A length as the unsigned 64-bit integer that it is, exact. */
  unsigned(): number | bigint {
    const lead = this.bytes.u8()
    return lead === LENGTH.sixtyFour ? this.bytes.u64beExact() : this.lengthFrom(lead)
  }

  /** Refuses a count of things, each of `least` bytes or more, that the rest of the file cannot hold. */
  mustHold(count: number, least: number): void {
    if (count * least > this.left) this.fail(`${count} elements cannot be in ${this.left} bytes`)
  }

  /** How many elements follow, each of `least` bytes or more. Never none: Redis keeps no empty collections. */
  count(least: number): number {
    const count = this.length()
    if (count === 0) this.fail('an empty collection')
    this.mustHold(count, least)
    return count
  }

  /** The length of a string, known to be in the file. */
  private stringLength(lead: number): number {
    const length = this.lengthFrom(lead)
    if (length > LONGEST || length > this.left) this.fail(`a string of ${length} bytes cannot be in ${this.left}`)
    return length
  }

  /** A string as text: keys, elements, fields. */
  text(): string {
    const { bytes } = this
    const lead = bytes.u8()
    if (lead < 0x40) return bytes.text(lead)
    if (lead < 0xc0) {
      const length = this.stringLength(lead)
      if (length > LONGEST_TEXT) this.fail('an element is too long')
      return bytes.text(length)
    }
    if (lead !== ENCODED.lzf) return String(this.integer(lead))
    const whole = this.lzf()
    if (whole.length > LONGEST_TEXT) this.fail('an element is too long')
    return fromBytes(whole)
  }

  /** The value of a key: an integer when it is stored as one, bytes when they are no text. */
  scalar(): string | number | Uint8Array {
    const { bytes } = this
    const lead = bytes.u8()
    if (lead >= 0xc0) return lead === ENCODED.lzf ? scalarOf(this.lzf()) : this.integer(lead)
    const length = lead < 0x40 ? lead : this.stringLength(lead)
    bytes.need(length)
    const short = shortAscii(bytes.bytes, bytes.at, length)
    if (short === undefined) return scalarOf(bytes.slice(length))
    bytes.at += length
    return short
  }

  /** A string that holds a container; `read` gets a reader that ends with it. */
  packed(read: (from: ByteReader, into: string[]) => void, into: string[]): void {
    const { bytes } = this
    const lead = bytes.u8()
    if (lead >= 0xc0) {
      if (lead !== ENCODED.lzf) this.fail('an integer where a container should be')
      // Offsets inside compressed bytes mean little: errors name the place of the string.
      const { offset } = bytes
      const inner = new ByteReader(this.lzf(), bytes.file)
      inner.base = offset
      read(inner, into)
      return
    }
    const length = this.stringLength(lead)
    bytes.need(length)
    const { end, final } = bytes
    bytes.end = bytes.at + length
    bytes.final = true
    read(bytes, into)
    if (bytes.at !== bytes.end) this.fail('a container ends before its string')
    bytes.end = end
    bytes.final = final
  }

  private integer(lead: number): number {
    if (lead === ENCODED.int8) return this.bytes.i8()
    if (lead === ENCODED.int16) return this.bytes.i16le()
    if (lead === ENCODED.int32) return this.bytes.i32le()
    return this.fail('unknown string encoding')
  }

  private lzf(): Uint8Array {
    const compressed = this.stringLength(this.bytes.u8())
    const length = this.length()
    if (length === 0 || length > LONGEST || length > lzfMostFrom(compressed)) {
      this.fail(`${compressed} compressed bytes cannot be ${length}`)
    }
    this.bytes.need(compressed)
    const { bytes, at } = this.bytes
    const whole = new Uint8Array(length)
    if (!lzfDecompress(bytes, at, at + compressed, whole)) this.fail('broken compression')
    this.bytes.at += compressed
    return whole
  }

  /** A score in binary. */
  score(): number {
    const score = this.bytes.f64le()
    if (Number.isNaN(score)) this.fail('a score is not a number')
    return score
  }

  /** A score as text behind a length, as up to Redis 4. */
  textScore(): number {
    const length = this.bytes.u8()
    if (length === SCORE.plusInfinity) return Number.POSITIVE_INFINITY
    if (length === SCORE.minusInfinity) return Number.NEGATIVE_INFINITY
    if (length === SCORE.nan) this.fail('a score is not a number')
    return this.parseScore(this.bytes.text(length))
  }

  parseScore(text: string): number {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
    if (/^[+-]?inf(inity)?$/i.test(text)) return text[0] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    return this.fail('a score is not a number')
  }

  /** Every `step`th of the values differs from the others. */
  distinct(values: readonly unknown[], step: number): void {
    if (!areDistinct(values, step)) this.fail('a member occurs twice')
  }
}

/** Bytes up to here are kept as text in any case: an array would take more memory. Redis keeps them in one piece, too. */
const SHORT_BYTES = 44

/** Text if the bytes are UTF-8 or few, else the bytes, copied out of the window. */
function scalarOf(bytes: Uint8Array): string | Uint8Array {
  if (bytes.length > LONGEST_TEXT) return new Uint8Array(bytes)
  const text = fromBytes(bytes)
  return bytes.length > SHORT_BYTES && carriesBytes.test(text) ? new Uint8Array(bytes) : text
}

// V8's Set refuses more than 2^24 values.
const MOST_IN_A_SET = 2 ** 23

function areDistinct(values: readonly unknown[], step: number): boolean {
  if (values.length <= 8 * step) {
    for (let i = step; i < values.length; i += step) {
      for (let k = 0; k < i; k += step) if (values[i] === values[k]) return false
    }
    return true
  }
  const sets: Set<unknown>[] = []
  let last = new Set<unknown>()
  for (let i = 0; i < values.length; i += step) {
    if (last.size === MOST_IN_A_SET) {
      sets.push(last)
      last = new Set()
    }
    const { size } = last
    if (last.add(values[i]).size === size) return false
    for (const set of sets) if (set.has(values[i])) return false
  }
  return true
}

type Read = (from: ValueReader) => RdbValue

function hashOf(from: ValueReader, pairs: string[]): RdbValue {
  if (pairs.length === 0 || pairs.length % 2 !== 0) from.fail('a hash is not made of pairs')
  from.distinct(pairs, 2)
  return { type: 'hash', pairs }
}

/** A hash and the time of each field; without times when no field has one. */
function timedHashOf(from: ValueReader, pairs: string[], times: number[]): RdbValue {
  const hash = hashOf(from, pairs)
  return times.some(time => time !== 0) ? ({ ...hash, times } as RdbValue) : hash
}

/** The time of a field: later than 1970, and a safe integer. */
function fieldTime(from: ValueReader, time: number): number {
  if (!(time > 0)) from.fail('a field expires before all time')
  return Math.min(time, Number.MAX_SAFE_INTEGER)
}

function zsetOf(from: ValueReader, texts: string[]): RdbValue {
  if (texts.length === 0 || texts.length % 2 !== 0) from.fail('a sorted set is not made of pairs')
  const pairs: (string | number)[] = texts
  for (let i = 1; i < pairs.length; i += 2) pairs[i] = from.parseScore(texts[i])
  from.distinct(pairs, 2)
  return { type: 'zset', pairs }
}

function setOf(from: ValueReader, members: string[]): RdbValue {
  if (members.length === 0) from.fail('an empty set')
  from.distinct(members, 1)
  return { type: 'set', members }
}

function listOf(from: ValueReader, values: string[]): RdbValue {
  if (values.length === 0) from.fail('an empty list')
  return { type: 'list', values }
}

function texts(from: ValueReader, count: number): string[] {
  const all: string[] = []
  for (let i = 0; i < count; i++) all.push(from.text())
  return all
}

function packed(from: ValueReader, read: (from: ByteReader, into: string[]) => void): string[] {
  const all: string[] = []
  from.packed(read, all)
  return all
}

function scoredBy(score: (from: ValueReader) => number, least: number): Read {
  return from => {
    const count = from.count(least)
    const pairs: (string | number)[] = []
    for (let i = 0; i < count; i++) pairs.push(from.text(), score(from))
    from.distinct(pairs, 2)
    return { type: 'zset', pairs }
  }
}

/** How a value of each type is read. A type of a later version is one more line. */
const readers: { readonly [type: number]: Read | undefined } = {
  [TYPE.string]: from => ({ type: 'string', value: from.scalar() }),
  [TYPE.list]: from => listOf(from, texts(from, from.count(1))),
  [TYPE.set]: from => setOf(from, texts(from, from.count(1))),
  [TYPE.zsetText]: scoredBy(from => from.textScore(), 2),
  [TYPE.zset]: scoredBy(from => from.score(), 9),
  [TYPE.hash]: from => hashOf(from, texts(from, from.count(2) * 2)),
  [TYPE.hashTtl]: from => {
    const earliest = Number(from.bytes.i64le())
    const pairs: string[] = []
    const times: number[] = []
    for (let count = from.count(3); count > 0; count--) {
      const after = from.length()
      times.push(after === 0 ? 0 : fieldTime(from, earliest + after - 1))
      pairs.push(from.text(), from.text())
    }
    return timedHashOf(from, pairs, times)
  },
  [TYPE.hashTtlListpack]: from => {
    // The earliest of the times.
    from.bytes.i64le()
    const texts = packed(from, readListpack)
    if (texts.length % 3 !== 0) from.fail('a hash is not made of triples')
    const pairs: string[] = []
    const times: number[] = []
    for (let i = 0; i < texts.length; i += 3) {
      if (!/^\d{1,19}$/.test(texts[i + 2])) from.fail('the time of a field is not a number')
      const time = Number(texts[i + 2])
      times.push(time === 0 ? 0 : fieldTime(from, time))
      pairs.push(texts[i], texts[i + 1])
    }
    return timedHashOf(from, pairs, times)
  },
  [TYPE.valkeyHashTtl]: from => {
    if (!from.valkey) from.fail(`unknown type ${TYPE.valkeyHashTtl}`)
    const pairs: string[] = []
    const times: number[] = []
    for (let count = from.count(10); count > 0; count--) {
      pairs.push(from.text(), from.text())
      const time = Number(from.bytes.i64le())
      times.push(time === -1 ? 0 : fieldTime(from, time))
    }
    return timedHashOf(from, pairs, times)
  },
  [TYPE.zipmap]: from => hashOf(from, packed(from, readZipmap)),
  [TYPE.listZiplist]: from => listOf(from, packed(from, readZiplist)),
  [TYPE.intset]: from => setOf(from, packed(from, readIntset)),
  [TYPE.zsetZiplist]: from => zsetOf(from, packed(from, readZiplist)),
  [TYPE.hashZiplist]: from => hashOf(from, packed(from, readZiplist)),
  [TYPE.hashListpack]: from => hashOf(from, packed(from, readListpack)),
  [TYPE.zsetListpack]: from => zsetOf(from, packed(from, readListpack)),
  [TYPE.setListpack]: from => setOf(from, packed(from, readListpack)),
  [TYPE.quicklist]: from => {
    const values: string[] = []
    for (let nodes = from.count(1); nodes > 0; nodes--) from.packed(readZiplist, values)
    return listOf(from, values)
  },
  [TYPE.quicklist2]: from => {
    const values: string[] = []
    for (let nodes = from.count(2); nodes > 0; nodes--) {
      const kind = from.length()
      if (kind === NODE.plain) values.push(from.text())
      else if (kind === NODE.packed) from.packed(readListpack, values)
      else from.fail('unknown kind of list node')
    }
    return listOf(from, values)
  },
  [TYPE.stream]: streamOf(TYPE.stream),
  [TYPE.stream2]: streamOf(TYPE.stream2),
  [TYPE.stream3]: streamOf(TYPE.stream3),
}

function streamOf(type: number): Read {
  return from => ({ type: 'stream', stream: readStream(from, type) })
}

const unsupported: { readonly [type: number]: string | undefined } = {
  [TYPE.module]: 'a value of a module',
  [TYPE.module2]: 'a value of a module',
}

export function readValue(from: ValueReader, type: number): RdbValue {
  const read = readers[type]
  if (read !== undefined) return read(from)
  const { bytes } = from
  const what = unsupported[type]
  if (what !== undefined) throw new UnsupportedError(what, { file: bytes.file, offset: bytes.offset - 1 })
  return from.fail(`unknown type ${type}`)
}
