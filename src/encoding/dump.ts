import { Crc64 } from '../util/crc64.ts'
import { ByteReader, ByteWriter, join } from './bytes.ts'
import { RDB_READS, RDB_VERSION, TYPE, WRITTEN } from './constants.ts'
import { readValue, ValueReader } from './decode.ts'
import type { RdbValue } from './value.ts'
import { type CollectionType, type Elements, type Scalar, ValueWriter } from './value-writer.ts'

/*
 * The payload of DUMP and RESTORE is one value as in a file, closed by its own version and checksum:
 *
 *     <type u8> <value> <version u16le> <CRC-64 of everything before, u64le>
 */

const FOOTER = 10

/** The payload of a value as plain data. */
export function dumpPayload(value: RdbValue): Uint8Array {
  return payload(WRITTEN[value.type], to => to.value(value))
}

/** The payload of a string. */
export function dumpString(value: Scalar): Uint8Array {
  return payload(TYPE.string, to => to.scalar(value))
}

/** The payload of a collection, as in RdbWriter. */
export function dumpCollection(type: CollectionType, count: number, push: (elements: Elements) => void): Uint8Array {
  return payload(TYPE[type], to => to.collection(count, push))
}

function payload(type: number, write: (to: ValueWriter) => void): Uint8Array {
  const out = new ByteWriter(256, true)
  out.u8(type)
  write(new ValueWriter(out))
  out.u16le(RDB_VERSION)
  out.room(8)
  new Crc64().update(out.bytes, 0, out.at).write(out.bytes, out.at)
  out.at += 8
  return join(out.take())
}

export interface RestoreOptions {
  /** False reads a payload whose checksum is wrong: for fuzzing the reader behind it. */
  checksum?: boolean
}

/**
 * The value of a payload. Throws CorruptionError for anything that no DUMP makes, which RESTORE answers with `Bad data
 * format` or, when version or checksum are wrong (`isPayload`), with `DUMP payload version or checksum are wrong`.
 */
export function restorePayload(payload: Uint8Array, options: RestoreOptions = {}): RdbValue {
  const reader = new ByteReader(payload)
  if (!isPayload(payload, options)) reader.fail('payload version or checksum are wrong', 0)
  reader.end = payload.length - FOOTER
  const type = reader.u8()
  const value = readValue(new ValueReader(reader), type)
  if (reader.at !== reader.end) reader.fail('the payload goes on after its value')
  return value
}

/** Whether version and checksum of a payload are right. */
export function isPayload(payload: Uint8Array, options: RestoreOptions = {}): boolean {
  const end = payload.length - FOOTER
  if (end < 0) return false
  if ((payload[end] | (payload[end + 1] << 8)) > RDB_READS) return false
  return options.checksum === false || new Crc64().update(payload, 0, end + 2).matches(payload, end + 2)
}
