import { badArgument, numberArg } from './arguments.ts'
import { scale, split } from './binary.ts'
import { intArg } from './claim.ts'
import type { Machine } from './machine.ts'
import { power } from './power.ts'
import { Random } from './random.ts'
import { Table } from './table.ts'
import { Builtin, nothing, type Result, Several, type Value } from './value.ts'

export interface MathLibrary {
  readonly table: Table
  /** Redis 7 seeds it at no time, unless a script does: the next run goes on where the last one was. */
  readonly random: Random
}

const degree = Math.PI / 180

/** The table `math`. */
export function mathLibrary(m: Machine): MathLibrary {
  const table = new Table()
  const random = new Random()
  const define = (name: string, run: (args: Value[]) => Result): void => void table.setText(name, new Builtin(run))
  const of1 = (name: string, run: (x: number) => number): void => define(name, args => run(numberArg(m, args, 0)))
  const of2 = (name: string, run: (x: number, y: number) => number): void =>
    define(name, args => {
      // Compilers for x86 evaluate the last argument first, so that its error comes first.
      const y = numberArg(m, args, 1)
      return run(numberArg(m, args, 0), y)
    })
  of1('abs', Math.abs)
  of1('acos', Math.acos)
  of1('asin', Math.asin)
  of1('atan', Math.atan)
  of2('atan2', Math.atan2)
  of1('ceil', Math.ceil)
  of1('cos', Math.cos)
  of1('cosh', Math.cosh)
  of1('deg', x => x / degree)
  of1('exp', Math.exp)
  of1('floor', Math.floor)
  of2('fmod', (x, y) => x % y)
  define('frexp', args => new Several(split(numberArg(m, args, 0))))
  define('ldexp', args => {
    const e = intArg(m, args, 1)
    return scale(numberArg(m, args, 0), e)
  })
  of1('log', Math.log)
  of1('log10', Math.log10)
  define('max', args => extreme(m, args, (a, b) => a > b))
  define('min', args => extreme(m, args, (a, b) => a < b))
  define('modf', args => modf(numberArg(m, args, 0)))
  of2('pow', power)
  of1('rad', x => x * degree)
  define('random', args => randomNumber(m, random, args))
  define('randomseed', args => {
    random.seed(intArg(m, args, 0))
    return nothing
  })
  of1('sin', Math.sin)
  of1('sinh', Math.sinh)
  of1('sqrt', Math.sqrt)
  of1('tan', Math.tan)
  of1('tanh', Math.tanh)
  table.setText('mod', table.getText('fmod'))
  table.setText('pi', Math.PI)
  table.setText('huge', Infinity)
  return { table, random }
}

function extreme(m: Machine, args: readonly Value[], better: (a: number, b: number) => boolean): number {
  let best = numberArg(m, args, 0)
  for (let i = 1; i < args.length; i++) {
    const n = numberArg(m, args, i)
    if (better(n, best)) best = n
  }
  return best
}

/** The whole part and the fraction, both with the sign of the number. */
function modf(x: number): Several {
  const whole = Math.trunc(x)
  const fraction = Number.isFinite(x) ? x - whole : x !== x ? x : 0
  return new Several([whole, fraction === 0 && (x < 0 || Object.is(x, -0)) ? -0 : fraction])
}

const LARGEST = 2 ** 31 - 1

function randomNumber(m: Machine, random: Random, args: readonly Value[]): number {
  const r = (random.next() % LARGEST) / LARGEST
  switch (args.length) {
    case 0:
      return r
    case 1: {
      const to = intArg(m, args, 0)
      if (to < 1) throw badArgument(m, 0, 'interval is empty')
      return Math.floor(r * to) + 1
    }
    case 2: {
      const from = intArg(m, args, 0)
      const to = intArg(m, args, 1)
      if (from > to) throw badArgument(m, 1, 'interval is empty')
      // How many there are is an int of C.
      return Math.floor(r * ((to - from + 1) | 0)) + from
    }
  }
  throw m.error('wrong number of arguments')
}
