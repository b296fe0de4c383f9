import type { Keyspace, Value } from '../keyspace.ts'
import type { Hash } from '../structures/hash.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import type { Stream } from '../structures/stream.ts'
import type { Group } from '../structures/stream-group.ts'
import { FIRST, idText, LAST } from '../structures/stream-id.ts'
import { plainText } from '../util/stored.ts'
import { compareText } from '../util/text.ts'

/** Longer values are written with one line for each element. */
const WIDTH = 100

/** JSON that is written already. */
type Json = string
type Named = readonly [name: string, value: Json]

const json = (value: string | number): Json => JSON.stringify(value)

function enclosed(open: string, parts: readonly Json[], close: string, space: string): Json {
  if (parts.length === 0) return open + close
  const line = `${open}${space}${parts.join(', ')}${space}${close}`
  if (line.length <= WIDTH && !line.includes('\n')) return line
  return `${open}\n${parts.map(part => `  ${part.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`
}

const array = (items: readonly Json[]): Json => enclosed('[', items, ']', '')
const object = (named: readonly Named[]): Json =>
  enclosed(
    '{',
    named.map(([name, value]) => `${json(name)}: ${value}`),
    '}',
    ' ',
  )
const sorted = (named: readonly Named[]): readonly Named[] => [...named].sort(([a], [b]) => compareText(a, b))

/**
 * All that a database holds as JSON, which `load` takes: the same text for the same state. Keys, fields and members are in the
 * order of their bytes, times are milliseconds from now on.
 */
export function dump(ks: Keyspace): string {
  const now = ks.databases.now()
  const keys: Named[] = []
  ks.forEach((key, value, time) => void keys.push([key, valueOf(value, time, now)]))
  if (keys.length === 0) return '{}\n'
  const lines = sorted(keys).map(([key, value]) => `  ${json(key)}: ${value.replaceAll('\n', '\n  ')}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

function valueOf(value: Value, time: number, now: number): Json {
  const parts = partsOf(value, now)
  if (time !== 0) parts.push(['$px', json(time - now)])
  const [[type, only]] = parts
  const plain = type === '$string' || type === '$list' || (type === '$hash' && isPlain(value as Hash))
  return parts.length === 1 && plain ? only : object(parts)
}

/** False when a field is like the name of a type. */
function isPlain(hash: Hash): boolean {
  let plain = true
  hash.forEach(field => {
    if (field.startsWith('$')) plain = false
  })
  return plain
}

/** The value by its type, first, and what stands beside it. */
function partsOf(value: Value, now: number): Named[] {
  if (typeof value !== 'object' || value.type === 'string') return [['$string', json(plainText(value))]]
  const items: string[] = []
  switch (value.type) {
    case 'list':
      value.forEach(0, value.size - 1, false, element => void items.push(element))
      return [['$list', array(items.map(json))]]
    case 'set':
      value.forEach(member => void items.push(member))
      return [['$set', array(items.sort(compareText).map(json))]]
    case 'hash':
      return hashParts(value, now)
    case 'zset':
      return [['$zset', object(scoresOf(value))]]
    case 'stream':
      return streamParts(value, now)
  }
}

function hashParts(hash: Hash, now: number): Named[] {
  const fields: Named[] = []
  const times: Named[] = []
  hash.forEach((field, value, time) => {
    // The hash may not have got rid of it yet.
    if (time !== 0 && time < now) return
    fields.push([field, json(value)])
    if (time !== 0) times.push([field, json(time - now)])
  })
  const parts: Named[] = [['$hash', object(sorted(fields))]]
  if (times.length > 0) parts.push(['$fieldpx', object(sorted(times))])
  return parts
}

function scoresOf(zset: SortedSet): Named[] {
  const scores: Named[] = []
  zset.forEach(0, zset.size, false, (member, score) => {
    // The sign of zero is left out, which a small sorted set does not keep either.
    scores.push([member, json(Number.isFinite(score) ? score : score > 0 ? 'inf' : '-inf')])
  })
  return scores
}

function streamParts(stream: Stream, now: number): Named[] {
  const entries: Json[] = []
  let end = '0-0'
  stream.log.range(FIRST, LAST, false, (id, pairs) => {
    end = idText(id)
    entries.push(array([end, ...pairs].map(json)))
  })
  const parts: Named[] = [['$stream', array(entries)]]
  const [last, deleted] = [idText(stream.last), idText(stream.maxDeleted)]
  if (last !== end || deleted !== '0-0' || Number(stream.added) !== entries.length || entries.length === 0) {
    parts.push(['$last', json(last)], ['$deleted', json(deleted)], ['$added', String(stream.added)])
  }
  const groups: Named[] = []
  stream.forEachGroup((name, group) => void groups.push([name, groupOf(group, now)]))
  if (groups.length > 0) parts.push(['$groups', object(sorted(groups))])
  return parts
}

function groupOf(group: Group, now: number): Json {
  const parts: Named[] = [['last', json(idText(group.last))]]
  if (group.read !== -1) parts.push(['read', String(group.read)])
  const consumers: Named[] = []
  group.forEachConsumer(name => {
    const pending: Json[] = []
    group.forEachPendingOf(name, FIRST, item => {
      pending.push(array([json(idText(item)), json(now - item.time), String(item.count)]))
    })
    consumers.push([name, array(pending)])
  })
  if (consumers.length > 0) parts.push(['consumers', object(sorted(consumers))])
  return object(parts)
}
