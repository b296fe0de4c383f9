import { expiry, expiryRest, expiryShapes } from './expiry.ts'
import { hashes, hashRest, hashShapes } from './hashes.ts'
import { keyRest, keys, keyShapes } from './keys.ts'
import { listRest, lists, listShapes } from './lists.ts'
import type { Family } from './op.ts'
import { setRest, setShapes, sets } from './sets.ts'
import { sortedSetCombine, sortedSetCombineRest, sortedSetCombineShapes } from './sorted-set-combine.ts'
import { sortedSetRangeRest, sortedSetRangeShapes, sortedSetRanges } from './sorted-set-ranges.ts'
import { sorting, sortRest, sortShapes } from './sort.ts'
import { sortedSetRest, sortedSetShapes, sortedSets } from './sorted-sets.ts'
import { streamGroupRest, streamGroups, streamGroupShapes } from './stream-groups.ts'
import { streamInfo, streamInfoRest, streamInfoShapes } from './stream-info.ts'
import { streamRest, streams, streamShapes } from './streams.ts'
import { stringRest, strings, stringShapes } from './strings.ts'

function family(ops: object, shapes: object, rest: object): Family {
  return { ops, shapes, rest } as Family
}

/** Every family. */
export const families: readonly Family[] = [
  family(keys, keyShapes, keyRest),
  family(expiry, expiryShapes, expiryRest),
  family(sorting, sortShapes, sortRest),
  family(strings, stringShapes, stringRest),
  family(hashes, hashShapes, hashRest),
  family(lists, listShapes, listRest),
  family(sets, setShapes, setRest),
  family(sortedSets, sortedSetShapes, sortedSetRest),
  family(sortedSetRanges, sortedSetRangeShapes, sortedSetRangeRest),
  family(sortedSetCombine, sortedSetCombineShapes, sortedSetCombineRest),
  family(streams, streamShapes, streamRest),
  family(streamGroups, streamGroupShapes, streamGroupRest),
  family(streamInfo, streamInfoShapes, streamInfoRest),
]
