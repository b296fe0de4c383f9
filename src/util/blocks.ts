const tail = new Uint8Array(128)

/**
 * Cuts a message into the blocks of 64 bytes that SHA-1 and SHA-256 take. Behind its end stand a bit, zeros, and its length
 * in bits (FIPS 180-4, 5.1.1).
 */
export function eachBlock(bytes: Uint8Array, take: (bytes: Uint8Array, at: number) => void): void {
  const { length } = bytes
  const whole = length - (length % 64)
  for (let at = 0; at < whole; at += 64) take(bytes, at)
  const rest = length - whole
  const end = rest < 56 ? 64 : 128
  tail.fill(0)
  tail.set(bytes.subarray(whole))
  tail[rest] = 0x80
  const bits = length * 8
  for (let i = 0; i < 8; i++) tail[end - 1 - i] = Math.floor(bits / 2 ** (8 * i)) & 255
  for (let at = 0; at < end; at += 64) take(tail, at)
  // What was hashed may be a secret.
  tail.fill(0)
}

/** The words of a state as bytes, each with its highest byte first. */
export function bytesOf(state: Int32Array): Uint8Array {
  const bytes = new Uint8Array(4 * state.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = state[i >> 2] >>> (24 - 8 * (i & 3))
  return bytes
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
