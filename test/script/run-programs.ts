/**
 * Random programs for as long as wanted, on embedis and a live redis-server:
 * `npm run lua-programs -- --count 100000 --seed 7 --failures 5`.
 */

import { parseArgs } from 'node:util'
import { startRedis } from '../support/redis.ts'
import { embedisSide, serverSide } from '../support/side.ts'
import { comparePrograms } from './compare-programs.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    failures: { type: 'string', default: '1' },
  },
})
const server = await startRedis()
if (server === undefined) process.exit(1)
const started = Date.now()
const result = await comparePrograms({
  judge: await serverSide(server),
  subject: embedisSide(),
  seed: Number(values.seed),
  count: Number(values.count),
  failures: Number(values.failures),
  progress: (done, failures) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${values.count} probes, ${failures} failures `)
  },
})
await server.stop()
for (const { report } of result.failures) console.log(`\n${report}`)
console.log(
  `\nseed ${values.seed}: ${result.probes} probes compared in ${((Date.now() - started) / 1000).toFixed(1)} s, ` +
    `${result.errors} of them errors, ${result.failures.length} failures`,
)
// Not process.exit, which cuts off what a pipe has not taken yet.
process.exitCode = result.failures.length === 0 ? 0 : 1
