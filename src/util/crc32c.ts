/**
 * CRC-32C (Castagnoli): reflected polynomial 82f63b78, initial value and final xor ffffffff, so that the checksum of
 * "123456789" is e3069283. It finds every change of up to 32 bits in a row and, in lengths that occur, every change of
 * up to three bits anywhere. One table look-up per byte instead of the two of CRC-64.
 */

let built: Int32Array | undefined

function build(): Int32Array {
  const table = new Int32Array(2048)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    table[byte] = crc
  }
  for (let i = 256; i < 2048; i++) table[i] = (table[i - 256] >>> 8) ^ table[table[i - 256] & 255]
  built = table
  return table
}

/** The checksum of what `crc` is the checksum of, followed by `bytes[start..end)`; unsigned. About 0.8 GB/s. */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length, crc: number = 0): number {
  const t = built ?? build()
  let c = ~crc
  let i = start
  for (const last = end - 8; i <= last; i += 8) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    c =
      t[1792 + (c & 255)] ^
      t[1536 + ((c >>> 8) & 255)] ^
      t[1280 + ((c >>> 16) & 255)] ^
      t[1024 + (c >>> 24)] ^
      t[768 + bytes[i + 4]] ^
      t[512 + bytes[i + 5]] ^
      t[256 + bytes[i + 6]] ^
      t[bytes[i + 7]]
  }
  for (; i < end; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]) & 255]
  return ~c >>> 0
}
