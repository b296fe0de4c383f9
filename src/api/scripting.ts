import type { Key, Mode, Reply, Value } from './types.ts'

/**
 * What a script answers, lossless: an integer, text, a list, nothing, or one of the kinds that RESP3 has and Lua has not, as a
 * table that says which.
 */
export type ScriptResult =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly ScriptResult[]
  | { readonly status: string }
  | { readonly error: string }
  | { readonly double: number }
  | { readonly bigNumber: string }
  | { readonly verbatim: string; readonly format: string }
  | { readonly set: readonly ScriptResult[] }
  | { readonly pairs: readonly (readonly [ScriptResult, ScriptResult])[] }

/**
 * What a script or function answers, as a program gets it: nil is null, a status is text, a set is a list, and an error that
 * stands inside a list is an Error.
 */
export type ScriptReply<T = string> =
  | T
  | number
  | bigint
  | boolean
  | null
  | Error
  | ScriptReply<T>[]
  | Map<ScriptReply<T>, ScriptReply<T>>

/** Scripts, for which the store needs an engine: `new Store({ scripting: lua() })`, with `lua` of `embedis/lua`. */
export interface ScriptCommands<M extends Mode = 'sync', T = string> {
  /** Runs a script of Lua with these KEYS and ARGV, atomically, and answers what it returns. O(1) and what the script does. */
  eval(script: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
  /** As `eval`, of a script that is refused when it writes. O(1) and what the script does. */
  evalRo(script: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
  /** Runs a script that the store has run or loaded before, by the SHA-1 of its text. O(1) and what the script does. */
  evalsha(sha1: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
  /** As `evalsha`, of a script that is refused when it writes. O(1) and what the script does. */
  evalshaRo(sha1: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
  /** Runs a function, of a library or of the program (`store.function`). O(1) and what the function does. */
  fcall(name: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
  /** As `fcall`, of a function that says that it only reads. O(1) and what the function does. */
  fcallRo(name: string, keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply<T>>
}

/** A script that is run again and again: see `Store.script`. */
export interface Script<M extends Mode = 'sync'> {
  readonly source: string
  /** Of its text, by which EVALSHA knows it. */
  readonly sha1: string
  /** As `eval`. */
  run(keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply>
  /** As `evalRo`. */
  runRo(keys?: readonly Key[], args?: readonly Value[]): Reply<M, ScriptReply>
}
