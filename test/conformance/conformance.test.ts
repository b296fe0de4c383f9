/**
 * The scripts of test/conformance/scripts on embedis and on a live redis-server, or, where there is none, against its
 * recordings. `EMBEDIS_JUDGE=recording` asks for the recordings although a server is there.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIFFERENCES } from '../support/differences.ts'
import { type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { endpointSide, serverSide } from '../support/side.ts'
import { FAMILIES } from './families.ts'
import { compareScript, readRecording, runScript } from './run.ts'

/** The differences were written for this one; another version is judged by the recordings. */
const JUDGE = '7.0.15'

let server: RedisServer | undefined
beforeAll(async () => {
  if (process.env['EMBEDIS_JUDGE'] !== 'recording' && redisVersion() === JUDGE) server = await startRedis()
})
afterAll(async () => {
  await server?.stop()
})

async function expected(family: string, resp: 2 | 3): Promise<string[]> {
  const lines = (FAMILIES[family] as () => ReturnType<(typeof FAMILIES)[string]>)()
  if (server === undefined) {
    const recording = readRecording(family, lines, resp)
    if (recording === undefined) throw new Error(`record again: npx tsx test/conformance/record.ts ${family}`)
    return recording
  }
  const live = await serverSide(server, resp, true)
  try {
    return await runScript(live, lines)
  } finally {
    await live.close()
  }
}

const explained = new Map<string, number>()
let ran = 0

describe.each(Object.keys(FAMILIES))('%s', family => {
  it.each([2, 3] as const)('answers as Redis does, RESP%i', { timeout: 120_000 }, async resp => {
    const lines = (FAMILIES[family] as () => ReturnType<(typeof FAMILIES)[string]>)()
    // Recordings do not tell a null from a null array.
    const side = await endpointSide(resp, server !== undefined)
    const got = await runScript(side, lines)
    await side.close()
    const comparison = compareScript(lines, await expected(family, resp), got)
    ran++
    for (const [name, times] of comparison.explained) explained.set(name, (explained.get(name) ?? 0) + times)
    const notes = [...comparison.explained].map(([name, times]) => `${name} ${times}`).join(', ')
    console.log(`${family} RESP${resp}: ${lines.length} lines compared${notes === '' ? '' : ` (${notes})`}`)
    expect(comparison.report).toBe('')
  })

  it('has a recording of this script', () => {
    const lines = (FAMILIES[family] as () => ReturnType<(typeof FAMILIES)[string]>)()
    expect(readRecording(family, lines, 2), `npx tsx test/conformance/record.ts ${family}`).toBeDefined()
  })
})

describe('the harness', () => {
  it('finds an injected difference', async () => {
    const lines = (FAMILIES['lists'] as () => ReturnType<(typeof FAMILIES)[string]>)()
    const recording = readRecording('lists', lines, 2) as string[]
    expect(compareScript(lines, recording, recording).different).toBe(0)
    const at = recording.findIndex(reply => reply === '["a" "b" "c"]')
    const comparison = compareScript(lines, recording, recording.with(at, '["a" "c" "b"]'))
    expect(comparison.different).toBe(1)
    expect(comparison.report).toContain('expected ["a" "b" "c"]')
  })

  it('needs every difference it lists', ({ skip }) => {
    if (ran < 2 * Object.keys(FAMILIES).length) skip()
    expect([...explained.keys()].sort()).toEqual(DIFFERENCES.map(difference => difference.name).sort())
  })
})
