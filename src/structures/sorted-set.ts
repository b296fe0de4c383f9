import { compareText } from '../util/text.ts'
import { OrderedTree } from './ordered-tree.ts'
import { longText } from './small.ts'
import { Table } from './table.ts'
import { comparePairs } from './tree-nodes.ts'
import type { Structure, Version } from './version.ts'

/**
 * A sorted set: members with scores, by member and in order of (score, member).
 *
 * Small (up to 128 members): two parallel arrays in order, searched from front to back for a member.
 * Large: a table from member to score and a counted B+ tree of the pairs. A set that became large stays so.
 * Scores that compare equal are equal: 0 and -0 stand in the order of their members, and neither overwrites the other.
 *
 * Invariants
 * 1. Either `table` and `tree` are both null and the two arrays hold the set, or the arrays are empty.
 * 2. `members` is strictly ascending by (score, bytes of the member), no member occurs twice, no score is NaN.
 * 3. The table and the tree hold the same pairs, and the same string objects.
 * 4. `compact` implies that no score is -0.
 */

/** The most members in the small form. */
export const SMALL = 128

export interface Pair {
  member: string
  score: number
}

/** What walks call for each pair; `false` ends the walk. */
export type PairVisit = (member: string, score: number) => boolean | undefined | void

export class SortedSet implements Structure {
  readonly type = 'zset'
  readonly stamp: number
  /** Redis would still answer `listpack` to OBJECT ENCODING (limits.ts). Once false, it stays so. */
  compact: boolean
  private readonly version: Version
  private readonly seed: number
  private smallMembers: string[]
  private smallScores: number[]
  private table: Table<number> | null
  private tree: OrderedTree | null

  constructor(version: Version, seed: number) {
    this.stamp = version.epoch
    this.compact = true
    this.version = version
    this.seed = seed
    this.smallMembers = []
    this.smallScores = []
    this.table = null
    this.tree = null
  }

  get size(): number {
    return this.tree === null ? this.smallMembers.length : this.tree.size
  }

  /** The member's score, NaN when it is absent. O(1). */
  score(member: string): number {
    if (this.table !== null) return this.table.get(member) ?? Number.NaN
    const i = this.indexOf(member)
    return i < 0 ? Number.NaN : this.smallScores[i]
  }

  /** Adds the member or gives it another score, which is not NaN; true when it is new. O(log n). */
  set(member: string, given: number): boolean {
    const { table, tree } = this
    if (table === null || tree === null) return this.setSmall(member, given)
    const score = this.compact ? this.compactScore(member, given, table.has(member)) : given
    if (table.add(member, score)) {
      tree.insert(score, member)
      return true
    }
    const old = table.valueAt()
    if (old !== score) {
      table.setAt(score)
      tree.replace(old, member, score)
    }
    return false
  }

  /** Adds `by` to the member's score, 0 when it is new, and returns the sum; a sum of NaN is not stored. O(log n). */
  increment(member: string, by: number): number {
    const { table, tree } = this
    if (table !== null && tree !== null && table.find(member)) {
      const old = table.valueAt()
      const score = old + by
      if (old === score || Number.isNaN(score)) return score
      table.setAt(score)
      tree.replace(old, member, score)
      return score
    }
    const old = table === null ? this.score(member) : Number.NaN
    const score = Number.isNaN(old) ? by : old + by
    if (!Number.isNaN(score)) this.set(member, score)
    return score
  }

  /** True when the member was there. O(log n). */
  delete(member: string): boolean {
    const { table, tree } = this
    if (table === null || tree === null) {
      const i = this.indexOf(member)
      if (i < 0) return false
      this.closeSmall(i, 1)
      return true
    }
    if (!table.find(member)) return false
    const score = table.valueAt()
    table.deleteAt()
    tree.delete(score, member)
    return true
  }

  /** How many pairs stand before the member, -1 when it is absent. O(log n). */
  rank(member: string): number {
    const { table, tree } = this
    if (table === null || tree === null) return this.indexOf(member)
    const score = table.get(member)
    return score === undefined ? -1 : tree.rank(score, member)
  }

  /** The number of members with a lower score, or with `after` a lower or equal one. O(log n). */
  rankOfScore(score: number, after: boolean): number {
    if (this.tree !== null) return this.tree.rankOfScore(score, after)
    const scores = this.smallScores
    let i = 0
    while (i < scores.length && (scores[i] < score || (after && scores[i] === score))) i++
    return i
  }

  /**
   * The number of members before the given one by their bytes, or with `after` before or equal to it, when all scores
   * are equal. When they are not, some number within 0 and `size`, as Redis leaves it open. O(log n).
   */
  rankOfLex(member: string, after: boolean): number {
    if (this.tree !== null) return this.tree.rankOfLex(member, after)
    const members = this.smallMembers
    const bound = after ? 0 : -1
    let i = 0
    while (i < members.length && compareText(members[i], member) <= bound) i++
    return i
  }

  /** The member at a rank, undefined beyond the ends. O(log n). */
  memberAt(rank: number): string | undefined {
    if (!(rank >= 0 && rank < this.size)) return undefined
    return this.tree === null ? this.smallMembers[rank] : this.tree.memberAt(rank)
  }

  /** The score at a rank, NaN beyond the ends. O(log n). */
  scoreAt(rank: number): number {
    if (!(rank >= 0 && rank < this.size)) return Number.NaN
    return this.tree === null ? this.smallScores[rank] : this.tree.scoreAt(rank)
  }

  /**
   * Visits the pairs with ranks in [start, end), highest first with `reverse`, until `visit` answers false. The set
   * must not change meanwhile. O(log n + k).
   */
  forEach(start: number, end: number, reverse: boolean, visit: PairVisit): void {
    const from = Math.max(start, 0)
    const to = Math.min(end, this.size)
    if (this.tree !== null) return this.tree.forEach(from, to, reverse, visit)
    const { smallMembers, smallScores } = this
    if (reverse) {
      for (let i = to - 1; i >= from; i--) if (visit(smallMembers[i], smallScores[i]) === false) return
    } else {
      for (let i = from; i < to; i++) if (visit(smallMembers[i], smallScores[i]) === false) return
    }
  }

  /** The members with ranks in [start, end), highest first with `reverse`. O(log n + k). */
  members(start: number, end: number, reverse: boolean): string[] {
    const from = Math.max(start, 0)
    const to = Math.min(end, this.size)
    if (this.tree !== null) return this.tree.members(from, to, reverse)
    const members = this.smallMembers
    if (!reverse) return members.slice(from, Math.max(from, to))
    const out: string[] = []
    for (let i = to - 1; i >= from; i--) out.push(members[i])
    return out
  }

  /** As `members`, each followed by its score. O(log n + k). */
  pairs(start: number, end: number, reverse: boolean): (string | number)[] {
    const from = Math.max(start, 0)
    const to = Math.min(end, this.size)
    if (this.tree !== null) return this.tree.pairs(from, to, reverse)
    const out: (string | number)[] = []
    const { smallMembers, smallScores } = this
    if (reverse) for (let i = to - 1; i >= from; i--) out.push(smallMembers[i], smallScores[i])
    else for (let i = from; i < to; i++) out.push(smallMembers[i], smallScores[i])
    return out
  }

  /** Removes the pairs with ranks in [start, end), calling `visit` for each in order; how many went. O(log n + k). */
  deleteRange(start: number, end: number, visit?: (member: string, score: number) => void): number {
    const from = Math.max(start, 0)
    const to = Math.min(end, this.size)
    if (from >= to) return 0
    const { table, tree } = this
    if (table === null || tree === null) {
      if (visit !== undefined) for (let i = from; i < to; i++) visit(this.smallMembers[i], this.smallScores[i])
      this.closeSmall(from, to - from)
    } else if (to - from === tree.size) {
      tree.deleteRange(from, to, visit)
      table.clear()
    } else {
      tree.deleteRange(from, to, (member, score) => {
        table.delete(member)
        if (visit !== undefined) visit(member, score)
      })
    }
    return to - from
  }

  /** The pair with the lowest score. O(log n). */
  first(): Pair | undefined {
    return this.pairAt(0)
  }

  /** The pair with the highest score. O(log n). */
  last(): Pair | undefined {
    return this.pairAt(this.size - 1)
  }

  /** Removes and returns the pair with the lowest score. O(log n). */
  popFirst(): Pair | undefined {
    const pair = this.pairAt(0)
    if (pair !== undefined) this.delete(pair.member)
    return pair
  }

  /** Removes and returns the pair with the highest score. O(log n). */
  popLast(): Pair | undefined {
    const pair = this.pairAt(this.size - 1)
    if (pair !== undefined) this.delete(pair.member)
    return pair
  }

  /** A member chosen uniformly; undefined when empty. O(1) expected. */
  sample(random: () => number): string | undefined {
    if (this.table !== null) return this.table.sample(random)
    return this.smallMembers[Math.floor(random() * this.smallMembers.length)]
  }

  /**
   * Visits about `count` members from `cursor` on and returns the cursor to go on from, 0 at the end. A member that
   * stays in the set from cursor 0 to cursor 0 is visited at least once. A small set is visited as a whole.
   */
  scan(cursor: number, count: number, visit: (member: string, score: number) => void): number {
    if (this.table !== null) return this.table.scan(cursor, count, (member, score) => visit(member, score))
    const { smallMembers, smallScores } = this
    for (let i = 0; i < smallMembers.length; i++) visit(smallMembers[i], smallScores[i])
    return 0
  }

  /**
   * Fills the set, which is empty, with pairs in any order; false, and the set stays empty, when a member occurs twice.
   * O(n) when they ascend or descend strictly by (score, member), as they do in files, else O(n log n).
   */
  load(members: readonly string[], scores: ArrayLike<number>): boolean {
    const n = members.length
    let up = true
    let down = true
    const { zsetEntries, zsetValue } = this.version.limits
    let compact = this.compact && n <= zsetEntries
    for (let i = 0; i < n; i++) {
      if (compact && longText(members[i], zsetValue)) compact = false
      if (i === 0 || !(up || down)) continue
      const order = comparePairs(scores[i - 1], members[i - 1], scores[i], members[i])
      if (order >= 0) up = false
      if (order <= 0) down = false
    }
    const sortedMembers: string[] = []
    const sortedScores: number[] = []
    if (up) for (let i = 0; i < n; i++) sortedMembers.push(members[i])
    else if (down) for (let i = n - 1; i >= 0; i--) sortedMembers.push(members[i])
    if (up) for (let i = 0; i < n; i++) sortedScores.push(scores[i])
    else if (down) for (let i = n - 1; i >= 0; i--) sortedScores.push(scores[i])
    else {
      const order = new Uint32Array(n)
      for (let i = 0; i < n; i++) order[i] = i
      order.sort((a, b) => comparePairs(scores[a], members[a], scores[b], members[b]))
      for (let i = 0; i < n; i++) {
        sortedMembers.push(members[order[i]])
        sortedScores.push(scores[order[i]])
      }
    }
    if (compact) for (let i = 0; i < n; i++) sortedScores[i] += 0
    if (n > SMALL) {
      const table = new Table<number>(this.version, this.seed)
      for (let i = 0; i < n; i++) if (!table.add(sortedMembers[i], sortedScores[i])) return false
      this.adopt(table, sortedMembers, sortedScores)
    } else {
      if (new Set(sortedMembers).size < n) return false
      this.smallMembers = sortedMembers
      this.smallScores = sortedScores
    }
    this.compact = compact
    return true
  }

  /** Announces so many entries, the longest member of so many bytes: beyond Redis' bounds the set stops being compact. */
  expect(entries: number, bytes: number): void {
    const { zsetEntries, zsetValue } = this.version.limits
    if (entries > zsetEntries || bytes > zsetValue) this.compact = false
  }

  fork(version: Version): SortedSet {
    const fork = new SortedSet(version, this.seed)
    fork.compact = this.compact
    fork.smallMembers = this.smallMembers.slice()
    fork.smallScores = this.smallScores.slice()
    fork.table = this.table === null ? null : this.table.fork(version)
    fork.tree = this.tree === null ? null : this.tree.fork(version)
    return fork
  }

  get whole(): boolean {
    return this.table === null && this.tree === null
  }

  /** How many nodes the tree has and how many of them carry `stamp` or a later one: for tests. */
  census(stamp: number): { nodes: number; fresh: number } {
    return this.tree === null ? { nodes: 0, fresh: 0 } : this.tree.census(stamp)
  }

  check(): void {
    const { table, tree, smallMembers, smallScores } = this
    if (smallMembers.length !== smallScores.length) throw new Error('sorted set: arrays of different length')
    if ((table === null) !== (tree === null)) throw new Error('sorted set: half large')
    if (table !== null && tree !== null) {
      if (smallMembers.length !== 0) throw new Error('sorted set: both small and large')
      table.check()
      tree.check()
      if (table.size !== tree.size) throw new Error('sorted set: the table and the tree differ in size')
      tree.forEach(0, tree.size, false, (member, score) => {
        if (table.get(member) !== score) throw new Error('sorted set: the table and the tree differ')
        if (this.compact && Object.is(score, -0)) throw new Error('sorted set: not compact')
      })
      return
    }
    if (smallMembers.length > SMALL) throw new Error('sorted set: too large to be small')
    if (new Set(smallMembers).size !== smallMembers.length) throw new Error('sorted set: a member occurs twice')
    for (let i = 0; i < smallMembers.length; i++) {
      if (Number.isNaN(smallScores[i])) throw new Error('sorted set: NaN')
      if (this.compact && Object.is(smallScores[i], -0)) throw new Error('sorted set: not compact')
      if (i > 0 && comparePairs(smallScores[i - 1], smallMembers[i - 1], smallScores[i], smallMembers[i]) >= 0) {
        throw new Error('sorted set: out of order')
      }
    }
  }

  private pairAt(rank: number): Pair | undefined {
    const member = this.memberAt(rank)
    return member === undefined ? undefined : { member, score: this.scoreAt(rank) }
  }

  private indexOf(member: string): number {
    const members = this.smallMembers
    for (let i = 0; i < members.length; i++) if (members[i] === member) return i
    return -1
  }

  /** The score as the compact form keeps it, which ends before a member is added that it has no room for. */
  private compactScore(member: string, score: number, there: boolean): number {
    const { zsetEntries, zsetValue } = this.version.limits
    if (!there && (this.size >= zsetEntries || longText(member, zsetValue))) this.compact = false
    // A listpack stores whole numbers as integers, so that -0 becomes 0 there and only there.
    return this.compact ? score + 0 : score
  }

  private setSmall(member: string, given: number): boolean {
    const { smallMembers, smallScores } = this
    const found = this.indexOf(member)
    const score = this.compact ? this.compactScore(member, given, found >= 0) : given
    if (found < 0) {
      if (smallMembers.length === SMALL) {
        const table = new Table<number>(this.version, this.seed)
        for (let i = 0; i < smallMembers.length; i++) table.add(smallMembers[i], smallScores[i])
        this.adopt(table, smallMembers, smallScores)
        return this.set(member, score)
      }
    } else if (smallScores[found] === given) return false
    let at = found
    let kept = member
    if (found < 0) {
      at = smallMembers.length
      smallMembers.push(member)
      smallScores.push(score)
    } else kept = smallMembers[found]
    for (; at > 0 && comparePairs(smallScores[at - 1], smallMembers[at - 1], score, kept) > 0; at--) {
      smallScores[at] = smallScores[at - 1]
      smallMembers[at] = smallMembers[at - 1]
    }
    for (
      ;
      at + 1 < smallMembers.length && comparePairs(smallScores[at + 1], smallMembers[at + 1], score, kept) < 0;
      at++
    ) {
      smallScores[at] = smallScores[at + 1]
      smallMembers[at] = smallMembers[at + 1]
    }
    smallScores[at] = score
    smallMembers[at] = kept
    return found < 0
  }

  private closeSmall(at: number, k: number): void {
    const { smallMembers, smallScores } = this
    for (let i = at; i + k < smallMembers.length; i++) {
      smallMembers[i] = smallMembers[i + k]
      smallScores[i] = smallScores[i + k]
    }
    smallMembers.length -= k
    smallScores.length -= k
  }

  /** Becomes large with the pairs in `table`, which are given again in order. */
  private adopt(table: Table<number>, members: readonly string[], scores: readonly number[]): void {
    this.table = table
    this.tree = new OrderedTree(this.version)
    this.tree.build(members, scores)
    this.smallMembers = []
    this.smallScores = []
  }
}
