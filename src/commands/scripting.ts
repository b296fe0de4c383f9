import type { ScriptingCommands, Tree } from '../api/server.ts'
import { ReplyError, unknownOrWrong } from '../errors.ts'
import type { Ops } from './op.ts'
import { status, statuses } from './tree.ts'

/** What everything about scripts answers while the store has no engine for them. */
export const noEngine = 'ERR scripts need an engine: open the store with the option scripting'

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

const missing = (): Tree => {
  throw new ReplyError(noEngine)
}

export const scripting: Ops<ScriptingCommands> = {
  eval: missing,
  evalRo: missing,
  evalsha: missing,
  evalshaRo: missing,
  fcall: missing,
  fcallRo: missing,
  scriptDebug: missing,
  scriptExists: missing,
  // Without an engine none is loaded.
  scriptFlush(_, words) {
    flushMode('SCRIPT', words as string[])
    return status('OK')
  },
  scriptKill: missing,
  scriptLoad: missing,
  scriptHelp: () => scriptHelp,
  functionDelete: missing,
  functionDump: missing,
  functionFlush({ databases }, words) {
    flushMode('FUNCTION', words as string[])
    databases.forgetLibraries()
    return status('OK')
  },
  functionKill: missing,
  functionList: missing,
  functionLoad: missing,
  functionRestore: missing,
  functionStats: missing,
  functionHelp: () => functionHelp,
}
