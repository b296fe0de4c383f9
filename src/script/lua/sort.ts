import { hostSite, LONG_TEXT, type LuaError, type Machine, type Site } from './machine.ts'
import { checkWritable } from './readonly.ts'
import type { Table } from './table.ts'
import { type Callable, first, type Value } from './value.ts'

/** What a comparison takes besides the function that is asked. */
const ASKED = 10

export type Less = (a: Value, b: Value) => boolean

/**
 * Sorts the values of the keys 1 to `length` of a table, by `less` or by a function of Lua.
 *
 * The order of equal values, what a function is asked and in which order, and what becomes of an order that contradicts
 * itself, are those of Lua's own quicksort: the middle one of three is the pivot, which waits at the last place but one.
 */
export function sort(m: Machine, table: Table, length: number, less: Less | Callable): void {
  if (typeof less === 'function' && sortAlike(m, table, length)) return
  const { site } = m
  const ask = typeof less === 'function' ? less : (a: Value, b: Value) => isTrue(first(less.call2(a, b)))
  new Sorter(m, table, ask, site).sort(1, length)
  m.site = site
}

function isTrue(value: Value): boolean {
  return value !== undefined && value !== false
}

/** Values that differ wherever they are not equal can be sorted in any way: numbers, and strings, whose bytes count. */
function sortAlike(m: Machine, table: Table, length: number): boolean {
  if (length < 2 || table.readonly) return false
  const values = table.slice(1, length)
  const rounds = Math.ceil(Math.log2(length))
  if (typeof values[0] === 'number') {
    for (const value of values) {
      // Zeros have two signs, and NaN has no place.
      if (typeof value !== 'number' || value !== value || value === 0) return false
    }
    put(table, Float64Array.from(values as number[]).sort())
  } else {
    for (const value of values) if (typeof value !== 'string') return false
    let long = 0
    for (const value of values as string[]) if (value.length >= LONG_TEXT) long += value.length
    // Each may be made one piece, and be compared as far as it goes.
    m.allocate(long)
    m.spend((long >> 5) * rounds)
    put(table, (values as string[]).sort(byUnits))
  }
  m.spend(4 * length * rounds)
  return true
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function put(table: Table, values: ArrayLike<Value>): void {
  for (let i = 0; i < values.length; i++) table.setNumber(i + 1, values[i])
}

class Sorter {
  private readonly m: Machine
  private readonly table: Table
  private readonly less: Less
  private readonly site: Site

  constructor(m: Machine, table: Table, less: Less, site: Site) {
    this.m = m
    this.table = table
    this.less = less
    this.site = site
  }

  sort(from: number, to: number): void {
    const { table } = this
    let low = from
    let high = to
    while (low < high) {
      this.order(low, high)
      if (high - low === 1) return
      const middle = Math.floor((low + high) / 2)
      const value = table.getNumber(middle)
      const least = table.getNumber(low)
      if (this.asked(value, least)) this.set(middle, least, low, value)
      else {
        const most = table.getNumber(high)
        if (this.asked(most, value)) this.set(middle, most, high, value)
      }
      if (high - low === 2) return
      const pivot = table.getNumber(middle)
      this.set(middle, table.getNumber(high - 1), high - 1, pivot)
      const place = this.partition(low, high, pivot)
      // The smaller part is sorted first, so that the other one needs no more calls.
      if (place - low < high - place) {
        this.sort(low, place - 1)
        low = place + 1
      } else {
        this.sort(place + 1, high)
        high = place - 1
      }
    }
  }

  /** Puts what is smaller than the pivot before it, and what is larger behind; the place of the pivot is the answer. */
  private partition(low: number, high: number, pivot: Value): number {
    const { table } = this
    let i = low
    let j = high - 1
    for (;;) {
      let left = table.getNumber(++i)
      while (this.asked(left, pivot)) {
        if (i > high) throw this.disorder()
        left = table.getNumber(++i)
      }
      let right = table.getNumber(--j)
      while (this.asked(pivot, right)) {
        if (j < low) throw this.disorder()
        right = table.getNumber(--j)
      }
      if (j < i) break
      this.set(i, right, j, left)
    }
    const left = table.getNumber(high - 1)
    this.set(high - 1, table.getNumber(i), i, left)
    return i
  }

  private order(low: number, high: number): void {
    const least = this.table.getNumber(low)
    const most = this.table.getNumber(high)
    if (this.asked(most, least)) this.set(low, most, high, least)
  }

  private asked(a: Value, b: Value): boolean {
    this.m.spend(ASKED)
    // What is wrong with a comparison is so in the function `sort`, which has no line.
    this.m.site = hostSite
    return this.less(a, b)
  }

  private set(i: number, atI: Value, j: number, atJ: Value): void {
    const { table } = this
    checkWritable(this.m, table)
    table.setNumber(i, atI)
    table.setNumber(j, atJ)
  }

  private disorder(): LuaError {
    this.m.site = this.site
    return this.m.error('invalid order function for sorting')
  }
}
