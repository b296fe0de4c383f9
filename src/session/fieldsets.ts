import { importHash } from '../commands/hashes.ts'
import { ReplyError } from '../errors.ts'
import { canonical } from '../util/text.ts'
import type { ConnectionCommand } from './commands.ts'

// HIMPORT of Redis 8.10: a client names a list of fields once and then sends values alone. Its lists are its own, and go when
// it does or with RESET.

const fieldsetLines = {
  twice: 'ERR duplicate field name in fieldset',
  none: 'ERR no such fieldset',
  mismatch: 'ERR value count does not match fieldset field count',
} as const

/** Those of HIMPORT, by what comes behind it. */
export const himportCommands: Readonly<Record<string, ConnectionCommand>> = {
  PREPARE: {
    arity: -4,
    run: (session, argv, w) => {
      const [name, ...fields] = argv.slice(2).map(canonical)
      // A list of that name stays when this one is refused.
      if (new Set(fields).size < fields.length) throw new ReplyError(fieldsetLines.twice)
      session.fieldsets.set(name, fields)
      w.status('OK')
    },
  },
  SET: {
    arity: -5,
    run: (session, argv, w) => {
      const [key, name, ...values] = argv.slice(2).map(canonical)
      importHash(session.ks, key, () => {
        const fields = session.fieldsets.get(name)
        if (fields === undefined) throw new ReplyError(fieldsetLines.none)
        if (fields.length !== values.length) throw new ReplyError(fieldsetLines.mismatch)
        return fields.flatMap((field, i) => [field, values[i]])
      })
      w.status('OK')
    },
  },
  DISCARD: { arity: 3, run: (session, argv, w) => w.integer(session.fieldsets.delete(canonical(argv[2])) ? 1 : 0) },
  DISCARDALL: {
    arity: 2,
    run: (session, _, w) => {
      w.integer(session.fieldsets.size)
      session.fieldsets.clear()
    },
  },
}
