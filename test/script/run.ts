import type { Snippet } from './corpus.ts'

interface Server {
  send(argvs: readonly (readonly string[])[]): Promise<string[]>
}

/** The reply to each snippet, each on an empty store and with scripts that were never run before. */
export async function runSnippets(server: Server, snippets: readonly Snippet[]): Promise<string[]> {
  const replies: string[] = []
  for (const { script, keys, args } of snippets) {
    const [, , , reply] = await server.send([
      ['SELECT', '0'],
      ['FLUSHALL'],
      ['SCRIPT', 'FLUSH'],
      ['EVAL', script, String(keys.length), ...keys, ...args],
    ])
    replies.push(reply as string)
  }
  return replies
}
