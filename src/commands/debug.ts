import type { ServerCommands, Tree } from '../api/server.ts'
import { memoryValue } from '../config.ts'
import { dumpStructure, restorePayload } from '../encoding/dump.ts'
import { structureOf } from '../encoding/structure.ts'
import { inLine, lines, ReplyError, unknownOrWrong } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { glob } from '../util/glob.ts'
import { parseInteger } from '../util/numbers.ts'
import { hex } from '../util/blocks.ts'
import { digestOf, digestOfAll } from './digest.ts'
import { someId } from './info.ts'
import { encodingOf, isShared } from './keys.ts'
import type { Ops } from './op.ts'
import { ok, status, statuses } from './tree.ts'

const debugLines = {
  reloadOptions: 'ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.',
  reloadFailed: 'ERR Error trying to load the RDB dump',
  noLog: 'ERR DEBUG LOADAOF needs a store with files',
  loadLater: 'ERR DEBUG LOADAOF takes its time to read files: send it through a session, outside of MULTI',
  threshold: 'ERR argument must be a memory value bigger than 1 and smaller than 4gb',
} as const

const help = statuses(
  'DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'CHANGE-REPL-ID',
  '    Change the replication IDs of the instance.',
  'DIGEST',
  '    Output a hex signature representing the current DB content.',
  'DIGEST-VALUE <key> [<key> ...]',
  '    Output a hex signature of the values of all the specified keys.',
  'ERROR <string>',
  '    Return a Redis protocol error with <string> as message.',
  'LOADAOF',
  '    Flush the AOF buffers on disk and reload the AOF in memory.',
  'OBJECT <key>',
  '    Show low level info about `key` and associated value.',
  'QUICKLIST-PACKED-THRESHOLD <size>',
  '    Checks its argument. There are no nodes of two kinds.',
  'RELOAD [option ...]',
  '    Turn every value into the bytes of a snapshot and back.',
  'SET-ACTIVE-EXPIRE <0|1>',
  '    Setting it to 0 disables expiring keys when they are not accessed.',
  'SLEEP <seconds>',
  '    Stop for <seconds>. Decimals allowed.',
  'STRINGMATCH-LEN <pattern> <string>',
  '    Whether the pattern takes the string, as 1 or 0.',
  'HELP',
  '    Prints this help.',
)

/** The number that C would read at the start of a text, 0 when there is none. */
function leadingNumber(text: string): number {
  const n = Number.parseFloat(text)
  return Number.isFinite(n) ? n : 0
}

function objectLine(ks: Keyspace, key: string): Tree {
  const value = ks.find(key)
  if (value === undefined) throw new ReplyError(lines.noSuchKey)
  const encoding = encodingOf(value)
  const count = encoding === 'int' && isShared(Number(value)) ? 2 ** 31 - 1 : 1
  // What DUMP gives without type, version and checksum.
  const length = dumpStructure(value).length - 11
  return status(
    `Value at:0x0 refcount:${count} encoding:${encoding} serializedlength:${length} lru:0 lru_seconds_idle:0`,
  )
}

/** Makes every value anew from the bytes that a file would hold of it. */
function reload(ks: Keyspace, options: readonly string[]): Tree {
  const words = options.map(word => word.toUpperCase())
  if (words.some(word => word !== 'MERGE' && word !== 'NOFLUSH' && word !== 'NOSAVE')) {
    throw new ReplyError(debugLines.reloadOptions)
  }
  if (words.includes('NOSAVE')) throw new ReplyError(debugLines.reloadFailed)
  const { databases } = ks
  for (const one of databases.list) {
    const keys: (readonly [string, number])[] = []
    one.forEach((key, _, time) => void keys.push([key, time]))
    for (const [key, time] of keys) {
      const value = one.find(key)
      if (value === undefined) continue
      databases.undo?.remember(one, key)
      one.insert(key, structureOf(restorePayload(dumpStructure(value)), one), time)
    }
  }
  return ok
}

export const debug: Ops<Pick<ServerCommands, 'debug'>> = {
  debug(ks, args) {
    const { databases } = ks
    const [given, ...rest] = args
    const word = given.toUpperCase()
    if (word === 'DIGEST-VALUE') return rest.map(key => status(hex(digestOf(ks, key))))
    if (word === 'LOADAOF') throw new ReplyError(databases.logging ? debugLines.loadLater : debugLines.noLog)
    if (word === 'RELOAD') return reload(ks, rest)
    if (rest.length === 2 && word === 'STRINGMATCH-LEN') return glob(rest[0], rest[1]) ? 1 : 0
    if (rest.length === 1) {
      switch (word) {
        case 'ERROR':
          throw new ReplyError(inLine(rest[0]))
        case 'OBJECT':
          return objectLine(ks, rest[0])
        case 'QUICKLIST-PACKED-THRESHOLD': {
          const size = memoryValue(rest[0])
          if (size === undefined || size > 4n * 2n ** 30n) throw new ReplyError(debugLines.threshold)
          return ok
        }
        case 'SET-ACTIVE-EXPIRE':
          databases.setPunctual(Number.parseInt(rest[0], 10) !== 0 && parseInteger(rest[0]) !== undefined)
          return ok
        case 'SLEEP':
          databases.host.sleep?.(Math.max(0, leadingNumber(rest[0]) * 1000))
          return ok
      }
    }
    if (rest.length === 0) {
      switch (word) {
        case 'CHANGE-REPL-ID':
          if (databases.stats !== null) databases.stats.replId = someId(databases.random)
          return ok
        case 'DIGEST':
          return status(hex(digestOfAll(databases)))
        case 'HELP':
          return help
      }
    }
    throw new ReplyError(unknownOrWrong('DEBUG', given))
  },
}
