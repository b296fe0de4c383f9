import type { Value } from '../api/types.ts'
import type { Databases } from '../databases.ts'
import { MAGIC, VALKEY_MAGIC } from '../encoding/constants.ts'
import { Store } from '../index.ts'
import { bind } from '../install.ts'
import type { Keyspace } from '../keyspace.ts'
import { scanAof } from '../persist/aof/scanner.ts'
import { readRdb } from '../persist/rdb/reader.ts'
import { Replay } from '../persist/replay.ts'
import { Loader } from '../persist/snapshot.ts'
import { fromBytes } from '../util/text.ts'
import { ValueWriter } from '../wire/reply.ts'
import { commandOf, run } from '../wire/table.ts'

/** When a key expires, beside its value; times are from the store's now on. */
interface Expiring {
  /** Expires in so many seconds. */
  readonly $ex?: number
  /** Expires in so many milliseconds. */
  readonly $px?: number
  /** Expires at this moment, in milliseconds since 1970. */
  readonly $pxat?: number
}

/** An entry of a stream: its id, and fields with their values, flat. */
export type SeedEntry = readonly [id: string, ...pairs: Value[]]

/** A consumer group of a stream. */
export interface SeedGroup {
  /** The last id that was delivered. */
  readonly last: string
  /** How many entries it counts as read; left out when that is not known. */
  readonly read?: number
  /** Consumers with what is pending with each: id, milliseconds since it was delivered, how often it was. */
  readonly consumers?: Readonly<Record<string, readonly (readonly [id: string, idle: number, times: number])[]>>
}

/** A value whose type is said. */
export type TypedSeed = Expiring &
  (
    | { readonly $string: Value }
    | { readonly $list: readonly Value[] }
    | { readonly $set: readonly Value[] }
    /** With `$fieldpx` for fields that expire, in so many milliseconds. */
    | { readonly $hash: Readonly<Record<string, Value>>; readonly $fieldpx?: Readonly<Record<string, number>> }
    /** Scores that JSON has no number for are 'inf' and '-inf'. */
    | { readonly $zset: Readonly<Record<string, number | 'inf' | '-inf'>> }
    | {
        readonly $stream: readonly SeedEntry[]
        /** What the stream remembers of entries that have gone: the last id, the greatest deleted id, how many were added. */
        readonly $last?: string
        readonly $deleted?: string
        readonly $added?: number
        readonly $groups?: Readonly<Record<string, SeedGroup>>
      }
  )

/** A value: text or number is a string, an array a list, a `Set` a set, an object a hash; for all else the type is said. */
export type SeedValue =
  | Value
  | readonly Value[]
  | ReadonlySet<Value>
  | ReadonlyMap<Value, Value>
  | Readonly<Record<string, Value>>
  | TypedSeed

/** What a store holds, by its keys. */
export type Seed = Readonly<Record<string, SeedValue>>

/** What a store can be filled from: keys and values, their JSON, or the bytes of RDB files and logs, in their order. */
export type Data = Seed | string | Uint8Array | readonly Uint8Array[]

/**
 * Puts data into a store as if it had been there from the beginning: nobody is told and nothing is logged. Keys of an object
 * or JSON go into the database given, in place of what they held; files say themselves what goes where, and their keys must be
 * new. Throws a TypeError for what is no data, and a CorruptionError for a damaged file.
 */
export function load(ks: Keyspace, data: Data): void {
  if (data instanceof Uint8Array) return loadFile(ks.databases, data, 'data')
  if (Array.isArray(data)) {
    for (const [i, file] of (data as readonly Uint8Array[]).entries()) loadFile(ks.databases, file, `data[${i}]`)
    return
  }
  const seed: unknown = typeof data === 'string' ? JSON.parse(data) : data
  if (typeof seed !== 'object' || seed === null || Array.isArray(seed)) {
    throw new TypeError('data must be an object of keys and values, JSON of one, or bytes of RDB files and logs')
  }
  // A plain store over the same data, whose methods pass no gate.
  const store = bind(Object.create(Store.prototype) as Store, ks)
  for (const [key, value] of Object.entries(seed)) {
    try {
      store.del(key)
      put(store, key, value)
    } catch (error) {
      throw new TypeError(`the value of ${JSON.stringify(key)} is none: ${(error as Error).message}`)
    }
  }
}

// ---- keys and values ------------------------------------------------------------------------------------------------

type Parts = Readonly<Record<string, unknown>>
type Put = (store: Store, key: string, value: never, parts: Parts) => void

const puts: Readonly<Record<string, Put>> = {
  $string: (store, key, value: Value) => void store.set(key, value),
  $list: (store, key, value: readonly Value[]) => void store.rpush(key, value),
  $set: (store, key, value: readonly Value[]) => void store.sadd(key, value),
  $hash(store, key, value: Readonly<Record<string, Value>>, { $fieldpx = {} }) {
    store.hset(key, value)
    for (const [field, ms] of Object.entries($fieldpx as Record<string, number>)) store.hpexpire(key, ms, [field])
  },
  $zset(store, key, value: Readonly<Record<string, number | string>>) {
    store.zadd(
      key,
      Object.entries(value).map(([member, score]) => ({ member, score: scoreOf(score) })),
    )
  },
  $stream(store, key, entries: readonly SeedEntry[], { $last, $deleted, $added, $groups = {} }) {
    for (const [id, ...pairs] of entries) store.xadd(key, id, pairs)
    if ($last !== undefined) {
      // A stream without entries is made by what is taken away again.
      if (entries.length === 0) store.xgroupCreate(key, '', '0', { mkstream: true })
      const facts = $added === undefined ? [] : ['ENTRIESADDED', $added as number, 'MAXDELETEDID', $deleted as string]
      store.call('XSETID', key, $last as string, ...facts)
      if (entries.length === 0) store.xgroupDestroy(key, '')
    }
    for (const [name, group] of Object.entries($groups as Record<string, SeedGroup>)) putGroup(store, key, name, group)
  },
}

function putGroup(store: Store, key: string, name: string, { last, read = -1, consumers = {} }: SeedGroup): void {
  store.call('XGROUP', 'CREATE', key, name, last, 'ENTRIESREAD', read)
  for (const [consumer, pending] of Object.entries(consumers)) {
    store.call('XGROUP', 'CREATECONSUMER', key, name, consumer)
    for (const [id, idle, times] of pending) {
      // As Redis' own logs say it.
      store.call('XCLAIM', key, name, consumer, 0, id, 'IDLE', idle, 'RETRYCOUNT', times, 'FORCE', 'JUSTID')
    }
  }
}

function scoreOf(given: number | string): number {
  if (typeof given === 'number') return given
  if (given === 'inf' || given === '-inf') return given === 'inf' ? Infinity : -Infinity
  throw new TypeError(`${given} is no score`)
}

/** The words beside each type. */
const beside: Readonly<Record<string, readonly string[]>> = {
  $hash: ['$fieldpx'],
  $stream: ['$last', '$deleted', '$added', '$groups'],
}
const times = ['$ex', '$px', '$pxat']

function put(store: Store, key: string, value: unknown): void {
  if (typeof value !== 'object' || value instanceof Uint8Array) return void store.set(key, value as Value)
  if (value === null) throw new TypeError('null')
  if (Array.isArray(value)) return void store.rpush(key, value as Value[])
  if (value instanceof Set) return void store.sadd(key, [...(value as Set<Value>)])
  if (value instanceof Map) return void store.hset(key, value as Map<Value, Value>)
  const parts = value as Parts
  const names = Object.keys(parts)
  if (!names.some(name => name.startsWith('$'))) return void store.hset(key, parts as Record<string, Value>)
  const type = names.find(name => Object.hasOwn(puts, name))
  if (type === undefined) throw new TypeError(`${names.join()} names no type`)
  const known = [type, ...times, ...(beside[type] ?? [])]
  const unknown = names.find(name => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`${unknown} beside ${type}`)
  puts[type](store, key, parts[type] as never, parts)
  const { $ex, $px, $pxat } = parts as Expiring
  if ($ex !== undefined) store.expire(key, $ex)
  if ($px !== undefined) store.pexpire(key, $px)
  if ($pxat !== undefined) store.pexpireat(key, $pxat)
}

// ---- files ----------------------------------------------------------------------------------------------------------

function loadFile(databases: Databases, bytes: Uint8Array, file: string): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${file} must be the bytes of a file`)
  const sink = new ValueWriter()
  const replay = new Replay(databases, (db, argv) => run(databases.at(db), commandOf(argv), argv, sink), file)
  const head = fromBytes(bytes, 0, Math.min(bytes.length, VALKEY_MAGIC.length))
  const { stats } = databases
  // What the files hold was counted, and was due, when it was done.
  databases.stats = null
  databases.expiring = false
  try {
    let from = 0
    if (head.startsWith(MAGIC) || head.startsWith(VALKEY_MAGIC.slice(0, 6))) {
      const loader = new Loader(databases, file, bytes.length, databases.now(), () => from)
      from = readRdb(bytes, loader, { file, followed: true }).end
    }
    if (from < bytes.length) scanAof(bytes, replay, { file, from, mode: 'strict' })
  } finally {
    databases.stats = stats
    databases.resumeExpiry()
  }
}
