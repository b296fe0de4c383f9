import type { Bytes } from '../structures/bytes.ts'
import type { Hash } from '../structures/hash.ts'
import type { List } from '../structures/list.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import type { Stream } from '../structures/stream.ts'
import type { TextSet } from '../structures/text-set.ts'
import { CorruptionError } from './corruption.ts'
import { TYPE, WRITTEN } from './constants.ts'
import { fillStream, streamData } from './stream-data.ts'
import type { RdbValue } from './value.ts'
import type { ValueWriter } from './value-writer.ts'

/** What a key holds, and how it goes to bytes and comes back: the same in files and in DUMP payloads. */
export type Stored = string | number | Bytes | Hash | List | TextSet | SortedSet | Stream

/** Who makes structures: a keyspace. */
export interface Maker {
  create(type: 'hash'): Hash
  create(type: 'list'): List
  create(type: 'set'): TextSet
  create(type: 'zset'): SortedSet
  create(type: 'stream'): Stream
  /** Takes over the array. */
  bytes(array: Uint8Array): Bytes
}

/** The number of the type that `writeStructure` writes. */
export function typeOfStructure(value: Stored): number {
  if (typeof value !== 'object') return TYPE.string
  return value.type === 'hash' && value.holdsTimes() ? TYPE.hashTtl : WRITTEN[value.type]
}

/** Writes a value without its type. */
export function writeStructure(to: ValueWriter, value: Stored): void {
  if (typeof value !== 'object') {
    to.scalar(value)
    return
  }
  switch (value.type) {
    case 'string':
      to.scalar(value.view())
      break
    case 'list':
      to.collection(value.size, out => {
        value.forEach(0, value.size - 1, false, element => out.one(element))
      })
      break
    case 'set':
      to.collection(value.size, out => value.forEach(member => out.one(member)))
      break
    case 'hash':
      if (value.holdsTimes()) writeTimed(to, value)
      else to.collection(value.size, out => value.forEach((field, text) => out.pair(field, text)))
      break
    case 'zset':
      to.collection(value.size, out => {
        value.forEach(0, value.size, false, (member, score) => out.scored(member, score))
      })
      break
    case 'stream':
      to.value({ type: 'stream', stream: streamData(value) })
  }
}

function writeTimed(to: ValueWriter, hash: Hash): void {
  // The hash itself knows only a time at or before it.
  let earliest = Infinity
  hash.forEach((_, __, time) => {
    if (time !== 0 && time < earliest) earliest = time
  })
  to.timedHash(hash.size, earliest, out => {
    hash.forEach((field, text, time) => out.timed(field, text, time))
  })
}

/** The structure of a value that was read. Throws when the value contradicts itself. */
export function structureOf(value: RdbValue, to: Maker): Stored {
  switch (value.type) {
    case 'string':
      // The array is a view of a window that goes on; a number and text are values.
      return value.value instanceof Uint8Array ? to.bytes(new Uint8Array(value.value)) : value.value
    case 'list': {
      const list = to.create('list')
      list.load(value.values)
      return list
    }
    case 'set': {
      const set = to.create('set')
      for (const member of value.members) if (!set.add(member)) duplicate('set member')
      return set
    }
    case 'hash': {
      const hash = to.create('hash')
      const { pairs, times } = value
      if (hash.setAll(pairs) * 2 < pairs.length) duplicate('hash field')
      if (times !== undefined) for (let i = 0; i < times.length; i++) hash.setTime(pairs[2 * i], times[i])
      return hash
    }
    case 'zset': {
      const zset = to.create('zset')
      const { pairs } = value
      for (let i = 0; i < pairs.length; i += 2) {
        if (!zset.set(pairs[i] as string, pairs[i + 1] as number)) duplicate('sorted set member')
      }
      return zset
    }
    case 'stream': {
      const stream = to.create('stream')
      fillStream(stream, value.stream)
      return stream
    }
  }
}

function duplicate(what: string): never {
  throw new CorruptionError(`a ${what} stands twice`, { offset: 0 })
}
