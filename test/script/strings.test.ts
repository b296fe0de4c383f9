import { describe, expect, it } from 'vitest'
import { Machine } from '../../src/script/lua/machine.ts'
import { stringLibrary } from '../../src/script/lua/string-library.ts'
import { Table } from '../../src/script/lua/table.ts'
import type { Value } from '../../src/script/lua/value.ts'
import { liveServer } from '../support/live.ts'
import { type Argument, type Both, type Call, call, differences, walking } from '../support/lua-calls.ts'
import { fc } from '../support/properties.ts'
import { cases, seed } from '../util/live.ts'

const m = new Machine()
const strings = stringLibrary(m, (t, k) => (t as Table).get(k))
const library = (name: string): Value => strings.getText(name.slice('string.'.length))

function sample(arbitrary: fc.Arbitrary<Call>, count: number): Call[] {
  return fc.sample(arbitrary, { numRuns: cases(count), seed })
}

const any: Argument[] = [undefined, true, false, 0, -1, 3, 2.5, '', '5', '0x10', 'abc', []]

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aaabbcA1 %.\0\n\xe4\xff'), maxLength: 12 }),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map(c => String.fromCharCode(c)), maxLength: 12 }),
)
const place = fc.oneof(
  fc.integer({ min: -14, max: 14 }),
  fc.constantFrom<Argument>(
    0,
    -0,
    1.5,
    -1.5,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 + 1,
    1e300,
    -1e300,
    NaN,
    undefined,
    '2',
    'x',
  ),
)

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', '.', '%a', '%d', '%W', '%s', '[ab]', '[^a]', '[a-c]', '%.') },
  { weight: 2, arbitrary: fc.constantFrom('(', ')', '()', '$', '^', '%1', '%2', '%b()', '%bab', '%f[%a]', '%f[^a]') },
  { weight: 1, arbitrary: fc.constantFrom('%', '[', ']', '[]', '[]a]', '[^]a]', '[a-]', '[%a-z]', '%f', '%b', '%0') },
  { weight: 1, arbitrary: fc.constantFrom('\0', '%z', '[%z]', '-', '*', '[%', '[b-a]', '[%]]', '%ba', '%p', '%x%c') },
)
const repeat = fc.constantFrom('', '', '', '*', '+', '-', '?')
const pattern = fc
  .array(fc.tuple(piece, repeat), { maxLength: 6 })
  .chain(parts => fc.constantFrom('', '', '^').map(anchor => anchor + parts.map(p => p.join('')).join('')))
/** Patterns whose captures all close. */
const captures = fc
  .array(fc.tuple(piece, repeat, fc.boolean()), { minLength: 1, maxLength: 5 })
  .map(parts => parts.map(([p, r, captured]) => (captured ? `(${p}${r})` : p + r)).join(''))
const subject = fc.string({ unit: fc.constantFrom(...'aaabbc12 ().-%\0]'), maxLength: 14 })

const listed: Both = {
  lua: 'function(...) return "<" .. table.concat({...}, ",") .. ">" end',
  run: args => `<${args.map(value => (typeof value === 'number' ? String(value) : value)).join(',')}>`,
}
const replacements: Argument[] = [
  '',
  'x',
  '%0%0',
  '[%1]',
  '%2-%1',
  '%',
  '%%',
  '%a',
  '%9',
  7.5,
  true,
  undefined,
  ['one', 2, false],
  [[]],
  listed,
  { lua: 'function() end', run: () => undefined },
  { lua: 'function() return false end', run: () => false },
  { lua: 'function() return {} end', run: () => new Table() },
  { lua: 'function(a) return 1.5, a end', run: () => 1.5 },
]

describe('the library string', () => {
  const server = liveServer()

  async function compare(calls: readonly Call[]): Promise<void> {
    const found = await differences(server, m, library, calls)
    expect(found.length === 0 ? '' : `${found.length} of ${calls.length}\n${found.slice(0, 12).join('\n')}`).toBe('')
  }

  it('answers whatever it gets as Redis does', async context => {
    context.skip(server.server === undefined)
    const names = 'byte char find format gmatch gsub len lower match rep reverse sub upper dump'.split(' ')
    const calls = names.flatMap(name => [
      call(`string.${name}`),
      ...any.map(a => call(`string.${name}`, a)),
      ...any.flatMap(a => any.map(b => call(`string.${name}`, a, b))),
      ...any.flatMap(a => any.map(b => call(`string.${name}`, 'xaby', a, b))),
      ...any.flatMap(a => any.map(b => call(`string.${name}`, 'xaby', 'a', a, b))),
    ])
    await compare(calls)
  })

  it('cuts, turns and repeats as Redis does', async context => {
    context.skip(server.server === undefined)
    await compare([
      ...sample(
        fc
          .tuple(fc.constantFrom('sub', 'byte'), text, place, fc.option(place, { nil: undefined }))
          .map(([name, s, from, to]) => call(`string.${name}`, s, from, to)),
        2000,
      ),
      ...sample(
        fc
          .tuple(fc.constantFrom('lower', 'upper', 'reverse', 'len'), text)
          .map(([name, s]) => call(`string.${name}`, s)),
        500,
      ),
      ...sample(
        fc
          .tuple(text, fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom(2.9, '3', -1e300, NaN, 2 ** 32 + 2)))
          .map(([s, n]) => call('string.rep', s, n)),
        300,
      ),
      ...sample(
        fc
          .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(256, -1, 65.9, 2 ** 32 + 65, '66')))
          .map(codes => call('string.char', ...codes)),
        300,
      ),
      call('string.byte', 'x'.repeat(7990), 1, -1),
      call('string.byte', 'x'.repeat(8001), 1, -1),
      call('string.reverse', 'xy'.repeat(5000)),
    ])
  })

  it('matches patterns as Redis does', async context => {
    context.skip(server.server === undefined)
    const name = fc.constantFrom('string.find', 'string.match')
    const either = fc.oneof(pattern, captures)
    await compare([
      ...sample(
        fc.tuple(name, subject, either).map(([f, s, p]) => call(f, s, p)),
        6000,
      ),
      ...sample(
        fc
          .tuple(name, subject, either, place, fc.constantFrom(undefined, true))
          .map(([f, s, p, i, plain]) => call(f, s, p, i, plain)),
        1500,
      ),
      call('string.find', 'a', '('.repeat(40)),
      call('string.find', 'a', '()'.repeat(32)),
      call('string.find', 'a', '()'.repeat(33)),
      call('string.match', 'a'.repeat(300), `${'a?'.repeat(300)}$`),
      ...Array.from({ length: 256 }, (_, c) => String.fromCharCode(c)).flatMap(c => [
        call('string.gsub', Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(''), `%${c}`, '_'),
        call('string.gsub', Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(''), `[%${c}]`, '_'),
        call('string.gsub', Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join(''), `[^a-${c}]`, '_'),
      ]),
    ])
  })

  it('finds one match after the other as Redis does', async context => {
    context.skip(server.server === undefined)
    const either = fc.oneof(pattern, captures)
    await compare(
      sample(
        fc.tuple(subject, either).map(([s, p]) => walking('string.gmatch', s, p)),
        2000,
      ),
    )
  })

  it('replaces as Redis does', async context => {
    context.skip(server.server === undefined)
    await compare(
      sample(
        fc
          .tuple(
            subject,
            fc.oneof(pattern, captures),
            fc.constantFrom(...replacements),
            fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: place }),
          )
          .map(([s, p, by, most]) => call('string.gsub', s, p, by, most)),
        5000,
      ),
    )
  })

  it('formats as Redis does', async context => {
    context.skip(server.server === undefined)
    const number = fc.oneof(
      fc.integer(),
      fc.integer({ min: -20, max: 20 }),
      fc.double(),
      fc.integer({ min: -4000, max: 4000 }).map(n => n / 32),
      fc
        .tuple(fc.integer({ min: -15, max: 25 }), fc.integer({ min: -99, max: 99 }))
        .map(([e, n]) => 10 ** e * (1 + n * 2e-16)),
      fc.tuple(fc.double({ min: 1, max: 10 }), fc.integer({ min: -30, max: 30 })).map(([d, e]) => d * 10 ** e),
      fc.constantFrom(
        0.5,
        1.5,
        2.5,
        0.125,
        1e15,
        1e21,
        1e22,
        5e-324,
        2 ** 53,
        2 ** 63,
        2 ** 64,
        -(2 ** 63),
        -(2 ** 70),
      ),
      fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, 99.5, 9.5, 999999.5, 123456789012345, 100000000000000.5),
    )
    const flags = fc.array(fc.constantFrom('-', '+', ' ', '#', '0'), { maxLength: 3 }).map(f => f.join(''))
    const digits = fc.constantFrom('', '', '1', '5', '12', '30')
    const precision = fc.constantFrom('', '', '', '.', '.0', '.1', '.2', '.3', '.10', '.14', '.17', '.60', '.99')
    const specification = fc.tuple(flags, digits, precision).map(s => s.join(''))
    await compare([
      ...sample(
        fc.tuple(specification, fc.constantFrom(...'diouxXeEfgGc'), number).map(([s, letter, n]) => {
          // glibc drops the zeros of %#g when the digits round up to the next power of ten.
          const spared = /g/i.test(letter) && !(Number.isInteger(n) && n < 100) ? s.replaceAll('#', '') : s
          return call('string.format', `<%${spared}${letter}>`, n)
        }),
        6000,
      ),
      ...sample(
        fc
          .tuple(specification, fc.constantFrom(...'sqs'), text, fc.constantFrom(1, 1, 1, 30))
          .map(([s, letter, value, times]) => call('string.format', `<%${s}${letter}>`, value.repeat(times))),
        800,
      ),
      ...sample(
        fc
          .tuple(
            fc.string({ unit: fc.constantFrom(...'%%%%dsxqei.0123-+# yc\0'), maxLength: 10 }),
            fc.array(fc.oneof(text, number, fc.constantFrom(undefined, true)), { maxLength: 3 }),
          )
          .map(([f, values]) => call('string.format', f, ...values)),
        2000,
      ),
      // What `tostring` does with numbers.
      ...sample(
        number.map(n => call('string.len', n)),
        500,
      ),
      ...sample(
        number.map(n => call('string.lower', n)),
        2000,
      ),
    ])
  })
})
