import type { Key, Mode, Reply, Signal, Value } from './types.ts'

/** Commands on channels. Messages are delivered at the commit of the call that publishes them, before it returns. */
export interface PubSubCommands<M extends Mode = 'sync', T = string> {
  /** Sends a message to all who listen to the channel; returns how many that are. O(subscribers). */
  publish(channel: Key, message: Value): Reply<M, number>
  /** As `publish`, to those who listen by `ssubscribe`. O(subscribers). */
  spublish(channel: Key, message: Value): Reply<M, number>
  /** The channels that somebody listens to, those that the glob `pattern` takes. O(channels). */
  pubsubChannels(pattern?: Key): Reply<M, T[]>
  /** How many listen to each of the channels, not by pattern. O(1) each. */
  pubsubNumsub(...channels: Key[]): Reply<M, [channel: T, subscribers: number][]>
  pubsubNumsub(channels: readonly Key[]): Reply<M, [channel: T, subscribers: number][]>
  /** How many different patterns somebody listens by. O(1). */
  pubsubNumpat(): Reply<M, number>
  /** What PUBSUB can do, as Redis says it. O(1). */
  pubsubHelp(): Reply<M, readonly string[]>
  /** As `pubsubChannels`, of those who listen by `ssubscribe`. O(channels). */
  pubsubShardchannels(pattern?: Key): Reply<M, T[]>
  /** As `pubsubNumsub`, of those who listen by `ssubscribe`. O(1) each. */
  pubsubShardnumsub(...channels: Key[]): Reply<M, [channel: T, subscribers: number][]>
  pubsubShardnumsub(channels: readonly Key[]): Reply<M, [channel: T, subscribers: number][]>
}

/** A message as a subscriber gets it. */
export interface ChannelMessage<T = string> {
  readonly channel: T
  readonly message: T
  /** The pattern that took the channel, of a subscription by pattern. */
  readonly pattern?: T
}

/**
 * A subscription. It ends by `unsubscribe`, by `using`, or when a loop over it ends. Without a handler messages are kept
 * until they are asked for: `for await (const { message } of store.subscribe('news')) …`.
 */
export interface Subscription<T = string> extends AsyncIterable<ChannelMessage<T>> {
  unsubscribe(): void
  [Symbol.dispose](): void
}

export interface SubscribeOptions {
  /** Aborted, it ends the subscription. */
  signal?: Signal
}

/** Ways to listen. Those of `store.bytes` give bytes. */
export interface Subscriptions<T = string> {
  /** Listens to one channel or several. An error that `handler` throws is no error of the publisher. */
  subscribe(
    channels: Key | readonly Key[],
    handler?: (message: T, channel: T) => void,
    options?: SubscribeOptions,
  ): Subscription<T>
  /** Listens to all channels that one of the glob patterns takes; once for each pattern that does. */
  psubscribe(
    patterns: Key | readonly Key[],
    handler?: (message: T, channel: T, pattern: T) => void,
    options?: SubscribeOptions,
  ): Subscription<T>
  /** Listens to what is sent by `spublish`. */
  ssubscribe(
    channels: Key | readonly Key[],
    handler?: (message: T, channel: T) => void,
    options?: SubscribeOptions,
  ): Subscription<T>
}
