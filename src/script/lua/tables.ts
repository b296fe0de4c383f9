import type { Expression, Index, TableMaker } from './ast.ts'
import { isOpen } from './calls.ts'
import { addAll, type Compiler, type Execute } from './compile.ts'
import { nameIn, namedBy } from './names.ts'
import { type Evaluate, isLate, slotOf, valueOf } from './operand.ts'
import { index, setIndex } from './runtime.ts'
import { Table, TABLE_BYTES } from './table.ts'
import type { Value } from './value.ts'

export function indexOf(compiler: Compiler, e: Index): Evaluate {
  const { m } = compiler
  const object = compiler.one(e.object)
  const slot = slotOf(e.object)
  const site = compiler.site(e.line)
  const named = namedBy(e.object)
  const name = nameIn(e)
  if (typeof name === 'string') {
    // Libraries never change, so what was found in one is what will be found.
    let library: Table | undefined
    let known: Value
    return f => {
      const from = valueOf(f, slot, object)
      if (from === library && library !== undefined) return known
      if (from instanceof Table) {
        const value = from.getText(name)
        if (from.readonly && value !== undefined) {
          library = from
          known = value
        }
        if (value !== undefined || from.meta === undefined) return value
      }
      return index(m, from, name, site, named)
    }
  }
  const key = compiler.one(e.key)
  const keySlot = slotOf(e.key)
  if (isLate(e.object, e.key)) {
    return f => {
      const at = key(f)
      return index(m, object(f), at, site, named)
    }
  }
  return f => {
    const from = valueOf(f, slot, object)
    const at = valueOf(f, keySlot, key)
    if (from instanceof Table && typeof at === 'number') {
      const value = from.getNumber(at)
      if (value !== undefined || from.meta === undefined) return value
    }
    return index(m, from, at, site, named)
  }
}

export function assignIndex(compiler: Compiler, target: Index, given: Expression): Execute {
  const { m } = compiler
  const site = compiler.site(target.line)
  const named = namedBy(target.object)
  const object = compiler.one(target.object)
  const slot = slotOf(target.object)
  const key = compiler.one(target.key)
  const value = compiler.one(given)
  const name = nameIn(target)
  const lateObject = isLate(target.object, given) || isLate(target.object, target.key)
  const lateKey = isLate(target.key, given)
  if (lateObject || lateKey) {
    const earlyObject = lateObject ? () => undefined : object
    const earlyKey = lateKey ? () => undefined : key
    return f => {
      const table = earlyObject(f)
      const at = earlyKey(f)
      const put = value(f)
      setIndex(m, lateObject ? object(f) : table, lateKey ? key(f) : at, put, site, named)
      return undefined
    }
  }
  if (typeof name === 'string') {
    return f => {
      const table = valueOf(f, slot, object)
      const put = value(f)
      if (table instanceof Table && table.meta === undefined && !table.readonly) {
        const bytes = table.setText(name, put)
        if (bytes > 0) m.allocate(bytes)
      } else setIndex(m, table, name, put, site, named)
      return undefined
    }
  }
  const keySlot = slotOf(target.key)
  return f => {
    const table = valueOf(f, slot, object)
    const at = valueOf(f, keySlot, key)
    const put = value(f)
    if (typeof at === 'number' && at === at && table instanceof Table && table.meta === undefined && !table.readonly) {
      const bytes = table.setNumber(at, put)
      if (bytes > 0) m.allocate(bytes)
    } else setIndex(m, table, at, put, site, named)
    return undefined
  }
}

export function tableOf(compiler: Compiler, e: TableMaker): Evaluate {
  const { m } = compiler
  const site = compiler.site(e.line)
  const { items } = e
  compiler.work += items.length
  const pairs = items.filter(item => item.kind === 'pair')
  if (pairs.length === 0) {
    const list = compiler.list(items.map(item => item.value))
    return f => {
      const values = list(f)
      m.allocate(TABLE_BYTES + 16 * values.length)
      return new Table(values)
    }
  }
  // In the order of the source; values without a key come into the table at the end, and overwrite.
  const steps = items.map(item => {
    if (item.kind === 'item') return { key: undefined, value: compiler.one(item.value) }
    return { key: compiler.one(item.key), value: compiler.one(item.value) }
  })
  const last = items[items.length - 1]
  const rest = last.kind === 'item' && isOpen(last.value) ? compiler.all(last.value) : undefined
  if (rest !== undefined) steps.pop()
  return f => {
    const table = new Table([])
    const list: Value[] = []
    for (let i = 0; i < steps.length; i++) {
      const { key, value } = steps[i]
      if (key === undefined) list.push(value(f))
      else {
        const at = key(f)
        setIndex(m, table, at, value(f), site)
      }
    }
    if (rest !== undefined) addAll(rest(f), list)
    m.allocate(TABLE_BYTES + 16 * list.length)
    for (let i = 0; i < list.length; i++) table.setNumber(i + 1, list[i])
    return table
  }
}
