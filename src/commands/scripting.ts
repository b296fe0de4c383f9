import type { ScriptingCommands, Tree } from '../api/server.ts'
import { inLine, lines, ReplyError, unknownOrWrong } from '../errors.ts'
import type { EffectArg, Keyspace } from '../keyspace.ts'
import { dumpLibraries, type Libraries, loaded, restored, without } from '../libraries.ts'
import type { LibraryInfo } from '../ports.ts'
import { glob } from '../util/glob.ts'
import { fromBytes } from '../util/text.ts'
import { text } from './input.ts'
import type { Ops } from './op.ts'
import { engine, scriptLines } from './scripts.ts'
import { mapOf, status, statuses } from './tree.ts'

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
function flushMode(name: 'SCRIPT' | 'FUNCTION', words: readonly string[], spelling: string = 'FLUSH'): void {
  const mode = words[0]?.toUpperCase() ?? 'SYNC'
  if (words.length < 2 && (mode === 'SYNC' || mode === 'ASYNC')) return
  throw new ReplyError(name === 'FUNCTION' && words.length > 1 ? unknownOrWrong(name, spelling) : flushLines[name])
}

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
    if (source === undefined) throw new ReplyError(lines.noScript)
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
  functionFlush({ databases }, [spelling, ...words]) {
    flushMode('FUNCTION', words, spelling)
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
  functionRestore(ks, [spelling, ...words]) {
    if (words.length > 2) throw new ReplyError(unknownOrWrong('FUNCTION', spelling))
    change(ks, restored(ks.databases.libraries, words), ['FUNCTION', 'RESTORE', ...words])
    return status('OK')
  },
  functionStats: stats,
  functionHelp: () => functionHelp,
}
