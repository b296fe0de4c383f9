import { absent, functionArg, SPELLING, stringArg, tableArg } from './arguments.ts'
import { claim, intArg } from './claim.ts'
import { type Machine, typeOf } from './machine.ts'
import { formatNumber } from './numbers.ts'
import { checkWritable } from './readonly.ts'
import { type Less, sort } from './sort.ts'
import { KEY_BYTES, Table, takePassed } from './table.ts'
import { Builtin, first, nothing, type Result, type Value } from './value.ts'

/** What it takes to move an item, or to look at it. */
const MOVE = 4

/** What a call of a function for each pair takes, besides what is in it. */
const EACH = 20

/** The table `table`. `less` stands for `a < b`, with metamethods. */
export function tableLibrary(m: Machine, less: Less): Table {
  const library = new Table()
  const define = (name: string, run: (args: Value[]) => Result): void => void library.setText(name, new Builtin(run))
  define('concat', args => concat(m, args))
  define('foreach', args => foreach(m, args))
  define('foreachi', args => foreachi(m, args))
  define('getn', args => tableArg(m, args, 0).length)
  define('insert', args => insert(m, args))
  define('maxn', args => maxn(m, tableArg(m, args, 0)))
  define('remove', args => remove(m, args))
  define('setn', args => {
    tableArg(m, args, 0)
    throw m.error("'setn' is obsolete")
  })
  define('sort', args => {
    const table = tableArg(m, args, 0)
    const { length } = table
    sort(m, table, length, absent(args, 1) ? less : functionArg(m, args, 1))
    return nothing
  })
  return library
}

function concat(m: Machine, args: readonly Value[]): string {
  const separator = args[1] === undefined ? '' : stringArg(m, args, 1)
  const table = tableArg(m, args, 0)
  const from = args[2] === undefined ? 1 : intArg(m, args, 2)
  const to = args[3] === undefined ? table.length : intArg(m, args, 3)
  if (from > to) return ''
  // All is looked at first, so that nothing is made that there is no room for.
  const pieces: string[] = []
  let numbers = 0
  let length = (to - from) * separator.length
  for (let i = from; i <= to; i++) {
    const value = table.getNumber(i)
    if (typeof value === 'string') {
      length += value.length
      pieces.push(value)
    } else if (typeof value === 'number') {
      const text = formatNumber(value)
      numbers++
      length += text.length
      pieces.push(text)
    } else throw m.error(`invalid value (${typeOf(value)}) at index ${i} in table for 'concat'`)
  }
  m.spend((to - from) * MOVE + numbers * SPELLING)
  claim(m, length)
  return pieces.join(separator)
}

function foreach(m: Machine, args: readonly Value[]): Result {
  const table = tableArg(m, args, 0)
  const each = functionArg(m, args, 1)
  let key: Value
  for (;;) {
    const pair = table.next(key)
    m.spend(takePassed())
    if (pair === undefined) throw m.error("invalid key to 'next'")
    if (pair === false) return nothing
    key = pair.key
    const answer = first(m.call(each, key, pair.value))
    if (answer !== undefined) return answer
    m.spend(EACH)
  }
}

function foreachi(m: Machine, args: readonly Value[]): Result {
  const table = tableArg(m, args, 0)
  const { length } = table
  const each = functionArg(m, args, 1)
  for (let i = 1; i <= length; i++) {
    const answer = first(m.call(each, i, table.getNumber(i)))
    if (answer !== undefined) return answer
    m.spend(EACH)
  }
  return nothing
}

function insert(m: Machine, args: readonly Value[]): Result {
  const table = tableArg(m, args, 0)
  const end = table.length + 1
  if (args.length === 2) {
    checkWritable(m, table)
    m.allocate(table.setNumber(end, args[1]))
    return nothing
  }
  if (args.length !== 3) throw m.error("wrong number of arguments to 'insert'")
  const at = intArg(m, args, 1)
  checkWritable(m, table)
  m.allocate(KEY_BYTES)
  if (at >= end) table.setNumber(at, args[2])
  else {
    // What stands before the first place moves up, too, and there can be much of it.
    m.spend((end - at) * MOVE)
    table.insert(at, args[2])
  }
  return nothing
}

function maxn(m: Machine, table: Table): number {
  let most = 0
  let count = 0
  for (let pair = table.next(undefined); pair !== false && pair !== undefined; pair = table.next(pair.key)) {
    if (typeof pair.key === 'number' && pair.key > most) most = pair.key
    count++
  }
  takePassed()
  m.spend(table.listed + count * MOVE)
  return most
}

function remove(m: Machine, args: readonly Value[]): Result {
  const table = tableArg(m, args, 0)
  const end = table.length
  const at = args[1] === undefined ? end : intArg(m, args, 1)
  if (at < 1 || at > end) return nothing
  checkWritable(m, table)
  const removed = table.getNumber(at)
  m.spend((end - at) * MOVE)
  for (let i = at; i < end; i++) table.setNumber(i, table.getNumber(i + 1))
  table.setNumber(end, undefined)
  return removed
}
