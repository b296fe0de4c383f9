import type { Value } from './value.ts'

type Key = Exclude<Value, undefined>

/** A pair of the hash part. It stays where it is when its value becomes nil, so that a traversal can go on from it. */
export interface Entry {
  readonly key: Key
  value: Value
  next: Entry | undefined
}

/** A pair of the hash part, for those who read all of a table at once. */
export interface Link {
  readonly key: Key
  readonly value: Value
  readonly next: Link | undefined
}

/** Up to so many entries are looked through one by one, which is quicker than a Map, and cheaper to make. */
const FEW = 8

/** What V8 takes for a table, for an item of its list, which may be a number that is no small integer, and for another key. */
export const TABLE_BYTES = 128
export const ITEM_BYTES = 24
export const KEY_BYTES = 100

/**
 * A table of Lua, without metamethods.
 *
 *     items    [v1, v2, …]              the values of the keys 1 to items.length
 *     head     entry → entry → entry    all other keys, in the order in which they came
 *     index    key → entry              the same, once there are more than a few
 *
 * Invariants
 * 1. The key items.length + 1 is not in the hash part with a value.
 * 2. When `holes` is false, no item is nil.
 * 3. An entry whose value is nil counts in `dead`, and is dropped when keys are added.
 * 4. No key of an item is in the hash part; an entry that became an item is still in the list, without a value.
 * 5. A number among the keys is no NaN, and no key is nil.
 */
export class Table {
  private items: Value[]
  private holes: boolean
  /** How long Lua's own array part would be: it decides which border `length` finds among holes. */
  private room: number
  private index: Map<Key, Entry> | undefined
  private head: Entry | undefined
  private tail: Entry | undefined
  /** Entries in the list, and those of them without a value. */
  private linkedCount: number
  private dead: number
  /** How many numbers are among the keys of the hash part. */
  private numbers: number
  meta: Table | undefined
  /** True when scripts may not change it. */
  readonly: boolean

  /** Empties it, and takes over another list. */
  reset(items: Value[]): void {
    this.items = items
    this.holes = false
    this.room = items.length
    this.index = this.head = this.tail = this.meta = undefined
    this.linkedCount = this.dead = this.numbers = 0
  }

  /** Takes over the list. `room` is for lists that Lua would have made longer than they are: see there. */
  constructor(items: Value[] = [], room: number = items.length) {
    this.items = items
    this.holes = false
    this.room = room
    this.index = undefined
    this.head = undefined
    this.tail = undefined
    this.linkedCount = 0
    this.dead = 0
    this.numbers = 0
    this.meta = undefined
    this.readonly = false
    if (items.length > 0 && items.includes(undefined)) this.holes = true
  }

  private find(key: Key): Entry | undefined {
    if (this.index !== undefined) return this.index.get(key)
    for (let entry = this.head; entry !== undefined; entry = entry.next) if (entry.key === key) return entry
    return undefined
  }

  get(key: Value): Value {
    if (typeof key === 'number') return this.getNumber(key)
    return this.find(key as Key)?.value
  }

  getNumber(key: number): Value {
    const { items } = this
    // Fractions and NaN find nothing among the items, as they are none of their properties.
    if (key >= 1 && key <= items.length) {
      const value = items[key - 1]
      if (value !== undefined || Number.isInteger(key)) return value
    }
    return this.find(key)?.value
  }

  getText(key: string): Value {
    return this.find(key)?.value
  }

  /**
   * Where the value of a text is kept, for those who look often; undefined while there is no such key. It holds the value as
   * long as that is not nil.
   */
  entryOf(key: string): Entry | undefined {
    return this.find(key)
  }

  /** Sets a key that is not nil and not NaN. The answer is how many bytes more the table takes, 0 when there is such a key. */
  set(key: Value, value: Value): number {
    return typeof key === 'number' ? this.setNumber(key, value) : this.setEntry(key as Key, value)
  }

  setNumber(key: number, value: Value): number {
    const { items } = this
    const { length } = items
    if (key >= 1 && key <= length && Number.isInteger(key)) {
      if (value !== undefined) items[key - 1] = value
      else if (key === length && !this.holes) items.pop()
      else {
        items[key - 1] = undefined
        this.holes = true
      }
    } else if (key === length + 1) {
      if (value === undefined) return 0
      items.push(value)
      if (length >= this.room) this.room = 2 ** Math.ceil(Math.log2(length + 1))
      if (this.numbers > 0) this.migrate(key)
      return ITEM_BYTES
    } else return this.setEntry(key, value)
    return 0
  }

  setText(key: string, value: Value): number {
    return this.setEntry(key, value)
  }

  private setEntry(key: Key, value: Value): number {
    const found = this.find(key)
    if (found !== undefined) {
      if (value === undefined) {
        if (found.value !== undefined) this.dead++
      } else if (found.value === undefined) this.dead--
      found.value = value
      return 0
    }
    if (value === undefined) return 0
    if (this.dead > FEW && this.dead > this.linkedCount / 2) this.compact()
    const entry: Entry = { key, value, next: undefined }
    if (this.tail === undefined) this.head = entry
    else this.tail.next = entry
    this.tail = entry
    if (typeof key === 'number') this.numbers++
    this.linkedCount++
    if (this.index !== undefined) this.index.set(key, entry)
    else if (this.linkedCount > FEW) {
      this.index = new Map()
      for (let one = this.head; one !== undefined; one = one.next) this.index.set(one.key, one)
    }
    return KEY_BYTES
  }

  /** Drops the entries without a value. */
  private compact(): void {
    let last: Entry | undefined
    let kept: Entry | undefined
    this.linkedCount = 0
    for (let entry = this.head; entry !== undefined; entry = entry.next) {
      if (entry.value === undefined) {
        this.forget(entry)
        continue
      }
      if (last === undefined) kept = entry
      else last.next = entry
      last = entry
      this.linkedCount++
    }
    if (last !== undefined) last.next = undefined
    this.head = kept
    this.tail = last
    this.dead = 0
  }

  /** From here on the key of an entry is not found. */
  private forget(entry: Entry): void {
    if (this.index !== undefined) {
      if (this.index.get(entry.key) !== entry) return
      this.index.delete(entry.key)
    }
    if (typeof entry.key === 'number') this.numbers--
  }

  /** Moves what now follows the items to them, from the hash part, which forgets that it had had the last of them. */
  private migrate(last: number): void {
    const { items } = this
    for (let key = last; ; key++) {
      const entry = this.find(key)
      if (entry !== undefined) {
        if (entry.value !== undefined) {
          items.push(entry.value)
          entry.value = undefined
          this.dead++
          if (items.length > this.room) this.room *= 2
        }
        // In a long list it stays until there are many like it.
        if (this.index === undefined) this.compact()
        else this.forget(entry)
      }
      if (key > items.length) return
    }
  }

  /** A border, as `#` gives it: a key with a value whose successor has none, or 0. */
  get length(): number {
    const { items } = this
    if (!this.holes) return items.length
    let high = this.room
    // Without a hole at its end the array part is followed by nothing: invariant 1.
    if (high > 0 && items[high - 1] !== undefined) return items.length
    let low = 0
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (items[middle - 1] === undefined) high = middle
      else low = middle
    }
    return low
  }

  /**
   * The pair behind that of `key`, from the first on for nil: false at the end, undefined when there is no such key. The pair is
   * in `key` and `value` of the answer, which is written to by the next call.
   */
  next(key: Value): Pair | false | undefined {
    const found = key === undefined ? undefined : this.find(key)
    let entry: Entry | undefined
    if (found === undefined) {
      let at = 0
      if (key !== undefined) {
        // A key of the array part may have lost its value since it was told.
        if (!(typeof key === 'number' && key >= 1 && key <= this.room && Number.isInteger(key))) return undefined
        at = key
      }
      const { items } = this
      const began = at
      while (at < items.length && items[at] === undefined) at++
      scan.passed += at - began
      if (at < items.length) return put(at + 1, items[at])
      entry = this.head
    } else entry = found.next
    while (entry !== undefined && entry.value === undefined) {
      entry = entry.next
      scan.passed++
    }
    return entry === undefined ? false : put(entry.key, entry.value)
  }

  /** How many of the keys, from 1 on, are kept as a list. Some may have no value. */
  get listed(): number {
    return this.items.length
  }

  /** How many of the keys that are kept as a list have a value. O(1) without holes. */
  get filled(): number {
    const { items } = this
    if (!this.holes) return items.length
    let count = 0
    for (let i = 0; i < items.length; i++) if (items[i] !== undefined) count++
    return count
  }

  /** The last of them; 0 when there is none. */
  get last(): number {
    const { items } = this
    let at = items.length
    while (at > 0 && items[at - 1] === undefined) at--
    return at
  }

  /** The first pair whose key is not in the list. Pairs without a value are to be passed over. */
  get linked(): Link | undefined {
    return this.head
  }

  /** Puts a value before that of key `at`, from 1 to length + 1; what follows moves up. */
  insert(at: number, value: Value): void {
    const { length } = this
    for (let i = length; i >= at; i--) this.setNumber(i + 1, this.getNumber(i))
    this.setNumber(at, value)
  }

  /** Values of the keys 1 to `count`, as a new list. */
  slice(from: number, to: number): Value[] {
    if (!this.holes && from >= 1 && to <= this.items.length) return this.items.slice(from - 1, to)
    const values: Value[] = []
    for (let i = from; i <= to; i++) values.push(this.getNumber(i))
    return values
  }
}

/** How many places without a value `next` has passed, which those who call it count as work. */
export const scan: { passed: number } = { passed: 0 }

export function takePassed(): number {
  const { passed } = scan
  scan.passed = 0
  return passed
}

interface Pair {
  key: Key
  value: Value
}

const pair: Pair = { key: 0, value: undefined }

function put(key: Key, value: Value): Pair {
  pair.key = key
  pair.value = value
  return pair
}
