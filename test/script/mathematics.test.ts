import { describe, expect, it } from 'vitest'
import { bitLibrary } from '../../src/script/lua/bit-library.ts'
import { Machine } from '../../src/script/lua/machine.ts'
import { mathLibrary } from '../../src/script/lua/math-library.ts'
import { formatNumber, parseInBase, parseNumber } from '../../src/script/lua/numbers.ts'
import { modulo, power } from '../../src/script/lua/power.ts'
import { osLibrary } from '../../src/script/lua/os-library.ts'
import { Builtin, type Value } from '../../src/script/lua/value.ts'
import { liveServer } from '../support/live.ts'
import { answer, type Argument, type Call, call, differences, live, source } from '../support/lua-calls.ts'
import { fc } from '../support/properties.ts'
import { cases, seed } from '../util/live.ts'

const m = new Machine()
const math = mathLibrary(m)
const bits = bitLibrary(m)
const library = (name: string): Value => {
  const [of, member] = name.split('.')
  if (of === 'math') return math.table.getText(member)
  if (of === 'bit') return bits.getText(member)
  return new Builtin(args => {
    const [a, b] = args as [string, number]
    return name === 'tonumber' && args.length > 1 ? parseInBase(a, b) : parseNumber(a)
  })
}

const any: Argument[] = [undefined, true, 0, -1, 2, 2.5, '', '2', '0x10', 'abc', [], NaN, Infinity, -0]
const special = fc.constantFrom(
  0,
  -0,
  1,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  2 ** 31,
  2 ** 53,
  1e308,
  2 ** -1030,
)
const number = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double(),
  special,
  fc.integer(),
  fc.double({ min: -9, max: 9 }),
)

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: cases(count), seed })
}

function told(found: readonly string[], of: number): void {
  expect(found.length === 0 ? '' : `${found.length} of ${of}\n${found.slice(0, 12).join('\n')}`).toBe('')
}

describe('the libraries math and bit', () => {
  const server = liveServer()

  async function compare(calls: readonly Call[]): Promise<void> {
    told(await differences(server, m, library, calls), calls.length)
  }

  it('answer whatever they get as Redis does', async context => {
    context.skip(server.server === undefined)
    const names =
      'math.abs math.ceil math.floor math.fmod math.mod math.frexp math.ldexp math.max math.min math.modf math.pow math.sqrt math.deg math.rad math.randomseed ' +
      'math.acos math.asin math.atan math.atan2 math.cos math.cosh math.exp math.log math.log10 math.sin math.sinh math.tan math.tanh ' +
      'bit.tobit bit.bnot bit.band bit.bor bit.bxor bit.lshift bit.rshift bit.arshift bit.rol bit.ror bit.bswap bit.tohex'
    // Of these the last digit can be another one than in C.
    const rough = new Set('cosh sinh tanh exp pow acos asin atan atan2 cos sin tan log log10'.split(' '))
    const calls = names
      .split(' ')
      .flatMap(name => [
        call(name),
        ...any.map(a => call(name, a)),
        ...any.flatMap(a => any.map(b => call(name, a, b))),
        ...any.map(a => call(name, 1, 2, a, 4, a)),
      ])
    await compare(calls.filter(({ name }) => !rough.has(name.slice(5))))
    await compareRoughly(calls.filter(({ name }) => rough.has(name.slice(5))))
  })

  /** The same to 14 digits. */
  async function compareRoughly(calls: readonly Call[]): Promise<void> {
    const expected = await live(
      server,
      calls.map(({ name, args }) => `return ${name}(${args.map(source).join(',')})`),
    )
    const found: string[] = []
    calls.forEach((one, i) => {
      const got = answer(m, library, one)
      const want = expected[i]
      if (got === want) return
      if (got.startsWith('true ') && want.startsWith('true ')) {
        const [a, b] = [Number(got.slice(5)), Number(want.slice(5))]
        if (Math.abs(a - b) <= Math.abs(b) * 5e-15) return
      }
      found.push(`${one.name}(${one.args.map(source).join(',')})\n  redis: ${want}\n  here:  ${got}`)
    })
    told(found, calls.length)
  }

  it('compute as Redis does', async context => {
    context.skip(server.server === undefined)
    const exact = fc.constantFrom('abs', 'ceil', 'floor', 'sqrt', 'deg', 'rad', 'frexp', 'modf')
    await compare([
      ...sample(
        fc.tuple(exact, number).map(([name, x]) => call(`math.${name}`, x)),
        3000,
      ),
      ...sample(
        fc
          .tuple(fc.constantFrom('fmod', 'max', 'min'), number, number)
          .map(([name, x, y]) => call(`math.${name}`, x, y)),
        1500,
      ),
      ...sample(
        fc
          .tuple(number, fc.oneof(fc.integer({ min: -2200, max: 2200 }), fc.integer()))
          .map(([x, e]) => call('math.ldexp', x, e)),
        1500,
      ),
    ])
    const rough = 'acos asin atan cos cosh exp log log10 sin sinh tan tanh'.split(' ').map(name => `math.${name}`)
    await compareRoughly([
      ...sample(
        fc.tuple(fc.constantFrom(...rough), number).map(([name, x]) => call(name, x)),
        3000,
      ),
      ...sample(
        fc
          .tuple(fc.constantFrom('math.pow', 'math.pow', 'math.atan2'), number, number)
          .map(([name, x, y]) => call(name, x, y)),
        2000,
      ),
    ])
  })

  it('divide with remainder and raise to powers as Redis does', async context => {
    context.skip(server.server === undefined)
    const pairs = sample(fc.tuple(number, number), 3000)
    const whole = [
      ...sample(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -20, max: 20 })), 1000),
      ...sample(fc.tuple(fc.constantFrom(2, 10, 0.5, -10, 1.5, -2), fc.integer({ min: -400, max: 400 })), 500),
    ]
    const expected = await live(server, [
      ...pairs.map(([a, b]) => `local a, b = ${source(a)}, ${source(b)} return a % b`),
      ...whole.map(([a, b]) => `local a, b = ${source(a)}, ${source(b)} return a ^ b`),
    ])
    expect(pairs.map(([a, b]) => answer(m, () => new Builtin(() => modulo(a, b)), call('')))).toEqual(
      expected.slice(0, pairs.length),
    )
    // Of powers that lie nearly half way between two doubles, C's pow takes the farther one now and then.
    let others = 0
    whole.forEach(([a, b], i) => {
      const got = answer(m, () => new Builtin(() => power(a, b)), call(''))
      const want = expected[pairs.length + i]
      if (got === want) return
      others++
      const [here, there] = [Number(got.slice(5)), Number(want.slice(5))]
      if (!(Math.abs(here - there) <= Math.abs(there) * 2 ** -52)) expect.fail(`${a}^${b}: ${got}, not ${want}`)
    })
    expect(others).toBeLessThan(whole.length / 200)
  })

  it('shift and mix bits as Redis does', async context => {
    context.skip(server.server === undefined)
    const word = fc.oneof(
      fc.integer(),
      fc.integer({ min: -40, max: 40 }),
      fc.double(),
      special,
      fc.integer({ min: -99, max: 99 }).map(n => n / 2),
      fc.maxSafeInteger(),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    )
    const one = fc.constantFrom('tobit', 'bnot', 'bswap', 'tohex')
    const two = fc.constantFrom('band', 'bor', 'bxor', 'lshift', 'rshift', 'arshift', 'rol', 'ror', 'tohex')
    await compare([
      ...sample(
        fc.tuple(one, word).map(([name, x]) => call(`bit.${name}`, x)),
        2000,
      ),
      ...sample(
        fc.tuple(two, word, word).map(([name, x, y]) => call(`bit.${name}`, x, y)),
        3000,
      ),
      ...sample(
        fc
          .tuple(fc.constantFrom('band', 'bor', 'bxor'), fc.array(word, { maxLength: 5 }))
          .map(([name, words]) => call(`bit.${name}`, ...words)),
        500,
      ),
    ])
  })

  it('read numbers as Redis does', async context => {
    context.skip(server.server === undefined)
    const texts = sample(
      fc.oneof(
        fc.string({ unit: fc.constantFrom(...'0123456789.eE+-xXpPaAfF \n\0_'), maxLength: 8 }),
        fc
          .tuple(
            fc.constantFrom('', ' ', '-', '+', '\t-'),
            fc.constantFrom('0x', '0X', '0x1.', '1e', '.', 'inf', 'nan', 'NaN(a_1)', 'Infinity', '0x1p', '1_0'),
            fc.constantFrom('', '1', 'f', ' ', '-3', 'p4', '\0x'),
          )
          .map(t => t.join('')),
        fc.double().map(n => String(n)),
        fc.double().map(formatNumber),
      ),
      4000,
    )
    const based = sample(
      fc.tuple(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...'0123456789azAZfF+- x\0'), maxLength: 5 }),
          fc
            .tuple(
              fc.constantFrom('', '-', ' +', '0x', '-0X'),
              fc.bigInt({ min: 0n, max: 2n ** 70n }),
              fc.constantFrom('', ' ', '\n\0x'),
            )
            .map(([a, n, b]) => a + n.toString(16) + b),
        ),
        fc.constantFrom(2, 3, 8, 16, 16, 36, 34, 33),
      ),
      3000,
    )
    await compare([...texts.map(t => call('tonumber', t)), ...based.map(([t, base]) => call('tonumber', t, base))])
  })
})

describe('random numbers', () => {
  // A server of its own: they begin with its start.
  const server = liveServer()

  it('are those of Redis', async context => {
    context.skip(server.server === undefined)
    const fresh = new Machine()
    const { table } = mathLibrary(fresh)
    const of = (name: string): Value => table.getText(name.slice('math.'.length))
    const seeds: Argument[] = [undefined, undefined, 0, 1, -1, 42, 2.5, 2 ** 31, 2 ** 32 + 7, 1e300, NaN]
    const draws: Argument[][] = [
      ...Array.from({ length: 20 }, () => []),
      [10],
      [1],
      [0],
      [-5],
      [5, 6],
      [6, 5],
      [-(2 ** 31), 2 ** 31 - 1],
      [-(2 ** 31), 2 ** 31 - 2],
      [0, 2 ** 31 - 1],
      [2 ** 31 - 1],
      [1, 2, 3],
      ['x'],
      [undefined],
      [],
    ]
    for (const start of seeds) {
      const first: Call[] = start === undefined ? [] : [call('math.randomseed', start)]
      const calls = [...first, ...draws.map(args => call('math.random', ...args))]
      told(await differences(server, fresh, of, calls), calls.length)
    }
  })
})

it('os.clock tells the time that its host tells', () => {
  const clock = osLibrary(() => 1.23456789).getText('clock') as Builtin
  expect(clock.call0()).toBe(1.234567)
})
