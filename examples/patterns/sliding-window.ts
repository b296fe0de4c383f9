/** Sliding-window rate limit: at most `limit` calls in any `ms` milliseconds. A sorted set of the calls per caller. */
import type { Store } from '../../src/index.ts'
import type { Verdict } from './fixed-window.ts'

export function slidingWindow(store: Store, limit: number, ms: number, now: () => number = Date.now) {
  let calls = 0
  return (caller: string): Verdict => {
    const key = `window:${caller}`
    const time = now()
    return store.batch(() => {
      store.zremrangebyscore(key, '-inf', time - ms)
      const count = store.zcard(key)
      if (count >= limit) {
        const [oldest] = store.zrange(key, 0, 0, { withscores: true })
        return { allowed: false, left: 0, retryAfter: oldest.score + ms - time }
      }
      store.zadd(key, time, `${time}:${calls++}`)
      store.pexpire(key, ms)
      return { allowed: true, left: limit - count - 1, retryAfter: 0 }
    })
  }
}
