import { Table } from './table.ts'
import { Builtin, Callable, type Result, Several, Thread, type TypeName, Userdata, type Value } from './value.ts'
import { formatNumber, parseNumber } from './numbers.ts'

/** Where something is called or can go wrong. */
export interface Site {
  /** The name of the chunk, as error texts begin with it; empty in the host. */
  readonly chunk: string
  readonly line: number
  /** What is called, as the source names it: for error texts. */
  readonly name: string | undefined
  readonly kind: 'global' | 'local' | 'upvalue' | 'field' | 'method' | ''
}

/** Where functions of the host call. */
export const hostSite: Site = { chunk: '', line: -1, name: undefined, kind: '' }

/** An error of Lua: any value, and where the script was. No `Error`, because a trace would cost more than most scripts. */
export class LuaError {
  readonly value: Value
  readonly site: Site
  constructor(value: Value, site: Site) {
    this.value = value
    this.site = site
  }
}

/** A script was stopped. No script can catch it. */
export class Killed {}

export interface Limits {
  /** Turns of short loops, and what takes as long, in one run: about 10 ns each; Infinity for no limit. */
  readonly instructions: number
  /** Bytes that one run may allocate for strings and tables, garbage included; Infinity for no limit. */
  readonly memory: number
}

/** How many instructions are counted down at a time. */
const SLICE = 1e6

/** The call of a function of Lua, and a small body. */
const CALL = 8

/** Texts from this length on are counted when they are read. */
export const LONG_TEXT = 1024

/** From this length on V8 has no hashes of texts. */
const UNHASHED = 16_384

/** Calls within calls of Lua functions. */
const DEEPEST = 20_000

const unset = new Builtin(() => {
  throw new TypeError('the machine has no libraries')
})

/** What scripts run on: limits, the place where the running one is, and the values that they share. */
export class Machine {
  /** Instructions until `exhausted` has to be asked: a small number, which counts down fast. */
  budget: number
  /** What is left of the limits for this run, but for `budget`. */
  private instructions: number
  private memory: number
  /** The call that is made, or under way: of the function of the host that asks. */
  site: Site
  /** How many functions of Lua are running, and from where each was called. */
  depth: number
  /** How many of them are outside of the coroutine that runs. */
  floor: number
  readonly callers: Site[]
  readonly globals: Table
  /** The metatable of all strings. */
  strings: Table | undefined
  /** How many functions in steps have been called by functions of the host that such functions called. */
  nested: number
  /** The one that is running; undefined outside of any. */
  coroutine: Thread | undefined
  /** Long texts that were read of late. */
  private lastRead: string
  private otherRead: string
  private unhashed: number
  /** `next`, and `coroutine.yield`: known by sight. */
  next: Callable
  yield: Callable

  constructor() {
    this.budget = 0
    this.instructions = Infinity
    this.memory = Infinity
    this.site = hostSite
    this.depth = 0
    this.floor = 0
    this.callers = []
    this.globals = new Table()
    this.strings = undefined
    this.nested = 0
    this.coroutine = undefined
    this.next = this.yield = unset
    this.lastRead = this.otherRead = ''
    this.unhashed = 0
  }

  /** What may be spent from now on. */
  limit({ instructions, memory }: Limits): void {
    this.budget = 0
    this.instructions = instructions
    this.memory = memory
  }

  /** Starts a run: from the host, with all of its limits. */
  begin(limits: Limits): void {
    this.limit(limits)
    this.depth = 0
    this.floor = 0
    this.nested = 0
    this.coroutine = undefined
    this.site = hostSite
    this.lastRead = this.otherRead = ''
    this.unhashed = 0
  }

  /** How many instructions are left. */
  get left(): number {
    return this.instructions + this.budget
  }

  /** Called when `budget` has run out: fills it up, or throws when nothing is left. */
  exhausted(): void {
    this.instructions += this.budget
    if (this.instructions < 0) throw new Killed()
    this.budget = Math.min(this.instructions, SLICE) | 0
    this.instructions -= this.budget
  }

  /** Notes the call of a function of Lua. */
  enter(): void {
    if ((this.budget -= CALL) < 0) this.exhausted()
    if (this.depth >= DEEPEST) throw this.error('stack overflow')
    this.callers[++this.depth] = this.site
  }

  /** Counts work that takes as long as so many instructions. */
  spend(instructions: number): void {
    this.instructions -= instructions
    if (this.instructions < 0) this.exhausted()
  }

  /** Counts bytes that are to be allocated. To be asked before they are. */
  allocate(bytes: number): void {
    if ((this.memory -= bytes) < 0) throw this.outOfMemory()
  }

  /**
   * Counts what it takes to look at each byte of a long text. What was joined is copied before it is looked at, and stays so:
   * that is counted, too, unless the text is one of the last, when the answer is false.
   */
  read(text: string): boolean {
    const { length } = text
    // Texts of one length are compared at once when they are one text, and need the copy anyhow when they are not.
    if (length === this.lastRead.length && text === this.lastRead) return false
    if (length === this.otherRead.length && text === this.otherRead) return false
    this.allocate(length)
    this.spend(length >> 5)
    this.otherRead = this.lastRead
    this.lastRead = text
    return true
  }

  /** Counts the search for a long text as a key: V8 tells the longest by their length alone, and compares all of one length. */
  key(text: string): void {
    const { length } = text
    if (this.read(text) && length >= UNHASHED) this.unhashed++
    if (length >= UNHASHED) this.spend(Math.floor((this.unhashed * length) / 64))
  }

  /** Notes that a text of this length was joined: it is none of those that were read, though it may be equal to one. */
  joined(length: number): void {
    if (length === this.lastRead.length) this.lastRead = ''
    if (length === this.otherRead.length) this.otherRead = ''
  }

  outOfMemory(): LuaError {
    return new LuaError('not enough memory', this.site)
  }

  /**
   * An error at the place where the function of the host that is running was called (level 1), or where the function that
   * called it was (level 2), and so on.
   */
  error(message: string, level: number = 1): LuaError {
    return new LuaError(this.where(level) + message, this.site)
  }

  /** `chunk:line: ` of a level, as `error` has it. */
  where(level: number): string {
    const site = this.siteAt(level)
    return site === undefined || site.line < 0 ? '' : `${site.chunk}:${site.line}: `
  }

  private siteAt(level: number): Site | undefined {
    if (level === 1) return this.site
    const at = this.depth - level + 2
    return level < 1 || at <= this.floor ? undefined : this.callers[at]
  }

  /** Calls a function from the host. */
  call(callee: Value, ...args: Value[]): Result {
    const { site } = this
    const called = this.callable(callee, args)
    // The function of the host is a level of its own.
    this.callers[++this.depth] = site
    this.site = hostSite
    const result = called.callN(args)
    this.depth--
    this.site = site
    return result
  }

  /** The function that a call of `callee` runs, which may get `callee` itself as an argument in front. */
  private callable(callee: Value, args: Value[]): Callable {
    if (callee instanceof Callable) return callee
    const handler = this.metamethod(callee, '__call')
    if (!(handler instanceof Callable)) throw new LuaError(`attempt to call a ${typeOf(callee)} value`, this.site)
    args.unshift(callee)
    return handler
  }

  metatable(value: Value): Table | undefined {
    if (value instanceof Table) return value.meta
    return typeof value === 'string' ? this.strings : undefined
  }

  metamethod(value: Value, event: string): Value {
    return this.metatable(value)?.getText(event)
  }
}

export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'nil'
    case 'object':
      if (value instanceof Table) return 'table'
      if (value instanceof Callable) return 'function'
      return value instanceof Thread ? 'thread' : 'userdata'
    default:
      return typeof value as TypeName
  }
}

const addresses = new WeakMap<object, number>()
let lastAddress = 0x5555_0000_0000

/** A value as text, without metamethods. */
export function plainText(value: Value): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil'
    case 'number':
      return formatNumber(value)
    case 'string':
      return value
    case 'boolean':
      return String(value)
  }
  if (value instanceof Userdata) return `userdata: ${value.what}`
  // Objects have no address that could be told: each gets a number when it is first asked for.
  let address = addresses.get(value)
  if (address === undefined) addresses.set(value, (address = lastAddress += 32))
  return `${typeOf(value)}: 0x${address.toString(16)}`
}

/** A number or text that spells one, as arithmetic takes it; undefined otherwise. */
export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? parseNumber(value) : undefined
}

export function severalOf(values: Value[]): Result {
  return values.length === 1 ? values[0] : new Several(values)
}
