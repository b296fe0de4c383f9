import { chmodSync } from 'node:fs'
import { createServer, isIP, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { keyspaceOf } from '../../install.ts'
import type { Store } from '../../index.ts'
import { clientsOf } from '../../session/clients.ts'
import { Connection } from '../connection.ts'

export interface ListenOptions {
  /** The TCP port; 0, the default, takes a free one. */
  port?: number
  /** The address to listen on, 127.0.0.1 by default. One that others can reach needs a password. */
  host?: string
  /** A Unix socket in place of a port. */
  path?: string
  /** What clients must give by AUTH. */
  password?: string
  /** Speaks TLS, with these certificates. */
  tls?: TlsOptions
  /** How many clients there may be at once; 10,000 by default. */
  maxClients?: number
  /** Bytes of replies that a client may leave unread before no more of its commands are read; 16 MB by default. */
  maxUnread?: number
  /** Bytes of messages that a client may leave unread before it is disconnected; 32 MB by default, as in Redis. */
  maxUnreadMessages?: number
}

/** A store that clients can reach. */
export interface Server {
  /** Where it is: `redis://127.0.0.1:6379`, `rediss://…` with TLS, or `unix:///path`. */
  readonly url: string
  /** The port; 0 of a Unix socket. */
  readonly port: number
  readonly host: string
  readonly path: string | undefined
  /** Ends all connections and takes no more; the store stays open. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const MEGABYTE = 1 << 20

/**
 * Lets clients reach a store over RESP: `const server = await listen(store, { port: 6379 })`. Listens on 127.0.0.1 unless
 * told otherwise. Rejects when the port is taken, or when others could reach the store without a password.
 */
export async function listen(store: Store, options: ListenOptions = {}): Promise<Server> {
  const { port = 0, host = '127.0.0.1', path, password, tls, maxClients = 10_000 } = options
  const { maxUnread = 16 * MEGABYTE, maxUnreadMessages = 32 * MEGABYTE } = options
  const { databases } = keyspaceOf(store)
  const clients = clientsOf(databases)
  if (password !== undefined) clients.users.default.passwords.add(password)
  if (path === undefined && !isLoopback(host) && !clients.users.locked) {
    throw new TypeError(`${host} can be reached by others: give a password, or listen on 127.0.0.1`)
  }
  const sockets = new Set<Socket>()

  const accept = (socket: Socket): void => {
    if (sockets.size >= maxClients) {
      socket.on('error', () => {})
      socket.end('-ERR max number of clients reached\r\n')
      return
    }
    sockets.add(socket)
    socket.setNoDelay(true)
    const local = path === undefined ? addressOf(socket.localAddress, socket.localPort) : `${path}:0`
    const connection = new Connection(databases, {
      address: path === undefined ? addressOf(socket.remoteAddress, socket.remotePort) : `${path}:0`,
      localAddress: local,
      write: bytes => {
        if (socket.destroyed) return
        socket.write(bytes)
        // Whoever listens gets more and more without asking for it; whoever asks is no longer heard.
        if (socket.writableLength > maxUnreadMessages && connection.session.subscribedAtAll) socket.destroy()
        else if (socket.writableLength > maxUnread) socket.pause()
      },
      end: () => {
        socket.destroySoon()
      },
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
    })
    socket.on('data', piece => connection.receive(piece))
    socket.on('drain', () => socket.resume())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      connection.closed()
    })
  }

  const server: NetServer = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (path === undefined) server.listen(port, host, resolve)
    else server.listen(path, resolve)
  })
  if (path !== undefined) chmodSync(path, 0o600)
  const bound = server.address()
  const actual = bound !== null && typeof bound === 'object' ? bound.port : 0
  const close = async (): Promise<void> => {
    const ended = new Promise<void>(resolve => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await ended
  }
  const shown = host.includes(':') ? `[${host}]` : host
  return {
    url: path === undefined ? `redis${tls === undefined ? '' : 's'}://${shown}:${actual}` : `unix://${path}`,
    port: actual,
    host,
    path,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function addressOf(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '?:0'
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
