/**
 * Replays test/recordings/redis-7.4.jsonl, replies of a Redis between 7.4 and 8.0 (October 2024): one stream of commands
 * of all families over one connection, in segments that begin with FLUSHALL. A segment mixes families, so replaying some
 * families only needs this: a key that a family not replayed has written is *tainted* (its content is unknown) until
 * something replayed overwrites or deletes it. Lines that touch such a key are left out of the comparison, and counted;
 * so is a transaction with such a line, whose commands are then run when the recorded EXEC says that they ran.
 */

import { existsSync, readFileSync } from 'node:fs'
import { parseReply, printReply } from './reply.ts'
import { pairsOf, sortedItems, textsOf } from './unordered.ts'

const VECTORS: string =
  process.env['EMBEDIS_VECTORS'] ?? new URL('../recordings/redis-7.4.jsonl', import.meta.url).pathname

export interface Vector {
  /** Line in the file, from 1. */
  readonly line: number
  readonly fresh: boolean
  readonly family: string
  readonly argv: readonly string[]
  readonly reply: string
}

export function readVectors(): Vector[] | undefined {
  if (!existsSync(VECTORS)) return undefined
  return readFileSync(VECTORS, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map((line, index) => {
      const [fresh, family, argv, reply] = JSON.parse(line) as [string, string, string[], string]
      return { line: index + 1, fresh: fresh === 'fresh', family, argv, reply }
    })
}

export interface VectorSide {
  /** FLUSHALL, database 0. */
  fresh(): Promise<void>
  /** Raw RESP2 reply texts. */
  send(argvs: readonly (readonly string[])[]): Promise<string[]>
}

export interface VectorMismatch {
  readonly vector: Vector
  readonly expected: string
  readonly got: string
  /** What was sent to the same keys since they were last fresh, oldest first. */
  readonly before: readonly string[]
}

export interface VectorResult {
  compared: number
  /** Left out: another family's command, or a key whose content is unknown. */
  skipped: number
  readonly mismatches: VectorMismatch[]
}

export interface VectorOptions {
  readonly vectors: readonly Vector[]
  readonly side: VectorSide
  /** May this command be sent? Everything else is treated as a family not replayed. */
  readonly supports: (argv: readonly string[]) => boolean
  /** Further accepted replies, given the recorded one: the file of differences. */
  readonly accepts?: (argv: readonly string[], recorded: string, got: string) => boolean
}

const KEY = /^(?:[shnltzbpx]|geo|ti)\d$|^missing$/

/** Commands that change nothing: another family's use of them taints no key. */
const READS = new Set(
  `BITCOUNT BITPOS GETBIT BITFIELD_RO PFCOUNT GEOPOS GEODIST GEOHASH GEOSEARCH XRANGE XREVRANGE XLEN XREAD XINFO XPENDING
  HTTL HPTTL HEXPIRETIME HPEXPIRETIME ECHO PING NOSUCH COMMAND`
    .split(/\s+/)
    .filter(word => word !== ''),
)

/** Commands whose reply depends on every key of the database. */
const WHOLE = new Set(['KEYS', 'DBSIZE', 'SCAN', 'RANDOMKEY', 'FLUSHDB', 'FLUSHALL', 'SWAPDB'])
const DELETES = new Set(['DEL', 'UNLINK', 'GETDEL'])
const STORES = new Set(
  'SDIFFSTORE SINTERSTORE SUNIONSTORE ZRANGESTORE ZDIFFSTORE ZINTERSTORE ZUNIONSTORE GEOSEARCHSTORE'.split(' '),
)

export async function replayVectors(options: VectorOptions): Promise<VectorResult> {
  const { side, supports } = options
  const result: VectorResult = { compared: 0, skipped: 0, mismatches: [] }
  let tainted = new Set<string>()
  let elsewhere = new Set<string>()
  /** A transaction from MULTI on, until it is known what became of it. */
  let block: Vector[] | undefined
  /** True between WATCH and its end, and what was left out meanwhile. */
  let watching = false
  let missed = false
  let history: string[][] = []

  /** Runs one line and returns its normalised reply, undefined when it cannot be known. */
  const run = async (vector: Vector): Promise<string | undefined> => {
    const { argv } = vector
    const name = (argv[0] ?? '').toUpperCase()
    const keys = keysOf(argv)
    const other = name === 'MOVE' || (name === 'COPY' && argv.length > 3)
    const unknown = (key: string): boolean => tainted.has(key) || (other && elsewhere.has(key))
    if (!supports(argv)) {
      if (!READS.has(name) && !vector.reply.startsWith('-')) for (const key of keys) tainted.add(key)
      return undefined
    }
    if (WHOLE.has(name) && tainted.size > 0) return undefined
    history.push([...argv])
    if (keys.some(unknown)) {
      if (vector.reply.startsWith('-')) {
        // It changed nothing there, and may not be sent: what the key holds here could make it succeed.
        if (!vector.reply.includes('wrong number of arguments')) return undefined
      } else if (DELETES.has(name) || isOverwrite(name, argv)) {
        await side.send([argv])
        for (const key of name.startsWith('MSET') ? keys.filter((_, i) => i % 2 === 0) : keys) tainted.delete(key)
        if (name === 'MSET') for (let i = 1; i < argv.length; i += 2) tainted.delete(argv[i] as string)
        return undefined
      } else if (STORES.has(name) && !keysOf(argv.slice(1)).some(unknown)) {
        tainted.delete(argv[1] as string)
      } else if (name === 'BITOP' && !keysOf(argv.slice(2)).some(unknown)) {
        tainted.delete(argv[2] as string)
      } else {
        if (isRead(name)) return undefined
        for (const key of keys) {
          tainted.add(key)
          if (other) elsewhere.add(key)
        }
        return undefined
      }
    }
    if (name === 'SPOP' && argv.length === 2 && vector.reply.startsWith('"')) {
      // The member was chosen at random there: remove the same one here.
      const member = Buffer.from(JSON.parse(vector.reply) as string, 'latin1').toString('utf8')
      const [removed] = await side.send([['SREM', argv[1] as string, member]])
      return removed === ':1' ? vector.reply : `${vector.reply} is not a member`
    }
    const [reply] = await side.send([argv])
    return vectorText(argv, reply as string)
  }

  const isUnknown = ({ argv }: Vector): boolean => {
    const name = (argv[0] ?? '').toUpperCase()
    if (!supports(argv) || (WHOLE.has(name) && tainted.size > 0)) return true
    return keysOf(argv).some(key => tainted.has(key) || elsewhere.has(key))
  }

  /** A whole transaction, up to EXEC or DISCARD. */
  const transaction = async (lines: readonly Vector[]): Promise<void> => {
    const ran = (lines.at(-1) as Vector).reply.startsWith('[')
    if (!lines.some(isUnknown) && (ran || !missed)) {
      for (const vector of lines) {
        history.push([...vector.argv])
        const [reply] = await side.send([vector.argv])
        check(vector, vector.reply, vectorText(vector.argv, reply as string))
      }
      return
    }
    // What cannot be compared must still have been done.
    result.skipped += lines.length
    if (ran) for (const vector of lines) if (vector.reply === '+QUEUED') await run(vector)
    await side.send([['UNWATCH']])
  }

  const check = (vector: Vector, expected: string, got: string | undefined): void => {
    if (got === undefined) {
      result.skipped++
      return
    }
    result.compared++
    if (sameVector(vector.argv, expected, got) || options.accepts?.(vector.argv, expected, got) === true) return
    const keys = keysOf(vector.argv)
    const before = history.filter(argv => argv.some(word => keys.includes(word))).slice(-12, -1)
    result.mismatches.push({ vector, expected, got, before: before.map(argv => JSON.stringify(argv)) })
  }

  for (const vector of options.vectors) {
    const name = (vector.argv[0] ?? '').toUpperCase()
    if (vector.fresh) {
      await side.fresh()
      tainted = new Set()
      elsewhere = new Set()
      // One that never ended was never run.
      result.skipped += block?.length ?? 0
      block = undefined
      // FLUSHALL touched what the connection had watched, and its new twin watches nothing.
      missed = watching
      history = []
    }
    const ends = (name === 'EXEC' || name === 'DISCARD') && !vector.reply.includes('without MULTI')
    if (block !== undefined || (name === 'MULTI' && vector.reply === '+OK')) {
      block ??= []
      block.push(vector)
      if (ends) {
        await transaction(block)
        block = undefined
        watching = missed = false
      }
      continue
    }
    if (name === 'WATCH') watching = true
    if (name === 'UNWATCH') watching = missed = false
    const got = await run(vector)
    if (watching && got === undefined) missed = true
    check(vector, vector.reply, got)
  }
  return result
}

function keysOf(argv: readonly string[]): string[] {
  return argv.slice(1).filter(word => KEY.test(word))
}

/** Replaces its keys whatever they held before. */
function isOverwrite(name: string, argv: readonly string[]): boolean {
  if (name === 'SETEX' || name === 'PSETEX' || name === 'MSET') return true
  return name === 'SET' && !argv.slice(3).some(word => ['NX', 'XX', 'GET', 'KEEPTTL'].includes(word.toUpperCase()))
}

const WRITES = new Set(
  `SET SETNX GETSET GETEX APPEND SETRANGE INCR DECR INCRBY DECRBY INCRBYFLOAT MSETNX HSET HSETNX HMSET HDEL HINCRBY
  HINCRBYFLOAT LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP LSET LREM LTRIM LINSERT LMOVE RPOPLPUSH LMPOP SADD SREM SPOP SMOVE
  SETBIT BITOP BITFIELD PFADD PFMERGE GEOADD ZADD ZINCRBY ZREM ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX ZPOPMIN ZPOPMAX
  ZMPOP RENAME RENAMENX COPY MOVE
  EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST SORT BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP`
    .split(/\s+/)
    .concat([...STORES]),
)

function isRead(name: string): boolean {
  return !WRITES.has(name)
}

/** A raw RESP2 reply in the form the vectors' README gives. */
export function vectorText(argv: readonly string[], reply: string): string {
  if (reply.startsWith('-')) return reply
  switch ((argv[0] ?? '').toUpperCase()) {
    case 'SMEMBERS':
    case 'SUNION':
    case 'SINTER':
    case 'SDIFF':
    case 'KEYS':
    case 'HKEYS':
    case 'HVALS':
    case 'SPOP':
      return sortedItems(reply)
    case 'HGETALL':
      return reply.startsWith('[') ? vectorPairs(reply) : reply
    case 'HSCAN':
    case 'ZSCAN':
      return vectorScan(reply, vectorPairs)
    case 'SCAN':
    case 'SSCAN':
      return vectorScan(reply, items => parseReply(sortedItems(items)).items.map(printReply).join(','))
    case 'TTL':
    case 'PTTL':
    case 'EXPIRETIME':
    case 'PEXPIRETIME':
      return reply.startsWith(':') && Number(reply.slice(1)) > 0
        ? `~${Math.floor(Number(reply.slice(1)) / 20_000)}`
        : reply
    case 'HTTL':
    case 'HPTTL':
    case 'HEXPIRETIME':
    case 'HPEXPIRETIME': {
      // The recordings ask for one field at a time, and keep its number alone.
      const one = /^\[:(-?\d+)\]$/.exec(reply)
      if (one === null) return reply
      return Number(one[1]) > 0 ? `~${Math.floor(Number(one[1]) / 20_000)}` : `:${one[1]}`
    }
    default:
      return reply
  }
}

function vectorPairs(reply: string): string {
  return pairsOf(parseReply(reply))
    .map(pair => pair.items.map(printReply).join('='))
    .sort()
    .join(',')
}

function vectorScan(reply: string, items: (reply: string) => string): string {
  const tree = parseReply(reply)
  const [cursor, elements] = tree.items
  if (cursor === undefined || elements === undefined) return reply
  return textsOf(tree)[0] === '0' ? printReply(cursor) + items(printReply(elements)) : 'more'
}

/** `some` stands for any choice; a time may fall into the neighbouring bucket; sorting is done again on our side. */
export function sameVector(argv: readonly string[], expected: string, got: string): boolean {
  if (expected === got) return true
  if (expected === 'some') return !got.startsWith('-')
  if (expected.startsWith('~') && got.startsWith('~')) {
    return Math.abs(Number(expected.slice(1)) - Number(got.slice(1))) <= 1
  }
  if (expected.startsWith('[') && got.startsWith('[')) return vectorText(argv, expected) === got
  // A cursor may stop where another server's does not: nothing can be said of a part.
  return expected === 'more' || got === 'more'
}
