import type { Source } from './source.ts'

/**
 * Where the files of a store are kept. A driver is one directory of files with base names; journal, snapshot, recovery
 * and rewrite are written once, above it. `test/persist/driver-suite.ts` says the same as tests, for every driver.
 *
 * 1. A file comes into being whole: by the `commit` of a draft. It then grows by `append`, or is cut by `truncate`.
 * 2. `commit` resolves when content and name survive a power cut; until then the old file, or none, has the name.
 * 3. What was appended is with the operating system when `append` returns: it survives the process, and the machine
 *    after `sync`.
 * 4. An append that throws has left the file as it was, or the file refuses everything from then on.
 */
export interface Driver {
  /** The place, for messages: a path, or another name. */
  readonly place: string
  readonly capabilities: Capabilities
  /** A directory inside this one, made if it is not there. */
  within(name: string): Promise<Driver>
  /** Keeps others out until it is released; rejects with LockedError when someone is in. */
  lock(): Promise<Lock>
  /** The files, without drafts, locks and directories; in no order. */
  list(): Promise<FileInfo[]>
  /** The size of a file; undefined when there is none. */
  size(name: string): Promise<number | undefined>
  /** Bytes of a file from `at` on, at most `length`, fewer only at its end. Rejects with ENOENT when there is none. */
  read(name: string, at: number, length: number): Promise<Uint8Array>
  /** Begins a new file, or a new content for one. */
  draft(name: string): Promise<Draft>
  /** Opens a file to append to it. Rejects with ENOENT when there is none. */
  open(name: string): Promise<LogFile>
  /** Deletes a file, if it is there. It may come back after a power cut. */
  remove(name: string): Promise<void>
}

export interface Capabilities {
  /** What is synced survives a power cut. */
  readonly durable: boolean
  /** `lock` keeps other processes out, not only this one. */
  readonly exclusive: boolean
  /** `append` and `syncNow` do what they say before they return; without it, policy `always` cannot be offered. */
  readonly immediate: boolean
}

export interface FileInfo {
  readonly name: string
  readonly size: number
}

export interface Lock {
  release(): Promise<void>
}

/** A file that nobody sees yet. One call at a time. */
export interface Draft {
  /** Adds bytes, which must not change before it resolves. */
  append(bytes: Uint8Array): Promise<void>
  /** Makes it the file of its name, durably. */
  commit(): Promise<void>
  /** Forgets it. After `commit`, or a second time, nothing. */
  discard(): Promise<void>
}

/** A file open for appending. */
export interface LogFile {
  readonly name: string
  readonly size: number
  /** Adds bytes at the end: all of them, or none and it throws. */
  append(bytes: Uint8Array): void
  /** Makes everything appended so far durable, before it returns. */
  syncNow(): void
  /** The same without blocking. Not while another is pending. */
  sync(): Promise<void>
  /** Cuts the file to `size`; durable after the next sync. */
  truncate(size: number): void
  /** After a pending `sync`. */
  close(): Promise<void>
}

/** A file as a decoder wants it. */
export async function fileSource(driver: Driver, name: string): Promise<Source | undefined> {
  const size = await driver.size(name)
  return size === undefined ? undefined : { size, read: (at, length) => driver.read(name, at, length) }
}

/** Writes a whole file: afterwards it has the new content, durably, or after an error the old one. */
export async function writeFile(driver: Driver, name: string, parts: Iterable<Uint8Array>): Promise<void> {
  const draft = await driver.draft(name)
  try {
    for (const part of parts) await draft.append(part)
    await draft.commit()
  } finally {
    await draft.discard()
  }
}

/** Reads a whole file. */
export async function readFile(driver: Driver, name: string): Promise<Uint8Array | undefined> {
  const size = await driver.size(name)
  return size === undefined ? undefined : driver.read(name, 0, size)
}
