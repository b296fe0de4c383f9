import type {
  Arithmetic,
  Block,
  Call,
  Comparing,
  Concat,
  Expression,
  FunctionBody,
  Index,
  Literal,
  MethodCall,
  Statement,
  TableMaker,
  Target,
  Variable,
} from './ast.ts'
import {
  Box,
  type Code,
  type Completion,
  type Frame,
  leave,
  LuaFunction,
  type Steps,
  tailSite,
  upvaluesOf,
  varargsOf,
} from './function.ts'
import { LuaError, type Machine, type Site, toNumber } from './machine.ts'
import { SyntaxFault } from './lexer.ts'
import { parse } from './parser.ts'
import { stepsOf } from './steps.ts'
import {
  arithmetic,
  callOther,
  concat,
  equal,
  faultAt,
  index,
  KEY_BYTES,
  joinTwo,
  lengthOf,
  less,
  lessOrEqual,
  type Named,
  setIndex,
} from './runtime.ts'
import { modulo, power } from './power.ts'
import { type Entry, Table } from './table.ts'
import { Callable, first, nothing, oneNil, type Result, Several, type Value, valuesOf } from './value.ts'

/*
 * Functions of a script become trees of closures over a frame: one closure for each expression, statement and block, chosen
 * when the script is compiled. What is common and simple has closures of its own, such as a local variable compared with a
 * constant; bench/README.md says what these bring.
 */

export type Evaluate = (f: Frame) => Value
export type EvaluateAll = (f: Frame) => Result
type Test = (f: Frame) => boolean
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

/** What a function is counted as, and the same for each variable that it shares. */
const FUNCTION_BYTES = 64

/** How the source names an operand, for error texts. */
export function namedBy(expression: Expression): Named {
  switch (expression.kind) {
    case 'local':
      return `local '${expression.variable.name}'`
    case 'upvalue':
      return `upvalue '${expression.name}'`
    case 'global':
      return `global '${expression.name}'`
    case 'index':
      return `field '${fieldOf(expression)}'`
    case 'one':
      return namedBy(expression.inner)
    default:
      return undefined
  }
}

/** The name of a field for error texts, which know those alone that stand in the source. */
function fieldOf(e: Index): string {
  const name = nameIn(e)
  return typeof name === 'string' ? name : '?'
}

function nameIn({ key }: Index): Value {
  return key.kind === 'literal' ? key.value : undefined
}

/**
 * Where the value of an operand is: a place in the frame, or -2 and below for an upvalue; -1 when it has to be evaluated.
 */
function slotOf(e: Expression): number {
  if (e.kind === 'local') return e.variable.captured ? -1 : e.variable.slot
  return e.kind === 'upvalue' ? -2 - e.index : -1
}

/** The value of an operand: from where it is when that is enough, because calling a closure costs more than most do. */
function valueOf(f: Frame, slot: number, evaluate: Evaluate): Value {
  if (slot >= 0) return f[slot] as Value
  return slot === -1 ? evaluate(f) : upvaluesOf(f)[-2 - slot].value
}

/** True when the expression may give several values. */
export function isOpen(expression: Expression): boolean {
  switch (expression.kind) {
    case 'call':
    case 'method':
    case 'vararg':
      return true
    case 'kept':
      return expression.open
    default:
      return false
  }
}

export class Compiler {
  readonly m: Machine
  readonly chunk: string
  readonly environment: Table
  private zero: number | undefined

  constructor(m: Machine, chunk: string, environment: Table) {
    this.m = m
    this.chunk = chunk
    this.environment = environment
    this.zero = undefined
  }

  site(line: number, callee?: Expression | string): Site {
    const { chunk } = this
    const at = { chunk, line }
    if (typeof callee === 'string') return { ...at, name: callee, kind: 'method' }
    switch (callee?.kind) {
      case 'local':
        return { ...at, name: callee.variable.name, kind: 'local' }
      case 'upvalue':
      case 'global':
        return { ...at, name: callee.name, kind: callee.kind }
      case 'index':
        return { ...at, name: fieldOf(callee), kind: 'field' }
    }
    return { ...at, name: undefined, kind: '' }
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

  private codeOf(body: FunctionBody): Code {
    const { parameters, argTable, vararg, size, block } = body
    const shared = argTable === undefined ? parameters : [...parameters, argTable]
    let inSteps: ((frame: Frame) => Steps) | undefined
    const code: Code = {
      machine: this.m,
      parameters: parameters.length,
      boxed: shared.filter(({ captured }) => captured).map(({ slot }) => slot),
      vararg,
      argTable: argTable?.slot ?? -1,
      size,
      run: this.block(block),
      steps: () => (inSteps ??= stepsOf(this, block, size)),
    }
    return code
  }

  // ---- statements -------------------------------------------------------------------------------------------------

  block(block: Block): Execute {
    const steps = block.map(statement => this.statement(statement))
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
        return this.whileLoop(this.test(s.condition), this.block(s.block))
      case 'repeat':
        return this.repeatLoop(this.block(s.block), this.test(s.condition))
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
      const value = this.one(values[0])
      if (captured) {
        return f => {
          f[slot] = new Box(value(f))
          return undefined
        }
      }
      return f => {
        f[slot] = value(f)
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
    const value = this.one(given)
    if (target.kind === 'index') return this.assignIndex(target, value)
    if (target.kind === 'local' && !target.variable.captured) {
      const { slot } = target.variable
      return f => {
        f[slot] = value(f)
        return undefined
      }
    }
    const put = this.put(target)
    return f => {
      put(f, value(f))
      return undefined
    }
  }

  private assignIndex(target: Index, value: Evaluate): Execute {
    const { m } = this
    const site = this.site(target.line)
    const named = namedBy(target.object)
    const object = this.one(target.object)
    const slot = slotOf(target.object)
    const name = nameIn(target)
    if (typeof name === 'string') {
      return f => {
        const table = valueOf(f, slot, object)
        const given = value(f)
        if (table instanceof Table && table.meta === undefined && !table.readonly) {
          m.allocate(KEY_BYTES)
          table.setText(name, given)
        } else setIndex(m, table, name, given, site, named)
        return undefined
      }
    }
    const key = this.one(target.key)
    return f => {
      const table = valueOf(f, slot, object)
      const at = key(f)
      const given = value(f)
      if (
        typeof at === 'number' &&
        at === at &&
        table instanceof Table &&
        table.meta === undefined &&
        !table.readonly
      ) {
        m.allocate(8)
        table.setNumber(at, given)
      } else setIndex(m, table, at, given, site, named)
      return undefined
    }
  }

  private choose(s: Statement & { kind: 'if' }): Execute {
    const otherwise = s.otherwise.length === 0 ? undefined : this.block(s.otherwise)
    const clauses = s.clauses.map(({ condition, block }) => [this.test(condition), this.block(block)] as const)
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

  private whileLoop(test: Test, body: Execute): Execute {
    const { m } = this
    return f => {
      while (test(f)) {
        if (--m.budget < 0) m.exhausted()
        const ended = body(f)
        if (ended !== undefined) return ended === leave ? undefined : ended
      }
      return undefined
    }
  }

  private repeatLoop(body: Execute, test: Test): Execute {
    const { m } = this
    return f => {
      do {
        if (--m.budget < 0) m.exhausted()
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
    const body = this.block(s.block)
    const site = this.site(s.line)
    const { slot, captured } = s.variable
    return f => {
      const start = from(f)
      const end = to(f)
      const by = step(f)
      const [first, limit, stride] = range(start, end, by, site)
      for (let i = first; stride > 0 ? i <= limit : limit <= i; i += stride) {
        if (--m.budget < 0) m.exhausted()
        f[slot] = captured ? new Box(i) : i
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
    const body = this.block(s.block)
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
          if (pair === undefined) break
          if (pair === false) return undefined
          if (--m.budget < 0) m.exhausted()
          control = pair.key
          if (value !== undefined) value(f, pair.value)
          key(f, control)
          const ended = body(f)
          if (ended !== undefined) return ended === leave ? undefined : ended
        }
      }
      for (;;) {
        if (--m.budget < 0) m.exhausted()
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
    if (given.kind === 'call' || given.kind === 'method') return this.tailCall(given)
    if (given.kind === 'vararg') return f => new Several([...varargsOf(f)])
    const value = this.one(given)
    return f => {
      const result = value(f)
      return result === undefined ? oneNil : result
    }
  }

  /** A call in the place of a result: the caller is no more to be seen from within a function of Lua. */
  private tailCall(e: Call | MethodCall): Execute {
    const call = e.kind === 'call' ? this.call(e, true) : this.methodCall(e, true)
    return f => {
      const result = call(f)
      return result === undefined ? oneNil : result
    }
  }

  /** Evaluates what is called, which it answers, and adds the arguments to the list. */
  prepare(call: Call | MethodCall, site: Site): (f: Frame, args: Value[]) => Value {
    const addArgs = this.adder(call.args)
    if (call.kind === 'call') {
      const callee = this.one(call.callee)
      return (f, args) => {
        const called = callee(f)
        addArgs(f, args)
        return called
      }
    }
    const { m } = this
    const object = this.one(call.object)
    const { name } = call
    const named = namedBy(call.object)
    return (f, args) => {
      const self = object(f)
      const called = index(m, self, name, site, named)
      args.push(self)
      addArgs(f, args)
      return called
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
    const ones = isOpen(expressions[expressions.length - 1] ?? nothingAtAll)
      ? []
      : expressions.map(one => this.one(one))
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
        return this.call(e)
      case 'method':
        return this.methodCall(e)
      case 'vararg':
        return f => new Several([...varargsOf(f)])
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
      case 'method': {
        const call = this.all(e)
        return f => {
          const result = call(f)
          return result instanceof Several ? result.values[0] : result
        }
      }
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
        return this.test(e)
      case 'minus': {
        const { m } = this
        const operand = this.one(e.operand)
        const site = this.site(e.line)
        const named = namedBy(e.operand)
        return f => {
          const value = operand(f)
          return typeof value === 'number' ? -value : arithmetic(m, '__unm', value, value, site, named)
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
        return this.arithmetic(e)
      case 'concat':
        return this.concat(e)
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
    const site = this.site(e.line)
    const slot = slotOf(e.object)
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
    const pairs = items.filter(item => item.kind === 'pair')
    if (pairs.length === 0) {
      const list = this.list(items.map(item => item.value))
      return f => {
        const values = list(f)
        m.allocate(KEY_BYTES + 8 * values.length)
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
      m.allocate(KEY_BYTES + 8 * list.length)
      for (let i = 0; i < list.length; i++) table.setNumber(i + 1, list[i])
      return table
    }
  }

  private call(e: Call, last = false): EvaluateAll {
    const { m } = this
    const callee = this.one(e.callee)
    const site = this.site(e.line, e.callee)
    const named = namedBy(e.callee)
    const { args } = e
    const slot = slotOf(e.callee)
    const [slotX, slotY, slotZ] = args.map(slotOf)
    const final = args.at(-1)
    if (args.length > 3 || (final !== undefined && isOpen(final))) {
      const list = this.list(args)
      return f => {
        const called = valueOf(f, slot, callee)
        const given = list(f)
        m.site = last && called instanceof LuaFunction ? tailSite : site
        return called instanceof Callable ? called.callN(given) : callOther(m, called, given, site, named)
      }
    }
    const [x, y, z] = args.map(arg => this.one(arg))
    switch (args.length) {
      case 0:
        return f => {
          const called = valueOf(f, slot, callee)
          m.site = last && called instanceof LuaFunction ? tailSite : site
          return called instanceof Callable ? called.call0() : callOther(m, called, [], site, named)
        }
      case 1:
        return f => {
          const called = valueOf(f, slot, callee)
          const a = valueOf(f, slotX, x)
          m.site = last && called instanceof LuaFunction ? tailSite : site
          return called instanceof Callable ? called.call1(a) : callOther(m, called, [a], site, named)
        }
      case 2:
        return f => {
          const called = valueOf(f, slot, callee)
          const a = valueOf(f, slotX, x)
          const b = valueOf(f, slotY, y)
          m.site = last && called instanceof LuaFunction ? tailSite : site
          return called instanceof Callable ? called.call2(a, b) : callOther(m, called, [a, b], site, named)
        }
      default:
        return f => {
          const called = valueOf(f, slot, callee)
          const a = valueOf(f, slotX, x)
          const b = valueOf(f, slotY, y)
          const c = valueOf(f, slotZ, z)
          m.site = last && called instanceof LuaFunction ? tailSite : site
          return called instanceof Callable ? called.call3(a, b, c) : callOther(m, called, [a, b, c], site, named)
        }
    }
  }

  private methodCall(e: MethodCall, last = false): EvaluateAll {
    const { m } = this
    const site = this.site(e.line, e.name)
    const named = calleeName(e)
    const { args, name } = e
    const final = args.at(-1)
    if (args.length > 2 || (final !== undefined && isOpen(final))) {
      const prepare = this.prepare(e, site)
      return f => {
        const given: Value[] = []
        const called = prepare(f, given)
        m.site = last && called instanceof LuaFunction ? tailSite : site
        return called instanceof Callable ? called.callN(given) : callOther(m, called, given, site, named)
      }
    }
    const object = this.one(e.object)
    const objectName = namedBy(e.object)
    const slot = slotOf(e.object)
    const [x, y] = args.map(arg => this.one(arg))
    const count = args.length
    return f => {
      const self = valueOf(f, slot, object)
      const called = index(m, self, name, site, objectName)
      const a = count > 0 ? x(f) : undefined
      const b = count > 1 ? y(f) : undefined
      m.site = last && called instanceof LuaFunction ? tailSite : site
      if (!(called instanceof Callable)) return callOther(m, called, [self, a, b].slice(0, count + 1), site, named)
      return count === 0 ? called.call1(self) : count === 1 ? called.call2(self, a) : called.call3(self, a, b)
    }
  }

  private concat(e: Concat): Evaluate {
    const { m } = this
    const site = this.site(e.line)
    const named = e.parts.map(namedBy)
    const parts = e.parts.map(part => this.one(part))
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

  private arithmetic(e: Arithmetic): Evaluate {
    const { m } = this
    const { operator, left, right } = e
    const a = this.one(left)
    const b = this.one(right)
    const slotA = slotOf(left)
    const slotB = slotOf(right)
    const site = this.site(e.line)
    const namedA = namedBy(left)
    const namedB = namedBy(right)
    const constant =
      right.kind === 'literal' && typeof right.value === 'number' && right.value !== 0 ? right.value : undefined
    if (constant !== undefined && (operator === '+' || operator === '-')) {
      const added = operator === '+' ? constant : -constant
      const event = operator === '+' ? '__add' : '__sub'
      return f => {
        const x = valueOf(f, slotA, a)
        return typeof x === 'number' ? x + added : arithmetic(m, event, x, constant, site, namedA, namedB)
      }
    }
    switch (operator) {
      case '+':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return x + y
          return arithmetic(m, '__add', x, y, site, namedA, namedB)
        }
      case '-':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return x - y
          return arithmetic(m, '__sub', x, y, site, namedA, namedB)
        }
      case '*':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return x * y
          return arithmetic(m, '__mul', x, y, site, namedA, namedB)
        }
      case '/':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return x / y
          return arithmetic(m, '__div', x, y, site, namedA, namedB)
        }
      case '%':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return modulo(x, y)
          return arithmetic(m, '__mod', x, y, site, namedA, namedB)
        }
      case '^':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          if (typeof x === 'number' && typeof y === 'number') return power(x, y)
          return arithmetic(m, '__pow', x, y, site, namedA, namedB)
        }
    }
  }

  /** Whether an expression is true. */
  test(e: Expression): Test {
    switch (e.kind) {
      case 'comparison':
        return this.comparison(e)
      case 'not': {
        const inner = this.test(e.operand)
        return f => !inner(f)
      }
      case 'and': {
        const left = this.test(e.left)
        const right = this.test(e.right)
        return f => left(f) && right(f)
      }
      case 'or': {
        const left = this.test(e.left)
        const right = this.test(e.right)
        return f => left(f) || right(f)
      }
      case 'one':
        return this.test(e.inner)
    }
    const value = this.one(e)
    return f => {
      const given = value(f)
      return given !== undefined && given !== false
    }
  }

  private comparison(e: Comparing): Test {
    const { m } = this
    const { operator, left, right } = e
    const a = this.one(left)
    const b = this.one(right)
    const slotA = slotOf(left)
    const slotB = slotOf(right)
    const site = this.site(e.line)
    if (right.kind === 'literal') {
      const { value } = right
      if (operator === '==') return f => valueOf(f, slotA, a) === value
      if (operator === '~=') return f => valueOf(f, slotA, a) !== value
      if (typeof value === 'number') return this.comparisonWith(e, value)
    }
    switch (operator) {
      case '==':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
          return x === y || equal(m, x, y, site)
        }
      case '~=':
        return f => {
          const x = valueOf(f, slotA, a)
          const y = valueOf(f, slotB, b)
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

  private comparisonWith({ operator, left, line }: Comparing, value: number): Test {
    const { m } = this
    const a = this.one(left)
    const slot = slotOf(left)
    const site = this.site(line)
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
}

const nothingAtAll: Expression = { kind: 'literal', value: undefined, calls: false }

export function addAll(result: Result, list: Value[]): void {
  if (result instanceof Several) {
    const { values } = result
    for (let i = 0; i < values.length; i++) list.push(values[i])
  } else list.push(result)
}

export function calleeName(call: Call | MethodCall): Named {
  return call.kind === 'call' ? namedBy(call.callee) : `method '${call.name}'`
}

/** Start, end and step of a loop, as numbers. */
export function range(start: Value, end: Value, by: Value, site: Site): readonly [number, number, number] {
  if (typeof start === 'number' && typeof end === 'number' && typeof by === 'number') return [start, end, by]
  const numbers = [start, end, by].map(toNumber)
  const bad = numbers.indexOf(undefined)
  if (bad >= 0) throw faultAt(site, `'for' ${['initial value', 'limit', 'step'][bad]} must be a number`)
  return numbers as [number, number, number]
}
