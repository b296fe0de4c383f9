/**
 * Short texts in one string: first a unit for each with its length, then the texts.
 *
 *     'ada', '', '36'      →      U+0003 U+0000 U+0002 'a' 'd' 'a' '3' '6'
 *
 * A text of its own costs 16 bytes beside its characters and 8 for the place that points to it, so a record of eight
 * short values takes a third of the memory this way. Texts are cut out of it as they went in, so they stay canonical.
 */

/** The most texts that are kept in one string: changing one copies them all. */
export const PACKED = 16
/** The longest text that is packed, in UTF-16 units. */
export const LONGEST = 64

const charOf = String.fromCharCode

/** Where the text at `at` begins; the end of the last one for `at === count`. */
function startOf(packed: string, count: number, at: number): number {
  let start = count
  for (let i = 0; i < at; i++) start += packed.charCodeAt(i)
  return start
}

/**
 * Makes the engine hold the characters of a packed string in one piece, which it does when one of them is asked for. The
 * first is a length, so the answer is always the string; but the engine does not know, and cannot leave out the question.
 */
export function flat(packed: string): string {
  return packed.charCodeAt(0) > LONGEST ? '' : packed
}

/** All of `texts`, none longer than `LONGEST`. */
export function pack(texts: readonly string[]): string {
  return flat(packBehind('', texts, 0, 1))
}

/** Other packed texts, and behind them those of `texts` from `start` on at each `step`; in as many pieces as there are. */
export function packBehind(packed: string, texts: readonly string[], start: number, step: number): string {
  for (let i = start; i < texts.length; i += step) packed += charOf(texts[i].length)
  // Quicker than `join`, of so few.
  for (let i = start; i < texts.length; i += step) packed += texts[i]
  return packed
}

/** The text at `at` of `count`. */
export function packedAt(packed: string, count: number, at: number): string {
  const start = startOf(packed, count, at)
  return packed.substring(start, start + packed.charCodeAt(at))
}

/** All of the texts. */
export function unpack(packed: string, count: number): string[] {
  const texts = new Array<string>(count)
  let start = count
  for (let i = 0; i < count; i++) {
    const end = start + packed.charCodeAt(i)
    texts[i] = packed.substring(start, end)
    start = end
  }
  return texts
}

/** How many units so many packed texts take, which begin `from` in the string. */
export function packedLength(packed: string, count: number, from: number): number {
  let length = count
  for (let i = 0; i < count; i++) length += packed.charCodeAt(from + i)
  return length
}

/** The texts, each after its name; what is packed begins `from` in the string. */
export function unpackPairs(names: readonly string[], packed: string, from = 0): string[] {
  const count = names.length
  const pairs = new Array<string>(2 * count)
  let start = from + count
  for (let i = 0; i < count; i++) {
    const end = start + packed.charCodeAt(from + i)
    pairs[2 * i] = names[i]
    pairs[2 * i + 1] = packed.substring(start, end)
    start = end
  }
  return pairs
}

/** With another text at `at`; `at === count` adds one. */
export function packedWith(packed: string, count: number, at: number, text: string): string {
  const start = startOf(packed, count, at)
  const old = at < count ? packed.charCodeAt(at) : -1
  const end = old < 0 ? start : start + old
  const rest = text + packed.substring(end)
  if (old === text.length) return flat(packed.substring(0, start) + rest)
  const lengths = packed.substring(0, at) + charOf(text.length)
  return flat(lengths + packed.substring(old < 0 ? at : at + 1, start) + rest)
}

/** Without the text at `at`. */
export function packedWithout(packed: string, count: number, at: number): string {
  const start = startOf(packed, count, at)
  const end = start + packed.charCodeAt(at)
  return flat(packed.substring(0, at) + packed.substring(at + 1, start) + packed.substring(end))
}
