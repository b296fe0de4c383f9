/** Random programs of all commands between snapshots, forks and ways back: `EMBEDIS_CASES=500 npx vitest run test/testing/machine`. */
import { expect, it } from 'vitest'
import { ReplyError } from '../../src/index.ts'
import { createTestStore, type StoreSnapshot, type TestStore } from '../../src/testing/index.ts'
import { COMMANDS, programOf } from '../fuzz/programs.ts'
import { stateOf } from '../support/state.ts'
import { cases, Random, seed } from '../util/live.ts'

// What concerns a connection or the whole server is not for `call`.
const families = Object.keys(COMMANDS).filter(name => !['alone', 'connections', 'introspection'].includes(name))

function step(store: TestStore, argv: readonly string[]): void {
  try {
    store.call(argv)
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
  }
}

it('takes every state back, whatever was done since, and leaves forks alone', { timeout: 600_000 }, () => {
  for (let run = 0; run < cases(40); run++) {
    const r = new Random(seed + run)
    const program = programOf(r, families)
    const store = createTestStore({ seed: run })
    const saved: { at: StoreSnapshot; state: string; time: number }[] = []
    let forks: { store: TestStore; state: string }[] = []
    for (let i = 0; i < 400; i++) {
      const draw = r.next()
      if (draw < 0.9) step(store, program.next())
      else if (draw < 0.92) store.advance(r.int(0, 5_000))
      else if (draw < 0.95) saved.push({ at: store.snapshot(), state: stateOf(store), time: store.now() })
      else if (draw < 0.97) {
        const fork = store.fork()
        forks.push({ store: fork, state: stateOf(fork) })
      } else if (saved.length > 0) {
        const { at, state, time } = r.pick(saved)
        store.restore(at)
        expect(stateOf(store), `run ${run}, step ${i}`).toBe(state)
        expect(store.now()).toBe(time)
      }
      if (forks.length > 0 && r.next() < 0.1) {
        const fork = r.pick(forks)
        expect(stateOf(fork.store), `run ${run}, step ${i}`).toBe(fork.state)
        for (let more = 0; more < 5; more++) step(fork.store, program.next())
        fork.state = stateOf(fork.store)
        if (forks.length > 4) forks = forks.slice(2)
      }
    }
    for (const { at, state } of saved) {
      at.restore()
      expect(stateOf(store), `run ${run}`).toBe(state)
    }
  }
})

it('what dump writes gives the same state again', { timeout: 600_000 }, () => {
  for (let run = 0; run < cases(40); run++) {
    const program = programOf(new Random(seed + run), families)
    const store = createTestStore({ databases: 1 })
    for (let i = 0; i < 300; i++) {
      step(store, program.next())
      if (i % 50 === 0) store.advance(100)
    }
    const text = store.dump()
    const again = createTestStore({ data: text, now: store.now(), databases: 1 })
    expect(again.dump(), `run ${run}`).toBe(text)
    expect(stateOf(again), `run ${run}`).toBe(stateOf(store))
  }
})
