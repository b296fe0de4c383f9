import { ReplyError } from '../errors.ts'
import { accessIn } from '../wire/key-access.ts'
import { keysOf, type PlacedKey } from '../wire/key-places.ts'
import type { Command } from '../wire/table.ts'
import type { Argv } from './session.ts'

/** What a command does with a key, as bits, so that what a pattern allows can be compared in one step. */
export const READ = 1
export const WRITE = 2

/** A key among the arguments, and what is done with it: READ, WRITE, both, or neither when only its being there shows. */
export interface KeyUse {
  readonly at: number
  readonly access: number
}

/** A channel among the arguments; a pattern stands for itself alone. */
export interface ChannelUse {
  readonly at: number
  readonly pattern: boolean
}

/** What a command touches. */
export interface Uses {
  readonly keys: readonly KeyUse[]
  readonly channels: readonly ChannelUse[]
}

const writing: ReadonlySet<string> = new Set(['insert', 'delete', 'update'])

function accessOf(words: readonly string[]): number {
  return (words.includes('access') ? READ : 0) | (words.some(word => writing.has(word)) ? WRITE : 0)
}

/** Where the keys stand; nowhere when their number makes no sense, because then the command refuses itself. */
function placesOf(command: Command, argv: Argv): readonly PlacedKey[] {
  try {
    return keysOf(command, argv)
  } catch (error) {
    if (error instanceof ReplyError) return []
    throw error
  }
}

function keysIn(command: Command, argv: Argv): KeyUse[] {
  const found: KeyUse[] = []
  for (const { at, run } of placesOf(command, argv)) {
    const words = accessIn(command, argv, run)
    // The channels of a shard have a place as keys have, and are none.
    if (!words.includes('not_key')) found.push({ at, access: accessOf(words) })
  }
  return found
}

/** Which arguments are channels that one must have a right to: from the first to `last`. To leave a channel needs none. */
const channelled: ReadonlyMap<string, { readonly last: number; readonly pattern: boolean }> = new Map([
  ['PUBLISH', { last: 1, pattern: false }],
  ['SPUBLISH', { last: 1, pattern: false }],
  ['SUBSCRIBE', { last: Infinity, pattern: false }],
  ['SSUBSCRIBE', { last: Infinity, pattern: false }],
  ['PSUBSCRIBE', { last: Infinity, pattern: true }],
])

function channelsIn({ name }: Command, argv: Argv): ChannelUse[] {
  const place = channelled.get(name)
  if (place === undefined) return []
  const found: ChannelUse[] = []
  for (let at = 1; at < argv.length && at <= place.last; at++) found.push({ at, pattern: place.pattern })
  return found
}

/** The keys and channels of a call. */
export function usesOf(command: Command, argv: Argv): Uses {
  return { keys: keysIn(command, argv), channels: channelsIn(command, argv) }
}
