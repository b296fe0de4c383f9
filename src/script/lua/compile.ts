import type { Block, Expression, FunctionBody, Index, Literal, Statement, TableMaker, Target, Variable } from './ast.ts'
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
import { LuaError, type Machine, type Site, toNumber } from './machine.ts'
import { SyntaxFault } from './lexer.ts'
import { parse } from './parser.ts'
import { callOf, isOpen } from './calls.ts'
import { fieldOf, nameIn, namedBy } from './names.ts'
import { type Evaluate, isLate, slotOf, valueOf } from './operand.ts'
import { arithmeticOf, concatOf, sumInto, testOf } from './operators.ts'
import { stepsOf } from './steps.ts'
import { arithmetic, callOther, faultAt, index, lengthOf, setIndex } from './runtime.ts'
import { type Entry, scan, Table, TABLE_BYTES, takePassed } from './table.ts'
import { Callable, first, nothing, oneNil, type Result, Several, type Value, valuesOf } from './value.ts'

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
/** A turn of a loop through a table, and of one with an iterator. */
const TRAVERSAL = 5
const ITERATION = 12
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
    const [steps, work] = this.measured(() => block.map(statement => this.statement(statement)))
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
    return this.sequence(block.map(statement => this.statement(statement)))
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
        return this.whileLoop(s)
      case 'repeat':
        return this.repeatLoop(s)
      case 'count':
        return this.count(s)
      case 'each':
        return this.each(s)
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
    if (target.kind === 'index') return this.assignIndex(target, given)
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

  private assignIndex(target: Index, given: Expression): Execute {
    const { m } = this
    const site = this.site(target.line)
    const named = namedBy(target.object)
    const object = this.one(target.object)
    const slot = slotOf(target.object)
    const key = this.one(target.key)
    const value = this.one(given)
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
      if (
        typeof at === 'number' &&
        at === at &&
        table instanceof Table &&
        table.meta === undefined &&
        !table.readonly
      ) {
        const bytes = table.setNumber(at, put)
        if (bytes > 0) m.allocate(bytes)
      } else setIndex(m, table, at, put, site, named)
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
      const [steps, work] = this.measured(() => block.map(statement => this.statement(statement)))
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
  private turn<T>(make: () => T): readonly [made: T, turn: number] {
    this.work += LOOP
    const [made, work] = this.measured(make)
    // The loop itself is what one instruction is.
    return [made, Math.max(1, Math.ceil(work - 0.5)) | 0]
  }

  private whileLoop(s: Statement & { kind: 'while' }): Execute {
    const { m } = this
    const [[test, body], turn] = this.turn(() => [testOf(this, s.condition), this.block(s.block)] as const)
    return f => {
      while (test(f)) {
        if ((m.budget -= turn) < 0) m.exhausted()
        const ended = body(f)
        if (ended !== undefined) return ended === leave ? undefined : ended
      }
      return undefined
    }
  }

  private repeatLoop(s: Statement & { kind: 'repeat' }): Execute {
    const { m } = this
    const [[body, test], turn] = this.turn(() => [this.block(s.block), testOf(this, s.condition)] as const)
    return f => {
      do {
        if ((m.budget -= turn) < 0) m.exhausted()
        const ended = body(f)
        if (ended !== undefined) return ended === leave ? undefined : ended
      } while (!test(f))
      return undefined
    }
  }

  private count(s: Statement & { kind: 'count' }): Execute {
    const { m } = this
    const from = this.one(s.from)
    const to = this.one(s.to)
    const step = s.step === undefined ? () => 1 : this.one(s.step)
    const [body, turn] = this.turn(() => this.block(s.block))
    const site = this.site(s.line)
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

  private each(s: Statement & { kind: 'each' }): Execute {
    const { m } = this
    const values = this.list(s.values)
    const variables = s.variables.map(variable => this.declare(variable))
    const [body, work] = this.turn(() => this.block(s.block))
    const turn = work + TRAVERSAL
    const longTurn = work + ITERATION
    const site = this.iteratorSite(s.line)
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
        return this.index(e)
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
        return this.table(e)
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

  private index(e: Index): Evaluate {
    const { m } = this
    const object = this.one(e.object)
    const slot = slotOf(e.object)
    const site = this.site(e.line)
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
    const key = this.one(e.key)
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

  private table(e: TableMaker): Evaluate {
    const { m } = this
    const site = this.site(e.line)
    const { items } = e
    this.work += items.length
    const pairs = items.filter(item => item.kind === 'pair')
    if (pairs.length === 0) {
      const list = this.list(items.map(item => item.value))
      return f => {
        const values = list(f)
        m.allocate(TABLE_BYTES + 16 * values.length)
        return new Table(values)
      }
    }
    // In the order of the source; values without a key come into the table at the end, and overwrite.
    const steps = items.map(item => {
      if (item.kind === 'item') return { key: undefined, value: this.one(item.value) }
      return { key: this.one(item.key), value: this.one(item.value) }
    })
    const last = items[items.length - 1]
    const rest = last.kind === 'item' && isOpen(last.value) ? this.all(last.value) : undefined
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
}

export function addAll(result: Result, list: Value[]): void {
  if (result instanceof Several) {
    const { values } = result
    for (let i = 0; i < values.length; i++) list.push(values[i])
  } else list.push(result)
}

/** Start, end and step of a loop, as numbers. */
export function range(start: Value, end: Value, by: Value, site: Site): readonly [number, number, number] {
  if (typeof start === 'number' && typeof end === 'number' && typeof by === 'number') return [start, end, by]
  const numbers = [start, end, by].map(toNumber)
  const bad = numbers.indexOf(undefined)
  if (bad >= 0) throw faultAt(site, `'for' ${['initial value', 'limit', 'step'][bad]} must be a number`)
  return numbers as [number, number, number]
}
