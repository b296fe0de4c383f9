/** Socket.IO on two servers, which hear of each other through Redis alone, with real clients at both. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter'
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter'
import type { Redis } from 'ioredis'
import { type RemoteSocket, Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { describe, expect, it, vi } from 'vitest'
import { library, type Place, portOf } from '../support/libraries.ts'

type AdapterOf = (place: Place) => Promise<Parameters<Server['adapter']>[0]>

const streams = { blockTimeInMs: 50, readCount: 10, heartbeatInterval: 200 }

const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 5000 })

/**
 * ioredis that subscribes between `connect` and `ready` fails its own check of readiness, with any server: a subscriber may
 * not send INFO.
 */
async function ready(place: Place): Promise<Redis> {
  const client = place.ioredis()
  await once(client, 'ready')
  return client
}

const adapters: readonly (readonly [name: string, AdapterOf])[] = [
  ['@socket.io/redis-adapter, ioredis', async place => createAdapter(await ready(place), await ready(place))],
  [
    '@socket.io/redis-adapter, node-redis',
    async place => createAdapter(await place.nodeRedis(), await place.nodeRedis()),
  ],
  [
    '@socket.io/redis-adapter, sharded, ioredis',
    async place =>
      createShardedAdapter(await ready(place), await ready(place), { subscriptionMode: 'dynamic-private' }),
  ],
  [
    '@socket.io/redis-adapter, sharded, node-redis',
    async place => createShardedAdapter(await place.nodeRedis(), await place.nodeRedis()),
  ],
  ['@socket.io/redis-streams-adapter, ioredis', async place => createStreamsAdapter(await ready(place), streams)],
  [
    '@socket.io/redis-streams-adapter, node-redis',
    async place => createStreamsAdapter(await place.nodeRedis(), { ...streams, useShardedPubSub: true }),
  ],
]

interface Chat {
  readonly io: Server
  readonly url: string
}

async function chat(place: Place, adapterOf: AdapterOf, recovers: boolean): Promise<Chat> {
  const http = createServer()
  const adapter = await adapterOf(place)
  const io = new Server(http, { adapter, ...(recovers ? { connectionStateRecovery: {} } : {}) })
  io.on('connection', socket => {
    socket.on('join', async (room: string, done: () => void) => {
      await socket.join(room)
      done()
    })
    socket.on('say', (room: string, ...words: unknown[]) => socket.to(room).emit('said', ...words))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  place.after(() => io.close())
  return { io, url: `http://127.0.0.1:${portOf(http)}` }
}

interface User {
  readonly socket: Socket
  /** Everything it was sent. */
  readonly heard: unknown[][]
}

const isOffset = (word: unknown): boolean => typeof word === 'string' && /^\d+-\d+$/.test(word)

async function user(place: Place, { url }: Chat): Promise<User> {
  const socket = connect(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 10 })
  place.after(() => socket.disconnect())
  const heard: unknown[][] = []
  socket.onAny((event: string, ...words: unknown[]) => {
    // With connection state recovery, the last word of each message is its place in the stream.
    if (isOffset(words.at(-1))) words.pop()
    if (event !== 'ready') heard.push([event, ...words])
  })
  await once(socket as never, 'connect')
  return { socket, heard }
}

/** Resolves when the user hears what is said at the server, to all or in a room. */
async function reaches({ io }: Chat, { socket }: User, room?: string): Promise<void> {
  let heard = false
  socket.once('ready', () => {
    heard = true
  })
  await eventually(() => {
    if (room === undefined) io.emit('ready')
    else io.to(room).emit('ready')
    expect(heard).toBe(true)
  })
}

/** Two servers with a user each, from when on they hear of each other. */
async function pair(
  place: Place,
  adapterOf: AdapterOf,
  recovers = false,
): Promise<{ chats: [Chat, Chat]; ann: User; bob: User }> {
  const chats: [Chat, Chat] = [await chat(place, adapterOf, recovers), await chat(place, adapterOf, recovers)]
  const [ann, bob] = [await user(place, chats[0]), await user(place, chats[1])]
  for (const [from, to] of [
    [chats[0], bob],
    [chats[1], ann],
  ] as const) {
    await reaches(from, to)
    await eventually(async () => expect(await from.io.of('/').adapter.serverCount()).toBe(2))
  }
  return { chats, ann, bob }
}

library('Socket.IO', place => {
  describe.each(adapters)('%s', (name, adapterOf) => {
    it('brings what is said at one server to the users of the other', async () => {
      const { chats, ann, bob } = await pair(place, adapterOf)
      const [one, other] = chats
      one.io.emit('news', { text: 'värld', list: [1, null, 2.5] }, Buffer.from([0, 1, 255]))
      await eventually(() => expect(bob.heard).toHaveLength(1))
      expect(bob.heard).toEqual([['news', { text: 'värld', list: [1, null, 2.5] }, Buffer.from([0, 1, 255])]])
      await eventually(() => expect(ann.heard).toEqual(bob.heard))

      // Rooms: those who are in it, but for who says it.
      await ann.socket.emitWithAck('join', 'kitchen')
      const cat = await user(place, other)
      await cat.socket.emitWithAck('join', 'kitchen')
      await reaches(one, cat, 'kitchen')
      for (let i = 0; i < 100; i++) ann.socket.emit('say', 'kitchen', i)
      await eventually(() => expect(cat.heard).toHaveLength(100))
      expect(cat.heard).toEqual(Array.from({ length: 100 }, (_, i) => ['said', i]))
      expect(ann.heard).toHaveLength(1)
      expect(bob.heard).toHaveLength(1)

      // One user, at whichever server.
      one.io.to(bob.socket.id as string).emit('for bob')
      one.io.except('kitchen').emit('for others')
      await eventually(() => expect(bob.heard.slice(1)).toEqual([['for bob'], ['for others']]))
      expect(cat.heard).toHaveLength(100)
    })

    it('asks users and servers, and moves users, wherever they are', async () => {
      const { chats, ann, bob } = await pair(place, adapterOf)
      const [one, other] = chats
      ann.socket.on('sum?', (a: number, b: number, answer: (sum: number) => void) => answer(a + b))
      bob.socket.on('sum?', (a: number, b: number, answer: (sum: number) => void) => answer(a + b + 100))
      const sums = (await one.io.timeout(2000).emitWithAck('sum?', 1, 2)) as number[]
      expect(sums.toSorted()).toEqual([103, 3].toSorted())

      other.io.on('load?', (answer: (load: string) => void) => answer('low'))
      expect(await one.io.serverSideEmitWithAck('load?')).toEqual(['low'])

      const ids = async (room?: string): Promise<unknown[]> => {
        const sockets: RemoteSocket<never, unknown>[] = await (room === undefined
          ? one.io
          : one.io.in(room)
        ).fetchSockets()
        return sockets.map(({ id }) => id).toSorted()
      }
      expect(await ids()).toEqual([ann.socket.id, bob.socket.id].toSorted())
      one.io.in(bob.socket.id as string).socketsJoin('hall')
      await eventually(async () => expect(await ids('hall')).toEqual([bob.socket.id]))
      one.io.socketsLeave('hall')
      await eventually(async () => expect(await ids('hall')).toEqual([]))
      const gone = once(bob.socket as never, 'disconnect')
      one.io.in(bob.socket.id as string).disconnectSockets(true)
      await gone
      expect(ann.socket.connected).toBe(true)
    })

    it.runIf(name.includes('streams'))('gives back what was missed to who comes back, at another server', async () => {
      const { chats, ann } = await pair(place, adapterOf, true)
      const [one, other] = chats
      const bob = await user(place, one)
      await bob.socket.emitWithAck('join', 'kitchen')
      one.io.to('kitchen').emit('first')
      await eventually(() => expect(bob.heard).toEqual([['first']]))
      const { id, io } = bob.socket
      // The connection is lost, and there is another server behind the same name.
      const lost = once(bob.socket as never, 'disconnect')
      Object.assign(io, { uri: other.url })
      io.engine.close()
      await lost
      for (let i = 0; i < 20; i++) one.io.to('kitchen').emit('missed', i)
      one.io.to('elsewhere').emit('not for bob')
      bob.socket.connect()
      await once(bob.socket as never, 'connect')
      expect(bob.socket.recovered).toBe(true)
      expect(bob.socket.id).toBe(id)
      expect(other.io.of('/').sockets.has(id as string)).toBe(true)
      await eventually(() => expect(bob.heard).toHaveLength(21))
      expect(bob.heard.slice(1)).toEqual(Array.from({ length: 20 }, (_, i) => ['missed', i]))
      // And it is in its room again.
      ann.socket.emit('say', 'kitchen', 'welcome back')
      await eventually(() => expect(bob.heard.at(-1)).toEqual(['said', 'welcome back']))
    })
  })
})
