import type { Command } from './table.ts'

/** All categories that ACLs know, in the order of Redis. */
export const categoryNames: readonly string[] =
  'keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking dangerous connection transaction scripting'.split(
    ' ',
  )

/** What the groups of commands are called, where it is not their name. */
const categories: Readonly<Record<string, readonly string[]>> = {
  generic: ['@keyspace'],
  'sorted-set': ['@sortedset'],
  transactions: ['@transaction'],
  server: [],
  cluster: [],
  // Their flag says it already.
  pubsub: [],
  sort: ['@set', '@sortedset', '@list'],
}

/** Dangerous without being for administrators, or counted to what these do without saying so. */
const dangerous: ReadonlySet<string> = new Set(
  'KEYS FLUSHALL FLUSHDB SORT SORT_RO RESTORE RESTORE-ASKING MIGRATE SWAPDB INFO ROLE LASTSAVE'.split(' '),
)
const administrative: ReadonlySet<string> = new Set(['ROLE', 'LASTSAVE'])

/** The categories of a command, with their @. */
export function categoriesOf({ name, flags, group }: Command): string[] {
  const found = [...(categories[group] ?? [`@${group}`])]
  if (flags.includes('write')) found.push('@write')
  // Of what has no keys LOLWUT alone counts as reading.
  if (flags.includes('readonly') && group !== 'scripting') found.push('@read')
  if (flags.includes('admin') || administrative.has(name)) found.push('@admin')
  if (flags.includes('admin') || dangerous.has(name)) found.push('@dangerous')
  if (flags.includes('pubsub')) found.push('@pubsub')
  if (flags.includes('blocking')) found.push('@blocking')
  found.push(flags.includes('fast') ? '@fast' : '@slow')
  return found
}
