import type { AnyRow } from './row.ts'

/**
 * What commands do with their keys, as the flags of COMMAND's key specifications, where it is not what most do: `RO access`
 * of those that read, `RW access update` of those that write. One word list for each run of keys.
 */
const roles: readonly (readonly [access: string, names: string])[] = [
  ['RM delete', 'DEL UNLINK'],
  [
    'RO',
    'EXISTS TOUCH TYPE OBJECT_ENCODING OBJECT_REFCOUNT OBJECT_IDLETIME OBJECT_FREQ STRLEN HEXISTS HLEN HSTRLEN LLEN SCARD ' +
      'SISMEMBER ZCARD MEMORY_USAGE XLEN WATCH',
  ],
  ['RO access', 'XREADGROUP'],
  ['RW access delete;OW update', 'RENAME'],
  ['RW access delete;OW insert', 'RENAMENX'],
  ['RO access;OW update', 'COPY SORT GEORADIUS GEORADIUSBYMEMBER'],
  [
    'RW update',
    'EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST SETRANGE HSET HMSET LSET ZADD GEOADD XADD XSETID XCFGSET XGROUP_SETID XACK XCLAIM',
  ],
  ['OW update', 'RESTORE RESTORE-ASKING SETEX PSETEX MSET'],
  ['RW access update variable_flags', 'SET BITFIELD'],
  ['RW access update', 'EVAL EVALSHA FCALL'],
  ['RW access', 'PFCOUNT PFDEBUG'],
  ['RW access insert;RO access', 'PFMERGE'],
  ['not_key', 'SPUBLISH SSUBSCRIBE SUNSUBSCRIBE'],
  [
    'RW access delete',
    'MIGRATE GETDEL LPOP RPOP LMPOP SPOP ZPOPMIN ZPOPMAX ZMPOP BLPOP BRPOP BLMPOP BZPOPMIN BZPOPMAX BZMPOP',
  ],
  ['OW insert', 'SETNX MSETNX'],
  ['RW insert', 'APPEND HSETNX LPUSH RPUSH LPUSHX RPUSHX LINSERT SADD PFADD XGROUP_CREATE XGROUP_CREATECONSUMER'],
  [
    'RW delete',
    'HDEL LREM LTRIM SREM ZREM ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX XDEL XTRIM XGROUP_DESTROY XGROUP_DELCONSUMER XAUTOCLAIM',
  ],
  ['RW access delete;RW insert', 'LMOVE LMOVEM RPOPLPUSH SMOVE BLMOVE BLMOVEM BRPOPLPUSH'],
  ['RW update;RO access', 'SINTERSTORE'],
  ['OW update;RO access', 'SUNIONSTORE SDIFFSTORE ZRANGESTORE ZUNIONSTORE ZINTERSTORE ZDIFFSTORE BITOP GEOSEARCHSTORE'],
]

const byName: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  roles.flatMap(([access, names]) =>
    names.split(' ').map(name => [name.replace('_', ' '), access.split(';').map(one => one.split(' '))] as const),
  ),
)

const reading: readonly string[] = ['RO', 'access']
const writing: readonly string[] = ['RW', 'access', 'update']

/** What the command does with the keys of its `run`th run. */
export function accessOf({ name, flags }: AnyRow, run: number): readonly string[] {
  const known = byName.get(name)
  if (known !== undefined) return known[Math.min(run, known.length - 1)]
  return flags.includes('write') ? writing : reading
}

/** Whether a BITFIELD is made of GET alone, as Redis finds out: with words that it does not know it is not. */
function onlyGets(argv: readonly string[]): boolean {
  let at = 2
  while (at < argv.length) {
    const word = argv[at].toUpperCase()
    const behind = word === 'GET' ? 2 : word === 'OVERFLOW' ? 1 : argv.length
    at += 1 + behind
    if (at > argv.length) return false
  }
  return true
}

/** As `accessOf`, in a call: of SET it depends on whether GET is among the words, of BITFIELD on whether anything else is. */
export function accessIn(row: AnyRow, argv: readonly string[], run: number): readonly string[] {
  if (row.name === 'BITFIELD') return onlyGets(argv) ? reading : writing
  if (row.name !== 'SET') return accessOf(row, run)
  return argv.slice(3).some(word => word.toUpperCase() === 'GET') ? writing : ['OW', 'update']
}
