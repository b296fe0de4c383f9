import type { Key, Mode, Reply, ScanOptions } from './types.ts'

/** What a key holds. Redis has further types, which modules add. */
export type KeyType = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'

export interface KeyScanOptions extends ScanOptions {
  /** Only keys that hold this. A word that is no type takes nothing. */
  type?: KeyType | (string & {})
}

/** One step of `scan`. */
export interface KeyScan<T = string> {
  /** For the next call; '0' when all keys have been seen. */
  readonly cursor: string
  readonly keys: T[]
}

export interface CopyOptions {
  /** The database that the copy goes to; that of the store if not given. */
  db?: number | bigint
  /** Also when the destination exists, which is then overwritten. */
  replace?: boolean
}

/** Freeing memory is the garbage collector's, so that both mean the same. */
export type FlushOptions = { async?: boolean; sync?: false } | { sync?: boolean; async?: false }

/** Commands on keys of any type. */
export interface KeyCommands<M extends Mode = 'sync', T = string> {
  /** Removes keys; returns how many there were. O(1) each. */
  del(...keys: Key[]): Reply<M, number>
  del(keys: readonly Key[]): Reply<M, number>
  /** The same as `del`: there is no memory to free in the background. O(1) each. */
  unlink(...keys: Key[]): Reply<M, number>
  unlink(keys: readonly Key[]): Reply<M, number>
  /** How many of the keys exist; one named twice counts twice. O(1) each. */
  exists(...keys: Key[]): Reply<M, number>
  exists(keys: readonly Key[]): Reply<M, number>
  /** Marks keys as just used, for eviction; returns how many exist. O(1) each. */
  touch(...keys: Key[]): Reply<M, number>
  touch(keys: readonly Key[]): Reply<M, number>
  /** What the key holds, 'none' when it is absent. O(1). */
  type(key: Key): Reply<M, KeyType | 'none'>
  /** Gives the key another name, with its expiry time; what had that name goes. Throws when `key` is absent. O(1). */
  rename(key: Key, newkey: Key): Reply<M, 'OK'>
  /** As `rename`, unless the new name is taken; false then. O(1). */
  renamenx(key: Key, newkey: Key): Reply<M, boolean>
  /**
   * Copies a value with its expiry time; false when there is none, or the destination exists and `replace` is not given.
   * A collection is shared and copied piece by piece when either key is written to. O(1) and 8 bytes per 50 elements or so.
   */
  copy(source: Key, destination: Key, options?: CopyOptions): Reply<M, boolean>
  /** Moves a key to another database; false when it is absent here or exists there. O(1). */
  move(key: Key, db: number | bigint): Reply<M, boolean>
  /** Exchanges all keys of two databases. O(1). */
  swapdb(first: number | bigint, second: number | bigint): Reply<M, 'OK'>
  /** A key chosen at random, null when there is none. O(1). */
  randomkey(): Reply<M, T | null>
  /** All keys that the glob pattern takes, in no order. `scanIterator` is kinder to many keys. O(keys). */
  keys(pattern: string | Uint8Array): Reply<M, T[]>
  /**
   * Some of the keys, and the cursor to go on from: start with '0', end when '0' comes back. A key that is there from
   * the first step to the last comes at least once. O(count).
   */
  scan(cursor: string | number, options?: KeyScanOptions): Reply<M, KeyScan<T>>
  /** How many keys there are. O(1). */
  dbsize(): Reply<M, number>
  /** Removes all keys of this database. O(1). */
  flushdb(options?: FlushOptions): Reply<M, 'OK'>
  /** Removes all keys of all databases. O(1). */
  flushall(options?: FlushOptions): Reply<M, 'OK'>
  /** How Redis 7.4 would hold the value: 'int', 'embstr', 'raw', 'listpack', 'quicklist', …; null when absent. O(1). */
  objectEncoding(key: Key): Reply<M, string | null>
  /** 1, or 2147483647 for an integer below 10,000, of which Redis has one for all keys; null when absent. O(1). */
  objectRefcount(key: Key): Reply<M, number | null>
  /** Seconds since the value was last used, 0 as long as nothing keeps track; null when absent. O(1). */
  objectIdletime(key: Key): Reply<M, number | null>
  /** How often the value is used, on a logarithmic scale; null when absent. Throws without an LFU policy. O(1). */
  objectFreq(key: Key): Reply<M, number | null>
  /** What the OBJECT commands do, as lines of text. O(1). */
  objectHelp(): Reply<M, string[]>
}
