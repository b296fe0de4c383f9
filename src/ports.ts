import type { ScriptResult } from './api/scripting.ts'
import type { EffectArg, Keyspace } from './keyspace.ts'

// What others do for the databases, and put there: files, clients, tests.

/** Where effects go. The object that `Store.open` gets from a driver implements it. */
export interface Journal {
  /** Takes one effect of the commit under way. */
  append(db: number, argv: readonly EffectArg[]): void
  /** The effects since the last commit belong together. Under `always`, returns when they are on disk. */
  commit(): void
  /** Where the effects since the last commit end that there are now. */
  mark(): object
  /** Forgets the effects since the last commit, or those behind a mark of it. */
  rollback(mark?: object): void
  /** Loads once more what is on disk, in place of what is in memory: of a journal that has files. */
  reload?(): Promise<void>
}

/** What commands ask of the files of a store. The object that opens them puts it here, and takes it away again. */
export interface FilesPort {
  /** Writes a snapshot of now; resolves when it is on disk. */
  save(): Promise<unknown>
  /** Rewrites the log from the data as it is now. */
  rewrite(): Promise<void>
  /** Resolves when everything written so far is on disk. */
  flush(): Promise<void>
  /** Snapshots, and rewrites of the log, that were asked for and are not done. */
  readonly saves: number
  readonly rewrites: number
  /** When the last snapshot was taken, in milliseconds since 1970; 0 when there was none since the files were opened. */
  readonly savedAt: number
  /** Why the last snapshot, or the last rewrite, failed; undefined when it did not. */
  readonly saveError: Error | undefined
  readonly rewriteError: Error | undefined
}

/** What all commands of a store pass, where there is such a thing: `embedis/testing` puts it there. */
export interface Gate {
  /**
   * A call of the method of that name: `run` executes it, and `shape` makes of the result of its op what is answered. Throws
   * what is to happen in its place.
   */
  call(
    ks: Keyspace,
    method: string,
    args: readonly unknown[],
    run: () => unknown,
    shape: (result: unknown) => unknown,
  ): unknown
  /** The result of an op as it is to be answered; `reply` is the codec of the reply. */
  result(result: unknown, reply: object): unknown
  /** A command that a script runs, which has said that it works on these keys. Throws what is to happen in its place. */
  scripted?(command: object, argv: readonly string[], keys: readonly string[]): void
}

/** What is known of the clients of a store. */
export interface Connections {
  /** How many there are. */
  readonly connected: number
  /** How many of them keep copies, of how many keys, and what else INFO tells of that. */
  readonly tracked: { clients: number; keys: number; items: number; prefixes: number }
  /** Whose command is executed. */
  readonly caller: { readonly address: string; readonly name: string } | undefined
  /** How many there may be. */
  readonly most: number
  /** The port that they reach the store by; 0 when there is none. */
  readonly port: number
  /** True when they find the nodes of a cluster. */
  readonly clustered: boolean
}

/** Who is told which keys have changed, for copies that clients keep of them. */
export interface Tracker {
  /** As soon as it has: what is read from now on is no old copy. */
  changed(key: string): void
  /** The changes are committed, or taken back. */
  committed(): void
  takenBack(): void
  /** All keys of a database, or of all, are gone, whether there were any or not. */
  flushed(): void
}

/** What runs scripts, for any number of stores: `lua()` of `embedis/lua` makes it. */
export interface Scripting {
  /** What the scripts of a store are kept in, from now on. */
  attach(databases: Keyspace['databases']): Scripts
}

/** The parameters of a script: where it runs, its KEYS and ARGV, and whether it must not write. */
export interface ScriptCall {
  readonly ks: Keyspace
  readonly keys: readonly string[]
  readonly args: readonly string[]
  readonly readonly: boolean
}

/** A function, as FUNCTION LIST shows it. */
export interface FunctionInfo {
  readonly name: string
  readonly description: string | undefined
  readonly flags: readonly string[]
}

/** A library of functions, as FUNCTION LIST shows it. */
export interface LibraryInfo {
  readonly name: string
  readonly engine: string
  readonly functions: readonly FunctionInfo[]
  readonly code: string
}

/** The scripts and functions of one store. What cannot be done is thrown as a ReplyError. */
export interface Scripts {
  /** Runs a script, and keeps it. */
  eval(source: string, call: ScriptCall): ScriptResult
  /** Runs a script that is kept, by its SHA-1. */
  evalsha(sha1: string, call: ScriptCall): ScriptResult
  /** Runs a function of a library; undefined when there is none of that name. */
  fcall(name: string, call: () => ScriptCall): ScriptResult | undefined
  /** Keeps a script; its SHA-1. */
  load(source: string): string
  /** The text of a script that is kept. */
  source(sha1: string): string | undefined
  /** Forgets all scripts. */
  forget(): void
  /** How many scripts are kept. */
  readonly size: number
  /** Runs the texts of libraries that are new or other than before: to be asked before they become those of the store. */
  prepare(libraries: ReadonlyMap<string, string>, anew: string | undefined): void
  /** The libraries of the store. */
  libraries(): readonly LibraryInfo[]
  /** True when a library has a function of that name. */
  hasFunction(name: string): boolean
  /** The same scripts, for a fork. */
  fork(databases: Keyspace['databases']): Scripts
}
