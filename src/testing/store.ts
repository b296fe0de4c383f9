import type { RestoreOptions } from '../api/dump.ts'
import type { Integer, Key, Value } from '../api/types.ts'
import { families } from '../commands/index.ts'
import { record, text } from '../commands/input.ts'
import type { Family, Out } from '../commands/op.ts'
import { VirtualHost } from '../host.ts'
import { Store } from '../index.ts'
import { answer, gather, keyspaceOf } from '../install.ts'
import { bytes, BytesView, type BytesCommands, type StoreOptions, strings } from '../store.ts'
import type { Plain } from '../wire/reply.ts'
import { dump } from './dump.ts'
import { FaultPlan, type FaultRule } from './faults.ts'
import { TestGate } from './gate.ts'
import { CommandLog } from './log.ts'
import { type Data, load } from './seed.ts'
import type { StrictOptions } from './strict.ts'

export interface TestStoreOptions extends Omit<StoreOptions, 'host'> {
  /** Where the clock begins, in milliseconds since 1970; 1,700,000,000,000, in November 2023, by default. */
  now?: number
  /** Of all chance there is: random commands, faults, shuffled replies; 1 by default. */
  seed?: number
  /** What the store holds from the beginning: keys and values, their JSON, or the bytes of an RDB file or a log. */
  data?: Data
  /** What is to go wrong. */
  faults?: readonly FaultRule[]
  /** Refuses what a cluster, or a server under load, would suffer from; `true` for all of it. */
  strict?: boolean | StrictOptions
}

/** A point in time that a store can be taken back to. */
export class StoreSnapshot {
  /** Takes the store back to here, as often as it is called: see `TestStore.restore`. */
  readonly restore: () => void

  /** @internal */
  constructor(restore: () => void) {
    this.restore = restore
  }
}

/** The last snapshot of each store. */
const last = new WeakMap<TestGate, StoreSnapshot>()

/**
 * A store for tests: its clock stands still until it is advanced, all chance comes from a seed, commands are logged, and
 * what is planned goes wrong.
 */
export class TestStore extends Store {
  private gate: TestGate
  private gated: BytesCommands | undefined

  constructor(options: TestStoreOptions = {}) {
    const { now, seed, data, faults, strict, ...rest } = record(options, 'options')
    for (const [name, value] of Object.entries({ now, seed })) {
      if (value !== undefined && !Number.isFinite(value)) throw new TypeError(`${name} must be a number`)
    }
    const host = new VirtualHost({ now, seed })
    super({ ...rest, host })
    const all = strict === true ? {} : strict === false ? undefined : strict
    this.gate = new TestGate(host, new VirtualHost({ seed }), new CommandLog(), new FaultPlan(faults), all)
    this.gated = undefined
    const ks = keyspaceOf(this)
    ks.databases.gate = this.gate
    if (data !== undefined) load(ks, data)
  }

  /** The commands that the store was sent: by methods, by `call`, and by clients of any kind. */
  get log(): CommandLog {
    return this.gate.log
  }

  /** What goes wrong. */
  get faults(): FaultPlan {
    return this.gate.faults
  }

  /** The store's clock, in milliseconds since 1970. */
  now(): number {
    return this.gate.host.now()
  }

  /**
   * Moves the clock on by so many milliseconds. What is due on the way happens at its time and in its order: keys expire, waits
   * end, delayed replies are sent. What awaits any of it goes on afterwards.
   */
  advance(ms: number): void {
    this.gate.host.advance(ms)
  }

  /**
   * As `advance`, but lets the program go on each time something was due, so that a loop of waits, or a client, does a day's
   * work in a day. Resolves when the time is over.
   */
  advanceAsync(ms: number): Promise<void> {
    return this.gate.host.advanceAsync(ms)
  }

  /**
   * Marks how everything is now: data of all databases, clock, chance, plan of faults. Data is shared until it is written to:
   * costs what `fork` costs.
   */
  snapshot(): StoreSnapshot {
    const { databases } = keyspaceOf(this)
    const { host, chance, faults, log } = this.gate
    const saved = databases.fork()
    // It is only ever read, and has nothing to do when time goes on.
    saved.setPunctual(false)
    const back = [host.mark(), chance.mark(), faults.mark()]
    const snapshot = new StoreSnapshot(() => {
      if (databases.nested) throw new TypeError('a store cannot be restored inside a transaction or batch')
      for (const one of back) one()
      log.clear()
      databases.restore(saved)
    })
    last.set(this.gate, snapshot)
    return snapshot
  }

  /**
   * Takes everything back to a snapshot, the last one when none is given; the log is emptied. Clients stay connected, and
   * those who wait or watch are told. Also the command RESTORE.
   */
  override restore(snapshot?: StoreSnapshot): void
  override restore(key: Key, ttl: Integer, payload: Key, options?: RestoreOptions): 'OK'
  override restore(...given: unknown[]): void | 'OK' {
    const [first] = given
    if (given.length > 0 && !(first instanceof StoreSnapshot)) return gatedRestore.apply(this, given) as 'OK'
    const snapshot = (first as StoreSnapshot | undefined) ?? last.get(this.gate)
    if (snapshot === undefined) throw new TypeError('there is no snapshot to restore')
    snapshot.restore()
  }

  /**
   * All that the database holds as JSON text, the same for the same state, which `load` takes: for golden tests. Times are
   * milliseconds from now on. Without when consumers were last seen. With a key, the command DUMP.
   */
  override dump(): string
  override dump(key: Key): Uint8Array | null
  override dump(...given: unknown[]): string | Uint8Array | null {
    return given.length > 0 ? (gatedDump.apply(this, given) as Uint8Array | null) : dump(keyspaceOf(this))
  }

  /**
   * Puts data in: keys of an object, or of JSON, in place of what they hold; files, whose keys must be new. Nothing of it is
   * logged as a command.
   */
  load(data: Data): void {
    load(keyspaceOf(this), data)
  }

  /**
   * A second test store with the same data, both writable, each unseen by the other, with a clock, chance and plan of its own
   * that go on from here, and an empty log. Costs as `fork` of any store.
   */
  override fork(options: { host?: VirtualHost } = {}): this {
    const { host: own, chance, faults, strict } = this.gate
    const { host = own.fork() } = record(options, 'options')
    const fork = super.fork({ host })
    fork.gate = new TestGate(host, chance.fork(), new CommandLog(), faults.fork(), strict)
    fork.gated = undefined
    keyspaceOf(fork).databases.gate = fork.gate
    return fork
  }

  override get bytes(): BytesCommands {
    this.gated ??= new GatedBytes(keyspaceOf(this)) as unknown as BytesCommands
    return this.gated
  }

  override call(...argv: Value[]): Plain
  override call(argv: readonly Value[]): Plain
  override call(...argv: unknown[]): Plain {
    const [given] = gather(argv, 0) as [readonly Value[]]
    const words = given.map(word => text(word, 'argument'))
    const run = (): Plain => super.call(words)
    return words.length === 0 ? run() : this.gate.named(keyspaceOf(this), words, run)
  }

  override db(index: number): this {
    const other = super.db(index)
    other.gated = undefined
    return other
  }
}

class GatedBytes extends BytesView {}

// ---- the methods of commands ----------------------------------------------------------------------------------------

type Method = (this: object, ...args: unknown[]) => unknown

const itself = (result: unknown): unknown => result

function gateOf(target: object): TestGate {
  return keyspaceOf(target).databases.gate as TestGate
}

/** The method of a command, which passes the gate; `plain` is the one that does not. */
function gatedMethod(family: Family, name: string, plain: Method, out: Out): Method {
  const at = family.rest[name]
  const wait = family.waits[name]
  return function (...args) {
    const ks = keyspaceOf(this)
    const given = at === undefined ? args : gather(args, at)
    if (wait === undefined) {
      try {
        return answer(ks, family, name, given, out)
      } finally {
        if (ks.databases.pending) ks.databases.commit()
      }
    }
    const call = (): unknown => gateOf(this).call(ks, name, given, () => plain.apply(this, given), itself)
    if (wait.sometimes?.(given) === false) return call()
    try {
      // As it is, not within another promise: those that end at one `advance` must go on in the order in which they ended.
      return call()
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** The iterators by the commands that their steps are: one is passed when a loop begins. */
const iterators: Readonly<Record<string, string>> = {
  scanIterator: 'scan',
  hscanIterator: 'hscan',
  sscanIterator: 'sscan',
  zscanIterator: 'zscan',
}

function gatedIterator(command: string, plain: Method): Method {
  return function (...args) {
    const given = command === 'scan' ? ['0', ...args] : [args[0], '0', ...args.slice(1)]
    gateOf(this).call(keyspaceOf(this), command, given, () => undefined, itself)
    return plain.apply(this, args)
  }
}

function installGated(prototype: object, out: Out): void {
  const plain = Object.getPrototypeOf(prototype) as Record<string, Method>
  const put = (name: string, value: Method): void => {
    if (!Object.hasOwn(prototype, name))
      Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
  for (const family of families) {
    for (const name of Object.keys(family.ops)) put(name, gatedMethod(family, name, plain[name], out))
  }
  for (const [name, command] of Object.entries(iterators)) put(name, gatedIterator(command, plain[name]))
}
installGated(TestStore.prototype, strings)
installGated(GatedBytes.prototype, bytes)

// Their names are taken by what stands in the class.
const dumping = families.find(({ ops }) => Object.hasOwn(ops, 'restore')) as Family
const gatedDump = gatedMethod(dumping, 'dump', Store.prototype.dump as Method, strings)
const gatedRestore = gatedMethod(dumping, 'restore', Store.prototype.restore as Method, strings)
