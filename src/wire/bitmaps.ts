import type { BitfieldGet, BitfieldOperation, BitfieldType, BitOverflow } from '../api/bitmaps.ts'
import type { Integer } from '../api/types.ts'
import { asksBigint, bitLines, fieldOf, fieldOffset, policies, stepOf } from '../commands/bitfield.ts'
import { bitOperations, type bitmaps, bitUnits } from '../commands/bitmaps.ts'
import { lines, ReplyError } from '../errors.ts'
import { type Arg, type ArgReader, type Codec, exact, integer, key, optional, ranged, rest, word } from './codec.ts'
import { bigInteger, count, integer as integerReply, list, nullable, type Raw, type ReplyCodec } from './reply.ts'
import type { Rows } from './row.ts'

const offset = ranged(0, 2 ** 32 - 1, bitLines.offset)
const bit = ranged(0, 1, bitLines.bit) as Codec<0 | 1>
const wanted = ranged(0, 1, bitLines.bitArgument, lines.notInteger) as Codec<0 | 1>
const unit = optional(word(...bitUnits))
const end = optional(integer())

/** The first end of a range, which comes with the second, and may come with a unit: `least` to three arguments. */
function start(least: number): Codec<Integer | undefined> {
  const inner = optional(integer())
  return {
    ...inner,
    read: args => {
      if (args.left > 3 || (args.left > 0 && args.left < least)) throw new ReplyError(lines.syntax)
      return inner.read(args)
    },
  }
}

/** As `end`, but the unit behind it is read first. */
const endBehindUnit: Codec<Integer | undefined> = {
  ...end,
  read: args => {
    if (args.left === 2) {
      args.at++
      unit.read(args)
      args.at -= 2
    }
    return end.read(args)
  },
}

const operation = word(...bitOperations)

/** Words of BITFIELD and how many arguments follow them. */
const words: Readonly<Record<string, number>> = { GET: 2, SET: 3, INCRBY: 3, OVERFLOW: 1 }
const value = exact()

function readOperations(args: ArgReader): BitfieldOperation[] {
  const operations: BitfieldOperation[] = []
  let overflow: BitOverflow | undefined
  while (args.left > 0) {
    const name = args.next().toUpperCase()
    const follow = Object.hasOwn(words, name) ? words[name] : Infinity
    if (args.left < follow) throw new ReplyError(lines.syntax)
    if (name === 'OVERFLOW') {
      const given = args.next().toUpperCase() as BitOverflow
      if (!policies.includes(given)) throw new ReplyError(bitLines.overflow)
      overflow = given
      continue
    }
    const field = fieldOf(args.next())
    const given = args.next()
    const at = fieldOffset(given, field)
    const type = field.name as BitfieldType
    // On the wire every result is exact.
    if (name === 'GET') operations.push({ get: type, offset: at, bigint: true })
    else if (name === 'SET') operations.push({ set: type, offset: at, value: value.read(args), overflow })
    else operations.push({ incrby: type, offset: at, by: value.read(args), overflow })
  }
  return operations
}

function writeOperations(operations: readonly BitfieldOperation[], argv: Arg[]): void {
  if (!Array.isArray(operations)) throw new TypeError('operations must be a list')
  let policy: BitOverflow = 'WRAP'
  for (const one of operations as readonly BitfieldOperation[]) {
    const { kind, field, at, value: given, overflow } = stepOf(one)
    if (kind !== 'get' && overflow !== policy) argv.push('OVERFLOW', (policy = overflow))
    argv.push(kind.toUpperCase(), field.name, at)
    if (kind !== 'get') argv.push(given)
  }
}

function bitfieldArgs<O extends BitfieldOperation>(): Codec<readonly O[]> {
  return {
    read: args => readOperations(args) as O[],
    write: writeOperations,
    min: 0,
    max: Infinity,
    keys: 'none',
  }
}

type Results = readonly (Integer | null)[]

/** Each result in the kind that its operation asks for. */
function results(operations: readonly BitfieldOperation[]): ReplyCodec<Results> {
  const any = list(nullable(integerReply))
  return {
    write: any.write,
    read: raw =>
      (raw as readonly Raw[]).map((one, i) =>
        nullable(asksBigint(operations[i]) ? bigInteger : integerReply).read(one),
      ),
  }
}

export const bitmapRows: Rows<typeof bitmaps> = {
  setbit: { name: 'SETBIT', flags: ['write', 'denyoom'], args: [key, offset, bit], reply: count },
  getbit: { name: 'GETBIT', flags: ['readonly', 'fast'], args: [key, offset], reply: count },
  bitcount: { name: 'BITCOUNT', flags: ['readonly'], args: [key, start(2), end, unit], reply: count },
  bitpos: { name: 'BITPOS', flags: ['readonly'], args: [key, wanted, start(1), endBehindUnit, unit], reply: count },
  bitop: { name: 'BITOP', flags: ['write', 'denyoom'], args: [operation, key, rest(key)], reply: count },
  bitfield: {
    name: 'BITFIELD',
    flags: ['write', 'denyoom'],
    args: [key, bitfieldArgs<BitfieldOperation>()],
    reply: ([, operations]) => results(operations),
  },
  bitfield_ro: {
    name: 'BITFIELD_RO',
    flags: ['readonly', 'fast'],
    args: [key, bitfieldArgs<BitfieldGet>()],
    reply: ([, operations]) => results(operations),
  },
}
