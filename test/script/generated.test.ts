/**
 * A bounded, seeded run of random programs of Lua; `EMBEDIS_SEED` and `EMBEDIS_CASES` change it, `npm run lua-programs` is for
 * long ones.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { embedisSide, serverSide, type Side } from '../support/side.ts'
import { cases, seed } from '../util/live.ts'
import { comparePrograms } from './compare-programs.ts'

describe.skipIf(redisVersion() !== '7.0.15')('random programs of Lua', () => {
  let first: RedisServer | undefined
  let second: RedisServer | undefined
  beforeAll(async () => {
    first = await startRedis()
    second = await startRedis()
  })
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()])
  })

  it('answer the same on embedis and redis-server', { timeout: 300_000 }, async () => {
    const judge = await serverSide(first as RedisServer)
    const subject = embedisSide()
    const result = await comparePrograms({ judge, subject, seed, count: cases(4000), failures: 5 })
    await Promise.all([judge.close(), subject.close()])
    console.log(`seed ${seed}: ${result.probes} probes compared, ${result.errors} of them errors`)
    expect(result.failures.map(failure => failure.report).join('\n')).toBe('')
  })

  it('answer the same on two real servers', { timeout: 120_000 }, async () => {
    const sides = [await serverSide(first as RedisServer), await serverSide(second as RedisServer)] as const
    const result = await comparePrograms({ judge: sides[0], subject: sides[1], seed, count: 3000 })
    await Promise.all(sides.map(side => side.close()))
    expect(result.failures.map(failure => failure.report).join('\n')).toBe('')
    // Neither only errors nor none.
    expect(result.errors / result.probes).toBeGreaterThan(0.1)
    expect(result.errors / result.probes).toBeLessThan(0.6)
  })

  it('find an injected difference, and make it small', { timeout: 120_000 }, async () => {
    const judge = await serverSide(first as RedisServer)
    const real = await serverSide(second as RedisServer)
    // A server whose floor is a ceiling.
    const wrong: Side = {
      ...real,
      send: argvs => real.send(argvs.map(argv => argv.map(word => word.replaceAll('math.floor', 'math.ceil')))),
    }
    const result = await comparePrograms({ judge, subject: wrong, seed, count: 20_000 })
    await Promise.all([judge.close(), real.close()])
    expect(result.failures).toHaveLength(1)
    expect(result.failures[0]?.report).toContain('math.floor')
    expect(result.failures[0]?.report.split('\n').length).toBeLessThan(12)
  })
})
