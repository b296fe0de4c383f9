import type {
  GeoAddOptions,
  GeoArea,
  GeoCenter,
  GeoDetails,
  GeoMember,
  GeoOrder,
  GeoPoint,
  GeoSearch,
  GeoUnit,
} from '../api/geo.ts'
import type { Integer, Key, Value } from '../api/types.ts'
import {
  type Answer,
  checkPlace,
  type geo,
  geoLines,
  type Located,
  notWithDetails,
  type Query,
  unitOf,
} from '../commands/geo.ts'
import { lateOptions, listOf, record } from '../commands/input.ts'
import { lines, Refusal, ReplyError } from '../errors.ts'
import {
  type Arg,
  type ArgReader,
  type Codec,
  double,
  extra,
  flag,
  integer,
  key,
  late,
  optional,
  options,
  rest,
  value,
} from './codec.ts'
import {
  asList,
  bulk,
  count,
  double as doubleReply,
  list,
  nullable,
  nullableList,
  nullableText,
  type ReplyCodec,
  textList,
} from './reply.ts'
import type { Rows } from './row.ts'

// ---- replies ------------------------------------------------------------------------------------------------------

/** A distance as text with four decimals, which is what it was rounded to; in RESP3 too. */
const far: ReplyCodec<number> = {
  write: (result, w) => {
    const n = Math.round(result * 10_000)
    const decimals = n % 10_000
    w.bulk(`${(n - decimals) / 10_000}.${String(decimals).padStart(4, '0')}`)
  },
  read: raw => Number(bulk.read(raw)),
}

const point: ReplyCodec<GeoPoint> = {
  write: ({ longitude, latitude }, w) => {
    w.array(2)
    w.double(longitude)
    w.double(latitude)
  },
  read: raw => {
    const [longitude, latitude] = asList(raw)
    return { longitude: doubleReply.read(longitude), latitude: doubleReply.read(latitude) }
  },
}

const eachPoint = list(nullableList(point))
const points: ReplyCodec<(GeoPoint | null)[]> = {
  write: eachPoint.write,
  read: raw => eachPoint.read(raw) as (GeoPoint | null)[],
}

/** Members with what the options ask for, always in this order. */
function locatedList({ withdist, withhash, withcoord }: GeoDetails): ReplyCodec<readonly Located[]> {
  const details = (withdist ? 1 : 0) + (withhash ? 1 : 0) + (withcoord ? 1 : 0)
  return list<Located>({
    write: (result, w) => {
      w.array(1 + details)
      w.bulk(result.member)
      if (result.distance !== undefined) far.write(result.distance, w)
      if (result.hash !== undefined) w.integer(result.hash)
      if (result.point !== undefined) point.write(result.point, w)
    },
    read: raw => {
      const parts = asList(raw)
      let at = 0
      return {
        member: bulk.read(parts[at++]) as string,
        distance: withdist ? far.read(parts[at++]) : undefined,
        // A double all the same, where it is beyond what is a safe integer.
        hash: withhash ? Number(parts[at++]) : undefined,
        point: withcoord ? point.read(parts[at++]) : undefined,
      }
    },
  })
}

function answer(given: unknown): ReplyCodec<Answer> {
  const wanted = (given ?? {}) as GeoDetails
  const detailed = wanted.withdist || wanted.withhash || wanted.withcoord
  return (detailed ? locatedList(wanted) : textList) as ReplyCodec<Answer>
}

function answerOrCount(given: unknown): ReplyCodec<Answer | number> {
  const { store, storedist } = (given ?? {}) as { store?: Key; storedist?: Key }
  return (store !== undefined || storedist !== undefined ? count : answer(given)) as ReplyCodec<Answer | number>
}

// ---- arguments ----------------------------------------------------------------------------------------------------

const degree = double()

/** `longitude latitude`, which must be a place. */
function readPlace(args: ArgReader): GeoPoint {
  const longitude = degree.read(args)
  const latitude = degree.read(args)
  checkPlace(longitude, latitude)
  return { longitude, latitude }
}

/** `longitude latitude member [longitude latitude member …]`. */
const members: Codec<number | readonly GeoMember[]> = {
  read: args => {
    if (args.left === 0 || args.left % 3 !== 0) throw new ReplyError(lines.syntax)
    const given: GeoMember[] = []
    while (args.left > 0) {
      const { longitude, latitude } = readPlace(args)
      given.push({ member: args.next(), longitude, latitude })
    }
    return given
  },
  write: (given, argv) => {
    if (typeof given === 'number') return degree.write(given, argv, 'longitude')
    for (const one of listOf(given, 'members')) {
      degree.write(record(one, 'each of members').longitude, argv, 'longitude')
      degree.write(one.latitude, argv, 'latitude')
      value.write(one.member, argv, 'member')
    }
  },
  min: 3,
  max: Infinity,
  keys: 'none',
}

/** The latitude and the member of the overload with a single one. */
const single: Codec<number | GeoAddOptions | undefined> = {
  ...extra,
  write: (given, argv) => {
    if (given !== undefined) degree.write(given as number, argv, 'latitude')
  },
} as Codec<number | GeoAddOptions | undefined>

const addWords = options<{ nx?: boolean; xx?: boolean; ch?: boolean }>(
  { nx: flag('NX'), xx: flag('XX'), ch: flag('CH') },
  true,
)
const addOptions: Codec<GeoAddOptions | undefined> = {
  ...addWords,
  read: args => {
    const given = addWords.read(args)
    if (given?.nx && given.xx) throw new ReplyError(lines.syntax)
    return given as GeoAddOptions | undefined
  },
} as Codec<GeoAddOptions | undefined>

const lateDegree = late(degree)
const radius = double(geoLines.radius)
const lateRadius = late(radius)
const width = double(geoLines.width)
const height = double(geoLines.height)
const number = integer()
/** What the word is, the op says. */
const unit: Codec<GeoUnit> = {
  ...value,
  write: (given: Value, argv: Arg[]) => value.write(given, argv, 'unit'),
} as unknown as Codec<GeoUnit>

/** Which words a command takes beside those of all searches. */
type Kind = 'search' | 'search store' | 'radius' | 'radius only'

/** As it is read: options, and of a search with its middle and its area. */
interface Read extends Query {
  store?: never
  members?: Value[]
}
type ReadRadius = Omit<Read, 'store' | 'storedist'> & { store?: Key; storedist?: Key }

/** Reads one of the words that every search takes; false when the next is none of them. */
function readCommon(args: ArgReader, given: Query): boolean {
  switch (args.peek()) {
    case 'WITHDIST':
      given.withdist = true
      break
    case 'WITHHASH':
      given.withhash = true
      break
    case 'WITHCOORD':
      given.withcoord = true
      break
    case 'ANY':
      given.any = true
      break
    case 'ASC':
    case 'DESC':
      given.asc = args.peek() === 'ASC'
      given.desc = args.peek() === 'DESC'
      break
    case 'COUNT': {
      if (args.left < 2) return false
      args.at++
      const most = number.read(args)
      if (most <= 0) throw new ReplyError(geoLines.count)
      given.count = most
      return true
    }
    default:
      return false
  }
  args.at++
  return true
}

/** Reads the middle or the area of a search, or STOREDIST; false when the next word is none of them. */
function readSearch(args: ArgReader, given: Read, kind: Kind): boolean {
  const word = args.peek()
  const behind = args.left - 1
  if (word === 'FROMMEMBER' && behind >= 1 && (given.from === undefined || 'member' in given.from)) {
    args.at++
    const member = args.next()
    given.members = [...(given.members ?? []), member]
    given.from = { member }
  } else if (word === 'FROMLONLAT' && behind >= 2 && !(given.from !== undefined && 'member' in given.from)) {
    args.at++
    given.from = readPlace(args)
  } else if (word === 'BYRADIUS' && behind >= 2 && !(given.by !== undefined && 'width' in given.by)) {
    args.at++
    const n = radius.read(args)
    if (n < 0) throw new ReplyError(geoLines.negativeRadius)
    given.by = { radius: n, unit: readUnit(args) }
  } else if (word === 'BYBOX' && behind >= 3 && !(given.by !== undefined && 'radius' in given.by)) {
    args.at++
    const [w, h] = [width.read(args), height.read(args)]
    if (w < 0 || h < 0) throw new ReplyError(geoLines.negativeBox)
    given.by = { width: w, height: h, unit: readUnit(args) }
  } else if (word === 'STOREDIST' && kind === 'search store') {
    args.at++
    given.storedist = true
  } else return false
  return true
}

function readUnit(args: ArgReader): GeoUnit {
  const name = args.next()
  unitOf(name)
  return name as GeoUnit
}

/** Reads STORE or STOREDIST with a key; false when the next word is neither. */
function readStore(args: ArgReader, given: ReadRadius): boolean {
  const word = args.peek()
  if ((word !== 'STORE' && word !== 'STOREDIST') || args.left < 2) return false
  args.at++
  const to = args.next()
  given.store = word === 'STORE' ? to : undefined
  given.storedist = word === 'STOREDIST' ? to : undefined
  return true
}

function writeOptions(given: GeoOrder & GeoDetails, argv: Arg[]): void {
  if (given.desc) argv.push('DESC')
  else if (given.asc) argv.push('ASC')
  const { count: most, any } = given as { count?: Integer; any?: boolean }
  if (most !== undefined) {
    argv.push('COUNT')
    number.write(most, argv, 'count')
  }
  if (any) argv.push('ANY')
  if (given.withcoord) argv.push('WITHCOORD')
  if (given.withdist) argv.push('WITHDIST')
  if (given.withhash) argv.push('WITHHASH')
}

/** The words of GEOSEARCH and GEOSEARCHSTORE. What is refused is kept for the op, which looks at the keys first. */
function searchWords(kind: 'search' | 'search store'): Codec<Query> {
  const read = (args: ArgReader, given: Read): void => {
    const name = args.argv[0]
    while (args.left > 0) {
      if (!readCommon(args, given) && !readSearch(args, given, kind)) throw new ReplyError(lines.syntax)
    }
    if (kind === 'search store' && (given.withdist || given.withhash || given.withcoord)) {
      throw new ReplyError(notWithDetails('GEOSEARCHSTORE'))
    }
    if (given.from === undefined) {
      throw new ReplyError(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`)
    }
    if (given.by === undefined) {
      throw new ReplyError(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${name}`)
    }
  }
  return {
    read: args => {
      const given: Read = {}
      try {
        read(args, given)
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error
        given.refused = new Refusal(error.message)
        args.at = args.argv.length
      }
      return given
    },
    write: (given, argv) => {
      if (record(given, 'search').refused !== undefined) throw new ReplyError((given.refused as Refusal).line)
      const from = record(given.from as GeoCenter, 'from')
      if ('member' in from) {
        argv.push('FROMMEMBER')
        value.write(from.member, argv, 'member')
      } else {
        argv.push('FROMLONLAT')
        degree.write(from.longitude, argv, 'longitude')
        degree.write(from.latitude, argv, 'latitude')
      }
      const by = record(given.by as GeoArea, 'by')
      if ('radius' in by) {
        argv.push('BYRADIUS')
        radius.write(by.radius, argv, 'radius')
      } else {
        argv.push('BYBOX')
        width.write(by.width, argv, 'width')
        height.write(by.height, argv, 'height')
      }
      unit.write(by.unit, argv)
      writeOptions(given as GeoOrder & GeoDetails, argv)
      if (kind === 'search store' && given.storedist) argv.push('STOREDIST')
    },
    min: 5,
    max: Infinity,
    keys: 'none',
  }
}

/** The words of GEORADIUS and its kin. */
function radiusWords<O extends object>(kind: 'radius' | 'radius only'): Codec<O | undefined> {
  const codec: Codec<ReadRadius | undefined> = {
    read: args => {
      if (args.left === 0) return undefined
      const given: ReadRadius = {}
      while (args.left > 0) {
        const is = readCommon(args, given as Query) || (kind === 'radius' && readStore(args, given))
        if (!is) throw new ReplyError(lines.syntax)
      }
      return given
    },
    write: (given, argv) => {
      const { store, storedist } = lateOptions(given, true)
      if (given === undefined) return
      writeOptions(given as GeoOrder & GeoDetails, argv)
      if (kind === 'radius only') return
      const to = storedist === undefined ? store : storedist
      if (to === undefined) return
      argv.push(storedist === undefined ? 'STORE' : 'STOREDIST')
      key.write(to, argv)
    },
    min: 0,
    max: Infinity,
    keys: 'none',
  }
  return late(codec) as unknown as Codec<O | undefined>
}

const searchQuery = searchWords('search') as unknown as Codec<GeoSearch & GeoDetails>
const storeQuery = searchWords('search store') as unknown as Codec<GeoSearch & { storedist?: boolean }>

// ---- rows ---------------------------------------------------------------------------------------------------------

/** The places of the key and of the destination, which is that of the last STORE or STOREDIST. */
function storedAt(argv: readonly string[]): readonly number[] {
  let store = 0
  for (let i = 5; i + 1 < argv.length; i++) if (/^STORE(DIST)?$/i.test(argv[i])) store = ++i
  return store === 0 ? [1] : [1, store]
}

export const geoRows: Rows<typeof geo> = {
  geoadd: {
    name: 'GEOADD',
    flags: ['write', 'denyoom'],
    args: [key, members, single, extra, addOptions],
    order: [0, 4, 1, 2, 3],
    arrange: ([target, first, second, third, fourth]) =>
      typeof first === 'number'
        ? [target, first, second, third, fourth]
        : [target, first, undefined, undefined, second === undefined ? fourth : second],
    reply: count,
  },
  geodist: {
    name: 'GEODIST',
    flags: ['readonly'],
    args: [key, value, value, optional(unit)],
    reply: nullable(far),
  },
  geohash: { name: 'GEOHASH', flags: ['readonly'], args: [key, rest(value, 0)], reply: list(nullableText) },
  geopos: { name: 'GEOPOS', flags: ['readonly'], args: [key, rest(value, 0)], reply: points },
  geosearch: { name: 'GEOSEARCH', flags: ['readonly'], args: [key, searchQuery], reply: args => answer(args[1]) },
  geosearchstore: {
    name: 'GEOSEARCHSTORE',
    flags: ['write', 'denyoom'],
    args: [key, key, storeQuery],
    reply: count,
  },
  georadius: {
    name: 'GEORADIUS',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, lateDegree, lateDegree, lateRadius, unit, radiusWords('radius')],
    keysAt: storedAt,
    reply: args => answerOrCount(args[5]),
  },
  georadius_ro: {
    name: 'GEORADIUS_RO',
    flags: ['readonly'],
    args: [key, lateDegree, lateDegree, lateRadius, unit, radiusWords('radius only')],
    reply: args => answer(args[5]),
  },
  georadiusbymember: {
    name: 'GEORADIUSBYMEMBER',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, value, lateRadius, unit, radiusWords('radius')],
    keysAt: storedAt,
    reply: args => answerOrCount(args[4]),
  },
  georadiusbymember_ro: {
    name: 'GEORADIUSBYMEMBER_RO',
    flags: ['readonly'],
    args: [key, value, lateRadius, unit, radiusWords('radius only')],
    reply: args => answer(args[4]),
  },
}
