import type { RdbSink } from '../../src/persist/rdb/reader.ts'
import type { RdbValue } from '../../src/encoding/value.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import type { Server } from './redis.ts'

/** What a file or a server holds, by `db/key`, in a form that can be compared. */
export type Model = Map<string, { expireAt: number | undefined; value: unknown }>

export const add = (model: Model, db: number, key: string, expireAt: number | undefined, value: RdbValue): void => {
  model.set(`${db}/${key}`, { expireAt, value: plain(value) })
}

/** Order where Redis keeps one, sorted where it does not; strings in the one form that equal bytes have. */
export function plain(value: RdbValue): unknown {
  switch (value.type) {
    case 'string':
      return { string: value.value instanceof Uint8Array ? fromBytes(value.value) : String(value.value) }
    case 'list':
      return { list: value.values.slice() }
    case 'set':
      return { set: value.members.slice().sort() }
    case 'hash':
      return { hash: pairsOf(value.pairs) }
    case 'zset':
      return { zset: pairsOf(value.pairs) }
    case 'stream':
      // test/persist/streams.test.ts is about them.
      throw new Error('no stream is expected here')
  }
}

const pairsOf = (flat: readonly (string | number)[]): unknown[] => {
  const pairs: [string, string][] = []
  for (let i = 0; i < flat.length; i += 2) pairs.push([String(flat[i]), String(flat[i + 1])])
  return pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
}

/** Collects a file. */
export function collector(): { sink: RdbSink; model: Model; aux: Map<string, string> } {
  const model: Model = new Map()
  const aux = new Map<string, string>()
  let db = 0
  return {
    model,
    aux,
    sink: {
      aux: (name, value) => aux.set(name, value),
      selectDb: n => {
        db = n
      },
      key: (key, expireAt, value) => {
        if (model.has(`${db}/${key}`)) throw new Error('a key occurs twice')
        add(model, db, key, expireAt, value)
      },
    },
  }
}

const texts = (reply: unknown): string[] => (reply as Uint8Array[]).map(item => fromBytes(item))

/** Collects what a server holds. */
export async function ask(server: Server, databases: number): Promise<Model> {
  const model: Model = new Map()
  for (let db = 0; db < databases; db++) {
    await server.call('SELECT', db)
    for (const raw of (await server.call('KEYS', '*')) as Uint8Array[]) {
      const type = fromBytes((await server.call('TYPE', raw)) as Uint8Array)
      const expireAt = Number(await server.call('PEXPIRETIME', raw))
      let value: RdbValue
      if (type === 'string') value = { type, value: fromBytes((await server.call('GET', raw)) as Uint8Array) }
      else if (type === 'list') value = { type, values: texts(await server.call('LRANGE', raw, 0, -1)) }
      else if (type === 'set') value = { type, members: texts(await server.call('SMEMBERS', raw)) }
      else if (type === 'hash') value = { type, pairs: texts(await server.call('HGETALL', raw)) }
      else {
        const flat: (string | number)[] = texts(await server.call('ZRANGE', raw, 0, -1, 'WITHSCORES'))
        for (let i = 1; i < flat.length; i += 2) flat[i] = score(String(flat[i]))
        value = { type: 'zset', pairs: flat }
      }
      add(model, db, fromBytes(raw), expireAt < 0 ? undefined : expireAt, value)
    }
  }
  return model
}

const score = (text: string): number =>
  text === 'inf' ? Number.POSITIVE_INFINITY : text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text)

/** Mulberry32, so that a failure can be repeated. */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Any text: short and long, ASCII or not, bytes that are no UTF-8, spellings of integers and near misses. */
export function anyText(random: (below: number) => number): string {
  switch (random(9)) {
    case 0:
      return ''
    case 1:
      return String(random(2) === 0 ? random(300) - 150 : random(2 ** 32) - 2 ** 31)
    case 2:
      return ['-0', '007', '+1', '2147483648', '-2147483649', '9007199254740993', '-9223372036854775808', ' 1', '1e3'][
        random(9)
      ]
    case 3:
      return fromBytes(Uint8Array.from({ length: random(90) }, () => random(256)))
    case 4:
      return 'grüße-日本-😀'.repeat(1 + random(12))
    case 5:
      return 'abc'.repeat(random(3) === 0 ? 8000 : random(60))
    case 6:
      return fromBytes(toBytes('x'.repeat(60 + random(8))))
    default:
      return `key:${random(1_000_000)}`
  }
}

export function anyValue(random: (below: number) => number, longest: number = 300): RdbValue {
  const count = 1 + random(random(4) === 0 ? longest : 12)
  const distinct = (): string[] => {
    const all = new Set<string>()
    while (all.size < count) all.add(random(3) === 0 ? anyText(random) : String(random(100_000)))
    return [...all]
  }
  switch (random(6)) {
    case 0:
      return { type: 'list', values: Array.from({ length: count }, () => anyText(random)) }
    case 1:
      return { type: 'set', members: distinct() }
    case 2:
      return { type: 'hash', pairs: distinct().flatMap(field => [field, anyText(random)]) }
    case 3: {
      const scores = [0, 1.5, -3, 1e300, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, 0.1]
      return { type: 'zset', pairs: distinct().flatMap(member => [member, scores[random(scores.length)]]) }
    }
    default: {
      const text = anyText(random)
      if (random(4) === 0) return { type: 'string', value: random(2 ** 40) - 2 ** 39 }
      return { type: 'string', value: random(2) === 0 ? toBytes(text) : text }
    }
  }
}
