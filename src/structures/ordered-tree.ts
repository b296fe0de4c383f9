import { compareText } from '../util/text.ts'
import {
  addChild,
  addPair,
  below,
  built,
  childFor,
  comparePairs,
  copyNode,
  dropChild,
  dropPairs,
  few,
  Inner,
  INNER,
  join,
  Leaf,
  LEAF,
  move,
  newInner,
  newLeaf,
  type Node,
  nowhere,
  placeFor,
  placeOf,
  sum,
  widthAt,
} from './tree-nodes.ts'
import type { Version } from './version.ts'

/**
 * A counted B+ tree of (score, member) pairs, ordered by score and, at equal scores, by the bytes of the member.
 *
 * Leaves hold up to `LEAF` pairs in two parallel arrays. Inner nodes hold up to `INNER` children with the number of pairs
 * below each, so that ranks are sums along one path, and with one separator per child:
 *   leaf    scores  [s0 s1 s2 …]       members  [m0 m1 m2 …]
 *   inner   scores  [·  s1 s2 …]       members  [·  m1 m2 …]     children [c0 c1 c2 …]     counts [n0 n1 n2 …]
 * There are no parent or sibling pointers, because a node may be part of several versions (see version.ts): writers
 * walk down from the root, copy what is shared on the way, split full nodes before they enter them and refill thin
 * ones. Readers that leave a leaf walk down again to the next, which costs less per element than a stack would.
 * The score arrays are arrays that never hold anything but doubles, which V8 stores unboxed in the object itself: a
 * Float64Array of this length costs a second allocation and some 200 bytes more.
 *
 * Invariants
 * 1. All pairs are distinct and ascend from left to right; no score is NaN.
 * 2. Separator i of an inner node is at most every pair below child i and greater than every pair below child i - 1.
 *    It need not be a pair that is still there. Separator 0 means nothing.
 * 3. `counts[i]` is the number of pairs below child i; `size` is the number of pairs in the tree.
 * 4. Every node but the root holds at least a quarter of its width; an inner root at least two.
 *    So a tree takes at most four times the memory that its pairs need, and all leaves are `height` steps away.
 * 5. Slots from `n` on hold '' or `nowhere`, so that nothing is kept alive by them.
 * 6. A node stamped below `version.floor` is never written; its ancestors are then stamped below it as well or copied.
 */

/** The place in the leaf that `leafAt` found: its second result. */
let place = 0
/** The child slots on the way to the leaf that `replace` stands in, from the root down. */
const way = new Int32Array(16)

export class OrderedTree {
  size: number
  private readonly version: Version
  private root: Node
  private height: number

  constructor(version: Version) {
    this.size = 0
    this.version = version
    this.root = newLeaf(version.epoch)
    this.height = 0
  }

  /** A second root over the same nodes. O(1). */
  fork(version: Version): OrderedTree {
    const fork = new OrderedTree(version)
    fork.size = this.size
    fork.root = this.root
    fork.height = this.height
    return fork
  }

  /** Replaces the content by pairs that ascend strictly. O(n). */
  build(members: readonly string[], scores: ArrayLike<number>): void {
    const stamp = this.version.epoch
    const n = members.length
    this.size = n
    this.height = 0
    this.root = newLeaf(stamp)
    let level: Node[] = []
    // The first pair below each node of the level becomes its separator one level up.
    let firsts: number[] = []
    const leaves = n <= LEAF ? 1 : Math.ceil(n / built(LEAF))
    for (let i = 0; i < leaves; i++) {
      const leaf = newLeaf(stamp)
      const start = Math.floor((n * i) / leaves)
      leaf.n = Math.floor((n * (i + 1)) / leaves) - start
      for (let j = 0; j < leaf.n; j++) {
        leaf.scores[j] = scores[start + j]
        leaf.members[j] = members[start + j]
      }
      level.push(leaf)
      firsts.push(start)
    }
    while (level.length > 1) {
      const nodes = level.length <= INNER ? 1 : Math.ceil(level.length / built(INNER))
      const above: Node[] = []
      const starts: number[] = []
      for (let i = 0; i < nodes; i++) {
        const node = newInner(stamp)
        const start = Math.floor((level.length * i) / nodes)
        const end = Math.floor((level.length * (i + 1)) / nodes)
        for (let j = start; j < end; j++) {
          const first = firsts[j]
          addChild(node, j - start, scores[first], members[first], level[j], below(level[j]))
        }
        above.push(node)
        starts.push(firsts[start])
      }
      level = above
      firsts = starts
      this.height++
    }
    this.root = level[0]
  }

  /** Adds a pair that is known to be absent. O(log n). */
  insert(score: number, member: string): void {
    const { floor, epoch } = this.version
    let node = this.ownRoot()
    if (node.n === widthAt(this.height)) {
      const root = newInner(epoch)
      addChild(root, 0, 0.5, '', node, this.size)
      this.root = root
      this.height++
      node = root
    }
    this.size++
    let first = true
    let last = true
    for (let h = this.height; h > 0; h--) {
      const inner = node as Inner
      let i = childFor(inner, score, member)
      if (i > 0) first = false
      if (i < inner.n - 1) last = false
      let child = inner.children[i]
      if (child.stamp < floor) {
        child = copyNode(child, epoch)
        inner.children[i] = child
      }
      if (child.n === widthAt(h - 1)) {
        this.split(inner, i, child, first, last, score, member)
        const s = inner.scores[i + 1]
        if (s < score || (s === score && compareText(inner.members[i + 1], member) <= 0)) i++
        child = inner.children[i]
      }
      inner.counts[i]++
      node = child
    }
    const leaf = node as Leaf
    addPair(leaf, placeFor(leaf, score, member), score, member)
  }

  /** Removes a pair that is known to be there. O(log n). */
  delete(score: number, member: string): void {
    const { floor, epoch } = this.version
    let node = this.ownRoot()
    this.size--
    for (let h = this.height; h > 0; h--) {
      const inner = node as Inner
      let i = childFor(inner, score, member)
      let child = inner.children[i]
      if (child.n <= few(widthAt(h - 1))) {
        this.refill(inner, i)
        if (inner.n === 1) {
          // Only the root may get there: its two children became one, which is the root from now on.
          node = inner.children[0]
          this.root = node
          this.height--
          continue
        }
        i = childFor(inner, score, member)
        child = inner.children[i]
      }
      if (child.stamp < floor) {
        child = copyNode(child, epoch)
        inner.children[i] = child
      }
      inner.counts[i]--
      node = child
    }
    const leaf = node as Leaf
    dropPairs(leaf, placeOf(leaf, score, member), 1)
  }

  /** Gives a member that is known to be there with score `old` another score. O(log n), in place when it can stay. */
  replace(old: number, member: string, score: number): void {
    const { floor, epoch } = this.version
    let node = this.ownRoot()
    // Whether the new pair lies within the bounds that the separators set for the leaf.
    let stays = true
    const up = score > old
    for (let h = this.height; h > 0; h--) {
      const inner = node as Inner
      const i = childFor(inner, old, member)
      way[h] = i
      if (stays) {
        if (up) stays = i + 1 === inner.n || comparePairs(score, member, inner.scores[i + 1], inner.members[i + 1]) < 0
        else stays = i === 0 || comparePairs(score, member, inner.scores[i], inner.members[i]) >= 0
      }
      let child = inner.children[i]
      if (child.stamp < floor) {
        child = copyNode(child, epoch)
        inner.children[i] = child
      }
      node = child
    }
    const leaf = node as Leaf
    const { scores, members } = leaf
    let at = placeOf(leaf, old, member)
    // The caller's string equals the one stored here and in the table, but may be another object: keep the stored one.
    const kept = members[at]
    if (stays) {
      if (up) {
        for (; at + 1 < leaf.n && comparePairs(scores[at + 1], members[at + 1], score, member) < 0; at++) {
          scores[at] = scores[at + 1]
          members[at] = members[at + 1]
        }
      } else {
        for (; at > 0 && comparePairs(scores[at - 1], members[at - 1], score, member) > 0; at--) {
          scores[at] = scores[at - 1]
          members[at] = members[at - 1]
        }
      }
      scores[at] = score
      members[at] = kept
      return
    }
    if (leaf.n > few(LEAF)) {
      // Everything on the way is writable by now and the leaf does not become too thin: no second search is needed.
      node = this.root
      for (let h = this.height; h > 0; h--) {
        const inner = node as Inner
        const i = way[h]
        inner.counts[i]--
        node = inner.children[i]
      }
      dropPairs(leaf, at, 1)
      this.size--
    } else this.delete(old, kept)
    this.insert(score, kept)
  }

  /** Removes the pairs with ranks in [start, end), calling `visit` for each in order. O(log n + k). */
  deleteRange(start: number, end: number, visit: ((member: string, score: number) => void) | undefined): void {
    let left = end - start
    while (left > 0) {
      if (left === this.size) {
        if (visit !== undefined) this.forEach(0, left, false, visit)
        this.build([], [])
        return
      }
      const leaf = this.leafAt(start)
      const k = Math.min(left, leaf.n - place)
      if (visit !== undefined) for (let i = place; i < place + k; i++) visit(leaf.members[i], leaf.scores[i])
      this.dropRun(this.ownRoot(), this.height, start, k)
      while (this.height > 0 && this.root.n === 1) {
        this.root = (this.root as Inner).children[0]
        this.height--
      }
      this.size -= k
      left -= k
    }
  }

  /** The rank of a pair that is known to be there. O(log n). */
  rank(score: number, member: string): number {
    let node = this.root
    let rank = 0
    for (let h = this.height; h > 0; h--) {
      const inner = node as Inner
      const i = childFor(inner, score, member)
      rank += sum(inner.counts, 0, i)
      node = inner.children[i]
    }
    return rank + placeOf(node as Leaf, score, member)
  }

  /** The number of pairs with a lower score, or with `after` a lower or equal one. O(log n). */
  rankOfScore(score: number, after: boolean): number {
    let node = this.root
    let rank = 0
    for (let h = this.height; h >= 0; h--) {
      const scores = node.scores
      // In a leaf the first pair counts too; in an inner node child 0 has no separator.
      let low = h > 0 ? 1 : 0
      let high = node.n
      while (low < high) {
        const middle = (low + high) >> 1
        const s = scores[middle]
        if (s < score || (after && s === score)) low = middle + 1
        else high = middle
      }
      if (h === 0) return rank + low
      rank += sum((node as Inner).counts, 0, low - 1)
      node = (node as Inner).children[low - 1]
    }
    return rank
  }

  /** As `rankOfScore` by members, for trees in which all scores are equal; else some number within 0 and `size`. */
  rankOfLex(member: string, after: boolean): number {
    const bound = after ? 0 : -1
    let node = this.root
    let rank = 0
    for (let h = this.height; h >= 0; h--) {
      const members = node.members
      let low = h > 0 ? 1 : 0
      let high = node.n
      while (low < high) {
        const middle = (low + high) >> 1
        if (compareText(members[middle], member) <= bound) low = middle + 1
        else high = middle
      }
      if (h === 0) return rank + low
      rank += sum((node as Inner).counts, 0, low - 1)
      node = (node as Inner).children[low - 1]
    }
    return rank
  }

  /** The member at a rank in [0, size). O(log n). */
  memberAt(rank: number): string {
    return this.leafAt(rank).members[place]
  }

  /** The score at a rank in [0, size). O(log n). */
  scoreAt(rank: number): number {
    return this.leafAt(rank).scores[place]
  }

  /**
   * Visits the pairs with ranks in [start, end), from the last one down with `reverse`, until `visit` answers false.
   * The tree must not change meanwhile.
   */
  forEach(
    start: number,
    end: number,
    reverse: boolean,
    visit: (member: string, score: number) => boolean | undefined | void,
  ): void {
    if (reverse) {
      for (let rank = end - 1; rank >= start; ) {
        const { scores, members } = this.leafAt(rank)
        const stop = Math.max(0, place - (rank - start))
        rank -= place - stop + 1
        for (let i = place; i >= stop; i--) if (visit(members[i], scores[i]) === false) return
      }
      return
    }
    for (let rank = start; rank < end; ) {
      const { scores, members, n } = this.leafAt(rank)
      const stop = Math.min(n, place + (end - rank))
      rank += stop - place
      for (let i = place; i < stop; i++) if (visit(members[i], scores[i]) === false) return
    }
  }

  /** The members with ranks in [start, end), highest first with `reverse`. */
  members(start: number, end: number, reverse: boolean): string[] {
    const out: string[] = []
    if (start >= end) return out
    if (reverse) {
      for (let rank = end - 1; rank >= start; ) {
        const members = this.leafAt(rank).members
        const stop = Math.max(0, place - (rank - start))
        rank -= place - stop + 1
        for (let i = place; i >= stop; i--) out.push(members[i])
      }
      return out
    }
    const first = this.leafAt(start)
    // Within one leaf it is a copy of memory.
    if (place + (end - start) <= first.n) return first.members.slice(place, place + (end - start))
    for (let rank = start; rank < end; ) {
      const { members, n } = this.leafAt(rank)
      const stop = Math.min(n, place + (end - rank))
      rank += stop - place
      for (let i = place; i < stop; i++) out.push(members[i])
    }
    return out
  }

  /** As `members`, each followed by its score. */
  pairs(start: number, end: number, reverse: boolean): (string | number)[] {
    const out: (string | number)[] = []
    if (reverse) {
      for (let rank = end - 1; rank >= start; ) {
        const { scores, members } = this.leafAt(rank)
        const stop = Math.max(0, place - (rank - start))
        rank -= place - stop + 1
        for (let i = place; i >= stop; i--) out.push(members[i], scores[i])
      }
      return out
    }
    for (let rank = start; rank < end; ) {
      const { scores, members, n } = this.leafAt(rank)
      const stop = Math.min(n, place + (end - rank))
      rank += stop - place
      for (let i = place; i < stop; i++) out.push(members[i], scores[i])
    }
    return out
  }

  /** How many nodes there are and how many of them carry `stamp` or a later one: for tests. O(n / 64). */
  census(stamp: number): { nodes: number; fresh: number } {
    const count = { nodes: 0, fresh: 0 }
    const walk = (node: Node): void => {
      count.nodes++
      if (node.stamp >= stamp) count.fresh++
      if (node instanceof Inner) for (let i = 0; i < node.n; i++) walk(node.children[i])
    }
    walk(this.root)
    return count
  }

  /** Throws when an invariant does not hold. */
  check(): void {
    let previous: { score: number; member: string } | undefined
    const walk = (
      node: Node,
      h: number,
      low: { score: number; member: string } | undefined,
      high: { score: number; member: string } | undefined,
    ): number => {
      if (node instanceof Leaf !== (h === 0)) throw new Error('tree: a leaf at the wrong height')
      const width = widthAt(h)
      if (node.scores.length !== width || node.members.length !== width) throw new Error('tree: width of a node')
      if (node.n > width || (node !== this.root && node.n < few(width))) throw new Error(`tree: ${node.n} in a node`)
      for (let i = node.n; i < width; i++) if (node.members[i] !== '') throw new Error('tree: a member kept alive')
      if (node instanceof Leaf) {
        for (let i = 0; i < node.n; i++) {
          const score = node.scores[i]
          const member = node.members[i]
          if (Number.isNaN(score)) throw new Error('tree: NaN')
          if (previous !== undefined && comparePairs(previous.score, previous.member, score, member) >= 0) {
            throw new Error('tree: out of order')
          }
          if (low !== undefined && comparePairs(low.score, low.member, score, member) > 0) {
            throw new Error('tree: below its separator')
          }
          if (high !== undefined && comparePairs(score, member, high.score, high.member) >= 0) {
            throw new Error('tree: not below the next separator')
          }
          previous = { score, member }
        }
        return node.n
      }
      if (node.n < 2) throw new Error('tree: an inner node with one child')
      if (node.children.length !== width || node.counts.length !== width) throw new Error('tree: width of a node')
      for (let i = node.n; i < width; i++) if (node.children[i] !== nowhere) throw new Error('tree: a child kept alive')
      let total = 0
      for (let i = 0; i < node.n; i++) {
        const child = node.children[i]
        if (node.stamp < this.version.floor && child.stamp >= this.version.floor) {
          throw new Error('tree: a writable node below a shared one')
        }
        const from = i === 0 ? low : { score: node.scores[i], member: node.members[i] }
        const to = i + 1 === node.n ? high : { score: node.scores[i + 1], member: node.members[i + 1] }
        const count = walk(child, h - 1, from, to)
        if (count !== node.counts[i]) throw new Error('tree: count of a child')
        total += count
      }
      return total
    }
    if (walk(this.root, this.height, undefined, undefined) !== this.size) throw new Error('tree: size')
  }

  /** The leaf that holds the pair of a rank in [0, size), with its place in the leaf in `place`. */
  private leafAt(rank: number): Leaf {
    let node = this.root
    for (let h = this.height; h > 0; h--) {
      const { counts, children } = node as Inner
      let i = 0
      while (rank >= counts[i]) rank -= counts[i++]
      node = children[i]
    }
    place = rank
    return node as Leaf
  }

  private ownRoot(): Node {
    if (this.root.stamp < this.version.floor) this.root = copyNode(this.root, this.version.epoch)
    return this.root
  }

  /**
   * Splits child `i`, which is full, in two. At the ends of the tree the new node stays small, because scores that only
   * grow (timestamps) or only fall would otherwise leave every leaf half empty.
   */
  private split(
    node: Inner,
    i: number,
    child: Node,
    first: boolean,
    last: boolean,
    score: number,
    member: string,
  ): void {
    const width = child instanceof Leaf ? LEAF : INNER
    let at = width >> 1
    if (last && comparePairs(child.scores[width - 1], child.members[width - 1], score, member) < 0) at = join(width)
    else if (first && comparePairs(score, member, child.scores[1], child.members[1]) < 0) at = few(width)
    const right = child instanceof Leaf ? newLeaf(this.version.epoch) : newInner(this.version.epoch)
    const s = child.scores[at]
    const m = child.members[at]
    move(child, at, width, right, 0)
    child.n = at
    right.n = width - at
    const count = below(right)
    node.counts[i] -= count
    addChild(node, i + 1, s, m, right, count)
  }

  /** Joins child `i`, which is thin, with a neighbour, or evens the two out. `node` is writable. */
  private refill(node: Inner, i: number): void {
    if (node.children[i].n === 0) {
      dropChild(node, i)
      return
    }
    const { floor, epoch } = this.version
    const r = i > 0 ? i : 1
    const l = r - 1
    let left = node.children[l]
    let right = node.children[r]
    if (left.stamp < floor) {
      left = copyNode(left, epoch)
      node.children[l] = left
    }
    if (right.stamp < floor) {
      right = copyNode(right, epoch)
      node.children[r] = right
    }
    if (right instanceof Inner) {
      // What separates the two is what separates their children once they are neighbours in one node.
      right.scores[0] = node.scores[r]
      right.members[0] = node.members[r]
    }
    const total = left.n + right.n
    if (total <= join(left instanceof Leaf ? LEAF : INNER)) {
      move(right, 0, right.n, left, left.n)
      left.n = total
      node.counts[l] += node.counts[r]
      dropChild(node, r)
      return
    }
    const half = total >> 1
    if (left.n > half) {
      const k = left.n - half
      this.makeRoom(right, k)
      move(left, half, left.n, right, 0)
    } else {
      const k = half - left.n
      move(right, 0, k, left, left.n)
      move(right, k, right.n, right, 0)
    }
    left.n = half
    right.n = total - half
    node.scores[r] = right.scores[0]
    node.members[r] = right.members[0]
    const both = node.counts[l] + node.counts[r]
    node.counts[l] = below(left)
    node.counts[r] = both - node.counts[l]
  }

  /** Moves everything in `node` by `k` slots to the right. */
  private makeRoom(node: Node, k: number): void {
    for (let i = node.n - 1; i >= 0; i--) move(node, i, i + 1, node, i + k)
  }

  /** Removes `k` pairs of one leaf, from `rank` on, below `node`, which is writable. */
  private dropRun(node: Node, h: number, rank: number, k: number): void {
    if (h === 0) {
      dropPairs(node as Leaf, rank, k)
      return
    }
    const inner = node as Inner
    let i = 0
    while (rank >= inner.counts[i]) rank -= inner.counts[i++]
    let child = inner.children[i]
    if (child.stamp < this.version.floor) {
      child = copyNode(child, this.version.epoch)
      inner.children[i] = child
    }
    inner.counts[i] -= k
    this.dropRun(child, h - 1, rank, k)
    if (child.n < few(widthAt(h - 1))) this.refill(inner, i)
  }
}
