import type { CopyOptions, FlushOptions, KeyScanOptions, KeyType } from '../api/keys.ts'
import type { keys } from '../commands/keys.ts'
import { lines, ReplyError } from '../errors.ts'
import { argument, type Codec, flag, key, late, options, ranged, rest, value } from './codec.ts'
import { count, list, nullable, nullableText, ok, status, textList, yes } from './reply.ts'
import type { Rows } from './row.ts'
import { cursor, scanned, scanWords } from './scan.ts'

const MAX_INT = 2 ** 31 - 1

/** The number of a database, which Redis reads as a C int. */
function database(line: string, notInteger: string = line): Codec<number | bigint> {
  return ranged(-MAX_INT - 1, MAX_INT, line, notInteger)
}
const db = database(`ERR value is out of range, value must between ${-MAX_INT - 1} and ${MAX_INT}`, lines.notInteger)

/** Redis looks whether there is such a database as it reads the option, before it reads what comes after. */
const existingDb: Codec<number | bigint> = {
  ...db,
  read: args => {
    const n = db.read(args)
    if (n < 0 || n >= args.databases) throw new ReplyError(lines.dbRange)
    return n
  },
}

const copyOptions = options<CopyOptions>({ db: argument('DB', existingDb), replace: flag('REPLACE') })

/** `[ASYNC | SYNC]`, one of them. */
const flushOptions: Codec<FlushOptions | undefined> = {
  ...options<{ async?: boolean; sync?: boolean }>({ async: flag('ASYNC'), sync: flag('SYNC') }),
  read: args => {
    if (args.left === 0) return undefined
    const word = args.next().toUpperCase()
    if (args.left > 0 || (word !== 'ASYNC' && word !== 'SYNC')) throw new ReplyError(lines.syntax)
    return word === 'ASYNC' ? { async: true } : { sync: true }
  },
} as Codec<FlushOptions | undefined>

const scanOptions = options<KeyScanOptions>({
  ...scanWords,
  type: argument('TYPE', value as Codec<string>),
})

const names = rest(key)
const pattern = value as Codec<string | Uint8Array>

export const keyRows: Rows<typeof keys> = {
  del: { name: 'DEL', flags: ['write'], args: [names], reply: count },
  unlink: { name: 'UNLINK', flags: ['write', 'fast'], args: [names], reply: count },
  exists: { name: 'EXISTS', flags: ['readonly', 'fast'], args: [names], reply: count },
  touch: { name: 'TOUCH', flags: ['readonly', 'fast'], args: [names], reply: count },
  type: { name: 'TYPE', flags: ['readonly', 'fast'], args: [key], reply: status<KeyType | 'none'>() },
  rename: { name: 'RENAME', flags: ['write'], args: [key, key], reply: ok },
  renamenx: { name: 'RENAMENX', flags: ['write', 'fast'], args: [key, key], reply: yes },
  copy: { name: 'COPY', flags: ['write', 'denyoom'], args: [key, key, copyOptions], reply: yes },
  move: { name: 'MOVE', flags: ['write', 'fast'], args: [key, db], reply: yes },
  swapdb: {
    name: 'SWAPDB',
    flags: ['write', 'fast'],
    args: [database(lines.invalidFirstDb), database(lines.invalidSecondDb)],
    reply: ok,
  },
  randomkey: { name: 'RANDOMKEY', flags: ['readonly'], args: [], reply: nullableText },
  keys: { name: 'KEYS', flags: ['readonly'], args: [pattern], reply: { ...textList, unordered: true } },
  scan: { name: 'SCAN', flags: ['readonly'], args: [cursor, late(scanOptions)], reply: scanned(textList) },
  dbsize: { name: 'DBSIZE', flags: ['readonly', 'fast'], args: [], reply: count },
  flushdb: { name: 'FLUSHDB', flags: ['write'], args: [flushOptions], reply: ok },
  flushall: { name: 'FLUSHALL', flags: ['write'], args: [flushOptions], reply: ok },
  objectEncoding: { name: 'OBJECT ENCODING', flags: ['readonly'], args: [key], reply: nullableText },
  objectRefcount: { name: 'OBJECT REFCOUNT', flags: ['readonly'], args: [key], reply: nullable(count) },
  objectIdletime: { name: 'OBJECT IDLETIME', flags: ['readonly'], args: [key], reply: nullable(count) },
  objectFreq: { name: 'OBJECT FREQ', flags: ['readonly'], args: [key], reply: nullable(count) },
  objectHelp: { name: 'OBJECT HELP', flags: ['loading', 'stale'], args: [], reply: list(status<string>()) },
}
