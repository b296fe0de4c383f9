import { ALL_FLOATS, ALL_INTEGERS, INTEGERS, type Line, numbered, orders, product, Script, TEXTS } from '../script.ts'

const LOOK = ['HGETALL k']

/** Counts whose reply is not larger than memory: the server builds as many elements as a negative count says. */
export const RANDOM_COUNTS: readonly string[] = ALL_INTEGERS.filter(
  n => !/^-\d{4,}$/.test(n) || n === '-9223372036854775808' || n === '-9223372036854775809',
)

export function hashes(): Line[] {
  const s = new Script()
  s.arity(
    'HSET k a 1',
    'HSETNX k a 1',
    'HMSET k a 1',
    'HGET k a',
    'HMGET k a',
    'HGETALL k',
    'HDEL k a',
    'HLEN k',
    'HEXISTS k a',
    'HKEYS k',
    'HVALS k',
    'HINCRBY k a 1',
    'HINCRBYFLOAT k a 1',
    'HSTRLEN k a',
    'HRANDFIELD k 1',
    'HRANDFIELD k 1 WITHVALUES',
    'HSCAN k 0',
  )
  s.types(
    'HSET K f v',
    'HSET K f',
    'HSET K f v g',
    'HMSET K f v g w',
    'HSETNX K a v',
    'HSETNX K new v',
    'HGET K a',
    'HGET K none',
    'HMGET K a none a',
    'HGETALL K',
    'HDEL K a',
    'HDEL K a two empty',
    'HLEN K',
    'HEXISTS K a',
    'HKEYS K',
    'HVALS K',
    'HINCRBY K a 5',
    'HINCRBY K a abc',
    'HINCRBY K two 1',
    'HINCRBYFLOAT K a 0.5',
    'HINCRBYFLOAT K a abc',
    'HINCRBYFLOAT K two 1',
    'HSTRLEN K two',
    'HRANDFIELD K',
    'HRANDFIELD K 2',
    'HRANDFIELD K -5',
    'HRANDFIELD K 0',
    'HRANDFIELD K 10 WITHVALUES',
    'HRANDFIELD K abc',
    'HSCAN K 0',
    'HSCAN K abc',
    'HSCAN K 0 MATCH a* COUNT 10',
    'HSCAN K 0 BAD',
  )
  s.fresh().run('HSET k a 1 b 2').cases('HGET k a', 'HRANDFIELD k 5 WITHVALUES', 'HSCAN k 0 MATCH * COUNT 10')

  for (const text of TEXTS) {
    s.fresh().run(
      ['HSET', 'k', text, 'v', 'f', text],
      ['HGET', 'k', text],
      'HGET k f',
      ['HSTRLEN', 'k', 'f'],
      ['HEXISTS', 'k', text],
      ...LOOK,
      'HKEYS k',
      'HVALS k',
    )
    s.run(
      ['HMGET', 'k', 'none', text, 'f', text],
      ['HSETNX', 'k', text, 'w'],
      ['HINCRBY', 'k', text, '1'],
      ['HINCRBY', 'k', 'f', '1'],
      ['HINCRBYFLOAT', 'k', 'f', text],
    )
    s.run(
      ['HSET', text, text, text],
      ['HGETALL', text],
      ['HSCAN', text, '0'],
      ['HRANDFIELD', text, '3', 'WITHVALUES'],
      ['HDEL', 'k', text, text],
      'HLEN k',
      'OBJECT ENCODING k',
    )
  }
  s.fresh().run(
    'HSET k a 1 a 2 b 3 a 4',
    ...LOOK,
    'HSET k a 4',
    'HSET k c 1 a 5',
    'HMSET k a 1 a 2',
    'HDEL k a a b',
    'HDEL k c',
    'EXISTS k',
    'HDEL k c',
  )
  s.run(
    'HSET k a',
    'HSET k a 1 b',
    'HMSET k a',
    'HMSET k a 1 b',
    'EXISTS k',
    'HSETNX k a 1 b 2',
    'HSETNX k a 1',
    'HSETNX k a 2',
    ...LOOK,
  )

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
      [`HSET k f ${value}`],
      amounts.map(n => ['HINCRBY', 'k', 'f', n]),
      ['HGET k f'],
    )
  }
  s.each(
    [],
    ALL_INTEGERS.map(n => ['HINCRBY', 'k', 'f', n]),
    ['HGET k f', 'EXISTS k'],
  )
  for (const value of ALL_INTEGERS)
    s.fresh().run(['HSET', 'k', 'f', value], 'HINCRBY k f 1', 'HGET k f', 'HSTRLEN k f', 'HINCRBYFLOAT k f 1.5')

  for (const value of [
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
    'abc',
    '',
    ' 1',
    '1 ',
    'inf',
    'nan',
  ]) {
    s.fresh()
    for (const amount of ALL_FLOATS) s.run(['HSET', 'k', 'f', value], ['HINCRBYFLOAT', 'k', 'f', amount], 'HGET k f')
  }
  s.each(
    [],
    ALL_FLOATS.map(n => ['HINCRBYFLOAT', 'k', 'f', n]),
    ['HGET k f', 'EXISTS k'],
  )

  s.reads(
    ['HSET k a 1 b 2 c 3 d 4 e ""'],
    RANDOM_COUNTS.flatMap(n => [
      ['HRANDFIELD', 'k', n],
      ['HRANDFIELD', 'k', n, 'WITHVALUES'],
      ['HRANDFIELD', 'none', n],
      ['HRANDFIELD', 'none', n, 'WITHVALUES'],
    ]),
  )
  s.run(
    'HRANDFIELD k',
    'HRANDFIELD k 3',
    'HRANDFIELD k 5',
    'HRANDFIELD k 6',
    'HRANDFIELD k -3',
    'HRANDFIELD k -20 WITHVALUES',
    'HRANDFIELD k 3 WITHVALUES',
    'HRANDFIELD k 3 BAD',
    'HRANDFIELD k 3 WITHVALUES WITHVALUES',
    'HRANDFIELD none',
    'HRANDFIELD k WITHVALUES',
    'HRANDFIELD none 1 BAD',
    'HRANDFIELD k abc BAD',
  )

  s.reads(
    ['HSET k a 1 b 2 ab 3 abc 4 "" 5'],
    orders(['MATCH a*', 'MATCH *', 'MATCH ""', 'COUNT 1', 'COUNT 100', 'MATCH ?'], 2).map(o => `HSCAN k 0${o}`),
  )
  s.run(
    ...ALL_INTEGERS.map(n => ['HSCAN', 'k', '0', 'COUNT', n]),
    'HSCAN k 0 COUNT',
    'HSCAN k 0 MATCH',
    'HSCAN k 0 TYPE hash',
    'HSCAN none 0',
    'HSCAN none 0 COUNT 0',
    'HSCAN k',
  )

  for (const change of [
    'HSET k new 1',
    'HSETNX k a 1',
    'HDEL k a',
    'HDEL k a b c',
    'HINCRBY k a 1',
    'HINCRBYFLOAT k a 1',
    'HMSET k a 1',
  ]) {
    s.fresh().run('HSET k a 1 b 2 c 3', 'EXPIRE k 1000', change, 'PTTL k', 'TYPE k')
  }

  // Past the limits of the small form: 128 fields, values of 64 bytes.
  s.fresh().run(
    ['HSET', 'k', ...numbered(256, i => (i % 2 === 0 ? `f${i / 2}` : String(i)))],
    'OBJECT ENCODING k',
    'HSET k one more',
    'OBJECT ENCODING k',
    'HLEN k',
    ...LOOK,
    'HKEYS k',
    'HVALS k',
  )
  s.run(
    'HSCAN k 0',
    'HSCAN k 0 COUNT 7',
    'HSCAN k 0 MATCH f1*',
    'HRANDFIELD k 200',
    'HRANDFIELD k 129 WITHVALUES',
    'HRANDFIELD k -300',
    'HRANDFIELD k 50',
  )
  s.run(...numbered(128, i => `HDEL k f${i}`), ...LOOK, 'HDEL k one', 'EXISTS k')
  s.fresh().run(
    ['HSET', 'k', 'f', 'x'.repeat(64)],
    'OBJECT ENCODING k',
    ['HSET', 'k', 'f', 'x'.repeat(65)],
    'OBJECT ENCODING k',
    'HDEL k f',
    ['HSET', 'k', 'x'.repeat(65), ''],
    'OBJECT ENCODING k',
    ...LOOK,
  )
  s.fresh().run(
    ...product(['k', 'l'], [...numbered(30, i => i)], (key, i) =>
      i % 4 === 3 ? `HDEL ${key} f${i - 2}` : `HSET ${key} f${i} ${i * i}`,
    ),
    'HGETALL k',
    'HGETALL l',
  )
  return s.lines
}
