import { dumpPayload } from '../../../src/encoding/dump.ts'
import type { RdbValue } from '../../../src/encoding/value.ts'
import { Crc64 } from '../../../src/util/crc64.ts'
import { fromBytes } from '../../../src/util/text.ts'
import { ALL_INTEGERS, type Line, Script } from '../script.ts'

const values: Readonly<Record<string, RdbValue>> = {
  string: { type: 'string', value: 'text' },
  number: { type: 'string', value: -70_000 },
  empty: { type: 'string', value: '' },
  bytes: { type: 'string', value: Uint8Array.from([255, 0, 13, 10, 97]) },
  list: { type: 'list', values: ['a', '', '1', '-5000000000', 'é\u0000'] },
  set: { type: 'set', members: ['a', '', '1'] },
  ints: { type: 'set', members: ['1', '-2', '300'] },
  hash: { type: 'hash', pairs: ['__proto__', '1', 'f', '', '7', 'x'.repeat(70)] },
  zset: { type: 'zset', pairs: ['a', 1.5, 'b', Infinity, 'c', -3] },
}

/** The payload as an argument. */
const payloads = Object.fromEntries(
  Object.entries(values).map(([name, value]) => [name, fromBytes(dumpPayload(value))]),
) as Readonly<Record<keyof typeof values, string>>

/** Any bytes as a payload whose version and checksum are right. */
function sealed(version: number, ...bytes: number[]): string {
  const end = bytes.length + 2
  const payload = new Uint8Array(end + 8)
  payload.set([...bytes, version & 255, version >> 8])
  new Crc64().update(payload, 0, end).write(payload, end)
  return fromBytes(payload)
}

function dumping(s: Script): void {
  const { string, list, zset } = payloads
  for (const payload of Object.values(payloads)) {
    s.fresh().run(['RESTORE', 'k', '0', payload], 'TYPE k', 'PTTL k', 'OBJECT ENCODING k', 'STRLEN k', 'LRANGE k 0 -1')
    s.run('SMEMBERS k', 'HGETALL k', 'ZRANGE k 0 -1 WITHSCORES', 'GET k')
  }
  s.arity('DUMP k', `RESTORE k 0 x REPLACE`)
  s.fresh().run('DUMP none', 'SET k v', ['RESTORE', 'k', '0', string], ['RESTORE', 'k', 'x', 'y'])
  s.run(['RESTORE', 'k', '0', list, 'REPLACE'], 'TYPE k', ['RESTORE', 'k', '0', zset, 'replace', 'absttl'], 'TYPE k')
  s.run(['RESTORE', 'k', '100000', string, 'REPLACE'], 'PTTL k')
  s.run(['RESTORE', 'k', '9999999999999', string, 'REPLACE', 'ABSTTL'], 'PEXPIRETIME k')
  s.run(['RESTORE', 'k', '1', string, 'REPLACE', 'ABSTTL'], 'EXISTS k', ['RESTORE', 'k', '1', string, 'ABSTTL'])
  s.run('EXISTS k', ['RESTORE', 'k', '0', string, 'ABSTTL'], 'PTTL k')
  for (const ttl of ALL_INTEGERS) {
    s.fresh().run(
      ['RESTORE', 'k', ttl, string],
      'EXISTS k',
      'DEL k',
      ['RESTORE', 'k', ttl, string, 'ABSTTL'],
      'EXISTS k',
    )
  }
  for (const n of ALL_INTEGERS) {
    s.fresh().run(['RESTORE', 'a', '0', string, 'IDLETIME', n], ['RESTORE', 'b', '0', string, 'FREQ', n])
    s.run('EXISTS a b')
  }
  const words = [
    'FOO',
    'IDLETIME',
    'FREQ',
    'IDLETIME 1 FREQ',
    'FREQ 1 IDLETIME',
    'IDLETIME 1 FREQ x',
    'FREQ 1 IDLETIME x',
  ]
  words.push(
    'IDLETIME 1 IDLETIME 2',
    'FREQ 1 FREQ 2',
    'REPLACE REPLACE ABSTTL ABSTTL',
    'idletime 5 replace',
    'REPLACE x',
  )
  for (const word of words) {
    s.fresh().run(['RESTORE', 'k', '0', string, ...word.split(' ')], ['RESTORE', 'k', 'x', 'y', ...word.split(' ')])
  }
  const broken = [
    '',
    'x',
    '123456789',
    '1234567890',
    string.slice(1),
    string.slice(0, -1),
    `${string}x`,
    sealed(10),
    sealed(10, 0),
    sealed(10, 99, 1),
    sealed(300, 0, 1, 97),
    sealed(65535, 0, 1, 97),
    sealed(1, 0, 1, 97),
    sealed(10, 1, 0),
    sealed(10, 2, 0),
    sealed(10, 4, 0),
    sealed(10, 5, 0),
    sealed(10, 2, 2, 1, 97, 1, 97),
    sealed(10, 5, 1, 1, 97, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
    sealed(10, 5, 1, 1, 97, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f),
    sealed(10, 11, 8, 4, 0, 0, 0, 0, 0, 0, 0),
    sealed(10, 0, 0xc3, 1, 200, 0),
    sealed(10, 18, 1, 2, 7, 7, 0, 0, 0, 0, 0, 0xff),
  ]
  for (const payload of broken) s.fresh().run(['RESTORE', 'k', '0', payload], 'EXISTS k')
  s.fresh().run(['RESTORE', 'k', '0', sealed(11, 0, 1, 97)])
}

const NAMES = [
  'hash-max-listpack-entries',
  'hash-max-listpack-value',
  'hash-max-ziplist-entries',
  'hash-max-ziplist-value',
  'zset-max-listpack-entries',
  'zset-max-listpack-value',
  'zset-max-ziplist-entries',
  'zset-max-ziplist-value',
  'list-max-listpack-size',
  'list-max-ziplist-size',
  'set-max-intset-entries',
  'slowlog-log-slower-than',
  'slowlog-max-len',
  'latency-monitor-threshold',
]

/** The server keeps what it is told over FLUSHALL: every part puts back what it changed. */
const DEFAULTS =
  'CONFIG SET hash-max-listpack-entries 512 hash-max-listpack-value 64 zset-max-listpack-entries 128 ' +
  'zset-max-listpack-value 64 list-max-listpack-size -2 set-max-intset-entries 512 slowlog-log-slower-than 10000 ' +
  'slowlog-max-len 128 latency-monitor-threshold 0'

function configuring(s: Script): void {
  s.arity('CONFIG GET', 'CONFIG SET a b', 'CONFIG RESETSTAT', 'CONFIG REWRITE', 'CONFIG HELP')
  s.fresh().run('CONFIG HELP', 'CONFIG', 'CONFIG FOO', 'CONFIG RESETSTAT', 'CONFIG REWRITE', 'config reSETstat')
  for (const name of NAMES) s.run(['CONFIG', 'GET', name], ['CONFIG', 'GET', name.toUpperCase()])
  s.run('CONFIG GET hash-max-*', 'CONFIG GET HASH-MAX-*', 'CONFIG GET hash-*ries zset-*value', 'CONFIG GET none')
  s.run(
    'CONFIG GET databases maxmemory maxmemory-policy appendonly save proto-max-bulk-len',
    'CONFIG GET databases databases',
  )
  s.run('CONFIG GET hash-max-[lz]i*-value databases none', 'CONFIG GET ""')
  // Beyond 2^53 a parameter is kept as the nearest double.
  const exact = ALL_INTEGERS.filter(n => n !== '9007199254740993' && n !== '9223372036854775806')
  const values = [
    ...exact,
    '1k',
    '1kb',
    '1KB',
    '2m',
    '3mb',
    '1g',
    '1gb',
    '1b',
    '1x',
    '1.5',
    '-1k',
    '1 k',
    'k',
    '99999999999999999999',
  ]
  for (const name of NAMES) {
    for (const value of values) s.run(['CONFIG', 'SET', name, value], ['CONFIG', 'GET', name])
    s.run(DEFAULTS)
  }
  s.run(
    'CONFIG SET foo bar',
    'CONFIG SET foo bar databases 1',
    'CONFIG SET databases 1',
    'CONFIG SET databases 1 foo bar',
    'CONFIG SET slowlog-max-len 5 foo bar',
    'CONFIG SET slowlog-max-len 5 slowlog-max-len 6',
    'CONFIG SET slowlog-max-len 5 SLOWLOG-MAX-LEN x',
    'CONFIG SET slowlog-max-len x slowlog-max-len 6',
    'CONFIG SET slowlog-max-len 5 latency-monitor-threshold x',
    'CONFIG GET slowlog-max-len',
    'CONFIG SET slowlog-max-len 5 latency-monitor-threshold 7',
    'CONFIG GET slowlog-max-len latency-monitor-threshold',
    'CONFIG SET slowlog-max-len 5 latency-monitor-threshold',
    'CONFIG SET hash-max-ziplist-value 7 hash-max-listpack-value 8',
    'CONFIG GET hash-max-*-value',
    'CONFIG SET "a\\nb" c',
    DEFAULTS,
  )
}

/** What the limits mean for OBJECT ENCODING; those of sets and lists are other ones in 7.0. */
function encodings(s: Script): void {
  for (const limit of ['0', '1', '3', '200', '600']) {
    s.fresh().run(['CONFIG', 'SET', 'hash-max-listpack-entries', limit, 'zset-max-listpack-entries', limit])
    for (const n of [1, 2, 3, 4, 199, 200, 201, 599, 600, 601]) {
      s.run(
        ['DEL', 'h', 'z'],
        ['HSET', 'h', ...Array.from({ length: n }, (_, i) => [`f${i}`, 'v']).flat()],
        'OBJECT ENCODING h',
        ['ZADD', 'z', ...Array.from({ length: n }, (_, i) => [String(i), `m${i}`]).flat()],
        'OBJECT ENCODING z',
        'ZADD z -0 m0 -0 new',
        'OBJECT ENCODING z',
        'ZRANGE z 0 1 WITHSCORES',
        'HSET h f0 w',
        'OBJECT ENCODING h',
        'HDEL h f0',
        'ZREM z m0',
        'OBJECT ENCODING h',
        'OBJECT ENCODING z',
      )
    }
    s.run(DEFAULTS)
  }
  for (const limit of ['0', '1', '3', '64', '100']) {
    s.fresh().run(['CONFIG', 'SET', 'hash-max-listpack-value', limit, 'zset-max-listpack-value', limit])
    for (const n of [0, 1, 2, 3, 4, 64, 65, 100, 101]) {
      const text = 'x'.repeat(n)
      s.run('DEL h g z', ['HSET', 'h', 'f', text], ['HSET', 'g', text, ''], ['ZADD', 'z', '1', text])
      s.run('OBJECT ENCODING h', 'OBJECT ENCODING g', 'OBJECT ENCODING z', ['ZADD', 'z', '1', 'é'], 'OBJECT ENCODING z')
    }
    s.run(DEFAULTS)
  }
  for (const limit of ['1', '3', '600']) {
    s.fresh().run(['CONFIG', 'SET', 'set-max-intset-entries', limit])
    for (const n of [1, 2, 3, 4, 599, 600, 601]) {
      s.run('DEL s', 'SADD s 1', 'OBJECT ENCODING s')
      for (let i = 2; i <= Math.min(n, 5); i++) s.run(['SADD', 's', String(i)], 'OBJECT ENCODING s')
      s.run(['SADD', 's', ...Array.from({ length: n }, (_, i) => String(i))], 'OBJECT ENCODING s')
    }
    s.run(DEFAULTS)
  }
}

function debugging(s: Script): void {
  s.fresh().run(
    'DEBUG',
    'DEBUG FOO',
    'DEBUG SLEEP',
    'DEBUG SLEEP 0',
    'DEBUG SLEEP x',
    'DEBUG SLEEP 0 0',
    'DEBUG DIGEST x',
  )
  s.run(
    'DEBUG OBJECT',
    'DEBUG OBJECT none',
    'DEBUG SET-ACTIVE-EXPIRE 1',
    'DEBUG SET-ACTIVE-EXPIRE',
    'DEBUG CHANGE-REPL-ID',
  )
  s.run(
    'DEBUG QUICKLIST-PACKED-THRESHOLD 1kb',
    'DEBUG QUICKLIST-PACKED-THRESHOLD 5gb',
    'DEBUG QUICKLIST-PACKED-THRESHOLD x',
  )
  s.run(
    'DEBUG QUICKLIST-PACKED-THRESHOLD 1gb',
    'DEBUG RELOAD FOO',
    'DEBUG RELOAD NOSAVE FOO',
    'DEBUG ERROR "MINE is it"',
  )
  s.run('DEBUG ERROR', 'DEBUG "a\\r\\nb"', 'debug digest', 'DEBUG DIGEST-VALUE', 'DEBUG DIGEST-VALUE none none')
  for (const payload of Object.values(payloads)) {
    s.fresh().run(['RESTORE', 'k', '0', payload], 'DEBUG DIGEST', 'DEBUG DIGEST-VALUE k none', 'PEXPIRE k 100000')
    s.run(
      'DEBUG DIGEST',
      'DEBUG DIGEST-VALUE k',
      'SELECT 1',
      ['RESTORE', 'k', '0', payload],
      'DEBUG DIGEST',
      'SELECT 0',
    )
    s.run('DEBUG RELOAD', 'DEBUG DIGEST', 'DEBUG RELOAD MERGE', 'DEBUG DIGEST')
  }
  s.fresh().run('SET a 1', 'SET b 2.50', 'ZADD z 0.1 a -inf b 3 c 1e300 d 9007199254740993 e', 'DEBUG DIGEST')
  s.run('ZADD z -0 zero', 'DEBUG DIGEST')
}

function watching(s: Script): void {
  s.arity(
    'SLOWLOG LEN',
    'SLOWLOG RESET',
    'SLOWLOG HELP',
    'LATENCY LATEST',
    'LATENCY HISTORY x',
    'LATENCY GRAPH x',
    'LATENCY DOCTOR',
    'LATENCY HELP',
  )
  s.arity(
    'MEMORY USAGE k',
    'MEMORY DOCTOR',
    'MEMORY PURGE',
    'MEMORY HELP',
    'MEMORY STATS',
    'MEMORY MALLOC-STATS',
    'TIME',
  )
  s.fresh().run(
    // A busy machine makes any command slow: none is noted.
    'CONFIG SET slowlog-log-slower-than -1',
    'SLOWLOG',
    'SLOWLOG FOO',
    'SLOWLOG HELP',
    'SLOWLOG RESET',
    'SLOWLOG LEN',
    'SLOWLOG GET',
    'SLOWLOG gEt 1 2',
  )
  for (const n of ALL_INTEGERS) s.run(['SLOWLOG', 'GET', n])
  s.run('LATENCY FOO', 'LATENCY LATEST', 'LATENCY HISTORY none', 'LATENCY RESET', 'LATENCY RESET a b')
  s.run(DEFAULTS)
  s.run('LATENCY GRAPH none', 'LATENCY GRAPH "a\\r\\nb"', 'LATENCY HELP', 'LATENCY DOCTOR', 'latency gRaPh command')
  s.run('CONFIG SET latency-monitor-threshold 100000', 'LATENCY DOCTOR', DEFAULTS, 'LATENCY DOCTOR')
  s.run('LATENCY HISTOGRAM none', 'MEMORY FOO', 'MEMORY HELP', 'MEMORY PURGE', 'MEMORY USAGE none')
  for (const n of ALL_INTEGERS) s.run(['MEMORY', 'USAGE', 'none', 'SAMPLES', n])
  s.run(
    'MEMORY USAGE none FOO',
    'MEMORY USAGE none SAMPLES',
    'MEMORY USAGE none FOO 1',
    'MEMORY USAGE none SAMPLES 1 SAMPLES 2',
  )
  s.run('LOLWUT VERSION x', 'INFO none')
}

/** What the answers say of single commands stands in test/commands/command.test.ts. */
function tables(s: Script): void {
  s.run('COMMAND COUNT x', 'COMMAND HELP x', 'COMMAND GETKEYS', 'COMMAND GETKEYS get', 'COMMAND GETKEYSANDFLAGS get')
  s.fresh().run('COMMAND FOO', 'COMMAND HELP', 'COMMAND INFO none', 'COMMAND DOCS none', 'COMMAND INFO none none')
  for (const filter of [
    'FOO',
    'FILTERBY',
    'FILTERBY FOO',
    'FILTERBY FOO x',
    'FILTERBY MODULE x',
    'FILTERBY ACLCAT none',
  ]) {
    s.run(['COMMAND', 'LIST', ...filter.split(' ')])
  }
  s.run(
    'COMMAND LIST FILTERBY PATTERN config*',
    'COMMAND LIST filterby pattern CONFIG|*',
    'COMMAND LIST FILTERBY PATTERN none',
    'COMMAND LIST FILTERBY ACLCAT transaction',
    'COMMAND LIST FILTERBY ACLCAT bitmap',
    'COMMAND LIST FILTERBY ACLCAT geo',
    'COMMAND LIST FILTERBY PATTERN *subscribe',
    'COMMAND LIST FILTERBY MODULE *',
  )
  s.run('COMMAND LIST FILTERBY PATTERN x PATTERN y')
  const calls = [
    'get',
    'get a',
    'get a b',
    'foo a b',
    'config get x',
    'config x y',
    'config',
    'dbsize x',
    'mset a b c d',
    'mset a b c',
    'msetnx a 1 b 2',
    'zinter 2 a b',
    'zinter x a b',
    'zinter 0 a b',
    'zinter 3 a b',
    'zunionstore d 2 a b',
    'zunionstore d 5 a b',
    'lmpop 2 a b left',
    'sintercard 1 a limit 1',
    'sort a',
    'sort a store b',
    'sort a by store limit 1 2 store b store c',
    'sort_ro a',
    'object encoding x',
    'object foo x',
    'memory usage x samples 1',
    'del a b c',
    'exists a',
    'rename a b',
    'renamenx a b',
    'copy a b db 1',
    'lmove a b left right',
    'smove a b c',
    'sinterstore a b c',
    'sdiff a b',
    'lcs a b len',
    'set a b',
    'set a b get',
    'set a b ex 10 GET',
    'hset h f v',
    'lpush l 1',
    'lpop l',
    'zadd z 1 a',
    'expire k 10',
    'restore k 0 x',
    'dump k',
    'append k x',
    'setnx k x',
    'getset k x',
    'zrangestore a b 0 1',
    'hdel h f',
    'setex a x v',
    'touch a b',
    'type a',
    'watch a b',
    'ping',
    'select 1',
    'client id',
    'subscribe c',
    'ssubscribe c',
    'spublish c m',
    'multi',
    'bitfield k',
    'bitfield k get u8 0',
    'bitfield k get u8 0 overflow wrap get u8 8',
    'bitfield k get u8 0 set u8 0 1',
    'bitfield k incrby u8 0 1',
    'bitfield k get u8',
    'bitfield k overflow',
    'bitfield k foo',
  ]
  for (const call of calls) {
    s.run(['COMMAND', 'GETKEYS', ...call.split(' ')], ['COMMAND', 'GETKEYSANDFLAGS', ...call.split(' ')])
  }
}

export function introspection(): Line[] {
  const s = new Script()
  dumping(s)
  configuring(s)
  encodings(s)
  debugging(s)
  watching(s)
  tables(s)
  return s.lines
}
