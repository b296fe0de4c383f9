import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { Hash } from '../../src/structures/hash.ts'
import { emptyShape } from '../../src/structures/shape.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { byteLength } from '../../src/util/text.ts'

/** The obvious hash, and whether Redis would ever have left the listpack. */
interface Model {
  fields: Map<string, string>
  times: Map<string, number>
  timed: boolean
  compact: boolean
}
interface World {
  version: Version
  hash: Hash
  model: Model
}

/** hash-max-listpack-entries. */
const COMPACT = 512
const odd = [
  '',
  '__proto__',
  'constructor',
  '0',
  '10',
  '2',
  'é',
  '\udc80',
  'x'.repeat(64),
  'é'.repeat(33),
  'y'.repeat(65),
]
const field = fc.oneof(
  { weight: 20, arbitrary: fc.nat(300).map(i => `f${i}`) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set'), field, value: field, keep: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete'), field }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('all'), pairs: fc.array(fc.tuple(field, field), { maxLength: 24 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('many', 'fewer'), from: fc.nat(250), count: fc.nat(150) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time'), field, time: fc.nat(50), count: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('due'), now: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fork', 'snapshot') }) },
) as fc.Arbitrary<
  | { kind: 'set'; field: string; value: string; keep: boolean }
  | { kind: 'time'; field: string; time: number; count: number }
  | { kind: 'due'; now: number }
  | { kind: 'delete'; field: string }
  | { kind: 'all'; pairs: [string, string][] }
  | { kind: 'many' | 'fewer'; from: number; count: number }
  | { kind: 'fork' | 'snapshot' }
>

function set({ hash, model }: World, name: string, value: string, keep = false): void {
  expect(hash.set(name, value, keep)).toBe(!model.fields.has(name))
  model.fields.set(name, value)
  if (!keep) model.times.delete(name)
  if (model.fields.size > COMPACT || byteLength(name) > 64 || byteLength(value) > 64) model.compact = false
}

function setAll({ hash, model }: World, pairs: [string, string][]): void {
  const before = model.fields.size
  const added = hash.setAll(pairs.flat())
  for (const [name, value] of pairs) {
    model.fields.set(name, value)
    model.times.delete(name)
    if (model.fields.size > COMPACT || byteLength(name) > 64 || byteLength(value) > 64) model.compact = false
  }
  expect(added).toBe(model.fields.size - before)
}

function remove({ hash, model }: World, name: string): void {
  expect(hash.delete(name)).toBe(model.fields.delete(name))
  model.times.delete(name)
}

function setTime({ hash, model }: World, name: string, time: number): void {
  expect(hash.setTime(name, time)).toBe(model.fields.has(name))
  if (!model.fields.has(name)) return
  if (time === 0) model.times.delete(name)
  else {
    model.times.set(name, time)
    model.timed = true
  }
}

function takeDue({ hash, model }: World, now: number): void {
  const due: string[] = []
  const holds = [...model.fields.keys()].some(name => (model.times.get(name) ?? now) >= now)
  expect(hash.holdsOn(now)).toBe(holds)
  while (hash.earliest < now) due.push(...hash.takeDue(now))
  expect(due.sort()).toEqual([...model.times.keys()].filter(name => (model.times.get(name) as number) < now).sort())
  for (const name of due) {
    model.fields.delete(name)
    model.times.delete(name)
  }
}

function copyOf({ fields, times, timed, compact }: Model): Model {
  return { fields: new Map(fields), times: new Map(times), timed, compact }
}

function compare({ hash, model }: World): void {
  hash.check()
  expect(hash.size).toBe(model.fields.size)
  expect(hash.compact).toBe(model.compact)
  const entries: [string, string][] = []
  const times = new Map<string, number>()
  hash.forEach((name, value, time) => {
    entries.push([name, value])
    if (time !== 0) times.set(name, time)
    expect(hash.time(name)).toBe(time)
  })
  expect(times).toEqual(model.times)
  expect(hash.holdsTimes()).toBe(model.times.size > 0)
  expect(hash.timed).toBe(model.timed)
  expect(hash.earliest).toBeLessThanOrEqual(Math.min(Infinity, ...model.times.values()))
  if (hash.whole) expect(entries).toEqual([...model.fields])
  else expect(new Map(entries)).toEqual(model.fields)
  expect(entries.length).toBe(model.fields.size)
}

describe('Hash', () => {
  it('agrees with a map in every version, in order while it is small', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), step, field), { maxLength: 60, size: 'max' }), steps => {
        const version = newVersion()
        const worlds: World[] = [
          {
            version,
            hash: new Hash(version, 5),
            model: { fields: new Map(), times: new Map(), timed: false, compact: true },
          },
        ]
        const frozen: World[] = []
        for (const [which, command, probe] of steps) {
          const world = worlds[which % worlds.length]
          const { model } = world
          if (command.kind === 'set') set(world, command.field, command.value, command.keep)
          else if (command.kind === 'delete') remove(world, command.field)
          else if (command.kind === 'all') setAll(world, command.pairs)
          else if (command.kind === 'due') takeDue(world, command.now)
          else if (command.kind === 'time') {
            setTime(world, command.field, command.time)
            for (let k = 0; k < command.count * 30; k++) setTime(world, `f${k}`, command.time + k)
          } else if (command.kind === 'many') {
            for (let k = 0; k < command.count; k++) set(world, `f${command.from + k}`, String(k))
          } else if (command.kind === 'fewer') {
            for (let k = 0; k < command.count; k++) remove(world, `f${command.from + k}`)
          } else {
            share(world.version)
            const old = { version: { ...world.version }, hash: world.hash, model: copyOf(model) }
            world.hash = old.hash.fork(world.version)
            if (command.kind === 'snapshot') frozen.push(old)
            else if (worlds.length < 4) worlds.push({ ...old, hash: old.hash.fork(old.version) })
          }
          const { hash } = world
          expect(hash.get(probe)).toBe(model.fields.get(probe))
          expect(hash.has(probe)).toBe(model.fields.has(probe))
          const sampled = hash.sample(Math.random)
          expect(sampled === undefined ? hash.size === 0 : model.fields.has(sampled)).toBe(true)
          const scanned = new Map<string, string>()
          let cursor = 0
          do cursor = hash.scan(cursor, 20, (name, value) => void scanned.set(name, value))
          while (cursor !== 0)
          expect(scanned).toEqual(model.fields)
          for (const other of worlds) compare(other)
        }
        for (const world of [...worlds, ...frozen]) compare(world)
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

describe('Shape', () => {
  it('is one object for the same fields in the same order, as long as there are few', () => {
    const make = (fields: readonly string[]) => fields.reduce((shape, name) => shape.with(name), emptyShape())
    expect(make(['a', 'b'])).toBe(make(['a', 'b']))
    expect(make(['a', 'b'])).not.toBe(make(['b', 'a']))
    expect(make(['a', 'b', 'c']).without(1)).toBe(make(['a', 'c']))
    const wide = Array.from({ length: 40 }, (_, i) => `w${i}`)
    expect(make(wide)).not.toBe(make(wide))
    expect(make(wide).fields).toEqual(wide)
  })

  it('finds what it has, in every form', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.nat(60).map(i => `f${i}`),
            fc.constantFrom(...odd),
          ),
          { maxLength: 60 },
        ),
        names => {
          let shape = emptyShape()
          const fields: string[] = []
          for (const one of names) {
            const at = fields.indexOf(one)
            expect(shape.find(one)).toBe(at)
            if (at < 0) {
              shape = shape.with(one)
              fields.push(one)
            } else if (fields.length % 3 !== 0) {
              shape = shape.without(at)
              fields.splice(at, 1)
            }
            expect(shape.fields).toEqual(fields)
          }
        },
      ),
    )
  })

  it('goes on sharing after ever new names', () => {
    for (let i = 0; i < 10_000; i++) emptyShape().with(`once${i}`)
    const hash = new Hash(newVersion(), 1)
    for (const name of ['a', 'b', 'c']) hash.set(name, name)
    hash.check()
    expect(emptyShape().with('a').with('b')).toBe(emptyShape().with('a').with('b'))
  })
})
