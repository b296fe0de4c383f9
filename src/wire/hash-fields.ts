import type { Value } from '../api/types.ts'
import type { ExpiryOptions } from '../commands/expiry-options.ts'
import { fieldTime } from '../commands/hash-fields.ts'
import { listOf } from '../commands/input.ts'
import { lines, ReplyError } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { type Arg, type ArgReader, type Codec, integer, late, ranged, value } from './codec.ts'
import { timeWords } from './expiry-options.ts'

// How fields and their expiry times are spelled, in the commands on hashes and in those on the expiry of their fields.

/** `FIELDS numfields field [field …]`; `line` refuses a number that is none, or not positive. */
function counted(line: string): Codec<readonly Value[]> {
  const count = ranged(1, MAX_INT64, line)
  const codec: Codec<readonly Value[]> = {
    read: args => {
      if (args.peek() !== 'FIELDS') throw new ReplyError(lines.fieldsMissing)
      args.at++
      if (args.left === 0) throw new ReplyError(line)
      const n = count.read(args)
      if (n !== args.left) throw new ReplyError(lines.fieldsMismatch)
      const list: string[] = []
      while (args.left > 0) list.push(args.next())
      return list
    },
    write: (given, argv) => {
      argv.push('FIELDS', listOf(given, 'fields').length)
      for (const field of given) value.write(field, argv, 'fields')
    },
    min: 0,
    max: Infinity,
    keys: 'none',
  }
  // Read once the key has been looked at; what is missing is found out then.
  return { ...late(codec), min: 3 }
}

export const lateFields: Codec<readonly Value[]> = counted(lines.fieldsNotPositive)

/** As the commands that set times spell it: another line refuses the number. */
export const lateNumFields: Codec<readonly Value[]> = counted(lines.numFields)

const time = integer()

/** Reads the time after a word, for `command`; one that is wrong at any hour is refused here, before what follows is read. */
function timeAfter(name: 'ex' | 'px' | 'exat' | 'pxat', unit: number) {
  return (command: string, args: ArgReader): ExpiryOptions => {
    const given = time.read(args)
    fieldTime(given, unit, 0, command)
    return { [name]: given }
  }
}

/** How the time after each of the words is read. */
export const fieldTimes: ReadonlyMap<string, (command: string, args: ArgReader) => ExpiryOptions> = new Map([
  ['EX', timeAfter('ex', 1000)],
  ['PX', timeAfter('px', 1)],
  ['EXAT', timeAfter('exat', 1000)],
  ['PXAT', timeAfter('pxat', 1)],
])

/** The time that options say, with its word. */
export function writeTime(o: ExpiryOptions, argv: Arg[]): void {
  timeWords.ex.write(o.ex, argv)
  timeWords.px.write(o.px, argv)
  timeWords.exat.write(o.exat, argv)
  timeWords.pxat.write(o.pxat, argv)
}
