import type { Integer, Key, Mode, Reply } from './types.ts'

export interface RestoreOptions {
  /** Also when the key exists, which is then overwritten. */
  replace?: boolean
  /** The time to live is a moment, in milliseconds since 1970. */
  absttl?: boolean
  /** Seconds since the value was last used; checked, and of no effect until eviction keeps an access clock. */
  idletime?: Integer
  /** How often the value was used, 0 to 255; not together with `idletime`. As there, of no effect yet. */
  freq?: Integer
}

/** Values as bytes, in Redis' own form: they can be moved between embedis and any Redis. */
export interface DumpCommands<M extends Mode = 'sync'> {
  /**
   * The value as bytes that `restore` takes, here or in Redis 7.0 and later; null when the key is absent. Its expiry time
   * is not in them. Over a connection the client must answer with bytes, because text would damage them. O(n).
   */
  dump(key: Key): Reply<M, Uint8Array | null>
  /**
   * Gives the key the value that `dump` made the bytes of, here or in a Redis up to 7.4 or Valkey, and a time to live in
   * milliseconds, 0 for none. Throws when the key exists, unless `replace`, and when the bytes are damaged. O(n).
   */
  restore(key: Key, ttl: Integer, payload: Key, options?: RestoreOptions): Reply<M, 'OK'>
}
