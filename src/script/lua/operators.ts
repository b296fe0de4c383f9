import type { Arithmetic, Comparing, Comparison, Concat, Expression } from './ast.ts'
import type { Compiler } from './compile.ts'
import type { Frame } from './function.ts'
import { namedBy } from './names.ts'
import { type Evaluate, isLate, slotOf, valueOf } from './operand.ts'
import { compute, modulo, power } from './power.ts'
import { arithmetic, concat, equal, joinTwo, less, lessOrEqual, readBoth } from './runtime.ts'
import { LONG_TEXT, type Machine, type Site } from './machine.ts'
import type { Value } from './value.ts'

export function arithmeticOf(compiler: Compiler, e: Arithmetic): Evaluate {
  const { m } = compiler
  const { operator, left, right } = e
  const a = compiler.one(left)
  const b = compiler.one(right)
  const slotA = slotOf(left)
  const slotB = slotOf(right)
  const site = compiler.site(e.line)
  const namedA = namedBy(left)
  const namedB = namedBy(right)
  const constant = right.kind === 'literal' && typeof right.value === 'number' ? right.value : 0
  if (constant !== 0 && (operator === '+' || operator === '-')) {
    const added = operator === '+' ? constant : -constant
    return f => {
      const x = valueOf(f, slotA, a)
      return typeof x === 'number' ? x + added : arithmetic(m, operator, x, constant, site, namedA, namedB)
    }
  }
  if (isLate(left, right)) {
    return f => {
      const y = b(f)
      const x = a(f)
      if (typeof x === 'number' && typeof y === 'number') return compute(operator, x, y)
      return arithmetic(m, operator, x, y, site, namedA, namedB)
    }
  }
  switch (operator) {
    case '+':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return x + y
        return arithmetic(m, '+', x, y, site, namedA, namedB)
      }
    case '-':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return x - y
        return arithmetic(m, '-', x, y, site, namedA, namedB)
      }
    case '*':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return x * y
        return arithmetic(m, '*', x, y, site, namedA, namedB)
      }
    case '/':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return x / y
        return arithmetic(m, '/', x, y, site, namedA, namedB)
      }
    case '%':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return modulo(x, y)
        return arithmetic(m, '%', x, y, site, namedA, namedB)
      }
    case '^':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'number' && typeof y === 'number') return power(x, y)
        return arithmetic(m, '^', x, y, site, namedA, namedB)
      }
  }
}

/** Adds to a variable, and puts the sum into one: what most loops do. */
export function sumInto(compiler: Compiler, slot: number, { left, right, line }: Arithmetic): (f: Frame) => undefined {
  const { m } = compiler
  const a = compiler.one(left)
  const b = compiler.one(right)
  const slotA = slotOf(left)
  const slotB = slotOf(right)
  const site = compiler.site(line)
  const namedA = namedBy(left)
  const namedB = namedBy(right)
  return f => {
    const x = valueOf(f, slotA, a)
    const y = valueOf(f, slotB, b)
    f[slot] = typeof x === 'number' && typeof y === 'number' ? x + y : arithmetic(m, '+', x, y, site, namedA, namedB)
    return undefined
  }
}

export function concatOf(compiler: Compiler, e: Concat): Evaluate {
  const { m } = compiler
  const site = compiler.site(e.line)
  const named = e.parts.map(namedBy)
  compiler.work += 4 * e.parts.length
  const parts = e.parts.map(part => compiler.one(part))
  if (parts.length === 2) {
    const [left, right] = parts
    return f => {
      const a = left(f)
      const b = right(f)
      return joinTwo(m, a, b) ?? concat(m, a, b, site, named[0], named[1])
    }
  }
  const end = parts.length - 1
  return f => {
    const values: Value[] = []
    for (let i = 0; i <= end; i++) values.push(parts[i](f))
    let result = values[end]
    for (let i = end - 1; i >= 0; i--) {
      const value = values[i]
      result =
        joinTwo(m, value, result) ?? concat(m, value, result, site, named[i], i + 1 === end ? named[end] : undefined)
    }
    return result
  }
}

export type Test = (f: Frame) => boolean

/** Whether an expression is true. */
export function testOf(compiler: Compiler, e: Expression): Test {
  switch (e.kind) {
    case 'comparison':
      return comparisonOf(compiler, e)
    case 'not': {
      const inner = testOf(compiler, e.operand)
      return f => !inner(f)
    }
    case 'and': {
      const left = testOf(compiler, e.left)
      const right = testOf(compiler, e.right)
      return f => left(f) && right(f)
    }
    case 'or': {
      const left = testOf(compiler, e.left)
      const right = testOf(compiler, e.right)
      return f => left(f) || right(f)
    }
    case 'one':
      return testOf(compiler, e.inner)
  }
  const value = compiler.one(e)
  const slot = slotOf(e)
  return f => {
    const given = valueOf(f, slot, value)
    return given !== undefined && given !== false
  }
}

function comparisonOf(compiler: Compiler, e: Comparing): Test {
  const { m } = compiler
  const { operator, left, right } = e
  compiler.work += 0.5
  const a = compiler.one(left)
  const b = compiler.one(right)
  const slotA = slotOf(left)
  const slotB = slotOf(right)
  const site = compiler.site(e.line)
  if (isLate(left, right)) {
    return f => {
      const y = b(f)
      return compared(m, operator, a(f), y, site)
    }
  }
  if (right.kind === 'literal') {
    const { value } = right
    if (operator === '==') return f => valueOf(f, slotA, a) === value
    if (operator === '~=') return f => valueOf(f, slotA, a) !== value
    if (typeof value === 'number') return comparisonWith(compiler, e, value)
  }
  switch (operator) {
    case '==':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'string' && x.length >= LONG_TEXT) readBoth(m, x, y)
        return x === y || equal(m, x, y, site)
      }
    case '~=':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        if (typeof x === 'string' && x.length >= LONG_TEXT) readBoth(m, x, y)
        return x !== y && !equal(m, x, y, site)
      }
    case '<':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        return typeof x === 'number' && typeof y === 'number' ? x < y : less(m, x, y, site)
      }
    case '<=':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        return typeof x === 'number' && typeof y === 'number' ? x <= y : lessOrEqual(m, x, y, site)
      }
    // Evaluated as they stand, and compared the other way round.
    case '>':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        return typeof x === 'number' && typeof y === 'number' ? x > y : less(m, y, x, site)
      }
    case '>=':
      return f => {
        const x = valueOf(f, slotA, a)
        const y = valueOf(f, slotB, b)
        return typeof x === 'number' && typeof y === 'number' ? x >= y : lessOrEqual(m, y, x, site)
      }
  }
}

function compared(m: Machine, operator: Comparison, x: Value, y: Value, site: Site): boolean {
  switch (operator) {
    case '==':
      return equal(m, x, y, site)
    case '~=':
      return !equal(m, x, y, site)
    case '<':
      return less(m, x, y, site)
    case '<=':
      return lessOrEqual(m, x, y, site)
    case '>':
      return less(m, y, x, site)
    case '>=':
      return lessOrEqual(m, y, x, site)
  }
}

function comparisonWith(compiler: Compiler, { operator, left, line }: Comparing, value: number): Test {
  const { m } = compiler
  const a = compiler.one(left)
  const slot = slotOf(left)
  const site = compiler.site(line)
  switch (operator) {
    case '<':
      return f => {
        const x = valueOf(f, slot, a)
        return typeof x === 'number' ? x < value : less(m, x, value, site)
      }
    case '<=':
      return f => {
        const x = valueOf(f, slot, a)
        return typeof x === 'number' ? x <= value : lessOrEqual(m, x, value, site)
      }
    case '>':
      return f => {
        const x = valueOf(f, slot, a)
        return typeof x === 'number' ? x > value : less(m, value, x, site)
      }
    default:
      return f => {
        const x = valueOf(f, slot, a)
        return typeof x === 'number' ? x >= value : lessOrEqual(m, value, x, site)
      }
  }
}
