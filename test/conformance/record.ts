/**
 * Records what a live redis-server answers to the scripts: `tsx test/conformance/record.ts [family …]`.
 * Run it again whenever a script changes; the comparison refuses a recording of another script.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { startRedis } from '../support/redis.ts'
import { serverSide } from '../support/side.ts'
import { near } from '../support/unordered.ts'
import { FAMILIES } from './families.ts'
import { type Recorded, recordingPath, runScript } from './run.ts'

const server = await startRedis()
if (server === undefined) process.exit(1)
const asked = process.argv.slice(2)
for (const [family, script] of Object.entries(FAMILIES)) {
  if (asked.length > 0 && !asked.includes(family)) continue
  const lines = script()
  const replies: string[][] = []
  for (const resp of [2, 3] as const) {
    const side = await serverSide(server, resp)
    replies.push(await runScript(side, lines))
    await side.close()
  }
  const [resp2, resp3] = replies as [string[], string[]]
  const recorded = lines.map((line, i): Recorded => {
    const first = [line.fresh ? 'fresh' : '', family, line.argv, resp2[i] as string] as const
    const same = resp2[i] === resp3[i] || near(resp2[i] as string, resp3[i] as string)
    return same ? first : [...first, resp3[i] as string]
  })
  const path = recordingPath(family)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, recorded.map(line => `${JSON.stringify(line)}\n`).join(''))
  console.log(
    `${family}: ${lines.length} lines, ${replies[0]?.filter(reply => reply.startsWith('-')).length} of them errors`,
  )
}
await server.stop()
