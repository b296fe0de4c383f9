/**
 * Lock, rate limit and queue as scripts of Lua: one trip to the store each, the same in the process, over a connection and on Redis.
 * They read the clock of the store, so that programs on several machines agree.
 */
import type { Store } from '../../src/index.ts'
import type { RemoteStore } from '../../src/remote/index.ts'
import type { Verdict } from './fixed-window.ts'

type Scripted = Pick<Store, 'script'> | Pick<RemoteStore, 'script'>

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

export function luaLock(store: Scripted, name: string) {
  const keys = [`lock:${name}`]
  // Only who holds it may give it back, or keep it for longer.
  const release = store.script(`
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])`)
  const extend = store.script(`
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)
  const take = store.script(`
    if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
    return 0`)
  return {
    take: async (token: string, ms: number): Promise<boolean> => (await take.run(keys, [token, ms])) === 1,
    extend: async (token: string, ms: number): Promise<boolean> => (await extend.run(keys, [token, ms])) === 1,
    release: async (token: string): Promise<boolean> => (await release.run(keys, [token])) === 1,
  }
}

/** At most `limit` calls in any `ms` milliseconds. */
export function luaLimit(store: Scripted, limit: number, ms: number) {
  const script = store.script(`${now}
    local limit, ms = tonumber(ARGV[1]), tonumber(ARGV[2])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ms)
    local count = redis.call('ZCARD', KEYS[1])
    if count >= limit then
      local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
      return {0, 0, oldest[2] + ms - now}
    end
    -- Calls of the same moment need names of their own.
    local call = redis.call('INCR', KEYS[2])
    redis.call('ZADD', KEYS[1], now, call)
    for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ms) end
    return {1, limit - count - 1, 0}`)
  return async (caller: string): Promise<Verdict> => {
    const keys = [`window:{${caller}}`, `window:{${caller}}:calls`]
    const [allowed, left, retryAfter] = (await script.run(keys, [limit, ms])) as number[]
    return { allowed: allowed === 1, left, retryAfter }
  }
}

/** A queue whose jobs come back when their worker is not done with them in time. */
export function luaQueue(store: Scripted, name: string) {
  const keys = [`queue:{${name}}`, `queue:{${name}}:taken`]
  const add = store.script(`return redis.call('LPUSH', KEYS[1], unpack(ARGV))`)
  const take = store.script(`${now}
    -- What was taken and not done in time comes first.
    for _, job in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
      redis.call('ZREM', KEYS[2], job)
      redis.call('RPUSH', KEYS[1], job)
    end
    local job = redis.call('RPOP', KEYS[1])
    if job then redis.call('ZADD', KEYS[2], now + ARGV[1], job) end
    return job`)
  const done = store.script(`return redis.call('ZREM', KEYS[2], ARGV[1])`)
  return {
    add: async (...jobs: string[]): Promise<number> => (await add.run(keys, jobs)) as number,
    /** The oldest job, this worker's for `ms` milliseconds; null when there is none. */
    take: async (ms: number): Promise<string | null> => (await take.run(keys, [ms])) as string | null,
    /** False when the time was over, and the job may be somebody else's. */
    done: async (job: string): Promise<boolean> => (await done.run(keys, [job])) === 1,
  }
}
