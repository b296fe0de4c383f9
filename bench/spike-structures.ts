/**
 * Ratios of the sorted set and the list to straightforward peers. Run: npx tsx bench/spike-structures.ts [members]
 * Both sides do the same work in turns; the figures are medians of the rounds. Names are built for each call, as
 * programs do, because V8 keeps a string's hash in the string.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { List } from '../src/structures/list.ts'
import { OrderedTree } from '../src/structures/ordered-tree.ts'
import { SortedSet } from '../src/structures/sorted-set.ts'
import { newVersion, share } from '../src/structures/version.ts'
import { SkipList } from './peers/skip-list.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

function used(): number {
  gc()
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let state = 0x9e3779b9
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

function below(n: number): number {
  return Math.floor(random() * n)
}

/** Skewed towards low numbers, roughly as Zipf with exponent 1. */
function zipf(n: number): number {
  return Math.min(n - 1, Math.floor(n ** random()) - 1)
}

const name = (i: number): string => `user:${i}`

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

type Work = (i: number) => void

/** Nanoseconds per step of each side, medians of rounds in turns; `prepare` gives both sides the same inputs. */
function compare(rounds: number, steps: number, prepare: () => void, sides: Work[]): number[] {
  const times: number[][] = sides.map(() => [])
  for (let round = 0; round < rounds; round++) {
    prepare()
    for (let k = 0; k < sides.length; k++) {
      const side = sides[(k + round) % sides.length]
      const start = performance.now()
      for (let i = 0; i < steps; i++) side(i)
      times[(k + round) % sides.length].push(((performance.now() - start) * 1e6) / steps)
    }
  }
  return times.map(median)
}

function row(what: string, figures: number[]): void {
  const [ours, ...others] = figures
  const cells = others.map(other => `${other.toFixed(0).padStart(7)} ns  ${(other / ours).toFixed(1).padStart(5)}x`)
  console.log(`${what.padEnd(34)}${ours.toFixed(0).padStart(7)} ns  ${cells.join('  ')}`)
}

function sortedSets(members: number): void {
  console.log(`sorted set, ${members} members: ours, skip list, ratio`)
  const set = new SortedSet(newVersion(), 0x1234567)
  const list = new SkipList()
  for (let i = 0; i < members; i++) {
    const score = below(1e9)
    set.set(name(i), score)
    list.add(name(i), score)
  }
  const steps = Math.min(20_000, members / 10)
  const ids = new Int32Array(steps)
  const scores = new Float64Array(steps)
  let next = members
  let sink = 0
  const draw = (id: () => number, score: () => number) => () => {
    for (let i = 0; i < steps; i++) {
      ids[i] = id()
      scores[i] = score()
    }
  }
  const any = (): number => below(members)
  const far = (): number => below(1e9)
  const rounds = 9
  const set2: Work = i => void set.set(name(ids[i]), scores[i])
  const list2: Work = i => void list.add(name(ids[i]), scores[i])
  row(
    'zadd, new',
    compare(
      rounds,
      steps,
      draw(() => next++, far),
      [set2, list2],
    ),
  )
  row('zadd, update', compare(rounds, steps, draw(any, far), [set2, list2]))
  row(
    'zincrby, Zipf',
    compare(
      rounds,
      steps,
      draw(
        () => zipf(members),
        () => below(1000),
      ),
      [i => void set.increment(name(ids[i]), scores[i]), i => void list.increment(name(ids[i]), scores[i])],
    ),
  )
  row(
    'zscore',
    compare(rounds, steps, draw(any, far), [
      i => void (sink += set.score(name(ids[i]))),
      i => void (sink += list.score(name(ids[i])) as number),
    ]),
  )
  row(
    'zrank',
    compare(rounds, steps, draw(any, far), [
      i => void (sink += set.rank(name(ids[i]))),
      i => void (sink += list.rank(name(ids[i]))),
    ]),
  )
  for (const width of [10, 100]) {
    row(
      `zrange of ${width}`,
      compare(
        rounds,
        steps,
        draw(() => below(members - width), far),
        [
          i => void (sink += set.members(ids[i], ids[i] + width, false).length),
          i => void (sink += list.range(ids[i], ids[i] + width).length),
        ],
      ),
    )
  }
  row(
    'zrangebyscore, 10',
    compare(rounds, steps, draw(any, far), [
      i => {
        const start = set.rankOfScore(scores[i], false)
        sink += set.members(start, start + 10, false).length
      },
      i => void (sink += list.rangeByScore(scores[i], 10).length),
    ]),
  )
  row(
    'zrem',
    compare(
      5,
      steps,
      draw(() => --next, far),
      [i => void set.delete(name(ids[i])), i => void list.delete(name(ids[i]))],
    ),
  )
  if (sink === 0.5) console.log(sink)
}

function sortedSetBytes(members: number): void {
  const names: string[] = []
  for (let i = 0; i < members; i++) names.push(name(i))
  const scores = new Float64Array(members)
  for (let i = 0; i < members; i++) scores[i] = below(1e9)
  const figures: string[] = []
  const measure = (what: string, make: () => object): void => {
    const before = used()
    const made = make()
    figures.push(`${what} ${((used() - before) / members).toFixed(1)}`)
    if (Object.keys(made).length === 0) console.log('empty')
  }
  const fill = (set: { add(member: string, score: number): boolean }): object => {
    for (let i = 0; i < members; i++) set.add(names[i], scores[i])
    return set
  }
  measure('random order', () => {
    const set = new SortedSet(newVersion(), 7)
    for (let i = 0; i < members; i++) set.set(names[i], scores[i])
    return set
  })
  measure('tree alone', () => {
    const tree = new OrderedTree(newVersion())
    for (let i = 0; i < members; i++) tree.insert(scores[i], names[i])
    return tree
  })
  measure('ascending', () => {
    const set = new SortedSet(newVersion(), 7)
    for (let i = 0; i < members; i++) set.set(names[i], i)
    return set
  })
  measure('loaded', () => {
    const set = new SortedSet(newVersion(), 7)
    set.load(names, scores)
    return set
  })
  measure('skip list', () => fill(new SkipList()))
  console.log(`sorted set, bytes per member beside its string: ${figures.join(', ')}`)
}

function sortedSetForks(members: number): void {
  const version = newVersion()
  let set = new SortedSet(version, 7)
  for (let i = 0; i < members; i++) set.set(name(i), below(1e9))
  const fork: number[] = []
  const first: number[] = []
  const fresh: number[] = []
  for (let round = 0; round < 51; round++) {
    share(version)
    const start = performance.now()
    set = set.fork(version)
    const middle = performance.now()
    set.set(name(below(members)), below(1e9))
    first.push((performance.now() - middle) * 1000)
    fork.push((middle - start) * 1000)
    fresh.push(set.census(version.floor).fresh)
  }
  console.log(
    `sorted set, ${members} members: fork ${median(fork).toFixed(1)} us, first update ${median(first).toFixed(1)} us, ` +
      `nodes copied ${median(fresh)} of ${set.census(0).nodes}`,
  )
}

function lists(elements: number): void {
  const make = (): List => {
    const list = new List(newVersion())
    for (let i = 0; i < elements; i++) list.push('twenty bytes of text')
    return list
  }
  const before = used()
  const list = make()
  const bytes = (used() - before) / elements
  const array: string[] = []
  for (let i = 0; i < elements; i++) array.push('twenty bytes of text')
  console.log(`list, ${elements} elements, ${bytes.toFixed(1)} bytes each beside the string: ours, plain array, ratio`)
  const steps = 100_000
  let sink = 0
  const ids = new Int32Array(steps)
  const draw = (): void => {
    for (let i = 0; i < steps; i++) ids[i] = below(elements)
  }
  const nothing = (): void => {}
  const value = (i: number): string => `job:${i}`
  row('push', compare(7, steps, nothing, [i => list.push(value(i)), i => void array.push(value(i))]))
  row('pop', compare(7, steps, nothing, [() => void list.pop(), () => void array.pop()]))
  row('unshift', compare(7, steps, nothing, [i => list.unshift(value(i))]))
  row('shift', compare(7, steps, nothing, [() => void list.shift()]))
  row(
    'push and shift (queue)',
    compare(7, steps, nothing, [
      i => {
        list.push(value(i))
        list.shift()
      },
    ]),
  )
  const shifts = compare(1, 50, nothing, [() => void array.push(array.shift() as string)])
  console.log(`${''.padEnd(34)}a queue on Array.shift takes ${shifts[0].toFixed(0)} ns`)
  row(
    'lindex',
    compare(7, steps, draw, [
      i => void (sink += (list.get(ids[i]) as string).length),
      i => void (sink += array[ids[i]].length),
    ]),
  )
  row(
    'lrange of 100',
    compare(7, 10_000, draw, [
      i => void (sink += list.range(ids[i], ids[i] + 99).length),
      i => void (sink += array.slice(ids[i], ids[i] + 100).length),
    ]),
  )
  row(
    'insert in the middle',
    compare(5, 200, draw, [i => list.insert(ids[i], 'x'), i => void array.splice(ids[i], 0, 'x')]),
  )
  row(
    'remove in the middle',
    compare(5, 200, draw, [i => void list.removeAt(ids[i]), i => void array.splice(ids[i], 1)]),
  )
  if (sink === 0.5) console.log(sink)
}

const count = Number(process.argv[2] ?? 1_000_000)
sortedSets(count)
sortedSetBytes(count)
sortedSetForks(count)
lists(count)
lists(count * 10)
