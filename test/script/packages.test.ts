/** Every Lua script inside published packages compiles, as on redis-server. */

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { liveServer } from '../support/live.ts'
import { redisVersion } from '../support/redis.ts'
import { embedisSide } from '../support/side.ts'

/** How many scripts each has at least: what is not found is not tested. */
const PACKAGES: Readonly<Record<string, number>> = {
  bullmq: 140,
  'bullmq-5': 115,
  bull: 35,
  'bee-queue': 5,
  redlock: 2,
  'redlock-4': 3,
  'rate-limiter-flexible': 1,
  'rate-limit-redis': 2,
}

/** The texts of files that end in .lua, and of literals in JavaScript that call Redis; each once. */
function scriptsOf(name: string): string[] {
  const root = new URL(`../../node_modules/${name}`, import.meta.url).pathname
  const found = new Set<string>()
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') visit(path)
      } else if (entry.name.endsWith('.lua')) {
        found.add(readFileSync(path, 'utf8'))
      } else if (/\.[cm]?js$/.test(entry.name)) {
        for (const text of literals(readFileSync(path, 'utf8'))) found.add(text)
      }
    }
  }
  if (existsSync(root)) visit(realpathSync(root))
  return [...found]
}

/** Templates without expressions, and strings, whose text calls Redis. */
function literals(source: string): string[] {
  return [...source.matchAll(/`((?:[^`\\]|\\[^])*)`|'((?:[^'\\\n]|\\[^])*)'|"((?:[^"\\\n]|\\[^])*)"/g)]
    .map(([, template, single, double]) => template ?? single ?? double ?? '')
    .filter(text => /redis\.p?call\(/.test(text) && !text.includes('${'))
    .map(text => text.replace(/\\(\r?\n|[^])/g, (_, what: string) => ESCAPES[what] ?? what))
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\n': '', '\r\n': '' }

describe.skipIf(redisVersion() === undefined)('scripts of packages, with a redis-server beside', () => {
  const live = liveServer()
  it.each(Object.keys(PACKAGES))('of %s', async name => {
    const side = embedisSide()
    const commands = scriptsOf(name).map(script => ['SCRIPT', 'LOAD', script])
    expect(await side.send(commands)).toEqual(await live.client.send(commands))
    await side.close()
  })
})

describe('scripts of packages', () => {
  it.each(Object.entries(PACKAGES))('of %s, at least %i', async (name, least) => {
    const scripts = scriptsOf(name)
    const side = embedisSide()
    const replies = await side.send(scripts.map(script => ['SCRIPT', 'LOAD', script]))
    await side.close()
    // The digest, and no error.
    expect(replies.filter(reply => !/^"[0-9a-f]{40}"$/.test(reply))).toEqual([])
    console.log(`${name}: ${scripts.length} scripts`)
    expect(scripts.length).toBeGreaterThanOrEqual(least)
  })
})
