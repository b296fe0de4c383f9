import type { AtMostOne, Integer, Key, Mode, Pairs, Reply, Signal, Value, Waited } from './types.ts'

/** The id of a stream entry: `ms-seq`, or the milliseconds alone, in which case the command says which sequence it means. */
export type StreamId = string | number | bigint

/** An entry of a stream. Its fields keep their order, and may repeat. */
export interface StreamEntry<T = string> {
  readonly id: string
  readonly fields: [field: T, value: T][]
}

/** An entry as XREADGROUP gives it: of one that was deleted meanwhile the history still has the id. */
export interface GroupEntry<T = string> {
  readonly id: string
  readonly fields: [field: T, value: T][] | null
  /** With `claim`, of one that was pending: milliseconds since it was delivered, and how often it was. */
  readonly idle?: number
  readonly deliveries?: number | bigint
}

/** What one stream gave. */
export interface StreamRead<E, T = string> {
  readonly key: T
  readonly entries: E[]
}

/** Streams, each with the id to read after. */
export type StreamStarts =
  | Readonly<Record<string, StreamId>>
  | ReadonlyMap<Key, StreamId>
  | readonly (readonly [Key, StreamId])[]

/** What becomes of references to deleted entries in consumer groups: kept if nothing is said. */
export type ReferenceOptions = AtMostOne<{
  /** Leave them pending where they are. */
  keepref: boolean
  /** Take the entries out of what is pending in any group. */
  delref: boolean
  /** Delete only entries that every group has read and acknowledged. */
  acked: boolean
}>

/** Which entries go: the oldest beyond a number, or those before an id. */
export type XTrimOptions = AtMostOne<{ maxlen: Integer; minid: StreamId }> &
  ReferenceOptions & {
    /** Remove no part of a node of a hundred entries or so, which is cheaper. */
    approx?: boolean
    /** With `approx`: at most so many entries, 10,000 if not given; 0 for no limit. */
    limit?: Integer
  }

/** What an entry is known by when its producer sends it again. With `*` for its id alone. */
export type IdempotencyOptions = AtMostOne<{
  /** The name of the producer, and one that it has given the entry. */
  idmp: readonly [producer: Value, name: Value]
  /** The name of the producer: the entry is known by its fields and values, in whatever order. */
  idmpauto: Value
}>

export type XAddOptions = XTrimOptions &
  IdempotencyOptions & {
    /** Only when the stream is there. */
    nomkstream?: boolean
  }

/** How long a stream remembers what its producers have named, and how much. */
export interface XCfgSetOptions {
  /** Seconds, 1 to 86,400; 100 in a stream that was not told. */
  idmpDuration?: Integer
  /** Entries of each producer, 1 to 10,000; 100 in a stream that was not told. */
  idmpMaxsize?: Integer
}

export interface XRangeOptions {
  /** No more than so many entries. */
  count?: Integer
}

export interface XSetIdOptions {
  /** How many entries were ever added. */
  entriesadded?: Integer
  /** The greatest id that was deleted. */
  maxdeletedid?: StreamId
}

export interface XReadOptions {
  /** No more than so many entries of each stream; without end when 0 or not given. */
  count?: Integer
  /** No more than so many entries of all streams together. */
  maxcount?: Integer
  /** No more entries once those of all streams have taken so many bytes; one always comes. */
  maxsize?: Integer
  /** How many milliseconds to wait for an entry, 0 for ever; the reply is then a promise. */
  block?: Integer
}

/** Options of a read that waits. */
export interface Blocking {
  block: Integer
  /** Aborted, it ends the wait: the promise is rejected with the signal's reason. */
  signal?: Signal
}

/** Commands on streams. An absent key is a stream without entries; a stream that loses its last one stays. */
export interface StreamCommands<M extends Mode = 'sync', T = string> {
  /**
   * Adds an entry and returns its id: `*` for one made of the time, `ms-*` for the next sequence in a millisecond, or one that
   * must be after all others. With `maxlen` or `minid` the stream is trimmed then. With `nomkstream` null when there is no
   * stream. With `idmp` or `idmpauto` an entry that its producer has added before is not added again: the id is that of the
   * first time. O(1), and O(entries removed).
   */
  xadd(key: Key, id: StreamId, fields: Pairs, options?: XAddOptions & { nomkstream?: false }): Reply<M, string>
  xadd(key: Key, id: StreamId, fields: Pairs, options?: XAddOptions): Reply<M, string | null>
  /** How many entries the stream has. O(1). */
  xlen(key: Key): Reply<M, number>
  /**
   * The entries from `start` to `end`, both included, or excluded when written after `(`; `-` and `+` are the first and the
   * last id there can be. O(log n + k).
   */
  xrange(key: Key, start: StreamId, end: StreamId, options?: XRangeOptions): Reply<M, StreamEntry<T>[]>
  /** As `xrange`, the last one first, and with the last id first. O(log n + k). */
  xrevrange(key: Key, end: StreamId, start: StreamId, options?: XRangeOptions): Reply<M, StreamEntry<T>[]>
  /** Deletes entries; returns how many there were. What is pending in groups stays so. O(log n) each. */
  xdel(key: Key, ...ids: StreamId[]): Reply<M, number>
  xdel(key: Key, ids: readonly StreamId[]): Reply<M, number>
  /**
   * Deletes entries; for each of them 1 when it is deleted, -1 when there is none, 2 when some group still needs it. `delref`
   * forgets it in all groups, even when it is gone already. O(log n) each and per group.
   */
  xdelex(key: Key, ids: readonly StreamId[], options?: ReferenceOptions): Reply<M, number[]>
  /** Removes the oldest entries; returns how many went. O(entries removed). */
  xtrim(key: Key, options: XTrimOptions): Reply<M, number>
  /**
   * Sets the last id of a stream, which must exist: no entry may be after it, and the next one will be. Also what the stream
   * remembers of its past. O(1).
   */
  xsetid(key: Key, id: StreamId, options?: XSetIdOptions): Reply<M, 'OK'>
  /**
   * Tells a stream, which must exist, how long and how much to remember of what producers add with `idmp` and `idmpauto`. When
   * that changes anything, it forgets what it remembers. No file holds either (docs/differences.md). O(1).
   */
  xcfgset(key: Key, options: XCfgSetOptions): Reply<M, 'OK'>
  /**
   * The entries of several streams after an id each; null when there are none. `$` is the last id, so nothing that is there
   * already, and `+` is the last entry itself. With `block` a promise, which waits for entries when there are none, and is null
   * when that many milliseconds are over. O(log n + k) each.
   */
  xread(streams: StreamStarts, options: XReadOptions & Blocking): Waited<M, StreamRead<StreamEntry<T>, T>[] | null>
  xread(
    streams: StreamStarts,
    options?: XReadOptions & { block?: undefined },
  ): Reply<M, StreamRead<StreamEntry<T>, T>[] | null>
  xread(
    streams: StreamStarts,
    options?: XReadOptions,
  ): Reply<M, StreamRead<StreamEntry<T>, T>[] | null> | Waited<M, StreamRead<StreamEntry<T>, T>[] | null>
}

export interface XGroupCreateOptions {
  /** Make the stream when it is not there. */
  mkstream?: boolean
  /** How many entries the group counts as read. */
  entriesread?: Integer
}

export interface XReadGroupOptions extends XReadOptions {
  /** Count what is delivered as acknowledged. */
  noack?: boolean
  /** With `>`: first what is pending with anybody for so many milliseconds, the longest first. */
  claim?: Integer
}

/** What is pending in a group. */
export interface PendingSummary<T = string> {
  readonly pending: number
  /** The smallest and the greatest id, null when nothing is pending. */
  readonly min: string | null
  readonly max: string | null
  /** Consumers that have something pending. */
  readonly consumers: { readonly name: T; readonly pending: number }[]
}

/** One pending entry. */
export interface PendingEntry<T = string> {
  readonly id: string
  /** The name of the consumer; empty when it was given back. */
  readonly consumer: T
  /** Milliseconds since it was last delivered. */
  readonly idle: number
  /** How often it was delivered. */
  readonly deliveries: number | bigint
}

export interface XPendingOptions {
  /** Only what was delivered so many milliseconds ago or more. */
  idle?: Integer
  /** Only what is pending with this consumer. */
  consumer?: Value
}

export type XClaimOptions = AtMostOne<{
  /** Set when it was last delivered: so many milliseconds ago, or at this time in milliseconds since 1970; now if not given. */
  idle: Integer
  time: Integer
}> & {
  /** Set how often it was delivered, which is counted up if not given. */
  retrycount?: Integer
  /** Also entries that are not pending. */
  force?: boolean
  /** The last id that the group has delivered, if that is after the one it has. */
  lastid?: StreamId
}

export interface XAutoClaimOptions {
  /** At most so many entries, 100 if not given. */
  count?: Integer
}

/** What one step of `xautoclaim` claimed; `E` is an entry or, with `justid`, its id. */
export interface AutoClaimed<E> {
  /** Where the next step begins; '0-0' after the last one. */
  readonly cursor: string
  readonly entries: E[]
  /** Ids that were pending of entries that are gone, and are pending no more. */
  readonly deleted: string[]
}

/** How an entry is given back: not counting the delivery, counting it, or as one that nobody can handle. */
export type NackMode = 'SILENT' | 'FAIL' | 'FATAL' | 'silent' | 'fail' | 'fatal'

export interface XNackOptions {
  /** Set how often it was delivered. */
  retrycount?: Integer
  /** Also entries that are not pending. */
  force?: boolean
}

/** Commands on the consumer groups of streams. */
export interface StreamGroupCommands<M extends Mode = 'sync', T = string> {
  /** Makes a group that has read up to an id, `$` for the last one. Throws BUSYGROUP when there is one of that name. O(1). */
  xgroupCreate(key: Key, group: Value, id: StreamId, options?: XGroupCreateOptions): Reply<M, 'OK'>
  /** Sets up to which id the group has read. O(1). */
  xgroupSetid(key: Key, group: Value, id: StreamId, options?: { entriesread?: Integer }): Reply<M, 'OK'>
  /** Removes a group with all that is pending; false when there is none. O(1). */
  xgroupDestroy(key: Key, group: Value): Reply<M, boolean>
  /** Adds a consumer to a group; false when there is one of that name. Reading and claiming do that by themselves. O(1). */
  xgroupCreateconsumer(key: Key, group: Value, consumer: Value): Reply<M, boolean>
  /** Removes a consumer with all that is pending with it; returns how much that was. O(that × log n). */
  xgroupDelconsumer(key: Key, group: Value, consumer: Value): Reply<M, number>
  /** What XGROUP can do, as Redis says it. O(1). */
  xgroupHelp(): Reply<M, readonly string[]>
  /**
   * Delivers entries to a consumer: with `>` those after what the group has read, which become pending until `xack`; with an
   * id what is pending with the consumer after it. Null when there is nothing new; with `block` a promise, which waits for
   * something new, and is rejected when the group goes meanwhile. O(log n) each.
   */
  xreadgroup(
    group: Value,
    consumer: Value,
    streams: StreamStarts,
    options: XReadGroupOptions & Blocking,
  ): Waited<M, StreamRead<GroupEntry<T>, T>[] | null>
  xreadgroup(
    group: Value,
    consumer: Value,
    streams: StreamStarts,
    options?: XReadGroupOptions & { block?: undefined },
  ): Reply<M, StreamRead<GroupEntry<T>, T>[] | null>
  xreadgroup(
    group: Value,
    consumer: Value,
    streams: StreamStarts,
    options?: XReadGroupOptions,
  ): Reply<M, StreamRead<GroupEntry<T>, T>[] | null> | Waited<M, StreamRead<GroupEntry<T>, T>[] | null>
  /** Takes entries out of what is pending; returns how many were. O(log n) each. */
  xack(key: Key, group: Value, ...ids: StreamId[]): Reply<M, number>
  xack(key: Key, group: Value, ids: readonly StreamId[]): Reply<M, number>
  /**
   * Acknowledges entries and deletes them; for each 1 when it was pending and is deleted, -1 when it was not pending, 2 when it
   * was and some other group still needs it. O(log n) each and per group.
   */
  xackdel(key: Key, group: Value, ids: readonly StreamId[], options?: ReferenceOptions): Reply<M, number[]>
  /** Gives pending entries back to the group, for any consumer to claim at once; returns how many. O(log n) each. */
  xnack(key: Key, group: Value, mode: NackMode, ids: readonly StreamId[], options?: XNackOptions): Reply<M, number>
  /**
   * What is pending in a group: in sum, O(consumers × log consumers); or from `start` to `end` (as in `xrange`) up to `count` of
   * them, one by one, O(log n + visited).
   */
  xpending(key: Key, group: Value): Reply<M, PendingSummary<T>>
  xpending(
    key: Key,
    group: Value,
    start: StreamId,
    end: StreamId,
    count: Integer,
    options?: XPendingOptions,
  ): Reply<M, PendingEntry<T>[]>
  xpending(
    key: Key,
    group: Value,
    start?: StreamId,
    end?: StreamId,
    count?: Integer,
    options?: XPendingOptions,
  ): Reply<M, PendingSummary<T> | PendingEntry<T>[]>
  /**
   * Makes a consumer the owner of pending entries that were delivered `minidle` milliseconds ago or more; returns the entries or,
   * with `justid`, which does not count as a delivery, their ids. Those that were deleted are pending no more. O(log n) each.
   */
  xclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    ids: readonly StreamId[],
    options: XClaimOptions & { justid: true },
  ): Reply<M, string[]>
  xclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    ids: readonly StreamId[],
    options?: XClaimOptions & { justid?: false },
  ): Reply<M, StreamEntry<T>[]>
  xclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    ids: readonly StreamId[],
    options?: XClaimOptions & { justid?: boolean },
  ): Reply<M, StreamEntry<T>[] | string[]>
  /** As `xclaim`, of whatever is pending from an id on. O(log n + 10 × count). */
  xautoclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    start: StreamId,
    options: XAutoClaimOptions & { justid: true },
  ): Reply<M, AutoClaimed<string>>
  xautoclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    start: StreamId,
    options?: XAutoClaimOptions & { justid?: false },
  ): Reply<M, AutoClaimed<StreamEntry<T>>>
  xautoclaim(
    key: Key,
    group: Value,
    consumer: Value,
    minidle: Integer,
    start: StreamId,
    options?: XAutoClaimOptions & { justid?: boolean },
  ): Reply<M, AutoClaimed<StreamEntry<T>> | AutoClaimed<string>>
}

interface StreamFacts {
  /** How many entries there are. */
  readonly length: number
  /** Nodes of a hundred entries or so, and nodes of the tree over them as Redis would have it. */
  readonly radixTreeKeys: number
  readonly radixTreeNodes: number
  readonly lastGeneratedId: string
  /** The greatest id that was deleted. */
  readonly maxDeletedEntryId: string
  /** How many entries were ever added. */
  readonly entriesAdded: number | bigint
  readonly recordedFirstEntryId: string
  /** What it remembers of producers; not there when none has named itself and XCFGSET was not used. */
  readonly idempotency?: IdempotencyInfo
}

/** What a stream remembers of producers. */
export interface IdempotencyInfo {
  /** For how many seconds, and how many entries of each. */
  readonly idmpDuration: number
  readonly idmpMaxsize: number
  /** How many producers and entries are remembered. */
  readonly pidsTracked: number
  readonly iidsTracked: number
  /** How many entries were ever added by name, and how many were not because they had been. */
  readonly iidsAdded: number
  readonly iidsDuplicates: number
}

/** What a stream says of itself. */
export interface StreamInfo<T = string> extends StreamFacts {
  /** How many groups there are. */
  readonly groups: number
  readonly firstEntry: StreamEntry<T> | null
  readonly lastEntry: StreamEntry<T> | null
}

/** What a group says of itself. */
export interface GroupInfo<T = string> {
  readonly name: T
  readonly consumers: number
  readonly pending: number
  readonly lastDeliveredId: string
  /** How many entries of all that ever were the group has read, and how many it has not; null when that is not known. */
  readonly entriesRead: number | bigint | null
  readonly lag: number | bigint | null
}

/** What a consumer says of itself. */
export interface ConsumerInfo<T = string> {
  readonly name: T
  readonly pending: number
  /** Milliseconds since it last tried to read or claim something. */
  readonly idle: number
  /** Milliseconds since it last got something; -1 for never. */
  readonly inactive: number
}

/** A consumer in full; times are in milliseconds since 1970. */
export interface FullConsumer<T = string> {
  readonly name: T
  readonly seenTime: number
  /** -1 for never. */
  readonly activeTime: number
  readonly pelCount: number
  readonly pending: { readonly id: string; readonly time: number; readonly deliveries: number | bigint }[]
}

/** A group in full; times are in milliseconds since 1970. */
export interface FullGroup<T = string> {
  readonly name: T
  readonly lastDeliveredId: string
  readonly entriesRead: number | bigint | null
  readonly lag: number | bigint | null
  readonly pelCount: number
  readonly pending: {
    readonly id: string
    readonly consumer: T
    readonly time: number
    readonly deliveries: number | bigint
  }[]
  readonly consumers: FullConsumer<T>[]
}

/** A stream in full. */
export interface FullStreamInfo<T = string> extends StreamFacts {
  readonly entries: StreamEntry<T>[]
  readonly groups: FullGroup<T>[]
}

export interface XInfoStreamOptions {
  /** Also entries, groups, consumers and what is pending, each list up to `count`. */
  full?: boolean
  /** 10 if not given, 0 for all. */
  count?: Integer
}

/** What streams say of themselves. */
export interface StreamInfoCommands<M extends Mode = 'sync', T = string> {
  /** What a stream, which must exist, says of itself. O(number of entries / 100), and what is asked for with `full`. */
  xinfoStream(key: Key, options: XInfoStreamOptions & { full: true }): Reply<M, FullStreamInfo<T>>
  xinfoStream(key: Key, options?: { full?: false; count?: undefined }): Reply<M, StreamInfo<T>>
  xinfoStream(key: Key, options?: XInfoStreamOptions): Reply<M, StreamInfo<T> | FullStreamInfo<T>>
  /** The groups of a stream, which must exist, in the order of their names. O(g log g). */
  xinfoGroups(key: Key): Reply<M, GroupInfo<T>[]>
  /** The consumers of a group, which must exist, in the order of their names. O(c log c). */
  xinfoConsumers(key: Key, group: Value): Reply<M, ConsumerInfo<T>[]>
  /** What XINFO can do, as Redis says it. O(1). */
  xinfoHelp(): Reply<M, readonly string[]>
}
