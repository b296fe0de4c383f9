/** Write-through: a write goes to the database first and then to the store, so that reads never wait and never lie. */
import type { Store } from '../../src/index.ts'

export interface Database<V> {
  read(id: string): Promise<V | undefined>
  write(id: string, value: V): Promise<void>
}

export function writeThrough<V>(store: Store, prefix: string, database: Database<V>) {
  return {
    async set(id: string, value: V): Promise<void> {
      await database.write(id, value)
      store.set(`${prefix}:${id}`, JSON.stringify(value))
    },
    async get(id: string): Promise<V | undefined> {
      const cached = store.get(`${prefix}:${id}`)
      if (cached !== null) return JSON.parse(cached) as V
      const value = await database.read(id)
      // Somebody may have written meanwhile: what they wrote is newer than what was read.
      if (value !== undefined) store.set(`${prefix}:${id}`, JSON.stringify(value), { nx: true })
      return value
    },
  }
}
