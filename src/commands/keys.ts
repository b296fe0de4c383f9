import type { FlushOptions, KeyCommands, KeyScan } from '../api/keys.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import { type Keyspace, typeOf, type Value as Stored } from '../keyspace.ts'
import { glob } from '../util/glob.ts'
import { parseInteger } from '../util/numbers.ts'
import { byteLength } from '../util/text.ts'
import { isSmall, index, keyOf, keyText, keyTexts, lateOptions, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import { cursorOf, scanCount, scanPattern, takes } from './scan.ts'
import * as shape from './shapes.ts'

const noFrequencies =
  'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between ' +
  'policies at runtime LRU and LFU data will take some time to adjust.'

/** The answer to OBJECT HELP, as Redis gives it. */
const help: readonly string[] = [
  'OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'ENCODING <key>',
  '    Return the kind of internal representation used in order to store the value',
  '    associated with a <key>.',
  'FREQ <key>',
  '    Return the access frequency index of the <key>. The returned integer is',
  '    proportional to the logarithm of the recent access frequency of the key.',
  'IDLETIME <key>',
  '    Return the idle time of the <key>, that is the approximated number of',
  '    seconds elapsed since the last access to the key.',
  'REFCOUNT <key>',
  '    Return the number of references of the value associated with the specified',
  '    <key>.',
  'HELP',
  '    Prints this help.',
]

/** Where the lossless results differ from the typed replies. */
interface Results {
  keys: readonly string[]
  scan: { readonly cursor: string; readonly elements: readonly string[] }
  objectHelp: readonly string[]
}

/** The longest string that Redis keeps in one piece with its header. */
const LONGEST_EMBSTR = 44
/** '-9223372036854775808' has so many characters. */
const LONGEST_INTEGER = 20

/** The words of OBJECT ENCODING. */
export function encodingOf(value: Stored): string {
  if (typeof value === 'number') return 'int'
  if (typeof value === 'string') {
    // Text that spells a small integer is the result of INCRBYFLOAT, which Redis leaves as it is.
    const n = value.length <= LONGEST_INTEGER ? parseInteger(value) : undefined
    if (n !== undefined && !isSmall(n)) return 'int'
    return value.length <= LONGEST_EMBSTR && byteLength(value) <= LONGEST_EMBSTR ? 'embstr' : 'raw'
  }
  switch (value.type) {
    case 'string':
      return 'raw'
    case 'hash':
      if (!value.compact) return 'hashtable'
      return value.timed ? 'listpackex' : 'listpack'
    case 'list':
      return value.compact ? 'listpack' : 'quicklist'
    case 'set':
      return value.encoding
    case 'zset':
      return value.compact ? 'listpack' : 'skiplist'
    case 'stream':
      return 'stream'
  }
}

/** True for the integers that Redis has made once for all keys, and never counts references to. */
export function isShared(n: number): boolean {
  return n >= 0 && n < 10_000
}

function remove(ks: Keyspace, given: readonly Key[]): number {
  const keys = keyTexts(given)
  const gone: string[] = []
  for (let i = 0; i < keys.length; i++) if (ks.remove(keys[i])) gone.push(keys[i])
  if (ks.logging && gone.length > 0) ks.effectList(['DEL', ...gone])
  return gone.length
}

function countThere(ks: Keyspace, given: readonly Key[]): number {
  const keys = keyTexts(given)
  let there = 0
  for (let i = 0; i < keys.length; i++) if (ks.lookup(keys[i]) !== undefined) there++
  return there
}

/** Takes a value from one key to another. For listeners the new key comes before the old one goes. */
function handOver(ks: Keyspace, from: string, target: Keyspace, to: string, value: Stored, event: string): void {
  if (ks.noting) ks.databases.noteIf('new', target, to)
  ks.remove(from, `${event}_from`)
  target.put(to, value, `${event}_to`, 0, true)
}

/** Gives a key another name; false when `unlessTaken` and it is taken. */
function rename(ks: Keyspace, given: Key, newkey: Key, unlessTaken: boolean): boolean {
  const from = keyText(given)
  const to = keyText(newkey)
  const value = ks.find(from)
  if (value === undefined) throw new ReplyError(lines.noSuchKey)
  if (from === to) return !unlessTaken
  const time = ks.time(from)
  if (unlessTaken && ks.find(to) !== undefined) return false
  handOver(ks, from, ks, to, value, 'rename')
  if (time !== 0) ks.setTime(to, time, '')
  if (ks.logging) ks.effect('RENAME', from, to)
  return true
}

function flush(ks: Keyspace, given: FlushOptions | undefined, command: 'FLUSHDB' | 'FLUSHALL'): 'OK' {
  lateOptions(given, true)
  let some = false
  for (const one of command === 'FLUSHDB' ? [ks] : ks.databases.list) {
    if (one.size > 0) some = true
    one.flush()
  }
  if (some && ks.logging) ks.effect(command)
  ks.databases.noteFlush()
  return 'OK'
}

export const keys: Ops<KeyCommands, Results> = {
  del: remove,
  unlink: remove,
  exists: countThere,
  touch: countThere,
  type(ks, key) {
    const value = ks.lookup(keyOf(key))
    return value === undefined ? 'none' : typeOf(value)
  },
  rename(ks, key, newkey) {
    rename(ks, key, newkey, false)
    return 'OK'
  },
  renamenx(ks, key, newkey) {
    return rename(ks, key, newkey, true)
  },
  copy(ks, source, destination, given) {
    const from = keyText(source)
    const to = keyText(destination)
    const { db, replace } = lateOptions(given, true)
    const target = db === undefined ? ks : ks.databases.at(index(db, 'db'))
    if (target === ks && from === to) throw new ReplyError(lines.sameObject)
    const value = ks.lookup(from)
    if (value === undefined) return false
    const time = ks.time(from)
    if (!replace && target.find(to) !== undefined) return false
    if (target.noting) target.databases.noteIf('new', target, to)
    target.put(to, ks.databases.duplicate(value), 'copy_to', 0, true)
    if (time !== 0) target.setTime(to, time, '')
    if (ks.logging) {
      const words = ['COPY', from, to]
      if (target !== ks) words.push('DB', String(target.index))
      if (replace) words.push('REPLACE')
      ks.effectList(words)
    }
    return true
  },
  move(ks, given, db) {
    const key = keyText(given)
    const target = ks.databases.at(index(db, 'db'))
    if (target === ks) throw new ReplyError(lines.sameObject)
    const value = ks.find(key)
    if (value === undefined || target.find(key) !== undefined) return false
    const time = ks.time(key)
    handOver(ks, key, target, key, value, 'move')
    if (time !== 0) target.setTime(key, time, '')
    if (ks.logging) ks.effect('MOVE', key, target.index)
    return true
  },
  swapdb(ks, first, second) {
    const a = index(first, 'first')
    const b = index(second, 'second')
    ks.databases.swap(a, b)
    if (ks.logging && a !== b) ks.effect('SWAPDB', a, b)
    return 'OK'
  },
  randomkey(ks) {
    ks.sweep()
    return ks.table.sample(ks.databases.random) ?? null
  },
  keys(ks, given) {
    const pattern = text(given, 'pattern')
    ks.sweep()
    const found: string[] = []
    // Redis does not ask the matcher about a lone star, which would refuse the empty key.
    const all = pattern === '*'
    ks.forEach(key => {
      if (all || glob(pattern, key)) found.push(key)
    })
    return found
  },
  scan(ks, cursor, given) {
    const from = cursorOf(cursor)
    const options = lateOptions(given, true)
    const count = scanCount(options)
    const pattern = scanPattern(options)
    const type = options.type === undefined ? undefined : text(options.type, 'type').toLowerCase()
    const elements: string[] = []
    const next = ks.scan(from, count, (key, value) => {
      if (takes(pattern, key) && (type === undefined || typeOf(value) === type)) elements.push(key)
    })
    return { cursor: String(next), elements }
  },
  dbsize(ks) {
    ks.sweep()
    return ks.size
  },
  flushdb(ks, options) {
    return flush(ks, options, 'FLUSHDB')
  },
  flushall(ks, options) {
    return flush(ks, options, 'FLUSHALL')
  },
  objectEncoding(ks, key) {
    const value = ks.find(keyOf(key))
    return value === undefined ? null : encodingOf(value)
  },
  objectRefcount(ks, key) {
    const value = ks.find(keyOf(key))
    if (value === undefined) return null
    return encodingOf(value) === 'int' && isShared(Number(value)) ? 2 ** 31 - 1 : 1
  },
  objectIdletime(ks, key) {
    return ks.find(keyOf(key)) === undefined ? null : 0
  },
  objectFreq(ks, key) {
    if (ks.find(keyOf(key)) === undefined) return null
    throw new ReplyError(noFrequencies)
  },
  objectHelp() {
    return help
  },
}

export const keyShapes: Shapes<KeyCommands, KeyCommands<'sync', Uint8Array>, typeof keys> = {
  randomkey: shape.text,
  keys: shape.texts,
  scan: ({ cursor, elements }, out): KeyScan => ({ cursor, keys: shape.texts(elements, out) }),
  objectHelp: result => result.slice(),
}

export const keyRest: Rest<KeyCommands> = { del: 0, unlink: 0, exists: 0, touch: 0 }
