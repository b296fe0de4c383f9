import type { HashCommands } from '../api/hashes.ts'
import { eachPair, keyText, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'
import type { Value } from '../api/types.ts'

interface Results {
  hgetall: readonly string[]
}

export const hashes: Ops<HashCommands, Results> = {
  hset(ks, given, field, value) {
    const key = keyText(given)
    let added = 0
    if (value !== undefined) {
      const name = text(field as Value, 'field')
      const content = text(value, 'value')
      const hash = ks.write(key, 'hash')
      if (hash.set(name, content)) added = 1
      ks.changed(key, hash, 'hset')
      if (ks.logging) ks.effect('HSET', key, name, content)
      return added
    }
    const pairs: string[] = []
    eachPair(field as Exclude<typeof field, string | number | bigint | Uint8Array>, 'fields', (name, content) => {
      pairs.push(name, text(content, 'value'))
    })
    if (pairs.length === 0) throw new TypeError('fields must name at least one field')
    const hash = ks.write(key, 'hash')
    for (let i = 0; i < pairs.length; i += 2) if (hash.set(pairs[i], pairs[i + 1])) added++
    ks.changed(key, hash, 'hset')
    if (ks.logging) ks.effect('HSET', key, ...pairs)
    return added
  },
  hgetall(ks, key) {
    const hash = ks.read(keyText(key), 'hash')
    const flat: string[] = []
    hash?.forEach((field, value) => {
      flat.push(field, value)
    })
    return flat
  },
}

export const hashShapes: Shapes<HashCommands, HashCommands<'sync', Uint8Array>, typeof hashes> = {
  hgetall: (result, out, args) =>
    (args[1] as { pairs?: boolean } | undefined)?.pairs ? shape.pairs(result, out) : shape.record(result, out),
}

export const hashRest: Rest<HashCommands> = {}
