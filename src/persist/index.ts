/** Files on any driver: for those who write a driver of their own. */
import type { Databases } from '../databases.ts'
import type { Driver } from './driver.ts'
import type { Saved } from './snapshot.ts'
import { Files, type FilesOptions, type Recovery } from './files.ts'
import type { Apply } from './replay.ts'

/** The files of an open store. */
export interface StoreFiles {
  readonly recovery: Recovery
  /** Why the last rewrite of the log failed; undefined when it did not. */
  readonly rewriteError: Error | undefined
  save(): Promise<Saved>
  rewrite(): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

/** Where `Store.open` keeps a store: made by `directory()` and its like. */
export interface Persistence {
  /** For `Store.open`. `databases` are the store's; `apply` runs a command of the log. */
  open(databases: object, apply: Apply): Promise<StoreFiles>
}

/** Persistence on any driver. */
export function persistence(driver: () => Promise<Driver>, options: FilesOptions = {}): Persistence {
  return { open: async (databases, apply) => Files.open(await driver(), databases as Databases, apply, options) }
}

export type { RecoveryMode } from './aof/scanner.ts'
export { CorruptionError, UnsupportedError } from '../encoding/corruption.ts'
export type { Capabilities, Draft, Driver, FileInfo, Lock, LogFile } from './driver.ts'
export type { FilesOptions, Progress, Recovery } from './files.ts'
export type { Saved } from './snapshot.ts'
export type { Fsync } from './journal.ts'
