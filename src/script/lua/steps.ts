import type { Block, Call, Expression, MethodCall, Statement, TableItem } from './ast.ts'
import { isOpen, prepareCall } from './calls.ts'
import { addAll, type Compiler, type Execute } from './compile.ts'
import { range } from './loops.ts'
import { calleeName } from './names.ts'
import type { Evaluate } from './operand.ts'
import { type Test, testOf } from './operators.ts'
import { type Completion, type Frame, leave, LuaFunction, type Request, type Steps } from './function.ts'
import { type Machine, type Site } from './machine.ts'
import { callOther } from './runtime.ts'
import { Callable, first, oneNil, type Result, Several, type Value } from './value.ts'

/*
 * Functions that can stop at every call: coroutines run like that, and whatever is called so deeply that the stack would not
 * hold. Only calls that the source spells can be stopped at; those of metamethods, iterators and functions of the host cannot,
 * in Lua 5.1 either. So calls are taken out of expressions and made one by one, what stood before them is kept in the frame,
 * and all that is between two calls runs as compiled closures:
 *
 *     return a.b + f(g(x))     kept1 = a.b;  kept2 = g(x);  kept3 = f(kept2);  return kept1 + kept3
 */

type Step = Action & {
  /** What it takes, in instructions, without calls and what is within. */
  readonly work: number
}

type Action =
  | { readonly kind: 'plain'; readonly run: Execute }
  | {
      readonly kind: 'call'
      readonly prepare: (f: Frame, args: Value[]) => Value
      readonly site: Site
      readonly named: string | undefined
      /** Where the result goes; -1 when it is that of the function. */
      readonly slot: number
    }
  | {
      readonly kind: 'choose'
      readonly test: Test
      readonly chosen: readonly Step[]
      readonly otherwise: readonly Step[]
    }
  | { readonly kind: 'loop'; readonly body: readonly Step[] }

/** A block as a function in steps, whose frame has `size` places taken. */
export function stepsOf(compiler: Compiler, block: Block, size: number): (f: Frame) => Steps {
  const { m } = compiler
  const [steps] = compiler.measured(() => new Flattener(compiler, size).block(block))
  return f => run(m, steps, f)
}

/** What a step takes at least, and a call or a block in steps. */
const STEP = 2
const STEP_OUT = 15

function* run(m: Machine, steps: readonly Step[], f: Frame): Steps {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    if ((m.budget -= step.work) < 0) m.exhausted()
    switch (step.kind) {
      case 'plain': {
        const ended = step.run(f)
        if (ended !== undefined) return ended
        break
      }
      case 'call': {
        const { site, named, slot } = step
        const args: Value[] = []
        let callee = step.prepare(f, args)
        if (!(callee instanceof Callable)) {
          const handler = m.metamethod(callee, '__call')
          if (handler instanceof Callable) {
            args.unshift(callee)
            callee = handler
          }
        }
        const last = slot < 0
        m.site = site
        let result: Result
        if (callee instanceof LuaFunction) {
          const request: Request = { callee, args, last }
          result = yield request
        } else if (callee === m.yield) result = yield args
        else result = callee instanceof Callable ? callee.callN(args) : callOther(m, callee, args, site, named)
        if (last) return result === undefined ? oneNil : result
        f[slot] = result as Value
        break
      }
      case 'choose': {
        const ended: Completion = yield* run(m, step.test(f) ? step.chosen : step.otherwise, f)
        if (ended !== undefined) return ended
        break
      }
      case 'loop':
        for (;;) {
          if ((m.budget -= STEP_OUT) < 0) m.exhausted()
          const ended: Completion = yield* run(m, step.body, f)
          if (ended === leave) break
          if (ended !== undefined) return ended
        }
    }
  }
  return undefined
}

class Flattener {
  private readonly compiler: Compiler
  private free: number
  private steps: Step[]
  /** How many blocks are around. */
  private level: number

  constructor(compiler: Compiler, size: number) {
    this.compiler = compiler
    this.free = size
    this.steps = []
    this.level = 0
  }

  block(block: Block): readonly Step[] {
    return this.gather(() => {
      for (const statement of block) this.statement(statement)
    })
  }

  /** The steps that `add` adds, apart from those there are. */
  private gather(add: () => void): readonly Step[] {
    const outer = this.steps
    this.steps = []
    this.level++
    add()
    this.level--
    const { steps } = this
    this.steps = outer
    return steps
  }

  /** Adds a step, to which belongs what was compiled since the one before. */
  private add(action: Action): void {
    const { compiler } = this
    // What goes in or out passes all blocks around.
    const work = action.kind === 'plain' ? STEP : STEP_OUT + 5 * this.level
    this.steps.push({ ...action, work: work + Math.ceil(compiler.work) })
    compiler.work = 0
  }

  private plain(run: (f: Frame) => Completion): void {
    this.add({ kind: 'plain', run })
  }

  private statement(s: Statement): void {
    const { compiler } = this
    if (!s.calls) return this.plain(compiler.statement(s))
    switch (s.kind) {
      case 'locals':
        return this.plain(compiler.statement({ ...s, values: this.list(s.values), calls: false }))
      case 'assign': {
        // Tables and keys, then values.
        const parts = s.targets.flatMap(target => (target.kind === 'index' ? [target.object, target.key] : []))
        const simple = this.list([...parts, ...s.values], parts)
        let at = 0
        const targets = s.targets.map(target =>
          target.kind === 'index' ? { ...target, object: simple[at++], key: simple[at++], calls: false } : target,
        )
        return this.plain(compiler.statement({ ...s, targets, values: simple.slice(at), calls: false }))
      }
      case 'evaluate':
        this.call(s.call)
        return
      case 'do':
        return void this.steps.push(...this.block(s.block))
      case 'if':
        return this.choose(s, 0)
      case 'while':
        return this.loop(() => {
          this.leaveUnless(s.condition, false)
          this.steps.push(...this.block(s.block))
        })
      case 'repeat':
        return this.loop(() => {
          this.steps.push(...this.block(s.block))
          this.leaveUnless(s.condition, true)
        })
      case 'count':
        return this.count(s)
      case 'each':
        return this.each(s)
      case 'return':
        return this.returning(s.values)
      default:
        return this.plain(compiler.statement(s))
    }
  }

  private loop(add: () => void): void {
    this.add({ kind: 'loop', body: this.gather(add) })
  }

  /** Ends a loop when the condition is `end`. */
  private leaveUnless(condition: Expression, end: boolean): void {
    const test = testOf(this.compiler, this.simple(condition))
    this.plain(f => (test(f) === end ? leave : undefined))
  }

  private choose(s: Statement & { kind: 'if' }, at: number): void {
    const clause = s.clauses[at]
    if (clause === undefined) return void this.steps.push(...this.block(s.otherwise))
    const test = testOf(this.compiler, this.simple(clause.condition))
    const chosen = this.block(clause.block)
    const otherwise = this.gather(() => this.choose(s, at + 1))
    this.add({ kind: 'choose', test, chosen, otherwise })
  }

  private count(s: Statement & { kind: 'count' }): void {
    const { compiler } = this
    const given = [s.from, s.to, ...(s.step === undefined ? [] : [s.step])]
    const values = compiler.list(this.list(given))
    const site = compiler.site(s.line)
    const declare = compiler.declare(s.variable)
    const at = this.keep(3)
    this.plain(f => {
      const [start, end, by = 1] = values(f)
      const [from, to, step] = range(start, end, by, site)
      f[at] = from
      f[at + 1] = to
      f[at + 2] = step
      return undefined
    })
    this.loop(() => {
      this.plain(f => {
        const i = f[at] as number
        const limit = f[at + 1] as number
        const stride = f[at + 2] as number
        if (!(stride > 0 ? i <= limit : limit <= i)) return leave
        declare(f, i)
        f[at] = i + stride
        return undefined
      })
      this.steps.push(...this.block(s.block))
    })
  }

  private each(s: Statement & { kind: 'each' }): void {
    const { compiler } = this
    const { m } = compiler
    const { slot: at } = s
    const values = compiler.list(this.list(s.values))
    const site = compiler.iteratorSite(s.line)
    const variables = s.variables.map(variable => compiler.declare(variable))
    this.plain(f => {
      const given = values(f)
      for (let i = 0; i < 3; i++) f[at + i] = given[i]
      return undefined
    })
    this.loop(() => {
      this.plain(f => {
        const callee = f[at] as Value
        const state = f[at + 1] as Value
        const control = f[at + 2] as Value
        m.site = site
        const result =
          callee instanceof Callable
            ? callee.call2(state, control)
            : callOther(m, callee, [state, control], site, undefined)
        if (first(result) === undefined) return leave
        f[at + 2] = first(result)
        const all: Value[] = []
        addAll(result, all)
        for (let i = 0; i < variables.length; i++) variables[i](f, all[i])
        return undefined
      })
      this.steps.push(...this.block(s.block))
    })
  }

  private returning(values: readonly Expression[]): void {
    const { compiler } = this
    if (values.length === 1 && (values[0].kind === 'call' || values[0].kind === 'method')) {
      this.call(values[0], -1)
      return
    }
    const list = compiler.list(this.list(values))
    this.plain(f => new Several(list(f)))
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  private keep(count: number): number {
    const slot = this.free
    this.free += count
    return slot
  }

  /** Evaluates an expression without calls now, for later. */
  private pin(e: Expression): Expression {
    switch (e.kind) {
      case 'literal':
      case 'function':
      case 'kept':
        return e
      case 'local':
        // Nobody else can change it.
        if (!e.variable.captured) return e
    }
    const slot = this.keep(1)
    const value = this.compiler.one(e)
    this.set(slot, value)
    return { kind: 'kept', slot, open: false, calls: false }
  }

  private set(slot: number, value: Evaluate): void {
    this.plain(f => {
      f[slot] = value(f)
      return undefined
    })
  }

  /** Expressions one after the other, without calls; those before a call are evaluated before it, but for variables in `late`. */
  private list(expressions: readonly Expression[], late: readonly Expression[] = []): Expression[] {
    const last = expressions.findLastIndex(({ calls }) => calls)
    return expressions.map((e, i) => {
      const simple = this.simple(e)
      // A variable where Lua reads it late stays what it is.
      if (i >= last || (e.kind === 'local' && late.includes(e))) return simple
      // Of several values the first, because more expressions follow.
      return this.pin(isOpen(simple) ? { kind: 'one', inner: simple, calls: false } : simple)
    })
  }

  /** The expression without calls: they become steps. */
  private simple(e: Expression): Expression {
    if (!e.calls) return e
    switch (e.kind) {
      case 'call':
      case 'method':
        return this.call(e)
      case 'one':
        return { ...e, inner: this.simple(e.inner), calls: false }
      case 'index': {
        const [object, key] = this.list([e.object, e.key], [e.object])
        return { ...e, object, key, calls: false }
      }
      case 'arithmetic':
      case 'comparison': {
        const [left, right] = this.list([e.left, e.right], [e.left])
        return { ...e, left, right, calls: false }
      }
      case 'concat':
        return { ...e, parts: this.list(e.parts), calls: false }
      case 'not':
      case 'minus':
      case 'length':
        return { ...e, operand: this.simple(e.operand), calls: false }
      case 'and':
      case 'or':
        return this.logic(e)
      case 'table':
        return this.table(e)
      default:
        return e
    }
  }

  private logic(e: Expression & { kind: 'and' | 'or' }): Expression {
    const { compiler } = this
    const slot = this.keep(1)
    const kept: Expression = { kind: 'kept', slot, open: false, calls: false }
    this.set(slot, compiler.one(this.simple(e.left)))
    const chosen = this.gather(() => this.set(slot, compiler.one(this.simple(e.right))))
    const test = testOf(compiler, e.kind === 'and' ? kept : { kind: 'not', operand: kept, line: 0, calls: false })
    this.add({ kind: 'choose', test, chosen, otherwise: [] })
    return kept
  }

  private table(e: Expression & { kind: 'table' }): Expression {
    const parts = e.items.flatMap(item => (item.kind === 'pair' ? [item.key, item.value] : [item.value]))
    const simple = this.list(parts)
    let at = 0
    const items = e.items.map(
      (item): TableItem =>
        item.kind === 'pair'
          ? { kind: 'pair', key: simple[at++], value: simple[at++] }
          : { kind: 'item', value: simple[at++] },
    )
    return { ...e, items, calls: false }
  }

  private call(e: Call | MethodCall, into?: number): Expression {
    const { compiler } = this
    const slot = into ?? this.keep(1)
    const [object, ...args] = this.list([e.kind === 'call' ? e.callee : e.object, ...e.args])
    const site = e.kind === 'call' ? compiler.site(e.line, e.callee) : compiler.site(e.line, e.name)
    const call: Call | MethodCall = e.kind === 'call' ? { ...e, callee: object, args } : { ...e, object, args }
    this.add({ kind: 'call', prepare: prepareCall(compiler, call, site), site, named: calleeName(e), slot })
    return { kind: 'kept', slot, open: true, calls: false }
  }
}
