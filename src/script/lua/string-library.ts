import { badArgument, functionArg, integerArg, stringArg } from './arguments.ts'
import { claim, intArg } from './claim.ts'
import { format } from './format.ts'
import type { Machine } from './machine.ts'
import { find, gmatch, gsub, type Index, match, placeOf } from './patterns.ts'
import { Table } from './table.ts'
import { Builtin, nothing, type Result, Several, type Value } from './value.ts'

/** Values that a function of the host can return at once: the room on Lua's own stack. */
const MOST_VALUES = 7997

/** The table `string`. `index` stands for `t[k]`, where a table tells what `gsub` puts in. */
export function stringLibrary(m: Machine, index: Index): Table {
  const library = new Table()
  const define = (name: string, run: (args: Value[]) => Result): void => void library.setText(name, new Builtin(run))
  define('byte', args => byte(m, args))
  define('char', args => char(m, args))
  // There is no other form of a function, and none that could be loaded: what stands here is the beginning of Lua's.
  define('dump', args => {
    if (functionArg(m, args, 0) instanceof Builtin) throw m.error('unable to dump given function')
    return '\x1bLua'
  })
  define('find', args => find(m, args))
  define('format', args => format(m, args))
  define('gmatch', args => gmatch(m, args))
  define('gsub', args => gsub(m, args, index))
  define('len', args => stringArg(m, args, 0).length)
  define('lower', args => lower(m, stringArg(m, args, 0)))
  define('match', args => match(m, args))
  define('rep', args => rep(m, args))
  define('reverse', args => reverse(m, stringArg(m, args, 0)))
  define('sub', args => sub(m, args))
  define('upper', args => upper(m, stringArg(m, args, 0)))
  library.setText('gfind', library.getText('gmatch'))
  return library
}

function sub(m: Machine, args: readonly Value[]): string {
  const text = stringArg(m, args, 0)
  const { length } = text
  const from = placeOf(integerArg(m, args, 1), length)
  const to = args[2] === undefined ? length : placeOf(integerArg(m, args, 2), length)
  const first = from < 1 ? 0 : from - 1
  const last = to > length ? length : to
  if (first >= last) return ''
  claim(m, last - first)
  return text.slice(first, last)
}

function byte(m: Machine, args: readonly Value[]): Result {
  const text = stringArg(m, args, 0)
  const from = args[1] === undefined ? 1 : placeOf(integerArg(m, args, 1), text.length)
  const to = args[2] === undefined ? from : placeOf(integerArg(m, args, 2), text.length)
  const first = from < 1 ? 0 : from - 1
  const last = to > text.length ? text.length : to
  const count = last - first
  if (count === 1) return text.charCodeAt(first)
  if (count <= 0) return nothing
  if (count > MOST_VALUES) throw m.error('stack overflow (string slice too long)')
  m.spend(count * 2)
  const values: Value[] = []
  for (let i = first; i < last; i++) values.push(text.charCodeAt(i))
  return new Several(values)
}

function char(m: Machine, args: readonly Value[]): string {
  let text = ''
  claim(m, args.length)
  m.spend(args.length * 3)
  for (let i = 0; i < args.length; i++) {
    const code = intArg(m, args, i)
    if (code < 0 || code > 255) throw badArgument(m, i, 'invalid value')
    text += String.fromCharCode(code)
  }
  return text
}

function rep(m: Machine, args: readonly Value[]): string {
  const text = stringArg(m, args, 0)
  const count = intArg(m, args, 1)
  if (count <= 0 || text === '') return ''
  claim(m, text.length * count)
  return text.repeat(count)
}

const PIECE = 4096

function reverse(m: Machine, text: string): string {
  claim(m, text.length)
  m.spend(text.length)
  let reversed = ''
  // Bytes are put together in pieces: as many arguments as a long text has bytes are more than a call takes.
  const codes: number[] = []
  for (let i = text.length - 1; i >= 0; i--) {
    codes.push(text.charCodeAt(i))
    if (codes.length === PIECE) {
      reversed += String.fromCharCode(...codes)
      codes.length = 0
    }
  }
  return reversed + String.fromCharCode(...codes)
}

// JavaScript's own functions know more letters than the locale "C" does: of what has more than ASCII, they only get the
// letters of ASCII.
const beyond = /[\x80-\xff]/

function lower(m: Machine, text: string): string {
  claim(m, text.length)
  if (!beyond.test(text)) return text.toLowerCase()
  m.spend(text.length * 4)
  return text.replace(/[A-Z]{1,1000}/g, letters => letters.toLowerCase())
}

function upper(m: Machine, text: string): string {
  claim(m, text.length)
  if (!beyond.test(text)) return text.toUpperCase()
  m.spend(text.length * 4)
  return text.replace(/[a-z]{1,1000}/g, letters => letters.toUpperCase())
}
