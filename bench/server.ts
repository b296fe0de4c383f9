/**
 * `embedis serve` beside redis-server, by redis-benchmark: 50 clients, one command at a time and 16 at a time, 100,000
 * keys. Both run all the while; which of them is asked first turns from round to round. redis-benchmark takes a core of its own, so
 * on two cores both servers have about one.
 */
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { startRedis } from '../test/support/redis.ts'
import { spread } from './suite.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
/** What is asked: at least so many times what redis-server does. */
const CLAIM = 0.5
const TESTS = 'set,get,incr,lpush,lpop,sadd,hset,zadd,zpopmin,lrange_100,mset'
const run = promisify(execFile)

const cli = path.resolve(import.meta.dirname, '../dist/cli.js')
if (!existsSync(cli)) {
  console.log('bench server: npm run build first')
  process.exit(0)
}
const redis = await startRedis({ tcp: true })
if (redis === undefined) process.exit(0)

const child = spawn(process.execPath, [cli, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
process.once('exit', () => child.kill('SIGKILL'))
const port = await new Promise<number>((resolve, reject) => {
  let out = ''
  child.stdout.on('data', data => {
    out += String(data)
    const ready = /:(\d+), /.exec(out)
    if (ready !== null) resolve(Number(ready[1]))
  })
  child.once('exit', code => reject(new Error(`embedis serve ended with ${code}`)))
})

/** Requests per second of each test. */
async function measure(at: number, pipeline: number): Promise<Map<string, number>> {
  const requests = pipeline === 1 ? 100_000 : 400_000
  await run('redis-cli', ['-p', String(at), 'FLUSHALL'])
  const args = `-p ${at} -c 50 -P ${pipeline} -r 100000 -n ${requests} -t ${TESTS} --csv`.split(' ')
  const { stdout } = await run('redis-benchmark', args)
  const rates = new Map<string, number>()
  for (const line of stdout.split('\n')) {
    const [, test, rate] = /^"([^"]+)","([\d.]+)"/.exec(line) ?? []
    if (test !== undefined && !test.includes('needed')) rates.set(test.replace(/ \(.*/, ''), Number(rate))
  }
  return rates
}

const sides = [port, redis.port] as const
let missed = 0
for (const pipeline of [1, 16]) {
  const ratios = new Map<string, number[]>()
  const own = new Map<string, number[]>()
  // The first round warms both and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const found: Record<number, Map<string, number>> = {}
    for (const at of round % 2 === 0 ? sides : [...sides].reverse()) found[at] = await measure(at, pipeline)
    if (round === 0) continue
    const [ours, theirs] = sides.map(at => found[at] as Map<string, number>) as [
      Map<string, number>,
      Map<string, number>,
    ]
    for (const [test, rate] of ours) {
      ratios.set(test, [...(ratios.get(test) ?? []), rate / (theirs.get(test) as number)])
      own.set(test, [...(own.get(test) ?? []), rate])
    }
  }
  console.log(`\n## embedis serve, -c 50 -P ${pipeline}, ${ROUNDS} rounds\n`)
  console.log('| command | embedis, thousand/s | ratio to redis-server, median | quartiles | claim |')
  console.log('|---|---|---|---|---|')
  for (const [test, all] of ratios) {
    const { median, lower, upper } = spread(all)
    if (lower < CLAIM) missed++
    const rate = (spread(own.get(test) as number[]).median / 1000).toFixed(0)
    const verdict = `≥ ${CLAIM}: ${lower >= CLAIM ? 'holds' : 'does not hold'}`
    console.log(`| ${test} | ${rate} | ${median.toFixed(2)} | ${lower.toFixed(2)} – ${upper.toFixed(2)} | ${verdict} |`)
  }
}
console.log(`\n${missed === 0 ? 'all claims hold' : `${missed} claims do not hold`}`)
child.removeAllListeners('exit')
child.kill('SIGTERM')
await redis.stop()
process.exit(0)
