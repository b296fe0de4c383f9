import type { Case } from './case.ts'

const bytes = new Uint8Array([0, 255])

export const cases: readonly Case[] = [
  { method: 'publish', args: ['news', 'hello'] },
  { method: 'publish', args: [bytes, bytes] },
  { method: 'publish', args: ['news', 7n] },
  { method: 'spublish', args: ['news', 1.5] },
  { method: 'pubsubChannels', args: [] },
  { method: 'pubsubChannels', args: ['n*'] },
  { method: 'pubsubNumsub', args: ['news', 'ünï'] },
  { method: 'pubsubNumsub', args: [['news']] },
  { method: 'pubsubNumsub', args: [] },
  { method: 'pubsubNumpat', args: [] },
  { method: 'pubsubHelp', args: [] },
  { method: 'pubsubShardchannels', args: [] },
  { method: 'pubsubShardchannels', args: [bytes] },
  { method: 'pubsubShardnumsub', args: [] },
  { method: 'pubsubShardnumsub', args: ['a', 'b'] },
]
