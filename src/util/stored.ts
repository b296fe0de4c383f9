import { fromBytes } from './text.ts'

/** A string value as it may be kept: text, an integer, or bytes that can be looked at. */
export type StoredText = string | number | { view(): Uint8Array }

/** A stored string as text. */
export function plainText(text: StoredText): string {
  if (typeof text === 'string') return text
  return typeof text === 'number' ? String(text) : fromBytes(text.view())
}
