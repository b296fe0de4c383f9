import { describe, expect, it } from 'vitest'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { limitsOf, readStreams, resolveStarts } from '../../src/commands/stream-reads.ts'
import { programOf } from '../fuzz/programs.ts'
import { stateOf } from '../support/state.ts'
import { Random, seed } from '../util/live.ts'

function recorded(store: Store): [number, EffectArg[]][] {
  const log: [number, EffectArg[]][] = []
  keyspaceOf(store).databases.attach({
    append: (db, argv) => void log.push([db, [...argv]]),
    commit: () => {},
    mark: () => ({}),
    rollback: () => {},
  })
  return log
}

function refused(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof ReplyError) return error.message
    throw error
  }
  return 'it was not refused'
}

/** Three entries delivered to one consumer. */
function delivered(host: VirtualHost = new VirtualHost()): Store {
  const store = new Store({ host })
  for (let i = 1; i <= 3; i++) store.xadd('s', `${i}-0`, { n: i })
  store.xgroupCreate('s', 'g', 0)
  store.xreadgroup('g', 'ann', { s: '>' })
  return store
}

describe('streams', () => {
  it('give entries with their fields in order, as text or bytes', () => {
    const store = new Store()
    store.xadd('s', '1-1', [
      ['b', 1],
      ['a', 'é'],
      ['b', new Uint8Array([255])],
    ])
    expect(store.xrange('s', '-', '+')).toEqual([
      {
        id: '1-1',
        fields: [
          ['b', '1'],
          ['a', 'é'],
          ['b', '\udcff'],
        ],
      },
    ])
    const bytes = store.bytes.xrange('s', '-', '+')
    expect(bytes[0].fields[1]).toEqual([new Uint8Array([97]), new Uint8Array([0xc3, 0xa9])])
    expect(store.xread({ s: 0 })).toEqual([{ key: 's', entries: store.xrange('s', '-', '+') }])
    expect(store.xread({ s: '$' })).toBe(null)
    expect(store.xread([['s', '+']])).toEqual([{ key: 's', entries: store.xrange('s', '-', '+') }])
    expect(store.call('XREAD', 'STREAMS', 's', '0')).toEqual(
      new Map([['s', [['1-1', ['b', '1', 'a', 'é', 'b', '\udcff']]]]]),
    )
  })

  it('make ids of the time, and never go back', () => {
    const host = new VirtualHost({ now: 1000 })
    const store = new Store({ host })
    expect(store.xadd('s', '*', { a: 1 })).toBe('1000-0')
    expect(store.xadd('s', '*', { a: 1 })).toBe('1000-1')
    host.advance(5)
    expect(store.xadd('s', '*', { a: 1 })).toBe('1005-0')
    expect(store.xadd('s', '2000-*', { a: 1 })).toBe('2000-0')
    expect(store.xadd('s', '*', { a: 1 })).toBe('2000-1')
    expect(store.xadd('s', 3000, { a: 1 })).toBe('3000-0')
    expect(store.xadd('s', 2n ** 64n - 1n, { a: 1 })).toBe('18446744073709551615-0')
  })

  it('stay when they are empty', () => {
    const store = new Store()
    store.xadd('s', '1-1', { a: 1 })
    store.xdel('s', '1-1')
    expect(store.exists('s')).toBe(1)
    expect(store.type('s')).toBe('stream')
    expect(store.xlen('s')).toBe(0)
  })

  it('refuse arguments that are no ids, pairs or options', () => {
    const store = new Store()
    expect(() => store.xadd('s', 1.5, { a: 1 })).toThrow(TypeError)
    expect(() => store.xadd('s', null as never, { a: 1 })).toThrow(TypeError)
    expect(() => store.xadd('s', '*', {})).toThrow(TypeError)
    expect(() => store.xdel('s', {} as never)).toThrow(TypeError)
    expect(() => store.xread({})).toThrow(TypeError)
    expect(() => store.xread([['s']] as never)).toThrow(TypeError)
    expect(() => store.xdelex('s', 5 as never)).toThrow(TypeError)
    expect(() => store.xtrim('s', 5 as never)).toThrow(TypeError)
    expect(store.exists('s')).toBe(0)
  })

  it('say what happens to their keys', () => {
    const store = new Store()
    const events: string[] = []
    keyspaceOf(store).databases.listen(({ event }) => void events.push(event))
    store.xadd('s', '1-1', { a: 1 })
    store.xadd('s', '1-2', { a: 1 }, { maxlen: 1 })
    store.xgroupCreate('s', 'g', 0)
    store.xreadgroup('g', 'c', { s: '>' })
    store.xgroupSetid('s', 'g', 0)
    store.xgroupDelconsumer('s', 'g', 'c')
    store.xgroupDestroy('s', 'g')
    store.xdel('s', '1-2')
    store.xsetid('s', 9)
    expect(events).toEqual([
      ...['xadd', 'xadd', 'xtrim', 'xgroup-create', 'xgroup-createconsumer', 'xgroup-setid', 'xgroup-delconsumer'],
      ...['xgroup-destroy', 'xdel', 'xsetid'],
    ])
  })

  it('can be read again from where a read began', () => {
    const store = new Store()
    store.xadd('s', '1-1', { a: 1 })
    const ks = keyspaceOf(store)
    const starts = resolveStarts(ks, [
      ['s', '$'],
      ['t', '+'],
    ])
    const read = (): unknown => readStreams(ks, starts, limitsOf({}))
    expect(read()).toBe(null)
    store.xadd('s', '1-2', { a: 2 })
    store.xadd('t', '5-0', { b: 1 })
    expect(read()).toEqual([
      { key: 's', entries: [{ id: '1-2', pairs: ['a', '2'] }] },
      { key: 't', entries: [{ id: '5-0', pairs: ['b', '1'] }] },
    ])
  })
})

describe('consumers', () => {
  it('are seen when they try, and active when they get something', () => {
    const host = new VirtualHost({ now: 1000 })
    const store = new Store({ host })
    store.xadd('s', '1-0', { a: 1 })
    store.xgroupCreate('s', 'g', '$')
    store.xreadgroup('g', 'ann', { s: '>' })
    expect(store.xinfoConsumers('s', 'g')).toEqual([{ name: 'ann', pending: 0, idle: 0, inactive: -1 }])
    store.xadd('s', '2-0', { a: 1 })
    host.advance(10)
    store.xreadgroup('g', 'ann', { s: '>' })
    host.advance(20)
    store.xreadgroup('g', 'ann', { s: '>' })
    host.advance(30)
    expect(store.xinfoConsumers('s', 'g')).toEqual([{ name: 'ann', pending: 1, idle: 30, inactive: 50 }])
    const info = store.call('XINFO', 'CONSUMERS', 's', 'g')
    expect(info).toEqual([
      new Map<string, unknown>([
        ['name', 'ann'],
        ['pending', 1],
        ['idle', 30],
        ['inactive', 50],
      ]),
    ])
    expect(store.xinfoStream('s', { full: true }).groups[0].consumers[0]).toMatchObject({
      seenTime: 1030,
      activeTime: 1010,
    })
    expect(store.xautoclaim('s', 'g', 'bob', 1000, '-')).toEqual({ cursor: '0-0', entries: [], deleted: [] })
    expect(store.xinfoConsumers('s', 'g')[1]).toMatchObject({ name: 'bob', inactive: -1 })
  })

  it('claim what has been idle for long enough', () => {
    const host = new VirtualHost()
    const store = delivered(host)
    host.advance(100)
    store.xclaim('s', 'g', 'bob', 50, ['2-0'])
    host.advance(10)
    expect(store.xclaim('s', 'g', 'cat', 50, ['1-0', '2-0'], { justid: true })).toEqual(['1-0'])
    expect(store.xpending('s', 'g', '-', '+', 10)).toEqual([
      { id: '1-0', consumer: 'cat', idle: 0, deliveries: 1 },
      { id: '2-0', consumer: 'bob', idle: 10, deliveries: 2 },
      { id: '3-0', consumer: 'ann', idle: 110, deliveries: 1 },
    ])
    expect(store.xpending('s', 'g', '-', '+', 10, { idle: 10 }).map(item => item.id)).toEqual(['2-0', '3-0'])
    expect(store.xautoclaim('s', 'g', 'ann', 1000, 0, { count: 2n ** 58n }).entries).toEqual([])
    store.xdel('s', '3-0')
    expect(store.xautoclaim('s', 'g', 'dan', 5, 0)).toEqual({
      cursor: '0-0',
      entries: [{ id: '2-0', fields: [['n', '2']] }],
      deleted: ['3-0'],
    })
    expect(store.xpending('s', 'g').consumers).toEqual([
      { name: 'cat', pending: 1 },
      { name: 'dan', pending: 1 },
    ])
  })
})

describe('how far a group has read', () => {
  const facts = (store: Store): unknown[] =>
    store.xinfoGroups('s').flatMap(({ entriesRead, lag }) => [entriesRead, lag])
  function filled(): Store {
    const store = new Store()
    for (let i = 1; i <= 6; i++) store.xadd('s', `${i}-0`, { n: i })
    store.xgroupCreate('s', 'g', 0)
    return store
  }

  it('counts what is left after trimming', () => {
    const store = filled()
    expect(facts(store)).toEqual([null, 6])
    store.xtrim('s', { maxlen: 3 })
    expect(facts(store)).toEqual([null, 3])
    store.xreadgroup('g', 'c', { s: '>' }, { count: 1 })
    expect(facts(store)).toEqual([4, 2])
    store.xtrim('s', { maxlen: 1 })
    expect(facts(store)).toEqual([4, 1])
    store.xtrim('s', { maxlen: 0 })
    expect(facts(store)).toEqual([4, 0])
  })

  it('is not known behind a gap, and known again at the end', () => {
    const store = filled()
    store.xreadgroup('g', 'c', { s: '>' }, { count: 2 })
    expect(facts(store)).toEqual([2, 4])
    store.xdel('s', '5-0')
    expect(facts(store)).toEqual([2, null])
    store.xreadgroup('g', 'c', { s: '>' }, { count: 1 })
    expect(facts(store)).toEqual([null, null])
    store.xreadgroup('g', 'c', { s: '>' })
    expect(facts(store)).toEqual([6, 0])
  })
})

describe('what Redis 8 added', () => {
  it('XDELEX minds who still needs an entry', () => {
    const store = delivered()
    store.xack('s', 'g', '1-0')
    store.xadd('s', '4-0', { n: 4 })
    expect(store.xdelex('s', ['1-0', '2-0', '4-0', '9-0'], { acked: true })).toEqual([1, 2, 2, -1])
    expect(store.xdelex('s', ['2-0'], { keepref: true })).toEqual([1])
    expect(store.xpending('s', 'g').pending).toBe(2)
    // Also what was pending of an entry that is gone.
    expect(store.xdelex('s', ['2-0', '3-0'], { delref: true })).toEqual([-1, 1])
    expect(store.xpending('s', 'g').pending).toBe(0)
    expect(store.xdelex('none', ['1-0', '2-0'])).toEqual([-1, -1])
  })

  it('XACKDEL acknowledges and deletes', () => {
    const store = delivered()
    store.xgroupCreate('s', 'h', 0)
    store.xreadgroup('h', 'c', { s: '>' }, { count: 2 })
    expect(store.xackdel('s', 'g', ['1-0', '9-0'], { acked: true })).toEqual([2, -1])
    expect(store.xackdel('s', 'h', ['1-0'], { acked: true })).toEqual([1])
    expect(store.xackdel('s', 'g', ['2-0'])).toEqual([1])
    expect(store.xpending('s', 'h').pending).toBe(1)
    expect(store.xackdel('s', 'g', ['3-0'], { delref: true })).toEqual([1])
    expect(store.xlen('s')).toBe(0)
    expect(store.xackdel('s', 'none', ['3-0'])).toEqual([-1])
  })

  it('trimming minds references', () => {
    const store = delivered()
    store.xack('s', 'g', '2-0')
    expect(store.xtrim('s', { maxlen: 0, acked: true })).toBe(1)
    expect(store.xrange('s', '-', '+').map(entry => entry.id)).toEqual(['1-0', '3-0'])
    expect(store.xtrim('s', { maxlen: 1, delref: true })).toBe(1)
    expect(store.xpending('s', 'g')).toMatchObject({ pending: 1, min: '3-0' })
    expect(store.xadd('s', '9-0', { n: 9 }, { minid: 9 })).toBe('9-0')
    expect(store.xpending('s', 'g').pending).toBe(1)
  })

  it('XNACK gives entries back, to be claimed first', () => {
    const host = new VirtualHost()
    const store = delivered(host)
    expect(store.xnack('s', 'g', 'SILENT', ['2-0', '9-0'])).toBe(1)
    expect(store.xnack('s', 'g', 'FATAL', ['3-0'])).toBe(1)
    expect(
      store.xpending('s', 'g', '-', '+', 10).map(({ id, consumer, deliveries }) => [id, consumer, deliveries]),
    ).toEqual([
      ['1-0', 'ann', 1],
      ['2-0', '', 0],
      ['3-0', '', 2n ** 63n - 1n],
    ])
    store.xadd('s', '4-0', { n: 4 })
    const [read] = store.xreadgroup('g', 'bob', { s: '>' }, { claim: 1000, count: 2 }) ?? []
    expect(read.entries.map(entry => [entry.id, entry.deliveries])).toEqual([
      ['2-0', 0],
      ['3-0', 2n ** 63n - 1n],
    ])
    expect(store.xnack('s', 'g', 'FAIL', ['4-0'])).toBe(0)
    expect(store.xnack('s', 'g', 'FAIL', ['4-0'], { force: true, retrycount: 3 })).toBe(1)
    expect(refused(() => store.xnack('s', 'g', 'MAYBE' as never, ['4-0']))).toBe(
      'ERR mode must be SILENT, FAIL, or FATAL',
    )
    expect(refused(() => store.xnack('s', 'none', 'FAIL', ['4-0']))).toMatch(/^NOGROUP/)
    // Nobody's consumer shows: docs/differences.md.
    expect(store.xinfoConsumers('s', 'g').map(one => one.name)).toEqual(['', 'ann', 'bob'])
  })

  it('XREADGROUP CLAIM reads what is idle before what is new', () => {
    const host = new VirtualHost()
    const store = delivered(host)
    host.advance(100)
    store.xreadgroup('g', 'ann', { s: '1-0' }, { count: 1 })
    host.advance(50)
    store.xadd('s', '4-0', { n: 4 })
    store.xdel('s', '3-0')
    expect(store.xreadgroup('g', 'bob', { s: '>' }, { claim: 40 })?.[0].entries).toEqual([
      { id: '1-0', fields: [['n', '1']], idle: 150, deliveries: 1 },
      { id: '2-0', fields: [['n', '2']], idle: 50, deliveries: 2 },
      { id: '4-0', fields: [['n', '4']] },
    ])
    expect(store.xpending('s', 'g')).toMatchObject({ pending: 3, consumers: [{ name: 'bob', pending: 3 }] })
    expect(store.call('XREADGROUP', 'GROUP', 'g', 'c', 'CLAIM', '0', 'COUNT', '1', 'STREAMS', 's', '>')).toEqual(
      new Map([['s', [['1-0', ['n', '1'], 0, 2]]]]),
    )
  })

  it('XREAD stops after so many entries or bytes, but never before the first', () => {
    const store = new Store()
    for (const key of ['s', 't']) for (let i = 1; i <= 5; i++) store.xadd(key, `${i}-0`, { a: '12345' })
    const count = (options: object): number[] =>
      (
        store.xread(
          [
            ['s', 0],
            ['t', 0],
          ],
          options,
        ) ?? []
      ).map(one => one.entries.length)
    expect(count({ maxcount: 7 })).toEqual([5, 2])
    expect(count({ maxcount: 4, count: 3 })).toEqual([3, 1])
    expect(count({ maxsize: 1 })).toEqual([1])
    expect(count({ maxsize: 13 })).toEqual([3])
    expect(refused(() => count({ maxcount: 2, count: 3 }))).toBe('ERR MAXCOUNT must not be less than COUNT')
  })

  it('the words are checked in order', () => {
    const store = delivered()
    const line = (...argv: string[]): string => refused(() => store.call(...argv))
    expect(line('XDELEX', 's', 'IDS', '0', '1-0')).toBe('ERR Number of IDs must be a positive integer')
    expect(line('XDELEX', 's', 'IDS', '2', '1-0')).toBe('ERR The `numids` parameter must match the number of arguments')
    expect(line('XDELEX', 's', 'KEEPREF', 'ACKED', 'IDS', '1', '1-0')).toBe('ERR syntax error')
    expect(line('XDELEX', 's', 'IDS', '1', '1-0', '2-0')).toBe('ERR syntax error')
    expect(line('XDELEX', 's', 'IDS', '1', 'x')).toMatch(/^ERR Invalid stream ID/)
    expect(line('XACKDEL', 's', 'g', 'IDS', '1')).toMatch(/wrong number/)
    expect(line('XNACK', 's', 'g', 'FAIL', 'ID', '1', '1-0')).toBe('ERR syntax error, expected IDS keyword')
    expect(line('XNACK', 's', 'g', 'FAIL', 'IDS', 'x', '1-0')).toBe('ERR numids must be a positive integer')
    expect(line('XNACK', 's', 'g', 'FAIL', 'IDS', '2', '1-0')).toBe("ERR number of IDs doesn't match numids")
    expect(line('XNACK', 's', 'g', 'FAIL', 'IDS', '1', '1-0', 'MORE')).toBe("ERR Unrecognized XNACK option 'MORE'")
    expect(line('XNACK', 's', 'g', 'FAIL', 'IDS', '1', '1-0', 'RETRYCOUNT', '-1')).toBe(
      'ERR Invalid RETRYCOUNT value, must be >= 0',
    )
    expect(store.call('XDELEX', 's', 'IDS', '1', '1-0', 'DELREF')).toEqual([1])
    expect(line('XREAD', 'CLAIM', '5', 'STREAMS', 's', '0')).toBe('ERR syntax error')
  })
})

describe('random programs', () => {
  /** A command, whatever it answers. */
  const send = (store: Store, argv: readonly string[]): void => void refused(() => store.call(...argv))

  it('are the same again from their effects', () => {
    for (let run = 0; run < 12; run++) {
      const program = programOf(new Random(seed + run), ['streams'])
      const host = new VirtualHost()
      const store = new Store({ host })
      const log = recorded(store)
      for (let i = 0; i < 400; i++) {
        send(store, program.next())
        if (i % 50 === 0) host.advance(1)
      }
      const replayed = new Store({ host })
      for (const [db, argv] of log) replayed.db(db).call(...argv)
      expect(stateOf(replayed), `seed ${seed + run}`).toBe(stateOf(store))
    }
  })

  it('are taken back, and forks are their own', () => {
    for (let run = 0; run < 6; run++) {
      const program = programOf(new Random(seed + 100 + run), ['streams'])
      const host = new VirtualHost()
      const store = new Store({ host })
      for (let round = 0; round < 20; round++) {
        for (let i = 0; i < 20; i++) send(store, program.next())
        const before = stateOf(store)
        const fork = store.fork()
        expect(() =>
          store.transaction(tx => {
            for (let i = 0; i < 20; i++) send(tx as Store, program.next())
            throw new Error('back')
          }),
        ).toThrow('back')
        expect(stateOf(store)).toBe(before)
        for (let i = 0; i < 20; i++) send(fork, program.next())
        stateOf(fork)
        expect(stateOf(store)).toBe(before)
        fork.close()
      }
    }
  })
})
