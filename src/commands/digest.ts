import type { Databases } from '../databases.ts'
import type { Keyspace, Value } from '../keyspace.ts'
import { FIRST, LAST } from '../structures/stream-id.ts'
import { seventeenDigits } from '../util/numbers.ts'
import { sha1 } from '../util/sha1.ts'
import { toBytes } from '../util/text.ts'

/*
 * DEBUG DIGEST as Redis computes it, so that data here and there can be compared. What has an order is *mixed*: the hash
 * of each part is added without carry and the sum hashed again. What has none is added alone.
 */

const SIZE = 20

/** The types by their numbers there. */
const number = { string: 0, list: 1, set: 2, zset: 3, hash: 4, stream: 6 } as const

function add(digest: Uint8Array, part: Uint8Array): void {
  const hash = sha1(part)
  for (let i = 0; i < SIZE; i++) digest[i] ^= hash[i]
}

function mix(digest: Uint8Array, part: Uint8Array): void {
  add(digest, part)
  digest.set(sha1(digest))
}

function mixText(digest: Uint8Array, text: string): void {
  mix(digest, toBytes(text))
}

/** Four bytes, the most significant first. */
function word(n: number): Uint8Array {
  return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n)
}

function addPair(digest: Uint8Array, first: string, second: string): void {
  const pair = new Uint8Array(SIZE)
  mixText(pair, first)
  mixText(pair, second)
  add(digest, pair)
}

function mixValue(digest: Uint8Array, value: Value, time: number): void {
  mix(digest, word(typeof value === 'object' ? number[value.type] : number.string))
  if (typeof value !== 'object') mixText(digest, String(value))
  else {
    switch (value.type) {
      case 'string':
        mix(digest, value.view())
        break
      case 'list':
        value.forEach(0, value.size - 1, false, element => mixText(digest, element))
        break
      case 'set':
        value.forEach(member => add(digest, toBytes(member)))
        break
      case 'hash':
        value.forEach((field, text) => addPair(digest, field, text))
        break
      case 'zset':
        value.forEach(0, value.size, false, (member, score) => addPair(digest, member, seventeenDigits(score)))
        break
      case 'stream':
        // Groups and what is pending do not count.
        value.log.range(FIRST, LAST, false, (id, pairs) => {
          mixText(digest, `${id.ms}.${id.seq}`)
          for (const text of pairs) mixText(digest, text)
        })
    }
  }
  // Whether it expires counts, not when.
  if (time !== 0) add(digest, toBytes('!!expire!!'))
}

/** Of one value; zeros when there is none. O(n). */
export function digestOf(ks: Keyspace, key: string): Uint8Array {
  const digest = new Uint8Array(SIZE)
  const value = ks.find(key)
  if (value !== undefined) mixValue(digest, value, ks.time(key))
  return digest
}

/** Of all databases. O(data). */
export function digestOfAll(databases: Databases): Uint8Array {
  const final = new Uint8Array(SIZE)
  for (const ks of databases.list) {
    ks.sweep()
    if (ks.size === 0) continue
    mix(final, word(ks.index))
    ks.forEach((key, value, time) => {
      const digest = new Uint8Array(SIZE)
      mixText(digest, key)
      mixValue(digest, value, time)
      add(final, digest)
    })
  }
  return final
}
