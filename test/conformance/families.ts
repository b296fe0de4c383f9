/** The families and their scripts, in the order they are run. */
import { hashes } from './scripts/hashes.ts'
import { keys } from './scripts/keys.ts'
import { lists } from './scripts/lists.ts'
import { scans } from './scripts/scans.ts'
import { sets } from './scripts/sets.ts'
import { sorts } from './scripts/sorts.ts'
import { streams } from './scripts/streams.ts'
import { strings } from './scripts/strings.ts'
import { zsets } from './scripts/zsets.ts'
import type { Line } from './script.ts'

export const FAMILIES: Readonly<Record<string, () => Line[]>> = {
  keys,
  strings,
  hashes,
  lists,
  sets,
  zsets,
  scans,
  sorts,
  streams,
}
