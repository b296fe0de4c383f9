import { ByteReader, ByteWriter, join } from './encoding/bytes.ts'
import { OP } from './encoding/constants.ts'
import { CorruptionError } from './encoding/corruption.ts'
import { ValueReader } from './encoding/decode.ts'
import { isPayload, PAYLOAD_FOOTER, sealed } from './encoding/dump.ts'
import { ValueWriter } from './encoding/value-writer.ts'
import { inLine, lines, ReplyError, unknownOrWrong } from './errors.ts'
import { isName } from './functions.ts'
import { splitLine } from './util/inline.ts'
import { toBytes } from './util/text.ts'

/*
 * Libraries of functions, as texts. A text names its engine and its library in its first line:
 *
 *     #!lua name=<name>\n
 *
 * What FUNCTION commands make of the texts is here, for the commands and for logs that hold them; what the texts mean is the
 * business of an engine, if there is one.
 */

/** Texts by the name of the library: never changed, but replaced as a whole. */
export type Libraries = ReadonlyMap<string, string>

const libraryLines = {
  noMetadata: 'ERR Missing library metadata',
  invalid: 'ERR Invalid library metadata',
  twice: 'ERR Invalid metadata value, name argument was given multiple times',
  nameless: 'ERR Library name was not given',
  name: 'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
  missing: 'ERR Library not found',
  noCode: 'ERR Function code is missing',
  payload: 'ERR DUMP payload version or checksum are wrong',
  noFunction: 'ERR given type is not a function',
  unreadable: 'ERR failed loading the given functions payload',
  policy: 'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.',
} as const

/** The name that a library says it has, and where its first line ends. Throws a ReplyError when there is something wrong. */
export function headOf(text: string): { readonly name: string; readonly end: number } {
  if (!text.startsWith('#!')) throw new ReplyError(libraryLines.noMetadata)
  const end = text.indexOf('\n')
  if (end < 0) throw new ReplyError(libraryLines.invalid)
  const line = toBytes(text.slice(0, end))
  const words = splitLine(line, 0, line.length)
  if (words === undefined || words.length === 0) throw new ReplyError(libraryLines.invalid)
  let name: string | undefined
  for (const word of words.slice(1)) {
    if (!/^name=/i.test(word)) throw new ReplyError(`ERR Invalid metadata value given: ${inLine(word)}`)
    if (name !== undefined) throw new ReplyError(libraryLines.twice)
    name = word.slice(5)
  }
  if (name === undefined) throw new ReplyError(libraryLines.nameless)
  if (!isName(name)) throw new ReplyError(libraryLines.name)
  const engine = words[0].slice(2)
  if (engine.toLowerCase() !== 'lua') throw new ReplyError(`ERR Engine '${inLine(engine)}' not found`)
  return { name, end }
}

/** The name of a library, undefined when its text does not say it. */
export function libraryName(text: string): string | undefined {
  try {
    return headOf(text).name
  } catch {
    return undefined
  }
}

function exists(name: string): ReplyError {
  return new ReplyError(`ERR Library '${name}' already exists`)
}

/** The texts as a payload of FUNCTION DUMP: each behind its opcode as in a file, then version and checksum as in DUMP. */
export function dumpLibraries(libraries: Libraries): Uint8Array {
  const out = new ByteWriter(256, true)
  const to = new ValueWriter(out)
  for (const text of libraries.values()) {
    out.u8(OP.function2)
    to.text(text)
  }
  return join(sealed(out).take())
}

function textsIn(payload: Uint8Array): string[] {
  if (!isPayload(payload)) throw new ReplyError(libraryLines.payload)
  const bytes = new ByteReader(payload)
  bytes.end = payload.length - PAYLOAD_FOOTER
  const values = new ValueReader(bytes)
  const texts: string[] = []
  try {
    while (bytes.at < bytes.end) {
      if (bytes.u8() !== OP.function2) throw new ReplyError(libraryLines.noFunction)
      texts.push(values.text())
    }
  } catch (error) {
    if (error instanceof CorruptionError) throw new ReplyError(libraryLines.unreadable)
    throw error
  }
  return texts
}

/** Whether a command of a log is about libraries. */
export function isFunction(argv: readonly string[]): boolean {
  const name = argv[0]
  return name.length === 8 && name.toUpperCase() === 'FUNCTION'
}

/** What FUNCTION LOAD with these words makes of the libraries, and the name and text of the one that it loads. */
export function loaded(
  libraries: Libraries,
  words: readonly string[],
): { next: Libraries; name: string; text: string } {
  const text = words[words.length - 1]
  if (text === undefined) throw new ReplyError(libraryLines.noCode)
  const options = words.slice(0, -1)
  for (const option of options) {
    if (option.toUpperCase() !== 'REPLACE') throw new ReplyError(`ERR Unknown option given: ${inLine(option)}`)
  }
  const { name } = headOf(text)
  if (options.length === 0 && libraries.has(name)) throw exists(name)
  return { next: new Map(libraries).set(name, text), name, text }
}

/** The libraries without one. */
export function without(libraries: Libraries, name: string): Libraries {
  const next = new Map(libraries)
  if (!next.delete(name)) throw new ReplyError(libraryLines.missing)
  return next
}

/** What FUNCTION RESTORE with these words makes of the libraries. */
export function restored(libraries: Libraries, words: readonly string[]): Libraries {
  if (words.length > 2) throw new ReplyError(unknownOrWrong('FUNCTION', 'RESTORE'))
  const [payload, word = 'APPEND'] = words
  const policy = word.toUpperCase()
  if (!['FLUSH', 'APPEND', 'REPLACE'].includes(policy)) throw new ReplyError(libraryLines.policy)
  const given = new Map<string, string>()
  for (const text of textsIn(toBytes(payload))) {
    const { name } = headOf(text)
    if (given.has(name)) throw exists(name)
    given.set(name, text)
  }
  if (policy === 'FLUSH') return given
  if (policy === 'APPEND') {
    const known = [...given.keys()].find(name => libraries.has(name))
    if (known !== undefined) throw new ReplyError(`ERR Library ${known} already exists`)
  }
  return new Map([...libraries, ...given])
}

/** What a FUNCTION command of a log makes of the libraries. Throws a `ReplyError` when it cannot be followed. */
export function replayed(libraries: Libraries, argv: readonly string[]): Libraries {
  const [, word = '', ...rest] = argv
  switch (word.toUpperCase()) {
    case 'LOAD':
      return loaded(libraries, rest).next
    case 'DELETE':
      if (rest.length === 1) return without(libraries, rest[0])
      break
    case 'FLUSH':
      return new Map()
    case 'RESTORE':
      if (rest.length > 0) return restored(libraries, rest)
  }
  throw new ReplyError(word === '' ? lines.syntax : unknownOrWrong('FUNCTION', word))
}
