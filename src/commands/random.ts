import { lines, ReplyError } from '../errors.ts'

// What SRANDMEMBER, SPOP, HRANDFIELD and ZRANDMEMBER share.

/** How often one call may choose with repeats: a list of more is asked for by mistake or in malice. */
const MOST = 2 ** 24

/** Draws for each element wanted, before counting is cheaper. */
const PATIENCE = 64

/** `count` elements, each chosen from all; they may repeat. */
export function chooseAgain(count: number, sample: () => string): string[] {
  if (count > MOST) throw new ReplyError(lines.outOfRange)
  const chosen: string[] = []
  for (let i = 0; i < count; i++) chosen.push(sample())
  return chosen
}

/** `count` different elements of `size`, or all of them; `all` lists them. O(count), O(size) beyond a third of all. */
export function choose(
  count: number,
  size: number,
  random: () => number,
  sample: () => string,
  all: () => string[],
): string[] {
  if (count >= size) return all()
  const chosen = new Set<string>()
  // Fewer than a third are soon found by drawing, unless chance is a test's and stands still; a Set holds 2^24 at most.
  if (count * 3 <= size && count <= MOST) {
    for (let tries = count * PATIENCE; chosen.size < count && tries > 0; tries--) chosen.add(sample())
  }
  if (chosen.size < count) {
    // The first steps of a Fisher–Yates shuffle.
    const elements = all()
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(random() * (size - i))
      const one = elements[j]
      elements[j] = elements[i]
      elements[i] = one
    }
    elements.length = count
    return elements
  }
  return [...chosen]
}
