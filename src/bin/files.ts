import * as fs from 'node:fs'
import path from 'node:path'
import type { Databases } from '../databases.ts'
import { keyspaceOf } from '../install.ts'
import { Store } from '../index.ts'
import { type FileReport, type Folder, Inspection } from '../persist/inspect.ts'
import type { Source } from '../persist/source.ts'
import { ValueWriter } from '../wire/reply.ts'
import { commandOf, run } from '../wire/table.ts'

/** What was asked for cannot be done, and why. */
export class Refused extends Error {}

/** A file of the file system, to be read only. */
export class ReadOnlyFile implements Source {
  readonly size: number
  private readonly fd: number

  constructor(file: string) {
    this.fd = fs.openSync(file, 'r')
    this.size = fs.fstatSync(this.fd).size
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - at)))
    let done = 0
    while (done < bytes.length) {
      const count = fs.readSync(this.fd, bytes, done, bytes.length - done, at + done)
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  }

  close(): void {
    fs.closeSync(this.fd)
  }
}

export interface Inspected {
  readonly databases: Databases
  readonly reports: readonly FileReport[]
  readonly sound: boolean
}

/**
 * Reads a file or a directory as a store would when it opens it, and changes nothing. Of a directory that is its log, or,
 * when there is none, `dump.rdb`.
 */
export async function inspect(place: string, databases: number): Promise<Inspected> {
  const store = new Store({ databases })
  const keyspaces = keyspaceOf(store).databases
  // Nobody asks how often these commands ran.
  keyspaces.stats = null
  const sink = new ValueWriter()
  const inspection = new Inspection(keyspaces, (db, argv) => run(keyspaces.at(db), commandOf(argv), argv, sink))
  const opened: ReadOnlyFile[] = []
  const open = (file: string): ReadOnlyFile => {
    const source = new ReadOnlyFile(file)
    opened.push(source)
    return source
  }
  try {
    const { directory, file, manifest } = find(place)
    if (manifest === undefined) await inspection.file(file, open(path.join(directory, file)))
    else {
      const folder: Folder = { names: fs.readdirSync(directory), open: async name => open(path.join(directory, name)) }
      await inspection.logs(manifest, folder)
    }
  } finally {
    for (const source of opened) source.close()
  }
  return { databases: keyspaces, reports: inspection.reports, sound: inspection.sound }
}

interface Found {
  readonly directory: string
  /** The one file, or the manifest of a log in several. */
  readonly file: string
  readonly manifest: string | undefined
}

/** Finds what a path means. Throws when there is nothing that Redis, or a store, would open. */
function find(place: string): Found {
  const info = fs.statSync(place, { throwIfNoEntry: false })
  if (info === undefined) throw new Refused(`${place} does not exist`)
  if (!info.isDirectory()) {
    const [directory, file] = [path.dirname(place), path.basename(place)]
    return { directory, file, manifest: file.endsWith('.manifest') ? file : undefined }
  }
  for (const directory of [path.join(place, 'appendonlydir'), place]) {
    if (!fs.existsSync(directory)) continue
    const manifests = fs.readdirSync(directory).filter(name => name.endsWith('.manifest'))
    if (manifests.length > 1) throw new Refused(`${directory} has ${manifests.length} manifests: name one of them`)
    if (manifests.length === 1) return { directory, file: manifests[0], manifest: manifests[0] }
  }
  for (const file of ['dump.rdb', 'appendonly.aof']) {
    if (fs.existsSync(path.join(place, file))) return { directory: place, file, manifest: undefined }
  }
  throw new Refused(`${place} holds no log and no snapshot`)
}
