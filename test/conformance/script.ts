/**
 * Programs of commands for the comparison, and the small means to write large ones: a template per command, grids of
 * values, orders of options. No expected reply stands here: the live server gives it (test/conformance/record.ts).
 */

export interface Line {
  /** Empty server, database 0, before this line. */
  readonly fresh: boolean
  readonly argv: readonly string[]
}

/** `SET k "a b\u0000" NX`: words at spaces, a word in double quotes is a JSON string. */
export function words(text: string): string[] {
  const found = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []
  return found.map(word => (word.startsWith('"') && word.length > 1 ? (JSON.parse(word) as string) : word))
}

export type Command = string | readonly string[]

function argvOf(command: Command): readonly string[] {
  return typeof command === 'string' ? words(command) : command
}

export class Script {
  readonly lines: Line[] = []
  #fresh = true

  /** The next line begins with an empty server. */
  fresh(): this {
    this.#fresh = true
    return this
  }

  run(...commands: Command[]): this {
    for (const command of commands) {
      this.lines.push({ fresh: this.#fresh, argv: argvOf(command) })
      this.#fresh = false
    }
    return this
  }

  /** Each probe on its own: fresh, `before`, the probe, `after`. */
  each(before: readonly Command[], probes: Iterable<Command>, after: readonly Command[] = []): this {
    for (const probe of probes) this.fresh().run(...before, probe, ...after)
    return this
  }

  /** Probes that change nothing share one `before`. */
  reads(before: readonly Command[], probes: Iterable<Command>): this {
    return this.fresh().run(...before, ...probes)
  }

  /** Too few arguments, step by step, and one too many. */
  arity(...examples: string[]): this {
    this.fresh()
    for (const example of examples) {
      const argv = words(example)
      for (let length = 1; length < argv.length; length++) this.run(argv.slice(0, length))
      this.run([...argv, 'extra'], [...argv, 'extra', 'extra'])
    }
    return this
  }

  /** Each template (key written `K`) on a key of each type and on none; the keys are made anew for each template. */
  types(...templates: string[]): this {
    for (const template of templates) {
      this.fresh().run(...KEY_OF_EACH_TYPE)
      for (const key of ['none', 'str', 'int', 'list', 'hash', 'set', 'ints', 'zset']) {
        this.run(words(template).map(word => (word === 'K' ? key : word)))
      }
      this.run('DBSIZE')
    }
    return this
  }

  /** A command and its option words in other cases. */
  cases(...examples: string[]): this {
    for (const example of examples) {
      const argv = words(example)
      this.run(
        [(argv[0] as string).toLowerCase(), ...argv.slice(1)],
        argv.map(word => (/^[A-Z]+$/.test(word) ? word.toLowerCase() : word)),
        argv.map(word => (/^[A-Z]+$/.test(word) ? (word[0] as string) + word.slice(1).toLowerCase() : word)),
      )
    }
    return this
  }
}

export const KEY_OF_EACH_TYPE: readonly string[] = [
  'SET str hello',
  'SET int 42',
  'RPUSH list a b c 1 2',
  'HSET hash a 1 b two "" empty',
  'SADD set a b c 1',
  'SADD ints 1 2 3',
  'ZADD zset 1 a 2 b 3 c',
]

/** security.md, line 2, and what is not an integer to Redis. */
export const INTEGERS: readonly string[] = [
  '0',
  '1',
  '-1',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775806',
  '9223372036854775807',
  '-9223372036854775807',
  '-9223372036854775808',
]
export const NOT_INTEGERS: readonly string[] = [
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '100000000000000000000000000',
  '',
  ' 1',
  '1 ',
  '+1',
  '01',
  '-0',
  '-01',
  '--1',
  '-',
  '+',
  '1.0',
  '1e3',
  '0x10',
  'abc',
  '1\u0000',
  '\u0661',
  'nan',
  'inf',
]
export const ALL_INTEGERS: readonly string[] = [...INTEGERS, ...NOT_INTEGERS]

export const FLOATS: readonly string[] = [
  '0',
  '-0',
  '1',
  '-1',
  '0.1',
  '0.2',
  '-0.3',
  '1.5',
  '3.0',
  '1e3',
  '1E3',
  '5.0e-3',
  '.5',
  '5.',
  '+1.5',
  '1e-7',
  '1e17',
  '1e21',
  '123456789.123456789',
  '9007199254740993',
  '9223372036854775807',
  '1e308',
  '1.7976931348623157e308',
  '5e-324',
  '0x10',
  '0x1p3',
]
export const NOT_FINITE: readonly string[] = ['inf', '+inf', '-inf', 'INF', 'Infinity', 'infinity', '-infinity']
export const NOT_FLOATS: readonly string[] = [
  'nan',
  '-nan',
  'NaN',
  '',
  ' 1',
  '1 ',
  '1e',
  'e1',
  '.',
  '-',
  '1.2.3',
  '1,5',
  'abc',
  '1\u0000',
  '1e400',
  '-1e400',
  '1e5000',
  '1e-5000',
  '0x',
]
export const ALL_FLOATS: readonly string[] = [...FLOATS, ...NOT_FINITE, ...NOT_FLOATS]

/** Values that are easily damaged: empty, binary, not UTF-8, long, names that JavaScript objects know. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  '-0',
  '01',
  'a',
  'A',
  '\u0000',
  '\u0000bin\u0000',
  'line\r\nbreak',
  '"quoted\\"',
  '\u00fcn\u00ef',
  '\u65e5\u672c',
  '\u{1f600}',
  '\udcff',
  '\udc80\udcfe',
  'a\udcc3',
  '\ufeff',
  '\ufffd',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'x'.repeat(44),
  'x'.repeat(45),
  'x'.repeat(64),
  'y'.repeat(65),
]

/** Every subset of up to `size` options, each in every order. */
export function orders(options: readonly string[], size: number): string[] {
  let level = ['']
  const all = ['']
  for (let i = 0; i < size; i++) {
    level = level.flatMap(taken => options.filter(option => !taken.includes(` ${option}`)).map(o => `${taken} ${o}`))
    all.push(...level)
  }
  return all
}

/** Every subset of up to `size` options, in the order given. */
export function subsets(options: readonly string[], size: number = options.length): string[] {
  let all: string[][] = [[]]
  for (const option of options)
    all = all.concat(all.filter(taken => taken.length < size).map(taken => [...taken, option]))
  return all.map(taken => (taken.length === 0 ? '' : ` ${taken.join(' ')}`))
}

export function* product<A, B, T>(as: readonly A[], bs: readonly B[], make: (a: A, b: B) => T): Iterable<T> {
  for (const a of as) for (const b of bs) yield make(a, b)
}

export function* numbered<T>(count: number, make: (i: number) => T): Iterable<T> {
  for (let i = 0; i < count; i++) yield make(i)
}
