import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Table } from '../../src/script/lua/table.ts'
import type { Value } from '../../src/script/lua/value.ts'

const objects = [new Table(), new Table()]
/** Few keys, so that they meet: those around the end of the items, and others. */
const keys = fc.oneof(
  fc.integer({ min: -1, max: 12 }),
  fc.constantFrom<Value>(
    'a',
    'b',
    '1',
    '__proto__',
    'constructor',
    true,
    false,
    1.5,
    -0,
    2 ** 53,
    Infinity,
    ...objects,
  ),
)
const values = fc.oneof({ weight: 3, arbitrary: fc.integer() }, { weight: 2, arbitrary: fc.constant(undefined) })

/** All pairs, in the order of a traversal, during which `meanwhile` is called for each key. */
function pairsOf(table: Table, meanwhile: (key: Value) => void = () => {}): [Value, Value][] {
  const pairs: [Value, Value][] = []
  let key: Value
  for (;;) {
    const pair = table.next(key)
    if (pair === false) return pairs
    if (pair === undefined) throw new Error(`no key ${String(key)}`)
    key = pair.key
    pairs.push([pair.key, pair.value])
    meanwhile(key)
  }
}

describe('a table', () => {
  it('holds what was put into it, and no more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(7, undefined), { maxLength: 6 }),
        fc.array(fc.tuple(keys, values), { maxLength: 60 }),
        (items, steps) => {
          const table = new Table(items.slice())
          const model = new Map<Value, Value>()
          for (const [i, item] of items.entries()) if (item !== undefined) model.set(i + 1, item)
          for (const [key, value] of steps) {
            table.set(key, value)
            if (value === undefined) model.delete(key)
            else model.set(key, value)
            expect(table.get(key)).toBe(value)
            const { length } = table
            expect(length === 0 || model.has(length)).toBe(true)
            expect(model.has(length + 1)).toBe(false)
          }
          const pairs = pairsOf(table)
          expect(pairs).toHaveLength(model.size)
          expect(new Map(pairs)).toEqual(model)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('can be emptied and changed while it is traversed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.integer()), { maxLength: 40 }), entries => {
        const table = new Table()
        const model = new Map<Value, Value>()
        for (const [key, value] of entries) {
          table.set(key, value)
          model.set(key, value)
        }
        const seen = pairsOf(table, key => table.set(key, undefined))
        expect(new Map(seen)).toEqual(model)
        expect(pairsOf(table)).toEqual([])
        expect(table.length).toBe(0)
      }),
    )
  })

  it('tells a key that it does not have', () => {
    const table = new Table([1, 2])
    expect([table.next('x'), table.next(3), table.next(1.5)]).toEqual([undefined, undefined, undefined])
    expect(table.next(2)).toBe(false)
  })
})
