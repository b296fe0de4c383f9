/** A command was refused. `message` is Redis' error line, `code` its first word. */
export class ReplyError extends Error {
  /** The first word of the line: `ERR`, `WRONGTYPE`, … */
  readonly code: string
  constructor(line: string) {
    super(line)
    this.name = 'ReplyError'
    const end = line.indexOf(' ')
    this.code = end < 0 ? line : line.slice(0, end)
  }
}

/** The error of a command that a script passes on: it was counted when that command failed. */
export class PassedOn extends ReplyError {}

/** The connection went down: whether the command was executed is not known. Only a plan of faults does that to a store. */
export class Disconnected extends Error {
  /** As of a socket that the other side has closed. */
  readonly code: string

  constructor() {
    super('read ECONNRESET')
    this.name = 'Disconnected'
    this.code = 'ECONNRESET'
  }
}

/** Also of the class that another build of embedis has. */
export function isDisconnected(error: unknown): boolean {
  return error instanceof Error && error.name === 'Disconnected'
}

/**
 * An argument from the wire that could not be read, for the few commands that look at the key before they look at the
 * argument: `integer` and its kin throw its line.
 */
export class Refusal {
  readonly line: string
  constructor(line: string) {
    this.line = line
  }
}

/** Every error line that more than one place answers, by name, in Redis' words. */
export const lines = {
  wrongType: 'WRONGTYPE Operation against a key holding the wrong kind of value',
  syntax: 'ERR syntax error',
  noSuchKey: 'ERR no such key',
  notInteger: 'ERR value is not an integer or out of range',
  notFloat: 'ERR value is not a valid float',
  overflow: 'ERR increment or decrement would overflow',
  decrementOverflow: 'ERR decrement would overflow',
  nanOrInfinity: 'ERR increment would produce NaN or Infinity',
  indexRange: 'ERR index out of range',
  offsetRange: 'ERR offset is out of range',
  notPositive: 'ERR value is out of range, must be positive',
  stringTooLong: 'ERR string exceeds maximum allowed size (proto-max-bulk-len)',
  sameObject: 'ERR source and destination objects are the same',
  dbRange: 'ERR DB index is out of range',
  invalidFirstDb: 'ERR invalid first DB index',
  invalidSecondDb: 'ERR invalid second DB index',
  invalidCursor: 'ERR invalid cursor',
  hashNotInteger: 'ERR hash value is not an integer',
  hashNotFloat: 'ERR hash value is not a float',
  int64Range: 'ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807',
  fieldsMissing: 'ERR Mandatory argument FIELDS is missing or not at the right position',
  numFields: 'ERR Parameter `numFields` should be greater than 0',
  expireNegative: 'ERR invalid expire time, must be >= 0',
  oneFieldExpiry: 'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified',
  oneFieldCondition: 'ERR Only one of FXX or FNX arguments can be specified',
  fieldsNotPositive: 'ERR Number of fields must be a positive integer',
  fieldsMismatch: 'ERR The `numfields` parameter must match the number of arguments',
  outOfRange: 'ERR value is out of range',
  numkeys: 'ERR numkeys should be greater than 0',
  countNotPositive: 'ERR count should be greater than 0',
  timeoutNotFloat: 'ERR timeout is not a float or out of range',
  timeoutNegative: 'ERR timeout is negative',
  timeoutRange: 'ERR timeout is out of range',
  closed: 'ERR the connection was closed',
  storeClosed: 'ERR the store was closed',
  noAuth: 'NOAUTH Authentication required.',
  noScript: 'NOSCRIPT No matching script. Please use EVAL.',
  mayWrite: 'ERR Can not execute a script with write flag using *_ro command.',
  readOnly: 'ERR Write commands are not allowed from read-only scripts.',
  noMulti: 'ERR Command not allowed inside a transaction',
  limitNegative: "ERR LIMIT can't be negative",
} as const

/** Text inside an error line, as Redis prints it: up to a NUL, and all on one line. */
export function inLine(text: string): string {
  const end = text.indexOf('\0')
  return (end < 0 ? text : text.slice(0, end)).replace(/[\r\n]/g, ' ')
}

export function unknownCommand(name: string, args: readonly string[]): string {
  let shown = ''
  for (const arg of args) {
    if (shown.length >= 128) break
    shown += `'${inLine(arg.slice(0, 128 - shown.length))}' `
  }
  return `ERR unknown command '${inLine(name.slice(0, 128))}', with args beginning with: ${shown}`
}

export function unknownSubcommand(name: string, subcommand: string): string {
  return `ERR unknown subcommand '${inLine(subcommand.slice(0, 128))}'. Try ${name.toUpperCase()} HELP.`
}

/** Of the containers that look at subcommand and number of arguments at once. */
export function unknownOrWrong(name: string, subcommand: string): string {
  const shown = inLine(subcommand.slice(0, 128))
  return `ERR unknown subcommand or wrong number of arguments for '${shown}'. Try ${name} HELP.`
}

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name.toLowerCase().replace(' ', '|')}' command`
}

export function invalidExpire(name: string): string {
  return `ERR invalid expire time in '${name}' command`
}
