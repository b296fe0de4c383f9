import {
  ALL_FLOATS,
  ALL_INTEGERS,
  FLOATS,
  type Line,
  NOT_FINITE,
  numbered,
  orders,
  product,
  Script,
  subsets,
  TEXTS,
} from '../script.ts'
import { RANDOM_COUNTS } from './hashes.ts'

const LOOK = ['ZRANGE k 0 -1 WITHSCORES']
const SCORE_BOUNDS = ['-inf', '(-inf', '0', '(1', '1', '1.5', '(3', '3', '+inf', '(+inf', 'inf', '5']
const LEX_BOUNDS = ['-', '+', '[', '(', '[a', '(a', '[b', '(bb', '[c', '(z', '[\u65e5']
const RANKS = ['-9223372036854775808', '-8', '-6', '-2', '-1', '0', '1', '3', '5', '6', '9223372036854775807']

export function zsets(): Line[] {
  const s = new Script()
  s.arity(
    'ZADD k 1 a',
    'ZINCRBY k 1 a',
    'ZREM k a',
    'ZSCORE k a',
    'ZMSCORE k a',
    'ZCARD k',
    'ZCOUNT k 0 1',
    'ZLEXCOUNT k - +',
    'ZRANK k a',
    'ZREVRANK k a',
    'ZRANGE k 0 1',
    'ZREVRANGE k 0 1',
    'ZRANGEBYSCORE k 0 1',
    'ZREVRANGEBYSCORE k 1 0',
    'ZRANGEBYLEX k - +',
    'ZREVRANGEBYLEX k + -',
    'ZRANGESTORE d k 0 1',
    'ZREMRANGEBYRANK k 0 1',
    'ZREMRANGEBYSCORE k 0 1',
    'ZREMRANGEBYLEX k - +',
    'ZPOPMIN k 1',
    'ZPOPMAX k 1',
    'ZMPOP 1 k MIN',
    'ZRANDMEMBER k 1',
    'ZUNION 1 k',
    'ZINTER 1 k',
    'ZDIFF 1 k',
    'ZUNIONSTORE d 1 k',
    'ZINTERSTORE d 1 k',
    'ZDIFFSTORE d 1 k',
    'ZINTERCARD 1 k',
    'ZSCAN k 0',
  )
  s.types(
    'ZADD K 1 x',
    'ZADD K XX 1 x',
    'ZADD K NX 1 x',
    'ZADD K INCR 1 x',
    'ZADD K XX INCR 1 x',
    'ZADD K abc x',
    'ZADD K 1',
    'ZINCRBY K 2 a',
    'ZINCRBY K abc a',
    'ZREM K a',
    'ZREM K a b c',
    'ZSCORE K a',
    'ZMSCORE K a nope',
    'ZCARD K',
    'ZCOUNT K 0 5',
    'ZCOUNT K abc 5',
    'ZLEXCOUNT K - +',
    'ZLEXCOUNT K abc +',
    'ZRANK K a',
    'ZREVRANK K a',
    'ZRANGE K 0 -1',
    'ZRANGE K a b',
    'ZRANGE K 0 5 BYSCORE',
    'ZRANGE K - + BYLEX',
    'ZREVRANGE K 0 -1 WITHSCORES',
    'ZRANGEBYSCORE K 0 5',
    'ZREVRANGEBYSCORE K 5 0',
    'ZRANGEBYLEX K - +',
    'ZREVRANGEBYLEX K + -',
    'ZRANGESTORE d K 0 -1',
    'ZRANGESTORE K zset 0 -1',
    'ZRANGESTORE K none 0 -1',
    'ZRANGESTORE K zset 5 9',
    'ZREMRANGEBYRANK K 0 0',
    'ZREMRANGEBYSCORE K 0 1',
    'ZREMRANGEBYLEX K - [a',
    'ZREMRANGEBYRANK K abc 0',
    'ZPOPMIN K',
    'ZPOPMAX K',
    'ZPOPMIN K 0',
    'ZPOPMAX K 2',
    'ZPOPMIN K -1',
    'ZMPOP 1 K MIN',
    'ZMPOP 2 none K MAX COUNT 2',
    'ZMPOP 2 K zset MAX COUNT 2',
    'ZRANDMEMBER K',
    'ZRANDMEMBER K 2',
    'ZRANDMEMBER K 0',
    'ZRANDMEMBER K -4 WITHSCORES',
    'ZRANDMEMBER K abc',
    'ZUNION 1 K',
    'ZUNION 2 zset K WITHSCORES',
    'ZUNION 2 set K WITHSCORES',
    'ZINTER 2 zset K WITHSCORES',
    'ZINTER 2 none K',
    'ZDIFF 2 zset K WITHSCORES',
    'ZDIFF 2 K zset',
    'ZDIFF 2 none K',
    'ZUNIONSTORE d 2 K zset',
    'ZUNIONSTORE K 1 zset',
    'ZINTERSTORE d 2 K zset',
    'ZINTERSTORE K 1 none',
    'ZDIFFSTORE d 2 K zset',
    'ZDIFFSTORE K 1 zset',
    'ZINTERCARD 2 K zset',
    'ZINTERCARD 2 none K',
    'ZSCAN K 0',
    'ZSCAN K abc',
    'ZSCAN K 0 BAD',
  )
  s.fresh()
    .run('ZADD k 1 a 2 b')
    .cases(
      'ZADD k XX CH GT 5 a',
      'ZRANGE k 0 5 BYSCORE REV LIMIT 0 1 WITHSCORES',
      'ZUNION 1 k WEIGHTS 2 AGGREGATE MAX WITHSCORES',
      'ZMPOP 1 k MIN COUNT 1',
      'ZRANGEBYLEX k - + LIMIT 0 1',
      'ZADD k NX INCR 1 q',
      'ZRANDMEMBER k 9 WITHSCORES',
      'ZINTERCARD 1 k LIMIT 1',
    )

  // ZADD: every subset of flags, and orders of two.
  const flags = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']
  const adds = ['5 a', '1 a', '2 new', '0.5 a']
  for (const pair of adds)
    s.each(
      ['ZADD k 1 a 2 b'],
      subsets(flags).map(o => `ZADD k${o} ${pair}`),
      LOOK,
    )
  s.each(
    ['ZADD k 1 a 2 b'],
    orders(flags, 2).map(o => `ZADD k${o} 3 a 1 b 7 new`),
    LOOK,
  )
  s.each(
    [],
    subsets(flags).map(o => `ZADD k${o} 1 a`),
    ['EXISTS k'],
  )
  s.fresh().run(
    'ZADD k 1 a 2',
    'ZADD k NX',
    'ZADD k CH 1',
    'ZADD k 1 a 2 a 3 a',
    ...LOOK,
    'ZADD k BAD 1 a',
    'ZADD k NX NX 1 z',
    'ZADD k CH CH 9 z',
    'ZADD k 1 NX',
    'ZADD k 1 a NX 2',
    'ZADD k NX 1 a XX',
    'ZADD k INCR 1 a 2 b',
    'ZADD k INCR CH 1 a',
    ...LOOK,
  )
  s.run(
    'ZADD k 1 a x b',
    ...LOOK,
    'ZADD k x a 1 b',
    'ZADD k XX 1 nope',
    'ZADD none XX 1 a',
    'EXISTS none',
    'ZADD none XX INCR 1 a',
    'ZADD none GT 1 a',
    'ZADD none LT INCR 1 b',
    'ZRANGE none 0 -1 WITHSCORES',
  )

  // Scores.
  const [before, after] = [['ZADD k 1.5 a'], ['ZSCORE k a', 'ZADD k 0 a', 'EXISTS k']]
  s.each(
    before,
    ALL_FLOATS.flatMap(n => [
      ['ZADD', 'k', n, 'a'],
      ['ZADD', 'k', 'INCR', n, 'a'],
      ['ZINCRBY', 'k', n, 'a'],
      ['ZINCRBY', 'k', n, 'new'],
      ['ZADD', 'k', '9', 'b', n, 'a'],
    ]),
    [...LOOK, ...after],
  )
  s.each(
    [],
    ALL_FLOATS.map(n => ['ZINCRBY', 'k', n, 'a']),
    [...LOOK, 'EXISTS k'],
  )
  for (const from of [
    'inf',
    '-inf',
    '0',
    '-0',
    '0.1',
    '9007199254740992',
    '1e308',
    '-1e308',
    '3.141592653589793',
    '5e-324',
  ]) {
    s.fresh()
    for (const by of [...FLOATS, ...NOT_FINITE]) s.run(`ZADD k ${from} a`, `ZINCRBY k ${by} a`, `ZADD k INCR ${by} a`)
  }
  // The text of doubles, in every command that answers scores.
  const doubles = [
    '0.1',
    '0.30000000000000004',
    '3.0000000000000004',
    '1e-5',
    '1e-6',
    '1e-7',
    '1.5e-7',
    '123456789012345680',
    '1e17',
    '1e18',
    '4611686018427387904',
    '9223372036854775807',
    '1e19',
    '1e20',
    '1e21',
    '1e22',
    '1.7976931348623157e308',
    '2.2250738585072014e-308',
    '5e-324',
    '-0',
    '123456.789',
    '0.000123',
    '100000000000.5',
    '4503599627370495.5',
    '4503599627370496',
    '9007199254740991',
    '9007199254740993',
    '-1.25e30',
    '1e100',
    '1.1e100',
    '12345678901234567000',
  ]
  for (const text of doubles) {
    s.fresh().run(
      `ZADD k ${text} a`,
      'ZSCORE k a',
      'ZMSCORE k a nope',
      'ZINCRBY k 0 a',
      'ZADD k INCR 0 a',
      ...LOOK,
      'ZRANGE k -inf +inf BYSCORE WITHSCORES',
      'ZREVRANGE k 0 -1 WITHSCORES',
      'ZUNION 1 k WITHSCORES',
      'ZDIFF 1 k WITHSCORES',
      'ZINTER 1 k WITHSCORES',
      'ZRANDMEMBER k 1 WITHSCORES',
      'ZSCAN k 0',
    )
    s.run(
      `ZRANGEBYSCORE k ${text} ${text}`,
      `ZCOUNT k (${text} +inf`,
      `ZUNION 1 k WEIGHTS 3 WITHSCORES`,
      'ZUNIONSTORE d 1 k',
      'ZPOPMIN d',
      'ZUNIONSTORE d 1 k WEIGHTS 0.1',
      'ZMPOP 1 d MAX',
      'ZPOPMAX k',
    )
  }
  s.fresh().run(
    ['ZADD', 'big', ...numbered(300, i => (i % 2 === 0 ? String((i * 7919) / 1000) : `m${i}`))],
    'ZRANGE big 0 -1 WITHSCORES',
    'ZSCAN big 0',
    'OBJECT ENCODING big',
    'ZRANDMEMBER big 200',
    'ZRANDMEMBER big -500 WITHSCORES',
    'ZRANK big m101',
    'ZREVRANK big m101',
    'ZCOUNT big 100 (500.5',
    'ZREMRANGEBYRANK big 10 -11',
    ...numbered(5, () => 'ZPOPMIN big'),
    'ZRANGE big 0 -1',
  )

  for (const text of TEXTS) {
    s.fresh().run(
      ['ZADD', 'k', '1', text, '2', 'x', '1', `${text}z`],
      ['ZSCORE', 'k', text],
      ['ZMSCORE', 'k', text, 'nope'],
      ...LOOK,
      ['ZRANK', 'k', text],
      ['ZREVRANK', 'k', text],
      ['ZINCRBY', 'k', '3', text],
    )
    s.run(
      ['ZADD', text, '0', text, '0', 'b'],
      ['ZRANGEBYLEX', text, `[${text}`, '+'],
      ['ZRANGEBYLEX', text, '-', `(${text}`],
      ['ZLEXCOUNT', text, `(${text}`, '[zz'],
      ['ZRANGE', text, `(${text}`, '+', 'BYLEX'],
      ['ZREMRANGEBYLEX', text, '-', `[${text}`],
      ['ZRANGE', text, '0', '-1'],
    )
    s.run(
      ['ZUNION', '2', 'k', text, 'WITHSCORES'],
      ['ZRANGESTORE', 'd', 'k', '0', '-1'],
      ['ZREM', 'k', text, text],
      ['ZSCAN', 'k', '0'],
      'ZPOPMAX k 9',
      ['DEL', text],
    )
  }
  // Members of one score are in the order of their bytes, not of UTF-16 units.
  s.fresh().run(
    [
      'ZADD',
      'k',
      ...['\uffff', '\u{1f600}', '\ue000', 'z', '\u00e9', '', '\udcff', 'Z', '\u0000', 'zz'].flatMap(m => ['0', m]),
    ],
    'ZRANGE k 0 -1',
    'ZREVRANGE k 0 -1',
    'ZRANGEBYLEX k - +',
    'ZREVRANGEBYLEX k + -',
    ['ZRANGEBYLEX', 'k', '(z', '(\u{1f600}'],
    ['ZLEXCOUNT', 'k', '[\ue000', '+'],
  )

  // Ranges by rank.
  const six = ['ZADD k 1 a 2 b 2 bb 3 c 3 d 5 e']
  s.reads(
    six,
    product(RANKS, RANKS, (a, b) => `ZRANGE k ${a} ${b}`),
  )
  s.run(
    ...product(
      ['-8', '-2', '0', '1', '5', '9'],
      ['-6', '-1', '0', '2', '9'],
      (a, b) => `ZREVRANGE k ${a} ${b} WITHSCORES`,
    ),
  )
  s.run(
    ...product(
      ['-8', '-2', '0', '1', '5', '9'],
      ['-6', '-1', '0', '2', '9'],
      (a, b) => `ZRANGE k ${a} ${b} REV WITHSCORES`,
    ),
  )
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['ZRANGE', 'k', n, '2'],
      ['ZRANGE', 'k', '1', n],
      ['ZREVRANGE', 'k', n, '2'],
      ['ZRANGE', 'k', '0', n, 'REV'],
      ['ZRANGE', 'none', n, '1'],
    ]),
  )
  s.each(
    six,
    product(RANKS, RANKS, (a, b) => `ZREMRANGEBYRANK k ${a} ${b}`),
    ['ZRANGE k 0 -1'],
  )
  s.each(
    six,
    ALL_INTEGERS.flatMap(n => [
      ['ZREMRANGEBYRANK', 'k', n, '2'],
      ['ZREMRANGEBYRANK', 'k', '1', n],
    ]),
    ['ZRANGE k 0 -1'],
  )
  s.reads(
    six,
    orders(['REV', 'WITHSCORES', 'LIMIT 0 1', 'BYSCORE', 'BYLEX', 'BAD'], 3).map(o => `ZRANGE k 0 3${o}`),
  )
  s.run(
    'ZRANGE k 0 1 LIMIT',
    'ZRANGE k 0 1 LIMIT 1',
    'ZRANGE k 0 1 WITHSCORES WITHSCORES',
    'ZRANGE k 0 1 REV REV',
    'ZRANGE k 0 1 BYSCORE BYLEX',
    'ZREVRANGE k 0 1 REV',
    'ZREVRANGE k 0 1 BYSCORE',
    'ZREVRANGE k 0 1 WITHSCORES BAD',
    'ZRANGE k 0 1 WITHSCORE',
    'ZRANGE k 0 1 LIMIT 0 1',
  )

  // Ranges by score.
  s.reads(
    six,
    product(SCORE_BOUNDS, SCORE_BOUNDS, (a, b) => `ZRANGEBYSCORE k ${a} ${b}`),
  )
  s.run(...product(SCORE_BOUNDS, SCORE_BOUNDS, (a, b) => `ZCOUNT k ${a} ${b}`))
  s.run(...product(['-inf', '(1', '3', '+inf'], SCORE_BOUNDS, (a, b) => `ZREVRANGEBYSCORE k ${b} ${a} WITHSCORES`))
  s.run(...product(['-inf', '(1', '3', '+inf'], SCORE_BOUNDS, (a, b) => `ZRANGE k ${b} ${a} BYSCORE REV`))
  const limits = ['-9223372036854775808', '-2', '-1', '0', '1', '2', '10', '9223372036854775807']
  s.run(...product(limits, limits, (o, n) => `ZRANGEBYSCORE k -inf +inf LIMIT ${o} ${n}`))
  s.run(...product(limits, limits, (o, n) => `ZRANGE k +inf -inf BYSCORE REV LIMIT ${o} ${n} WITHSCORES`))
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['ZRANGEBYSCORE', 'k', '-inf', '+inf', 'LIMIT', n, '1'],
      ['ZRANGEBYSCORE', 'k', '-inf', '+inf', 'LIMIT', '0', n],
      ['ZRANGE', 'none', '0', '1', 'BYSCORE', 'LIMIT', n, '1'],
    ]),
  )
  s.run(
    ...ALL_FLOATS.flatMap(n => [
      ['ZRANGEBYSCORE', 'k', n, '+inf'],
      ['ZCOUNT', 'k', '-inf', `(${n}`],
      ['ZRANGEBYSCORE', 'none', n, '1'],
      ['ZRANGE', 'k', '-inf', n, 'BYSCORE'],
    ]),
  )
  s.run(
    'ZRANGEBYSCORE k 0 5 WITHSCORES LIMIT 0 2',
    'ZRANGEBYSCORE k 0 5 LIMIT 0 2 WITHSCORES',
    'ZRANGEBYSCORE k 0 5 LIMIT 0',
    'ZRANGEBYSCORE k 0 5 BAD',
    'ZRANGEBYSCORE k 0 5 REV',
    'ZRANGEBYSCORE k 0 5 BYSCORE',
    'ZRANGEBYSCORE k 0 5 LIMIT 0 1 LIMIT 1 1',
    'ZRANGEBYSCORE k ( 5',
    'ZRANGEBYSCORE k [1 5',
    'ZRANGEBYSCORE k ((1 5',
    'ZRANGEBYSCORE k (inf +inf',
    'ZCOUNT k ( 5',
  )
  s.each(
    six,
    product(SCORE_BOUNDS, ['-inf', '(1', '2', '(3', '+inf', 'abc'], (a, b) => `ZREMRANGEBYSCORE k ${a} ${b}`),
    ['ZRANGE k 0 -1', 'EXISTS k'],
  )

  // Ranges by bytes.
  const lex = [['ZADD', 'k', '0', '', '0', 'a', '0', 'aa', '0', 'b', '0', 'bb', '0', 'c', '0', '\u65e5']]
  s.reads(
    lex,
    product(LEX_BOUNDS, LEX_BOUNDS, (a, b) => `ZRANGEBYLEX k ${a} ${b}`),
  )
  s.run(...product(LEX_BOUNDS, LEX_BOUNDS, (a, b) => `ZLEXCOUNT k ${a} ${b}`))
  s.run(...product(['-', '(a', '[c', '+'], LEX_BOUNDS, (a, b) => `ZREVRANGEBYLEX k ${b} ${a}`))
  s.run(...product(['-', '(a', '[c', '+'], LEX_BOUNDS, (a, b) => `ZRANGE k ${b} ${a} BYLEX REV LIMIT 1 3`))
  s.run(...product(['-1', '0', '1', '9'], ['-1', '0', '1', '9'], (o, n) => `ZRANGEBYLEX k - + LIMIT ${o} ${n}`))
  s.run(
    ...['a', '', '-a', '+a', '--', 'b', '{a', '\u65e5', '-inf', '0'].flatMap(b => [
      ['ZRANGEBYLEX', 'k', b, '+'],
      ['ZRANGEBYLEX', 'k', '-', b],
      ['ZLEXCOUNT', 'k', b, '+'],
      ['ZRANGE', 'none', b, '+', 'BYLEX'],
      ['ZREMRANGEBYLEX', 'none', b, '+'],
    ]),
  )
  s.run(
    'ZRANGEBYLEX k - + WITHSCORES',
    'ZRANGE k - + BYLEX WITHSCORES',
    'ZRANGEBYLEX k - + LIMIT 0',
    'ZRANGEBYLEX k - + BAD',
    'ZREVRANGEBYLEX k + - LIMIT 2 2',
    'ZRANGEBYLEX k - + REV',
  )
  s.each(
    lex,
    product(['-', '[a', '(a', '[b', '+'], LEX_BOUNDS, (a, b) => `ZREMRANGEBYLEX k ${a} ${b}`),
    ['ZRANGE k 0 -1', 'EXISTS k'],
  )

  // ZRANGESTORE.
  s.each(
    [...six, 'ZADD d 9 old', 'EXPIRE d 100'],
    [
      '0 -1',
      '1 2 REV',
      '5 9',
      '9 10',
      '-2 -1',
      '(1 3 BYSCORE',
      '3 (1 BYSCORE REV LIMIT 0 1',
      '-inf +inf BYSCORE LIMIT 1 2',
      '- + BYLEX',
      '+ - BYLEX REV LIMIT 0 2',
      '- [b BYLEX',
      '0 -1 WITHSCORES',
      '0 -1 LIMIT 0 1',
      '0 -1 BAD',
      'a b',
      '0 -1 BYSCORE BYLEX',
      '0 abc BYSCORE',
    ].map(o => `ZRANGESTORE d k ${o}`),
    ['ZRANGE d 0 -1 WITHSCORES', 'TTL d', 'EXISTS d'],
  )
  s.fresh().run(...six, 'ZRANGESTORE k k 1 2', ...LOOK, 'ZRANGESTORE k k 5 6', 'EXISTS k', 'ZRANGESTORE none none 0 -1')

  // Popping.
  s.each(
    six,
    product(['ZPOPMIN', 'ZPOPMAX'], [...ALL_INTEGERS, '2', '5', '6', '7'], (name, n) => [name, 'k', n]),
    ['ZRANGE k 0 -1', 'EXISTS k'],
  )
  s.reads(
    [],
    ALL_INTEGERS.flatMap(n => [
      ['ZPOPMIN', 'none', n],
      ['ZPOPMAX', 'none', n],
    ]),
  )
  s.each(
    six,
    ALL_INTEGERS.flatMap(n => [
      ['ZMPOP', '1', 'k', 'MIN', 'COUNT', n],
      ['ZMPOP', n, 'k', 'MAX'],
    ]),
    ['ZRANGE k 0 -1'],
  )
  s.each(
    [...six, 'SET str v', 'SADD set 1'],
    [
      'ZMPOP 1 k MIN',
      'ZMPOP 1 k MAX',
      'ZMPOP 2 none k MAX COUNT 2',
      'ZMPOP 2 k',
      'ZMPOP 1 k BAD',
      'ZMPOP 1 k MIN COUNT',
      'ZMPOP 1 k MIN COUNT 1 COUNT 2',
      'ZMPOP 1 k MIN BAD 1',
      'ZMPOP 1 k COUNT 1 MIN',
      'ZMPOP 2 str k MIN',
      'ZMPOP 2 k str MIN',
      'ZMPOP 2 set k MIN',
      'ZMPOP 1 none MIN',
      'ZMPOP 3 a b c MAX COUNT 5',
      'ZMPOP 1 k MIN COUNT 100',
    ],
    ['ZRANGE k 0 -1'],
  )

  // Random members.
  s.reads(
    six,
    [...RANDOM_COUNTS, '2', '5', '6', '7', '-3', '-20'].flatMap(n => [
      ['ZRANDMEMBER', 'k', n],
      ['ZRANDMEMBER', 'k', n, 'WITHSCORES'],
      ['ZRANDMEMBER', 'none', n],
      ['ZRANDMEMBER', 'none', n, 'WITHSCORES'],
    ]),
  )
  s.run(
    'ZRANDMEMBER k',
    'ZRANDMEMBER none',
    'ZRANDMEMBER k WITHSCORES',
    'ZRANDMEMBER k 2 BAD',
    'ZRANDMEMBER k 2 WITHSCORES WITHSCORES',
    'ZRANDMEMBER none 2 BAD',
  )

  // Algebra.
  const several = [
    'ZADD a 1 x 2 y 3 z',
    'ZADD b 10 y 20 z 30 w',
    'SADD s x y q',
    'ZADD i inf x -inf y 0 z',
    'ZADD j -inf x inf y 0.1 z',
  ]
  const options = [
    'WEIGHTS 2 3',
    'WEIGHTS 0 inf',
    'WEIGHTS -1 0.5',
    'AGGREGATE SUM',
    'AGGREGATE MIN',
    'AGGREGATE MAX',
    'AGGREGATE AVG',
    'WITHSCORES',
  ]
  const pairs = ['a b', 'a s', 's s', 'a none', 'i j', 'none a', 'a a']
  s.reads(
    several,
    product(
      ['ZUNION', 'ZINTER'],
      [...product(pairs, orders(options, 2), (p, o) => `2 ${p}${o}`)],
      (name, rest) => `${name} ${rest}`,
    ),
  )
  s.run(
    ...product(
      pairs,
      orders(['WITHSCORES', 'WEIGHTS 1 2', 'AGGREGATE MIN', 'LIMIT 1'], 2),
      (p, o) => `ZDIFF 2 ${p}${o}`,
    ),
  )
  s.run(
    ...product(
      pairs,
      subsets(['WITHSCORES', 'WEIGHTS 2 3', 'AGGREGATE MAX']),
      (p, o) => `ZUNION 2 ${p}${o} WITHSCORES`,
    ),
  )
  s.run(
    ...product(
      ['ZUNION', 'ZINTER', 'ZDIFF'],
      [
        '3 a b s WITHSCORES',
        '1 a WITHSCORES',
        '3 a b none WITHSCORES',
        '3 a b',
        '2 a',
        '0 a',
        '-1 a',
        'abc a',
        '2 a b WEIGHTS 1',
        '2 a b WEIGHTS',
        '2 a b WEIGHTS 1 2 3',
        '2 a b WEIGHTS x y',
        '2 a b AGGREGATE',
        '2 a b BAD',
        '2 a b WITHSCORES WITHSCORES',
        '2 a b WEIGHTS 1 nan',
        '4 a b s none WITHSCORES',
        '2 a b WEIGHTS 1 2 WEIGHTS 3 4 WITHSCORES',
      ],
      (name, rest) => `${name} ${rest}`,
    ),
  )
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['ZUNION', n, 'a'],
      ['ZINTER', n, 'a', 'b'],
      ['ZDIFF', n, 'a'],
      ['ZINTERCARD', n, 'a'],
      ['ZINTERCARD', '2', 'a', 'b', 'LIMIT', n],
      ['ZUNIONSTORE', 'd', n, 'a'],
    ]),
  )
  s.run(
    ...ALL_FLOATS.flatMap(n => [
      ['ZUNION', '1', 'a', 'WEIGHTS', n, 'WITHSCORES'],
      ['ZINTER', '2', 'i', 'a', 'WEIGHTS', n, '1', 'WITHSCORES'],
    ]),
  )
  s.run(
    'ZINTERCARD 2 a b',
    'ZINTERCARD 2 a s LIMIT 1',
    'ZINTERCARD 2 a none',
    'ZINTERCARD 2 a b LIMIT',
    'ZINTERCARD 2 a b LIMIT 1 LIMIT 0',
    'ZINTERCARD 2 a b WEIGHTS 1 2',
    'ZINTERCARD 2 a b BAD 1',
    'ZINTERCARD 3 a b',
    'ZINTERCARD 2 a',
    'ZINTERCARD 3 a b a LIMIT 1',
  )
  s.each(
    [...several, 'SET d v EX 100'],
    product(
      ['ZUNIONSTORE', 'ZINTERSTORE', 'ZDIFFSTORE'],
      [
        'd 2 a b',
        'a 2 a b',
        'd 2 a s',
        'd 2 a none',
        'd 2 none none',
        'a 1 none',
        'd 2 i j',
        'd 2 a b WEIGHTS 2 3',
        'd 2 a b AGGREGATE MAX',
        'd 2 a b WITHSCORES',
        'd 2 a',
        'd 0 a',
        'd 2 a b WEIGHTS 1',
        's 2 a s',
        'd 3 a b s WEIGHTS 1 2 3 AGGREGATE MIN',
        'd 2 d a',
      ],
      (name, rest) => `${name} ${rest}`,
    ),
    ['TYPE d', 'TTL d', 'ZRANGE a 0 -1 WITHSCORES', 'TYPE s', 'EXISTS d a'],
  )
  s.each(
    several,
    product(
      ['ZUNIONSTORE', 'ZINTERSTORE'],
      [
        'd 2 a b AGGREGATE SUM',
        'd 2 i j AGGREGATE SUM',
        'd 2 i j WEIGHTS 0 1',
        'd 1 s WEIGHTS 5',
        'd 2 a a WEIGHTS 1 -1',
      ],
      (name, rest) => `${name} ${rest}`,
    ),
    ['ZRANGE d 0 -1 WITHSCORES'],
  )

  s.reads(
    six,
    orders(['MATCH a*', 'MATCH b*', 'MATCH *', 'COUNT 1', 'COUNT 100', 'BAD'], 2).map(o => `ZSCAN k 0${o}`),
  )
  s.run(...ALL_INTEGERS.map(n => ['ZSCAN', 'k', '0', 'COUNT', n]), 'ZSCAN none 0', 'ZSCAN k 0 COUNT', 'ZSCAN k 0 MATCH')

  for (const change of [
    'ZADD k 9 new',
    'ZADD k 9 a',
    'ZINCRBY k 1 a',
    'ZREM k a',
    'ZREM k a b bb c d e',
    'ZPOPMIN k',
    'ZPOPMAX k 6',
    'ZREMRANGEBYRANK k 0 -1',
    'ZREMRANGEBYSCORE k 0 2',
    'ZMPOP 1 k MIN COUNT 9',
    'ZRANGESTORE k k 0 1',
    'ZUNIONSTORE k 1 k',
  ]) {
    s.fresh().run(...six, 'EXPIRE k 1000', change, 'PTTL k', 'TYPE k')
  }
  s.fresh().run(
    ['ZADD', 'k', '1', 'x'.repeat(64)],
    'OBJECT ENCODING k',
    ['ZADD', 'k', '2', 'x'.repeat(65)],
    'OBJECT ENCODING k',
    ['ZADD', 'l', ...numbered(256, i => (i % 2 === 0 ? String(i) : `m${i}`))],
    'OBJECT ENCODING l',
    'ZADD l 1 one',
    'OBJECT ENCODING l',
  )
  // A large stored range keeps -0, or not: test/support/differences.ts.
  s.fresh().run(['ZADD', 'big', ...numbered(400, i => (i % 2 === 1 ? `m${i}` : i % 50 === 14 ? '-0' : String(i)))])
  s.run(
    'ZRANGESTORE all big 0 -1',
    'ZRANGE all 0 -1 WITHSCORES',
    'ZRANGESTORE few big 0 99',
    'ZRANGE few 0 -1 WITHSCORES',
  )
  return s.lines
}
