/**
 * Where decoders get their bytes. A decoder is a generator that yields what it needs next and is resumed with it, so
 * the same code reads a whole array at once, or a file of any size in windows.
 */

/** A file or an array of known length. */
export interface Source {
  readonly size: number
  /** Bytes from `at`, at most `length`; fewer only at the end. */
  read(at: number, length: number): Promise<Uint8Array>
}

/** Bytes that a decoder asks for. They may be answered with fewer only at the end of the source. */
export interface Demand {
  readonly at: number
  readonly length: number
}

export type Decoding<T> = Generator<Demand, T, Uint8Array>

/** Bytes asked for at a time, unless one item is longer. */
export const WINDOW: number = 1 << 20

/** Runs a decoder over bytes that are all there. */
export function decodeAll<T>(decoding: Decoding<T>, bytes: Uint8Array): T {
  let step = decoding.next()
  // The first demand is answered with everything from there on, so there is rarely a second.
  while (!step.done) step = decoding.next(bytes.subarray(step.value.at))
  return step.value
}

/** Runs a decoder over a source. What the decoder calls back runs between the reads. */
export async function decodeFrom<T>(decoding: Decoding<T>, source: Source): Promise<T> {
  let step = decoding.next()
  while (!step.done) {
    const { at, length } = step.value
    let bytes: Uint8Array
    try {
      bytes = await source.read(at, length)
    } catch (error) {
      // Lets the decoder run its own clean-up.
      decoding.throw(error)
      throw error
    }
    step = decoding.next(bytes)
  }
  return step.value
}
