import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { directory } from '../src/fs.ts'
import { Store } from '../src/index.ts'
import { type Built, type Case, type Suite, uniform } from './suite.ts'

const PER_TICK = 1000
const TICKS = 20

/** Writes of a busy program: a thousand in each turn of the event loop, keys built anew. */
function writes(store: Store, size: number): Case {
  const at = uniform(size, 200_000)
  let next = 0
  return {
    ops: PER_TICK * TICKS,
    work: async () => {
      let sum = 0
      for (let tick = 0; tick < TICKS; tick++) {
        if (next + PER_TICK > at.length) next = 0
        for (let i = next; i < next + PER_TICK; i++)
          sum += store.set(`user:${at[i]}`, `value:${at[i]}-twenty-byte`).length
        next += PER_TICK
        await new Promise(resolve => setImmediate(resolve))
      }
      return sum
    },
  }
}

function fill(store: Store, size: number): void {
  for (let i = 0; i < size; i++) store.set(`user:${i}`, `value:${i}`)
}

async function logged(size: number, fsync: 'everysec' | 'no'): Promise<Built> {
  const place = mkdtempSync(path.join(tmpdir(), 'embedis-bench-'))
  const store = await Store.open({ persistence: directory(place, { fsync, rewritePercentage: 0 }) })
  fill(store, size)
  await store.flush()
  return {
    cases: { 'set, 1,000 a tick': writes(store, size) },
    close: async () => {
      await store.close()
      rmSync(place, { recursive: true, force: true })
    },
  }
}

export const suite: Suite = {
  name: 'Writing with and without a log',
  sizes: [1_000_000],
  subjects: {
    embedis: size => logged(size, 'everysec'),
    'no log': size => {
      const store = new Store()
      fill(store, size)
      return { cases: { 'set, 1,000 a tick': writes(store, size) } }
    },
    'log, fsync no': size => logged(size, 'no'),
  },
  claims: () => ({ 'set, 1,000 a tick': { 'no log': 0.5 } }),
}
