import { anyArg, badArgument, functionArg, integerArg, SPELLING, stringArg, tableArg } from './arguments.ts'
import { intArg, LONGEST } from './claim.ts'
import { compile } from './compile.ts'
import { Coroutine } from './coroutine.ts'
import { LuaFunction } from './function.ts'
import { LONG_TEXT, LuaError, type Machine, plainText, severalOf, toNumber, typeOf } from './machine.ts'
import { formatNumber, parseInBase } from './numbers.ts'
import { checkWritable } from './readonly.ts'
import { scan, Table, takePassed } from './table.ts'
import { Builtin, Callable, first, nothing, oneNil, type Result, Several, type Value, valuesOf } from './value.ts'

/** What a source is called in error texts: after `@` or `=` its name, otherwise its first line. */
export function chunkId(name: string): string {
  const room = 80
  if (name.startsWith('=')) return name.slice(1, room)
  if (name.startsWith('@')) {
    const file = name.slice(1)
    const most = room - 8
    return file.length > most ? `...${file.slice(file.length - most)}` : file
  }
  const end = /[\n\r]/.exec(name)?.index ?? name.length
  const most = room - 17
  const cut = end < name.length || end > most
  return `[string "${cut ? `${name.slice(0, Math.min(end, most))}...` : name}"]`
}

/** As many values as the stack of a function of Lua's host has room for. */
const MOST_VALUES = 8000

/** What an error that is caught takes, in instructions. */
const ERROR_TIME = 150

/** What it takes to leave each function under way at an error. */
const LEVEL_TIME = 20

/** What it takes to call a function that reports errors. */
const GUARD_TIME = 20

/** What one value of many takes, in instructions. */
const EACH_VALUE = 2

/** What a piece of a chunk takes. */
const PIECE_BYTES = 32
const READ_TIME = 20

/** What a chunk takes to be compiled, besides what each of its bytes takes. */
const COMPILE_TIME = 1000

/** True of the error that JavaScript throws when its stack has no room. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack')
}

/** Functions that are not part of a library, and `coroutine`. */
export function installBase(m: Machine): void {
  const { globals } = m
  const define = (name: string, run: (args: Value[]) => Result): Callable => {
    const builtin = new Builtin(run)
    globals.setText(name, builtin)
    return builtin
  }

  /** Runs what may fail, and answers what is thrown as a value. */
  function guarded(run: () => Result, failed: (error: LuaError) => Value): Result {
    const { depth, site, nested, coroutine } = m
    m.spend(GUARD_TIME)
    try {
      return new Several([true, ...valuesOf(run())])
    } catch (error) {
      const known = isStackOverflow(error) ? m.error('stack overflow') : error
      if (!(known instanceof LuaError)) throw error
      const failedAt = m.depth
      m.depth = depth
      m.site = site
      m.nested = nested
      m.coroutine = coroutine
      m.spend(ERROR_TIME + LEVEL_TIME * (failedAt - depth))
      return new Several([false, failed(known)])
    }
  }

  define('assert', args => {
    const value = anyArg(m, args, 0)
    if (value !== undefined && value !== false) return severalOf(args)
    // C prints up to the first zero byte.
    throw m.error(args[1] === undefined ? 'assertion failed!' : stringArg(m, args, 1).split('\0', 1)[0])
  })

  define('error', args => {
    const [value] = args
    const level = args[1] === undefined ? 1 : intArg(m, args, 1)
    const isText = typeof value === 'string' || typeof value === 'number'
    throw new LuaError(isText && level > 0 ? m.where(level) + plainText(value) : value, m.site)
  })

  define('pcall', args => {
    const callee = anyArg(m, args, 0)
    return guarded(
      () => m.call(callee, ...args.slice(1)),
      error => error.value,
    )
  })

  define('xpcall', args => {
    if (args.length < 2) throw badArgument(m, 1, 'value expected')
    const [callee, handler] = args
    return guarded(
      () => m.call(callee),
      ({ value }) => handled(handler, value),
    )
  })

  /** What a handler makes of an error; its own errors go to it, too. */
  function handled(handler: Value, value: Value): Value {
    let given = value
    for (let i = 0; i < 200 && handler instanceof Callable; i++) {
      const { depth, site } = m
      try {
        return first(m.call(handler, given))
      } catch (error) {
        if (!(error instanceof LuaError)) throw error
        m.depth = depth
        m.site = site
        m.spend(ERROR_TIME)
        given = error.value
      }
    }
    return 'error in error handling'
  }

  const next = define('next', args => {
    const pair = tableArg(m, args, 0).next(args[1])
    if (scan.passed > 0) m.spend(takePassed())
    if (pair === undefined) throw new LuaError("invalid key to 'next'", m.site)
    return pair === false ? oneNil : new Several([pair.key, pair.value])
  })
  m.next = next

  define('pairs', args => new Several([next, tableArg(m, args, 0), undefined]))

  const step = new Builtin(args => {
    const i = (args[1] as number) + 1
    const value = tableArg(m, args, 0).getNumber(i)
    return value === undefined ? oneNil : new Several([i, value])
  })
  define('ipairs', args => new Several([step, tableArg(m, args, 0), 0]))

  define('rawequal', args => anyArg(m, args, 0) === anyArg(m, args, 1))
  define('rawget', args => {
    const table = tableArg(m, args, 0)
    const key = anyArg(m, args, 1)
    if (typeof key === 'string' && key.length >= LONG_TEXT) m.key(key)
    return table.get(key)
  })
  define('rawset', args => {
    const table = tableArg(m, args, 0)
    const key = anyArg(m, args, 1)
    const value = anyArg(m, args, 2)
    checkWritable(m, table)
    if (key === undefined) throw new LuaError('table index is nil', m.site)
    if (key !== key) throw new LuaError('table index is NaN', m.site)
    if (typeof key === 'string' && key.length >= LONG_TEXT) m.key(key)
    m.allocate(table.set(key, value))
    return table
  })

  define('getmetatable', args => {
    const meta = m.metatable(anyArg(m, args, 0))
    return meta?.getText('__metatable') ?? meta
  })
  define('setmetatable', args => {
    const table = tableArg(m, args, 0)
    const meta = args[1]
    if (args.length < 2 || !(meta === undefined || meta instanceof Table)) {
      throw badArgument(m, 1, 'nil or table expected')
    }
    if (table.meta?.getText('__metatable') !== undefined) throw m.error('cannot change a protected metatable')
    checkWritable(m, table)
    table.meta = meta
    return table
  })

  define('select', args => {
    if (args[0] === '#') return args.length - 1
    const n = intArg(m, args, 0)
    const at = n < 0 ? args.length + n : n
    if (at < 1) throw badArgument(m, 0, 'index out of range')
    m.spend(args.length)
    return new Several(args.slice(at))
  })

  define('tonumber', args => {
    const base = args[1] === undefined ? 10 : integerArg(m, args, 1)
    if (base === 10) {
      const value = anyArg(m, args, 0)
      if (typeof value === 'string') m.spend(SPELLING + value.length)
      return toNumber(value)
    }
    const text = stringArg(m, args, 0)
    if (base < 2 || base > 36) throw badArgument(m, 1, 'base out of range')
    m.spend(SPELLING + text.length * 4)
    return parseInBase(text, base)
  })

  define('tostring', args => {
    const value = anyArg(m, args, 0)
    const handler = m.metamethod(value, '__tostring')
    // Of a table the address is kept.
    m.spend(typeof value === 'object' ? 100 : SPELLING)
    return handler === undefined ? plainText(value) : first(m.call(handler, value))
  })
  define('type', args => typeOf(anyArg(m, args, 0)))

  define('unpack', args => {
    const table = tableArg(m, args, 0)
    const from = args[1] === undefined ? 1 : integerArg(m, args, 1)
    const to = args[2] === undefined ? table.length : integerArg(m, args, 2)
    if (from > to) return nothing
    if (to - from + 1 > MOST_VALUES - args.length) throw m.error('too many results to unpack')
    m.spend((to - from) * EACH_VALUE)
    return new Several(table.slice(from, to))
  })

  /** A chunk as a function, or nil and what is wrong with it. */
  function load(source: string, name: string): Result {
    m.spend(COMPILE_TIME + source.length * 4)
    m.allocate(COMPILE_TIME + source.length * 16)
    try {
      return compile(m, source, chunkId(name))
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      return new Several([undefined, error.value])
    }
  }
  define('loadstring', args => {
    const source = stringArg(m, args, 0)
    return load(source, args[1] === undefined ? source : stringArg(m, args, 1))
  })
  define('load', args => {
    const reader = functionArg(m, args, 0)
    const name = args[1] === undefined ? '=(load)' : stringArg(m, args, 1)
    let source = ''
    const read = guarded(
      () => {
        for (;;) {
          const piece = first(m.call(reader))
          if (piece === undefined || piece === '') return nothing
          if (typeof piece !== 'string') throw m.error('reader function must return a string')
          // Once more when it is made one text, which is when it is read.
          m.allocate(PIECE_BYTES + 2 * piece.length)
          m.spend(READ_TIME)
          if (source.length + piece.length > LONGEST) throw m.outOfMemory()
          source += piece
        }
      },
      error => error.value,
    )
    const [done, failure] = valuesOf(read)
    return done === true ? load(source, name) : new Several([undefined, failure])
  })

  // Memory is the host's: there is nothing to collect, and the count is of what this run has allocated.
  define('collectgarbage', args => {
    const option = args[0] === undefined ? 'collect' : stringArg(m, args, 0)
    if (!COLLECTING.includes(option)) throw badArgument(m, 0, `invalid option '${option}'`)
    if (args[1] !== undefined) integerArg(m, args, 1)
    return option === 'step' ? true : option === 'count' ? 64 : 0
  })
  define('gcinfo', () => 64)

  globals.setText('_G', globals)
  globals.setText('_VERSION', 'Lua 5.1')
  globals.setText('coroutine', coroutines(m))
}

const COLLECTING: readonly string[] = ['stop', 'restart', 'collect', 'count', 'step', 'setpause', 'setstepmul']

function coroutines(m: Machine): Table {
  const table = new Table()
  const define = (name: string, run: (args: Value[]) => Result): Callable => {
    const builtin = new Builtin(run)
    table.setText(name, builtin)
    return builtin
  }

  function create(args: readonly Value[]): Coroutine {
    const body = args[0]
    if (!(body instanceof LuaFunction)) throw badArgument(m, 0, 'Lua function expected')
    m.allocate(1024)
    return new Coroutine(m, body)
  }

  function coroutineArg(args: readonly Value[]): Coroutine {
    const value = args[0]
    if (value instanceof Coroutine) return value
    throw badArgument(m, 0, 'coroutine expected')
  }

  /** The error of resuming what cannot be; undefined when it can. */
  function refusal({ status }: Coroutine): string | undefined {
    return status === 'suspended' ? undefined : `cannot resume ${status} coroutine`
  }

  define('create', create)
  define('resume', args => {
    const thread = coroutineArg(args)
    const refused = refusal(thread)
    if (refused !== undefined) return new Several([false, refused])
    try {
      return new Several([true, ...valuesOf(thread.resume(args.slice(1)))])
    } catch (error) {
      const known = isStackOverflow(error) ? m.error('stack overflow') : error
      if (!(known instanceof LuaError)) throw error
      m.spend(ERROR_TIME)
      return new Several([false, known.value])
    }
  })
  define('wrap', args => {
    const thread = create(args)
    return new Builtin(given => {
      const refused = refusal(thread)
      if (refused !== undefined) throw m.error(refused)
      try {
        return thread.resume(given)
      } catch (error) {
        if (!(error instanceof LuaError)) throw error
        m.spend(ERROR_TIME)
        const { value } = error
        const text = typeof value === 'number' ? formatNumber(value) : value
        throw new LuaError(typeof text === 'string' ? m.where(1) + text : value, m.site)
      }
    })
  })
  define('running', () => (m.coroutine === undefined ? oneNil : m.coroutine))
  define('status', args => coroutineArg(args).status)
  m.yield = define('yield', () => {
    throw new LuaError('attempt to yield across metamethod/C-call boundary', m.site)
  })
  return table
}
