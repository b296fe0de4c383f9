/**
 * Every snippet of test/script/corpus by EVAL on embedis and on a live redis-server, or, where there is none, against
 * its recordings (`npm run record-lua`). `EMBEDIS_JUDGE=recording` asks for the recordings although a server is
 * there, `EMBEDIS_SHOW=1` prints all that differs.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { AREAS, readArea, readRecording, type Snippet } from './corpus.ts'
import { explainReply, SCRIPT_DIFFERENCES } from './differences.ts'
import { endpointSide } from '../support/side.ts'
import { runSnippets } from './run.ts'

/** The differences were written for this one; another version is judged by the recordings. */
const JUDGE = '7.0.15'

let server: RedisServer | undefined
beforeAll(async () => {
  if (process.env['EMBEDIS_JUDGE'] !== 'recording' && redisVersion() === JUDGE) server = await startRedis()
})
afterAll(async () => {
  await server?.stop()
})

async function expected(area: string, snippets: readonly Snippet[], resp: 2 | 3): Promise<string[]> {
  if (server === undefined) {
    const recording = readRecording(area, snippets, resp)
    if (recording === undefined) throw new Error(`record again: npm run record-lua -- ${area}`)
    return recording
  }
  const client = await server.connect(resp)
  const replies = await runSnippets(client, snippets)
  client.close()
  return replies
}

const SHOWN = process.env['EMBEDIS_SHOW'] === undefined ? 20 : Infinity
const explained = new Set<string>()
let ran = 0

describe.each(AREAS)('%s', area => {
  const snippets = readArea(area)

  it.each([2, 3] as const)('answers as Redis does, RESP%i', { timeout: 120_000 }, async resp => {
    const side = await endpointSide(resp)
    const got = await runSnippets(side, snippets)
    await side.close()
    const wanted = await expected(area, snippets, resp)
    const reports: string[] = []
    for (const [i, { title, script }] of snippets.entries()) {
      const [want, have] = [wanted[i] as string, got[i] as string]
      if (want === have) continue
      const difference = explainReply(title, want, have)
      if (difference === undefined) reports.push(`${title}\n${script}\n  expected ${want}\n  got      ${have}`)
      else explained.add(difference.name)
    }
    ran++
    console.log(`${area} RESP${resp}: ${snippets.length} snippets compared`)
    const shown = reports.slice(0, SHOWN).join('\n\n')
    expect(reports.length === 0 ? '' : `${reports.length} of ${snippets.length} snippets differ\n\n${shown}`).toBe('')
  })

  it('has a recording of its snippets', () => {
    expect(readRecording(area, snippets, 2), `npm run record-lua -- ${area}`).toBeDefined()
  })
})

describe('the corpus', () => {
  it('is as large as was promised, each snippet under a title of its own', () => {
    const all = AREAS.flatMap(readArea)
    expect(all.length).toBeGreaterThan(1200)
    const titles = all.map(({ area, title }) => `${area}: ${title}`)
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([])
  })

  it('needs every difference it lists', ({ skip }) => {
    if (ran < 2 * AREAS.length) skip()
    expect([...explained].sort()).toEqual(SCRIPT_DIFFERENCES.map(difference => difference.name).sort())
  })
})
