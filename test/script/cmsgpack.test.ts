import { describe, expect, it } from 'vitest'
import { Killed } from '../../src/script/lua/machine.ts'
import { Table } from '../../src/script/lua/table.ts'
import { Callable, type Result, type Value, valuesOf } from '../../src/script/lua/value.ts'
import { liveServer } from '../support/live.ts'
import { Random, cases, seed } from '../util/live.ts'
import { ask, type Call, Here, compare, mutated, quoted, randomSource } from './codecs.ts'

const packed = [
  '',
  'nil',
  'nil,nil',
  'true,false,cjson.null,pcall',
  '0,127,128,255,256,65535,65536,2^32-1,2^32,2^53,2^63-1024,2^63,2^64',
  '-1,-32,-33,-128,-129,-32768,-32769,-2^31,-2^31-1,-2^53-2,-2^63,-2^63-2048',
  '0.5,0.1,1/0,-1/0,0/0,1e300,2^-149,2^-150,tonumber("-0")',
  '"",string.rep("a",31),string.rep("a",32),string.rep("a",255),string.rep("a",256)',
  'string.rep("a",65535)',
  'string.rep("a",65536)',
  '{}',
  '{1,2,3}',
  '{1,nil,3}',
  '{[1]=1,[3]=1}',
  '{[2]=1}',
  '{[0]=1}',
  '{[1.5]=1}',
  '{[2^31]=1}',
  '{[1]=1,a=2}',
  '{{},{a={}}}',
  '{[{}]=1}',
  '{[pcall]=pcall}',
  '(function() local t={} for i=1,20 do t={t} end return t end)()',
  '(function() local t={} for i=1,20 do t={a=t} end return t end)()',
  '(function() local t={} for i=1,20 do t={[t]=1} end return t end)()',
  '(function() local t={} for i=1,15 do t[i]=i end return t end)()',
  '(function() local t={} for i=1,16 do t[i]=i end return t end)()',
  '(function() local t={} for i=1,65536 do t[i]=i end return t end)()',
  '{__proto__=1}',
]

const bytes = [
  '',
  '\xc0',
  '\xc1',
  '\xc4\x01a',
  '\xc7\x01\x01a',
  '\xd4\x01a',
  '\x01\x02\x03',
  '\x81\xc0\x01',
  '\x81\xcb\x7f\xf8\0\0\0\0\0\x01',
  '\x81\x01\xc0',
  '\xdd\xff\xff\xff\xff',
  '\xdd\xff\xff\xff\xff\x01',
  '\xdf\xff\xff\xff\xff\x01\x02',
  '\xdb\xff\xff\xff\xffabc',
  '\xda\xff\xff',
  '\xd9',
  '\x93\x01\x02',
  '\xcf\xff\xff\xff\xff\xff\xff\xff\xff',
  '\xcf\x80\0\0\0\0\0\0\0',
  '\xd3\x80\0\0\0\0\0\0\0',
  '\xd3\x7f\xff\xff\xff\xff\xff\xff\xff',
  '\xcf\0\x20\0\0\0\0\0\x01',
  '\x82\xa9__proto__\x01\xabconstructor\x02',
  '\x92\xc0\xc0',
  '\x93\x01\xc0\x03',
]

const marks = [
  ...'\xc0\xc1\xc2\xc3\xc4\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd9\xda\xdb\xdc\xdd\xde\xdf\x80\x81\x8f\x91\x93\x9f\xa0\xa1\xbf\xe0\xff\0\x01\x7f',
]

describe('cmsgpack', () => {
  const live = liveServer()

  it('has the members of the server, and there is no cmsgpack_safe', async context => {
    if (live.server === undefined) return context.skip()
    const lines = await live.client.one(
      'EVAL',
      `local t={} for k,v in pairs(cmsgpack) do t[#t+1]=k..'='..(type(v)=='string' and v or type(v)) end
      table.sort(t) return {rawget(_G,'cmsgpack_safe')==nil and 1 or 0,unpack(t)}`,
      '0',
    )
    const here = new Here().libraries.cmsgpack
    const ours: string[] = []
    for (let pair = here.next(undefined); pair; pair = here.next(pair.key))
      ours.push(JSON.stringify(`${String(pair.key)}=${typeof pair.value === 'string' ? pair.value : 'function'}`))
    expect(`[:1 ${ours.sort().join(' ')}]`).toBe(lines)
  })

  it('packs and unpacks as the server', async context => {
    if (live.server === undefined) return context.skip()
    const number = ['nil', '0', '1', '2', '-1', '"1"', '"x"', '2^32+1', '-2^40', '1e300', '0/0', '{}', '1.9']
    const calls = [
      ...packed.map(source => ({ name: 'pack', source })),
      ...bytes.map(text => ({ name: 'unpack', source: quoted(text) })),
      ...bytes.map(text => ({ name: 'unpack_one', source: quoted(text) })),
      ...number.map(n => ({ name: 'unpack_one', source: `"abc",${n}` })),
      ...['0,3', '0,4', '1,3', '2', '4'].map(more => ({ name: 'unpack_limit', source: `"abc",${more}` })),
      ...number.flatMap(n => number.map(k => ({ name: 'unpack_limit', source: `"abc",${n},${k}` }))),
      ...['unpack', 'unpack_one', 'unpack_limit'].flatMap(name =>
        ['', '1', 'nil', '{}', '"a",1,2,3'].map(source => ({ name, source })),
      ),
    ]
    await compare(live.client, new Here(), 'cmsgpack', calls)
  })

  it('packs random values as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed)
    const here = new Here()
    for (let left = cases(2000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, () => ({
        name: 'pack',
        source: Array.from({ length: random.int(1, 3) }, () => randomSource(random, random.int(1, 3))).join(','),
      }))
      await compare(live.client, here, 'cmsgpack', calls)
    }
  })

  it('unpacks random bytes as the server', async context => {
    if (live.server === undefined) return context.skip()
    const random = new Random(seed + 1)
    const here = new Here()
    const values = Array.from({ length: 500 }, () => ({ name: 'pack', source: randomSource(random, 2) }))
    const good = (await ask(live.client, 'cmsgpack', values)).map(answer => String(call(here, 'pack', ...answer.args)))
    for (let left = cases(6000); left > 0; left -= 500) {
      const calls = Array.from({ length: 500 }, (): Call => {
        let text = random.pick(good)
        const kind = random.int(0, 9)
        if (kind < 4) text = mutated(random, text, marks)
        else if (kind < 7) text = Array.from({ length: random.int(0, 12) }, () => random.pick(marks)).join('')
        else if (kind === 7) text += random.pick(good)
        const number = (): string => random.pick(['nil', '0', '1', '2', '3', String(random.int(0, text.length))])
        switch (random.int(0, 3)) {
          case 0:
            return { name: 'unpack_one', source: `${quoted(text)},${number()}` }
          case 1:
            return { name: 'unpack_limit', source: `${quoted(text)},${random.int(0, 4)},${number()}` }
          default:
            return { name: 'unpack', source: quoted(text) }
        }
      })
      await compare(live.client, here, 'cmsgpack', calls)
    }
  })

  it('gives up at the depth and the count where the server does', async context => {
    if (live.server === undefined) return context.skip()
    const here = new Here()
    const repeats: [string, string[]][] = [
      ['\x91', ['']],
      ['\x81\x01', ['']],
      ['\x81', ['']],
      ['\x91\x81\x01', ['']],
      ['\x01', ['', ',1']],
    ]
    for (const [unit, extra] of repeats) {
      for (const more of extra) {
        for (const count of [2666, 2667, 3997, 3998, 3999, 4000, 4001, 7997, 7998, 7999, 8000, 8001]) {
          const inner = '\xc1'
          const text = unit === '\x01' ? unit.repeat(count) : unit.repeat(count) + inner
          const answer = await live.client.one(
            'EVAL',
            `local t=string.rep(${quoted(unit)},${count})${unit === '\x01' ? '' : `..${quoted(inner)}`}
            local f=loadstring('local t=... return select("#",cmsgpack.unpack(t${more}))','@user_script')
            return tostring(select(2,pcall(f,t)))`,
            '0',
          )
          let ours = here.call('cmsgpack', 'unpack', more === '' ? [text] : [text, 1])
          ours = ours.startsWith('error ') ? ours.slice(6) : String(ours.split(' ').length)
          expect(JSON.stringify(ours), `${count} times ${quoted(unit)}`).toBe(answer)
        }
      }
    }
  })

  it('allocates what is there, not what the input says, and counts it', () => {
    const here = new Here()
    const { m } = here
    m.limit({ instructions: Infinity, memory: 1000 })
    const missing = 'error user_script:1: Missing bytes in input.'
    expect(here.call('cmsgpack', 'unpack', ['\xdd\xff\xff\xff\xff'])).toBe(missing)
    expect(here.call('cmsgpack', 'unpack', ['\xdf\xff\xff\xff\xff\x01'])).toBe(missing)
    expect(here.call('cmsgpack', 'unpack', ['\xdb\xff\xff\xff\xff'])).toBe(missing)
    expect(here.call('cmsgpack', 'unpack', ['\x90'.repeat(100)])).toBe('error not enough memory')
    m.limit({ instructions: Infinity, memory: 1000 })
    let wide: Value = new Table()
    for (let i = 0; i < 16; i++) wide = new Table([wide, wide, wide, wide])
    expect(here.call('cmsgpack', 'pack', [wide])).toBe('error not enough memory')
    m.limit({ instructions: 1000, memory: Infinity })
    expect(() => here.call('cmsgpack', 'pack', [wide])).toThrow(Killed)
  })
})

function call(here: Here, name: string, ...args: Value[]): Value {
  const result: Result = (here.libraries.cmsgpack.get(name) as Callable).callN(args)
  return valuesOf(result)[0]
}
