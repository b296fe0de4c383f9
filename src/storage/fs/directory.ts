import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Capabilities, Draft, Driver, FileInfo, Lock, LogFile } from '../../persist/driver.ts'
import { checkName, RESERVED } from '../rules.ts'
import { lockDirectory } from './lock.ts'

const fdatasync = promisify(fs.fdatasync)
const { O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_WRONLY } = fs.constants
const noFollow = fs.constants.O_NOFOLLOW ?? 0

/** A directory of the file system. Files are made with mode 0600, directories with 0700. */
export class Directory implements Driver {
  readonly place: string
  readonly capabilities: Capabilities = { durable: true, exclusive: true, immediate: true }

  /** For a directory that is there: `Directory.at` makes sure of it. */
  private constructor(place: string) {
    this.place = place
  }

  /** The directory of this path, made if it is not there, with those above it. */
  static async at(path: string): Promise<Directory> {
    const place = resolve(path)
    const first = await fs.promises.mkdir(place, { recursive: true, mode: 0o700 })
    // A name is durable when the directory that holds it is synced: from the first one made, down to ours.
    if (first !== undefined) {
      for (let made = place; ; made = dirname(made)) {
        await syncDirectory(dirname(made))
        if (made === resolve(first)) break
      }
    }
    return new Directory(place)
  }

  private path(name: string): string {
    checkName(name)
    return join(this.place, name)
  }

  async within(name: string): Promise<Directory> {
    return Directory.at(this.path(name))
  }

  async lock(): Promise<Lock> {
    const lock = await lockDirectory(this.place)
    return { release: async () => lock.release() }
  }

  async list(): Promise<FileInfo[]> {
    const files: FileInfo[] = []
    for (const name of await fs.promises.readdir(this.place)) {
      if (name.startsWith(RESERVED)) continue
      const size = await this.statSize(join(this.place, name))
      if (size !== undefined) files.push({ name, size })
    }
    return files
  }

  size(name: string): Promise<number | undefined> {
    return this.statSize(this.path(name))
  }

  private async statSize(path: string): Promise<number | undefined> {
    try {
      const info = await fs.promises.stat(path)
      return info.isFile() ? info.size : undefined
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  async read(name: string, at: number, length: number): Promise<Uint8Array> {
    const file = await fs.promises.open(this.path(name), 'r')
    try {
      const { size } = await file.stat()
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)))
      let done = 0
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return bytes.subarray(0, done)
    } finally {
      await file.close()
    }
  }

  async draft(name: string): Promise<Draft> {
    const path = this.path(name)
    const temporary = join(this.place, `${RESERVED}${randomBytes(16).toString('hex')}.draft`)
    const file = await fs.promises.open(temporary, O_CREAT | O_EXCL | O_WRONLY | noFollow, 0o600)
    return new FileDraft(file, temporary, path)
  }

  async open(name: string): Promise<LogFile> {
    const path = this.path(name)
    const fd = fs.openSync(path, O_RDWR | O_APPEND)
    const info = fs.fstatSync(fd)
    if (!info.isFile()) {
      fs.closeSync(fd)
      throw new Error(`${path} is no file`)
    }
    return new FileLog(name, fd, info.size)
  }

  async remove(name: string): Promise<void> {
    await fs.promises.rm(this.path(name), { force: true })
  }
}

class FileDraft implements Draft {
  private file: fs.promises.FileHandle | undefined
  private readonly temporary: string
  private readonly path: string
  private renamed: boolean

  constructor(file: fs.promises.FileHandle, temporary: string, path: string) {
    this.file = file
    this.temporary = temporary
    this.path = path
    this.renamed = false
  }

  private opened(): fs.promises.FileHandle {
    if (this.file === undefined) throw new Error(`the draft of ${this.path} is closed`)
    return this.file
  }

  async append(bytes: Uint8Array): Promise<void> {
    const { bytesWritten } = await this.opened().write(bytes)
    if (bytesWritten !== bytes.length) throw shortWrite(this.path, bytesWritten, bytes.length)
  }

  async commit(): Promise<void> {
    const file = this.opened()
    await file.sync()
    this.file = undefined
    await file.close()
    await fs.promises.rename(this.temporary, this.path)
    this.renamed = true
    await syncDirectory(dirname(this.path))
  }

  async discard(): Promise<void> {
    const { file } = this
    this.file = undefined
    await file?.close()
    if (!this.renamed) await fs.promises.rm(this.temporary, { force: true })
  }
}

class FileLog implements LogFile {
  readonly name: string
  size: number
  private fd: number
  /** Why nothing can be appended any more. */
  private broken: unknown
  private pending: Promise<void> | undefined

  constructor(name: string, fd: number, size: number) {
    this.name = name
    this.fd = fd
    this.size = size
    this.broken = undefined
    this.pending = undefined
  }

  private opened(): number {
    if (this.fd < 0) throw new Error(`${this.name} is closed`)
    if (this.broken !== undefined) {
      throw new Error(`${this.name} cannot be written after a failed write`, { cause: this.broken })
    }
    return this.fd
  }

  append(bytes: Uint8Array): void {
    const fd = this.opened()
    try {
      // A count short of the whole stands for an error that Node does not tell, most often a full disk.
      const written = fs.writeSync(fd, bytes, 0, bytes.length)
      if (written !== bytes.length) throw shortWrite(this.name, written, bytes.length)
    } catch (error) {
      try {
        fs.ftruncateSync(fd, this.size)
      } catch {
        this.broken = error
      }
      throw error
    }
    this.size += bytes.length
  }

  syncNow(): void {
    fs.fdatasyncSync(this.opened())
  }

  sync(): Promise<void> {
    const pending = fdatasync(this.opened()).finally(() => {
      this.pending = undefined
    })
    // Whoever closes waits for the end, not for the outcome.
    this.pending = pending.catch(() => {})
    return pending
  }

  truncate(size: number): void {
    const fd = this.opened()
    if (!(size >= 0 && size <= this.size)) throw new RangeError(`${this.name} has no ${size} bytes`)
    fs.ftruncateSync(fd, size)
    this.size = size
  }

  async close(): Promise<void> {
    await this.pending
    const { fd } = this
    this.fd = -1
    if (fd >= 0) fs.closeSync(fd)
  }
}

function shortWrite(path: string, written: number, length: number): Error {
  return Object.assign(new Error(`${path}: ${written} of ${length} bytes written`), { code: 'ESHORTWRITE' })
}

/** Makes the names in a directory durable. Windows opens no directories, and needs it not. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await fs.promises.open(path, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const expected = code === 'EPERM' || code === 'EISDIR' || code === 'EINVAL' || code === 'EACCES'
    if (process.platform !== 'win32' || !expected) throw error
  }
}
