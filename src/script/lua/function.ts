import { type Machine, type Site, hostSite } from './machine.ts'
import { UPVALUES, VARARGS } from './parser.ts'
import { Table } from './table.ts'
import { Callable, nothing, type Result, Several, type Value } from './value.ts'

/** A variable that closures share. */
export class Box {
  value: Value
  constructor(value: Value) {
    this.value = value
  }
}

/**
 * What a call of a function works on:
 *
 *     0   the boxes of its upvalues
 *     1   the arguments behind the named ones, when it takes any number
 *     2…  parameters, then the other variables: values, or boxes where closures share them
 */
export type Frame = (Value | Box | readonly Box[] | readonly Value[])[]

/** How a statement ended: undefined when the next one follows, `leave` at a break, otherwise with what is returned. */
export type Completion = Result

/** Where a function was called whose caller has gone. */
export const tailSite: Site = hostSite

/** What `break` ends with. */
export const leave: Several = new Several([])

/** A function under way that can stop between calls: it asks for each call, and is told its result. */
export type Steps = Generator<Request, Completion, Result>

/** A call that a function asks for; `last` when its result is that of the function itself. Otherwise a coroutine's yield. */
export type Request =
  | { readonly callee: LuaFunction; readonly args: Value[]; readonly last: boolean }
  | readonly Value[]

/** A function as it was compiled; closures over it share it. */
export interface Code {
  readonly machine: Machine
  readonly parameters: number
  /** True when it takes a fixed number of arguments, and no closure shares them. */
  readonly plain: boolean
  /** The parameters that closures share. */
  readonly boxed: readonly number[]
  readonly vararg: boolean
  /** Where the table of the further arguments is; -1 for nowhere. */
  readonly argTable: number
  readonly size: number
  readonly run: (frame: Frame) => Completion
  /** The same, able to stop between calls; made when it is first needed. */
  readonly steps: () => (frame: Frame) => Steps
}

/** What a call in steps takes, beyond one that is not. */
const STEPS_CALL = 30

/** So many further arguments are not worth being counted as memory. */
const FEW_ARGUMENTS = 32

/** From so many calls within calls on, functions run in steps, which take no room on the stack. */
const SHALLOW = 150

function newFrame(size: number, upvalues: readonly Box[]): Frame {
  const u = undefined
  if (size <= 4) return [upvalues, u, u, u]
  if (size <= 8) return [upvalues, u, u, u, u, u, u, u]
  if (size <= 16) return [upvalues, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u]
  const frame: Frame = [upvalues]
  while (frame.length < size) frame.push(u)
  return frame
}

/** A function of a script. */
export class LuaFunction extends Callable {
  readonly code: Code
  readonly upvalues: readonly Box[]
  constructor(code: Code, upvalues: readonly Box[]) {
    super()
    this.code = code
    this.upvalues = upvalues
  }

  call0(): Result {
    const { code } = this
    const m = code.machine
    if (!code.plain || m.depth >= SHALLOW) return this.callN([])
    m.enter()
    return this.finish(newFrame(code.size, this.upvalues))
  }

  call1(a: Value): Result {
    const { code } = this
    const m = code.machine
    if (!code.plain || m.depth >= SHALLOW) return this.callN([a])
    m.enter()
    const frame = newFrame(code.size, this.upvalues)
    if (code.parameters > 0) frame[2] = a
    return this.finish(frame)
  }

  call2(a: Value, b: Value): Result {
    const { code } = this
    const m = code.machine
    if (!code.plain || m.depth >= SHALLOW) return this.callN([a, b])
    m.enter()
    const frame = newFrame(code.size, this.upvalues)
    const { parameters } = code
    if (parameters > 0) frame[2] = a
    if (parameters > 1) frame[3] = b
    return this.finish(frame)
  }

  call3(a: Value, b: Value, c: Value): Result {
    const { code } = this
    const m = code.machine
    if (!code.plain || m.depth >= SHALLOW) return this.callN([a, b, c])
    m.enter()
    const frame = newFrame(code.size, this.upvalues)
    const { parameters } = code
    if (parameters > 0) frame[2] = a
    if (parameters > 1) frame[3] = b
    if (parameters > 2) frame[4] = c
    return this.finish(frame)
  }

  callN(args: Value[]): Result {
    const { code } = this
    const m = code.machine
    m.enter()
    m.budget -= args.length
    const frame = this.frameOf(args)
    this.share(frame)
    if (m.depth <= SHALLOW) return this.finish(frame)
    const result = runSteps(m, code.steps()(frame))
    m.depth--
    return result === undefined ? nothing : result
  }

  /** Runs a call on the stack. */
  private finish(frame: Frame): Result {
    const { code } = this
    const result = code.run(frame)
    code.machine.depth--
    return result === undefined ? nothing : result
  }

  /** A frame with these arguments in it. */
  frameOf(args: Value[]): Frame {
    const { code } = this
    const { parameters } = code
    const frame = newFrame(code.size, this.upvalues)
    const given = args.length < parameters ? args.length : parameters
    for (let i = 0; i < given; i++) frame[2 + i] = args[i]
    if (code.vararg) {
      const rest = args.slice(parameters)
      code.machine.spend(10 + rest.length)
      // Calls within calls hold a copy each.
      if (rest.length > FEW_ARGUMENTS) code.machine.allocate(16 * rest.length)
      frame[VARARGS] = rest
      if (code.argTable >= 0) {
        code.machine.spend(20)
        code.machine.allocate(64 + 8 * rest.length)
        const table = new Table(rest.slice())
        table.setText('n', rest.length)
        frame[code.argTable] = table
      }
    }
    return frame
  }

  /** Puts what closures share into boxes. */
  share(frame: Frame): void {
    const { boxed } = this.code
    for (let i = 0; i < boxed.length; i++) frame[boxed[i]] = new Box(frame[boxed[i]] as Value)
  }
}

/** Calls of the host by functions in steps that call functions in steps, which do take room. */
export const MOST_NESTED = 190

function runSteps(m: Machine, steps: Steps): Completion {
  if (m.nested >= MOST_NESTED) throw m.error('C stack overflow')
  m.nested++
  const { depth } = m
  const stack = new Stack(m, steps)
  const values = stack.go(nothing)
  m.nested--
  m.depth = depth
  // Not within a coroutine that could be resumed: `coroutine.yield` refuses.
  if (!stack.over) m.yield.callN(values as Value[])
  return values as Completion
}

/** Functions that run in steps, each called by the one before. */
export class Stack {
  private readonly m: Machine
  private readonly running: Steps[]

  constructor(m: Machine, first: Steps) {
    this.m = m
    this.running = [first]
  }

  get over(): boolean {
    return this.running.length === 0
  }

  /** Goes on with the result of what was asked for, to the end or to a yield, whose values it answers. */
  go(result: Result): Completion | readonly Value[] {
    const { m, running } = this
    let sent: Result = result
    for (;;) {
      const step = running[running.length - 1].next(sent)
      if (step.done === true) {
        running.pop()
        sent = step.value === undefined ? nothing : step.value
        if (running.length === 0) return sent
        m.depth--
        continue
      }
      const request = step.value
      if (!('callee' in request)) return request
      const { callee, args, last } = request
      if (last) {
        running.pop()
        m.depth--
        m.site = tailSite
      }
      m.budget -= STEPS_CALL + args.length
      m.enter()
      const frame = callee.frameOf(args)
      callee.share(frame)
      running.push(callee.code.steps()(frame))
    }
  }
}

export function upvaluesOf(frame: Frame): readonly Box[] {
  return frame[UPVALUES] as readonly Box[]
}

export function varargsOf(frame: Frame): readonly Value[] {
  return frame[VARARGS] as readonly Value[]
}
