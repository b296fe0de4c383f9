import type { GeoAddOptions, GeoArea, GeoCenter, GeoCommands, GeoFound, GeoMember, GeoPoint } from '../api/geo.ts'
import type { Integer, Key, Value } from '../api/types.ts'
import { lines, type Refusal, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import { type Area, type Found, search } from '../structures/geo.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import { geohashText, geoScore, latitudeOf, longitudeOf, MAX_LATITUDE, MAX_LONGITUDE } from '../util/geohash.ts'
import { distance } from '../util/sphere.ts'
import { double, index, keyOf, keyText, lateOptions, listOf, none, record, text } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'
import { add, scoreArg, sortedSets } from './sorted-sets.ts'

export const geoLines = {
  member: 'ERR could not decode requested zset member',
  unit: 'ERR unsupported unit provided. please use M, KM, FT, MI',
  radius: 'ERR need numeric radius',
  width: 'ERR need numeric width',
  height: 'ERR need numeric height',
  negativeRadius: 'ERR radius cannot be negative',
  negativeBox: 'ERR height or width cannot be negative',
  count: 'ERR COUNT must be > 0',
  any: 'ERR the ANY argument requires COUNT argument',
} as const

/** The options of STORE forbid those that say what to tell of each member. */
export function notWithDetails(what: string): string {
  return `ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`
}

/** A member found, with what was asked for beside its name. The distance is rounded. */
export interface Located {
  readonly member: string
  readonly distance: number | undefined
  readonly hash: number | undefined
  readonly point: GeoPoint | undefined
}
export type Answer = readonly string[] | readonly Located[]

/** Where the lossless results differ from the typed replies. */
interface Results {
  geohash: readonly (string | null)[]
  geosearch: Answer
  georadius: Answer | number
  georadius_ro: Answer
  georadiusbymember: Answer | number
  georadiusbymember_ro: Answer
}

/** Everything that a search can be told. */
interface Options {
  asc?: boolean
  desc?: boolean
  count?: Integer
  any?: boolean
  withcoord?: boolean
  withdist?: boolean
  withhash?: boolean
  store?: Key
  storedist?: Key | boolean
}

/**
 * A search as it was asked for; from the wire also with the members named before the first argument that is refused, and
 * its line: Redis looks for members while it reads, so that one who is absent is what it complains about.
 */
export interface Query extends Options {
  from?: GeoCenter
  by?: GeoArea
  storedist?: boolean
  members?: readonly Value[]
  refused?: Refusal
}

// ---- arguments ----------------------------------------------------------------------------------------------------

const metres: Readonly<Record<string, number>> = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 }

/** How many metres a unit has. */
export function unitOf(given: unknown): number {
  const name = text(given as Value, 'unit').toLowerCase()
  if (!Object.hasOwn(metres, name)) throw new ReplyError(geoLines.unit)
  return metres[name]
}

/** C's `%f`. */
function sixDecimals(n: number): string {
  if (!Number.isFinite(n)) return n < 0 ? '-inf' : 'inf'
  const size = Math.abs(n)
  const sign = n < 0 || Object.is(n, -0) ? '-' : ''
  if (size >= 2 ** 53) return `${sign}${BigInt(size)}.000000`
  // Halfway between two texts, which only an odd number of 128ths is, C takes the even one and JavaScript the greater.
  const seven = size.toFixed(7)
  const halfway = Math.abs(((size % 1) * 128) % 2) === 1
  const down = halfway && Number(seven[seven.length - 2]) % 2 === 0
  return sign + (down ? seven.slice(0, -1) : size.toFixed(6))
}

/** A degree as it is given: any double but NaN. */
function degree(given: number, name: string): number {
  const n = double(given, name)
  if (Number.isNaN(n)) throw new ReplyError(lines.notFloat)
  return n
}

/** Throws unless it is a place. */
export function checkPlace(longitude: number, latitude: number): void {
  const isPlace =
    longitude >= -MAX_LONGITUDE && longitude <= MAX_LONGITUDE && latitude >= -MAX_LATITUDE && latitude <= MAX_LATITUDE
  if (isPlace) return
  throw new ReplyError(`ERR invalid longitude,latitude pair ${sixDecimals(longitude)},${sixDecimals(latitude)}`)
}

function placeOf(longitude: number, latitude: number): GeoPoint {
  const place = { longitude: degree(longitude, 'longitude'), latitude: degree(latitude, 'latitude') }
  checkPlace(place.longitude, place.latitude)
  return place
}

/** Where the member is; `zset` has it or the search is refused. */
function whereIs(zset: SortedSet, member: Value): GeoPoint {
  const score = zset.score(text(member, 'member'))
  if (Number.isNaN(score)) throw new ReplyError(geoLines.member)
  return { longitude: longitudeOf(score), latitude: latitudeOf(score) }
}

/** A length as it is given; `line` refuses NaN. */
function length(given: number, name: string, line: string): number {
  const n = double(given, name)
  if (Number.isNaN(n)) throw new ReplyError(line)
  return n
}

const nowhere: GeoPoint = { longitude: 0, latitude: 0 }

function circle(at: GeoPoint, given: number, unit: unknown): Area {
  const radius = length(given, 'radius', geoLines.radius)
  if (radius < 0) throw new ReplyError(geoLines.negativeRadius)
  return { longitude: at.longitude, latitude: at.latitude, radius, width: 0, height: 0, unit: unitOf(unit) }
}

function areaOf(at: GeoPoint, given: GeoArea): Area {
  const by = record(given, 'by')
  if ('radius' in by) return circle(at, by.radius, by.unit)
  const width = length(by.width, 'width', geoLines.width)
  const height = length(by.height, 'height', geoLines.height)
  if (width < 0 || height < 0) throw new ReplyError(geoLines.negativeBox)
  return { longitude: at.longitude, latitude: at.latitude, radius: undefined, width, height, unit: unitOf(by.unit) }
}

/** How many are wanted, Infinity for all. Throws for options that do not go together. */
function countOf(options: Options, storing: string | undefined): number {
  const { count: most, any } = options
  const count = most === undefined ? Infinity : index(most, 'count')
  if (count <= 0) throw new ReplyError(geoLines.count)
  if (storing !== undefined && (options.withdist || options.withhash || options.withcoord)) {
    throw new ReplyError(notWithDetails(storing))
  }
  if (any && most === undefined) throw new ReplyError(geoLines.any)
  return count
}

// ---- searching ----------------------------------------------------------------------------------------------------

function found(zset: SortedSet, area: Area, count: number, options: Options): Found {
  const any = options.any === true
  // To give the first few, one must know an order.
  const order = options.desc ? -1 : options.asc || (count < Infinity && !any) ? 1 : 0
  const distances = options.withdist === true || (options.storedist !== undefined && options.storedist !== false)
  return search(zset, area, { order, count, any, distances })
}

/** To four decimals, in the unit, half to even. */
function rounded(far: number): number {
  const n = far * 10_000
  const below = Math.floor(n)
  const rest = n - below
  return (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below) / 10_000
}

function answered(result: Found, area: Area, options: Options): Answer {
  const { withcoord, withdist, withhash } = options
  if (!(withcoord || withdist || withhash)) return result.members
  const { members, scores, distances } = result
  const list: Located[] = []
  for (let i = 0; i < members.length; i++) {
    const score = scores[i]
    list.push({
      member: members[i],
      distance: withdist ? rounded(distances[i] / area.unit) : undefined,
      hash: withhash ? Math.trunc(score) : undefined,
      point: withcoord ? { longitude: longitudeOf(score), latitude: latitudeOf(score) } : undefined,
    })
  }
  return list
}

/** Puts what was found into the key, or removes it when that is nothing. */
function put(
  ks: Keyspace,
  destination: string,
  result: Found | undefined,
  unit: number | undefined,
  event: string,
): number {
  const members = result?.members ?? []
  if (result === undefined || members.length === 0) {
    if (ks.remove(destination) && ks.logging) ks.effect('DEL', destination)
    return 0
  }
  const scores = unit === undefined ? result.scores : result.distances.map(far => far / unit)
  const zset = ks.create('zset')
  zset.load(members, scores)
  const existed = ks.logging && ks.find(destination) !== undefined
  ks.put(destination, zset, event)
  if (ks.logging) {
    // Not the search itself: what lies on the edge of an area depends on the last bit of a sine.
    if (existed) ks.effect('DEL', destination)
    const effect: EffectArg[] = ['ZADD', destination]
    for (let i = 0; i < members.length; i++) effect.push(scoreArg(scores[i]), members[i])
    ks.effectList(effect)
  }
  return members.length
}

/** Checks a search and says where and how many; no area when there is nothing to search. */
function asked(zset: SortedSet | undefined, given: Query, storing: string | undefined): { area: Area; count: number } {
  const query = record(given, 'search')
  for (const member of query.members ?? []) if (zset !== undefined) whereIs(zset, member)
  if (query.refused !== undefined) throw new ReplyError(query.refused.line)
  const from = record(query.from as GeoCenter, 'from')
  let at = nowhere
  if (!('member' in from)) at = placeOf(from.longitude, from.latitude)
  else if (zset !== undefined) at = whereIs(zset, from.member)
  else text(from.member, 'member')
  const area = areaOf(at, query.by as GeoArea)
  return { area, count: countOf(query, storing) }
}

/** What GEORADIUS and its kin do once they know where. */
function within(
  ks: Keyspace,
  zset: SortedSet | undefined,
  area: Area | undefined,
  given: Options | undefined,
  stores: boolean,
): Answer | number {
  const all = lateOptions(given, true)
  const options = stores ? all : { ...all, store: undefined, storedist: undefined }
  const to = options.storedist === undefined ? options.store : (options.storedist as Key)
  const count = countOf(options, to === undefined ? undefined : 'STORE option in GEORADIUS')
  const destination = to === undefined ? undefined : keyText(to)
  const result = zset === undefined || area === undefined ? undefined : found(zset, area, count, options)
  if (destination !== undefined) {
    return put(ks, destination, result, options.storedist === undefined ? undefined : area?.unit, 'georadiusstore')
  }
  return result === undefined || area === undefined ? [] : answered(result, area, options)
}

function aroundPlace(
  ks: Keyspace,
  key: Key,
  longitude: number,
  latitude: number,
  radius: number,
  unit: string,
  options: Options | undefined,
  stores: boolean,
): Answer | number {
  const zset = ks.read(keyOf(key), 'zset')
  return within(ks, zset, circle(placeOf(longitude, latitude), radius, unit), options, stores)
}

function aroundMember(
  ks: Keyspace,
  key: Key,
  member: Value,
  radius: number,
  unit: string,
  options: Options | undefined,
  stores: boolean,
): Answer | number {
  const zset = ks.read(keyOf(key), 'zset')
  // Without a set Redis does not even read the radius.
  if (zset === undefined) return within(ks, undefined, undefined, options, stores)
  return within(ks, zset, circle(whereIs(zset, member), radius, unit), options, stores)
}

/** Members with the scores of their places, flat. */
function placed(members: readonly GeoMember[]): (string | number)[] {
  const list: (string | number)[] = []
  for (const one of listOf(members, 'members')) {
    const { member, longitude, latitude } = record(one, 'each of members')
    const place = placeOf(longitude, latitude)
    list.push(text(member, 'member'), geoScore(place.longitude, place.latitude))
  }
  return list
}

export const geo: Ops<GeoCommands, Results> = {
  geoadd(ks, given, first, second, third, fourth) {
    const single = typeof first === 'number'
    // A list may be followed by its options at once.
    const conditions = single || second === undefined ? fourth : (second as GeoAddOptions)
    if (conditions !== undefined) {
      const { nx, xx } = lateOptions<GeoAddOptions>(conditions, true)
      if (nx && xx) throw new ReplyError(lines.syntax)
    }
    if (single) {
      const { longitude, latitude } = placeOf(first, second as number)
      return sortedSets.zadd(ks, given, geoScore(longitude, latitude), third as Value, conditions) as number
    }
    return add(ks, keyOf(given), placed(first), conditions ?? none) as number
  },
  geodist(ks, key, member1, member2, unit = 'm') {
    const metre = unitOf(unit)
    const [a, b] = [text(member1, 'member1'), text(member2, 'member2')]
    const zset = ks.read(keyOf(key), 'zset')
    if (zset === undefined) return null
    const from = zset.score(a)
    const to = zset.score(b)
    if (Number.isNaN(from) || Number.isNaN(to)) return null
    return rounded(distance(longitudeOf(from), latitudeOf(from), longitudeOf(to), latitudeOf(to)) / metre)
  },
  geohash(ks, key, members) {
    const names = members.map(member => text(member, 'member'))
    const zset = ks.read(keyOf(key), 'zset')
    return names.map(name => {
      const score = zset === undefined ? Number.NaN : zset.score(name)
      return Number.isNaN(score) ? null : geohashText(longitudeOf(score), latitudeOf(score))
    })
  },
  geopos(ks, key, members) {
    const names = members.map(member => text(member, 'member'))
    const zset = ks.read(keyOf(key), 'zset')
    return names.map(name => {
      const score = zset === undefined ? Number.NaN : zset.score(name)
      return Number.isNaN(score) ? null : { longitude: longitudeOf(score), latitude: latitudeOf(score) }
    })
  },
  geosearch(ks, key, query) {
    const zset = ks.read(keyOf(key), 'zset')
    const { area, count } = asked(zset, query, undefined)
    return zset === undefined ? [] : answered(found(zset, area, count, query), area, query)
  },
  geosearchstore(ks, to, source, query) {
    const destination = keyText(to)
    const zset = ks.read(keyOf(source), 'zset')
    const { area, count } = asked(zset, query, 'GEOSEARCHSTORE')
    const result = zset === undefined ? undefined : found(zset, area, count, query)
    return put(ks, destination, result, query.storedist ? area.unit : undefined, 'geosearchstore')
  },
  georadius: (ks, key, longitude, latitude, radius, unit, options) =>
    aroundPlace(ks, key, longitude, latitude, radius, unit, options, true),
  georadius_ro: (ks, key, longitude, latitude, radius, unit, options) =>
    aroundPlace(ks, key, longitude, latitude, radius, unit, options, false) as Answer,
  georadiusbymember: (ks, key, member, radius, unit, options) =>
    aroundMember(ks, key, member, radius, unit, options, true),
  georadiusbymember_ro: (ks, key, member, radius, unit, options) =>
    aroundMember(ks, key, member, radius, unit, options, false) as Answer,
}

/** The members, or each with what was asked for. */
function located(result: Answer, out: Out): string[] | GeoFound[] {
  if (result.length === 0 || typeof result[0] === 'string') return shape.texts(result as readonly string[], out)
  return (result as readonly Located[]).map(({ member, distance: far, hash, point }) => {
    const one: { member: string; distance?: number; hash?: number; coordinates?: GeoPoint } = {
      member: out.text(member),
    }
    if (far !== undefined) one.distance = far
    if (hash !== undefined) one.hash = hash
    if (point !== undefined) one.coordinates = point
    return one
  })
}

const locatedOrCount = (result: Answer | number, out: Out): string[] | GeoFound[] | number =>
  typeof result === 'number' ? result : located(result, out)

export const geoShapes: Shapes<GeoCommands, GeoCommands<'sync', Uint8Array>, typeof geo> = {
  geohash: shape.nullableTexts,
  geosearch: located,
  georadius: locatedOrCount,
  georadius_ro: located,
  georadiusbymember: locatedOrCount,
  georadiusbymember_ro: located,
}

export const geoRest: Rest<GeoCommands> = { geohash: 1, geopos: 1 }
