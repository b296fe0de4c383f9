import type { Databases } from '../databases.ts'
import { MAGIC, VALKEY_MAGIC } from '../encoding/constants.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { fromBytes } from '../util/text.ts'
import { parseManifest } from './aof/manifest.ts'
import { scanAofFrom } from './aof/scanner.ts'
import { readRdbFrom } from './rdb/reader.ts'
import { type Apply, Replay } from './replay.ts'
import { Loader } from './snapshot.ts'
import type { Source } from './source.ts'

/**
 * Looks at files without opening them as a store: nothing is written, locked or repaired. What they hold goes into
 * databases made for it, where keys keep whatever expiry time they have, over or not.
 */

/** What is known of one file. */
export interface FileReport {
  readonly file: string
  readonly kind: 'rdb' | 'aof' | 'manifest'
  readonly size: number
  /** Of an RDB file, or of the one at the head of a log; undefined when there is none. */
  readonly version?: number
  readonly keys?: number
  /** True when its checksum was there, and right. */
  readonly checked?: boolean
  /** Of a log. */
  readonly commits?: number
  readonly commands?: number
  /** True when it is one of ours, whose every batch has a checksum. */
  readonly sealed?: boolean
  /** Everything before this offset is sound, and was read. */
  readonly good: number
  /** What is wrong behind it, when something is. */
  readonly problem?: Error
  /** True when it only ends too early, as after a crash: opening a store repairs that. */
  readonly torn?: boolean
}

/** Files by name, to be read only. */
export interface Folder {
  readonly names: readonly string[]
  open(name: string): Promise<Source>
}

export class Inspection {
  readonly reports: FileReport[]
  private readonly databases: Databases
  private readonly apply: Apply

  /** `databases` are empty, and `apply` runs a command of a log on them. */
  constructor(databases: Databases, apply: Apply) {
    this.reports = []
    this.databases = databases
    this.apply = apply
    // What has expired is still in the file.
    databases.expiring = false
  }

  get sound(): boolean {
    return this.reports.every(({ problem }) => problem === undefined)
  }

  /** A file of its own, of either kind; which one its first bytes tell. */
  async file(name: string, source: Source): Promise<void> {
    const head = fromBytes(await source.read(0, VALKEY_MAGIC.length))
    const snapshot = head.startsWith(MAGIC) || head.startsWith(VALKEY_MAGIC.slice(0, 6))
    await (snapshot ? this.snapshot(name, source) : this.log(name, source, 0, {}))
  }

  /** A log in several files, in the order of its manifest. */
  async logs(manifest: string, folder: Folder): Promise<void> {
    const source = await folder.open(manifest)
    let names: readonly string[]
    try {
      const { base, increments } = parseManifest(await source.read(0, source.size), manifest)
      names = [...(base === undefined ? [] : [base]), ...increments].map(({ name }) => name)
    } catch (error) {
      this.report({ file: manifest, kind: 'manifest', size: source.size, good: 0, problem: known(error) })
      return
    }
    this.report({ file: manifest, kind: 'manifest', size: source.size, good: source.size })
    for (const name of names) {
      if (folder.names.includes(name)) await this.file(name, await folder.open(name))
      else {
        const problem = new CorruptionError('the manifest names a file that is missing', { file: name, offset: 0 })
        this.report({ file: name, kind: name.endsWith('.rdb') ? 'rdb' : 'aof', size: 0, good: 0, problem })
      }
    }
  }

  private report(report: FileReport): void {
    this.reports.push(report)
  }

  private async snapshot(name: string, source: Source): Promise<void> {
    let begun = 0
    const noting: Source = {
      size: source.size,
      read: (at, length) => {
        begun = at
        return source.read(at, length)
      },
    }
    const loader = new Loader(this.databases, name, source.size, -Infinity, () => begun)
    try {
      const { version, keys, checked, end } = await readRdbFrom(noting, loader, { file: name, followed: true })
      if (end < source.size) await this.log(name, source, end, { version, keys, checked })
      else this.report({ file: name, kind: 'rdb', size: source.size, version, keys, checked, good: end })
    } catch (error) {
      const problem = known(error)
      const good = problem instanceof CorruptionError ? problem.offset : begun
      this.report({ file: name, kind: 'rdb', size: source.size, keys: loader.keys, good, problem })
    }
  }

  private async log(name: string, source: Source, from: number, head: Partial<FileReport>): Promise<void> {
    const sink = new Replay(this.databases, this.apply, name, from)
    const facts = { ...head, file: name, kind: 'aof', size: source.size } as const
    try {
      const end = await scanAofFrom(source, sink, { file: name, from, mode: 'pointInTime' })
      const { commits, commands, salt, problem, state } = end
      const torn = state === 'torn' || state === 'damaged'
      this.report({ ...facts, commits, commands, sealed: salt !== undefined, good: end.good, problem, torn })
    } catch (error) {
      this.report({ ...facts, good: sink.good, problem: known(error) })
    }
  }
}

/** What a file can do wrong; anything else is not the file's fault and goes on. */
function known(error: unknown): Error {
  if (error instanceof CorruptionError || (error instanceof Error && 'code' in error)) return error
  throw error
}
