/** Fixed-window rate limit: at most `limit` calls in each window of `seconds`. One counter per caller. */
import type { Store } from '../../src/index.ts'

export interface Verdict {
  readonly allowed: boolean
  readonly left: number
  /** Milliseconds until a refused caller may try again. */
  readonly retryAfter: number
}

export function fixedWindow(store: Store, limit: number, seconds: number) {
  return (caller: string): Verdict => {
    const key = `limit:${caller}`
    return store.batch(() => {
      const count = store.incr(key)
      if (count === 1) store.expire(key, seconds)
      const allowed = count <= limit
      return { allowed, left: Math.max(0, limit - count), retryAfter: allowed ? 0 : store.pttl(key) }
    })
  }
}
