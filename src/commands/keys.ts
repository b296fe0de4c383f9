import type { KeyCommands } from '../api/keys.ts'
import { keyText } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

export const keys: Ops<KeyCommands> = {
  del(ks, given) {
    let removed = 0
    for (const one of given) {
      const key = keyText(one)
      if (!ks.remove(key)) continue
      removed++
      if (ks.logging) ks.effect('DEL', key)
    }
    return removed
  },
  randomkey(ks) {
    for (;;) {
      const key = ks.table.sample(ks.databases.random)
      if (key === undefined) return null
      // An expired key goes when it is looked at; then there is another, or none.
      if (ks.find(key) !== undefined) return key
    }
  },
}

export const keyShapes: Shapes<KeyCommands, KeyCommands<'sync', Uint8Array>, typeof keys> = {
  randomkey: shape.text,
}

export const keyRest: Rest<KeyCommands> = { del: 0 }
