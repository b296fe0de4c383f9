import type { BlockingCommands } from './blocking.ts'
import type { BitmapCommands } from './bitmaps.ts'
import type { DumpCommands } from './dump.ts'
import type { ExpiryCommands } from './expiry.ts'
import type { GeoCommands } from './geo.ts'
import type { HashExpiryCommands } from './hash-expiry.ts'
import type { HashCommands } from './hashes.ts'
import type { HyperLogLogCommands } from './hyper-log-logs.ts'
import type { KeyCommands } from './keys.ts'
import type { ListCommands } from './lists.ts'
import type { PubSubCommands } from './pubsub.ts'
import type { MemoryCommands } from './memory.ts'
import type { ScriptCommands } from './scripting.ts'
import type { SetCommands } from './sets.ts'
import type { SortCommands } from './sort.ts'
import type { SortedSetCommands } from './sorted-sets.ts'
import type { StreamCommands, StreamGroupCommands, StreamInfoCommands } from './streams.ts'
import type { StringCommands } from './strings.ts'
import type { Mode, Queued } from './types.ts'

/** Every command. */
export interface Commands<M extends Mode = 'sync', T = string>
  extends KeyCommands<M, T>,
    ExpiryCommands<M>,
    DumpCommands<M>,
    MemoryCommands<M>,
    SortCommands<M, T>,
    StringCommands<M, T>,
    BitmapCommands<M>,
    HyperLogLogCommands<M>,
    HashCommands<M, T>,
    HashExpiryCommands<M>,
    ListCommands<M, T>,
    BlockingCommands<M, T>,
    PubSubCommands<M, T>,
    SetCommands<M, T>,
    SortedSetCommands<M, T>,
    GeoCommands<M, T>,
    StreamCommands<M, T>,
    StreamGroupCommands<M, T>,
    StreamInfoCommands<M, T>,
    ScriptCommands<M, T> {}

/** Commands queued by `store.multi()`, with the exact tuple of their replies. */
export interface Multi<R extends readonly unknown[] = [], T = string> extends Commands<Queued<R, T>, T> {
  /** Runs the queued commands as one transaction and answers their replies in order; throws the first error. */
  exec(): R
}
