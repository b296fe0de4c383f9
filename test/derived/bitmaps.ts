import type { Case } from './case.ts'

const text = [['SET', 'k', 'hello']]
const number = [['SET', 'k', '12345']]
const bits = [['SETBIT', 'k', '100', '1']]
const list = [['RPUSH', 'k', 'x']]
const three = [
  ['SET', 'a', 'abc'],
  ['SET', 'b', 'foobar'],
  ['SETBIT', 'c', '33', '1'],
]
const wide = [['BITFIELD', 'k', 'SET', 'i64', '0', '9007199254740993']]

export const cases: readonly Case[] = [
  { method: 'setbit', args: ['k', 7, 1] },
  { method: 'setbit', args: ['k', 7n, 0], setup: text },
  { method: 'setbit', args: ['k', 100, 1], setup: bits },
  { method: 'setbit', args: ['k', 5, 1], setup: number },
  { method: 'setbit', args: ['k', -1, 1] },
  { method: 'setbit', args: ['k', 1, 2] },
  { method: 'setbit', args: ['k', 1, 1], setup: list },
  { method: 'getbit', args: ['k', 1], setup: text },
  { method: 'getbit', args: ['k', 100n], setup: bits },
  { method: 'getbit', args: ['k', 2 ** 32] },
  { method: 'bitcount', args: ['k'], setup: text },
  { method: 'bitcount', args: ['k', 1, -2], setup: number },
  { method: 'bitcount', args: ['k', 5n, 30n, 'BIT'], setup: text },
  { method: 'bitcount', args: ['k', 0, -1, 'BYTE'], setup: bits },
  { method: 'bitcount', args: ['k'], setup: list },
  { method: 'bitpos', args: ['k', 1], setup: bits },
  { method: 'bitpos', args: ['k', 0, 1], setup: text },
  { method: 'bitpos', args: ['k', 1, 1, -1], setup: text },
  { method: 'bitpos', args: ['k', 1, 7, 15, 'BIT'], setup: text },
  { method: 'bitpos', args: ['k', 0] },
  { method: 'bitpos', args: ['k', 2], setup: text },
  ...['AND', 'OR', 'XOR', 'DIFF', 'DIFF1', 'ANDOR', 'ONE'].map(
    (operation): Case => ({ method: 'bitop', args: [operation, 'a', 'a', 'b', 'c'], setup: three }),
  ),
  { method: 'bitop', args: ['NOT', 'd', 'b'], setup: three },
  { method: 'bitop', args: ['NOT', 'd', ['a', 'b']], setup: three },
  { method: 'bitop', args: ['ONE', 'd', ['none']], setup: [...three, ['SET', 'd', 'x', 'EX', '100']] },
  { method: 'bitop', args: ['DIFF', 'd', 'a'], setup: three },
  { method: 'bitop', args: ['OR', 'd', ['a', 'k']], setup: [...three, ...list] },
  { method: 'bitfield', args: ['k', []] },
  {
    method: 'bitfield',
    args: [
      'k',
      [
        { get: 'u8', offset: 0 },
        { get: 'i64', offset: '#1', bigint: true },
      ],
    ],
    setup: text,
  },
  {
    method: 'bitfield',
    args: [
      'k',
      [
        { set: 'i5', offset: '#3', value: 7 },
        { incrby: 'u2', offset: 100, by: 1, overflow: 'FAIL' },
      ],
    ],
  },
  {
    method: 'bitfield',
    args: [
      'k',
      [
        { set: 'u2', offset: 2n, value: 9, overflow: 'SAT' },
        { set: 'u2', offset: 4, value: -1n },
      ],
    ],
    setup: text,
  },
  { method: 'bitfield', args: ['k', [{ incrby: 'u2', offset: 100, by: 4, overflow: 'FAIL' }]] },
  { method: 'bitfield', args: ['k', [{ incrby: 'i64', offset: 0, by: 1n }]], setup: wide },
  { method: 'bitfield', args: ['k', [{ get: 'u64', offset: 0 }]] },
  { method: 'bitfield', args: ['k', [{ incrby: 'u8', offset: 0, by: 1 }]], setup: list },
  {
    method: 'bitfield_ro',
    args: [
      'k',
      [
        { get: 'u8', offset: 8 },
        { get: 'i3', offset: '#2' },
      ],
    ],
    setup: number,
  },
  { method: 'bitfield_ro', args: ['k', [{ set: 'u8', offset: 8, value: 1 }]], setup: text },
]
