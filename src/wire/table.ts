import { families } from '../commands/index.ts'
import type { Family, WaitFor } from '../commands/op.ts'
import { lines, ReplyError, unknownCommand, unknownSubcommand, wrongArity } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { type Arg, ArgReader } from './codec.ts'
import { blockingListRows, blockingSortedSetRows } from './blocking.ts'
import { bitmapRows } from './bitmaps.ts'
import { dumpRows } from './dump.ts'
import { expiryRows } from './key-expiry.ts'
import { geoRows } from './geo.ts'
import { hashExpiryRows } from './hash-expiry.ts'
import { hashRows } from './hashes.ts'
import { hyperLogLogRows } from './hyper-log-logs.ts'
import { keyRows } from './keys.ts'
import { listRows } from './lists.ts'
import { pubsubRows } from './pubsub.ts'
import { memoryRows } from './memory.ts'
import { type ReplyCodec, type ReplyWriter, unexpected } from './reply.ts'
import type { AnyRow } from './row.ts'
import { scriptRows } from './scripts.ts'
import { setRows } from './sets.ts'
import { sortRows } from './sort.ts'
import { sortedSetCombineRows, sortedSetRangeRows, sortedSetRows } from './sorted-sets.ts'
import { streamGroupRows, streamInfoRows } from './stream-groups.ts'
import { streamRows } from './streams.ts'
import { stringRows } from './strings.ts'

/** A command as it can be sent by name: its spelling and its meaning. */
export interface Command extends AnyRow {
  /** Its name in the contract; a method of the typed API when `typed`. */
  readonly method: string
  readonly typed: boolean
  /** The group that Redis documents it in. */
  readonly group: string
  /** Arguments with the name: exactly that many, or when negative at least. As COMMAND says it. */
  readonly arity: number
  readonly fast: boolean
  /** Its number in the table. */
  readonly place: number
  readonly op: (ks: Keyspace, ...args: unknown[]) => unknown
  /** How it waits, if it does. */
  readonly wait: WaitFor | undefined
  /** What it does when it concerns a client, not the data: the session layer, which put it here, knows its type. */
  readonly connection: object | undefined
}

/** The rows of the families, by the group that Redis has them in. */
const groups: readonly (readonly [group: string, rows: object])[] = [
  ['generic', keyRows],
  ['generic', expiryRows],
  ['generic', dumpRows],
  ['sort', sortRows],
  ['string', stringRows],
  ['bitmap', bitmapRows],
  ['hyperloglog', hyperLogLogRows],
  ['hash', hashRows],
  ['hash', hashExpiryRows],
  ['list', listRows],
  ['list', blockingListRows],
  ['set', setRows],
  ['sorted-set', sortedSetRows],
  ['sorted-set', sortedSetRangeRows],
  ['sorted-set', sortedSetCombineRows],
  ['sorted-set', blockingSortedSetRows],
  ['geo', geoRows],
  ['stream', streamRows],
  ['stream', streamGroupRows],
  ['stream', streamInfoRows],
  ['pubsub', pubsubRows],
  ['server', memoryRows],
  ['scripting', scriptRows],
]

/** Every command by its name in upper case. */
export const commands: ReadonlyMap<string, Command> = new Map()
/** The names that are followed by a subcommand. */
const containers: Set<string> = new Set()
/** Those that are not, as clients mostly spell them, so that no upper case has to be made. */
const asSpelled: Map<string, Command> = new Map()

for (const { ops, waits } of families) for (const [group, rows] of groups) add(group, rows, ops, true, waits)

/**
 * Adds commands that have no method, because only a program that sends commands by name has a use for them; those who
 * never do need not carry them.
 */
export function addByName(group: string, rows: object, ops: object): void {
  add(group, rows, ops as Record<string, unknown>, false)
}

/** A command that concerns a client: its row without a reply, which `connection` writes. */
export type ConnectionRow = Omit<AnyRow, 'reply'> & { readonly connection: object }

/** Adds commands that only a session can run. */
export function addConnectionCommands(group: string, rows: readonly ConnectionRow[]): void {
  for (const { connection, ...row } of rows) {
    const op = (): never => {
      throw new ReplyError(`ERR '${row.name.toLowerCase()}' concerns a connection: send it to store.session()`)
    }
    enter({ ...row, reply: none }, { method: row.name, typed: false, group, op, wait: undefined, connection })
  }
}

const none: ReplyCodec<unknown> = { write: () => {}, read: unexpected }

function add(
  group: string,
  rows: object,
  ops: Readonly<Record<string, unknown>>,
  typed: boolean,
  waits: Family['waits'] = {},
): void {
  for (const [method, row] of Object.entries(rows) as [string, AnyRow][]) {
    if (!Object.hasOwn(ops, method)) continue
    const op = ops[method] as Command['op']
    enter(row, { method, typed, group, op, wait: waits[method], connection: undefined })
  }
}

function enter(row: AnyRow, rest: Omit<Command, keyof AnyRow | 'arity' | 'fast' | 'place'>): void {
  const { name } = row
  let min = wordsOf(name)
  let max = min
  for (const codec of row.args) {
    min += codec.min
    max += codec.max
  }
  const arity = min === max ? min : -min
  const fast = row.flags.includes('fast')
  const known = commands.get(name)
  const command: Command = { ...row, ...rest, arity, fast, place: known?.place ?? commands.size }
  ;(commands as Map<string, Command>).set(name, command)
  const space = name.indexOf(' ')
  const container = space < 0 ? name : name.slice(0, space)
  if (space >= 0) containers.add(container)
  // A container's name is looked up with the word behind it.
  const spellings = [container, container.toLowerCase()]
  for (const one of spellings) {
    if (containers.has(container)) asSpelled.delete(one)
    else asSpelled.set(one, command)
  }
}

/** True of a name that is followed by a subcommand. */
export function isContainer(name: string): boolean {
  return containers.has(name)
}

/** True for EVAL, FCALL and their kin. */
export function runsScripts({ group, flags }: Command): boolean {
  return group === 'scripting' && flags.includes('no_mandatory_keys')
}

/** The command or subcommand of that name, whatever its arguments. */
export function named(argv: readonly string[]): Command | undefined {
  const known = asSpelled.get(argv[0])
  if (known !== undefined) return known
  const name = argv[0].toUpperCase()
  if (!containers.has(name)) return commands.get(name)
  // A name may stand for itself, too: COMMAND.
  return commands.get(argv.length > 1 ? `${name} ${argv[1].toUpperCase()}` : name)
}

/** The command that `argv` names. Throws when there is none or the number of arguments cannot be right. */
export function commandOf(argv: readonly string[]): Command {
  const command = named(argv)
  if (command === undefined) {
    const name = argv[0].toUpperCase()
    const contained = containers.has(name)
    if (contained && argv.length < 2) throw new ReplyError(wrongArity(name))
    throw new ReplyError(contained ? unknownSubcommand(argv[0], argv[1]) : unknownCommand(argv[0], argv.slice(1)))
  }
  const { arity } = command
  if (arity < 0 ? argv.length < -arity : argv.length !== arity) throw new ReplyError(wrongArity(command.name))
  return command
}

/** Counts that a command was refused before it ran, where somebody counts. */
export function noteRefusal({ databases }: Keyspace, argv: readonly string[], error: ReplyError): void {
  databases.stats?.refused(named(argv), error.code)
}

/** Finds the command that `argv` names, and runs it. Throws what it throws, with nothing written. */
export function execute(ks: Keyspace, argv: readonly string[], w: ReplyWriter): void {
  let command: Command
  try {
    command = commandOf(argv)
  } catch (error) {
    if (error instanceof ReplyError) noteRefusal(ks, argv, error)
    throw error
  }
  run(ks, command, argv, w)
}

/** Runs a command and counts it, where somebody counts. Throws what the op throws, with nothing written. */
export function run(ks: Keyspace, command: Command, argv: readonly string[], w: ReplyWriter): void {
  const { databases } = ks
  const { stats } = databases
  if (stats === null) return perform(ks, command, argv, w)
  const start = stats.start(databases)
  try {
    perform(ks, command, argv, w)
  } catch (error) {
    stats.ran(command, argv, stats.end(databases) - start, databases, error)
    throw error
  }
  stats.ran(command, argv, stats.end(databases) - start, databases, undefined)
}

/** Reads the arguments, runs the op and writes its reply. */
export function perform(ks: Keyspace, command: Command, argv: readonly string[], w: ReplyWriter): void {
  const { gate, list } = ks.databases
  const params = paramsOf(command, argv, list.length)
  const result = command.op(ks, ...params)
  const reply = replyOf(command, params)
  reply.write(gate === null ? result : gate.result(result, reply), w)
}

/** The codec of the reply to a call with these parameters. */
export function replyOf(command: AnyRow, params: readonly unknown[]): ReplyCodec<unknown> {
  return typeof command.reply === 'function' ? command.reply(params) : command.reply
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
