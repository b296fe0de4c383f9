/**
 * Several clients at once, of a live server or of a store, and what each of them got: for commands that wait, for
 * transactions that meet, and for messages.
 */
import { keyspaceOf } from '../../src/install.ts'
import { Store } from '../../src/index.ts'
import { clientsOf } from '../../src/session/clients.ts'
import { noPort, Session } from '../../src/session/session.ts'
import type { ReplyWriter } from '../../src/wire/reply.ts'
import type { RedisClient, RedisServer } from './redis.ts'
import { TextWriter } from './reply-text.ts'
import { type Argv, sessionReplies } from './side.ts'

export interface Clients {
  /** Sends a command and gives everybody the time to get what it brings about. */
  act(client: number, argv: Argv): Promise<void>
  /** What each client got since it was last asked. */
  take(): string[][]
  /** Empty, with new clients. */
  fresh(): Promise<void>
  close(): Promise<void>
}

export async function serverClients(server: RedisServer, count: number, resp: 2 | 3 = 2): Promise<Clients> {
  const control = await server.connect()
  let clients: RedisClient[] = []
  const settled = async (): Promise<void> => {
    // Whoever the command woke has been answered before the server takes up another one.
    for (let i = 0; i < 2; i++) await control.one('PING')
    await new Promise(resolve => setImmediate(resolve))
  }
  const connect = async (): Promise<void> => {
    clients = []
    for (let i = 0; i < count; i++) clients.push(await server.connect(resp))
  }
  await connect()
  return {
    act: async (client, argv) => {
      clients[client]?.post([argv])
      await settled()
    },
    take: () => clients.map(client => client.pushes.splice(0)),
    fresh: async () => {
      for (const client of clients) client.close()
      await control.one('FLUSHALL')
      await connect()
    },
    close: async () => {
      for (const client of [...clients, control]) client.close()
    },
  }
}

export function storeClients(count: number, resp: 2 | 3 = 2): Clients {
  let store = new Store()
  let got: string[][] = []
  let sessions: Session[] = []
  const connect = (): void => {
    store = new Store()
    got = Array.from({ length: count }, () => [])
    sessions = got.map(replies => {
      const push = (write: (w: ReplyWriter) => void): void => {
        const writer = new TextWriter(resp)
        write(writer)
        replies.push(...writer.replies)
      }
      const session = new Session(clientsOf(keyspaceOf(store).databases), { ...noPort, push })
      session.resp = resp
      return session
    })
  }
  connect()
  return {
    act: async (client, argv) => {
      const session = sessions[client] as Session
      const replies = got[client] as string[]
      sessionReplies(session, argv).then(
        texts => void replies.push(...texts),
        error => void replies.push(String(error)),
      )
      await new Promise(resolve => setImmediate(resolve))
    },
    take: () => got.map(replies => replies.splice(0)),
    fresh: async () => {
      for (const session of sessions) session.close()
      connect()
    },
    close: async () => {
      await store.close()
    },
  }
}
