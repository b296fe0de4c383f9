import { describe, expect, it } from 'vitest'
import { Killed, LuaError } from '../../src/script/lua/machine.ts'
import { Table } from '../../src/script/lua/table.ts'
import { Callable, nullPointer, type Value } from '../../src/script/lua/value.ts'
import { liveServer } from '../support/live.ts'
import { Random, cases, seed } from '../util/live.ts'
import { type Call, Here, compare, mutated, numeral, quoted, randomJson, randomNumber, randomSource } from './codecs.ts'

const encoded = [
  '',
  '1,2',
  'nil',
  'cjson.null',
  'true',
  '"/\\"\\\\\\b\\f\\n\\r\\t\\127\\128\\255\\0"',
  '{}',
  '{{}}',
  '{1,2,3}',
  '{nil,2}',
  '{[3]=1}',
  '{[2147483647]=1}',
  '{[2147483648]=1}',
  '{[2147483648]=1,[2]=1}',
  '{[4294967297]=1}',
  '{[1/0]=1}',
  '{[-1/0]=1}',
  '{[0]=1}',
  '{[1.5]=1}',
  '{[-0.0001]=1}',
  '{[true]=1}',
  '{[pcall]=1}',
  '{[{}]=1}',
  'pcall',
  '{a=pcall}',
  '0/0',
  '-(0/0)',
  '1/0',
  'tonumber("-0")',
  '123456789012345',
  '1e15',
  '1e14',
  '99999999999999.5',
  '0.1',
  '1e-5',
  '0.0001',
  '{__proto__=1}',
  '{[""]={["constructor"]=1}}',
  '{{},{{}},{a={}}}',
]

const decoded = [
  '',
  ' ',
  '1',
  '[1,2',
  '[1 2]',
  '[1,]',
  '[,1]',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{"a":1 "b"}',
  '{1:2}',
  '{"a":1}}',
  '[1]\0garbage',
  'ab',
  '{ \0',
  '"a\0b"',
  '\0',
  '1\0',
  '12\0',
  '"\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
  '"\\ude00"',
  '"\\ud83d\\u0041"',
  '"\\u00e9\\u20ac"',
  '"\\uFFFF"',
  '"\\u12"',
  '"\\x"',
  '"abc',
  '"abc\\',
  '{"a":1,"a":2}',
  '{"__proto__":{"constructor":1}}',
  '[null,null]',
  '{"a":null}',
  'nan',
  '[NaN,nan(abc),-inf,Infinity,+1,0x1F,0x.8p1,01]',
  '[truefalse]',
  '[true]x',
  '[\v1]',
  '\xef\xbb\xbf[]',
  '1e999',
  '[1]]',
  '[1]"unfinished',
  '[1]"\\x"',
  '[1]nan',
  '["a""b"]',
]

/** Each function of the configuration with arguments that it takes and some that it does not. */
function randomOption(random: Random): Call {
  const number = (): string =>
    random.pick([
      '1',
      '2',
      '3',
      '10',
      '14',
      '15',
      '0',
      '-1',
      '1000',
      '"5"',
      '"x"',
      '2^31',
      '2^32+7',
      '1.9',
      'nil',
      'true',
      '{}',
    ])
  const word = (): string =>
    random.pick(['true', 'false', '"on"', '"off"', '"null"', '"no"', 'nil', '1', '{}', '"on\\0ly"'])
  switch (random.int(0, 6)) {
    case 0:
      return {
        name: 'encode_sparse_array',
        // A ratio of 0 lets arrays be as sparse as they like, and the server dies of the key 2^31-1.
        source: [word(), number().replace(/^0$/, '3'), number(), number()].slice(0, random.int(0, 4)).join(','),
      }
    case 1:
      return {
        name: random.pick(['encode_max_depth', 'decode_max_depth']),
        source: [number(), number()].slice(0, random.int(0, 2)).join(','),
      }
    case 2:
      return { name: 'encode_number_precision', source: random.pick(['1', '2', '3', '7', '14', number(), '']) }
    case 3:
    case 4:
      return { name: 'encode_invalid_numbers', source: random.pick(['', `${word()},${word()}`, word(), word()]) }
    case 5:
      return { name: 'decode_invalid_numbers', source: random.pick(['', `${word()},${word()}`, word(), word()]) }
    default:
      return { name: 'encode_keep_buffer', source: random.pick(['', `${word()},${word()}`, word(), word()]) }
  }
}

const defaults: readonly Call[] = [
  { name: 'encode_sparse_array', source: 'false,2,10' },
  { name: 'encode_max_depth', source: '1000' },
  { name: 'decode_max_depth', source: '1000' },
  { name: 'encode_number_precision', source: '14' },
  { name: 'encode_invalid_numbers', source: 'false' },
  { name: 'decode_invalid_numbers', source: 'true' },
  { name: 'encode_keep_buffer', source: 'true' },
]

const odd = [...'{}[],:"\\ \0\n0-+.eExtfnuNI\v/\x7f\xff']

function randomText(random: Random): string {
  const text = randomJson(random, 3)
  return random.int(0, 2) === 0 ? mutated(random, text, odd) : text
}

describe('cjson', () => {
  const live = liveServer()

  it('has the members of the server', async context => {
    if (live.server === undefined) return context.skip()
    const names = await live.client.one(
      'EVAL',
      'local t={} for k in pairs(cjson) do t[#t+1]=k end table.sort(t) return t',
      '0',
    )
    const here = new Here().libraries.cjson
    const ours: string[] = []
    for (let pair = here.next(undefined); pair; pair = here.next(pair.key)) ours.push(JSON.stringify(pair.key))
    expect(`[${ours.sort().join(' ')}]`).toBe(names)
    expect(await live.client.one('EVAL', 'return cjson._NAME .. cjson._VERSION', '0')).toBe(
      `"${String(here.get('_NAME'))}${String(here.get('_VERSION'))}"`,
    )
  })

  it('encodes and decodes as the server', async context => {
    if (live.server === undefined) return context.skip()
    const calls = [
      ...encoded.map(source => ({ name: 'encode', source })),
      ...decoded.map(text => ({ name: 'decode', source: quoted(text) })),
      ...['', '1,2', 'nil', '{}', '12', 'true'].map(source => ({ name: 'decode', source })),
    ]
    await compare(live.client, new Here(), 'cjson', calls)
  })

  it('encodes random values as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed)
    const here = new Here()
    for (let left = cases(4000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, () => ({
        name: 'encode',
        source: randomSource(random, random.int(1, 3)),
      }))
      await compare(live.client, here, 'cjson', calls)
    }
  })

  it('decodes random text as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed + 1)
    const here = new Here()
    for (let left = cases(6000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, () => ({ name: 'decode', source: quoted(randomText(random)) }))
      await compare(live.client, here, 'cjson', calls)
    }
  })

  it('is configured as the server, for all scripts that follow', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed + 2)
    const here = new Here()
    const sparse = ['{[11]=1}', '{[30]=1}', '{[30]=1,[29]=1,a=1}', '{[5]=1,[7]=1}', '{{[20]=1}}']
    await compare(live.client, here, 'cjson', [
      ...['true,2,10', 'false,0', 'nil,3,4', 'true,1,0', 'false,2147483647,0'].flatMap(options => [
        { name: 'encode_sparse_array', source: options },
        ...sparse.map(source => ({ name: 'encode', source })),
      ]),
      ...defaults,
    ])
    for (let left = cases(6000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, (): Call => {
        switch (random.int(0, 5)) {
          case 0:
          case 1:
            return randomOption(random)
          case 2:
            return { name: 'encode', source: numeral(randomNumber(random)) }
          case 3:
            return { name: 'decode', source: quoted(randomText(random)) }
          default:
            return { name: 'encode', source: randomSource(random, random.int(1, 3)) }
        }
      })
      await compare(live.client, here, 'cjson', [...calls, ...defaults])
    }
  })

  it('stops at the depth where the server does', async context => {
    if (live.server === undefined) return context.skip()
    const here = new Here()
    const depths = [999, 1000, 1001, 3998, 3999, 4000, 7997, 7998, 7999, 9000]
    for (const limit of [1000, 100_000]) {
      here.call('cjson', 'encode_max_depth', [limit])
      here.call('cjson', 'decode_max_depth', [limit])
      const wrap = [(t: Value) => new Table([t]), (t: Value) => pairOf('a', t)]
      const sources = ['{t}', '{a=t}']
      for (const depth of depths) {
        for (const kind of [0, 1]) {
          const answer = await live.client.one(
            'EVAL',
            `cjson.encode_max_depth(${limit}) cjson.decode_max_depth(${limit})
            local t={} for i=2,${depth} do t=${sources[kind]} end
            local text=string.rep('${kind === 0 ? '[' : '{"a":'}',${depth})
            local function f(...) return tostring(select(2,pcall(...))) end
            local a=f(loadstring('local t=... return cjson.encode(t)','@user_script'),t)
            cjson.encode_max_depth(1000) cjson.decode_max_depth(1000)
            cjson.decode_max_depth(${limit})
            local b=f(loadstring('local t=... return cjson.decode(t)','@user_script'),text)
            cjson.decode_max_depth(1000) return {a,b}`,
            '0',
          )
          let t: Value = new Table()
          for (let i = 2; i <= depth; i++) t = wrap[kind](t)
          const a = here.call('cjson', 'encode', [t])
          const b = here.call('cjson', 'decode', [(kind === 0 ? '[' : '{"a":').repeat(depth)])
          const text = (result: string): string =>
            result.startsWith('error ') ? JSON.stringify(result.slice(6)) : result
          expect(`[${text(a)} ${text(b)}]`, `${depth} of ${sources[kind]} below ${limit}`).toBe(answer)
        }
      }
    }
  })

  it('reads back what it has nested deeply', () => {
    const here = new Here()
    here.call('cjson', 'decode_max_depth', [7000])
    here.call('cjson', 'encode_max_depth', [7000])
    const text = '['.repeat(7000) + ']'.repeat(7000)
    const nested = call(here, 'decode', text)
    // The innermost table is without elements, which is an object.
    expect(call(here, 'encode', nested)).toBe(`${'['.repeat(6999)}{}${']'.repeat(6999)}`)
  })

  it('gives a library of its own configuration', () => {
    const here = new Here()
    const other = here.libraries.cjson.get('new') as Callable
    here.call('cjson', 'encode_max_depth', [5])
    const library = other.call0() as Table
    expect((library.get('encode_max_depth') as Callable).call0()).toBe(1000)
    expect((library.get('encode_max_depth') as Callable).call1(7)).toBe(7)
    expect(here.call('cjson', 'encode_max_depth', [])).toBe('5')
    expect(library.get('null')).toBe(nullPointer)
  })

  it('counts memory and work', () => {
    const here = new Here()
    const { m } = here
    let wide: Value = new Table()
    for (let i = 0; i < 100; i++) wide = new Table([wide, wide])
    m.limit({ instructions: Infinity, memory: 100_000 })
    expect(here.call('cjson', 'encode', [wide])).toBe('error not enough memory')
    m.limit({ instructions: 10_000, memory: Infinity })
    expect(() => here.call('cjson', 'encode', [wide])).toThrow(Killed)
    m.limit({ instructions: Infinity, memory: 1000 })
    expect(here.call('cjson', 'decode', ['[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]'])).toBe(
      'error not enough memory',
    )
    expect(here.call('cjson', 'encode', ['\0'.repeat(900)])).toBe('error not enough memory')
    const sparse = new Table()
    sparse.set(2 ** 31 - 1, 1)
    here.call('cjson', 'encode_sparse_array', [false, 0])
    expect(here.call('cjson', 'encode', [sparse])).toBe('error not enough memory')
  })

  it('throws nothing else than errors of Lua', () => {
    expect(() => call(new Here(), 'decode', '[')).toThrow(LuaError)
  })
})

function pairOf(key: string, value: Value): Table {
  const table = new Table()
  table.set(key, value)
  return table
}

function call(here: Here, name: string, value: Value): Value {
  return (here.libraries.cjson.get(name) as Callable).call1(value) as Value
}
