/** What the log gets, sent to a live redis-server, leaves the same bytes there: strings of bits and HyperLogLogs. */

import { expect, it } from 'vitest'
import { ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { fromBytes } from '../../src/util/text.ts'
import { redisVersion, startRedis } from '../support/redis.ts'
import { serverSide } from '../support/side.ts'
import { Random, seed } from '../util/live.ts'
import { programOf } from './programs.ts'

it.skipIf(redisVersion() === undefined)('effects mean the same to redis-server', { timeout: 120_000 }, async () => {
  const server = await startRedis()
  if (server === undefined) return
  const judge = await serverSide(server)
  for (let run = 0; run < 4; run++) {
    const store = new Store()
    const log: string[][] = []
    keyspaceOf(store).databases.attach({
      append: (_db, argv) => void log.push(argv.map(arg => (arg instanceof Uint8Array ? fromBytes(arg) : String(arg)))),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    })
    const program = programOf(new Random(seed + run), ['bitmaps', 'hlls'])
    const later = ['DIFF', 'DIFF1', 'ANDOR', 'ONE'] as const
    for (let i = 0; i < 1500; i++) {
      const argv = i % 100 === 99 ? ['BITOP', later[((i / 100) % 4) | 0], 'b1', 'b2', 'b3', 'b4'] : program.next()
      try {
        store.call(argv)
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error
      }
    }
    await judge.fresh()
    expect((await judge.send(log)).filter(reply => reply.startsWith('-'))).toEqual([])
    for (const key of store.keys('*')) {
      if (store.type(key) !== 'string') continue
      const [reply] = await judge.send([['GET', key]])
      const own = Buffer.from(store.bytes.get(key) as Uint8Array).toString('latin1')
      expect(reply).toBe(JSON.stringify(own))
    }
    expect(await judge.send([['DBSIZE']])).toEqual([`:${store.dbsize()}`])
  }
  await judge.close()
  await server.stop()
})
