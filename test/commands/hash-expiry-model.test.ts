import { fc } from '../support/properties.ts'
import { describe, expect, it } from 'vitest'
import { type Host, ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { checkTimes, stateOf } from '../support/state.ts'

/**
 * The whole family against a simple model: random programs on a few keys of two databases, with time going on between the
 * commands. A field of the model is gone as soon as its time is over, and a key without fields too.
 */

interface Field {
  value: string
  time: number
}
interface Entry {
  fields: Map<string, Field> | string
  time: number
}
type Argv = readonly string[]

const WRONGTYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value'

class Model {
  now: number
  dbs: Map<string, Entry>[]

  constructor(now: number) {
    this.now = now
    this.dbs = [new Map(), new Map()]
  }

  copy(): Model {
    const copy = new Model(this.now)
    copy.dbs = this.dbs.map(db => new Map([...db].map(([key, entry]) => [key, copyOf(entry)])))
    return copy
  }

  /** Takes out what is past its time. */
  expire(): void {
    for (const db of this.dbs) {
      for (const [key, { fields, time }] of db) {
        if (time !== 0 && time < this.now) db.delete(key)
        if (typeof fields === 'string') continue
        for (const [name, field] of fields) if (field.time !== 0 && field.time < this.now) fields.delete(name)
        if (fields.size === 0) db.delete(key)
      }
    }
  }

  run(at: number, argv: Argv): unknown {
    this.expire()
    const db = this.dbs[at]
    const [name, key, ...rest] = argv
    const entry = db.get(key)
    switch (name) {
      case 'DEL':
        return db.delete(key) ? 1 : 0
      case 'EXISTS':
        return entry === undefined ? 0 : 1
      case 'TYPE':
        return entry === undefined ? 'none' : typeof entry.fields === 'string' ? 'string' : 'hash'
      case 'SET':
        db.set(key, { fields: rest[0], time: 0 })
        return 'OK'
      case 'PEXPIRE':
        if (entry === undefined) return 0
        entry.time = this.now + Number(rest[0])
        if (entry.time === this.now) db.delete(key)
        return 1
      case 'RENAME':
        if (entry === undefined) return '-ERR no such key'
        db.delete(key)
        db.set(rest[0], entry)
        return 'OK'
      case 'COPY':
        if (key === rest[0]) return '-ERR source and destination objects are the same'
        if (entry === undefined || (rest.length === 1 && db.has(rest[0]))) return 0
        db.set(rest[0], copyOf(entry))
        return 1
      case 'MOVE':
        if (String(at) === rest[0]) return '-ERR source and destination objects are the same'
        if (entry === undefined || this.dbs[Number(rest[0])].has(key)) return 0
        db.delete(key)
        this.dbs[Number(rest[0])].set(key, entry)
        return 1
      case 'SWAPDB':
        this.dbs.reverse()
        return 'OK'
      case 'FLUSHDB':
        db.clear()
        return 'OK'
      case 'DBSIZE':
        return db.size
      case 'KEYS':
      case 'SCAN':
        return [...db.keys()].sort()
      default:
        return this.hash(db, name, key, rest)
    }
  }

  private hash(db: Map<string, Entry>, name: string, key: string, rest: Argv): unknown {
    if (db.get(key) !== undefined && typeof db.get(key)?.fields === 'string') return WRONGTYPE
    const fields = (db.get(key)?.fields as Map<string, Field> | undefined) ?? new Map<string, Field>()
    const result = this.onFields(fields, name, rest)
    if (fields.size === 0) db.delete(key)
    else if (!db.has(key)) db.set(key, { fields, time: 0 })
    return result
  }

  private onFields(fields: Map<string, Field>, name: string, rest: Argv): unknown {
    const value = (one: string): string | null => fields.get(one)?.value ?? null
    const time = (one: string): number => fields.get(one)?.time ?? -1
    const set = (one: string, content: string, until: number): void =>
      void fields.set(one, { value: content, time: until })
    switch (name) {
      case 'HSET': {
        const before = fields.size
        for (let i = 0; i < rest.length; i += 2) set(rest[i], rest[i + 1], 0)
        return fields.size - before
      }
      case 'HSETNX':
        if (fields.has(rest[0])) return 0
        set(rest[0], rest[1], 0)
        return 1
      case 'HDEL':
        return rest.filter(one => fields.delete(one)).length
      case 'HINCRBY': {
        const sum = Number(value(rest[0]) ?? 0) + Number(rest[1])
        set(rest[0], String(sum), fields.get(rest[0])?.time ?? 0)
        return sum
      }
      case 'HINCRBYFLOAT': {
        const sum = Number(value(rest[0]) ?? 0) + Number(rest[1])
        set(rest[0], String(sum), fields.get(rest[0])?.time ?? 0)
        return String(sum)
      }
      case 'HGET':
        return value(rest[0])
      case 'HMGET':
        return rest.map(value)
      case 'HEXISTS':
        return fields.has(rest[0]) ? 1 : 0
      case 'HSTRLEN':
        return value(rest[0])?.length ?? 0
      case 'HLEN':
        return fields.size
      case 'HKEYS':
        return [...fields.keys()].sort()
      case 'HVALS':
        return [...fields.values()].map(field => field.value).sort()
      case 'HGETALL':
      case 'HSCAN':
      case 'HRANDFIELD':
        return [...fields].map(([one, field]) => `${one}=${field.value}`).sort()
      case 'HGETDEL':
        return rest.slice(2).map(one => {
          const old = value(one)
          fields.delete(one)
          return old
        })
      case 'HTTL':
      case 'HPTTL':
      case 'HEXPIRETIME':
      case 'HPEXPIRETIME': {
        const base = name.endsWith('TTL') ? this.now : 0
        const unit = name.includes('HP') ? 1 : 1000
        return rest
          .slice(2)
          .map(one => (time(one) < 0 ? -2 : time(one) === 0 ? -1 : Math.ceil((time(one) - base) / unit)))
      }
      case 'HPERSIST':
        return rest.slice(2).map(one => {
          const field = fields.get(one)
          if (field === undefined) return -2
          if (field.time === 0) return -1
          field.time = 0
          return 1
        })
      case 'HGETEX': {
        const end = rest.indexOf('FIELDS')
        const until = this.until(rest.slice(0, end))
        return rest.slice(end + 2).map(one => {
          const field = fields.get(one)
          if (field === undefined) return null
          if (rest[0] === 'PERSIST') field.time = 0
          else if (until !== undefined && until <= this.now) fields.delete(one)
          else if (until !== undefined) field.time = until
          return field.value
        })
      }
      case 'HSETEX': {
        const end = rest.indexOf('FIELDS')
        const words = rest.slice(0, end)
        const pairs = rest.slice(end + 2)
        const names = pairs.filter((_, i) => i % 2 === 0)
        if (words[0] === 'FNX' && names.some(one => fields.has(one))) return 0
        if (words[0] === 'FXX' && names.some(one => !fields.has(one))) return 0
        const until = this.until(words.filter(word => word !== 'FNX' && word !== 'FXX'))
        for (let i = 0; i < pairs.length; i += 2) {
          set(pairs[i], pairs[i + 1], until ?? (words.includes('KEEPTTL') ? Math.max(time(pairs[i]), 0) : 0))
        }
        if (until !== undefined && until <= this.now) for (const one of names) fields.delete(one)
        return 1
      }
      default: {
        // HEXPIRE and its kin.
        const unit = name.startsWith('HP') ? 1 : 1000
        const until = Number(rest[0]) * unit + (name.endsWith('AT') ? 0 : this.now)
        const condition = rest[1] === 'FIELDS' ? '' : rest[1]
        return rest.slice(condition === '' ? 3 : 4).map(one => {
          const field = fields.get(one)
          if (field === undefined) return -2
          const old = field.time
          const holds =
            condition === '' ||
            (condition === 'NX' && old === 0) ||
            (condition === 'XX' && old !== 0) ||
            (condition === 'GT' && old !== 0 && until > old) ||
            (condition === 'LT' && (old === 0 || until < old))
          if (!holds) return 0
          if (until <= this.now) {
            fields.delete(one)
            return 2
          }
          field.time = until
          return 1
        })
      }
    }
  }

  private until([word, amount]: Argv): number | undefined {
    if (word === 'EX') return this.now + Number(amount) * 1000
    if (word === 'PX') return this.now + Number(amount)
    if (word === 'EXAT') return Number(amount) * 1000
    return word === 'PXAT' ? Number(amount) : undefined
  }
}

function copyOf({ fields, time }: Entry): Entry {
  if (typeof fields === 'string') return { fields, time }
  return { fields: new Map([...fields].map(([name, field]) => [name, { ...field }])), time }
}

/** What the store answers, in the form the model has it. */
function answer(store: Store, argv: Argv): unknown {
  const all = (words: unknown[]): string[] => {
    const pairs: string[] = []
    for (let i = 0; i < words.length; i += 2) pairs.push(`${words[i]}=${words[i + 1]}`)
    return pairs.sort()
  }
  try {
    if (argv[0] === 'SCAN') return [...store.scanIterator({ count: 2 })].sort()
    if (argv[0] === 'HSCAN') return [...store.hscanIterator(argv[1], { count: 20 })].map(pair => pair.join('=')).sort()
    if (argv[0] === 'HRANDFIELD') {
      const one = store.hrandfield(argv[1])
      const some = store.hrandfield(argv[1], 1000, { withvalues: true })
      expect(one === null ? some.length === 0 : some.some(([field]) => field === one)).toBe(true)
      return all(some.flat())
    }
    const reply = store.call(...argv)
    if (argv[0] === 'HGETALL') return all([...(reply as Map<string, string>)].flat())
    if (argv[0] === 'HKEYS' || argv[0] === 'HVALS' || argv[0] === 'KEYS') return (reply as string[]).sort()
    return reply
  } catch (error) {
    if (error instanceof ReplyError) return `-${error.message}`
    throw error
  }
}

const START = 1_700_000_000_000
const few = ['a', 'b', 'c', 'd', '__proto__', 'é']
const many = Array.from({ length: 160 }, (_, i) => `f${i}`)
const key = fc.constantFrom('h1', 'h2', 'h3')
const field = fc.constantFrom(...few, 'f0', 'f1', 'f2')
const fields = fc.oneof(
  { weight: 8, arbitrary: fc.array(field, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 }).map(from => many.slice(from, from + 60)) },
)
const number = fc.nat(20).map(String)
const pairs = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.tuple(field, number), { minLength: 1, maxLength: 3 }).map(list => list.flat()) },
  { weight: 1, arbitrary: number.map(n => many.flatMap(name => [name, n])) },
)
const counted = fields.map(list => ['FIELDS', String(list.length), ...list])
const countedPairs = pairs.map(list => ['FIELDS', String(list.length / 2), ...list])
const condition = fc.constantFrom([], [], ['NX'], ['XX'], ['GT'], ['LT'])
const moment = fc.oneof(
  fc.nat(3000).map(ms => ['PX', String(ms)]),
  fc.nat(4).map(s => ['EX', String(s)]),
  fc.integer({ min: START / 1000 - 5, max: START / 1000 + 60 }).map(s => ['EXAT', String(s)]),
  fc.integer({ min: START - 100, max: START + 60_000 }).map(ms => ['PXAT', String(ms)]),
)
const expire = fc.oneof(
  fc.tuple(fc.constant('HPEXPIRE'), key, fc.nat(3000).map(String), condition, counted),
  fc.tuple(fc.constant('HEXPIRE'), key, fc.nat(4).map(String), condition, counted),
  fc.tuple(
    fc.constant('HEXPIREAT'),
    key,
    fc.integer({ min: START / 1000 - 5, max: START / 1000 + 60 }).map(String),
    condition,
    counted,
  ),
  fc.tuple(
    fc.constant('HPEXPIREAT'),
    key,
    fc.integer({ min: START - 5, max: START + 60_000 }).map(String),
    condition,
    counted,
  ),
)
const command = fc
  .oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constant('HSET'), key, pairs) },
    { weight: 12, arbitrary: expire },
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom('HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME'), key, counted) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('HPERSIST', 'HGETDEL'), key, counted) },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constant('HGETEX'), key, fc.oneof(moment, fc.constantFrom([], ['PERSIST'])), counted),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constant('HSETEX'),
        key,
        fc.constantFrom([], [], ['FNX'], ['FXX']),
        fc.oneof(moment, fc.constantFrom([], ['KEEPTTL'])),
        countedPairs,
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.constant('HDEL'), key, fields) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('HINCRBY', 'HINCRBYFLOAT', 'HSETNX'), key, field, number) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('HGET', 'HEXISTS', 'HSTRLEN'), key, field) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('HMGET'), key, fields) },
    {
      weight: 5,
      arbitrary: fc.tuple(
        fc.constantFrom('HGETALL', 'HLEN', 'HKEYS', 'HVALS', 'HSCAN', 'HRANDFIELD', 'EXISTS', 'TYPE', 'DEL'),
        key,
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('SET', 'PEXPIRE'), key, fc.nat(2000).map(String)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('RENAME'), key, key) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('COPY'), key, key, fc.constantFrom([], ['REPLACE'])) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('MOVE'), key, fc.constantFrom('0', '1')) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(['SWAPDB', '0', '1'], ['FLUSHDB'], ['DBSIZE'], ['DBSIZE'], ['KEYS', '*'], ['SCAN']),
    },
  )
  .map(words => (words as (string | string[])[]).flat())

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ db: fc.nat(1), argv: command }) },
  { weight: 4, arbitrary: fc.record({ wait: fc.oneof(fc.nat(50), fc.nat(1500)) }) },
  {
    weight: 1,
    arbitrary: fc.record({ back: fc.array(fc.record({ db: fc.nat(1), argv: command }), { maxLength: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ fork: fc.boolean() }) },
)
interface Call {
  db: number
  argv: Argv
}
type Step = Call | { wait: number } | { back: Call[] } | { fork: boolean }

class Timerless implements Host {
  private readonly clock: VirtualHost
  constructor(clock: VirtualHost) {
    this.clock = clock
  }
  now(): number {
    return this.clock.now()
  }
  random(): number {
    return this.clock.random()
  }
  setTimer(): undefined {
    return undefined
  }
  clearTimer(): void {}
}

function play(steps: readonly Step[], timers: boolean): void {
  const host = new VirtualHost({ now: START })
  let model = new Model(START)
  let store = new Store({ host: timers ? host : new Timerless(host), databases: 2 })
  let log: [number, EffectArg[]][] = []
  let kept = log.length
  const attach = (): void => {
    log = []
    kept = 0
    keyspaceOf(store).databases.attach({
      append: (db, argv) => void log.push([db, [...argv]]),
      commit: () => {
        kept = log.length
      },
      mark: () => ({}),
      rollback: () => {
        log.length = kept
      },
    })
  }
  attach()
  let logged = true
  const forks: { store: Store; state: string }[] = []
  const run = (on: Store, { db, argv }: Call): void => {
    const expected = model.run(db, argv)
    expect(answer(on.db(db), argv), argv.join(' ')).toEqual(expected)
  }
  for (const one of steps) {
    if ('argv' in one) run(store, one)
    else if ('wait' in one) {
      host.advance(one.wait)
      model.now = host.now()
      if (timers) {
        model.expire()
        for (const [i, ks] of keyspaceOf(store).databases.list.entries()) expect(ks.size).toBe(model.dbs[i].size)
      }
    } else if ('back' in one) {
      model.expire()
      const before = model.copy()
      expect(() =>
        store.transaction(tx => {
          for (const call of one.back) run(tx, call)
          throw new Error('back')
        }),
      ).toThrow('back')
      model = before
    } else {
      // Either side goes on; what the other holds must stay as it is.
      for (const db of [0, 1]) store.db(db).dbsize()
      const other = store.fork({ host: new Timerless(new VirtualHost({ now: START - 1 })) })
      const state = stateOf(other)
      forks.push({ store: other, state })
      if (one.fork) {
        store = store.fork()
        logged = false
        attach()
      }
    }
    for (const ks of keyspaceOf(store).databases.list) checkTimes(ks)
  }
  for (const db of [0, 1]) store.db(db).dbsize()
  for (const fork of forks) expect(stateOf(fork.store)).toBe(fork.state)
  if (!logged) return
  const again = new Store({ host, databases: 2 })
  keyspaceOf(again).databases.expiring = false
  for (const [db, argv] of log) again.db(db).call(...(argv as string[]))
  expect(stateOf(again)).toBe(stateOf(store))
}

describe('expiry of fields', () => {
  for (const timers of [true, false]) {
    it(`is as in the model, ${timers ? 'by the timer' : 'with no timer at all'}`, { timeout: 120_000 }, () => {
      fc.assert(
        fc.property(fc.array(step as fc.Arbitrary<Step>, { maxLength: 80, size: 'max' }), steps => play(steps, timers)),
        { numRuns: Number(process.env['EMBEDIS_RUNS'] ?? 150) },
      )
    })
  }
})
