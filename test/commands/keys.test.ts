import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { ReplyError, Store, toBytes, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { stateOf } from '../support/state.ts'

/** A store and the effects and events of what is done to it. */
function observed(): { store: Store; effects: EffectArg[][]; events: string[] } {
  const store = new Store({ host: new VirtualHost() })
  const effects: EffectArg[][] = []
  const events: string[] = []
  const { databases } = keyspaceOf(store)
  databases.attach({
    append: (_, argv) => void effects.push([...argv]),
    commit: () => {},
    mark: () => ({}),
    rollback: () => {},
  })
  databases.listen(({ db, event, key }) => void events.push(`${db} ${event} ${key}`))
  return { store, effects, events }
}

function big(store: Store, key: string, from = 0): void {
  const elements = Array.from({ length: 1000 }, (_, i) => `${from + i}`)
  store.call('RPUSH', `${key}:list`, ...elements)
  store.call('SADD', `${key}:set`, ...elements.map(one => `m${one}`))
  store.call('HSET', `${key}:hash`, ...elements.flatMap(one => [`f${one}`, one]))
  store.call('ZADD', `${key}:zset`, ...elements.flatMap(one => [one, `m${one}`]))
}

describe('keys', () => {
  it('are found, logged and told of as the canonical ones, however they are given', () => {
    const { store, effects, events } = observed()
    const given = '\udcc3\udca9'
    store.set(given, '1')
    expect(store.incr(given)).toBe(2)
    expect(store.get('é')).toBe('2')
    expect(store.hset('\ud800', 'f', 'v')).toBe(1)
    expect(store.hget('\ufffd', 'f')).toBe('v')
    expect(store.expire(given, 100)).toBe(true)
    expect(store.keys('*').sort()).toEqual(['é', '\ufffd'].sort())
    expect(events).toEqual(['0 set é', '0 incrby é', '0 hset \ufffd', '0 expire é'])
    for (const [, key] of effects) expect([toBytes('é'), toBytes('\ufffd')]).toContainEqual(toBytes(key as string))
    store.transaction(tx => {
      tx.del('é')
      tx.set(given, 'new')
      expect(() => tx.incr(given)).toThrow(ReplyError)
    })
    expect(store.get('é')).toBe('new')
    expect(store.type(given)).toBe('string')
  })

  it('takes names one by one or in a list', () => {
    const store = new Store()
    for (const key of ['a', 'b', 'c', 'd']) store.call('SET', key, key)
    expect(store.exists('a', 'a', 'none')).toBe(2)
    expect(store.exists(['a', new Uint8Array([0x62])])).toBe(2)
    expect(store.touch('a', 'none')).toBe(1)
    expect(store.del('a', 'a', 'none')).toBe(1)
    expect(store.unlink(['b', 'c'])).toBe(2)
    expect(store.dbsize()).toBe(1)
    expect(() => store.del()).toThrow(TypeError)
    expect(() => store.del(5 as never)).toThrow('key must be a string or Uint8Array, not number')
    expect(() => store.keys(undefined as never)).toThrow('pattern must be')
  })

  it('removes 200,000 keys by one list, with one effect', () => {
    const { store, effects } = observed()
    const keys = Array.from({ length: 200_000 }, (_, i) => `k${i}`)
    store.batch(() => {
      for (const key of keys) store.call('SET', key, '1')
    })
    effects.length = 0
    expect(store.del(keys)).toBe(200_000)
    expect(store.dbsize()).toBe(0)
    expect(effects.map(argv => argv.length)).toEqual([200_001])
  })

  it('answers text or bytes', () => {
    const store = new Store()
    const key = new Uint8Array([255, 0, 1])
    store.call('SET', key, 'x')
    expect(store.bytes.keys('*')).toEqual([key])
    expect(store.bytes.randomkey()).toEqual(key)
    expect(store.bytes.scan('0')).toEqual({ cursor: '0', keys: [key] })
    expect([...store.bytes.scanIterator()]).toEqual([key])
    expect(store.type(key)).toBe('string')
    expect(store.type('none')).toBe('none')
    expect(store.randomkey()).toBe('\udcff\0\x01')
  })

  it('renames with the expiry time, over anything', () => {
    const { store, effects, events } = observed()
    store.call('RPUSH', 'a', '1')
    store.call('SET', 'b', 'x', 'PX', '1000')
    events.length = effects.length = 0
    expect(store.rename('b', 'a')).toBe('OK')
    expect(store.pttl('a')).toBe(1000)
    expect(store.renamenx('a', 'a')).toBe(false)
    expect(store.renamenx('a', 'c')).toBe(true)
    expect(() => store.rename('a', 'b')).toThrow(new ReplyError('ERR no such key'))
    expect(events).toEqual(['0 rename_from b', '0 rename_to a', '0 rename_from a', '0 rename_to c'])
    expect(effects).toEqual([
      ['RENAME', 'b', 'a'],
      ['RENAME', 'a', 'c'],
    ])
  })

  it('copies and moves between databases', () => {
    const { store, effects, events } = observed()
    const other = store.db(3)
    store.call('SET', 'a', 'x', 'PX', '1000')
    events.length = effects.length = 0
    expect(store.copy('a', 'b', { db: 3 })).toBe(true)
    expect(store.copy('a', 'b', { db: 3n })).toBe(false)
    expect(store.copy('a', 'b', { db: 3, replace: true })).toBe(true)
    expect(other.pttl('b')).toBe(1000)
    expect(store.move('a', 3)).toBe(true)
    expect(other.exists('a')).toBe(1)
    expect(other.pttl('a')).toBe(1000)
    expect(store.move('a', 3)).toBe(false)
    expect(events).toEqual(['3 copy_to b', '3 copy_to b', '0 move_from a', '3 move_to a'])
    expect(effects).toEqual([
      ['COPY', 'a', 'b', 'DB', '3'],
      ['COPY', 'a', 'b', 'DB', '3', 'REPLACE'],
      ['MOVE', 'a', 3],
    ])
    expect(() => store.move('a', 0.5)).toThrow('db must be an integer')
    expect(() => store.copy('a', 'b', 3 as never)).toThrow('options must be an object')
  })

  it('exchanges databases, with a way back', () => {
    const store = new Store()
    store.call('SET', 'a', '0')
    store.db(1).call('SET', 'b', '1', 'EX', '100')
    const before = stateOf(store)
    expect(() =>
      store.transaction(tx => {
        tx.call('SET', 'a', 'changed')
        tx.swapdb(0, 1)
        tx.call('SET', 'a', 'other')
        tx.flushall()
        tx.call('SET', 'a', 'third')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(stateOf(store)).toBe(before)
    expect(store.swapdb(0, 1)).toBe('OK')
    expect([store.keys('*'), store.db(1).keys('*')]).toEqual([['b'], ['a']])
    expect(store.flushdb({ async: true })).toBe('OK')
    expect([store.dbsize(), store.db(1).dbsize()]).toEqual([0, 1])
    expect(store.flushall()).toBe('OK')
    expect(store.db(1).dbsize()).toBe(0)
  })

  it('says how Redis would hold a value', () => {
    const store = new Store()
    store.call('MSET', 'int', '-9223372036854775808', 'embstr', 'x'.repeat(44), 'raw', 'é'.repeat(23), 'no', '01')
    store.call('SETRANGE', 'bytes', '100000', 'x')
    expect(['int', 'embstr', 'raw', 'no', 'bytes', 'none'].map(key => store.objectEncoding(key))).toEqual([
      'int',
      'embstr',
      'raw',
      'embstr',
      'raw',
      null,
    ])
    big(store, 'big')
    expect(['list', 'set', 'hash', 'zset'].map(type => store.objectEncoding(`big:${type}`))).toEqual([
      'listpack',
      'hashtable',
      'hashtable',
      'skiplist',
    ])
    expect(store.objectRefcount('int')).toBe(1)
    expect(store.objectHelp()).toContain('HELP')
    store.objectHelp().length = 0
    expect(store.objectHelp().length).toBe(15)
  })
})

describe('COPY', () => {
  it('gives two independent values of every type, each copied a chunk at a time', () => {
    const store = new Store()
    big(store, 'a')
    store.call('SETRANGE', 'a:bytes', '1000', 'x')
    const change = (key: string): void => {
      store.call('LSET', `${key}:list`, '500', 'changed')
      store.call('SREM', `${key}:set`, 'm500')
      store.call('HSET', `${key}:hash`, 'f500', 'changed')
      store.call('ZADD', `${key}:zset`, '-1', 'm500')
      store.call('SETRANGE', `${key}:bytes`, '0', 'changed')
    }
    const types = ['list', 'set', 'hash', 'zset', 'bytes']
    const copy = (from: string, to: string): void => {
      for (const type of types) expect(store.copy(`${from}:${type}`, `${to}:${type}`)).toBe(true)
    }
    const contents = (key: string): unknown[] => [
      store.call('LRANGE', `${key}:list`, '0', '-1'),
      (store.call('SMEMBERS', `${key}:set`) as string[]).sort(),
      [...(store.call('HGETALL', `${key}:hash`) as Map<string, string>)].sort(),
      store.call('ZRANGE', `${key}:zset`, '0', '-1', 'WITHSCORES'),
      store.call('GET', `${key}:bytes`),
    ]
    const original = contents('a')
    copy('a', 'b')
    change('b')
    const changed = contents('b')
    expect(contents('a')).toEqual(original)
    expect(changed).not.toEqual(original)
    copy('a', 'c')
    change('a')
    expect(contents('a')).toEqual(changed)
    expect(contents('c')).toEqual(original)
    change('c')
    expect(contents('c')).toEqual(changed)
    stateOf(store)
  })

  it('stays a copy when the transaction or snapshot around it ends', () => {
    const store = new Store()
    big(store, 'a')
    store.transaction(tx => tx.copy('a:set', 'b:set'))
    store.call('SREM', 'b:set', 'm1')
    store.call('SREM', 'a:set', 'm2')
    expect([store.call('SISMEMBER', 'a:set', 'm1'), store.call('SISMEMBER', 'b:set', 'm2')]).toEqual([1, 1])
    const snapshot = keyspaceOf(store).databases.snapshot()
    store.copy('a:list', 'b:list')
    snapshot.release()
    store.call('LSET', 'b:list', '0', 'changed')
    store.call('LSET', 'a:list', '1', 'changed')
    expect([store.call('LINDEX', 'a:list', '0'), store.call('LINDEX', 'b:list', '1')]).toEqual(['0', '1'])
    stateOf(store)
  })

  /** What each key holds. */
  type Model = Map<string, Set<string>>
  const key = fc.constantFrom('a', 'b', 'c')
  const element = fc.nat(400).map(i => `e${i}`)
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('add', 'remove'), key, element }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fill'), key, count: fc.nat(400) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('copy', 'rename'), key, to: key }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('begin', 'end', 'snapshot', 'release', 'fork') }) },
  ) as fc.Arbitrary<
    | { kind: 'add' | 'remove'; key: string; element: string }
    | { kind: 'fill'; key: string; count: number }
    | { kind: 'copy' | 'rename'; key: string; to: string }
    | { kind: 'begin' | 'end' | 'snapshot' | 'release' | 'fork' }
  >
  const copyOf = (model: Model): Model => new Map([...model].map(([name, members]) => [name, new Set(members)]))

  it('stays right among transactions, snapshots and forks', () => {
    fc.assert(
      fc.property(fc.constantFrom('SADD', 'HSET', 'ZADD'), fc.array(step, { maxLength: 60 }), (add, steps) => {
        const put = (store: Store, name: string, members: string[]): void => {
          if (members.length === 0) return
          if (add === 'SADD') store.call(add, name, ...members)
          else if (add === 'HSET') store.call(add, name, ...members.flatMap(one => [one, 'v']))
          else store.call(add, name, ...members.flatMap(one => ['1', one]))
        }
        const members = (store: Store, name: string): string[] => {
          const found: string[] = []
          if (add === 'SADD') for (const one of store.sscanIterator(name)) found.push(one)
          else if (add === 'HSET') for (const [one] of store.hscanIterator(name)) found.push(one)
          else for (const { member } of store.zscanIterator(name)) found.push(member)
          return found.sort()
        }
        const compare = (store: Store, model: Model): void => {
          expect(store.keys('*').sort()).toEqual([...model.keys()].sort())
          for (const [name, expected] of model) expect(members(store, name)).toEqual([...expected].sort())
          stateOf(store)
        }
        const removal = { SADD: 'SREM', HSET: 'HDEL', ZADD: 'ZREM' }[add]
        const store = new Store({ host: new VirtualHost() })
        const model: Model = new Map()
        const others: [Store, Model][] = []
        let snapshot:
          | { snapshot: ReturnType<ReturnType<typeof keyspaceOf>['databases']['snapshot']>; model: Model }
          | undefined

        const run = (from: number, now: Model, inside: boolean): number => {
          for (let i = from; i < steps.length; i++) {
            const one = steps[i]
            switch (one.kind) {
              case 'add':
                put(store, one.key, [one.element])
                now.set(one.key, (now.get(one.key) ?? new Set()).add(one.element))
                break
              case 'remove': {
                store.call(removal, one.key, one.element)
                now.get(one.key)?.delete(one.element)
                if (now.get(one.key)?.size === 0) now.delete(one.key)
                break
              }
              case 'fill': {
                const all = Array.from({ length: one.count }, (_, k) => `e${k}`)
                put(store, one.key, all)
                if (one.count > 0) now.set(one.key, new Set([...(now.get(one.key) ?? []), ...all]))
                break
              }
              case 'copy': {
                if (one.key === one.to) break
                const value = now.get(one.key)
                expect(store.copy(one.key, one.to, { replace: true })).toBe(value !== undefined)
                if (value !== undefined) now.set(one.to, new Set(value))
                break
              }
              case 'rename': {
                const value = now.get(one.key)
                if (value === undefined) break
                store.rename(one.key, one.to)
                now.delete(one.key)
                now.set(one.to, value)
                break
              }
              case 'begin': {
                if (inside) break
                const before = copyOf(now)
                let next = i
                try {
                  store.transaction(() => {
                    next = run(i + 1, now, true)
                    // Every other transaction is taken back.
                    if (next % 2 === 0) throw new Error('back')
                  })
                } catch (error) {
                  if ((error as Error).message !== 'back') throw error
                  now.clear()
                  for (const [name, value] of before) now.set(name, value)
                }
                compare(store, now)
                i = next
                break
              }
              case 'end':
                if (inside) return i
                break
              case 'snapshot':
                if (inside || snapshot !== undefined) break
                snapshot = { snapshot: keyspaceOf(store).databases.snapshot(), model: copyOf(now) }
                break
              case 'release':
                if (inside || snapshot === undefined) break
                expect(snapshot.snapshot.tables[0].size).toBe(snapshot.model.size)
                snapshot.snapshot.tables[0].forEach((name, value) => {
                  const seen: string[] = []
                  if (typeof value === 'object' && value.type === 'set') value.forEach(one => void seen.push(one))
                  else if (typeof value === 'object' && value.type === 'hash') value.forEach(one => void seen.push(one))
                  else if (typeof value === 'object' && value.type === 'zset')
                    seen.push(...value.members(0, value.size, false))
                  expect(seen.sort()).toEqual([...(snapshot?.model.get(name) ?? [])].sort())
                })
                snapshot.snapshot.release()
                snapshot = undefined
                break
              case 'fork':
                if (inside || others.length === 3) break
                others.push([store.fork(), copyOf(now)])
            }
            if (!inside) compare(store, now)
          }
          return steps.length
        }
        run(0, model, false)
        compare(store, model)
        for (const [other, expected] of others) compare(other, expected)
      }),
      { numRuns: 100 },
    )
  }, 60_000)
})

describe('SCAN', () => {
  it('finds what stays, whatever comes and goes', () => {
    const phase = fc.record({ grow: fc.boolean(), from: fc.nat(3000), count: fc.nat(1500) })
    const sizes = fc.record({ staying: fc.nat(1500), others: fc.nat(1500), count: fc.integer({ min: 1, max: 200 }) })
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.array(phase, { maxLength: 20 }), (size, byIterator, phases) => {
        const store = new Store()
        for (let i = 0; i < size.staying; i++) store.call('SET', `stay${i}`, '1')
        for (let i = 0; i < size.others; i++) store.call('SET', `guest${i}`, '1')
        const seen = new Set<string>()
        let steps = 0
        const change = (): void => {
          const { grow, from, count } = phases[steps++] ?? { grow: true, from: 0, count: 0 }
          const names = Array.from({ length: count }, (_, k) => `guest${from + k}`)
          if (grow) for (const name of names) store.call('SET', name, '1')
          else if (names.length > 0) store.del(names)
        }
        if (byIterator) {
          let visited = 0
          for (const key of store.scanIterator({ match: 'stay*', count: size.count })) {
            seen.add(key)
            if (visited++ % 50 === 0) change()
          }
        } else {
          let cursor = '0'
          do {
            const step = store.scan(cursor, { count: size.count })
            for (const key of step.keys) seen.add(key)
            cursor = step.cursor
            change()
          } while (cursor !== '0')
        }
        for (let i = 0; i < size.staying; i++) if (!seen.has(`stay${i}`)) expect.fail(`stay${i} was missed`)
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('iterates collections, text and bytes', () => {
    const store = new Store()
    big(store, 'a')
    expect([...store.sscanIterator('a:set')].length).toBe(1000)
    expect([...store.sscanIterator('a:set', { match: 'm99*' })].sort()).toEqual(
      ['m99', ...Array.from({ length: 10 }, (_, i) => `m99${i}`)].sort(),
    )
    expect(new Map(store.hscanIterator('a:hash', { count: 7 })).get('f77')).toBe('77')
    expect([...store.zscanIterator('a:zset')].find(({ member }) => member === 'm5')).toEqual({ member: 'm5', score: 5 })
    expect([...store.bytes.sscanIterator('a:set', { match: 'm5' })]).toEqual([new Uint8Array([0x6d, 0x35])])
    expect([...store.scanIterator({ type: 'list' })]).toEqual(['a:list'])
    expect([...store.scanIterator({ type: 'nothing' })]).toEqual([])
    expect([...store.hscanIterator('none')]).toEqual([])
    expect(() => [...store.hscanIterator('a:set')]).toThrow('WRONGTYPE')
    expect(() => store.scanIterator({ count: 0 })).toThrow('ERR syntax error')
    expect(() => store.scanIterator({ match: 5 as never, count: 1.5 })).toThrow(TypeError)
  })

  it('gives no key that the loop has removed', () => {
    const store = new Store()
    for (let i = 0; i < 100; i++) store.call('SET', `k${i}`, '1')
    const seen: string[] = []
    for (const key of store.scanIterator({ count: 1000 })) {
      seen.push(key)
      store.flushdb()
    }
    expect(seen.length).toBe(1)
  })

  it('keeps no access clock yet', () => {
    const store = new Store()
    store.set('k', 1)
    expect(store.objectIdletime('k')).toBe(0)
    expect(() => store.objectFreq('k')).toThrow('ERR An LFU maxmemory policy is not selected')
    expect([store.objectIdletime('none'), store.objectFreq('none')]).toEqual([null, null])
  })
})
