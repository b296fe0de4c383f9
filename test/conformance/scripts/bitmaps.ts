import { ALL_INTEGERS, type Line, numbered, product, Script, TEXTS } from '../script.ts'

const LOOK = ['GET k', 'OBJECT ENCODING k']

/** Integers that are no offset of a bit that would need hundreds of megabytes. */
const OFFSETS = ALL_INTEGERS.filter(n => !(Number(n) > 2 ** 20 && Number(n) < 2 ** 32))

/** Bytes with every mix of bits, as text. */
const MIXED = String.raw`"\u00ff\u0000\ufff0Ab\u0001\u0080é\u0000\u0000"`

const OPERATIONS = ['AND', 'OR', 'XOR', 'NOT']

export function bitmaps(): Line[] {
  const s = new Script()
  s.arity(
    'SETBIT k 7 1',
    'GETBIT k 7',
    'BITCOUNT k 0 -1 BIT',
    'BITPOS k 1 0 -1 BIT',
    'BITOP AND d k',
    'BITFIELD k SET u8 0 1',
    'BITFIELD_RO k GET u8 0',
  )
  s.types(
    'SETBIT K 7 1',
    'SETBIT K 0 0',
    'SETBIT K 100 0',
    'SETBIT K -1 0',
    'SETBIT K 1 2',
    'GETBIT K 1',
    'GETBIT K 9',
    'GETBIT K 1000',
    'GETBIT K abc',
    'BITCOUNT K',
    'BITCOUNT K 1 2',
    'BITCOUNT K 1 9 BIT',
    'BITCOUNT K 1',
    'BITCOUNT K a b',
    'BITCOUNT K 0 1 NOPE',
    'BITPOS K 1',
    'BITPOS K 0',
    'BITPOS K 2',
    'BITPOS K 1 1',
    'BITPOS K 0 1 2',
    'BITPOS K 0 3 7 BIT',
    'BITPOS K 0 a',
    'BITPOS K 0 0 b',
    'BITPOS K 0 0 b NOPE',
    'BITOP AND d K',
    'BITOP OR d str K',
    'BITOP XOR K str int',
    'BITOP NOT K K',
    'BITOP NOT d K K',
    'BITOP AND K none',
    'BITFIELD K',
    'BITFIELD K GET u8 0',
    'BITFIELD K SET i5 3 7 GET u3 100',
    'BITFIELD K INCRBY u2 7 1',
    'BITFIELD K OVERFLOW FAIL SET u2 200 9',
    'BITFIELD K GET u8',
    'BITFIELD_RO K GET u8 0 GET i64 0',
    'BITFIELD_RO K SET u8 0 1',
    'BITFIELD_RO K',
  )
  s.cases(
    'SETBIT k 7 1',
    'BITCOUNT k 0 -1 BIT',
    'BITPOS k 1 0 -1 BYTE',
    'BITOP NOT d k',
    'BITFIELD k OVERFLOW SAT SET u8 0 300 INCRBY i5 1 1 GET u4 0',
    'BITFIELD_RO k GET u8 0',
  )

  // SETBIT and GETBIT: offsets, bits, what they do to text and numbers.
  s.each(
    ['SET k hello'],
    OFFSETS.map(n => ['SETBIT', 'k', n, '1']),
    LOOK,
  )
  s.reads(
    ['SET k hello'],
    ALL_INTEGERS.map(n => ['GETBIT', 'k', n]),
  )
  s.each(
    ['SET k hello'],
    ALL_INTEGERS.map(n => ['SETBIT', 'k', '3', n]),
    LOOK,
  )
  for (const text of TEXTS) {
    s.fresh().run(['SET', 'k', text], ...numbered(20, i => ['GETBIT', 'k', String(i * 3)]), 'BITCOUNT k', 'BITPOS k 1')
    s.run(
      'BITPOS k 0',
      'BITCOUNT k 1 -2',
      'BITCOUNT k 3 -5 BIT',
      'OBJECT ENCODING k',
      'BITFIELD_RO k GET u7 3 GET i64 1',
    )
    s.run('SETBIT k 5 1', 'SETBIT k 6 0', ...LOOK, 'STRLEN k')
  }
  s.fresh().run(
    'SETBIT k 7 0',
    ...LOOK,
    'SETBIT k 7 0',
    'SETBIT k 24 0',
    'STRLEN k',
    'APPEND k x',
    'SETBIT k 24 1',
    ...LOOK,
  )
  s.fresh().run('SET k 12345', 'EXPIRE k 1000', 'SETBIT k 1 0', 'SETBIT k 6 1', ...LOOK, 'TTL k', 'INCR k')

  // Counting and searching: ranges.
  const ends = ['0', '1', '2', '5', '9', '14', '15', '-1', '-2', '-5', '-14', '-15', '-16', '-100', '100']
  const ranges = [...product(ends, ends, (a, b) => `${a} ${b}`)]
  const bitEnds = [
    '0',
    '1',
    '7',
    '8',
    '9',
    '15',
    '16',
    '30',
    '63',
    '64',
    '110',
    '-1',
    '-2',
    '-7',
    '-8',
    '-9',
    '-64',
    '-112',
    '-1000',
    '1000',
  ]
  const bitRanges = [...product(bitEnds, bitEnds, (a, b) => `${a} ${b} BIT`)]
  s.reads(
    [`SET k ${MIXED}`],
    [...ranges, ...bitRanges].flatMap(range => [`BITCOUNT k ${range}`, `BITPOS k 0 ${range}`, `BITPOS k 1 ${range}`]),
  )
  s.reads(
    [`SET k ${MIXED}`],
    ends.flatMap(from => [`BITPOS k 0 ${from}`, `BITPOS k 1 ${from}`, `BITCOUNT k ${from}`]),
  )
  for (const pattern of [String.raw`"\u0000"`, 'a', '""']) {
    s.fresh().run(
      `SET k ${pattern}`,
      'BITCOUNT k',
      'BITCOUNT k 0 -1',
      'BITPOS k 0',
      'BITPOS k 1',
      'BITPOS k 0 0',
      'BITPOS k 1 0',
    )
    s.run(
      'BITPOS k 0 1',
      'BITPOS k 1 1',
      'BITPOS k 0 0 -1',
      'BITPOS k 1 0 -1 BIT',
      'BITCOUNT k 0 -1 BIT',
      'BITPOS k 0 -1',
    )
  }
  // Long strings of one bit, with another somewhere in them: whole words and their ends.
  for (const bit of [0, 1]) {
    s.fresh().run(`SETBIT k 2047 0`)
    if (bit === 0) s.run('BITOP NOT k k')
    s.run(
      'BITPOS k 0',
      'BITPOS k 1',
      'BITPOS k 0 3',
      'BITPOS k 0 3 -1',
      'BITPOS k 1 3 -1',
      'BITCOUNT k',
      'BITCOUNT k 13 1500 BIT',
    )
    for (const at of ['0', '7', '8', '31', '32', '63', '65', '255', '256', '777', '1024', '2040', '2047']) {
      s.run(
        `SETBIT k ${at} ${bit}`,
        `BITPOS k ${bit}`,
        `BITPOS k ${bit} 1`,
        `BITPOS k ${bit} 5 -2`,
        `BITPOS k ${bit} 33 -1 BIT`,
      )
      s.run(
        `BITPOS k ${bit} 9 1030 BIT`,
        `BITPOS k ${1 - bit} ${at} -1 BIT`,
        'BITCOUNT k',
        'BITCOUNT k 1 -2',
        'BITCOUNT k 3 2044 BIT',
      )
      s.run(`SETBIT k ${at} ${1 - bit}`)
    }
  }
  for (const n of ALL_INTEGERS) {
    s.fresh().run('SET k hello')
    for (const key of ['k', 'none']) {
      s.run(['BITCOUNT', key, n, '-1'], ['BITCOUNT', key, '0', n], ['BITCOUNT', key, n, n, 'BIT'], ['BITPOS', key, n])
      s.run(
        ['BITPOS', key, '1', n],
        ['BITPOS', key, '0', '1', n],
        ['BITPOS', key, '1', n, n, 'BIT'],
        ['BITPOS', key, '0', n],
      )
    }
  }
  s.reads(
    ['SET k hello'],
    [
      'BITCOUNT k 0 1 bits',
      'BITCOUNT k 0 1 BIT x',
      'BITPOS k 1 0 1 bits',
      'BITPOS k 1 0 1 BIT x',
      'BITCOUNT none 0 1 bits',
      'BITPOS none 3 0 1 bits',
    ],
  )

  // BITOP: lengths that are and are no whole words, keys that are absent, the destination among the sources.
  s.fresh().run(
    'SET a abc',
    'SET b abcdefgh',
    `SET c ${MIXED}`,
    'SET n 12345',
    'SET e ""',
    ['SET', 'l', 'long'.repeat(50)],
    ['SET', 'm', '\udcff\udc81x'.repeat(33)],
  )
  for (const operation of OPERATIONS) {
    for (const keys of [
      'a',
      'b',
      'c',
      'n',
      'e',
      'l',
      'none',
      'a b',
      'b a',
      'c n',
      'a none',
      'none a',
      'e none',
      'l m',
      'm l',
      'a b c l m',
      'm none l',
      'l l',
      'm b l',
    ]) {
      s.run(`BITOP ${operation} d ${keys}`, 'GET d', 'EXISTS d')
    }
  }
  s.each(
    ['SET a abc EX 1000', 'SET b xyzzy', 'RPUSH list x'],
    OPERATIONS.flatMap(operation => [
      `BITOP ${operation} a a`,
      `BITOP ${operation} a b a`,
      `BITOP ${operation} list b`,
      `BITOP ${operation} a none`,
      `BITOP ${operation} list none none2`,
    ]),
    ['GET a', 'TTL a', 'TYPE list', 'OBJECT ENCODING a'],
  )
  s.run('BITOP', 'BITOP AND', 'BITOP AND d', 'BITOP NAND d a', 'BITOP "" d a', 'BITOP NOT d a b')

  // BITFIELD: types, offsets, values at the bounds, and every policy.
  for (const type of [
    'u0',
    'u1',
    'u63',
    'u64',
    'i0',
    'i1',
    'i64',
    'i65',
    'u',
    'i',
    'x8',
    '8',
    'U8',
    'u08',
    'u+8',
    'u-8',
    'u8 ',
    '"u8\\u0000x"',
    'i9223372036854775807',
    '""',
  ]) {
    s.fresh().run(
      'SET k hello world',
      `BITFIELD k GET ${type} 3`,
      `BITFIELD k SET ${type} 3 1`,
      `BITFIELD k INCRBY ${type} 3 1`,
      'GET k',
    )
  }
  for (const n of ALL_INTEGERS) {
    s.fresh().run('SET k hello')
    s.run(
      ['BITFIELD', 'k', 'GET', 'u8', n],
      ['BITFIELD', 'k', 'GET', 'i7', `#${n}`],
      ['BITFIELD', 'k', 'SET', 'u8', '0', n],
    )
    s.run(
      ['BITFIELD', 'k', 'SET', 'i64', '3', n],
      ['BITFIELD', 'k', 'INCRBY', 'i64', '3', n],
      ['BITFIELD', 'k', 'INCRBY', 'u63', '3', n],
    )
  }
  s.reads(
    ['SET k hello'],
    [
      '#0',
      '#1',
      '#4',
      '#5',
      '#',
      '##1',
      '#-1',
      '#01',
      '#2305843009213693951',
      '#2305843009213693952',
      '#2305843009213693953',
      '#1152921504606846976',
    ].flatMap(at => [`BITFIELD k GET u8 ${at}`, `BITFIELD k GET u3 ${at}`, `BITFIELD k GET i64 ${at}`]),
  )
  const widths = ['1', '2', '5', '8', '13', '31', '32', '33', '51', '52', '53', '54', '62', '63', '64']
  for (const width of widths) {
    for (const sign of ['u', 'i']) {
      if (sign === 'u' && width === '64') continue
      const bits = BigInt(width) - (sign === 'i' ? 1n : 0n)
      const max = 2n ** bits - 1n
      const min = sign === 'i' ? -max - 1n : 0n
      const values = [
        0n,
        1n,
        -1n,
        max,
        min,
        max + 1n,
        min - 1n,
        max - 1n,
        2n ** 62n,
        2n ** 63n - 1n,
        -(2n ** 63n),
        max - 2n ** 63n,
        max - 2n ** 63n + 1n,
      ].filter(n => n >= -(2n ** 63n) && n < 2n ** 63n)
      const type = sign + width
      s.fresh()
      for (const policy of ['', 'OVERFLOW WRAP ', 'OVERFLOW SAT ', 'OVERFLOW FAIL ']) {
        for (const n of values) {
          s.run(
            `BITFIELD k ${policy}SET ${type} 5 ${n} GET ${type} 5`,
            `BITFIELD k ${policy}INCRBY ${type} 5 ${n}`,
            `BITFIELD k ${policy}INCRBY ${type} 5 ${n} INCRBY ${type} #1 ${n}`,
          )
          s.run('GET k')
        }
      }
    }
  }
  s.fresh().run(
    'BITFIELD k SET i5 0 7 GET i5 0 INCRBY i5 #1 3 OVERFLOW FAIL INCRBY u2 1 3 GET u2 1 OVERFLOW SAT INCRBY u2 1 3 GET u16 0',
    'GET k',
  )
  s.run(
    'BITFIELD k OVERFLOW',
    'BITFIELD k OVERFLOW NOPE',
    'BITFIELD k OVERFLOW SAT',
    'BITFIELD k OVERFLOW FAIL OVERFLOW WRAP SET u1 0 2',
    'BITFIELD k FOO',
    'BITFIELD k GET',
    'BITFIELD k GET u8 0 FOO',
    'BITFIELD k SET u8 0',
    'BITFIELD k SET u8 0 abc',
    'BITFIELD k SET u8 abc abc',
    'BITFIELD k SET z8 abc abc',
    'BITFIELD k GET u8 0 SET u8 0 1 GET z8 0',
    'GET k',
  )
  s.fresh().run(
    'BITFIELD k OVERFLOW FAIL SET u8 80 256',
    'STRLEN k',
    'OBJECT ENCODING k',
    'BITFIELD n GET u8 0',
    'EXISTS n',
    'SET n 77',
    'BITFIELD n GET u8 0',
    'OBJECT ENCODING n',
  )
  s.run(
    'BITFIELD n SET u8 0 55',
    'OBJECT ENCODING n',
    'GET n',
    'EXPIRE n 1000',
    'BITFIELD n INCRBY u4 3 1',
    'TTL n',
    'BITFIELD_RO n GET u4 0 OVERFLOW SAT GET u4 4',
    'BITFIELD_RO n INCRBY u4 0 1',
    'BITFIELD_RO n SET u4 0 abc',
  )
  return s.lines
}
