import { importHash } from '../commands/hashes.ts'
import { ReplyError } from '../errors.ts'
import { canonical } from '../util/text.ts'
import { key } from '../wire/codec.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { counting, ok, one, row, some } from './row.ts'

// HIMPORT of Redis 8.10: a client names a list of fields once and then sends values alone. Its lists are its own, and go when
// it does or with RESET.

const fieldsetLines = {
  twice: 'ERR duplicate field name in fieldset',
  none: 'ERR no such fieldset',
  mismatch: 'ERR value count does not match fieldset field count',
} as const

const flags = 'noscript'

export const fieldsetRows: readonly ConnectionRow[] = [
  row('HIMPORT PREPARE', flags, [one, some], (session, argv, w) => {
    const [name, ...fields] = argv.slice(2).map(canonical)
    // A list of that name stays when this one is refused.
    if (new Set(fields).size < fields.length) throw new ReplyError(fieldsetLines.twice)
    session.fieldsets.set(name, fields)
    ok(w)
  }),
  row('HIMPORT SET', 'write denyoom noscript', [counting(key), one, some], (session, argv, w) => {
    const [name, fieldset, ...values] = argv.slice(2).map(canonical)
    importHash(session.ks, name, () => {
      const fields = session.fieldsets.get(fieldset)
      if (fields === undefined) throw new ReplyError(fieldsetLines.none)
      if (fields.length !== values.length) throw new ReplyError(fieldsetLines.mismatch)
      return fields.flatMap((field, i) => [field, values[i]])
    })
    ok(w)
  }),
  row('HIMPORT DISCARD', flags, [one], (session, argv, w) =>
    w.integer(session.fieldsets.delete(canonical(argv[2])) ? 1 : 0),
  ),
  row('HIMPORT DISCARDALL', flags, [], (session, _, w) => {
    w.integer(session.fieldsets.size)
    session.fieldsets.clear()
  }),
]
