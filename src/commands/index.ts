import { blocking, blockingRest, blockingShapes, blockingWaits } from './blocking.ts'
import { bitmapRest, bitmaps, bitmapShapes } from './bitmaps.ts'
import { dumping, dumpRest, dumpShapes } from './dump.ts'
import { expiry, expiryRest, expiryShapes } from './expiry.ts'
import { geo, geoRest, geoShapes } from './geo.ts'
import { hashExpiry, hashExpiryRest, hashExpiryShapes } from './hash-expiry.ts'
import { hashes, hashRest, hashShapes } from './hashes.ts'
import { hyperLogLogRest, hyperLogLogs, hyperLogLogShapes } from './hyper-log-logs.ts'
import { keyRest, keys, keyShapes } from './keys.ts'
import { listRest, lists, listShapes } from './lists.ts'
import { memory, memoryRest, memoryShapes } from './memory.ts'
import type { Family } from './op.ts'
import { scriptRest, scripts, scriptShapes } from './scripts.ts'
import { setRest, setShapes, sets } from './sets.ts'
import { pubsub, pubsubRest, pubsubShapes } from './pubsub.ts'
import { sortedSetCombine, sortedSetCombineRest, sortedSetCombineShapes } from './sorted-set-combine.ts'
import { sortedSetRangeRest, sortedSetRangeShapes, sortedSetRanges } from './sorted-set-ranges.ts'
import { sorting, sortRest, sortShapes } from './sort.ts'
import { sortedSetRest, sortedSetShapes, sortedSets } from './sorted-sets.ts'
import { streamGroupRest, streamGroups, streamGroupShapes, streamGroupWaits } from './stream-groups.ts'
import { streamInfo, streamInfoRest, streamInfoShapes } from './stream-info.ts'
import { streamRest, streams, streamShapes, streamWaits } from './streams.ts'
import { stringRest, strings, stringShapes } from './strings.ts'

function family(ops: object, shapes: object, rest: object, waits: object = {}): Family {
  return { ops, shapes, rest, waits } as Family
}

/** Every family. */
export const families: readonly Family[] = [
  family(keys, keyShapes, keyRest),
  family(expiry, expiryShapes, expiryRest),
  family(dumping, dumpShapes, dumpRest),
  family(sorting, sortShapes, sortRest),
  family(strings, stringShapes, stringRest),
  family(bitmaps, bitmapShapes, bitmapRest),
  family(hyperLogLogs, hyperLogLogShapes, hyperLogLogRest),
  family(hashes, hashShapes, hashRest),
  family(hashExpiry, hashExpiryShapes, hashExpiryRest),
  family(lists, listShapes, listRest),
  family(blocking, blockingShapes, blockingRest, blockingWaits),
  family(sets, setShapes, setRest),
  family(sortedSets, sortedSetShapes, sortedSetRest),
  family(sortedSetRanges, sortedSetRangeShapes, sortedSetRangeRest),
  family(memory, memoryShapes, memoryRest),
  family(sortedSetCombine, sortedSetCombineShapes, sortedSetCombineRest),
  family(pubsub, pubsubShapes, pubsubRest),
  family(geo, geoShapes, geoRest),
  family(streams, streamShapes, streamRest, streamWaits),
  family(streamGroups, streamGroupShapes, streamGroupRest, streamGroupWaits),
  family(streamInfo, streamInfoShapes, streamInfoRest),
  family(scripts, scriptShapes, scriptRest),
]
