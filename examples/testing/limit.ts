/** The code under test of the recipes: it knows its client, and nothing of embedis. */
import type { Redis } from 'ioredis'

/** Whether the user may do it once more: three times a minute. */
export async function allowed(redis: Redis, user: string): Promise<boolean> {
  const n = await redis.incr(`limit:${user}`)
  if (n === 1) await redis.expire(`limit:${user}`, 60)
  return n <= 3
}
