import { ReplyError } from '../errors.ts'
import { canonical } from '../util/text.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { ok, one, row } from './row.ts'

/** CLIENT: what a connection says of itself, and what one may do to others. */

/** The name of a client, as CLIENT SETNAME takes it. */
export function clientName(name: string): string {
  if (!/^[!-~]*$/.test(name)) {
    throw new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.')
  }
  return name
}

const flags = 'noscript loading stale'

export const clientRows: readonly ConnectionRow[] = [
  row('CLIENT ID', flags, [], (session, _, w) => w.integer(session.id)),
  row('CLIENT GETNAME', flags, [], (session, _, w) => (session.name === '' ? w.null() : w.bulk(session.name))),
  row('CLIENT SETNAME', flags, [one], (session, argv, w) => {
    session.name = clientName(argv[2])
    ok(w)
  }),
  row('CLIENT SETINFO', flags, [one, one], (session, argv, w) => {
    const word = argv[2].toUpperCase()
    const said = canonical(argv[3])
    if (word !== 'LIB-NAME' && word !== 'LIB-VER') throw new ReplyError(`ERR Unrecognized option '${argv[2]}'`)
    if (!/^[!-~]*$/.test(said)) {
      throw new ReplyError(`ERR ${word.toLowerCase()} cannot contain spaces, newlines or special characters.`)
    }
    session.library[word === 'LIB-NAME' ? 'name' : 'version'] = said
    ok(w)
  }),
]
