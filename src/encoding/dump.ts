import { Crc64 } from '../util/crc64.ts'
import { ByteReader, ByteWriter, join } from './bytes.ts'
import { RDB_READS, RDB_TIMED, RDB_VERSION, TYPE, VALKEY_VERSION } from './constants.ts'
import { readValue, ValueReader } from './decode.ts'
import { type Stored, typeOfStructure, writeStructure } from './structure.ts'
import type { RdbValue } from './value.ts'
import { typeByte, ValueWriter } from './value-writer.ts'

/*
 * The payload of DUMP and RESTORE is one value as in a file, closed by its own version and checksum:
 *
 *     <type u8> <value> <version u16le> <CRC-64 of everything before, u64le>
 *
 * The version is 10, which everything from Redis 7.0 on takes, and 12 of a hash whose fields expire.
 */

/** Bytes of version and checksum. */
export const PAYLOAD_FOOTER = 10

/** The payload of what a key holds. */
export function dumpStructure(value: Stored): Uint8Array {
  return payload(typeOfStructure(value), to => writeStructure(to, value))
}

/** The payload of a value as plain data. */
export function dumpPayload(value: RdbValue): Uint8Array {
  return payload(typeByte(value), to => to.value(value))
}

function payload(type: number, write: (to: ValueWriter) => void): Uint8Array {
  const out = new ByteWriter(256, true)
  out.u8(type)
  write(new ValueWriter(out))
  return join(sealed(out, type === TYPE.hashTtl ? RDB_TIMED : RDB_VERSION).take())
}

/** Closes a payload with version and checksum. */
export function sealed(out: ByteWriter, version: number = RDB_VERSION): ByteWriter {
  out.u16le(version)
  out.room(8)
  new Crc64().update(out.bytes, 0, out.at).write(out.bytes, out.at)
  out.at += 8
  return out
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
  reader.end = payload.length - PAYLOAD_FOOTER
  const type = reader.u8()
  const value = readValue(new ValueReader(reader), type)
  if (reader.at !== reader.end) reader.fail('the payload goes on after its value')
  return value
}

/** Whether version and checksum of a payload are right. */
export function isPayload(payload: Uint8Array, options: RestoreOptions = {}): boolean {
  const end = payload.length - PAYLOAD_FOOTER
  if (end < 0) return false
  const version = payload[end] | (payload[end + 1] << 8)
  if (version > RDB_READS && version !== VALKEY_VERSION) return false
  return options.checksum === false || new Crc64().update(payload, 0, end + 2).matches(payload, end + 2)
}
