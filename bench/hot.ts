import { LRUCache } from 'lru-cache'
import { Store } from '../src/index.ts'
import { type Built, type Case, type Suite } from './suite.ts'

/** SET and DEL of one key, a lock or an invalidated entry, in a store that is full of others. */
function pair(one: () => number, ops: number): Case {
  return {
    ops,
    work: () => {
      let sum = 0
      for (let i = 0; i < ops; i++) sum += one()
      return sum
    },
  }
}

const title = 'SET + DEL of a hot key'

export const suite: Suite = {
  name: 'One hot key',
  sizes: [100_000, 1_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      for (let i = 0; i < size; i++) store.set(`user:${i}`, 'x')
      return { cases: { [title]: pair(() => store.set('lock:1', 'held').length + store.del('lock:1'), 1000) } }
    },
    Map: (size): Built => {
      const store = new Map<string, string>()
      for (let i = 0; i < size; i++) store.set(`user:${i}`, 'x')
      return { cases: { [title]: pair(() => Number(store.set('lock:1', 'held').delete('lock:1')), 5) } }
    },
    'lru-cache': (size): Built => {
      const store = new LRUCache<string, string>({ max: size * 2 })
      for (let i = 0; i < size; i++) store.set(`user:${i}`, 'x')
      return { cases: { [title]: pair(() => Number(store.set('lock:1', 'held').delete('lock:1')), 5) } }
    },
  },
  claims: () => ({ [title]: { Map: 100, 'lru-cache': 100 } }),
}
