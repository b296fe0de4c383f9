import { inLine, ReplyError } from '../errors.ts'
import type { Argv } from '../session/session.ts'
import { placesIn, slotOfCall } from '../session/cluster.ts'
import type { ReplyCodec } from '../wire/reply.ts'
import type { Command } from '../wire/table.ts'

/** What a store refuses, or answers, so that code does not come to depend on what production does not give. */
export interface StrictOptions {
  /** Refuses KEYS, which holds up a server for as long as it has keys; true by default. */
  readonly keys?: boolean
  /** Refuses commands whose keys are not in one slot, with the error of a cluster; true by default. */
  readonly slots?: boolean
  /** Refuses what scripts and functions do with keys that they were not given as KEYS; true by default. */
  readonly scripts?: boolean
  /** Shuffles replies whose order Redis leaves open, by the store's seed; true by default. */
  readonly shuffle?: boolean
}

/** A rule: throws a ReplyError when a command may not be run. */
type Rule = (command: Command, argv: Argv) => void

const rules: Readonly<Record<'keys' | 'slots', Rule>> = {
  keys({ name }) {
    if (name === 'KEYS')
      throw new ReplyError('ERR KEYS looks at every key there is, which this store refuses: use SCAN')
  },
  slots(command, argv) {
    slotOfCall(command, argv)
  },
}

/** Throws when a command of a script works on a key that the script was not given. */
export function onlyDeclared(command: Command, argv: Argv, keys: readonly string[]): void {
  for (const { at } of placesIn(command, argv)) {
    if (keys.includes(argv[at])) continue
    throw new ReplyError(
      `ERR the script uses the key '${inLine(argv[at])}', which is not among its KEYS: a cluster could not know where it belongs`,
    )
  }
}

/** The rules chosen. */
export function rulesOf({ keys = true, slots = true }: StrictOptions): readonly Rule[] {
  return [...(keys ? [rules.keys] : []), ...(slots ? [rules.slots] : [])]
}

/** The result of an op in an order of its own, when Redis leaves the order open. */
export function shuffled(result: unknown, reply: ReplyCodec<unknown>, random: () => number): unknown {
  const { unordered = false } = reply
  if (unordered === false || !Array.isArray(result)) return result
  const step = unordered === 'pairs' ? 2 : 1
  const items = [...(result as readonly unknown[])]
  // Fisher–Yates, of pairs or single elements.
  for (let left = items.length / step; left > 1; left--) {
    const one = (left - 1) * step
    const other = Math.floor(random() * left) * step
    for (let i = 0; i < step; i++) [items[one + i], items[other + i]] = [items[other + i], items[one + i]]
  }
  return items
}
