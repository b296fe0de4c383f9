import type { Case } from './case.ts'

const bytes = new Uint8Array([0, 255])
const kept = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db'
const load = [['SCRIPT', 'LOAD', 'return 1']] as const
const library = [
  [
    'FUNCTION',
    'LOAD',
    "#!lua name=l\nredis.register_function('f', function(k, a) return redis.call('SET', k[1], a[1]) end)\nredis.register_function{function_name='r', callback=function(k) return redis.call('GET', k[1]) end, flags={'no-writes'}}",
  ],
] as const

export const cases: readonly Case[] = [
  { method: 'eval', args: ['return 1'] },
  { method: 'eval', args: ['return {KEYS[1], ARGV[1], ARGV[2]}', ['k'], ['v', 7n]] },
  { method: 'eval', args: ["return redis.call('SET', KEYS[1], ARGV[1])", [bytes], [bytes]] },
  { method: 'eval', args: ["redis.call('RPUSH', KEYS[1], 'a', 'b') return redis.call('LPOP', KEYS[1])", ['l']] },
  { method: 'eval', args: ["return redis.call('INCR', KEYS[1])", ['l']], setup: [['RPUSH', 'l', 'x']] },
  { method: 'eval', args: ['return ('] },
  { method: 'evalRo', args: ["return redis.call('GET', KEYS[1])", ['k']], setup: [['SET', 'k', 'v']] },
  { method: 'evalRo', args: ["return redis.call('SET', KEYS[1], 1)", ['k']] },
  { method: 'evalsha', args: [kept], setup: load },
  { method: 'evalsha', args: [kept, [], []] },
  { method: 'evalshaRo', args: [kept, ['k'], ['a']], setup: load },
  { method: 'fcall', args: ['f', ['k'], [1.5]], setup: library },
  { method: 'fcall', args: ['none'] },
  { method: 'fcallRo', args: ['r', ['k']], setup: library },
  { method: 'fcallRo', args: ['f', ['k'], [1]], setup: library },
]
