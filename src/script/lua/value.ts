/*
 * Values of Lua 5.1 as they are in JavaScript:
 *
 *     nil          undefined
 *     boolean      boolean
 *     number       number: both are IEEE doubles
 *     string       string with one character per byte, U+0000–U+00FF
 *     table        Table
 *     function     Callable
 *     thread       Coroutine, which is a Thread
 *     userdata     Userdata
 *
 * A call gives a `Result`: exactly one value as itself, none or several as a `Several`.
 */

import type { Table } from './table.ts'

export type Value = undefined | boolean | number | string | Table | Callable | Thread | Userdata

/** None or several values. What holds exactly one may be a `Several`, too. */
export class Several {
  readonly values: Value[]
  constructor(values: Value[]) {
    this.values = values
  }
}

export type Result = Value | Several

/** No value. */
export const nothing: Several = new Several([])

/** One nil, where it has to be told from nothing. */
export const oneNil: Several = new Several([undefined])

/** The first of the values, nil when there is none. */
export function first(result: Result): Value {
  return result instanceof Several ? result.values[0] : result
}

/** All values, as a list that the caller must not change. */
export function valuesOf(result: Result): readonly Value[] {
  return result instanceof Several ? result.values : [result]
}

/** What is called: a function of Lua or one of the host. */
export abstract class Callable {
  abstract call0(): Result
  abstract call1(a: Value): Result
  abstract call2(a: Value, b: Value): Result
  abstract call3(a: Value, b: Value, c: Value): Result
  /** The callee may keep the list. */
  abstract callN(args: Value[]): Result
}

/** A function of the host. It gets as many arguments as were given. */
export class Builtin extends Callable {
  private readonly run: (args: Value[]) => Result
  constructor(run: (args: Value[]) => Result) {
    super()
    this.run = run
  }
  call0(): Result {
    return this.run([])
  }
  call1(a: Value): Result {
    return this.run([a])
  }
  call2(a: Value, b: Value): Result {
    return this.run([a, b])
  }
  call3(a: Value, b: Value, c: Value): Result {
    return this.run([a, b, c])
  }
  callN(args: Value[]): Result {
    return this.run(args)
  }
}

/** A coroutine, for those who need not know what it does. */
export abstract class Thread {
  abstract status: 'suspended' | 'running' | 'normal' | 'dead'
}

/** What only the host can make. */
export class Userdata {
  readonly what: string
  constructor(what: string) {
    this.what = what
  }
}

/** The null pointer, which stands for null in JSON and MessagePack. */
export const nullPointer: Userdata = new Userdata('(nil)')

export type TypeName = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function' | 'thread' | 'userdata'
