/**
 * A bounded, seeded run of the random machine; `EMBEDIS_SEED` and `EMBEDIS_CASES` change it, test/fuzz/run.ts is for
 * long ones.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, redisVersion, startRedis } from '../support/redis.ts'
import { embedisSide, serverSide, type Side } from '../support/side.ts'
import { cases, seed } from '../util/live.ts'
import { fuzz } from './machine.ts'

describe.skipIf(redisVersion() !== '7.0.15')('random programs', () => {
  let first: RedisServer | undefined
  let second: RedisServer | undefined
  beforeAll(async () => {
    first = await startRedis()
    second = await startRedis()
  })
  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()])
  })

  it.each([2, 3] as const)('embedis and redis-server agree, RESP%i', { timeout: 300_000 }, async resp => {
    const judge = await serverSide(first as RedisServer, resp)
    const subject = embedisSide(resp)
    const result = await fuzz({ judge, subject, seed: seed + resp, count: cases(20_000) / 2 })
    await Promise.all([judge.close(), subject.close()])
    console.log(`RESP${resp}: seed ${seed + resp}, ${result.commands} commands, ${result.states} states compared`)
    expect(result.failures.map(failure => failure.report).join('\n')).toBe('')
  })

  it('finds nothing between two real servers', { timeout: 120_000 }, async () => {
    const sides = [await serverSide(first as RedisServer), await serverSide(second as RedisServer)] as const
    const result = await fuzz({ judge: sides[0], subject: sides[1], seed, count: 3000 })
    await Promise.all(sides.map(side => side.close()))
    expect(result.failures.map(failure => failure.report).join('\n')).toBe('')
  })

  it('finds an injected difference and makes it small', { timeout: 120_000 }, async () => {
    const judge = await serverSide(first as RedisServer)
    const real = await serverSide(second as RedisServer)
    // A server that forgets the last element of RPUSH when it is given three or more.
    const wrong: Side = {
      ...real,
      name: 'wrong',
      send: argvs => real.send(argvs.map(argv => (argv[0] === 'RPUSH' && argv.length > 4 ? argv.slice(0, -1) : argv))),
    }
    const result = await fuzz({ judge, subject: wrong, seed, count: 3000, families: ['lists'] })
    await Promise.all([judge.close(), real.close()])
    expect(result.failures).toHaveLength(1)
    expect(result.failures[0]?.program.length).toBeLessThanOrEqual(2)
    expect(result.failures[0]?.report).toContain('RPUSH')
  })
})
