import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { connect, createServer, isIP, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Databases } from '../../databases.ts'
import { ReplyError } from '../../errors.ts'
import { keyspaceOf } from '../../install.ts'
import type { Store } from '../../index.ts'
import type { Users } from '../../session/acl.ts'
import { clientsOf } from '../../session/clients.ts'
import { Cluster, type ClusterNode } from '../../session/cluster.ts'
import { Connection } from '../connection.ts'
import { withScripts } from '../scripts.ts'

export interface ListenOptions {
  /** The TCP port; 0, the default, takes a free one. The nodes of a cluster take this one and those after it. */
  port?: number
  /** The address to listen on, 127.0.0.1 by default. One that others can reach needs a password. */
  host?: string
  /** A Unix socket in place of a port. */
  path?: string
  /** What clients must give by AUTH. */
  password?: string
  /** Other users, by name, with their rules as ACL SETUSER takes them: `on >secret ~cache:* +@read`, or a list of rules. */
  users?: Readonly<Record<string, string | readonly string[]>>
  /** Speaks TLS, with these certificates. */
  tls?: TlsOptions
  /**
   * Answers as a cluster: `true` as one node that has all slots, `{ nodes: 3 }` as so many nodes with a port and a share of
   * the slots each. Behind all of them is the same store. `announce` is the address that clients are sent to, `host` by
   * default.
   */
  cluster?: boolean | { nodes: number; announce?: string }
  /** How many clients there may be at once; 10,000 by default. */
  maxClients?: number
  /** Bytes of replies that a client may leave unread before no more of its commands are executed; 16 MB by default. */
  maxUnread?: number
  /** Bytes of messages that a client may leave unread before it is disconnected; 32 MB by default, as in Redis. */
  maxUnreadMessages?: number
  /** Disconnects clients that have sent nothing for so many seconds and wait for nothing; 0, never, by default. */
  timeout?: number
  /** What SHUTDOWN does, after it has written a snapshot if it was told to; refused when left out. */
  onShutdown?: () => void | Promise<void>
}

/** A store that clients can reach. */
export interface Server {
  /** Where it is: `redis://127.0.0.1:6379`, `rediss://…` with TLS, or `unix:///path`. */
  readonly url: string
  /** The port; 0 of a Unix socket. */
  readonly port: number
  readonly host: string
  readonly path: string | undefined
  /** Where each node of a cluster is, for `new Redis.Cluster(server.nodes)`; of what is none, the one place it is at. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  /** Ends all connections and takes no more; the store stays open. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const MEGABYTE = 1 << 20
/** How long a client that does not read may keep `close` waiting for what it has been sent, in milliseconds. */
const LAST_WORDS = 500

/**
 * Lets clients reach a store over RESP: `const server = await listen(store, { port: 6379 })`. Listens on 127.0.0.1 unless
 * told otherwise. Rejects when the port is taken, or when others could reach the store without a password.
 */
export async function listen(store: Store, options: ListenOptions = {}): Promise<Server> {
  check(options)
  withScripts(store)
  const { port = 0, host = '127.0.0.1', path, tls, maxClients = 10_000, onShutdown } = options
  const { databases } = keyspaceOf(store)
  const clients = clientsOf(databases)
  const cluster = clusterOf(options, host, databases)
  const sockets = new Map<Socket, Connection>()
  const servers: NetServer[] = []

  const closing = async (): Promise<void> => {
    const ended = servers.map(server => new Promise<void>(resolve => server.close(() => resolve())))
    for (const [socket, connection] of sockets) {
      connection.closed()
      part(socket)
    }
    await Promise.all(ended)
  }
  const places: { host: string; port: number }[] = []
  const asBefore = clients.users.remember()
  try {
    // Before anybody can connect: who is let in stays in.
    admit(clients.users, options)
    if (path === undefined && !isLoopback(host) && !clients.users.locked) {
      throw new TypeError(`${host} can be reached by others: give a password, or listen on 127.0.0.1`)
    }
    for (const node of cluster?.nodes ?? [undefined]) {
      const accept = acceptor(databases, options, sockets, node)
      const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
      // Whoever has not finished the handshake has a socket all the same.
      if (tls !== undefined) server.maxConnections = maxClients + 64
      const at = port === 0 ? 0 : port + places.length
      await (path === undefined ? bind(server, { port: at, host }) : bindPath(server, path))
      servers.push(server)
      const bound = server.address()
      const actual = bound !== null && typeof bound === 'object' ? bound.port : 0
      places.push({ host: node?.host ?? host, port: actual })
      if (node !== undefined) node.port = actual
    }
  } catch (error) {
    asBefore()
    await closing()
    throw error
  }
  const [{ port: first }] = places
  clients.most = maxClients
  clients.port = first
  clients.clustered = cluster !== undefined
  if (onShutdown !== undefined) clients.shutdown = onShutdown
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    if (clients.port === first) {
      clients.port = 0
      clients.clustered = false
    }
    if (clients.shutdown === onShutdown) clients.shutdown = null
    closed ??= closing()
    return closed
  }
  const shown = host.includes(':') ? `[${host}]` : host
  return {
    url: path === undefined ? `redis${tls === undefined ? '' : 's'}://${shown}:${first}` : `unix://${path}`,
    port: first,
    host,
    path,
    nodes: places,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Lets in those who know their passwords. */
function admit(known: Users, { password, users = {} }: ListenOptions): void {
  try {
    // One that is there already is not forgotten: several servers may have a password each.
    if (password !== undefined && known.locked) known.set('default', [`>${password}`])
    else if (password !== undefined) known.require(password)
    for (const [name, rules] of Object.entries(users)) {
      for (const lost of known.set(name, typeof rules === 'string' ? rules.split(/\s+/) : rules)) lost.close()
    }
  } catch (error) {
    if (error instanceof ReplyError) throw new TypeError(`users: ${error.message.slice(error.code.length + 1)}`)
    throw error
  }
}

/** Takes up the clients of one node, or of all there is. */
function acceptor(
  databases: Databases,
  options: ListenOptions,
  sockets: Map<Socket, Connection>,
  node: ClusterNode | undefined,
): (socket: Socket) => void {
  const { path, maxClients = 10_000, timeout = 0 } = options
  const { maxUnread = 16 * MEGABYTE, maxUnreadMessages = 32 * MEGABYTE } = options
  return socket => {
    socket.on('error', () => socket.destroy())
    if (sockets.size >= maxClients) {
      // What it has sent is not read, and would make the end a reset that may take the line away.
      socket.resume()
      socket.end('-ERR max number of clients reached\r\n')
      setTimeout(() => socket.destroy(), LAST_WORDS).unref()
      return
    }
    socket.setNoDelay(true)
    const connection = new Connection(databases, {
      address: path === undefined ? addressOf(socket.remoteAddress, socket.remotePort) : `${path}:0`,
      localAddress: path === undefined ? addressOf(socket.localAddress, socket.localPort) : `${path}:0`,
      node,
      write: bytes => {
        if (socket.destroyed || socket.write(bytes)) return true
        // Whoever listens gets more and more without asking for it; whoever asks is no longer heard.
        const unread = socket.writableLength
        if (unread > maxUnreadMessages && connection.session.receivesMessages) socket.destroy()
        return unread <= maxUnread
      },
      end: () => part(socket),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
    })
    sockets.set(socket, connection)
    socket.on('data', piece => connection.receive(piece))
    socket.on('drain', () => connection.drained())
    socket.on('close', () => {
      sockets.delete(socket)
      connection.closed()
    })
    if (timeout > 0) {
      const { session } = connection
      // As in Redis, those who wait for something are not idle.
      socket.setTimeout(timeout * 1000, () => {
        if (!session.waiting && !session.receivesMessages) socket.destroy()
      })
    }
  }
}

/** Ends a connection when what was written is sent, but does not wait long for a client that does not read. */
function part(socket: Socket): void {
  if (socket.writableLength === 0) {
    socket.destroySoon()
    return
  }
  socket.destroySoon()
  setTimeout(() => socket.destroy(), LAST_WORDS).unref()
}

function bind(server: NetServer, to: { port: number; host: string } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(to, () => {
      server.off('error', reject)
      // A connection that could not be taken, for want of descriptors: the others go on.
      server.on('error', () => {})
      resolve()
    })
  })
}

/** A socket file that a process left behind when it was killed is taken over, one that somebody listens on is not. */
async function bindPath(server: NetServer, path: string): Promise<void> {
  try {
    await bind(server, { path })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !(await isAbandoned(path))) throw error
    rmSync(path)
    await bind(server, { path })
  }
  chmodSync(path, 0o600)
}

function isAbandoned(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return Promise.resolve(false)
  return new Promise(resolve => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

function clusterOf({ cluster }: ListenOptions, host: string, databases: Databases): Cluster | undefined {
  if (cluster === undefined || cluster === false) return undefined
  const { nodes, announce = host } = cluster === true ? { nodes: 1 } : cluster
  return new Cluster(announce, nodes, databases.random)
}

/** Throws a TypeError that names the first option that cannot be. */
function check(options: ListenOptions): void {
  const { cluster, path } = options
  for (const name of ['maxClients', 'maxUnread', 'maxUnreadMessages', 'timeout'] as const) {
    const given: unknown = options[name]
    if (given === undefined || (typeof given === 'number' && given >= 0)) continue
    throw new TypeError(`${name} must be a number that is not negative`)
  }
  if (cluster === undefined || cluster === false) return
  if (path !== undefined) throw new TypeError('a cluster is reached by ports, not by a path')
  const { nodes } = cluster === true ? { nodes: 1 } : cluster
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 1000) {
    throw new TypeError('nodes must be a whole number from 1 to 1000')
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function addressOf(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '?:0'
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
