import {
  ALL_FLOATS,
  ALL_INTEGERS,
  FLOATS,
  INTEGERS,
  type Line,
  orders,
  product,
  Script,
  subsets,
  TEXTS,
} from '../script.ts'

export function strings(): Line[] {
  const s = new Script()
  s.arity(
    'SET k v',
    'GET k',
    'GETSET k v',
    'GETDEL k',
    'GETEX k EX 100',
    'SETNX k v',
    'SETEX k 100 v',
    'PSETEX k 100000 v',
    'MSET a 1 b 2',
    'MSETNX a 1 b 2',
    'MGET a',
    'APPEND k v',
    'STRLEN k',
    'GETRANGE k 0 1',
    'SETRANGE k 0 v',
    'SUBSTR k 0 1',
    'INCR k',
    'DECR k',
    'INCRBY k 1',
    'DECRBY k 1',
    'INCRBYFLOAT k 1',
    'LCS a b',
  )
  s.types(
    'GET K',
    'SET K v',
    'SET K v GET',
    'SET K v NX GET',
    'SET K v XX GET',
    'SET K v NX',
    'SET K v XX',
    'SET K v KEEPTTL',
    'GETSET K v',
    'GETDEL K',
    'GETEX K',
    'GETEX K EX 100',
    'GETEX K PERSIST',
    'SETNX K v',
    'SETEX K 100 v',
    'PSETEX K 100000 v',
    'MGET K K none',
    'MSET K v',
    'MSETNX K v',
    'APPEND K v',
    'APPEND K ""',
    'STRLEN K',
    'GETRANGE K 0 -1',
    'SUBSTR K 0 -1',
    'SETRANGE K 1 v',
    'SETRANGE K 0 ""',
    'INCR K',
    'DECR K',
    'INCRBY K 5',
    'DECRBY K 5',
    'INCRBYFLOAT K 0.5',
    'LCS K str',
    'LCS str K LEN',
    'LCS K K',
  )
  s.fresh().cases(
    'SET k v EX 100 NX',
    'SET k v XX GET KEEPTTL',
    'GETEX k PERSIST',
    'LCS k k IDX MINMATCHLEN 1 WITHMATCHLEN',
  )

  // SET: options on a missing key, a string with and without a time to live, another type.
  const times = ['EX 100', 'PX 100000', 'EXAT 9999999999', 'PXAT 9999999999999']
  const options = ['NX', 'XX', 'GET', 'KEEPTTL', ...times]
  const combinations = new Set([...orders(options, 2), ...subsets(options, 3)])
  const look = ['GET k', 'PTTL k']
  s.each(
    [],
    [...combinations].map(o => `SET k new${o}`),
    look,
  )
  s.each(
    ['SET k old EX 1000'],
    [...combinations].map(o => `SET k new${o}`),
    look,
  )
  s.each(
    ['RPUSH k a'],
    subsets(options, 2).map(o => `SET k new${o}`),
    ['TYPE k', 'PTTL k'],
  )
  s.fresh().run('SET k v', 'SET k v EX', 'SET k v PX', 'SET k v NX NX', 'SET k v XX XX', 'SET k v GET GET')
  s.run('SET k v EX 100 EX 200', 'PTTL k', 'SET k v KEEPTTL KEEPTTL', 'SET k v NX XX', 'SET k v BAD', 'SET k v ""')
  s.run('SET k v PERSIST', 'SET k v EX NX', 'SET k v 100', 'SET k v EX 100 100', 'SET EX 100', 'GET k')
  const withoutInstant = ALL_INTEGERS.filter(n => n !== '1')
  for (const unit of ['EX', 'PX', 'EXAT', 'PXAT']) {
    const values = unit === 'PX' ? withoutInstant : ALL_INTEGERS
    s.each(
      ['SET k old'],
      values.map(n => ['SET', 'k', 'new', unit, n]),
      look,
    )
    s.each(
      ['SET k old'],
      values.map(n => ['GETEX', 'k', unit, n]),
      look,
    )
    s.reads(
      [],
      values.map(n => ['GETEX', 'none', unit, n]),
    )
  }
  s.each(
    ['SET k old'],
    ALL_INTEGERS.map(n => ['SETEX', 'k', n, 'new']),
    look,
  )
  s.each(
    ['SET k old'],
    withoutInstant.map(n => ['PSETEX', 'k', n, 'new']),
    look,
  )
  const getex = ['PERSIST', ...times]
  s.each(
    ['SET k old EX 1000'],
    orders(getex, 2).map(o => `GETEX k${o}`),
    look,
  )
  s.each(
    ['SET k old EX 1000'],
    ['GETEX k EX', 'GETEX k BAD', 'GETEX k KEEPTTL', 'GETEX k PERSIST PERSIST', 'GETEX k NX'],
    look,
  )
  s.fresh().run(
    'SET k v PXAT 1',
    'EXISTS k',
    'SET k v',
    'SET k w EXAT 1 GET',
    'EXISTS k',
    'SET k v',
    'SET k w EXAT 1 NX',
    'GET k',
  )
  s.fresh().run('SET k v', 'GETEX k PXAT 1', 'EXISTS k', 'SET k v', 'GETEX k EXAT 5', 'EXISTS k', 'GETDEL k')
  s.fresh().run(
    'SET k v PX 30',
    '@wait 60',
    'GET k',
    'SETNX k w',
    'TTL k',
    'PEXPIRE k 20',
    '@wait 50',
    'APPEND k x',
    'TTL k',
  )
  s.run(
    'SET k 5 PX 20',
    '@wait 50',
    'INCR k',
    'PTTL k',
    'SET k v PX 20',
    '@wait 50',
    'SET k w XX',
    'SET k w NX GET',
    'GETSET k x',
  )

  // Time to live through commands that change the value.
  for (const change of [
    'APPEND k 1',
    'SETRANGE k 0 7',
    'INCR k',
    'INCRBYFLOAT k 0.5',
    'GETSET k 1',
    'MSET k 1',
    'SETNX k 1',
    'GETEX k',
    'GETDEL k',
    'SETRANGE k 0 ""',
    'APPEND k ""',
    'MSETNX k 1',
    'DECRBY k 3',
  ]) {
    s.fresh().run('SET k 10 EX 1000', change, ...look)
  }

  // Values of all kinds, read back by every reader.
  for (const text of TEXTS) {
    s.fresh().run(['SET', 'k', text], 'GET k', 'STRLEN k', 'OBJECT ENCODING k', 'GETRANGE k 0 0', 'GETRANGE k -2 -1')
    s.run(
      ['SET', text, 'v'],
      ['GET', text],
      ['APPEND', 'k', text],
      'GET k',
      'STRLEN k',
      ['SETRANGE', 'k', '3', text],
      'GET k',
    )
    s.run(
      ['INCR', text],
      ['INCRBY', 'k', text],
      ['INCRBYFLOAT', 'k', text],
      ['GETSET', 'k', text],
      ['GETDEL', 'k'],
      ['LCS', text, 'k'],
    )
    s.run(
      ['MSET', text, text, 'b', text],
      ['MGET', 'b', text, 'none', text],
      ['SETNX', text, 'x'],
      ['MSETNX', 'c', text, text, 'x'],
    )
  }
  // Bytes cut in the middle of a character, and joined again.
  s.fresh().run(
    ['SET', 'k', '\u65e5\u672c'],
    'GETRANGE k 0 0',
    'GETRANGE k 0 1',
    'GETRANGE k 1 4',
    'SETRANGE k 1 x',
    'GET k',
  )
  s.run(
    ['SET', 'k', '\udce6\udc97'],
    ['APPEND', 'k', '\udca5'],
    'GET k',
    'STRLEN k',
    ['APPEND', '\udce6', 'v'],
    'KEYS *',
  )

  // Ranges.
  const ends = [
    '-9223372036854775808',
    '-2147483649',
    '-7',
    '-6',
    '-5',
    '-4',
    '-1',
    '0',
    '1',
    '4',
    '5',
    '6',
    '2147483648',
    '9223372036854775807',
  ]
  s.reads(
    ['SET k hello', 'SET n 12345', 'SET e ""'],
    product(ends, ends, (a, b) => `GETRANGE k ${a} ${b}`),
  )
  s.reads(
    ['SET k hello', 'SET n 12345', 'SET e ""'],
    product(['-6', '-1', '0', '3'], ends, (a, b) => `SUBSTR n ${a} ${b}`),
  )
  s.reads(
    ['SET e ""'],
    product(['-6', '-1', '0', '3'], ends, (a, b) => `GETRANGE e ${a} ${b}`),
  )
  s.reads(
    ['SET k hello'],
    ALL_INTEGERS.flatMap(n => [
      ['GETRANGE', 'k', n, '2'],
      ['GETRANGE', 'k', '1', n],
      ['GETRANGE', 'none', n, '2'],
    ]),
  )
  // An offset below 512 MB allocates that much: those of the grid are refused.
  s.each(
    ['SET k hello'],
    ALL_INTEGERS.map(n => ['SETRANGE', 'k', n, 'XY']),
    ['STRLEN k'],
  )
  s.each(
    [],
    ALL_INTEGERS.map(n => ['SETRANGE', 'k', n, '']),
    ['EXISTS k'],
  )
  s.each(
    ['SET k hello'],
    ['0', '1', '4', '5', '6', '10', '64', '536870911', '536870912'].map(n => `SETRANGE k ${n} XY`),
    ['GET k'],
  )
  s.each(
    [],
    ['0', '1', '5', '64'].map(n => `SETRANGE k ${n} XY`),
    ['GET k'],
  )
  s.each(
    ['SET k 12345'],
    ['0', '3', '7'].map(n => `SETRANGE k ${n} 9`),
    ['GET k', 'INCR k', 'OBJECT ENCODING k'],
  )

  // Integers: every value plus every increment.
  const amounts = [...INTEGERS, '9223372036854775808', '-9223372036854775809', 'abc', '']
  for (const value of [
    '0',
    '-1',
    '9007199254740992',
    '9223372036854775806',
    '9223372036854775807',
    '-9223372036854775807',
    '-9223372036854775808',
  ]) {
    s.each(
      [`SET k ${value}`],
      product(['INCRBY', 'DECRBY'], amounts, (name, n) => [name, 'k', n]),
      ['GET k'],
    )
    s.each([`SET k ${value}`], ['INCR k', 'DECR k'], ['GET k', 'OBJECT ENCODING k'])
  }
  s.each(
    [],
    ALL_INTEGERS.flatMap(n => [
      ['INCRBY', 'k', n],
      ['DECRBY', 'k', n],
    ]),
    ['GET k'],
  )
  for (const value of ALL_INTEGERS)
    s.fresh().run(['SET', 'k', value], 'INCR k', 'DECR k', 'OBJECT ENCODING k', 'STRLEN k')

  // Floats: every value plus every increment.
  const values = [
    '0',
    '-0',
    '0.1',
    '1.5',
    '-0.3',
    '1e17',
    '1e308',
    '123456789.123456789',
    '9007199254740993',
    '10.50',
    '5.0e3',
    '3.0',
    'abc',
    '',
    ' 1',
    'inf',
    'nan',
  ]
  for (const value of values) {
    s.fresh()
    for (const amount of ALL_FLOATS) s.run(['SET', 'k', value], ['INCRBYFLOAT', 'k', amount], 'GET k')
  }
  s.each(
    [],
    ALL_FLOATS.map(n => ['INCRBYFLOAT', 'k', n]),
    ['GET k'],
  )
  s.fresh()
  for (const a of FLOATS) s.run(['INCRBYFLOAT', 'sum', a], ['INCRBYFLOAT', 'sum', `-${a.replace(/^[-+]/, '')}`])

  // Several keys.
  s.fresh().run(
    'MSET a 1 a 2 b 3',
    'MGET a b c',
    'MSETNX c 1 d 2',
    'MSETNX d 3 e 4',
    'MGET a b c d e',
    'MSETNX f 1 f 2',
    'GET f',
  )
  s.run(
    'MSET a',
    'MSET a 1 b',
    'MSETNX a 1 b',
    'MSET',
    'SET t 1 EX 100',
    'MSET t 2',
    'TTL t',
    'RPUSH l a',
    'MSET l 1',
    'TYPE l',
    'MGET l a',
  )

  // LCS.
  const idx = ['LEN', 'IDX', 'WITHMATCHLEN', 'MINMATCHLEN 2']
  s.reads(
    [
      'MSET a ohmytext b mynewtext e "" x xxxx y abcxxxxdef',
      ['SET', 'u', 'a\u65e5b\u672c'],
      ['SET', 'v', '\u65e5\u672c'],
    ],
    product(
      ['a b', 'b a', 'a a', 'a e', 'e e', 'a none', 'none none', 'x y', 'u v'],
      orders(idx, 3),
      (pair, o) => `LCS ${pair}${o}`,
    ),
  )
  s.run(
    ...ALL_INTEGERS.map(n => ['LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', n]),
    'LCS a b MINMATCHLEN',
    'LCS a b BAD',
    'LCS a b IDX IDX',
    'LCS a b LEN LEN',
  )
  return s.lines
}
