/** Cache-aside: look in the store, and only when it is not there ask the slow source and remember the answer. */
import type { Store } from '../../src/index.ts'

export function cacheAside<V>(store: Store, prefix: string, ttl: number, load: (id: string) => Promise<V>) {
  return async (id: string): Promise<V> => {
    const key = `${prefix}:${id}`
    const cached = store.get(key)
    if (cached !== null) return JSON.parse(cached) as V
    const value = await load(id)
    store.set(key, JSON.stringify(value), { ex: ttl })
    return value
  }
}
