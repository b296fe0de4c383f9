import { spelled } from '../commands/info.ts'
import type { Tree } from '../api/server.ts'
import { statuses } from '../commands/tree.ts'
import { fixed, integer, type Parameter } from '../config.ts'
import { lines, ReplyError, unknownOrWrong, wrongArity } from '../errors.ts'
import { hex } from '../util/blocks.ts'
import { MAX_INT64, parseInteger } from '../util/numbers.ts'
import { canonical } from '../util/text.ts'
import { categoriesOf, categoryNames } from '../wire/categories.ts'
import { treeReply } from '../wire/server.ts'
import { type Command, commands, type ConnectionRow, named } from '../wire/table.ts'
import type { User } from './acl.ts'
import { aclLines, deniedInFull, noSuchCategory, noSuchCommand, noSuchUser } from './acl-lines.ts'
import { clientsOf } from './clients.ts'
import { any, ok, one, row, some } from './row.ts'
import type { Selector } from './selector.ts'
import type { Argv, Session } from './session.ts'

const open = 'noscript loading stale'
const admin = `admin ${open}`

const help = statuses(
  'ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CAT [<category>]',
  '    List all commands that belong to <category>, or all command categories',
  '    when no category is specified.',
  'DELUSER <username> [<username> ...]',
  '    Delete a list of users.',
  'DRYRUN <username> <command> [<arg> ...]',
  '    Returns whether the user can execute the given command without executing the command.',
  'GETUSER <username>',
  "    Get the user's details.",
  'GENPASS [<bits>]',
  '    Generate a secure 256-bit user password. The optional `bits` argument can',
  '    be used to specify a different size.',
  'LIST',
  '    Show users details in config file format.',
  'LOAD',
  '    Reload users from the ACL file.',
  'LOG [<count> | RESET]',
  '    Show the ACL log entries.',
  'SAVE',
  '    Save the current config to the ACL file.',
  'SETUSER <username> <attribute> [<attribute> ...]',
  '    Create or modify a user with the specified attributes.',
  'USERS',
  '    List all the registered usernames.',
  'WHOAMI',
  '    Return the current connection username.',
  'HELP',
  '    Prints this help.',
)

/** A row whose command answers a tree. */
function answering(
  name: string,
  flags: string,
  args: ConnectionRow['args'],
  answer: (session: Session, argv: Argv) => Tree,
): ConnectionRow {
  return row(name, flags, args, (session, argv, w) => treeReply.write(answer(session, argv), w))
}

/** Of the commands that take one argument or none, and say so in their own way. */
function atMostOne(argv: Argv): string | undefined {
  if (argv.length > 3) throw new ReplyError(unknownOrWrong('ACL', argv[1]))
  return argv[2]
}

function selectorTree(selector: Selector): [string, Tree][] {
  return [
    ['commands', selector.commandText()],
    ['keys', selector.keyText()],
    ['channels', selector.channelText()],
  ]
}

function userTree(user: User): Tree {
  const [own, ...more] = user.selectors
  return new Map<string, Tree>([
    ['flags', { set: user.flags() }],
    ['passwords', [...user.passwords]],
    ...selectorTree(own),
    ['selectors', more.map(selector => new Map(selectorTree(selector)))],
  ])
}

/** The commands of a category; a name that only stands before others counts as slow, as in Redis. */
function commandsIn(category: string): string[] {
  const found: string[] = []
  const containers = new Set<string>()
  for (const command of commands.values()) {
    if (categoriesOf(command).includes(`@${category}`)) found.push(spelled(command.name))
    const space = command.name.indexOf(' ')
    if (space >= 0) containers.add(command.name.slice(0, space))
  }
  if (category === 'slow') for (const name of containers) if (!commands.has(name)) found.push(spelled(name))
  return found
}

function cat(_: Session, argv: Argv): Tree {
  const category = atMostOne(argv)
  if (category === undefined) return categoryNames
  if (!categoryNames.includes(category.toLowerCase())) throw new ReplyError(noSuchCategory(category))
  return commandsIn(category.toLowerCase())
}

function deleted(session: Session, argv: Argv): Tree {
  const names = argv.slice(2).map(canonical)
  if (names.includes('default')) throw new ReplyError(aclLines.keepDefault)
  let count = 0
  for (const name of names) {
    const clients = session.clients.users.delete(name)
    if (clients === undefined) continue
    for (const client of clients) client.expel(session)
    count++
  }
  return count
}

/** The command that would be run. Throws when nothing would. */
function commandFor(argv: Argv): Command {
  const command = named(argv)
  if (command === undefined) {
    // A name that needs a subcommand is there, but not whole.
    const alone = argv.length === 1 && [...commands.keys()].some(name => name.startsWith(`${argv[0].toUpperCase()} `))
    throw new ReplyError(alone ? wrongArity(argv[0]) : noSuchCommand(argv[0]))
  }
  const { arity } = command
  if (arity < 0 ? argv.length < -arity : argv.length !== arity) throw new ReplyError(wrongArity(command.name))
  return command
}

function dryRun(session: Session, argv: Argv): Tree {
  const user = session.clients.users.named(canonical(argv[2]))
  if (user === undefined) throw new ReplyError(noSuchUser(argv[2]))
  const call = argv.slice(3)
  const denial = user.stops(commandFor(call), call)
  return denial === undefined ? { status: 'OK' } : deniedInFull(user.name, denial)
}

function pass({ databases }: Session, argv: Argv): Tree {
  const given = atMostOne(argv)
  const bits = given === undefined ? 256 : parseInteger(given)
  if (bits === undefined) throw new ReplyError(lines.notInteger)
  if (bits <= 0 || bits > 4096) throw new ReplyError(aclLines.passBits)
  const bytes = new Uint8Array(Math.ceil(Number(bits) / 8))
  const { host } = databases
  if (host.secret === undefined) for (let i = 0; i < bytes.length; i++) bytes[i] = host.random() * 256
  else host.secret(bytes)
  return hex(bytes).slice(0, Math.ceil(Number(bits) / 4))
}

function log({ clients, databases }: Session, argv: Argv): Tree {
  const given = atMostOne(argv)
  if (given?.toUpperCase() === 'RESET') {
    clients.log.clear()
    return { status: 'OK' }
  }
  const count = given === undefined ? 10 : parseInteger(given)
  if (count === undefined) throw new ReplyError(lines.notInteger)
  const now = databases.now()
  return clients.log.newest(Math.max(0, Number(count))).map(
    entry =>
      new Map<string, Tree>([
        ['count', entry.count],
        ['reason', entry.reason],
        ['context', entry.context],
        ['object', entry.object],
        ['username', entry.user],
        ['age-seconds', { double: (now - entry.last) / 1000 }],
        ['client-info', entry.client],
        ['entry-id', entry.id],
        ['timestamp-created', Math.floor(entry.since)],
        ['timestamp-last-updated', Math.floor(entry.last)],
      ]),
  )
}

function withoutFile(): never {
  throw new ReplyError(aclLines.noFile)
}

export const aclRows: readonly ConnectionRow[] = [
  answering('ACL CAT', open, [any], cat),
  answering('ACL DELUSER', admin, [some], deleted),
  answering('ACL DRYRUN', admin, [one, some], dryRun),
  answering('ACL GENPASS', open, [any], pass),
  answering('ACL GETUSER', admin, [one], ({ clients }, argv) => {
    const user = clients.users.named(canonical(argv[2]))
    return user === undefined ? null : userTree(user)
  }),
  answering('ACL LIST', admin, [], ({ clients }) => clients.users.all().map(user => user.text())),
  row('ACL LOAD', admin, [], withoutFile),
  answering('ACL LOG', admin, [any], log),
  row('ACL SAVE', admin, [], withoutFile),
  row('ACL SETUSER', admin, [some], (session, argv, w) => {
    const [name, ...rules] = argv.slice(2).map(canonical)
    for (const client of session.clients.users.set(name, rules)) client.expel(session)
    ok(w)
  }),
  answering('ACL USERS', admin, [], ({ clients }) => clients.users.all().map(({ name }) => name)),
  answering('ACL WHOAMI', open, [], ({ rights }) => rights.name),
  answering('ACL HELP', 'loading stale', [], () => help),
]

const defaults: readonly string[] = ['allchannels', 'resetchannels']

/** The parameters that are about users. */
export const aclParameters: readonly Parameter[] = [
  {
    name: 'requirepass',
    get: databases => clientsOf(databases).users.requirepass,
    read: password => databases => clientsOf(databases).users.require(password),
  },
  {
    name: 'acl-pubsub-default',
    get: databases => defaults[clientsOf(databases).users.allChannels ? 0 : 1],
    read: value => {
      const given = value.toLowerCase()
      if (!defaults.includes(given)) return `argument(s) must be one of the following: ${defaults.join(', ')}`
      return databases => void (clientsOf(databases).users.allChannels = given === defaults[0])
    },
  },
  integer(
    'acllog-max-len',
    0,
    MAX_INT64,
    databases => clientsOf(databases).log.most,
    (databases, n) => void (clientsOf(databases).log.most = n),
  ),
  fixed('aclfile', () => ''),
]
