import { inLine } from '../errors.ts'

/** What ACL rules and those whom they stop are told, in Redis' words. */
export const aclLines = {
  wrongPass: 'WRONGPASS invalid username-password pair or user is disabled.',
  noPassword:
    'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
  helloFirst:
    'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
  noFile:
    'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
  userName: "ERR Usernames can't contain spaces or null characters",
  keepDefault: "ERR The 'default' user cannot be removed",
  passBits: 'ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096',
  sortBy: 'ERR BY option of SORT denied due to insufficient ACL permissions.',
  sortGet: 'ERR GET option of SORT denied due to insufficient ACL permissions.',
} as const

/** Why a rule is none. */
export const ruleLines = {
  unknown: 'Unknown command or category name in ACL',
  syntax: 'Syntax error',
  keysAfterAll:
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
  channelsAfterAll:
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  hash: 'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  firstOfSubcommand: 'Allowing first-arg of a subcommand is not supported',
} as const

export function badRule(rule: string, reason: string): string {
  return `ERR Error in ACL SETUSER modifier '${inLine(rule)}': ${reason}`
}

export function unmatched(rule: string): string {
  return `ERR Unmatched parenthesis in acl selector starting at '${inLine(rule)}'.`
}

export function noSuchUser(name: string): string {
  return `ERR User '${inLine(name)}' not found`
}

export function noSuchCommand(name: string): string {
  return `ERR Command '${inLine(name)}' not found`
}

export function noSuchCategory(name: string): string {
  return `ERR Unknown category '${inLine(name).slice(0, 128)}'`
}

/** What stops a user: the command, or one of its arguments. */
export interface Denial {
  readonly reason: 'command' | 'key' | 'channel'
  /** The command as ACLs spell it, the key or the channel. */
  readonly object: string
}

/** The line of ACL DRYRUN, which names what is not to be had; clients are told less. */
export function deniedInFull(user: string, { reason, object }: Denial): string {
  if (reason === 'command') return `User ${user} has no permissions to run the '${object}' command`
  return `User ${user} has no permissions to access the '${object}' ${reason}`
}

export function denied(user: string, denial: Denial): string {
  return `NOPERM ${denial.reason === 'command' ? inLine(deniedInFull(user, denial)) : `No permissions to access a ${denial.reason}`}`
}

const changed: Readonly<Record<Denial['reason'], string>> = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments to the command',
}

/** Of a command that was allowed when MULTI queued it. */
export function deniedSince({ reason }: Denial): string {
  return `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${changed[reason]}`
}
