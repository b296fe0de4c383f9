import type { diagnosis } from '../commands/diagnosis.ts'
import { type Codec, key, rest, value } from './codec.ts'
import type { Rows } from './row.ts'
import { treeReply } from './server.ts'

const word = value as Codec<string>

export const diagnosisRows: Rows<typeof diagnosis> = {
  pfdebug: {
    name: 'PFDEBUG',
    flags: ['write', 'denyoom', 'admin'],
    args: [word, key as Codec<string>],
    reply: treeReply,
  },
  pfselftest: { name: 'PFSELFTEST', flags: ['admin'], args: [], reply: treeReply },
  migrate: {
    name: 'MIGRATE',
    flags: ['write', 'movablekeys'],
    args: [word, word, key as Codec<string>, rest(word, 2)],
    keysAt: argv => {
      const at = argv.findIndex((one, i) => i >= 6 && one.toUpperCase() === 'KEYS')
      if (at < 0 || argv[3] !== '') return [3]
      return Array.from({ length: argv.length - at - 1 }, (_, i) => at + 1 + i)
    },
    reply: treeReply,
  },
}
