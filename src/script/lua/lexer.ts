import { parseNumber } from './numbers.ts'

/** A token: a reserved word or sign as it is spelled, or one of the kinds in angle brackets. */
export type Token = string

export const END: Token = '<eof>'
export const NAME: Token = '<name>'
export const STRING: Token = '<string>'
export const NUMBER: Token = '<number>'

const reserved: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
)

const SPACE = 1
const DIGIT = 2
const LETTER = 4
const HEX = 8

/** What each byte is, in the C locale. */
const kinds = new Uint8Array(256)
for (const space of ' \t\v\f\r\n') kinds[space.charCodeAt(0)] = SPACE
for (let i = 0; i < 10; i++) kinds[0x30 + i] = DIGIT | HEX
for (let i = 0; i < 26; i++) kinds[0x41 + i] = kinds[0x61 + i] = LETTER | (i < 6 ? HEX : 0)
kinds[0x5f] = LETTER

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** A source that is no Lua; `message` says where and why, as Lua words it. */
export class SyntaxFault {
  readonly message: string
  readonly line: number
  constructor(message: string, line: number) {
    this.message = message
    this.line = line
  }
}

/** Splits a source, of one character per byte, into tokens. */
export class Lexer {
  /** The token under way, and the text or number that it stands for. */
  token: Token
  text: string
  number: number
  /** The line that has been read up to, and that of the token before the one under way. */
  line: number
  lastLine: number
  private readonly source: string
  private readonly chunk: string
  private at: number
  /** What Lua's buffer would hold, for error texts: the last name, string or number as it was read. */
  private seen: string
  private ahead: { token: Token; text: string; number: number; seen: string } | undefined

  constructor(source: string, chunk: string) {
    this.source = source
    this.chunk = chunk
    this.at = 0
    this.line = 1
    this.lastLine = 1
    this.token = END
    this.text = ''
    this.number = 0
    this.seen = ''
    this.ahead = undefined
    this.next()
    this.lastLine = 1
  }

  next(): void {
    this.lastLine = this.line
    if (this.ahead !== undefined) {
      Object.assign(this, this.ahead)
      this.ahead = undefined
    } else this.token = this.read()
  }

  /** The token behind the one under way. */
  peek(): Token {
    if (this.ahead === undefined) {
      const { token, text, number, seen } = this
      const behind = this.read()
      this.ahead = { token: behind, text: this.text, number: this.number, seen: this.seen }
      Object.assign(this, { token, text, number, seen })
    }
    return this.ahead.token
  }

  /** An error at the token under way. */
  fault(message: string): SyntaxFault {
    return this.faultNear(message, this.token)
  }

  /** An error of which Lua shows no token. */
  bareFault(message: string): SyntaxFault {
    return new SyntaxFault(`${this.chunk}:${this.line}: ${message}`, this.line)
  }

  private faultNear(message: string, token: Token): SyntaxFault {
    // And takes a token of a zero byte for none.
    if (token === '\0') return this.bareFault(message)
    const literal = token === NAME || token === STRING || token === NUMBER
    // To C this byte is no token.
    if (token === '\0') return this.bareFault(message)
    const text = literal ? this.seen : shown(token)
    // C prints up to the first zero byte.
    const end = text.indexOf('\0')
    return this.bareFault(`${message} near '${end < 0 ? text : text.slice(0, end)}'`)
  }

  private read(): Token {
    const { source } = this
    for (;;) {
      const char = source[this.at]
      if (char === undefined) return END
      const kind = kinds[char.charCodeAt(0)]
      if (char === '\n' || char === '\r') {
        this.newLine()
        continue
      }
      if ((kind & SPACE) !== 0) {
        this.at++
        continue
      }
      if ((kind & LETTER) !== 0) return this.readName()
      if ((kind & DIGIT) !== 0) return this.readNumber(this.at)
      switch (char) {
        case '-':
          this.at++
          if (source[this.at] !== '-') return '-'
          this.at++
          this.skipComment()
          continue
        case '[': {
          const start = this.at
          const level = this.level()
          if (level >= 0) {
            this.text = this.readLong(level, true)
            this.seen = source.slice(start, this.at)
            return STRING
          }
          if (level === -1) return '['
          this.seen = source.slice(start, this.at)
          throw this.faultNear('invalid long string delimiter', STRING)
        }
        case '=':
        case '<':
        case '>':
        case '~':
          this.at++
          if (source[this.at] !== '=') return char
          this.at++
          return `${char}=`
        case '"':
        case "'":
          return this.readString(char)
        case '.':
          if ((kinds[source.charCodeAt(this.at + 1)] & DIGIT) !== 0) return this.readNumber(this.at)
          this.at++
          if (source[this.at] !== '.') return '.'
          this.at++
          if (source[this.at] !== '.') return '..'
          this.at++
          return '...'
        default:
          this.at++
          return char
      }
    }
  }

  /** Steps over a line's end, which may be two characters. */
  private newLine(): void {
    const { source } = this
    const old = source[this.at++]
    const char = source[this.at]
    if ((char === '\n' || char === '\r') && char !== old) this.at++
    this.line++
  }

  private readName(): Token {
    const { source } = this
    const start = this.at
    while ((kinds[source.charCodeAt(this.at)] & (LETTER | DIGIT)) !== 0) this.at++
    const name = source.slice(start, this.at)
    this.seen = name
    if (reserved.has(name)) return name
    this.text = name
    return NAME
  }

  private readNumber(start: number): Token {
    const { source } = this
    const isNumeric = (): boolean => (kinds[source.charCodeAt(this.at)] & DIGIT) !== 0 || source[this.at] === '.'
    while (isNumeric()) this.at++
    if (source[this.at] === 'e' || source[this.at] === 'E') {
      this.at++
      if (source[this.at] === '+' || source[this.at] === '-') this.at++
    }
    while ((kinds[source.charCodeAt(this.at)] & (LETTER | DIGIT)) !== 0) this.at++
    this.seen = source.slice(start, this.at)
    const number = parseNumber(this.seen)
    if (number === undefined) throw this.faultNear('malformed number', NUMBER)
    this.number = number
    return NUMBER
  }

  private skipComment(): void {
    const { source } = this
    if (source[this.at] === '[') {
      const level = this.level()
      if (level >= 0) {
        this.readLong(level, false)
        return
      }
    }
    while (this.at < source.length && source[this.at] !== '\n' && source[this.at] !== '\r') this.at++
  }

  /**
   * At a bracket: the number of equals signs up to the next bracket, which is stepped to; -1 for a bracket alone, which is
   * stepped over, and less when there are signs but no bracket.
   */
  private level(): number {
    const { source } = this
    const bracket = source[this.at++]
    let count = 0
    while (source[this.at] === '=') {
      this.at++
      count++
    }
    return source[this.at] === bracket ? count : -count - 1
  }

  private readLong(level: number, isString: boolean): string {
    const { source } = this
    this.at++
    if (source[this.at] === '\r' || source[this.at] === '\n') this.newLine()
    let text = ''
    let from = this.at
    for (;;) {
      const char = source[this.at]
      if (char === undefined) {
        this.seen = END
        throw this.faultNear(isString ? 'unfinished long string' : 'unfinished long comment', END)
      }
      if (char === ']') {
        const end = this.at
        if (this.level() === level) {
          this.at++
          return text + source.slice(from, end)
        }
      } else if (char === '[') {
        if (this.level() === level) {
          this.at++
          if (level === 0) throw this.faultNear('nesting of [[...]] is deprecated', '[')
        }
      } else if (char === '\r' || char === '\n') {
        text += `${source.slice(from, this.at)}\n`
        this.newLine()
        from = this.at
      } else this.at++
    }
  }

  private readString(quote: string): Token {
    const { source } = this
    let text = ''
    let from = ++this.at
    for (;;) {
      const char = source[this.at]
      if (char === quote) {
        text += source.slice(from, this.at++)
        this.text = text
        this.seen = quote + text + quote
        return STRING
      }
      if (char === undefined) throw this.faultNear('unfinished string', END)
      if (char === '\n' || char === '\r') {
        this.seen = quote + text + source.slice(from, this.at)
        throw this.faultNear('unfinished string', STRING)
      }
      if (char !== '\\') {
        this.at++
        continue
      }
      text += source.slice(from, this.at++)
      text += this.readEscape(quote + text)
      from = this.at
    }
  }

  /** What stands behind a backslash. */
  private readEscape(before: string): string {
    const { source } = this
    const char = source[this.at]
    if (char === undefined) return ''
    if (char === '\n' || char === '\r') {
      this.newLine()
      return '\n'
    }
    if ((kinds[char.charCodeAt(0)] & DIGIT) === 0) {
      this.at++
      return Object.hasOwn(escapes, char) ? escapes[char] : char
    }
    const start = this.at
    while (this.at < start + 3 && (kinds[source.charCodeAt(this.at)] & DIGIT) !== 0) this.at++
    const byte = Number(source.slice(start, this.at))
    if (byte > 255) {
      this.seen = before
      throw this.faultNear('escape sequence too large', STRING)
    }
    return String.fromCharCode(byte)
  }
}

/** A token as error texts show it. */
export function shown(token: Token): string {
  const code = token.charCodeAt(0)
  return token.length === 1 && (code < 0x20 || code === 0x7f) ? `char(${code})` : token
}
