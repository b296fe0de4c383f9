/**
 * Up to which sizes Redis would hold a collection in its compact form. It decides what OBJECT ENCODING answers and
 * nothing else: our own forms change at bounds of their own. And where streams are cut that are trimmed approximately, and
 * what they remember of their producers unless they are told otherwise. CONFIG SET changes them for what is written from
 * then on.
 */
export interface Limits {
  /** hash-max-listpack-entries and -value. */
  hashEntries: number
  hashValue: number
  /** set-max-intset-entries. */
  setIntegers: number
  /** set-max-listpack-entries and -value. */
  setEntries: number
  setValue: number
  /** zset-max-listpack-entries and -value. */
  zsetEntries: number
  zsetValue: number
  /** list-max-listpack-size as it was given, and what it means: bytes, and elements. */
  listSize: number
  listBytes: number
  listCount: number
  /** stream-node-max-entries and -bytes; 0 for no limit. */
  nodeEntries: number
  nodeBytes: number
  /** stream-idmp-duration in seconds, and stream-idmp-maxsize. */
  idmpDuration: number
  idmpMaxsize: number
}

/** The limits of a Redis that was not told others. */
export function newLimits(): Limits {
  return {
    hashEntries: 512,
    hashValue: 64,
    setIntegers: 512,
    setEntries: 128,
    setValue: 64,
    zsetEntries: 128,
    zsetValue: 64,
    listSize: -2,
    listBytes: 8192,
    listCount: Infinity,
    nodeEntries: 100,
    nodeBytes: 4096,
    idmpDuration: 100,
    idmpMaxsize: 100,
  }
}

/** The greatest that streams may be told: seconds, and entries of a producer. */
export const MAX_IDMP_DURATION = 86_400
export const MAX_IDMP_MAXSIZE = 10_000

/** Sets list-max-listpack-size: -1 to -5 are 4 to 64 KB, a positive one elements, which may take 8 KB then. */
export function limitLists(limits: Limits, size: number): void {
  limits.listSize = size
  limits.listCount = size < 0 ? Infinity : Math.max(size, 1)
  limits.listBytes = size < 0 ? 2048 << Math.min(-size, 5) : 8192
}
