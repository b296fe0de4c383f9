/*
 * The library `cjson`: JSON as lua-cjson 2.1.0 writes and reads it.
 *
 * Both directions keep their own stack of open tables, so that no depth of nesting can exhaust JavaScript's, however deep
 * the script itself is when it calls.
 */

import { badArgument, integerArg, stringArg } from './arguments.ts'
import { extend, listOf, PIECE_BYTES, SLOTS, UNJOINED } from './codec.ts'
import { general } from './decimal.ts'
import { LONG_TEXT, type LuaError, type Machine, typeOf } from './machine.ts'
import { formatNumber } from './numbers.ts'
import { strtod } from '../../util/numbers.ts'
import { ITEM_BYTES, KEY_BYTES, type Link, Table, TABLE_BYTES } from './table.ts'
import { Builtin, nullPointer, type Result, Several, type Value } from './value.ts'

const MOST = 2 ** 31 - 1

/** What the functions named `encode_…` and `decode_…` set. */
interface Config {
  sparseConvert: boolean
  sparseRatio: number
  sparseSafe: number
  encodeDepth: number
  decodeDepth: number
  precision: number
  keepBuffer: boolean
  encodeInvalid: Invalid
  decodeInvalid: boolean
}

/** Whether NaN and the infinities are written: not, as they are, or as null. */
type Invalid = 'off' | 'on' | 'null'

/** The library, with a configuration that all scripts of the machine share, as those of one server do. */
export function cjsonLibrary(m: Machine): Table {
  const config: Config = {
    sparseConvert: false,
    sparseRatio: 2,
    sparseSafe: 10,
    encodeDepth: 1000,
    decodeDepth: 1000,
    precision: 14,
    keepBuffer: true,
    encodeInvalid: 'off',
    decodeInvalid: true,
  }
  const library = new Table()
  const add = (name: string, run: (args: Value[]) => Result): void => void library.setText(name, new Builtin(run))

  add('encode', args => {
    if (args.length !== 1) throw badArgument(m, 0, 'expected 1 argument')
    return encode(m, config, args[0])
  })
  add('decode', args => {
    if (args.length !== 1) throw badArgument(m, 0, 'expected 1 argument')
    const text = stringArg(m, args, 0)
    if (text.length >= 2 && (text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0))
      throw m.error('JSON parser does not support UTF-16 or UTF-32')
    return decode(m, config, text)
  })
  add('encode_sparse_array', args => {
    noMore(m, args, 3)
    config.sparseConvert = choice(m, args, 0, offOn, offOn[Number(config.sparseConvert)]) === 'on'
    config.sparseRatio = whole(m, args, 1, 0, MOST, config.sparseRatio)
    config.sparseSafe = whole(m, args, 2, 0, MOST, config.sparseSafe)
    return new Several([config.sparseConvert, config.sparseRatio, config.sparseSafe])
  })
  add('encode_max_depth', args => {
    noMore(m, args, 1)
    return (config.encodeDepth = whole(m, args, 0, 1, MOST, config.encodeDepth))
  })
  add('decode_max_depth', args => {
    noMore(m, args, 1)
    return (config.decodeDepth = whole(m, args, 0, 1, MOST, config.decodeDepth))
  })
  add('encode_number_precision', args => {
    noMore(m, args, 1)
    return (config.precision = whole(m, args, 0, 1, 14, config.precision))
  })
  add('encode_keep_buffer', args => {
    noMore(m, args, 1)
    return (config.keepBuffer = choice(m, args, 0, offOn, offOn[Number(config.keepBuffer)]) === 'on')
  })
  add('encode_invalid_numbers', args => {
    noMore(m, args, 1)
    config.encodeInvalid = choice(m, args, 0, offOnNull, config.encodeInvalid)
    return config.encodeInvalid === 'null' ? 'null' : config.encodeInvalid === 'on'
  })
  add('decode_invalid_numbers', args => {
    noMore(m, args, 1)
    return (config.decodeInvalid = choice(m, args, 0, offOn, offOn[Number(config.decodeInvalid)]) === 'on')
  })
  add('new', () => {
    m.allocate(16 * KEY_BYTES)
    return cjsonLibrary(m)
  })
  library.setText('null', nullPointer)
  library.setText('_NAME', 'cjson')
  library.setText('_VERSION', '2.1.0')
  return library
}

const offOn: readonly ('off' | 'on')[] = ['off', 'on']
const offOnNull: readonly Invalid[] = ['off', 'on', 'null']

function noMore(m: Machine, args: readonly Value[], most: number): void {
  if (args.length > most) throw badArgument(m, most, 'found too many arguments')
}

/** A whole number, of 32 bits as C cuts it, or what is set when nothing or nil is given. */
function whole(m: Machine, args: readonly Value[], at: number, min: number, max: number, set: number): number {
  if (args[at] === undefined) return set
  const n = Number(BigInt.asIntN(32, BigInt(integerArg(m, args, at))))
  // Whichever argument it is, the error names the first.
  if (n < min || n > max) throw badArgument(m, 0, `expected integer between ${min} and ${max}`)
  return n
}

/** A boolean or one of the words, or what is set when nothing or nil is given. */
function choice<T extends Invalid>(m: Machine, args: readonly Value[], at: number, words: readonly T[], set: T): T {
  const value = args[at]
  if (value === undefined) return set
  if (typeof value === 'boolean') return words[Number(value)]
  const text = cString(stringArg(m, args, at))
  const found = words.find(word => word === text)
  if (found === undefined) throw badArgument(m, at, `invalid option '${text}'`)
  return found
}

/** What C sees of a string: all before the first zero byte. */
function cString(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

// Encoding

/** A table that is being written. */
interface Open {
  readonly table: Table
  /** How many elements the array has; 0 for an object. */
  readonly length: number
  /** How many items were written or passed over. */
  at: number
  /** The next pair behind the items. */
  link: Link | undefined
  /** True until something is written. */
  fresh: boolean
  /** Slots of Lua's stack in use. */
  readonly slots: number
  readonly outer: Open | undefined
}

/** What a value takes, and one that is a number and not a whole one. */
const ONE = 13
const FRACTION = 60
/** What a table takes to be told array from object. */
const OPENED = 15

function encode(m: Machine, config: Config, root: Value): string {
  let out = ''
  let open: Open | undefined
  let depth = 0
  let value = root
  m.spend(ONE)
  for (;;) {
    m.spend(ONE)
    if (typeof value === 'string') out = appendText(m, out, value)
    else if (value instanceof Table) {
      depth++
      const slots: number = open === undefined ? 1 : open.slots + (open.length > 0 ? 1 : 2)
      // Three more slots are needed to go through a table.
      if (depth > config.encodeDepth || slots + 3 > SLOTS)
        throw m.error(`Cannot serialise, excessive nesting (${depth})`)
      const length = arrayLength(m, config, value)
      open = { table: value, length, at: 0, link: value.linked, fresh: true, slots, outer: open }
      extend(m, out.length, 2)
      out += length > 0 ? '[' : '{'
    } else {
      const text = typeof value === 'number' ? number(m, config, value) : atom(m, value)
      extend(m, out.length, text.length)
      out += text
    }

    // On to the next value of the innermost table that has one.
    for (;;) {
      if (open === undefined) return out
      if (open.length > 0) {
        if (open.at < open.length) {
          if (open.at > 0) {
            extend(m, out.length, 1)
            out += ','
          }
          value = open.table.getNumber(++open.at)
          break
        }
        out += ']'
      } else {
        const key = nextKey(open)
        if (key !== undefined) {
          value = nextValue
          const before = open.fresh ? '' : ','
          open.fresh = false
          if (typeof key === 'string') {
            extend(m, out.length, before.length + 1)
            out = appendText(m, out + before, key) + ':'
          } else if (typeof key === 'number') {
            const text = number(m, config, key)
            extend(m, out.length, text.length + 4)
            out += `${before}"${text}":`
          } else throw unsupported(m, key, 'table key must be a number or string')
          break
        }
        out += '}'
      }
      open = open.outer
      depth--
    }
  }
}

let nextValue: Value

/** The next key of an object, with its value in `nextValue`; undefined at the end. */
function nextKey(open: Open): Value {
  const { table } = open
  while (open.at < table.listed) {
    nextValue = table.getNumber(++open.at)
    if (nextValue !== undefined) return open.at
  }
  let { link } = open
  while (link !== undefined && link.value === undefined) link = link.next
  if (link === undefined) return undefined
  open.link = link.next
  nextValue = link.value
  return link.key
}

function atom(m: Machine, value: Value): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value === undefined || value === nullPointer) return 'null'
  throw unsupported(m, value, 'type not supported')
}

function unsupported(m: Machine, value: Value, why: string): LuaError {
  return m.error(`Cannot serialise ${typeOf(value)}: ${why}`)
}

/** How many elements a table has as an array; 0 when it is an object. */
function arrayLength(m: Machine, config: Config, table: Table): number {
  const { listed } = table
  let { last: max, filled: count } = table
  m.spend(OPENED + listed)
  for (let link = table.linked; link !== undefined; link = link.next) {
    if (link.value === undefined) continue
    const { key } = link
    if (typeof key !== 'number' || key < 1 || !Number.isInteger(key)) return 0
    m.spend(2)
    // lua-cjson keeps the largest key in an int: a larger one becomes the smallest int, and every key is above that.
    if (key > max) max = key > MOST ? -MOST - 1 : key
    count++
  }
  if (config.sparseRatio > 0 && max > Math.imul(count, config.sparseRatio) && max > config.sparseSafe) {
    if (!config.sparseConvert) throw unsupported(m, table, 'excessively sparse array')
    return 0
  }
  // What is not there is written as null.
  if (max > count) m.allocate(5 * (max - count))
  return Math.max(0, max)
}

function number(m: Machine, config: Config, n: number): string {
  if (n - n !== 0) {
    if (config.encodeInvalid === 'off') throw unsupported(m, n, 'must not be NaN or Inf')
    if (config.encodeInvalid === 'null') return 'null'
    return n !== n ? 'nan' : n > 0 ? 'inf' : '-inf'
  }
  if (config.precision === 14 && n > -1e14 && n < 1e14 && Number.isInteger(n)) return formatNumber(n)
  m.spend(FRACTION)
  const size = general(Math.abs(n), config.precision, false)
  return n < 0 || Object.is(n, -0) ? `-${size}` : size
}

/** What is written for each byte, undefined where it stands for itself. */
const escapes: (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 32 && byte !== 127) return undefined
  return `\\u00${byte.toString(16).padStart(2, '0')}`
})
for (const [char, escape] of Object.entries({
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '/': '\\/',
  '\\': '\\\\',
}))
  escapes[char.charCodeAt(0)] = escape

const escaped: Uint8Array = Uint8Array.from(escapes, escape => (escape === undefined ? 0 : 1))

/** What a piece of a text takes until it is made one. */
const ESCAPED = 32

/** `out` with a string in quotes behind it. */
function appendText(m: Machine, out: string, text: string): string {
  const { length } = text
  extend(m, out.length, length + 2)
  // Quotes are pieces, too.
  if (out.length >= UNJOINED) m.allocate(2 * PIECE_BYTES)
  m.spend(length >> 1)
  out += '"'
  let from = 0
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (escaped[unit] === 0) continue
    // Beside what is still to come as it is.
    extend(m, out.length + length - from + 1, 5 + ESCAPED)
    m.spend(5)
    out += text.slice(from, i) + escapes[unit]
    from = i + 1
  }
  return from === 0 ? out + text + '"' : out + text.slice(from) + '"'
}

// Decoding

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const ARRAY_BEGIN = 0x5b
const ARRAY_END = 0x5d
const OBJECT_BEGIN = 0x7b
const OBJECT_END = 0x7d

/** A table that is being read: `list` or `table` is set. */
interface Outer {
  readonly list: Value[] | undefined
  readonly table: Table
  readonly key: string
  readonly outer: Outer | undefined
}

const none = new Table()

function decode(m: Machine, config: Config, text: string): Value {
  const reader = new Reader(m, config, text)
  m.spend(20 + 2 * text.length)
  // The table around the value: an array when `list` is set, otherwise an object when `outer` is.
  let outer: Outer | undefined
  let list: Value[] | undefined
  let table = none
  let key = ''
  let inside = false
  let depth = 0
  let slots = 1
  let value: Value
  let token = reader.token()
  for (;;) {
    // A value begins at `token`.
    if (token === ARRAY_BEGIN || token === OBJECT_BEGIN) {
      depth++
      const isList = token === ARRAY_BEGIN
      if (depth > config.decodeDepth || slots + (isList ? 2 : 3) > SLOTS)
        throw m.error(`Found too many nested data structures (${depth}) at character ${reader.at}`)
      m.allocate(TABLE_BYTES)
      token = reader.token()
      if (token === (isList ? ARRAY_END : OBJECT_END)) {
        value = new Table()
        depth--
      } else {
        if (inside) outer = { list, table, key, outer }
        else outer = undefined
        inside = true
        if (isList) {
          list = []
          slots += 1
        } else {
          list = undefined
          table = new Table()
          slots += 2
          key = reader.key(token)
          token = reader.token()
        }
        continue
      }
    } else value = reader.value(token)

    // The value is complete. It may complete the tables around it.
    for (;;) {
      token = reader.token()
      if (!inside) {
        if (token !== 0) throw reader.unexpected('the end', token)
        return value
      }
      if (list !== undefined) {
        m.allocate(ITEM_BYTES)
        list.push(value)
        if (token === COMMA) {
          token = reader.token()
          break
        }
        if (token !== ARRAY_END) throw reader.unexpected('comma or array end', token)
        value = listOf(list)
        slots -= 1
      } else {
        m.allocate(KEY_BYTES)
        if (key.length >= LONG_TEXT) m.key(key)
        table.setText(key, value)
        if (token === COMMA) {
          key = reader.key(reader.token())
          token = reader.token()
          break
        }
        if (token !== OBJECT_END) throw reader.unexpected('comma or object end', token)
        value = table
        slots -= 2
      }
      depth--
      if (outer === undefined) {
        inside = false
        list = undefined
      } else {
        ;({ list, table, key, outer } = outer)
      }
    }
  }
}

/** What the readings of single tokens are, for error texts. Those not here are characters that stand for themselves. */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'T_END'],
  [OBJECT_BEGIN, 'T_OBJ_BEGIN'],
  [OBJECT_END, 'T_OBJ_END'],
  [ARRAY_BEGIN, 'T_ARR_BEGIN'],
  [ARRAY_END, 'T_ARR_END'],
  [COMMA, 'T_COMMA'],
  [COLON, 'T_COLON'],
])

/** What follows the backslash, and the character that it means. */
const unescaped: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }).map(
    ([letter, char]) => [letter.charCodeAt(0), char],
  ),
)

/** Takes the text apart. The token of a value, or of what is none, is the character that it begins with; 0 is the end. */
class Reader {
  private readonly m: Machine
  private readonly config: Config
  private readonly text: string
  /** Where the token begins. */
  private start: number
  /** Where the next one is looked for. */
  at: number
  /** What is wrong with the token. */
  private wrong: string

  constructor(m: Machine, config: Config, text: string) {
    this.m = m
    this.config = config
    this.text = text
    this.start = 0
    this.at = 0
    this.wrong = ''
  }

  /** The first character of the next token. Characters that are a token of their own are passed, others are not. */
  token(): number {
    const { text } = this
    let { at } = this
    let unit = text.charCodeAt(at)
    while (unit === 0x20 || (unit <= 0x0d && (unit === 0x0a || unit === 0x0d || unit === 0x09)))
      unit = text.charCodeAt(++at)
    this.start = at
    switch (unit) {
      case COMMA:
      case COLON:
      case ARRAY_BEGIN:
      case ARRAY_END:
      case OBJECT_BEGIN:
      case OBJECT_END:
        at++
        break
    }
    this.at = at
    // Behind the last character there is NaN. A zero byte ends the text for lua-cjson, too.
    return unit === unit ? unit : 0
  }

  /** The key that begins with `token`, and the colon. */
  key(token: number): string {
    if (token !== QUOTE) throw this.unexpected('object key string', token)
    const key = this.string()
    if (key === undefined) throw this.expected('object key string', this.wrong)
    const next = this.token()
    if (next !== COLON) throw this.unexpected('colon', next)
    return key
  }

  /** The value that begins with `token`. */
  value(token: number): Value {
    const value = this.scalar(token)
    if (value === undefined) throw this.expected('value', names.get(token) ?? this.wrong)
    return value
  }

  /** The error that `token` is not what was expected. */
  unexpected(what: string, token: number): LuaError {
    let found = names.get(token)
    if (found === undefined) {
      const value = this.scalar(token)
      if (value === undefined) found = this.wrong
      else if (value === nullPointer) found = 'T_NULL'
      else found = `T_${typeof value}`.toUpperCase()
    }
    return this.expected(what, found)
  }

  private expected(what: string, found: string): LuaError {
    this.m.spend(100)
    return this.m.error(`Expected ${what} but found ${found} at character ${this.start + 1}`)
  }

  /** A string, number, boolean or null; undefined, with `wrong` set, when there is none. */
  private scalar(token: number): Value {
    if (token === QUOTE) return this.string()
    if ((token >= 0x30 && token <= 0x39) || token === 0x2d) {
      if (!this.config.decodeInvalid && this.isInvalidNumber()) return this.fail('invalid number')
      return this.number()
    }
    const { text, at } = this
    if (token === 0x74 && text.startsWith('true', at)) {
      this.at = at + 4
      return true
    }
    if (token === 0x66 && text.startsWith('false', at)) {
      this.at = at + 5
      return false
    }
    if (token === 0x6e && text.startsWith('null', at)) {
      this.at = at + 4
      return nullPointer
    }
    // These, too, can begin a number.
    const mayBe = token === 0x2b || (token | 0x20) === 0x69 || (token | 0x20) === 0x6e
    if (mayBe && this.config.decodeInvalid && this.isInvalidNumber()) return this.number()
    return this.fail('invalid token')
  }

  private fail(why: string): undefined {
    this.wrong = why
    return undefined
  }

  /** A number that JSON does not have, but C does: with a plus, in hexadecimal, with zeros in front, infinite, NaN. */
  private isInvalidNumber(): boolean {
    const { text, at } = this
    return /[+]|-?(?:0[x0-9]|inf|nan)/iy.test(text.slice(at, at + 4))
  }

  /** A number as strtod of C reads it. */
  private number(): number | undefined {
    const { text } = this
    let { at } = this
    const negative = text.charCodeAt(at) === 0x2d
    if (negative) at++
    const from = at
    let n = 0
    let unit = text.charCodeAt(at)
    while (unit >= 0x30 && unit <= 0x39) {
      n = n * 10 + unit - 0x30
      unit = text.charCodeAt(++at)
    }
    let digits = at - from
    // Up to fifteen digits and nothing else of a number behind them is what most are.
    if (digits > 0 && digits <= 15 && unit !== 0x2e && (unit | 0x20) !== 0x65 && (unit | 0x20) !== 0x78) {
      this.at = at
      return negative ? -n : n
    }
    if (unit === 0x2e) {
      const point = at
      do unit = text.charCodeAt(++at)
      while (unit >= 0x30 && unit <= 0x39)
      digits += at - point - 1
    }
    if (digits === 0 || (unit | 0x20) === 0x78) return this.oddNumber()
    if ((unit | 0x20) === 0x65) {
      const sign = text.charCodeAt(at + 1)
      let end = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
      const power = end
      while ((unit = text.charCodeAt(end)) >= 0x30 && unit <= 0x39) end++
      // An exponent without digits is none.
      if (end > power) at = end
    }
    const number = Number(text.slice(this.at, at))
    this.at = at
    return number
  }

  private oddNumber(): number | undefined {
    for (const form of oddNumbers) {
      form.lastIndex = this.at
      const found = form.exec(this.text)
      if (found === null) continue
      this.at += found[0].length
      // Hexadecimal digits become a BigInt, of which engines limit the size.
      if (found[0].length > 2 ** 24) throw this.m.outOfMemory()
      return form === notNumber ? NaN : strtod(found[0])
    }
    return this.fail('invalid number')
  }

  /** The string whose quote is at `at`; undefined, with `wrong` and its place set, when it is none. */
  private string(): string | undefined {
    const { text } = this
    let at = this.at + 1
    let from = at
    let out = ''
    for (;;) {
      const unit = text.charCodeAt(at)
      if (unit === QUOTE) {
        this.at = at + 1
        if (from === at) return this.sized(out)
        return this.sized(out === '' ? text.slice(from, at) : out + text.slice(from, at))
      }
      if (unit === BACKSLASH) {
        out += text.slice(from, at)
        const letter = text.charCodeAt(at + 1)
        if (letter === 0x75) {
          const length = this.codePoint(at)
          if (length === 0) {
            this.start = at
            return this.fail('invalid unicode escape code')
          }
          out += this.decoded
          at += length
        } else {
          const char = unescaped.get(letter)
          if (char === undefined) {
            this.start = at
            return this.fail('invalid escape code')
          }
          out += char
          at += 2
        }
        from = at
      } else if (unit > 0) at++
      else {
        // A zero byte, or NaN behind the last one.
        this.start = at
        return this.fail('unexpected end of string')
      }
    }
  }

  private sized(text: string): string {
    this.m.allocate(text.length)
    return text
  }

  /** What the last \u stood for, in UTF-8. */
  private decoded = ''

  /** Decodes the \u at `at`, or the pair of them, and gives its length; 0 when it is wrong. */
  private codePoint(at: number): number {
    let point = this.hex4(at + 2)
    let length = 6
    if (point < 0) return 0
    if ((point & 0xf800) === 0xd800) {
      if ((point & 0x400) !== 0) return 0
      if (!this.text.startsWith('\\u', at + 6)) return 0
      const low = this.hex4(at + 8)
      if (low < 0 || (low & 0xfc00) !== 0xdc00) return 0
      point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff)
      length = 12
    }
    this.decoded = utf8(point)
    return length
  }

  private hex4(at: number): number {
    const digits = this.text.slice(at, at + 4)
    return /^[0-9A-Fa-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1
  }
}

const notNumber = /[+-]?nan(?:\(\w*\))?/iy
/** The forms of numbers that JSON does not have, or not with a plus, or not before what follows. */
const oddNumbers: readonly RegExp[] = [
  /[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?/iy,
  /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?/iy,
  /[+-]?inf(?:inity)?/iy,
  notNumber,
]

function utf8(point: number): string {
  if (point < 0x80) return String.fromCharCode(point)
  const last = 0x80 | (point & 0x3f)
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), last)
  const third = 0x80 | ((point >> 6) & 0x3f)
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), third, last)
  return String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), third, last)
}
