import type { PubSubCommands } from '../api/pubsub.ts'
import type { Key, Value } from '../api/types.ts'
import type { Keyspace } from '../keyspace.ts'
import { keyText, keyTexts, text } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

/** Channels and how many listen to each, in turns. */
type Counts = readonly (string | number)[]

/** Where the lossless results differ from the typed replies. */
interface Results {
  pubsubChannels: readonly string[]
  pubsubShardchannels: readonly string[]
  pubsubNumsub: Counts
  pubsubShardnumsub: Counts
}

/** The answer to PUBSUB HELP, as Redis gives it. */
const help: readonly string[] = [
  'PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CHANNELS [<pattern>]',
  "    Return the currently active channels matching a <pattern> (default: '*').",
  'NUMPAT',
  '    Return number of subscriptions to patterns.',
  'NUMSUB [<channel> ...]',
  '    Return the number of subscribers for the specified channels, excluding',
  '    pattern subscriptions(default: no channels).',
  'SHARDCHANNELS [<pattern>]',
  "    Return the currently active shard level channels matching a <pattern> (default: '*').",
  'SHARDNUMSUB [<shardchannel> ...]',
  '    Return the number of subscribers for the specified shard level channel(s)',
  'HELP',
  '    Prints this help.',
]

function publish(ks: Keyspace, channel: Key, message: Value, shard: boolean): number {
  return ks.databases.publish({ channel: keyText(channel), payload: text(message, 'message'), shard })
}

function channels(ks: Keyspace, pattern: Key | undefined, kind: 'channel' | 'shard'): string[] {
  return ks.databases.pubsub.channels(kind, pattern === undefined ? undefined : keyText(pattern))
}

function numsub(ks: Keyspace, names: readonly Key[], kind: 'channel' | 'shard'): Counts {
  // It may be asked of no channel at all.
  const list = names.length === 0 ? [] : keyTexts(names)
  return list.flatMap(name => [name, ks.databases.pubsub.listeners(kind, name)])
}

export const pubsub: Ops<PubSubCommands, Results> = {
  publish: (ks, channel, message) => publish(ks, channel, message, false),
  spublish: (ks, channel, message) => publish(ks, channel, message, true),
  pubsubChannels: (ks, pattern) => channels(ks, pattern, 'channel'),
  pubsubNumsub: (ks, names) => numsub(ks, names as readonly Key[], 'channel'),
  pubsubNumpat: ks => ks.databases.pubsub.patterns,
  pubsubHelp: () => help,
  pubsubShardchannels: (ks, pattern) => channels(ks, pattern, 'shard'),
  pubsubShardnumsub: (ks, names) => numsub(ks, names as readonly Key[], 'shard'),
}

function counted(counts: Counts, out: Out): [string, number][] {
  const list: [string, number][] = []
  for (let i = 0; i < counts.length; i += 2) list.push([out.text(counts[i] as string), counts[i + 1] as number])
  return list
}

export const pubsubShapes: Shapes<PubSubCommands, PubSubCommands<'sync', Uint8Array>, typeof pubsub> = {
  pubsubChannels: shape.texts,
  pubsubNumsub: counted,
  pubsubShardchannels: shape.texts,
  pubsubShardnumsub: counted,
}

export const pubsubRest: Rest<PubSubCommands> = { pubsubNumsub: 0, pubsubShardnumsub: 0 }
