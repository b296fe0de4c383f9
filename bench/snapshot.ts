/** Saving and loading a snapshot of 1 M strings, beside redis-server: CPU time of each process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { directory } from '../src/fs.ts'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { spread } from './suite.ts'

const KEYS = 1_000_000
const ROUNDS = 5
const own: Record<string, number[]> = { save: [], load: [] }
const theirs: Record<string, number[]> = { save: [], load: [] }

/** Seconds of CPU that a process has used, in the kernel and out of it, of all its threads. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function cpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function timed<T>(list: number[], now: () => number, work: () => Promise<T>): Promise<T> {
  const start = now()
  const result = await work()
  list.push(now() - start)
  return result
}

for (let round = 0; round < ROUNDS; round++) {
  const place = mkdtempSync(path.join(tmpdir(), 'embedis-bench-'))
  const store = await Store.open({ persistence: directory(place, { fsync: 'no', rewritePercentage: 0 }) })
  for (let i = 0; i < KEYS; i++) store.set(`user:${i}`, `value:${String(i).padStart(14, '0')}`)
  await store.flush()
  globalThis.gc?.()
  await timed(own.save, cpu, () => store.save())
  await store.close()

  rmSync(place, { recursive: true, force: true })

  const based = mkdtempSync(path.join(tmpdir(), 'embedis-bench-'))
  const files = directory(based, { fsync: 'no', rewritePercentage: 0 })
  const source = await Store.open({ persistence: files })
  for (let i = 0; i < KEYS; i++) source.set(`user:${i}`, `value:${String(i).padStart(14, '0')}`)
  await source.rewrite()
  await source.close()
  globalThis.gc?.()
  const loaded = await timed(own.load, cpu, () => Store.open({ persistence: files }))
  if (loaded.dbsize() !== KEYS || loaded.recovery?.keys !== KEYS) throw new Error('not all keys came back')
  await loaded.close()
  rmSync(based, { recursive: true, force: true })

  const server = await startRedis(['--enable-debug-command', 'yes'])
  if (server === undefined) continue
  const { client, pid } = server
  for (let i = 0; i < KEYS; i += 1000) {
    const pipeline = client.pipeline()
    for (let j = i; j < i + 1000; j++) pipeline.set(`user:${j}`, `value:${String(j).padStart(14, '0')}`)
    await pipeline.exec()
  }
  await timed(
    theirs.save,
    () => cpuOf(pid),
    () => client.save(),
  )
  await timed(
    theirs.load,
    () => cpuOf(pid),
    async () => client.call('DEBUG', 'RELOAD', 'NOSAVE'),
  )
  await server.close()
}

console.log(`\n## Snapshot of ${KEYS.toLocaleString('en')} strings of 20 bytes, seconds of CPU\n`)
console.log('| | embedis | redis-server | embedis / redis-server, quartiles | claim |')
console.log('|---|---|---|---|---|')
for (const what of ['save', 'load'] as const) {
  const mine = spread(own[what])
  if (theirs[what].length === 0) {
    console.log(`| ${what} | ${mine.median.toFixed(3)} | not installed | | |`)
    continue
  }
  const ratio = spread(own[what].map((seconds, i) => seconds / theirs[what][i]))
  const verdict = ratio.upper <= 1 ? 'holds' : 'does not hold'
  console.log(
    `| ${what} | ${mine.median.toFixed(3)} | ${spread(theirs[what]).median.toFixed(3)} | ${ratio.median.toFixed(2)} (${ratio.lower.toFixed(2)} – ${ratio.upper.toFixed(2)}) | ≤ 1: ${verdict} |`,
  )
}
