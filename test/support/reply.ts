/** Reply texts (notation of test/support/redis.ts) as trees, for the rules that look inside a reply. */

export interface Reply {
  /** What opens it: an aggregate's bracket, or '' for anything without elements. */
  readonly open: '' | '[' | '~[' | '>[' | '%{'
  /** The text of a leaf, as it stands; '' for an aggregate. */
  readonly leaf: string
  readonly items: readonly Reply[]
}

const NONE: readonly Reply[] = []

/** Parses one reply. An error text reaches to the end of the reply: none of these families nests an error. */
export function parseReply(text: string): Reply {
  if (text.startsWith('-') || text.startsWith('+')) return { open: '', leaf: text, items: NONE }
  const reader = { text, at: 0 }
  const reply = read(reader)
  if (reader.at !== text.length) throw new Error(`not one reply: ${text}`)
  return reply
}

export function printReply(reply: Reply): string {
  if (reply.open === '') return reply.leaf
  return reply.open + reply.items.map(printReply).join(' ') + (reply.open === '%{' ? '}' : ']')
}

/** The bytes (as latin1) of a bulk, undefined for anything else. */
export function bulkOf(reply: Reply): string | undefined {
  return reply.leaf.startsWith('"') ? (JSON.parse(reply.leaf) as string) : undefined
}

/** Is it nil, null or an aggregate without elements? */
export function isEmptyReply(text: string): boolean {
  return text === 'nil' || text === '_' || text === '[]' || text === '~[]' || text === '%{}'
}

function read(from: { text: string; at: number }): Reply {
  for (const open of ['[', '~[', '>[', '%{'] as const) {
    if (!from.text.startsWith(open, from.at)) continue
    const close = open === '%{' ? '}' : ']'
    const items: Reply[] = []
    from.at += open.length
    while (from.text[from.at] !== close) {
      if (from.at >= from.text.length) throw new Error(`unclosed reply: ${from.text}`)
      if (items.length > 0) from.at++
      items.push(read(from))
    }
    from.at++
    return { open, leaf: '', items }
  }
  const start = from.at
  if (from.text[from.at] === '=' || from.text[from.at] === '!') from.at++
  if (from.text[from.at] === '"') {
    from.at++
    while (from.text[from.at] !== '"') from.at += from.text[from.at] === '\\' ? 2 : 1
    from.at++
  } else {
    while (from.at < from.text.length && !' ]}'.includes(from.text[from.at] as string)) from.at++
  }
  if (from.at === start || from.at > from.text.length) throw new Error(`empty reply in: ${from.text}`)
  return { open: '', leaf: from.text.slice(start, from.at), items: NONE }
}
