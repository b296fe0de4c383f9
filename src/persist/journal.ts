import type { Journal as Port } from '../ports.ts'
import type { Host } from '../host.ts'
import type { EffectArg } from '../keyspace.ts'
import { AofEncoder, type BatchPoint } from './aof/encoder.ts'
import type { LogFile } from './driver.ts'

declare function queueMicrotask(callback: () => void): void

/** When what was written reaches the disk: before a call returns, once a second, or when the system sees fit. */
export type Fsync = 'always' | 'everysec' | 'no'

/** Bytes that are handed to the driver at once even in the middle of a tick, or behind a pending sync. */
const MOST_PENDING = 1 << 20
const MOST_BEHIND_SYNC = 1 << 25
const SECOND = 1000

/**
 * The append log of the process: takes effects, frames those of a commit as a batch, and hands batches to the file at
 * the end of the tick at the latest.
 *
 * The first error poisons it (`failure`): pages that could not be written are marked clean by the kernel, so a later
 * sync that succeeds would prove nothing. Nothing is written any more; a rewrite begins another log with another journal.
 */
export class Journal implements Port {
  failure: Error | undefined
  /** Milliseconds that the longest sync took since the journal was made. */
  slowestSync: number
  private readonly fsync: Fsync
  private readonly host: Host
  private readonly onFailure: (error: Error) => void
  private encoder: AofEncoder
  private file: LogFile
  private scheduled: boolean
  private syncing: Promise<void> | undefined
  private timer: unknown
  private dirty: boolean
  private syncedAt: number

  /** `file` must have been synced: its batches then say that what they follow is no trace of a power cut. */
  constructor(file: LogFile, salt: number, fsync: Fsync, host: Host, onFailure: (error: Error) => void) {
    this.failure = undefined
    this.slowestSync = 0
    this.fsync = fsync
    this.host = host
    this.onFailure = onFailure
    this.encoder = new AofEncoder(salt)
    this.encoder.markDurable(file.size)
    this.file = file
    this.scheduled = false
    this.syncing = undefined
    this.timer = undefined
    this.dirty = false
    this.syncedAt = 0
  }

  /** The size of the file, with what waits to be appended to it. */
  get size(): number {
    return this.file.size + this.encoder.pending
  }

  /** Bytes that only this process has. */
  get pending(): number {
    return this.encoder.pending
  }

  append(db: number, argv: readonly EffectArg[]): void {
    if (this.failure === undefined) this.encoder.command(db, argv)
  }

  commit(): void {
    if (this.failure !== undefined) return
    const pending = this.encoder.commit()
    if (pending === 0) return
    if (this.fsync === 'always') {
      this.push()
      // After a failed append a sync would prove nothing.
      if (this.failure === undefined) this.syncNow()
      if (this.failure !== undefined) throw this.failure
      return
    }
    if (pending >= MOST_PENDING && (this.syncing === undefined || pending >= MOST_BEHIND_SYNC)) this.push()
    else if (!this.scheduled) {
      this.scheduled = true
      queueMicrotask(this.endOfTick)
    }
  }

  mark(): BatchPoint {
    return this.encoder.point()
  }

  rollback(mark?: object): void {
    this.encoder.discard(mark as BatchPoint | undefined)
  }

  private readonly endOfTick = (): void => {
    this.scheduled = false
    // A write to a file whose sync is pending may block until that is done: it waits its turn instead.
    if (this.syncing === undefined || this.encoder.pending >= MOST_BEHIND_SYNC) this.push()
  }

  /** Hands what is pending to the driver. */
  push(): void {
    if (this.failure !== undefined || this.encoder.pending === 0) return
    try {
      this.file.append(this.encoder.closed())
    } catch (error) {
      this.poison(error)
      return
    }
    this.encoder.release()
    this.dirty = true
    if (this.fsync === 'everysec') this.syncSoon()
  }

  private syncNow(): void {
    const start = this.host.now()
    try {
      this.file.syncNow()
      this.dirty = false
      this.encoder.markDurable(this.file.size)
    } catch (error) {
      this.poison(error)
    }
    this.synced(start)
  }

  private synced(start: number): void {
    this.syncedAt = this.host.now()
    this.slowestSync = Math.max(this.slowestSync, this.syncedAt - start)
  }

  /** Starts a sync a second after the last one, never two at a time. */
  private syncSoon(): void {
    if (this.syncing !== undefined || this.timer !== undefined) return
    const wait = this.syncedAt + SECOND - this.host.now()
    if (wait <= 0) {
      void this.startSync()
      return
    }
    this.timer = this.host.setTimer(() => {
      this.timer = undefined
      if (this.dirty && this.syncing === undefined) void this.startSync()
    }, wait)
  }

  private startSync(): Promise<void> {
    const start = this.host.now()
    const { file } = this
    const { size } = file
    this.dirty = false
    this.syncing = file.sync().then(
      () => {
        this.syncing = undefined
        this.synced(start)
        if (file === this.file) this.encoder.markDurable(size)
        this.push()
      },
      error => {
        this.syncing = undefined
        this.poison(error)
      },
    )
    return this.syncing
  }

  private poison(error: unknown): void {
    if (this.failure !== undefined) return
    this.failure = error instanceof Error ? error : new Error(String(error))
    this.host.clearTimer(this.timer)
    this.timer = undefined
    this.onFailure(this.failure)
  }

  /** Resolves when everything committed so far is on disk; rejects when it cannot be. */
  async flush(): Promise<void> {
    while (this.syncing !== undefined) await this.syncing
    this.push()
    if (this.failure === undefined && this.dirty) await this.startSync()
    if (this.failure !== undefined) throw this.failure
  }

  /**
   * Goes on in another file, synced and empty but for its first line. What is committed until `at` returns belongs to
   * the old file, what comes after to the new one; the old one is whole on disk before the new one gets anything,
   * because recovery allows only the last file that holds anything to end in a torn batch. When it rejects, nothing
   * has moved.
   */
  async moveTo(file: LogFile, salt: number, at: () => void): Promise<void> {
    do await this.flush()
    while (this.syncing !== undefined)
    at()
    const old = this.file
    // Little was written since, so this blocks for one short sync; nothing can be committed until the end of it.
    this.seal()
    if (this.failure === undefined) this.syncNow()
    if (this.failure !== undefined) throw this.failure
    this.file = file
    this.encoder.reset(salt)
    this.encoder.markDurable(file.size)
    this.dirty = false
    // All of it is on disk, so whether it closes well does not matter.
    await old.close().catch(() => {})
  }

  /** Lets the end of the file say how much of it is on disk, so that later damage is not taken for a power cut. */
  private seal(): void {
    this.push()
    if (this.failure === undefined && this.encoder.mark() > 0) this.push()
  }

  /** Ends it with everything on disk. */
  async close(): Promise<void> {
    this.host.clearTimer(this.timer)
    this.timer = undefined
    try {
      await this.flush()
      this.seal()
      await this.flush()
    } finally {
      await this.file.close()
    }
  }
}
