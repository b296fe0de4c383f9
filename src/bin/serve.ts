import { readFileSync } from 'node:fs'
import type { TlsOptions } from 'node:tls'
import { listen, type ListenOptions, type Server } from '../adapters/node/server.ts'
import { directory, type FilesOptions } from '../fs.ts'
import { Store, type StoreOptions } from '../index.ts'
import type { Output } from './output.ts'

export interface ServeOptions {
  readonly store: StoreOptions
  /** Where the data are kept; undefined keeps them in memory alone. */
  readonly dir: string | undefined
  readonly files: FilesOptions
  readonly listen: ListenOptions
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string | undefined } | undefined
  readonly quiet: boolean
}

function tlsOf({ tls }: ServeOptions): TlsOptions | undefined {
  if (tls === undefined) return undefined
  const { cert, key, ca } = tls
  const own = { cert: readFileSync(cert), key: readFileSync(key) }
  if (ca === undefined) return own
  return { ...own, ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }
}

/** Serves until somebody ends it; resolves with the exit code when everything is on disk. */
export async function serve(options: ServeOptions, output: Output): Promise<number> {
  const say = async (text: string): Promise<void> => {
    if (!options.quiet) await output.print(`${text}\n`)
  }
  const tls = tlsOf(options)
  const onError = (error: Error): void => output.complain(`embedis: the log: ${error.message}\n`)
  const store =
    options.dir === undefined
      ? new Store(options.store)
      : await Store.open({ ...options.store, persistence: directory(options.dir, { ...options.files, onError }) })
  let end: (reason: string) => void = () => {}
  const asked = new Promise<string>(resolve => (end = resolve))
  // A second signal ends the process as if nobody listened: for a disk that does not answer.
  const signals = ['SIGINT', 'SIGTERM'] as const
  const handlers = signals.map(signal => () => end(signal))
  signals.forEach((signal, i) => process.once(signal, handlers[i]))
  let server: Server
  try {
    server = await listen(store, { ...options.listen, tls, onShutdown: () => end('SHUTDOWN') })
  } catch (error) {
    await store.close()
    throw error
  }
  const keys = store.stats().keys
  const kept = options.dir === undefined ? 'in memory' : `in ${options.dir}`
  const nodes = server.nodes.length > 1 ? `, ${server.nodes.length} nodes` : ''
  await say(
    `embedis: ready at ${server.url}${nodes}, ${keys} ${keys === 1 ? 'key' : 'keys'} ${kept}, pid ${process.pid}`,
  )
  const reason = await asked
  await say(`embedis: ${reason}, ending`)
  await server.close()
  await store.close()
  await say('embedis: ended')
  return 0
}
