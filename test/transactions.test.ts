import { describe, expect, it } from 'vitest'
import { Store, VirtualHost } from '../src/index.ts'
import { keyspaceOf } from '../src/install.ts'
import type { EffectArg } from '../src/keyspace.ts'
import { persistence } from '../src/persist/index.ts'
import { MemoryDriver } from '../src/storage/memory.ts'
import { stateOf } from './support/state.ts'

/** A host whose timers never fire: keys are found past their time by whoever looks. */
class LateHost extends VirtualHost {
  override setTimer(): unknown {
    return undefined
  }
}

function logged(store: Store): EffectArg[][] {
  const log: EffectArg[][] = []
  let open: EffectArg[][] = []
  keyspaceOf(store).databases.attach({
    append: (_db, argv) => void open.push([...argv]),
    commit: () => {
      log.push(...open)
      open = []
    },
    mark: () => ({}),
    rollback: () => {
      open = []
    },
  })
  return log
}

describe('transactions', () => {
  it('a key that expires in one that is taken back expires again, and is logged then', () => {
    const host = new LateHost()
    const store = new Store({ host })
    const log = logged(store)
    store.rpush('k', 'old')
    store.pexpire('k', 10)
    host.advance(20)
    expect(() =>
      store.transaction(tx => {
        expect(tx.exists('k')).toBe(0)
        throw new Error('back')
      }),
    ).toThrow('back')
    store.rpush('k', 'new')
    const copy = new Store({ host: new VirtualHost({ now: 0 }) })
    for (const argv of log) copy.call(...argv)
    expect(copy.lrange('k', 0, -1)).toEqual(['new'])
  })

  it('a command that fails delivers what it found expired', () => {
    const host = new LateHost()
    const store = new Store({ host })
    const log = logged(store)
    store.rpush('k', 'old')
    store.pexpire('k', 10)
    host.advance(20)
    expect(() => store.lset('k', 0, 'x')).toThrow('no such key')
    expect(log.at(-1)).toEqual(['DEL', 'k'])
  })

  it('one whose commit fails is taken back', async () => {
    let broken = false
    const driver = new MemoryDriver({
      before: ({ kind }) => {
        if (broken && kind === 'sync') throw new Error('EIO')
      },
    })
    const store = await Store.open({ persistence: persistence(async () => driver, { fsync: 'always' }) })
    store.set('a', 1)
    broken = true
    expect(() => store.transaction(tx => tx.set('a', 2))).toThrow('EIO')
    expect(store.get('a')).toBe('1')
    broken = false
    await expect(store.close()).rejects.toThrow('EIO')
  })

  it('inside a batch takes back its own part', () => {
    const store = new Store()
    const log = logged(store)
    store.batch(() => {
      store.set('before', 1)
      expect(() =>
        store.transaction(tx => {
          tx.set('inside', 1)
          throw new Error('back')
        }),
      ).toThrow('back')
      store.transaction(tx => tx.set('kept', 1))
    })
    expect([store.get('before'), store.get('inside'), store.get('kept')]).toEqual(['1', null, '1'])
    expect(log.map(argv => argv[1])).toEqual(['before', 'kept'])
  })

  it('the bytes of the caller are copied, whatever class they have', () => {
    for (const make of [(text: string) => Buffer.from(text), (text: string) => Buffer.from(`--${text}`).subarray(2)]) {
      const store = new Store()
      const given = make('abc')
      store.set('k', given)
      given[0] = 0x7a
      expect(store.get('k')).toBe('abc')
      const fork = store.fork()
      fork.setrange('k', 0, 'Z')
      expect([store.get('k'), fork.get('k'), given.toString()]).toEqual(['abc', 'Zbc', 'zbc'])
      const before = stateOf(store)
      expect(() =>
        store.transaction(tx => {
          tx.setrange('k', 0, 'Z')
          tx.append('k', make('d'))
          throw new Error('back')
        }),
      ).toThrow('back')
      expect(stateOf(store)).toBe(before)
      const out = store.bytes.get('k') as Uint8Array
      out[0] = 0
      expect(store.get('k')).toBe('abc')
    }
  })

  it('an expiry timer that meets a broken disk throws at nobody', async () => {
    const host = new VirtualHost()
    let broken = false
    const driver = new MemoryDriver({
      before: ({ kind }) => {
        if (broken && kind === 'append') throw new Error('ENOSPC')
      },
    })
    const store = await Store.open({ host, persistence: persistence(async () => driver, { fsync: 'always' }) })
    store.set('a', 1, { px: 10 })
    broken = true
    host.advance(100)
    expect(() => store.set('b', 1)).toThrow('MISCONF')
    broken = false
    await expect(store.close()).rejects.toThrow('ENOSPC')
  })
})
