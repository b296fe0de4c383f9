import type { Operator } from './ast.ts'
import { LONG_TEXT, type Machine, type Site, LuaError, typeOf, toNumber } from './machine.ts'
import { SPELLING } from './arguments.ts'
import { formatNumber } from './numbers.ts'
import { compute } from './power.ts'
import { Table } from './table.ts'
import { Callable, first, type Result, type Value } from './value.ts'

/*
 * What operators do beyond their fast paths: metamethods, coercion, errors. `site` is the place in the source, and `named`
 * how the source names the operand: `local 'x'`, or nothing.
 */

/** How the source names a value, for error texts; undefined when it does not. */
export type Named = string | undefined

/** How long a chain of tables behind `__index` or `__newindex` may be. */
const LONGEST_CHAIN = 100

/** What a metamethod takes besides its call, and a table to look into when there is nothing in the one before. */
const METAMETHOD = 15
const FURTHER = 8

/** V8's longest string. */
const LONGEST_STRING = 2 ** 29 - 25

export function faultAt(site: Site, message: string): LuaError {
  return new LuaError(site.line < 0 ? message : `${site.chunk}:${site.line}: ${message}`, site)
}

export function typeFault(site: Site, action: string, value: Value, named: Named): LuaError {
  const what = named === undefined ? `a ${typeOf(value)} value` : `${named} (a ${typeOf(value)} value)`
  return faultAt(site, `attempt to ${action} ${what}`)
}

function callAt(m: Machine, site: Site, callee: Value, a: Value, b: Value): Value {
  m.spend(METAMETHOD)
  m.site = site
  if (callee instanceof Callable) return first(callee.call2(a, b))
  return first(callOther(m, callee, [a, b], site, undefined))
}

/** Calls what is no function. */
export function callOther(m: Machine, callee: Value, args: Value[], site: Site, named: Named): Result {
  const handler = m.metamethod(callee, '__call')
  if (!(handler instanceof Callable)) throw typeFault(site, 'call', callee, named)
  args.unshift(callee)
  m.spend(METAMETHOD)
  m.site = site
  return handler.callN(args)
}

export function index(m: Machine, object: Value, key: Value, site: Site, named?: Named): Value {
  if (typeof key === 'string' && key.length >= LONG_TEXT) m.key(key)
  let from = object
  for (let i = 0; i < LONGEST_CHAIN; i++) {
    let handler: Value
    if (from instanceof Table) {
      const value = from.get(key)
      if (value !== undefined || from.meta === undefined) return value
      handler = from.meta.getText('__index')
      if (handler === undefined) return undefined
    } else {
      handler = m.metamethod(from, '__index')
      if (handler === undefined) throw typeFault(site, 'index', from, i === 0 ? named : undefined)
    }
    if (handler instanceof Callable) return callAt(m, site, handler, from, key)
    m.spend(FURTHER)
    from = handler
  }
  throw faultAt(site, 'loop in gettable')
}

export function setIndex(m: Machine, object: Value, key: Value, value: Value, site: Site, named?: Named): void {
  if (typeof key === 'string' && key.length >= LONG_TEXT) m.key(key)
  let into = object
  for (let i = 0; i < LONGEST_CHAIN; i++) {
    let handler: Value
    if (into instanceof Table) {
      if (into.meta === undefined || into.get(key) !== undefined) return store(m, into, key, value, site)
      handler = into.meta.getText('__newindex')
      if (handler === undefined) return store(m, into, key, value, site)
    } else {
      handler = m.metamethod(into, '__newindex')
      if (handler === undefined) throw typeFault(site, 'index', into, i === 0 ? named : undefined)
    }
    if (handler instanceof Callable) {
      m.spend(METAMETHOD)
      m.site = site
      handler.call3(into, key, value)
      return
    }
    m.spend(FURTHER)
    into = handler
  }
  throw faultAt(site, 'loop in settable')
}

function store(m: Machine, table: Table, key: Value, value: Value, site: Site): void {
  if (table.readonly) throw faultAt(site, 'Attempt to modify a readonly table')
  if (key === undefined) throw faultAt(site, 'table index is nil')
  if (key !== key) throw faultAt(site, 'table index is NaN')
  const bytes = table.set(key, value)
  if (bytes > 0) m.allocate(bytes)
}

/** The metamethod of an operator. */
const events: Readonly<Record<Operator | 'minus', string>> = {
  '+': '__add',
  '-': '__sub',
  '*': '__mul',
  '/': '__div',
  '%': '__mod',
  '^': '__pow',
  minus: '__unm',
}

/** What it takes to look at an operand that is no number. */
const COERCION = 20

/** Arithmetic of which an operand is no number. */
export function arithmetic(
  m: Machine,
  operator: Operator | 'minus',
  a: Value,
  b: Value,
  site: Site,
  namedA?: Named,
  namedB?: Named,
): Value {
  m.spend(COERCION + (typeof a === 'string' ? a.length : 0) + (typeof b === 'string' ? b.length : 0))
  const x = toNumber(a)
  const y = toNumber(b)
  if (x !== undefined && y !== undefined) return operator === 'minus' ? -x : compute(operator, x, y)
  const handler = m.metamethod(a, events[operator]) ?? m.metamethod(b, events[operator])
  if (handler !== undefined) return callAt(m, site, handler, a, b)
  if (x === undefined) throw typeFault(site, 'perform arithmetic on', a, namedA)
  throw typeFault(site, 'perform arithmetic on', b, namedB)
}

export function lengthOf(m: Machine, value: Value, site: Site, named?: Named): Value {
  if (value instanceof Table) return value.length
  if (typeof value === 'string') return value.length
  const handler = m.metamethod(value, '__len')
  if (handler === undefined) throw typeFault(site, 'get length of', value, named)
  return callAt(m, site, handler, value, undefined)
}

/** A metamethod of comparison counts when both operands have the same. */
function sharedHandler(m: Machine, a: Value, b: Value, event: string): Value {
  const handler = m.metamethod(a, event)
  return handler !== undefined && handler === m.metamethod(b, event) ? handler : undefined
}

function isTrue(value: Value): boolean {
  return value !== undefined && value !== false
}

function orderFault(site: Site, a: Value, b: Value): LuaError {
  const [x, y] = [typeOf(a), typeOf(b)]
  // Lua compares the third letters of the names.
  return faultAt(site, x[2] === y[2] ? `attempt to compare two ${x} values` : `attempt to compare ${x} with ${y}`)
}

/** Counts the comparison of two values, of which the first is a long text. */
export function readBoth(m: Machine, a: string, b: Value): void {
  if (typeof b !== 'string' || b.length < LONG_TEXT) return
  m.read(a)
  m.read(b)
  m.spend(Math.min(a.length, b.length) >> 5)
}

export function less(m: Machine, a: Value, b: Value, site: Site): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length >= LONG_TEXT) readBoth(m, a, b)
    return a < b
  }
  if (typeOf(a) === typeOf(b)) {
    const handler = sharedHandler(m, a, b, '__lt')
    if (handler !== undefined) return isTrue(callAt(m, site, handler, a, b))
  }
  throw orderFault(site, a, b)
}

export function lessOrEqual(m: Machine, a: Value, b: Value, site: Site): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length >= LONG_TEXT) readBoth(m, a, b)
    return a <= b
  }
  if (typeOf(a) === typeOf(b)) {
    const handler = sharedHandler(m, a, b, '__le')
    if (handler !== undefined) return isTrue(callAt(m, site, handler, a, b))
    const reverse = sharedHandler(m, b, a, '__lt')
    if (reverse !== undefined) return !isTrue(callAt(m, site, reverse, b, a))
  }
  throw orderFault(site, a, b)
}

export function equal(m: Machine, a: Value, b: Value, site: Site): boolean {
  if (a === b) return true
  if (!(a instanceof Table && b instanceof Table)) return false
  const handler = sharedHandler(m, a, b, '__eq')
  return handler !== undefined && isTrue(callAt(m, site, handler, a, b))
}

/** What a string costs that is two others. */
const JOINT_BYTES = 32

function spelled(m: Machine, n: number): string {
  m.spend(Number.isInteger(n) ? 5 : SPELLING)
  return formatNumber(n)
}

/** Two strings or numbers as one string; undefined when one is neither. */
export function joinTwo(m: Machine, a: Value, b: Value): string | undefined {
  const x = typeof a === 'string' ? a : typeof a === 'number' ? spelled(m, a) : undefined
  const y = typeof b === 'string' ? b : typeof b === 'number' ? spelled(m, b) : undefined
  if (x === undefined || y === undefined) return undefined
  const length = x.length + y.length
  // What is joined is not copied: the longer part is there already.
  m.allocate(JOINT_BYTES + (length < LONG_TEXT ? length : Math.min(x.length, y.length)))
  if (length > LONGEST_STRING) throw m.outOfMemory()
  if (length >= LONG_TEXT) m.joined(length)
  return x + y
}

/** Joins two values, of which one may be neither string nor number. */
export function concat(m: Machine, a: Value, b: Value, site: Site, namedA?: Named, namedB?: Named): Value {
  const text = joinTwo(m, a, b)
  if (text !== undefined) return text
  const handler = m.metamethod(a, '__concat') ?? m.metamethod(b, '__concat')
  if (handler !== undefined) return callAt(m, site, handler, a, b)
  if (typeof a === 'string' || typeof a === 'number') throw typeFault(site, 'concatenate', b, namedB)
  throw typeFault(site, 'concatenate', a, namedA)
}
