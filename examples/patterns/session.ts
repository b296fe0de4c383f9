/** Sessions: a hash per visitor that goes away when it has not been used for a while. */
import type { Store } from '../../src/index.ts'

export function sessions(store: Store, seconds: number, newId: () => string) {
  const keyOf = (id: string): string => `session:${id}`
  return {
    start(data: Readonly<Record<string, string | number>>): string {
      const id = newId()
      store.batch(() => {
        store.hset(keyOf(id), data)
        store.expire(keyOf(id), seconds)
      })
      return id
    },
    /** The session's data, and another `seconds` to live; undefined when it is over. */
    touch(id: string): Record<string, string> | undefined {
      if (!store.expire(keyOf(id), seconds)) return undefined
      return store.hgetall(keyOf(id))
    },
    end(id: string): boolean {
      return store.del(keyOf(id)) === 1
    },
  }
}
