import { families } from '../commands/index.ts'
import { lines, ReplyError, unknownCommand, unknownSubcommand, wrongArity } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { type Arg, ArgReader } from './codec.ts'
import { expiryRows } from './key-expiry.ts'
import { hashRows } from './hashes.ts'
import { keyRows } from './keys.ts'
import { listRows } from './lists.ts'
import type { ReplyCodec, ReplyWriter } from './reply.ts'
import type { AnyRow } from './row.ts'
import { setRows } from './sets.ts'
import { sortRows } from './sort.ts'
import { sortedSetCombineRows, sortedSetRangeRows, sortedSetRows } from './sorted-sets.ts'
import { streamGroupRows, streamInfoRows } from './stream-groups.ts'
import { streamRows } from './streams.ts'
import { stringRows } from './strings.ts'

/** A command as it can be sent by name: its spelling and its meaning. */
export interface Command extends AnyRow {
  /** The method of the typed API. */
  readonly method: string
  /** Arguments with the name: exactly that many, or when negative at least. As COMMAND says it. */
  readonly arity: number
  readonly op: (ks: Keyspace, ...args: unknown[]) => unknown
}

/** Every command by its name in upper case. */
export const commands: ReadonlyMap<string, Command> = table({
  ...keyRows,
  ...expiryRows,
  ...sortRows,
  ...stringRows,
  ...hashRows,
  ...listRows,
  ...setRows,
  ...sortedSetRows,
  ...sortedSetRangeRows,
  ...sortedSetCombineRows,
  ...streamRows,
  ...streamGroupRows,
  ...streamInfoRows,
})

function table(rows: object): Map<string, Command> {
  const byName = new Map<string, Command>()
  const byMethod = rows as Record<string, AnyRow>
  for (const family of families) {
    for (const method of Object.keys(family.ops)) {
      const row = byMethod[method]
      let min = wordsOf(row.name)
      let max = min
      for (const codec of row.args) {
        min += codec.min
        max += codec.max
      }
      const op = family.ops[method] as Command['op']
      byName.set(row.name, { ...row, method, arity: min === max ? min : -min, op })
    }
  }
  return byName
}

/** The names that are followed by a subcommand. */
const containers: ReadonlySet<string> = new Set(
  [...commands.keys()].filter(name => name.includes(' ')).map(name => name.slice(0, name.indexOf(' '))),
)

/** The command that `argv` names. Throws when there is none or the number of arguments cannot be right. */
export function commandOf(argv: readonly string[]): Command {
  const name = argv[0].toUpperCase()
  const contained = containers.has(name)
  if (contained && argv.length < 2) throw new ReplyError(wrongArity(name))
  const command = commands.get(contained ? `${name} ${argv[1].toUpperCase()}` : name)
  if (command === undefined) {
    throw new ReplyError(contained ? unknownSubcommand(argv[0], argv[1]) : unknownCommand(argv[0], argv.slice(1)))
  }
  const { arity } = command
  if (arity < 0 ? argv.length < -arity : argv.length !== arity) throw new ReplyError(wrongArity(command.name))
  return command
}

/** Reads the arguments, runs the op and writes its reply. Throws what the op throws, with nothing written. */
export function run(ks: Keyspace, command: Command, argv: readonly string[], w: ReplyWriter): void {
  const params = paramsOf(command, argv, ks.databases.list.length)
  const result = command.op(ks, ...params)
  const { reply } = command
  const codec: ReplyCodec<unknown> = typeof reply === 'function' ? reply(params) : reply
  codec.write(result, w)
}

/** A command's name is one argument, a subcommand's two. */
function wordsOf(name: string): number {
  return name.includes(' ') ? 2 : 1
}

/** The op's parameters. */
export function paramsOf(command: AnyRow, argv: readonly string[], databases: number): unknown[] {
  const reader = new ArgReader(argv, wordsOf(command.name), databases)
  const { args, order } = command
  const params = new Array<unknown>(args.length)
  for (let i = 0; i < args.length; i++) {
    const at = order === undefined ? i : order[i]
    params[at] = args[at].read(reader)
  }
  if (reader.left > 0) throw new ReplyError(lines.syntax)
  return params
}

/** The arguments that spell a call of the typed method, with its parameters in the op's places. */
export function argvOf(command: Command, given: readonly unknown[]): { argv: Arg[]; params: readonly unknown[] } {
  const { name, args, order, arrange } = command
  const params = arrange === undefined ? given : arrange(given)
  const argv: Arg[] = [...name.split(' ')]
  for (let i = 0; i < args.length; i++) {
    const at = order === undefined ? i : order[i]
    args[at].write(params[at], argv)
  }
  return { argv, params }
}
