import type { Key, Mode, Reply } from './types.ts'

/** On which condition an expiry time is set. No expiry time counts as later than any. */
export type ExpireOptions =
  | {
      /** Only when the key has no expiry time. */
      nx?: boolean
      xx?: false
      gt?: false
      lt?: false
    }
  | {
      /** Only when the key has an expiry time. */
      xx?: boolean
      /** Only when the new time is later. */
      gt?: boolean
      nx?: false
      lt?: false
    }
  | {
      xx?: boolean
      /** Only when the new time is earlier. */
      lt?: boolean
      nx?: false
      gt?: false
    }

/** Commands on the expiry time of keys. A key is gone when the clock is past its time, by every way of looking. */
export interface ExpiryCommands<M extends Mode = 'sync'> {
  /**
   * Removes the key after `seconds`, at once when that is not positive; false when it is absent or the condition does
   * not hold. Writing a new value with `set` takes the time away again, changing a collection does not. O(1).
   */
  expire(key: Key, seconds: number | bigint, options?: ExpireOptions): Reply<M, boolean>
  /** As `expire`, in milliseconds. O(1). */
  pexpire(key: Key, ms: number | bigint, options?: ExpireOptions): Reply<M, boolean>
  /** As `expire`, at a moment in seconds since 1970. O(1). */
  expireat(key: Key, time: number | bigint, options?: ExpireOptions): Reply<M, boolean>
  /** As `expire`, at a moment in milliseconds since 1970, as `Date.now()` counts. O(1). */
  pexpireat(key: Key, time: number | bigint, options?: ExpireOptions): Reply<M, boolean>
  /** Seconds left, rounded; -1 when the key does not expire, -2 when it is absent. O(1). */
  ttl(key: Key): Reply<M, number>
  /** Milliseconds left; -1 when the key does not expire, -2 when it is absent. O(1). */
  pttl(key: Key): Reply<M, number>
  /** When the key expires, in seconds since 1970; -1 when it does not, -2 when it is absent. O(1). */
  expiretime(key: Key): Reply<M, number>
  /** When the key expires, in milliseconds since 1970; -1 when it does not, -2 when it is absent. O(1). */
  pexpiretime(key: Key): Reply<M, number>
  /** Takes the expiry time away; false when there was none. O(1). */
  persist(key: Key): Reply<M, boolean>
}
