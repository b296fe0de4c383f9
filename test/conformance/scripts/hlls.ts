import { decode } from '../../support/bytes.ts'
import { type Command, type Line, numbered, Script, TEXTS } from '../script.ts'

/** A header with this encoding and this cardinality, and bytes behind it. */
function made(
  encoding: number,
  registers: readonly number[],
  cardinality: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0x80],
): string {
  return decode(Uint8Array.of(0x48, 0x59, 0x4c, 0x4c, encoding, 0, 0, 0, ...cardinality, ...registers))
}

/** As many zeros as one run of two bytes says. */
const zeros = (n: number): number[] => [0x40 | ((n - 1) >> 8), (n - 1) & 0xff]
const values = (value: number, n: number): number => 0x80 | ((value - 1) << 2) | (n - 1)
const filled = (length: number, byte: number): number[] => new Array<number>(length).fill(byte)

/** Sparse runs, valid and not. */
const SPARSE: readonly (readonly number[])[] = [
  [],
  zeros(16384),
  zeros(16383),
  [...zeros(16383), 0],
  [...zeros(16384), 0],
  [...zeros(16384), values(3, 1)],
  [...zeros(16384), values(3, 4), values(3, 4)],
  [...zeros(16380), values(32, 4)],
  [...zeros(16380), values(32, 3)],
  [...zeros(16382), values(2, 4)],
  [values(1, 4), ...zeros(16380)],
  [values(1, 1), values(1, 1), values(1, 1), values(1, 1), ...zeros(16380)],
  [...filled(256, 63)],
  [...filled(255, 63)],
  [...filled(257, 63)],
  [...filled(2000, 0), ...zeros(14384)],
  [...filled(2983, 0), ...zeros(13401)],
  [...filled(2982, values(5, 1)), ...zeros(13402)],
  [...filled(4096, values(7, 4))],
  [...filled(4095, values(7, 4))],
  [...filled(4097, values(7, 4))],
  [0x40],
  [...filled(255, 63), ...zeros(64).slice(0, 1)],
  [...zeros(16384), ...zeros(16384)],
  [...zeros(16128), 0x40],
  [...filled(5, 0xff)],
]

const DENSE: readonly (readonly number[])[] = [
  filled(12288, 0x41),
  filled(12287, 0x41),
  filled(12289, 0x41),
  // Every register 51, 52 and 50.
  Array.from({ length: 4096 }, () => [0xf3, 0x3c, 0xcf]).flat(),
  Array.from({ length: 4096 }, () => [0x34, 0x4d, 0xd3]).flat(),
  Array.from({ length: 4096 }, () => [0xb2, 0x2c, 0xcb]).flat(),
  [],
]

const CARDINALITIES: readonly (readonly number[])[] = [
  [5, 0, 0, 0, 0, 0, 0, 0],
  [255, 255, 255, 255, 255, 255, 31, 0],
  [0, 0, 0, 0, 0, 0, 32, 0],
  [255, 255, 255, 255, 255, 255, 255, 127],
  [255, 255, 255, 255, 255, 255, 255, 255],
]

const elements = (from: number, count: number): string => [...numbered(count, i => `e${from + i}`)].join(' ')

/**
 * Shows a value: whole when it is small, else its ends, and how many bits are set in each stretch between. A program of the
 * fuzz compares whole ones.
 */
function look(key: string, large: boolean): string[] {
  if (!large) return [`GET ${key}`]
  const counts = [...numbered(13, i => `BITCOUNT ${key} ${i * 1000} ${i * 1000 + 999}`)]
  return [`STRLEN ${key}`, `GETRANGE ${key} 0 80`, `GETRANGE ${key} -20 -1`, ...counts]
}

/** Everything that a HyperLogLog is used for, on one that may be none. */
function uses(large: boolean): string[] {
  const at = (key: string): string[] => look(key, large)
  const before = ['PFCOUNT k', ...at('k'), 'PFCOUNT k ok', 'PFADD k', 'PFADD k e1', ...at('k'), 'PFADD k e2 e3 e4']
  return [...before, ...at('k'), 'PFCOUNT k', 'PFMERGE d k', ...at('d'), 'PFMERGE k ok', ...at('k'), 'PFCOUNT k']
}

export function hlls(): Line[] {
  const s = new Script()
  s.arity('PFADD k a', 'PFCOUNT k', 'PFMERGE d k')
  s.types(
    'PFADD K',
    'PFADD K a b c',
    'PFCOUNT K',
    'PFCOUNT K hll',
    'PFCOUNT none K',
    'PFMERGE K',
    'PFMERGE d K',
    'PFMERGE K none',
    'PFMERGE K d none',
  )
  s.cases('PFADD k a b', 'PFCOUNT k', 'PFMERGE d k')
  s.fresh().run(
    'PFADD k',
    'GET k',
    'PFADD k',
    'OBJECT ENCODING k',
    'PFCOUNT k',
    'GET k',
    'PFADD k a',
    'GET k',
    'PFADD k a',
  )
  s.run('PFCOUNT k', 'GET k', 'PFADD k a', 'GET k', 'STRLEN k', 'TYPE k', 'EXPIRE k 1000', 'PFADD k b', 'TTL k')
  s.run('PFCOUNT k', 'PFMERGE k', 'TTL k', 'GET k')
  // Elements are bytes, and of every length that a hash takes in another way.
  for (const text of TEXTS) {
    s.fresh().run(['PFADD', 'k', text], 'GET k', ['PFADD', 'k', text, `${text}x`], 'PFCOUNT k', 'GET k')
  }
  for (let length = 0; length <= 33; length++) {
    const texts = ['x', '\udcfe', 'é'].map(unit => unit.repeat(length))
    s.fresh().run(...texts.map(text => ['PFADD', 'k', text]), 'GET k')
  }
  s.fresh().run(['PFADD', 'k', 'long'.repeat(1000), 'é'.repeat(1024), 'é'.repeat(1025)], 'GET k', 'PFCOUNT k')

  // Sparse, element by element, until it is dense.
  s.fresh()
  for (let i = 0; i < 300; i++) s.run(`PFADD k e${i}`, i % 20 === 0 ? 'GET k' : 'PFCOUNT k')
  for (let i = 300; i < 3000; i += 50) s.run(`PFADD k ${elements(i, 50)}`, 'PFCOUNT k', ...look('k', true))
  s.run(`PFADD k ${elements(0, 100)}`, 'PFCOUNT k')
  for (let i = 3000; i < 30_000; i += 1000) s.run(`PFADD k ${elements(i, 1000)}`, 'PFCOUNT k')
  s.run('GET k')

  // Merges of empty, sparse and dense in all places.
  const makers = [
    'PFADD m:empty',
    `PFADD m:few ${elements(0, 20)}`,
    `PFADD m:some ${elements(10, 500)}`,
    `PFADD m:more ${elements(400, 700)}`,
    `PFADD m:dense ${elements(0, 3000)}`,
    `PFADD m:dense2 ${elements(2500, 4000)}`,
  ]
  const all = ['none', 'empty', 'few', 'some', 'more', 'dense', 'dense2']
  s.fresh().run(...makers)
  for (const a of all) {
    for (const b of all) {
      const large = [a, b].some(one => !['none', 'empty', 'few'].includes(one))
      s.run(
        'DEL d',
        `PFCOUNT m:${a} m:${b}`,
        `PFMERGE d m:${a} m:${b}`,
        ...look('d', large),
        'PFCOUNT d',
        'GETRANGE d 0 20',
      )
      s.run('DEL d', `COPY m:${a} d`, `PFCOUNT d`, `PFMERGE d m:${b}`, ...look('d', large), 'PFCOUNT d')
      s.run(`PFMERGE d m:${b} m:few`, ...look('d', large), 'PFCOUNT d')
    }
  }
  const names = all.map(name => `m:${name}`).join(' ')
  s.run(
    'PFCOUNT none none',
    `PFCOUNT ${names}`,
    `PFMERGE d ${names}`,
    'GET d',
    'PFMERGE m:few m:few m:few',
    'GET m:few',
  )
  // Sparse ones whose union no longer is.
  s.fresh()
  for (let i = 0; i < 12; i++) {
    s.run(`PFADD p${i} ${elements(i * 300, 300)}`, `PFMERGE d p${i}`, ...look('d', true), 'PFCOUNT d')
  }

  // What is no HyperLogLog, or not quite.
  const strings = [
    '',
    'HYLL',
    'HYL',
    'hyll',
    'HYLL\u0000\u0000\u0000\u0000',
    `HYLL${'\u0000'.repeat(12)}`,
    `HYLL\u0001${'\u0000'.repeat(11)}`,
    `HYLL\u0002${'\u0000'.repeat(40)}`,
    `HYLM\u0001${'\u0000'.repeat(40)}`,
    '12345',
  ]
  const others = (...first: Command[]): Script => s.fresh().run('PFADD ok e1 x y z', ...first)
  for (const text of strings) others(['SET', 'k', text]).run(...uses(false))
  for (const runs of SPARSE) others(['SET', 'k', made(1, runs)]).run(...uses(runs.length > 100))
  for (const registers of DENSE) others(['SET', 'k', made(0, registers)]).run(...uses(registers.length > 100))
  // All registers 0, and all 63.
  others('SETBIT k 98431 0', ['SETRANGE', 'k', '0', made(0, [])]).run(...uses(true))
  others('SETBIT k 98431 0', 'BITOP NOT k k', ['SETRANGE', 'k', '0', made(0, [])]).run(...uses(true))
  for (const cardinality of CARDINALITIES) {
    others(['SET', 'k', made(1, zeros(16384), cardinality)]).run(...uses(false))
    others(['SET', 'k', made(1, zeros(16383), cardinality)]).run(...uses(false))
  }
  for (const byte of [0, 1, 4, 7, 15])
    others('PFADD k a', ['SETRANGE', 'k', String(byte), '\u0001']).run(...uses(false))
  others('SETBIT ok 61 1', 'PFADD ok b', 'GET ok', `PFADD ok ${elements(0, 2500)}`, 'GETRANGE ok 0 20', 'APPEND ok x')
  s.run('PFCOUNT ok', 'PFADD ok c')
  return s.lines
}
