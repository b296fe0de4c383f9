import { sha1hex } from '../util/sha1.ts'
import { fromLatin1 } from '../util/text.ts'
import { isContainer, named } from '../wire/table.ts'
import { type Commands, fault, RedisCall, wordsOf } from './call.ts'
import { callLines } from './lines.ts'
import { type Machine, toNumber } from './lua/machine.ts'
import { formatNumber } from './lua/numbers.ts'
import { index } from './lua/runtime.ts'
import { Table } from './lua/table.ts'
import { Builtin, type Callable, nothing, type Result, Several, type Value } from './lua/value.ts'
import { tableOf } from './values.ts'

/** How important it is what a script logs. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

const levels: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']

/** What `redis.set_repl` takes: each is a bit. */
const REPL_AOF = 1
const REPL_REPLICA = 2

export type OnLog = (level: LogLevel, message: string) => void

type Define = (name: string, run: (args: Value[]) => Result) => void

function definer(table: Table): Define {
  return (name, run) => table.setText(name, new Builtin(run))
}

/** What is the same wherever there is a `redis`: the log, and what version this is. */
function addCommon(m: Machine, table: Table, onLog: OnLog | undefined): void {
  for (const [i, level] of levels.entries()) table.setText(`LOG_${level.toUpperCase()}`, i)
  definer(table)('log', args => {
    if (args.length < 2) throw fault(m, callLines.logArguments)
    const n = toNumber(args[0])
    if (n === undefined) throw fault(m, callLines.logLevel)
    const level = levels[Math.trunc(n)]
    if (level === undefined) throw fault(m, callLines.unknownLevel)
    if (onLog !== undefined) {
      const texts = args
        .slice(1)
        .flatMap(arg => (typeof arg === 'number' ? formatNumber(arg) : typeof arg === 'string' ? arg : []))
      onLog(level, fromLatin1(texts.join(' ')))
    }
    return nothing
  })
}

/** Which version the scripts are told that this is. */
export function setVersion(table: Table, version: string): void {
  const [major, minor, patch] = version.split('.').map(Number)
  table.setText('REDIS_VERSION', version)
  table.setText('REDIS_VERSION_NUM', major * 65_536 + minor * 256 + patch)
}

/** What an error or status takes to be made. */
const REPLY = 50

/** The error that a line of a script is: without a code it gets ERR. */
function errorOf(text: string): Table {
  const line = text.startsWith('-') ? text.slice(1) : text
  const space = line.indexOf(' ')
  const code = space < 0 ? 'ERR' : line.slice(0, space)
  const message = (space < 0 ? line : line.slice(space + 1)).replace(/^[\r\n]+|[\r\n]+$/g, '')
  return tableOf('err', `${code} ${message}`)
}

/** The table `redis`, as scripts and functions have it. */
export function redisTable(m: Machine, commands: Commands, onLog: OnLog | undefined): Table {
  const table = new Table()
  const define = definer(table)
  table.setText('call', new RedisCall(commands, true))
  table.setText('pcall', new RedisCall(commands, false))
  addCommon(m, table, onLog)

  define('setresp', args => {
    if (args.length !== 1) throw fault(m, callLines.respArguments)
    const n = Math.trunc(toNumber(args[0]) ?? 0)
    if (n !== 2 && n !== 3) throw fault(m, callLines.respVersion)
    commands.writer.resp = n
    return nothing
  })
  define('sha1hex', args => {
    if (args.length !== 1) throw fault(m, callLines.wrongArguments)
    const [text] = args
    const given = typeof text === 'number' ? formatNumber(text) : typeof text === 'string' ? text : ''
    m.spend(300 + 2 * given.length)
    return sha1hex(fromLatin1(given))
  })
  define('error_reply', ([text, ...more]) => {
    if (typeof text !== 'string' || more.length > 0) return tableOf('err', `ERR ${callLines.wrongReply}`)
    m.spend(REPLY + text.length)
    m.allocate(64 + text.length)
    return errorOf(text)
  })
  define('status_reply', ([text, ...more]) => {
    if (typeof text !== 'string' || more.length > 0) return tableOf('err', `ERR ${callLines.wrongReply}`)
    return tableOf('ok', text)
  })
  table.setText('REPL_NONE', 0)
  table.setText('REPL_AOF', REPL_AOF)
  table.setText('REPL_SLAVE', REPL_REPLICA)
  table.setText('REPL_REPLICA', REPL_REPLICA)
  table.setText('REPL_ALL', REPL_AOF | REPL_REPLICA)
  define('set_repl', args => {
    if (args.length !== 1) throw fault(m, callLines.replArguments)
    const bits = Math.trunc(toNumber(args[0]) ?? 0)
    if ((bits & ~(REPL_AOF | REPL_REPLICA)) !== 0) throw fault(m, callLines.replFlags)
    // The log is what there is here of what Redis replicates to.
    if (commands.run !== undefined) commands.run.ks.databases.unlogged = (bits & REPL_AOF) === 0
    return nothing
  })
  define('acl_check_cmd', args => {
    const argv = wordsOf(m, args)
    m.spend(100)
    const command = named(argv)
    const all = argv.length === 1 && isContainer(argv[0].toUpperCase())
    if (command === undefined && !all) throw fault(m, callLines.aclCommand)
    const rights = commands.run?.session?.rights
    // The program itself may do everything.
    if (rights === undefined || rights.everything) return true
    return command !== undefined && rights.stops(command, argv) === undefined
  })
  return table
}

/** What scripts have beside that, and functions have not. */
export function addDebugging(table: Table): void {
  const define = definer(table)
  define('breakpoint', () => false)
  define('debug', () => nothing)
  define('replicate_commands', () => true)
}

/** The table `redis` while a library is loaded. */
export function loadingTable(m: Machine, register: (args: Value[]) => Result, onLog: OnLog | undefined): Table {
  const table = new Table()
  definer(table)('register_function', register)
  addCommon(m, table, onLog)
  return table
}

/** A metatable whose tables throw when what is not there is asked for. */
export function strictMeta(m: Machine): Table {
  return tableOf(
    '__index',
    new Builtin(([, name]) => {
      if (typeof name !== 'string' && typeof name !== 'number') {
        throw m.error('Second argument to luaProtectedTableError must be a string or number')
      }
      const shown = typeof name === 'number' ? formatNumber(name) : name
      throw m.error(`Script attempted to access nonexistent global variable '${shown}'`)
    }),
  )
}

/** Lets nothing be written to a table, to those in it and to their metatables. */
export function protect(table: Table): void {
  if (table.readonly) return
  table.readonly = true
  let key: Value
  for (;;) {
    const pair = table.next(key)
    if (pair === false || pair === undefined) break
    key = pair.key
    if (pair.value instanceof Table) protect(pair.value)
  }
  if (table.meta !== undefined) protect(table.meta)
}

/** `pcall` as Redis has it: of an error that is a table with a text in `err`, scripts get the text, as they did of old. */
export function textPcall(m: Machine, inner: Callable): Callable {
  return new Builtin(args => {
    const result = inner.callN(args)
    if (!(result instanceof Several) || result.values[0] !== false) return result
    const error = result.values[1]
    if (!(error instanceof Table)) return result
    const text = index(m, error, 'err', m.site)
    // What else is found there stays behind the error, as a third value.
    return new Several(typeof text === 'string' || typeof text === 'number' ? [false, text] : [false, error, text])
  })
}
