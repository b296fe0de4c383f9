import type { ChannelMessage, SubscribeOptions, Subscription, Subscriptions } from './api/pubsub.ts'
import type { Key } from './api/types.ts'
import { keyTexts } from './commands/input.ts'
import type { Out } from './commands/op.ts'
import { keyspaceOf } from './install.ts'
import type { PubSub, Subscriber, SubscriptionKind } from './pubsub.ts'

type Handler = (message: string, channel: string, pattern: string) => void

/** A subscription of the typed API: a handler, or messages that wait to be asked for. */
class Listener implements Subscriber, Subscription {
  private readonly pubsub: PubSub
  private readonly kind: SubscriptionKind
  private readonly names: readonly string[]
  private readonly out: Out
  private readonly handler: Handler | undefined
  private readonly kept: ChannelMessage[]
  private asking: ((next: IteratorResult<ChannelMessage>) => void)[]
  private ended: boolean
  /** What listens to the signal no longer. */
  stop: (() => void) | undefined

  constructor(pubsub: PubSub, kind: SubscriptionKind, names: readonly string[], out: Out, handler?: Handler) {
    this.pubsub = pubsub
    this.kind = kind
    this.names = names
    this.out = out
    this.handler = handler
    this.kept = []
    this.asking = []
    this.ended = false
    this.stop = undefined
    for (const name of names) pubsub.subscribe(kind, name, this)
  }

  message(given: string, payload: string, pattern: string | undefined): void {
    const { out, handler } = this
    const channel = out.text(given)
    const message = out.text(payload)
    if (handler !== undefined) {
      handler(message, channel, pattern === undefined ? channel : out.text(pattern))
      return
    }
    const value: ChannelMessage =
      pattern === undefined ? { channel, message } : { channel, message, pattern: out.text(pattern) }
    const asker = this.asking.shift()
    if (asker === undefined) this.kept.push(value)
    else asker({ done: false, value })
  }

  unsubscribe(): void {
    if (this.ended) return
    this.ended = true
    this.stop?.()
    for (const name of this.names) this.pubsub.unsubscribe(this.kind, name, this)
    for (const asker of this.asking.splice(0)) asker({ done: true, value: undefined })
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  [Symbol.asyncIterator](): AsyncIterator<ChannelMessage> {
    if (this.handler !== undefined) throw new TypeError('a subscription with a handler cannot be gone through')
    return {
      next: () => {
        const value = this.kept.shift()
        if (value !== undefined) return Promise.resolve({ done: false, value })
        if (this.ended) return Promise.resolve({ done: true, value: undefined })
        return new Promise(resolve => this.asking.push(resolve))
      },
      return: () => {
        this.unsubscribe()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }
}

/** Puts the ways to listen on a prototype whose objects are bound to a keyspace. */
export function installSubscriptions(prototype: object, out: Out): void {
  const kinds: Record<keyof Subscriptions, SubscriptionKind> = {
    subscribe: 'channel',
    psubscribe: 'pattern',
    ssubscribe: 'shard',
  }
  for (const [name, kind] of Object.entries(kinds)) {
    const value = function (
      this: object,
      channels: Key | readonly Key[],
      handler?: Handler,
      options: SubscribeOptions = {},
    ): Subscription {
      if (handler !== undefined && typeof handler !== 'function') throw new TypeError('handler must be a function')
      const names = keyTexts(typeof channels === 'string' || channels instanceof Uint8Array ? [channels] : channels)
      const { signal } = options
      const listener = new Listener(keyspaceOf(this).databases.pubsub, kind, [...new Set(names)], out, handler)
      if (signal?.aborted === true) listener.unsubscribe()
      else if (signal !== undefined) {
        const aborted = (): void => listener.unsubscribe()
        signal.addEventListener('abort', aborted)
        listener.stop = () => signal.removeEventListener('abort', aborted)
      }
      return listener
    }
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}
