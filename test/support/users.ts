/** Two servers with several clients each, whose answers about users and their rights are compared. */
import { expect } from 'vitest'
import { listen } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, type RedisClient, type RedisServer, startRedis } from './redis.ts'
import { bulkOf, parseReply, printReply, type Reply } from './reply.ts'

type Argv = readonly string[]
/** Who sends what; one that has not sent anything before connects first. */
export type Step = readonly [client: string, ...argv: Argv]

/**
 * What 7.0 and 7.4 say in different words, in words that are neither's. 7.4 names the user, says less about keys to clients,
 * shows that users have sanitize-payload from the beginning, keeps rules about commands as they came where 7.0 finds rules
 * that mean the same, and tells more in its log.
 */
export function neutral(argv: Argv, given: string): string {
  const text = given.replaceAll(' channels used as arguments to the command', ' channels used as arguments')
  if (text.startsWith('-') || text.startsWith('"')) {
    const plain = text
      .replace(/(?:User \S+|[Tt]his user) has no permissions/, 'USER has no permissions')
      .replace(
        /USER has no permissions to access one of the (key|channel)s used as arguments/,
        'No permissions to access a $1',
      )
    return plain.replace('HELLO <proto> AUTH', 'HELLO AUTH')
  }
  if (text.includes('"proto"')) return text.replace(/"id" :\d+/, '"id" …')
  const [name, sub] = argv.map(word => word.toUpperCase())
  if (name === 'CONFIG' && text.startsWith('['))
    return text
      .replace(/"[^"]*" "[^"]*"/g, pair => `${pair};`)
      .slice(1, -1)
      .split(';')
      .map(pair => pair.trim())
      .sort()
      .join()
  if (name !== 'ACL' || !/^[[%~]/.test(text)) return text
  if (sub === 'LIST') return printReply(strings(parseReply(text)))
  if (sub === 'GETUSER') return printReply(strings(parseReply(text)))
  if (sub === 'LOG') return printReply(logged(parseReply(text)))
  return text
}

const bulk = (text: string): Reply => ({ open: '', leaf: JSON.stringify(text), items: [] })

/** Without what says no more than the rule they begin with. */
function needed(base: string, rest: string): string[] {
  const rules = rest.split(' ').filter(Boolean)
  return rules.filter(rule => rule[0] !== base[0] || rule.includes('|')).sort()
}

/** Rules in an order of ours; of those that name categories only what came before them. */
function rulesOf(text: string): string {
  return text
    .replaceAll(' sanitize-payload', '')
    .replace(/([+-]@all)((?: [+-][^ )]+)*)/g, (_, base: string, rest: string) =>
      rest.includes('@') ? `${base} …` : [base, ...needed(base, rest)].join(' '),
    )
}

function strings(reply: Reply): Reply {
  const text = bulkOf(reply)
  if (text !== undefined) return bulk(rulesOf(text))
  const items = reply.items.filter(item => bulkOf(item) !== 'sanitize-payload' && item.leaf !== '+sanitize-payload')
  return { ...reply, items: items.map(strings) }
}

/** A log without times, and of the client what both servers know. */
function logged(reply: Reply): Reply {
  const items = reply.items.map(entry => {
    const kept: Reply[] = []
    for (let i = 0; i < entry.items.length; i += 2) {
      const [field, value] = entry.items.slice(i, i + 2) as [Reply, Reply]
      const name = bulkOf(field) as string
      if (['age-seconds', 'entry-id', 'timestamp-created', 'timestamp-last-updated'].includes(name)) continue
      if (name !== 'client-info') kept.push(field, value)
      else
        kept.push(
          field,
          bulk(
            (bulkOf(value) as string).match(/(?<![-\w])(name|flags|db|sub|psub|multi|cmd|user|resp)=\S*/g)?.join(' ') ??
              '',
          ),
        )
    }
    return { ...entry, items: kept }
  })
  return { ...reply, items }
}

/** A server, and clients of it by name, which connect when they first send something. */
export class EndPoint {
  readonly clients = new Map<string, RedisClient>()
  private readonly connect: () => Promise<RedisClient>
  private readonly end: () => Promise<void>

  constructor(connect: () => Promise<RedisClient>, end: () => Promise<void>) {
    this.connect = connect
    this.end = end
  }

  async client(name: string): Promise<RedisClient> {
    let client = this.clients.get(name)
    if (client === undefined) this.clients.set(name, (client = await this.connect()))
    return client
  }

  async send(name: string, argv: Argv): Promise<string> {
    try {
      return await (await this.client(name)).one(...argv)
    } catch {
      return 'closed'
    }
  }

  async close(): Promise<void> {
    for (const client of this.clients.values()) client.close()
    await this.end()
  }
}

export async function ours(): Promise<EndPoint> {
  const store = new Store({ redisVersion: '7.0.15' })
  const server = await listen(store)
  return new EndPoint(
    () => connectRedis({ port: server.port }),
    async () => {
      await server.close()
      await store.close()
    },
  )
}

export async function theirs(): Promise<EndPoint> {
  const server = (await startRedis({ tcp: true })) as RedisServer
  return new EndPoint(
    () => connectRedis({ port: server.port }),
    () => server.stop(),
  )
}

/** Sends the steps to both, and gives each step with both answers in neutral words. */
export async function compareUsers(sides: readonly [EndPoint, EndPoint], steps: readonly Step[]): Promise<void> {
  const seen: [string[], string[]] = [[], []]
  for (const [client, ...argv] of steps) {
    for (const [i, side] of sides.entries()) {
      const reply = await side.send(client, argv)
      ;(seen[i] as string[]).push(`${client}: ${argv.join(' ').slice(0, 200)} → ${neutral(argv, reply)}`)
    }
  }
  expect(seen[1]).toEqual(seen[0])
}
