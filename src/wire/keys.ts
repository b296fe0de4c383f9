import type { keys } from '../commands/keys.ts'
import { key, rest } from './codec.ts'
import { count, nullableText } from './reply.ts'
import type { Rows } from './row.ts'

export const keyRows: Rows<typeof keys> = {
  del: { name: 'DEL', flags: ['write'], args: [rest(key)], reply: count },
  randomkey: { name: 'RANDOMKEY', flags: ['readonly'], args: [], reply: nullableText },
}
