import { ReplyError } from '../errors.ts'
import { isName } from '../functions.ts'
import { headOf } from '../libraries.ts'
import type { FunctionInfo } from '../ports.ts'
import { fromLatin1, toLatin1 } from '../util/text.ts'
import { fault } from './call.ts'
import { flagNames, type Flags } from './flags.ts'
import { registerLines, scriptLines } from './lines.ts'
import { compile } from './lua/index.ts'
import { Killed, type Limits, LuaError, type Machine } from './lua/machine.ts'
import { formatNumber } from './lua/numbers.ts'
import { Table } from './lua/table.ts'
import { Callable, nothing, type Result, type Value } from './lua/value.ts'
import { loadingTable, type OnLog, protect, setVersion, strictMeta } from './redis.ts'
import { messageOf, Runtime, shadow } from './runtime.ts'

/** A function that a library has registered. */
export interface LibraryFunction extends FunctionInfo {
  readonly body: Callable
  readonly given: Flags
}

export interface LoadedLibrary {
  readonly name: string
  readonly functions: readonly LibraryFunction[]
}

/** Redis gives a library half a second to register its functions. */
const LOADING = 0.1

/** Where functions of libraries run, and are loaded. */
export class LibraryRuntime extends Runtime {
  private readonly environment: Table
  private readonly show: (what: Table) => void
  private readonly loading: Table
  private readonly loadingRedis: Table
  private readonly most: Limits
  /** Those of the library that is loaded; undefined when none is. */
  private registered: Map<string, LibraryFunction> | undefined

  constructor(limits: Limits, onLog: OnLog | undefined) {
    super(limits, onLog, false)
    const { environment, show } = shadow(this.m.globals)
    this.environment = environment
    this.show = show
    this.most = { ...limits, instructions: limits.instructions * LOADING }
    this.registered = undefined
    this.loadingRedis = loadingTable(this.m, args => this.register(args), onLog)
    this.loading = new Table()
    this.loading.setText('redis', this.loadingRedis)
    this.loading.setText('server', this.loadingRedis)
    this.loading.meta = this.loadingRedis.meta = strictMeta(this.m)
    protect(this.loading)
  }

  /** Runs the text of a library, which registers functions. Throws a ReplyError when it cannot be loaded. */
  load(text: string, version: string): LoadedLibrary {
    const { name, end } = headOf(text)
    const { m } = this
    const registered = new Map<string, LibraryFunction>()
    setVersion(this.loadingRedis, version)
    let body: Callable
    try {
      body = compile(m, toLatin1(text.slice(end)), 'user_function', this.environment)
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      throw new ReplyError(`ERR Error compiling function: ${messageOf(error.value).slice(4)}`)
    }
    m.begin(this.most)
    this.registered = registered
    this.show(this.loading)
    try {
      body.call0()
    } catch (error) {
      if (error instanceof Killed) throw new ReplyError('ERR Error registering functions: ERR FUNCTION LOAD timeout')
      if (!(error instanceof LuaError)) throw error
      throw new ReplyError(`ERR Error registering functions: ${messageOf(error.value)}`)
    } finally {
      this.registered = undefined
      this.show(m.globals)
    }
    if (registered.size === 0) throw new ReplyError(scriptLines.noFunctions)
    return { name, functions: [...registered.values()] }
  }

  /** `redis.register_function`. */
  private register(args: Value[]): Result {
    const { m, registered } = this
    if (registered === undefined) throw fault(m, registerLines.outside)
    if (args.length < 1 || args.length > 2) throw fault(m, registerLines.count)
    const one = args.length === 1 ? namedArguments(m, args[0]) : placedArguments(m, args[0], args[1])
    if (!isName(one.name)) throw fault(m, registerLines.badName)
    if (registered.has(one.name)) throw fault(m, registerLines.exists)
    registered.set(one.name, one)
    return nothing
  }
}

function textOf(value: Value): string | undefined {
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'string' ? fromLatin1(value) : undefined
}

function placedArguments(m: Machine, first: Value, body: Value): LibraryFunction {
  const name = textOf(first)
  if (name === undefined) throw fault(m, registerLines.first)
  if (!(body instanceof Callable)) throw fault(m, registerLines.second)
  return made(name, body, undefined, [])
}

function namedArguments(m: Machine, table: Value): LibraryFunction {
  if (!(table instanceof Table)) throw fault(m, registerLines.named)
  let name: string | undefined
  let description: string | undefined
  let body: Callable | undefined
  let flags: readonly string[] = []
  let key: Value
  for (;;) {
    const pair = table.next(key)
    if (pair === false || pair === undefined) break
    key = pair.key
    const { value } = pair
    if (typeof key !== 'string' && typeof key !== 'number') throw fault(m, registerLines.key)
    switch (String(key).toLowerCase()) {
      case 'function_name':
        if ((name = textOf(value)) === undefined) throw fault(m, registerLines.name)
        break
      case 'description':
        if ((description = textOf(value)) === undefined) throw fault(m, registerLines.description)
        break
      case 'callback':
        if (!(value instanceof Callable)) throw fault(m, registerLines.callback)
        body = value
        break
      case 'flags':
        if (!(value instanceof Table)) throw fault(m, registerLines.flags)
        flags = flagsIn(m, value)
        break
      default:
        throw fault(m, registerLines.unknown)
    }
  }
  if (name === undefined) throw fault(m, registerLines.noName)
  if (body === undefined) throw fault(m, registerLines.noCallback)
  return made(name, body, description, flags)
}

function flagsIn(m: Machine, table: Table): string[] {
  const given = new Set<string>()
  for (let i = 1; ; i++) {
    const value = table.getNumber(i)
    if (value === undefined) break
    const flag = textOf(value)?.toLowerCase()
    if (flag === undefined || !flagNames.includes(flag)) throw fault(m, registerLines.flag)
    given.add(flag)
  }
  return flagNames.filter(flag => given.has(flag))
}

function made(
  name: string,
  body: Callable,
  description: string | undefined,
  flags: readonly string[],
): LibraryFunction {
  return { name, body, description, flags, given: { names: flags, plain: false } }
}
