import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { IdList } from '../../src/structures/id-list.ts'
import { Stream } from '../../src/structures/stream.ts'
import { compareIds, FIRST, type Id, idText, LAST, nextId, previousId } from '../../src/structures/stream-id.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { narrow } from '../../src/util/numbers.ts'

const big = (n: bigint): number | bigint => narrow(n)
/** Ids around zero, around 2^53 and at the end of all ids. */
const part = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(0n, 40n) },
  { weight: 1, arbitrary: fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 3n) },
  { weight: 1, arbitrary: fc.bigInt(2n ** 64n - 3n, 2n ** 64n - 1n) },
)
const anyId = fc.record({ ms: part.map(big), seq: part.map(big) })
const number = (id: Id): bigint => (BigInt(id.ms) << 64n) | BigInt(id.seq)

describe('ids', () => {
  it('compare, and have neighbours, as the numbers of 128 bits that they are', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0)
        const next = nextId(a)
        if (next === undefined) expect(number(a)).toBe(2n ** 128n - 1n)
        else {
          expect(number(next)).toBe(number(a) + 1n)
          expect(compareIds(previousId(next) as Id, a)).toBe(0)
        }
        expect(previousId(a) === undefined).toBe(number(a) === 0n)
      }),
    )
  })
})

describe('id list', () => {
  it('is a sorted map, and its forks are their own', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 10, arbitrary: fc.record({ kind: fc.constant('set'), id: anyId, value: fc.nat(9) }) },
        { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete'), id: anyId }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('run'), from: fc.nat(500), count: fc.nat(400) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork') }) },
      ) as fc.Arbitrary<{ kind: string; id: Id; value: number; from: number; count: number }>,
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(steps, all => {
        type Item = Id & { value: number }
        const worlds = [
          { version: newVersion(), list: new IdList<Item>(newVersion()), model: new Map<bigint, number>() },
        ]
        worlds[0].list = new IdList<Item>(worlds[0].version)
        let at = 0
        for (const step of all) {
          const world = worlds[at++ % worlds.length]
          const put = (id: Id, value: number): void => {
            expect(world.list.set({ ...id, value })).toBe(!world.model.has(number(id)))
            world.model.set(number(id), value)
          }
          if (step.kind === 'set') put(step.id, step.value)
          else if (step.kind === 'delete') {
            expect(world.list.delete(step.id)?.value).toBe(world.model.get(number(step.id)))
            world.model.delete(number(step.id))
          } else if (step.kind === 'run') {
            for (let i = 0; i < step.count; i++) put({ ms: step.from + i, seq: 1 }, i)
          } else {
            share(world.version)
            const version = newVersion()
            version.epoch = version.floor = world.version.epoch
            worlds.push({ version, list: world.list.fork(version), model: new Map(world.model) })
          }
          for (const { list, model } of worlds) {
            list.check()
            const items: [bigint, number][] = []
            list.forEach(FIRST, item => void items.push([number(item), item.value]))
            expect(items).toEqual([...model].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** The obvious stream: its entries in a sorted array. */
interface Model {
  entries: { id: Id; pairs: string[] }[]
  last: Id
  maxDeleted: Id
  groups: Map<string, { pending: Map<bigint, string>; consumers: Set<string> }>
}
interface World {
  version: Version
  stream: Stream
  model: Model
}

const text = fc.oneof(fc.constantFrom('', '1', '-70000', 'é', '\udcff', 'x'.repeat(65)), fc.string({ maxLength: 6 }))
const fields = fc.oneof(
  fc.tuple(text, text).map(([a, b]) => ['a', a, 'b', b]),
  fc
    .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', ''), text), { minLength: 1, maxLength: 20 })
    .map(x => x.flat()),
)
const streamSteps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('add'), gap: fc.nat(3), pairs: fields }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('many'), count: fc.nat(260), pairs: fields }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete'), at: fc.nat(400), count: fc.nat(30) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('trim'), at: fc.nat(300), approx: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('before'), at: fc.nat(300), approx: fc.boolean() }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('deliver', 'acknowledge'),
        group: fc.constantFrom('g', 'h'),
        who: fc.constantFrom('ann', 'bob', ''),
        at: fc.nat(300),
        count: fc.nat(200),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('leave'), group: fc.constantFrom('g', 'h'), who: fc.constant('ann') }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('fork', 'snapshot') }) },
  ) as fc.Arbitrary<{
    kind: string
    gap: number
    pairs: string[]
    count: number
    at: number
    approx: boolean
    group: string
    who: string
  }>,
  { maxLength: 40 },
)

function add({ stream, model }: World, gap: number, pairs: string[]): void {
  let id = nextId(model.last) as Id
  if (gap > 0) id = { ms: Number(id.ms) + gap, seq: gap }
  stream.append(id, pairs)
  model.entries.push({ id, pairs })
  model.last = id
}

function groupOf({ stream, model }: World, name: string): NonNullable<ReturnType<Model['groups']['get']>> {
  if (stream.group(name) === undefined) stream.addGroup(name, FIRST, 0)
  let group = model.groups.get(name)
  if (group === undefined) model.groups.set(name, (group = { pending: new Map(), consumers: new Set() }))
  return group
}

function run(world: World, step: Parameters<Parameters<typeof streamSteps.map>[0]>[0][number]): void {
  const { stream, model } = world
  const { entries } = model
  switch (step.kind) {
    case 'add':
      add(world, step.gap, step.pairs)
      break
    case 'many':
      for (let i = 0; i < step.count; i++) add(world, i % 3, i % 50 === 0 ? step.pairs : ['n', String(i)])
      break
    case 'delete':
      for (let i = 0; i < step.count && entries.length > 0; i++) {
        const [{ id }] = entries.splice((step.at + i * 7) % entries.length, 1)
        expect(stream.delete(id)).toBe(true)
        expect(stream.delete(id)).toBe(false)
        if (compareIds(id, model.maxDeleted) > 0) model.maxDeleted = id
      }
      break
    case 'trim':
    case 'before': {
      const minid = entries[Math.min(step.at, entries.length - 1)]?.id ?? LAST
      const rule = step.kind === 'trim' ? { maxlen: step.at } : { minid }
      const gone: string[] = []
      const most =
        step.kind === 'trim' ? entries.length - step.at : entries.filter(e => compareIds(e.id, minid) < 0).length
      const removed = stream.trim({ ...rule, approx: step.approx, limit: 0 }, id => void gone.push(idText(id)))
      if (step.approx) expect(removed).toBeLessThanOrEqual(Math.max(most, 0))
      else expect(removed).toBe(Math.max(most, 0))
      expect(entries.splice(0, removed).map(entry => idText(entry.id))).toEqual(gone)
      break
    }
    case 'deliver': {
      const group = groupOf(world, step.group)
      const own = stream.ownGroup(step.group)
      expect(own.addConsumer(step.who, 0)).toBe(!group.consumers.has(step.who))
      group.consumers.add(step.who)
      for (const { id } of entries.slice(step.at, step.at + step.count)) {
        own.deliver({ ...id, owner: step.who, time: 1, count: 1 })
        group.pending.set(number(id), step.who)
      }
      break
    }
    case 'acknowledge': {
      const group = groupOf(world, step.group)
      const own = stream.ownGroup(step.group)
      for (const { id } of entries.slice(step.at, step.at + step.count)) {
        expect(own.acknowledge(id)).toBe(group.pending.delete(number(id)))
      }
      break
    }
    case 'leave': {
      const group = groupOf(world, step.group)
      const of = [...group.pending].filter(([, who]) => who === step.who)
      const had = group.consumers.delete(step.who)
      expect(stream.ownGroup(step.group).removeConsumer(step.who)).toBe(had ? of.length : undefined)
      for (const [id] of of) group.pending.delete(id)
    }
  }
}

function compare({ stream, model }: World): void {
  stream.check()
  const { entries } = model
  expect(stream.length).toBe(entries.length)
  expect(idText(stream.last)).toBe(idText(model.last))
  expect(idText(stream.maxDeleted)).toBe(idText(model.maxDeleted))
  for (const reverse of [false, true]) {
    const found: [string, string[]][] = []
    stream.log.range(FIRST, LAST, reverse, (id, pairs) => void found.push([idText(id), pairs]))
    if (reverse) found.reverse()
    expect(found).toEqual(entries.map(({ id, pairs }) => [idText(id), pairs]))
  }
  for (const at of [0, 1, entries.length >> 1, entries.length - 1]) {
    const entry = entries[at]
    if (entry === undefined) continue
    expect(stream.log.get(entry.id)).toEqual(entry.pairs)
    for (const reverse of [false, true]) {
      const found: string[] = []
      // One that lies between two entries is as good.
      const start = previousId(entry.id) ?? entry.id
      const end = nextId(entries[Math.min(at + 150, entries.length - 1)].id) as Id
      stream.log.range(start, end, reverse, id => void found.push(idText(id)))
      const expected = entries
        .filter(({ id }) => compareIds(id, start) >= 0 && compareIds(id, end) <= 0)
        .map(({ id }) => idText(id))
      expect(found).toEqual(reverse ? expected.reverse() : expected)
    }
  }
  for (const [name, { pending, consumers }] of model.groups) {
    const group = stream.group(name)
    expect(group?.pendingCount).toBe(pending.size)
    const found = new Map<bigint, string>()
    group?.forEachPending(FIRST, item => void found.set(number(item), item.owner))
    expect([...found].sort()).toEqual([...pending].sort())
    const names: string[] = []
    group?.forEachConsumer(who => void names.push(who))
    expect(names.sort()).toEqual([...consumers].sort())
  }
}

function copy(model: Model): Model {
  const groups = [...model.groups].map(
    ([name, { pending, consumers }]) => [name, { pending: new Map(pending), consumers: new Set(consumers) }] as const,
  )
  return { ...model, entries: model.entries.slice(), groups: new Map(groups) }
}

describe('stream', () => {
  it('is a sorted list of entries with groups, and its forks are their own', () => {
    fc.assert(
      fc.property(streamSteps, steps => {
        const version = newVersion()
        const model: Model = { entries: [], last: FIRST, maxDeleted: FIRST, groups: new Map() }
        const worlds: World[] = [{ version, stream: new Stream(version, 7), model }]
        let at = 0
        for (const step of steps) {
          const world = worlds[at++ % worlds.length]
          if (step.kind === 'fork' || step.kind === 'snapshot') {
            const old = world.stream
            share(world.version)
            const other = newVersion()
            other.epoch = other.floor = world.version.epoch
            world.stream = old.fork(world.version)
            if (step.kind === 'fork') worlds.push({ version: other, stream: old.fork(other), model: copy(world.model) })
            else {
              // What somebody still looks at does not change.
              const frozen = { version: other, stream: old, model: copy(world.model) }
              run(world, { ...step, kind: 'many', count: 5, pairs: ['s', 's'] })
              run(world, { ...step, kind: 'delete', at: 1, count: 5 })
              compare(frozen)
            }
          } else run(world, step)
          for (const each of worlds) compare(each)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('takes 70 bytes or so for an entry with two small fields', () => {
    if (globalThis.gc === undefined) return
    globalThis.gc()
    const before = process.memoryUsage().heapUsed
    const stream = new Stream(newVersion(), 1)
    for (let i = 0; i < 200_000; i++)
      stream.append({ ms: 1_700_000_000_000 + i, seq: 0 }, ['temp', `${i % 40}`, 'id', `s${i}`])
    globalThis.gc()
    expect((process.memoryUsage().heapUsed - before) / 200_000).toBeLessThan(120)
    expect(stream.length).toBe(200_000)
  })

  it('writes to one chunk only after a fork', () => {
    const version = newVersion()
    const stream = new Stream(version, 1)
    for (let i = 1; i <= 100_000; i++) stream.append({ ms: i, seq: 0 }, ['a', '1'])
    share(version)
    const fork = stream.fork(version)
    const shared = new Set<unknown>()
    stream.log.forEachChunk(chunk => void shared.add(chunk))
    fork.append({ ms: 100_001, seq: 0 }, ['a', '1'])
    fork.delete({ ms: 5, seq: 0 })
    let own = 0
    fork.log.forEachChunk(chunk => void (own += shared.has(chunk) ? 0 : 1))
    expect(own).toBe(2)
    expect(stream.length).toBe(100_000)
  })
})
