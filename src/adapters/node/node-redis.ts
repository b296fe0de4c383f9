/**
 * node-redis on a store in the same process, without a port:
 *
 * ```ts
 * import { Store } from 'embedis'
 * import { createClient } from 'embedis/node-redis'
 *
 * const store = new Store()
 * const client = await createClient(store).connect()
 * await client.set('greeting', 'hello')
 * store.get('greeting') // 'hello'
 * await client.close()
 * ```
 *
 * node-redis can do nothing but connect to a socket. So there is one, a Unix socket in a directory that only this user may
 * enter: it opens when the first client of a store connects and has gone when the last one is closed.
 */
import { errorMonitor, type EventEmitter } from 'node:events'
import * as redis from 'redis'
import type { RedisClientOptions, RedisFunctions, RedisModules, RedisScripts, RespVersions, TypeMapping } from 'redis'
import type { Store } from '../../index.ts'
import { keyspaceOf } from '../../install.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'

/**
 * A client of node-redis whose server is the store. It takes the options of `createClient` of `redis`, but for those that
 * say where the server is.
 */
export function createClient<
  M extends RedisModules = {},
  F extends RedisFunctions = {},
  S extends RedisScripts = {},
  RESP extends RespVersions = RespVersions,
  T extends TypeMapping = {},
>(
  store: Store,
  options?: Omit<RedisClientOptions<M, F, S, RESP, T>, 'url'>,
): ReturnType<typeof redis.createClient<M, F, S, RESP, T>> {
  return forStore(redis.createClient<M, F, S, RESP, T>, store)(options)
}

/**
 * The same for the `createClient` or `createClientPool` of any version of node-redis from 4 on, or of `@redis/client`:
 * `const createClient = forStore(redis.createClient, store)` is then called in its place, and makes clients of the store.
 */
export function forStore<Create extends (...args: never[]) => object>(create: Create, store: Store): Create {
  const endpoint = endpointOf(store)
  const { index } = keyspaceOf(store)
  const make = (options: ConnectOptions = {}, ...more: never[]): object => {
    const { url: _, ...own } = options
    const socket = { ...own.socket, path: endpoint.path }
    for (const name of ['host', 'port', 'tls'] as const) delete socket[name]
    const database = own.database ?? (index === 0 ? undefined : index)
    const all = { ...own, socket, ...(database === undefined ? {} : { database }) }
    const client = create(...([all, ...more] as unknown as never[]))
    return joined(client as Client, endpoint)
  }
  return make as unknown as Create
}

interface ConnectOptions {
  readonly url?: string
  readonly database?: number
  readonly socket?: { path?: string; host?: string; port?: number; tls?: unknown }
}

/** What clients and pools of all versions have. Those that are no methods of a version are undefined there. */
type Client = EventEmitter & { readonly isOpen: boolean } & Record<
    string,
    ((...args: unknown[]) => unknown) | undefined
  >

/** The methods that end a client, and those that make another one. */
const ends = ['close', 'destroy', 'quit', 'QUIT', 'disconnect']
const makes = ['duplicate', 'createPool']

/** Makes a client open the endpoint before it connects, and leave it when it has come to its end. */
function joined<C extends Client>(client: C, endpoint: Endpoint): C {
  const set = (name: string, method: (...args: unknown[]) => unknown): void => {
    Object.defineProperty(client, name, { value: method, writable: true, configurable: true })
  }
  const leaveIfEnded = (): void => {
    if (!client.isOpen) endpoint.leave(client)
  }
  const { connect } = client
  set('connect', async () => {
    await endpoint.open(client)
    try {
      return await connect?.call(client)
    } finally {
      leaveIfEnded()
    }
  })
  for (const name of ends) {
    const end = client[name]
    if (end === undefined) continue
    set(name, (...args) => {
      const ended = end.apply(client, args)
      if (!(ended instanceof Promise)) {
        leaveIfEnded()
        return ended
      }
      return ended.finally(() => {
        leaveIfEnded()
        return endpoint.settled()
      })
    })
  }
  for (const name of makes) {
    const another = client[name]
    if (another !== undefined) set(name, (...args) => joined(another.apply(client, args) as Client, endpoint))
  }
  client.on('end', leaveIfEnded)
  // A client that gives up after an error says nothing else. To listen for it must not be to handle it.
  client.on(errorMonitor, () => process.nextTick(leaveIfEnded))
  return client
}
