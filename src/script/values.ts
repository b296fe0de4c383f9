import type { ScriptResult } from '../api/scripting.ts'
import { inLine } from '../errors.ts'
import { formatDouble, seventeenDigits } from '../util/numbers.ts'
import { plainText, type StoredText } from '../util/stored.ts'
import { fromLatin1, toLatin1 } from '../util/text.ts'
import type { ReplyWriter } from '../wire/reply.ts'
import type { Machine } from './lua/machine.ts'
import { Table } from './lua/table.ts'
import type { Value } from './lua/value.ts'
import { scriptLines } from './lines.ts'

/*
 * Between Lua and Redis: texts inside the store carry bytes as surrogates, strings of Lua have one character for each byte.
 */

/** A word of a command; undefined for what is neither string nor number. */
export function wordOf(value: Value): string | undefined {
  if (typeof value === 'string') return fromLatin1(value)
  if (typeof value !== 'number') return undefined
  // Most numbers are small and whole.
  if ((value | 0) === value && value !== 0) return String(value)
  return value !== value ? '-nan' : seventeenDigits(value)
}

/** A table of one field. */
export function tableOf(name: string, value: Value): Table {
  const table = new Table()
  table.setText(name, value)
  return table
}

/** Texts as the strings of a list. */
export function stringsOf(texts: readonly string[]): Value[] {
  const items = new Array<Value>(texts.length)
  for (let i = 0; i < items.length; i++) items[i] = toLatin1(texts[i])
  return items
}

/** An error that a command has answered, which was counted when it did. */
export function errorTable(line: string): Table {
  const table = tableOf('err', toLatin1(line))
  table.setText('ignore_error_stats_update', true)
  return table
}

// ---- replies to Lua -------------------------------------------------------------------------------------------------

interface Frame {
  readonly kind: 'array' | 'set' | 'map'
  left: number
  readonly items: Value[]
}

/** What a table that was made counts as, in bytes. */
const TABLE = 128

/** Makes the value that `redis.call` gives of a reply, in the form of the protocol that the script has chosen. */
export class LuaWriter implements ReplyWriter {
  private readonly m: Machine
  resp: 2 | 3
  private result: Value
  private readonly open: Frame[]

  constructor(m: Machine) {
    this.m = m
    this.resp = 2
    this.result = undefined
    this.open = []
  }

  /** Begins with another reply: one that was broken off is forgotten. */
  begin(): void {
    if (this.open.length > 0) this.open.length = 0
  }

  take(): Value {
    const { result } = this
    this.result = undefined
    return result
  }

  private add(value: Value): void {
    if (this.open.length === 0) {
      this.result = value
      return
    }
    let done = value
    for (;;) {
      const frame = this.open[this.open.length - 1]
      if (frame === undefined) break
      frame.items.push(done)
      if (--frame.left > 0) return
      this.open.pop()
      done = finished(frame)
    }
    this.result = done
  }

  private start(kind: Frame['kind'], length: number): void {
    this.m.allocate(TABLE + 16 * length)
    const frame = { kind, left: length, items: [] }
    if (length === 0) this.add(finished(frame))
    else this.open.push(frame)
  }

  status(text: string): void {
    this.m.allocate(TABLE)
    this.add(tableOf('ok', toLatin1(text)))
  }

  bulk(text: StoredText): void {
    const string = typeof text === 'string' ? toLatin1(text) : toLatin1(plainText(text))
    this.m.allocate(string.length)
    this.add(string)
  }

  integer(n: number | bigint): void {
    this.add(typeof n === 'number' ? n : Number(n))
  }

  double(n: number): void {
    if (this.resp === 2) this.bulk(formatDouble(n))
    else this.add(tableOf('double', n))
  }

  boolean(yes: boolean): void {
    this.add(this.resp === 2 ? Number(yes) : yes)
  }

  null(): void {
    this.add(this.resp === 2 ? false : undefined)
  }

  nullArray(): void {
    this.null()
  }

  array(length: number): void {
    this.start('array', length)
  }

  set(length: number): void {
    this.start(this.resp === 2 ? 'array' : 'set', length)
  }

  map(length: number): void {
    this.start(this.resp === 2 ? 'array' : 'map', length * 2)
  }

  push(length: number): void {
    this.start('array', length)
  }

  error(line: string): void {
    this.m.allocate(TABLE + line.length)
    this.add(errorTable(line))
  }

  verbatim(text: string, format: string = 'txt'): void {
    if (this.resp === 2) return this.bulk(text)
    const table = tableOf('format', format)
    table.setText('string', toLatin1(text))
    this.m.allocate(text.length)
    this.add(tableOf('verbatim_string', table))
  }

  bigNumber(digits: string): void {
    if (this.resp === 2) this.bulk(digits)
    else this.add(tableOf('big_number', digits))
  }
}

function finished({ kind, items }: Frame): Value {
  if (kind === 'array') return new Table(items)
  const inner = new Table()
  const step = kind === 'set' ? 1 : 2
  for (let i = 0; i < items.length; i += step) {
    // What is nil, or no number, can be no key.
    const key = items[i]
    if (key !== undefined && key === key) inner.set(key, kind === 'set' ? true : items[i + 1])
  }
  return tableOf(kind, inner)
}

// ---- values to replies ----------------------------------------------------------------------------------------------

/** So many lists may stand within each other. Redis takes some thousands; here each takes room on the stack, twice. */
const DEEPEST = 1000

/** What an element of a reply is counted as: a table that is there twice is answered twice. */
const ELEMENT_BYTES = 64

/** What a script answers by returning a value. `resp` is the protocol that the script has chosen. */
export function resultOf(m: Machine, value: Value, resp: 2 | 3, depth: number = 0): ScriptResult {
  if (depth > 0) {
    m.spend(1)
    m.allocate(ELEMENT_BYTES)
  }
  switch (typeof value) {
    case 'string':
      m.allocate(value.length)
      return fromLatin1(value)
    case 'number':
      return integerOf(value)
    case 'boolean':
      // RESP2 has no booleans: what is false is nothing there.
      return resp === 3 ? value : value ? 1 : null
  }
  if (!(value instanceof Table)) return null
  if (depth > DEEPEST) return { error: scriptLines.tooDeep }
  const kind = kindOf(m, value, resp, depth + 1)
  if (kind !== undefined) return kind
  // Here and in no function of its own, because lists may stand within each other thousands deep.
  const list: ScriptResult[] = []
  for (let i = 1; ; i++) {
    const one = value.getNumber(i)
    // A list ends where there is nothing.
    if (one === undefined) return list
    list.push(resultOf(m, one, resp, depth + 1))
  }
}

/** As C turns a double into 64 bits: what does not fit, NaN too, is the smallest integer. */
function integerOf(n: number): number | bigint {
  const whole = Math.trunc(n)
  if (Number.isSafeInteger(whole)) return whole + 0
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(2n ** 63n)
}

/** What a table answers that says of which kind it is; undefined for a list. */
function kindOf(m: Machine, table: Table, resp: 2 | 3, depth: number): ScriptResult | undefined {
  const error = table.getText('err')
  if (typeof error === 'string') return { error: lineOf(error) }
  const ok = table.getText('ok')
  if (typeof ok === 'string') return { status: flat(fromLatin1(ok)) }
  const double = table.getText('double')
  if (typeof double === 'number') return { double }
  const big = table.getText('big_number')
  if (typeof big === 'string') return { bigNumber: big.replace(/[\r\n]/g, ' ') }
  const verbatim = table.getText('verbatim_string')
  if (verbatim instanceof Table) {
    const format = verbatim.getText('format')
    const text = verbatim.getText('string')
    if (typeof format === 'string' && typeof text === 'string') {
      return { verbatim: fromLatin1(text), format: format.slice(0, 3).padEnd(3) }
    }
  }
  const map = table.getText('map')
  if (map instanceof Table) {
    const pairs: (readonly [ScriptResult, ScriptResult])[] = []
    each(map, (key, one) => pairs.push([resultOf(m, key, resp, depth), resultOf(m, one, resp, depth)]))
    return { pairs }
  }
  const set = table.getText('set')
  if (set instanceof Table) {
    const members: ScriptResult[] = []
    each(set, key => members.push(resultOf(m, key, resp, depth)))
    return { set: members }
  }
  return undefined
}

function each(table: Table, visit: (key: Value, value: Value) => void): void {
  let key: Value
  for (;;) {
    const pair = table.next(key)
    if (pair === false || pair === undefined) return
    key = pair.key
    // The pair is written to by the next call.
    visit(key, pair.value)
  }
}

/** An error line of what a script says: without breaks, as far as there is no NUL. */
export function lineOf(text: string): string {
  return inLine(fromLatin1(text).replace(/[\r\n]+$/, ''))
}

/** A status is read up to a NUL, too. */
function flat(text: string): string {
  return inLine(text)
}
