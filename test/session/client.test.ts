/** CLIENT: what clients say of themselves, do to each other, and are told of changes, compared with a live redis-server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, type RedisClient, redisVersion, type RedisServer, startRedis } from '../support/redis.ts'

type Step = readonly [client: number, line: string]

const words = (line: string): string[] => line.split(' ').map(word => (word === "''" ? '' : word))

/** A server, with clients that are numbered in the order in which they came. */
interface Side {
  readonly name: string
  connect(): Promise<RedisClient>
}

/** What 7.0 says in other words, and what differs from connection to connection. */
function neutral(text: string): string {
  return text
    .replace(/ (?:watch|lib-name|lib-ver)=[^\s\\]*/g, '')
    .replace(/\b(addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|oll|omem|obl|tot-mem)=\S*/g, '$1=…')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'address')
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

describe.skipIf(redisVersion() === undefined)('clients', () => {
  let live: RedisServer
  let store: Store
  let server: Server
  let sides: Side[]
  let open: RedisClient[] = []

  beforeAll(async () => {
    live = (await startRedis({ tcp: true })) as RedisServer
    store = new Store({ redisVersion: '7.0.15' })
    server = await listen(store)
    const to = (name: string, port: number): Side => ({
      name,
      connect: async () => {
        const client = await connectRedis({ port })
        open.push(client)
        return client
      },
    })
    sides = [to('redis', live.port), to('embedis', server.port)]
    // Numbers of clients are then none that other replies have.
    for (const side of sides) for (let i = 0; i < 100; i++) (await side.connect()).close()
  })
  afterEach(() => {
    for (const client of open) client.close()
    open = []
  })
  afterAll(async () => {
    await server.close()
    await store.close()
    await live.stop()
  })

  /**
   * Runs the steps on both, with `count` clients of this protocol, and compares what each client got after each step. In a
   * step `$2` is the number of the client 2, and `@2` its address.
   */
  async function compare(count: number, resp: 2 | 3, steps: readonly Step[]): Promise<void> {
    const got = await Promise.all(
      sides.map(async side => {
        const control = await side.connect()
        await control.one('FLUSHALL')
        const clients: RedisClient[] = []
        const ids: string[] = []
        const addresses: string[] = []
        for (let i = 0; i < count; i++) {
          const client = await side.connect()
          ids.push((await client.one('CLIENT', 'ID')).slice(1))
          addresses.push(/addr=(\S+)/.exec(await client.one('CLIENT', 'INFO'))?.[1] ?? '')
          if (resp === 3) await client.hello(3)
          clients.push(client)
        }
        const all = [control, ...clients]
        const answers = (): number => all.reduce((sum, client) => sum + client.pushes.length, 0)
        for (const [who, line] of steps) {
          const argv = words(line).map(word =>
            word
              .replace(/\$(\d)/g, (_, n: string) => ids[Number(n)] as string)
              .replace(/@(\d)/g, (_, n: string) => addresses[Number(n)] as string),
          )
          if (argv[0] === 'sleep') {
            await pause(Number(argv[1]))
            continue
          }
          const before = answers()
          try {
            all[who + 1]?.post([argv])
          } catch {
            all[who + 1]?.pushes.push('closed')
            continue
          }
          // Some commands have no answer, and others tell somebody else, too.
          for (let i = 0; i < 10 && answers() === before; i++) await pause(4)
          await pause(3)
        }
        await pause(30)
        // What each client got, not when: that is as the machine has time.
        const texts = all.map(client =>
          client.pushes.map(text =>
            ids.reduce(
              (known, id, i) => known.replaceAll(new RegExp(`\\b${id}\\b(?!-)`, 'g'), `id${i}`),
              neutral(text),
            ),
          ),
        )
        for (const client of all) client.close()
        await pause(10)
        return texts
      }),
    )
    expect(got[1]).toEqual(got[0])
  }

  const both = (name: string, count: number, steps: readonly Step[]): void => {
    for (const resp of [2, 3] as const) it(`${name}, RESP${resp}`, () => compare(count, resp, steps), 30_000)
  }

  both('LIST and INFO', 3, [
    [0, 'CLIENT SETNAME a'],
    [1, 'SELECT 3'],
    [1, 'MULTI'],
    [1, 'SET a 1'],
    [0, 'WATCH k l'],
    [0, 'CLIENT INFO'],
    [0, 'CLIENT LIST ID $0 $1 $2'],
    [0, 'CLIENT LIST ID $1 99999 $0'],
    [2, 'SUBSCRIBE a b'],
    [2, 'PSUBSCRIBE a*'],
    [0, 'CLIENT LIST TYPE pubsub'],
    [0, 'CLIENT LIST TYPE Replica'],
    [0, 'CLIENT LIST TYPE master'],
    [0, 'CLIENT LIST ID $2'],
    [0, 'CLIENT LIST TYPE x'],
    [0, 'CLIENT LIST TYPE normal x'],
    [0, 'CLIENT LIST ID'],
    [0, 'CLIENT LIST ID x'],
    [0, 'CLIENT LIST ID $0 x'],
    [0, 'CLIENT LIST X 1'],
    [0, 'CLIENT LIST X'],
    [0, 'CLIENT INFO x'],
    [1, 'BLPOP nothing 0'],
    [1, 'EXEC'],
    [1, 'BLPOP nothing 0'],
    [0, 'CLIENT LIST ID $1'],
    [0, 'CLIENT NO-EVICT ON'],
    [0, 'CLIENT LIST ID $0'],
    [0, 'CLIENT NO-EVICT off'],
    [0, 'CLIENT NO-EVICT x'],
    [0, 'CLIENT NO-EVICT'],
    [-1, 'SET k 1'],
    [0, 'CLIENT LIST ID $0'],
    [0, 'RESET'],
    [0, 'CLIENT LIST ID $0'],
    [0, 'CLIENT'],
    [0, 'CLIENT NOSUCH'],
  ])

  both('KILL', 4, [
    [0, 'CLIENT KILL 1.2.3.4:5'],
    [0, 'CLIENT KILL'],
    [0, 'CLIENT KILL ID'],
    [0, 'CLIENT KILL ID x'],
    [0, 'CLIENT KILL ID 0'],
    [0, 'CLIENT KILL ID 99999'],
    [0, 'CLIENT KILL TYPE x'],
    [0, 'CLIENT KILL TYPE slave'],
    [0, 'CLIENT KILL USER nobody'],
    [0, 'CLIENT KILL SKIPME x'],
    [0, 'CLIENT KILL ADDR @1 ID'],
    [0, 'CLIENT KILL X 1'],
    [0, 'CLIENT KILL ID $1 ADDR @2'],
    [0, 'CLIENT KILL ID $0'],
    [0, 'CLIENT KILL ID $1 ADDR @1 USER default TYPE normal'],
    [1, 'PING'],
    [2, 'BLPOP nothing 0'],
    [0, 'CLIENT KILL @2'],
    [2, 'PING'],
    [3, 'SUBSCRIBE a'],
    [0, 'CLIENT KILL TYPE pubsub SKIPME yes'],
    [3, 'PING'],
    [0, 'CLIENT KILL ID $0 SKIPME no'],
    [0, 'PING'],
  ])
  both('KILL of itself, by address', 1, [
    [0, 'CLIENT KILL @0'],
    [0, 'PING'],
  ])

  both('UNBLOCK', 3, [
    [0, 'CLIENT UNBLOCK $1'],
    [0, 'CLIENT UNBLOCK x'],
    [0, 'CLIENT UNBLOCK $1 x'],
    [0, 'CLIENT UNBLOCK 99999'],
    [1, 'BLPOP a 0'],
    [0, 'CLIENT UNBLOCK $1'],
    [1, 'PING'],
    [1, 'XREAD BLOCK 0 STREAMS a $'],
    [0, 'CLIENT UNBLOCK $1 error'],
    [1, 'BLMOVE a b LEFT LEFT 0'],
    [0, 'CLIENT UNBLOCK $1 TIMEOUT'],
    [0, 'CLIENT UNBLOCK $1 TIMEOUT x'],
    [1, 'WAIT 1 0'],
    [0, 'CLIENT UNBLOCK $1'],
    [1, 'PING'],
  ])

  both('PAUSE', 3, [
    [0, 'CLIENT PAUSE x'],
    [0, 'CLIENT PAUSE -1'],
    [0, 'CLIENT PAUSE 10 x'],
    [0, 'CLIENT PAUSE 10 ALL x'],
    [0, 'CLIENT PAUSE'],
    [0, 'CLIENT UNPAUSE'],
    [0, 'CLIENT UNPAUSE x'],
    [0, 'CLIENT PAUSE 60000 WRITE'],
    [0, 'GET a'],
    [1, 'SET a 1'],
    [1, 'GET a'],
    [2, 'MULTI'],
    [2, 'GET a'],
    [2, 'EXEC'],
    [0, 'CLIENT LIST ID $1'],
    [0, 'CLIENT PAUSE 1 WRITE'],
    [0, 'CLIENT UNPAUSE'],
    [0, 'CLIENT PAUSE 60000 WRITE'],
    [1, 'PUBLISH c m'],
    [2, 'PFCOUNT h'],
    [0, 'CLIENT KILL ID $1'],
    [0, 'CLIENT UNPAUSE'],
    [0, 'CLIENT PAUSE 200 ALL'],
    [0, 'GET a'],
    [2, 'PING'],
    [0, 'sleep 400'],
    [0, 'PING'],
  ])

  both('REPLY', 1, [
    [0, 'CLIENT REPLY x'],
    [0, 'CLIENT REPLY'],
    [0, 'CLIENT REPLY ON'],
    [0, 'CLIENT REPLY SKIP'],
    [0, 'SET a 1'],
    [0, 'GET a'],
    [0, 'CLIENT REPLY OFF'],
    [0, 'SET a 2'],
    [0, 'NOSUCH'],
    [0, 'CLIENT REPLY SKIP'],
    [0, 'GET a'],
    [0, 'GET a'],
    [0, 'CLIENT REPLY ON'],
    [0, 'GET a'],
    [0, 'CLIENT REPLY SKIP'],
    [0, 'CLIENT REPLY ON'],
    [0, 'GET a'],
    [0, 'CLIENT REPLY OFF'],
    [0, 'SUBSCRIBE c'],
    [-1, 'PUBLISH c m'],
    [0, 'RESET'],
    [0, 'PING'],
  ])

  both('TRACKING: what is refused', 2, [
    [0, 'CLIENT TRACKING'],
    [0, 'CLIENT TRACKING x'],
    [0, 'CLIENT TRACKING on x'],
    [0, 'CLIENT TRACKING on REDIRECT'],
    [0, 'CLIENT TRACKING on REDIRECT x'],
    [0, 'CLIENT TRACKING on REDIRECT 99999'],
    [0, 'CLIENT TRACKING on REDIRECT $1 REDIRECT $1'],
    [0, 'CLIENT TRACKING on PREFIX a'],
    [0, 'CLIENT TRACKING on BCAST OPTIN'],
    [0, 'CLIENT TRACKING on OPTIN OPTOUT'],
    [0, 'CLIENT TRACKING on BCAST PREFIX a PREFIX ab'],
    [0, 'CLIENT TRACKING on BCAST PREFIX ab PREFIX a'],
    [0, 'CLIENT CACHING yes'],
    [0, 'CLIENT CACHING'],
    [0, 'CLIENT GETREDIR'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT TRACKING off'],
    [0, 'CLIENT TRACKING on OPTIN'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT CACHING no'],
    [0, 'CLIENT CACHING x'],
    [0, 'CLIENT CACHING yes'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT TRACKING on OPTOUT'],
    [0, 'CLIENT TRACKING on BCAST'],
    [0, 'CLIENT TRACKING off'],
    [0, 'CLIENT TRACKING on OPTOUT NOLOOP'],
    [0, 'CLIENT CACHING yes'],
    [0, 'CLIENT CACHING no'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT LIST ID $0'],
    [0, 'CLIENT TRACKING off'],
    [0, 'CLIENT TRACKING on BCAST PREFIX a PREFIX b REDIRECT $1'],
    [0, 'CLIENT TRACKING on BCAST PREFIX ab'],
    [0, 'CLIENT TRACKING on BCAST PREFIX c'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT GETREDIR'],
    [0, 'CLIENT LIST ID $0'],
    [0, 'RESET'],
    [0, 'CLIENT TRACKINGINFO'],
  ])

  const reads: Step[] = [
    [-1, 'SET a 1'],
    [-1, 'RPUSH l x y'],
    [0, 'GET a'],
    [0, 'LRANGE l 0 -1'],
    [0, 'GET none'],
    [1, 'SET b 1'],
    [1, 'SET a 2'],
    [1, 'SET a 3'],
    [0, 'GET a'],
    [0, 'SET a 4'],
    [0, 'MGET a b none'],
    [1, 'MSET a 1 b 2'],
    [1, 'DEL l'],
    [1, 'SET none 1'],
    [0, 'GET a'],
    [1, 'FLUSHALL'],
    [0, 'GET a'],
    [1, 'SET a 1 PX 200'],
    [0, 'GET a'],
    [0, 'sleep 400'],
    [-1, 'GET a'],
    [0, 'MULTI'],
    [0, 'GET a'],
    [0, 'GET b'],
    [0, 'EXEC'],
    [1, 'SET b 5'],
    [0, 'GET b'],
    [1, 'MULTI'],
    [1, 'SET b 6'],
    [1, 'SET b 7'],
    [1, 'EXEC'],
    [1, 'SELECT 2'],
    [0, 'GET b'],
    [1, 'SET b 1'],
    [0, 'MULTI'],
    [0, 'MSET a 1 b 2'],
    [0, 'GET a'],
    [0, 'INCR b'],
    [0, 'EXEC'],
    [1, 'INCR a'],
    [1, 'INCR b'],
    [0, 'CLIENT TRACKING off'],
    [0, 'GET b'],
    [1, 'SET b 1'],
  ]
  both('TRACKING', 2, [[0, 'CLIENT TRACKING on'], ...reads])
  both('TRACKING NOLOOP', 2, [[0, 'CLIENT TRACKING on NOLOOP'], ...reads])
  both('TRACKING BCAST', 2, [[0, 'CLIENT TRACKING on BCAST'], ...reads])
  both('TRACKING BCAST with prefixes', 2, [[0, 'CLIENT TRACKING on BCAST PREFIX a PREFIX no NOLOOP'], ...reads])
  both('TRACKING OPTIN', 2, [
    [0, 'CLIENT TRACKING on OPTIN'],
    ...reads.flatMap(([who, line]): Step[] =>
      who === 0 && line === 'GET a'
        ? [
            [0, 'CLIENT CACHING yes'],
            [0, line],
          ]
        : [[who, line]],
    ),
  ])
  both('TRACKING OPTOUT', 2, [
    [0, 'CLIENT TRACKING on OPTOUT'],
    ...reads.flatMap(([who, line]): Step[] =>
      who === 0 && line === 'GET a'
        ? [
            [0, 'CLIENT CACHING no'],
            [0, line],
          ]
        : [[who, line]],
    ),
  ])
  both('TRACKING REDIRECT', 3, [
    [2, 'SUBSCRIBE __redis__:invalidate'],
    [0, 'CLIENT TRACKING on REDIRECT $2'],
    ...reads.slice(0, -3),
    [0, 'GET b'],
    [-1, 'CLIENT KILL ID $2'],
    [1, 'SET b 9'],
    [0, 'GET b'],
    [0, 'CLIENT TRACKINGINFO'],
    [0, 'CLIENT LIST ID $0'],
  ])
  both('TRACKING REDIRECT to one that does not listen', 3, [[0, 'CLIENT TRACKING on REDIRECT $2'], ...reads])
})
