import type { Case } from './case.ts'

const few = [['PFADD', 'k', 'a', 'b', 'c']]
const counted = [...few, ['PFCOUNT', 'k']]
const many = Array.from({ length: 40 }, (_, i) => [
  'PFADD',
  'd',
  ...Array.from({ length: 60 }, (_, k) => `e${i * 60 + k}`),
])
const text = [['SET', 'k', 'text']]
const list = [['RPUSH', 'k', 'x']]
const corrupted = [['SET', 'k', `HYLL\u0001${'\u0000'.repeat(11)}\u0000`]]

export const cases: readonly Case[] = [
  { method: 'pfadd', args: ['k'] },
  { method: 'pfadd', args: ['k', []] },
  { method: 'pfadd', args: ['k', 'a', 1, 2n, Uint8Array.of(0xff, 0)] },
  { method: 'pfadd', args: ['k', ['a', 'd']], setup: counted },
  { method: 'pfadd', args: ['k', 'a'], setup: counted },
  { method: 'pfadd', args: ['d', 'x', 'y', 'z', 'e1'], setup: many },
  { method: 'pfadd', args: ['k', 'a'], setup: text },
  { method: 'pfadd', args: ['k', 'a'], setup: list },
  { method: 'pfadd', args: ['k', 'a'], setup: corrupted },
  { method: 'pfcount', args: ['none'] },
  { method: 'pfcount', args: ['k'], setup: few },
  { method: 'pfcount', args: ['k'], setup: counted },
  { method: 'pfcount', args: ['d'], setup: many },
  { method: 'pfcount', args: [['k', 'd', 'none']], setup: [...few, ...many] },
  { method: 'pfcount', args: ['k'], setup: text },
  { method: 'pfcount', args: ['k'], setup: corrupted },
  { method: 'pfmerge', args: ['k'], setup: counted },
  { method: 'pfmerge', args: ['new', []] },
  { method: 'pfmerge', args: ['new', 'k', 'none'], setup: counted },
  { method: 'pfmerge', args: ['k', 'd'], setup: [...few, ...many, ['EXPIRE', 'k', '1000']] },
  { method: 'pfmerge', args: ['d', ['k']], setup: [...few, ...many] },
  { method: 'pfmerge', args: ['d', 'k'], setup: [...corrupted, ...many] },
]
