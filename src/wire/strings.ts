import type { strings } from '../commands/strings.ts'
import { constant, key } from './codec.ts'
import { bulk, integer, nullable } from './reply.ts'
import type { Rows } from './row.ts'

export const stringRows: Rows<typeof strings> = {
  get: { name: 'GET', flags: ['readonly', 'fast'], args: [key], reply: nullable(bulk) },
  // Exact on the wire, where the typed method answers a number.
  incr: {
    name: 'INCR',
    flags: ['write', 'denyoom', 'fast'],
    args: [key, constant<number | bigint | undefined>(1n)],
    reply: integer,
  },
}
