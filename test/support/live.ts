import { afterAll, beforeAll } from 'vitest'
import { type RedisClient, type RedisServer, startRedis } from './redis.ts'

export interface Live {
  /** Undefined where there is no redis-server: then skip. */
  server: RedisServer | undefined
  client: RedisClient
}

/** A redis-server of its own, with a client, for the tests of the block that this is called in. */
export function liveServer(): Live {
  const live = { server: undefined } as unknown as Live
  beforeAll(async () => {
    live.server = await startRedis()
    if (live.server !== undefined) live.client = await live.server.connect()
  })
  afterAll(async () => {
    await live.server?.stop()
  })
  return live
}
