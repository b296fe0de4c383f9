/** A lock that nobody can release but its holder: SET NX PX to take it, compare-and-delete to give it back. */
import type { Store } from '../../src/index.ts'

export function lock(store: Store, name: string, ms: number, token: string): { release(): boolean } | undefined {
  const key = `lock:${name}`
  if (store.set(key, token, { nx: true, px: ms }) === null) return undefined
  // When the time is over and somebody else has the lock, the token is not ours and theirs is left alone.
  return { release: () => store.delex(key, { ifeq: token }) }
}
