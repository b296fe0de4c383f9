import { formatDouble } from '../util/numbers.ts'
import type { StoredText } from '../util/stored.ts'
import { byteLength, writeText } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'

/** Replies that are not taken for so many bytes have a buffer made for them. */
const START = 4096
const CR = 13
const LF = 10
const DOLLAR = 36

/** Writes replies as the bytes of RESP, one after the other, into a buffer that grows. */
export class RespWriter implements ReplyWriter {
  private readonly protocol: { readonly resp: 2 | 3 }
  private bytes: Uint8Array
  /** How many bytes have been written and not been taken. */
  size: number

  /** `protocol` says, whenever something is written, which version of RESP the client speaks. */
  constructor(protocol: { readonly resp: 2 | 3 }) {
    this.protocol = protocol
    this.bytes = new Uint8Array(START)
    this.size = 0
  }

  get resp(): 2 | 3 {
    return this.protocol.resp
  }

  /** Hands over what was written: bytes that belong to the caller. */
  take(): Uint8Array {
    const { bytes, size } = this
    this.size = 0
    // Little is copied out and the buffer stays; much is handed over as it is, and another buffer begins.
    if (size <= START) return bytes.slice(0, size)
    this.bytes = new Uint8Array(START)
    return bytes.subarray(0, size)
  }

  /** Takes back what was written since `size` was this. */
  rewind(size: number): void {
    this.size = size
  }

  private room(count: number): void {
    const needed = this.size + count
    if (needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length))
    larger.set(this.bytes.subarray(0, this.size))
    this.bytes = larger
  }

  /** A line of ASCII: its type, a text, the end. */
  private line(type: string, text: string): void {
    this.room(text.length + 3)
    const { bytes } = this
    let at = this.size
    bytes[at++] = type.charCodeAt(0)
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i)
    bytes[at++] = CR
    bytes[at++] = LF
    this.size = at
  }

  /** A line of a type and a small whole number, as before everything that has a length. */
  private count(type: number, n: number): void {
    this.room(24)
    const { bytes } = this
    let at = this.size
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
    this.size = at
  }

  /** Text that may hold anything. A line break would end the reply, so there is none. */
  private oneLine(type: string, text: string): void {
    const flat = text.replace(/[\r\n]/g, ' ')
    this.room(3 * flat.length + 3)
    this.bytes[this.size++] = type.charCodeAt(0)
    this.size = writeText(flat, this.bytes, this.size)
    this.bytes[this.size++] = CR
    this.bytes[this.size++] = LF
  }

  status(text: string): void {
    this.oneLine('+', text)
  }

  error(line: string): void {
    this.oneLine('-', line)
  }

  bulk(text: StoredText): void {
    if (typeof text === 'object') {
      const view = text.view()
      this.count(DOLLAR, view.length)
      this.room(view.length + 2)
      this.bytes.set(view, this.size)
      this.size += view.length
    } else {
      const string = typeof text === 'number' ? String(text) : text
      const { length } = string
      // As if it were ASCII, which most is; another length is found out when it is not.
      const before = this.size
      this.count(DOLLAR, length)
      this.room(length + 2)
      const { bytes } = this
      let at = this.size
      let i = 0
      if (length < 64) {
        for (; i < length; i++) {
          const unit = string.charCodeAt(i)
          if (unit > 0x7f) break
          bytes[at++] = unit
        }
      }
      if (i < length) {
        this.size = before
        const bytesOf = byteLength(string)
        this.count(DOLLAR, bytesOf)
        this.room(bytesOf + 2)
        at = writeText(string, this.bytes, this.size)
      }
      this.size = at
    }
    this.bytes[this.size++] = CR
    this.bytes[this.size++] = LF
  }

  verbatim(text: string): void {
    if (this.resp === 2) return this.bulk(text)
    const length = byteLength(text)
    this.line('=', String(length + 4))
    this.room(length + 6)
    this.size = writeText('txt:', this.bytes, this.size)
    this.size = writeText(text, this.bytes, this.size)
    this.bytes[this.size++] = CR
    this.bytes[this.size++] = LF
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
