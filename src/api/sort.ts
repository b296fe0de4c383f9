import type { Key, Mode, Reply } from './types.ts'

interface SortBase {
  /**
   * Sort by what other keys hold: the element takes the place of the first `*` in the name, and what stands behind `->`
   * is the field of a hash: `weight_*`, `user:*->age`. A name without `*` means not to sort at all.
   */
  by?: string | Uint8Array
  /** Skip `offset` elements and give up to `count`, all for a negative one. */
  limit?: { offset: number | bigint; count: number | bigint }
  /** Compare bytes, where numbers are compared otherwise. */
  alpha?: boolean
}

interface SortAscending extends SortBase {
  /** Least first, which is the default. */
  asc?: boolean
  desc?: false
}
interface SortDescending extends SortBase {
  asc?: false
  /** Greatest first. */
  desc?: boolean
}
/** How to sort. */
export type SortOptions = SortAscending | SortDescending

/** What to give for each element instead of the element: names as in `by`, or `#` for the element itself. */
export interface SortGet {
  get: string | Uint8Array | readonly (string | Uint8Array)[]
}
interface NoGet {
  get?: undefined
}
interface NoStore {
  store?: undefined
}

/** SORT and its read-only form. */
export interface SortCommands<M extends Mode = 'sync', T = string> {
  /**
   * The elements of a list, set or sorted set in order, as numbers if not told otherwise; equal ones by their bytes.
   * With `get` what other keys hold for them, null where there is nothing. With `store` a list of them, whose length is
   * returned, is put into another key instead. Throws when an element is no number. O(n log n).
   */
  sort(key: Key, options: SortOptions & Partial<SortGet> & { store: Key }): Reply<M, number>
  sort(key: Key, options: SortOptions & SortGet & NoStore): Reply<M, (T | null)[]>
  sort(key: Key, options?: SortOptions & NoGet & NoStore): Reply<M, T[]>
  sort(key: Key, options?: SortOptions & Partial<SortGet> & { store?: Key }): Reply<M, (T | null)[] | number>
  /** As `sort`, without `store`. O(n log n). */
  sort_ro(key: Key, options: SortOptions & SortGet): Reply<M, (T | null)[]>
  sort_ro(key: Key, options?: SortOptions & NoGet): Reply<M, T[]>
  sort_ro(key: Key, options?: SortOptions & Partial<SortGet>): Reply<M, (T | null)[]>
}
