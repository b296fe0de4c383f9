import type { Version } from './version.ts'

/**
 * The value of a string key that is worked on byte by byte: a growable byte array. Text stays a JavaScript string
 * until a command needs its bytes; bytes stay bytes until somebody asks for text.
 *
 * Invariant: `length <= buffer.length`, and the bytes from `length` on are zero.
 */
export class Bytes {
  readonly type = 'string'
  readonly stamp: number
  length: number
  /** What somebody has found out about the bytes, kept until they change by any other hand. */
  derived: object | null
  private buffer: Uint8Array

  /** Takes over `bytes`, which the caller must not use any more. */
  constructor(version: Version, bytes: Uint8Array) {
    this.stamp = version.epoch
    this.length = bytes.length
    this.derived = null
    this.buffer = bytes
  }

  get size(): number {
    return this.length
  }

  /** The bytes themselves, not a copy: to be read at once, or written to right after `extend`. */
  view(): Uint8Array {
    return this.buffer.length === this.length ? this.buffer : this.buffer.subarray(0, this.length)
  }

  /** A copy of the bytes. */
  copy(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  /** The byte at `index`, 0 past the end: without a view, which would be an object for each look. */
  at(index: number): number {
    return index < this.length ? this.buffer[index] : 0
  }

  /** Overwrites the byte at `index`, which must be there. */
  put(index: number, byte: number): void {
    this.buffer[index] = byte
    this.derived = null
  }

  /** Becomes these bytes, which the caller must not use any more. */
  assign(bytes: Uint8Array): void {
    this.derived = null
    this.buffer = bytes
    this.length = bytes.length
  }

  /** Makes the value at least `length` bytes long, filled with zeros; called before its view is written to. O(1) amortised. */
  extend(length: number): void {
    this.derived = null
    if (length <= this.length) return
    if (length > this.buffer.length) {
      const buffer = new Uint8Array(
        this.length === 0 ? length : Math.max(length, Math.min(this.length * 2, this.length * 1.25 + GROWTH)),
      )
      buffer.set(this.view())
      this.buffer = buffer
    }
    this.length = length
  }

  /** Overwrites the bytes from `offset` on, growing as needed. */
  write(offset: number, bytes: Uint8Array): void {
    this.extend(offset + bytes.length)
    this.buffer.set(bytes, offset)
  }

  fork(version: Version): Bytes {
    return new Bytes(version, this.copy())
  }
}

/**
 * A growing value doubles up to about this size and then grows by quarters: sds' steps of 1 MB would copy 100 MB that
 * come in pieces 50 times over. Zeros that nobody has touched take no memory in the operating systems that matter.
 */
const GROWTH = 1024 * 1024
