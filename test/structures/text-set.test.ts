import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { TextSet } from '../../src/structures/text-set.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { parseInteger } from '../../src/util/numbers.ts'
import { byteLength } from '../../src/util/text.ts'

/** The obvious set, and the encoding that Redis' rules give it. */
interface Model {
  members: Set<string>
  encoding: 'intset' | 'listpack' | 'hashtable'
}
interface World {
  version: Version
  set: TextSet
  model: Model
}

const odd = ['', '__proto__', '-0', '01', '+1', '9223372036854775807', '9223372036854775808', 'é', '\udc80']
const long = ['x'.repeat(64), 'é'.repeat(33), 'y'.repeat(65)]
const member = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: -50, max: 700 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
  { weight: 1, arbitrary: fc.constantFrom(...long) },
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add'), member }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete'), member }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('many', 'fewer'), from: fc.nat(600), count: fc.nat(300) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fork', 'snapshot') }) },
) as fc.Arbitrary<
  | { kind: 'add' | 'delete'; member: string }
  | { kind: 'many' | 'fewer'; from: number; count: number }
  | { kind: 'fork' | 'snapshot' }
>

function add({ set, model }: World, name: string): void {
  const isNew = !model.members.has(name)
  expect(set.add(name)).toBe(isNew)
  if (!isNew) return
  model.members.add(name)
  const { size } = model.members
  if (model.encoding === 'intset') {
    if (parseInteger(name) === undefined) model.encoding = 'listpack'
    else if (size > 512) model.encoding = 'hashtable'
  }
  if (model.encoding === 'listpack' && (size > 128 || byteLength(name) > 64)) model.encoding = 'hashtable'
}

function remove({ set, model }: World, name: string): void {
  expect(set.delete(name)).toBe(model.members.delete(name))
}

function copyOf({ members, encoding }: Model): Model {
  return { members: new Set(members), encoding }
}

function compare({ set, model }: World): void {
  set.check()
  expect(set.size).toBe(model.members.size)
  expect(set.encoding).toBe(model.encoding)
  const members: string[] = []
  set.forEach(name => void members.push(name))
  expect(members.length).toBe(model.members.size)
  expect(new Set(members)).toEqual(model.members)
}

describe('TextSet', () => {
  it('agrees with a set in every version', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), step, member), { maxLength: 60, size: 'max' }), steps => {
        const version = newVersion()
        const worlds: World[] = [
          { version, set: new TextSet(version, 5), model: { members: new Set(), encoding: 'intset' } },
        ]
        const frozen: World[] = []
        for (const [which, command, probe] of steps) {
          const world = worlds[which % worlds.length]
          const { model } = world
          if (command.kind === 'add') add(world, command.member)
          else if (command.kind === 'delete') remove(world, command.member)
          else if (command.kind === 'many') {
            for (let k = 0; k < command.count; k++) add(world, String(command.from + k))
          } else if (command.kind === 'fewer') {
            for (let k = 0; k < command.count; k++) remove(world, String(command.from + k))
          } else {
            share(world.version)
            const old = { version: { ...world.version }, set: world.set, model: copyOf(model) }
            world.set = old.set.fork(world.version)
            if (command.kind === 'snapshot') frozen.push(old)
            else if (worlds.length < 4) worlds.push({ ...old, set: old.set.fork(old.version) })
          }
          const { set } = world
          expect(set.has(probe)).toBe(model.members.has(probe))
          const sampled = set.sample(Math.random)
          expect(sampled === undefined ? set.size === 0 : model.members.has(sampled)).toBe(true)
          const scanned = new Set<string>()
          let cursor = 0
          do cursor = set.scan(cursor, 20, name => void scanned.add(name))
          while (cursor !== 0)
          expect(scanned).toEqual(model.members)
          for (const other of worlds) compare(other)
        }
        for (const world of [...worlds, ...frozen]) compare(world)
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})
