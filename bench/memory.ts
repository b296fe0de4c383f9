/** Bytes per entry, everything included, after a full collection: embedis, its peers, and what redis-server says of itself. */
import { LRUCache } from 'lru-cache'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { SkipList } from './peers/skip-list.ts'

const KEYS = 1_000_000
const HASHES = 100_000
const FIELDS = ['name', 'email', 'age', 'city', 'visits', 'plan', 'since', 'score']

function heap(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let kept: unknown

/** Bytes that `make` leaves behind, per entry. */
function bytes(count: number, make: () => unknown): number {
  kept = undefined
  const before = heap()
  kept = make()
  const after = heap()
  if (kept === undefined) throw new Error('nothing was made')
  kept = undefined
  return (after - before) / count
}

const key = (i: number): string => `user:${i}`
const value = (i: number): string => `value:${String(i).padStart(14, '0')}`
const keep = <T>(store: T, fill: (store: T) => void): T => {
  fill(store)
  return store
}

/** A text as the engine holds it: header and characters, in whole words. */
const textBytes = (text: string): number => 16 + Math.ceil(text.length / 8) * 8
const memberBytes = (() => {
  let sum = 0
  for (let i = 0; i < KEYS; i++) sum += textBytes(key(i))
  return sum / KEYS
})()

const strings = {
  embedis: bytes(KEYS, () =>
    keep(new Store(), s => {
      for (let i = 0; i < KEYS; i++) s.set(key(i), value(i))
    }),
  ),
  'embedis with TTL': bytes(KEYS, () =>
    keep(new Store(), s => {
      for (let i = 0; i < KEYS; i++) s.set(key(i), value(i), { ex: 1000 })
    }),
  ),
  Map: bytes(KEYS, () =>
    keep(new Map(), m => {
      for (let i = 0; i < KEYS; i++) m.set(key(i), value(i))
    }),
  ),
  'lru-cache': bytes(KEYS, () =>
    keep(new LRUCache<string, string>({ max: KEYS }), m => {
      for (let i = 0; i < KEYS; i++) m.set(key(i), value(i))
    }),
  ),
}
const sortedSet = {
  embedis:
    bytes(KEYS, () =>
      keep(new Store(), s => {
        for (let i = 0; i < KEYS; i++) s.zadd('z', (i * 7919) % KEYS, key(i))
      }),
    ) - memberBytes,
  'skip list':
    bytes(KEYS, () =>
      keep(new SkipList(), s => {
        for (let i = 0; i < KEYS; i++) s.add(key(i), (i * 7919) % KEYS)
      }),
    ) - memberBytes,
}
const record = (i: number): [string, string][] => FIELDS.map(field => [field, `${field}${i % 10_000}`])
const hashes = {
  embedis: bytes(HASHES, () =>
    keep(new Store(), s => {
      for (let i = 0; i < HASHES; i++) s.hset(key(i), Object.fromEntries(record(i)))
    }),
  ),
  'Map of Maps': bytes(HASHES, () =>
    keep(new Map(), m => {
      for (let i = 0; i < HASHES; i++) m.set(key(i), new Map(record(i)))
    }),
  ),
}
// What every subject pays for the texts themselves.
let texts = 0
for (let i = 0; i < HASHES; i++) for (const [, text] of record(i)) texts += textBytes(text)
texts /= HASHES

let redis = Number.NaN
const server = await startRedis()
if (server !== undefined) {
  const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await server.client.info('memory'))?.[1])
  const before = await used()
  for (let i = 0; i < KEYS; i += 1000) {
    const pipeline = server.client.pipeline()
    for (let j = i; j < i + 1000; j++) pipeline.set(key(j), value(j))
    await pipeline.exec()
  }
  redis = ((await used()) - before) / KEYS
  await server.close()
}

const line = (name: string, sizes: Record<string, number>): string =>
  `| ${name} | ${Object.entries(sizes)
    .map(([who, size]) => `${who} **${size.toFixed(1)}**`)
    .join(' · ')} |`
const holds = (yes: boolean): string => (yes ? 'holds' : 'does not hold')
console.log('\n## Bytes per entry, all included\n')
console.log('| | |\n|---|---|')
console.log(line('1 M strings of 20 bytes', { ...strings, 'redis-server': redis }))
console.log(line('1 M members of a sorted set, beside the member text', sortedSet))
console.log(line(`100 k hashes of 8 fields (of that, values ${texts.toFixed(0)})`, hashes))
console.log(`\nstrings ≤ 1.2 × 104.5: ${holds(strings.embedis <= 1.2 * 104.5)}`)
console.log(`sorted set ≤ 80: ${holds(sortedSet.embedis <= 80)}`)
const [mine, theirs] = [hashes.embedis - texts, hashes['Map of Maps'] - texts]
console.log(
  `hash of 8 fields ≤ 0.6 × a Map of Maps: ${holds(mine <= 0.6 * theirs)} (${(mine / theirs).toFixed(2)} without the values, ${(hashes.embedis / hashes['Map of Maps']).toFixed(2)} with)`,
)
