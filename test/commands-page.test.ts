/** docs/commands.md leaves nothing out: its list of names has what is in the table, and what a live redis-server lists. */

import { expect, it } from 'vitest'
import { namesOf, redis, spelled } from '../scripts/redis-commands.ts'
import { commands } from '../src/wire/table.ts'
import { parseReply } from './support/reply.ts'
import { redisVersion, startRedis } from './support/redis.ts'
import { textsOf } from './support/unordered.ts'

const names = redis.flatMap(namesOf)

it('names every command once', () => {
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  const known = new Set(names.map(spelled))
  expect([...commands.keys()].filter(name => !known.has(name))).toEqual([])
})

it.skipIf(redisVersion() === undefined)('names what a live redis-server lists', async () => {
  const server = await startRedis()
  if (server === undefined) return
  const client = await server.connect(2)
  const [reply] = await client.send([['COMMAND', 'LIST']])
  await server.stop()
  const listed = textsOf(parseReply(reply as string)).map(name => name.toUpperCase())
  // A command that is nothing without its subcommands.
  const containers = new Set(listed.filter(name => name.includes('|')).map(name => name.slice(0, name.indexOf('|'))))
  const known = new Set(names)
  expect(listed.filter(name => !known.has(name) && !containers.has(name))).toEqual([])
  expect(listed.length).toBeGreaterThan(350)
})
