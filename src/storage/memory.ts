import type { Capabilities, Draft, Driver, FileInfo, Lock, LogFile } from '../persist/driver.ts'
import { checkName, LockedError, MissingFileError } from './rules.ts'

/** What a driver is about to do. */
export interface Operation {
  readonly kind:
    | 'lock'
    | 'list'
    | 'read'
    | 'draft'
    | 'write'
    | 'commit'
    | 'open'
    | 'append'
    | 'sync'
    | 'truncate'
    | 'remove'
  readonly name: string
  /** Bytes appended or written; the new size for `truncate`. */
  readonly bytes: number
}

export interface MemoryOptions {
  /** Called before each operation. What it throws is the failure of the operation, which is then not done. */
  before?: (operation: Operation) => void
}

interface MemoryFile {
  bytes: Uint8Array
  size: number
  /** What a power cut leaves: the content at the last sync. It may share the array, which only grows behind it. */
  synced: Uint8Array
}

interface Directory {
  readonly files: Map<string, MemoryFile>
  readonly directories: Map<string, Directory>
  locked: boolean
}

const newDirectory = (): Directory => ({ files: new Map(), directories: new Map(), locked: false })

/** Files that live as long as the object: for tests, and for runtimes without files. */
export class MemoryDriver implements Driver {
  readonly place: string
  readonly capabilities: Capabilities = { durable: false, exclusive: false, immediate: true }
  private readonly directory: Directory
  private readonly options: MemoryOptions

  constructor(options: MemoryOptions = {}, directory: Directory = newDirectory(), place: string = 'memory') {
    this.options = options
    this.directory = directory
    this.place = place
  }

  /** The same files after a power cut: unlocked, each with the content of its last sync. */
  afterPowerCut(options: MemoryOptions = {}): MemoryDriver {
    return new MemoryDriver(options, survivors(this.directory), this.place)
  }

  private before(kind: Operation['kind'], name: string, bytes: number = 0): void {
    this.options.before?.({ kind, name, bytes })
  }

  async within(name: string): Promise<MemoryDriver> {
    checkName(name)
    let inner = this.directory.directories.get(name)
    if (inner === undefined) {
      inner = newDirectory()
      this.directory.directories.set(name, inner)
    }
    return new MemoryDriver(this.options, inner, `${this.place}/${name}`)
  }

  async lock(): Promise<Lock> {
    this.before('lock', '')
    const { directory } = this
    if (directory.locked) throw new LockedError(this.place, 'this process')
    directory.locked = true
    let held = true
    return {
      async release() {
        if (held) directory.locked = false
        held = false
      },
    }
  }

  async list(): Promise<FileInfo[]> {
    this.before('list', '')
    return Array.from(this.directory.files, ([name, file]) => ({ name, size: file.size }))
  }

  async size(name: string): Promise<number | undefined> {
    checkName(name)
    return this.directory.files.get(name)?.size
  }

  async read(name: string, at: number, length: number): Promise<Uint8Array> {
    const file = this.file(name)
    this.before('read', name, length)
    return file.bytes.slice(Math.min(at, file.size), Math.min(at + length, file.size))
  }

  private file(name: string): MemoryFile {
    checkName(name)
    const file = this.directory.files.get(name)
    if (file === undefined) throw new MissingFileError(name)
    return file
  }

  async draft(name: string): Promise<Draft> {
    checkName(name)
    this.before('draft', name)
    const { directory } = this
    let parts: Uint8Array[] | undefined = []
    const open = (): Uint8Array[] => {
      if (parts === undefined) throw new Error(`the draft of ${name} is closed`)
      return parts
    }
    return {
      append: async bytes => {
        open()
        this.before('write', name, bytes.length)
        open().push(bytes.slice())
      },
      commit: async () => {
        open()
        this.before('commit', name)
        const bytes = concatenate(open())
        parts = undefined
        directory.files.set(name, { bytes, size: bytes.length, synced: bytes })
      },
      async discard() {
        parts = undefined
      },
    }
  }

  async open(name: string): Promise<LogFile> {
    const file = this.file(name)
    this.before('open', name)
    return new MemoryLog(name, file, (kind, bytes) => this.before(kind, name, bytes))
  }

  async remove(name: string): Promise<void> {
    checkName(name)
    this.before('remove', name)
    this.directory.files.delete(name)
  }
}

class MemoryLog implements LogFile {
  readonly name: string
  private readonly file: MemoryFile
  private readonly before: (kind: Operation['kind'], bytes: number) => void
  private closed: boolean

  constructor(name: string, file: MemoryFile, before: (kind: Operation['kind'], bytes: number) => void) {
    this.name = name
    this.file = file
    this.before = before
    this.closed = false
  }

  get size(): number {
    return this.file.size
  }

  private check(): void {
    if (this.closed) throw new Error(`${this.name} is closed`)
  }

  append(bytes: Uint8Array): void {
    this.check()
    this.before('append', bytes.length)
    const { file } = this
    const size = file.size + bytes.length
    if (size > file.bytes.length) {
      const grown = new Uint8Array(Math.max(size, file.bytes.length * 2, 1024))
      grown.set(file.bytes.subarray(0, file.size))
      file.bytes = grown
    }
    file.bytes.set(bytes, file.size)
    file.size = size
  }

  syncNow(): void {
    this.check()
    this.before('sync', 0)
    this.file.synced = this.file.bytes.subarray(0, this.file.size)
  }

  async sync(): Promise<void> {
    this.syncNow()
  }

  truncate(size: number): void {
    this.check()
    if (!(size >= 0 && size <= this.file.size)) throw new RangeError(`${this.name} has no ${size} bytes`)
    this.before('truncate', size)
    const { file } = this
    if (size < file.synced.length) file.bytes = file.bytes.slice(0, size)
    file.size = size
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function survivors(directory: Directory): Directory {
  const rest = newDirectory()
  for (const [name, { synced }] of directory.files) {
    rest.files.set(name, { bytes: synced.slice(), size: synced.length, synced })
  }
  for (const [name, inner] of directory.directories) rest.directories.set(name, survivors(inner))
  return rest
}
