import { lines, Refusal, ReplyError, wrongArity } from '../errors.ts'
import type { Key, Pairs, Value } from '../api/types.ts'
import * as input from '../commands/input.ts'
import { parseDouble, parseInteger } from '../util/numbers.ts'

/** One argument on its way out. */
export type Arg = Value

/** The arguments of one call on the way in, read from left to right. */
export class ArgReader {
  readonly argv: readonly string[]
  at: number
  /** How many databases there are to name. */
  readonly databases: number

  constructor(argv: readonly string[], at: number, databases: number) {
    this.argv = argv
    this.at = at
    this.databases = databases
  }

  get left(): number {
    return this.argv.length - this.at
  }

  next(): string {
    if (this.at >= this.argv.length) throw new ReplyError(lines.syntax)
    return this.argv[this.at++]
  }

  /** The next argument in upper case, without taking it; undefined at the end. */
  peek(): string | undefined {
    return this.at < this.argv.length ? this.argv[this.at].toUpperCase() : undefined
  }
}

/** Where a codec's keys stand, for COMMAND and for cluster slots. */
export type KeyUse = 'none' | 'key' | 'keys' | 'pairs' | 'counted'

/**
 * How one parameter of an op is spelled: read from the arguments and written to them. What is written is checked as the
 * op would: a wrong type is a TypeError, which calls it `name`.
 * `min` and `max` are how many arguments it takes; arity follows from them.
 */
export interface Codec<T> {
  readonly read: (args: ArgReader) => T
  readonly write: (value: T, argv: Arg[], name?: string) => void
  readonly min: number
  readonly max: number
  readonly keys: KeyUse
}

function codec<T>(
  read: (args: ArgReader) => T,
  write: (value: T, argv: Arg[], name?: string) => void,
  min = 1,
  max = min,
  keys: KeyUse = 'none',
): Codec<T> {
  return { read, write, min, max, keys }
}

/** A key. */
export const key: Codec<Key> = codec<Key>(
  args => args.next(),
  (given, argv) => {
    // Sent as it is: the canonical form is for the inside.
    if (typeof given !== 'string' && !(given instanceof Uint8Array)) input.keyText(given)
    argv.push(given)
  },
  1,
  1,
  'key',
)

/** A field, member or value. */
export const value: Codec<Value> = codec<Value>(
  args => args.next(),
  (given, argv, name = 'value') => {
    if (typeof given !== 'string' && !(given instanceof Uint8Array)) input.text(given, name)
    argv.push(given)
  },
)

/** Words in upper case, one of which the argument must be. */
export function word<W extends string>(...words: readonly W[]): Codec<W> {
  const known = new Set<string>(words.map(one => one.toUpperCase()))
  return codec<W>(
    args => {
      const given = args.next().toUpperCase()
      if (!known.has(given)) throw new ReplyError(lines.syntax)
      return given as W
    },
    (given, argv, name = 'word') => {
      const spelled = String(given).toUpperCase()
      if (!known.has(spelled))
        throw new TypeError(`${name} must be one of ${[...known].join(', ')}, not ${String(given)}`)
      argv.push(spelled)
    },
  )
}

/** An int64, a number where that is exact. */
export function integer(line: string = lines.notInteger): Codec<number | bigint> {
  return codec<number | bigint>(
    args => {
      const n = parseInteger(args.next())
      if (n === undefined) throw new ReplyError(line)
      return n
    },
    (given, argv, name = 'argument') => argv.push(input.integer(given, name)),
  )
}

/** An integer from `min` to `max`: `line` refuses one outside, `notInteger` what is none. */
export function ranged(
  min: number | bigint,
  max: number | bigint,
  line: string,
  notInteger: string = line,
): Codec<number | bigint> {
  const any = integer(notInteger)
  return {
    ...any,
    read: args => {
      const n = any.read(args)
      if (n < min || n > max) throw new ReplyError(line)
      return n
    },
  }
}

/** An int64 as a bigint, so that the op computes exactly and answers whatever the result is. */
export function exact(line: string = lines.notInteger): Codec<number | bigint> {
  const any = integer(line)
  return { ...any, read: args => BigInt(any.read(args)) }
}

/**
 * `numkeys key [key …]`; `line` refuses a number that is not positive, `notInteger` what is none, and `tooMany` one with
 * fewer arguments behind it.
 */
export function counted<T>(
  inner: Codec<T>,
  line: string,
  notInteger: string = line,
  tooMany: string = lines.syntax,
): Codec<readonly T[]> {
  const many = ranged(1, Infinity, line, notInteger)
  return {
    read: args => {
      const n = many.read(args)
      if (n > args.left) throw new ReplyError(tooMany)
      const list: T[] = []
      while (list.length < n) list.push(inner.read(args))
      return list
    },
    write: (given, argv) => {
      argv.push(input.listOf(given, inner.keys === 'none' ? 'values' : 'keys').length)
      for (const one of given) inner.write(one, argv)
    },
    min: 1 + inner.min,
    max: Infinity,
    keys: inner.keys === 'none' ? 'none' : 'counted',
  }
}

/** A double. */
export function double(line: string = lines.notFloat): Codec<number> {
  return codec<number>(
    args => {
      const n = parseDouble(args.next())
      if (n === undefined) throw new ReplyError(line)
      return n
    },
    (given, argv, name = 'argument') => {
      if (Number.isNaN(input.double(given, name))) throw new ReplyError(line)
      argv.push(doubleText(given))
    },
  )
}

/** A double as an argument. */
export function doubleText(n: number): Value {
  if (n === 0) return Object.is(n, -0) ? '-0' : 0
  return n === Infinity ? 'inf' : n === -Infinity ? '-inf' : n
}

/**
 * A parameter that Redis reads only after it has looked at the key: a bad argument reaches the op as a `Refusal`, which
 * throws when the op asks for its value.
 */
export function late<T>(inner: Codec<T>): Codec<T> {
  return {
    ...inner,
    read: args => {
      const at = args.at
      // One that is missing is a syntax error at once.
      if (args.left < inner.min) throw new ReplyError(lines.syntax)
      try {
        return inner.read(args)
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error
        args.at = Math.min(at + inner.max, args.argv.length)
        return new Refusal(error.message) as unknown as T
      }
    },
  }
}

/** A parameter that may be left out at the end. */
export function optional<T>(inner: Codec<T>): Codec<T | undefined> {
  return {
    read: args => (args.left > 0 ? inner.read(args) : undefined),
    write: (given, argv, name) => {
      if (given !== undefined) inner.write(given, argv, name)
    },
    min: 0,
    max: inner.max,
    keys: inner.keys,
  }
}

/** As `optional`, for commands that refuse arguments behind it before they read it. */
export function last<T>(inner: Codec<T>): Codec<T | undefined> {
  const codec = optional(inner)
  return {
    ...codec,
    read: args => {
      if (args.left > inner.max) throw new ReplyError(lines.syntax)
      return codec.read(args)
    },
  }
}

/** A parameter of the op that the command does not spell: it is always `given`. */
export function constant<T>(given: T): Codec<T> {
  return codec<T>(
    () => given,
    () => {},
    0,
  )
}

/** A parameter that only some overloads of the method have, and the wire never: written when it is given. */
export const extra: Codec<Value | undefined> = codec<Value | undefined>(
  () => undefined,
  (given, argv) => {
    if (given !== undefined) value.write(given, argv)
  },
  0,
)

/** `field value [field value …]`; a method's overload with one pair gives the field here and the value as `extra`. */
export const pairs: Codec<Value | Pairs> = codec<Value | Pairs>(
  args => {
    if (args.left % 2 !== 0) throw new ReplyError(wrongArity(args.argv[0]))
    const flat: Value[] = []
    while (args.left > 0) flat.push(args.next())
    return flat
  },
  (given, argv) => {
    if (typeof given !== 'object' || given instanceof Uint8Array) return value.write(given, argv, 'field')
    input.eachPair(given, 'pairs', (field, content) => {
      value.write(field, argv, 'field')
      value.write(content, argv)
    })
  },
  2,
  Infinity,
)

/** All arguments that are left, at least `min` of them. */
export function rest<T>(inner: Codec<T>, min = 1): Codec<readonly T[]> {
  return {
    read: args => {
      const list: T[] = []
      while (args.left > 0) list.push(inner.read(args))
      return list
    },
    write: (given, argv) => {
      if (min > 0) input.listOf(given, inner.keys === 'none' ? 'values' : 'keys')
      for (const one of given) inner.write(one, argv)
    },
    min: min * inner.min,
    max: Infinity,
    keys: inner.keys === 'none' ? 'none' : 'keys',
  }
}

/** All arguments but the last `behind` ones, at least one. */
export function restBut<T>(behind: number, inner: Codec<T>): Codec<T | readonly T[]> {
  const all = rest(inner)
  return {
    ...all,
    read: args => {
      const list: T[] = []
      do list.push(inner.read(args))
      while (args.left > behind)
      return list
    },
    write: (given, argv, name) => {
      if (Array.isArray(given)) all.write(given as readonly T[], argv, name)
      else inner.write(given as T, argv, name)
    },
  }
}

/** What an option is spelled as: alone, or with arguments after it. */
export interface Option<T> {
  readonly word: string
  readonly read: (args: ArgReader) => T
  readonly write: (value: T, argv: Arg[]) => void
}

/** `{ nx: true }` ↔ `NX`. */
export function flag(name: string): Option<boolean | undefined> {
  return {
    word: name,
    read: () => true,
    write: (given, argv) => {
      if (given) argv.push(name)
    },
  }
}

/** `{ ex: 60 }` ↔ `EX 60`. */
export function argument<T>(name: string, inner: Codec<T>): Option<T | undefined> {
  return {
    word: name,
    read: args => inner.read(args),
    write: (given, argv) => {
      if (given === undefined) return
      argv.push(name)
      inner.write(given, argv, name.toLowerCase())
    },
  }
}

type OptionTable<T> = { readonly [K in keyof T]-?: Option<T[K]> }

/**
 * An options object ↔ words in any order. A word that is no option ends them when `open`, because something else
 * follows, and is a syntax error otherwise. Of a word given twice the last counts, or with `once` it is a syntax error.
 */
export function options<T extends object>(table: OptionTable<T>, open = false, once = false): Codec<T | undefined> {
  const names = Object.keys(table) as (keyof T & string)[]
  const byWord = new Map(names.map(name => [table[name].word, name]))
  return {
    read: args => {
      let given: Partial<T> | undefined
      for (;;) {
        const next = args.peek()
        if (next === undefined) break
        const name = byWord.get(next)
        if (name === undefined) {
          if (open) break
          throw new ReplyError(lines.syntax)
        }
        args.at++
        given ??= {}
        if (once && given[name] !== undefined) throw new ReplyError(lines.syntax)
        given[name] = table[name].read(args)
      }
      return given as T | undefined
    },
    write: (given, argv) => {
      input.lateOptions(given, true)
      if (given === undefined) return
      for (const name of names) table[name].write(given[name], argv)
    },
    min: 0,
    max: Infinity,
    keys: 'none',
  }
}
