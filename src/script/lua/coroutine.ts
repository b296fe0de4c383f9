import { type LuaFunction, MOST_NESTED, Stack } from './function.ts'
import { hostSite, type Machine, type Site, severalOf } from './machine.ts'
import { nothing, type Result, Several, Thread, type Value } from './value.ts'

/** What it takes to go on with one, and to leave it. */
const SWITCH = 40

/** A function that can be left and gone on with. */
export class Coroutine extends Thread {
  status: 'suspended' | 'running' | 'normal' | 'dead'
  private readonly m: Machine
  private readonly body: LuaFunction
  private stack: Stack | undefined
  /** Where the functions that wait in it were called. */
  private callers: Site[]

  constructor(m: Machine, body: LuaFunction) {
    super()
    this.m = m
    this.body = body
    this.status = 'suspended'
    this.stack = undefined
    this.callers = []
  }

  /** Starts it or goes on, up to a yield or its end: what it hands out. Throws the error that ends it. */
  resume(args: Value[]): Result {
    const { m } = this
    const { depth, floor, site, coroutine: outer } = m
    if (outer !== undefined) outer.status = 'normal'
    this.status = 'running'
    m.coroutine = this
    if (++m.nested > MOST_NESTED) {
      m.nested--
      throw m.error('C stack overflow')
    }
    const { nested } = m
    // Callers are noted when it is left, and found again here.
    m.spend(SWITCH + 4 * this.callers.length)
    m.floor = depth
    m.site = hostSite
    let alive = false
    try {
      const result = this.goOn(args)
      alive = this.stack?.over === false
      return result
    } finally {
      this.callers = alive ? m.callers.slice(depth + 1, m.depth + 1) : []
      this.status = alive ? 'suspended' : 'dead'
      m.coroutine = outer
      if (outer !== undefined) outer.status = 'running'
      m.depth = depth
      m.floor = floor
      m.site = site
      m.nested = nested - 1
    }
  }

  private goOn(args: Value[]): Result {
    const { m, body } = this
    if (this.stack === undefined) {
      m.budget -= args.length
      m.enter()
      const frame = body.frameOf(args)
      body.share(frame)
      this.stack = new Stack(m, body.code.steps()(frame))
      return this.handedOut(this.stack.go(nothing))
    }
    for (const caller of this.callers) m.callers[++m.depth] = caller
    return this.handedOut(this.stack.go(severalOf(args)))
  }

  private handedOut(values: ReturnType<Stack['go']>): Result {
    return Array.isArray(values) ? new Several(values as Value[]) : (values as Result)
  }
}
