import { readFileSync } from 'node:fs'
import { fc } from '../support/properties.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addInt64,
  bitLength,
  floatForm,
  formatDouble,
  int64,
  isInt64,
  MAX_INT64,
  MIN_INT64,
  narrow,
  parseDouble,
  parseInteger,
} from '../../src/util/numbers.ts'
import { type RedisClient, type RedisServer, startRedis } from '../support/redis.ts'
import { cases, pipeline, Random, seed } from './live.ts'

const grid = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 32n,
  2n ** 53n,
  2n ** 53n - 1n,
  2n ** 53n + 1n,
]
grid.push(
  -(2n ** 53n),
  -(2n ** 53n) + 1n,
  MAX_INT64,
  MAX_INT64 - 1n,
  MIN_INT64,
  MIN_INT64 + 1n,
  10n ** 15n,
  10n ** 16n - 1n,
)
const anyInt64 = fc.oneof(
  fc.bigInt({ min: MIN_INT64, max: MAX_INT64 }),
  fc.constantFrom(...grid),
  fc.bigInt({ min: -1000n, max: 1000n }),
)

describe('64-bit integers', () => {
  it('have one form each', () => {
    fc.assert(
      fc.property(anyInt64, n => {
        const form = narrow(n)
        expect(typeof form).toBe(n >= -(2n ** 53n) + 1n && n <= 2n ** 53n - 1n ? 'number' : 'bigint')
        expect(BigInt(form)).toBe(n)
        expect(int64(n)).toBe(form)
        expect(parseInteger(String(n))).toBe(form)
        expect(isInt64(n)).toBe(true)
      }),
    )
    for (const n of [MAX_INT64 + 1n, MIN_INT64 - 1n, 2 ** 63, -(2 ** 63) * 1.5, 0.5, Number.NaN, Infinity]) {
      expect(int64(n)).toBe(undefined)
    }
    expect(int64(2 ** 53)).toBe(2n ** 53n)
    expect(int64(-(2 ** 63))).toBe(MIN_INT64)
    expect(Object.is(int64(-0), 0)).toBe(true)
  })

  it('add exactly or not at all', () => {
    fc.assert(
      fc.property(anyInt64, anyInt64, (a, b) => {
        const sum = a + b
        const fits = sum >= MIN_INT64 && sum <= MAX_INT64
        expect(addInt64(narrow(a), narrow(b))).toBe(fits ? narrow(sum) : undefined)
      }),
      { numRuns: 3000 },
    )
  })

  it('know how many bits they have', () => {
    for (const n of grid) if (n > 0n) expect(bitLength(n)).toBe(n.toString(2).length)
    for (let i = 1n; i < 300n; i++) expect(bitLength(i * i * i)).toBe((i * i * i).toString(2).length)
  })
})

describe('doubles', () => {
  // Made with the C code of fpconv as Redis 7.4 has it, compiled: bits and text, with many cases where Grisu2 is not the
  // shortest and nearest.
  const recorded = JSON.parse(readFileSync(new URL('./doubles.json', import.meta.url), 'utf8')) as [string, string][]
  const fromBits = (bits: string): number => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, BigInt(`0x${bits}`))
    return view.getFloat64(0)
  }

  it('print as Redis prints them', () => {
    for (const [bits, text] of recorded) expect(formatDouble(fromBits(bits))).toBe(text)
    expect(recorded.length).toBeGreaterThan(300)
  })

  it('print in a form that reads back', () => {
    const double = fc.oneof(
      fc.double({ noNaN: true }),
      fc.float({ noNaN: true }),
      fc.integer().map(n => n / 100),
      fc.integer().map(n => n / 1000),
      fc.maxSafeInteger().map(n => n * 2 ** 8),
    )
    fc.assert(
      fc.property(double, n => {
        expect(Object.is(parseDouble(formatDouble(n)), n)).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it('are read in the forms of strtod', () => {
    expect(floatForm('-1.5e+3')).toBe('decimal')
    expect(floatForm('0x.8p-1')).toBe('hex')
    expect(floatForm('+Infinity')).toBe('infinity')
    for (const text of ['', '.', '0x', '1e', 'nan', ' 1', '1 ', '1\0', 'infi', '--1'])
      expect(floatForm(text)).toBe(undefined)
    expect(Object.is(parseDouble('-0'), -0)).toBe(true)
    expect(parseDouble('1e400')).toBe(undefined)
    expect(parseDouble('1e-400')).toBe(undefined)
    expect(parseDouble('0e-400')).toBe(0)
    expect(parseDouble('inf')).toBe(Infinity)
  })
})

// biome-ignore format: a table
const integers = [
  '',
  '0',
  '-0',
  '+0',
  '00',
  '-',
  '+',
  '1',
  '-1',
  '+1',
  '01',
  '-01',
  ' 1',
  '1 ',
  '1\0',
  '\x001',
  '1.0',
  '1e3',
  '0x10',
  '１',
  'a',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740991',
  '-9007199254740992',
  '999999999999999',
  '9999999999999999',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '18446744073709551615',
  '18446744073709551616',
  '99999999999999999999',
  '-99999999999999999999',
  '000000000000000000001',
  '100000000000000000000',
  '--1',
  '1-',
  '1_0',
  '1,0',
  '/',
  ':',
  '-:',
  '1/',
  '1:',
]
// biome-ignore format: a table
const doubles = [
  '',
  '0',
  '-0',
  '+0',
  '00',
  '1',
  '+1',
  '01.50',
  '-1',
  '.',
  '-',
  '+',
  '+-1',
  '1.',
  '.5',
  '-.5',
  '5.',
  '..1',
  '1..',
  '1.2.3',
  '1.e3',
  '.e3',
  '.1e3',
  '0x',
  '0X',
  '0x.',
  '0x1',
  '0x.8',
  '0x1.',
  '0x1.8p',
  '0x1.8p+',
  '0x1.8p3',
  '0X1.8P-3',
  '-0x1p1',
  '0xAbC',
  '0x1p1023',
  '0x1p1024',
  '0x1p-1074',
  '0x1p-1075',
  '0x1.8p-1075',
  '0x1.0000000000001p-1075',
  '0x1.fffffffffffffp1023',
  '0x1.fffffffffffff8p1023',
  '0x1.fffffffffffff7fffp1023',
  '0x0p9999999999',
  '0x1.00000000000008',
  '0x1.000000000000080000000000001',
  '0x1.00000000000018',
  '0x1p99999999999999999999',
  '0x1p-99999999999999999999',
  '0x10000000000000000000000',
  '1e',
  '1e+',
  '1e-',
  '1e5',
  '1E5',
  '1e+5',
  '1e-5',
  'e5',
  '1e5.5',
  '1e308',
  '1.7976931348623157e308',
  '1.7976931348623158e308',
  '1.7976931348623159e308',
  '1e309',
  '-1e309',
  '1e-323',
  '5e-324',
  '4.9e-324',
  '2.5e-324',
  '2.47e-324',
  '2.4703282292062327e-324',
  '2.4703282292062328e-324',
  '1e-324',
  '-1e-400',
  '0e-400',
  '0.0e99999999999999999999',
  '0e99999',
  '1e99999999999999999999',
  '1e-99999999999999999999',
  'inf',
  '-inf',
  '+inf',
  'INF',
  'Inf',
  'iNf',
  'infinity',
  'INFINITY',
  '-Infinity',
  'infin',
  'infinit',
  'infinityx',
  'in',
  'i',
  'infi',
  'nan',
  'NaN',
  '-nan',
  'nan(1)',
  'nan(',
  ' 1',
  '1 ',
  '\t1',
  '1\n',
  '\n',
  '\v1',
  '1\0',
  '\x001',
  '1\x002',
  '\u00e91',
  '1\u00e9',
  '１',
  '1,5',
  '1_000',
  '1f',
  '1L',
  '1d5',
  '0b1',
  '0o7',
  'true',
  '9007199254740993',
  '9007199254740993.00000000000000000000000000001',
  '0.1',
  '0.30000000000000004',
  '123456789012345678901234567890',
  '9223372036854775807',
  '1e23',
  '8.41e21',
  '2.2250738585072011e-308',
  '2.2250738585072012e-308',
  '2.2250738585072014e-308',
  `0.${'0'.repeat(400)}1e401`,
  `1${'0'.repeat(400)}e-400`,
  `1.${'0'.repeat(800)}1`,
  `9007199254740993.${'0'.repeat(800)}1`,
  `0x1${'0'.repeat(400)}p-1600`,
  `0x0.${'0'.repeat(400)}1p1600`,
  '1'.repeat(309),
  '1'.repeat(310),
  '1e+-5',
  '1e--5',
  '0x1p+-1',
  '0xp1',
  '0x.p1',
  '0x1e5',
  '0x1e+5',
]

describe('numbers against a live server', () => {
  let server: RedisServer | undefined
  let client: RedisClient
  beforeAll(async () => {
    // In a listpack -0 is stored as the integer 0; a skip list keeps the double.
    server = await startRedis({ config: { 'zset-max-listpack-entries': '0' } })
    if (server !== undefined) client = await server.connect()
  })
  afterAll(async () => {
    if (server === undefined) return
    client.close()
    await server.stop()
  })

  const invalid = '-ERR value is not an integer or out of range'

  it('read integers alike', async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const texts = [...integers]
    for (let i = 0; i < cases(4000); i++) {
      const text = random.pick(['', '', '-', '+', '0']) + random.digits(random.int(1, 21))
      const at = random.int(0, text.length)
      texts.push(
        random.int(0, 9) === 0 ? text.slice(0, at) + random.pick([' ', '.', '-', 'e', '\0']) + text.slice(at) : text,
      )
    }
    const replies = await pipeline(
      client,
      texts.flatMap(text => [
        ['SET', 'k', '0'],
        ['INCRBY', 'k', text],
      ]),
    )
    texts.forEach((text, i) => {
      const n = parseInteger(text)
      expect(n === undefined ? invalid : `:${n}`, JSON.stringify(text)).toBe(replies[2 * i + 1])
    })
  })

  it('add integers alike', async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const pairs = grid.flatMap(a => grid.map(b => [a, b] as const))
    const any = (): bigint =>
      random.int(0, 3) === 0 ? random.pick(grid) : BigInt.asIntN(random.int(8, 64), BigInt(random.digits(20)))
    for (let i = 0; i < 2000; i++) pairs.push([any(), any()])
    const replies = await pipeline(
      client,
      pairs.flatMap(([a, b]) => [
        ['SET', 'k', String(a)],
        ['INCRBY', 'k', String(b)],
      ]),
    )
    pairs.forEach(([a, b], i) => {
      const sum = addInt64(narrow(a), narrow(b))
      const ours = sum === undefined ? '-ERR increment or decrement would overflow' : `:${sum}`
      expect(ours, `${a} + ${b}`).toBe(replies[2 * i + 1])
    })
  })

  function doubleText(random: Random): string {
    const sign = random.pick(['', '', '-', '+'])
    switch (random.int(0, 8)) {
      case 0:
        return `${sign}${random.digits(random.int(1, 20))}.${random.digits(random.int(0, 20))}`
      case 1:
        return `${sign}${random.int(0, 9)}.${random.digits(random.int(0, 25))}e${random.int(-330, 312)}`
      case 2:
        return `${sign}0x${random.int(0, 15).toString(16)}.${BigInt(`1${random.digits(random.int(1, 25))}`).toString(16)}p${random.int(-1100, 1030)}`
      // Exact halves between two doubles, and a little beside them.
      case 3: {
        const odd = (((1n << 52n) | BigInt(random.int(0, 2 ** 40))) << 2n) + BigInt(random.pick([1, 2, 2, 3]))
        return sign + odd + random.pick(['', '.0', '.00000000000000000000000000000000000000000001'])
      }
      case 4: {
        const odd = (((1n << 52n) | BigInt(random.int(0, 2 ** 40))) << 4n) + BigInt(random.pick([7, 8, 8, 9]))
        return `${sign}0x${odd.toString(16)}p${random.int(-1140, 970)}`
      }
      case 5:
        return sign + String(Number(random.next().toPrecision(random.int(1, 17))) * 10 ** random.int(-300, 300))
      case 6:
        return `${sign}${random.digits(random.int(1, 30))}e-${random.int(320, 350)}`
      default: {
        const text = `${sign}${random.pick(['', '0x', 'inf', '1'])}${random.int(0, 99)}.${random.digits(2)}${random.pick(['e', 'p', ''])}${random.int(-9, 9)}`
        const at = random.int(0, text.length - 1)
        return (
          text.slice(0, at) +
          random.pick(['', '.', 'e', 'p', 'x', '-', '+', ' ', '\0', 'f']) +
          text.slice(at + random.int(0, 1))
        )
      }
    }
  }

  // Where a hexadecimal text lies in the subnormal numbers and has exactly one bit more than 53 of them, glibc forgets
  // that bit before it rounds again (2.36): +0x1000c531d4aa008p-1088 comes out one step too low. Ours is rounded once.
  const isGlibcSlip = (text: string, ours?: number, theirs?: number): boolean =>
    floatForm(text) === 'hex' &&
    Math.abs(ours ?? 1) < 2 ** -1022 &&
    Math.abs((ours ?? 0) - (theirs ?? 0)) === 2 ** -1074

  it('read doubles alike', { timeout: 600_000 }, async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const texts = [...doubles]
    for (let i = 0; i < cases(8000); i++) texts.push(doubleText(random))
    for (let at = 0; at < texts.length; at += 5000) {
      const part = texts.slice(at, at + 5000)
      const replies = await pipeline(
        client,
        part.flatMap(text => [
          ['DEL', 'z'],
          ['ZADD', 'z', text, 'm'],
          ['ZSCORE', 'z', 'm'],
        ]),
      )
      const wrong: unknown[] = []
      part.forEach((text, i) => {
        const ours = parseDouble(text)
        const added = replies[3 * i + 1]
        // 7.0 prints %.17g, from which the double can be read back exactly.
        const printed = replies[3 * i + 2] === 'nil' ? undefined : (JSON.parse(replies[3 * i + 2] as string) as string)
        const theirs =
          printed === undefined
            ? undefined
            : printed.endsWith('inf')
              ? Number(printed.replace('inf', 'Infinity'))
              : Number(printed)
        const valid = added === ':1' || added === '-ERR value is not a valid float'
        if (!valid || !(Object.is(ours, theirs) || isGlibcSlip(text, ours, theirs)))
          wrong.push({ text, ours, theirs, added })
      })
      expect(wrong.slice(0, 20), `seed ${seed}`).toEqual([])
    }
  })

  it('add scores alike', async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const pairs: [string, string][] = []
    while (pairs.length < 2000) {
      const pair: [string, string] = [doubleText(random), doubleText(random)]
      if (pair.every(text => parseDouble(text) !== undefined)) pairs.push(pair)
    }
    const replies = await pipeline(
      client,
      pairs.flatMap(([a, b]) => [
        ['DEL', 'z'],
        ['ZADD', 'z', a, 'm'],
        ['ZINCRBY', 'z', b, 'm'],
      ]),
    )
    pairs.forEach(([a, b], i) => {
      const sum = Number(parseDouble(a)) + Number(parseDouble(b))
      const theirs = Number((JSON.parse(replies[3 * i + 2] as string) as string).replace('inf', 'Infinity'))
      expect(sum, `${a} + ${b}`).toBe(theirs)
    })
  })
})
