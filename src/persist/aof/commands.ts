import { textAt } from '../../encoding/bytes.ts'
import { CorruptionError } from '../../encoding/corruption.ts'
import { LONGEST_ARGUMENT, MOST_ARGUMENTS } from './constants.ts'

const STAR = 0x2a
const DOLLAR = 0x24
const CR = 0x0d
const LF = 0x0a
/** No number here has more digits. */
const DIGITS = 10

/** Reads commands, `*<count>\r\n` and `$<length>\r\n<bytes>\r\n` for each argument, as strictly as they are written. */
export class CommandReader {
  bytes: Uint8Array
  at: number
  end: number
  /** The offset of `bytes[0]` in the file. */
  base: number
  readonly file: string | undefined
  private number: number

  constructor(file: string | undefined) {
    this.bytes = new Uint8Array(0)
    this.at = 0
    this.end = 0
    this.base = 0
    this.file = file
    this.number = 0
  }

  fail(what: string, at: number = this.at): never {
    throw new CorruptionError(what, { file: this.file, offset: this.base + at })
  }

  /** The next command, or undefined when the bytes end inside it; `at` then stays at its start. */
  next(): string[] | undefined {
    const { bytes, end } = this
    let at = this.line(this.at, STAR, MOST_ARGUMENTS)
    if (at < 0) return undefined
    const count = this.number
    if (count === 0) this.fail('a command without a name')
    const argv: string[] = []
    for (let i = 0; i < count; i++) {
      at = this.line(at, DOLLAR, LONGEST_ARGUMENT)
      if (at < 0) return undefined
      const stop = at + this.number
      if (stop + 2 > end) return undefined
      if (bytes[stop] !== CR || bytes[stop + 1] !== LF) this.fail('an argument has another length than stated', stop)
      argv.push(textAt(bytes, at, stop))
      at = stop + 2
    }
    this.at = at
    return argv
  }

  /** Reads `<mark><number>\r\n` into `number`; the position after it, or -1 when the bytes end before. */
  private line(at: number, mark: number, most: number): number {
    const { bytes, end } = this
    if (at >= end) return -1
    if (bytes[at] !== mark) this.fail(`${String.fromCharCode(mark)} was expected`, at)
    const start = at + 1
    let number = 0
    let i = start
    for (; i < end; i++) {
      const digit = bytes[i] - 0x30
      if (digit < 0 || digit > 9) break
      if (i - start === DIGITS) this.fail('a number is too long', start)
      number = number * 10 + digit
    }
    if (i === end) return -1
    if (i === start || (bytes[start] === 0x30 && i > start + 1)) this.fail('a number was expected', start)
    if (bytes[i] !== CR) this.fail('the end of a line was expected', i)
    if (number > most) this.fail('a number is too large', start)
    if (i + 1 >= end) return -1
    if (bytes[i + 1] !== LF) this.fail('the end of a line was expected', i)
    this.number = number
    return i + 2
  }
}
