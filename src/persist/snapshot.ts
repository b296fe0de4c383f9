import type { Databases, Snapshot } from '../databases.ts'
import type { Keyspace } from '../keyspace.ts'
import { RDB_TIMED, RDB_VERSION } from '../encoding/constants.ts'
import { CorruptionError, UnsupportedError } from '../encoding/corruption.ts'
import { structureOf } from '../encoding/structure.ts'
import type { RdbValue } from '../encoding/value.ts'
import type { Driver } from './driver.ts'
import { libraryName } from '../libraries.ts'
import type { RdbSink } from './rdb/reader.ts'
import { RdbWriter } from './rdb/writer.ts'

/** An aux field of ours, which other loaders skip. */
const SEED = 'embedis-seed'
/** Keys written between two looks at how much is pending. */
const STEP = 512
/** Bytes handed to the driver at a time; between two of them the program goes on. */
const PIECE = 1 << 18

/** An RDB file that has been written. */
export interface Saved {
  /** Of the format: 10, which Redis 7.0 reads, or 12, because fields of hashes expire, which only Redis 7.4 reads. */
  readonly version: number
  /** Of the file, in bytes. */
  readonly size: number
}

/** Writes a point in time as an RDB file: afterwards the name has it durably, or after an error what it had before. */
export async function writeSnapshot(driver: Driver, name: string, snapshot: Snapshot, base: boolean): Promise<Saved> {
  const draft = await driver.draft(name)
  let size = 0
  try {
    const version = snapshot.timed ? RDB_TIMED : RDB_VERSION
    const rdb = new RdbWriter({ version })
    rdb.aux('redis-ver', '7.4.0')
    rdb.aux('redis-bits', 64)
    rdb.aux('ctime', Math.floor(snapshot.time / 1000))
    rdb.aux('used-mem', 0)
    rdb.aux('aof-base', base ? 1 : 0)
    if (base) rdb.aux(SEED, snapshot.seed)
    const write = async (pieces: readonly Uint8Array[]): Promise<void> => {
      for (const piece of pieces) {
        await draft.append(piece)
        size += piece.length
      }
    }
    for (const text of snapshot.libraries.values()) rdb.library(text)
    for (const [db, table] of snapshot.tables.entries()) {
      if (table.size === 0) continue
      rdb.database(db, table.size, snapshot.volatile[db])
      let cursor = 0
      do {
        cursor = table.scan(cursor, STEP, (key, value, time) => rdb.stored(key, time, value))
        if (rdb.pending >= PIECE) await write(rdb.take())
      } while (cursor !== 0)
    }
    await write(rdb.finish())
    await draft.commit()
    return { version, size }
  } finally {
    await draft.discard()
  }
}

/** Puts what an RDB file holds into the databases, which must be empty of it. */
export class Loader implements RdbSink {
  keys: number
  expired: number
  private readonly databases: Databases
  private readonly file: string
  private readonly size: number
  private readonly begun: () => number
  private readonly dropBefore: number
  private base: boolean
  private ks: Keyspace

  /**
   * `size` is that of the file, `begun` where the window began that is being read: errors say it, because the decoder
   * does not tell its sink where it is. Keys and fields that expired before `dropBefore` are left out, unless the file is the base of a log, which says so itself.
   */
  constructor(databases: Databases, file: string, size: number, dropBefore: number, begun: () => number) {
    this.keys = 0
    this.expired = 0
    this.databases = databases
    this.file = file
    this.size = size
    this.begun = begun
    this.dropBefore = dropBefore
    this.base = false
    this.ks = databases.list[0]
  }

  aux(name: string, value: string): void {
    if (name === 'aof-base') this.base = value === '1'
    // Only the base of our own log: in a file from elsewhere the keys may have been chosen for the seed.
    if (name === SEED && this.base && /^-?\d{1,10}$/.test(value)) this.databases.adoptSeed(Number(value) | 0)
  }

  library(text: string): void {
    const { databases } = this
    const name = libraryName(text)
    if (name === undefined) return this.fail('a function library does not say its name in its first line')
    if (databases.libraries.has(name)) this.fail(`the function library ${name} stands twice`)
    databases.libraries = new Map(databases.libraries).set(name, text)
  }

  selectDb(db: number): void {
    if (db >= this.databases.list.length) {
      const count = this.databases.list.length
      this.fail(`database ${db} of a store with ${count}: open it with more databases`)
    }
    this.ks = this.databases.list[db]
  }

  resize(keys: number): void {
    // A hint of the file, believed as far as its size allows: a key takes four bytes at least.
    this.ks.table.reserve(Math.min(keys, this.size / 4))
  }

  key(key: string, expireAt: number | undefined, given: RdbValue): void {
    const value = this.base ? given : this.living(given)
    if (value === undefined || (expireAt !== undefined && !this.base && expireAt < this.dropBefore)) {
      this.expired++
      return
    }
    if (value.type === 'hash' && value.times !== undefined && this.databases.fieldRefusal !== null) {
      throw new UnsupportedError(`the key ${JSON.stringify(key)}: expiry of hash fields in a directory for Redis 7.0`, {
        file: this.file,
        offset: this.begun(),
      })
    }
    let added: boolean
    try {
      added = this.ks.insert(key, structureOf(value, this.ks), expireAt ?? 0)
    } catch (error) {
      if (!(error instanceof CorruptionError) || error.file !== undefined) throw error
      return this.fail(`the key ${JSON.stringify(key)}: ${error.message.replace(/ \(at byte 0\)$/, '')}`)
    }
    if (!added) this.fail(`the key ${JSON.stringify(key)} stands twice`)
    this.keys++
  }

  /** A hash without the fields that have expired, undefined when none are left; any other value as it is. */
  private living(value: RdbValue): RdbValue | undefined {
    if (value.type !== 'hash' || value.times === undefined) return value
    const lives = value.times.map(time => time === 0 || time >= this.dropBefore)
    const times = value.times.filter((_, i) => lives[i])
    if (times.length === 0) return undefined
    return { type: 'hash', pairs: value.pairs.filter((_, i) => lives[i >> 1]), times }
  }

  private fail(what: string): never {
    throw new CorruptionError(what, { file: this.file, offset: this.begun() })
  }
}
