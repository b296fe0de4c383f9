import type { ScanOptions } from '../api/types.ts'
import { lines } from '../errors.ts'
import { argument, type Codec, type Option, ranged, value } from './codec.ts'
import type { ReplyCodec } from './reply.ts'

// What the rows of SCAN, HSCAN, SSCAN and ZSCAN share.

/** The cursor, which the op reads. */
export const cursor: Codec<string | number> = value as Codec<string | number>

/** `MATCH` and `COUNT`, to be spread into the options of a row. */
export const scanWords: { readonly [K in keyof ScanOptions]-?: Option<ScanOptions[K]> } = {
  match: argument('MATCH', value as Codec<string | Uint8Array>),
  count: argument('COUNT', ranged(1, Infinity, lines.syntax, lines.notInteger)),
}

/** What the ops of the family answer: the next cursor and the elements, flat. */
export interface Scanned<E> {
  readonly cursor: string
  readonly elements: readonly E[]
}

/** The cursor and then the elements; `write` and `read` are for one of them. */
export function scanned<E>(elements: ReplyCodec<readonly E[]>): ReplyCodec<Scanned<E>> {
  return {
    write: (result, w) => {
      w.array(2)
      w.bulk(result.cursor)
      elements.write(result.elements, w)
    },
    read: raw => {
      const [next, list] = raw as readonly [string, never]
      return { cursor: String(next), elements: elements.read(list) }
    },
    unordered: true,
  }
}
