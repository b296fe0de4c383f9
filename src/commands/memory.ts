import type { MemoryCommands, MemoryOptions } from '../api/memory.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Value } from '../keyspace.ts'
import type { Stream } from '../structures/stream.ts'
import { FIRST, LAST } from '../structures/stream-id.ts'
import { index, keyText, lateOptions } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'

// What things take in V8 on 64 bits, where a reference is eight bytes and a small integer none beside its place.
const WORD = 8
const STRING = 16
const OBJECT = 24
/** A cell of a table (hash, key, value) at its mean load. */
const CELL = 35
/** The root of a collection with its first chunk. */
const ROOT = 120
/** An array of bytes with the object around it. */
const BYTES = 250

/** The bytes of a string: one for each unit while all are below U+0100, else two. */
function textSize(text: string): number {
  let wide = 1
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) {
      wide = 2
      break
    }
  }
  return STRING + Math.ceil((text.length * wide) / WORD) * WORD
}

/** The elements that were looked at, and what they take. */
interface Sample {
  seen: number
  bytes: number
}

function sizeOf(value: Value, samples: number): number {
  if (typeof value === 'number') return 0
  if (typeof value === 'string') return textSize(value)
  if (value.type === 'string') return BYTES + value.length
  if (value.type === 'stream') return streamSize(value, samples)
  const most = samples === 0 ? value.size : Math.min(samples, value.size)
  const sample: Sample = { seen: 0, bytes: 0 }
  // A scan may show more elements than are wanted: each of them tells something.
  const see = (bytes: number): void => {
    sample.seen++
    sample.bytes += bytes
  }
  let place = value.whole === true ? WORD : CELL
  switch (value.type) {
    case 'list':
      value.forEach(0, most - 1, false, element => see(textSize(element)))
      place = WORD
      break
    case 'set':
      if (most === value.size) value.forEach(member => see(textSize(member)))
      else value.scan(0, most, member => see(textSize(member)))
      break
    case 'hash': {
      // The fields of a small hash are likely to be shared with others; short values stand in one string.
      const small = value.whole === true
      const visit = (field: string, text: string): void => see((small ? 0 : textSize(field)) + textSize(text))
      if (most === value.size) value.forEach(visit)
      else value.scan(0, most, visit)
      break
    }
    case 'zset':
      value.forEach(0, most, false, member => see(textSize(member)))
      // The score; in a large one the tree as well as the table.
      place += value.whole === true ? WORD : 3 * WORD
  }
  const each = sample.seen === 0 ? 0 : sample.bytes / sample.seen
  return Math.round(OBJECT + ROOT + value.size * (place + each))
}

/** The entries by a sample of them, what is pending by their number, an entry in two trees, and what is remembered by its. */
function streamSize(stream: Stream, samples: number): number {
  const most = samples === 0 ? stream.length : Math.min(samples, stream.length)
  let seen = 0
  let bytes = 0
  if (most > 0) {
    stream.log.range(FIRST, LAST, false, (_, pairs) => {
      // Field names are shared by the entries of a chunk.
      for (let i = 1; i < pairs.length; i += 2) bytes += textSize(pairs[i]) + WORD
      return ++seen < most
    })
  }
  let pending = 0
  stream.forEachGroup((_, group) => {
    pending += group.pendingCount
  })
  const each = seen === 0 ? 0 : bytes / seen
  const noted = pending + 2 * (stream.idempotency?.size ?? 0)
  return Math.round(OBJECT + ROOT + stream.length * (each + 3 * WORD) + noted * 16 * WORD)
}

export const memory: Ops<MemoryCommands> = {
  memoryUsage(ks, given, options) {
    const key = keyText(given)
    const { samples = 5 } = lateOptions<MemoryOptions>(options, true)
    const most = index(samples, 'samples')
    if (most < 0) throw new ReplyError(lines.syntax)
    const value = ks.find(key)
    if (value === undefined) return null
    return CELL + (ks.time(key) === 0 ? 0 : WORD) + textSize(key) + sizeOf(value, most)
  },
}

export const memoryShapes: Shapes<MemoryCommands, MemoryCommands, typeof memory> = {}

export const memoryRest: Rest<MemoryCommands> = {}
