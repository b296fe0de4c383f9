import type { Databases } from '../databases.ts'
import { ReplyError } from '../errors.ts'
import { aofPreamble } from './aof/encoder.ts'
import {
  baseName,
  formatManifest,
  incrementName,
  type Manifest,
  type ManifestFile,
  manifestName,
  parseManifest,
} from './aof/manifest.ts'
import { type RecoveryMode, scanAofFrom } from './aof/scanner.ts'
import { CorruptionError } from './corruption.ts'
import { type Driver, fileSource, type Lock, readFile, writeFile } from './driver.ts'
import { type Fsync, Journal } from './journal.ts'
import { readRdbFrom } from './rdb/reader.ts'
import type { Source } from './source.ts'
import { Loader, writeSnapshot } from './snapshot.ts'

/** As in Redis' configuration. */
const LOG_DIRECTORY = 'appendonlydir'
const PREFIX = 'appendonly.aof'
const DUMP = 'dump.rdb'

export interface FilesOptions {
  /** When writes reach the disk; `everysec` by default. */
  fsync?: Fsync
  /** What to do about a damaged log; `tail` by default. */
  recovery?: RecoveryMode
  /** Rewrites the log when it has grown by this many percent since the last time; 100 by default, 0 for never. */
  rewritePercentage?: number
  /** But not while it is smaller than this many bytes; 64 MiB by default. */
  rewriteMinSize?: number
  /** Called while files are read. */
  onProgress?: (progress: Progress) => void
  /** Called when writing has failed: from then on writes are refused with MISCONF. */
  onError?: (error: Error) => void
}

export interface Progress {
  readonly file: string
  /** Bytes read of all files. */
  readonly read: number
  /** Bytes of all files. */
  readonly total: number
}

/** What opening a directory found. */
export interface Recovery {
  /** The files read, in order. */
  readonly files: readonly string[]
  /** Keys that came from a snapshot. */
  readonly keys: number
  /** Commands replayed from the log. */
  readonly commands: number
  /** Bytes cut from the end of the log, because a crash had left them incomplete. */
  readonly truncated: number
  /** How long it took, in milliseconds. */
  readonly duration: number
}

/** What the layers above lend to recovery: a way to run a logged command. */
export type Apply = (db: number, argv: string[]) => void

/** The files of an open store: log, snapshot and lock of one directory. */
export class Files {
  recovery: Recovery
  private readonly root: Driver
  private readonly logs: Driver
  private readonly databases: Databases
  private readonly options: FilesOptions
  private readonly lock: Lock
  private manifest: Manifest
  private journal: Journal | undefined
  /** Bytes of the log right after the last rewrite or open. */
  private rewrittenSize: number
  private olderSize: number
  private busy: Promise<unknown>
  private rewriting: boolean
  private closed: boolean

  private constructor(root: Driver, logs: Driver, lock: Lock, databases: Databases, options: FilesOptions) {
    this.recovery = { files: [], keys: 0, commands: 0, truncated: 0, duration: 0 }
    this.root = root
    this.logs = logs
    this.lock = lock
    this.databases = databases
    this.options = options
    this.manifest = { base: undefined, history: [], increments: [] }
    this.journal = undefined
    this.rewrittenSize = 0
    this.olderSize = 0
    this.busy = Promise.resolve()
    this.rewriting = false
    this.closed = false
  }

  /** Locks the directory, reads what is there into the empty databases, and logs what they do from then on. */
  static async open(root: Driver, databases: Databases, apply: Apply, options: FilesOptions): Promise<Files> {
    if (options.fsync === 'always' && !root.capabilities.immediate) {
      throw new TypeError(`fsync 'always' cannot be kept by ${root.place}`)
    }
    const lock = await root.lock()
    try {
      const files = new Files(root, await root.within(LOG_DIRECTORY), lock, databases, options)
      const start = databases.host.now()
      databases.expiring = false
      const last = await files.recover(apply)
      await files.begin(last)
      databases.resumeExpiry()
      files.recovery = { ...files.recovery, duration: databases.host.now() - start }
      return files
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  // ---- recovery ---------------------------------------------------------------------------------------------------

  /** Reads everything; returns the salt of the last increment when more may be appended to it. */
  private async recover(apply: Apply): Promise<number | undefined> {
    const bytes = await readFile(this.logs, manifestName(PREFIX))
    if (bytes === undefined) {
      // A store that was never logged: a snapshot may be there, from SAVE or from another Redis.
      const dump = await fileSource(this.root, DUMP)
      if (dump !== undefined) await this.readSnapshot(dump, DUMP, progressOf(this.options, dump.size))
      return undefined
    }
    this.manifest = parseManifest(bytes, manifestName(PREFIX))
    const { base, increments } = this.manifest
    const sources = new Map<string, Source>()
    for (const { name } of base === undefined ? increments : [base, ...increments]) {
      const source = await fileSource(this.logs, name)
      if (source === undefined)
        throw new CorruptionError('the manifest names a file that is missing', { file: name, offset: 0 })
      sources.set(name, source)
    }
    let total = 0
    for (const source of sources.values()) total += source.size
    const progress = progressOf(this.options, total)
    if (base !== undefined) {
      const source = sources.get(base.name) as Source
      if (base.name.endsWith('.rdb')) await this.readSnapshot(source, base.name, progress)
      else await this.readLog(source, base.name, apply, progress, false)
    }
    let salt: number | undefined
    for (const [i, { name }] of increments.entries()) {
      salt = await this.readLog(sources.get(name) as Source, name, apply, progress, i === increments.length - 1)
    }
    return salt
  }

  private async readSnapshot(source: Source, file: string, progress: Watch): Promise<void> {
    const loader = new Loader(this.databases, file, source.size, this.databases.host.now())
    await readRdbFrom(watched(source, file, progress), loader, { file })
    this.found(file, loader.keys, 0, 0)
  }

  /** Replays a log. Of the last one a damaged tail is cut off; it returns its salt when it can go on. */
  private async readLog(
    source: Source,
    file: string,
    apply: Apply,
    progress: Watch,
    last: boolean,
  ): Promise<number | undefined> {
    const sink = {
      command: (db: number, argv: string[]): void => {
        try {
          apply(db, argv)
        } catch (error) {
          if (!(error instanceof ReplyError)) throw error
          throw new CorruptionError(`the log holds a command that fails, ${argv[0]}: ${error.message}`, {
            file,
            offset: 0,
          })
        }
      },
    }
    const mode = last ? (this.options.recovery ?? 'tail') : 'strict'
    const end = await scanAofFrom(watched(source, file, progress), sink, { file, mode })
    const cut = end.size - end.good
    if (end.state !== 'whole') {
      const log = await this.logs.open(file)
      try {
        log.truncate(end.good)
        await log.sync()
      } finally {
        await log.close()
      }
    }
    this.found(file, 0, end.commands, end.state === 'whole' ? 0 : cut)
    return end.foreign === undefined ? end.salt : undefined
  }

  private found(file: string, keys: number, commands: number, truncated: number): void {
    const { recovery } = this
    this.recovery = {
      files: [...recovery.files, file],
      keys: recovery.keys + keys,
      commands: recovery.commands + commands,
      truncated: recovery.truncated + truncated,
      duration: 0,
    }
  }

  // ---- the log ----------------------------------------------------------------------------------------------------

  /** Opens the log for appending: the last increment when it can go on, else a new one; the first time, with a base. */
  private async begin(salt: number | undefined): Promise<void> {
    const { base, increments } = this.manifest
    let last = increments[increments.length - 1]
    if (salt === undefined || last === undefined) {
      const seq = (last?.seq ?? 0) + 1
      const fresh = await this.newIncrement(seq)
      salt = fresh.salt
      last = fresh.file
      const firstBase = increments.length === 0 && base === undefined ? await this.newBase(1) : base
      await this.writeManifest({ base: firstBase, history: [], increments: [...increments, last] })
    }
    const log = await this.logs.open(last.name)
    // A process that was killed may have left what it wrote unsynced.
    await log.sync()
    const { fsync, onError } = this.options
    const { host } = this.databases
    this.journal = new Journal(log, salt, fsync ?? 'everysec', host, error => {
      this.databases.refusal = `MISCONF Errors writing to the AOF file: ${error.message}`
      onError?.(error)
    })
    await this.removeStrays()
    await this.measure()
    this.databases.attach({
      append: (db, argv) => this.journal?.append(db, argv),
      commit: () => {
        this.journal?.commit()
        this.rewriteWhenGrown()
      },
      rollback: () => this.journal?.rollback(),
    })
  }

  /** A new, empty increment, durable but not in the manifest yet. */
  private async newIncrement(seq: number): Promise<{ file: ManifestFile; salt: number }> {
    const file = { name: incrementName(PREFIX, seq), seq }
    const salt = Math.floor(this.databases.random() * 2 ** 32)
    await writeFile(this.logs, file.name, [aofPreamble(salt)])
    return { file, salt }
  }

  private async newBase(seq: number): Promise<ManifestFile> {
    const file = { name: baseName(PREFIX, seq, 'rdb'), seq }
    const snapshot = this.databases.snapshot()
    try {
      await writeSnapshot(this.logs, file.name, snapshot, true)
    } finally {
      snapshot.release()
    }
    return file
  }

  private async writeManifest(manifest: Manifest): Promise<void> {
    await writeFile(this.logs, manifestName(PREFIX), [formatManifest(manifest)])
    this.manifest = manifest
  }

  /** Deletes the files of the log that the manifest does not name: what an interrupted rewrite left. */
  private async removeStrays(): Promise<void> {
    const { base, increments } = this.manifest
    const named = new Set([manifestName(PREFIX), ...increments.map(file => file.name)])
    if (base !== undefined) named.add(base.name)
    for (const { name } of await this.logs.list()) {
      if (name.startsWith(`${PREFIX}.`) && !named.has(name)) await this.logs.remove(name)
    }
    if (this.manifest.history.length > 0) await this.writeManifest({ ...this.manifest, history: [] })
  }

  /** Notes the size from which growth is counted. */
  private async measure(): Promise<void> {
    let size = 0
    const { base, increments } = this.manifest
    for (const { name } of base === undefined ? increments : [base, ...increments]) {
      size += (await this.logs.size(name)) ?? 0
    }
    const current = increments[increments.length - 1]
    this.olderSize = size - ((await this.logs.size(current.name)) ?? 0)
    this.rewrittenSize = base === undefined ? 0 : ((await this.logs.size(base.name)) ?? 0)
  }

  private rewriteWhenGrown(): void {
    if (this.rewriting || this.journal === undefined || this.closed) return
    const percentage = this.options.rewritePercentage ?? 100
    if (percentage === 0) return
    const size = this.olderSize + this.journal.size
    if (size < (this.options.rewriteMinSize ?? 64 * 1024 * 1024)) return
    if (size < this.rewrittenSize * (1 + percentage / 100)) return
    this.rewrite().catch(error => this.options.onError?.(error as Error))
  }

  /**
   * Writes a new base from the data as it is now and lets the log begin anew after it, while writes go on. Until the
   * last step the old files are complete; a rewrite that fails leaves them in use.
   */
  rewrite(): Promise<void> {
    this.rewriting = true
    return this.oneAtATime(() => this.rewriteNow()).finally(() => {
      this.rewriting = false
    })
  }

  private async rewriteNow(): Promise<void> {
    const { journal, databases } = this
    if (journal === undefined) return
    const old = this.manifest
    const last = old.increments[old.increments.length - 1]
    const next = await this.newIncrement(last.seq + 1)
    // Both increments are named before anything goes to the second one, so a crash between finds all of it.
    await this.writeManifest({ ...old, increments: [...old.increments, next.file] })
    const log = await this.logs.open(next.file.name)
    let snapshot = undefined as ReturnType<Databases['snapshot']> | undefined
    await journal.moveTo(log, next.salt, () => {
      snapshot = databases.snapshot()
    })
    if (snapshot === undefined) return
    const base = { name: baseName(PREFIX, (old.base?.seq ?? 0) + 1, 'rdb'), seq: (old.base?.seq ?? 0) + 1 }
    try {
      await writeSnapshot(this.logs, base.name, snapshot, true)
    } finally {
      snapshot.release()
    }
    await this.writeManifest({ base, history: [], increments: [next.file] })
    await this.removeStrays()
    await this.measure()
  }

  private oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.busy.then(work, work)
    this.busy = done.catch(() => {})
    return done
  }

  // ---- what users call --------------------------------------------------------------------------------------------

  /** Writes `dump.rdb`, a snapshot of now, in the background. */
  save(): Promise<void> {
    const snapshot = this.databases.snapshot()
    return this.oneAtATime(async () => {
      try {
        await writeSnapshot(this.root, DUMP, snapshot, false)
      } finally {
        snapshot.release()
      }
    })
  }

  /** Resolves when everything written so far is on disk. */
  async flush(): Promise<void> {
    await this.journal?.flush()
  }

  /** Ends with everything on disk, and unlocks the directory. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    await this.busy
    this.databases.attach(null)
    this.databases.refusal = 'ERR the store is closed'
    try {
      await this.journal?.close()
    } finally {
      await this.lock.release()
    }
  }
}

interface Watch {
  (file: string, length: number): void
}

function progressOf(options: FilesOptions, total: number): Watch {
  const { onProgress } = options
  let read = 0
  return (file, length) => {
    read += length
    onProgress?.({ file, read: Math.min(read, total), total })
  }
}

function watched(source: Source, file: string, watch: Watch): Source {
  return {
    size: source.size,
    read: async (at, length) => {
      const bytes = await source.read(at, length)
      watch(file, bytes.length)
      return bytes
    },
  }
}
