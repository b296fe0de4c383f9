import type { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { Keyspace, Value } from '../../src/keyspace.ts'
import type { Stream } from '../../src/structures/stream.ts'
import { FIRST, idText, LAST } from '../../src/structures/stream-id.ts'
import { plainText } from '../../src/util/stored.ts'

/** Everything a store holds, as text that is equal for equal states: sorted where order means nothing. */
export function stateOf(store: Store): string {
  const lines: string[] = []
  for (const ks of keyspaceOf(store).databases.list) {
    ks.forEach((key, value, time) => {
      if (typeof value === 'object' && value.type !== 'string') value.check()
      lines.push(JSON.stringify([ks.index, key, time, contentOf(value)]))
    })
    ks.table.check()
    checkTimes(ks)
  }
  return lines.sort().join('\n')
}

function contentOf(value: Value): unknown {
  if (typeof value !== 'object' || value.type === 'string') return plainText(value as Extract<Value, string>)
  const items: unknown[] = []
  switch (value.type) {
    case 'hash':
      value.forEach((field, text, time) => void items.push(time === 0 ? [field, text] : [field, text, time]))
      return ['hash', items.map(item => JSON.stringify(item)).sort()]
    case 'set':
      value.forEach(member => void items.push(member))
      return ['set', items.sort()]
    case 'list':
      value.forEach(0, value.size - 1, false, element => void items.push(element))
      return ['list', items]
    case 'zset':
      value.forEach(0, value.size, false, (member, score) => void items.push([member, String(score)]))
      return ['zset', items]
    case 'stream':
      return ['stream', streamContent(value)]
  }
}

/** Every key whose hash has a field with a time is noted for it or before it, and no key that holds no hash. */
export function checkTimes(ks: Keyspace): void {
  const noted = new Map<string, number>()
  ks.timed?.check()
  ks.timed?.forEach((key, _, time) => void noted.set(key, time))
  ks.table.forEach((key, value) => {
    if (typeof value !== 'object' || value.type !== 'hash') return
    let earliest = Infinity
    value.forEach((_, __, time) => {
      if (time !== 0) earliest = Math.min(earliest, time)
    })
    const time = noted.get(key)
    if (earliest < (time ?? Infinity)) throw new Error(`fields of ${key} are not noted in time`)
    noted.delete(key)
  })
  if (noted.size > 0) throw new Error(`${[...noted.keys()].join()} noted for nothing`)
}

/** A stream but for when its consumers were last seen and active, which Redis does not propagate either. */
function streamContent(stream: Stream): unknown {
  const entries: unknown[] = []
  stream.log.range(FIRST, LAST, false, (id, pairs) => void entries.push([idText(id), pairs]))
  const groups: unknown[] = []
  stream.forEachGroup((name, group) => {
    const pending: unknown[] = []
    group.forEachPending(FIRST, ({ ms, seq, owner, time, count }) => {
      pending.push([idText({ ms, seq }), owner, time, String(count)])
    })
    const consumers: unknown[] = []
    group.forEachConsumer((who, consumer) => {
      const own: string[] = []
      group.forEachPendingOf(who, FIRST, id => void own.push(idText(id)))
      consumers.push(JSON.stringify([who, consumer.pending.size, own]))
    })
    groups.push(JSON.stringify([name, idText(group.last), String(group.read), pending, consumers.sort()]))
  })
  const facts = [idText(stream.last), idText(stream.maxDeleted), String(stream.added), idText(stream.first)]
  return [entries, facts, groups.sort()]
}
