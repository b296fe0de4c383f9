import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { OrderedTree } from '../../src/structures/ordered-tree.ts'
import { LEAF } from '../../src/structures/tree-nodes.ts'
import { SortedSet } from '../../src/structures/sorted-set.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { toBytes } from '../../src/util/text.ts'

/** The obvious sorted set: a map, sorted whenever somebody asks. */
class Model {
  readonly scores: Map<string, number>

  constructor(scores: Iterable<[string, number]> = []) {
    this.scores = new Map(scores)
  }

  set(member: string, score: number): boolean {
    const isNew = !this.scores.has(member)
    this.scores.set(member, score)
    return isNew
  }

  sorted(): [string, number][] {
    return [...this.scores].sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : compareBytes(a[0], b[0])))
  }
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(toBytes(a), toBytes(b))
}

/** One writer's view: the machine runs several at once and compares each with its own model. */
interface World {
  version: Version
  set: SortedSet
  model: Model
}

const odd = ['', 'é', '\ud800\udc00', '\udc80', '\udcff', '\uffff', 'z', 'zz', 'x'.repeat(64), 'y'.repeat(65)]
const member = fc.oneof(
  { weight: 20, arbitrary: fc.nat(700).map(i => `m${i}`) },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
)
const score = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity),
)
const part = fc.double({ min: 0, max: 1, noNaN: true })

type Step =
  | { kind: 'set' | 'increment'; member: string; score: number }
  | { kind: 'delete'; member: string }
  | { kind: 'many'; from: number; count: number; order: 'up' | 'down' | 'mixed'; equal: boolean }
  | { kind: 'fewer'; from: number; count: number; by: number }
  | { kind: 'deleteRange'; start: number; width: number }
  | { kind: 'popFirst' | 'popLast' | 'fork' | 'snapshot' | 'reload' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('set', 'increment'), member, score }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete'), member }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('many'),
      from: fc.nat(600),
      count: fc.nat(300),
      order: fc.constantFrom('up', 'down', 'mixed'),
      equal: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fewer'),
      from: fc.nat(600),
      count: fc.nat(500),
      by: fc.constantFrom(1, 7, 151),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteRange'), start: part, width: part }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('popFirst', 'popLast', 'fork', 'snapshot', 'reload') }) },
) as fc.Arbitrary<Step>

function run(world: World, command: Step, worlds: World[], frozen: World[]): void {
  const { set, model } = world
  switch (command.kind) {
    case 'set':
      expect(set.set(command.member, command.score)).toBe(model.set(command.member, command.score))
      return
    case 'increment': {
      const sum = (model.scores.get(command.member) ?? 0) + command.score
      if (!Number.isNaN(sum)) model.set(command.member, sum)
      const got = set.increment(command.member, command.score)
      expect(got === sum || (Number.isNaN(got) && Number.isNaN(sum))).toBe(true)
      return
    }
    case 'delete':
      expect(set.delete(command.member)).toBe(model.scores.delete(command.member))
      return
    case 'many':
      for (let k = 0; k < command.count; k++) {
        const i = command.from + (command.order === 'mixed' ? (k * 7919) % command.count : k)
        const value = command.equal ? 1 : command.order === 'down' ? -i : i
        expect(set.set(`m${i}`, value)).toBe(model.set(`m${i}`, value))
      }
      return
    case 'fewer':
      for (let k = 0; k < command.count; k++) {
        const name = `m${command.from + ((k * command.by) % command.count)}`
        expect(set.delete(name)).toBe(model.scores.delete(name))
      }
      return
    case 'deleteRange': {
      const start = Math.floor(command.start * set.size)
      const end = start + Math.ceil(command.width * (set.size - start))
      const gone: [string, number][] = []
      expect(set.deleteRange(start, end, (name, value) => void gone.push([name, value]))).toBe(end - start)
      expect(plain(gone)).toEqual(plain(model.sorted().slice(start, end)))
      for (const [name] of gone) model.scores.delete(name)
      return
    }
    case 'popFirst':
    case 'popLast': {
      const all = plain(model.sorted())
      const expected = command.kind === 'popFirst' ? all[0] : all[all.length - 1]
      const end = command.kind === 'popFirst' ? set.first() : set.last()
      const popped = command.kind === 'popFirst' ? set.popFirst() : set.popLast()
      for (const got of [end, popped]) {
        expect(got === undefined ? undefined : [got.member, got.score + 0]).toEqual(expected)
      }
      if (expected !== undefined) model.scores.delete(expected[0])
      return
    }
    case 'fork': {
      share(world.version)
      const version = { ...world.version }
      world.set = set.fork(world.version)
      if (worlds.length < 4) worlds.push({ version, set: set.fork(version), model: new Model(model.scores) })
      return
    }
    case 'snapshot':
      share(world.version)
      frozen.push({ version: { ...world.version }, set, model: new Model(model.scores) })
      world.set = set.fork(world.version)
      return
    case 'reload': {
      const entries = [...model.scores]
      const fresh = new SortedSet(world.version, 99)
      expect(
        fresh.load(
          entries.map(([name]) => name),
          entries.map(([, value]) => value),
        ),
      ).toBe(true)
      world.set = fresh
    }
  }
}

/** Without the sign of zero, which depends on the encoding and has a test of its own. */
function plain(entries: [string, number][]): [string, number][] {
  return entries.map(([name, value]) => [name, value + 0])
}

function entriesOf(set: SortedSet): [string, number][] {
  const entries: [string, number][] = []
  set.forEach(0, set.size, false, (name, value) => void entries.push([name, value + 0]))
  return entries
}

function compareAll({ set, model }: World): void {
  set.check()
  const all = plain(model.sorted())
  expect(set.size).toBe(all.length)
  expect(entriesOf(set)).toEqual(all)
}

/** Every question, asked at some places. */
function compareReads({ set, model }: World, at: number): void {
  const all = plain(model.sorted())
  const n = all.length
  const start = Math.floor(at * n)
  const end = Math.min(n, start + 150)
  const some = all.slice(start, end)
  const names = some.map(([name]) => name)
  expect(set.members(start, end, false)).toEqual(names)
  expect(set.members(start, end, true)).toEqual(names.slice().reverse())
  expect(set.pairs(start, end, false).map(x => (typeof x === 'number' ? x + 0 : x))).toEqual(some.flat())
  expect(set.pairs(start, end, true).map(x => (typeof x === 'number' ? x + 0 : x))).toEqual(
    some.slice().reverse().flat(),
  )
  const back: string[] = []
  set.forEach(start, end, true, name => {
    back.push(name)
    return back.length < 100
  })
  expect(back).toEqual(names.slice().reverse().slice(0, 100))
  for (let rank = start; rank < Math.min(n, start + 3); rank++) {
    const [name, value] = all[rank]
    expect(set.rank(name)).toBe(rank)
    expect(set.score(name) + 0).toBe(value)
    expect(set.memberAt(rank)).toBe(name)
    expect(set.scoreAt(rank) + 0).toBe(value)
    for (const bound of [value, value + 0.5, value - 0.5]) {
      expect(set.rankOfScore(bound, false)).toBe(all.filter(([, s]) => s < bound).length)
      expect(set.rankOfScore(bound, true)).toBe(all.filter(([, s]) => s <= bound).length)
    }
  }
  expect(set.rank('nobody')).toBe(-1)
  expect(set.score('nobody')).toBeNaN()
  expect(set.memberAt(n)).toBe(undefined)
  const scanned = new Set<string>()
  let cursor = 0
  do cursor = set.scan(cursor, 20, name => void scanned.add(name))
  while (cursor !== 0)
  expect(scanned.size).toBe(n)
  if (n > 0) expect(model.scores.has(set.sample(Math.random) as string)).toBe(true)
}

describe('SortedSet', () => {
  it('agrees with its model in every version', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), step, part), { maxLength: 60, size: 'max' }), steps => {
        const version = newVersion()
        const worlds: World[] = [{ version, set: new SortedSet(version, 1), model: new Model() }]
        const frozen: World[] = []
        for (const [which, command, at] of steps) {
          const world = worlds[which % worlds.length]
          run(world, command, worlds, frozen)
          world.set.check()
          compareReads(world, at)
          for (const other of worlds) compareAll(other)
        }
        for (const world of [...worlds, ...frozen]) compareAll(world)
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it('stays in order through growth and decay of deep trees', () => {
    const program = fc.array(
      fc.record({
        kind: fc.constantFrom('grow', 'grow', 'shift', 'decay', 'cut'),
        // Places in a cycle through all members: neighbours by score when the stride is 1.
        from: fc.nat(29_999),
        count: fc.nat(12_000),
        stride: fc.constantFrom(1, 7, 29_999, 12_347),
        fork: fc.boolean(),
      }),
      { minLength: 3, maxLength: 12 },
    )
    fc.assert(
      fc.property(program, phases => {
        const version = newVersion()
        let set = new SortedSet(version, 1)
        const model = new Map<string, number>()
        const frozen: { set: SortedSet; entries: [string, number][] }[] = []
        for (const { kind, from, count, stride, fork } of phases) {
          if (fork && frozen.length < 3) {
            frozen.push({ set, entries: entriesOf(set) })
            share(version)
            set = set.fork(version)
          }
          if (kind === 'cut') {
            const start = Math.min(from, set.size)
            const end = Math.min(set.size, start + count)
            set.deleteRange(start, end, name => model.delete(name))
          }
          for (let k = 0; kind !== 'cut' && k < count; k++) {
            const i = (from + k * stride) % 30_000
            const name = `m${i}`
            if (kind === 'decay') {
              expect(set.delete(name)).toBe(model.delete(name))
            } else {
              const value = kind === 'grow' ? i : i + (k % 3 === 0 ? 0.5 : 1000)
              set.set(name, value)
              model.set(name, value)
            }
            if (k % 3000 === 0) set.check()
          }
          set.check()
          expect(entriesOf(set)).toEqual(new Model(model).sorted())
        }
        for (const old of frozen) {
          old.set.check()
          expect(entriesOf(old.set)).toEqual(old.entries)
        }
      }),
      { numRuns: 20 },
    )
  }, 120_000)

  it('keeps ranks by member when all scores are equal', () => {
    for (const count of [50, 3000]) {
      const set = new SortedSet(newVersion(), 1)
      for (let i = 0; i < count; i++) set.set(`m${(i * 7919) % count}`, 5)
      const names = set.members(0, count, false)
      expect(names).toEqual(names.slice().sort(compareBytes))
      for (const probe of ['', 'm', 'm1', 'm17', 'm17x', 'm49', 'n']) {
        expect(set.rankOfLex(probe, false)).toBe(names.filter(name => name < probe).length)
        expect(set.rankOfLex(probe, true)).toBe(names.filter(name => name <= probe).length)
      }
    }
  })

  it('treats the zeros as Redis does', () => {
    const small = new SortedSet(newVersion(), 1)
    small.set('a', -0)
    // Redis stores it as the integer 0 in a listpack.
    expect(Object.is(small.score('a'), 0)).toBe(true)
    const set = new SortedSet(newVersion(), 1)
    for (let i = 0; i < 200; i++) set.set(`m${i}`, i + 1)
    set.set('b', -0)
    set.set('a', 0)
    expect(Object.is(set.score('b'), -0)).toBe(true)
    expect(set.members(0, 2, false)).toEqual(['a', 'b'])
    set.set('b', 0)
    expect(Object.is(set.score('b'), -0)).toBe(true)
    expect(set.pairs(1, 2, false)).toEqual(['b', -0])
  })

  it('says when Redis would leave the listpack', () => {
    const set = new SortedSet(newVersion(), 1)
    for (let i = 0; i < 128; i++) set.set(`m${i}`, i)
    expect(set.compact).toBe(true)
    set.set('m5', 1000)
    expect(set.compact).toBe(true)
    set.set('one more', 1)
    expect(set.compact).toBe(false)
    set.deleteRange(0, 127)
    expect(set.compact).toBe(false)
    expect(set.size).toBe(2)
    const long = new SortedSet(newVersion(), 1)
    long.set('é'.repeat(32), 1)
    expect(long.compact).toBe(true)
    long.set('é'.repeat(33), 1)
    long.delete('é'.repeat(33))
    expect(long.compact).toBe(false)
  })

  it('refuses to load a member twice', () => {
    for (const count of [5, 500]) {
      const names = Array.from({ length: count }, (_, i) => `m${i % (count - 1)}`)
      const set = new SortedSet(newVersion(), 1)
      expect(
        set.load(
          names,
          names.map((_, i) => i),
        ),
      ).toBe(false)
      expect(set.size).toBe(0)
      set.check()
    }
  })

  it('fills leaves well when scores only grow or only fall', () => {
    for (const sign of [1, -1]) {
      const tree = new OrderedTree(newVersion())
      for (let i = 0; i < 48_000; i++) tree.insert(sign * i, `m${i}`)
      tree.check()
      // Three quarters full, and a few inner nodes.
      expect(tree.census(0).nodes).toBeLessThan((48_000 / ((LEAF * 3) / 4)) * 1.1)
    }
  })

  it('copies a path, not the set, on the first write after a fork of a million members', () => {
    const version = newVersion()
    const old = new SortedSet(version, 1)
    const count = 1_000_000
    const names = Array.from({ length: count }, (_, i) => `member:${i}`)
    const scores = Float64Array.from(names, (_, i) => (i * 7919) % count)
    expect(old.load(names, scores)).toBe(true)
    share(version)
    const set = old.fork(version)
    expect(set.census(version.floor).fresh).toBe(0)
    // Twice the height at most: the old place and the new one.
    set.set(names[123_456], 0.5)
    const first = set.census(version.floor)
    expect(first.nodes).toBeGreaterThan(15_000)
    expect(first.fresh).toBeLessThanOrEqual(8)
    set.delete(names[1])
    set.set('new', 77)
    expect(set.census(version.floor).fresh).toBeLessThanOrEqual(16)
    expect(old.size).toBe(count)
    expect(old.score(names[123_456])).toBe(scores[123_456])
    expect(old.rank(names[123_456])).toBe(scores[123_456])
    expect(old.rank(names[1])).toBe(7919)
    expect(old.score('new')).toBeNaN()
    expect(set.size).toBe(count)
    expect(set.rank(names[123_456])).toBe(1)
    expect(set.rank(names[1])).toBe(-1)
    old.check()
    set.check()
  }, 60_000)
})
