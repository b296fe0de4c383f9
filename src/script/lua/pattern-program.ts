import { bracketSet, type ByteSet, classSet, everyByte, singleByte } from './byte-sets.ts'
import type { Machine } from './machine.ts'
import { claim } from './claim.ts'
import type { Value } from './value.ts'

/*
 * Patterns of Lua as programs.
 *
 * A pattern has no alternatives: it is a row of items, each of which matches once or is repeated. So where a capture
 * opens and closes is known beforehand, and matching is a walk along the row that goes back to the latest repetition
 * which can do with more or less. The places to go back to are on a stack of their own, not on JavaScript's, and there
 * are never more of them than items.
 *
 * What is wrong with a pattern is an item, too, because Lua only complains when it gets there.
 */

const END = 0
/** One byte of a set. */
const ONE = 1
/** As many as can be, as few as can be, and one or none. */
const MANY = 2
const FEW = 3
const MAYBE = 4
const OPEN = 5
const CLOSE = 6
const BALANCE = 7
const FRONTIER = 8
const BACK = 9
/** The end of the text. */
const LAST = 10
const NEVER = 11
const WRONG = 12

interface Item {
  readonly kind: number
  /** What ONE, MANY, FEW and MAYBE take, and what FRONTIER is the beginning of. */
  readonly set: ByteSet
  /** The fewest that MANY takes; the capture of OPEN, CLOSE and BACK; the first byte of BALANCE. */
  readonly number: number
  /** The second byte of BALANCE. */
  readonly second: number
  readonly message: string
}

/** How a capture ends: somewhere, never, or it only tells a position. */
const CLOSED = 0
const UNFINISHED = 1
const POSITION = 2

export interface Program {
  readonly items: readonly Item[]
  readonly anchored: boolean
  /** How each capture ends. */
  readonly captures: readonly number[]
  /** What every match begins with. */
  readonly prefix: string
  /** What the first byte of every match is one of, where that is known and no prefix is. */
  readonly first: ByteSet | undefined
}

const MOST_CAPTURES = 32

class Compiler {
  readonly items: Item[] = []
  readonly captures: number[] = []
  private readonly pattern: string
  private at: number

  constructor(pattern: string, at: number) {
    this.pattern = pattern
    this.at = at
  }

  /** Goes on to the end of the pattern, or to what is wrong in it. */
  run(): void {
    const { pattern } = this
    while (this.at < pattern.length) {
      const message = this.item()
      if (message !== undefined) {
        this.add(WRONG, everyByte, 0, 0, message)
        return
      }
    }
    this.add(END)
  }

  private add(
    kind: number,
    set: ByteSet = everyByte,
    number: number = 0,
    second: number = 0,
    message: string = '',
  ): void {
    this.items.push({ kind, set, number, second, message })
  }

  /** Adds one item, or returns what is wrong with it. */
  private item(): string | undefined {
    const { pattern, at } = this
    switch (pattern[at]) {
      case '(':
        return this.open()
      case ')':
        return this.close()
      case '$':
        if (at + 1 < pattern.length) break
        this.at++
        this.add(LAST)
        return undefined
      case '%': {
        const letter = pattern[at + 1]
        if (letter === 'b') return this.balance()
        if (letter === 'f') return this.frontier()
        if (letter >= '0' && letter <= '9') return this.back(letter)
      }
    }
    return this.repeated()
  }

  private open(): string | undefined {
    const capture = this.captures.length
    if (capture >= MOST_CAPTURES) return 'too many captures'
    const position = this.pattern[this.at + 1] === ')'
    this.at += position ? 2 : 1
    this.captures.push(position ? POSITION : UNFINISHED)
    this.add(OPEN, everyByte, capture)
    return undefined
  }

  private close(): string | undefined {
    const capture = this.captures.lastIndexOf(UNFINISHED)
    if (capture < 0) return 'invalid pattern capture'
    this.at++
    this.captures[capture] = CLOSED
    this.add(CLOSE, everyByte, capture)
    return undefined
  }

  private balance(): string | undefined {
    const { pattern, at } = this
    if (at + 3 >= pattern.length) return 'unbalanced pattern'
    this.add(BALANCE, everyByte, pattern.charCodeAt(at + 2), pattern.charCodeAt(at + 3))
    this.at += 4
    return undefined
  }

  private frontier(): string | undefined {
    const from = this.at + 2
    if (this.pattern[from] !== '[') return "missing '[' after '%f' in pattern"
    const end = this.bracketEnd(from)
    if (typeof end === 'string') return end
    this.add(FRONTIER, bracketSet(this.pattern, from, end - 1))
    this.at = end
    return undefined
  }

  private back(digit: string): string | undefined {
    const capture = Number(digit) - 1
    const ending = this.captures[capture]
    if (ending === undefined || ending === UNFINISHED) return 'invalid capture index'
    this.at += 2
    // A position is as long as no text is.
    this.add(ending === POSITION ? NEVER : BACK, everyByte, capture)
    return undefined
  }

  private repeated(): string | undefined {
    const { pattern, at } = this
    let end = at + 1
    let set: ByteSet
    if (pattern[at] === '%') {
      if (end >= pattern.length) return "malformed pattern (ends with '%')"
      set = classSet(pattern[end++])
    } else if (pattern[at] === '[') {
      const found = this.bracketEnd(at)
      if (typeof found === 'string') return found
      end = found
      set = bracketSet(pattern, at, end - 1)
    } else set = pattern[at] === '.' ? everyByte : singleByte(pattern.charCodeAt(at))
    this.at = end + 1
    switch (pattern[end]) {
      case '*':
        this.add(MANY, set)
        break
      case '+':
        this.add(MANY, set, 1)
        break
      case '-':
        this.add(FEW, set)
        break
      case '?':
        this.add(MAYBE, set)
        break
      default:
        this.at = end
        this.add(ONE, set)
    }
    return undefined
  }

  /** Where the set that begins at `from` has ended, or what is wrong with it. */
  private bracketEnd(from: number): number | string {
    const { pattern } = this
    let p = from + 1
    if (pattern[p] === '^') p++
    // The first byte is one of the set, even if it is the closing bracket.
    do {
      if (p >= pattern.length) return "malformed pattern (missing ']')"
      if (pattern[p++] === '%') {
        if (p >= pattern.length) return "malformed pattern (missing ']')"
        p++
      }
    } while (pattern[p] !== ']')
    return p + 1
  }
}

function compile(pattern: string, anchors: boolean): Program {
  const anchored = anchors && pattern.startsWith('^')
  // C's strings end at a zero byte.
  const end = pattern.indexOf('\0')
  const compiler = new Compiler(end < 0 ? pattern : pattern.slice(0, end), anchored ? 1 : 0)
  compiler.run()
  const { items, captures } = compiler
  let prefix = ''
  for (const { kind, set } of items) {
    const byte = set.indexOf(1)
    if (kind !== ONE || set !== singleByte(byte)) break
    prefix += String.fromCharCode(byte)
  }
  const start = items.find(item => item.kind !== OPEN) as Item
  const needed = start.kind === ONE || (start.kind === MANY && start.number === 1)
  return { items, anchored, captures, prefix, first: needed && prefix === '' ? start.set : undefined }
}

const CACHED = 256
/** A cache of long patterns would hold too much. */
const LONG = 1000
/** What the items of a pattern take, for each of its bytes. */
const BYTES_PER_ITEM = 64
/** What a pattern takes to be compiled, and each of its bytes: a class within a set is 256 bytes. */
const PATTERN_TIME = 100
const BYTE_TIME = 30
/** What a search takes at least. */
const SEARCH = 12
const LONGEST_PATTERN = 2 ** 22
const programs = new Map<string, Program>()
const loose = new Map<string, Program>()

/** The program of a pattern. For `gmatch`, which knows no anchors, `^` is a byte like others. */
export function programOf(m: Machine, pattern: string, anchors: boolean): Program {
  if (pattern.length > LONG) {
    if (pattern.length > LONGEST_PATTERN) throw m.outOfMemory()
    m.allocate(pattern.length * BYTES_PER_ITEM)
    m.spend(pattern.length * BYTE_TIME)
    return compile(pattern, anchors)
  }
  const cache = anchors ? programs : loose
  let program = cache.get(pattern)
  if (program === undefined) {
    if (cache.size >= CACHED) cache.clear()
    m.spend(PATTERN_TIME + pattern.length * BYTE_TIME)
    program = compile(pattern, anchors)
    cache.set(pattern, program)
  }
  return program
}

// What the last match found. It is read before anything else can match.
const starts = new Int32Array(MOST_CAPTURES)
const ends = new Int32Array(MOST_CAPTURES)
/** Where the last match began and ended. */
export let matchStart = 0
export let matchEnd = 0

/** Places to go back to, three numbers each: the item, the least and the most that it can have taken. */
let stack = new Int32Array(3 * 64)
/** What the matches of one search took, beyond what is paid for. */
let steps = 0
const STEPS_AT_ONCE = 4096

function pay(m: Machine): void {
  m.spend(steps)
  steps = 0
}

/** Finds the first match that begins at `from` or behind: false when there is none. */
export function search(m: Machine, program: Program, text: string, from: number): boolean {
  const { anchored, prefix, first } = program
  steps = SEARCH
  let found = false
  for (let s = from; ; s++) {
    if (prefix !== '') {
      if (anchored) {
        if (!text.startsWith(prefix, s)) break
      } else {
        const next = text.indexOf(prefix, s)
        steps += (next < 0 ? text.length - s : next - s) >> 4
        if (next < 0) break
        s = next
      }
    } else if (first !== undefined && !anchored) {
      const began = s
      while (s < text.length && first[text.charCodeAt(s)] === 0) s++
      steps += (s - began) >> 2
      if (s === text.length) break
    }
    const end = match(m, program, text, s)
    if (end >= 0) {
      matchStart = s
      matchEnd = end
      found = true
      break
    }
    if (anchored || s >= text.length) break
  }
  pay(m)
  return found
}

/** Where the match that begins at `s` ends, or -1. */
function match(m: Machine, program: Program, text: string, s: number): number {
  const { items } = program
  const { length } = text
  if (stack.length < 3 * items.length) stack = new Int32Array(6 * items.length)
  let top = 0
  let pc = 0
  for (;;) {
    if (++steps >= STEPS_AT_ONCE) pay(m)
    const item = items[pc]
    const { set } = item
    let going = true
    switch (item.kind) {
      case ONE:
        if (s < length && set[text.charCodeAt(s)] === 1) s++
        else going = false
        break
      case MANY: {
        const least = s + item.number
        let end = s
        while (end < length && set[text.charCodeAt(end)] === 1) end++
        steps += end - s
        if (end < least) going = false
        else {
          if (end > least) top = push(top, pc, least, end)
          s = end
        }
        break
      }
      case FEW:
        top = push(top, pc, s, s)
        break
      case MAYBE:
        if (s < length && set[text.charCodeAt(s)] === 1) {
          top = push(top, pc, s, s)
          s++
        }
        break
      case OPEN:
        starts[item.number] = s
        break
      case CLOSE:
        ends[item.number] = s
        break
      case BALANCE: {
        if (s >= length || text.charCodeAt(s) !== item.number) {
          going = false
          break
        }
        const end = balanced(text, s, item.number, item.second)
        steps += (end < 0 ? length : end) - s
        if (end < 0) going = false
        else s = end
        break
      }
      case FRONTIER: {
        // Before and behind the text there is a zero byte.
        const before = s === 0 ? 0 : text.charCodeAt(s - 1)
        const here = s === length ? 0 : text.charCodeAt(s)
        going = set[before] === 0 && set[here] === 1
        break
      }
      case BACK: {
        const from = starts[item.number]
        const end = s + ends[item.number] - from
        steps += (end - s) >> 3
        if (end <= length && text.startsWith(text.slice(from, ends[item.number]), s)) s = end
        else going = false
        break
      }
      case LAST:
        going = s === length
        break
      case NEVER:
        going = false
        break
      case WRONG:
        throw m.error(item.message)
      default:
        return s
    }
    if (going) {
      pc++
      continue
    }
    for (;;) {
      if (top === 0) return -1
      pc = stack[top - 3]
      const back = items[pc]
      if (back.kind === MANY) {
        s = --stack[top - 1]
        if (s === stack[top - 2]) top -= 3
        break
      }
      s = stack[top - 1]
      if (back.kind === MAYBE) {
        top -= 3
        break
      }
      if (s < length && back.set[text.charCodeAt(s)] === 1) {
        stack[top - 1] = ++s
        break
      }
      top -= 3
    }
    pc++
  }
}

function push(top: number, pc: number, least: number, most: number): number {
  stack[top] = pc
  stack[top + 1] = least
  stack[top + 2] = most
  return top + 3
}

/** Where what begins with the one byte, at `s`, ends with the other one, or -1. */
function balanced(text: string, s: number, open: number, close: number): number {
  let depth = 1
  for (let i = s + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === close) {
      if (--depth === 0) return i + 1
    } else if (c === open) depth++
  }
  return -1
}

/** A capture of the last match, from 0 on. When there are none, the whole match is the first one. */
export function captured(m: Machine, program: Program, text: string, index: number): Value {
  const ending = program.captures[index]
  switch (ending) {
    case CLOSED:
      claim(m, ends[index] - starts[index])
      return text.slice(starts[index], ends[index])
    case POSITION:
      return starts[index] + 1
    case UNFINISHED:
      throw m.error('unfinished capture')
  }
  if (index > 0) throw m.error('invalid capture index')
  claim(m, matchEnd - matchStart)
  return text.slice(matchStart, matchEnd)
}
