import { glob } from './util/glob.ts'

/** Who gets messages: a handler of the typed API, or a session. */
export interface Subscriber {
  /** `pattern` is that of a subscription by pattern; `shard` is true for one of SSUBSCRIBE. */
  message(channel: string, payload: string, pattern: string | undefined, shard: boolean): void
}

export type SubscriptionKind = 'channel' | 'pattern' | 'shard'

/** A message on its way. */
export interface Message {
  readonly channel: string
  readonly payload: string
  readonly shard: boolean
}

/**
 * Channels and those who listen to them. Names are canonical. Subscribers are told in the order of their subscriptions,
 * those by channel before those by pattern, as Redis does.
 */
export class PubSub {
  private readonly channel: Map<string, Set<Subscriber>> = new Map()
  private readonly pattern: Map<string, Set<Subscriber>> = new Map()
  private readonly shard: Map<string, Set<Subscriber>> = new Map()

  /** True when it is a new subscription. O(1). */
  subscribe(kind: SubscriptionKind, name: string, who: Subscriber): boolean {
    let all = this[kind].get(name)
    if (all === undefined) this[kind].set(name, (all = new Set()))
    if (all.has(who)) return false
    all.add(who)
    return true
  }

  /** True when there was one. O(1). */
  unsubscribe(kind: SubscriptionKind, name: string, who: Subscriber): boolean {
    const all = this[kind].get(name)
    if (all === undefined || !all.delete(who)) return false
    if (all.size === 0) this[kind].delete(name)
    return true
  }

  /** How many would get a message. O(subscribers by pattern). */
  receivers({ channel, shard }: Message): number {
    if (shard) return this.shard.get(channel)?.size ?? 0
    let count = this.channel.get(channel)?.size ?? 0
    for (const [pattern, all] of this.pattern) if (glob(pattern, channel)) count += all.size
    return count
  }

  /** Tells everybody who listens. */
  deliver({ channel, payload, shard }: Message): void {
    if (shard) {
      for (const who of [...(this.shard.get(channel) ?? [])]) who.message(channel, payload, undefined, true)
      return
    }
    for (const who of [...(this.channel.get(channel) ?? [])]) who.message(channel, payload, undefined, false)
    for (const [pattern, all] of [...this.pattern]) {
      if (glob(pattern, channel)) for (const who of [...all]) who.message(channel, payload, pattern, false)
    }
  }

  /** The channels somebody listens to, which `pattern`, if given, takes. */
  channels(kind: 'channel' | 'shard', pattern?: string): string[] {
    const names = [...this[kind].keys()]
    return pattern === undefined ? names : names.filter(name => glob(pattern, name))
  }

  /** How many listen to a channel. */
  listeners(kind: 'channel' | 'shard', name: string): number {
    return this[kind].get(name)?.size ?? 0
  }

  /** How many different patterns somebody listens by. */
  get patterns(): number {
    return this.pattern.size
  }
}
