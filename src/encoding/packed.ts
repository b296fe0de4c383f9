/**
 * The containers in which Redis keeps small collections, as they stand in RDB files: ziplist (to 6.2), listpack (from
 * 7.0), intset and zipmap (to 2.4). Each is a string of its own; the reader given here ends where the string does.
 * Integers come out as the text they stand for.
 */
import type { ByteReader } from './bytes.ts'

/**
 *     <total u32le> <count u16le> entry… FF
 *     entry = <encoding and data> <length of these, backwards>
 *
 * A count of 65535 means that it was not kept.
 */
export function readListpack(from: ByteReader, into: string[]): void {
  const start = from.at
  if (from.u32le() !== from.end - start) from.fail('a listpack states another length than it has', from.base + start)
  const stated = from.u16le()
  const first = into.length
  for (;;) {
    const at = from.at
    const lead = from.u8()
    if (lead === 0xff) break
    if (lead < 0x80) into.push(String(lead))
    else if (lead < 0xc0) into.push(from.text(lead & 0x3f))
    else if (lead < 0xe0) into.push(String((((lead & 0x1f) << 27) >> 19) | from.u8()))
    else if (lead < 0xf0) into.push(from.text(((lead & 0x0f) << 8) | from.u8()))
    else if (lead === 0xf0) into.push(from.text(from.u32le()))
    else if (lead === 0xf1) into.push(String(from.i16le()))
    else if (lead === 0xf2) into.push(String(from.i24le()))
    else if (lead === 0xf3) into.push(String(from.i32le()))
    else if (lead === 0xf4) into.push(String(from.i64le()))
    else from.fail('unknown listpack entry', from.base + at)
    backLength(from, from.at - at)
  }
  if (from.at !== from.end) from.fail('a listpack ends before its string')
  if (stated !== 0xffff && stated !== into.length - first) from.fail('a listpack states another count than it has')
}

/** Seven bits a byte, the most significant first, all but the first byte with the high bit set. */
function backLength(from: ByteReader, length: number): void {
  const size = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : length < 268_435_456 ? 4 : 5
  for (let i = size - 1; i >= 0; i--) {
    const bits = Math.floor(length / 2 ** (7 * i)) & 127
    if (from.u8() !== (i === size - 1 ? bits : bits | 128)) from.fail('a listpack entry states another length')
  }
}

/**
 *     <total u32le> <offset of the last entry u32le> <count u16le> entry… FF
 *     entry = <length of the entry before: u8, or FE u32le> <encoding> <data>
 */
export function readZiplist(from: ByteReader, into: string[]): void {
  const start = from.at
  if (from.u32le() !== from.end - start) from.fail('a ziplist states another length than it has', from.base + start)
  const tail = from.u32le()
  const stated = from.u16le()
  const first = into.length
  let last = from.at
  let before = 0
  for (;;) {
    const at = from.at
    const lead = from.u8()
    if (lead === 0xff) break
    if ((lead === 0xfe ? from.u32le() : lead) !== before) from.fail('a ziplist entry misstates the one before it')
    const kind = from.u8()
    if (kind < 0x40) into.push(from.text(kind))
    else if (kind < 0x80) into.push(from.text(((kind & 0x3f) << 8) | from.u8()))
    else if (kind === 0x80) into.push(from.text(from.u32be()))
    else if (kind === 0xc0) into.push(String(from.i16le()))
    else if (kind === 0xd0) into.push(String(from.i32le()))
    else if (kind === 0xe0) into.push(String(from.i64le()))
    else if (kind === 0xf0) into.push(String(from.i24le()))
    else if (kind === 0xfe) into.push(String(from.i8()))
    else if (kind > 0xf0 && kind < 0xfe) into.push(String(kind - 0xf1))
    else from.fail('unknown ziplist entry', from.base + at)
    last = at
    before = from.at - at
  }
  if (from.at !== from.end) from.fail('a ziplist ends before its string')
  if (tail !== last - start) from.fail('a ziplist misstates its last entry')
  if (stated !== 0xffff && stated !== into.length - first) from.fail('a ziplist states another count than it has')
}

/** `<width u32le: 2, 4 or 8> <count u32le> integer…`, ascending. */
export function readIntset(from: ByteReader, into: string[]): void {
  const width = from.u32le()
  const count = from.u32le()
  if (width !== 2 && width !== 4 && width !== 8) from.fail('an intset has no such width')
  if (count * width !== from.end - from.at) from.fail('an intset states another count than it has')
  let last: number | bigint | undefined
  for (let i = 0; i < count; i++) {
    const value = width === 2 ? from.i16le() : width === 4 ? from.i32le() : from.i64le()
    if (last !== undefined && value <= last) from.fail('an intset is not in order')
    last = value
    into.push(String(value))
  }
}

/**
 *     <count u8> entry… FF
 *     entry = <length> field <length> <unused u8> value unused…
 *
 * A length is a byte, or FE and u32le; a count of 254 or more was not kept.
 */
export function readZipmap(from: ByteReader, into: string[]): void {
  const stated = from.u8()
  const first = into.length
  for (;;) {
    const lead = from.u8()
    if (lead === 0xff) break
    into.push(from.text(zipmapLength(from, lead)))
    const length = zipmapLength(from, from.u8())
    const unused = from.u8()
    into.push(from.text(length))
    from.slice(unused)
  }
  if (from.at !== from.end) from.fail('a zipmap ends before its string')
  if (stated < 254 && stated * 2 !== into.length - first) from.fail('a zipmap states another count than it has')
}

function zipmapLength(from: ByteReader, lead: number): number {
  if (lead < 254) return lead
  if (lead === 255) from.fail('a zipmap ends inside an entry')
  const length = from.u32le()
  if (length < 254) from.fail('a zipmap spells a short length in the long form')
  return length
}
