import { ALL_INTEGERS, type Line, numbered, orders, product, Script, TEXTS } from '../script.ts'

/** 7.0.15 removes with it, 7.4 refuses it: nothing is looked at afterwards. */
const SMALLEST = '-9223372036854775808'

const LOOK = ['LRANGE k 0 -1']
const INDEXES = [
  '-9223372036854775808',
  '-2147483649',
  '-7',
  '-6',
  '-5',
  '-3',
  '-1',
  '0',
  '1',
  '3',
  '4',
  '5',
  '6',
  '4294967296',
  '9223372036854775807',
]

export function lists(): Line[] {
  const s = new Script()
  s.arity(
    'LPUSH k a',
    'RPUSH k a',
    'LPUSHX k a',
    'RPUSHX k a',
    'LPOP k 1',
    'RPOP k 1',
    'LLEN k',
    'LINDEX k 0',
    'LINSERT k BEFORE a b',
    'LRANGE k 0 1',
    'LREM k 0 a',
    'LSET k 0 a',
    'LTRIM k 0 1',
    'LPOS k a',
    'LMOVE k d LEFT RIGHT',
    'RPOPLPUSH k d',
    'LMPOP 1 k LEFT',
  )
  s.types(
    'LPUSH K x',
    'RPUSH K x y',
    'LPUSHX K x',
    'RPUSHX K x',
    'LPOP K',
    'RPOP K',
    'LPOP K 0',
    'LPOP K 2',
    'RPOP K 100',
    'LPOP K -1',
    'LLEN K',
    'LINDEX K 0',
    'LINDEX K abc',
    'LINSERT K BEFORE a x',
    'LINSERT K AFTER nope x',
    'LINSERT K WRONG a x',
    'LRANGE K 0 -1',
    'LRANGE K a b',
    'LREM K 0 a',
    'LSET K 0 x',
    'LSET K abc x',
    'LTRIM K 1 -1',
    'LPOS K a',
    'LPOS K a COUNT 0',
    'LPOS K a RANK 0',
    'LMOVE K list LEFT RIGHT',
    'LMOVE list K LEFT RIGHT',
    'LMOVE K K RIGHT LEFT',
    'RPOPLPUSH K list',
    'RPOPLPUSH list K',
    'LMPOP 1 K LEFT',
    'LMPOP 2 none K RIGHT COUNT 2',
    'LMPOP 2 K list RIGHT COUNT 2',
  )
  s.fresh()
    .run('RPUSH k a b c')
    .cases(
      'LINSERT k BEFORE a b',
      'LPOS k a RANK 1 COUNT 0 MAXLEN 10',
      'LMOVE k k LEFT RIGHT',
      'LMPOP 1 k LEFT COUNT 1',
    )

  for (const text of TEXTS) {
    s.fresh().run(
      ['RPUSH', 'k', text, 'm', text],
      ['LPUSH', 'k', text],
      ...LOOK,
      ['LPOS', 'k', text, 'COUNT', '0'],
      ['LINDEX', 'k', '-1'],
    )
    s.run(
      ['LINSERT', 'k', 'AFTER', text, 'new'],
      ['LSET', 'k', '2', text],
      ['LREM', 'k', '-1', text],
      ...LOOK,
      'LPOP k',
      'RPOP k 2',
    )
    s.run(
      ['RPUSH', text, 'a'],
      ['LMOVE', text, text, 'LEFT', 'LEFT'],
      ['RPOPLPUSH', text, 'k'],
      ['EXISTS', text],
      ...LOOK,
    )
  }

  const five = ['RPUSH k a b c b a']
  s.reads(
    five,
    product(INDEXES, INDEXES, (a, b) => `LRANGE k ${a} ${b}`),
  )
  s.each(
    five,
    product(INDEXES, INDEXES, (a, b) => `LTRIM k ${a} ${b}`),
    ['LRANGE k 0 -1'],
  )
  s.reads(
    five,
    ALL_INTEGERS.flatMap(n => [
      ['LINDEX', 'k', n],
      ['LRANGE', 'k', n, '2'],
      ['LRANGE', 'k', '0', n],
      ['LINDEX', 'none', n],
    ]),
  )
  s.reads(
    five,
    INDEXES.map(n => `LINDEX k ${n}`),
  )
  s.each(
    five,
    [...ALL_INTEGERS, ...INDEXES].map(n => ['LSET', 'k', n, 'X']),
    LOOK,
  )
  s.each(
    five,
    [...ALL_INTEGERS, '2', '-2', '3'].filter(n => n !== SMALLEST).map(n => ['LREM', 'k', n, 'a']),
    LOOK,
  )
  s.fresh().run(...five, `LREM k ${SMALLEST} a`)
  s.each(five, ['LREM k 1 b', 'LREM k -1 b', 'LREM k 0 b', 'LREM k 0 nope', 'LREM k 5 b', 'LREM k -5 b'], LOOK)
  s.each(
    five,
    [...ALL_INTEGERS, '2', '5', '6'].flatMap(n => [
      ['LPOP', 'k', n],
      ['RPOP', 'k', n],
    ]),
    [...LOOK, 'EXISTS k'],
  )
  s.reads(
    [],
    ALL_INTEGERS.flatMap(n => [
      ['LPOP', 'k', n],
      ['RPOP', 'none', n],
      ['LSET', 'none', n, 'x'],
      ['LREM', 'none', n, 'x'],
    ]),
  )
  s.each(
    five,
    ALL_INTEGERS.flatMap(n => [
      ['LTRIM', 'k', n, '-1'],
      ['LTRIM', 'k', '0', n],
    ]),
    LOOK,
  )
  s.each(
    five,
    product(['BEFORE', 'AFTER', 'before', 'LEFT', ''], ['a', 'b', 'c', 'nope', ''], (w, p) => [
      'LINSERT',
      'k',
      w,
      p,
      'new',
    ]),
    LOOK,
  )
  s.each([], ['LINSERT k BEFORE a b', 'LPUSHX k a b', 'RPUSHX k a b'], ['EXISTS k'])
  s.each(five, ['LPUSH k 1 2 3', 'RPUSH k 1 2 3', 'LPUSHX k 1 2 3', 'RPUSHX k 1 2 3'], LOOK)

  // LPOS: every option, order and number.
  const options = [
    'RANK 1',
    'RANK -1',
    'RANK 2',
    'RANK -3',
    'COUNT 0',
    'COUNT 1',
    'COUNT 2',
    'MAXLEN 0',
    'MAXLEN 3',
    'MAXLEN 1',
  ]
  s.reads(
    ['RPUSH k a b c a b c a'],
    product(['a', 'c', 'nope'], orders(options, 2), (m, o) => `LPOS k ${m}${o}`),
  )
  s.run(...product(['RANK', 'COUNT', 'MAXLEN'], ALL_INTEGERS, (o, n) => ['LPOS', 'k', 'a', o, n]))
  s.run(...product(['1', '-1', '2', '-2', '4'], ['0', '1', '5'], (r, m) => `LPOS k a RANK ${r} COUNT 0 MAXLEN ${m}`))
  s.run(
    'LPOS k a RANK',
    'LPOS k a COUNT',
    'LPOS k a BAD 1',
    'LPOS k a RANK 1 RANK 2',
    'LPOS none a',
    'LPOS none a COUNT 0',
    'LPOS none a RANK 0',
    'LPOS k a COUNT 2 MAXLEN',
  )

  // Moving.
  const sides = ['LEFT', 'RIGHT', 'left', 'MIDDLE', '']
  s.each(
    ['RPUSH k a b c', 'RPUSH d x y'],
    product(sides, sides, (a, b) => ['LMOVE', 'k', 'd', a, b]),
    [...LOOK, 'LRANGE d 0 -1'],
  )
  s.each(
    ['RPUSH k a b c'],
    product(sides, sides, (a, b) => ['LMOVE', 'k', 'k', a, b]),
    LOOK,
  )
  s.each(
    ['RPUSH k a'],
    [
      'LMOVE k k LEFT LEFT',
      'LMOVE k d LEFT LEFT',
      'RPOPLPUSH k k',
      'RPOPLPUSH k d',
      'RPOPLPUSH none k',
      'RPOPLPUSH none none',
      'LMOVE none d LEFT RIGHT',
    ],
    ['EXISTS k d', ...LOOK],
  )

  // LMPOP.
  const counts = ALL_INTEGERS.map(n => ['LMPOP', '1', 'k', 'LEFT', 'COUNT', n])
  s.each(five, counts, LOOK)
  s.each(
    five,
    ALL_INTEGERS.map(n => ['LMPOP', n, 'k', 'LEFT']),
    LOOK,
  )
  s.each(
    [...five, 'SET str v'],
    [
      'LMPOP 1 k RIGHT',
      'LMPOP 2 none k LEFT',
      'LMPOP 2 k none LEFT COUNT 2',
      'LMPOP 2 k LEFT',
      'LMPOP 3 a b c LEFT',
      'LMPOP 1 k',
      'LMPOP 1 k MIDDLE',
      'LMPOP 1 k LEFT COUNT',
      'LMPOP 1 k LEFT COUNT 1 COUNT 2',
      'LMPOP 1 k LEFT BAD 1',
      'LMPOP 1 k COUNT 1 LEFT',
      'LMPOP 2 str k LEFT',
      'LMPOP 2 k str LEFT',
      'LMPOP 1 none LEFT COUNT 0',
      'LMPOP 2 k k LEFT COUNT 3',
    ],
    LOOK,
  )

  // Time to live, and keys that end with their last element.
  for (const change of [
    'LPUSH k x',
    'LPOP k',
    'LPOP k 5',
    'LSET k 0 x',
    'LTRIM k 1 -1',
    'LTRIM k 9 9',
    'LREM k 0 a',
    'LINSERT k BEFORE a x',
    'LMOVE k k LEFT RIGHT',
    'RPOPLPUSH k k',
    'LMPOP 1 k LEFT COUNT 9',
  ]) {
    s.fresh().run(...five, 'EXPIRE k 1000', change, 'PTTL k', 'TYPE k')
  }

  // Long lists, long elements.
  const many = ['RPUSH', 'k', ...numbered(600, i => `e${i}`)]
  s.fresh().run(
    many,
    'LLEN k',
    'OBJECT ENCODING k',
    'LINDEX k 300',
    'LINDEX k -300',
    'LRANGE k 250 260',
    'LPOS k e599',
    'LPOS k e0 RANK -1',
    'LPOS k e300 MAXLEN 300',
  )
  s.run(
    'LINSERT k BEFORE e300 new',
    'LRANGE k 298 302',
    'LREM k 1 new',
    'LSET k 400 set',
    'LRANGE k 399 401',
    'LPOP k 100',
    'RPOP k 100',
    'LLEN k',
    'LTRIM k 10 -11',
    'LRANGE k 0 5',
    'LRANGE k -5 -1',
  )
  s.run(
    ['RPUSH', 'big', 'x'.repeat(9000), 'y'.repeat(100), 'z'.repeat(9000)],
    'LINDEX big 1',
    'OBJECT ENCODING big',
    'LPOP big 3',
    ...LOOK,
  )
  s.fresh().run(
    ...[...numbered(40, i => (i % 3 === 0 ? `LPUSH k ${i}` : i % 3 === 1 ? `RPUSH k ${i}` : 'RPOPLPUSH k k'))],
    ...LOOK,
  )
  return s.lines
}
