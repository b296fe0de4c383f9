/**
 * What a good straightforward port of Redis' zskiplist to JavaScript looks like: nodes as objects, with an array of
 * forward pointers and one of spans, and a Map from member to score. Only for comparison.
 */

const MAX_LEVEL = 32
const P = 0.25

class SkipNode {
  member: string
  score: number
  backward: SkipNode | null
  forward: (SkipNode | null)[]
  span: number[]

  constructor(member: string, score: number, level: number) {
    this.member = member
    this.score = score
    this.backward = null
    // Of exactly this length: arrays that grow by push take 17 slots.
    this.forward = new Array<SkipNode | null>(level).fill(null)
    this.span = new Array<number>(level).fill(0)
  }
}

function before(node: SkipNode, score: number, member: string): boolean {
  return node.score < score || (node.score === score && node.member < member)
}

export class SkipList {
  private readonly header: SkipNode = new SkipNode('', 0, MAX_LEVEL)
  private readonly dict: Map<string, number> = new Map()
  private readonly update: SkipNode[] = new Array(MAX_LEVEL).fill(this.header)
  private readonly ranks: number[] = new Array(MAX_LEVEL).fill(0)
  private tail: SkipNode | null = null
  private level = 1
  private length = 0
  private state = 0x2545f491

  get size(): number {
    return this.length
  }

  score(member: string): number | undefined {
    return this.dict.get(member)
  }

  add(member: string, score: number): boolean {
    const old = this.dict.get(member)
    if (old === undefined) {
      this.dict.set(member, score)
      this.insert(member, score)
      return true
    }
    if (old !== score) {
      this.dict.set(member, score)
      this.move(member, old, score)
    }
    return false
  }

  increment(member: string, by: number): number {
    const score = (this.dict.get(member) ?? 0) + by
    this.add(member, score)
    return score
  }

  delete(member: string): boolean {
    const score = this.dict.get(member)
    if (score === undefined) return false
    this.dict.delete(member)
    const node = this.find(member, score)
    if (node !== null) this.unlink(node)
    return true
  }

  rank(member: string): number {
    const score = this.dict.get(member)
    if (score === undefined) return -1
    let x = this.header
    let rank = 0
    for (let i = this.level - 1; i >= 0; i--) {
      for (let next = x.forward[i]; next !== null; next = x.forward[i]) {
        if (!before(next, score, member) && next.member !== member) break
        rank += x.span[i]
        x = next
      }
      if (x !== this.header && x.member === member) return rank - 1
    }
    return -1
  }

  /** The members with ranks in [start, end). */
  range(start: number, end: number): string[] {
    const out: string[] = []
    let x: SkipNode | null = this.at(start)
    for (let i = start; i < end && x !== null; i++) {
      out.push(x.member)
      x = x.forward[0]
    }
    return out
  }

  /** The first `count` members with a score of at least `min`. */
  rangeByScore(min: number, count: number): string[] {
    let x = this.header
    for (let i = this.level - 1; i >= 0; i--) {
      for (let next = x.forward[i]; next !== null && next.score < min; next = x.forward[i]) x = next
    }
    const out: string[] = []
    for (let node = x.forward[0]; node !== null && out.length < count; node = node.forward[0]) out.push(node.member)
    return out
  }

  last(): string | undefined {
    return this.tail?.member
  }

  private at(rank: number): SkipNode | null {
    let x = this.header
    let traversed = 0
    for (let i = this.level - 1; i >= 0; i--) {
      for (let next = x.forward[i]; next !== null && traversed + x.span[i] <= rank + 1; next = x.forward[i]) {
        traversed += x.span[i]
        x = next
      }
      if (traversed === rank + 1) return x
    }
    return null
  }

  private randomLevel(): number {
    let level = 1
    for (;;) {
      let s = this.state
      s ^= s << 13
      s ^= s >>> 17
      s ^= s << 5
      this.state = s
      if ((s >>> 0) / 2 ** 32 >= P || level === MAX_LEVEL) return level
      level++
    }
  }

  private insert(member: string, score: number): void {
    const { update, ranks } = this
    let x = this.header
    for (let i = this.level - 1; i >= 0; i--) {
      ranks[i] = i === this.level - 1 ? 0 : ranks[i + 1]
      for (let next = x.forward[i]; next !== null && before(next, score, member); next = x.forward[i]) {
        ranks[i] += x.span[i]
        x = next
      }
      update[i] = x
    }
    const level = this.randomLevel()
    for (; this.level < level; this.level++) {
      ranks[this.level] = 0
      update[this.level] = this.header
      this.header.span[this.level] = this.length
    }
    const node = new SkipNode(member, score, level)
    for (let i = 0; i < level; i++) {
      node.forward[i] = update[i].forward[i]
      update[i].forward[i] = node
      node.span[i] = update[i].span[i] - (ranks[0] - ranks[i])
      update[i].span[i] = ranks[0] - ranks[i] + 1
    }
    for (let i = level; i < this.level; i++) update[i].span[i]++
    node.backward = update[0] === this.header ? null : update[0]
    const next = node.forward[0]
    if (next !== null) next.backward = node
    else this.tail = node
    this.length++
  }

  /** Finds the node and leaves its predecessors in `update`. */
  private find(member: string, score: number): SkipNode | null {
    let x = this.header
    for (let i = this.level - 1; i >= 0; i--) {
      for (let next = x.forward[i]; next !== null && before(next, score, member); next = x.forward[i]) x = next
      this.update[i] = x
    }
    return x.forward[0]
  }

  private unlink(node: SkipNode): void {
    const { update } = this
    for (let i = 0; i < this.level; i++) {
      if (update[i].forward[i] === node) {
        update[i].span[i] += node.span[i] - 1
        update[i].forward[i] = node.forward[i]
      } else update[i].span[i]--
    }
    const next = node.forward[0]
    if (next !== null) next.backward = node.backward
    else this.tail = node.backward
    while (this.level > 1 && this.header.forward[this.level - 1] === null) this.level--
    this.length--
  }

  private move(member: string, old: number, score: number): void {
    const node = this.find(member, old)
    if (node === null) return
    const next = node.forward[0]
    if (
      (node.backward === null || before(node.backward, score, member)) &&
      (next === null || !before(next, score, member))
    ) {
      node.score = score
      return
    }
    this.unlink(node)
    this.insert(node.member, score)
  }
}
