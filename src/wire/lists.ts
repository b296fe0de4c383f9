import type { lists } from '../commands/lists.ts'
import { key, word } from './codec.ts'
import { nullableText } from './reply.ts'
import type { Rows } from './row.ts'

const end = word('LEFT', 'RIGHT', 'left', 'right')

export const listRows: Rows<typeof lists> = {
  lmove: { name: 'LMOVE', flags: ['write', 'denyoom'], args: [key, key, end, end], reply: nullableText },
}
