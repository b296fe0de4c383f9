/**
 * Records what a live redis-server answers to the snippets: `tsx test/script/record.ts [area …]`. Run it again whenever
 * a snippet changes. `--show` prints each reply.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { startRedis } from '../support/redis.ts'
import { AREAS, readArea, recordingPath, recordLine } from './corpus.ts'
import { runSnippets } from './run.ts'

const server = await startRedis()
if (server === undefined) process.exit(1)
const words = process.argv.slice(2)
const asked = words.filter(word => !word.startsWith('--'))
let total = 0
for (const area of AREAS) {
  if (asked.length > 0 && !asked.includes(area)) continue
  const snippets = readArea(area)
  total += snippets.length
  const replies: string[][] = []
  for (const resp of [2, 3] as const) {
    const client = await server.connect(resp)
    replies.push(await runSnippets(client, snippets))
    client.close()
  }
  const [resp2, resp3] = replies as [string[], string[]]
  mkdirSync(dirname(recordingPath(area)), { recursive: true })
  writeFileSync(
    recordingPath(area),
    snippets.map((snippet, i) => `${recordLine(snippet, resp2[i] as string, resp3[i] as string)}\n`).join(''),
  )
  if (words.includes('--show')) {
    for (const [i, { title }] of snippets.entries()) {
      console.log(`${title}\n    ${resp2[i]}${resp3[i] === resp2[i] ? '' : `\n  3 ${resp3[i]}`}`)
    }
  }
  console.log(
    `${area}: ${snippets.length} snippets, ${resp2.filter(reply => reply.startsWith('-')).length} of them errors`,
  )
}
console.log(`${total} snippets`)
await server.stop()
