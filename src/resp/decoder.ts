import { parseInteger } from '../util/numbers.ts'
import { fromBytes } from '../util/text.ts'
import { splitLine } from '../util/inline.ts'

/**
 * Requests as they come over a connection: arrays of bulk strings, or lines of words.
 *
 *     *2\r\n $3\r\nGET\r\n $3\r\nkey\r\n        GET key\r\n
 *
 * Bytes come in pieces of any size. What is whole is read where it lies; only what is left of a piece is copied, and no
 * byte is looked at again but those of a length or a line that was cut in two.
 */

/** What was sent is not RESP. The message is the error line to answer before the connection is closed. */
export class ProtocolError extends Error {
  constructor(reason: string) {
    super(`ERR Protocol error: ${reason}`)
    this.name = 'ProtocolError'
  }
}

/** A line may be so long: one of words, or the one that tells a length. */
const MOST_LINE = 64 * 1024
/** Redis' own bounds. */
const MOST_ARGS = 1024 * 1024
const MOST_BULK = 512 * 1024 * 1024
/** What somebody who has not authenticated may send. */
const ANONYMOUS_ARGS = 10
const ANONYMOUS_BULK = 16 * 1024

const CR = 13
const LF = 10
const DOLLAR = 36
const STAR = 42

/** Room is made at once for so many arguments: growing an array from nothing takes room for seventeen. */
const MOST_ROOM = 64

const none: Uint8Array = new Uint8Array(0)
const noWords: string[] = []

export class RequestDecoder {
  /** False while the client must authenticate first: it may then send little. */
  trusted: boolean
  private readonly most: { readonly args: number; readonly bulk: number }
  private bytes: Uint8Array
  private at: number
  private end: number
  /** True when `bytes` is our own, into which what comes next can be copied. */
  private owned: boolean
  /** The command that is being read; how many of its arguments are missing. */
  private argv: string[]
  private read: number
  private missing: number
  /** How long the argument is that is being read; -1 before its length is known. */
  private length: number
  /** Where the search for the end of a line goes on. */
  private searched: number

  constructor(limits: { args?: number; bulk?: number } = {}) {
    const { args = MOST_ARGS, bulk = MOST_BULK } = limits
    this.trusted = true
    this.most = { args, bulk }
    this.bytes = none
    this.at = 0
    this.end = 0
    this.owned = false
    this.argv = noWords
    this.read = 0
    this.missing = 0
    this.length = -1
    this.searched = 0
  }

  /** Bytes that were taken in and not yet read. */
  get waiting(): number {
    return this.end - this.at
  }

  /** Takes in more bytes, which the caller must leave as they are until `next` has returned undefined. */
  feed(piece: Uint8Array): void {
    const left = this.end - this.at
    if (left === 0) {
      this.bytes = piece
      this.owned = false
      this.at = 0
      this.end = piece.length
      this.searched = 0
      return
    }
    this.own(left + piece.length)
    this.bytes.set(piece, this.end)
    this.end += piece.length
  }

  /** Moves what is left into a buffer of our own with room for `size` bytes. */
  private own(size: number): void {
    const left = this.end - this.at
    if (this.owned && this.at + size <= this.bytes.length) return
    const fits = this.owned && size <= this.bytes.length
    // Doubled, so that a long argument which comes in many pieces is copied a bounded number of times.
    const target = fits ? this.bytes : new Uint8Array(Math.max(size, 2 * left, 1024))
    if (fits) target.copyWithin(0, this.at, this.end)
    else target.set(this.bytes.subarray(this.at, this.end))
    this.bytes = target
    this.owned = true
    this.searched -= this.at
    this.at = 0
    this.end = left
  }

  /** The next command; undefined when more bytes must come. Throws a ProtocolError, after which nothing can be read. */
  next(): string[] | undefined {
    for (;;) {
      if (this.missing === 0) {
        if (this.at >= this.end) return this.pause()
        if (this.bytes[this.at] !== STAR) {
          const words = this.line()
          if (words === undefined) return this.pause()
          if (words.length > 0) return words
          continue
        }
        const count = this.number('too big mbulk count string')
        if (count === undefined) return this.pause()
        this.begin(count)
        continue
      }
      if (!this.argument()) return this.pause()
      if (--this.missing === 0) {
        const { argv } = this
        this.argv = noWords
        return argv
      }
    }
  }

  /** Keeps what is left of a piece that belongs to the caller, who may now use it again. */
  pause(): undefined {
    if (this.at >= this.end) {
      // A buffer that one long argument made grow is not kept for all those that follow.
      if (!this.owned || this.bytes.length > MOST_LINE) {
        this.bytes = none
        this.owned = false
      }
      this.at = this.end = this.searched = 0
    } else if (!this.owned) {
      this.own(this.end - this.at)
    }
    return undefined
  }

  private begin(count: number | bigint): void {
    if (count > this.most.args) throw new ProtocolError('invalid multibulk length')
    if (count > ANONYMOUS_ARGS && !this.trusted) throw new ProtocolError('unauthenticated multibulk length')
    // None, or fewer: Redis goes on to the next command.
    this.missing = count > 0 ? Number(count) : 0
    // Room for what is to come and no more; but many are not believed in before they have come.
    this.argv = this.missing <= MOST_ROOM ? new Array<string>(this.missing) : []
    this.read = 0
  }

  /** Reads one argument; false when it is not whole yet. */
  private argument(): boolean {
    if (this.length < 0) {
      if (this.at >= this.end) return false
      const type = this.bytes[this.at]
      if (type !== DOLLAR) {
        throw new ProtocolError(`expected '$', got '${String.fromCharCode(type)}'`)
      }
      const length = this.number('too big bulk count string', 'invalid bulk length')
      if (length === undefined) return false
      if (length < 0 || length > this.most.bulk) throw new ProtocolError('invalid bulk length')
      if (length > ANONYMOUS_BULK && !this.trusted) throw new ProtocolError('unauthenticated bulk length')
      this.length = Number(length)
    }
    const end = this.at + this.length
    if (end + 2 > this.end) return false
    this.argv[this.read++] = fromBytes(this.bytes, this.at, end)
    this.at = end + 2
    this.searched = this.at
    this.length = -1
    return true
  }

  /** The number of a line such as `*3`; undefined when it is not whole yet. */
  private number(tooLong: string, wrong: string = 'invalid multibulk length'): number | bigint | undefined {
    const { bytes, end } = this
    // Nearly always one to three digits, and then the end of the line.
    let at = this.at + 1
    let n = 0
    while (at < end && at - this.at < 8) {
      const digit = bytes[at] - 48
      if (digit < 0 || digit > 9) break
      n = n * 10 + digit
      at++
    }
    const digits = at - this.at - 1
    if (at + 1 < end && bytes[at] === CR && digits > 0 && (digits === 1 || bytes[this.at + 1] !== 48)) {
      this.at = this.searched = at + 2
      return n
    }
    const close = this.find(CR)
    if (close < 0 || close + 1 >= end) {
      if (end - this.at > MOST_LINE) throw new ProtocolError(tooLong)
      return undefined
    }
    const number = parseInteger(fromBytes(bytes, this.at + 1, close))
    if (number === undefined) throw new ProtocolError(wrong)
    this.at = this.searched = close + 2
    return number
  }

  /** The words of a line; undefined when it is not whole yet. */
  private line(): string[] | undefined {
    const close = this.find(LF)
    if (close < 0) {
      if (this.end - this.at > MOST_LINE) throw new ProtocolError('too big inline request')
      return undefined
    }
    const { bytes, at } = this
    const stop = close > at && bytes[close - 1] === CR ? close - 1 : close
    const words = splitLine(bytes, at, stop)
    if (words === undefined) throw new ProtocolError('unbalanced quotes in request')
    this.at = this.searched = close + 1
    return words
  }

  /** Where the next such byte stands; -1 when it has not come yet. */
  private find(byte: number): number {
    const from = Math.max(this.searched, this.at)
    const found = this.bytes.indexOf(byte, from)
    if (found >= 0 && found < this.end) return found
    this.searched = this.end
    return -1
  }
}
