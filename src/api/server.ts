/** A reply of a shape that is its own: statuses, maps, sets and text with a format are marked as such. */
export type Tree =
  | string
  | number
  | bigint
  | null
  | readonly Tree[]
  | ReadonlyMap<string | number, Tree>
  | { readonly status: string }
  | { readonly verbatim: string }
  | { readonly double: number }
  | { readonly set: readonly Tree[] }

type Names = readonly string[]

/**
 * Commands about the store itself, which are sent by name only: `store.call('INFO')`. What a program wants of them it has
 * from `store.info()` and `store.stats()`.
 */
export interface ServerCommands {
  /** What there is to know about the store, as lines of text in sections. O(databases). */
  info(sections: Names): Tree
  /** The time: seconds since 1970, and microseconds of the second. O(1). */
  time(): Tree
  /** A picture, and the version. O(1). */
  lolwut(args: Names): Tree
  /** The parameters that the patterns take, with their values. O(parameters × patterns). */
  configGet(patterns: Names): Tree
  /** Sets parameters: all of them, or none when one is refused. O(1). */
  configSet(pairs: Names): Tree
  /** Counts from 0 again. O(1). */
  configResetstat(): Tree
  /** Refused: there is no configuration file. O(1). */
  configRewrite(): Tree
  /** What the CONFIG commands do, as lines of text. O(1). */
  configHelp(): Tree
  /** Commands that took long, the newest first. O(n). */
  slowlogGet(spellingAndCount: Names): Tree
  /** How many of them are kept. O(1). */
  slowlogLen(): Tree
  /** Forgets them. O(1). */
  slowlogReset(): Tree
  /** What the SLOWLOG commands do, as lines of text. O(1). */
  slowlogHelp(): Tree
  /** The last and the worst slow moment of each kind. O(1). */
  latencyLatest(): Tree
  /** The slow moments of one kind. O(1). */
  latencyHistory(event: string): Tree
  /** The slow moments of one kind as a picture. O(1). */
  latencyGraph(event: string): Tree
  /** Forgets slow moments of some kinds, or of all. O(1). */
  latencyReset(events: Names): Tree
  /** How long calls took, by command. O(commands). */
  latencyHistogram(names: Names): Tree
  /** A report of the slow moments, with advice. O(1). */
  latencyDoctor(): Tree
  /** What the LATENCY commands do, as lines of text. O(1). */
  latencyHelp(): Tree
  /** What memory is used for, as far as the runtime tells. O(databases). */
  memoryStats(): Tree
  /** A word about memory. O(1). */
  memoryDoctor(): Tree
  /** A word about the allocator, which is the JavaScript engine's. O(1). */
  memoryMallocStats(): Tree
  /** Nothing: the garbage collector does it. O(1). */
  memoryPurge(): Tree
  /** What the MEMORY commands do, as lines of text. O(1). */
  memoryHelp(): Tree
  /** What a HyperLogLog is made of: GETREG, DECODE, ENCODING, TODENSE. O(registers). */
  pfdebug(subcommand: string, key: string): Tree
  /** Nothing: the tests are not part of the package. O(1). */
  pfselftest(): Tree
  /** Refused when there is something to move, because no other server is reached. O(keys). */
  migrate(host: string, port: string, key: string, rest: Names): Tree
  /** For tests: digests, sleeping, expiry at sight only. O(1), digests O(data). */
  debug(args: Names): Tree
}

/** What is done with scripts and functions beside running them. Each answers which option is missing while the store has no engine. */
export interface ScriptingCommands {
  /** Refused, because there is no debugger, unless it is to be off. O(1). */
  scriptDebug(mode: string): Tree
  /** Which scripts are kept. O(scripts named). */
  scriptExists(sha1s: Names): Tree
  /** Forgets all scripts. O(scripts). */
  scriptFlush(mode: Names): Tree
  /** Refused: no script can be running while another command is executed. O(1). */
  scriptKill(): Tree
  /** Keeps a script, and answers its SHA-1. O(length of the script). */
  scriptLoad(script: string): Tree
  /** The text of a script that is kept. O(1). */
  scriptShow(sha1: string): Tree
  /** What the SCRIPT commands do, as lines of text. O(1). */
  scriptHelp(): Tree
  /** Forgets a library. O(libraries). */
  functionDelete(library: string): Tree
  /** All libraries as bytes. O(bytes). */
  functionDump(): Tree
  /** Forgets all libraries. O(1). */
  functionFlush(spellingAndMode: Names): Tree
  /** Refused: no function can be running while another command is executed. O(1). */
  functionKill(): Tree
  /** The libraries with their functions, and the functions of the program. O(functions). */
  functionList(filter: Names): Tree
  /** Loads a library. O(libraries) and what its text does. */
  functionLoad(replaceAndCode: Names): Tree
  /** Libraries from bytes. O(bytes) and what their texts do. */
  functionRestore(spellingPayloadAndPolicy: Names): Tree
  /** How many libraries and functions there are. O(libraries). */
  functionStats(): Tree
  /** What the FUNCTION commands do, as lines of text. O(1). */
  functionHelp(): Tree
}

/** COMMAND and its subcommands, which are about the table of commands itself and so live beside it. */
export interface TableCommands {
  /** All commands, with arity, flags and places of keys. O(commands). */
  command(ignored: Names): Tree
  /** How many commands there are. O(1). */
  commandCount(): Tree
  /** The same as COMMAND, of the names given. O(names). */
  commandInfo(names: Names): Tree
  /** Version and group of each command, of the names given or of all. O(names). */
  commandDocs(names: Names): Tree
  /** The names of all commands, or of those that a filter takes. O(commands). */
  commandList(filter: Names): Tree
  /** The keys in a command. O(arguments). */
  commandGetkeys(argv: Names): Tree
  /** The keys in a command, and what it does with them. O(arguments). */
  commandGetkeysandflags(argv: Names): Tree
  /** What the COMMAND commands do, as lines of text. O(1). */
  commandHelp(): Tree
}
