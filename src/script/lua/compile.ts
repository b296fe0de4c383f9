import type { Block, Expression, FunctionBody, Index, Literal, Statement, Target, Variable } from './ast.ts'
import {
  Box,
  type Code,
  type Completion,
  type Frame,
  leave,
  LuaFunction,
  type Steps,
  upvaluesOf,
  varargsOf,
} from './function.ts'
import { LuaError, type Machine, type Site } from './machine.ts'
import { SyntaxFault } from './lexer.ts'
import { parse } from './parser.ts'
import { callOf, isOpen } from './calls.ts'
import { fieldOf, namedBy } from './names.ts'
import { type Evaluate, slotOf, valueOf } from './operand.ts'
import { arithmeticOf, concatOf, sumInto, testOf } from './operators.ts'
import { countLoop, eachLoop, repeatLoop, whileLoop } from './loops.ts'
import { stepsOf } from './steps.ts'
import { assignIndex, indexOf, tableOf } from './tables.ts'
import { arithmetic, index, lengthOf, setIndex } from './runtime.ts'
import { type Entry, Table } from './table.ts'
import { first, nothing, oneNil, type Result, Several, type Value } from './value.ts'

/*
 * Functions of a script become trees of closures over a frame: one closure for each expression, statement and block, chosen
 * when the script is compiled. What is common and simple has closures of its own, such as a local variable compared with a
 * constant; bench/README.md says what these bring.
 */

export type EvaluateAll = (f: Frame) => Result
export type Execute = (f: Frame) => Completion

/** What an assignment leaves to do once its values are known. */
export type Assign = (f: Frame, value: Value) => void

/**
 * Compiles a chunk, of one character per byte, to a function. Globals are the keys of `environment`. Throws a `LuaError` when
 * it is no Lua.
 */
export function compile(m: Machine, source: string, chunk: string, environment: Table = m.globals): LuaFunction {
  let body: FunctionBody
  try {
    body = parse(source, chunk)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    throw new LuaError(error.message, { chunk, line: error.line, name: undefined, kind: '' })
  }
  return new LuaFunction(new Compiler(m, chunk, environment).code(body), [])
}

/*
 * What takes how long, in instructions of about 10 ns: bench/README.md has what a turn of a loop takes, docs/design/scripts.md
 * what loops of each kind do. The work of a block is counted once, where it begins; its loops, large branches and calls count
 * their own.
 */

const STATEMENT = 1
/** The beginning of a loop. */
const LOOP = 5
/** A branch of less work counts where it stands, and a function of less as its call. */
const SMALL = 20

const works: Readonly<Record<Expression['kind'], number>> = {
  literal: 0.2,
  local: 0.2,
  upvalue: 0.2,
  kept: 0.1,
  global: 0.5,
  vararg: 1,
  one: 0,
  index: 2,
  call: 0,
  method: 2,
  function: 5,
  table: 8,
  and: 0.3,
  or: 0.3,
  not: 0.3,
  comparison: 1,
  minus: 0.5,
  length: 6,
  arithmetic: 1,
  concat: 4,
}

/** Operators that take longer than a sum does. */
const slowOperators: Readonly<Record<string, number>> = { '%': 3, '^': 15 }

/** What a function is counted as, and the same for each variable that it shares. */
const FUNCTION_BYTES = 96

const nil: Expression = { kind: 'literal', value: undefined, calls: false }

export class Compiler {
  readonly m: Machine
  readonly chunk: string
  readonly environment: Table
  private zero: number | undefined
  /** What has been compiled since it was last taken, in instructions: what takes longer than a call has its own count. */
  work: number

  constructor(m: Machine, chunk: string, environment: Table) {
    this.m = m
    this.chunk = chunk
    this.environment = environment
    this.zero = undefined
    this.work = 0
  }

  /** What `make` makes, and the work of it, which does not count where it stands. */
  measured<T>(make: () => T): readonly [made: T, work: number] {
    const outer = this.work
    this.work = 0
    const made = make()
    const { work } = this
    this.work = outer
    return [made, work]
  }

  site(line: number, callee?: Expression | string): Site {
    const { chunk } = this
    if (typeof callee === 'string') return { chunk, line, name: callee, kind: 'method' }
    switch (callee?.kind) {
      case 'local':
        return { chunk, line, name: callee.variable.name, kind: 'local' }
      case 'upvalue':
      case 'global':
        return { chunk, line, name: callee.name, kind: callee.kind }
      case 'index':
        return { chunk, line, name: fieldOf(callee), kind: 'field' }
    }
    return { chunk, line, name: undefined, kind: '' }
  }

  /** A value of the source. Of 0 and -0 a function has the one that comes first, because to Lua they are the same. */
  private constant(value: Literal['value']): Value {
    return value === 0 ? (this.zero ??= value) : value
  }

  code(body: FunctionBody): Code {
    const outer = this.zero
    this.zero = undefined
    try {
      return this.codeOf(body)
    } finally {
      this.zero = outer
    }
  }

  private codeOf(made: FunctionBody): Code {
    const { parameters, argTable, vararg, size, block } = made
    const shared = argTable === undefined ? parameters : [...parameters, argTable]
    let inSteps: ((frame: Frame) => Steps) | undefined
    const boxed = shared.filter(({ captured }) => captured).map(({ slot }) => slot)
    const [steps, work] = this.measured(() => this.statements(block))
    const whole = work + (size >> 1)
    const run = whole > SMALL ? this.counted(steps, whole) : this.sequence(steps)
    const code: Code = {
      machine: this.m,
      parameters: parameters.length,
      plain: !vararg && boxed.length === 0,
      boxed,
      vararg,
      argTable: argTable?.slot ?? -1,
      size,
      run,
      steps: () => (inSteps ??= stepsOf(this, block, size)),
    }
    return code
  }

  // ---- statements -------------------------------------------------------------------------------------------------

  block(block: Block): Execute {
    return this.sequence(this.statements(block))
  }

  private statements(block: Block): Execute[] {
    return block.map(statement => this.statement(statement))
  }

  private sequence(steps: readonly Execute[]): Execute {
    switch (steps.length) {
      case 0:
        return () => undefined
      case 1:
        return steps[0]
      case 2: {
        const [a, b] = steps
        return f => {
          const ended = a(f)
          return ended === undefined ? b(f) : ended
        }
      }
      case 3: {
        const [a, b, c] = steps
        return f => {
          let ended = a(f)
          if (ended !== undefined) return ended
          ended = b(f)
          return ended === undefined ? c(f) : ended
        }
      }
    }
    return f => {
      for (let i = 0; i < steps.length; i++) {
        const ended = steps[i](f)
        if (ended !== undefined) return ended
      }
      return undefined
    }
  }

  statement(s: Statement): Execute {
    this.work += STATEMENT
    switch (s.kind) {
      case 'locals':
        return this.locals(s.variables, s.values)
      case 'assign':
        return this.assign(s.targets, s.values)
      case 'evaluate': {
        const call = this.all(s.call)
        return f => {
          call(f)
          return undefined
        }
      }
      case 'do':
        return this.block(s.block)
      case 'if':
        return this.choose(s)
      case 'while':
        return whileLoop(this, s)
      case 'repeat':
        return repeatLoop(this, s)
      case 'count':
        return countLoop(this, s)
      case 'each':
        return eachLoop(this, s)
      case 'function': {
        const declare = this.declare(s.variable)
        const make = this.makeFunction(s.body)
        const { slot, captured } = s.variable
        return f => {
          // The function finds itself in the box that is there before it.
          declare(f, undefined)
          const made = make(f)
          if (captured) (f[slot] as Box).value = made
          else f[slot] = made
          return undefined
        }
      }
      case 'return':
        return this.returning(s.values)
      case 'break':
        return () => leave
    }
  }

  /** Makes a variable with its first value. */
  declare({ slot, captured }: Variable): Assign {
    return captured
      ? (f, value) => void (f[slot] = new Box(value))
      : (f, value) => {
          f[slot] = value
        }
  }

  private locals(variables: readonly Variable[], values: readonly Expression[]): Execute {
    if (variables.length === 1 && values.length === 1) {
      const [{ slot, captured }] = variables
      if (!captured) return this.into(slot, values[0])
      const value = this.one(values[0])
      return f => {
        f[slot] = new Box(value(f))
        return undefined
      }
    }
    return this.spread(
      variables.map(variable => this.declare(variable)),
      values,
    )
  }

  /** Gives targets their values, all of which are evaluated first: from the last target to the first, as Lua does. */
  private spread(targets: readonly Assign[], values: readonly Expression[]): Execute {
    const evaluate = this.list(values)
    return f => {
      const given = evaluate(f)
      for (let i = targets.length - 1; i >= 0; i--) targets[i](f, given[i])
      return undefined
    }
  }

  private assign(targets: readonly Target[], values: readonly Expression[]): Execute {
    if (targets.length === 1 && values.length === 1) return this.assignOne(targets[0], values[0])
    if (targets.every(target => target.kind !== 'index')) {
      return this.spread(
        targets.map(target => this.put(target)),
        values,
      )
    }
    const places = targets.map(target => this.place(target))
    const evaluate = this.list(values)
    return f => {
      // Tables and keys are evaluated before anything changes.
      const puts = places.map(place => place(f))
      const given = evaluate(f)
      for (let i = puts.length - 1; i >= 0; i--) puts[i](given[i])
      return undefined
    }
  }

  /** Evaluates what a target depends on, and leaves the assignment to do. */
  private place(target: Target): (f: Frame) => (value: Value) => void {
    if (target.kind !== 'index') {
      const put = this.put(target)
      return f => value => put(f, value)
    }
    const { m } = this
    const object = this.one(target.object)
    const key = this.one(target.key)
    const site = this.site(target.line)
    const named = namedBy(target.object)
    return f => {
      const table = object(f)
      const at = key(f)
      return value => setIndex(m, table, at, value, site, named)
    }
  }

  /** Assigns to a target without tables and keys. */
  put(target: Exclude<Target, Index>): Assign {
    switch (target.kind) {
      case 'local': {
        const { slot, captured } = target.variable
        if (captured) return (f, value) => void ((f[slot] as Box).value = value)
        return (f, value) => {
          f[slot] = value
        }
      }
      case 'upvalue': {
        const { index: at } = target
        return (f, value) => void (upvaluesOf(f)[at].value = value)
      }
      case 'global': {
        const { m, environment } = this
        const { name } = target
        const site = this.site(target.line)
        return (_, value) => setIndex(m, environment, name, value, site)
      }
    }
  }

  private assignOne(target: Target, given: Expression): Execute {
    if (target.kind === 'index') return assignIndex(this, target, given)
    if (target.kind === 'local' && !target.variable.captured) return this.into(target.variable.slot, given)
    const put = this.put(target)
    const value = this.one(given)
    return f => {
      put(f, value(f))
      return undefined
    }
  }

  /** Puts a value into a place of the frame. */
  private into(slot: number, given: Expression): Execute {
    if (given.kind === 'arithmetic' && given.operator === '+') return sumInto(this, slot, given)
    const value = this.one(given)
    return f => {
      f[slot] = value(f)
      return undefined
    }
  }

  /** Statements that count their work when they begin. */
  private counted(steps: readonly Execute[], work: number): Execute {
    const { m } = this
    const whole = Math.ceil(work)
    if (steps.length === 2) {
      // Not as a call within a call, because small functions that call themselves are like this.
      const [a, b] = steps
      return f => {
        if ((m.budget -= whole) < 0) m.exhausted()
        const ended = a(f)
        return ended === undefined ? b(f) : ended
      }
    }
    const run = this.sequence(steps)
    return f => {
      if ((m.budget -= whole) < 0) m.exhausted()
      return run(f)
    }
  }

  private choose(s: Statement & { kind: 'if' }): Execute {
    let most = 0
    const branch = (block: Block): Execute => {
      const [steps, work] = this.measured(() => this.statements(block))
      if (work > SMALL) return this.counted(steps, work)
      most = Math.max(most, work)
      return this.sequence(steps)
    }
    const otherwise = s.otherwise.length === 0 ? undefined : branch(s.otherwise)
    const clauses = s.clauses.map(({ condition, block }) => [testOf(this, condition), branch(block)] as const)
    this.work += most
    if (clauses.length === 1) {
      const [[test, then]] = clauses
      if (otherwise === undefined) return f => (test(f) ? then(f) : undefined)
      return f => (test(f) ? then(f) : otherwise(f))
    }
    return f => {
      for (let i = 0; i < clauses.length; i++) if (clauses[i][0](f)) return clauses[i][1](f)
      return otherwise === undefined ? undefined : otherwise(f)
    }
  }

  /** The work of a turn. */
  turn<T>(make: () => T): readonly [made: T, turn: number] {
    this.work += LOOP
    const [made, work] = this.measured(make)
    // The loop itself is what one instruction is.
    return [made, Math.max(1, Math.ceil(work - 0.5)) | 0]
  }

  iteratorSite(line: number): Site {
    return { chunk: this.chunk, line, name: '(for generator)', kind: 'local' }
  }

  private returning(values: readonly Expression[]): Execute {
    if (values.length === 0) return () => nothing
    if (values.length > 1) {
      const list = this.list(values)
      return f => new Several(list(f))
    }
    const [given] = values
    if (given.kind === 'call' || given.kind === 'method') {
      const call = callOf(this, given, 'last')
      return f => {
        const result = call(f)
        return result === undefined ? oneNil : result
      }
    }
    if (given.kind === 'vararg') return this.all(given)
    const value = this.one(given)
    const slot = slotOf(given)
    return f => {
      const result = valueOf(f, slot, value)
      return result === undefined ? oneNil : result
    }
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  /** Adds the values of expressions to a list. */
  adder(expressions: readonly Expression[]): (f: Frame, list: Value[]) => void {
    const last = expressions.at(-1)
    const open = last !== undefined && isOpen(last)
    const ones = (open ? expressions.slice(0, -1) : expressions).map(one => this.one(one))
    const rest = open ? this.all(last) : undefined
    return (f, list) => {
      for (let i = 0; i < ones.length; i++) list.push(ones[i](f))
      if (rest !== undefined) addAll(rest(f), list)
    }
  }

  /** The values of expressions as a new list. */
  list(expressions: readonly Expression[]): (f: Frame) => Value[] {
    // As literals, because a list that grows takes more room than most need.
    const ones = isOpen(expressions[expressions.length - 1] ?? nil) ? [] : expressions.map(one => this.one(one))
    const [a, b, c, d, e] = ones
    switch (ones.length) {
      case 1:
        return f => [a(f)]
      case 2:
        return f => [a(f), b(f)]
      case 3:
        return f => [a(f), b(f), c(f)]
      case 4:
        return f => [a(f), b(f), c(f), d(f)]
      case 5:
        return f => [a(f), b(f), c(f), d(f), e(f)]
    }
    const add = this.adder(expressions)
    return f => {
      const list: Value[] = []
      add(f, list)
      return list
    }
  }

  /** All values of an expression. */
  all(e: Expression): EvaluateAll {
    switch (e.kind) {
      case 'call':
      case 'method':
        return callOf(this, e, 'all')
      case 'vararg': {
        const { m } = this
        return f => {
          const values = varargsOf(f)
          m.budget -= values.length
          return new Several([...values])
        }
      }
      case 'kept': {
        const { slot } = e
        return f => f[slot] as Result
      }
      default:
        return this.one(e)
    }
  }

  /** The one value of an expression. */
  one(e: Expression): Evaluate {
    this.work += works[e.kind]
    switch (e.kind) {
      case 'literal': {
        const value = this.constant(e.value)
        return () => value
      }
      case 'local': {
        const { slot, captured } = e.variable
        return captured ? f => (f[slot] as Box).value : f => f[slot] as Value
      }
      case 'upvalue': {
        const { index: at } = e
        return f => upvaluesOf(f)[at].value
      }
      case 'global': {
        const { m, environment } = this
        const { name } = e
        const site = this.site(e.line)
        let entry: Entry | undefined
        return () => {
          const value = (entry ??= environment.entryOf(name))?.value
          return value === undefined ? index(m, environment, name, site) : value
        }
      }
      case 'index':
        return indexOf(this, e)
      case 'call':
      case 'method':
        return callOf(this, e, 'one') as Evaluate
      case 'vararg':
        return f => varargsOf(f)[0]
      case 'kept': {
        const { slot } = e
        return f => first(f[slot] as Result)
      }
      case 'one':
        return this.one(e.inner)
      case 'function':
        return this.makeFunction(e.body)
      case 'table':
        return tableOf(this, e)
      case 'and': {
        const left = this.one(e.left)
        const right = this.one(e.right)
        return f => {
          const value = left(f)
          return value === undefined || value === false ? value : right(f)
        }
      }
      case 'or': {
        const left = this.one(e.left)
        const right = this.one(e.right)
        return f => {
          const value = left(f)
          return value === undefined || value === false ? right(f) : value
        }
      }
      case 'not':
      case 'comparison':
        return testOf(this, e)
      case 'minus': {
        const { m } = this
        const operand = this.one(e.operand)
        const site = this.site(e.line)
        const named = namedBy(e.operand)
        return f => {
          const value = operand(f)
          return typeof value === 'number' ? -value : arithmetic(m, 'minus', value, value, site, named)
        }
      }
      case 'length': {
        const { m } = this
        const operand = this.one(e.operand)
        const site = this.site(e.line)
        const named = namedBy(e.operand)
        return f => {
          const value = operand(f)
          return value instanceof Table ? value.length : lengthOf(m, value, site, named)
        }
      }
      case 'arithmetic':
        this.work += slowOperators[e.operator] ?? 0
        return arithmeticOf(this, e)
      case 'concat':
        return concatOf(this, e)
    }
  }

  makeFunction(body: FunctionBody): Evaluate {
    const code = this.code(body)
    const origins = body.upvalues.map(origin => ('variable' in origin ? origin.variable.slot : -origin.upvalue - 1))
    const { m } = this
    const bytes = FUNCTION_BYTES * (1 + origins.length)
    if (origins.length === 0) {
      return () => {
        m.allocate(bytes)
        return new LuaFunction(code, [])
      }
    }
    return f => {
      m.allocate(bytes)
      const boxes: Box[] = []
      for (let i = 0; i < origins.length; i++) {
        const at = origins[i]
        boxes.push(at < 0 ? upvaluesOf(f)[-at - 1] : (f[at] as Box))
      }
      return new LuaFunction(code, boxes)
    }
  }
}

export function addAll(result: Result, list: Value[]): void {
  if (result instanceof Several) {
    const { values } = result
    for (let i = 0; i < values.length; i++) list.push(values[i])
  } else list.push(result)
}
