import { ByteReader } from '../encoding/bytes.ts'
import { OP } from '../encoding/constants.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { ValueReader } from '../encoding/decode.ts'
import { isPayload, PAYLOAD_FOOTER } from '../encoding/dump.ts'
import { lines, ReplyError, unknownOrWrong } from '../errors.ts'
import { toBytes } from '../util/text.ts'

/*
 * Libraries of functions that files bring along. Nothing here runs them; their texts are kept as they came, so that the
 * files that embedis writes give a Redis server back what it had. A text names its library in its first line:
 *
 *     #!lua name=<name>\n
 */

/** Texts by the name of the library: never changed, but replaced as a whole. */
export type Libraries = ReadonlyMap<string, string>

const libraryLines = {
  nameless: 'ERR Missing library metadata',
  missing: 'ERR Library not found',
  payload: 'ERR payload version or checksum are wrong',
  policy: 'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.',
} as const

/** The first line of every library that a server takes: it knows one engine, and of each library the name alone. */
const FIRST_LINE = /^#!lua[^\S\n]+name=(["']?)(\w+)\1[^\S\n]*\n/i

/** The name of a library, undefined when its text does not say it. */
export function libraryName(text: string): string | undefined {
  return FIRST_LINE.exec(text)?.[2]
}

function put(into: Map<string, string>, text: string, replace: boolean): void {
  const name = libraryName(text)
  if (name === undefined) throw new ReplyError(libraryLines.nameless)
  if (!replace && into.has(name)) throw new ReplyError(`ERR Library '${name}' already exists`)
  into.set(name, text)
}

/** The texts in a payload of FUNCTION DUMP: each behind its opcode as in a file, then version and checksum as in DUMP. */
function textsIn(payload: Uint8Array): string[] {
  if (!isPayload(payload)) throw new ReplyError(libraryLines.payload)
  const bytes = new ByteReader(payload)
  bytes.end = payload.length - PAYLOAD_FOOTER
  const values = new ValueReader(bytes)
  const texts: string[] = []
  try {
    while (bytes.at < bytes.end) {
      if (bytes.u8() !== OP.function2) bytes.fail('no library')
      texts.push(values.text())
    }
  } catch (error) {
    if (error instanceof CorruptionError) throw new ReplyError(`ERR ${error.message}`)
    throw error
  }
  return texts
}

/** Whether a command of a log is about libraries. */
export function isFunction(argv: readonly string[]): boolean {
  const name = argv[0]
  return name.length === 8 && name.toUpperCase() === 'FUNCTION'
}

/** What a FUNCTION command of a log makes of the libraries. Throws a `ReplyError` when it cannot be followed. */
export function replayed(libraries: Libraries, argv: readonly string[]): Libraries {
  const [, word = '', ...rest] = argv
  const next = new Map(libraries)
  switch (word.toUpperCase()) {
    case 'LOAD': {
      const replace = rest.length === 2 && rest[0].toUpperCase() === 'REPLACE'
      if (rest.length !== 1 && !replace) break
      put(next, rest[rest.length - 1], replace)
      return next
    }
    case 'DELETE':
      if (rest.length !== 1) break
      if (!next.delete(rest[0])) throw new ReplyError(libraryLines.missing)
      return next
    case 'FLUSH':
      return new Map()
    case 'RESTORE': {
      if (rest.length !== 1 && rest.length !== 2) break
      const policy = (rest[1] ?? 'APPEND').toUpperCase()
      if (!['FLUSH', 'APPEND', 'REPLACE'].includes(policy)) throw new ReplyError(libraryLines.policy)
      if (policy === 'FLUSH') next.clear()
      for (const text of textsIn(toBytes(rest[0]))) put(next, text, policy === 'REPLACE')
      return next
    }
  }
  throw new ReplyError(word === '' ? lines.syntax : unknownOrWrong('FUNCTION', word))
}
