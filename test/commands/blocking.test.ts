import { describe, expect, it } from 'vitest'
import { type Host, ReplyError, Store, systemHost, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

/** What a promise has come to by now; undefined while it is open. */
function watched<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const state: { value?: T; error?: unknown } = {}
  promise.then(
    value => void (state.value = value),
    error => void (state.error = error),
  )
  return state
}

const turn = (): Promise<void> => Promise.resolve().then(() => {})

describe('a command that waits', () => {
  it('answers at once what is there', async () => {
    const store = new Store()
    store.rpush('b', '1', '2')
    expect(await store.blpop(['a', 'b'])).toEqual({ key: 'b', element: '1' })
    expect(await store.bytes.brpop('b')).toEqual({ key: new Uint8Array([98]), element: new Uint8Array([50]) })
    expect(store.exists('b')).toBe(0)
  })

  it('is over when its time is, on a machine so busy that it is over before the wait has begun', async () => {
    let looks = 0
    const host: Host = { ...systemHost, now: () => systemHost.now() + 2 * looks++ }
    const session = new Store({ host }).session()
    expect(await session.call('BLPOP', 'q', '0.001')).toBe(null)
    expect(await new Store({ host }).blpop('q', { timeout: 0.001 })).toBe(null)
    expect(await session.call('PING')).toBe('PONG')
  })

  it('is served in the same turn, by the write that brings something, in the order of the calls', async () => {
    const store = new Store()
    const first = watched(store.blpop('q'))
    const second = watched(store.blpop(['other', 'q']))
    const third = watched(store.brpop('q'))
    expect(store.rpush('q', 'a', 'b')).toBe(2)
    // They have taken theirs before the push returned.
    expect(store.llen('q')).toBe(0)
    await turn()
    expect([first.value, second.value, third.value]).toEqual([
      { key: 'q', element: 'a' },
      { key: 'q', element: 'b' },
      undefined,
    ])
    store.lpush('q', 'c')
    await turn()
    expect(third.value).toEqual({ key: 'q', element: 'c' })
    expect(keyspaceOf(store).databases.waiting.size).toBe(0)
  })

  it('passes on what it moves', async () => {
    const store = new Store()
    const last = watched(store.blpop('c'))
    const middle = watched(store.blmove('b', 'c', 'LEFT', 'RIGHT'))
    const first = watched(store.brpoplpush('a', 'b'))
    store.rpush('a', 'x')
    await turn()
    expect([first.value, middle.value, last.value]).toEqual(['x', 'x', { key: 'c', element: 'x' }])
    expect(store.dbsize()).toBe(0)
  })

  it('answers null when its time is over, which is not shortened by the longest delay of a runtime', async () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    const short = watched(store.bzpopmin('z', { timeout: 0.25 }))
    const long = watched(store.blmpop(['l'], 'LEFT', { timeout: 100 * 24 * 3600 }))
    host.advance(249)
    await turn()
    expect(short).toEqual({})
    host.advance(1)
    await turn()
    expect(short).toEqual({ value: null })
    host.advance(99 * 24 * 3_600_000)
    await turn()
    expect(long).toEqual({})
    store.rpush('l', 'late')
    await turn()
    expect(long.value).toEqual({ key: 'l', elements: ['late'] })
    expect(keyspaceOf(store).noting).toBe(false)
  })

  it('reads streams from where they stood when it was called', async () => {
    const store = new Store()
    store.xadd('s', '1-0', { a: 1 })
    const last = watched(store.xread({ s: '$', other: '0' }, { block: 0 }))
    const old = await store.xread({ s: '0' }, { block: 100 })
    expect(old?.[0].entries[0].id).toBe('1-0')
    store.xgroupCreate('s', 'g', '$')
    const mine = watched(store.xreadgroup('g', 'me', { s: '>' }, { block: 0 }))
    const theirs = watched(store.xreadgroup('g', 'you', { s: '>' }, { block: 0 }))
    store.xadd('s', '2-0', { b: 2 })
    await turn()
    expect(last.value).toEqual([{ key: 's', entries: [{ id: '2-0', fields: [['b', '2']] }] }])
    expect(mine.value?.[0].entries).toHaveLength(1)
    expect(theirs).toEqual({})
    // What does not wait answers at once.
    const now: unknown = store.xread({ s: '$' })
    expect(now).toBe(null)
    store.xgroupDestroy('s', 'g')
    await turn()
    expect(theirs.error).toBeInstanceOf(ReplyError)
    const [none] = store.multi().xread({ s: '$' }, { block: 0 }).exec()
    expect(none).toBe(null)
  })

  it('moves several elements once there are as many as it wants', async () => {
    const store = new Store()
    store.rpush('a', '1')
    const moved = watched(store.blmovem('a', 'b', 'LEFT', 'RIGHT', { exactly: 3, bulk: true }))
    store.rpush('a', '2')
    await turn()
    expect(moved).toEqual({})
    store.rpush('a', '3', '4')
    await turn()
    expect(moved.value).toEqual(['1', '2', '3'])
    expect(store.lrange('a', 0, -1)).toEqual(['4'])
  })

  it('is ended by its signal, and leaves no trace', async () => {
    const store = new Store()
    const controller = new AbortController()
    const { signal } = controller
    const aborted = watched(store.blpop(['a', 'b'], { signal, timeout: 5 }))
    const other = watched(store.blpop('b'))
    controller.abort(new Error('enough'))
    await turn()
    expect(aborted.error).toEqual(new Error('enough'))
    expect(keyspaceOf(store).databases.waiting.size).toBe(1)
    store.rpush('b', 'x')
    await turn()
    expect(other.value).toEqual({ key: 'b', element: 'x' })
    await expect(store.blpop('a', { signal })).rejects.toThrow('enough')
    expect(keyspaceOf(store).databases.waiting.size).toBe(0)
  })

  it('ends when the store is closed', async () => {
    const store = new Store()
    const waiting = store.blpop('a')
    const failed = expect(waiting).rejects.toThrow('the store was closed')
    void store.close()
    await failed
  })

  it('sleeps through what is of another type, and what is taken back', async () => {
    const store = new Store()
    const waiting = watched(store.blpop('k'))
    store.set('k', 'text')
    await turn()
    expect(waiting).toEqual({})
    store.del('k')
    expect(() =>
      store.transaction(tx => {
        tx.rpush('k', 'never')
        throw new Error('back')
      }),
    ).toThrow('back')
    await turn()
    expect(waiting).toEqual({})
    store.transaction(tx => {
      tx.rpush('k', 'a')
      expect(tx.lpop('k')).toBe('a')
      tx.rpush('k', 'b')
    })
    await turn()
    expect(waiting.value).toEqual({ key: 'k', element: 'b' })
  })

  it('wakes for a key that comes by another name, database or expiry', async () => {
    const store = new Store()
    store.rpush('from', '1')
    const renamed = watched(store.blpop('to'))
    store.rename('from', 'to')
    await turn()
    expect(renamed.value).toEqual({ key: 'to', element: '1' })
    store.db(1).rpush('k', '2')
    const swapped = watched(store.blpop('k'))
    store.swapdb(0, 1)
    await turn()
    expect(swapped.value).toEqual({ key: 'k', element: '2' })
    store.db(1).rpush('m', '3')
    const moved = watched(store.blpop('m'))
    store.db(1).move('m', 0)
    await turn()
    expect(moved.value).toEqual({ key: 'm', element: '3' })
  })

  it('does not wait inside a transaction, a batch or a queue', async () => {
    const store = new Store()
    store.rpush('q', 'a')
    const [taken, none] = store.multi().blpop('q').blpop('q').exec()
    expect([taken, none]).toEqual([{ key: 'q', element: 'a' }, null])
    let inside: Promise<unknown> | undefined
    store.transaction(tx => {
      inside = tx.blpop('q')
    })
    expect(await inside).toBe(null)
    store.batch(tx => {
      inside = tx.bzpopmax('z')
    })
    expect(await inside).toBe(null)
  })

  it('is refused by its promise', async () => {
    const store = new Store()
    store.set('s', 'x')
    await expect(store.blpop('s')).rejects.toThrow(ReplyError)
    await expect(store.blpop('q', { timeout: -1 })).rejects.toThrow('timeout is negative')
    await expect(store.blpop('q', { timeout: 'x' as never })).rejects.toThrow(TypeError)
    await expect(store.blpop([])).rejects.toThrow(TypeError)
  })

  it('is logged as a command of its own, after the one that fed it', async () => {
    const store = new Store()
    const log: (readonly EffectArg[] | 'commit')[] = []
    keyspaceOf(store).databases.attach({
      append: (_, argv) => void log.push([...argv]),
      commit: () => void log.push('commit'),
      mark: () => ({}),
      rollback: () => {},
    })
    const waiting = store.blmove('a', 'b', 'LEFT', 'LEFT')
    store.rpush('a', '1')
    expect(await waiting).toBe('1')
    expect(log).toEqual([['RPUSH', 'a', '1'], 'commit', ['LMOVE', 'a', 'b', 'LEFT', 'LEFT'], 'commit'])
  })

  it('is neither lost nor served twice, whatever comes between', async () => {
    const store = new Store()
    const got: string[] = []
    const controllers = new Set<AbortController>()
    let pushed = 0
    let state = 7
    const chance = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n
    for (let i = 0; i < 3000; i++) {
      const what = chance(4)
      if (what < 2) {
        const controller = new AbortController()
        controllers.add(controller)
        store.blpop(['x', 'y'], { signal: controller.signal }).then(
          reply => {
            controllers.delete(controller)
            got.push(reply?.element ?? 'null')
          },
          () => {},
        )
      } else if (what === 2) {
        store.transaction(tx => {
          for (let n = chance(3); n >= 0; n--) tx.rpush(chance(2) === 0 ? 'x' : 'y', `e${pushed++}`)
        })
      } else {
        const [one] = controllers
        if (one !== undefined) {
          controllers.delete(one)
          one.abort()
        }
      }
      if (chance(3) === 0) await turn()
    }
    await new Promise(resolve => setImmediate(resolve))
    const rest = [...store.lrange('x', 0, -1), ...store.lrange('y', 0, -1)]
    expect([...got, ...rest].sort()).toEqual(Array.from({ length: pushed }, (_, i) => `e${i}`).sort())
    expect(new Set(got).size).toBe(got.length)
  })
})
