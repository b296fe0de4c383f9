/**
 * LZF, the compression of long strings in RDB files (the format of Marc Lehmann's liblzf):
 *
 *     000lllll  <l+1 bytes>             literal run of 1–32 bytes
 *     LLLooooo oooooooo                 copy of L+2 bytes (L is 1–6), from o+1 bytes back
 *     111ooooo LLLLLLLL oooooooo        copy of L+9 bytes, from o+1 bytes back
 */

/** Three bytes of input make at most 264 of output: a length beyond this is a lie, known before anything is allocated. */
export function lzfMostFrom(compressed: number): number {
  return compressed * 88
}

/**
 * Decompresses `source[start..end)` so that it fills `target` exactly. False when the input is broken: a run or copy
 * past an end, a copy from before the beginning, or output of another length.
 */
export function lzfDecompress(source: Uint8Array, start: number, end: number, target: Uint8Array): boolean {
  let i = start
  let o = 0
  const room = target.length
  while (i < end) {
    const control = source[i++]
    if (control < 32) {
      const run = control + 1
      if (i + run > end || o + run > room) return false
      for (const stop = i + run; i < stop; ) target[o++] = source[i++]
      continue
    }
    let length = control >> 5
    if (length === 7) {
      if (i >= end) return false
      length += source[i++]
    }
    length += 2
    if (i >= end) return false
    let from = o - ((control & 31) << 8) - source[i++] - 1
    if (from < 0 || o + length > room) return false
    // Byte by byte, because a copy may overlap what it writes.
    for (const stop = o + length; o < stop; ) target[o++] = target[from++]
  }
  return o === room
}
