import { ALL_INTEGERS, type Line, NOT_FLOATS, numbered, product, Script, TEXTS } from '../script.ts'

const SICILY = 'GEOADD k 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento'
const LOOK = ['ZRANGE k 0 -1 WITHSCORES']
const DETAILS = ['', ' WITHDIST', ' WITHCOORD', ' WITHHASH', ' WITHDIST WITHCOORD', ' WITHHASH WITHDIST WITHCOORD']
const UNITS = ['m', 'km', 'ft', 'mi', 'M', 'Km', 'FT', 'mI', 'yd', '', 'kmm']
const ORDERS = ['', ' ASC', ' DESC', ' ASC DESC', ' DESC ASC']
const AREAS = [
  'BYRADIUS 0 m',
  'BYRADIUS 1 m',
  'BYRADIUS 100 km',
  'BYRADIUS 166274.1 m',
  'BYRADIUS 166274.2 m',
  'BYRADIUS 5000 km',
  'BYRADIUS 1e300 km',
  'BYRADIUS inf m',
  'BYBOX 0 0 m',
  'BYBOX 400 400 km',
  'BYBOX 10 1000 km',
  'BYBOX 1000 10 km',
  'BYBOX 50000 50000 km',
  'BYBOX 1e300 1 mi',
  'BYBOX inf inf ft',
]
/** Everywhere, and where cells, hemispheres and the edges of the map meet. */
const PLACES = [
  [0, 0],
  [180, 0],
  [-180, 0],
  [179.9999999, 0.0000001],
  [-179.9999999, -0.0000001],
  [0, 85.05112878],
  [0, -85.05112878],
  [180, 85.05112878],
  [-180, -85.05112878],
  [90, 66.1],
  [90, 65.9],
  [-90, -80.1],
  [-90, -79.9],
  [13.361389, 38.115556],
  [-122.27652, 37.805186],
  [116.397128, 39.916527],
  [1e-7, 1e-7],
  [-1e-7, -1e-7],
  [0.1, 0.2],
  [45, 45],
] as const

/** Places all over the map, the same ones every time. */
function scattered(count: number, east = 360, north = 170): [number, number][] {
  let state = 1
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return ((state >>> 8) & 0xffffff) / 0x1000000
  }
  return Array.from({ length: count }, () => [
    Number((next() * east - east / 2).toFixed(6)),
    Number((next() * north - north / 2).toFixed(6)),
  ])
}

const add = (places: readonly (readonly [number, number])[], key = 'k'): string[] => [
  'GEOADD',
  key,
  ...places.flatMap(([longitude, latitude], i) => [String(longitude), String(latitude), `p${i}`]),
]

export function geos(): Line[] {
  const s = new Script()
  s.arity(
    'GEOADD k 1 2 a',
    'GEODIST k a b m',
    'GEOHASH k a',
    'GEOPOS k a',
    'GEOSEARCH k FROMLONLAT 1 2 BYRADIUS 1 m',
    'GEOSEARCHSTORE d k FROMLONLAT 1 2 BYRADIUS 1 m',
    'GEORADIUS k 1 2 3 m',
    'GEORADIUS_RO k 1 2 3 m',
    'GEORADIUSBYMEMBER k a 3 m',
    'GEORADIUSBYMEMBER_RO k a 3 m',
  )
  s.types(
    'GEOADD K 1 2 a',
    'GEOADD K XX 1 2 a',
    'GEOADD K 1 200 a',
    'GEOADD K NX XX 1 2 a',
    'GEODIST K a b',
    'GEODIST K a b yd',
    'GEOHASH K a b',
    'GEOHASH K',
    'GEOPOS K a b',
    'GEOPOS K',
    'GEOSEARCH K FROMLONLAT 1 2 BYRADIUS 9000 km',
    'GEOSEARCH K FROMMEMBER a BYRADIUS 9000 km WITHDIST WITHHASH WITHCOORD',
    'GEOSEARCH K FROMMEMBER nope BYRADIUS 9000 km',
    'GEOSEARCH K FROMMEMBER nope BYRADIUS abc km',
    'GEOSEARCH K FROMMEMBER a BYRADIUS abc km',
    'GEOSEARCH K BAD BAD BAD BAD BAD',
    'GEOSEARCHSTORE d K FROMLONLAT 1 2 BYRADIUS 9000 km',
    'GEOSEARCHSTORE K zset FROMMEMBER a BYRADIUS 9000 km',
    'GEOSEARCHSTORE K none FROMMEMBER a BYRADIUS 9000 km',
    'GEOSEARCHSTORE d K FROMMEMBER a BYRADIUS 9000 km WITHDIST',
    'GEORADIUS K 1 2 9000 km',
    'GEORADIUS K 1 2 9000 km STORE d',
    'GEORADIUS K abc 2 9000 km',
    'GEORADIUS K 1 2 -9000 km',
    'GEORADIUS K 1 2 9000 yd',
    'GEORADIUS K 1 2 9000 km BAD',
    'GEORADIUS_RO K 1 2 9000 km',
    'GEORADIUSBYMEMBER K a 9000 km',
    'GEORADIUSBYMEMBER K a 9000 km STOREDIST d',
    'GEORADIUSBYMEMBER K nope 9000 km',
    'GEORADIUSBYMEMBER K nope abc km',
    'GEORADIUSBYMEMBER K a abc yd',
    'GEORADIUSBYMEMBER K a 9000 yd',
    'GEORADIUSBYMEMBER K nope 9000 km BAD',
    'GEORADIUSBYMEMBER_RO K a 9000 km',
  )
  s.fresh()
    .run(SICILY)
    .cases(
      'GEOADD k XX CH 13 38 Palermo',
      'GEOSEARCH k FROMLONLAT 15 37 BYRADIUS 200 km ASC COUNT 2 ANY WITHCOORD WITHDIST WITHHASH',
      'GEOSEARCH k FROMMEMBER Catania BYBOX 400 400 km DESC',
      'GEOSEARCHSTORE d k FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST',
      'GEORADIUS k 15 37 200 km WITHDIST ASC STORE d',
      'GEODIST k Palermo Catania km',
    )

  // GEOADD: options, numbers, the order of complaints.
  for (const options of [
    '',
    ' NX',
    ' XX',
    ' CH',
    ' NX CH',
    ' CH XX',
    ' NX XX',
    ' NX NX',
    ' XX CH CH',
    ' GT',
    ' INCR',
  ]) {
    s.each(
      [SICILY],
      [
        '14 38 Palermo',
        '13.361389 38.115556 Palermo',
        '1 1 new',
        '1 1 new 2 2 Palermo 3 3 new',
        '1 1',
        '1 1 a 2',
        '',
      ].map(rest => `GEOADD k${options} ${rest}`.trim()),
      LOOK,
    )
  }
  s.each(
    [],
    [
      ...NOT_FLOATS,
      'inf',
      '-inf',
      '180',
      '180.0001',
      '-180',
      '-180.0000001',
      '1e300',
      '200.0078125',
      '0x10',
      '-0',
    ].flatMap(n => [
      ['GEOADD', 'k', n, '1', 'a'],
      ['GEOADD', 'k', '1', n, 'a'],
    ]),
    LOOK,
  )
  s.each(
    [],
    [
      'GEOADD k 200 1 a abc 1 b',
      'GEOADD k abc 1 a 200 1 b',
      'GEOADD k 1 1 a 1 86 b',
      'GEOADD k 1 85.05112878 a 1 -85.05112878 b',
      'GEOADD k 1 85.05112879 a',
      'GEOADD k 1234567.0078125 -1234567.0234375 a',
      'GEOADD k 1e21 -1e22 a',
      'GEOADD k 9007199254740993 0.1 a',
      'GEOADD k CH CH CH',
      'GEOADD k NX XX abc 1 a',
      'GEOADD k NX XX abc 1',
    ],
    LOOK,
  )

  // Reading single members.
  s.fresh().run(SICILY)
  for (const unit of UNITS)
    s.run(['GEODIST', 'k', 'Palermo', 'Catania', unit], ['GEODIST', 'k', 'nope', 'Catania', unit])
  s.run('GEODIST k Palermo Palermo', 'GEODIST k Palermo nope', 'GEODIST none a b', 'GEODIST none a b yd')
  s.run(
    'GEOHASH k Palermo nope Catania',
    'GEOPOS k Palermo nope Catania',
    'GEOHASH k',
    'GEOPOS k',
    'GEOHASH none a',
    'GEOPOS none a',
  )
  s.fresh()
  for (const text of TEXTS) s.run(['GEOADD', 'k', '1', '2', text], ['GEOPOS', 'k', text], ['GEOHASH', 'k', text])
  s.run('GEOSEARCH k FROMLONLAT 1 2 BYRADIUS 1 km')

  // All over the map.
  const names = PLACES.map((_, i) => `p${i}`)
  s.fresh().run(add(PLACES), 'ZRANGE k 0 -1 WITHSCORES', ['GEOPOS', 'k', ...names], ['GEOHASH', 'k', ...names])
  for (const a of names) for (const b of names) s.run(['GEODIST', 'k', a, b, 'ft'])
  const far = scattered(400)
  s.fresh().run(
    add(far),
    ['GEOPOS', 'k', ...far.map((_, i) => `p${i}`)],
    ['GEOHASH', 'k', ...far.map((_, i) => `p${i}`)],
  )
  s.run(...numbered(300, i => `GEODIST k p${i} p${i + 1}`))

  // What no GEOADD made.
  const strange = [
    '-1',
    '1.5',
    '1e300',
    'inf',
    '-inf',
    '18446744073709551615',
    '9223372036854775808',
    '-9223372036854775809',
    '4503599627370495.5',
    '9007199254740993',
    '27021597764222976',
    '-0.5',
    '4.6e18',
  ]
  s.fresh().run(['ZADD', 'k', ...strange.flatMap((score, i) => [score, `p${i}`])])
  s.run(['GEOPOS', 'k', ...strange.map((_, i) => `p${i}`)], ['GEOHASH', 'k', ...strange.map((_, i) => `p${i}`)])
  s.run(...numbered(strange.length, i => `GEODIST k p${i} p0`))
  s.run(...numbered(strange.length, i => `GEOSEARCH k FROMMEMBER p${i} BYRADIUS 30000 km WITHDIST`))
  s.run(...numbered(strange.length, i => `GEOSEARCH k FROMMEMBER p${i} BYBOX 30000 30000 km ASC WITHHASH`))

  // Searches: areas, centres, orders, details.
  s.fresh().run(SICILY, 'GEOADD k 0 0 zero -180 10 west 180 -10 east 10 85 north')
  for (const area of AREAS) {
    for (const from of ['FROMLONLAT 15 37', 'FROMMEMBER Palermo', 'FROMLONLAT -170 80', 'FROMLONLAT 180 -85'])
      for (const details of DETAILS) s.run(`GEOSEARCH k ${from} ${area}${details}`)
    for (const order of ORDERS) s.run(`GEOSEARCH k FROMLONLAT 15 37 ${area}${order} WITHDIST`)
    for (const count of ['1', '2', '5', '9']) {
      s.run(`GEOSEARCH k FROMLONLAT 15 37 ${area} COUNT ${count}`)
      s.run(`GEOSEARCH k FROMLONLAT 15 37 ${area} COUNT ${count} ANY`)
      s.run(`GEOSEARCH k FROMLONLAT 15 37 ${area} DESC ANY COUNT ${count} WITHDIST`)
    }
  }
  // Sets of both forms, in the order of the cells.
  for (const size of [60, 400]) {
    s.fresh().run(add(scattered(size)))
    for (const [longitude, latitude] of PLACES) {
      for (const reach of [100, 1000, 3000, 6000, 12000, 25000]) {
        s.run(
          `GEOSEARCH k FROMLONLAT ${longitude} ${latitude} BYRADIUS ${reach} km`,
          `GEOSEARCH k FROMLONLAT ${longitude} ${latitude} BYBOX ${reach} ${reach * 2} km`,
          `GEOSEARCH k FROMLONLAT ${longitude} ${latitude} BYRADIUS ${reach} mi COUNT 7 WITHDIST`,
          `GEOSEARCH k FROMLONLAT ${longitude} ${latitude} BYBOX ${reach} ${reach} km DESC COUNT 5 WITHDIST`,
          `GEOSEARCH k FROMLONLAT ${longitude} ${latitude} BYRADIUS ${reach} km COUNT 4 ANY`,
          `GEORADIUS k ${longitude} ${latitude} ${reach} km ASC WITHDIST`,
        )
      }
    }
  }
  s.fresh().run(add(scattered(300, 1, 1)))
  for (const reach of [0.1, 1, 5, 20, 60]) {
    for (const from of ['FROMLONLAT 0 0', 'FROMLONLAT 0.3 -0.2', 'FROMMEMBER p7']) {
      s.run(
        `GEOSEARCH k ${from} BYRADIUS ${reach} km WITHDIST WITHCOORD`,
        `GEOSEARCH k ${from} BYBOX ${reach} ${reach} km WITHHASH`,
        `GEOSEARCH k ${from} BYRADIUS ${reach} km COUNT 10 WITHDIST`,
      )
    }
  }

  // Words of GEOSEARCH: missing, doubled, contradicting, in the wrong place.
  s.fresh().run(SICILY)
  for (const key of ['k', 'none']) {
    s.run(
      ...[
        'FROMLONLAT 15 37 FROMMEMBER Palermo BYRADIUS 1 km',
        'FROMMEMBER Palermo FROMLONLAT 15 37 BYRADIUS 1 km',
        'FROMMEMBER Palermo FROMMEMBER Catania BYRADIUS 1 km',
        'FROMMEMBER nope FROMMEMBER Catania BYRADIUS 1 km',
        'FROMMEMBER Catania FROMMEMBER nope BYRADIUS 1 km',
        'FROMLONLAT 15 37 FROMLONLAT 13.361389 38.115556 BYRADIUS 1 km',
        'FROMLONLAT 15 37 BYRADIUS 1 km BYBOX 1 1 km',
        'FROMLONLAT 15 37 BYBOX 1 1 km BYRADIUS 1 km',
        'FROMLONLAT 15 37 BYRADIUS 1 km BYRADIUS 100 km',
        'FROMLONLAT 15 37 BYBOX 1 1 km BYBOX 300 300 km',
        'BYRADIUS 200 km FROMLONLAT 15 37',
        'BYRADIUS 200 km ASC WITHDIST WITHHASH',
        'FROMLONLAT 15 37 ASC WITHDIST WITHHASH',
        'ASC WITHDIST WITHHASH WITHCOORD ASC',
        'FROMMEMBER nope ASC ASC ASC ASC',
        'FROMLONLAT 200 37 BYRADIUS 1 km',
        'FROMLONLAT abc 37 BYRADIUS 1 km',
        'FROMLONLAT 15 abc BYRADIUS 1 km',
        'FROMLONLAT 15 37 BYRADIUS abc km',
        'FROMLONLAT 15 37 BYRADIUS -1 km',
        'FROMLONLAT 15 37 BYRADIUS -1 yd',
        'FROMLONLAT 15 37 BYRADIUS nan km',
        'FROMLONLAT 15 37 BYRADIUS 1 yd',
        'FROMLONLAT 15 37 BYBOX abc 1 km',
        'FROMLONLAT 15 37 BYBOX 1 abc km',
        'FROMLONLAT 15 37 BYBOX abc abc km',
        'FROMLONLAT 15 37 BYBOX -1 1 km',
        'FROMLONLAT 15 37 BYBOX 1 -1 yd',
        'FROMLONLAT 15 37 BYBOX 1 1 yd',
        'FROMLONLAT 15 37 BYBOX 1 1',
        'FROMLONLAT 15 37 BYRADIUS 1',
        'FROMLONLAT 15 37 BYRADIUS 200 km ANY',
        'FROMLONLAT 15 37 BYRADIUS 200 km COUNT',
        'FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 COUNT 2',
        'FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 BAD',
        'FROMLONLAT 15 37 BYRADIUS 200 km STORE d',
        'FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST',
        'FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST d',
        'FROMMEMBER nope BYRADIUS abc km',
        'BYRADIUS abc km FROMMEMBER nope',
        'FROMMEMBER nope FROMLONLAT 15 37 BYRADIUS 1 km',
      ].flatMap(words => [`GEOSEARCH ${key} ${words}`, `geosearchStore d ${key} ${words}`, 'ZRANGE d 0 -1 WITHSCORES']),
    )
  }
  s.run(...ALL_INTEGERS.map(n => ['GEOSEARCH', 'k', 'FROMLONLAT', '15', '37', 'BYRADIUS', '200', 'km', 'COUNT', n]))
  s.run(...ALL_INTEGERS.map(n => ['GEORADIUS', 'k', '15', '37', '200', 'km', 'COUNT', n, 'ANY']))

  // Storing.
  const stores = [
    '',
    ' ASC',
    ' COUNT 1',
    ' DESC COUNT 2',
    ' STOREDIST',
    ' STOREDIST COUNT 2',
    ' WITHDIST',
    ' STOREDIST STOREDIST',
    ' WITHCOORD ANY',
  ]
  const searches = [
    'FROMLONLAT 15 37 BYRADIUS 200 km',
    'FROMMEMBER Palermo BYBOX 400 400 mi',
    'FROMLONLAT 0 0 BYRADIUS 1 km',
  ]
  const looks = ['TYPE d', 'ZRANGE d 0 -1 WITHSCORES', 'OBJECT ENCODING d', 'TTL d', 'DBSIZE']
  for (const before of [[SICILY], [SICILY, 'SET d x EX 1000']]) {
    s.each(
      before,
      product(searches, stores, (search, options) => `GEOSEARCHSTORE d k ${search}${options}`),
      looks,
    )
  }
  s.each(
    [SICILY],
    ['GEOSEARCHSTORE k k FROMMEMBER Palermo BYRADIUS 100 km', 'GEORADIUS k 15 37 200 km STOREDIST k'],
    LOOK,
  )
  const words = [
    'STORE d',
    'STOREDIST d',
    'STORE d STOREDIST e',
    'STOREDIST e STORE d',
    'STORE d COUNT 1',
    'STORE',
    'STOREDIST',
    'STORE d WITHDIST',
    'WITHHASH STOREDIST d',
    'STORE d ANY',
    'STORE d ANY COUNT 1',
    'COUNT 0 STORE d',
    'BAD',
  ]
  for (const key of ['k', 'none']) {
    s.each(
      [SICILY, 'SET d x', 'SET e x'],
      product(
        words,
        [
          'GEORADIUS K 15 37 200 km',
          'GEORADIUS_RO K 15 37 200 km',
          'GEORADIUSBYMEMBER K Palermo 200 km',
          'GEORADIUSBYMEMBER_RO K Palermo 200 km',
          'GEORADIUS K 1 1 1 m',
        ],
        (options, command) => `${command.replace('K', key)} ${options}`,
      ),
      ['TYPE d', 'ZRANGE d 0 -1 WITHSCORES', 'ZRANGE e 0 -1 WITHSCORES', 'DBSIZE'],
    )
  }
  // Distances in which the last bit of a sine shows.
  s.fresh().run(
    'GEOADD k -72.7165956236422 -81.17087041959167 m35',
    'GEORADIUS k 73.6059289611876 -82.31169329723343 1960.440335274205 KM STOREDIST dist1',
    'ZRANGE dist1 0 -1 WITHSCORES',
    'GEOADD k -154.35755912214518 37.91531279217452 m98 -38.57760197483003 37.97343794745393 m2',
    'GEORADIUS k 15.605413913726807 40.087989890016615 13118.924762699062 mi STOREDIST dist2',
    'ZRANGE dist2 0 -1 WITHSCORES',
  )
  // A large result is no listpack.
  s.fresh().run(
    add(scattered(300)),
    'GEOSEARCHSTORE d k FROMLONLAT 0 0 BYRADIUS 30000 km',
    'OBJECT ENCODING d',
    'ZCARD d',
    'GEOSEARCHSTORE d k FROMLONLAT 0 0 BYRADIUS 30000 km COUNT 128',
    'OBJECT ENCODING d',
  )
  s.run(
    ['GEOADD', 'l', '1', '1', 'x'.repeat(65)],
    'GEOSEARCHSTORE d l FROMLONLAT 1 1 BYRADIUS 1 km',
    'OBJECT ENCODING d',
  )
  return s.lines
}
