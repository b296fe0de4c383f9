import { ALL_INTEGERS, type Line, numbered, orders, product, Script, TEXTS } from '../script.ts'

export function keys(): Line[] {
  const s = new Script()
  s.arity(
    'DEL a',
    'UNLINK a',
    'EXISTS a',
    'TYPE a',
    'TOUCH a',
    'RENAME a b',
    'RENAMENX a b',
    'COPY a b',
    'MOVE a 1',
    'SWAPDB 0 1',
    'RANDOMKEY',
    'KEYS *',
    'DBSIZE',
    'FLUSHDB',
    'FLUSHALL',
    'EXPIRE a 100',
    'PEXPIRE a 100000',
    'EXPIREAT a 9999999999',
    'PEXPIREAT a 9999999999999',
    'TTL a',
    'PTTL a',
    'EXPIRETIME a',
    'PEXPIRETIME a',
    'PERSIST a',
    'OBJECT ENCODING a',
    'OBJECT REFCOUNT a',
    'OBJECT FREQ a',
    'OBJECT IDLETIME a',
    'OBJECT HELP',
  )
  s.types(
    'DEL K',
    'UNLINK K K',
    'EXISTS K K none',
    'TYPE K',
    'TOUCH K none K',
    'RENAME K new',
    'RENAME K K',
    'RENAME str K',
    'RENAMENX K new',
    'RENAMENX K K',
    'RENAMENX str K',
    'COPY K new',
    'COPY K str',
    'COPY K str REPLACE',
    'COPY K K',
    'COPY K K DB 1',
    'MOVE K 1',
    'MOVE K 0',
    'EXPIRE K 100',
    'EXPIRE K 0',
    'PEXPIRE K -1',
    'EXPIREAT K 1',
    'TTL K',
    'PTTL K',
    'EXPIRETIME K',
    'PEXPIRETIME K',
    'PERSIST K',
    'OBJECT ENCODING K',
    'OBJECT REFCOUNT K',
    'OBJECT IDLETIME K',
    'OBJECT FREQ K',
  )
  s.fresh()
    .run('SET a 1', 'RPUSH l x')
    .cases('EXPIRE a 100 NX', 'COPY a b DB 0 REPLACE', 'OBJECT ENCODING a', 'TYPE l', 'FLUSHALL ASYNC', 'DBSIZE')
  s.fresh().run(
    'OBJECT',
    'OBJECT BAD',
    'OBJECT BAD a',
    'OBJECT ENCODING',
    'OBJECT ENCODING none',
    'OBJECT HELP extra',
    'OBJECT REFCOUNT none',
    'OBJECT IDLETIME none',
    'OBJECT FREQ none',
    'object encoding none',
    'NOSUCHCOMMAND',
    'NOSUCHCOMMAND a b c',
    'nosuch ""',
    ['NOSUCH', 'a\r\nb', 'x'.repeat(200)],
  )
  s.run(
    ...TEXTS.map(text => ['NOSUCH', text]),
    ['n'.repeat(150), 'a'],
    ['', 'a'],
    ['NO SUCH'],
    ['\udcff', '\u65e5'],
    ['NOSUCH', ...numbered(40, i => `argument${i}`)],
  )

  // Encodings that clients look at.
  for (const value of [
    '0',
    '-1',
    '9999',
    '9223372036854775807',
    '9223372036854775808',
    '-9223372036854775808',
    '01',
    '+1',
    '',
    '1.0',
    'x',
    'x'.repeat(44),
    'x'.repeat(45),
  ]) {
    s.fresh().run(
      ['SET', 'k', value],
      'OBJECT ENCODING k',
      'APPEND k ""',
      'OBJECT ENCODING k',
      'APPEND k 1',
      'OBJECT ENCODING k',
      'GETSET k 1',
      'INCR k',
      'OBJECT ENCODING k',
      'INCRBYFLOAT k 1',
      'OBJECT ENCODING k',
      'SETRANGE k 0 1',
      'OBJECT ENCODING k',
    )
  }

  // EXPIRE and its kind: numbers, conditions, states.
  const never = ['SET k v']
  const later = ['SET k v EX 1000']
  const look = ['PTTL k', 'EXISTS k']
  const instant = (name: string, n: string): boolean => name === 'PEXPIRE' && n === '1'
  for (const name of ['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT']) {
    const values = ALL_INTEGERS.filter(n => !instant(name, n))
    s.each(
      never,
      values.map(n => [name, 'k', n]),
      look,
    )
    s.each(
      later,
      values.map(n => [name, 'k', n]),
      look,
    )
    s.reads(
      [],
      values.map(n => [name, 'none', n]),
    )
    const conditions = orders(['NX', 'XX', 'GT', 'LT'], 2).concat(
      ' BAD',
      ' NX BAD',
      ' nx',
      ' ""',
      ' NX XX GT',
      ' NX NX',
    )
    const near = { EXPIRE: '100', PEXPIRE: '100000', EXPIREAT: '1', PEXPIREAT: '1' }[name] as string
    const far = { EXPIRE: '5000', PEXPIRE: '5000000', EXPIREAT: '9999999999', PEXPIREAT: '9999999999999' }[
      name
    ] as string
    for (const state of [never, later]) {
      s.each(
        state,
        product([near, far], conditions, (n, c) => `${name} k ${n}${c}`),
        look,
      )
    }
    s.reads(
      [],
      conditions.map(c => `${name} none ${far}${c}`),
    )
    s.run(`${name} none abc NX`, `${name} none abc BAD`, `${name} none ${far} XX BAD`, `${name} k`)
  }
  s.fresh().run(
    'SET k v',
    'EXPIREAT k 9999999999',
    'EXPIRETIME k',
    'PEXPIRETIME k',
    'PEXPIREAT k 9999999999999',
    'EXPIRETIME k',
    'PEXPIRETIME k',
    'EXPIRE k 100',
    'EXPIRETIME k',
    'PEXPIRETIME k',
    'PERSIST k',
    'PERSIST k',
    'TTL k',
    'PERSIST none',
    'TTL none',
    'PTTL none',
    'EXPIRETIME none',
    'PEXPIRETIME none',
  )
  s.run(
    'PEXPIREAT k 9999999999123',
    'PEXPIRETIME k',
    'EXPIRETIME k',
    'PEXPIREAT k 9999999999499',
    'EXPIRETIME k',
    'PEXPIREAT k 9999999999500',
    'EXPIRETIME k',
    'PEXPIREAT k 9999999999999',
    'EXPIRETIME k',
  )
  // Expired keys are gone by every path. (Not DBSIZE: Redis counts them until it has cleaned up.)
  for (const use of [
    'GET k',
    'EXISTS k',
    'TYPE k',
    'TTL k',
    'KEYS *',
    'SCAN 0',
    'RANDOMKEY',
    'DEL k',
    'UNLINK k',
    'TOUCH k',
    'PERSIST k',
    'EXPIRE k 100',
    'RENAME k l',
    'RENAMENX other k',
    'COPY k l',
    'COPY other k',
    'MOVE k 1',
    'OBJECT ENCODING k',
    'INCR k',
    'SET k 1 XX',
    'SET k 1 NX',
    'SET k 1 KEEPTTL',
    'SET k 1 GET',
    'GETEX k PERSIST',
    'SORT k',
    'STRLEN k',
    'MGET k other',
    'MSETNX k 1 z 2',
    'LPUSH k a',
    'HSET k f v',
    'SADD k m',
    'ZADD k 1 m',
  ]) {
    s.fresh().run('SET k 5 PX 15', 'SET other 1', '@wait 30', use, 'TTL k', 'KEYS *')
  }
  for (const make of ['RPUSH k a b', 'HSET k a 1', 'SADD k a b', 'ZADD k 1 a']) {
    s.fresh().run(
      make,
      'PEXPIRE k 15',
      '@wait 30',
      'TYPE k',
      make,
      'TTL k',
      'PEXPIRE k 15',
      '@wait 30',
      'KEYS *',
      'SUNION k',
      'ZUNION 1 k',
      'LLEN k',
    )
  }

  s.fresh().run(
    'SET k v',
    ['EXPIRE', 'k', '100', 'a\u0000b'],
    ['EXPIRE', 'k', '100', 'a\r\nb'],
    ['EXPIRE', 'k', '100', '\u65e5'],
    ['OBJECT', 'x\u0000y', 'k'],
    ['OBJECT', 'x\ny', 'k'],
  )

  // Renaming and copying, with and without times to live.
  const two = ['SET a 1 EX 1000', 'RPUSH b x y', 'SET c 3']
  s.each(
    two,
    [
      ...product(
        ['RENAME', 'RENAMENX'],
        [...product(['a', 'b', 'c', 'none'], ['a', 'b', 'c', 'new'], (x, y) => `${x} ${y}`)],
        (n, p) => `${n} ${p}`,
      ),
    ],
    ['TYPE a', 'TYPE b', 'TYPE c', 'TYPE new', 'PTTL a', 'PTTL b', 'PTTL c', 'PTTL new'],
  )
  s.each(
    two,
    product(
      ['a b', 'a new', 'a a', 'none a', 'none none', 'b a'],
      orders(['REPLACE', 'DB 0', 'DB 1', 'DB 16', 'DB -1', 'DB abc', 'BAD'], 2),
      (p, o) => `COPY ${p}${o}`,
    ),
    ['PTTL b', 'PTTL new', 'TYPE b', 'SELECT 1', 'DBSIZE', 'PTTL b', 'TYPE a', 'SELECT 0'],
  )
  s.fresh().run(
    ...two,
    'COPY a b DB',
    'COPY b c REPLACE REPLACE',
    'LRANGE c 0 -1',
    'RPUSH c z',
    'LRANGE b 0 -1',
    'HSET h f 1',
    'COPY h i',
    'HSET i f 2',
    'HGETALL h',
    'SADD s 1',
    'COPY s t',
    'SADD t a',
    'SMEMBERS s',
    'ZADD z 1 a',
    'COPY z y',
    'ZADD y 5 a',
    'ZRANGE z 0 -1 WITHSCORES',
  )
  s.fresh().run(...two, ...ALL_INTEGERS.map(n => ['MOVE', 'a', n]), ...ALL_INTEGERS.map(n => ['MOVE', 'none', n]))
  s.fresh().run(
    ...two,
    'MOVE a 1',
    'EXISTS a',
    'SELECT 1',
    'PTTL a',
    'GET a',
    'SET c other',
    'SELECT 0',
    'MOVE c 1',
    'GET c',
    'MOVE b 1',
    'SELECT 1',
    'LRANGE b 0 -1',
    'MOVE a 0',
    'SELECT 0',
    'PTTL a',
    'MOVE none 1',
  )
  s.fresh().run(
    ...two,
    'SWAPDB 0 1',
    'DBSIZE',
    'SELECT 1',
    'DBSIZE',
    'GET c',
    'SWAPDB 0 1',
    'DBSIZE',
    'SELECT 0',
    'DBSIZE',
    'SWAPDB 0 0',
    ...ALL_INTEGERS.flatMap(n => [
      ['SWAPDB', n, '1'],
      ['SWAPDB', '1', n],
    ]),
    'DBSIZE',
  )
  s.fresh().run(
    ...two,
    'SELECT 2',
    'SET x 1',
    'FLUSHDB',
    'DBSIZE',
    'SELECT 0',
    'DBSIZE',
    'SELECT 3',
    'SET y 1',
    'FLUSHALL',
    'DBSIZE',
    'SELECT 0',
    'DBSIZE',
  )
  for (const name of ['FLUSHDB', 'FLUSHALL'])
    s.fresh().run(
      'SET a 1',
      `${name} BAD`,
      'DBSIZE',
      `${name} ASYNC SYNC`,
      'DBSIZE',
      `${name} ASYNC`,
      'DBSIZE',
      'SET a 1',
      `${name} SYNC`,
      'DBSIZE',
      'SET a 1',
      `${name} sync`,
      'DBSIZE',
    )

  for (const text of TEXTS) {
    s.fresh().run(
      ['SET', text, 'v'],
      ['EXISTS', text, text],
      ['TYPE', text],
      ['EXPIRE', text, '100'],
      ['PTTL', text],
      'KEYS *',
      ['RENAME', text, 'x'],
      ['COPY', 'x', text],
      ['RANDOMKEY'],
      ['TOUCH', text, 'x'],
      ['OBJECT', 'ENCODING', text],
      ['KEYS', text],
      ['DEL', text, text],
      'KEYS *',
    )
  }
  s.fresh().run(
    'MSET a 1 b 2 c 3',
    'DEL a a b none',
    'UNLINK c c',
    'DBSIZE',
    'DEL none',
    'EXISTS none',
    'RANDOMKEY',
    'MSET a 1 b 2 c 3',
    'EXISTS a b a none',
    'TOUCH a a',
    'RANDOMKEY',
  )

  // Globs.
  const names = [
    'a',
    'b',
    'ab',
    'abc',
    'aXc',
    'a-c',
    'a]c',
    'a[c',
    'a*c',
    'a?c',
    'a\\c',
    'a^c',
    '',
    'hello',
    'hallo',
    'hxllo',
    'h\u00e9llo',
    'a\nb',
    '\udcff',
    'A',
    '-',
    ']',
    '^',
    '!',
    'a.c',
    '1',
    '12',
  ]
  const patterns = [
    '*',
    '**',
    '?',
    '??',
    '???',
    'a*',
    '*c',
    'a*c',
    'a?c',
    '[ab]',
    '[a-c]',
    '[c-a]',
    '[^a]',
    '[!a]',
    '[^a-b]*',
    'a[a-z]c',
    'a[^a-z]c',
    'a[]]c',
    'a[\\]]c',
    'a[[]c',
    'a[-x]c',
    'a[x-]c',
    'a\\*c',
    'a\\?c',
    'a\\\\c',
    'a\\[c',
    '[',
    '[a',
    'a[',
    '[^',
    '[a-',
    '[]',
    '[^]',
    '\\',
    'a\\',
    'h?llo',
    'h*llo',
    'h[ae]llo',
    'h[^e]llo',
    '',
    'A',
    '[A-z]',
    '*a*',
    '*b*c',
    '*?',
    '?*',
    'a*b*c*',
    '[\\^]',
    '[^^]',
    'a[^\\]]c',
    '[--a]',
    '[a-a]',
    '*[',
    '\\a',
    '[\\a-c]',
    '[z-a]*',
    'h\u00e9llo',
    'h??llo',
    '\udcff',
    '[\udcff]',
    'a\n*',
    '[1-2]*',
  ]
  s.fresh().run(
    ...names.map(name => ['SET', name, 'v']),
    ...patterns.map(pattern => ['KEYS', pattern]),
    ...patterns.map(pattern => ['SCAN', '0', 'MATCH', pattern, 'COUNT', '100']),
  )
  s.run(
    ['KEYS', 'a*'.repeat(6)],
    ['KEYS', '*'.repeat(2000)],
    ['SET', 'a'.repeat(64), 'v'],
    ['KEYS', `${'a*'.repeat(6)}b`],
    ['KEYS', `${'*a'.repeat(20)}*`],
  )
  return s.lines
}
