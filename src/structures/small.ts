import { byteLength } from '../util/text.ts'

/** True when the text takes more than `most` bytes, the longest of an element in a listpack of Redis. */
export function longText(text: string, most: number): boolean {
  if (text.length > most) return true
  // A UTF-16 unit is at most three bytes.
  return text.length * 3 > most && byteLength(text) > most
}
