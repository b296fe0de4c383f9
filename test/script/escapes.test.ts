/**
 * Attempts to get out of a script, to stay after its end, or to take all time or memory. Each must give an error or a harmless
 * value within limits, and leave the store usable and the next script with the globals that it should have.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lua } from '../../src/lua.ts'
import { Store } from '../../src/index.ts'
import { liveServer } from '../support/live.ts'
import { redisVersion } from '../support/redis.ts'
import { keyspaceOf } from '../../src/install.ts'
import { clientsOf } from '../../src/session/clients.ts'
import { Session } from '../../src/session/session.ts'
import { sessionReplies } from '../support/side.ts'
import { ANSWERED, ENDED } from './escapes.ts'

describe.skipIf(redisVersion() !== '7.0.15')('attempts that redis-server answers', () => {
  const live = liveServer()
  it.each(Object.entries(ANSWERED))('%s', async (_, script) => {
    const store = new Store({ scripting: lua({ instructions: 5e6, memory: 64 * 2 ** 20 }) })
    const session = new Session(clientsOf(keyspaceOf(store).databases))
    const argv = ['EVAL', script, '0']
    const [got] = await sessionReplies(session, argv)
    expect(got).toBe(await live.client.one(...argv))
    await store.close()
  })
})

describe('attempts end, and leave the store usable', () => {
  let store: Store
  let session: Session
  beforeEach(() => {
    store = new Store({ scripting: lua({ instructions: 5e6, memory: 64 * 2 ** 20 }) })
    session = new Session(clientsOf(keyspaceOf(store).databases))
  })
  afterEach(async () => {
    await store.close()
  })

  const run = async (script: string): Promise<string> => (await sessionReplies(session, ['EVAL', script, '0'])).join()

  const names =
    "local t = {} for k in pairs(_G) do t[#t + 1] = k end for _, l in ipairs({'string', 'table', 'redis', 'cjson'}) do for k in pairs(_G[l]) do t[#t + 1] = l .. '.' .. k end end table.sort(t) return table.concat(t, ' ')"

  it.each([...Object.entries(ENDED), ...Object.entries(ANSWERED)])('%s', { timeout: 20_000 }, async (_, script) => {
    const before = await run(names)
    const started = performance.now()
    const reply = await run(script)
    const took = performance.now() - started
    // With a hundredth of the instructions that there are by default, about 50 ms on a machine that does nothing else.
    expect(took).toBeLessThan(4000)
    // Nothing of JavaScript is told.
    expect(reply.length).toBeLessThan(2 ** 25)
    expect(reply).not.toMatch(/RangeError|TypeError|Maximum call stack|\bat \w+ \(|undefined|\[object|node:/)
    expect(await run(names)).toBe(before)
    expect(await run("redis.call('SET', 'still', 'here') return ('x'):upper() .. redis.call('GET', 'still')")).toBe(
      '"Xhere"',
    )
    expect(({} as Record<string, unknown>)['polluted'] ?? ({} as Record<string, unknown>)['pwned']).toBeUndefined()
  })

  it('there are as many as were promised', () => {
    expect(Object.keys({ ...ANSWERED, ...ENDED }).length).toBeGreaterThan(150)
  })
})
