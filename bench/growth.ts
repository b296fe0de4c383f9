/** Growing to 5 M keys: the longest call, with what garbage collection took inside it and without. */
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { Store } from '../src/index.ts'

const KEYS = Number(process.argv[2] ?? 5_000_000)

interface Pause {
  readonly start: number
  readonly end: number
}
const pauses: Pause[] = []
const observer = new PerformanceObserver(list => {
  for (const entry of list.getEntries()) pauses.push({ start: entry.startTime, end: entry.startTime + entry.duration })
})
observer.observe({ entryTypes: ['gc'] })

function worst(title: string, set: (key: string) => void): Promise<string> {
  const slow: Pause[] = []
  pauses.length = 0
  let last = performance.now()
  for (let i = 0; i < KEYS; i++) {
    set(`user:${i}`)
    const now = performance.now()
    if (now - last > 1) slow.push({ start: last, end: now })
    last = now
  }
  // Collections are reported after the turn of the loop they happened in.
  return new Promise(resolve => setTimeout(resolve, 50)).then(() => {
    let raw = 0
    let net = 0
    for (const call of slow) {
      let collected = 0
      for (const pause of pauses) {
        collected += Math.max(0, Math.min(pause.end, call.end) - Math.max(pause.start, call.start))
      }
      raw = Math.max(raw, call.end - call.start)
      net = Math.max(net, call.end - call.start - collected)
    }
    const verdict = title === 'embedis' ? (net <= 15 ? '≤ 15: holds' : '≤ 15: does not hold') : ''
    return `| ${title} | ${raw.toFixed(1)} | ${net.toFixed(1)} | ${verdict} |`
  })
}

const store = new Store()
const rows = [await worst('embedis', key => store.set(key, 'x'))]
if (KEYS < 2 ** 24) {
  const map = new Map<string, string>()
  rows.push(await worst('Map', key => map.set(key, 'x')))
}
console.log(`\n## Growing to ${KEYS.toLocaleString('en')} keys: the longest call, milliseconds\n`)
console.log('| | with collections | without | claim |')
console.log('|---|---|---|---|')
for (const row of rows) console.log(row)
