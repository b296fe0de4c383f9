import type { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

/** The effects, as a log would get them, of what `body` does. */
export function effects(store: Store, body: () => void): EffectArg[][] {
  const log: EffectArg[][] = []
  const { databases } = keyspaceOf(store)
  databases.attach({
    append: (_db, argv) => void log.push([...argv]),
    commit: () => {},
    mark: () => ({}),
    rollback: () => {},
  })
  body()
  databases.attach(null)
  return log
}

/** What those who listen are told of what `body` does. */
export function events(store: Store, body: () => void): string[] {
  const seen: string[] = []
  const stop = keyspaceOf(store).databases.listen(({ event }) => void seen.push(event))
  body()
  stop()
  return seen
}
