import type { Case } from './case.ts'

const setup = [
  ['SET', 's', 'text'],
  ['RPUSH', 'l', 'a', 'b', '1'],
  ['ZADD', 'z', '1.5', 'a'],
]

export const cases: readonly Case[] = [
  { method: 'memoryUsage', args: ['s'], setup },
  { method: 'memoryUsage', args: ['l', { samples: 0 }], setup },
  { method: 'memoryUsage', args: ['z', { samples: 2n }], setup },
  { method: 'memoryUsage', args: ['z', { samples: -1 }], setup },
  { method: 'memoryUsage', args: ['none'], setup },
]
