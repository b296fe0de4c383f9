/** Several clients at once, compared with a live redis-server: `EMBEDIS_CASES=2000 npx vitest run test/session`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Store, VirtualHost } from '../../src/index.ts'
import { type Clients, serverClients, storeClients } from '../support/clients.ts'
import { redisVersion, type RedisServer, startRedis } from '../support/redis.ts'
import { cases, Random, seed } from '../util/live.ts'

type Step = readonly [client: number, argv: readonly string[]]

/** Two that only listen come after those that send. */
const SENDERS = 5
const CLIENTS = SENDERS + 2

const LISTS = ['l1', 'l2', 'l3']
const ZSETS = ['z1', 'z2']
const STREAMS = ['x1', 'x2']
/** Lists that clients wait for together: 7.0 serves the one that was fed, 7.2 the first one that has something by then. */
const TOGETHER = ['m1', 'm2']

/** A command that waits; most often nobody has what it wants. */
function waits(r: Random): string[] {
  const timeout = '0'
  const lists = r.next() < 0.5 ? [r.pick(LISTS)] : TOGETHER
  const end = (): string => r.pick(['LEFT', 'RIGHT'])
  switch (r.int(0, 10)) {
    case 8:
      return ['XREAD', 'BLOCK', timeout, 'STREAMS', r.pick(STREAMS), '$']
    case 9:
      return ['XREAD', 'COUNT', '1', 'BLOCK', timeout, 'STREAMS', ...STREAMS, '0', '1-5']
    case 10:
      return ['XREADGROUP', 'GROUP', 'g', r.pick(['ann', 'bob']), 'BLOCK', timeout, 'STREAMS', r.pick(STREAMS), '>']
    case 0:
      return ['BLPOP', ...lists, timeout]
    case 1:
      return ['BRPOP', ...lists, timeout]
    case 2:
      return ['BLMOVE', r.pick(LISTS), r.pick(LISTS), end(), end(), timeout]
    case 3:
      return ['BRPOPLPUSH', r.pick(LISTS), r.pick([...LISTS, 's']), timeout]
    case 4:
      return ['BLMPOP', timeout, String(lists.length), ...lists, end(), 'COUNT', String(r.int(1, 3))]
    case 5:
      return ['BZPOPMIN', r.pick(ZSETS), timeout]
    case 6:
      return ['BZPOPMAX', r.pick(ZSETS), timeout]
    default:
      return ['BZMPOP', timeout, '1', r.pick(ZSETS), r.pick(['MIN', 'MAX']), 'COUNT', '2']
  }
}

/** A write to one key: of several keys that one transaction feeds, 7.0 and 7.2 serve different ones. */
function writes(r: Random, list: string, zset: string): string[] {
  switch (r.int(0, 16)) {
    case 12:
    case 13:
      return ['XADD', r.pick(STREAMS), `${r.int(1, 9)}-*`, 'f', 'v']
    case 14:
      return ['XGROUP', 'CREATE', r.pick(STREAMS), 'g', r.pick(['0', '$']), 'MKSTREAM']
    case 15:
      return ['XGROUP', 'DESTROY', r.pick(STREAMS), 'g']
    case 16:
      return r.pick([
        ['XACK', r.pick(STREAMS), 'g', '1-0', '2-0'],
        ['XDEL', r.pick(STREAMS), '1-0', '2-1'],
        ['XPENDING', r.pick(STREAMS), 'g'],
        ['DEL', r.pick(STREAMS)],
      ])
    case 0:
      return ['RPUSH', list, String(r.int(0, 9)), String(r.int(0, 9))]
    case 1:
      return ['LPUSH', list, String(r.int(0, 9))]
    case 2:
      return ['RPUSH', list, 'a', 'b', 'c']
    case 3:
    case 4:
      return ['ZADD', zset, String(r.int(0, 9)), r.pick(['a', 'b', 'c'])]
    case 5:
      return ['LPOP', list]
    case 6:
      return ['DEL', r.pick([list, zset])]
    case 7:
      return ['SET', r.pick(['l3', 's']), 'text']
    case 8:
      return ['RENAME', r.pick(['l1', 'l2']), r.pick(['l1', 'l2'])]
    case 9:
      return ['ZPOPMIN', zset]
    case 10:
      return ['LLEN', list]
    default:
      return ['RPUSH', 's', 'x']
  }
}

function* program(r: Random, busy: (client: number) => boolean): Generator<Step[], void, undefined> {
  const watching = new Set<number>()
  for (let i = 0; i < 40; i++) {
    const free = Array.from({ length: SENDERS }, (_, client) => client).filter(client => !busy(client))
    if (free.length === 0) return
    const client = r.pick(free)
    const chance = r.next()
    if (chance < 0.3 && free.length > 1) {
      // A client that waits still watches what it watched.
      yield [[client, waits(r)]]
    } else if (chance < 0.7) {
      yield [[client, writes(r, r.pick([...LISTS, ...TOGETHER]), r.pick(ZSETS))]]
    } else if (chance < 0.8) {
      const list = r.pick([...LISTS, ...TOGETHER])
      const body = Array.from({ length: r.int(0, 3) }, () => (r.next() < 0.9 ? ['RPUSH', list, 'm'] : waits(r)))
      yield [
        [client, ['MULTI']],
        ...body.map((argv): Step => [client, argv]),
        ...(r.next() < 0.2 ? [[client, r.pick([['NOSUCH'], ['GET'], ['MULTI'], ['WATCH', 'x']])] as Step] : []),
        [client, [r.next() < 0.85 ? 'EXEC' : 'DISCARD']],
      ]
      watching.delete(client)
    } else if (chance < 0.88) {
      watching.add(client)
      yield [[client, ['WATCH', r.pick([...LISTS, ...ZSETS, 's'])]]]
    } else if (chance < 0.9) yield [[client, [r.pick(['UNWATCH', 'FLUSHALL', 'EXEC', 'DISCARD', 'PING'])]]]
    else if (chance < 0.96) yield [[client, ['PUBLISH', r.pick(['news', 'sport']), String(i)]]]
    else {
      const listener = r.int(SENDERS, CLIENTS - 1)
      yield [
        [
          listener,
          r.pick([
            ['SUBSCRIBE', 'news', 'sport'],
            ['UNSUBSCRIBE', 'news'],
            ['PSUBSCRIBE', 'n*'],
            ['PUNSUBSCRIBE'],
            ['SSUBSCRIBE', 'shard'],
            ['SUNSUBSCRIBE'],
            ['UNSUBSCRIBE', 'sport', 'news'],
            ['PING', 'there'],
            ['GET', 's'],
            ['CLIENT', 'GETNAME'],
            ['XINFO', 'GROUPS', 'none'],
          ]),
        ],
      ]
    }
  }
}

/** What 7.0 says to a client whose group has gone in words of its own, 7.2 says as to any other. */
const worded = (replies: readonly string[]): string[] =>
  replies.map(reply => (/^-(NOGROUP|UNBLOCKED) /.test(reply) ? '-NOGROUP' : reply))

async function play(sides: readonly Clients[], r: Random): Promise<string | undefined> {
  for (const side of sides) await side.fresh()
  const left = new Array<number>(CLIENTS).fill(0)
  const history: string[] = []
  for (const steps of program(r, client => (left[client] as number) > 0)) {
    for (const [client, argv] of steps) {
      history.push(`${client}: ${argv.join(' ')}`)
      for (const side of sides) await side.act(client, argv)
      const [expected, got] = sides.map(side => side.take().map(worded)) as [string[][], string[][]]
      left[client] = (left[client] as number) + 1
      for (const [i, replies] of expected.entries()) left[i] = (left[i] as number) - replies.length
      if (JSON.stringify(expected) !== JSON.stringify(got)) {
        return `${history.join('\n')}\nexpected ${JSON.stringify(expected)}\ngot      ${JSON.stringify(got)}`
      }
    }
  }
  return undefined
}

describe.skipIf(redisVersion() === undefined)('several clients at once', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = (await startRedis()) as RedisServer
  })
  afterAll(async () => {
    await server?.stop()
  })

  for (const resp of [2, 3] as const) {
    it(`get what those of a redis-server get, RESP${resp}`, { timeout: 600_000 }, async () => {
      const sides = [await serverClients(server, CLIENTS, resp), storeClients(CLIENTS, resp)]
      const count = cases(40)
      try {
        for (let i = 0; i < count; i++) {
          const failure = await play(sides, new Random(seed + i))
          if (failure !== undefined) expect.fail(`seed ${seed + i}\n${failure}`)
        }
      } finally {
        for (const side of sides) await side.close()
      }
    })
  }
})

describe('keys past their time', () => {
  it('are changes to whoever watches them, though nobody has looked since, and none to SWAPDB', async () => {
    const host = new VirtualHost({ now: 1000 })
    const store = new Store({ host })
    const [session, other] = [store.session(), store.session()]
    await other.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0')
    store.set('a', 1, { px: 100 })
    await session.call('WATCH', 'a')
    host.advance(101)
    await session.call('MULTI')
    await session.call('INCR', 'a')
    expect(await session.call('EXEC')).toBe(null)

    store.set('b', 1, { px: 100 })
    host.advance(101)
    await session.call('SELECT', '1')
    await session.call('WATCH', 'b')
    await other.call('SWAPDB', '0', '1')
    await session.call('MULTI')
    await session.call('PING')
    expect(await session.call('EXEC')).toEqual(['PONG'])
    await store.close()
  })
})
