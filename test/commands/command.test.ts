import { describe, expect, it } from 'vitest'
import { Store } from '../../src/index.ts'
import type { Plain } from '../../src/wire/reply.ts'
import { commands } from '../../src/wire/table.ts'
import { parseReply, type Reply } from '../support/reply.ts'
import { liveServer } from '../support/live.ts'
import { replyText } from '../support/reply-text.ts'

/** Known to differ from 7.0.15, by what they differ in. */
const DIFFERENT: Readonly<Record<string, string>> = {
  // 7.2: WITHSCORE.
  zrank: 'arity',
  zrevrank: 'arity',
  // The keys behind BY, GET, STORE and KEYS, which nobody can find without looking at the words.
  sort: 'keys',
  migrate: 'keys',
  sort_ro: 'keys',
  xread: 'keys',
  xreadgroup: 'keys',
  georadius: 'keys',
  georadiusbymember: 'keys',
}

const names = [...commands.keys()].map(name => name.toLowerCase().replace(' ', '|'))

/** What a reply of COMMAND INFO says of a command, in order where it has none. */
function facts(text: string): Record<string, string> | undefined {
  const [entry] = parseReply(text).items
  if (entry === undefined || entry.items.length === 0) return undefined
  const sorted = (reply: Reply): string =>
    reply.items
      .map(one => one.leaf)
      .sort()
      .join(' ')
  const specs = entry.items[8].items.map(spec => {
    const parts: string[] = []
    for (let i = 0; i < spec.items.length; i += 2) {
      const name = spec.items[i].leaf
      if (name === '"flags"') parts.push(sorted(spec.items[i + 1]))
      else if (name !== '"notes"') parts.push(name + JSON.stringify(spec.items[i + 1]))
    }
    return parts.join(' ')
  })
  return {
    arity: entry.items[1].leaf,
    flags: sorted(entry.items[2]),
    places: [3, 4, 5].map(i => entry.items[i].leaf).join(' '),
    categories: sorted(entry.items[6]),
    keys: specs.join('\n'),
  }
}

describe('COMMAND INFO', () => {
  const live = liveServer()

  it('says of every command what the live server says', async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    const store = new Store()
    const theirs = await client.send(names.map(name => ['COMMAND', 'INFO', name]))
    let compared = 0
    for (const [i, name] of names.entries()) {
      const expected = facts(theirs[i])
      // A later Redis has it.
      if (expected === undefined) continue
      const got = facts(replyText(store, ['COMMAND', 'INFO', name], 2))
      const but = DIFFERENT[name] ?? ''
      expect({ name, ...got, [but]: '' }).toEqual({ name, ...expected, [but]: '' })
      compared++
    }
    expect(compared).toBeGreaterThan(150)
  })

  it('has version and group of every command as the live server has them', async ({ skip }) => {
    const { server, client } = live
    if (server === undefined) return skip()
    const store = new Store()
    const containers = ['client', 'config', 'command', 'object', 'memory', 'slowlog', 'latency']
    for (const name of [...names, ...containers]) {
      const expected = docsOf(await client.one('COMMAND', 'DOCS', name))
      if (expected.size === 0) continue
      const got = docsOf(replyText(store, ['COMMAND', 'DOCS', name], 2))
      for (const fact of ['"since"', '"group"'])
        expect([name, fact, got.get(fact)]).toEqual([name, fact, expected.get(fact)])
    }
  })
})

/** The facts of COMMAND DOCS about one command by name, as leaves. */
function docsOf(text: string): Map<string, string> {
  const [, facts] = parseReply(text).items
  const found = new Map<string, string>()
  for (let i = 0; i < (facts?.items.length ?? 0); i += 2) found.set(facts.items[i].leaf, facts.items[i + 1].leaf)
  return found
}

describe('COMMAND', () => {
  const store = new Store()

  it('lists every command once, containers with what is in them', () => {
    const all = store.call('COMMAND') as Plain[][]
    expect(store.call('COMMAND', 'COUNT')).toBe(all.length)
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length)
    const config = all.find(([name]) => name === 'config') as Plain[]
    expect((config[9] as Plain[][]).map(([name]) => name)).toContain('config|get')
    const listed = store.call('COMMAND', 'LIST') as string[]
    expect(new Set(listed).size).toBe(listed.length)
    for (const name of names) expect(listed).toContain(name)
    expect((store.call('COMMAND', 'LIST', 'FILTERBY', 'ACLCAT', 'sortedset') as string[]).sort()).toContain('zadd')
    expect(store.call('COMMAND', 'LIST', 'FILTERBY', 'PATTERN', 'ZUNION*')).toEqual(['zunion', 'zunionstore'])
  })

  it('has version and group of each in DOCS', () => {
    const docs = store.call('COMMAND', 'DOCS', 'GET', 'config', 'none') as Map<Plain, Map<Plain, Plain>>
    expect(docs.get('get')?.get('group')).toBe('string')
    const config = docs.get('config') as Map<Plain, Map<Plain, Plain>>
    expect([...(config.get('subcommands') as Map<Plain, Plain>).keys()]).toContain('config|set')
    expect(docs.size).toBe(2)
    expect((store.call('COMMAND', 'DOCS') as Map<Plain, Plain>).size).toBe(store.call('COMMAND', 'COUNT'))
  })
})
