import { describe, expect, it } from 'vitest'
import { Idempotency } from '../../src/structures/idempotency.ts'
import { idText } from '../../src/structures/stream-id.ts'
import { newVersion, share, type Version } from '../../src/structures/version.ts'
import { fc } from '../support/properties.ts'

interface Remembered {
  readonly producer: string
  readonly name: string
  readonly ms: number
  readonly seq: number
}

/** What is remembered, as a list in the order it came. */
class Model {
  list: Remembered[]
  duration = 100
  maxsize = 100
  added = 0
  duplicates = 0

  constructor(list: Remembered[] = []) {
    this.list = list
  }

  fork(): Model {
    return Object.assign(new Model(), this, { list: this.list.slice() })
  }

  expire(now: number): void {
    const first = this.list.findIndex(one => now - one.ms <= this.duration * 1000)
    this.list = first < 0 ? [] : this.list.slice(first)
  }

  original(producer: string, name: string): Remembered | undefined {
    return this.list.find(one => one.producer === producer && one.name === name)
  }

  remember(one: Remembered): void {
    const own = this.list.filter(({ producer }) => producer === one.producer)
    if (own.length >= this.maxsize) this.list = this.list.filter(other => other !== own[0])
    this.list.push(one)
    this.added++
  }
}

interface World {
  readonly version: Version
  readonly real: Idempotency
  readonly model: Model
}

describe('idempotency', () => {
  it('remembers the last of each producer for a time, and its forks are their own', () => {
    const step = fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({
          kind: fc.constant('send' as const),
          producer: fc.constantFrom('ann', 'bob', '__proto__', 'd'),
          name: fc.nat(12).map(String),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('run' as const),
          producer: fc.constantFrom('ann', 'e'),
          count: fc.nat(300),
        }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(2500) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('bounds' as const),
          duration: fc.integer({ min: 1, max: 4 }),
          maxsize: fc.constantFrom(1, 2, 3, 200),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork' as const) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const version = newVersion()
        const worlds: World[] = [{ version, real: new Idempotency(version, 7), model: new Model() }]
        let now = 1000
        let seq = 0
        for (const [at, one] of steps.entries()) {
          const { real, model, version } = worlds[at % worlds.length]
          const send = (producer: string, name: string): void => {
            model.expire(now)
            const before = model.original(producer, name)
            const found = real.original(producer, name, now)
            expect(found && idText(found)).toBe(before && idText(before))
            if (before !== undefined) return void model.duplicates++
            const id = { ms: now, seq: ++seq }
            model.remember({ producer, name, ...id })
            real.remember(producer, name, id)
          }
          if (one.kind === 'send') send(one.producer, one.name)
          else if (one.kind === 'run') for (let i = 0; i < one.count; i++) send(one.producer, `run ${seq}`)
          else if (one.kind === 'wait') now += one.ms
          else if (one.kind === 'bounds') {
            if (model.duration !== one.duration || model.maxsize !== one.maxsize) model.list = []
            model.duration = one.duration
            model.maxsize = one.maxsize
            real.configure(one.duration, one.maxsize)
          } else {
            share(version)
            const other = newVersion()
            other.epoch = other.floor = version.epoch
            worlds.push({ version: other, real: real.fork(other), model: model.fork() })
          }
          for (const world of worlds) {
            world.real.check()
            const seen = world.model.fork()
            seen.expire(now)
            expect(world.real.tracked(now)).toEqual({
              producers: new Set(seen.list.map(({ producer }) => producer)).size,
              entries: seen.list.length,
            })
            expect([world.real.added, world.real.duplicates]).toEqual([world.model.added, world.model.duplicates])
          }
        }
      }),
    )
  })
})
