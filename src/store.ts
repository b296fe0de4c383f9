import type { Commands, Multi } from './api/commands.ts'
import type { Iterators } from './api/iterate.ts'
import type { Subscriptions } from './api/pubsub.ts'
import type { Script } from './api/scripting.ts'
import type { Key, Value } from './api/types.ts'
import { families } from './commands/index.ts'
import { index as wholeNumber, keyTexts, record, text } from './commands/input.ts'
import { noEngine, scriptArgs, scriptKeys } from './commands/scripts.ts'
import type { Out } from './commands/op.ts'
import { Databases } from './databases.ts'
import { ReplyError } from './errors.ts'
import type { KeyEvent } from './events.ts'
import { atomically, Functions, isName } from './functions.ts'
import { type Host, systemHost } from './host.ts'
import { answer, bind, gather, install, keyspaceOf } from './install.ts'
import { installIterators } from './iterate.ts'
import type { Keyspace, Text } from './keyspace.ts'
import { parseNotify } from './notifications.ts'
import type { Scripting } from './ports.ts'
import { installSubscriptions } from './subscribe.ts'
import { plainText } from './util/stored.ts'
import { toBytes } from './util/text.ts'

export interface StoreOptions {
  /** How many databases there are; `db(n)` selects one. 16 by default, as in Redis. */
  databases?: number
  /** Where time, chance and timers come from: the runtime, or a `VirtualHost` in tests. */
  host?: Host
  /**
   * Which keyspace notifications are published, in the letters of Redis' `notify-keyspace-events`: 'KEA' for all of them
   * on both kinds of channel. None by default.
   */
  notify?: string
  /** The version that INFO reports, for clients that look at it; '7.4.0' by default, which is what this answers as. */
  redisVersion?: string
  /** What runs scripts: `lua()` of `embedis/lua`. Without it EVAL and its kin are refused. */
  scripting?: Scripting
}

export interface FunctionOptions {
  /** What FUNCTION LIST says of it. */
  description?: string
  /** True when it writes nothing: writes are refused, and FCALL_RO may call it. */
  readonly?: boolean
}

/** A function of the program, called directly. */
export type StoreFunction<R> = (keys?: readonly Key[], args?: readonly Value[]) => R

/** Keys that are watched for changes: see `Store.watch`. */
export interface Watched<S> {
  /** True once one of the keys was changed by anybody, or has expired. */
  readonly changed: boolean
  /** Runs `body` as a transaction and ends the watch; null, and nothing is run, when one of the keys has changed. */
  transaction<R>(body: (tx: S) => R): R | null
  /** Runs a queue as a transaction and ends the watch; null, and nothing is run, when one of the keys has changed. */
  exec<R>(queue: { exec(): R }): R | null
  /** Ends the watch. */
  unwatch(): void
  [Symbol.dispose](): void
}

/** What `stats` answers. */
export interface StoreStats {
  /** Reads that found their key, and those that did not. */
  readonly hits: number
  readonly misses: number
  /** Keys that went because their time was over, and because memory was short. */
  readonly expired: number
  readonly evicted: number
  /** Keys of all databases; how many of them expire. One whose time is over may be among them for a moment. */
  readonly keys: number
  readonly expires: number
  /** Commands sent by name. */
  readonly commands: number
}

export const strings: Out = { bytes: false, text: text => text, stored: plainText }

/** Bytes where the contract says text: `Bytes<…>` has the types right. */
export const bytes: Out = {
  bytes: true,
  text: toBytes,
  stored: (text: Text) => (typeof text === 'object' ? text.copy() : toBytes(String(text))),
} as unknown as Out

/** The same commands, answering `Uint8Array` where `store` answers text. */
export interface BytesCommands extends Commands<'sync', Uint8Array>, Iterators<Uint8Array>, Subscriptions<Uint8Array> {}

export class BytesView {
  constructor(ks: Keyspace) {
    bind(this, ks)
  }
}
install(BytesView.prototype, families, bytes)
installIterators(BytesView.prototype, bytes)
installSubscriptions(BytesView.prototype, bytes)

/** A copy of an argument, with what is inside it: lists, Maps, objects and bytes. */
function taken(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  if (Array.isArray(given)) return given.map(taken)
  // Not `slice`, which for a Buffer is the same memory again.
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given instanceof Map) return new Map(Array.from(given, ([field, value]) => [taken(field), taken(value)]))
  // Anything else that can be gone through is no argument, and `exec` will say so.
  if (Symbol.iterator in given) return given
  const copy: Record<string, unknown> = { ...given }
  for (const name of Object.keys(copy)) {
    // Assigned to, `__proto__` would be the prototype: it is left as the scalar that it can only be.
    if (typeof copy[name] === 'object' && name !== '__proto__') copy[name] = taken(copy[name])
  }
  const prototype: unknown = Object.getPrototypeOf(given)
  return prototype === Object.prototype ? copy : Object.setPrototypeOf(copy, prototype as object | null)
}

class Queue {
  private readonly store: Store
  private readonly calls: (() => unknown)[]
  constructor(store: Store) {
    this.store = store
    this.calls = []
  }
  exec(): unknown[] {
    const calls = this.calls.splice(0)
    return this.store.transaction(() => calls.map(call => call()))
  }
  /** Queues a call of the store's method. */
  add(call: (store: Store) => unknown): this {
    this.calls.push(() => call(this.store))
    return this
  }
}
for (const family of families) {
  for (const name of Object.keys(family.ops)) {
    const at = family.rest[name]
    const value = function (this: Queue, ...args: unknown[]): Queue {
      // Arguments are taken now: a list that the caller changes before `exec` must not change what was queued.
      const given = (at === undefined ? args : gather(args, at)).map(taken)
      return this.add(store => answer(keyspaceOf(store), family, name, given, strings))
    }
    Object.defineProperty(Queue.prototype, name, { value, writable: true, configurable: true })
  }
}

/** One database of an in-process Redis. Every command is a method; all are synchronous and atomic. */
export interface Store extends Commands<'sync'>, Iterators, Subscriptions {}

export class Store {
  private view: BytesCommands | undefined

  /** An empty store. */
  constructor(options: StoreOptions = {}) {
    const {
      host = systemHost,
      databases: count = 16,
      notify = '',
      redisVersion,
      scripting,
    } = record(options, 'options')
    const length = wholeNumber(count, 'databases')
    if (length < 1) throw new TypeError(`databases must be at least 1, not ${length}`)
    const databases = new Databases(record(host, 'host'), length)
    const classes = parseNotify(notify)
    if (classes === undefined) throw new TypeError(`notify has an unknown letter: ${notify}`)
    databases.notifyOf(classes)
    if (redisVersion !== undefined) {
      if (!/^\d+\.\d+\.\d+$/.test(redisVersion)) throw new TypeError("redisVersion must be like '7.4.0'")
      databases.redisVersion = redisVersion
    }
    if (scripting !== undefined) databases.scripts = record(scripting, 'scripting').attach(databases)
    bind(this, databases.list[0])
    this.view = undefined
  }

  /** The same commands with bytes coming out: `store.bytes.get(key)` is a `Uint8Array`. */
  get bytes(): BytesCommands {
    this.view ??= new BytesView(keyspaceOf(this)) as unknown as BytesCommands
    return this.view
  }

  /** Counts since the store was made; `commands` are those sent by name. O(databases). */
  stats(): StoreStats {
    const { databases } = keyspaceOf(this)
    let keys = 0
    let expires = 0
    for (const ks of databases.list) {
      keys += ks.size
      expires += ks.volatile
    }
    const { hits, misses, expired, evicted, stats } = databases
    return { hits, misses, expired, evicted, keys, expires, commands: stats?.processed ?? 0 }
  }

  /** Another database of the same store. Throws a `ReplyError` when there are not that many. O(1). */
  db(index: number): this {
    const fields = Object.assign(Object.create(Object.getPrototypeOf(this)), this, { view: undefined }) as this
    return bind(fields, keyspaceOf(this).databases.at(wholeNumber(index, 'index')))
  }

  /**
   * Runs `body`, and when it throws takes everything back that it did, in all databases. Its changes are logged
   * together and events come after it. Nested calls join the outermost. `body` must not be async. O(changes).
   */
  transaction<T>(body: (tx: this) => T): T {
    return keyspaceOf(this).databases.transaction(() => body(this))
  }

  /**
   * Runs `body` with one commit at its end, without rollback: what was done before a throw stays. `body` must not be
   * async.
   */
  batch<T>(body: (tx: this) => T): T {
    return keyspaceOf(this).databases.batch(() => {
      const result = body(this)
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        throw new TypeError(
          'a batch is synchronous: its callback must not return a promise (what it did before stays done, because a batch has no rollback)',
        )
      }
      return result
    })
  }

  /** Starts a queue of commands that `exec` runs as one transaction: `const [a, b] = store.multi().get('a').incr('b').exec()`. */
  multi(): Multi {
    return new Queue(this) as unknown as Multi
  }

  /**
   * A script to be run again and again: `const unlock = store.script('…'); unlock.run([key], [token])`. Throws a ReplyError when it
   * is none, and when the store has no engine.
   */
  script(source: string): Script {
    const { scripts } = keyspaceOf(this).databases
    if (scripts === null) throw new ReplyError(noEngine)
    const sha1 = scripts.load(text(source, 'source'))
    return {
      source,
      sha1,
      run: (keys, args) => this.eval(source, keys, args),
      runRo: (keys, args) => this.evalRo(source, keys, args),
    }
  }

  /**
   * Gives the store a function, which clients of any kind can call by FCALL, and the program by what is returned, or by `fcall`.
   * `body` gets the store in the database of whoever calls, and runs as a transaction: when it throws, what it did is taken
   * back. What it returns is the reply: text, numbers, lists, Maps and objects, null. It must not be async. Another function
   * of the name is replaced; one of a library is not.
   */
  function<R>(
    name: string,
    body: (tx: this, keys: readonly string[], args: readonly string[]) => R,
    options: FunctionOptions = {},
  ): StoreFunction<R> {
    const { description, readonly = false } = record(options, 'options')
    if (typeof body !== 'function') throw new TypeError('body must be a function')
    if (!isName(name)) throw new TypeError('the name of a function is made of letters, digits and underscores')
    const own = keyspaceOf(this)
    const { databases } = own
    if (databases.scripts?.hasFunction(name) === true) throw new TypeError(`a library has a function ${name}`)
    const prototype: object = Object.getPrototypeOf(this)
    const run = (ks: Keyspace, keys: readonly string[], args: readonly string[]): R => {
      // In a fork it gets the fork.
      const tx = ks.databases === databases ? this.db(ks.index) : bind(Object.create(prototype) as this, ks)
      return atomically(ks, readonly, () => body(tx, keys, args))
    }
    databases.functions ??= new Functions()
    databases.functions.set({ name, description, readonly, flags: readonly ? ['no-writes'] : [], run })
    return (keys, args) => run(own, scriptKeys(keys), scriptArgs(args))
  }

  /**
   * Watches keys, as WATCH does: what is then run by the returned object is run only when none of them has been changed
   * since, by anybody, nor has expired. For programs that await something between reading and writing.
   */
  watch(...keys: Key[]): Watched<this>
  watch(keys: readonly Key[]): Watched<this>
  watch(...given: unknown[]): Watched<this> {
    const [keys] = gather(given, 0) as [readonly Key[]]
    const names = keyTexts(keys)
    const ks = keyspaceOf(this)
    const watch = ks.databases.watch()
    for (const name of names) watch.add(ks, name)
    const unwatch = (): void => watch.end()
    const unless = <R>(run: () => R): R | null => {
      const holds = watch.holds()
      unwatch()
      return holds ? run() : null
    }
    return {
      get changed() {
        return !watch.holds()
      },
      transaction: body => unless(() => this.transaction(body)),
      exec: queue => unless(() => queue.exec()),
      unwatch,
      [Symbol.dispose]: unwatch,
    }
  }

  /**
   * Calls back with every event of this database by the name it has in Redis' keyspace notifications (`set`, `lpush`,
   * `expired`, …), or with '*' with all of them, at the commit of what caused it. Returns the way to stop. An error that
   * `handler` throws is no error of the call that caused the event.
   */
  on(event: string, handler: (event: KeyEvent) => void): () => void {
    if (typeof handler !== 'function') throw new TypeError('handler must be a function')
    const { databases, index } = keyspaceOf(this)
    return databases.listen(one => {
      if (one.db === index && (event === '*' || event === one.event)) handler(one)
    })
  }

  /**
   * A second store with the same data, both writable, each unseen by the other. Data is shared until one side writes to
   * it, a chunk at a time. Copies 8 bytes per 50 keys or so. It has no files; `host` replaces clock and chance.
   */
  fork(options: { host?: Host } = {}): this {
    const { databases, index } = keyspaceOf(this)
    const { host = databases.host } = record(options, 'options')
    const fork = Object.assign(Object.create(Object.getPrototypeOf(this)), { view: undefined }) as this
    return bind(fork, databases.fork(record(host, 'host')).list[index])
  }

  /** Ends timers. A store that is not closed keeps no process alive. */
  close(): void | Promise<void> {
    keyspaceOf(this).databases.close()
  }

  [Symbol.dispose](): void {
    void this.close()
  }
}
install(Store.prototype, families, strings)
installIterators(Store.prototype, strings)
installSubscriptions(Store.prototype, strings)

export { keyspaceOf }
