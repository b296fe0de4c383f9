import { ALL_INTEGERS, type Line, numbered, orders, product, Script, subsets, TEXTS } from '../script.ts'

/** Without STORE, ALPHA compares C strings: texts that differ only after a NUL are in no order. */
const C_STRINGS = TEXTS.filter(text => !text.includes('\u0000'))

export function sorts(): Line[] {
  const s = new Script()
  s.arity('SORT k', 'SORT_RO k', 'SORT k LIMIT 0 1', 'SORT k BY w_*', 'SORT k GET #', 'SORT k STORE d')
  s.types(
    'SORT K',
    'SORT K ALPHA',
    'SORT K DESC',
    'SORT K BY nosort',
    'SORT K ALPHA STORE d',
    'SORT K STORE K',
    'SORT_RO K',
    'SORT_RO K ALPHA LIMIT 0 1',
    'SORT_RO K STORE d',
    'SORT list BY K',
    'SORT list ALPHA GET K GET #',
    'SORT K BAD',
    'SORT K LIMIT a b',
  )
  const prepare = [
    'RPUSH k 3 1 2 10 1',
    'MSET w_1 30 w_2 20 w_3 10 w_10 0 d_1 one d_2 two d_3 three d_10 ten',
    'HSET h_1 w 5 n un',
    'HSET h_2 w 4 n deux',
    'HSET h_3 w 6 n trois',
    'SADD t 5 3 4',
    'ZADD z 3 1 2 2 1 3',
    'RPUSH a b a C c ab ""',
  ]
  s.reads(
    prepare,
    orders(['ASC', 'DESC', 'ALPHA', 'LIMIT 1 2', 'LIMIT 0 -1', 'LIMIT -1 2', 'GET #', 'GET d_*'], 3).map(
      o => `SORT k${o}`,
    ),
  )
  s.run(
    ...product(
      ['k', 't', 'z', 'none'],
      subsets(['BY w_*', 'DESC', 'LIMIT 0 2', 'GET #', 'GET d_*', 'GET h_*->n'], 4),
      (key, o) => `SORT ${key}${o}`,
    ),
  )
  s.run(
    ...product(
      ['k', 't', 'z'],
      [
        'BY h_*->w',
        'BY h_*->none',
        'BY h_*->w DESC',
        'BY h_*',
        'BY w_*->x',
        'BY none_*',
        'BY w_1',
        'BY *',
        'BY ""',
        'GET *',
        'GET h_*->',
        'GET ->n',
        'GET w_*->n',
        'GET d_* GET d_* GET #',
        'GET d_1',
        'GET #*',
        'GET **',
        'BY w_* GET w_*',
        'BY w_* BY h_*->w',
      ],
      (key, o) => `SORT ${key} ${o}`,
    ),
  )
  s.run(
    ...product(
      ['z'],
      [
        'BY nosort',
        'BY nosort DESC',
        'BY nosort LIMIT 1 1',
        'BY nosort DESC LIMIT 0 2',
        'BY nosort GET #',
        'BY nosort ALPHA',
        'BY nosort LIMIT -5 2',
        'BY nosort LIMIT 5 2',
        'BY nosort LIMIT 1 -1',
      ],
      (key, o) => `SORT ${key} ${o}`,
    ),
  )
  s.run(
    ...product(
      ['k'],
      [
        'BY nosort',
        'BY nosort DESC',
        'BY nosort LIMIT 1 2',
        'BY nosort DESC LIMIT 1 2',
        'BY nosort GET #',
        'BY nosort LIMIT 3 -1',
      ],
      (key, o) => `SORT ${key} ${o}`,
    ),
  )
  s.run(
    'SORT t BY nosort',
    'SORT t BY nosort ALPHA',
    'SORT a ALPHA',
    'SORT a ALPHA DESC',
    'SORT a',
    'SORT a ALPHA LIMIT 1 3',
    'SORT a BY d_* ALPHA',
    'SORT k BY d_* ALPHA',
    'SORT k BY d_*',
  )
  s.run(
    ...ALL_INTEGERS.flatMap(n => [
      ['SORT', 'k', 'LIMIT', n, '2'],
      ['SORT', 'k', 'LIMIT', '0', n],
      ['SORT', 'none', 'LIMIT', n, '1'],
    ]),
  )
  s.run(
    'SORT k LIMIT',
    'SORT k LIMIT 1',
    'SORT k BY',
    'SORT k GET',
    'SORT k STORE',
    'SORT k ASC DESC',
    'SORT k DESC ASC',
    'SORT k LIMIT 0 1 LIMIT 1 2',
    'SORT k BAD',
    'SORT k ALPHA ALPHA',
    'SORT_RO k STORE d',
    'SORT_RO k GET d_* BY w_*',
    'SORT k STORE d STORE e',
    'EXISTS d e',
  ).cases('SORT k BY w_* LIMIT 0 2 GET # DESC ALPHA')
  s.each(
    [...prepare, 'SET d old EX 100'],
    [
      'SORT k STORE d',
      'SORT k GET d_* STORE d',
      'SORT k GET none_* GET # STORE d',
      'SORT none STORE d',
      'SORT k LIMIT 9 9 STORE d',
      'SORT k STORE k',
      'SORT t BY nosort STORE d',
      'SORT z BY nosort STORE d',
      'SORT a STORE d',
      'SORT k BY w_* DESC STORE d',
      'SORT a ALPHA STORE d',
      'SORT k LIMIT 0 0 STORE d',
      'SORT t STORE t',
      'SORT k STORE d LIMIT 1 1 DESC',
    ],
    ['TYPE d', 'TTL d', 'LRANGE d 0 -1', 'LRANGE k 0 -1'],
  )
  s.fresh().run(
    'RPUSH n 1.5 -3 1e2 0x10 inf -inf 0.1 +5',
    'SORT n',
    'SORT n DESC',
    'SORT n LIMIT 1 3',
    'RPUSH n nan',
    'SORT n',
    'RPUSH bad 1 x',
    'SORT bad',
    'RPUSH e ""',
    'SORT e',
    'RPUSH p " 1"',
    'SORT p',
    'RPUSH q "1 "',
    'SORT q',
    'RPUSH r 1e400',
    'SORT r',
  )
  s.fresh().run(
    'RPUSH k a b c',
    'SET w_a x',
    'SORT k BY w_*',
    'SET w_a 1',
    'SORT k BY w_*',
    'HSET w_b f 1',
    'SORT k BY w_*',
    'RPUSH w_c 1',
    'SORT k BY w_* GET w_*',
    'SORT k BY w_*->f',
  )
  s.fresh().run(
    ['RPUSH', 'k', ...C_STRINGS],
    'SORT k ALPHA',
    'SORT k ALPHA DESC',
    'SORT k ALPHA LIMIT 3 5',
    'SORT k',
    'SORT k BY nosort GET #',
    'SORT k ALPHA STORE d',
    'LRANGE d 0 -1',
    ['SADD', 't', ...C_STRINGS],
    'SORT t ALPHA',
    'SORT t ALPHA DESC STORE d',
    'LRANGE d 0 -1',
  )
  s.fresh().run(
    ['RPUSH', 'k', ...numbered(500, i => String((i * 7919) % 1009))],
    'SORT k',
    'SORT k DESC LIMIT 10 20',
    'SORT k ALPHA LIMIT 100 50',
    ['ZADD', 'z', ...numbered(400, i => String((i * 31) % 503))],
    'SORT z',
    'SORT z BY nosort LIMIT 10 10',
    'SORT z BY nosort DESC LIMIT 10 10',
    'SORT z LIMIT 5 10 DESC',
  )
  s.fresh().run(
    ['RPUSH', 'k', ...TEXTS],
    'SORT k ALPHA STORE d',
    'LRANGE d 0 -1',
    'SORT k ALPHA DESC STORE d',
    'LRANGE d 0 -1',
  )
  return s.lines
}
