import type { MemoryOptions } from '../api/memory.ts'
import type { memory } from '../commands/memory.ts'
import { lines } from '../errors.ts'
import { MAX_INT64 } from '../util/numbers.ts'
import { argument, key, options, ranged } from './codec.ts'
import { count, nullable } from './reply.ts'
import type { Rows } from './row.ts'

const samples = argument('SAMPLES', ranged(0, MAX_INT64, lines.syntax, lines.notInteger))

export const memoryRows: Rows<typeof memory> = {
  memoryUsage: {
    name: 'MEMORY USAGE',
    flags: ['readonly'],
    args: [key, options<MemoryOptions>({ samples })],
    reply: nullable(count),
  },
}
