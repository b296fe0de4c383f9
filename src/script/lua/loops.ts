import type { Statement } from './ast.ts'
import type { Compiler, Execute } from './compile.ts'
import { Box, type Completion, type Frame, leave } from './function.ts'
import { type Site, toNumber } from './machine.ts'
import { testOf } from './operators.ts'
import { callOther, faultAt } from './runtime.ts'
import { scan, Table, takePassed } from './table.ts'
import { Callable, first, type Value, valuesOf } from './value.ts'

/** A turn of a loop through a table, and of one with an iterator. */
const TRAVERSAL = 5
const ITERATION = 12

export function whileLoop(compiler: Compiler, s: Statement & { kind: 'while' }): Execute {
  const { m } = compiler
  const [[test, body], turn] = compiler.turn(() => [testOf(compiler, s.condition), compiler.block(s.block)] as const)
  return f => {
    while (test(f)) {
      if ((m.budget -= turn) < 0) m.exhausted()
      const ended = body(f)
      if (ended !== undefined) return ended === leave ? undefined : ended
    }
    return undefined
  }
}

export function repeatLoop(compiler: Compiler, s: Statement & { kind: 'repeat' }): Execute {
  const { m } = compiler
  const [[body, test], turn] = compiler.turn(() => [compiler.block(s.block), testOf(compiler, s.condition)] as const)
  return f => {
    do {
      if ((m.budget -= turn) < 0) m.exhausted()
      const ended = body(f)
      if (ended !== undefined) return ended === leave ? undefined : ended
    } while (!test(f))
    return undefined
  }
}

export function countLoop(compiler: Compiler, s: Statement & { kind: 'count' }): Execute {
  const { m } = compiler
  const from = compiler.one(s.from)
  const to = compiler.one(s.to)
  const step = s.step === undefined ? () => 1 : compiler.one(s.step)
  const [body, turn] = compiler.turn(() => compiler.block(s.block))
  const site = compiler.site(s.line)
  const { slot, captured } = s.variable
  const floats = (f: Frame, first: number, limit: number, stride: number): Completion => {
    for (let i = first; stride > 0 ? i <= limit : limit <= i; i += stride) {
      if ((m.budget -= turn) < 0) m.exhausted()
      f[slot] = captured ? new Box(i) : i
      const ended = body(f)
      if (ended !== undefined) return ended === leave ? undefined : ended
    }
    return undefined
  }
  return f => {
    const start = from(f)
    const end = to(f)
    const by = step(f)
    // Most loops count small whole numbers one by one, and the compiler is told so: it takes half the time.
    if (
      by !== 1 ||
      captured ||
      typeof start !== 'number' ||
      typeof end !== 'number' ||
      (start | 0) !== start ||
      end >= 2 ** 30
    ) {
      const [first, limit, stride] = range(start, end, by, site)
      return floats(f, first, limit, stride)
    }
    const limit = Math.floor(end)
    for (let i = start | 0; i <= limit; i++) {
      if ((m.budget -= turn) < 0) m.exhausted()
      f[slot] = i
      const ended = body(f)
      if (ended !== undefined) return ended === leave ? undefined : ended
    }
    return undefined
  }
}

export function eachLoop(compiler: Compiler, s: Statement & { kind: 'each' }): Execute {
  const { m } = compiler
  const values = compiler.list(s.values)
  const variables = s.variables.map(variable => compiler.declare(variable))
  const [body, work] = compiler.turn(() => compiler.block(s.block))
  const turn = work + TRAVERSAL
  const longTurn = work + ITERATION
  const site = compiler.iteratorSite(s.line)
  const [key, value] = variables
  return f => {
    const given = values(f)
    const [callee, state] = given
    let control = given[2]
    if (callee === m.next && state instanceof Table && variables.length <= 2) {
      // A traversal of a table, without calls.
      for (;;) {
        const pair = state.next(control)
        if (scan.passed > 0) m.spend(takePassed())
        if (pair === undefined) break
        if (pair === false) return undefined
        if ((m.budget -= turn) < 0) m.exhausted()
        control = pair.key
        if (value !== undefined) value(f, pair.value)
        key(f, control)
        const ended = body(f)
        if (ended !== undefined) return ended === leave ? undefined : ended
      }
    }
    for (;;) {
      if ((m.budget -= longTurn) < 0) m.exhausted()
      m.site = site
      const result =
        callee instanceof Callable
          ? callee.call2(state, control)
          : callOther(m, callee, [state, control], site, undefined)
      control = first(result)
      if (control === undefined) return undefined
      key(f, control)
      if (variables.length > 1) {
        const all = valuesOf(result)
        for (let i = 1; i < variables.length; i++) variables[i](f, all[i])
      }
      const ended = body(f)
      if (ended !== undefined) return ended === leave ? undefined : ended
    }
  }
}

/** Start, end and step of a loop, as numbers. */
export function range(start: Value, end: Value, by: Value, site: Site): readonly [number, number, number] {
  if (typeof start === 'number' && typeof end === 'number' && typeof by === 'number') return [start, end, by]
  const numbers = [start, end, by].map(toNumber)
  const bad = numbers.indexOf(undefined)
  if (bad >= 0) throw faultAt(site, `'for' ${['initial value', 'limit', 'step'][bad]} must be a number`)
  return numbers as [number, number, number]
}
