import type { SortCommands, SortGet, SortOptions } from '../api/sort.ts'
import type { Key } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { Bytes } from '../structures/bytes.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import { parseDouble } from '../util/numbers.ts'
import { plainText } from '../util/stored.ts'
import { compareText, concatText } from '../util/text.ts'
import { index, keyText, lateOptions, record, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

const notNumbers = "ERR One or more scores can't be converted into double"

/** All options in one type, as the op reads them. */
type Options = SortOptions & Partial<SortGet> & { store?: Key }
type Elements = readonly (string | null)[]

/** Where the lossless results differ from the typed replies. */
interface Results {
  sort: Elements | number
  sort_ro: Elements
}

/**
 * What BY and GET name: the element itself (`#`), nothing (no `*` in the name), or a key and perhaps a field in it.
 *
 *     user:*:data->age      before 'user:'   after ':data'   field 'age'
 */
class Pattern {
  private readonly self: boolean
  private readonly before: string | undefined
  private readonly after: string
  private readonly field: string | undefined

  constructor(given: string) {
    const star = given.indexOf('*')
    this.self = given === '#'
    this.before = star < 0 ? undefined : given.slice(0, star)
    const rest = given.slice(star + 1)
    const arrow = rest.indexOf('->')
    // An arrow at the end belongs to the name of the key.
    const named = arrow >= 0 && arrow + 2 < rest.length
    this.after = named ? rest.slice(0, arrow) : rest
    this.field = named ? rest.slice(arrow + 2) : undefined
  }

  /** What it names for an element; undefined when there is nothing, or a value of another type. */
  value(ks: Keyspace, element: string): string | undefined {
    if (this.self) return element
    if (this.before === undefined) return undefined
    const value = ks.lookup(concatText(concatText(this.before, element), this.after))
    if (value === undefined) return undefined
    if (this.field !== undefined) {
      return typeof value === 'object' && value.type === 'hash' ? value.get(this.field) : undefined
    }
    return typeof value !== 'object' || value instanceof Bytes ? plainText(value) : undefined
  }
}

/** The least double with full precision: strtod reports what it has to round below it. */
const LEAST_NORMAL = 2 ** -1022

/**
 * A weight as strtod reads it, undefined where Redis complains: it looks at the text up to the first zero byte, skips
 * white space before the number, and takes empty text for 0.
 */
function weightOf(given: string): number | undefined {
  const end = given.indexOf('\0')
  const text = end < 0 ? given : given.slice(0, end)
  if (text === '') return 0
  const n = parseDouble(text) ?? parseDouble(text.replace(/^[\t-\r ]+/, ''))
  if (n === undefined || (n !== 0 && Math.abs(n) < LEAST_NORMAL)) return undefined
  return n
}

/** The elements of a collection: sets in no order, others in their own or, with `backwards`, the other way round. */
function elementsOf(ks: Keyspace, key: string, backwards: boolean): { elements: string[]; isSet: boolean } {
  const value = ks.lookup(key)
  if (value === undefined) return { elements: [], isSet: false }
  if (typeof value === 'object') {
    switch (value.type) {
      case 'list': {
        const elements = value.range(0, -1)
        return { elements: backwards ? elements.reverse() : elements, isSet: false }
      }
      case 'set': {
        const elements: string[] = []
        value.forEach(member => {
          elements.push(member)
        })
        return { elements, isSet: true }
      }
      case 'zset':
        // Redis turns what it sorts into a skiplist, for good, and OBJECT ENCODING shows it. The root may also be that of a
        // fork or of the state before a transaction, and a store that refuses writes must leave it alone.
        if (value.compact && ks.databases.refusal === null) (ks.modify(key, 'zset') as SortedSet).compact = false
        return { elements: value.members(0, value.size, backwards), isSet: false }
    }
  }
  throw new ReplyError(lines.wrongType)
}

/** Sorts by number; what `by` has nothing for counts as 0, and equal ones are ordered by their own bytes. */
function sortByNumber(ks: Keyspace, elements: readonly string[], by: Pattern | undefined, sign: number): string[] {
  const weights = new Float64Array(elements.length)
  let wrong = false
  for (let i = 0; i < elements.length; i++) {
    const given = by === undefined ? elements[i] : by.value(ks, elements[i])
    if (given === undefined) continue
    const weight = weightOf(given)
    if (weight === undefined) wrong = true
    else weights[i] = weight
  }
  if (wrong) throw new ReplyError(notNumbers)
  return permuted(elements, (a, b) => {
    if (weights[a] !== weights[b]) return weights[a] < weights[b] ? -sign : sign
    return sign * compareText(elements[a], elements[b])
  })
}

/** Sorts by bytes; what `by` has nothing for comes before everything. */
function sortByText(ks: Keyspace, elements: readonly string[], by: Pattern | undefined, sign: number): string[] {
  if (by === undefined) return elements.slice().sort((a, b) => sign * compareText(a, b))
  const weights = elements.map(element => by.value(ks, element))
  return permuted(elements, (a, b) => {
    const x = weights[a]
    const y = weights[b]
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -sign : sign
    return sign * compareText(x, y)
  })
}

/** The elements in the order of their positions, of which equal ones keep theirs. */
function permuted(elements: readonly string[], compare: (a: number, b: number) => number): string[] {
  const order = Array.from(elements, (_, i) => i)
  return order.sort(compare).map(i => elements[i])
}

/** The part that LIMIT leaves. */
function limited(elements: string[], limit: Options['limit']): string[] {
  if (limit === undefined) return elements
  const offset = Math.max(index(record(limit, 'limit').offset, 'limit.offset'), 0)
  const count = index(limit.count, 'limit.count')
  return count < 0 ? elements.slice(offset) : elements.slice(offset, offset + count)
}

function patternsOf(get: Options['get']): Pattern[] {
  if (get === undefined) return []
  const names = Array.isArray(get) ? (get as readonly (string | Uint8Array)[]) : [get as string | Uint8Array]
  return names.map(name => new Pattern(text(name, 'get')))
}

/** The sorted elements, or what GET names for them. */
function sorted(ks: Keyspace, given: Key, options: Options): Elements {
  const key = keyText(given)
  const by = options.by === undefined ? undefined : text(options.by, 'by')
  const gets = patternsOf(options.get)
  // A name without a star means to keep the order there is.
  const keeps = by !== undefined && !by.includes('*')
  const sign = options.desc ? -1 : 1
  const { elements, isSet } = elementsOf(ks, key, keeps && sign < 0)
  let order = elements
  if (!keeps) {
    const pattern = by === undefined ? undefined : new Pattern(by)
    order = (options.alpha ? sortByText : sortByNumber)(ks, elements, pattern, sign)
  } else if (isSet && (options.store !== undefined || ks.databases.scripted)) {
    // What is stored must be the same wherever the command is run again, so that Redis sorts a set all the same.
    order = sortByText(ks, elements, undefined, sign)
  }
  const part = limited(order, options.limit)
  if (gets.length === 0) return part
  const found: (string | null)[] = []
  for (let i = 0; i < part.length; i++) {
    for (let k = 0; k < gets.length; k++) found.push(gets[k].value(ks, part[i]) ?? null)
  }
  return found
}

export const sorting: Ops<SortCommands, Results> = {
  sort(ks, key, given) {
    const options = lateOptions(given as Options | undefined, true)
    if (options.store === undefined) return sorted(ks, key, options)
    const destination = keyText(options.store)
    const elements = sorted(ks, key, options)
    const taken = ks.find(destination) !== undefined
    if (elements.length === 0) {
      if (taken) ks.remove(destination)
    } else {
      const list = ks.create('list')
      for (let i = 0; i < elements.length; i++) list.push(elements[i] ?? '')
      ks.put(destination, list, 'sortstore')
    }
    if (ks.logging) {
      if (taken) ks.effect('DEL', destination)
      if (elements.length > 0) ks.effectList(['RPUSH', destination, ...elements.map(element => element ?? '')])
    }
    return elements.length
  },
  sort_ro(ks, key, given) {
    return sorted(ks, key, { ...lateOptions(given as Options | undefined, true), store: undefined })
  },
}

export const sortShapes: Shapes<SortCommands, SortCommands<'sync', Uint8Array>, typeof sorting> = {
  sort: (result, out) => (typeof result === 'number' ? result : shape.nullableTexts(result, out)),
  sort_ro: shape.nullableTexts,
}

export const sortRest: Rest<SortCommands> = {}
