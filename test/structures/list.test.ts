import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { List } from '../../src/structures/list.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'

/** One writer's view: the machine runs several at once and compares each with its own array. */
interface World {
  version: Version
  list: List
  model: string[]
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5).map(i => `v${i}`) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.constantFrom('', 'é', '\udc80', 'x'.repeat(70), 'long '.repeat(300)) },
)
const part = fc.double({ min: 0, max: 1, noNaN: true })

type Step =
  | { kind: 'push' | 'unshift'; value: string }
  | { kind: 'pushAll' | 'unshiftAll'; count: number; kinds: number }
  | { kind: 'pop' | 'shift'; count: number }
  | { kind: 'insert' | 'set'; at: number; value: string; times: number }
  | { kind: 'removeAt'; at: number; times: number }
  | { kind: 'scatter'; at: number; times: number; remove: number }
  | { kind: 'keep'; start: number; width: number }
  | { kind: 'removeMatching'; value: string; count: number }
  | { kind: 'fork' | 'snapshot' | 'reload' | 'queue' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('push', 'unshift'), value }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('pushAll', 'unshiftAll'), count: fc.nat(2500), kinds: fc.nat(8) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('pop', 'shift'), count: fc.nat(700) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('insert', 'set'), at: part, value, times: fc.nat(200) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('removeAt'), at: part, times: fc.nat(400) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('scatter'), at: part, times: fc.nat(400), remove: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep'), start: part, width: part }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('removeMatching'), value, count: fc.integer({ min: -300, max: 300 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('fork', 'snapshot', 'reload', 'queue') }) },
) as fc.Arbitrary<Step>

function run(world: World, command: Step, worlds: World[], frozen: World[]): void {
  const { list, model } = world
  switch (command.kind) {
    case 'push':
      list.push(command.value)
      model.push(command.value)
      return
    case 'unshift':
      list.unshift(command.value)
      model.unshift(command.value)
      return
    case 'pushAll':
    case 'unshiftAll': {
      const values = Array.from({ length: command.count }, (_, i) => `v${i % (command.kinds + 1)}`)
      if (command.kind === 'pushAll') {
        list.pushAll(values)
        model.push(...values)
      } else {
        list.unshiftAll(values)
        model.unshift(...values.reverse())
      }
      return
    }
    case 'pop':
      for (let i = 0; i < command.count; i++) expect(list.pop()).toBe(model.pop())
      return
    case 'shift':
      for (let i = 0; i < command.count; i++) expect(list.shift()).toBe(model.shift())
      return
    case 'insert': {
      const at = Math.round(command.at * model.length)
      for (let i = 0; i < command.times; i++) {
        list.insert(at, `${command.value}${i}`)
        model.splice(at, 0, `${command.value}${i}`)
      }
      return
    }
    case 'set': {
      const at = Math.round(command.at * model.length)
      expect(list.set(at, command.value)).toBe(at < model.length)
      if (at < model.length) model[at] = command.value
      return
    }
    case 'removeAt': {
      const at = Math.round(command.at * model.length)
      for (let i = 0; i < command.times; i++) expect(list.removeAt(at)).toBe(model.splice(at, 1)[0])
      return
    }
    case 'scatter':
      // Inserts and removals far from each other, all over the list.
      for (let i = 0; i < command.times; i++) {
        const at = Math.floor(((command.at + i * 0.618) % 1) * model.length)
        if (i % 3 < command.remove) {
          expect(list.removeAt(at)).toBe(model.splice(at, 1)[0])
        } else {
          list.insert(at, `s${i}`)
          model.splice(at, 0, `s${i}`)
        }
      }
      return
    case 'keep': {
      const start = Math.floor(command.start * (model.length + 2)) - 1
      const stop = start + Math.floor(command.width * (model.length + 2))
      const from = start < 0 ? start + model.length : start
      const to = stop < 0 ? stop + model.length : stop
      const kept = model.filter((_, i) => i >= from && i <= to)
      expect(list.keep(start, stop)).toBe(model.length - kept.length)
      world.model = kept
      return
    }
    case 'removeMatching': {
      const limit = command.count === 0 ? Infinity : Math.abs(command.count)
      const order = model.map((_, i) => i)
      if (command.count < 0) order.reverse()
      const gone = new Set(order.filter(i => model[i] === command.value).slice(0, limit))
      expect(list.removeMatching(command.value, command.count)).toBe(gone.size)
      world.model = model.filter((_, i) => !gone.has(i))
      return
    }
    case 'queue':
      for (let i = 0; i < 600; i++) {
        list.push(`q${i}`)
        model.push(`q${i}`)
        expect(list.shift()).toBe(model.shift())
      }
      return
    case 'fork': {
      share(world.version)
      const version = { ...world.version }
      world.list = list.fork(world.version)
      if (worlds.length < 4) worlds.push({ version, list: list.fork(version), model: model.slice() })
      return
    }
    case 'snapshot':
      share(world.version)
      frozen.push({ version: { ...world.version }, list, model: model.slice() })
      world.list = list.fork(world.version)
      return
    case 'reload':
      world.list = new List(world.version)
      world.list.load(model)
  }
}

function compareAll({ list, model }: World): void {
  list.check()
  expect(list.size).toBe(model.length)
  expect(list.range(0, -1)).toEqual(model)
}

function compareReads({ list, model }: World, at: number): void {
  const n = model.length
  const start = Math.floor(at * n)
  const stop = Math.min(n - 1, start + 300)
  expect(list.range(start, stop)).toEqual(model.slice(start, stop + 1))
  if (start < n) expect(list.range(start - n, stop - n, ['x'])).toEqual(['x', ...model.slice(start, stop + 1)])
  const forth: string[] = []
  list.forEach(start, stop, false, (item, index) => {
    expect(model[index]).toBe(item)
    forth.push(item)
    return forth.length < 290
  })
  expect(forth).toEqual(model.slice(start, stop + 1).slice(0, 290))
  const back: string[] = []
  list.forEach(start, stop, true, (item, index) => {
    expect(model[index]).toBe(item)
    back.push(item)
    return back.length < 290
  })
  expect(back).toEqual(
    model
      .slice(start, stop + 1)
      .reverse()
      .slice(0, 290),
  )
  for (const index of [start, start - n, n, -n - 1]) expect(list.get(index)).toBe(model.at(index))
  for (const probe of ['v0', 'v3', 'q7', 'nothing']) {
    expect(list.indexOf(probe, start, false)).toBe(start < n ? model.indexOf(probe, start) : -1)
    expect(list.indexOf(probe, start, true)).toBe(start < n ? model.lastIndexOf(probe, start) : -1)
  }
}

describe('List', () => {
  it('agrees with its model in every version', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), step, part), { maxLength: 50, size: 'max' }), steps => {
        const version = newVersion()
        const worlds: World[] = [{ version, list: new List(version), model: [] }]
        const frozen: World[] = []
        for (const [which, command, at] of steps) {
          const world = worlds[which % worlds.length]
          run(world, command, worlds, frozen)
          world.list.check()
          compareReads(world, at)
          for (const other of worlds) compareAll(other)
        }
        for (const world of [...worlds, ...frozen]) compareAll(world)
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it('says when Redis would leave the listpack and when it would return', () => {
    const list = new List(newVersion())
    // 90 bytes of text take 93 in a listpack, 7 are its own.
    for (let i = 0; i < 88; i++) list.push('x'.repeat(90))
    expect(list.compact).toBe(true)
    list.push('x'.repeat(90))
    expect(list.compact).toBe(false)
    while (list.size > 43) list.pop()
    expect(list.compact).toBe(true)
    list.push('x'.repeat(90))
    expect(list.compact).toBe(true)
    const numbers = new List(newVersion())
    for (let i = 0; i < 3000; i++) numbers.push('7')
    expect(numbers.compact).toBe(true)
    // One RPUSH of many is judged before the headers are added, as in Redis.
    const batch = new List(newVersion())
    batch.pushAll(new Array(1000).fill('seven77'))
    expect(batch.compact).toBe(true)
    batch.push('one more')
    expect(batch.compact).toBe(false)
    const loaded = new List(newVersion())
    loaded.load(new Array(100).fill('x'.repeat(90)))
    expect(loaded.compact).toBe(false)
    loaded.keep(0, 9)
    expect(loaded.compact).toBe(true)
  })

  it('copies few chunks on the first writes after a fork of a million elements', () => {
    const version = newVersion()
    const old = new List(version)
    for (let i = 0; i < 1_000_000; i++) {
      if (i % 2 === 0) old.push('r')
      else old.unshift('l')
    }
    share(version)
    const list = old.fork(version)
    expect(list.census(version.floor).fresh).toBe(0)
    list.push('new')
    expect(list.census(version.floor).fresh).toBe(1)
    list.insert(300_000, 'middle')
    list.set(700_000, 'set')
    expect(list.removeAt(100_000)).toBe('l')
    const { nodes, fresh } = list.census(version.floor)
    expect(nodes).toBeGreaterThan(3900)
    // One that is full may have been split.
    expect(fresh).toBeLessThanOrEqual(7)
    expect(list.get(299_999)).toBe('middle')
    expect(list.get(699_999)).toBe('set')
    expect(list.size).toBe(1_000_001)
    expect(old.size).toBe(1_000_000)
    expect(old.indexOf('middle', 0, false)).toBe(-1)
    expect(old.get(700_000)).toBe('r')
    expect(old.get(-1)).toBe('r')
    old.check()
    list.check()
    expect(list.keep(250_000, 250_099)).toBe(999_901)
    expect(list.census(0).nodes).toBeLessThanOrEqual(2)
    list.check()
  }, 60_000)
})
