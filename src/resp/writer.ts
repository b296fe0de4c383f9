import { formatDouble } from '../util/numbers.ts'
import type { StoredText } from '../util/stored.ts'
import { byteLength, writeText } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'

/** Replies are written into buffers of this size, one behind the other: what was taken is a part of one. */
const START = 4096
const CR = 13
const LF = 10
const DOLLAR = 36
const PLUS = 43

const none: Uint8Array = new Uint8Array(0)

/** Writes replies as the bytes of RESP, one after the other, into a buffer that grows. */
export class RespWriter implements ReplyWriter {
  private readonly protocol: { readonly resp: 2 | 3 }
  private bytes: Uint8Array
  /** What has not been taken begins here, and the next byte is written there. */
  private start: number
  private at: number

  /** `protocol` says, whenever something is written, which version of RESP the client speaks. */
  constructor(protocol: { readonly resp: 2 | 3 }) {
    this.protocol = protocol
    // A client that has said nothing costs nothing.
    this.bytes = none
    this.start = 0
    this.at = 0
  }

  get resp(): 2 | 3 {
    return this.protocol.resp
  }

  /** How many bytes have been written and not been taken. */
  get size(): number {
    return this.at - this.start
  }

  /**
   * Hands over what was written: bytes that belong to the caller. They are not copied, and the next ones go behind them: an
   * ArrayBuffer for each reply would cost as much as the command (bench/server.ts).
   */
  take(): Uint8Array {
    const { bytes, start, at } = this
    const taken = bytes.subarray(start, at)
    // Much is handed over with its buffer, so that little written later does not hold it.
    if (bytes.length > START) {
      this.bytes = none
      this.start = this.at = 0
    } else this.start = at
    return taken
  }

  /** Takes back what was written since `size` was this. */
  rewind(size: number): void {
    this.at = this.start + size
  }

  private room(count: number): void {
    const { bytes, start, at } = this
    if (at + count <= bytes.length) return
    const size = at - start
    const larger = new Uint8Array(Math.max(START, size + count, size === 0 ? 0 : 2 * size))
    larger.set(bytes.subarray(start, at))
    this.bytes = larger
    this.start = 0
    this.at = size
  }

  /** A line of ASCII: its type, a text, the end. */
  private line(type: string, text: string): void {
    this.room(text.length + 3)
    const { bytes } = this
    let at = this.at
    bytes[at++] = type.charCodeAt(0)
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i)
    bytes[at++] = CR
    bytes[at++] = LF
    this.at = at
  }

  /** A line of a type and a small whole number, as before everything that has a length. */
  private count(type: number, n: number): void {
    this.room(24)
    const { bytes } = this
    let at = this.at
    bytes[at++] = type
    if (n < 10) bytes[at++] = 48 + n
    else {
      let divisor = 10
      while (divisor * 10 <= n) divisor *= 10
      let left = n
      for (; divisor >= 1; divisor = Math.floor(divisor / 10)) {
        const digit = Math.floor(left / divisor)
        bytes[at++] = 48 + digit
        left -= digit * divisor
      }
    }
    bytes[at++] = CR
    bytes[at++] = LF
    this.at = at
  }

  /** Text that may hold anything. A line break would end the reply, so there is none. */
  private oneLine(type: string, text: string): void {
    const flat = text.replace(/[\r\n]/g, ' ')
    this.room(3 * flat.length + 3)
    this.bytes[this.at++] = type.charCodeAt(0)
    this.at = writeText(flat, this.bytes, this.at)
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  status(text: string): void {
    if (text !== 'OK') return this.oneLine('+', text)
    this.room(5)
    const { bytes, at } = this
    bytes[at] = PLUS
    bytes[at + 1] = 79
    bytes[at + 2] = 75
    bytes[at + 3] = CR
    bytes[at + 4] = LF
    this.at = at + 5
  }

  error(line: string): void {
    this.oneLine('-', line)
  }

  bulk(text: StoredText): void {
    if (typeof text === 'object') {
      const view = text.view()
      this.count(DOLLAR, view.length)
      this.room(view.length + 2)
      this.bytes.set(view, this.at)
      this.at += view.length
    } else {
      const string = typeof text === 'number' ? String(text) : text
      const { length } = string
      // As if it were ASCII, which most is; another length is found out when it is not.
      const before = this.size
      this.count(DOLLAR, length)
      this.room(length + 2)
      const { bytes } = this
      let at = this.at
      let i = 0
      if (length < 64) {
        for (; i < length; i++) {
          const unit = string.charCodeAt(i)
          if (unit > 0x7f) break
          bytes[at++] = unit
        }
      }
      if (i < length) {
        this.rewind(before)
        const bytesOf = byteLength(string)
        this.count(DOLLAR, bytesOf)
        this.room(bytesOf + 2)
        at = writeText(string, this.bytes, this.at)
      }
      this.at = at
    }
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  verbatim(text: string, format: string = 'txt'): void {
    if (this.resp === 2) return this.bulk(text)
    const length = byteLength(text)
    this.line('=', String(length + 4))
    this.room(length + 6)
    this.at = writeText(`${format}:`, this.bytes, this.at)
    this.at = writeText(text, this.bytes, this.at)
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  bigNumber(digits: string): void {
    if (this.resp === 2) this.bulk(digits)
    else this.oneLine('(', digits)
  }

  integer(n: number | bigint): void {
    if (typeof n === 'number' && n >= 0 && n < 0x40000000) this.count(58, n)
    else this.line(':', String(n))
  }

  double(n: number): void {
    if (this.resp === 3) this.line(',', formatDouble(n))
    else this.bulk(formatDouble(n))
  }

  boolean(yes: boolean): void {
    if (this.resp === 3) this.line('#', yes ? 't' : 'f')
    else this.integer(yes ? 1 : 0)
  }

  null(): void {
    if (this.resp === 3) this.line('_', '')
    else this.line('$', '-1')
  }

  nullArray(): void {
    if (this.resp === 3) this.line('_', '')
    else this.line('*', '-1')
  }

  array(length: number): void {
    this.count(42, length)
  }

  set(length: number): void {
    this.count(this.resp === 3 ? 126 : 42, length)
  }

  map(length: number): void {
    if (this.resp === 3) this.count(37, length)
    else this.count(42, 2 * length)
  }

  push(length: number): void {
    this.count(this.resp === 3 ? 62 : 42, length)
  }
}
