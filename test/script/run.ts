import type { RedisClient } from '../support/redis.ts'
import type { Snippet } from './corpus.ts'

/** The reply to each snippet, each on an empty store and with scripts that were never run before. */
export async function runSnippets(client: RedisClient, snippets: readonly Snippet[]): Promise<string[]> {
  const replies: string[] = []
  for (const { script, keys, args } of snippets) {
    const [, , , reply] = await client.send([
      ['SELECT', '0'],
      ['FLUSHALL'],
      ['SCRIPT', 'FLUSH'],
      ['EVAL', script, String(keys.length), ...keys, ...args],
    ])
    replies.push(reply as string)
  }
  return replies
}
