/** The recipes of docs/testing.md are the files of examples/testing, and those run. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const text = (name: string): string => readFileSync(path.join(root, name), 'utf8')

/** As programs import it. */
const published = (name: string): string =>
  text(`examples/testing/${name}`)
    .replace('../../src/testing/index.ts', 'embedis/testing')
    .replace('../../src/adapters/node/ioredis.ts', 'embedis/ioredis')
    .replace('./limit.ts', './limit.js')

it.each(['limit.ts', 'vitest.ts', 'jest.js', 'node.test.ts'])('docs/testing.md has %s to the letter', name => {
  expect(text('docs/testing.md')).toContain(published(name).trim())
})

describe('vitest', async () => {
  await import('../../examples/testing/vitest.ts')
})

describe('jest', async () => {
  // What jest has as globals vitest has to import.
  Object.assign(globalThis, { afterEach, beforeEach, expect, it })
  const recipe = '../../examples/testing/jest.js'
  await import(recipe)
})

it('node:test', () => {
  const args = ['--import', 'tsx', '--test', path.join(root, 'examples/testing/node.test.ts')]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })
  expect(output).toMatch(/# pass 2|pass 2/)
})
