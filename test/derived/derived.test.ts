import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { families } from '../../src/commands/index.ts'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { gather, keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { lua } from '../../src/lua.ts'
import { persistence } from '../../src/persist/index.ts'
import { RemoteStore } from '../../src/remote/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { fromBytes } from '../../src/util/text.ts'
import type { Raw } from '../../src/wire/reply.ts'
import { argvOf, commands, paramsOf } from '../../src/wire/table.ts'
import { stateOf } from '../support/state.ts'
import type { Case } from './case.ts'

/**
 * What holds for every command, whatever it means. A command takes part by its lines in the files beside this one; one
 * without a line fails the first test.
 */

const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.ts') && !/derived\.test|^case/.test(name))
const modules = (await Promise.all(files.map(name => import(`./${name}`)))) as { cases: readonly Case[] }[]
const cases = modules.flatMap(module => module.cases)
const byMethod = new Map([...commands.values()].filter(({ typed }) => typed).map(command => [command.method, command]))
const restOf = new Map(families.flatMap(family => Object.entries(family.rest)))

type Methods = Record<string, (...args: unknown[]) => unknown>

function prepared(one: Case): Store {
  const store = new Store({ host: new VirtualHost(), scripting: lua() })
  for (const argv of one.setup ?? []) store.call(...argv)
  return store
}

type Outcome = { value: unknown } | { error: string }

/** What a call answered or threw, as something to compare. */
function outcome(call: () => unknown): Outcome {
  try {
    return { value: call() }
  } catch (error) {
    return refused(error)
  }
}

function refused(error: unknown): Outcome {
  if (error instanceof ReplyError) return { error: error.message }
  throw error
}

/** The same of a call that may answer a promise. */
async function settled(call: () => unknown): Promise<Outcome> {
  try {
    return { value: await call() }
  } catch (error) {
    return refused(error)
  }
}

/** Bytes as the text they are. */
function decoded(value: unknown): unknown {
  if (value instanceof Uint8Array) return fromBytes(value)
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value === 'object' && value !== null) {
    const copy = Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>
    for (const [name, inner] of Object.entries(value)) copy[name] = decoded(inner)
    return copy
  }
  return value
}

/** A map, which is a list of pairs where text is bytes, as the record that it is otherwise. */
function asRecord(value: unknown, expected: unknown): unknown {
  const wanted = (expected as { value?: unknown }).value
  const isRecord = typeof wanted === 'object' && wanted !== null && Object.getPrototypeOf(wanted) === null
  if (!isRecord || !Array.isArray(value)) return value
  return Object.assign(Object.create(null), Object.fromEntries(value as [string, string][]))
}

function argvText(one: Case): { argv: string[]; again: string[] } {
  const command = byMethod.get(one.method)
  if (command === undefined) throw new Error(`${one.method} has no row`)
  const at = restOf.get(one.method)
  const given = at === undefined ? one.args : gather([...one.args], at)
  const text = (params: readonly unknown[]): string[] =>
    argvOf({ ...command, arrange: params === given ? command.arrange : undefined }, params).argv.map(arg =>
      arg instanceof Uint8Array ? fromBytes(arg) : String(arg),
    )
  const argv = text(given)
  return { argv, again: text(paramsOf(command, argv, 16)) }
}

it('every command has a line', () => {
  const with_ = new Set(cases.map(one => one.method))
  expect([...byMethod.keys()].filter(method => !with_.has(method))).toEqual([])
  expect([...with_].filter(method => !byMethod.has(method))).toEqual([])
})

for (const one of cases) {
  const name = `${one.method}(${JSON.stringify(one.args, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)).slice(1, -1)})`
  describe(name, () => {
    it('is spelled as it is read', async () => {
      // A call that is refused need not be readable: its words may be what is refused.
      if ('error' in (await settled(() => (prepared(one) as unknown as Methods)[one.method](...one.args)))) return
      const { argv, again } = argvText(one)
      expect(again).toEqual(argv)
    })

    it('means the same typed, by bytes, remote and by name', async () => {
      const typed = prepared(one)
      const expected = await settled(() => (typed as unknown as Methods)[one.method](...one.args))

      const bytes = prepared(one)
      const view = bytes.bytes as unknown as Methods
      expect(await settled(async () => asRecord(decoded(await view[one.method](...one.args)), expected))).toEqual(
        decoded(expected),
      )

      const far = prepared(one)
      const remote = new RemoteStore(async argv => far.call(...argv) as Raw) as unknown as Methods
      expect(await settled(() => remote[one.method](...one.args))).toEqual(expected)

      const named = prepared(one)
      outcome(() => named.call(...argvText(one).argv))
      const state = stateOf(typed)
      for (const other of [bytes, far, named]) expect(stateOf(other)).toBe(state)
    })

    it('is the same again from its effects, and from a snapshot', async () => {
      const log: [number, EffectArg[]][] = []
      const store = prepared(one)
      keyspaceOf(store).databases.attach({
        append: (db, argv) => void log.push([db, [...argv]]),
        commit: () => {},
        mark: () => ({}),
        rollback: () => {},
      })
      const before = stateOf(store)
      await settled(() => (store as unknown as Methods)[one.method](...one.args))
      const after = stateOf(store)
      // PFCOUNT is a reader that may keep what it counted.
      const reads = byMethod.get(one.method)?.flags.includes('readonly') && one.method !== 'pfcount'
      if (reads) expect([after, log]).toEqual([before, []])
      const replayed = prepared(one)
      for (const [db, argv] of log) replayed.db(db).call(...argv)
      expect(stateOf(replayed)).toBe(after)

      const driver = new MemoryDriver()
      const host = new VirtualHost()
      const open = (): Promise<Store> =>
        Store.open({ host, scripting: lua(), persistence: persistence(async () => driver) })
      const kept = await open()
      for (const argv of one.setup ?? []) kept.call(...argv)
      await settled(() => (kept as unknown as Methods)[one.method](...one.args))
      // Its chance is its own, so that SPOP may have taken another member.
      const content = stateOf(kept)
      await kept.rewrite()
      await kept.close()
      const loaded = await open()
      expect(stateOf(loaded)).toBe(content)
      await loaded.close()
    })

    it('is taken back', () => {
      const store = prepared(one)
      const before = stateOf(store)
      expect(() =>
        store.transaction(tx => {
          const result = outcome(() => (tx as unknown as Methods)[one.method](...one.args))
          // What may wait is refused by its promise.
          if ('value' in result && result.value instanceof Promise) result.value.catch(() => {})
          throw new Error('back')
        }),
      ).toThrow('back')
      expect(stateOf(store)).toBe(before)
    })
  })
}
