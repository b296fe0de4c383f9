import { toBytes } from './text.ts'

/** How many slots the keys of a cluster are spread over. */
export const SLOTS = 16_384

/** CRC16 of XMODEM: polynomial 0x1021, nothing reflected, from 0. check("123456789") = 0x31c3. */
const table: Uint16Array = new Uint16Array(256)
for (let byte = 0; byte < 256; byte++) {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
  table[byte] = crc
}

export function crc16(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
  let crc = 0
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ table[(crc >> 8) ^ bytes[i]]
  return crc
}

/** The slot of a key. Of one like `{user}:name` what stands in the first braces counts alone, if anything does. */
export function slotOf(key: string): number {
  const bytes = toBytes(key)
  const open = bytes.indexOf(123)
  if (open >= 0) {
    const close = bytes.indexOf(125, open + 1)
    if (close > open + 1) return crc16(bytes, open + 1, close) & (SLOTS - 1)
  }
  return crc16(bytes) & (SLOTS - 1)
}
