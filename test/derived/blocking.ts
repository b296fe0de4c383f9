import type { Case } from './case.ts'

const lists = [
  ['RPUSH', 'b', '1', '2', 'ünï', '4'],
  ['RPUSH', 'other', 'x'],
]
const zsets = [['ZADD', 'z', '1', 'one', '2.5', 'two', 'inf', 'much']]
const wrong = [['SET', 'b', 'text']]
const bytes = new Uint8Array([0, 255])

/** Only calls that find something or are refused: for the others see test/commands/blocking.test.ts. */
export const cases: readonly Case[] = [
  { method: 'blpop', args: ['b'], setup: lists },
  { method: 'blpop', args: [['none', 'b', 'other'], { timeout: 1 }], setup: lists },
  { method: 'blpop', args: [bytes, { timeout: 0.5 }], setup: [['RPUSH', '\0\udcff', 'e']] },
  { method: 'blpop', args: ['b', { timeout: -1 }] },
  { method: 'blpop', args: ['b'], setup: wrong },
  { method: 'brpop', args: [['none', 'b'], { timeout: 0 }], setup: lists },
  { method: 'brpop', args: [['other']], setup: lists },
  { method: 'blmove', args: ['b', 'other', 'LEFT', 'RIGHT', { timeout: 3 }], setup: lists },
  { method: 'blmove', args: ['b', 'b', 'right', 'left'], setup: lists },
  { method: 'blmove', args: ['other', 'b', 'LEFT', 'LEFT'], setup: [...wrong, ['RPUSH', 'other', 'x']] },
  { method: 'blmovem', args: ['b', 'other', 'LEFT', 'RIGHT'], setup: lists },
  { method: 'blmovem', args: ['b', 'other', 'LEFT', 'LEFT', { count: 3, obo: true, timeout: 2 }], setup: lists },
  { method: 'blmovem', args: ['b', 'new', 'RIGHT', 'LEFT', { exactly: 2, bulk: true }], setup: lists },
  { method: 'blmovem', args: ['b', 'new', 'RIGHT', 'LEFT', { timeout: -2 }], setup: lists },
  { method: 'brpoplpush', args: ['b', 'new', { timeout: 0.001 }], setup: lists },
  { method: 'blmpop', args: [['none', 'b'], 'LEFT', { timeout: 1, count: 2 }], setup: lists },
  { method: 'blmpop', args: [['b'], 'right'], setup: lists },
  { method: 'blmpop', args: [['b'], 'RIGHT', { timeout: -5 }], setup: lists },
  { method: 'blmpop', args: [['b'], 'RIGHT', { count: 0n }], setup: lists },
  { method: 'bzpopmin', args: ['z'], setup: zsets },
  { method: 'bzpopmin', args: [['none', 'z'], { timeout: 1 }], setup: zsets },
  { method: 'bzpopmax', args: [['none', 'z'], { timeout: 1 }], setup: zsets },
  { method: 'bzpopmax', args: ['b', { timeout: 1 }], setup: wrong },
  { method: 'bzmpop', args: [['none', 'z'], 'MIN', { timeout: 1, count: 2 }], setup: zsets },
  { method: 'bzmpop', args: [['z'], 'max'], setup: zsets },
]
