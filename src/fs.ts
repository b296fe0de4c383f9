/** Files in a directory of the file system: Node, Bun, Deno. */
import type { FilesOptions } from './persist/files.ts'
import { type Persistence, persistence } from './persist/index.ts'
import { Directory } from './storage/fs/directory.ts'

/**
 * Keeps a store in a directory, as Redis keeps it: `appendonlydir/` with the append log, `dump.rdb` by `save()`.
 * When there is no log, as after a plain Redis with snapshots, opening reads `dump.rdb`; otherwise the log alone. The
 * directory is made when it is not there (mode 0700), and is open in one process at a time.
 */
export function directory(path: string, options: FilesOptions = {}): Persistence {
  return persistence(() => Directory.at(path), options)
}

export type { FilesOptions, Fsync, Persistence, Progress, Recovery } from './persist/index.ts'
export { CorruptionError, UnsupportedError } from './encoding/corruption.ts'
export { LockedError } from './storage/rules.ts'
