import type { Call, Expression, MethodCall } from './ast.ts'
import type { Compiler, EvaluateAll } from './compile.ts'
import { type Frame, LuaFunction, tailSite } from './function.ts'
import type { Site } from './machine.ts'
import { calleeName, namedBy } from './names.ts'
import { slotOf, valueOf } from './operand.ts'
import { callOther, index } from './runtime.ts'
import { Callable, type Result, Several, type Value } from './value.ts'

/** What a call takes, of functions of Lua and of the host. */
export const CALL_WORK = 8

/** What is made of the result of a call: all of it, its first value, or the result of the function that makes the call. */
export type Use = 'all' | 'one' | 'last'

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

function one(result: Result): Value {
  return result instanceof Several ? result.values[0] : result
}

export function callOf(compiler: Compiler, e: Call | MethodCall, use: Use): EvaluateAll {
  compiler.work += CALL_WORK
  return e.kind === 'call' ? plainCall(compiler, e, use) : methodCall(compiler, e, use)
}

function plainCall(compiler: Compiler, e: Call, use: Use): EvaluateAll {
  const { m } = compiler
  const callee = compiler.one(e.callee)
  const slot = slotOf(e.callee)
  const site = compiler.site(e.line, e.callee)
  // From within a function of Lua, the caller of a call in the place of a result is no more to be seen.
  const inner = use === 'last' ? tailSite : site
  const only = use === 'one'
  const named = namedBy(e.callee)
  const { args } = e
  const final = args.at(-1)
  if (args.length > 3 || (final !== undefined && isOpen(final))) {
    const list = compiler.list(args)
    return f => {
      const called = valueOf(f, slot, callee)
      const given = list(f)
      m.site = called instanceof LuaFunction ? inner : site
      const result = called instanceof Callable ? called.callN(given) : callOther(m, called, given, site, named)
      return only ? one(result) : result
    }
  }
  const [x, y, z] = args.map(arg => compiler.one(arg))
  const [slotX, slotY, slotZ] = args.map(slotOf)
  switch (args.length) {
    case 0:
      return f => {
        const called = valueOf(f, slot, callee)
        m.site = called instanceof LuaFunction ? inner : site
        const result = called instanceof Callable ? called.call0() : callOther(m, called, [], site, named)
        return only ? one(result) : result
      }
    case 1:
      return f => {
        const called = valueOf(f, slot, callee)
        const a = valueOf(f, slotX, x)
        m.site = called instanceof LuaFunction ? inner : site
        const result = called instanceof Callable ? called.call1(a) : callOther(m, called, [a], site, named)
        return only ? one(result) : result
      }
    case 2:
      return f => {
        const called = valueOf(f, slot, callee)
        const a = valueOf(f, slotX, x)
        const b = valueOf(f, slotY, y)
        m.site = called instanceof LuaFunction ? inner : site
        const result = called instanceof Callable ? called.call2(a, b) : callOther(m, called, [a, b], site, named)
        return only ? one(result) : result
      }
    default:
      return f => {
        const called = valueOf(f, slot, callee)
        const a = valueOf(f, slotX, x)
        const b = valueOf(f, slotY, y)
        const c = valueOf(f, slotZ, z)
        m.site = called instanceof LuaFunction ? inner : site
        const result = called instanceof Callable ? called.call3(a, b, c) : callOther(m, called, [a, b, c], site, named)
        return only ? one(result) : result
      }
  }
}

function methodCall(compiler: Compiler, e: MethodCall, use: Use): EvaluateAll {
  const { m } = compiler
  const site = compiler.site(e.line, e.name)
  const inner = use === 'last' ? tailSite : site
  const only = use === 'one'
  const named = calleeName(e)
  const { args, name } = e
  const final = args.at(-1)
  if (args.length > 2 || (final !== undefined && isOpen(final))) {
    const prepare = prepareCall(compiler, e, site)
    return f => {
      const given: Value[] = []
      const called = prepare(f, given)
      m.site = called instanceof LuaFunction ? inner : site
      const result = called instanceof Callable ? called.callN(given) : callOther(m, called, given, site, named)
      return only ? one(result) : result
    }
  }
  const object = compiler.one(e.object)
  const slot = slotOf(e.object)
  const objectName = namedBy(e.object)
  const [x, y] = args.map(arg => compiler.one(arg))
  const count = args.length
  return f => {
    const self = valueOf(f, slot, object)
    const called = index(m, self, name, site, objectName)
    const a = count > 0 ? x(f) : undefined
    const b = count > 1 ? y(f) : undefined
    m.site = called instanceof LuaFunction ? inner : site
    let result: Result
    if (!(called instanceof Callable)) result = callOther(m, called, [self, a, b].slice(0, count + 1), site, named)
    else result = count === 0 ? called.call1(self) : count === 1 ? called.call2(self, a) : called.call3(self, a, b)
    return only ? one(result) : result
  }
}

/** Evaluates what is called, which it answers, and adds the arguments to the list. */
export function prepareCall(
  compiler: Compiler,
  call: Call | MethodCall,
  site: Site,
): (f: Frame, args: Value[]) => Value {
  const addArgs = compiler.adder(call.args)
  if (call.kind === 'call') {
    const callee = compiler.one(call.callee)
    return (f, args) => {
      const called = callee(f)
      addArgs(f, args)
      return called
    }
  }
  const { m } = compiler
  const object = compiler.one(call.object)
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
