/**
 * Random programs for as long as wanted:
 * `npx tsx test/fuzz/run.ts --count 1000000 --seed 7 --families zsets,sets --resp 3 --failures 5`.
 */

import { parseArgs } from 'node:util'
import { startRedis } from '../support/redis.ts'
import { embedisSide, serverSide } from '../support/side.ts'
import { fuzz } from './machine.ts'
import { COMMANDS } from './programs.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    families: { type: 'string', default: Object.keys(COMMANDS).join(',') },
    resp: { type: 'string', default: '2' },
    failures: { type: 'string', default: '1' },
    episode: { type: 'string', default: '1500' },
  },
})
const resp = values.resp === '3' ? 3 : 2
const server = await startRedis()
if (server === undefined) process.exit(1)
const count = Number(values.count)
const started = Date.now()
const result = await fuzz({
  judge: await serverSide(server, resp),
  subject: embedisSide(resp),
  seed: Number(values.seed),
  count,
  families: values.families.split(','),
  episode: Number(values.episode),
  failures: Number(values.failures),
  progress: (done, failures) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} commands, ${failures} failures `)
  },
})
await server.stop()
for (const failure of result.failures) console.log(`\n${failure.report}`)
const notes = [...result.explained].map(([name, times]) => `${name} ${times}`).join(', ')
console.log(
  `\n${result.commands} commands, ${result.states} states compared in ${((Date.now() - started) / 1000).toFixed(1)} s, ` +
    `${result.failures.length} failures${notes === '' ? '' : ` (known differences: ${notes})`}`,
)
// Not process.exit, which cuts off what a pipe has not taken yet.
process.exitCode = result.failures.length === 0 ? 0 : 1
