/** The earliest time per directory slot, as a min tree in one array: node i is the lesser of nodes 2i and 2i + 1. */
export class Dues {
  readonly slots: number
  readonly tree: Float64Array

  constructor(slots: number, tree: Float64Array = new Float64Array(2 * slots).fill(Infinity)) {
    this.slots = slots
    this.tree = tree
  }

  at(slot: number): number {
    return this.tree[this.slots + slot]
  }

  set(slot: number, time: number): void {
    const tree = this.tree
    let i = this.slots + slot
    tree[i] = time
    while (i > 1) {
      i >>= 1
      const least = Math.min(tree[2 * i], tree[2 * i + 1])
      if (tree[i] === least) return
      tree[i] = least
    }
  }

  /** The slot that holds the least time. */
  first(): number {
    const tree = this.tree
    let i = 1
    while (i < this.slots) i = tree[2 * i] === tree[i] ? 2 * i : 2 * i + 1
    return i - this.slots
  }
}
