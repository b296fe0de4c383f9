import { describe, expect, it } from 'vitest'
import { hostSite, LuaError, Machine, typeOf } from '../../src/script/lua/machine.ts'
import { Table } from '../../src/script/lua/table.ts'
import { tableLibrary } from '../../src/script/lua/table-library.ts'
import type { Value } from '../../src/script/lua/value.ts'
import { liveServer } from '../support/live.ts'
import { answer, type Argument, type Both, type Call, call, changing, differences, live } from '../support/lua-calls.ts'
import { fc } from '../support/properties.ts'
import { cases, seed } from '../util/live.ts'

function less(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return a < b
  const [one, other] = [typeOf(a), typeOf(b)]
  const what = one === other ? `two ${one} values` : `${one} with ${other}`
  throw new LuaError(`attempt to compare ${what}`, hostSite)
}

const m = new Machine()
const tables = tableLibrary(m, less)
const library = (name: string): Value => tables.getText(name.slice('table.'.length))

const any: Argument[] = [undefined, true, 0, -1, 2, 2.5, '', '2', 'abc', [], [1, 2, 3]]
const number = fc.integer({ min: -5, max: 5 })
const list = fc.oneof(
  fc.array(number, { maxLength: 20 }),
  fc.array(fc.double(), { maxLength: 20 }),
  fc.array(fc.constantFrom('', 'a', 'b', 'ab', 'a\0', '\xff', 'Z', '\xe4'), { maxLength: 20 }),
  fc.array(fc.constantFrom<Argument>(1, 'a', true, 2), { maxLength: 5 }),
)
const place = fc.oneof(
  fc.integer({ min: -2, max: 8 }),
  fc.constantFrom<Argument>(1.9, '2', 2 ** 32 + 1, NaN, undefined, 'x'),
)

/** Orders, good and bad, and what they tell about the ways they are asked. */
const orders: Both[] = [
  { lua: 'function(a, b) return a > b end', run: ([a, b]) => less(b, a) },
  { lua: 'function(a, b) return a <= b end', run: ([a, b]) => atMost(a, b) },
  { lua: 'function(a, b) return true end', run: () => true },
  { lua: 'function(a, b) return 0 end', run: () => 0 },
  { lua: 'function(a, b) return end', run: () => undefined },
  { lua: 'function(a, b) return a % 3 < b % 3 end', run: ([a, b]) => rest(a) < rest(b) },
]

/** As in the source of a script, whose line errors tell. */
function atMost(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b
  throw new LuaError(`user_script:1: attempt to compare ${typeOf(a)} with ${typeOf(b)}`, hostSite)
}

function rest(a: Value): number {
  const n = a as number
  return n - Math.floor(n / 3) * 3
}

describe('the library table', () => {
  const server = liveServer()

  function sample(arbitrary: fc.Arbitrary<Call>, count: number): Call[] {
    return fc.sample(arbitrary, { numRuns: cases(count), seed })
  }

  async function compare(calls: readonly Call[]): Promise<void> {
    const found = await differences(server, m, library, calls)
    expect(found.length === 0 ? '' : `${found.length} of ${calls.length}\n${found.slice(0, 12).join('\n')}`).toBe('')
  }

  it('answers whatever it gets as Redis does', async context => {
    context.skip(server.server === undefined)
    const names = 'concat foreach foreachi getn insert maxn remove setn sort'.split(' ')
    await compare(
      names.flatMap(name => [
        call(`table.${name}`),
        ...any.map(a => call(`table.${name}`, a)),
        ...any.flatMap(a => any.map(b => call(`table.${name}`, a, b))),
        ...any.flatMap(a => any.map(b => call(`table.${name}`, [3, 1, 'x'], a, b))),
        ...any.flatMap(a => any.map(b => call(`table.${name}`, [3, 1, 'x'], '-', a, b))),
      ]),
    )
  })

  it('puts in, takes out and joins as Redis does', async context => {
    context.skip(server.server === undefined)
    const short = fc.array(fc.constantFrom<Argument>(1, 2.5, 'a', 'bc', '\0', -0), { maxLength: 6 })
    await compare([
      ...sample(
        fc
          .tuple(short, place, fc.boolean())
          .map(([t, at, with3]) =>
            with3 ? changing('table.insert', t, at, 'new') : changing('table.insert', t, 'new'),
          ),
        1000,
      ),
      ...sample(
        fc
          .tuple(short, place, fc.boolean())
          .map(([t, at, with2]) => (with2 ? changing('table.remove', t, at) : changing('table.remove', t))),
        1000,
      ),
      ...sample(
        fc
          .tuple(short, fc.constantFrom<Argument>(undefined, '', ', ', 7), place, place)
          .map(([t, separator, from, to]) => call('table.concat', t, separator, from, to)),
        1000,
      ),
      ...sample(
        short.map(t =>
          call('table.foreach', t, {
            lua: 'function(k, v) if v == "a" then return k end end',
            run: ([k, v]) => (v === 'a' ? k : undefined),
          }),
        ),
        200,
      ),
      ...sample(
        short.map(t =>
          call('table.foreachi', t, {
            lua: 'function(k, v) if v == "a" then return k .. "!" end end',
            run: ([k, v]) => (v === 'a' ? `${String(k)}!` : undefined),
          }),
        ),
        200,
      ),
    ])
  })

  it('sorts as Redis does', async context => {
    context.skip(server.server === undefined)
    await compare([
      ...sample(
        list.map(t => changing('table.sort', t)),
        1500,
      ),
      ...sample(
        fc
          .tuple(fc.oneof(fc.array(number, { maxLength: 30 }), fc.array(fc.integer())), fc.constantFrom(...orders))
          .map(([t, order]) => changing('table.sort', t, order)),
        3000,
      ),
    ])
  })

  it('asks an order the same questions as Redis does', async context => {
    context.skip(server.server === undefined)
    const lists = fc.sample(fc.array(number, { maxLength: 40 }), { numRuns: cases(300), seed })
    const expected = await live(
      server,
      lists.map(
        t =>
          `local asked = '' table.sort({${t.join(',')}}, function(a, b) asked = asked .. a .. '<' .. b .. ' ' return a < b end) return asked`,
      ),
    )
    const got = lists.map(t => {
      let asked = ''
      const order: Both = {
        lua: '',
        run: ([a, b]) => {
          asked += `${String(a)}<${String(b)} `
          return less(a, b)
        },
      }
      answer(m, library, call('table.sort', t, order))
      return `true ${asked.length}:${asked}`
    })
    expect(got).toEqual(expected)
  })

  it('changes no table that is readonly', () => {
    const refuse = (name: string, ...args: Value[]): void => {
      const table = new Table([2, 1])
      table.readonly = true
      try {
        ;(library(name) as { callN(args: Value[]): unknown } & object).callN([table, ...args])
      } catch (e) {
        expect((e as LuaError).value).toBe('Attempt to modify a readonly table')
        return
      }
      expect.fail(name)
    }
    refuse('table.insert', 3)
    refuse('table.insert', 1, 3)
    refuse('table.remove')
    refuse('table.sort')
  })
})
