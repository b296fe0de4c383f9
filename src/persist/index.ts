import type { Databases } from '../databases.ts'
import type { Driver } from './driver.ts'
import { type Apply, Files, type FilesOptions } from './files.ts'

/** Where `Store.open` keeps a store: made by `directory()` and its like. */
export interface Persistence {
  readonly kind: 'persistence'
  /** @internal */
  open(databases: Databases, apply: Apply): Promise<Files>
}

/** Persistence on any driver. */
export function persistence(driver: () => Promise<Driver>, options: FilesOptions = {}): Persistence {
  return { kind: 'persistence', open: async (databases, apply) => Files.open(await driver(), databases, apply, options) }
}

export { CorruptionError, UnsupportedError } from './corruption.ts'
export type { Driver } from './driver.ts'
export type { Files, FilesOptions, Progress, Recovery } from './files.ts'
export type { Fsync } from './journal.ts'
