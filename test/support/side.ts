/**
 * The two ends of a comparison, and what a test may observe of them. `observe` turns a program into one text per
 * command that two correct servers agree on: iterations are run to their end, random choices are checked and then
 * undone by removing the key, times become durations.
 *
 * Words of the harness in a program: `@wait ms` lets time pass, `SELECT n` changes the database.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { lua } from '../../src/lua.ts'
import { decode, encode } from './bytes.ts'
import { explain } from './differences.ts'
import { connectRedis, type RedisClient, type RedisServer } from './redis.ts'
import { keyspaceOf } from '../../src/install.ts'
import { clientsOf } from '../../src/session/clients.ts'
import { Session } from '../../src/session/session.ts'
import { TextWriter } from './reply-text.ts'
import { bulkOf, isEmptyReply, parseReply, printReply, type Reply } from './reply.ts'
import { canonical, near, pairsOf, ruleOf, sortReplies, textsOf } from './unordered.ts'

export type Argv = readonly string[]

export interface Side {
  readonly name: string
  readonly resp: 2 | 3
  /** Empty, database 0. */
  fresh(): Promise<void>
  /** One raw reply text per command. */
  send(argvs: readonly Argv[]): Promise<string[]>
  close(): Promise<void>
}

/** A connection to a live server. Several sides of one server share its keys: give each side its own server. */
export async function serverSide(server: RedisServer, resp: 2 | 3 = 2, exact: boolean = false): Promise<Side> {
  return clientSide(`redis-server ${server.version}`, await server.connect(resp, exact), resp)
}

function clientSide(name: string, client: RedisClient, resp: 2 | 3, end: () => Promise<void> = async () => {}): Side {
  return {
    name,
    resp,
    fresh: async () => {
      await client.send([['SELECT', '0'], ['FLUSHALL']])
    },
    send: argvs => client.send(argvs),
    close: async () => {
      client.close()
      await end()
    },
  }
}

/** The library over a socket, as any client would reach it: what is compared is what comes as bytes. */
export async function endpointSide(resp: 2 | 3 = 2, exact: boolean = false): Promise<Side> {
  const store = new Store({ scripting: lua() })
  const directory = mkdtempSync(join(tmpdir(), 'embedis-endpoint-'))
  const path = join(directory, 'socket')
  const server = await listen(store, { path })
  const client = await connectRedis({ path }, exact)
  if (resp === 3) await client.hello(3)
  return clientSide('embedis over RESP', client, resp, async () => {
    await server.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })
}

/** The library: a new store for each fresh start, a client of it, and the reply of each command as text. */
export function embedisSide(resp: 2 | 3 = 2): Side {
  let store = new Store({ scripting: lua() })
  let session = sessionOf(store, resp)
  return {
    name: 'embedis',
    resp,
    fresh: async () => {
      void store.close()
      store = new Store({ scripting: lua() })
      session = sessionOf(store, resp)
    },
    send: async argvs => {
      const replies: string[] = []
      for (const argv of argvs) replies.push((await sessionReplies(session, argv)).join())
      return replies
    },
    close: async () => {
      await store.close()
    },
  }
}

function sessionOf(store: Store, resp: 2 | 3): Session {
  const session = new Session(clientsOf(keyspaceOf(store).databases))
  session.resp = resp
  return session
}

/** What a session answers, in the notation of the recordings: one text for each reply. */
export async function sessionReplies(session: Session, argv: Argv): Promise<string[]> {
  const writer = new TextWriter(session.resp)
  await session.execute(argv, writer)
  // A line of error text is bytes on the wire like any other.
  return writer.replies.map(text => (text.startsWith('-') ? encode(text).toString('latin1') : text))
}

/** Is an expected observation met? A string names the difference that explains it, true and false speak for themselves. */
export function agrees(argv: Argv, expected: string, got: string): boolean | string {
  if (expected === got || near(expected, got)) return true
  return explain(argv, expected, got)?.name ?? false
}

const POPULATION: Readonly<Record<string, (key: string) => string[]>> = {
  SPOP: key => ['SMEMBERS', key],
  SRANDMEMBER: key => ['SMEMBERS', key],
  HRANDFIELD: key => ['HGETALL', key],
  ZRANDMEMBER: key => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  RANDOMKEY: () => ['KEYS', '*'],
}

/** Runs a program and gives one observation per command. */
export async function observe(side: Side, program: readonly Argv[]): Promise<string[]> {
  const seen: string[] = []
  let plain: Argv[] = []
  const flush = async (): Promise<void> => {
    if (plain.length === 0) return
    const replies = await side.send(plain)
    const now = Date.now()
    for (let i = 0; i < plain.length; i++) seen.push(canonical(plain[i] as Argv, replies[i] as string, now))
    plain = []
  }
  for (const argv of program) {
    const rule = ruleOf(argv)
    if (argv[0] === '@wait') {
      await flush()
      await new Promise(resolve => setTimeout(resolve, Number(argv[1])))
      seen.push('+OK')
    } else if (rule === 'scan items' || rule === 'scan pairs') {
      await flush()
      seen.push(await scanned(side, argv, rule))
    } else if (rule === 'random') {
      await flush()
      seen.push(await chosen(side, argv))
    } else {
      plain.push(argv)
    }
  }
  await flush()
  return seen
}

/** The whole iteration from cursor 0; of any other cursor only the form, because cursors are each server's own. */
async function scanned(side: Side, argv: Argv, rule: 'scan items' | 'scan pairs'): Promise<string> {
  const at = (argv[0] ?? '').toUpperCase() === 'SCAN' ? 1 : 2
  const found = new Map<string, Reply>()
  let words = [...argv]
  for (let step = 0; step < 100_000; step++) {
    const [text] = (await side.send([words])) as [string]
    if (text.startsWith('-')) return text
    const [cursor, elements] = parseReply(text).items
    if (cursor === undefined || elements === undefined || bulkOf(cursor) === undefined) return `not a scan: ${text}`
    if (argv[at] !== '0') return elements.open === '~[' ? 'a part, as a set' : 'a part'
    const parts = rule === 'scan pairs' ? pairsOf(elements) : elements.items
    // An element may come twice, never with two values.
    for (const part of parts) found.set(printReply(part), part)
    const next = bulkOf(cursor) as string
    if (next === '0') {
      const sorted = sortReplies([...found.values()])
      const items = rule === 'scan pairs' ? sorted.flatMap(pair => pair.items) : sorted
      return printReply({ open: elements.open, leaf: '', items })
    }
    words = words.with(at, next)
  }
  return 'a scan without end'
}

/**
 * A random choice: number, distinctness and membership are checked here, so both sides give the same text. After an
 * SPOP that left something, the key is deleted, because what is left differs.
 */
async function chosen(side: Side, argv: Argv): Promise<string> {
  const name = (argv[0] as string).toUpperCase()
  const population = (POPULATION[name] as (key: string) => string[])(argv[1] ?? '')
  const [before, reply] = (await side.send([population, argv])) as [string, string]
  if (reply.startsWith('-') || isEmptyReply(reply) || before.startsWith('-')) return reply
  const all = parseReply(before)
  const tree = parseReply(reply)
  const keyed = name === 'HRANDFIELD' || name === 'ZRANDMEMBER'
  const members = new Map<string, string>()
  for (const pair of keyed ? pairsOf(all) : all.items.map(item => ({ ...all, items: [item, item] }))) {
    members.set(printReply(pair.items[0] as Reply), printReply(pair.items[1] as Reply))
  }
  if (tree.open === '') {
    if (name === 'SPOP' && members.size > 1) await side.send([['DEL', argv[1] as string]])
    return members.has(tree.leaf) ? `one of ${members.size}` : `no member of ${before}: ${reply}`
  }
  const count = Number(argv[2])
  const paired = argv.length > 3
  const parts = paired ? pairsOf(tree) : tree.items.map(item => ({ ...tree, items: [item] }))
  for (const part of parts) {
    const value = members.get(printReply(part.items[0] as Reply))
    if (value === undefined || (paired && value !== printReply(part.items[1] as Reply))) {
      return `no member of ${before}: ${reply}`
    }
  }
  const wanted = count < 0 ? -count : Math.min(count, members.size)
  if (parts.length !== wanted) return `${parts.length} instead of ${wanted}: ${reply}`
  if (count < 0) return `${tree.open}${wanted} of ${members.size}, with repeats`
  if (new Set(parts.map(part => printReply(part.items[0] as Reply))).size !== wanted) return `not distinct: ${reply}`
  if (name === 'SPOP' && wanted < members.size) await side.send([['DEL', argv[1] as string]])
  if (wanted < members.size) return `${tree.open}${wanted} of ${members.size}`
  return printReply({ open: tree.open, leaf: '', items: sortReplies(parts.map(part => part.items[0] as Reply)) })
}

/** Commands that show everything of the selected database: for each key its type, content and time to live. */
export async function stateProgram(side: Side): Promise<string[][]> {
  const [keys] = (await side.send([['KEYS', '*']])) as [string]
  const names = textsOf(parseReply(keys)).map(name => decode(Buffer.from(name, 'latin1')))
  names.sort()
  const types = await side.send(names.map(name => ['TYPE', name]))
  return [['KEYS', '*']].concat(
    names.flatMap((name, i) => {
      const contents: Record<string, string[]> = {
        '+string': ['GET', name],
        '+list': ['LRANGE', name, '0', '-1'],
        '+hash': ['HGETALL', name],
        '+set': ['SMEMBERS', name],
        '+zset': ['ZRANGE', name, '0', '-1', 'WITHSCORES'],
        '+stream': ['XRANGE', name, '-', '+'],
      }
      const content = contents[types[i] as string] ?? ['OBJECT', 'ENCODING', name]
      // What a stream holds beside its entries.
      const more = types[i] === '+stream' ? [['XINFO', 'STREAM', name, 'FULL', 'COUNT', '0']] : []
      return [['TYPE', name], content, ...more, ['PTTL', name]]
    }),
  )
}
