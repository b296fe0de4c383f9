import { byteLength, writeText } from '../util/text.ts'
import type { ByteWriter } from './bytes.ts'
import { ENCODED, LENGTH, TYPE, WRITTEN } from './constants.ts'
import { writeStream } from './streams.ts'
import type { RdbValue } from './value.ts'

/** What a string can be given as: text, a safe integer, or bytes. */
export type Scalar = string | number | Uint8Array

/** What the callback of a collection pushes its elements into: as many as were announced. */
export interface Elements {
  /** An element of a list or a set. */
  one(value: Scalar): void
  /** A field of a hash and its value. */
  pair(field: Scalar, value: Scalar): void
  /** A field of a hash whose fields expire, its value, and when it does, 0 for never. */
  timed(field: Scalar, value: Scalar, time: number): void
  /** A member of a sorted set and its score. */
  scored(member: Scalar, score: number): void
}

/** The type byte of a value. */
export function typeByte(value: RdbValue): number {
  return value.type === 'hash' && value.times !== undefined ? TYPE.hashTtl : WRITTEN[value.type]
}

/** The earliest of the times, of which 0 stands for none. */
export function earliestOf(times: readonly number[]): number {
  let least = Infinity
  for (const time of times) if (time !== 0 && time < least) least = time
  return least
}

/**
 * Writes values in the encodings that every loader from Redis 2.6 to Valkey 9 knows. Used for files and for DUMP
 * payloads.
 */
export class ValueWriter implements Elements {
  readonly out: ByteWriter
  private pushed: number
  private earliest: number

  constructor(out: ByteWriter) {
    this.out = out
    this.pushed = 0
    this.earliest = 0
  }

  length(length: number): void {
    const { out } = this
    out.room(9)
    if (length < 0x40) out.bytes[out.at++] = length
    else if (length < 0x4000) {
      out.bytes[out.at++] = LENGTH.fourteen | (length >> 8)
      out.bytes[out.at++] = length
    } else if (length < 2 ** 32) {
      out.bytes[out.at++] = LENGTH.thirtyTwo
      out.u32be(length)
    } else {
      out.bytes[out.at++] = LENGTH.sixtyFour
      out.u64be(length)
    }
  }

  scalar(value: Scalar): void {
    if (typeof value === 'string') this.text(value)
    else if (typeof value === 'number') this.integer(value)
    else {
      this.length(value.length)
      this.out.raw(value)
    }
  }

  text(text: string): void {
    const { length } = text
    const { out } = this
    if (length <= 11 && length > 0) {
      const value = smallInteger(text, length)
      if (value !== undefined) {
        this.integer(value)
        return
      }
    }
    if (length < 0x40) {
      // Most text is short ASCII: written at once behind a length of one byte, again the long way when it is not.
      out.room(0x40)
      const { bytes } = out
      let at = out.at
      bytes[at++] = length
      let all = 0
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i)
        all |= unit
        bytes[at++] = unit
      }
      if (all < 0x80) {
        out.at = at
        return
      }
    }
    const size = byteLength(text)
    this.length(size)
    out.room(size)
    out.at = writeText(text, out.bytes, out.at)
  }

  /** In one, two or four bytes when it fits, as Redis does, else as digits. */
  private integer(value: number): void {
    const { out } = this
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`)
    out.room(5)
    if (value >= -0x80 && value <= 0x7f) {
      out.bytes[out.at++] = ENCODED.int8
      out.bytes[out.at++] = value
    } else if (value >= -0x8000 && value <= 0x7fff) {
      out.bytes[out.at++] = ENCODED.int16
      out.u16le(value)
    } else if (value >= -0x80000000 && value <= 0x7fffffff) {
      out.bytes[out.at++] = ENCODED.int32
      out.u32le(value)
    } else {
      const digits = String(value)
      this.length(digits.length)
      out.text(digits)
    }
  }

  one(value: Scalar): void {
    this.pushed++
    this.scalar(value)
  }

  pair(field: Scalar, value: Scalar): void {
    this.pushed++
    this.scalar(field)
    this.scalar(value)
  }

  timed(field: Scalar, value: Scalar, time: number): void {
    this.pushed++
    this.length(time === 0 ? 0 : time - this.earliest + 1)
    this.scalar(field)
    this.scalar(value)
  }

  scored(member: Scalar, score: number): void {
    if (Number.isNaN(score)) throw new RangeError('a score is not a number')
    this.pushed++
    this.scalar(member)
    this.out.f64le(score)
  }

  /** The number of elements and then what `push` pushes, which must be that many. */
  collection(count: number, push: (elements: Elements) => void): void {
    if (count === 0) throw new RangeError('an empty collection has no RDB form')
    this.length(count)
    this.pushed = 0
    push(this)
    if (this.pushed !== count) throw new RangeError(`${count} elements announced, ${this.pushed} pushed`)
  }

  /** A hash whose fields expire, the first of them at `earliest`: `collection` with times. */
  timedHash(count: number, earliest: number, push: (elements: Elements) => void): void {
    this.out.i64le(earliest)
    this.earliest = earliest
    this.collection(count, push)
  }

  /** A value without its type. */
  value(value: RdbValue): void {
    switch (value.type) {
      case 'string':
        this.scalar(value.value)
        break
      case 'list':
        this.collection(value.values.length, to => {
          for (const element of value.values) to.one(element)
        })
        break
      case 'set':
        this.collection(value.members.length, to => {
          for (const member of value.members) to.one(member)
        })
        break
      case 'hash': {
        const { pairs, times } = value
        if (times !== undefined) {
          this.timedHash(times.length, earliestOf(times), to => {
            for (let i = 0; i < times.length; i++) to.timed(pairs[2 * i], pairs[2 * i + 1], times[i])
          })
          break
        }
        this.collection(pairs.length / 2, to => {
          for (let i = 0; i < pairs.length; i += 2) to.pair(pairs[i], pairs[i + 1])
        })
        break
      }
      case 'zset':
        this.collection(value.pairs.length / 2, to => {
          for (let i = 0; i < value.pairs.length; i += 2) to.scored(value.pairs[i], value.pairs[i + 1] as number)
        })
        break
      case 'stream':
        writeStream(this, value.stream)
    }
  }
}

/** The integer that `text` is the one and only spelling of, when it fits 32 bits. */
function smallInteger(text: string, length: number): number | undefined {
  let i = 0
  let unit = text.charCodeAt(0)
  const negative = unit === 0x2d
  if (negative) {
    if (length === 1) return undefined
    unit = text.charCodeAt(++i)
  }
  // No leading zero, and no minus zero.
  if (unit < 0x31 || unit > 0x39) return unit === 0x30 && length === 1 ? 0 : undefined
  let value = unit - 0x30
  while (++i < length) {
    unit = text.charCodeAt(i)
    if (unit < 0x30 || unit > 0x39) return undefined
    value = value * 10 + unit - 0x30
  }
  if (negative) value = -value
  return value >= -0x80000000 && value <= 0x7fffffff ? value : undefined
}
