import type { TableCommands, Tree } from '../api/server.ts'
import type { Ops } from '../commands/op.ts'
import { spelled } from '../commands/info.ts'
import { mapOf, status, statuses } from '../commands/tree.ts'
import { lines, ReplyError } from '../errors.ts'
import { glob } from '../util/glob.ts'
import { categoriesOf } from './categories.ts'
import { type Codec, rest, value } from './codec.ts'
import { accessIn, accessOf } from './key-access.ts'
import { keysOf, type PlacedKey, placeOf } from './key-places.ts'
import type { Flag, Rows } from './row.ts'
import { treeReply } from './server.ts'
import { sinceOf } from './since.ts'
import type { Command } from './table.ts'

const commandLines = {
  invalid: 'ERR Invalid command specified',
  arity: 'ERR Invalid number of arguments specified for command',
  noKeys: 'ERR The command has no key arguments',
} as const

const help = statuses(
  'COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  '(no subcommand)',
  '    Return details about all Redis commands.',
  'COUNT',
  '    Return the total number of commands in this Redis server.',
  'LIST',
  '    Return a list of all commands in this Redis server.',
  'INFO [<command-name> ...]',
  '    Return details about multiple Redis commands.',
  '    If no command names are given, documentation details for all',
  '    commands are returned.',
  'DOCS [<command-name> ...]',
  '    Return documentation details about multiple Redis commands.',
  '    If no command names are given, documentation details for all',
  '    commands are returned.',
  'GETKEYS <full-command>',
  '    Return the keys from a full Redis command.',
  'GETKEYSANDFLAGS <full-command>',
  '    Return the keys and the access flags from a full Redis command.',
  'HELP',
  '    Prints this help.',
)

/** Documented among the commands about the server, whatever ACLs count them to. */
const aboutServer: ReadonlySet<string> = new Set('SWAPDB DBSIZE FLUSHDB FLUSHALL COMMAND'.split(' '))

/** Documented elsewhere than ACLs count them to, too. */
const documented: Readonly<Record<string, string>> = {
  WAIT: 'generic',
  WAITAOF: 'generic',
  ASKING: 'cluster',
  READONLY: 'cluster',
  READWRITE: 'cluster',
  'RESTORE-ASKING': 'server',
}

function documentedGroup(name: string, group: string): string {
  if (Object.hasOwn(documented, name)) return documented[name]
  if (aboutServer.has(name.split(' ')[0])) return 'server'
  return group === 'sort' ? 'generic' : group
}

function names(list: readonly string[]): Tree {
  return { set: list.map(status) }
}

function specsOf(command: Command): Tree {
  const specs = placeOf(command).specs.map(({ begin, last, step, counted }, run) =>
    mapOf(
      ['flags', names(accessOf(command, run))],
      ['begin_search', mapOf(['type', 'index'], ['spec', mapOf(['index', begin])])],
      [
        'find_keys',
        counted
          ? mapOf(['type', 'keynum'], ['spec', mapOf(['keynumidx', 0], ['firstkey', 1], ['keystep', step])])
          : mapOf(['type', 'range'], ['spec', mapOf(['lastkey', last], ['keystep', step], ['limit', 0])]),
      ],
    ),
  )
  return { set: specs }
}

function entry(
  name: string,
  arity: number,
  flags: readonly Flag[],
  place: readonly number[],
  acl: readonly string[],
  specs: Tree,
  subcommands: readonly Tree[],
): Tree {
  const under: Tree = subcommands.length === 0 ? { set: [] } : subcommands
  return [spelled(name), arity, names(flags), ...place, names(acl), { set: [] }, specs, under]
}

function infoOf(command: Command, subcommands: readonly Tree[]): Tree {
  const { first, last, step } = placeOf(command)
  const { name, arity, flags } = command
  return entry(name, arity, flags, [first, last, step], categoriesOf(command), specsOf(command), subcommands)
}

/** All of the ops, over a table. */
export function commandOps(all: ReadonlyMap<string, Command>): Ops<TableCommands> {
  const subcommandsOf = (container: string): Command[] =>
    [...all.values()].filter(({ name }) => name.startsWith(`${container} `))

  /** The names that are not subcommands, containers among them. */
  const tops = (): string[] => [...new Set([...all.keys()].map(name => name.split(' ')[0]))]

  function lookup(name: string): Tree {
    const wanted = name.toUpperCase().replace('|', ' ')
    const command = all.get(wanted)
    const subcommands = wanted.includes(' ') ? [] : subcommandsOf(wanted).map(one => infoOf(one, []))
    if (command !== undefined) return infoOf(command, subcommands)
    if (subcommands.length === 0) return null
    return entry(wanted, -2, [], [0, 0, 0], ['@slow'], { set: [] }, subcommands)
  }

  function docs(wanted: string): Tree | undefined {
    const command = all.get(wanted)
    const subcommands = wanted.includes(' ') ? [] : subcommandsOf(wanted)
    if (command === undefined && subcommands.length === 0) return undefined
    const since = sinceOf(wanted)
    const facts: [string, Tree][] = since === undefined ? [] : [['since', since]]
    facts.push(['group', documentedGroup(wanted, (command ?? subcommands[0]).group)])
    if (subcommands.length > 0) {
      facts.push(['subcommands', mapOf(...subcommands.map(({ name }) => [spelled(name), docs(name) as Tree] as const))])
    }
    return mapOf(...facts)
  }

  /** The command that is spelled, and the places of its keys. */
  function keyed(argv: readonly string[]): { command: Command; places: readonly PlacedKey[] } {
    const name = argv[0].toUpperCase()
    const command = (argv.length > 1 ? all.get(`${name} ${argv[1].toUpperCase()}`) : undefined) ?? all.get(name)
    if (command === undefined) throw new ReplyError(commandLines.invalid)
    const { arity } = command
    const places = placeOf(command)
    // A channel has a place among the keys, but is none.
    const keys = places.specs.filter((_, run) => !accessOf(command, run).includes('not_key'))
    if (keys.length === 0 && command.keysAt === undefined) throw new ReplyError(commandLines.noKeys)
    if (arity < 0 ? argv.length < -arity : argv.length !== arity) throw new ReplyError(commandLines.arity)
    return { command, places: keysOf(command, argv) }
  }

  /** Whether a filter takes a name; a container by itself is nothing but slow. */
  function takes(kind: string, wanted: string): (name: string) => boolean {
    switch (kind.toUpperCase()) {
      case 'MODULE':
        return () => false
      case 'ACLCAT':
        return name => {
          const command = all.get(name)
          return (command === undefined ? ['@slow'] : categoriesOf(command)).includes(`@${wanted.toLowerCase()}`)
        }
      case 'PATTERN':
        return name => glob(wanted, spelled(name), true)
      default:
        throw new ReplyError(lines.syntax)
    }
  }

  return {
    command: () => tops().map(lookup),
    commandCount: () => tops().length,
    commandInfo: (_, wanted) => (wanted.length === 0 ? tops() : wanted).map(lookup),
    commandDocs(_, wanted) {
      const found = new Map<string, Tree>()
      for (const name of wanted.length === 0 ? tops() : wanted) {
        const doc = docs(name.toUpperCase().replace('|', ' '))
        if (doc !== undefined) found.set(spelled(name), doc)
      }
      return found
    },
    commandList(_, filter) {
      if (filter.length !== 0 && (filter.length !== 3 || filter[0].toUpperCase() !== 'FILTERBY')) {
        throw new ReplyError(lines.syntax)
      }
      const every = [...new Set([...tops(), ...all.keys()])]
      return (filter.length === 0 ? every : every.filter(takes(filter[1], filter[2]))).map(spelled)
    },
    commandGetkeys: (_, argv) => keyed(argv).places.map(({ at }) => argv[at]),
    commandGetkeysandflags(_, argv) {
      const { command, places } = keyed(argv)
      return places.map(({ at, run }) => [argv[at], names(accessIn(command, argv, run))])
    },
    commandHelp: () => help,
  }
}

const words = rest(value as Codec<string>, 0)
const flags: readonly Flag[] = ['loading', 'stale']

export const commandRows: Rows<ReturnType<typeof commandOps>> = {
  command: { name: 'COMMAND', flags, args: [words], reply: treeReply },
  commandCount: { name: 'COMMAND COUNT', flags, args: [], reply: treeReply },
  commandInfo: { name: 'COMMAND INFO', flags, args: [words], reply: treeReply },
  commandDocs: { name: 'COMMAND DOCS', flags, args: [words], reply: treeReply },
  commandList: { name: 'COMMAND LIST', flags, args: [words], reply: treeReply },
  commandGetkeys: { name: 'COMMAND GETKEYS', flags, args: [rest(value as Codec<string>, 2)], reply: treeReply },
  commandGetkeysandflags: {
    name: 'COMMAND GETKEYSANDFLAGS',
    flags,
    args: [rest(value as Codec<string>, 2)],
    reply: treeReply,
  },
  commandHelp: { name: 'COMMAND HELP', flags, args: [], reply: treeReply },
}
