/**
 * Every command of Redis, by family: what `COMMAND LIST` of 7.0 answers, and what came with 7.2, 7.4 and 8.0 to 8.10. A
 * command that is in the table of commands is supported; for all others a few words say why not.
 */

export interface Family {
  readonly title: string
  /** Why a command is missing, if `because` does not say. */
  readonly why: string
  /** Names as Redis lists them: a subcommand behind a bar. */
  readonly names: string
  readonly because?: Readonly<Record<string, string>>
}

const notYet = 'not yet'
const connection = 'of a connection, not yet'
const replication = 'replication'
const cluster = 'cluster'
const internal = 'internal to Redis'

export const redis: readonly Family[] = [
  {
    title: 'Keys',
    why: notYet,
    names: `COPY DBSIZE DEL DUMP EXISTS EXPIRE EXPIREAT EXPIRETIME FLUSHALL FLUSHDB KEYS MIGRATE MOVE OBJECT|ENCODING
      OBJECT|FREQ OBJECT|HELP OBJECT|IDLETIME OBJECT|REFCOUNT PERSIST PEXPIRE PEXPIREAT PEXPIRETIME PTTL RANDOMKEY RENAME
      RENAMENX RESTORE RESTORE-ASKING SCAN SORT SORT_RO SWAPDB TOUCH TTL TYPE UNLINK WAIT WAITAOF`,
    because: {
      MIGRATE: 'needs another server; `dump` and `restore` do it',
      'RESTORE-ASKING': cluster,
      WAIT: replication,
      WAITAOF: replication,
    },
  },
  {
    title: 'Strings',
    why: notYet,
    names: `APPEND DECR DECRBY DELEX DIGEST GET GETDEL GETEX GETRANGE GETSET INCR INCRBY INCRBYFLOAT INCREX LCS MGET MSET
      MSETEX MSETNX PSETEX SET SETEX SETNX SETRANGE STRLEN SUBSTR`,
  },
  { title: 'Bitmaps', why: notYet, names: 'BITCOUNT BITFIELD BITFIELD_RO BITOP BITPOS GETBIT SETBIT' },
  {
    title: 'HyperLogLogs',
    why: notYet,
    names: 'PFADD PFCOUNT PFDEBUG PFMERGE PFSELFTEST',
    because: { PFDEBUG: internal, PFSELFTEST: internal },
  },
  {
    title: 'Hashes',
    why: notYet,
    names: `HDEL HEXISTS HEXPIRE HEXPIREAT HEXPIRETIME HGET HGETALL HGETDEL HGETEX HIMPORT|DISCARD HIMPORT|DISCARDALL
      HIMPORT|PREPARE HIMPORT|SET HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET HPERSIST HPEXPIRE HPEXPIREAT HPEXPIRETIME
      HPTTL HRANDFIELD HSCAN HSET HSETEX HSETNX HSTRLEN HTTL HVALS`,
  },
  {
    title: 'Lists',
    why: 'waits, not yet',
    names: `BLMOVE BLMOVEM BLMPOP BLPOP BRPOP BRPOPLPUSH LINDEX LINSERT LLEN LMOVE LMOVEM LMPOP LPOP LPOS LPUSH LPUSHX LRANGE
      LREM LSET LTRIM RPOP RPOPLPUSH RPUSH RPUSHX`,
  },
  {
    title: 'Sets',
    why: notYet,
    names: `SADD SCARD SDIFF SDIFFCARD SDIFFSTORE SINTER SINTERCARD SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SPOP
      SRANDMEMBER SREM SSCAN SUNION SUNIONCARD SUNIONSTORE`,
  },
  {
    title: 'Sorted sets',
    why: 'waits, not yet',
    names: `BZMPOP BZPOPMAX BZPOPMIN ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE ZINCRBY ZINTER ZINTERCARD ZINTERSTORE ZLEXCOUNT ZMPOP
      ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX
      ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION
      ZUNIONSTORE`,
  },
  {
    title: 'Geo',
    why: notYet,
    names: `GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH
      GEOSEARCHSTORE`,
  },
  {
    title: 'Streams',
    why: notYet,
    names: `XACK XACKDEL XADD XAUTOCLAIM XCFGSET XCLAIM XDEL XDELEX XGROUP|CREATE XGROUP|CREATECONSUMER XGROUP|DELCONSUMER
      XGROUP|DESTROY XGROUP|HELP XGROUP|SETID XIDMPRECORD XINFO|CONSUMERS XINFO|GROUPS XINFO|HELP XINFO|STREAM XLEN XNACK
      XPENDING XRANGE XREAD XREADGROUP XREVRANGE XSETID XTRIM`,
    because: { XIDMPRECORD: internal },
  },
  {
    title: 'Publish and subscribe',
    why: notYet,
    names: `PSUBSCRIBE PUBLISH PUBSUB|CHANNELS PUBSUB|HELP PUBSUB|NUMPAT PUBSUB|NUMSUB PUBSUB|SHARDCHANNELS PUBSUB|SHARDNUMSUB
      PUNSUBSCRIBE SPUBLISH SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE UNSUBSCRIBE`,
  },
  {
    title: 'Transactions',
    why: 'of a connection, not yet; typed programs have `transaction` and `multi`',
    names: 'DISCARD EXEC MULTI UNWATCH WATCH',
  },
  {
    title: 'Scripting',
    why: notYet,
    names: `EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO FUNCTION|DELETE FUNCTION|DUMP FUNCTION|FLUSH FUNCTION|HELP
      FUNCTION|KILL FUNCTION|LIST FUNCTION|LOAD FUNCTION|RESTORE FUNCTION|STATS SCRIPT|DEBUG SCRIPT|EXISTS SCRIPT|FLUSH
      SCRIPT|HELP SCRIPT|KILL SCRIPT|LOAD`,
  },
  {
    title: 'Connection',
    why: connection,
    names: `AUTH CLIENT|CACHING CLIENT|GETNAME CLIENT|GETREDIR CLIENT|HELP CLIENT|ID CLIENT|INFO CLIENT|KILL CLIENT|LIST
      CLIENT|NO-EVICT CLIENT|NO-TOUCH CLIENT|PAUSE CLIENT|REPLY CLIENT|SETINFO CLIENT|SETNAME CLIENT|TRACKING
      CLIENT|TRACKINGINFO CLIENT|UNBLOCK CLIENT|UNPAUSE ECHO HELLO MONITOR PING QUIT RESET SELECT`,
    because: { SELECT: 'of a connection, not yet; typed programs have `db`' },
  },
  {
    title: 'Server',
    why: notYet,
    names: `ACL|CAT ACL|DELUSER ACL|DRYRUN ACL|GENPASS ACL|GETUSER ACL|HELP ACL|LIST ACL|LOAD ACL|LOG ACL|SAVE ACL|SETUSER
      ACL|USERS ACL|WHOAMI BACKUP|ABORT BACKUP|CLEANUP BACKUP|HELP BACKUP|LIST BACKUP|SEAL BACKUP|START BACKUP|STATUS
      BGREWRITEAOF BGSAVE COMMAND COMMAND|COUNT COMMAND|DOCS COMMAND|GETKEYS COMMAND|GETKEYSANDFLAGS COMMAND|HELP
      COMMAND|INFO COMMAND|LIST CONFIG|GET CONFIG|HELP CONFIG|RESETSTAT CONFIG|REWRITE CONFIG|SET DEBUG HOTKEYS|GET
      HOTKEYS|HELP HOTKEYS|RESET HOTKEYS|START HOTKEYS|STOP INFO LASTSAVE LATENCY|DOCTOR LATENCY|GRAPH LATENCY|HELP
      LATENCY|HISTOGRAM LATENCY|HISTORY LATENCY|LATEST LATENCY|RESET LOLWUT MEMORY|DOCTOR MEMORY|HELP
      MEMORY|MALLOC-STATS MEMORY|PURGE MEMORY|STATS MEMORY|USAGE MODULE|HELP MODULE|LIST MODULE|LOAD MODULE|LOADEX
      MODULE|UNLOAD SAVE SHUTDOWN SLOWLOG|GET SLOWLOG|HELP SLOWLOG|LEN SLOWLOG|RESET TIME`,
    because: {
      ACL: 'no users: who has the store may do everything',
      BACKUP: 'the files can be copied; see `save`',
      BGREWRITEAOF: 'typed programs have `rewrite`',
      BGSAVE: 'typed programs have `save`',
      SAVE: 'typed programs have `save`',
      LASTSAVE: 'typed programs know when they call `save`',
      HOTKEYS: 'diagnosis of a server',
      MODULE: 'no modules',
      SHUTDOWN: 'typed programs have `close`',
    },
  },
  {
    title: 'Replication',
    why: replication,
    names: 'FAILOVER PSYNC REPLCONF REPLICAOF ROLE SLAVEOF SYNC',
  },
  {
    title: 'Cluster',
    why: cluster,
    names: `ASKING CLUSTER|ADDSLOTS CLUSTER|ADDSLOTSRANGE CLUSTER|BUMPEPOCH CLUSTER|COUNT-FAILURE-REPORTS
      CLUSTER|COUNTKEYSINSLOT CLUSTER|DELSLOTS CLUSTER|DELSLOTSRANGE CLUSTER|FAILOVER CLUSTER|FLUSHSLOTS CLUSTER|FORGET
      CLUSTER|GETKEYSINSLOT CLUSTER|HELP CLUSTER|INFO CLUSTER|KEYSLOT CLUSTER|LINKS CLUSTER|MEET CLUSTER|MIGRATION
      CLUSTER|MYID CLUSTER|MYSHARDID CLUSTER|NODES CLUSTER|REPLICAS CLUSTER|REPLICATE CLUSTER|RESET CLUSTER|SAVECONFIG
      CLUSTER|SET-CONFIG-EPOCH CLUSTER|SETSLOT CLUSTER|SHARDS CLUSTER|SLAVES CLUSTER|SLOT-STATS CLUSTER|SLOTS
      CLUSTER|SYNCSLOTS READONLY READWRITE TRIMSLOTS`,
    because: { 'CLUSTER|SYNCSLOTS': internal, TRIMSLOTS: internal },
  },
  {
    title: 'Arrays',
    why: 'a type of Redis 8.8',
    names: `ARCOUNT ARDEL ARDELRANGE ARGET ARGETRANGE ARGREP ARINFO ARINSERT ARLASTITEMS ARLEN ARMGET ARMSET ARNEXT AROP ARRING
      ARSCAN ARSEEK ARSET`,
  },
  {
    title: 'Vector sets',
    why: 'a type of Redis 8.0',
    names: `VADD VCARD VDIM VEMB VGETATTR VINFO VISMEMBER VLINKS VRANDMEMBER VRANGE VREM VSETATTR VSIM`,
  },
  {
    title: 'JSON, search, time series, probabilistic structures',
    why: 'modules, part of the server since 8.0',
    names: 'JSON.* FT.* TS.* BF.* CF.* CMS.* TOPK.* TDIGEST.*',
  },
]

/** The words that say why a command is missing: its own, those of its container, or those of its family. */
export function whyNot(family: Family, name: string): string {
  const { because = {}, why } = family
  return because[name] ?? because[name.slice(0, Math.max(0, name.indexOf('|')))] ?? why
}

/** The names of a family, as the table of commands has them, in their order. */
export function namesOf(family: Family): string[] {
  return family.names.split(/\s+/).sort()
}

/** `OBJECT|ENCODING` as a program writes it. */
export function spelled(name: string): string {
  return name.replace('|', ' ')
}
