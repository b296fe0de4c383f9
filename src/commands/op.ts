import type { Keyspace, Text } from '../keyspace.ts'

/** The parameters of a method: of its last overload, which is the widest. */
type Parameters<F> = F extends (...args: infer A) => unknown ? A : never
/** The reply of a method, by the same rule. */
type ReplyOf<F> = F extends (...args: never[]) => infer R ? R : never

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

/** All that makes the methods of one family. */
export interface Family {
  readonly ops: Readonly<Record<string, (ks: Keyspace, ...args: never[]) => unknown>>
  readonly shapes: Readonly<Record<string, Shape<never, unknown>>>
  readonly rest: Readonly<Record<string, number | undefined>>
}
