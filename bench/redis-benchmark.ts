/**
 * Beside `redis-benchmark -P 100`, which sends a hundred commands at a time to a redis-server: what one thread of redis-server
 * does at its best, with the way to it paid for by another core. The wall rates of both, turn by turn in one run, over the
 * same data and as many distinct keys, members or bits; the typed calls return what a program would use.
 */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { chance, spread } from './suite.ts'

const ROUNDS = Number(process.argv[2] ?? 7)
const SIZE = 1_000_000
const BITS = 8_000_000
/** What redis-benchmark puts for a number below its `-r`: twelve digits. */
const ANY = '__rand_int__'
const digits = (i: number): string => String(i).padStart(12, '0')
/** As long, for a number below 1 M, where it need not be the same: it takes less of the time that is measured. */
const twelve = (i: number): string => `00000${1_000_000 + i}`
const run = promisify(execFile)

const started = await startRedis()
if (started === undefined) process.exit(0)
const server = started
const store = new Store()
const random = chance(5)
const below = (limit: number): number => Math.floor(random() * limit)

/** Sends rows of a command, a thousand arguments' rows at a time. */
async function fill(command: string, key: string, rows: readonly (string | number)[][]): Promise<void> {
  for (let from = 0; from < rows.length; from += 1000) {
    await server.client.call(command, key, ...rows.slice(from, from + 1000).flat())
  }
}

interface Case {
  readonly ops: number
  /** Distinct values of `ANY`. */
  readonly range: number
  readonly argv: readonly string[]
  readonly own: (i: number) => number
  /** Before each round, on both sides. */
  readonly ready?: () => Promise<void>
}

// What the groups read: entries 1-1, 2-1, …, delivered in this order.
const ENTRIES = 200_000
for (let i = 1; i <= ENTRIES; i++) store.xadd('log', `${i}-1`, { sensor: i, value: 'x' })
for (let from = 1; from <= ENTRIES; from += 1000) {
  const pipeline = server.client.pipeline()
  for (let i = from; i < from + 1000; i++) pipeline.xadd('log', `${i}-1`, 'sensor', i, 'value', 'x')
  await pipeline.exec()
}
store.xgroupCreate('log', 'acks', '0')
await server.client.xgroup('CREATE', 'log', 'acks', '0')

const points = Array.from({ length: SIZE }, (_, i) => ({
  member: `place:${digits(i)}`,
  longitude: 5 + random() * 10,
  latitude: 45 + random() * 10,
}))
store.geoadd('map', points)
await fill(
  'GEOADD',
  'map',
  points.map(({ member, longitude, latitude }) => [longitude, latitude, member]),
)

/** A fresh key on both sides. */
const afresh = (key: string) => async () => {
  store.del(key)
  await server.client.del(key)
}
async function freshGroup(): Promise<void> {
  store.xgroupDestroy('log', 'acks')
  store.xgroupCreate('log', 'acks', '0')
  await server.client.xgroup('DESTROY', 'log', 'acks')
  await server.client.xgroup('CREATE', 'log', 'acks', '0')
}

const cases: Record<string, Case> = {
  SET: {
    ops: SIZE,
    range: SIZE,
    argv: ['SET', `user:${ANY}`, 'value:0123456789abcd'],
    own: i => store.set(`user:${twelve(i)}`, 'value:0123456789abcd').length,
  },
  GET: {
    ops: SIZE,
    range: SIZE,
    argv: ['GET', `user:${ANY}`],
    own: i => store.get(`user:${twelve(i)}`)?.length ?? 0,
  },
  XADD: {
    ops: SIZE,
    range: SIZE,
    argv: ['XADD', 'events', '*', 'sensor', ANY, 'value', 'x'],
    own: i => store.xadd('events', '*', { sensor: twelve(i), value: 'x' }).length,
    ready: afresh('events'),
  },
  XREADGROUP: {
    ops: ENTRIES,
    range: 1,
    argv: ['XREADGROUP', 'GROUP', 'acks', 'me', 'COUNT', '1', 'STREAMS', 'log', '>'],
    own: () => store.xreadgroup('acks', 'me', { log: '>' }, { count: 1 })?.[0].entries.length ?? 0,
    ready: freshGroup,
  },
  // Of what the case before has read.
  XACK: {
    ops: ENTRIES,
    range: ENTRIES,
    argv: ['XACK', 'log', 'acks', `${ANY}-1`],
    own: i => store.xack('log', 'acks', `${i}-1`),
  },
  // An offset has no leading zeros, so there it is always the same bit; ours are all over the string.
  'SETBIT, one string of 8 M bits': {
    ops: SIZE,
    range: BITS,
    argv: ['SETBIT', 'bits', String(BITS - 1), '1'],
    own: i => store.setbit('bits', i, 1),
    ready: afresh('bits'),
  },
  'SETBIT, 100,000 strings': {
    ops: SIZE,
    range: 100_000,
    argv: ['SETBIT', `bits:${ANY}`, '365', '1'],
    own: i => store.setbit(`bits:${twelve(i)}`, 365, 1),
  },
  PFADD: {
    ops: SIZE,
    range: SIZE,
    argv: ['PFADD', 'visitors', `user:${ANY}`],
    own: i => +store.pfadd('visitors', `user:${twelve(i)}`),
    ready: afresh('visitors'),
  },
  'GEOSEARCH, the 10 nearest of 1 M': {
    ops: 50_000,
    range: SIZE,
    argv: ['GEOSEARCH', 'map', 'FROMMEMBER', `place:${ANY}`, 'BYRADIUS', '5', 'km', 'ASC', 'COUNT', '10'],
    own: i =>
      store.geosearch('map', {
        from: { member: `place:${digits(i)}` },
        by: { radius: 5, unit: 'km' },
        asc: true,
        count: 10,
      }).length,
  },
}

async function theirRate(one: Case): Promise<number> {
  const socket = path.join(server.directory, 'redis.sock')
  const options = ['-s', socket, '-P', '100', '-n', String(one.ops), '-r', String(one.range), '--csv']
  const { stdout } = await run('redis-benchmark', [...options, ...one.argv])
  const rate = Number(stdout.trim().split('\n').at(-1)?.split('","')[1])
  if (!(rate > 0)) throw new Error(`redis-benchmark said: ${stdout}`)
  return rate
}

let sink = 0
function ownRate(one: Case): number {
  const at = Int32Array.from({ length: one.ops }, () => below(one.range))
  const start = performance.now()
  for (let i = 0; i < at.length; i++) sink += one.own(at[i])
  return (one.ops * 1000) / (performance.now() - start)
}

interface Rates {
  readonly own: number[]
  readonly theirs: number[]
}
const rates = new Map<string, Rates>(Object.keys(cases).map(title => [title, { own: [], theirs: [] }]))
for (let round = 0; round < ROUNDS; round++) {
  for (const [title, one] of Object.entries(cases)) {
    await one.ready?.()
    globalThis.gc?.()
    const { own, theirs } = rates.get(title) as Rates
    if (round % 2 === 0) own.push(ownRate(one))
    theirs.push(await theirRate(one))
    if (round % 2 === 1) own.push(ownRate(one))
  }
}
await server.close()
if (Number.isNaN(sink)) throw new Error('a case did not do its work')

/** The rates of two commands one after the other. */
function both(first: Rates, second: Rates): Rates {
  const together = (a: number[], b: number[]): number[] => a.map((rate, i) => 1 / (1 / rate + 1 / b[i]))
  return { own: together(first.own, second.own), theirs: together(first.theirs, second.theirs) }
}
rates.set('XREADGROUP and XACK', both(rates.get('XREADGROUP') as Rates, rates.get('XACK') as Rates))

console.log(`\n## Beside redis-benchmark -P 100, wall time, ${ROUNDS} rounds\n`)
console.log('| command | embedis, million/s | ratio to redis-benchmark | quartiles | claim |')
console.log('|---|---|---|---|---|')
for (const [title, { own, theirs }] of rates) {
  const { lower, median, upper } = spread(own.map((rate, round) => rate / theirs[round]))
  const verdict = lower >= 1 ? '≥ 1: holds' : '≥ 1: does not hold'
  const [rate, ...shown] = [spread(own).median / 1e6, median, lower, upper].map(n => n.toPrecision(3))
  console.log(`| ${title} | ${rate} | ${shown[0]} | ${shown[1]} – ${shown[2]} | ${verdict} |`)
}
