import { describe, expect, it } from 'vitest'
import { Killed, LuaError, Machine } from '../../src/script/lua/machine.ts'
import { stringLibrary } from '../../src/script/lua/string-library.ts'
import { tableLibrary } from '../../src/script/lua/table-library.ts'
import { Table } from '../../src/script/lua/table.ts'
import { type Builtin, type Value, valuesOf } from '../../src/script/lua/value.ts'

function machine(budget: number, memory: number): (name: string, ...args: Value[]) => readonly Value[] {
  const m = new Machine()
  m.limit({ instructions: budget, memory })
  const libraries = [stringLibrary(m, (t, k) => (t as Table).get(k)), tableLibrary(m, () => false)]
  return (name, ...args) => {
    const callee = libraries.map(library => library.getText(name)).find(found => found !== undefined)
    return valuesOf((callee as Builtin).callN(args))
  }
}

function failure(run: () => unknown): Value {
  try {
    run()
  } catch (e) {
    if (e instanceof LuaError) return e.value
    throw e
  }
  return undefined
}

describe('strings have limits', () => {
  it('ends a match that would take too long', () => {
    const call = machine(1e6, Infinity)
    expect(() => call('find', 'a'.repeat(40), `${'a?'.repeat(40)}${'a'.repeat(41)}`)).toThrow(Killed)
    const other = machine(1e6, Infinity)
    expect(() => other('match', 'a'.repeat(3000), '.-.-.-.-b')).toThrow(Killed)
    const backwards = machine(1e6, Infinity)
    expect(() => backwards('gsub', '('.repeat(1e5), '%b()', '')).toThrow(Killed)
    const moving = machine(1e6, Infinity)
    expect(() => {
      const table = new Table(Array.from({ length: 1e5 }, () => 1))
      for (let i = 0; i < 1000; i++) moving('insert', table, 1, i)
    }).toThrow(Killed)
  })

  it('asks no more of the stack for long texts and long patterns', () => {
    const call = machine(Infinity, Infinity)
    const long = 'ab'.repeat(200_000)
    expect(call('match', long, '^(.-)$')).toEqual([long])
    expect(call('match', long, '^([ab]*)b$')).toEqual([long.slice(0, -1)])
    expect(call('find', long, 'a?b?'.repeat(50_000))).toEqual([1, 100_000])
    expect(call('gsub', long, '%w', '%0%0')[1]).toBe(400_000)
    expect(call('upper', `${long}\xe4`)).toEqual([`${long.toUpperCase()}\xe4`])
    expect(call('reverse', long)).toEqual(['ba'.repeat(200_000)])
  })

  it('makes no string that there is no memory for', () => {
    const call = machine(Infinity, 10_000)
    const error = 'not enough memory'
    expect(failure(() => call('rep', 'x', 10_001))).toBe(error)
    const text = 'x'.repeat(20_000)
    for (const name of ['upper', 'lower', 'reverse'])
      expect(failure(() => machine(Infinity, 10_000)(name, text))).toBe(error)
    expect(failure(() => machine(Infinity, 10_000)('sub', text, 2))).toBe(error)
    expect(failure(() => machine(Infinity, 10_000)('match', text, '.*'))).toBe(error)
    expect(failure(() => machine(Infinity, 10_000)('gsub', text, '.', '%0'))).toBe(error)
    expect(failure(() => machine(Infinity, 10_000)('format', '%s%q', text, text))).toBe(error)
    expect(failure(() => machine(Infinity, 10_000)('concat', new Table([text])))).toBe(error)
  })

  it('makes no string that JavaScript could not make', () => {
    const call = machine(Infinity, Infinity)
    const error = 'not enough memory'
    expect(failure(() => call('rep', 'x', 2 ** 31 - 1))).toBe(error)
    const [large] = call('rep', 'x', 2 ** 28)
    expect(failure(() => call('format', '%s%s', large, large))).toBe(error)
    expect(failure(() => call('format', '%q', '\0'.repeat(2 ** 27)))).toBe(error)
    expect(failure(() => call('concat', new Table([large, large])))).toBe(error)
    expect(failure(() => call('gsub', 'xx', 'x', large))).toBe(error)
  })
})
