import { badArgument, integerArg, stringArg } from './arguments.ts'
import { Builder, intArg } from './claim.ts'
import { hostSite, type Machine, severalOf, typeOf } from './machine.ts'
import { formatNumber } from './numbers.ts'
import { captured, matchEnd, matchStart, type Program, programOf, search } from './pattern-program.ts'
import { Table } from './table.ts'
import { Builtin, Callable, first, nothing, type Result, Several, type Value } from './value.ts'

/** So far a plain pattern is looked at, at each place of a text. */
const FAR = 20

/** What it takes to put something in. */
const REPLACED = 15

/** What stands behind `t[k]`, with metamethods. */
export type Index = (t: Value, k: Value) => Value

/** The place of a string that an argument means, which counts from the end when it is negative; before the first one 0. */
export function placeOf(position: number, length: number): number {
  if (position >= 0) return position
  return Math.max(position + length + 1, 0)
}

/** Whether a pattern is nothing but itself. Lua does not look behind a zero byte. */
function isPlain(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) {
    switch (pattern.charCodeAt(i)) {
      case 0:
        return true
      // ^ $ * + ? . ( [ % -
      case 0x5e:
      case 0x24:
      case 0x2a:
      case 0x2b:
      case 0x3f:
      case 0x2e:
      case 0x28:
      case 0x5b:
      case 0x25:
      case 0x2d:
        return false
    }
  }
  return true
}

function initArg(m: Machine, args: readonly Value[], length: number): number {
  if (args[2] === undefined) return 0
  const init = placeOf(integerArg(m, args, 2), length) - 1
  return Math.min(Math.max(init, 0), length)
}

function captures(m: Machine, program: Program, text: string, into: Value[], whole: boolean): void {
  const count = program.captures.length === 0 && whole ? 1 : program.captures.length
  for (let i = 0; i < count; i++) into.push(captured(m, program, text, i))
}

export function find(m: Machine, args: Value[]): Result {
  const text = stringArg(m, args, 0)
  const pattern = stringArg(m, args, 1)
  const init = initArg(m, args, text.length)
  const plain = args[3]
  if ((plain !== undefined && plain !== false) || isPlain(pattern)) {
    const at = text.indexOf(pattern, init)
    // At each place of a text a part of the pattern may be found before it turns out to be another one.
    m.spend((((at < 0 ? text.length : at) - init) * Math.min(pattern.length, FAR)) >> 5)
    return at < 0 ? undefined : new Several([at + 1, at + pattern.length])
  }
  const program = programOf(m, pattern, true)
  if (!search(m, program, text, init)) return undefined
  const values: Value[] = [matchStart + 1, matchEnd]
  captures(m, program, text, values, false)
  return new Several(values)
}

export function match(m: Machine, args: Value[]): Result {
  const text = stringArg(m, args, 0)
  const pattern = stringArg(m, args, 1)
  const init = initArg(m, args, text.length)
  const program = programOf(m, pattern, true)
  if (!search(m, program, text, init)) return undefined
  if (program.captures.length <= 1) return captured(m, program, text, 0)
  const values: Value[] = []
  captures(m, program, text, values, true)
  return severalOf(values)
}

export function gmatch(m: Machine, args: Value[]): Result {
  const text = stringArg(m, args, 0)
  const program = programOf(m, stringArg(m, args, 1), false)
  let from = 0
  m.allocate(128)
  m.spend(10)
  return new Builtin(() => {
    if (from > text.length || !search(m, program, text, from)) {
      from = text.length + 1
      return nothing
    }
    from = matchEnd === matchStart ? matchEnd + 1 : matchEnd
    const values: Value[] = []
    captures(m, program, text, values, true)
    return severalOf(values)
  })
}

/** A text to put in, as literal pieces and numbers of captures, where 0 is the whole match. */
function template(replacement: string): (string | number)[] {
  const parts: (string | number)[] = []
  let literal = ''
  let from = 0
  for (;;) {
    const at = replacement.indexOf('%', from)
    if (at < 0) break
    literal += replacement.slice(from, at)
    // Lua reads the zero byte behind a last percent sign.
    const next = at + 1 < replacement.length ? replacement[at + 1] : '\0'
    from = at + 2
    if (next >= '0' && next <= '9') {
      parts.push(literal, Number(next))
      literal = ''
    } else literal += next
  }
  parts.push(literal + replacement.slice(from))
  return parts
}

/** Adds what a match is replaced with when that is told by a function or a table. */
function addAnswer(m: Machine, out: Builder, answer: Value, matched: string): void {
  if (answer === undefined || answer === false) out.add(matched)
  else if (typeof answer === 'string') out.add(answer)
  else if (typeof answer === 'number') out.add(formatNumber(answer))
  else throw m.error(`invalid replacement value (a ${typeOf(answer)})`)
}

export function gsub(m: Machine, args: Value[], index: Index): Result {
  const text = stringArg(m, args, 0)
  const pattern = stringArg(m, args, 1)
  const most = args[3] === undefined ? text.length + 1 : intArg(m, args, 3)
  let by = args[2]
  if (typeof by === 'number') by = formatNumber(by)
  else if (typeof by !== 'string' && !(by instanceof Table) && !(by instanceof Callable))
    throw badArgument(m, 2, 'string/function/table expected')
  const program = programOf(m, pattern, true)
  const parts = typeof by === 'string' && by.includes('%') ? template(by) : undefined
  const out = new Builder(m)
  let copied = 0
  let from = 0
  let count = 0
  while (count < most && search(m, program, text, from)) {
    count++
    const start = matchStart
    const end = matchEnd
    if (start > copied) out.add(text.slice(copied, start))
    copied = end
    if (parts !== undefined) {
      for (const part of parts) {
        if (typeof part === 'string') out.add(part)
        else if (part === 0) out.add(text.slice(start, end))
        else out.add(textOf(captured(m, program, text, part - 1)))
      }
    } else if (typeof by === 'string') out.add(by)
    else if (by instanceof Table) {
      const key = captured(m, program, text, 0)
      const { site } = m
      m.site = hostSite
      const answer = index(by, key)
      m.site = site
      addAnswer(m, out, answer, text.slice(start, end))
    } else {
      const values: Value[] = []
      captures(m, program, text, values, true)
      addAnswer(m, out, first(m.call(by, ...values)), text.slice(start, end))
    }
    m.spend(REPLACED)
    from = end > start ? end : end + 1
    if (program.anchored || from > text.length) break
  }
  if (count === 0) return new Several([text, 0])
  if (copied < text.length) out.add(text.slice(copied))
  return new Several([out.text, count])
}

/** A capture is text or a position. */
function textOf(value: Value): string {
  return typeof value === 'number' ? formatNumber(value) : (value as string)
}
