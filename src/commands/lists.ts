import type { End, LMoveMOptions, ListCommands, Side } from '../api/lists.ts'
import type { Key, Value } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import type { List } from '../structures/list.ts'
import { index, keyOf, keyText, keyTexts, lateIndex, lateOptions, text, texts } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

export const listLines = {
  rankZero:
    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
  countNegative: "ERR COUNT can't be negative",
  maxlenNegative: "ERR MAXLEN can't be negative",
  countNotPositive: 'ERR count should be greater than 0',
} as const

/** Where the lossless results differ from the typed replies. */
interface Results {
  lpop: string | null | readonly string[]
  rpop: string | null | readonly string[]
  lrange: readonly string[]
  lmovem: readonly string[] | null
  lmpop: { readonly key: string; readonly elements: readonly string[] } | null
}

function isLeft(end: End): boolean {
  switch (end) {
    case 'LEFT':
    case 'left':
      return true
    case 'RIGHT':
    case 'right':
      return false
  }
  throw new TypeError(`an end of a list is 'LEFT' or 'RIGHT', not ${String(end)}`)
}

function sideOf(left: boolean): string {
  return left ? 'LEFT' : 'RIGHT'
}

function isBefore(side: Side): boolean {
  switch (side) {
    case 'BEFORE':
    case 'before':
      return true
    case 'AFTER':
    case 'after':
      return false
  }
  throw new TypeError(`a side is 'BEFORE' or 'AFTER', not ${String(side)}`)
}

/** Adds elements at an end; an absent list is made unless `present` says that there must be one. */
function push(ks: Keyspace, given: Key, elements: readonly Value[], left: boolean, present: boolean): number {
  const key = keyText(given)
  // Nearly every push is of one element, which needs no list.
  const single = Array.isArray(elements) && elements.length === 1 ? text(elements[0] as Value, 'elements') : undefined
  const values = single === undefined ? texts(elements, 'elements') : undefined
  const list = present ? ks.modify(key, 'list') : ks.write(key, 'list')
  if (list === undefined) return 0
  if (values === undefined) {
    if (left) list.unshift(single as string)
    else list.push(single as string)
  } else if (left) list.unshiftAll(values)
  else list.pushAll(values)
  ks.changed(key, list, left ? 'lpush' : 'rpush')
  if (ks.logging) ks.effectList([left ? 'LPUSH' : 'RPUSH', key, ...(values ?? [single as string])])
  return list.size
}

/** Notes that elements went from an end of the list. */
function popped(ks: Keyspace, key: string, list: List, left: boolean, count: number | undefined): void {
  ks.changed(key, list, left ? 'lpop' : 'rpop')
  if (!ks.logging) return
  if (count === undefined) ks.effect(left ? 'LPOP' : 'RPOP', key)
  else ks.effect(left ? 'LPOP' : 'RPOP', key, count)
}

/** Takes up to `count` elements from an end, the outermost first. */
function take(ks: Keyspace, key: string, list: List, left: boolean, count: number): string[] {
  const n = Math.min(count, list.size)
  const elements = left ? list.range(0, n - 1) : list.range(-n, -1).reverse()
  if (left) list.keep(n, -1)
  else list.keep(0, -n - 1)
  popped(ks, key, list, left, n)
  return elements
}

function pop(ks: Keyspace, given: Key, count: number | bigint | undefined, left: boolean): Results['lpop'] {
  const key = keyText(given)
  if (count === undefined) {
    const list = ks.modify(key, 'list')
    if (list === undefined) return null
    const element = left ? list.shift() : list.pop()
    popped(ks, key, list, left, undefined)
    return element as string
  }
  const n = index(count, 'count')
  if (n < 0) throw new ReplyError(lines.notPositive)
  const list = ks.modify(key, 'list')
  if (list === undefined) return null
  return n === 0 ? [] : take(ks, key, list, left, n)
}

/** Moves one element; null when the source is empty. */
function move(ks: Keyspace, source: string, destination: string, from: boolean, to: boolean): string | null {
  const list = ks.modify(source, 'list')
  if (list === undefined) return null
  // A destination of another type is refused here, before anything moves.
  const target = source === destination ? list : ks.write(destination, 'list')
  const element = (from ? list.shift() : list.pop()) as string
  if (to) target.unshift(element)
  else target.push(element)
  ks.changed(destination, target, to ? 'lpush' : 'rpush')
  ks.changed(source, list, from ? 'lpop' : 'rpop')
  if (ks.logging) ks.effect('LMOVE', source, destination, sideOf(from), sideOf(to))
  return element
}

/** Reports a move of several elements in the words of a Redis that has no LMOVEM. */
function moved(
  ks: Keyspace,
  source: string,
  destination: string,
  from: boolean,
  to: boolean,
  elements: readonly string[],
): void {
  const n = elements.length
  const same = source === destination
  if (n === 1 || (same && from !== to)) {
    for (let i = 0; i < n; i++) ks.effect('LMOVE', source, destination, sideOf(from), sideOf(to))
    return
  }
  if (same) {
    // Not by way of an empty list, which would lose its expiry time.
    for (let i = 0; i < n; i++) ks.effect('LSET', source, from ? i : i - n, elements[i])
    return
  }
  ks.effectList([to ? 'LPUSH' : 'RPUSH', destination, ...(to ? elements.toReversed() : elements)])
  ks.effect(from ? 'LPOP' : 'RPOP', source, n)
}

/** Moves `count` elements, or as many as there are unless `exact`; null when there are none or too few. */
function moveMany(
  ks: Keyspace,
  source: string,
  destination: string,
  from: boolean,
  to: boolean,
  count: number,
  exact: boolean,
  bulk: boolean,
): string[] | null {
  const list = ks.modify(source, 'list')
  if (list === undefined || (exact && list.size < count)) return null
  const target = source === destination ? list : ks.write(destination, 'list')
  const n = Math.min(count, list.size)
  const elements = from ? list.range(0, n - 1) : list.range(-n, -1)
  // One after the other, what was first at an end becomes the innermost at the same end.
  if (from === to && !bulk) elements.reverse()
  if (from) list.keep(n, -1)
  else list.keep(0, -n - 1)
  if (to) target.unshiftAll(elements.toReversed())
  else target.pushAll(elements)
  ks.changed(destination, target, to ? 'lpush' : 'rpush')
  ks.changed(source, list, from ? 'lpop' : 'rpop')
  if (ks.logging) moved(ks, source, destination, from, to, elements)
  return elements
}

/** What LMOVEM is asked to move; one element if it does not say. */
function manyOf(given: LMoveMOptions | undefined): { count: number; exact: boolean; bulk: boolean } {
  if (given === undefined) return { count: 1, exact: false, bulk: true }
  const { count: most, exactly, obo, bulk } = lateOptions(given, true)
  if ((most === undefined) === (exactly === undefined) || obo === bulk) throw new ReplyError(lines.syntax)
  const count = most === undefined ? index(exactly as number, 'exactly') : index(most, 'count')
  if (count < 1) throw new ReplyError(listLines.countNotPositive)
  return { count, exact: most === undefined, bulk: bulk === true }
}

export const lists: Ops<ListCommands, Results> = {
  lpush(ks, key, elements) {
    return push(ks, key, elements, true, false)
  },
  rpush(ks, key, elements) {
    return push(ks, key, elements, false, false)
  },
  lpushx(ks, key, elements) {
    return push(ks, key, elements, true, true)
  },
  rpushx(ks, key, elements) {
    return push(ks, key, elements, false, true)
  },
  lpop(ks, key, count) {
    return pop(ks, key, count, true)
  },
  rpop(ks, key, count) {
    return pop(ks, key, count, false)
  },
  lmpop(ks, names, end, given) {
    const options = lateOptions(given, true)
    const keys = keyTexts(names)
    const left = isLeft(end)
    const count = index(options.count === undefined ? 1 : options.count, 'count')
    if (count < 1) throw new ReplyError(listLines.countNotPositive)
    for (const key of keys) {
      const list = ks.modify(key, 'list')
      if (list !== undefined) return { key, elements: take(ks, key, list, left, count) }
    }
    return null
  },
  lmove(ks, source, destination, from, to) {
    return move(ks, keyText(source), keyText(destination), isLeft(from), isLeft(to))
  },
  lmovem(ks, source, destination, from, to, options) {
    const [left, right] = [isLeft(from), isLeft(to)]
    const { count, exact, bulk } = manyOf(options)
    return moveMany(ks, keyText(source), keyText(destination), left, right, count, exact, bulk)
  },
  rpoplpush(ks, source, destination) {
    return move(ks, keyText(source), keyText(destination), false, true)
  },
  llen(ks, key) {
    return ks.read(keyOf(key), 'list')?.size ?? 0
  },
  lindex(ks, key, at) {
    const list = ks.read(keyOf(key), 'list')
    const i = lateIndex(at, 'index', list !== undefined)
    return list?.get(i) ?? null
  },
  lset(ks, given, at, element) {
    const key = keyText(given)
    const value = text(element, 'element')
    const list = ks.modify(key, 'list')
    const i = lateIndex(at, 'index', list !== undefined)
    if (list === undefined) throw new ReplyError(lines.noSuchKey)
    if (!list.set(i, value)) throw new ReplyError(lines.indexRange)
    ks.changed(key, list, 'lset')
    if (ks.logging) ks.effect('LSET', key, i, value)
    return 'OK'
  },
  linsert(ks, given, side, pivot, element) {
    const key = keyText(given)
    const before = isBefore(side)
    const wanted = text(pivot, 'pivot')
    const value = text(element, 'element')
    const list = ks.modify(key, 'list')
    if (list === undefined) return 0
    const at = list.indexOf(wanted, 0, false)
    if (at < 0) return -1
    list.insert(before ? at : at + 1, value)
    ks.changed(key, list, 'linsert')
    if (ks.logging) ks.effect('LINSERT', key, before ? 'BEFORE' : 'AFTER', wanted, value)
    return list.size
  },
  lrange(ks, key, start, stop) {
    const from = index(start, 'start')
    const to = index(stop, 'stop')
    return ks.read(keyOf(key), 'list')?.range(from, to) ?? []
  },
  lrem(ks, given, count, element) {
    const key = keyText(given)
    const limit = index(count, 'count')
    const value = text(element, 'element')
    const list = ks.modify(key, 'list')
    if (list === undefined) return 0
    const gone = list.removeMatching(value, limit)
    if (gone > 0) {
      ks.changed(key, list, 'lrem')
      if (ks.logging) ks.effect('LREM', key, limit < 0 ? -gone : gone, value)
    }
    return gone
  },
  ltrim(ks, given, start, stop) {
    const key = keyText(given)
    const from = index(start, 'start')
    const to = index(stop, 'stop')
    const list = ks.modify(key, 'list')
    if (list === undefined) return 'OK'
    const gone = list.keep(from, to)
    // Redis raises the event, and fails those who watch the key, also when nothing was cut off.
    ks.changed(key, list, 'ltrim')
    if (gone > 0 && ks.logging) ks.effect('LTRIM', key, start, stop)
    return 'OK'
  },
  lpos(ks, key, element, given) {
    const options = lateOptions(given, true)
    const wanted = text(element, 'element')
    const rank = index(options.rank === undefined ? 1 : options.rank, 'rank')
    const count = options.count === undefined ? undefined : index(options.count, 'count')
    const maxlen = index(options.maxlen === undefined ? 0 : options.maxlen, 'maxlen')
    if (rank === 0) throw new ReplyError(listLines.rankZero)
    if (count !== undefined && count < 0) throw new ReplyError(listLines.countNegative)
    if (maxlen < 0) throw new ReplyError(listLines.maxlenNegative)
    const most = count === undefined ? 1 : count === 0 ? Infinity : count
    const found: number[] = []
    const list = ks.read(keyOf(key), 'list')
    if (list !== undefined) {
      let skip = Math.abs(rank) - 1
      const length = maxlen === 0 ? list.size : Math.min(maxlen, list.size)
      const start = rank < 0 ? list.size - length : 0
      list.forEach(start, start + length - 1, rank < 0, (other, at) => {
        if (other !== wanted || skip-- > 0) return true
        found.push(at)
        return found.length < most
      })
    }
    return count === undefined ? (found[0] ?? null) : found
  },
}

function oneOrMore(result: Results['lpop'], out: Out): string | string[] | null {
  return result === null || typeof result === 'string' ? shape.text(result, out) : shape.texts(result, out)
}

export const listShapes: Shapes<ListCommands, ListCommands<'sync', Uint8Array>, typeof lists> = {
  lpop: oneOrMore,
  rpop: oneOrMore,
  lmpop: (result, out) =>
    result === null ? null : { key: out.text(result.key), elements: shape.texts(result.elements, out) },
  lmove: shape.text,
  lmovem: (result, out) => (result === null ? null : shape.texts(result, out)),
  rpoplpush: shape.text,
  lindex: shape.text,
  lrange: shape.texts,
}

export const listRest: Rest<ListCommands> = { lpush: 1, rpush: 1, lpushx: 1, rpushx: 1 }
