import { Crc64 } from '../../util/crc64.ts'
import { ByteReader, UNDERFLOW } from '../../encoding/bytes.ts'
import { UnsupportedError } from '../../encoding/corruption.ts'
import { type Decoding, decodeAll, decodeFrom, type Source, WINDOW } from '../source.ts'
import { MAGIC, OP, RDB_READS, TYPE, VALKEY_MAGIC } from '../../encoding/constants.ts'
import { readValue, ValueReader } from '../../encoding/decode.ts'
import type { RdbValue } from '../../encoding/value.ts'

/** What OBJECT IDLETIME and OBJECT FREQ would have said when the file was written. */
export interface Access {
  /** In seconds. */
  readonly idle?: number
  readonly freq?: number
}

/**
 * Gets what a file holds, in order. Everything but the checksum has been verified by then, except that keys are unique,
 * which the receiver sees for itself; what was received counts only when the decoder has returned.
 */
export interface RdbSink {
  aux?(name: string, value: string): void
  selectDb(db: number): void
  /** How many keys the database has, and how many of them expire: hints, not to be trusted. */
  resize?(keys: number, expires: number): void
  /** The text of a library of functions. A sink that has no place for it does not take a file that holds one. */
  library?(text: string): void
  /** `expireAt` in milliseconds since 1970. A value of type string is one object used again and again. */
  key(key: string, expireAt: number | undefined, value: RdbValue, access: Access | undefined): void
}

export interface RdbOptions {
  /** The name used in errors. */
  file?: string
  /** False does not compare the checksum: for fuzzing, and for files known to be right. */
  checksum?: boolean
  /** Bytes may follow the file, as in an AOF of Redis 4 to 6 that begins with one. */
  followed?: boolean
}

export interface RdbEnd {
  readonly version: number
  readonly keys: number
  /** Whether the file carried a checksum, and it was right. */
  readonly checked: boolean
  /** Offset after the file. */
  readonly end: number
}

/** Reads a file that is in memory. */
export function readRdb(bytes: Uint8Array, sink: RdbSink, options: RdbOptions = {}): RdbEnd {
  return decodeAll(decodeRdb(bytes.length, sink, options), bytes)
}

/** Reads a file window by window. */
export function readRdbFrom(source: Source, sink: RdbSink, options: RdbOptions = {}): Promise<RdbEnd> {
  return decodeFrom(decodeRdb(source.size, sink, options), source)
}

/** Decodes a file of `size` bytes. */
export function* decodeRdb(size: number, sink: RdbSink, options: RdbOptions = {}): Decoding<RdbEnd> {
  const bytes = new ByteReader(new Uint8Array(0), options.file)
  bytes.final = size === 0
  const decoder = new RdbDecoder(bytes, size, sink, options)
  let window = WINDOW
  for (;;) {
    const from = bytes.offset
    try {
      if (decoder.run()) return decoder.result()
    } catch (error) {
      if (error !== UNDERFLOW) throw error
    }
    decoder.consumed()
    // An item that did not fit is read again from its start, so the window doubles to keep that linear.
    window = decoder.begun > from ? WINDOW : window * 2
    const at = decoder.begun
    const more = yield { at, length: window }
    if (more.length === 0) bytes.fail(`the file was ${size} bytes long and has shrunk`, at)
    bytes.refill(more, at, at + more.length >= size)
    decoder.resumed()
  }
}

class RdbDecoder {
  /** Offset in the file of the item being read. */
  begun: number
  private readonly bytes: ByteReader
  private readonly values: ValueReader
  private readonly sink: RdbSink
  private readonly options: RdbOptions
  private readonly size: number
  private readonly crc: Crc64
  /** Where in the window the checksum has come to. */
  private summed: number
  private version: number
  private keys: number
  private checked: boolean
  private expireAt: number | undefined
  private idle: number | undefined
  private freq: number | undefined
  private readonly string: { type: 'string'; value: string | number | Uint8Array }

  constructor(bytes: ByteReader, size: number, sink: RdbSink, options: RdbOptions) {
    this.bytes = bytes
    this.size = size
    this.values = new ValueReader(bytes, size)
    this.sink = sink
    this.options = options
    this.crc = new Crc64()
    this.begun = 0
    this.summed = 0
    this.version = 0
    this.keys = 0
    this.checked = false
    this.expireAt = undefined
    this.idle = undefined
    this.freq = undefined
    this.string = { type: 'string', value: '' }
  }

  result(): RdbEnd {
    return { version: this.version, keys: this.keys, checked: this.checked, end: this.bytes.offset }
  }

  /** Takes what was read of the window into the checksum, before the window goes. */
  consumed(): void {
    const end = this.begun - this.bytes.base
    this.crc.update(this.bytes.bytes, this.summed, end)
    this.summed = end
  }

  resumed(): void {
    this.summed = 0
  }

  /** Reads items until the end of the file (true), or until the window ends in the middle of one (UNDERFLOW). */
  run(): boolean {
    const { bytes } = this
    if (this.version === 0) this.header()
    for (;;) {
      this.begun = bytes.base + bytes.at
      const op = bytes.u8()
      // Keys are nearly everything in a file, and most often strings.
      if (op === TYPE.string) {
        const key = this.values.text()
        this.string.value = this.values.scalar()
        this.key(key, this.string)
      } else if (op < OP.keyMeta) {
        const key = this.values.text()
        this.key(key, readValue(this.values, op))
      } else if (this.item(op)) return true
    }
  }

  private header(): void {
    const { bytes } = this
    const magic = bytes.text(9)
    if (magic === VALKEY_MAGIC) {
      this.version = RDB_READS
      this.values.valkey = true
    } else if (!/^REDIS\d{4}$/.test(magic)) bytes.fail('no RDB file', 0)
    else {
      this.version = Number(magic.slice(MAGIC.length))
      if (this.version === 0) bytes.fail('no RDB version', 0)
      if (this.version > RDB_READS) this.unsupported(`RDB version ${this.version}`)
    }
  }

  private key(key: string, value: RdbValue): void {
    const { expireAt, idle, freq } = this
    const access = idle === undefined && freq === undefined ? undefined : { idle, freq }
    this.expireAt = undefined
    this.idle = undefined
    this.freq = undefined
    this.keys++
    this.sink.key(key, expireAt, value, access)
  }

  /** Anything but a key. True at the end of the file. */
  private item(op: number): boolean {
    const { bytes, values } = this
    switch (op) {
      case OP.expireMs:
        this.expireAt = this.time(bytes.i64le())
        return false
      case OP.expireSeconds:
        this.expireAt = bytes.i32le() * 1000
        return false
      case OP.idle:
        this.idle = values.length()
        return false
      case OP.freq:
        this.freq = bytes.u8()
        return false
      case OP.selectDb: {
        const db = values.length()
        if (db > 0x7fffffff) bytes.fail('no such database')
        this.sink.selectDb(db)
        return false
      }
      case OP.resizeDb: {
        const keys = values.length()
        const expires = values.length()
        this.sink.resize?.(keys, expires)
        return false
      }
      case OP.aux: {
        const name = values.text()
        const value = values.text()
        this.sink.aux?.(name, value)
        return false
      }
      case OP.slotInfo:
        values.length()
        values.length()
        values.length()
        return false
      case OP.eof:
        this.end()
        return true
      case OP.function2:
        if (this.sink.library === undefined) return this.unsupported('a function library')
        this.sink.library(values.text())
        return false
      case OP.function:
        return this.unsupported('a function library of a release candidate of Redis 7.0')
      case OP.moduleAux:
        return this.unsupported('data of a module')
      default:
        return this.unsupported('metadata of a key or slot')
    }
  }

  private time(ms: number | bigint): number {
    // Redis takes any int64 from PEXPIREAT; one beyond 2^53 is kept as the nearest double.
    if (ms < 0) this.bytes.fail('a key expires before all time')
    return Number(ms)
  }

  private unsupported(what: string): never {
    throw new UnsupportedError(what, { file: this.bytes.file, offset: this.begun })
  }

  private end(): void {
    const { bytes } = this
    const { at } = bytes
    // An expiry with no key after it is half a key.
    if (this.expireAt !== undefined || this.idle !== undefined || this.freq !== undefined) {
      bytes.fail('the file ends inside a key')
    }
    if (this.version >= 5) {
      bytes.need(8)
      bytes.at += 8
      this.crc.update(bytes.bytes, this.summed, at)
      // Redis writes zeros when its checksums are turned off.
      const none = bytes.bytes.subarray(at, at + 8).every(byte => byte === 0)
      if (!none && this.options.checksum !== false) {
        if (!this.crc.matches(bytes.bytes, at)) bytes.fail('the checksum is wrong', bytes.base + at)
        this.checked = true
      }
    }
    if (this.options.followed !== true && bytes.offset !== this.size) bytes.fail('the file goes on after its end')
  }
}
