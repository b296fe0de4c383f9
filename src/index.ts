import type { Value } from './api/types.ts'
import { type Info, infoOf } from './commands/info.ts'
import { text } from './commands/input.ts'
import { gather } from './install.ts'
import { Store as Core, keyspaceOf, type StoreOptions } from './store.ts'
import type { Persistence, Recovery, Saved, StoreFiles } from './persist/index.ts'

import { addSessionCommands } from './session/commands.ts'
import { Session } from './session/index.ts'
import { Stats } from './stats.ts'
import { type Plain, ValueWriter } from './wire/reply.ts'
import { addServerCommands } from './wire/by-name.ts'
import { commandOf, execute, run } from './wire/table.ts'

export * from './api/index.ts'
export { ReplyError } from './errors.ts'
export { type Host, systemHost, VirtualHost } from './host.ts'
export type { Info, InfoSection, InfoValue } from './commands/info.ts'
export type { KeyEvent } from './events.ts'
export type { Session } from './session/index.ts'
export type { BytesCommands, FunctionOptions, StoreFunction, StoreOptions, StoreStats, Watched } from './store.ts'
export { fromBytes, toBytes } from './util/text.ts'

addServerCommands()
addSessionCommands()

export interface OpenOptions extends StoreOptions {
  /** Where the store is kept, such as `directory('./data')` of embedis/fs. */
  persistence: Persistence
}

/** One database of an in-process Redis. Every command is a method; all are synchronous and atomic. */
export class Store extends Core {
  private files: StoreFiles | undefined

  constructor(options: StoreOptions = {}) {
    super(options)
    const { databases } = keyspaceOf(this)
    databases.stats = new Stats(databases.now())
    this.files = undefined
  }

  /**
   * Opens a store that is kept in files: `await Store.open({ persistence: directory('./data') })`. Reads what is there.
   * Rejects with a CorruptionError that names file and offset, or when somebody else has the directory open.
   */
  static async open(options: OpenOptions): Promise<Store> {
    const store = new Store(options)
    const { databases } = keyspaceOf(store)
    const sink = new ValueWriter()
    // What the log holds was counted when it was sent.
    const { stats } = databases
    databases.stats = null
    store.files = await options.persistence.open(databases, (db, argv) => {
      run(databases.at(db), commandOf(argv), argv, sink)
    })
    databases.stats = stats
    return store
  }

  /** What `open` found; undefined when the store has no files. */
  get recovery(): Recovery | undefined {
    return this.files?.recovery
  }

  /**
   * Writes a snapshot, `dump.rdb`, as it is now, while the program goes on; resolves when it is on disk. It is for
   * copies: a store that has a log is opened from the log, and `dump.rdb` is read only when there is none. Tells the size of the
   * file and its version, which says who can read it: 10 is read by Redis 7.0 and all later ones; it is 12 while fields of
   * hashes expire.
   */
  async save(): Promise<Saved> {
    return this.withFiles().save()
  }

  /**
   * Rewrites the log from the data as it is now, while the program goes on. After a failed write, when writes are
   * refused, it begins a new log, and then writes are taken again.
   */
  async rewrite(): Promise<void> {
    await this.withFiles().rewrite()
  }

  /** Resolves when everything written so far is on disk. */
  async flush(): Promise<void> {
    await this.files?.flush()
  }

  /** Writes what is pending, closes the files and ends timers. From the call on, writes are refused. */
  override async close(): Promise<void> {
    super.close()
    await this.files?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * What INFO tells, as an object of sections: `store.info().server.redis_version`. Of the sections named, or of the usual
   * ones. O(databases).
   */
  info(...sections: string[]): Info {
    return infoOf(keyspaceOf(this).databases, sections)
  }

  /**
   * A client of its own, for commands by name that need one: SELECT, MULTI and WATCH, SUBSCRIBE, commands that wait.
   * `onPush` gets messages of subscriptions, each as RESP3 gives it: `['message', channel, payload]`.
   */
  session(options: { onPush?: (message: Plain) => void } = {}): Session {
    return new Session(keyspaceOf(this).databases, options.onPush)
  }

  private withFiles(): StoreFiles {
    if (this.files === undefined)
      throw new TypeError('this store has no files: open it with Store.open and a persistence')
    return this.files
  }

  /**
   * Sends a command by name: `store.call('SET', 'key', 'value', 'EX', 60)`. Replies as RESP3 gives them: text, number,
   * bigint beyond 2^53, null, array, Map. Very many arguments are given as one array. Throws a `ReplyError` with Redis'
   * text.
   */
  call(...argv: Value[]): Plain
  call(argv: readonly Value[]): Plain
  call(...argv: unknown[]): Plain {
    const [given] = gather(argv, 0) as [readonly Value[]]
    const args = given.map(arg => text(arg, 'argument'))
    if (args.length === 0) throw new TypeError('a command must have a name')
    const ks = keyspaceOf(this)
    const writer = new ValueWriter()
    try {
      execute(ks, args, writer)
    } finally {
      if (ks.databases.pending) ks.databases.commit()
    }
    return writer.take()
  }
}
