import type { Databases } from '../databases.ts'
import { dumpStructure, restorePayload } from '../encoding/dump.ts'
import type { StreamData } from '../encoding/stream-data.ts'
import type { RdbValue } from '../encoding/value.ts'
import type { Value } from '../keyspace.ts'
import { idText } from '../structures/stream-id.ts'
import { formatDouble } from '../util/numbers.ts'
import { compareText, fromBytes } from '../util/text.ts'

// One line of JSON for each key, the same for the same data: databases in order, keys, fields and members of sets in the
// order of their bytes. A byte that is not UTF-8 is the escape \udc80 to \udcff of its value.

type Json = string | number | readonly Json[] | { readonly [name: string]: Json }

/** JSON of an object whose names may be anything, integers and __proto__ among them, in the order given. */
function objectText(entries: readonly (readonly [name: string, text: string])[]): string {
  return `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

function pairsOf(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i], flat[i + 1]])
  return pairs.sort(([a], [b]) => compareText(a, b))
}

function score(n: number): Json {
  return Number.isFinite(n) ? n : formatDouble(n)
}

function streamValue(stream: StreamData): Json {
  const entries: Json[] = []
  for (const node of stream.nodes) for (const { id, pairs } of node.entries) entries.push([idText(id), [...pairs]])
  return {
    entries,
    last: idText(stream.last),
    maxDeleted: idText(stream.maxDeleted),
    added: String(stream.added),
    groups: stream.groups.map(({ name, last, read, pending, consumers }) => ({
      name,
      last: idText(last),
      read: String(read ?? -1),
      consumers: consumers.map(one => ({ name: one.name, seen: one.seen, active: one.active })),
      pending: pending.map(one => [idText(one), one.owner, one.time, String(one.count)]),
    })),
  }
}

function valueText(value: RdbValue): string {
  switch (value.type) {
    case 'string':
      return JSON.stringify(typeof value.value === 'object' ? fromBytes(value.value) : String(value.value))
    case 'list':
      return JSON.stringify(value.values)
    case 'set':
      return JSON.stringify([...value.members].sort(compareText))
    case 'hash':
      return objectText(pairsOf(value.pairs).map(([field, text]) => [field, JSON.stringify(text)]))
    case 'zset': {
      const pairs: Json[] = []
      for (let i = 0; i < value.pairs.length; i += 2) {
        pairs.push([value.pairs[i] as string, score(value.pairs[i + 1] as number)])
      }
      return JSON.stringify(pairs)
    }
    case 'stream':
      return JSON.stringify(streamValue(value.stream))
  }
}

/** When fields of a hash expire, those that do. */
function fieldTimes(value: RdbValue): string | undefined {
  if (value.type !== 'hash' || value.times === undefined) return undefined
  const { pairs, times } = value
  const found: [string, string][] = []
  for (const [i, time] of times.entries()) if (time !== 0) found.push([pairs[2 * i], String(time)])
  return objectText(found.sort(([a], [b]) => compareText(a, b)))
}

/** Every key of a store as a line of JSON. */
export function* describe(databases: Databases): Generator<string, void, undefined> {
  for (const ks of databases.list) {
    const keys: [key: string, value: Value, time: number][] = []
    ks.forEach((key, value, time) => keys.push([key, value, time]))
    keys.sort(([a], [b]) => compareText(a, b))
    for (const [key, stored, time] of keys) {
      const value = restorePayload(dumpStructure(stored))
      const entries: [string, string][] = [
        ['db', String(ks.index)],
        ['key', JSON.stringify(key)],
        ['type', JSON.stringify(value.type)],
      ]
      if (time !== 0) entries.push(['expiresAt', String(time)])
      entries.push(['value', valueText(value)])
      const fields = fieldTimes(value)
      if (fields !== undefined) entries.push(['fieldsExpireAt', fields])
      yield objectText(entries)
    }
  }
}
