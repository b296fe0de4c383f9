import type { Tree } from '../api/server.ts'

/** A status. */
export function status(text: string): Tree {
  return { status: text }
}

export const ok: Tree = status('OK')

/** Lines of help. */
export function statuses(...texts: readonly string[]): Tree {
  return texts.map(status)
}

/** Names and values in turns. */
export function mapOf(...pairs: readonly (readonly [string, Tree])[]): Tree {
  return new Map(pairs)
}
