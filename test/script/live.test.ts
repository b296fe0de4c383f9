/** Scripts and functions beside a live redis-server: the same replies and errors, in both protocols. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisVersion, startRedis, type RedisServer } from '../support/redis.ts'
import { agrees, type Argv, embedisSide, type Side, serverSide } from '../support/side.ts'
import { functionCommands, scriptCommands, snippets } from './programs.ts'

/** Doubles are answered as Redis 7.2 and later do: with the shortest digits, and without a sign of what is no number. */
const same = (argv: Argv, expected: string, got: string): boolean =>
  agrees(argv, expected, got) !== false || (/\{double=/.test(argv[1]) && numberOf(expected) === numberOf(got))

const numberOf = (text: string): string => String(Number(text.replace(/["',]/g, '').replace(/inf/, 'Infinity')))

describe.runIf(redisVersion() !== undefined)('beside redis-server', () => {
  for (const resp of [2, 3] as const) {
    describe(`in RESP${resp}`, () => {
      let server: RedisServer
      let live: Side
      const own = embedisSide(resp)
      beforeAll(async () => {
        server = (await startRedis()) as RedisServer
        live = await serverSide(server, resp, true)
      })
      afterAll(async () => {
        await live.close()
        await own.close()
        await server.stop()
      })

      const compare = async (program: readonly Argv[]): Promise<void> => {
        for (const side of [own, live]) await side.fresh()
        await live.send([
          ['SCRIPT', 'FLUSH'],
          ['FUNCTION', 'FLUSH'],
        ])
        const wrong: unknown[] = []
        for (const argv of program) {
          const [expected] = await live.send([argv])
          const [got] = await own.send([argv])
          if (!same(argv, expected, got)) wrong.push({ argv, expected, got })
        }
        expect(wrong).toEqual([])
      }

      it('scripts answer the same', () => compare(snippets.map(text => ['EVAL', text, '0'])))
      it('commands about scripts do', () => compare(scriptCommands))
      it('commands about functions do', () => compare(functionCommands))
    })
  }
})
