import type { Signal } from '../api/types.ts'
import type { Keyspace, Text, Type } from '../keyspace.ts'

/** The parameters of a method: of its last overload, which is the widest. */
type Parameters<F> = F extends (...args: infer A) => unknown ? A : never
/** The reply of a method, by the same rule; of one that waits, what its promise brings. */
type ReplyOf<F> = F extends (...args: never[]) => infer R ? (R extends Promise<infer V> ? V : R) : never

/**
 * The ops of a family: what each of its commands means, as a plain function over a keyspace.
 *
 * An op takes the parameters of the contract and answers the lossless result: flat pairs in order, integers exact,
 * text as stored. `L` names the results that differ from what the typed method answers (or, for an op with a parameter
 * more than its method, the whole function).
 */
export type Ops<C, L = unknown> = {
  readonly [K in keyof C]: K extends keyof L
    ? L[K] extends (...args: never[]) => unknown
      ? L[K]
      : (ks: Keyspace, ...args: Parameters<C[K]>) => L[K]
    : (ks: Keyspace, ...args: Parameters<C[K]>) => ReplyOf<C[K]>
}

/** What a shape makes text with: strings for `store`, `Uint8Array`s (in spite of the type) for `store.bytes`. */
export interface Out {
  /** True when text comes out as bytes. */
  readonly bytes: boolean
  readonly text: (text: string) => string
  readonly stored: (text: Text) => string
}

/** Makes the typed reply of the lossless result; `args` are those of the call. */
export type Shape<R, V> = (result: R, out: Out, args: readonly unknown[]) => V

type Result<F> = F extends (...args: never[]) => infer R ? R : never
type NeedsShape<Op, Method, BytesMethod> = [Result<Op>] extends [ReplyOf<Method>]
  ? [ReplyOf<Method>] extends [ReplyOf<BytesMethod>]
    ? false
    : true
  : true

/**
 * The shapes of a family: one for every command whose lossless result is not yet the typed reply, be it for `store` (C)
 * or for `store.bytes` (B).
 */
export type Shapes<C, B extends { [K in keyof C]: unknown }, O extends { [K in keyof C]: unknown }> = {
  readonly [K in keyof C as NeedsShape<O[K], C[K], B[K]> extends true ? K : never]: Shape<Result<O[K]>, ReplyOf<C[K]>>
}

/** Which parameter takes the rest of the arguments, for the methods that can be called with several names. */
export type Rest<C> = { readonly [K in keyof C]?: 0 | 1 | 2 }

/** How a command waits: its op then answers null when there is nothing yet, and is run again. See waiting.ts. */
export interface WaitFor {
  /** What one of the keys must become. */
  readonly type: Type
  /** True when the op is also to fail with what it finds when a key goes or becomes something else. */
  readonly whatever?: boolean
  /** Whether this call may wait; every call may, when left out. */
  readonly sometimes?: (args: readonly unknown[]) => boolean
  /** The keys, canonical, how many milliseconds (0 for ever) and what may end it. */
  readonly of: (args: readonly unknown[]) => {
    readonly keys: readonly string[]
    readonly timeout: number
    readonly signal: Signal | undefined
  }
  /** The arguments as they are from now on, where they say something of the present: "from here on". */
  readonly fixed?: (ks: Keyspace, args: readonly unknown[]) => readonly unknown[]
}

/** How the commands of a family wait, those that do. */
export type Waits<C> = { readonly [K in keyof C]?: WaitFor }

/** All that makes the methods of one family. */
export interface Family {
  readonly waits: Readonly<Record<string, WaitFor | undefined>>
  readonly ops: Readonly<Record<string, (ks: Keyspace, ...args: never[]) => unknown>>
  readonly shapes: Readonly<Record<string, Shape<never, unknown>>>
  readonly rest: Readonly<Record<string, number | undefined>>
}
