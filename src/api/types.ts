import type { Multi } from './commands.ts'

/** What a field, member or value may be given as. Text is stored as UTF-8, numbers as text; bytes are copied. */
export type Value = string | number | bigint | Uint8Array
/** What a key may be given as. */
export type Key = string | Uint8Array

/** The mode of `Multi`: the replies queued so far, and the type of text in them. */
export interface Queued<R extends readonly unknown[], T> {
  readonly queued: R
  readonly text: T
}

/**
 * How replies come: at once (`Store`), as promises (`RemoteStore`), or later and all together (`Multi`). Every contract
 * is written once, with the mode as its first parameter and the type of text that comes out as its second.
 */
export type Mode = 'sync' | 'async' | Queued<readonly unknown[], unknown>

export type Reply<M extends Mode, T> = M extends 'sync'
  ? T
  : M extends 'async'
    ? Promise<T>
    : M extends Queued<infer R, infer X>
      ? Multi<[...R, T], X>
      : never

/** A member with its score. */
export interface Scored<T = string> {
  readonly member: T
  readonly score: number
}

/**
 * Text to text: an object with a null prototype, so that a field called `__proto__` is just a field; where text comes as
 * bytes, which cannot name a property, a list of pairs.
 */
export type TextMap<T = string> = T extends string ? Record<string, string> : [field: T, value: T][]

/** Field and value pairs, in any of the shapes that programs have them in; a flat list is Redis' own. */
export type Pairs =
  | Readonly<Record<string, Value>>
  | ReadonlyMap<Value, Value>
  | readonly (readonly [Value, Value])[]
  | readonly Value[]

/** What the commands of the SCAN family take beside the cursor. */
export interface ScanOptions {
  /** Only what this glob pattern takes. */
  match?: string | Uint8Array
  /** About how many elements to look at, 10 if not given; small collections come whole. */
  count?: number | bigint
}

/** An integer; a bigint where it may be beyond 2^53. */
export type Integer = number | bigint

/** Any one of the properties of `T`, or none: options of which Redis takes one. */
export type AtMostOne<T> = {
  [K in keyof T]: { [P in K]?: T[P] } & { [P in Exclude<keyof T, K>]?: false extends T[P] ? false : undefined }
}[keyof T]

/** When a key is to expire. */
export interface Times {
  /** In so many seconds. */
  ex: Integer
  /** In so many milliseconds. */
  px: Integer
  /** At this time, in seconds since 1970. */
  exat: Integer
  /** At this time, in milliseconds since 1970. */
  pxat: Integer
}

/** What is used of an `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** How long a command waits that finds nothing. */
export interface WaitOptions {
  /** Seconds, fractions too; 0, the default, waits for ever. */
  timeout?: number
  /** Aborted, it ends the wait: the promise is rejected with the signal's reason. */
  signal?: Signal
}

/** As `Reply`, of a command that may have to wait: a promise from a `Store` too. In a queue it answers at once. */
export type Waited<M extends Mode, T> = M extends 'sync' ? Promise<T> : Reply<M, T>
