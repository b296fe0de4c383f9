import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { hash } from '../../src/structures/segment.ts'
import { Table } from '../../src/structures/table.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { VirtualHost } from '../../src/host.ts'

const SEED = 7

/** The obvious table. */
type Model = Map<string, { value: number; n: number }>

/** One writer's view: the machine runs several at once and compares each with its own model. */
interface World {
  version: Version
  table: Table<number>
  model: Model
}

/** The inverse of FNV's prime among 32-bit integers: Newton's way, which doubles the right bits each time. */
const PRIME = 0x01000193
let inverse = PRIME
for (let i = 0; i < 5; i++) inverse = Math.imul(inverse, 2 - Math.imul(PRIME, inverse))

/** Below it every sequence of code units is canonical text. */
const SURROGATES = 0xd800

/** `count` different keys with one and the same hash: the last two code units bring the state where it must end. */
function colliding(count: number, seed: number): string[] {
  const keys: string[] = []
  const before = Math.imul(0x1234567, inverse)
  for (let i = 0; keys.length < count; i++) {
    const prefix = `c${i}`
    let h = seed
    for (let k = 0; k < prefix.length; k++) h = Math.imul(h ^ prefix.charCodeAt(k), PRIME)
    for (let unit = 0; unit < SURROGATES; unit++) {
      const last = (Math.imul(h ^ unit, PRIME) ^ before) >>> 0
      if (last >= SURROGATES) continue
      keys.push(prefix + String.fromCharCode(unit, last))
      break
    }
  }
  return keys
}

const crowd = colliding(120, SEED)

const name = fc.oneof(
  { weight: 30, arbitrary: fc.nat(1500).map(i => `k${i}`) },
  { weight: 4, arbitrary: fc.nat(crowd.length - 1).map(i => crowd[i]) },
  { weight: 1, arbitrary: fc.constantFrom('', '__proto__', 'constructor', '\udc80', 'é', 'x'.repeat(300)) },
)

type Step =
  | { kind: 'set' | 'number'; key: string; value: number }
  | { kind: 'delete' | 'overwrite'; key: string }
  | { kind: 'many' | 'fewer'; from: number; count: number; by: number }
  | { kind: 'crowd' | 'disperse'; from: number; count: number }
  | { kind: 'timed'; from: number; count: number; value: number }
  | { kind: 'due' | 'removed'; value: number }
  | { kind: 'fork' | 'snapshot' | 'clear' | 'release' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('set', 'number'), key: name, value: fc.nat(1000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'overwrite'), key: name }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('many', 'many', 'fewer'),
      from: fc.nat(1500),
      count: fc.nat(900),
      by: fc.constantFrom(1, 7, 151),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('crowd', 'disperse'), from: fc.nat(119), count: fc.nat(120) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('due', 'removed'), value: fc.nat(1000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('timed'),
      from: fc.nat(1500),
      count: fc.nat(900),
      value: fc.nat(1000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fork', 'snapshot', 'clear', 'release') }) },
) as fc.Arbitrary<Step>

/** Adds a key, or gives the one that is there a time. */
function addOrTime({ table, model }: World, key: string, n: number): void {
  const entry = model.get(key)
  expect(table.add(key, n)).toBe(entry === undefined)
  if (entry === undefined) model.set(key, { value: n, n: 0 })
  else {
    table.setTimeAt(n)
    entry.n = n
  }
}

function set({ table, model }: World, key: string, value: number): void {
  const entry = model.get(key)
  expect(table.set(key, value)).toBe(entry === undefined)
  expect(table.segment.value(table.at)).toBe(value)
  expect(table.timeAt()).toBe(entry?.n ?? 0)
  if (entry === undefined) model.set(key, { value, n: 0 })
  else entry.value = value
}

function run(world: World, command: Step, worlds: World[], frozen: World[]): void {
  const { table, model } = world
  switch (command.kind) {
    case 'set':
      set(world, command.key, command.value)
      return
    case 'number':
      addOrTime(world, command.key, command.value)
      return
    case 'overwrite': {
      const entry = model.get(command.key)
      expect(table.find(command.key)).toBe(entry !== undefined)
      if (entry === undefined) return
      table.setAt(-1)
      entry.value = -1
      return
    }
    case 'delete':
      expect(table.delete(command.key)).toBe(model.delete(command.key))
      return
    case 'many':
      for (let k = 0; k < command.count; k++) set(world, `k${command.from + k * command.by}`, k)
      return
    case 'fewer':
      for (let k = 0; k < command.count; k++) {
        const key = `k${command.from + ((k * command.by) % command.count)}`
        expect(table.delete(key)).toBe(model.delete(key))
      }
      return
    case 'crowd':
    case 'disperse':
      for (let k = 0; k < command.count; k++) {
        const key = crowd[(command.from + k) % crowd.length]
        if (command.kind === 'crowd') set(world, key, k)
        else expect(table.delete(key)).toBe(model.delete(key))
      }
      return
    case 'timed':
      for (let k = 0; k < command.count; k++) {
        const key = `k${command.from + k}`
        const entry = model.get(key)
        expect(table.find(key)).toBe(entry !== undefined)
        if (entry === undefined) continue
        table.setTimeAt(command.value + (k % 5))
        entry.n = command.value + (k % 5)
      }
      return
    case 'due':
    case 'removed': {
      const due = [...model].filter(([, { n }]) => n !== 0 && n < command.value).map(([key]) => key)
      const taken: string[] = []
      while (table.earliest < command.value) {
        const removed = command.kind === 'removed'
        for (const key of removed ? table.removeDue(command.value) : table.takeDue(command.value)) {
          taken.push(key)
          expect(table.delete(key)).toBe(!removed)
          model.delete(key)
        }
        if (removed) table.check()
      }
      expect(taken.sort()).toEqual(due.sort())
      return
    }
    case 'clear':
      table.clear()
      model.clear()
      return
    case 'fork': {
      share(world.version)
      const version = { ...world.version }
      world.table = table.fork(world.version)
      if (worlds.length < 4) worlds.push({ version, table: table.fork(version), model: copyOf(model) })
      return
    }
    case 'snapshot':
      share(world.version)
      frozen.push({ version: { ...world.version }, table, model: copyOf(model) })
      world.table = table.fork(world.version)
      return
    case 'release':
      // Only when nobody else sees what this writer sees.
      if (worlds.length === 1 && frozen.length === 0) world.version.floor = 0
  }
}

function copyOf(model: Model): Model {
  return new Map([...model].map(([key, entry]) => [key, { ...entry }]))
}

function compare({ table, model }: World): void {
  table.check()
  expect(table.size).toBe(model.size)
  const entries: Model = new Map()
  table.forEach((key, value, n) => void entries.set(key, { value, n }))
  expect(entries).toEqual(model)
}

function compareReads({ table, model }: World, key: string): void {
  const entry = model.get(key)
  expect(table.has(key)).toBe(entry !== undefined)
  expect(table.get(key)).toBe(entry?.value)
  if (table.find(key)) expect(table.timeAt()).toBe(entry?.n)
  const sampled = table.sample(Math.random)
  expect(sampled === undefined ? model.size === 0 : model.has(sampled)).toBe(true)
}

describe('Table', () => {
  it('agrees with a map in every version', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), step, name), { maxLength: 60, size: 'max' }), steps => {
        const version = newVersion()
        const worlds: World[] = [{ version, table: new Table(version, SEED), model: new Map() }]
        const frozen: World[] = []
        for (const [which, command, key] of steps) {
          const world = worlds[which % worlds.length]
          run(world, command, worlds, frozen)
          world.table.check()
          compareReads(world, key)
          for (const other of worlds) compare(other)
        }
        for (const world of [...worlds, ...frozen]) compare(world)
      }),
      { numRuns: 24 },
    )
  }, 120_000)

  it('finds a key that is not canonical as the one that is', () => {
    const table = new Table<number>(newVersion(), SEED)
    // Escapes that spell a character, a surrogate that is no escape, and keys that merely look suspicious.
    const pairs = [
      ['\udcc3\udca9', 'é'],
      ['a\ud800', 'a\ufffd'],
      ['\udcff', '\udcff'],
      ['😀', '😀'],
    ]
    for (const [given, kept] of pairs) {
      expect(table.add(given, 1)).toBe(true)
      expect(table.set(kept, 2)).toBe(false)
      expect(table.get(given)).toBe(2)
      expect(table.find(given)).toBe(true)
    }
    table.check()
    const keys: string[] = []
    table.forEach(key => void keys.push(key))
    expect(keys.sort()).toEqual(pairs.map(([, kept]) => kept).sort())
    for (const [given] of pairs) expect(table.delete(given)).toBe(true)
  })

  it('grows through many splits and shrinks back to one segment', () => {
    const table = new Table<number>(newVersion(), SEED)
    const count = 40_000
    for (let i = 0; i < count; i++) expect(table.set(`k${i}`, i)).toBe(true)
    table.check()
    expect(table.segments).toBeGreaterThan(200)
    for (let i = 0; i < count; i++) if (table.get(`k${i}`) !== i) expect.fail(`k${i}`)
    for (let i = 0; i < count; i++) {
      expect(table.delete(`k${(i * 7919) % count}`)).toBe(true)
      if (i % 5000 === 0) table.check()
    }
    table.check()
    expect(table.size).toBe(0)
    expect(table.segments).toBe(1)
  })

  it('bears any number of keys with one hash, with a directory in proportion', () => {
    const keys = colliding(1200, SEED)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(keys.map(key => hash(key, SEED))).size).toBe(1)
    const table = new Table<number>(newVersion(), SEED)
    for (let i = 0; i < keys.length; i++) {
      table.set(keys[i], i)
      table.find(keys[i])
      table.setTimeAt(i + 1)
    }
    table.check()
    expect((table as unknown as { dir: unknown[] }).dir.length).toBeLessThanOrEqual(512)
    // Later the directory has reason to grow, and the crowded segment is split like any other.
    for (let i = 0; i < 20_000; i++) table.set(`k${i}`, i)
    table.check()
    for (let i = 0; i < keys.length; i++) expect(table.get(keys[i])).toBe(i)
    const due: string[] = []
    while (table.earliest < 301) {
      for (const key of table.takeDue(301)) {
        due.push(key)
        table.delete(key)
      }
    }
    while (table.earliest < 601) due.push(...table.removeDue(601))
    table.check()
    expect(due.sort()).toEqual(keys.slice(0, 600).sort())
    for (let i = 600; i < keys.length; i++) {
      expect(table.delete(keys[i])).toBe(true)
      if (i % 100 === 0) table.check()
    }
    expect(table.size).toBe(20_000)
    table.check()
  })

  for (const [what, prepare] of [
    ['few', table => fill(table, 0, 100)],
    ['many', table => fill(table, 0, 3000)],
    [
      'many, after most have gone',
      table => {
        fill(table, 0, 20_000)
        for (let i = 1000; i < 20_000; i++) table.delete(`k${i}`)
      },
    ],
    [
      'many of one hash among others',
      table => {
        for (const key of colliding(700, SEED)) table.set(key, 0)
        fill(table, 0, 700)
      },
    ],
  ] as [string, (table: Table<number>) => void][]) {
    it(`samples uniformly: ${what}`, () => {
      const table = new Table<number>(newVersion(), SEED)
      prepare(table)
      const host = new VirtualHost({ seed: 42 })
      const counts = new Map<string, number>()
      const each = 100
      for (let i = 0; i < table.size * each; i++) {
        const key = table.sample(() => host.random()) as string
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      let chiSquare = 0
      table.forEach(key => {
        chiSquare += ((counts.get(key) ?? 0) - each) ** 2 / each
      })
      // Mean n - 1 and variance 2(n - 1); five deviations are one in some million.
      const freedom = table.size - 1
      expect(Math.abs(chiSquare - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom))
    })
  }

  it('samples uniformly where most of it is empty, and when chance stands still', () => {
    const table = new Table<number>(newVersion(), SEED)
    for (const key of colliding(3000, SEED)) table.set(key, 0)
    for (const key of colliding(3000, SEED).slice(3)) table.delete(key)
    fill(table, 0, 400)
    const counts = new Map<string, number>()
    const host = new VirtualHost({ seed: 42 })
    for (let i = 0; i < 40_300; i++) {
      const key = table.sample(() => host.random()) as string
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    let chiSquare = 0
    table.forEach(key => {
      chiSquare += ((counts.get(key) ?? 0) - 100) ** 2 / 100
    })
    expect(Math.abs(chiSquare - 402)).toBeLessThan(5 * Math.sqrt(2 * 402))
    for (const chance of [0, 0.5, 0.999]) expect(table.has(table.sample(() => chance) as string)).toBe(true)
  })

  it('scans what stays, whatever comes and goes, and what nobody touches once', () => {
    const phase = fc.record({
      kind: fc.constantFrom('grow', 'shrink', 'churn', 'crowd'),
      from: fc.nat(5000),
      count: fc.nat(2500),
    })
    fc.assert(
      fc.property(
        fc.nat(3000),
        fc.nat(3000),
        fc.integer({ min: 1, max: 400 }),
        fc.array(phase, { maxLength: 40 }),
        (staying, others, count, phases) => {
          const table = new Table<number>(newVersion(), SEED)
          const guests = new Set<string>()
          for (let i = 0; i < staying; i++) table.set(`stay${i}`, i)
          for (let i = 0; i < others; i++) guests.add(`guest${i}`)
          for (const key of guests) table.set(key, 0)
          const seen = new Map<string, number>()
          let cursor = 0
          let steps = 0
          do {
            cursor = table.scan(cursor, count, key => void seen.set(key, (seen.get(key) ?? 0) + 1))
            const { kind, from, count: width } = phases[steps] ?? { kind: 'none', from: 0, count: 0 }
            for (let k = 0; k < width; k++) {
              if (kind === 'grow') table.set(`guest${from + k}`, k)
              else if (kind === 'shrink') table.delete(`guest${from + k}`)
              else if (kind === 'crowd') table.set(crowd[k % crowd.length], k)
              else if (k % 2 === 0) table.delete(`guest${from + k}`)
              else table.set(`guest${from + k}`, k)
            }
            steps++
            expect(steps).toBeLessThan(20_000)
          } while (cursor !== 0)
          for (let i = 0; i < staying; i++)
            if (seen.get(`stay${i}`) !== 1) expect.fail(`stay${i}: ${seen.get(`stay${i}`)}`)
          table.check()
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('answers the end to any cursor that is none of its own', () => {
    const table = new Table<number>(newVersion(), SEED)
    fill(table, 0, 1000)
    for (const cursor of [2 ** 30, 2 ** 53, 1e300, -1, Number.NaN, Infinity]) {
      expect(table.scan(cursor, 10, () => expect.fail('visited'))).toBe(0)
    }
    let visited = 0
    expect(table.scan(0, 2 ** 63, () => void visited++)).toBe(0)
    expect(visited).toBe(1000)
  })

  it('copies single segments after a fork, once each', () => {
    const version = newVersion()
    const table = new Table<number>(version, SEED)
    fill(table, 0, 50_000)
    share(version)
    const other = table.fork({ ...version })
    const own = table.fork(version)
    const segmentsOf = (one: Table<number>): Set<unknown> => new Set((one as unknown as { dir: unknown[] }).dir)
    const before = segmentsOf(other)
    for (let i = 0; i < 3; i++) own.set('k5', i)
    const after = [...segmentsOf(own)].filter(segment => !before.has(segment))
    expect(after.length).toBe(1)
    expect(other.get('k5')).toBe(5)
    other.check()
    own.check()
  })

  it('reserves room, and is an ordinary table after it', () => {
    for (const [room, count] of [
      [0, 50],
      [151, 10],
      [5000, 5000],
      [5000, 20_000],
      [100_000, 1000],
      [1e6, 1],
    ] as const) {
      const table = new Table<number>(newVersion(), 3)
      table.reserve(room)
      table.check()
      for (let i = 0; i < count; i++) expect(table.set(`k${i}`, i)).toBe(true)
      table.check()
      const segments = table.segments
      table.reserve(1e6)
      expect(table.segments).toBe(segments)
      for (let i = 0; i < count; i++) expect(table.delete(`k${i}`)).toBe(true)
      table.check()
    }
  })
})

function fill(table: Table<number>, from: number, count: number): void {
  for (let i = from; i < from + count; i++) table.set(`k${i}`, i)
}
