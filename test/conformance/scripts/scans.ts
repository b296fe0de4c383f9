import { ALL_INTEGERS, type Line, numbered, orders, product, Script } from '../script.ts'

const TYPES = ['string', 'list', 'hash', 'set', 'zset', 'stream']

export function scans(): Line[] {
  const s = new Script()
  s.arity('SCAN 0', 'SSCAN k 0', 'HSCAN k 0', 'ZSCAN k 0')
  s.types(
    'SCAN 0',
    'SCAN 0 MATCH K',
    'SSCAN K 0',
    'HSCAN K 0',
    'ZSCAN K 0',
    'SSCAN K 5',
    'HSCAN K 5',
    'ZSCAN K 5',
    'SSCAN K x',
    'HSCAN K x',
    'ZSCAN K x',
    'SSCAN K 0 COUNT 0',
    'HSCAN K 0 COUNT 0',
    'ZSCAN K 0 COUNT 0',
    'HSCAN K 0 COUNT',
    'SSCAN K 0 MATCH',
    'ZSCAN K 0 TYPE zset',
  )
  const some = ['MSET s1 1 s2 2', 'RPUSH l1 a', 'HSET h1 f v', 'SADD t1 a', 'ZADD z1 1 a', 'SET gone v PXAT 1']
  const options = ['MATCH *1', 'MATCH *', 'COUNT 1', 'COUNT 1000', 'TYPE string', 'TYPE zset', 'TYPE ZSET']
  s.reads(
    some,
    orders(options, 3).map(o => `SCAN 0${o}`),
  )
  s.run(
    ...TYPES.map(type => `SCAN 0 TYPE ${type}`),
    'SCAN 0 TYPE',
    'SCAN 0 MATCH',
    'SCAN 0 COUNT',
    'SCAN 0 BAD',
    'SCAN 0 BAD 1',
    'SCAN 0 MATCH a MATCH *',
    'SCAN 0 COUNT 5 COUNT 0',
    'SCAN 0 COUNT abc COUNT 5',
  ).cases('SCAN 0 MATCH *1 COUNT 10 TYPE string')
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['SCAN', n],
      ['SCAN', '0', 'COUNT', n],
      ['HSCAN', 'h1', n],
      ['SSCAN', 't1', n],
      ['ZSCAN', 'z1', n],
      ['HSCAN', 'none', n],
      ['HSCAN', 'h1', '0', 'COUNT', n],
    ]),
  )
  s.run('SCAN 18446744073709551615', 'SCAN -1', 'SCAN 0 0', 'SSCAN none 0', 'SSCAN none 7', 'SSCAN none x')

  // Collections of every form and size, with counts that cut them into parts.
  const sizes = [0, 1, 2, 127, 128, 129, 513, 1200]
  for (const size of sizes) {
    s.fresh()
    if (size > 0) {
      s.run(['HSET', 'h', ...[...numbered(size, i => [`field:${i}`, `v${i}`])].flat()])
      s.run(['SADD', 't', ...numbered(size, i => `member:${i}`)], ['SADD', 'n', ...numbered(size, i => String(i * 3))])
      s.run(
        ['ZADD', 'z', ...[...numbered(size, i => [String(i / 4), `m:${i}`])].flat()],
        ['MSET', ...[...numbered(size, i => [`key:${i}`, 'v'])].flat()],
      )
    }
    for (const option of [
      '',
      ' COUNT 1',
      ' COUNT 10',
      ' COUNT 100',
      ' COUNT 100000',
      ' MATCH *1*',
      ' MATCH *:12 COUNT 50',
      ' MATCH nothing',
      ' MATCH 1?',
    ]) {
      s.run(`HSCAN h 0${option}`, `SSCAN t 0${option}`, `SSCAN n 0${option}`, `ZSCAN z 0${option}`, `SCAN 0${option}`)
    }
    s.run('SCAN 0 TYPE hash', 'SCAN 0 TYPE string COUNT 33 MATCH key:*9')
  }
  // After growing and shrinking.
  s.fresh().run(
    ['SADD', 't', ...numbered(1000, i => `m${i}`)],
    ['SREM', 't', ...numbered(990, i => `m${i}`)],
    'SSCAN t 0',
    'SSCAN t 0 COUNT 2',
    ['MSET', ...[...numbered(1000, i => [`k${i}`, 'v'])].flat()],
    ['DEL', ...numbered(980, i => `k${i}`)],
    'SCAN 0',
    'SCAN 0 COUNT 3 MATCH k99*',
    'DBSIZE',
  )
  s.run(
    ['HSET', 'h', ...[...numbered(600, i => [`f${i}`, String(i)])].flat()],
    ['HDEL', 'h', ...numbered(590, i => `f${i}`)],
    'HSCAN h 0',
    'HSCAN h 0 COUNT 1',
    'HGETALL h',
  )
  s.fresh().run(
    ...product(['EXAT 1', 'EX 100'], [...numbered(20, i => i)], (e, i) => `SET ${e.slice(-1)}:${i} v ${e}`),
    'SCAN 0',
    'DBSIZE',
    'KEYS *',
  )
  return s.lines
}
