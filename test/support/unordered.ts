/**
 * Replies that are not one fixed text: their order is open, they name a moment, or they are chosen at random.
 * One rule per command; `canonical` gives the text that two correct servers agree on (times: nearly, see `near`).
 */

import { bulkOf, parseReply, printReply, type Reply } from './reply.ts'

export type Rule =
  /** Elements in any order. */
  | 'items'
  /** Key–value pairs in any order (a flat array, or a map). */
  | 'pairs'
  /** A cursor and elements: the harness runs the whole iteration and compares what it found. */
  | 'scan items'
  | 'scan pairs'
  /** Chosen at random: the harness checks number, distinctness and membership. */
  | 'random'
  /** SORT, which is ordered or not by its options. */
  | 'sort'
  /** A duration or a moment, in seconds or milliseconds. */
  | 'seconds'
  | 'milliseconds'
  | 'moment in seconds'
  | 'moment in milliseconds'
  /** An id that may be made of the time. */
  | 'new id'
  /** What is pending, with how long. */
  | 'pending'
  /** What a stream says of itself, with times. */
  | 'stream info'

export const RULES: Readonly<Record<string, Rule>> = {
  SMEMBERS: 'items',
  SUNION: 'items',
  SINTER: 'items',
  SDIFF: 'items',
  KEYS: 'items',
  HKEYS: 'items',
  HVALS: 'items',
  HGETALL: 'pairs',
  SCAN: 'scan items',
  SSCAN: 'scan items',
  HSCAN: 'scan pairs',
  ZSCAN: 'scan pairs',
  SPOP: 'random',
  SRANDMEMBER: 'random',
  HRANDFIELD: 'random',
  ZRANDMEMBER: 'random',
  RANDOMKEY: 'random',
  SORT: 'sort',
  SORT_RO: 'sort',
  TTL: 'seconds',
  PTTL: 'milliseconds',
  EXPIRETIME: 'moment in seconds',
  PEXPIRETIME: 'moment in milliseconds',
  'OBJECT IDLETIME': 'seconds',
  'CONFIG GET': 'pairs',
  'COMMAND LIST': 'items',
  XADD: 'new id',
  XPENDING: 'pending',
  'XINFO STREAM': 'stream info',
  'XINFO CONSUMERS': 'stream info',
}

export function ruleOf(argv: readonly string[]): Rule | undefined {
  const name = (argv[0] ?? '').toUpperCase()
  return RULES[name] ?? RULES[`${name} ${(argv[1] ?? '').toUpperCase()}`]
}

/** The reply without what is open in it. Scans and random choices are the business of test/support/side.ts. */
export function canonical(argv: readonly string[], reply: string, now: number = Date.now()): string {
  const rule = ruleOf(argv)
  if (rule === undefined || reply.startsWith('-')) return reply
  switch (rule) {
    case 'items':
      return sortedItems(reply)
    case 'pairs':
      return sortedPairs(reply)
    case 'sort':
      return isUnorderedSort(argv) ? sortedItems(reply) : reply
    case 'seconds':
      return time(reply, '~s', Number(reply.slice(1)), Math.floor(now / 1000))
    case 'milliseconds':
      return time(reply, '~ms', Number(reply.slice(1)), now)
    case 'moment in seconds':
      return time(reply, '~s', Number(reply.slice(1)) - Math.floor(now / 1000), Math.floor(now / 1000))
    case 'moment in milliseconds':
      return time(reply, '~ms', Number(reply.slice(1)) - now, now)
    case 'new id':
      return argv.includes('*') && reply.startsWith('"') ? 'a new id' : reply
    case 'pending':
      return withoutIdleTimes(reply)
    case 'stream info':
      return withoutTimes(reply)
    default:
      return reply
  }
}

/** The third of the four parts of each pending entry is how long it has been idle. */
function withoutIdleTimes(reply: string): string {
  const tree = parseReply(reply)
  const items = tree.items.map(item =>
    item.items.length === 4 && item.items[2]?.leaf.startsWith(':')
      ? { ...item, items: item.items.toSpliced(2, 1) }
      : item,
  )
  return printReply({ ...tree, items })
}

/** Names of XINFO whose values are times; Redis 7.2 has two more than 7.0. */
const TIMES: ReadonlySet<string> = new Set(['idle', 'inactive', 'seen-time', 'active-time'])

/** Without times, and without when the entries of a list called `pending` were delivered. */
function withoutTimes(reply: string): string {
  return printReply(timeless(parseReply(reply), undefined))
}

function timeless(tree: Reply, name: string | undefined): Reply {
  if (tree.open === '') return tree
  if (name === 'pending') {
    const items = tree.items.map(item => ({ ...item, items: item.items.toSpliced(item.items.length - 2, 1) }))
    return { ...tree, items }
  }
  const named = tree.items.length % 2 === 0 && tree.items.some((item, i) => i % 2 === 0 && bulkOf(item) === 'name')
  const info = named || tree.items.some((item, i) => i % 2 === 0 && bulkOf(item) === 'radix-tree-keys')
  const items: Reply[] = []
  for (let i = 0; i < tree.items.length; i++) {
    const before = info && i % 2 === 1 ? bulkOf(tree.items[i - 1] as Reply) : undefined
    const own = info && i % 2 === 0 ? bulkOf(tree.items[i] as Reply) : undefined
    if (own !== undefined && TIMES.has(own)) i++
    else items.push(timeless(tree.items[i] as Reply, before))
  }
  return { ...tree, items }
}

/**
 * A time was given as a moment or as a duration from then, and only its command knew which: both are kept, the moment
 * after `@`, so that recordings stay true.
 */
function time(reply: string, unit: string, left: number, now: number): string {
  return Number(reply.slice(1)) > 0 ? `${unit} ${left} @${now + left}` : reply
}

/** Two canonical times that are the same duration or the same moment, read at slightly different times. */
export function near(a: string, b: string): boolean {
  const x = TIME.exec(a)
  const y = TIME.exec(b)
  if (x === null || y === null || x[1] !== y[1]) return false
  const most = x[1] === 's' ? 5 : 5000
  return [2, 3].some(i => Math.abs(Number(x[i]) - Number(y[i])) <= most)
}

const TIME = /^~(s|ms) (-?\d+) @(\d+)$/

export function sortedItems(reply: string): string {
  const tree = parseReply(reply)
  if (tree.open === '') return reply
  return printReply({ ...tree, items: sortReplies(tree.items) })
}

export function sortedPairs(reply: string): string {
  const tree = parseReply(reply)
  if (tree.open === '') return reply
  return printReply({ ...tree, items: sortReplies(pairsOf(tree)).flatMap(pair => pair.items) })
}

/** Pairs of a flat array, of a map, or of an array of pairs (RESP3 WITHSCORES), each as an array of two. */
export function pairsOf(tree: Reply): Reply[] {
  if (tree.items.length > 0 && tree.items.every(item => item.open === '[')) return [...tree.items]
  const pairs: Reply[] = []
  for (let i = 0; i < tree.items.length; i += 2) {
    pairs.push({ open: '[', leaf: '', items: tree.items.slice(i, i + 2) })
  }
  return pairs
}

export function sortReplies(items: readonly Reply[]): Reply[] {
  const texts = items.map(item => ({ item, text: printReply(item) }))
  texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return texts.map(entry => entry.item)
}

/**
 * SORT leaves the order open in two cases: `BY nosort` (a pattern without `*`) of a set, where a set cannot be told
 * from argv, and `BY … ALPHA`, where equal weights are left to the C library's qsort.
 */
function isUnorderedSort(argv: readonly string[]): boolean {
  const words = argv.map(word => word.toUpperCase())
  const by = words.indexOf('BY', 2)
  if (by < 0 || words.includes('STORE', 2)) return false
  return !(argv[by + 1] ?? '').includes('*') || words.includes('ALPHA', 2)
}

/** The elements of a reply as latin1 strings, for membership tests. */
export function textsOf(tree: Reply): string[] {
  return tree.items.map(item => bulkOf(item) ?? printReply(item))
}
