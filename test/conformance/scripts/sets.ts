import { ALL_INTEGERS, INTEGERS, type Line, numbered, orders, product, Script, TEXTS } from '../script.ts'
import { RANDOM_COUNTS } from './hashes.ts'

const LOOK = ['SMEMBERS k', 'EXISTS k']

export function sets(): Line[] {
  const s = new Script()
  s.arity(
    'SADD k a',
    'SREM k a',
    'SMEMBERS k',
    'SISMEMBER k a',
    'SMISMEMBER k a',
    'SCARD k',
    'SMOVE k d a',
    'SPOP k 1',
    'SRANDMEMBER k 1',
    'SINTER k',
    'SUNION k',
    'SDIFF k',
    'SINTERSTORE d k',
    'SUNIONSTORE d k',
    'SDIFFSTORE d k',
    'SINTERCARD 1 k',
    'SSCAN k 0',
  )
  s.types(
    'SADD K x',
    'SADD K a x 1',
    'SREM K a',
    'SREM K a b c 1 2 3',
    'SMEMBERS K',
    'SISMEMBER K a',
    'SMISMEMBER K a nope 1',
    'SCARD K',
    'SMOVE K set a',
    'SMOVE K new a',
    'SMOVE set K a',
    'SMOVE set K nope',
    'SMOVE none K a',
    'SMOVE K K a',
    'SMOVE K K nope',
    'SPOP K',
    'SPOP K 0',
    'SPOP K 2',
    'SPOP K 100',
    'SPOP K -1',
    'SPOP K abc',
    'SRANDMEMBER K',
    'SRANDMEMBER K 0',
    'SRANDMEMBER K 2',
    'SRANDMEMBER K -5',
    'SRANDMEMBER K abc',
    'SINTER K',
    'SINTER K set',
    'SINTER set K',
    'SINTER none K',
    'SINTER K none',
    'SUNION K',
    'SUNION K set none',
    'SUNION set K',
    'SDIFF K',
    'SDIFF K set',
    'SDIFF set K',
    'SDIFF none K',
    'SINTERSTORE K set',
    'SINTERSTORE K none',
    'SINTERSTORE d K set',
    'SINTERSTORE d none K',
    'SUNIONSTORE K set',
    'SUNIONSTORE d set K',
    'SUNIONSTORE K none',
    'SDIFFSTORE K set',
    'SDIFFSTORE d set K',
    'SDIFFSTORE K none',
    'SINTERCARD 1 K',
    'SINTERCARD 2 set K',
    'SINTERCARD 2 none K',
    'SINTERCARD 2 set K LIMIT 1',
    'SSCAN K 0',
    'SSCAN K abc',
    'SSCAN K 0 BAD',
  )
  s.fresh().run('SADD k a b').cases('SADD k c', 'SINTERCARD 1 k LIMIT 2', 'SSCAN k 0 MATCH * COUNT 10')

  for (const text of TEXTS) {
    s.fresh().run(
      ['SADD', 'k', text, 'x', text],
      ['SISMEMBER', 'k', text],
      ['SMISMEMBER', 'k', text, 'nope', text],
      ...LOOK,
      'OBJECT ENCODING k',
      ['SADD', text, text, '1'],
    )
    s.run(
      ['SINTER', 'k', text],
      ['SUNION', text, 'k'],
      ['SDIFF', 'k', text],
      ['SMOVE', 'k', text, 'x'],
      ['SMOVE', 'k', text, text],
      ['SMEMBERS', text],
      ['SSCAN', text, '0'],
    )
    s.run(
      ['SRANDMEMBER', text, '5'],
      ['SUNIONSTORE', 'd', text],
      'SMEMBERS d',
      ['SREM', text, text, text],
      ['SPOP', text, '10'],
      ['EXISTS', text],
    )
  }

  // Integers as members: equal bytes only, whatever form they take inside.
  s.fresh().run(
    ['SADD', 'k', ...ALL_INTEGERS],
    'SCARD k',
    'SMEMBERS k',
    ...ALL_INTEGERS.map(n => ['SISMEMBER', 'k', n]),
    ['SMISMEMBER', 'k', ...ALL_INTEGERS],
  )
  s.fresh().run(
    ['SADD', 'k', ...INTEGERS],
    'OBJECT ENCODING k',
    'SMEMBERS k',
    'SSCAN k 0',
    ...INTEGERS.map(n => `SREM k ${n}`),
    'EXISTS k',
  )
  s.fresh().run(
    ...INTEGERS.map(n => `SADD k ${n}`),
    'OBJECT ENCODING k',
    'SADD k a',
    'OBJECT ENCODING k',
    'SREM k a',
    'OBJECT ENCODING k',
    'SMEMBERS k',
  )

  // Algebra over sets of each form: missing, empty after removal, integers, mixed, large.
  const prepare = [
    'SADD a 1 2 3 4',
    'SADD b 3 4 5',
    'SADD c a b 3',
    'SADD d a b c d e f',
    ['SADD', 'big', ...numbered(600, i => String(i))],
    ['SADD', 'mixed', ...numbered(200, i => (i % 2 === 0 ? `m${i}` : String(i)))],
  ]
  const keys = ['a', 'b', 'c', 'd', 'big', 'mixed', 'none']
  s.reads(
    prepare,
    product(
      ['SINTER', 'SUNION', 'SDIFF'],
      [...product(keys, keys, (a, b) => `${a} ${b}`)],
      (name, pair) => `${name} ${pair}`,
    ),
  )
  s.run(
    ...[
      'SINTER a b c',
      'SUNION a b c none',
      'SDIFF d c a',
      'SDIFF big a b mixed',
      'SINTER big mixed a',
      'SDIFF a a',
      'SINTER a a a',
      'SUNION a a',
      'SDIFF big mixed',
      'SDIFF a b a',
    ],
  )
  s.each(
    prepare,
    product(
      ['SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE'],
      ['x a b', 'a a b', 'b a b', 'x a none', 'a none none', 'x none a', 'a a', 'x big mixed', 'c a b d', 'big big a'],
      (name, args) => `${name} ${args}`,
    ),
    ['EXISTS x a b', 'SMEMBERS x', 'SMEMBERS a', 'SCARD big'],
  )
  s.fresh().run(
    'SADD a 1',
    'SET x v EX 100',
    'SUNIONSTORE x a',
    'TTL x',
    'TYPE x',
    'EXPIRE x 100',
    'SINTERSTORE x a none',
    'EXISTS x',
    'RPUSH x 1',
    'SDIFFSTORE x none a',
    'EXISTS x',
  )

  s.reads(
    prepare,
    orders(['LIMIT 0', 'LIMIT 1', 'LIMIT 100', 'LIMIT -1', 'LIMIT abc', 'BAD 1'], 1).flatMap(o => [
      `SINTERCARD 2 a b${o}`,
      `SINTERCARD 1 d${o}`,
      `SINTERCARD 2 big mixed${o}`,
      `SINTERCARD 2 a none${o}`,
    ]),
  )
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['SINTERCARD', n, 'a', 'b'],
      ['SINTERCARD', '2', 'a', 'b', 'LIMIT', n],
    ]),
  )
  s.run(
    'SINTERCARD 2 a',
    'SINTERCARD 1 a b',
    'SINTERCARD 3 a b LIMIT 1',
    'SINTERCARD 2 a b LIMIT',
    'SINTERCARD 2 a b LIMIT 1 LIMIT 2',
    'SINTERCARD LIMIT 1 a',
    'SINTERCARD 2 LIMIT 1',
    'SINTERCARD 4 a b LIMIT 1',
  )

  s.each(
    ['SADD k a b c', 'SADD d b x'],
    [
      'SMOVE k d a',
      'SMOVE k d b',
      'SMOVE k d nope',
      'SMOVE k new a',
      'SMOVE k k a',
      'SMOVE none d a',
      'SMOVE k none nope',
    ],
    [...LOOK, 'SMEMBERS d', 'EXISTS new none'],
  )
  s.each(
    ['SADD k a'],
    ['SMOVE k d a', 'SREM k a', 'SPOP k', 'SPOP k 1', 'SPOP k 5', 'SREM k a a a', 'SREM k b'],
    [...LOOK, 'SMEMBERS d'],
  )

  s.each(
    ['SADD k a b c d e'],
    [...RANDOM_COUNTS, '2', '4', '5', '6'].map(n => ['SPOP', 'k', n]),
    LOOK,
  )
  s.reads(
    ['SADD k a b c d e', 'SADD i 1 2 3'],
    [...RANDOM_COUNTS, '2', '4', '5', '6', '-3', '-20'].flatMap(n => [
      ['SRANDMEMBER', 'k', n],
      ['SRANDMEMBER', 'i', n],
      ['SRANDMEMBER', 'none', n],
    ]),
  )
  s.run(
    'SRANDMEMBER k',
    'SRANDMEMBER i',
    'SRANDMEMBER none',
    'SRANDMEMBER k 1 2',
    'SRANDMEMBER k abc 2',
    'SRANDMEMBER k ""',
  )
  s.reads(
    [],
    RANDOM_COUNTS.map(n => ['SPOP', 'none', n]),
  )
  s.fresh().run(
    ...prepare,
    'SPOP big 600',
    'EXISTS big',
    'SRANDMEMBER mixed 150',
    'SRANDMEMBER mixed -400',
    'SRANDMEMBER mixed 3',
    'SPOP mixed 199',
    'SPOP d',
    'SPOP c 2',
  )

  s.reads(
    ['SADD k a b ab abc 12 13 ""'],
    orders(['MATCH a*', 'MATCH *', 'MATCH 1?', 'COUNT 1', 'COUNT 100', 'MATCH ""'], 2).map(o => `SSCAN k 0${o}`),
  )
  s.run(
    'SADD i 1 2 3 11',
    'SSCAN i 0',
    'SSCAN i 0 MATCH 1*',
    'SSCAN i 0 COUNT 1',
    ...ALL_INTEGERS.map(n => ['SSCAN', 'k', '0', 'COUNT', n]),
    'SSCAN k 0 COUNT',
    'SSCAN k 0 MATCH',
    'SSCAN none 0',
    'SSCAN none 0 COUNT 0',
    'SSCAN k 0 TYPE set',
  )
  s.fresh().run(
    ...prepare,
    'SSCAN big 0',
    'SSCAN big 0 COUNT 7',
    'SSCAN mixed 0 MATCH m*',
    'SSCAN mixed 0 COUNT 1000',
    'OBJECT ENCODING big',
    'OBJECT ENCODING mixed',
    'OBJECT ENCODING a',
    'OBJECT ENCODING d',
  )

  for (const change of ['SADD k new', 'SADD k a', 'SREM k a', 'SREM k a b c', 'SMOVE k d a', 'SPOP k 3']) {
    s.fresh().run('SADD k a b c', 'EXPIRE k 1000', change, 'PTTL k', 'TYPE k', 'PTTL d')
  }
  // Past the limits: 512 integers, 128 members, members of 64 bytes.
  s.fresh().run(
    ['SADD', 'k', ...numbered(512, i => String(i))],
    'OBJECT ENCODING k',
    'SADD k 512',
    'OBJECT ENCODING k',
    'SCARD k',
    'SMEMBERS k',
  )
  s.fresh().run(
    ['SADD', 'k', 'x'.repeat(65), '1', 'y'],
    'OBJECT ENCODING k',
    ...LOOK,
    ['SADD', 'i', '1', '2'],
    ['SADD', 'i', 'z'.repeat(64)],
    'SMEMBERS i',
  )
  s.run(
    ...numbered(140, i => `SADD grow g${i}`),
    'SCARD grow',
    'SMEMBERS grow',
    ...numbered(140, i => `SREM grow g${139 - i}`),
    'EXISTS grow',
  )
  return s.lines
}
