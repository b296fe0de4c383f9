/** The numbers of the RDB format, for reader and writer alike: docs/formats/rdb.md. They are never changed. */

/** The version of files and payloads that everything from Redis 7.0 on loads. */
export const RDB_VERSION = 10
/** The version of those that hold a hash whose fields expire: Redis 7.4 on. */
export const RDB_TIMED = 12
/** The newest version whose constructs the reader knows by name. */
export const RDB_READS = 12

export const MAGIC = 'REDIS'
/** Valkey 9 on; the digits after it are its own count. */
export const VALKEY_MAGIC = 'VALKEY080'
/** The version in its payloads. */
export const VALKEY_VERSION = 80

export const OP = {
  keyMeta: 243,
  slotInfo: 244,
  function2: 245,
  function: 246,
  moduleAux: 247,
  idle: 248,
  freq: 249,
  aux: 250,
  resizeDb: 251,
  expireMs: 252,
  expireSeconds: 253,
  selectDb: 254,
  eof: 255,
} as const

export const TYPE = {
  string: 0,
  list: 1,
  set: 2,
  zsetText: 3,
  hash: 4,
  zset: 5,
  module: 6,
  module2: 7,
  zipmap: 9,
  listZiplist: 10,
  intset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  quicklist: 14,
  stream: 15,
  hashListpack: 16,
  zsetListpack: 17,
  quicklist2: 18,
  stream2: 19,
  setListpack: 20,
  stream3: 21,
  valkeyHashTtl: 22,
  hashTtl: 24,
  hashTtlListpack: 25,
} as const

/** The type that each type of key is written as. */
export const WRITTEN = { string: 0, list: 1, set: 2, hash: 4, zset: 5, stream: 19 } as const

/** First byte of a length: its two high bits, or the whole byte. */
export const LENGTH = { six: 0x00, fourteen: 0x40, thirtyTwo: 0x80, sixtyFour: 0x81 } as const

/** First byte of a string that is no length and bytes. */
export const ENCODED = { int8: 0xc0, int16: 0xc1, int32: 0xc2, lzf: 0xc3 } as const

/** A score as text: its length, unless it is one of these. */
export const SCORE = { nan: 253, plusInfinity: 254, minusInfinity: 255 } as const

/** Kinds of node in a list of type 18. */
export const NODE = { plain: 1, packed: 2 } as const
