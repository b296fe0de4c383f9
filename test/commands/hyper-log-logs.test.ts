import { describe, expect, it } from 'vitest'
import { ReplyError, Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { effects } from '../support/observe.ts'

const bytesOf = (store: Store, key = 'k'): Uint8Array => store.bytes.get(key) as Uint8Array

describe('HyperLogLogs', () => {
  it('log what changed them', () => {
    const store = new Store()
    expect(effects(store, () => store.pfadd('k'))).toEqual([['PFADD', 'k']])
    expect(effects(store, () => store.pfadd('k', 'a', 'b', 'a'))).toEqual([['PFADD', 'k', 'a', 'b']])
    expect(effects(store, () => store.pfadd('k', 'a'))).toEqual([])
    expect(effects(store, () => store.pfcount('k'))).toEqual([['PFCOUNT', 'k']])
    expect(effects(store, () => store.pfcount('k', 'none'))).toEqual([])
    expect(effects(store, () => store.pfmerge('d', 'k'))).toEqual([['PFMERGE', 'd', 'k']])
  })

  it('a count is kept where only this store sees it', () => {
    const store = new Store()
    store.pfadd('k', 'a', 'b', 'c')
    const before = bytesOf(store)
    const fork = store.fork()
    const snapshot = keyspaceOf(store).databases.snapshot()
    expect(store.pfcount('k')).toBe(3)
    const after = bytesOf(store)
    expect(after).not.toEqual(before)
    expect(bytesOf(fork)).toEqual(before)
    let kept: unknown
    snapshot.tables[0].forEach((_key, value) => (kept = (value as { copy(): Uint8Array }).copy()))
    expect(kept).toEqual(before)
    snapshot.release()
    expect(() =>
      fork.transaction(tx => {
        tx.pfcount('k')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(bytesOf(fork)).toEqual(before)
  })

  it('are counted when nothing may be written', () => {
    const store = new Store()
    store.pfadd('k', 'a', 'b')
    const before = bytesOf(store)
    const { databases } = keyspaceOf(store)
    databases.refusal = 'MISCONF no'
    expect(store.pfcount('k')).toBe(2)
    expect(bytesOf(store)).toEqual(before)
    expect(() => store.pfadd('k', 'x')).toThrow('MISCONF no')
    databases.refusal = null
    expect(store.pfcount('k')).toBe(2)
    expect(bytesOf(store)).not.toEqual(before)
  })

  it('are strings, which other stores take as they are, text or bytes', () => {
    const store = new Store()
    store.pfadd('k', ...Array.from({ length: 100 }, (_, i) => `e${i}`))
    const other = new Store()
    other.set('bytes', bytesOf(store))
    other.set('text', store.get('k') as string)
    for (const key of ['bytes', 'text']) {
      expect(other.pfcount(key)).toBe(store.pfcount('k'))
      expect(other.pfadd(key, 'e5', 'e6')).toBe(false)
      expect(bytesOf(other, key)).toEqual(bytesOf(store))
    }
  })

  it('that are corrupted keep what was added before it was found, and it is logged', () => {
    const store = new Store()
    store.pfadd('k', 'e1')
    // The run of zeros behind the element goes, so that there are no registers any more behind it.
    const whole = bytesOf(store)
    store.set('k', whole.subarray(0, whole.length - 2))
    const log = effects(store, () => {
      expect(() => store.pfadd('k', ...Array.from({ length: 30 }, (_, i) => `x${i}`))).toThrow(
        new ReplyError('INVALIDOBJ Corrupted HLL object detected'),
      )
    })
    expect(log.length).toBeLessThan(2)
    expect(() => store.pfcount('k')).toThrow('INVALIDOBJ')
    expect(() => store.pfcount('k', 'none')).toThrow('INVALIDOBJ')
    expect(() => store.pfmerge('d', 'k')).toThrow('INVALIDOBJ')
    expect(store.exists('d')).toBe(0)
  })

  it('with a cardinality that no number holds throw a RangeError, and are exact by name', () => {
    const store = new Store()
    store.pfadd('k')
    store.setrange('k', 8, Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127))
    expect(() => store.pfcount('k')).toThrow(RangeError)
    expect(store.call('PFCOUNT', 'k')).toBe(2n ** 63n - 1n)
  })

  it('refuse elements that are none before they change', () => {
    const store = new Store()
    const wrong = store as unknown as { pfadd(...args: unknown[]): unknown }
    for (const args of [['a', null], [['a', {}]], [undefined]])
      expect(() => wrong.pfadd('k', ...args)).toThrow(TypeError)
    expect(store.exists('k')).toBe(0)
  })
})
