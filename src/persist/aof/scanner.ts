import { crc32c } from '../../util/crc32c.ts'
import { CorruptionError, UnsupportedError } from '../../encoding/corruption.ts'
import { type Decoding, decodeAll, decodeFrom, type Source, WINDOW } from '../source.ts'
import { CommandReader } from './commands.ts'
import {
  ANY_PREAMBLE,
  BATCH,
  LONG_HEADER,
  LONGEST_ANNOTATION,
  PREAMBLE,
  PREAMBLE_LENGTH,
  readHex,
  SHORT_HEADER,
} from './constants.ts'

/**
 * Reads a log: verifies each batch before anything of it is seen, and at the end says what to do about the tail. The
 * rules are in docs/formats/aof.md; in short:
 *
 * - A file that begins with our first line holds sealed batches, and after them perhaps a *foreign tail*: plain commands
 *   that a Redis server has appended. A file without the line is foreign altogether.
 * - Damage that a power cut explains is repaired by cutting the file at `good`. Other damage is an error.
 */

/**
 * What to do about damage, in the words of RocksDB. `tail`: cut what a power cut explains, refuse other damage.
 * `strict`: refuse any. `pointInTime`: take everything before the first damage, wherever it is.
 */
export type RecoveryMode = 'tail' | 'strict' | 'pointInTime'

/** Gets the commands of a log in order, those of a batch or transaction only when it is whole. */
export interface AofSink {
  /** SELECT, MULTI and EXEC are followed here and not handed on. */
  command(db: number, argv: string[]): void
  /** The commands since the last call were one commit; the file is sound up to `end`. */
  commit?(end: number): void
}

export interface AofOptions {
  /** The name used in errors. */
  file?: string
  /** Default `tail`. */
  mode?: RecoveryMode
  /** Where to begin: after an RDB file at the head of an AOF of Redis 4 to 6. */
  from?: number
}

export interface AofEnd {
  /** Of the first line; undefined when the file is not ours. */
  readonly salt: number | undefined
  readonly commits: number
  readonly commands: number
  /** Everything before this offset is sound and was handed on. */
  readonly good: number
  readonly size: number
  /**
   * `whole`: the file ends at `good`. `torn`: it ends inside something that begins soundly. `damaged`: what follows
   * `good` is wrong, and a power cut explains it. `broken`: it is wrong and nothing explains it (`pointInTime` only).
   * All but the first ask for the file to be cut at `good` before anything is appended.
   */
  readonly state: 'whole' | 'torn' | 'damaged' | 'broken'
  /** What is wrong after `good`, when something is. */
  readonly problem: CorruptionError | undefined
  /**
   * Where commands begin that no checksum covers, when there are any. A file that has such commands must not be
   * appended to: begin another one.
   */
  readonly foreign: number | undefined
}

/** Scans a log that is in memory. */
export function scanAof(bytes: Uint8Array, sink: AofSink, options: AofOptions = {}): AofEnd {
  return decodeAll(decodeAof(bytes.length, sink, options), bytes)
}

/** Scans a log window by window. */
export function scanAofFrom(source: Source, sink: AofSink, options: AofOptions = {}): Promise<AofEnd> {
  return decodeFrom(decodeAof(source.size, sink, options), source)
}

export function decodeAof(size: number, sink: AofSink, options: AofOptions = {}): Decoding<AofEnd> {
  return new Scanner(size, sink, options).run()
}

const HASH = 0x23
const STAR = 0x2a
const LF = 0x0a
const SPACE = 0x20
/** The only annotation that servers write: `#TS:<seconds>`, with aof-timestamp-enabled. */
const STAMP = '#TS:'

/** What a search after damage spends on candidates at most, in bytes of checksum per byte of file. */
const SEARCH_EFFORT = 16

type State = AofEnd['state']

interface Header {
  /** Of the line. */
  length: number
  /** Of the batch behind it. */
  batch: number
  /** -1 when it says nothing. */
  durable: number
  crc: number
  /** The checksum of the line up to the checksum itself. */
  lineCrc: number
}

class Scanner {
  private readonly size: number
  private readonly sink: AofSink
  private readonly mode: RecoveryMode
  private readonly from: number
  private readonly reader: CommandReader
  private salt: number | undefined
  private good: number
  private db: number
  private commits: number
  private commands: number
  private foreign: number | undefined
  private state: State
  private problem: CorruptionError | undefined
  /** The largest offset that a batch has declared to be synced, or -1 as long as none has said anything. */
  private durable: number
  private readonly header: Header

  constructor(size: number, sink: AofSink, options: AofOptions) {
    this.size = size
    this.sink = sink
    this.mode = options.mode ?? 'tail'
    this.from = options.from ?? 0
    this.reader = new CommandReader(options.file)
    this.salt = undefined
    this.good = this.from
    this.db = 0
    this.commits = 0
    this.commands = 0
    this.foreign = undefined
    this.state = 'whole'
    this.problem = undefined
    this.durable = -1
    this.header = { length: 0, batch: 0, durable: -1, crc: 0, lineCrc: 0 }
  }

  *run(): Decoding<AofEnd> {
    if (this.size > this.from) {
      if (yield* this.preamble()) yield* this.ours()
      else if (this.state === 'whole') yield* this.theirs(this.from, true)
    }
    const { problem, state, mode } = this
    if (problem !== undefined && (mode === 'strict' || (mode === 'tail' && state === 'broken'))) throw problem
    return {
      salt: this.salt,
      commits: this.commits,
      commands: this.commands,
      good: this.good,
      size: this.size,
      state,
      problem,
      foreign: this.foreign,
    }
  }

  // --- the window ---

  /** Whether bytes `at` to `at + count`, or to the end of the file, are missing from the window. */
  private lacks(at: number, count: number): boolean {
    const { base, bytes } = this.reader
    return at < base || Math.min(at + count, this.size) > base + bytes.length
  }

  private *load(at: number, count: number): Decoding<void> {
    const length = Math.min(Math.max(count, WINDOW), this.size - at)
    const bytes = yield { at, length }
    const { reader } = this
    reader.bytes = bytes
    reader.base = at
    reader.at = 0
    reader.end = Math.min(bytes.length, this.size - at)
    if (bytes.length < Math.min(count, this.size - at)) reader.fail(`the log was ${this.size} bytes and has shrunk`)
  }

  private stop(state: State, what: string, at: number = this.good): void {
    this.state = state
    this.problem = new CorruptionError(what, { file: this.reader.file, offset: at })
  }

  // --- our own batches ---

  /** Reads the first line if it is ours. False if the file is foreign, or nothing more is to be read (`state`). */
  private *preamble(): Decoding<boolean> {
    if (this.from !== 0) return false
    yield* this.load(0, PREAMBLE_LENGTH)
    const { bytes } = this.reader
    const common = matching(bytes, 0, ANY_PREAMBLE)
    if (common < ANY_PREAMBLE.length) {
      // Foreign, unless it is the beginning of our line and the end of the file.
      if (common < this.size) return false
      this.stop('torn', 'the first line is cut off')
      return false
    }
    if (this.size < PREAMBLE_LENGTH) {
      this.stop('torn', 'the first line is cut off')
      return false
    }
    const at = PREAMBLE.length
    const salt = readHex(bytes, at, 8)
    const sound =
      salt >= 0 &&
      bytes[at + 8] === SPACE &&
      readHex(bytes, at + 9, 8) === crc32c(bytes, 0, at + 8) &&
      bytes[at + 17] === 0x0d &&
      bytes[at + 18] === LF
    if (matching(bytes, 0, PREAMBLE) < PREAMBLE.length && matching(bytes, at + 17, '\r\n') === 2) {
      throw new UnsupportedError('this version of the log', { file: this.reader.file, offset: 0 })
    }
    if (!sound) {
      // Without the salt no batch can be verified.
      this.stop('broken', 'the first line is damaged')
      return false
    }
    this.salt = salt
    this.good = PREAMBLE_LENGTH
    return true
  }

  private *ours(): Decoding<void> {
    const { reader, header } = this
    while (this.good < this.size) {
      const at = this.good
      if (this.lacks(at, LONG_HEADER)) yield* this.load(at, LONG_HEADER)
      const from = at - reader.base
      const mark = matching(reader.bytes, from, BATCH)
      if (mark < BATCH.length) {
        if (at + mark === this.size) this.stop('torn', 'a batch header is cut off')
        else if (reader.bytes[from] === STAR || matching(reader.bytes, from, STAMP) === STAMP.length) {
          yield* this.theirs(at, true)
        } else yield* this.damage('neither a batch nor a command')
        return
      }
      const kind = this.readHeader(from)
      if (kind !== 'sound') {
        if (kind === 'cut') this.stop('torn', 'a batch header is cut off')
        else yield* this.damage('a batch header is damaged')
        return
      }
      const total = header.length + header.batch
      if (at + total > this.size) {
        yield* this.damage('a batch is cut off', 'torn')
        return
      }
      if (this.lacks(at, total)) yield* this.load(at, total)
      const start = at - reader.base + header.length
      const end = start + header.batch
      if (crc32c(reader.bytes, start, end, header.lineCrc) !== header.crc) {
        yield* this.damage('the checksum of a batch is wrong')
        return
      }
      if (header.durable >= 0) this.durable = Math.max(this.durable, header.durable)
      this.deliver(start, end)
      this.good = at + total
      if (header.batch > 0) {
        this.commits++
        this.sink.commit?.(this.good)
      }
    }
  }

  /** Reads the header at `from` in the window, which ends after it or at the end of the file. */
  private readHeader(from: number): 'sound' | 'cut' | 'damaged' {
    const { bytes } = this.reader
    const { header } = this
    const left = bytes.length - from
    const batch = from + BATCH.length
    if (left < batch - from + 9) return this.cutOrDamaged(from)
    header.batch = readHex(bytes, batch, 8)
    if (header.batch < 0 || bytes[batch + 8] !== SPACE) return this.cutOrDamaged(from)
    let at = batch + 9
    header.durable = -1
    header.length = SHORT_HEADER
    // The ninth digit tells the two forms apart.
    if (at + 8 < bytes.length && bytes[at + 8] !== 0x0d) {
      if (left < LONG_HEADER) return this.cutOrDamaged(from)
      header.durable = readHex(bytes, at, 12)
      header.length = LONG_HEADER
      if (header.durable < 0 || bytes[at + 12] !== SPACE) return 'damaged'
      at += 13
    }
    if (left < header.length) return this.cutOrDamaged(from)
    header.crc = readHex(bytes, at, 8)
    if (header.crc < 0 || matching(bytes, at + 8, '\r\n') < 2) return 'damaged'
    header.lineCrc = crc32c(bytes, from, at - 1, this.salt)
    return 'sound'
  }

  /** Cut off, if all there is until the end of the file could begin a header. */
  private cutOrDamaged(from: number): 'cut' | 'damaged' {
    const { bytes } = this.reader
    if (bytes.length - from >= LONG_HEADER) return 'damaged'
    for (let i = from + BATCH.length; i < bytes.length; i++) {
      const hex = readHex(bytes, i, 1) >= 0 || bytes[i] === SPACE
      if (!hex && !(bytes[i] === 0x0d && i === bytes.length - 1)) return 'damaged'
    }
    return 'cut'
  }

  /** Hands on the commands of a verified batch. */
  private deliver(start: number, end: number): void {
    const { reader } = this
    reader.at = start
    const windowEnd = reader.end
    reader.end = end
    const commands: string[][] = []
    while (reader.at < end) {
      const argv = reader.next()
      if (argv === undefined) return reader.fail('a sealed batch ends inside a command')
      commands.push(argv)
    }
    reader.end = windowEnd
    let first = 0
    let last = commands.length
    if (last > 0 && is(commands[0], 'MULTI')) {
      first++
      if (--last === 0 || !is(commands[last], 'EXEC')) reader.fail('a sealed transaction has no end', start)
    } else if (last > 1) reader.fail('a sealed batch is no transaction', start)
    this.apply(commands, first, last)
  }

  private apply(commands: readonly string[][], first: number, last: number): void {
    for (let i = first; i < last; i++) {
      const argv = commands[i]
      if (is(argv, 'SELECT')) {
        if (argv.length !== 2 || !/^\d{1,9}$/.test(argv[1])) this.reader.fail('SELECT without a database')
        this.db = Number(argv[1])
      } else {
        this.commands++
        this.sink.command(this.db, argv)
      }
    }
  }

  // --- what a Redis server has written ---

  /**
   * Reads plain commands from `at` to the end of the file. Without `apply` nothing is handed on or noted, and the
   * answer is whether they are sound: well-formed up to the end of the file or to where it is cut off.
   */
  private *theirs(at: number, apply: boolean): Decoding<boolean> {
    const { reader } = this
    // A server that opens a log begins with database 0.
    if (apply) {
      this.foreign = at
      this.good = at
      this.db = 0
    }
    let transaction: string[][] | undefined
    let window = WINDOW
    while (at < this.size) {
      if (this.lacks(at, LONGEST_ANNOTATION)) yield* this.load(at, LONGEST_ANNOTATION)
      const from = at - reader.base
      if (reader.bytes[from] === HASH) {
        const line = reader.bytes.subarray(from, from + LONGEST_ANNOTATION - 1)
        const end = line.indexOf(LF)
        if (end < 0 && at + line.length === this.size) {
          if (apply) this.stop('torn', 'an annotation is cut off')
          return true
        }
        if (end < 0 || matching(line, 0, BATCH) === BATCH.length) {
          if (!apply) return false
          // No server writes such a line: part of the file is missing, or was put together from others.
          this.stop('broken', end < 0 ? 'an annotation is too long' : 'a batch follows plain commands', at)
          return false
        }
        at += end + 1
        if (apply && transaction === undefined) this.good = at
        continue
      }
      reader.at = from
      let argv: string[] | undefined
      try {
        argv = reader.next()
      } catch (error) {
        if (!apply || !(error instanceof CorruptionError)) return false
        if (this.salt !== undefined && this.good === this.foreign && transaction === undefined) {
          // Not one command behind our batches: these are no server's words, but what is left of ours.
          this.foreign = undefined
          yield* this.damage('neither a batch nor a command')
        } else yield* this.foreignDamage(at, error)
        return false
      }
      if (argv === undefined) {
        if (reader.base + reader.end >= this.size) {
          if (apply) this.stop('torn', transaction === undefined ? 'a command is cut off' : 'a transaction is cut off')
          return true
        }
        // A command longer than the window is read again from its start, so the window doubles.
        if (from === 0) window *= 2
        yield* this.load(at, window)
        continue
      }
      window = WINDOW
      at = reader.base + reader.at
      if (!apply) continue
      if (is(argv, 'MULTI')) transaction = []
      else if (transaction !== undefined && !is(argv, 'EXEC')) transaction.push(argv)
      else {
        const commands = transaction ?? [argv]
        transaction = undefined
        this.apply(commands, 0, commands.length)
        this.good = at
        this.commits++
        this.sink.commit?.(at)
      }
    }
    if (transaction !== undefined && apply) this.stop('torn', 'a transaction is cut off')
    return true
  }

  /** Plain commands cannot be verified: only zeros up to the end of the file are what a power cut leaves. */
  private *foreignDamage(at: number, problem: CorruptionError): Decoding<void> {
    this.problem = problem
    this.state = 'damaged'
    for (let next = at; next < this.size; ) {
      if (this.lacks(next, 1)) yield* this.load(next, 1)
      const { bytes, base } = this.reader
      for (let i = next - base; i < bytes.length; i++) {
        if (bytes[i] === 0) continue
        this.state = 'broken'
        return
      }
      next = base + bytes.length
    }
  }

  // --- damage among our batches ---

  /** What stands at `good` is no sound batch: finds out what that means. */
  private *damage(what: string, state: State = 'damaged'): Decoding<void> {
    const at = this.good
    const handover = yield* this.handover(at)
    if (handover > 0) {
      yield* this.theirs(handover, true)
      return
    }
    const later = yield* this.laterBatch(at + 1)
    this.stop(state, what)
    if (at < this.durable) this.stop('broken', `${what}, in a part that had been synced`)
    else if (later && this.durable < 0) this.stop('broken', `${what}, and sound batches follow`)
    else if (!later && (yield* this.isForeignAfterAll(at))) {
      this.stop('broken', `${what}, and what follows are sound commands`)
    }
  }

  /**
   * A log cut inside or right behind a batch header is whole to a Redis server, which then goes on in the same line.
   * Such a continuation begins with SELECT or a timestamp, which no batch of ours does. Returns where it begins, or 0.
   */
  private *handover(at: number): Decoding<number> {
    if (this.lacks(at, LONGEST_ANNOTATION)) yield* this.load(at, LONGEST_ANNOTATION)
    const { reader } = this
    const from = at - reader.base
    if (matching(reader.bytes, from, BATCH) === 0) return 0
    // The header, or as much of it as there is; then the star of the command, in the same line or the next.
    let i = from + matching(reader.bytes, from, BATCH)
    const longest = from + LONG_HEADER
    while (i < longest && (readHex(reader.bytes, i, 1) >= 0 || reader.bytes[i] === SPACE)) i++
    if (reader.bytes[i] === 0x0d) i++
    if (reader.bytes[i] === LF) i++
    const next = reader.base + i
    if (next >= this.size) return 0
    const stamp = matching(reader.bytes, i, STAMP) === STAMP.length
    if (!stamp && matching(reader.bytes, i, '*2\r\n$6\r\n') < 8) return 0
    if (!stamp && !/^select$/i.test(String.fromCharCode(...reader.bytes.subarray(i + 8, i + 14)))) return 0
    return (yield* this.theirs(next, false)) ? next : 0
  }

  /**
   * No batch follows, and yet everything up to the end reads as commands that end where the file does, which is not
   * where the header says: no cut-off batch looks so. Either the header is damaged, or these are a server's.
   */
  private *isForeignAfterAll(at: number): Decoding<boolean> {
    const { header, reader } = this
    if (this.lacks(at, LONG_HEADER)) yield* this.load(at, LONG_HEADER)
    if (this.readHeader(at - reader.base) !== 'sound') return false
    const start = at + header.length
    if (start >= this.size || start + header.batch === this.size) return false
    let next = start
    let open = false
    let window = WINDOW
    while (next < this.size) {
      if (this.lacks(next, 1)) yield* this.load(next, window)
      reader.at = next - reader.base
      let argv: string[] | undefined
      try {
        argv = reader.next()
      } catch {
        return false
      }
      if (argv === undefined) {
        if (reader.base + reader.end >= this.size) return false
        if (reader.base === next) window *= 2
        yield* this.load(next, window)
        continue
      }
      window = WINDOW
      next = reader.base + reader.at
      if (is(argv, 'MULTI')) open = true
      else if (is(argv, 'EXEC')) open = false
    }
    return !open
  }

  /**
   * Whether a sound batch stands anywhere after `at`; what it says about durability is noted. The salt keeps a value
   * that looks like a batch from being one. Gives up, with yes, when the file is made of nothing but candidates.
   */
  private *laterBatch(at: number): Decoding<boolean> {
    const { reader, header } = this
    let effort = (this.size - at) * SEARCH_EFFORT + WINDOW
    let found = false
    while (at < this.size) {
      if (this.lacks(at, LONG_HEADER)) yield* this.load(at, LONG_HEADER)
      const from = reader.bytes.indexOf(HASH, at - reader.base)
      if (from < 0) {
        at = reader.base + reader.bytes.length
        continue
      }
      at = reader.base + from
      if (this.lacks(at, LONG_HEADER)) continue
      const total =
        matching(reader.bytes, from, BATCH) === BATCH.length && this.readHeader(from) === 'sound'
          ? header.length + header.batch
          : Number.POSITIVE_INFINITY
      if (at + total > this.size) {
        at++
        continue
      }
      effort -= total
      if (effort < 0) return true
      const { crc, lineCrc, durable, length } = header
      if (this.lacks(at, total)) yield* this.load(at, total)
      const start = at - reader.base
      if (crc32c(reader.bytes, start + length, start + total, lineCrc) !== crc) {
        at++
        continue
      }
      found = true
      if (durable >= 0) this.durable = Math.max(this.durable, durable)
      at += total
    }
    return found
  }
}

/** How many characters of `text` stand at `at`. */
function matching(bytes: Uint8Array, at: number, text: string): number {
  let i = 0
  while (i < text.length && bytes[at + i] === text.charCodeAt(i)) i++
  return i
}

/** Whether a command has this name, given in capitals. */
function is(argv: readonly string[], name: string): boolean {
  const given = argv[0]
  return given === name || (given.length === name.length && given.toUpperCase() === name)
}
