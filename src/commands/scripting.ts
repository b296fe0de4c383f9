import type { ScriptCommands, ScriptReply, ScriptResult } from '../api/scripting.ts'
import type { ScriptingCommands, Tree } from '../api/server.ts'
import type { Key, Value } from '../api/types.ts'
import { inLine, Refusal, ReplyError, unknownOrWrong } from '../errors.ts'
import { errorLine, type ProgramFunction, resultOf } from '../functions.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import { dumpLibraries, type Libraries, loaded, restored, without } from '../libraries.ts'
import type { LibraryInfo, ScriptCall, Scripts } from '../ports.ts'
import { glob } from '../util/glob.ts'
import { fromBytes } from '../util/text.ts'
import { keyText, text } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import { mapOf, status, statuses } from './tree.ts'

/** What everything about scripts answers while the store has no engine for them. */
export const noEngine = 'ERR scripts need an engine: open the store with the option scripting'

export const scriptLines = {
  noScript: 'NOSCRIPT No matching script. Please use EVAL.',
  noFunction: 'ERR Function not found',
  mayWrite: 'ERR Can not execute a script with write flag using *_ro command.',
  notBusy: 'NOTBUSY No scripts in execution right now.',
  debug: 'ERR Use SCRIPT DEBUG YES/SYNC/NO',
  noDebugger: 'ERR embedis has no debugger for scripts',
  noLibraryName: 'ERR library name argument was not given',
} as const

const scriptHelp = statuses(
  'SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'DEBUG (YES|SYNC|NO)',
  '    Set the debug mode for subsequent scripts executed.',
  'EXISTS <sha1> [<sha1> ...]',
  '    Return information about the existence of the scripts in the script cache.',
  'FLUSH [ASYNC|SYNC]',
  '    Flush the Lua scripts cache. Very dangerous on replicas.',
  '    When called without the optional mode argument, the behavior is determined by the',
  '    lazyfree-lazy-user-flush configuration directive. Valid modes are:',
  '    * ASYNC: Asynchronously flush the scripts cache.',
  '    * SYNC: Synchronously flush the scripts cache.',
  'KILL',
  '    Kill the currently executing Lua script.',
  'LOAD <script>',
  '    Load a script into the scripts cache without executing it.',
  'HELP',
  '    Prints this help.',
)

const functionHelp = statuses(
  'FUNCTION <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'LOAD [REPLACE] <FUNCTION CODE>',
  '    Create a new library with the given library name and code.',
  'DELETE <LIBRARY NAME>',
  '    Delete the given library.',
  'LIST [LIBRARYNAME PATTERN] [WITHCODE]',
  '    Return general information on all the libraries:',
  '    * Library name',
  '    * The engine used to run the Library',
  '    * Library description',
  '    * Functions list',
  '    * Library code (if WITHCODE is given)',
  '    It also possible to get only function that matches a pattern using LIBRARYNAME argument.',
  'STATS',
  '    Return information about the current function running:',
  '    * Function name',
  '    * Command used to run the function',
  '    * Duration in MS that the function is running',
  '    If no function is running, return nil',
  '    In addition, returns a list of available engines.',
  'KILL',
  '    Kill the current running function.',
  'FLUSH [ASYNC|SYNC]',
  '    Delete all the libraries.',
  '    When called without the optional mode argument, the behavior is determined by the',
  '    lazyfree-lazy-user-flush configuration directive. Valid modes are:',
  '    * ASYNC: Asynchronously flush the libraries.',
  '    * SYNC: Synchronously flush the libraries.',
  'DUMP',
  '    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command',
  'RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]',
  '    Restore the libraries represented by the given payload, it is possible to give a restore policy to',
  '    control how to handle existing libraries (default APPEND):',
  '    * FLUSH: delete all existing libraries.',
  '    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.',
  '    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old',
  '      libraries with the new libraries (notice that even on this option there is a chance of failure',
  '      in case of functions name collision with another library).',
  'HELP',
  '    Prints this help.',
)

const flushLines = {
  SCRIPT: 'ERR SCRIPT FLUSH only support SYNC|ASYNC option',
  FUNCTION: 'ERR FUNCTION FLUSH only supports SYNC|ASYNC option',
} as const

/** Throws unless the words behind FLUSH are none, or one that Redis knows: both mean the same here. */
function flushMode(name: 'SCRIPT' | 'FUNCTION', words: readonly string[]): void {
  const mode = words[0]?.toUpperCase() ?? 'SYNC'
  if (words.length < 2 && (mode === 'SYNC' || mode === 'ASYNC')) return
  throw new ReplyError(name === 'FUNCTION' && words.length > 1 ? unknownOrWrong(name, 'FLUSH') : flushLines[name])
}

/** The engine of the store. Throws when it has none. */
function engine({ databases }: Keyspace): Scripts {
  const { scripts } = databases
  if (scripts === null) throw new ReplyError(noEngine)
  return scripts
}

type Names = readonly Key[] | Refusal | undefined

function callOf(ks: Keyspace, keys: Names, args: readonly Value[] | undefined, readonly: boolean): ScriptCall {
  if (keys instanceof Refusal) throw new ReplyError(keys.line)
  return {
    ks,
    keys: given(keys, keyText, 'keys'),
    args: given(args, argument, 'args'),
    readonly,
  }
}

const noTexts: readonly string[] = []

/** Unlike other lists of keys, those of scripts may be empty, or left out. */
function given<T>(list: readonly T[] | undefined, textOf: (one: T) => string, name: string): readonly string[] {
  if (list === undefined) return noTexts
  if (!Array.isArray(list)) throw new TypeError(`${name} must be an array`)
  return (list as readonly T[]).map(textOf)
}

const argument = (value: Value): string => text(value, 'argument')

function evaluate(ks: Keyspace, script: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const scripts = engine(ks)
  const call = callOf(ks, keys, args, readonly)
  return scripts.eval(text(script, 'script'), call)
}

function evaluateKept(ks: Keyspace, sha1: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const scripts = engine(ks)
  // What cannot be the name of a script is known for that before anything else is looked at.
  if (text(sha1, 'sha1').length !== 40) throw new ReplyError(scriptLines.noScript)
  return scripts.evalsha(sha1, callOf(ks, keys, args, readonly))
}

function call(ks: Keyspace, given: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const { databases } = ks
  const name = text(given, 'name')
  const own = databases.functions?.get(name)
  if (own !== undefined) return callOwn(own, callOf(ks, keys, args, readonly))
  const result = engine(ks).fcall(name, () => callOf(ks, keys, args, readonly))
  if (result === undefined) throw new ReplyError(scriptLines.noFunction)
  return result
}

/** Runs a function of the program. What it throws is told to whoever has called it. */
function callOwn(own: ProgramFunction, { ks, keys, args, readonly }: ScriptCall): ScriptResult {
  if (readonly && !own.readonly) throw new ReplyError(scriptLines.mayWrite)
  try {
    return resultOf(own.run(ks, keys, args))
  } catch (error) {
    if (error instanceof ReplyError || !(error instanceof Error)) throw error
    throw new ReplyError(errorLine(error))
  }
}

/** The commands that are methods. */
export const scripts: Ops<ScriptCommands, Record<keyof ScriptCommands, ScriptResult>> = {
  eval: (ks, script, keys, args) => evaluate(ks, script, keys, args, false),
  evalRo: (ks, script, keys, args) => evaluate(ks, script, keys, args, true),
  evalsha: (ks, sha1, keys, args) => evaluateKept(ks, sha1, keys, args, false),
  evalshaRo: (ks, sha1, keys, args) => evaluateKept(ks, sha1, keys, args, true),
  fcall: (ks, name, keys, args) => call(ks, name, keys, args, false),
  fcallRo: (ks, name, keys, args) => call(ks, name, keys, args, true),
}

/** A result as a program gets it. */
function shaped(result: ScriptResult, out: Out): ScriptReply {
  if (typeof result === 'string') return out.text(result)
  if (typeof result !== 'object' || result === null) return result
  if (Array.isArray(result)) return (result as readonly ScriptResult[]).map(one => shaped(one, out))
  if ('status' in result) return out.text(result.status)
  if ('error' in result) return new ReplyError(result.error)
  if ('double' in result) return result.double
  if ('bigNumber' in result)
    return /^-?\d+$/.test(result.bigNumber) ? BigInt(result.bigNumber) : out.text(result.bigNumber)
  if ('verbatim' in result) return out.text(result.verbatim)
  if ('set' in result) return result.set.map(one => shaped(one, out))
  if ('pairs' in result) return new Map(result.pairs.map(([name, one]) => [shaped(name, out), shaped(one, out)]))
  return null
}

export const scriptShapes: Shapes<ScriptCommands, ScriptCommands<'sync', Uint8Array>, typeof scripts> = {
  eval: shaped,
  evalRo: shaped,
  evalsha: shaped,
  evalshaRo: shaped,
  fcall: shaped,
  fcallRo: shaped,
}

export const scriptRest: Rest<ScriptCommands> = {}

// ---- by name --------------------------------------------------------------------------------------------------------

/** The engine that functions of the program are listed under, and the library that they are shown in. */
const OWN = { engine: 'JAVASCRIPT', library: 'javascript' } as const

function shown({ name, engine, functions }: Omit<LibraryInfo, 'code'>): [string, Tree][] {
  return [
    ['library_name', name],
    ['engine', engine],
    [
      'functions',
      functions.map(one =>
        mapOf(['name', one.name], ['description', one.description ?? null], ['flags', { set: one.flags.map(status) }]),
      ),
    ],
  ]
}

function list(ks: Keyspace, words: readonly string[]): Tree {
  const libraries = engine(ks).libraries()
  let withCode = false
  let pattern: string | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i].toUpperCase()
    if (word === 'WITHCODE' && !withCode) withCode = true
    else if (word === 'LIBRARYNAME' && pattern === undefined) {
      pattern = words[++i]
      if (pattern === undefined) throw new ReplyError(scriptLines.noLibraryName)
    } else throw new ReplyError(`ERR Unknown argument ${inLine(words[i])}`)
  }
  const own = ks.databases.functions?.all() ?? []
  const all: LibraryInfo[] = [...libraries]
  if (own.length > 0) all.push({ name: OWN.library, engine: OWN.engine, functions: own, code: '' })
  const wanted = pattern === undefined ? all : all.filter(({ name }) => glob(pattern, name, true))
  return wanted.map(one => mapOf(...shown(one), ...(withCode ? [['library_code', one.code] as [string, Tree]] : [])))
}

function counts(libraries: number, functions: number): Tree {
  return mapOf(['libraries_count', libraries], ['functions_count', functions])
}

function stats(ks: Keyspace): Tree {
  const libraries = engine(ks).libraries()
  const own = ks.databases.functions?.size ?? 0
  const engines: [string, Tree][] = [
    [
      'LUA',
      counts(
        libraries.length,
        libraries.reduce((sum, { functions }) => sum + functions.length, 0),
      ),
    ],
  ]
  if (own > 0) engines.push([OWN.engine, counts(1, own)])
  // Nobody can ask while something runs.
  return mapOf(['running_script', null], ['engines', mapOf(...engines)])
}

/** Makes other libraries those of the store, once they have been found to be in order. */
function change(ks: Keyspace, next: Libraries, argv: readonly EffectArg[], anew?: string): void {
  const { databases } = ks
  databases.mayWrite()
  engine(ks).prepare(next, anew)
  databases.changeLibraries(next, argv)
}

export const scripting: Ops<ScriptingCommands> = {
  scriptDebug(ks, mode) {
    engine(ks)
    const word = mode.toUpperCase()
    if (word === 'NO') return status('OK')
    throw new ReplyError(word === 'YES' || word === 'SYNC' ? scriptLines.noDebugger : scriptLines.debug)
  },
  scriptExists: (ks, sha1s) => sha1s.map(sha1 => (engine(ks).source(sha1) === undefined ? 0 : 1)),
  scriptFlush({ databases }, words) {
    flushMode('SCRIPT', words as string[])
    databases.scripts?.forget()
    return status('OK')
  },
  scriptKill(ks) {
    engine(ks)
    throw new ReplyError(scriptLines.notBusy)
  },
  scriptLoad: (ks, script) => engine(ks).load(text(script, 'script')),
  scriptShow(ks, sha1) {
    const source = engine(ks).source(sha1)
    if (source === undefined) throw new ReplyError(scriptLines.noScript)
    return source
  },
  scriptHelp: () => scriptHelp,
  functionDelete(ks, name) {
    change(ks, without(ks.databases.libraries, name), ['FUNCTION', 'DELETE', name])
    return status('OK')
  },
  functionDump(ks) {
    engine(ks)
    return fromBytes(dumpLibraries(ks.databases.libraries))
  },
  functionFlush({ databases }, words) {
    flushMode('FUNCTION', words as string[])
    databases.changeLibraries(new Map(), ['FUNCTION', 'FLUSH'])
    return status('OK')
  },
  functionKill(ks) {
    engine(ks)
    throw new ReplyError(scriptLines.notBusy)
  },
  functionList: list,
  functionLoad(ks, words) {
    const { next, name, text } = loaded(ks.databases.libraries, words as string[])
    change(ks, next, ['FUNCTION', 'LOAD', ...words], text)
    return name
  },
  functionRestore(ks, words) {
    change(ks, restored(ks.databases.libraries, words as string[]), ['FUNCTION', 'RESTORE', ...words])
    return status('OK')
  },
  functionStats: stats,
  functionHelp: () => functionHelp,
}
