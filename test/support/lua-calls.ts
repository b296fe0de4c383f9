/** Calls of functions of Lua's libraries, made here and on a live server, as text that can be compared. */

import { LuaError, type Machine, plainText } from '../../src/script/lua/machine.ts'
import { Table } from '../../src/script/lua/table.ts'
import { Builtin, Callable, type Result, type Value, valuesOf } from '../../src/script/lua/value.ts'
import { seventeenDigits } from '../../src/util/numbers.ts'
import type { Live } from './live.ts'

/** A function as Lua has it in its source, and as it is here. */
export interface Both {
  readonly lua: string
  readonly run: (args: Value[]) => Result
}

export type Argument = undefined | boolean | number | string | readonly Argument[] | Both

/** A function by its name, `string.rep`, and what to call it with. */
export interface Call {
  readonly name: string
  readonly args: readonly Argument[]
  /** Whether to tell the values of the first argument, too, as they are after the call. */
  readonly changes?: boolean
  /** Whether to call what the function returns until that returns nothing. */
  readonly walks?: boolean
}

export const call = (name: string, ...args: Argument[]): Call => ({ name, args })

export const changing = (name: string, ...args: Argument[]): Call => ({ name, args, changes: true })

export const walking = (name: string, ...args: Argument[]): Call => ({ name, args, walks: true })

function isList(argument: Argument): argument is readonly Argument[] {
  return Array.isArray(argument)
}

/** An argument as source text of Lua. */
export function source(argument: Argument): string {
  switch (typeof argument) {
    case 'undefined':
      return 'nil'
    case 'boolean':
      return String(argument)
    case 'number':
      if (argument !== argument) return '(0/0)'
      if (Object.is(argument, -0)) return '(-1/(1/0))'
      if (Math.abs(argument) === Infinity) return argument > 0 ? '(1/0)' : '(-1/0)'
      return argument < 0 ? `(${argument})` : String(argument)
    case 'string':
      return `"${argument.replace(/[^ !#-[\]-~]/g, c => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`)}"`
  }
  return isList(argument) ? `{${argument.map(source).join(',')}}` : argument.lua
}

function valueOf(argument: Argument): Value {
  if (typeof argument !== 'object') return argument
  return isList(argument) ? new Table(argument.map(valueOf)) : new Builtin(argument.run)
}

export function describe(value: Value): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil'
    case 'number':
      return seventeenDigits(value)
    case 'string':
      return `${value.length}:${value}`
    case 'boolean':
      return String(value)
  }
  if (value instanceof Callable) return 'function'
  return `{${(value as Table)
    .slice(1, (value as Table).length)
    .map(describe)
    .join(' ')}}`
}

const describer = `local format, select, type, concat, tostring = string.format, select, type, table.concat, tostring
local function v(x) local t = type(x)
if t == 'number' then return x ~= x and 'nan' or format('%.17g', x) end
if t == 'string' then return #x .. ':' .. x end
if t == 'table' then local r = {} for i = 1, #x do r[i] = v(x[i]) end return '{' .. concat(r, ' ') .. '}' end
return t == 'function' and t or tostring(x) end
local function d(...) local r = {} for i = 1, select('#', ...) do r[i] = v((select(i, ...))) end return concat(r, ' ') end`.replaceAll(
  '\n',
  ' ',
)

const between = '\x01;;\x01'

/** What the scripts answer that are expressions: each a list of values, or an error. */
export async function live(server: Live, expressions: readonly string[]): Promise<string[]> {
  const answers: string[] = []
  // A script has an end: of the memory that its parser takes.
  for (let i = 0; i < expressions.length; i += 2000) {
    const calls = expressions.slice(i, i + 2000).map(e => `o[#o+1]=d(pcall(function() ${e} end))`)
    const script = `${describer} local o = {} ${calls.join(' ')} return concat(o, '${between}')`
    const reply = await server.client.one('EVAL', script, '0')
    if (!reply.startsWith('"')) throw new Error(reply)
    answers.push(...(JSON.parse(reply) as string).split(between))
  }
  return answers
}

/** Makes a call here. */
export function answer(m: Machine, library: (name: string) => Value, { name, args, changes, walks }: Call): string {
  const callee = library(name) as Callable
  const values = args.map(valueOf)
  const [table] = values
  m.site = { chunk: 'user_script', line: 1, name: name.slice(name.lastIndexOf('.') + 1), kind: 'field' }
  try {
    let results = valuesOf(callee.callN(values))
    if (walks === true) results = [walk(results[0] as Callable)]
    return ['true', ...results.map(describe), ...(changes === true ? contents(table as Table, reach(args)) : [])].join(
      ' ',
    )
  } catch (e) {
    if (!(e instanceof LuaError)) throw e
    return `false ${describe(e.value)}`
  }
}

/** Up to which key the contents of a first argument are told. */
function reach([table]: readonly Argument[]): number {
  return (isList(table) ? table.length : 0) + 3
}

function contents(table: Table, to: number): string[] {
  const values: string[] = []
  for (let i = -2; i <= to; i++) values.push(describe(plainText(table.get(i))))
  return values
}

/** All that an iterator gives, a list for each time. */
function walk(iterator: Callable): Table {
  const found = new Table()
  for (;;) {
    const values = valuesOf(iterator.call0())
    if (values[0] === undefined) return found
    found.setNumber(found.length + 1, new Table([...values]))
  }
}

/** The same call in Lua. */
export function expression({ name, args, changes, walks }: Call): string {
  if (walks === true)
    return `local f, r = ${name}(${args.map(source).join(',')}), {} while true do local t = {f()} if t[1] == nil then return r end r[#r+1] = t end`
  if (changes !== true) return `return ${name}(${args.map(source).join(',')})`
  const [table, ...others] = args.map(source)
  const list = ['t', ...others].join(',')
  return `local t=${table} local r={${name}(${list})} for i=-2,${reach(args)} do r[#r+1]=tostring(t[i]) end return unpack(r)`
}

/** Calls that are answered otherwise here than on the server. */
export async function differences(
  server: Live,
  m: Machine,
  library: (name: string) => Value,
  calls: readonly Call[],
): Promise<string[]> {
  const expected = await live(server, calls.map(expression))
  const found: string[] = []
  calls.forEach((one, i) => {
    const got = answer(m, library, one)
    if (got !== expected[i])
      found.push(`${expression(one)}\n  redis: ${JSON.stringify(expected[i])}\n  here:  ${JSON.stringify(got)}`)
  })
  return found
}
