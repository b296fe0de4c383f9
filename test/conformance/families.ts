/** The families and their scripts, in the order they are run. */
import { alone } from './scripts/alone.ts'
import { bitmaps } from './scripts/bitmaps.ts'
import { connections } from './scripts/connections.ts'
import { geos } from './scripts/geos.ts'
import { hashes } from './scripts/hashes.ts'
import { hlls } from './scripts/hlls.ts'
import { introspection } from './scripts/introspection.ts'
import { keys } from './scripts/keys.ts'
import { lists } from './scripts/lists.ts'
import { scans } from './scripts/scans.ts'
import { scripts } from './scripts/scripts.ts'
import { sets } from './scripts/sets.ts'
import { sorts } from './scripts/sorts.ts'
import { streams } from './scripts/streams.ts'
import { strings } from './scripts/strings.ts'
import { channels, transactions } from './scripts/transactions.ts'
import { zsets } from './scripts/zsets.ts'
import type { Line } from './script.ts'

export const FAMILIES: Readonly<Record<string, () => Line[]>> = {
  keys,
  strings,
  bitmaps,
  hlls,
  hashes,
  lists,
  sets,
  zsets,
  geos,
  scans,
  sorts,
  transactions,
  channels,
  connections,
  alone,
  introspection,
  streams,
  scripts,
}
