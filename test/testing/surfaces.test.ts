/** What holds for all commands: a store under test that nothing is planned for answers as any other. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { families } from '../../src/commands/index.ts'
import { gather } from '../../src/install.ts'
import { lua } from '../../src/lua.ts'
import { createTestStore } from '../../src/testing/index.ts'
import { argvOf, type Command, commands } from '../../src/wire/table.ts'
import type { Case } from '../derived/case.ts'
import { stateOf } from '../support/state.ts'

const folder = path.resolve(import.meta.dirname, '../derived')
const files = readdirSync(folder).filter(name => name.endsWith('.ts') && !/derived\.test|^case/.test(name))
const modules = (await Promise.all(files.map(name => import(`${folder}/${name}`)))) as { cases: readonly Case[] }[]
const cases = modules.flatMap(module => module.cases)

type Methods = Record<string, (...args: unknown[]) => unknown>

async function outcome(call: () => unknown): Promise<unknown> {
  try {
    return { value: await call() }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function prepared<S extends Store>(store: S, one: Case): S {
  for (const argv of one.setup ?? []) store.call(...argv)
  return store
}

/** False when no command can be made of the arguments: the method refuses them itself, and nobody is sent anything. */
function isSpelled({ method, args }: Case): boolean {
  const command = [...commands.values()].find(other => other.method === method && other.typed) as Command
  const family = families.find(({ ops }) => Object.hasOwn(ops, method))
  const at = family?.rest[method]
  try {
    argvOf(command, at === undefined ? args : gather([...args], at))
    return true
  } catch {
    return false
  }
}

const plain = (one: Case): Store => prepared(new Store({ host: new VirtualHost(), scripting: lua() }), one)
const test = (one: Case): ReturnType<typeof createTestStore> => prepared(createTestStore({ scripting: lua() }), one)

const spelled = cases.filter(isSpelled)

it('of nearly all lines a command can be made', () => {
  expect(cases.length - spelled.length).toBeLessThan(20)
})

describe.each(spelled.map((one, i) => [`${i} ${one.method}`, one] as const))('%s', (_, one) => {
  const call = (store: object): unknown => (store as Methods)[one.method](...structuredClone(one.args))

  it('answers the same, as a method, as bytes, in a queue and in a transaction', async () => {
    const [a, b] = [plain(one), test(one)]
    b.log.clear()
    expect(await outcome(() => call(b))).toEqual(await outcome(() => call(a)))
    expect(b.log.entries).toHaveLength(1)
    expect(stateOf(b)).toBe(stateOf(a))
    const [c, d] = [plain(one), test(one)]
    expect(await outcome(() => call(d.bytes))).toEqual(await outcome(() => call(c.bytes)))
    const [e, f] = [plain(one), test(one)]
    f.log.clear()
    const queued = (store: Store) => (call(store.multi()) as { exec(): unknown[] }).exec()
    expect(await outcome(() => queued(f))).toEqual(await outcome(() => queued(e)))
    expect(f.log.entries).toHaveLength(1)
    expect(stateOf(f)).toBe(stateOf(e))
    const [g, h] = [plain(one), test(one)]
    // In a list, because a transaction does not take a promise.
    const within = async (store: Store) => (store.transaction(tx => [call(tx)]) as unknown[])[0]
    expect(await outcome(() => within(h))).toEqual(await outcome(() => within(g)))
  })

  it('is refused before it does anything, and tells the caller after it was done', async () => {
    const store = test(one)
    const before = stateOf(store)
    const fault = store.faults.add({ error: 'ERR planned' })
    expect(await outcome(() => call(store))).toEqual({ error: 'ERR planned' })
    expect(stateOf(store)).toBe(before)
    fault.remove()
    const done = plain(one)
    const answer = (await outcome(() => call(done))) as { error?: string }
    store.faults.add({ disconnect: 'after' })
    const error = answer.error ?? 'read ECONNRESET'
    expect(await outcome(() => call(store))).toEqual({ error })
    expect(stateOf(store)).toBe(stateOf(done))
  })
})

it('every kind of call of a wrong type is a TypeError as ever', () => {
  const store = createTestStore({ strict: true, scripting: lua() })
  expect(() => store.set('a', {} as never)).toThrow(TypeError)
  expect(() => store.call()).toThrow('a command must have a name')
  expect(() => store.call('NONE')).toThrow(ReplyError)
})
