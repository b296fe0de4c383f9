import { fromBytes, toBytes } from '../../util/text.ts'
import { CorruptionError } from '../../encoding/corruption.ts'

/**
 * The list of the files that make up a log, `appendonly.aof.manifest`; one line each:
 *
 *     file <base name> seq <number> type <b|i|h>
 *
 * One base (`b`) at most, then increments (`i`) with rising numbers, in the order of replay; history (`h`) is what may
 * be deleted. Further pairs on a line and lines that begin with `#` are for later versions, and skipped; but for one of
 * ours, `# target 7.0`, which says for which Redis the files are.
 */
export interface Manifest {
  readonly base: ManifestFile | undefined
  readonly history: readonly ManifestFile[]
  readonly increments: readonly ManifestFile[]
  readonly target?: Target
}

/** The oldest Redis that is to read the files: what it cannot store is refused. */
export type Target = (typeof TARGETS)[number]

export const TARGETS = ['7.0', '7.4'] as const

export interface ManifestFile {
  /** A base name, never a path. */
  readonly name: string
  readonly seq: number
}

export function manifestName(prefix: string): string {
  return `${prefix}.manifest`
}

export function baseName(prefix: string, seq: number, format: 'rdb' | 'aof'): string {
  return `${prefix}.${seq}.base.${format}`
}

export function incrementName(prefix: string, seq: number): string {
  return `${prefix}.${seq}.incr.aof`
}

/** Redis reads a line of at most this many bytes, its end included. */
const LONGEST_LINE = 1024

const LF = 0x0a
const HASH = 0x23

/** A name that stays in its directory, on every system. */
export function isBaseName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)
}

export function parseManifest(bytes: Uint8Array, file?: string): Manifest {
  const fail = (what: string, offset: number): never => {
    throw new CorruptionError(what, { file, offset })
  }
  let base: ManifestFile | undefined
  const history: ManifestFile[] = []
  const increments: ManifestFile[] = []
  const names = new Set<string>()
  let target: Target | undefined
  if (bytes.length === 0) fail('an empty manifest', 0)
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LF, at)
    // Redis refuses it too. Manifests are replaced whole, so this is no torn write.
    if (end < 0) fail('the last line of a manifest has no end', at)
    const start = at
    at = end + 1
    if (bytes[start] === HASH) {
      const [, word, version] = split(bytes.subarray(start, end)) ?? []
      if (word === 'target') target = TARGETS.find(one => one === version) ?? target
      continue
    }
    if (at - start >= LONGEST_LINE) fail('a line of a manifest is too long', start)
    const words = split(bytes.subarray(start, end))
    if (words === undefined || words.length < 6 || words.length % 2 !== 0) {
      return fail('a line of a manifest is not made of pairs', start)
    }
    let name: string | undefined
    let seq: number | undefined
    let type: string | undefined
    for (let i = 0; i < words.length; i += 2) {
      const value = words[i + 1]
      switch (words[i].toLowerCase()) {
        case 'file':
          if (name !== undefined || !isBaseName(value)) fail('a manifest names no file of its directory', start)
          name = value
          break
        case 'seq':
          if (seq !== undefined || !/^[1-9]\d{0,14}$/.test(value)) fail('a manifest counts wrongly', start)
          seq = Number(value)
          break
        case 'type':
          if (type !== undefined || !/^[bih]$/.test(value)) fail('a manifest names an unknown type', start)
          type = value
      }
    }
    if (name === undefined || seq === undefined || type === undefined) {
      return fail('a line of a manifest lacks file, seq or type', start)
    }
    if (names.has(name)) fail('a manifest names a file twice', start)
    names.add(name)
    const entry: ManifestFile = { name, seq }
    if (type === 'h') history.push(entry)
    else if (type === 'b') {
      if (base !== undefined) fail('a manifest names two bases', start)
      base = entry
    } else {
      const last = increments.at(-1)
      if (last !== undefined && seq <= last.seq) fail('the increments of a manifest are not in order', start)
      increments.push(entry)
    }
  }
  return target === undefined ? { base, history, increments } : { base, history, increments, target }
}

export function formatManifest(manifest: Manifest): Uint8Array {
  let text = manifest.target === undefined ? '' : `# target ${manifest.target}\n`
  const add = (file: ManifestFile, type: 'b' | 'h' | 'i'): void => {
    if (!isBaseName(file.name)) throw new RangeError(`${file.name} is no base name`)
    text += `file ${quoted(file.name)} seq ${file.seq} type ${type}\n`
  }
  if (manifest.base !== undefined) add(manifest.base, 'b')
  for (const file of manifest.history) add(file, 'h')
  for (const file of manifest.increments) add(file, 'i')
  return toBytes(text)
}

const escapes: { readonly [char: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

/** The words of a line as Redis splits them: plain, "with \escapes" or 'with \' alone'. */
function split(line: Uint8Array): string[] | undefined {
  const words: string[] = []
  let i = 0
  const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
  for (;;) {
    while (i < line.length && isSpace(line[i])) i++
    if (i === line.length) return words
    const word: number[] = []
    const quote = line[i] === 0x22 || line[i] === 0x27 ? line[i++] : 0
    for (; ; i++) {
      if (i === line.length) {
        if (quote !== 0) return undefined
        break
      }
      const byte = line[i]
      if (quote === 0 && isSpace(byte)) break
      if (quote !== 0 && byte === quote) {
        i++
        // A closing quote is followed by a space, or by nothing.
        if (i < line.length && !isSpace(line[i])) return undefined
        break
      }
      if (byte !== 0x5c || quote === 0 || i + 1 === line.length) word.push(byte)
      else if (quote === 0x27) {
        if (line[i + 1] === 0x27) i++
        word.push(line[i])
      } else {
        const char = String.fromCharCode(line[++i])
        const hex = String.fromCharCode(...line.subarray(i + 1, i + 3))
        if (char === 'x' && /^[0-9a-f]{2}$/i.test(hex)) {
          word.push(Number.parseInt(hex, 16))
          i += 2
        } else word.push((escapes[char] ?? char).charCodeAt(0))
      }
    }
    words.push(fromBytes(Uint8Array.from(word)))
  }
}

/** As Redis writes a name: in quotes only when it holds something else than visible ASCII. */
function quoted(name: string): string {
  if (/^[!#-&(-[\]-~]+$/.test(name)) return name
  let text = '"'
  for (const byte of toBytes(name)) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `${text}"`
}
