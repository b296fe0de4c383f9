/** Keyspace notifications of the scripts, compared with those of a live redis-server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { lua } from '../../src/lua.ts'
import { parseNotify } from '../../src/notifications.ts'
import { clientsOf } from '../../src/session/clients.ts'
import { noPort, type Port, Session } from '../../src/session/session.ts'
import { redisVersion, type RedisServer, startRedis } from '../support/redis.ts'
import { TextWriter } from '../support/reply-text.ts'
import { sessionReplies } from '../support/side.ts'
import { ruleOf } from '../support/unordered.ts'
import { FAMILIES } from './families.ts'
import type { Line } from './script.ts'

const FLAGS = 'KEAnm'
/** The order in which SORT looks up the keys of a set is open; BITCOUNT looks at its key later from 7.2 on; commands on
 * streams look where they may write, which counts no miss. */
const flagsOf = (family: string): string => (/^(sorts|bitmaps|streams)$/.test(family) ? 'KEAn' : FLAGS)

/** Segments that begin with an empty server. */
function segments(lines: readonly Line[]): (readonly string[])[][] {
  const all: (readonly string[])[][] = []
  for (const line of lines) {
    if (line.fresh || all.length === 0) all.push([])
    all.at(-1)?.push(line.argv)
  }
  return all
}

/** What chance or time decides is left out, and the one call that 7.0 takes and 7.4 refuses (differences.ts). */
const settled = (argv: readonly string[]): boolean =>
  ruleOf(argv) !== 'random' &&
  !/^(@wait|flushall|flushdb|select)$/i.test(argv[0] as string) &&
  !(/^lrem$/i.test(argv[0] as string) && argv[2] === '-9223372036854775808')

/** From 7.2 on a consumer is made also when there is nothing for it yet. */
const agreed = (text: string): boolean => !text.includes('xgroup-createconsumer')

async function ours(program: readonly (readonly string[])[], notify: string): Promise<string[]> {
  const store = new Store({ notify, scripting: lua() })
  const { databases } = keyspaceOf(store)
  const seen: string[] = []
  const push: Port['push'] = write => {
    const writer = new TextWriter(2)
    write(writer)
    seen.push(...writer.replies)
  }
  const listener = new Session(clientsOf(databases), { ...noPort, push })
  await listener.execute(['PSUBSCRIBE', '__key*'], new TextWriter(2))
  const client = new Session(clientsOf(databases))
  for (const argv of program) await sessionReplies(client, argv)
  await store.close()
  return seen
}

describe.skipIf(redisVersion() === undefined)('keyspace notifications', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = (await startRedis()) as RedisServer
  })
  afterAll(async () => {
    await server?.stop()
  })

  it('has letters that mean something', () => {
    expect(parseNotify('Kx')?.classes.has('expired')).toBe(true)
    expect(parseNotify('K?')).toBeUndefined()
    expect(() => new Store({ notify: '?' })).toThrow(TypeError)
  })

  for (const [family, script] of Object.entries(FAMILIES)) {
    // Keys that expire while they are looked at, commands of the connection, and payloads that 7.0 does not know.
    if (/^(scans|transactions|channels|introspection)$/.test(family)) continue
    it(`are those of Redis: ${family}`, { timeout: 120_000 }, async () => {
      const client = await server.connect()
      const listener = await server.connect()
      await client.one('CONFIG', 'SET', 'notify-keyspace-events', flagsOf(family))
      listener.post([['PSUBSCRIBE', '__key*']])
      let compared = 0
      const wrong: string[] = []
      for (const program of segments(script())) {
        const sent = program.filter(settled)
        await client.send([['SELECT', '0'], ['FLUSHALL']])
        await client.one('PUBLISH', '__key', 'begin')
        listener.pushes.length = 0
        await client.send(sent)
        await client.one('PUBLISH', '__keyend', 'end')
        for (let i = 0; i < 200 && !listener.pushes.some(text => text.includes('__keyend')); i++) {
          await new Promise(resolve => setTimeout(resolve, 1))
        }
        const expected = listener.pushes.filter(
          text => text.startsWith('["pmessage"') && !/"__key"|__keyend/.test(text) && agreed(text),
        )
        const got = (await ours(sent, flagsOf(family))).filter(agreed)
        compared += expected.length
        if (JSON.stringify(got) !== JSON.stringify(expected) && wrong.length < 8) {
          const first = expected.findIndex((text, i) => text !== got[i])
          const at = first < 0 ? expected.length : first
          wrong.push(
            `${sent
              .map(argv => argv.join(' ').slice(0, 80))
              .slice(0, 12)
              .join(' | ')}\n  expected ${expected.slice(at, at + 4)}\n  got      ${got.slice(at, at + 4)}`,
          )
        }
      }
      client.close()
      listener.close()
      expect(wrong.join('\n')).toBe('')
      expect(compared).toBeGreaterThan(0)
    })
  }
})
