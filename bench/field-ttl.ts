/**
 * 100,000 hashes whose fields expire at the same moment: the longest pause, with garbage collection and without, and without
 * what other processes took away, which is what the clock says beyond the CPU time.
 */
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { type Host, Store, systemHost } from '../src/index.ts'

const KEYS = Number(process.argv[2] ?? 100_000)
/** When all of it is due, after the store is filled. */
const LATER = 3000

interface Span {
  readonly start: number
  readonly end: number
}
const collections: Span[] = []
const observer = new PerformanceObserver(list => {
  for (const { startTime, duration } of list.getEntries()) {
    collections.push({ start: startTime, end: startTime + duration })
  }
})
observer.observe({ entryTypes: ['gc'] })

/** What a span took that was not collection. */
function net({ start, end }: Span): number {
  let collected = 0
  for (const one of collections) collected += Math.max(0, Math.min(one.end, end) - Math.max(one.start, start))
  return end - start - collected
}

interface Slice extends Span {
  /** Of all threads, in milliseconds. */
  readonly cpu: number
}

async function worst(title: string, fill: (store: Store, at: number) => void, left: number): Promise<string> {
  const slices: Slice[] = []
  // Every call of the timer is a slice of expiry.
  const host: Host = {
    ...systemHost,
    setTimer: (callback, ms) =>
      systemHost.setTimer(() => {
        const cpu = process.cpuUsage()
        const start = performance.now()
        callback()
        const end = performance.now()
        const { user, system } = process.cpuUsage(cpu)
        slices.push({ start, end, cpu: (user + system) / 1000 })
      }, ms),
  }
  const store = new Store({ host })
  const at = Date.now() + LATER
  fill(store, at)
  const late = Date.now() >= at
  collections.length = 0
  slices.length = 0
  // Collections are reported after the turn of the loop they happened in.
  await new Promise(resolve => setTimeout(resolve, Math.max(at - Date.now(), 0) + 2500))
  if (store.dbsize() !== left) throw new Error(`${store.dbsize()} keys are left, not ${left}`)
  const raw = Math.max(...slices.map(({ start, end }) => end - start))
  const clean = Math.max(...slices.map(net))
  const own = Math.max(...slices.map(slice => Math.min(net(slice), slice.cpu)))
  const took = slices[slices.length - 1].end - slices[0].start
  const verdict = late ? 'filled too late' : own <= 10 ? '≤ 10: holds' : '≤ 10: does not hold'
  await store.close()
  return `| ${title} | ${raw.toFixed(1)} | ${clean.toFixed(1)} | ${own.toFixed(1)} | ${slices.length} | ${took.toFixed(0)} | ${verdict} |`
}

const rows = [
  await worst(
    `${KEYS.toLocaleString('en')} hashes of 1 field`,
    (store, at) => {
      for (let i = 0; i < KEYS; i++) store.hsetex(`h${i}`, { token: i }, { pxat: at })
    },
    0,
  ),
  await worst(
    `${KEYS.toLocaleString('en')} hashes of 4 fields, one of which expires`,
    (store, at) => {
      for (let i = 0; i < KEYS; i++) {
        store.hset(`h${i}`, { name: 'x', mail: 'y', seen: i, token: i })
        store.hpexpireat(`h${i}`, at, ['token'])
      }
    },
    KEYS,
  ),
  await worst(
    `1 hash of ${KEYS.toLocaleString('en')} fields`,
    (store, at) => {
      for (let i = 0; i < KEYS; i++) store.hsetex('h', [`f${i}`, i], { pxat: at })
    },
    0,
  ),
  await worst(
    `${KEYS.toLocaleString('en')} keys, for comparison`,
    (store, at) => {
      for (let i = 0; i < KEYS; i++) store.set(`k${i}`, 'x', { pxat: at })
    },
    0,
  ),
]
console.log('\n## Expiry of hash fields: the longest slice, milliseconds\n')
console.log('| due at once | with collections | without | own time | slices | from first to last | claim |')
console.log('|---|---|---|---|---|---|---|')
for (const row of rows) console.log(row)
