import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addLongDouble, formatLongDouble, parseLongDouble } from '../../src/util/long-double.ts'
import { type RedisClient, type RedisServer, startRedis } from '../support/redis.ts'
import { cases, pipeline, Random, seed } from './live.ts'

/** INCRBYFLOAT in the notation of the test client. */
function increment(stored: string, by: string): string {
  const a = parseLongDouble(stored)
  const b = parseLongDouble(by)
  if (a === undefined || b === undefined) return '-ERR value is not a valid float'
  const sum = addLongDouble(a, b)
  return sum === undefined ? '-ERR increment would produce NaN or Infinity' : JSON.stringify(formatLongDouble(sum))
}

describe('long double', () => {
  it('adds as the documents of INCRBYFLOAT say', () => {
    expect(increment('10.50', '0.1')).toBe('"10.6"')
    expect(increment('5.0e3', '2.0e2')).toBe('"5200"')
    expect(increment('3', '1.5')).toBe('"4.5"')
    expect(increment('0.1', '0.2')).toBe('"0.3"')
    expect(increment('-0', '-0')).toBe('"0"')
    expect(increment('inf', '1')).toBe('-ERR increment would produce NaN or Infinity')
    expect(increment('abc', '1')).toBe('-ERR value is not a valid float')
  })

  it('has room for 64 bits, and rounds ties to even', () => {
    expect(increment('18446744073709551615', '0')).toBe('"18446744073709551615"')
    expect(increment('18446744073709551615', '2')).toBe('"18446744073709551616"')
    expect(increment('18446744073709551615', '4')).toBe('"18446744073709551620"')
    expect(increment('0x1p-16445', '0')).toBe('"0"')
    expect(increment('0x1p-16446', '0')).toBe('-ERR value is not a valid float')
    expect(increment('0x1.fffffffffffffffep16383', '0')).toMatch(/^"\d{4933}"$/)
    expect(increment('0x1p16384', '0')).toBe('-ERR value is not a valid float')
    expect(increment('0x1.fffffffffffffffep16383', '0x1p16319')).toBe('-ERR increment would produce NaN or Infinity')
  })
})

const fixed = [
  '',
  ' ',
  '0',
  '-0',
  '+0',
  '00',
  '1',
  '+1',
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
  '0x1p-16445',
  '0x1p-16446',
  '0x1.8p-16446',
  '0x1p16383',
  '0x1p16384',
  '0x1.fffffffffffffffep16383',
  '0x1.ffffffffffffffffp16383',
  '0x0p99999999999',
  '0x1.00000000000000008',
  '0x1.000000000000000080000001',
  '0x1.00000000000000018',
  '1e',
  '1e+',
  '1e-',
  '1e5',
  '1E5',
  '1e+5',
  '1e-5',
  'e5',
  '1e5.5',
  '1e4932',
  '1e4933',
  '1.18973149535723176502e4932',
  '1.18973149535723176509e4932',
  '-1e4933',
  '1e-4950',
  '3.6e-4951',
  '1.9e-4951',
  '1.8e-4951',
  '1e-4951',
  '1e-5000',
  '0e-5000',
  '0e99999999999999999999',
  '1e99999999999999999999',
  '1e-99999999999999999999',
  'inf',
  '-inf',
  '+inf',
  'INF',
  'Inf',
  'infinity',
  'INFINITY',
  '-Infinity',
  'infin',
  'infinit',
  'infinityx',
  'in',
  'i',
  'nan',
  'NaN',
  '-nan',
  'nan(1)',
  'nanx',
  ' 1',
  '1 ',
  '\t1',
  '1\n',
  '\n',
  '1\0',
  '\x001',
  '1\x002',
  '\u00e91',
  '1\u00e9',
  '１',
  '1,5',
  '1_000',
  '0b1',
  '0o7',
  '1f',
  '1L',
  '0x1g',
  '1d5',
  'true',
  '1e5 ',
  '0.1',
  '0.2',
  '0.3',
  '1e-17',
  '5e-18',
  '5.0000001e-18',
  '4.9e-18',
  '1.5e-17',
  '-5e-18',
  '-6e-18',
  '0.000000000000000005',
  '0.00000000000000000500000000000000001',
  '123456789012345678901234567890',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '18446744073709551615',
  '18446744073709551617',
  '3000.1',
  '123456.78',
  `0.${'0'.repeat(400)}1e401`,
  `1${'0'.repeat(400)}e-400`,
  `1.${'0'.repeat(5116)}1`,
  `1.${'0'.repeat(5117)}`,
  `1.${'0'.repeat(5118)}`,
  '9'.repeat(4932),
  '9'.repeat(4933),
  `0.${'0'.repeat(4950)}2`,
  `0.${'0'.repeat(4950)}1`,
  '-1e-30',
  '1e-30',
]

/** Texts of many kinds: exact ties, 17 and more digits, huge and tiny exponents, subnormal numbers, broken ones. */
function floatText(random: Random): string {
  const sign = random.pick(['', '', '', '-', '+'])
  switch (random.int(0, 13)) {
    case 0:
      return random.pick(fixed)
    case 1:
      return sign + random.int(0, 10 ** random.int(0, 15))
    case 2:
      return `${sign}${random.int(0, 10 ** random.int(0, 6))}.${random.digits(random.int(0, 4))}`
    case 3:
      return `${sign}${random.digits(random.int(1, 25))}.${random.digits(random.int(0, 25))}`
    case 4:
      return `${sign}${random.int(0, 9)}.${random.digits(random.int(0, 22))}e${random.int(-30, 30)}`
    case 5:
      return `${sign}${random.digits(random.int(1, 22))}e${random.int(-5000, 4940)}`
    case 6:
      return `${sign}0x${random.int(1, 15).toString(16)}.${BigInt(`1${random.digits(random.int(1, 30))}`).toString(16)}p${random.int(-80, 80)}`
    case 7:
      return `${sign}0x1.${BigInt(`1${random.digits(random.int(1, 24))}`).toString(16)}p${random.int(-16460, 16390)}`
    // A tie between two neighbours, exactly or by a little: 64 bits, then a one, then nothing, or a one far behind.
    case 8: {
      const bits = (1n << 63n) | BigInt(`0x${random.int(0, 2 ** 31).toString(16)}`)
      return (
        sign +
        ((bits << 2n) + BigInt(random.pick([1, 2, 2, 2, 3]))).toString() +
        random.pick(['', '', '.0000000001', '.0'])
      )
    }
    case 9:
      return `${sign}0x${((1n << 63n) | BigInt(random.int(0, 2 ** 40))).toString(16)}${random.pick(['8', '80', '8000001', '7f'])}p${random.int(-200, 200)}`
    // Around half a unit of the seventeenth digit.
    case 10:
      return `${sign}${random.int(0, 3)}.${'0'.repeat(random.int(10, 16))}${random.pick(['5', '15', '25', '50000001', '49999999'])}`
    case 11:
      return sign + Number((random.next() * 10 ** random.int(-20, 20)).toPrecision(random.int(1, 17)))
    case 12:
      return `${sign}${random.int(1, 99999)}e-${random.int(4930, 4956)}`
    default: {
      // One character of a good text changed, dropped or doubled.
      const text = `${sign}${random.int(0, 999)}.${random.digits(3)}e${random.int(-20, 20)}`
      const at = random.int(0, text.length - 1)
      return (
        text.slice(0, at) +
        random.pick(['', '.', 'e', '-', '+', ' ', 'x', '0', '\0']) +
        text.slice(at + random.int(0, 1))
      )
    }
  }
}

describe('long double against a live server', () => {
  let server: RedisServer | undefined
  let client: RedisClient
  beforeAll(async () => {
    server = await startRedis()
    if (server !== undefined) client = await server.connect()
  })
  afterAll(async () => {
    if (server === undefined) return
    client.close()
    await server.stop()
  })

  async function compare(pairs: readonly (readonly [string, string])[]): Promise<void> {
    const argvs = pairs.flatMap(([stored, by]) => [
      ['SET', 'k', stored],
      ['INCRBYFLOAT', 'k', by],
    ])
    const replies = await pipeline(client, argvs)
    const wrong: unknown[] = []
    pairs.forEach(([stored, by], i) => {
      const reply = replies[2 * i + 1]
      const ours = increment(stored, by)
      if (ours !== reply && wrong.length < 20) wrong.push({ stored, by, ours, reply })
    })
    expect(wrong, `seed ${seed}`).toEqual([])
  }

  it('reads hostile texts alike', async context => {
    if (server === undefined) return context.skip()
    await compare(fixed.flatMap(text => [[text, '0'] as const, ['0', text] as const, [text, text] as const]))
  })

  it('adds random pairs alike', { timeout: 600_000 }, async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const count = cases(6000)
    for (let done = 0; done < count; done += 5000) {
      const pairs: [string, string][] = []
      for (let i = done; i < Math.min(count, done + 5000); i++) pairs.push([floatText(random), floatText(random)])
      await compare(pairs)
    }
  })
})
