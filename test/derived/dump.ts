import { dumpPayload } from '../../src/encoding/dump.ts'
import type { Case } from './case.ts'

const setup = [
  ['SET', 's', 'text', 'PX', '1000'],
  ['SET', 'n', '42'],
  ['RPUSH', 'l', 'a', 'b', '1'],
  ['HSET', 'h', '__proto__', '1', 'é', ''],
  ['SADD', 't', 'a', '2'],
  ['ZADD', 'z', '1.5', 'a', 'inf', 'b'],
]
const list = dumpPayload({ type: 'list', values: ['x', 'y', '1'] })
const zset = dumpPayload({ type: 'zset', pairs: ['a', 1.5, '__proto__', -Infinity] })

export const cases: readonly Case[] = [
  ...['s', 'n', 'l', 'h', 't', 'z', 'none'].map(key => ({ method: 'dump', args: [key], setup })),
  { method: 'restore', args: ['new', 0, list], setup },
  { method: 'restore', args: ['new', 5000, zset], setup },
  { method: 'restore', args: ['new', 5000n, zset, { idletime: 7 }], setup },
  { method: 'restore', args: ['s', 0, list], setup },
  { method: 'restore', args: ['s', 0, zset, { replace: true, freq: 5 }], setup },
  { method: 'restore', args: ['l', 1_800_000_000_000, zset, { replace: true, absttl: true }], setup },
  { method: 'restore', args: ['l', 1, list, { replace: true, absttl: true }], setup },
  { method: 'restore', args: ['new', -1, list], setup },
  { method: 'restore', args: ['new', 0, list.subarray(1)], setup },
  { method: 'restore', args: ['new', 0, 'payload'], setup },
]
