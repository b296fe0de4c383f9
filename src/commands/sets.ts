import type { SetCommands } from '../api/sets.ts'
import { keyText, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

/** Where the lossless results differ from the typed replies. */
interface Results {
  smembers: readonly string[]
}

export const sets: Ops<SetCommands, Results> = {
  sadd(ks, given, members) {
    const key = keyText(given)
    const texts = members.map(member => text(member, 'member'))
    if (texts.length === 0) throw new TypeError('members must name at least one member')
    const set = ks.write(key, 'set')
    const added = texts.filter(member => set.add(member))
    if (added.length > 0) {
      ks.changed(key, set, 'sadd')
      if (ks.logging) ks.effect('SADD', key, ...added)
    }
    return added.length
  },
  smembers(ks, key) {
    const members: string[] = []
    ks.read(keyText(key), 'set')?.forEach(member => {
      members.push(member)
    })
    return members
  },
}

export const setShapes: Shapes<SetCommands, SetCommands<'sync', Uint8Array>, typeof sets> = {
  smembers: shape.texts,
}

export const setRest: Rest<SetCommands> = { sadd: 1 }
