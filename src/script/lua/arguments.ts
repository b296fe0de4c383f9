import { type LuaError, LONG_TEXT, type Machine, toNumber, typeOf } from './machine.ts'
import { formatNumber } from './numbers.ts'
import { Callable, type Value } from './value.ts'
import { Table } from './table.ts'

/*
 * The arguments of functions of the host, checked as Lua's own functions do. `at` counts from 0; error texts count from 1.
 */

/** The error of a wrong argument: `bad argument #1 to 'rep' (string expected, got nil)`. */
export function badArgument(m: Machine, at: number, why: string): LuaError {
  const { kind, name = '?' } = m.site
  let number = at + 1
  if (kind === 'method') {
    // The object before the colon is not counted.
    number--
    if (number === 0) return m.error(`calling '${name}' on bad self (${why})`)
  }
  return m.error(`bad argument #${number} to '${name}' (${why})`)
}

export function wrongType(m: Machine, args: readonly Value[], at: number, expected: string): LuaError {
  return badArgument(m, at, `${expected} expected, got ${at < args.length ? typeOf(args[at]) : 'no value'}`)
}

/** What it takes to spell a number. */
export const SPELLING = 30

/** A string; numbers are spelled. */
export function stringArg(m: Machine, args: readonly Value[], at: number): string {
  const value = args[at]
  if (typeof value === 'string') {
    if (value.length >= LONG_TEXT) m.read(value)
    return value
  }
  if (typeof value === 'number') {
    m.spend(SPELLING)
    return formatNumber(value)
  }
  throw wrongType(m, args, at, 'string')
}

/** A number; strings that spell one are read. */
export function numberArg(m: Machine, args: readonly Value[], at: number): number {
  const value = args[at]
  if (typeof value === 'number') return value
  if (typeof value === 'string') m.spend(SPELLING + value.length)
  const n = toNumber(value)
  if (n === undefined) throw wrongType(m, args, at, 'number')
  return n
}

/** A number cut to a whole one, of 64 bits: what C makes of a double. */
export function integerArg(m: Machine, args: readonly Value[], at: number): number {
  return toInteger(numberArg(m, args, at))
}

/** As C turns a double into a 64-bit integer on x86: what does not fit, NaN too, is the smallest one. */
export function toInteger(n: number): number {
  const whole = Math.trunc(n)
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? whole + 0 : -(2 ** 63)
}

export function tableArg(m: Machine, args: readonly Value[], at: number): Table {
  const value = args[at]
  if (value instanceof Table) return value
  throw wrongType(m, args, at, 'table')
}

export function functionArg(m: Machine, args: readonly Value[], at: number): Callable {
  const value = args[at]
  if (value instanceof Callable) return value
  throw wrongType(m, args, at, 'function')
}

/** Throws unless an argument was given, be it nil. */
export function anyArg(m: Machine, args: readonly Value[], at: number): Value {
  if (at < args.length) return args[at]
  throw badArgument(m, at, 'value expected')
}

export function absent(args: readonly Value[], at: number): boolean {
  return args[at] === undefined
}
