import type { hashes } from '../commands/hashes.ts'
import { constant, extra, key, pairs } from './codec.ts'
import { count, textMap } from './reply.ts'
import type { Rows } from './row.ts'

export const hashRows: Rows<typeof hashes> = {
  hset: { name: 'HSET', flags: ['write', 'denyoom', 'fast'], args: [key, pairs, extra], reply: count },
  hgetall: {
    name: 'HGETALL',
    flags: ['readonly'],
    args: [key, constant<{ pairs?: boolean } | undefined>(undefined)],
    reply: textMap,
  },
}
