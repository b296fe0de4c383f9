import { ByteWriter } from '../../encoding/bytes.ts'
import { MAGIC, OP, RDB_VERSION } from '../../encoding/constants.ts'
import { typeByte, ValueWriter } from '../../encoding/value-writer.ts'
import { type Stored, typeOfStructure, writeStructure } from '../../encoding/structure.ts'
import type { RdbValue } from '../../encoding/value.ts'
import { Crc64 } from '../../util/crc64.ts'

export interface RdbWriterOptions {
  /** Written in the header; 10 unless something needs more. */
  version?: number
  /** The size of the pieces that `take` returns. */
  slice?: number
}

/**
 * Writes an RDB file, piece by piece: header, then for each database `database` and its keys, then `finish`. Call
 * `take` whenever `pending` is large enough to be worth a write; the checksum follows what is taken.
 */
export class RdbWriter {
  private readonly out: ByteWriter
  private readonly values: ValueWriter
  private readonly crc: Crc64

  constructor(options: RdbWriterOptions = {}) {
    this.out = new ByteWriter(options.slice ?? 1 << 18)
    this.values = new ValueWriter(this.out)
    this.crc = new Crc64()
    this.out.text(MAGIC + String(options.version ?? RDB_VERSION).padStart(4, '0'))
  }

  /** Bytes written and not taken yet. */
  get pending(): number {
    return this.out.length
  }

  /** A fact about the file that loaders may ignore. `aof-base` 1 keeps a loading master from dropping expired keys. */
  aux(name: string, value: string | number): void {
    this.out.u8(OP.aux)
    this.values.scalar(name)
    this.values.scalar(value)
  }

  /** A library of functions, before the first database. */
  library(text: string): void {
    this.out.u8(OP.function2)
    this.values.text(text)
  }

  /** Begins a database. The two counts are hints for whoever loads the file. */
  database(db: number, keys: number, expires: number): void {
    this.out.u8(OP.selectDb)
    this.values.length(db)
    this.out.u8(OP.resizeDb)
    this.values.length(keys)
    this.values.length(expires)
  }

  private begin(key: string, expireAt: number, type: number): void {
    const { out } = this
    out.room(10)
    if (expireAt !== 0) {
      out.bytes[out.at++] = OP.expireMs
      out.i64le(expireAt)
    }
    out.u8(type)
    this.values.text(key)
  }

  /** A key and what it holds. `expireAt` is in milliseconds since 1970, or 0 for never, here and below. */
  stored(key: string, expireAt: number, value: Stored): void {
    this.begin(key, expireAt, typeOfStructure(value))
    writeStructure(this.values, value)
  }

  /** A key and its value as plain data. */
  key(key: string, expireAt: number, value: RdbValue): void {
    this.begin(key, expireAt, typeByte(value))
    this.values.value(value)
  }

  /** Everything written since the last call, in order; the arrays are the caller's own. */
  take(): Uint8Array[] {
    const taken = this.out.take()
    for (const part of taken) this.crc.update(part)
    return taken
  }

  /** The end and the checksum: the last pieces of the file. */
  finish(): Uint8Array[] {
    this.out.u8(OP.eof)
    const taken = this.take()
    const sum = new Uint8Array(8)
    this.crc.write(sum, 0)
    taken.push(sum)
    return taken
  }
}
