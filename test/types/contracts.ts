/** Compiled, never run: what the types must accept and, by `@ts-expect-error`, what they must refuse. */
import type { FullStreamInfo, PendingEntry, PendingSummary, StreamEntry } from '../../src/api/streams.ts'
import { type Multi, Store } from '../../src/index.ts'
import type { Ops, Shapes } from '../../src/commands/op.ts'
import type { GeoFound, GeoPoint } from '../../src/api/geo.ts'
import type { Key, Mode, Reply } from '../../src/api/types.ts'
import { text } from '../../src/commands/shapes.ts'
import { key, value } from '../../src/wire/codec.ts'
import { bulk, count, double, nullable, nullableText } from '../../src/wire/reply.ts'
import type { Rows } from '../../src/wire/row.ts'
import type { RemoteStore } from '../../src/remote/index.ts'

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
function exactly<A, B>(yes: Equal<A, B>): void {
  void yes
}

declare const store: Store
declare const remote: RemoteStore

// ---- replies in each mode
const added = store.zadd('z', 1, 'm')
exactly<typeof added, number>(true)
const got = store.get('k')
exactly<typeof got, string | null>(true)
const bytes = store.bytes.get('k')
exactly<typeof bytes, Uint8Array | null>(true)
const all = store.hgetall('h')
exactly<typeof all, Record<string, string>>(true)
const flat = store.hgetall('h', { pairs: true })
exactly<typeof flat, [field: string, value: string][]>(true)
const fields = store.bitfield('k', [
  { get: 'u8', offset: 0 },
  { get: 'i64', offset: '#1', bigint: true },
  { set: 'u4', offset: 3n, value: 5, overflow: 'SAT' },
  { incrby: 'i64', offset: 0, by: 1n, overflow: 'FAIL' },
])
exactly<typeof fields, [number, bigint, number, bigint | null]>(true)
exactly<ReturnType<typeof remote.bitfield_ro<[{ get: 'u8'; offset: 0 }]>>, Promise<[number]>>(true)
// @ts-expect-error a type has its sign and its width
store.bitfield('k', [{ get: 'x8', offset: 0 }])
// @ts-expect-error a field that is set is set to something
store.bitfield('k', [{ set: 'u8', offset: 0 }])
// @ts-expect-error not an operation
store.bitop('NAND', 'd', 'a')
const expired = store.hexpire('h', 10, ['a'], { nx: true })
exactly<typeof expired, (-2 | 0 | 1 | 2)[]>(true)
const later = remote.get('k')
exactly<typeof later, Promise<string | null>>(true)

// ---- details of a search that are there because they were asked for
const around = { from: { member: 'm' }, by: { radius: 1, unit: 'km' } } as const
const names = store.geosearch('g', { ...around, count: 5 })
exactly<typeof names, string[]>(true)
const [near] = store.geosearch('g', { from: { longitude: 1, latitude: 2 }, by: around.by, withdist: true, asc: true })
exactly<typeof near.distance, number>(true)
exactly<typeof near.member, string>(true)
// @ts-expect-error nobody asked where it is
void near.coordinates
const [placed] = await remote.geosearch('g', { ...around, withcoord: true, withhash: true })
exactly<typeof placed.coordinates.longitude, number>(true)
exactly<typeof placed.hash, number>(true)
const queued = store
  .multi()
  .geosearch('g', { ...around, withdist: true })
  .geopos('g', 'm')
  .exec()
exactly<(typeof queued)[0][0]['distance'], number>(true)
exactly<(typeof queued)[1], (GeoPoint | null)[]>(true)
declare const maybe: boolean
const either = store.geosearch('g', { ...around, withdist: maybe })
exactly<typeof either, string[] | GeoFound[]>(true)
const stored = store.georadius('g', 1, 2, 3, 'km', { store: 'to' })
exactly<typeof stored, number>(true)
// @ts-expect-error an area is a circle or a box
store.geosearch('g', { from: around.from, by: { width: 1, unit: 'km' } })
// @ts-expect-error any of how many?
store.geosearch('g', { ...around, any: true })
const appended = store.xadd('s', '*', { a: 1 }, { maxlen: 5, approx: true })
exactly<typeof appended, string>(true)
const perhaps = store.xadd('s', '*', { a: 1 }, { nomkstream: true })
exactly<typeof perhaps, string | null>(true)
const once = store.xadd('s', '*', { a: 1 }, { idmp: ['p', 1], maxlen: 5 })
exactly<typeof once, string>(true)
const entries = store.bytes.xrange('s', '-', '+')
exactly<typeof entries, StreamEntry<Uint8Array>[]>(true)
const claimed = store.xclaim('s', 'g', 'c', 0, ['1-1'], { justid: true })
exactly<typeof claimed, string[]>(true)
const summary = store.xpending('s', 'g')
exactly<typeof summary, PendingSummary>(true)
const pending = store.xpending('s', 'g', '-', '+', 5)
exactly<typeof pending, PendingEntry[]>(true)
const whole = remote.xinfoStream('s', { full: true })
exactly<typeof whole, Promise<FullStreamInfo>>(true)

// ---- the tuple of a queue, thirty steps long
const results = store
  .multi()
  .get('k')
  .incr('k')
  .hgetall('h')
  .lmove('a', 'b', 'LEFT', 'RIGHT')
  .zadd('z', 1, 'm')
  .get('k')
  .get('k')
  .incr('k')
  .hgetall('h')
  .lmove('a', 'b', 'LEFT', 'RIGHT')
  .zadd('z', 1, 'm')
  .get('k')
  .get('k')
  .incr('k')
  .hgetall('h')
  .lmove('a', 'b', 'LEFT', 'RIGHT')
  .zadd('z', 1, 'm')
  .get('k')
  .get('k')
  .incr('k')
  .hgetall('h')
  .lmove('a', 'b', 'LEFT', 'RIGHT')
  .zadd('z', 1, 'm')
  .get('k')
  .get('k')
  .incr('k')
  .hgetall('h')
  .lmove('a', 'b', 'LEFT', 'RIGHT')
  .zadd('z', 1, 'm')
  .get('k')
  .exec()
type Six = [string | null, number, Record<string, string>, string | null, number, string | null]
exactly<typeof results, [...Six, ...Six, ...Six, ...Six, ...Six]>(true)
exactly<ReturnType<typeof store.multi>, Multi>(true)

// ---- what users must not write
// @ts-expect-error a key is text or bytes
store.get(1)
// @ts-expect-error a score is a number
store.zadd('z', '1', 'm')
// @ts-expect-error an end is LEFT or RIGHT
store.lmove('a', 'b', 'TOP', 'RIGHT')
// @ts-expect-error one condition at a time
store.hexpire('h', 10, ['a'], { nx: true, gt: true })
// @ts-expect-error one time at a time
store.hsetex('h', { a: 1 }, { ex: 10, px: 10 })
// @ts-expect-error the times of fields stay, or go
store.hgetex('h', ['a'], { ex: 10, persist: true })
// @ts-expect-error a stream is trimmed by number or by id
store.xtrim('s', { maxlen: 1, minid: '5' })
// @ts-expect-error a producer names an entry or lets its content name it
store.xadd('s', '*', { a: 1 }, { idmp: ['p', 1], idmpauto: 'p' })
// @ts-expect-error without a name
store.xadd('s', '*', { a: 1 }, { idmp: ['p'] })
// @ts-expect-error one policy for references
store.xdelex('s', ['1-1'], { keepref: true, acked: true })
// @ts-expect-error there is no such command
store.nope()
// @ts-expect-error a transaction returns what its callback returns
const wrong: string = store.transaction(() => 1)
void wrong

// ---- mutations of a command's three pieces, each of which must fail
interface Sample<M extends Mode = 'sync', T = string> {
  one(key: Key): Reply<M, T | null>
  two(key: Key): Reply<M, number>
}
// @ts-expect-error an op is missing
export const missingOp: Ops<Sample> = { one: () => null }
// @ts-expect-error an op answers another type
export const wrongReply: Ops<Sample> = { one: () => 1, two: () => 1 }
export const ops: Ops<Sample> = { one: () => null, two: () => 1 }
export const shapes: Shapes<Sample, Sample<'sync', Uint8Array>, typeof ops> = { one: text }
// @ts-expect-error text without a shape would come out as a string from `store.bytes`
export const missingShape: Shapes<Sample, Sample<'sync', Uint8Array>, typeof ops> = {}
export const rows: Rows<typeof ops> = {
  one: { name: 'ONE', flags: [], args: [key], reply: nullableText },
  two: { name: 'TWO', flags: [], args: [key], reply: count },
}
// @ts-expect-error a row is missing
export const missingRow: Rows<typeof ops> = { one: rows.one }
// @ts-expect-error a forgotten null
export const forgottenNull: Rows<typeof ops>['one'] = { name: 'ONE', flags: [], args: [key], reply: bulk }
// @ts-expect-error a codec too many
export const tooMany: Rows<typeof ops>['one'] = { name: 'ONE', flags: [], args: [key, value], reply: nullableText }
// @ts-expect-error a codec too few
export const tooFew: Rows<typeof ops>['one'] = { name: 'ONE', flags: [], args: [], reply: nullableText }
// @ts-expect-error a codec of another type
export const wrongCodec: Rows<typeof ops>['two'] = { name: 'TWO', flags: [], args: [double], reply: count }
// @ts-expect-error a reply codec of another type
export const wrongCodecReply: Rows<typeof ops>['two'] = { name: 'TWO', flags: [], args: [key], reply: nullable(bulk) }
