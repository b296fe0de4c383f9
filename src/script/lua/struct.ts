/*
 * The library `struct`: values in the layout of C structures, after a format of one letter for each.
 *
 *     > <        big or little endian from here on; little at first
 *     !n         align to n at most; n is a power of 2, 8 when not given
 *     x          a zero byte
 *     b h l i_n  integers with a sign of 1, 2, 8 and n bytes; B H L I_n without; T as L
 *     f d        floating point of 4 and 8 bytes
 *     s          string with a zero byte behind it
 *     c_n        n bytes of a string; c0 is all of it, or in unpack as many as the number before it says
 */

import { badArgument, integerArg, numberArg, stringArg } from './arguments.ts'
import { extend, SLOTS } from './codec.ts'
import { type Machine, severalOf, toNumber } from './machine.ts'
import { ITEM_BYTES, Table } from './table.ts'
import { Builtin, type Result, type Value } from './value.ts'

const MAX_ALIGN = 8
const MAX_INTEGER = 32

export function structLibrary(m: Machine): Table {
  const library = new Table()
  const add = (name: string, run: (args: Value[]) => Result): void => void library.setText(name, new Builtin(run))
  add('pack', args => pack(m, args))
  add('unpack', args => unpack(m, args))
  add('size', args => size(m, args))
  return library
}

const charOf = String.fromCharCode
const view = new DataView(new ArrayBuffer(8))

/** Goes through a format. */
class Format {
  /** What was read last. */
  option: string
  /** The size of that, 0 when it has none. */
  size: number
  little: boolean
  private readonly m: Machine
  private readonly text: string
  private at: number
  private align: number

  constructor(m: Machine, text: string) {
    this.m = m
    // A zero byte ends a format as it ends all strings of C.
    const end = text.indexOf('\0')
    this.text = end < 0 ? text : text.slice(0, end)
    this.at = 0
    this.option = ''
    this.size = 0
    this.little = true
    this.align = 1
  }

  /** Reads an option; false when there is none left. */
  next(): boolean {
    if (this.at >= this.text.length) return false
    this.m.spend(10)
    this.option = this.text.charAt(this.at++)
    this.size = this.sizeOf(this.option)
    return true
  }

  private sizeOf(option: string): number {
    switch (option) {
      case 'b':
      case 'B':
      case 'x':
        return 1
      case 'h':
      case 'H':
        return 2
      case 'f':
        return 4
      case 'l':
      case 'L':
      case 'T':
      case 'd':
        return 8
      case 'c':
        return this.number(1)
      case 'i':
      case 'I': {
        const size = this.number(4)
        if (size > MAX_INTEGER) throw this.m.error(`integral size ${size} is larger than limit of ${MAX_INTEGER}`)
        return size
      }
      default:
        return 0
    }
  }

  /** The number that follows, as far as an int can hold it. */
  private number(otherwise: number): number {
    const { text } = this
    let unit = text.charCodeAt(this.at)
    if (!(unit >= 0x30 && unit <= 0x39)) return otherwise
    let n = 0
    do {
      n = n * 10 + unit - 0x30
      if (n > 2 ** 31 - 1) throw this.m.error('integral size overflow')
      unit = text.charCodeAt(++this.at)
    } while (unit >= 0x30 && unit <= 0x39)
    return n
  }

  /** How many bytes go between `position` and the option. */
  padding(position: number): number {
    if (this.size === 0 || this.option === 'c') return 0
    const size = Math.min(this.size, this.align)
    // Sizes that are no power of 2 give what the same operations give in C.
    return (size - (position & (size - 1))) & (size - 1)
  }

  /** Does what an option says that stands for no value. */
  control(): void {
    switch (this.option) {
      case ' ':
        return
      case '>':
        this.little = false
        return
      case '<':
        this.little = true
        return
      case '!': {
        const align = this.number(MAX_ALIGN)
        if (align === 0 || (align & (align - 1)) !== 0) throw this.m.error(`alignment ${align} is not a power of 2`)
        this.align = align
        return
      }
      default:
        throw badArgument(this.m, 0, `invalid format option '${this.option}'`)
    }
  }
}

function pack(m: Machine, args: Value[]): string {
  const format = new Format(m, stringArg(m, args, 0))
  // Lua's stack has a nil behind the arguments, so that a missing one is said to be nil.
  args.push(undefined)
  let out = ''
  let arg = 1
  while (format.next()) {
    const { option } = format
    const padding = format.padding(out.length)
    const isText = option === 'c' || option === 's'
    extend(m, out.length, isText ? padding : padding + format.size)
    if (padding > 0) out += '\0'.repeat(padding)
    switch (option) {
      case 'b':
      case 'B':
      case 'h':
      case 'H':
      case 'l':
      case 'L':
      case 'T':
      case 'i':
      case 'I':
        out += integerBytes(numberArg(m, args, arg++), format.size, format.little)
        break
      case 'x':
        out += '\0'
        break
      case 'f':
        out += floatBytes(numberArg(m, args, arg++), 4, format.little)
        break
      case 'd':
        out += floatBytes(numberArg(m, args, arg++), 8, format.little)
        break
      case 'c':
      case 's': {
        const text = stringArg(m, args, arg++)
        const size = format.size === 0 ? text.length : format.size
        if (text.length < size) throw badArgument(m, arg, 'string too short')
        extend(m, out.length, size + 1)
        out += option === 's' ? text + '\0' : text.slice(0, size)
        break
      }
      default:
        format.control()
    }
  }
  return out
}

/** The lowest bytes of an integer, and zeros where it has no more. */
function integerBytes(n: number, size: number, little: boolean): string {
  // As C turns a double into 64 bits without a sign on x86.
  let whole = Math.trunc(n)
  if (whole !== whole || whole < -(2 ** 63)) whole = -(2 ** 63)
  else if (whole >= 2 ** 64) whole = 0
  const high = Math.floor(whole / 2 ** 32)
  const low = whole - high * 2 ** 32
  let bytes = ''
  for (let i = 0; i < size; i++) {
    let byte = 0
    if (i < 4) byte = (low >>> (8 * i)) & 0xff
    else if (i < 8) byte = (high >>> (8 * i - 32)) & 0xff
    bytes = little ? bytes + charOf(byte) : charOf(byte) + bytes
  }
  return bytes
}

function floatBytes(n: number, size: 4 | 8, little: boolean): string {
  if (size === 4) view.setFloat32(0, n, little)
  else view.setFloat64(0, n, little)
  // On x86 what 0/0 gives has its sign bit set.
  if (n !== n) {
    const last = little ? size - 1 : 0
    view.setUint8(last, view.getUint8(last) | 0x80)
  }
  let bytes = ''
  for (let i = 0; i < size; i++) bytes += charOf(view.getUint8(i))
  return bytes
}

function unpack(m: Machine, args: readonly Value[]): Result {
  const format = new Format(m, stringArg(m, args, 0))
  const data = stringArg(m, args, 1)
  const { length } = data
  const from = args[2] === undefined ? 1 : integerArg(m, args, 2)
  if (from === 0) throw badArgument(m, 2, 'offset must be 1 or greater')
  let position = from - 1
  const values: Value[] = []
  const need = (size: number): void => {
    // What is below 0 is far behind the end for C.
    if (!(position >= 0 && size >= 0 && position <= length - size)) throw badArgument(m, 1, 'data string too short')
  }
  while (format.next()) {
    const { option } = format
    let { size } = format
    position += format.padding(position)
    need(size)
    if (args.length + values.length + 2 > SLOTS) throw m.error('stack overflow (too many results)')
    m.allocate(ITEM_BYTES)
    switch (option) {
      case 'b':
      case 'h':
      case 'l':
      case 'i':
        values.push(signed(data, position, size, format.little))
        break
      case 'B':
      case 'H':
      case 'L':
      case 'T':
      case 'I':
        values.push(unsigned(data, position, size, format.little))
        break
      case 'x':
        break
      case 'f':
      case 'd':
        for (let i = 0; i < size; i++) view.setUint8(i, data.charCodeAt(position + i))
        values.push(option === 'f' ? view.getFloat32(0, format.little) : view.getFloat64(0, format.little))
        break
      case 'c':
        if (size === 0) {
          const before = values.length === 0 ? undefined : toNumber(values.pop())
          if (before === undefined) throw m.error("format 'c0' needs a previous size")
          size = before >= 2 ** 64 ? 0 : Math.trunc(before)
          need(size)
        }
        m.allocate(size)
        values.push(data.slice(position, position + size))
        break
      case 's': {
        const end = data.indexOf('\0', position)
        if (end < 0) throw m.error('unfinished string in data')
        m.allocate(end - position)
        m.spend((end - position) >> 6)
        values.push(data.slice(position, end))
        size = end - position + 1
        break
      }
      default:
        format.control()
    }
    position += size
  }
  values.push(position + 1)
  return severalOf(values)
}

function byteAt(data: string, at: number, size: number, little: boolean, i: number): number {
  return data.charCodeAt(little ? at + i : at + size - 1 - i)
}

/** The lower 32 bits of an integer from its byte number `i` on. */
function word(data: string, at: number, size: number, little: boolean, i: number): number {
  let n = 0
  for (let k = Math.min(size, i + 4) - 1; k >= i; k--) n = n * 256 + byteAt(data, at, size, little, k)
  return n
}

function unsigned(data: string, at: number, size: number, little: boolean): number {
  return word(data, at, size, little, 4) * 2 ** 32 + word(data, at, size, little, 0)
}

function signed(data: string, at: number, size: number, little: boolean): number {
  const low = word(data, at, size, little, 0)
  // C sees 64 bits at most, and shifts by a size modulo that: the sign of longer ones is looked for in odd places.
  const shift = (8 * size - 1) & 63
  if (shift < 32 && size <= 4) return (low << (31 - shift)) >> (31 - shift)
  const high = word(data, at, size, little, 4)
  if (size <= 8) return ((high << (63 - shift)) >> (63 - shift)) * 2 ** 32 + low
  const bits = (BigInt(high) << 32n) | BigInt(low)
  const mask = (-1n << BigInt(shift)) & (2n ** 64n - 1n)
  return Number(BigInt.asIntN(64, (bits & mask) === 0n ? bits : bits | mask))
}

function size(m: Machine, args: readonly Value[]): number {
  const format = new Format(m, stringArg(m, args, 0))
  let position = 0
  while (format.next()) {
    const { option } = format
    position += format.padding(position)
    if (option === 's') throw badArgument(m, 0, "option 's' has no fixed size")
    if (option === 'c' && format.size === 0) throw badArgument(m, 0, "option 'c0' has no fixed size")
    // Letters that stand for nothing pass here.
    if (!/[0-9A-Za-z]/.test(option)) format.control()
    position += format.size
  }
  return position
}
