import type { Key } from '../api/types.ts'
import type { pubsub } from '../commands/pubsub.ts'
import { unknownOrWrong, ReplyError } from '../errors.ts'
import { type Codec, key, optional, rest, value } from './codec.ts'
import { asList, asNumber, asText, count, list, type ReplyCodec, status, textList } from './reply.ts'
import type { Rows } from './row.ts'

/** A channel is spelled as a key is, but it is none. */
const channel: Codec<Key> = { ...key, keys: 'none' }
/** A pattern, and nothing behind it. */
const pattern: Codec<Key | undefined> = {
  ...optional(channel),
  read: args => {
    if (args.left > 1) throw new ReplyError(unknownOrWrong(args.argv[0].toUpperCase(), args.argv[1]))
    return args.left === 0 ? undefined : args.next()
  },
}
const names = rest(channel, 0)

const counts: ReplyCodec<readonly (string | number)[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (const one of result) {
      if (typeof one === 'number') w.integer(one)
      else w.bulk(one)
    }
  },
  read: raw => asList(raw).map((one, i) => (i % 2 === 0 ? asText(one) : asNumber(one))),
}
/** Redis keeps channels in a hash table. */
const channelList: ReplyCodec<readonly string[]> = { ...textList, unordered: true }

export const pubsubRows: Rows<typeof pubsub> = {
  publish: { name: 'PUBLISH', flags: ['pubsub', 'loading', 'stale', 'fast'], args: [channel, value], reply: count },
  spublish: { name: 'SPUBLISH', flags: ['pubsub', 'loading', 'stale', 'fast'], args: [key, value], reply: count },
  pubsubChannels: {
    name: 'PUBSUB CHANNELS',
    flags: ['pubsub', 'loading', 'stale'],
    args: [pattern],
    reply: channelList,
  },
  pubsubNumsub: { name: 'PUBSUB NUMSUB', flags: ['pubsub', 'loading', 'stale'], args: [names], reply: counts },
  pubsubNumpat: { name: 'PUBSUB NUMPAT', flags: ['pubsub', 'loading', 'stale'], args: [], reply: count },
  pubsubHelp: { name: 'PUBSUB HELP', flags: ['loading', 'stale'], args: [], reply: list(status<string>()) },
  pubsubShardchannels: {
    name: 'PUBSUB SHARDCHANNELS',
    flags: ['pubsub', 'loading', 'stale'],
    args: [pattern],
    reply: channelList,
  },
  pubsubShardnumsub: {
    name: 'PUBSUB SHARDNUMSUB',
    flags: ['pubsub', 'loading', 'stale'],
    args: [names],
    reply: counts,
  },
}
