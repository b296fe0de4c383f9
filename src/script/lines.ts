/** What scripts are told, in Redis' words: the errors that `redis.call` and its kin throw have ERR put before them. */
export const callLines = {
  noArguments: 'Please specify at least one argument for this redis lib call',
  badArguments: 'Lua redis lib command arguments must be strings or integers',
  outside: 'redis.call/pcall can only be called inside a script invocation',
  unknown: 'Unknown Redis command called from script',
  arity: 'Wrong number of args calling Redis command from script',
  notAllowed: 'This Redis command is not allowed from script',
  otherNode: 'Script attempted to access a non local key in a cluster node',
  crossSlot: 'Script attempted to access keys that do not hash to the same slot',
  wrongArguments: 'wrong number of arguments',
  wrongReply: 'wrong number or type of arguments',
  logArguments: 'redis.log() requires two arguments or more.',
  logLevel: 'First argument must be a number (log level).',
  unknownLevel: 'Invalid debug level.',
  respArguments: 'redis.setresp() requires one argument.',
  respVersion: 'RESP version must be 2 or 3.',
  replArguments: 'redis.set_repl() requires two arguments.',
  replFlags: 'Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.',
  aclCommand: 'Invalid command passed to redis.acl_check_cmd()',
  deniedCommand: "The user executing the script can't run this command or subcommand",
  deniedKey: "The user executing the script can't access at least one of the keys mentioned in the command arguments",
  deniedChannel: "The user executing the script can't publish to the channel mentioned in the command",
} as const

/** What clients are told. */
export const scriptLines = {
  shebang: 'ERR Invalid script shebang',
  noCluster: "ERR Can not run script on cluster, 'no-cluster' flag is set.",
  tooDeep: 'ERR reached lua stack limit',
  noMessage: 'ERR the error is a table without a text in its field err',
  killed: 'ERR Script killed by user with SCRIPT KILL...',
  noFunctions: 'ERR No functions registered',
} as const

/** What `redis.register_function` throws. */
export const registerLines = {
  outside: 'redis.register_function can only be called on FUNCTION LOAD command',
  count: 'wrong number of arguments to redis.register_function',
  named:
    'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
  key: 'named argument key given to redis.register_function is not a string',
  name: 'function_name argument given to redis.register_function must be a string',
  description: 'description argument given to redis.register_function must be a string',
  callback: 'callback argument given to redis.register_function must be a function',
  flags: 'flags argument to redis.register_function must be a table representing function flags',
  flag: 'unknown flag given',
  unknown: 'unknown argument given to redis.register_function',
  noName: 'redis.register_function must get a function name argument',
  noCallback: 'redis.register_function must get a callback argument',
  first: 'first argument to redis.register_function must be a string',
  second: 'second argument to redis.register_function must be a function',
  badName: 'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
  exists: 'Function already exists in the library',
} as const
