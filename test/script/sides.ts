/** The two ends of a comparison of scripts: a live redis-server, and embedis with its engine behind a socket. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { lua } from '../../src/lua.ts'
import { connectRedis, type RedisClient } from '../support/redis.ts'

export interface Endpoint {
  readonly client: RedisClient
  close(): Promise<void>
}

/** embedis as any client reaches it: what is compared is what comes as bytes. */
export async function embedisEndpoint(resp: 2 | 3 = 2): Promise<Endpoint> {
  const store = new Store({ scripting: lua() })
  const directory = mkdtempSync(join(tmpdir(), 'embedis-scripts-'))
  const path = join(directory, 'socket')
  const server = await listen(store, { path })
  const client = await connectRedis({ path })
  if (resp === 3) await client.hello(3)
  return {
    client,
    close: async () => {
      client.close()
      await server.close()
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
