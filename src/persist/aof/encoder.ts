import { crc32c } from '../../util/crc32c.ts'
import { byteLength, writeText } from '../../util/text.ts'
import { BATCH, LONG_HEADER, PREAMBLE, PREAMBLE_LENGTH, SHORT_HEADER, writeHex } from './constants.ts'

/** An argument of a command as it is logged. */
export type Arg = string | number | bigint | Uint8Array

const START = 1 << 16
/** A buffer that has grown beyond this is given back once it is empty. */
const KEEP = 1 << 22

const STAR = 0x2a
const DOLLAR = 0x24
const CR = 0x0d
const LF = 0x0a

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0))
}

const MULTI: Uint8Array = ascii('*1\r\n$5\r\nMULTI\r\n')
const EXEC: Uint8Array = ascii('*1\r\n$4\r\nEXEC\r\n')

/** The first line of a file whose batches are sealed with `salt`, any 32 bits of chance. */
export function aofPreamble(salt: number): Uint8Array {
  const line = new Uint8Array(PREAMBLE_LENGTH)
  line.set(ascii(PREAMBLE))
  const at = PREAMBLE.length
  writeHex(salt >>> 0, 8, line, at)
  line[at + 8] = 0x20
  writeHex(crc32c(line, 0, at + 8), 8, line, at + 9)
  line[at + 17] = CR
  line[at + 18] = LF
  return line
}

/** A point in an open batch. */
export interface BatchPoint {
  readonly count: number
  readonly length: number
  readonly multi: boolean
  readonly db: number
}

/**
 * Collects effects into batches, ready to be appended to a log. `command` adds to the open batch; `commit` closes it;
 * `closed` is what there is to append, and `release` forgets it once that was done. Nothing is allocated per command.
 *
 *     … closed batches … | header, command, command … (open)
 *     0                  sealed                       at
 */
export class AofEncoder {
  private bytes: Uint8Array
  private at: number
  private sealed: number
  /** Commands in the open batch; with two or more of them it is a transaction. */
  private count: number
  /** Where the commands of the open batch begin, after its header. */
  private body: number
  private multi: boolean
  private salt: number
  /** The database that the log has selected: at the end of the closed batches, and of the open one. */
  private sealedDb: number
  private db: number
  /** What the next header shall say about durability, or -1. */
  private durable: number

  constructor(salt: number) {
    this.bytes = new Uint8Array(START)
    this.at = 0
    this.sealed = 0
    this.count = 0
    this.body = 0
    this.multi = false
    this.salt = salt >>> 0
    this.sealedDb = -1
    this.db = -1
    this.durable = -1
  }

  /** Begins with another file, whose first line carries `salt`: everything not appended is forgotten. */
  reset(salt: number): void {
    this.salt = salt >>> 0
    this.durable = -1
    this.at = 0
    this.sealed = 0
    this.count = 0
    this.sealedDb = -1
    this.db = -1
    this.shrink()
  }

  /** Bytes of closed batches. */
  get pending(): number {
    return this.sealed
  }

  /** Commands in the open batch. */
  get open(): number {
    return this.count
  }

  /**
   * Lets the next batch say that everything before `offset` of the file had been synced. Recovery takes damage before
   * such an offset for what it is, and damage after all of them for the trace of a power cut.
   */
  markDurable(offset: number): void {
    this.durable = offset
  }

  /** Adds a command to the open batch, with a SELECT before it when `db` is another one. */
  command(db: number, argv: readonly Arg[]): void {
    if (this.count === 0) {
      this.at = this.sealed + (this.durable < 0 ? SHORT_HEADER : LONG_HEADER)
      this.body = this.at
      this.multi = false
    }
    if (db !== this.db) {
      // SELECT counts as a command: Redis would take it alone, and then what comes after a cut would go there.
      this.makeMulti()
      this.db = db
      this.write(['SELECT', db])
    } else if (this.count === 1) this.makeMulti()
    this.count++
    this.write(argv)
  }

  /** A second command makes a transaction of a batch. */
  private makeMulti(): void {
    if (this.multi) return
    this.multi = true
    this.room(MULTI.length)
    this.bytes.copyWithin(this.body + MULTI.length, this.body, this.at)
    this.bytes.set(MULTI, this.body)
    this.at += MULTI.length
  }

  /** Closes the open batch, if there is one, and returns how many bytes now wait to be appended. */
  commit(): number {
    if (this.count === 0) return this.sealed
    if (this.multi) {
      this.room(EXEC.length)
      this.bytes.set(EXEC, this.at)
      this.at += EXEC.length
    }
    return this.seal()
  }

  /** An empty batch that only carries what `markDurable` was told: before a clean close. */
  mark(): number {
    if (this.count > 0) throw new RangeError('a batch is open')
    if (this.durable < 0) return this.sealed
    this.body = this.sealed + LONG_HEADER
    this.at = this.sealed
    this.room(LONG_HEADER)
    this.at = this.body
    return this.seal()
  }

  private seal(): number {
    const { bytes, body } = this
    const length = this.at - body
    if (length > 0xffffffff) throw new RangeError('a batch is longer than 4 GB')
    const from = this.sealed
    for (let i = 0; i < BATCH.length; i++) bytes[from + i] = BATCH.charCodeAt(i)
    let at = from + BATCH.length
    writeHex(length, 8, bytes, at)
    at += 8
    if (body - from === LONG_HEADER) {
      bytes[at] = 0x20
      writeHex(this.durable, 12, bytes, at + 1)
      at += 13
      this.durable = -1
    }
    // The checksum covers the line up to itself, and the batch.
    const crc = crc32c(bytes, body, this.at, crc32c(bytes, from, at, this.salt))
    bytes[at] = 0x20
    writeHex(crc, 8, bytes, at + 1)
    bytes[at + 9] = CR
    bytes[at + 10] = LF
    this.sealed = this.at
    this.sealedDb = this.db
    this.count = 0
    return this.sealed
  }

  /** Forgets the open batch, or what is in it behind a point. */
  discard(point?: BatchPoint): void {
    if (point === undefined || point.count === 0) {
      this.at = this.sealed
      this.count = 0
      this.db = this.sealedDb
      return
    }
    // A batch that became a transaction since then stays one, be it of a single command.
    this.at = this.body + point.length + (this.multi && !point.multi ? MULTI.length : 0)
    this.count = point.count
    this.db = point.db
  }

  /** Where the open batch ends now. */
  point(): BatchPoint {
    return { count: this.count, length: this.at - this.body, multi: this.multi, db: this.db }
  }

  /** The closed batches, as a view that is good until the next call of anything else. */
  closed(): Uint8Array {
    return this.bytes.subarray(0, this.sealed)
  }

  /** Forgets the closed batches, which are in the file now. An open one stays. */
  release(): void {
    const { sealed } = this
    if (sealed === 0) return
    if (this.count > 0) {
      this.bytes.copyWithin(0, sealed, this.at)
      this.body -= sealed
      this.at -= sealed
    } else this.at = 0
    this.sealed = 0
    this.shrink()
  }

  private shrink(): void {
    if (this.at === 0 && this.bytes.length > KEEP) this.bytes = new Uint8Array(START)
  }

  private room(count: number): void {
    if (this.at + count > this.bytes.length) this.grow(count)
  }

  private grow(count: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count))
    grown.set(this.bytes.subarray(0, this.at))
    this.bytes = grown
  }

  private write(argv: readonly Arg[]): void {
    this.room(16)
    this.bytes[this.at++] = STAR
    this.line(argv.length)
    for (let i = 0; i < argv.length; i++) {
      const arg = argv[i]
      if (typeof arg === 'string') this.text(arg)
      else if (typeof arg === 'number') this.number(arg)
      else if (typeof arg === 'bigint') this.text(String(arg))
      else this.blob(arg)
    }
  }

  /** A count and the end of its line; the room is there. */
  private line(count: number): void {
    this.digits(count)
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  private digits(value: number): void {
    const { bytes } = this
    let { at } = this
    if (value < 10) bytes[at++] = 0x30 + value
    else if (value < 100) {
      const tens = (value / 10) | 0
      bytes[at++] = 0x30 + tens
      bytes[at++] = 0x30 + value - tens * 10
    } else {
      let size = 3
      for (let bound = 1000; value >= bound; bound *= 10) size++
      let rest = value
      for (let i = at + size - 1; i >= at; i--) {
        const tenth = Math.floor(rest / 10)
        // In this order, because 0x30 more than the largest safe integer is not exact.
        bytes[i] = rest - tenth * 10 + 0x30
        rest = tenth
      }
      at += size
    }
    this.at = at
  }

  private text(text: string): void {
    const { length } = text
    if (length < 100) {
      // Short text is taken for ASCII and written at once, again the long way when it is not.
      this.room(length + 8)
      const { bytes } = this
      let { at } = this
      bytes[at++] = DOLLAR
      if (length < 10) bytes[at++] = 0x30 + length
      else {
        const tens = (length / 10) | 0
        bytes[at++] = 0x30 + tens
        bytes[at++] = 0x30 + length - tens * 10
      }
      bytes[at++] = CR
      bytes[at++] = LF
      let all = 0
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i)
        all |= unit
        bytes[at++] = unit
      }
      if (all < 0x80) {
        bytes[at++] = CR
        bytes[at++] = LF
        this.at = at
        return
      }
    }
    const size = byteLength(text)
    this.room(size + 20)
    this.bytes[this.at++] = DOLLAR
    this.line(size)
    this.at = writeText(text, this.bytes, this.at)
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  private number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      if (Number.isNaN(value)) throw new RangeError('NaN cannot be logged')
      // Redis reads inf, and the shortest form that JavaScript writes for every other double.
      this.text(
        value === Number.POSITIVE_INFINITY
          ? 'inf'
          : value === Number.NEGATIVE_INFINITY
            ? '-inf'
            : Object.is(value, -0)
              ? '-0'
              : String(value),
      )
      return
    }
    this.room(28)
    const magnitude = value < 0 ? -value : value
    let size = value < 0 ? 2 : 1
    for (let bound = 10; magnitude >= bound; bound *= 10) size++
    this.bytes[this.at++] = DOLLAR
    this.line(size)
    if (value < 0) this.bytes[this.at++] = 0x2d
    this.digits(magnitude)
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }

  private blob(blob: Uint8Array): void {
    this.room(blob.length + 20)
    this.bytes[this.at++] = DOLLAR
    this.line(blob.length)
    this.bytes.set(blob, this.at)
    this.at += blob.length
    this.bytes[this.at++] = CR
    this.bytes[this.at++] = LF
  }
}
