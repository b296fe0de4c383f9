import type { hyperLogLogs } from '../commands/hyper-log-logs.ts'
import { key, rest, value } from './codec.ts'
import { integer, ok, yes } from './reply.ts'
import type { Rows } from './row.ts'

export const hyperLogLogRows: Rows<typeof hyperLogLogs> = {
  pfadd: { name: 'PFADD', flags: ['write', 'denyoom', 'fast'], args: [key, rest(value, 0)], reply: yes },
  // It may keep the count in the value, and counts as a reader all the same.
  pfcount: { name: 'PFCOUNT', flags: ['readonly'], args: [rest(key)], reply: integer },
  pfmerge: { name: 'PFMERGE', flags: ['write', 'denyoom'], args: [key, rest(key, 0)], reply: ok },
}
