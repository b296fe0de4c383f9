import { byteLength } from '../util/text.ts'

/** The longest element, in bytes, that Redis keeps in a listpack (`*-max-listpack-value`). */
const LONGEST = 64

/** True when the text is too long for a listpack of Redis. */
export function longText(text: string): boolean {
  if (text.length > LONGEST) return true
  // A UTF-16 unit is at most three bytes.
  return text.length * 3 > LONGEST && byteLength(text) > LONGEST
}
