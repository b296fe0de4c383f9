import type { Databases, Snapshot } from '../databases.ts'
import type { FilesPort } from '../ports.ts'
import { fromBytes, toBytes } from '../util/text.ts'
import { PREAMBLE, PREAMBLE_LENGTH } from './aof/constants.ts'
import { aofPreamble } from './aof/encoder.ts'
import {
  baseName,
  formatManifest,
  incrementName,
  type Manifest,
  type ManifestFile,
  manifestName,
  parseManifest,
  type Target,
  TARGETS,
} from './aof/manifest.ts'
import { type RecoveryMode, scanAof, scanAofFrom } from './aof/scanner.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { type Driver, fileSource, type Lock, type LogFile, readFile, writeFile } from './driver.ts'
import { type Fsync, Journal } from './journal.ts'
import { readRdb, readRdbFrom } from './rdb/reader.ts'
import { type Apply, Replay } from './replay.ts'
import type { Source } from './source.ts'
import { Loader, type Saved, writeSnapshot } from './snapshot.ts'

/** As in Redis' configuration. */
const LOG_DIRECTORY = 'appendonlydir'
const PREFIX = 'appendonly.aof'
const DUMP = 'dump.rdb'
const MANIFEST = manifestName(PREFIX)
/** The manifest while the first files are being made: it names none, so a manifest that is missing was there once. */
const EMPTY_MANIFEST = '# being made\n'
/** What a manifest of ours names, and nothing that somebody has put beside it. */
const LOG_FILE = /^appendonly\.aof\.\d+\.(base\.(rdb|aof)|incr\.aof)$/

/** What a command answers that gives a field of a hash an expiry time. */
const NO_FIELD_TIMES =
  "ERR hash fields cannot expire in files for Redis 7.0: they need a directory made with target '7.4'"

/** What a write answers while the log is loaded once more. */
const LOADING = 'LOADING Redis is loading the dataset in memory'

const CLOSED = 'the store is closed'

export interface FilesOptions {
  /** When writes reach the disk; `everysec` by default. */
  fsync?: Fsync
  /** What to do about a damaged log; `tail` by default. */
  recovery?: RecoveryMode
  /** Rewrites the log when it has grown by this many percent since the last time; 100 by default, 0 for never. */
  rewritePercentage?: number
  /** But not while it is smaller than this many bytes; 64 MiB by default. */
  rewriteMinSize?: number
  /**
   * The oldest Redis that is to read the files, fixed when the directory is made; '7.4' by default. For '7.0', commands whose
   * effect it cannot store, such as expiry times of hash fields, are refused.
   */
  target?: Target
  /** Called while files are read. */
  onProgress?: (progress: Progress) => void
  /**
   * Called when writing has failed: from then on writes are refused with MISCONF, until `rewrite()` has begun a new log.
   * Also when the log could not be rewritten in the background: then writes go on, to the log as it is.
   */
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

/** The files of an open store: log, snapshot and lock of one directory. */
export class Files implements FilesPort {
  recovery: Recovery
  rewriteError: Error | undefined
  saveError: Error | undefined
  savedAt: number
  /** Saves and rewrites asked for and not done. */
  saves: number
  rewrites: number
  private readonly root: Driver
  private readonly logs: Driver
  private readonly databases: Databases
  private readonly apply: Apply
  private readonly options: FilesOptions
  private readonly lock: Lock
  private manifest: Manifest
  private target: Target
  private journal: Journal | undefined
  /** The last numbers given to files. They are never used again: a manifest that failed to be written may name them. */
  private baseSeq: number
  private incrementSeq: number
  /** Bytes of the log when its growth was last counted from: of the base, or of everything when a rewrite failed. */
  private countedSize: number
  /** Bytes of the log without its last increment. */
  private olderSize: number
  /** Saves and rewrites run one after the other: the end of the last. */
  private busy: Promise<unknown>
  private closed: boolean
  private closing: Promise<void> | undefined

  private constructor(
    root: Driver,
    logs: Driver,
    lock: Lock,
    databases: Databases,
    apply: Apply,
    options: FilesOptions,
  ) {
    this.recovery = { files: [], keys: 0, commands: 0, truncated: 0, duration: 0 }
    this.rewriteError = undefined
    this.saveError = undefined
    this.savedAt = 0
    this.saves = 0
    this.rewrites = 0
    this.root = root
    this.logs = logs
    this.lock = lock
    this.databases = databases
    this.apply = apply
    this.options = options
    this.manifest = { base: undefined, history: [], increments: [] }
    this.target = '7.4'
    this.journal = undefined
    this.baseSeq = 0
    this.incrementSeq = 0
    this.countedSize = 0
    this.olderSize = 0
    this.busy = Promise.resolve()
    this.closed = false
    this.closing = undefined
  }

  /** Locks the directory, reads what is there into the empty databases, and logs what they do from then on. */
  static async open(root: Driver, databases: Databases, apply: Apply, options: FilesOptions): Promise<Files> {
    check(options)
    if (options.fsync === 'always' && !root.capabilities.immediate) {
      throw new TypeError(`fsync 'always' cannot be kept by ${root.place}`)
    }
    const lock = await root.lock()
    try {
      const files = new Files(root, await root.within(LOG_DIRECTORY), lock, databases, apply, options)
      const start = databases.host.now()
      databases.expiring = false
      await files.begin(await files.recover())
      databases.resumeExpiry()
      files.recovery = { ...files.recovery, duration: databases.host.now() - start }
      return files
    } catch (error) {
      databases.close()
      // Why it could not be opened says more than that it could not be unlocked either.
      await lock.release().catch(() => {})
      throw error
    }
  }

  // ---- recovery ---------------------------------------------------------------------------------------------------

  /** Reads everything; returns the salt of the last increment when more may be appended to it. */
  private async recover(): Promise<number | undefined> {
    const bytes = await readFile(this.logs, MANIFEST)
    if (bytes !== undefined) this.manifest = parseManifest(bytes, MANIFEST)
    else {
      const orphan = (await this.logs.list()).find(({ name }) => LOG_FILE.test(name))
      if (orphan !== undefined) {
        throw new CorruptionError(`${this.logs.place} holds a log, ${orphan.name}, but its manifest is missing`, {
          file: MANIFEST,
          offset: 0,
        })
      }
    }
    const { target } = this.options
    this.target = this.manifest.target ?? target ?? '7.4'
    if (target !== undefined && target !== this.target) {
      throw new TypeError(`${this.root.place} was made with target '${this.target}', which stays: not '${target}'`)
    }
    this.databases.fieldRefusal = this.target === '7.0' ? NO_FIELD_TIMES : null
    const { base, history, increments } = this.manifest
    const past = Math.max(0, ...history.map(file => file.seq))
    this.baseSeq = Math.max(past, base?.seq ?? 0)
    this.incrementSeq = Math.max(past, increments.at(-1)?.seq ?? 0)
    if (base === undefined && increments.length === 0) {
      // A store that was never logged: a snapshot may be there, from SAVE or from another Redis.
      const dump = await fileSource(this.root, DUMP)
      if (dump !== undefined) await this.readSnapshot(dump, DUMP, progressOf(this.options, dump.size))
      return undefined
    }
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
      else await this.readLog(source, base.name, progress, false)
    }
    // A rewrite names the next increment while the one before it is still written to: as long as nothing is in the
    // next, the one before may have been torn.
    let last = increments.length - 1
    while (last > 0 && (await isEmpty(sources.get(increments[last].name) as Source))) last--
    let salt: number | undefined
    for (const [i, { name }] of increments.entries()) {
      salt = await this.readLog(sources.get(name) as Source, name, progress, i >= last)
    }
    return salt
  }

  private async readSnapshot(source: Source, file: string, progress: Watch): Promise<void> {
    let begun = 0
    const loader = new Loader(this.databases, file, source.size, this.databases.host.now(), () => begun)
    const noting = watched(source, file, (name, length, at) => {
      begun = at
      progress(name, length, at)
    })
    await readRdbFrom(noting, loader, { file })
    this.found(file, loader.keys, 0, 0)
  }

  /** Replays a log. Of the last one a damaged tail is cut off; it returns its salt when it can go on. */
  private async readLog(source: Source, file: string, progress: Watch, last: boolean): Promise<number | undefined> {
    const mode = last ? (this.options.recovery ?? 'tail') : 'strict'
    const end = await scanAofFrom(watched(source, file, progress), new Replay(this.databases, this.apply, file), {
      file,
      mode,
    })
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
    let last = increments.at(-1)
    if (salt === undefined || last === undefined) {
      const first = base === undefined && increments.length === 0
      if (first) await writeFile(this.logs, MANIFEST, [toBytes(EMPTY_MANIFEST)])
      const fresh = await this.newIncrement()
      salt = fresh.salt
      last = fresh.file
      const firstBase = first ? await this.newBase() : base
      await this.writeManifest({ base: firstBase, history: [], increments: [...increments, last] })
    } else {
      // A process that was killed may have renamed the manifest, and left that unsynced.
      await this.writeManifest({ ...this.manifest, history: [] })
    }
    const log = await this.logs.open(last.name)
    try {
      // Or what it wrote to the log.
      await log.sync()
      await this.removeStrays()
      await this.measure()
    } catch (error) {
      await log.close().catch(() => {})
      throw error
    }
    this.journal = this.newJournal(log, salt)
    this.databases.attach({
      append: (db, argv) => this.journal?.append(db, argv),
      commit: () => {
        this.journal?.commit()
        this.rewriteWhenGrown()
      },
      mark: () => this.journal?.mark() ?? {},
      rollback: mark => this.journal?.rollback(mark),
      reload: () => this.reload(),
    })
    this.databases.files = this
  }

  private newJournal(log: LogFile, salt: number): Journal {
    const { fsync, onError } = this.options
    return new Journal(log, salt, fsync ?? 'everysec', this.databases.host, error => {
      if (!this.closed) this.databases.refusal = `MISCONF Errors writing to the AOF file: ${error.message}`
      onError?.(error)
    })
  }

  /** A new, empty increment, durable but not in the manifest yet. */
  private async newIncrement(): Promise<Increment> {
    const seq = ++this.incrementSeq
    const file = { name: incrementName(PREFIX, seq), seq }
    const salt = Math.floor(this.databases.random() * 2 ** 32)
    await writeFile(this.logs, file.name, [aofPreamble(salt)])
    return { file, salt }
  }

  /** A base of the data as it is now, durable but not in the manifest yet. */
  private async newBase(): Promise<ManifestFile> {
    const seq = ++this.baseSeq
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
    await writeFile(this.logs, MANIFEST, [formatManifest({ ...manifest, target: this.target })])
    this.manifest = manifest
  }

  /**
   * Goes back to a manifest after a failure and deletes what it does not name. When it cannot be written, the other one
   * may be in force; both lead to the same data, so long as the files of both are there.
   */
  private async takeBack(manifest: Manifest): Promise<void> {
    this.manifest = manifest
    try {
      await this.writeManifest(manifest)
      await this.removeStrays()
    } catch {
      // Why the rewrite failed is what its caller wants to know.
    }
  }

  /** Deletes the files of the log that the manifest, which must be durable, does not name. */
  private async removeStrays(): Promise<void> {
    const { base, increments } = this.manifest
    const named = new Set(increments.map(file => file.name))
    if (base !== undefined) named.add(base.name)
    for (const { name } of await this.logs.list()) {
      if (LOG_FILE.test(name) && !named.has(name)) await this.logs.remove(name)
    }
  }

  /** Notes the size from which growth is counted. */
  private async measure(): Promise<void> {
    const { base, increments } = this.manifest
    this.countedSize = base === undefined ? 0 : ((await this.logs.size(base.name)) ?? 0)
    this.olderSize = this.countedSize
    for (const { name } of increments.slice(0, -1)) this.olderSize += (await this.logs.size(name)) ?? 0
  }

  // ---- the rewrite ------------------------------------------------------------------------------------------------

  private rewriteWhenGrown(): void {
    const { journal } = this
    if (this.rewrites > 0 || this.closed || journal === undefined || journal.failure !== undefined) return
    const percentage = this.options.rewritePercentage ?? 100
    if (percentage === 0) return
    const size = this.olderSize + journal.size
    if (size < (this.options.rewriteMinSize ?? 64 * 1024 * 1024)) return
    if (size < this.countedSize * (1 + percentage / 100)) return
    // To begin anew after a failure is for the program to ask for.
    this.inTurn(() => this.shorten()).catch((error: Error) => {
      // A journal reports its failure itself.
      if (error !== this.journal?.failure) this.options.onError?.(error)
    })
  }

  /**
   * Writes a new base from the data as it is now and lets the log begin anew after it, while writes go on. Until the
   * last step the old files are complete; a rewrite that fails leaves them in use. After a failed write it is the way
   * back: nothing of the poisoned log is used, and writes are taken again.
   */
  async rewrite(): Promise<void> {
    this.mustBeOpen()
    await this.inTurn(() => (this.journal?.failure === undefined ? this.shorten() : this.beginAnew()))
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    this.rewrites++
    try {
      await this.oneAtATime(work)
      this.rewriteError = undefined
    } catch (error) {
      this.rewriteError = error as Error
      // What made it fail will mostly still be there: the log must grow by the same measure before the next attempt.
      this.countedSize = this.olderSize + (this.journal?.size ?? 0)
      throw error
    } finally {
      this.rewrites--
    }
  }

  private async shorten(): Promise<void> {
    const journal = this.journal as Journal
    const snapshot = await this.turn(journal)
    await this.replaceBase(snapshot, this.manifest.increments.slice(-1))
    // The files are in order, but writes are still refused.
    if (journal.failure !== undefined) throw journal.failure
  }

  /** A point in time after which everything goes to the last increment: a new one, unless nothing is in it yet. */
  private async turn(journal: Journal): Promise<Snapshot> {
    this.settle()
    if (journal.failure !== undefined) throw journal.failure
    if (journal.size === PREAMBLE_LENGTH) return this.databases.snapshot()
    const old = this.manifest
    let log: LogFile | undefined
    let snapshot: Snapshot | undefined
    let size = 0
    try {
      const next = await this.newIncrement()
      log = await this.logs.open(next.file.name)
      // Both increments are named before anything goes to the second one, so a crash between finds all of it.
      await this.writeManifest({ ...old, increments: [...old.increments, next.file] })
      await journal.moveTo(log, next.salt, () => {
        this.settle()
        snapshot = this.databases.snapshot()
        size = journal.size
      })
    } catch (error) {
      snapshot?.release()
      await log?.close().catch(() => {})
      await this.takeBack(old)
      throw error
    }
    this.olderSize += size
    return snapshot as unknown as Snapshot
  }

  /**
   * Begins a log that owes nothing to the one before, whose journal has failed. Writes are refused until it is in force;
   * what expires meanwhile is logged in it already, since the snapshot does not know of it.
   */
  private async beginAnew(): Promise<void> {
    const poisoned = this.journal as Journal
    const old = this.manifest
    let log: LogFile | undefined
    let fresh: Journal
    try {
      const next = await this.newIncrement()
      log = await this.logs.open(next.file.name)
      fresh = this.newJournal(log, next.salt)
      this.settle()
      const snapshot = this.databases.snapshot()
      this.journal = fresh
      await this.replaceBase(snapshot, [next.file])
    } catch (error) {
      this.journal = poisoned
      await log?.close().catch(() => {})
      await this.takeBack(old)
      throw error
    }
    await poisoned.close().catch(() => {})
    if (fresh.failure !== undefined) throw fresh.failure
    if (!this.closed) this.databases.refusal = null
  }

  /** The last step of a rewrite: a base, and a manifest that names it and the increments after it alone. */
  private async replaceBase(snapshot: Snapshot, increments: readonly ManifestFile[]): Promise<void> {
    const old = this.manifest
    const seq = ++this.baseSeq
    const base = { name: baseName(PREFIX, seq, 'rdb'), seq }
    try {
      const { size } = await writeSnapshot(this.logs, base.name, snapshot, true)
      await this.writeManifest({ base, history: [], increments })
      this.countedSize = this.olderSize = size
    } catch (error) {
      await this.takeBack(old)
      throw error
    } finally {
      snapshot.release()
    }
    // What cannot be deleted now is deleted at the next open or rewrite.
    await this.removeStrays().catch(() => {})
  }

  private oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.busy.then(work, work)
    this.busy = done.catch(() => {})
    return done
  }

  /** Ends a commit that a command which threw has left open. */
  private settle(): void {
    if (this.databases.pending) this.databases.commit()
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error(CLOSED)
  }

  // ---- what users call --------------------------------------------------------------------------------------------

  /** Writes `dump.rdb`, a snapshot of now, in the background. It is read only by an open that finds no log. */
  async save(): Promise<Saved> {
    this.mustBeOpen()
    const snapshot = this.databases.snapshot()
    this.saves++
    try {
      const saved = await this.oneAtATime(() => writeSnapshot(this.root, DUMP, snapshot, false))
      this.savedAt = snapshot.time
      this.saveError = undefined
      return saved
    } catch (error) {
      this.saveError = error as Error
      throw error
    } finally {
      this.saves--
      snapshot.release()
    }
  }

  /**
   * Loads the log once more, in place of what is in memory: DEBUG LOADAOF. Writes are refused while it is read; then
   * everything is replaced at once, so that nobody sees half of it.
   */
  async reload(): Promise<void> {
    this.mustBeOpen()
    const { databases } = this
    await this.oneAtATime(async () => {
      this.settle()
      databases.mayWrite()
      databases.refusal = LOADING
      try {
        await this.journal?.flush()
        const { base, increments } = this.manifest
        const files: [name: string, bytes: Uint8Array][] = []
        for (const { name } of base === undefined ? increments : [base, ...increments]) {
          files.push([name, (await readFile(this.logs, name)) ?? new Uint8Array(0)])
        }
        databases.refill(() => {
          for (const [file, bytes] of files) {
            if (!file.endsWith('.rdb'))
              scanAof(bytes, new Replay(this.databases, this.apply, file), { file, mode: 'strict' })
            else readRdb(bytes, new Loader(databases, file, bytes.length, databases.now(), () => 0), { file })
          }
        })
      } finally {
        // A log that has failed meanwhile refuses writes for its own reason.
        if (databases.refusal === LOADING) databases.refusal = null
      }
    })
  }

  /** Resolves when everything written so far is on disk. */
  async flush(): Promise<void> {
    this.mustBeOpen()
    this.settle()
    await this.journal?.flush()
  }

  /** Ends with everything on disk, and unlocks the directory. Writes are refused from the call on. */
  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    this.closed = true
    this.databases.refusal = `ERR ${CLOSED}`
    this.databases.files = null
    try {
      let { busy } = this
      for (;;) {
        await busy
        if (busy === this.busy) break
        busy = this.busy
      }
      try {
        this.settle()
      } finally {
        this.databases.attach(null)
        await this.journal?.close()
      }
    } finally {
      await this.lock.release()
    }
  }
}

interface Increment {
  readonly file: ManifestFile
  readonly salt: number
}

/** Throws a TypeError that names the first option that cannot be. */
function check(options: FilesOptions): void {
  const one = (name: 'fsync' | 'recovery' | 'target', choices: readonly string[]): void => {
    const value: unknown = options[name]
    if (value === undefined || choices.includes(value as string)) return
    throw new TypeError(`${name} must be ${choices.map(choice => `'${choice}'`).join(' or ')}`)
  }
  one('fsync', ['always', 'everysec', 'no'])
  one('target', TARGETS)
  one('recovery', ['tail', 'strict', 'pointInTime'])
  for (const name of ['rewritePercentage', 'rewriteMinSize'] as const) {
    const value: unknown = options[name]
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    throw new TypeError(`${name} must be a number that is not negative`)
  }
  for (const name of ['onProgress', 'onError'] as const) {
    const value: unknown = options[name]
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} must be a function`)
  }
}

/** Whether a log of ours ends with its first line, or one of Redis' has not even that. */
async function isEmpty(source: Source): Promise<boolean> {
  if (source.size !== PREAMBLE_LENGTH) return source.size === 0
  return fromBytes(await source.read(0, PREAMBLE_LENGTH)).startsWith(PREAMBLE)
}

interface Watch {
  (file: string, length: number, at: number): void
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
      watch(file, bytes.length, at)
      return bytes
    },
  }
}
