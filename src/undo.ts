import type { Keyspace } from './keyspace.ts'

/** What a transaction needs to go back: the first state of every key it touched, in order. */
export class Undo {
  private readonly steps: (() => void)[] = []
  private seen = new Map<Keyspace, Set<string>>()

  /** Called before the key changes. */
  remember(ks: Keyspace, key: string): void {
    let keys = this.seen.get(ks)
    if (keys === undefined) this.seen.set(ks, (keys = new Set()))
    if (keys.has(key)) return
    keys.add(key)
    const { table } = ks
    const found = table.find(key)
    const value = found ? table.valueAt() : undefined
    const time = found ? table.timeAt() : 0
    this.steps.push(() => ks.restore(key, value, time))
  }

  /** Called before something changes that concerns more than single keys. */
  rememberAll(back: () => void): void {
    // What is remembered from here on belongs to the new state, so keys seen before count as unseen.
    this.seen = new Map()
    this.steps.push(back)
  }

  /** Takes over what happened within: after what is here, and before what comes. */
  absorb(inner: Undo): void {
    this.steps.push(...inner.steps)
  }

  back(): void {
    for (let i = this.steps.length - 1; i >= 0; i--) this.steps[i]()
  }
}
