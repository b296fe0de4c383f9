import type { Iterators } from './api/iterate.ts'
import type { KeyScanOptions } from './api/keys.ts'
import type { Key, Scored, ScanOptions } from './api/types.ts'
import { keyText, lateOptions, text } from './commands/input.ts'
import type { Out } from './commands/op.ts'
import { scanCount, scanPattern, takes } from './commands/scan.ts'
import { keyspaceOf } from './install.ts'
import { type Keyspace, typeOf } from './keyspace.ts'

interface Asked {
  readonly count: number
  readonly pattern: string | undefined
}

function asked(given: ScanOptions | undefined): Asked {
  const options = lateOptions<ScanOptions>(given, true)
  return { count: scanCount(options), pattern: scanPattern(options) }
}

/** Calls `step` with each cursor in turn and gives what it put into its list. Nothing runs before the first is asked for. */
function* steps<E>(ks: Keyspace, step: (cursor: number, found: E[]) => number): Generator<E, undefined> {
  let cursor = 0
  do {
    const found: E[] = []
    cursor = step(cursor, found)
    // A key that was found to be past its time is a change like any other.
    if (ks.databases.pending) ks.databases.commit()
    for (let i = 0; i < found.length; i++) yield found[i]
  } while (cursor !== 0)
  return undefined
}

function* keysOf(
  ks: Keyspace,
  { count, pattern }: Asked,
  type: string | undefined,
  out: Out,
): Generator<string, undefined> {
  const found = steps<string>(ks, (cursor, list) =>
    ks.scan(cursor, count, key => {
      if (takes(pattern, key)) list.push(key)
    }),
  )
  for (const key of found) {
    // The loop may have removed it, or time gone on, since it was found.
    const value = ks.find(key)
    if (ks.databases.pending) ks.databases.commit()
    if (value !== undefined && (type === undefined || typeOf(value) === type)) yield out.text(key)
  }
  return undefined
}

/** Puts the iterators on the prototype of `store` or `store.bytes`. Bad arguments throw at the call, not in the loop. */
export function installIterators(prototype: object, out: Out): void {
  const methods: Iterators = {
    scanIterator(given?: KeyScanOptions) {
      const { type } = lateOptions<KeyScanOptions>(given, true)
      return keysOf(keyspaceOf(this), asked(given), type === undefined ? type : text(type, 'type').toLowerCase(), out)
    },
    hscanIterator(given: Key, options?: ScanOptions) {
      const ks = keyspaceOf(this)
      const key = keyText(given)
      const { count, pattern } = asked(options)
      return steps<[string, string]>(ks, (cursor, found) => {
        const hash = ks.read(key, 'hash')
        if (hash === undefined) return 0
        return hash.scan(cursor, count, (field, value) => {
          if (takes(pattern, field)) found.push([out.text(field), out.text(value)])
        })
      })
    },
    sscanIterator(given: Key, options?: ScanOptions) {
      const ks = keyspaceOf(this)
      const key = keyText(given)
      const { count, pattern } = asked(options)
      return steps<string>(ks, (cursor, found) => {
        const set = ks.read(key, 'set')
        if (set === undefined) return 0
        return set.scan(cursor, count, member => {
          if (takes(pattern, member)) found.push(out.text(member))
        })
      })
    },
    zscanIterator(given: Key, options?: ScanOptions) {
      const ks = keyspaceOf(this)
      const key = keyText(given)
      const { count, pattern } = asked(options)
      return steps<Scored>(ks, (cursor, found) => {
        const zset = ks.read(key, 'zset')
        if (zset === undefined) return 0
        return zset.scan(cursor, count, (member, score) => {
          if (takes(pattern, member)) found.push({ member: out.text(member), score })
        })
      })
    },
  }
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}
