import type { Keyspace } from '../keyspace.ts'
import type { Codec } from './codec.ts'
import type { ReplyCodec } from './reply.ts'

/** What COMMAND says of a command beside its arity and keys. */
export type Flag =
  | 'readonly'
  | 'write'
  | 'denyoom'
  | 'fast'
  | 'admin'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'movablekeys'
  | 'pubsub'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'asking'
  | 'no_auth'
  | 'may_replicate'
  | 'no_mandatory_keys'
  | 'no_async_loading'
  | 'no_multi'
  | 'allow_busy'

/**
 * How one command is spelled: its name, flags, one codec per parameter of the op, and the codec of its reply.
 * `order` says in which order the parameters stand on the wire when that is not theirs in the method; `arrange` brings
 * the arguments of other overloads into the places that the codecs know.
 */
export interface Row<P extends readonly unknown[], R> {
  readonly name: string
  readonly flags: readonly Flag[]
  readonly args: { readonly [I in keyof P]-?: Codec<P[I]> }
  readonly order?: readonly number[]
  readonly arrange?: (args: readonly unknown[]) => readonly unknown[]
  /** Where the keys stand among the arguments, when their codecs do not tell. */
  readonly keysAt?: (argv: readonly string[]) => readonly number[]
  /** What takes time, after which a session answers OK; undefined when this call is one for the op. Not within a transaction. */
  readonly later?: Later
  readonly reply: ReplyCodec<R> | ((args: P) => ReplyCodec<R>)
}

type Later = (ks: Keyspace, argv: readonly string[]) => Promise<void> | undefined

type OpRow<Op> = Op extends (ks: Keyspace, ...args: infer P) => infer R ? Row<P, R> : never

/** The rows of a family: one for every op. */
export type Rows<O> = { readonly [K in keyof O]: OpRow<O[K]> }

/** A row as dispatch sees it. */
export interface AnyRow {
  readonly name: string
  readonly flags: readonly Flag[]
  readonly args: readonly Codec<unknown>[]
  readonly order?: readonly number[]
  readonly arrange?: (args: readonly unknown[]) => readonly unknown[]
  readonly keysAt?: (argv: readonly string[]) => readonly number[]
  readonly later?: Later
  readonly reply: ReplyCodec<unknown> | ((args: readonly unknown[]) => ReplyCodec<unknown>)
}
