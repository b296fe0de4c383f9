import { compareText } from '../util/text.ts'

// The nodes of a counted B+ tree: see ordered-tree.ts for what they mean.

/** How many pairs a leaf holds, and how many children an inner node. */
export const LEAF = 48
export const INNER = 128

/** How many a node holds at height `h`, leaves being at 0. */
export function widthAt(h: number): number {
  return h === 0 ? LEAF : INNER
}

/** With fewer than this a node is thin. */
export function few(width: number): number {
  return width >> 2
}

/** Two neighbours that hold no more than this together become one. */
export function join(width: number): number {
  return (width * 3) >> 2
}

/** How full a tree is built from sorted input: some room is left for what comes later. */
export function built(width: number): number {
  return (width * 7) >> 3
}

const noScores: number[] = []
const noMembers: string[] = []
for (let i = 0; i < INNER; i++) {
  // A fraction, not 0: it makes the array one of doubles from the start.
  noScores.push(0.5)
  noMembers.push('')
}

export class Leaf {
  readonly stamp: number
  n: number
  readonly scores: number[]
  readonly members: string[]

  constructor(stamp: number, n: number, scores: number[], members: string[]) {
    this.stamp = stamp
    this.n = n
    this.scores = scores
    this.members = members
  }
}

export class Inner {
  readonly stamp: number
  n: number
  readonly scores: number[]
  readonly members: string[]
  readonly children: (Leaf | Inner)[]
  readonly counts: Int32Array

  constructor(
    stamp: number,
    n: number,
    scores: number[],
    members: string[],
    children: (Leaf | Inner)[],
    counts: Int32Array,
  ) {
    this.stamp = stamp
    this.n = n
    this.scores = scores
    this.members = members
    this.children = children
    this.counts = counts
  }
}

export type Node = Leaf | Inner

export const nowhere: Leaf = new Leaf(-1, 0, [], [])
const noChildren: Node[] = []
for (let i = 0; i < INNER; i++) noChildren.push(nowhere)

export function newLeaf(stamp: number): Leaf {
  return new Leaf(stamp, 0, noScores.slice(0, LEAF), noMembers.slice(0, LEAF))
}

export function newInner(stamp: number): Inner {
  return new Inner(stamp, 0, noScores.slice(), noMembers.slice(), noChildren.slice(), new Int32Array(INNER))
}

function copyLeaf(leaf: Leaf, stamp: number): Leaf {
  return new Leaf(stamp, leaf.n, leaf.scores.slice(), leaf.members.slice())
}

function copyInner(node: Inner, stamp: number): Inner {
  return new Inner(stamp, node.n, node.scores.slice(), node.members.slice(), node.children.slice(), node.counts.slice())
}

export function copyNode(node: Node, stamp: number): Node {
  return node instanceof Leaf ? copyLeaf(node, stamp) : copyInner(node, stamp)
}

/** Below zero, zero or above as the first pair comes before, is or comes after the second. */
export function comparePairs(s1: number, m1: string, s2: number, m2: string): number {
  return s1 < s2 ? -1 : s1 > s2 ? 1 : compareText(m1, m2)
}

/** The child of `node` whose range holds the pair. */
export function childFor(node: Inner, score: number, member: string): number {
  const { scores, members } = node
  let low = 0
  let high = node.n
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const s = scores[middle]
    if (s < score || (s === score && compareText(members[middle], member) <= 0)) low = middle
    else high = middle
  }
  return low
}

/** The first place in `leaf` whose pair is not before the given one. */
export function placeFor(leaf: Leaf, score: number, member: string): number {
  const { scores, members } = leaf
  let low = 0
  let high = leaf.n
  while (low < high) {
    const middle = (low + high) >> 1
    const s = scores[middle]
    if (s < score || (s === score && compareText(members[middle], member) < 0)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The place in `leaf` of a pair that is known to be there. Members are looked at only where scores are equal, because
 * each of them is likely to be in no cache.
 */
export function placeOf(leaf: Leaf, score: number, member: string): number {
  const { scores, n } = leaf
  let low = 0
  let high = n
  while (low < high) {
    const middle = (low + high) >> 1
    if (scores[middle] < score) low = middle + 1
    else high = middle
  }
  return low + 1 < n && scores[low + 1] === score ? placeFor(leaf, score, member) : low
}

export function addPair(leaf: Leaf, at: number, score: number, member: string): void {
  const { scores, members } = leaf
  for (let i = leaf.n; i > at; i--) {
    scores[i] = scores[i - 1]
    members[i] = members[i - 1]
  }
  scores[at] = score
  members[at] = member
  leaf.n++
}

/** Closes the gap left by `k` pairs from `at` on. */
export function dropPairs(leaf: Leaf, at: number, k: number): void {
  const { scores, members } = leaf
  const n = leaf.n - k
  for (let i = at; i < n; i++) {
    scores[i] = scores[i + k]
    members[i] = members[i + k]
  }
  for (let i = n; i < n + k; i++) members[i] = ''
  leaf.n = n
}

/** Moves the pairs of `from` at [start, end) to `to`, whose slots from `at` on are free. Counts are the caller's. */
function movePairs(from: Leaf, start: number, end: number, to: Leaf, at: number): void {
  for (let i = start; i < end; i++, at++) {
    to.scores[at] = from.scores[i]
    to.members[at] = from.members[i]
    from.members[i] = ''
  }
}

/** Moves children with their counts and separators, as `movePairs`. */
function moveChildren(from: Inner, start: number, end: number, to: Inner, at: number): void {
  for (let i = start; i < end; i++, at++) {
    to.scores[at] = from.scores[i]
    to.members[at] = from.members[i]
    to.children[at] = from.children[i]
    to.counts[at] = from.counts[i]
    from.members[i] = ''
    from.children[i] = nowhere
  }
}

export function move(from: Node, start: number, end: number, to: Node, at: number): void {
  if (from instanceof Leaf) movePairs(from, start, end, to as Leaf, at)
  else moveChildren(from, start, end, to as Inner, at)
}

/** Puts a child with its separator into slot `at`, moving the later ones. */
export function addChild(node: Inner, at: number, score: number, member: string, child: Node, count: number): void {
  const { scores, members, children, counts } = node
  for (let i = node.n; i > at; i--) {
    scores[i] = scores[i - 1]
    members[i] = members[i - 1]
    children[i] = children[i - 1]
    counts[i] = counts[i - 1]
  }
  scores[at] = score
  members[at] = member
  children[at] = child
  counts[at] = count
  node.n++
}

export function dropChild(node: Inner, at: number): void {
  const { scores, members, children, counts } = node
  const n = node.n - 1
  for (let i = at; i < n; i++) {
    scores[i] = scores[i + 1]
    members[i] = members[i + 1]
    children[i] = children[i + 1]
    counts[i] = counts[i + 1]
  }
  members[n] = ''
  children[n] = nowhere
  node.n = n
}

export function sum(counts: Int32Array, start: number, end: number): number {
  let total = 0
  for (let i = start; i < end; i++) total += counts[i]
  return total
}

export function below(node: Node): number {
  return node instanceof Leaf ? node.n : sum(node.counts, 0, node.n)
}
