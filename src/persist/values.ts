import type { Keyspace, Value } from '../keyspace.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { fillStream, streamData } from '../encoding/stream-data.ts'
import type { RdbValue } from '../encoding/value.ts'
import type { RdbWriter } from './rdb/writer.ts'

/** Writes a key with its value. `expireAt` is 0 for never. */
export function writeKey(to: RdbWriter, key: string, value: Value, expireAt: number): void {
  if (typeof value !== 'object') {
    to.string(key, expireAt, value)
    return
  }
  switch (value.type) {
    case 'string':
      to.string(key, expireAt, value.view())
      break
    case 'list':
      to.collection(key, expireAt, 'list', value.size, out => {
        value.forEach(0, value.size - 1, false, element => out.one(element))
      })
      break
    case 'set':
      to.collection(key, expireAt, 'set', value.size, out => value.forEach(member => out.one(member)))
      break
    case 'hash':
      to.collection(key, expireAt, 'hash', value.size, out => value.forEach((field, text) => out.pair(field, text)))
      break
    case 'zset':
      to.collection(key, expireAt, 'zset', value.size, out => {
        value.forEach(0, value.size, false, (member, score) => out.scored(member, score))
      })
      break
    case 'stream':
      to.key(key, expireAt, { type: 'stream', stream: streamData(value) })
  }
}

/** Puts in a key that was read from a file; false when it was there already. Throws when the value contradicts itself. */
export function readKey(ks: Keyspace, key: string, expireAt: number, value: RdbValue): boolean {
  return ks.insert(key, structureOf(ks, value), expireAt)
}

function structureOf(ks: Keyspace, value: RdbValue): Value {
  switch (value.type) {
    case 'string':
      // The array is a view of a window that goes on; a number and text are values.
      return value.value instanceof Uint8Array ? ks.bytes(new Uint8Array(value.value)) : value.value
    case 'list': {
      const list = ks.create('list')
      list.load(value.values)
      return list
    }
    case 'set': {
      const set = ks.create('set')
      for (const member of value.members) if (!set.add(member)) duplicate('set member')
      return set
    }
    case 'hash': {
      const hash = ks.create('hash')
      const { pairs } = value
      if (hash.setAll(pairs) * 2 < pairs.length) duplicate('hash field')
      return hash
    }
    case 'zset': {
      const zset = ks.create('zset')
      const { pairs } = value
      for (let i = 0; i < pairs.length; i += 2) {
        if (!zset.set(pairs[i] as string, pairs[i + 1] as number)) duplicate('sorted set member')
      }
      return zset
    }
    case 'stream': {
      const stream = ks.create('stream')
      fillStream(stream, value.stream)
      return stream
    }
  }
}

function duplicate(what: string): never {
  throw new CorruptionError(`a ${what} stands twice`, { offset: 0 })
}
