/** What the log keeps of a denial. */
interface Entry {
  readonly id: number
  count: number
  readonly reason: string
  readonly context: string
  readonly object: string
  readonly user: string
  /** The client as CLIENT LIST shows it, the last time. */
  client: string
  readonly since: number
  last: number
}

/** The same denial within so many milliseconds is counted, not written down again. */
const TOGETHER = 60_000
/** It is looked for among so many. */
const LOOKED_AT = 10

/** Denials, the newest first. */
export class AclLog {
  /** acllog-max-len. */
  most: number
  private entries: Entry[]
  private made: number

  constructor() {
    this.most = 128
    this.entries = []
    this.made = 0
  }

  add(now: number, what: Pick<Entry, 'reason' | 'context' | 'object' | 'user' | 'client'>): void {
    const { reason, context, object, user, client } = what
    const found = this.entries.findIndex(
      (entry, i) =>
        i < LOOKED_AT &&
        entry.reason === reason &&
        entry.context === context &&
        entry.object === object &&
        entry.user === user &&
        now - entry.last <= TOGETHER,
    )
    if (found >= 0) {
      const [entry] = this.entries.splice(found, 1)
      entry.count++
      entry.client = client
      entry.last = now
      this.entries.unshift(entry)
      return
    }
    this.entries.unshift({ ...what, id: this.made++, count: 1, since: now, last: now })
    if (this.entries.length > this.most) this.entries.length = this.most
  }

  newest(count: number): readonly Entry[] {
    return this.entries.slice(0, count)
  }

  clear(): void {
    this.entries = []
  }
}
