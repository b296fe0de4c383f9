import { byteLength, fromBytes, writeText } from '../util/text.ts'
import { CorruptionError } from './corruption.ts'

/**
 * Bytes being written. Every number of bytes announced with `room` lies in one piece from `at` on; the caller writes
 * into `bytes` there and moves `at`. When the current piece is full, a *sliced* writer puts it aside and begins another,
 * so that nothing is ever copied to grow; a *contiguous* one doubles, so that what was written can still be changed.
 */
export class ByteWriter {
  bytes: Uint8Array
  at: number
  private view: DataView
  private readonly slice: number
  private readonly contiguous: boolean
  private full: Uint8Array[]
  private before: number

  /** `slice` is the size of a piece, or of the first piece of a contiguous writer. */
  constructor(slice: number = 1 << 16, contiguous: boolean = false) {
    this.slice = slice
    this.contiguous = contiguous
    this.bytes = new Uint8Array(slice)
    this.view = new DataView(this.bytes.buffer)
    this.at = 0
    this.full = []
    this.before = 0
  }

  /** Bytes written and not taken yet. */
  get length(): number {
    return this.before + this.at
  }

  /** Makes `bytes[at..at + count)` writable. */
  room(count: number): void {
    if (this.at + count > this.bytes.length) this.more(count)
  }

  private more(count: number): void {
    if (this.contiguous) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count))
      grown.set(this.bytes.subarray(0, this.at))
      this.use(grown)
      return
    }
    if (this.at > 0) {
      this.full.push(this.bytes.subarray(0, this.at))
      this.before += this.at
      this.at = 0
    }
    this.use(new Uint8Array(Math.max(this.slice, count)))
  }

  private use(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }

  /** Hands over what was written, in order. The arrays are the caller's own; the writer goes on empty. */
  take(): Uint8Array[] {
    const taken = this.full
    if (this.at > 0) {
      taken.push(this.bytes.subarray(0, this.at))
      // What is left of the piece may still be used, unless it is a scrap.
      const rest = this.bytes.subarray(this.at)
      if (this.contiguous || rest.length < 1024) this.use(new Uint8Array(this.slice))
      else {
        this.bytes = rest
        this.view = new DataView(rest.buffer, rest.byteOffset, rest.length)
      }
    }
    this.full = []
    this.before = 0
    this.at = 0
    return taken
  }

  u8(value: number): void {
    this.room(1)
    this.bytes[this.at++] = value
  }

  u16le(value: number): void {
    this.room(2)
    this.bytes[this.at] = value
    this.bytes[this.at + 1] = value >> 8
    this.at += 2
  }

  u32le(value: number): void {
    this.room(4)
    this.view.setUint32(this.at, value, true)
    this.at += 4
  }

  u32be(value: number): void {
    this.room(4)
    this.view.setUint32(this.at, value)
    this.at += 4
  }

  /** A non-negative safe integer as eight bytes, big-endian. */
  u64be(value: number): void {
    this.room(8)
    this.view.setUint32(this.at, Math.floor(value / 2 ** 32))
    this.view.setUint32(this.at + 4, value >>> 0)
    this.at += 8
  }

  /** An integer as eight bytes of two's complement, little-endian; 2^63 and beyond as the greatest int64. */
  i64le(value: number): void {
    this.room(8)
    const beyond = value >= 2 ** 63
    this.view.setUint32(this.at, beyond ? 0xffffffff : value >>> 0, true)
    this.view.setInt32(this.at + 4, beyond ? 0x7fffffff : Math.floor(value / 2 ** 32), true)
    this.at += 8
  }

  f64le(value: number): void {
    this.room(8)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  /** The bytes of `text` alone, without a length. */
  text(text: string): void {
    this.room(byteLength(text))
    this.at = writeText(text, this.bytes, this.at)
  }
}

/** Puts pieces together. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Thrown inside a decoder when its window ends before the item does; never seen outside. One object, no stack. */
export const UNDERFLOW: { readonly underflow: true } = { underflow: true }

// What fromCharCode is applied to, one array per length: a fresh one would cost as much as the string.
const SHORT = 40
const units: number[][] = []
const charOf = String.fromCharCode

/**
 * Bytes being read. Every method checks that the bytes are there and throws CorruptionError when they are not, or
 * UNDERFLOW while `final` is false and the caller can bring more.
 */
export class ByteReader {
  bytes: Uint8Array
  at: number
  end: number
  /** The offset of `bytes[0]` in the file, for errors. */
  base: number
  /** No bytes follow those in `bytes`. */
  final: boolean
  file: string | undefined
  private view: DataView | undefined

  constructor(bytes: Uint8Array, file?: string) {
    this.bytes = bytes
    this.view = undefined
    this.at = 0
    this.end = bytes.length
    this.base = 0
    this.final = true
    this.file = file
  }

  /** Goes on with other bytes, of which the first is at `base` in the file. */
  refill(bytes: Uint8Array, base: number, final: boolean): void {
    this.bytes = bytes
    this.view = undefined
    this.at = 0
    this.end = bytes.length
    this.base = base
    this.final = final
  }

  // Made when first needed: most windows hold no doubles.
  private viewed(): DataView {
    this.view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    return this.view
  }

  /** Offset in the file. */
  get offset(): number {
    return this.base + this.at
  }

  fail(what: string, offset: number = this.offset): never {
    throw new CorruptionError(what, { file: this.file, offset })
  }

  /** Makes sure that `count` bytes follow. */
  need(count: number): void {
    if (this.at + count > this.end) this.short(count)
  }

  private short(count: number): never {
    if (!this.final) throw UNDERFLOW
    this.fail(`${count} bytes expected, ${this.end - this.at} left`)
  }

  u8(): number {
    if (this.at >= this.end) this.short(1)
    return this.bytes[this.at++]
  }

  i8(): number {
    return (this.u8() << 24) >> 24
  }

  u16le(): number {
    this.need(2)
    const { bytes, at } = this
    this.at += 2
    return bytes[at] | (bytes[at + 1] << 8)
  }

  i16le(): number {
    return (this.u16le() << 16) >> 16
  }

  i24le(): number {
    this.need(3)
    const { bytes, at } = this
    this.at += 3
    return ((bytes[at] << 8) | (bytes[at + 1] << 16) | (bytes[at + 2] << 24)) >> 8
  }

  u32le(): number {
    return this.i32le() >>> 0
  }

  i32le(): number {
    this.need(4)
    const { bytes, at } = this
    this.at += 4
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
  }

  u32be(): number {
    this.need(4)
    const { bytes, at } = this
    this.at += 4
    return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
  }

  /** Eight bytes, little-endian: a number when it is a safe integer, else the exact bigint. */
  i64le(): number | bigint {
    this.need(8)
    const low = this.u32le()
    const value = this.i32le() * 2 ** 32 + low
    return Number.isSafeInteger(value) ? value : this.viewed().getBigInt64(this.at - 8, true)
  }

  /** Eight bytes, big-endian, unsigned; a number beyond 2^53 only approximately. */
  u64be(): number {
    this.need(8)
    const high = this.u32be()
    return high * 2 ** 32 + this.u32be()
  }

  /** As `u64be`, exact: a number when it is a safe integer, else a bigint. */
  u64beExact(): number | bigint {
    const value = this.u64be()
    return Number.isSafeInteger(value) ? value : this.viewed().getBigUint64(this.at - 8)
  }

  f64le(): number {
    this.need(8)
    this.at += 8
    return this.viewed().getFloat64(this.at - 8, true)
  }

  /** The next `count` bytes, not copied. */
  slice(count: number): Uint8Array {
    this.need(count)
    this.at += count
    return this.bytes.subarray(this.at - count, this.at)
  }

  /** The next `count` bytes as text. */
  text(count: number): string {
    const { bytes, at } = this
    if (at + count > this.end) this.short(count)
    this.at = at + count
    return shortAscii(bytes, at, count) ?? fromBytes(bytes, at, at + count)
  }
}

/** As `fromBytes`, faster for short ASCII. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return shortAscii(bytes, start, end - start) ?? fromBytes(bytes, start, end)
}

/** Text of at most `SHORT` bytes, all ASCII, in one call and one flat string: joining parts costs three times as much. */
export function shortAscii(bytes: Uint8Array, start: number, count: number): string | undefined {
  if (count > SHORT) return undefined
  let row = units[count]
  if (row === undefined) {
    for (let n = units.length; n <= SHORT; n++) units.push(new Array<number>(n).fill(0))
    row = units[count]
  }
  let all = 0
  for (let i = 0; i < count; i++) {
    const byte = bytes[start + i]
    all |= byte
    row[i] = byte
  }
  return all > 0x7f ? undefined : charOf.apply(null, row)
}
