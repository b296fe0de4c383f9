import type { Integer, Key, Mode, Reply, Value } from './types.ts'

/** Metres, kilometres, feet or miles. */
export type GeoUnit = 'm' | 'km' | 'ft' | 'mi' | 'M' | 'KM' | 'FT' | 'MI'

/** A place in degrees: longitude from -180 to 180, latitude from -85.05112878 to 85.05112878. */
export interface GeoPoint {
  readonly longitude: number
  readonly latitude: number
}

/** A member with its place. */
export interface GeoMember extends GeoPoint {
  readonly member: Value
}

/** What `geoadd` may touch. */
export type GeoAddOptions = (
  | { /** Only add new members. */ nx?: boolean; xx?: false }
  | { nx?: false /** Only move members that exist. */; xx?: boolean }
) & {
  /** Count members that moved, not only new ones. */
  ch?: boolean
}

/** The middle of a search: where a member is, or a place. */
export type GeoCenter = { readonly member: Value } | GeoPoint

/** A circle, or a box that lies square to the meridian, around the middle of a search. */
export type GeoArea =
  | { readonly radius: number; readonly unit: GeoUnit }
  | { readonly width: number; readonly height: number; readonly unit: GeoUnit }

/** Which of the members found are wanted, and in which order. */
export type GeoOrder = (
  | { /** Nearest first; with a `count` and without `any` that is the default. */ asc?: boolean; desc?: false }
  | { asc?: false /** Farthest first. */; desc?: boolean }
) &
  (
    | { /** Up to so many, the first ones in that order. */ count?: Integer; any?: false }
    | { count: Integer /** Stop as soon as there are `count`, which need not be the nearest. */; any?: boolean }
  )

/** What to tell of each member beside its name. */
export interface GeoDetails {
  /** Where it is. */
  withcoord?: boolean
  /** How far it is from the middle, in the unit of the search, rounded to four decimals. */
  withdist?: boolean
  /** Its score: the bits of longitude and latitude in turn. */
  withhash?: boolean
}
interface NoDetails {
  withcoord?: false
  withdist?: false
  withhash?: false
}
/** At least one of the details. */
export type SomeDetails = GeoDetails & ({ withcoord: true } | { withdist: true } | { withhash: true })

/** What and where to search. */
export type GeoSearch = { from: GeoCenter; by: GeoArea } & GeoOrder

/** A member that was found, with the details that were asked for. */
export interface GeoFound<T = string> {
  readonly member: T
  readonly distance?: number
  readonly hash?: number
  readonly coordinates?: GeoPoint
}

/** As `GeoFound`, with exactly the details that `D` asks for. */
export type GeoFoundWith<D, T = string> = { readonly member: T } & (D extends { withdist: true }
  ? { readonly distance: number }
  : unknown) &
  (D extends { withhash: true } ? { readonly hash: number } : unknown) &
  (D extends { withcoord: true } ? { readonly coordinates: GeoPoint } : unknown)

/** Where `georadius` puts what it finds instead of returning it: members with their places, or with their distances. */
export type GeoStore = { store: Key; storedist?: undefined } | { store?: undefined; storedist: Key }
interface NoStore {
  store?: undefined
  storedist?: undefined
}
type AnyStore = { store?: Key; storedist?: Key }

/**
 * Commands on places. They are kept in a sorted set, as scores of 52 bits that are exact to less than a metre, so that
 * `zrem` removes and `zcard` counts them. The earth is taken for a sphere, which is wrong by up to half a percent.
 */
export interface GeoCommands<M extends Mode = 'sync', T = string> {
  /** Adds members at their places or moves them; returns how many were new (with `ch`: new or moved). O(log n) each. */
  geoadd(key: Key, longitude: number, latitude: number, member: Value, options?: GeoAddOptions): Reply<M, number>
  geoadd(key: Key, members: readonly GeoMember[], options?: GeoAddOptions): Reply<M, number>
  geoadd(
    key: Key,
    members: number | readonly GeoMember[],
    latitude?: number | GeoAddOptions,
    member?: Value,
    options?: GeoAddOptions,
  ): Reply<M, number>
  /** How far two members are from each other, in metres or `unit`, to four decimals; null if one is absent. O(1). */
  geodist(key: Key, member1: Value, member2: Value, unit?: GeoUnit): Reply<M, number | null>
  /** The standard geohash of each member, 11 characters, null for absent ones. O(1) each. */
  geohash(key: Key, ...members: Value[]): Reply<M, (T | null)[]>
  geohash(key: Key, members: readonly Value[]): Reply<M, (T | null)[]>
  /** Where each member is, null for absent ones. O(1) each. */
  geopos(key: Key, ...members: Value[]): Reply<M, (GeoPoint | null)[]>
  geopos(key: Key, members: readonly Value[]): Reply<M, (GeoPoint | null)[]>
  /**
   * The members within an area, as `{ from: { member } | { longitude, latitude }, by: { radius, unit } | { width, height,
   * unit } }` says; objects with what `withdist`, `withcoord` and `withhash` ask for, or else just the members. In no
   * useful order unless `asc`, `desc` or `count` is given. Throws when `from.member` is not in the set. O(log n +
   * members around the area).
   */
  geosearch(key: Key, search: GeoSearch & NoDetails): Reply<M, T[]>
  geosearch<const D extends SomeDetails>(key: Key, search: GeoSearch & D): Reply<M, GeoFoundWith<D, T>[]>
  geosearch(key: Key, search: GeoSearch & GeoDetails): Reply<M, T[] | GeoFound<T>[]>
  /**
   * Puts what `geosearch` gives into `destination`, whatever it held, with their places or, with `storedist`, their
   * distances as scores; returns how many. An empty result removes the key. O(log n + members around the area).
   */
  geosearchstore(destination: Key, source: Key, search: GeoSearch & { storedist?: boolean }): Reply<M, number>
  /**
   * As `geosearch` within a circle around a place; with `store` or `storedist` as `geosearchstore`. Redis keeps it for old
   * programs. O(log n + members around the circle).
   */
  georadius(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & GeoStore & NoDetails,
  ): Reply<M, number>
  georadius(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & NoStore & NoDetails,
  ): Reply<M, T[]>
  georadius<const D extends SomeDetails>(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & NoStore & D,
  ): Reply<M, GeoFoundWith<D, T>[]>
  georadius(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & AnyStore & GeoDetails,
  ): Reply<M, T[] | GeoFound<T>[] | number>
  /** As `georadius`, without `store`. O(log n + members around the circle). */
  georadius_ro(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & NoDetails,
  ): Reply<M, T[]>
  georadius_ro<const D extends SomeDetails>(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & D,
  ): Reply<M, GeoFoundWith<D, T>[]>
  georadius_ro(
    key: Key,
    longitude: number,
    latitude: number,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & GeoDetails,
  ): Reply<M, T[] | GeoFound<T>[]>
  /** As `georadius` around a member, which must be in the set. O(log n + members around the circle). */
  georadiusbymember(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & GeoStore & NoDetails,
  ): Reply<M, number>
  georadiusbymember(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & NoStore & NoDetails,
  ): Reply<M, T[]>
  georadiusbymember<const D extends SomeDetails>(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & NoStore & D,
  ): Reply<M, GeoFoundWith<D, T>[]>
  georadiusbymember(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & AnyStore & GeoDetails,
  ): Reply<M, T[] | GeoFound<T>[] | number>
  /** As `georadiusbymember`, without `store`. O(log n + members around the circle). */
  georadiusbymember_ro(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & NoDetails,
  ): Reply<M, T[]>
  georadiusbymember_ro<const D extends SomeDetails>(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options: GeoOrder & D,
  ): Reply<M, GeoFoundWith<D, T>[]>
  georadiusbymember_ro(
    key: Key,
    member: Value,
    radius: number,
    unit: GeoUnit,
    options?: GeoOrder & GeoDetails,
  ): Reply<M, T[] | GeoFound<T>[]>
}
