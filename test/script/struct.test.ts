import { describe, expect, it } from 'vitest'
import { liveServer } from '../support/live.ts'
import { Random, cases, seed } from '../util/live.ts'
import { type Call, Here, compare, numeral, quoted, randomFormat } from './codecs.ts'

const formats = [
  '',
  ' ',
  '<>!',
  '!3',
  '!0',
  '!16i16i3',
  'b',
  'i33',
  'i99999999999',
  'I2147483648',
  'c2147483647',
  'c0',
  's',
]
const more = [
  'sc0',
  'q',
  '\xff',
  'bz',
  '!8bd',
  '!8bi3',
  '!4bhi',
  '>!2bL',
  'x',
  'xxxi',
  'fd',
  'b\0q',
  '1',
  'c',
  'i0',
  'I0',
  'T',
]

const edges = [
  0,
  -0,
  1,
  -1,
  127,
  128,
  -128,
  -129,
  255,
  256,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  2 ** 63 + 2048,
  2 ** 64,
]
const oddEdges = [
  2 ** 65,
  -(2 ** 63),
  -(2 ** 63) - 2048,
  1e300,
  -1e300,
  0.5,
  -0.5,
  1.9,
  -1.9,
  NaN,
  Infinity,
  -Infinity,
  1e40,
]

describe('struct', () => {
  const live = liveServer()

  it('packs numbers of all sizes as the server', async context => {
    if (live.server === undefined) return context.skip()
    const options = [...'bBhHlLTfd', 'i', 'I3', 'i7', 'I8', 'i9', 'i16', 'I32']
    const calls = options.flatMap(option =>
      [...edges, ...oddEdges].flatMap(n =>
        ['<', '>'].map(order => ({ name: 'pack', source: `${quoted(order + option)},${numeral(n)}` })),
      ),
    )
    await compare(live.client, new Here(), 'struct', calls)
  })

  it('unpacks numbers of all sizes as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed)
    const calls: Call[] = []
    for (let size = 0; size <= 32; size++) {
      for (let turn = 0; turn < 24; turn++) {
        const byte = (): string => String.fromCharCode(random.pick([0, 0x7f, 0x80, 0xff, random.int(0, 255)]))
        const data = quoted(Array.from({ length: 32 }, byte).join(''))
        const order = turn % 2 === 0 ? '<' : '>'
        calls.push({ name: 'unpack', source: `"${order}${random.pick(['i', 'I'])}${size}",${data}` })
      }
    }
    await compare(live.client, new Here(), 'struct', calls)
  })

  it('takes and refuses formats as the server', async context => {
    if (live.server === undefined) return context.skip()
    const data = quoted(`${'\x01\0\x80\xffab'.repeat(8)}\0`)
    const calls = [...formats, ...more].flatMap(format => [
      { name: 'size', source: quoted(format) },
      { name: 'pack', source: `${quoted(format)},1,2,3,4` },
      { name: 'pack', source: `${quoted(format)},"abc","de"` },
      { name: 'pack', source: quoted(format) },
      { name: 'unpack', source: `${quoted(format)},${data}` },
      ...['nil', '0', '1', '-1', '3', '49', '50', '51', '2^31', '2^40', '1e300', '"2"', '"x"', '{}', '0/0'].map(at => ({
        name: 'unpack',
        source: `${quoted(format)},${data},${at}`,
      })),
    ])
    for (const name of ['size', 'pack', 'unpack'])
      for (const source of ['', 'nil', '{}', '1', '"b"', '"b",nil', '"b",{}', '"b","abc",1,2,3', '"s",1.5'])
        calls.push({ name, source })
    for (const n of ['1.5', '-1', '-0.5', '1e300', '0/0', '2^63', '2^64', '100', '3', '0'])
      calls.push({ name: 'unpack', source: `"dc0",struct.pack("d",${n}).."abc"` })
    for (const text of ['3', '0x2', ' 2 ', 'x', '1e0', '9'])
      calls.push({ name: 'unpack', source: `"sc0",${quoted(`${text}\0abc`)}` })
    await compare(live.client, new Here(), 'struct', calls)
  })

  it('packs and unpacks by random formats as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed + 1)
    const here = new Here()
    for (let left = cases(8000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, (): Call => {
        const { format, values } = randomFormat(random)
        switch (random.int(0, 4)) {
          case 0:
            return { name: 'size', source: quoted(format) }
          case 1:
          case 2:
            return { name: 'pack', source: [quoted(format), ...values].join(',') }
          default: {
            const chars = ['\x01', '\x02', '\x7f', '\x80', '\xff', 'a', String.fromCharCode(random.int(1, 255))]
            // What a string of a zero byte is as a number is for the tests of numbers.
            if (!/[cs][0-9]*[ <>!0-9]*c0/.test(format)) chars.push('\0', '\0')
            const data = Array.from({ length: random.int(0, 40) }, () => random.pick(chars)).join('')
            const at = random.pick(['', '', '', ',1', ',2', ',3', `,${random.int(0, 41)}`, ',nil'])
            return { name: 'unpack', source: `${quoted(format)},${quoted(data)}${at}` }
          }
        }
      })
      await compare(live.client, here, 'struct', calls)
    }
  })

  it('gives up at the number of results where the server does', async context => {
    if (live.server === undefined) return context.skip()
    const here = new Here()
    for (const count of [7995, 7996, 7997, 7998, 7999, 8000]) {
      const answer = await live.client.one(
        'EVAL',
        `local n=... n=${count} local f=loadstring('local n=... return select("#",struct.unpack(("b"):rep(n),("a"):rep(n)))','@user_script')
        return tostring(select(2,pcall(f,n)))`,
        '0',
      )
      const ours = here.call('struct', 'unpack', ['b'.repeat(count), 'a'.repeat(count)])
      expect(JSON.stringify(ours.startsWith('error ') ? ours.slice(6) : String(ours.split(' ').length))).toBe(answer)
    }
  })

  it('allocates nothing for sizes that it cannot fill, and counts what it makes', () => {
    const here = new Here()
    here.m.limit({ instructions: Infinity, memory: 1000 })
    expect(here.call('struct', 'pack', ['c2147483647', 'a'])).toBe(
      "error user_script:1: bad argument #3 to 'pack' (string too short)",
    )
    expect(here.call('struct', 'size', ['c2147483647'.repeat(3)])).toBe(String(3 * (2 ** 31 - 1)))
    expect(here.call('struct', 'pack', ['x'.repeat(2000)])).toBe('error not enough memory')
    here.m.limit({ instructions: Infinity, memory: 1000 })
    // An alignment asks for no more bytes than the largest size.
    expect(here.call('struct', 'pack', ['!1073741824bi32', 1, 1]).length).toBeLessThan(1000)
  })
})
