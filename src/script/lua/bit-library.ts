import { numberArg } from './arguments.ts'
import type { Machine } from './machine.ts'
import { Table } from './table.ts'
import { Builtin, type Value } from './value.ts'

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
/** Which word of a double has its lower bits. */
const lower = new Uint8Array(new Float64Array([1]).buffer)[7] === 0x3f ? 0 : 1

/** The lowest 32 bits of a number, which is rounded; ties go to the even one. */
function toBits(n: number): number {
  if (n === (n | 0)) return n | 0
  // The sum has the bits of the whole number as its lowest ones. Beyond ±2^51 it has what remains there.
  double[0] = n + 6755399441055744
  return words[lower]
}

/** The table `bit`: operations on integers of 32 bits. */
export function bitLibrary(m: Machine): Table {
  const library = new Table()
  const arg = (args: readonly Value[], at: number): number => toBits(numberArg(m, args, at))
  const define = (name: string, run: (args: Value[]) => number | string): void =>
    void library.setText(name, new Builtin(run))
  const fold = (name: string, by: (a: number, b: number) => number): void =>
    define(name, args => {
      let bits = arg(args, 0)
      for (let i = args.length - 1; i > 0; i--) bits = by(bits, arg(args, i))
      return bits
    })
  const shift = (name: string, by: (bits: number, count: number) => number): void =>
    define(name, args => {
      const bits = arg(args, 0)
      return by(bits, arg(args, 1) & 31) | 0
    })
  define('tobit', args => arg(args, 0))
  define('bnot', args => ~arg(args, 0))
  fold('band', (a, b) => a & b)
  fold('bor', (a, b) => a | b)
  fold('bxor', (a, b) => a ^ b)
  shift('lshift', (bits, count) => bits << count)
  shift('rshift', (bits, count) => bits >>> count)
  shift('arshift', (bits, count) => bits >> count)
  shift('rol', (bits, count) => (bits << count) | (bits >>> (32 - count)))
  shift('ror', (bits, count) => (bits >>> count) | (bits << (32 - count)))
  define('bswap', args => {
    const bits = arg(args, 0)
    return (bits << 24) | ((bits & 0xff00) << 8) | ((bits >> 8) & 0xff00) | (bits >>> 24)
  })
  define('tohex', args => {
    const bits = arg(args, 0)
    const digits = args.length > 1 ? arg(args, 1) : 8
    const hex = (bits >>> 0)
      .toString(16)
      .padStart(8, '0')
      .slice(8 - Math.min(Math.abs(digits), 8))
    return digits < 0 ? hex.toUpperCase() : hex
  })
  return library
}
