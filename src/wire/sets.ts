import type { sets } from '../commands/sets.ts'
import { key, rest, value } from './codec.ts'
import { count, textSet } from './reply.ts'
import type { Rows } from './row.ts'

export const setRows: Rows<typeof sets> = {
  sadd: { name: 'SADD', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value)], reply: count },
  smembers: { name: 'SMEMBERS', flags: ['readonly'], args: [key], reply: textSet },
}
