/** What the comparisons of cjson, cmsgpack and struct with a live redis-server share: the same call here and there. */
import { LuaError, Machine } from '../../src/script/lua/machine.ts'
import { cjsonLibrary } from '../../src/script/lua/cjson.ts'
import { cmsgpackLibrary } from '../../src/script/lua/cmsgpack.ts'
import { structLibrary } from '../../src/script/lua/struct.ts'
import { Table } from '../../src/script/lua/table.ts'
import { Builtin, Callable, nullPointer, type Value, valuesOf } from '../../src/script/lua/value.ts'
import { expect } from 'vitest'
import type { RedisClient } from '../support/redis.ts'
import type { Random } from '../util/live.ts'

/** A call of `cjson.encode`, say. */
export interface Call {
  readonly name: string
  /** The arguments, as Lua that `loadstring` reads. */
  readonly source: string
}

export type Library = 'cjson' | 'cmsgpack' | 'struct'

/**
 * Runs calls on the server. ARGV: library, then name and argument source of each call. The answer has one text for each:
 * the arguments, in the order of the server's tables, `|`, and the results, or `E` and the error.
 */
export const script: string = `local out={} local p
local function w(v) local t=type(v)
if t=='nil' then p[#p+1]='N' elseif t=='boolean' then p[#p+1]=v and 'T' or 'F'
elseif t=='number' then if v~=v then p[#p+1]='#nan;' else p[#p+1]=string.format('#%.17g;',v) end
elseif t=='string' then p[#p+1]='$'..#v..':'..v
elseif t=='table' then p[#p+1]='{'..#v..';' for k,x in pairs(v) do w(k) w(x) end p[#p+1]='}'
else p[#p+1]=t=='userdata' and 'U' or 'X' end end
local function all(n,...) local a={...} for i=1,n do w(a[i]) end end
local function run(ok,...) p[#p+1]='|' if ok then all(select('#',...),...) else p[#p+1]='E'..tostring((...)) end end
for i=2,#ARGV,2 do p={} local name=ARGV[i] local args=loadstring('return '..ARGV[i+1])
all(select('#',args()),args())
run(pcall(loadstring('return '..ARGV[1]..'.'..name..'('..ARGV[i+1]..')','@user_script'))) out[#out+1]=table.concat(p) end
return out`

/** Makes calls here and on the server, and throws when their answers differ. */
export async function compare(
  client: RedisClient,
  here: Here,
  library: Library,
  calls: readonly Call[],
): Promise<void> {
  const answers = await ask(client, library, calls)
  expect(answers.length).toBe(calls.length)
  answers.forEach(({ args, results }, i) => {
    const { name, source } = calls[i]
    const ours = here.call(library, name, args)
    // Integer keys among others come first here, and in any place there: then only the characters can be compared.
    if (ours === results || (/^(encode|pack)$/.test(name) && sorted(ours) === sorted(results))) return
    // What is found to be wrong first depends on the order, too.
    if (source.includes(',') && unserialisable.test(ours) && unserialisable.test(results)) return
    expect(ours, `${library}.${name}(${source})`).toBe(results)
  })
}

const unserialisable = /^error user_script:1: Cannot serialise/

function sorted(text: string): string {
  return [...text].sort().join('')
}

/** What the arguments are, in the order of the server's tables, and what the call gave: values or an error. */
export interface Answer {
  readonly args: Value[]
  readonly results: string
}

export async function ask(client: RedisClient, library: Library, calls: readonly Call[]): Promise<Answer[]> {
  const argvs: (string | Uint8Array)[][] = []
  for (let at = 0; at < calls.length; at += 50) {
    const argv: (string | Uint8Array)[] = ['EVAL', script, '0', library]
    for (const { name, source } of calls.slice(at, at + 50)) argv.push(name, Buffer.from(source, 'latin1'))
    argvs.push(argv)
  }
  const answers: Answer[] = []
  for (const reply of await client.send(argvs)) {
    if (!reply.startsWith('[')) throw new Error(reply)
    // An array of JSON strings, with spaces between.
    for (const [text] of reply.matchAll(/"(?:[^"\\]|\\.)*"/g)) answers.push(answerOf(JSON.parse(text) as string))
  }
  return answers
}

function answerOf(text: string): Answer {
  const reader = new DumpReader(text)
  const args: Value[] = []
  while (!reader.skip('|')) args.push(reader.value())
  if (reader.skip('E')) return { args, results: `error ${text.slice(reader.at)}` }
  const results: string[] = []
  while (!reader.done) results.push(canonical(reader.value(), reader))
  return { args, results: results.join(' ') }
}

/** Reads what the script writes of values. The length that the server gives a table is kept beside it. */
class DumpReader {
  at = 0
  readonly lengths: Map<Table, number> = new Map()
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  skip(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  value(): Value {
    switch (this.text[this.at++]) {
      case 'N':
        return undefined
      case 'T':
        return true
      case 'F':
        return false
      case 'U':
        return nullPointer
      case 'X':
        return aFunction
      case '#': {
        const text = this.until(';')
        return text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text)
      }
      case '$': {
        const length = Number(this.until(':'))
        this.at += length
        return this.text.slice(this.at - length, this.at)
      }
      case '{': {
        const table = new Table()
        this.lengths.set(table, Number(this.until(';')))
        while (!this.skip('}')) {
          const key = this.value()
          table.set(key, this.value())
        }
        return table
      }
      default:
        throw new Error(`not a dump: ${this.text}`)
    }
  }

  private until(end: string): string {
    const found = this.text.indexOf(end, this.at)
    const text = this.text.slice(this.at, found)
    this.at = found + 1
    return text
  }
}

const aFunction: Callable = new Builtin(() => undefined)

/** A value as text; pairs in the order of their text, and the length of tables that have but one. */
export function canonical(value: Value, server?: { lengths: Map<Table, number> }): string {
  if (value instanceof Table) {
    const pairs: string[] = []
    for (let pair = value.next(undefined); pair; ) {
      const { key, value: held } = pair
      pairs.push(`${canonical(key, server)}=${canonical(held, server)}`)
      pair = value.next(key)
    }
    return `{#${server?.lengths.get(value) ?? value.length} ${pairs.sort().join(', ')}}`.replace(
      /^\{#\d+/,
      isList(value) ? '$&' : '{#',
    )
  }
  if (typeof value === 'string') return JSON.stringify(value)
  if (Object.is(value, -0)) return '-0'
  if (value instanceof Callable) return 'function'
  return value === nullPointer ? 'null' : String(value)
}

/** One machine with the libraries, in the place of a script. */
export class Here {
  readonly m: Machine = new Machine()
  readonly libraries: Readonly<Record<Library, Table>> = {
    cjson: cjsonLibrary(this.m),
    cmsgpack: cmsgpackLibrary(this.m),
    struct: structLibrary(this.m),
  }

  call(library: Library, name: string, args: readonly Value[]): string {
    this.m.site = { chunk: 'user_script', line: 1, name, kind: 'field' }
    const callee = this.libraries[library].get(name)
    if (!(callee instanceof Callable)) return `error no ${name}`
    try {
      return valuesOf(callee.callN([...args]))
        .map(value => canonical(value))
        .join(' ')
    } catch (error) {
      if (error instanceof LuaError) return `error ${String(error.value)}`
      throw error
    }
  }
}

/** Whether no integer key is behind a hole: otherwise `#` may give one of several lengths. */
function isList(table: Table): boolean {
  let end = 0
  while (table.get(end + 1) !== undefined) end++
  for (let pair = table.next(undefined); pair; ) {
    const { key } = pair
    if (typeof key === 'number' && key > end) return false
    pair = table.next(key)
  }
  return true
}

/** A string as Lua source. */
export function quoted(bytes: string): string {
  let text = '"'
  for (let i = 0; i < bytes.length; i++) {
    const unit = bytes.charCodeAt(i)
    if (unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c) text += bytes.charAt(i)
    else text += `\\${String(unit).padStart(3, '0')}`
  }
  return `${text}"`
}

export function numeral(n: number): string {
  if (n !== n) return '(0/0)'
  if (n === Infinity) return '(1/0)'
  if (n === -Infinity) return '(-1/0)'
  // Lua folds -0 into one constant with 0.
  if (Object.is(n, -0)) return 'tonumber("-0")'
  return n < 0 ? `(${n})` : String(n)
}

const bits = new DataView(new ArrayBuffer(8))

export function randomNumber(random: Random): number {
  switch (random.int(0, 11)) {
    case 0:
      return random.pick([0, -0, 1, -1, 0.5, 2.5, 0.1, 1e14, 1e15, 1e16, 123456789012345, 1e-5, 1e100, 5e-324, 0.0001])
    case 1: {
      const power = 2 ** random.int(0, 65)
      return random.pick([1, -1]) * (power + random.int(-2, 2))
    }
    case 2:
    case 3:
      bits.setUint32(0, random.int(0, 2 ** 32 - 1))
      bits.setUint32(4, random.int(0, 2 ** 32 - 1))
      return bits.getFloat64(0)
    case 4:
      return Math.fround(random.next() * 10 ** random.int(-10, 10))
    case 5:
      return random.pick([NaN, Infinity, -Infinity, 1.5, 3.25])
    case 6:
      return Number(`${random.digits(random.int(1, 15))}.${random.digits(random.int(1, 4))}5`)
    case 7:
      return random.int(-(2 ** 31), 2 ** 31) / 2 ** random.int(0, 12)
    case 8:
      return Number(`${random.int(1, 9)}${random.digits(random.int(0, 17))}e${random.int(-30, 30)}`)
    default:
      return random.int(-300, 300)
  }
}

export function randomBytes(random: Random): string {
  const length = random.pick([0, 1, 2, 3, 5, 8, 13, 21, 31, 32, 33])
  const kind = random.int(0, 2)
  let text = ''
  for (let i = 0; i < length; i++) {
    if (kind === 0) text += random.pick(['a', 'b', '/', '"', '\\', '\n', '\x7f', '\0', '\x1f', 'é', '0'])
    else text += String.fromCharCode(kind === 1 ? random.int(97, 122) : random.int(0, 255))
  }
  return text
}

/** A value as Lua source. */
export function randomSource(random: Random, depth: number): string {
  switch (random.int(0, depth > 0 ? 10 : 5)) {
    case 0:
      return random.pick(['true', 'false', 'nil', 'cjson.null', 'pcall'])
    case 1:
    case 2:
      return numeral(randomNumber(random))
    case 3:
    case 4:
    case 5:
      return quoted(randomBytes(random))
    case 6:
    case 7: {
      const items = Array.from({ length: random.pick([0, 1, 2, 3, 5, 15, 16]) }, () => randomSource(random, depth - 1))
      return `{${items.join(',')}}`
    }
    case 8: {
      // Keys that may be an array's.
      const keys = Array.from({ length: random.int(1, 6) }, () => random.int(1, random.pick([3, 6, 12, 30])))
      return `{${keys.map(key => `[${key}]=${randomSource(random, depth - 1)}`).join(',')}}`
    }
    default: {
      const pairs = Array.from({ length: random.pick([0, 1, 1, 2, 4, 16]) }, () => {
        const key =
          random.int(0, 9) === 0
            ? random.pick(['true', '1.5', '-1', '0', '2^31', '2^31-1', '2^40', 'pcall'])
            : quoted(randomBytes(random))
        return `[${key}]=${randomSource(random, depth - 1)}`
      })
      return `{${pairs.join(',')}}`
    }
  }
}

/** JSON, mostly right, with what lua-cjson takes beyond it. */
export function randomJson(random: Random, depth: number): string {
  const space = (): string => (random.int(0, 7) === 0 ? random.pick([' ', '\n', '\t', '\r', '  ']) : '')
  const text = (): string => {
    let inside = ''
    for (let left = random.int(0, 5); left > 0; left--) {
      switch (random.int(0, 7)) {
        case 0:
          inside += random.pick(['\\n', '\\t', '\\"', '\\\\', '\\/', '\\b', '\\f', '\\r', '\\x', '\\'])
          break
        case 1: {
          const hex = random.int(0, 0xffff).toString(16).padStart(4, '0')
          inside += `\\u${random.pick([hex, hex.toUpperCase(), '0000', '007f', '0080', '07ff', '0800', 'd800', 'dfff', '12g4'])}`
          break
        }
        case 2:
          inside += `\\ud${random.pick(['8', '9', 'a', 'b', 'c'])}${random.pick(['00', '3f', 'ff'])}\\ud${random.pick(['c', 'd', 'f', '8'])}${random.pick(['00', '3f', 'ff'])}`
          break
        case 3:
          inside += String.fromCharCode(random.int(0, 255))
          break
        default:
          inside += random.pick(['a', 'key', 'é', '\xe2\x82\xac', 'value of some length'])
      }
    }
    return `"${inside}"`
  }
  const scalar = (): string => {
    switch (random.int(0, 6)) {
      case 0:
        return random.pick([
          'true',
          'false',
          'null',
          'nul',
          'tru',
          'True',
          'nan',
          'NaN',
          'inf',
          '-inf',
          'Infinity',
          '+1',
          'nan(x_1)',
          '-nan',
          'infinit',
        ])
      case 1:
        return String(randomNumber(random))
      case 2:
        return random.pick([
          '0x10',
          '0x',
          '-0x1.8p3',
          '0x.8',
          '1.',
          '.5',
          '-.5',
          '1e',
          '1e+',
          '1e5',
          '1E-3',
          '01',
          '-01',
          '-',
          '00',
          '0x1p',
          '1e400',
          '-1e-400',
          '0xg',
          '1.e3',
          '12345678901234567890',
          '+',
          '++1',
          '--1',
          '- 1',
          '9007199254740993',
        ])
      case 3:
        return String(random.int(-1000, 1000))
      default:
        return text()
    }
  }
  const kind = depth > 0 ? random.int(0, 3) : 0
  if (kind < 2) return space() + scalar() + space()
  const parts = Array.from({ length: random.int(0, 4) }, () => {
    const value = randomJson(random, depth - 1)
    return kind === 2 ? value : `${space()}${text()}${space()}:${value}`
  })
  return kind === 2 ? `${space()}[${parts.join(',')}]${space()}` : `${space()}{${parts.join(',')}}${space()}`
}

/** A text cut, or with some bytes changed, taken out or put in. */
export function mutated(random: Random, text: string, chars: readonly string[]): string {
  switch (random.int(0, 3)) {
    case 0:
      return text.slice(0, random.int(0, text.length))
    case 1: {
      const at = random.int(0, text.length)
      return text.slice(0, at) + random.pick(chars) + text.slice(at + 1)
    }
    case 2: {
      const at = random.int(0, text.length)
      return text.slice(0, at) + random.pick(chars) + text.slice(at)
    }
    default: {
      const at = random.int(0, text.length)
      return text.slice(0, at) + text.slice(at + 1)
    }
  }
}

/** A format of `struct`, mostly with values to go with it. */
export function randomFormat(random: Random): { format: string; values: string[] } {
  let format = ''
  const values: string[] = []
  for (let left = random.int(0, 6); left > 0; left--) {
    const option = random.pick([
      'b',
      'B',
      'h',
      'H',
      'l',
      'L',
      'T',
      'i',
      'I',
      'i',
      'I',
      'f',
      'd',
      's',
      'c',
      'x',
      '>',
      '<',
      '!',
      ' ',
      'q',
    ])
    if (option === 'q' && random.int(0, 5) > 0) continue
    format += option === 'q' ? random.pick(['q', 'z', '(', '\xe9', '\0', '1']) : option
    if ('iIc!'.includes(option) && random.int(0, 3) > 0) {
      if (option === '!') format += random.pick(['1', '2', '4', '8', '16', '0', '3'])
      else if (option === 'c') format += String(random.pick([0, 0, 1, 2, 3, 5]))
      else format += String(random.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 17, 23, 24, 31, 32, 33]))
    }
    if ('bBhHlLTiIfd'.includes(option)) values.push(numeral(randomNumber(random)))
    else if (option === 's' || option === 'c') values.push(quoted(randomBytes(random)))
  }
  // Now and then one is missing, or of another type.
  if (random.int(0, 15) === 0) values.pop()
  if (random.int(0, 15) === 0 && values.length > 0)
    values[random.int(0, values.length - 1)] = random.pick(['nil', '"12"', '{}', '12', '"x"'])
  return { format, values }
}
