import { toBytes } from './text.ts'

/** An argument as MONITOR prints it. */
export function quoted(text: string): string {
  let shown = ''
  for (const byte of toBytes(text)) {
    const escape = ESCAPES[byte]
    if (escape !== undefined) shown += escape
    else if (byte >= 0x20 && byte < 0x7f) shown += String.fromCharCode(byte)
    else shown += `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `"${shown}"`
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
}
