/*
 * The library `cmsgpack`: MessagePack as lua-cmsgpack 0.4.0 writes and reads it, in the format of 2012 with the strings of
 * 8-bit length of 2013: no binary data, no extensions.
 */

import { badArgument, integerArg, stringArg } from './arguments.ts'
import { extend, listOf, SLOTS } from './codec.ts'
import { LONG_TEXT, LuaError, type Machine, severalOf } from './machine.ts'
import { ITEM_BYTES, KEY_BYTES, Table, TABLE_BYTES } from './table.ts'
import { Builtin, type Result, type Value } from './value.ts'

/** Tables in tables deeper than this are written as nil. */
const DEEPEST = 16

export function cmsgpackLibrary(m: Machine): Table {
  const library = new Table()
  const add = (name: string, run: (args: Value[]) => Result): void => void library.setText(name, new Builtin(run))

  add('pack', args => {
    if (args.length === 0) throw badArgument(m, -1, 'MessagePack pack needs input.')
    if (2 * args.length > SLOTS) throw badArgument(m, -1, 'Too many arguments for MessagePack pack.')
    const packer = new Packer(m)
    for (const value of args) packer.value(value, 0)
    return packer.out
  })
  add('unpack', args => unpack(m, stringArg(m, args, 0), args.length, 0, 0))
  add('unpack_one', args => {
    const offset = args[1] === undefined ? 0 : integerArg(m, args, 1)
    return unpack(m, stringArg(m, args, 0), 1, 1, offset)
  })
  add('unpack_limit', args => {
    const limit = integerArg(m, args, 1)
    const offset = args[2] === undefined ? 0 : integerArg(m, args, 2)
    return unpack(m, stringArg(m, args, 0), 1, limit, offset)
  })
  library.setText('_NAME', 'cmsgpack')
  library.setText('_VERSION', 'lua-cmsgpack 0.4.0')
  library.setText('_COPYRIGHT', 'Copyright (C) 2012, Salvatore Sanfilippo')
  library.setText('_DESCRIPTION', 'MessagePack C implementation for Lua')
  return library
}

/** What an int shows of a 64-bit integer. */
function int32(n: number): number {
  return Number(BigInt.asIntN(32, BigInt(n)))
}

const view = new DataView(new ArrayBuffer(8))
const charOf = String.fromCharCode

/** The bytes of an unsigned number below 2^32. */
function uint16(n: number): string {
  return charOf((n >> 8) & 0xff, n & 0xff)
}

function uint32(n: number): string {
  return charOf(n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff)
}

class Packer {
  out: string
  private readonly m: Machine

  constructor(m: Machine) {
    this.m = m
    this.out = ''
  }

  /** Recursion ends after `DEEPEST` levels. */
  value(value: Value, level: number): void {
    this.m.spend(10)
    if (typeof value === 'string') this.text(value)
    else if (typeof value === 'number') this.put(Number.isInteger(value) ? integer(value) : float(value))
    else if (value instanceof Table && level < DEEPEST) this.table(value, level)
    else if (typeof value === 'boolean') this.put(value ? '\xc3' : '\xc2')
    else this.put('\xc0')
  }

  private put(bytes: string): void {
    extend(this.m, this.out.length, bytes.length)
    this.out += bytes
  }

  private text(text: string): void {
    const { length } = text
    extend(this.m, this.out.length, length + 5)
    this.m.spend(length >> 4)
    let head: string
    if (length < 32) head = charOf(0xa0 | length)
    else if (length < 0x100) head = '\xd9' + charOf(length)
    else if (length < 0x10000) head = '\xda' + uint16(length)
    else head = '\xdb' + uint32(length)
    this.out += head + text
  }

  private table(table: Table, level: number): void {
    const { listed } = table
    // An array has the keys from 1 to its length, and no others.
    const { last: max, filled: count } = table
    let linked = 0
    for (let link = table.linked; link !== undefined; link = link.next) if (link.value !== undefined) linked++
    this.m.spend(15 + listed + linked * 2)
    if (linked === 0 && max === count) {
      this.put(head(0x90, 0xdc, count))
      for (let i = 1; i <= count; i++) this.value(table.getNumber(i), level + 1)
      return
    }
    this.put(head(0x80, 0xde, count + linked))
    for (let i = 1; i <= listed; i++) {
      const value = table.getNumber(i)
      if (value === undefined) continue
      this.value(i, level + 1)
      this.value(value, level + 1)
    }
    for (let link = table.linked; link !== undefined; link = link.next) {
      if (link.value === undefined) continue
      this.value(link.key, level + 1)
      this.value(link.value, level + 1)
    }
  }
}

/** How an array or a map of `count` begins. */
function head(short: number, long: number, count: number): string {
  if (count < 16) return charOf(short | count)
  return count < 0x10000 ? charOf(long) + uint16(count) : charOf(long + 1) + uint32(count)
}

function integer(n: number): string {
  if (n >= 0) {
    if (n < 0x80) return charOf(n)
    if (n < 0x100) return '\xcc' + charOf(n)
    if (n < 0x10000) return '\xcd' + uint16(n)
    if (n < 2 ** 32) return '\xce' + uint32(n)
    if (n >= 2 ** 63) return float(n)
    return '\xcf' + uint32(Math.floor(n / 2 ** 32)) + uint32((n % 2 ** 32) >>> 0)
  }
  if (n >= -32) return charOf(n & 0xff)
  if (n >= -0x80) return '\xd0' + charOf(n & 0xff)
  if (n >= -0x8000) return '\xd1' + uint16(n)
  if (n >= -(2 ** 31)) return '\xd2' + uint32(n)
  if (n < -(2 ** 63)) return float(n)
  const high = Math.floor(n / 2 ** 32)
  return '\xd3' + uint32(high) + uint32(n - high * 2 ** 32)
}

function float(n: number): string {
  if (Math.fround(n) === n) {
    view.setFloat32(0, n)
    return '\xca' + uint32(view.getUint32(0))
  }
  // On x86 what 0/0 gives has its sign bit set.
  if (n !== n) return '\xcb\xff\xf8\0\0\0\0\0\0'
  view.setFloat64(0, n)
  return '\xcb' + uint32(view.getUint32(0)) + uint32(view.getUint32(4))
}

/** At most `limit` values from `offset` on, and where to go on in front of them; with 0 and 0, all values and only them. */
function unpack(m: Machine, text: string, slots: number, limit: number, offset: number): Result {
  const { length } = text
  // In this text lua-cmsgpack, too, gives the length as the limit.
  if (offset < 0 || limit < 0)
    throw m.error(`Invalid request to unpack with offset of ${int32(offset)} and limit of ${length}.`)
  if (offset > length) throw m.error(`Start offset ${int32(offset)} greater than input length ${length}.`)
  const all = limit === 0 && offset === 0
  const unpacker = new Unpacker(m, text, offset)
  const values: Value[] = all ? [] : [-1]
  const most = all ? Infinity : limit
  for (let count = 0; unpacker.at < length && count < most; count++) {
    m.allocate(ITEM_BYTES)
    values.push(unpacker.value(slots + count))
  }
  if (!all) {
    if (slots + values.length > SLOTS) throw overflow(m, 'in function mp_unpack_full')
    if (unpacker.at < length) values[0] = unpacker.at
  }
  return severalOf(values)
}

function overflow(m: Machine, where: string): LuaError {
  return m.error(`stack overflow (${where})`)
}

/** A table that is being read: `list` when it is an array without nil so far. */
interface Outer {
  readonly list: Value[] | undefined
  readonly table: Table | undefined
  readonly left: number
  readonly index: number
  readonly key: Value
  readonly isKey: boolean
  readonly outer: Outer | undefined
}

class Unpacker {
  at: number
  private readonly m: Machine
  private readonly text: string

  constructor(m: Machine, text: string, at: number) {
    this.m = m
    this.text = text
    this.at = at
  }

  /** The next value, when Lua's stack holds `slots` values before it. */
  value(slots: number): Value {
    const { m, text } = this
    // Of the innermost open table: how many values are to come, the items or the pairs, and the last key.
    let outer: Outer | undefined
    let inside = false
    let list: Value[] | undefined
    let table: Table | undefined
    let left = 0
    let index = 0
    let key: Value
    let isKey = false
    for (;;) {
      let value: Value
      this.need(1)
      m.spend(5)
      if (slots + 1 > SLOTS)
        throw overflow(m, 'too many return values at once; use unpack_one or unpack_limit instead.')
      const type = text.charCodeAt(this.at)
      const count = type >= 0x80 && type < 0xe0 ? this.count(type) : -1
      if (count >= 0) {
        m.allocate(TABLE_BYTES)
        const isMap = type < 0x90 || type >= 0xde
        if (!isMap && slots + 2 > SLOTS) throw overflow(m, 'in function mp_decode_to_lua_array')
        if (count > 0) {
          if (inside) outer = { list, table, left, index, key, isKey, outer }
          inside = true
          left = count
          index = 0
          key = undefined
          isKey = isMap
          list = isMap ? undefined : []
          table = isMap ? new Table() : undefined
          slots += isMap ? 1 : 2
          continue
        }
        value = new Table()
      } else value = this.scalar(type)

      // The value is complete. It may complete the tables around it.
      for (;;) {
        if (!inside) return value
        if (isKey) {
          key = value
          isKey = false
          slots += 1
          break
        }
        if (list !== undefined) {
          m.allocate(ITEM_BYTES)
          index++
          if (value !== undefined) list.push(value)
          else {
            // From the first nil on Lua fills a table of another form.
            table = listOf(list)
            list = undefined
          }
        } else if (table !== undefined) {
          if (index > 0) table.setNumber(++index, value)
          else {
            if (key === undefined) throw new LuaError('table index is nil', m.site)
            if (key !== key) throw new LuaError('table index is NaN', m.site)
            if (typeof key === 'string' && key.length >= LONG_TEXT) m.key(key)
            table.set(key, value)
            isKey = true
            slots -= 1
          }
          m.allocate(KEY_BYTES)
        }
        if (--left > 0) break
        slots -= isKey ? 1 : 2
        value = list === undefined ? table : listOf(list)
        inside = outer !== undefined
        if (outer !== undefined) ({ list, table, left, index, key, isKey, outer } = outer)
      }
    }
  }

  private need(bytes: number): void {
    if (this.text.length - this.at < bytes) throw this.m.error('Missing bytes in input.')
  }

  /** How many items or pairs follow, when an array or a map begins here; -1 otherwise. */
  private count(type: number): number {
    if (type < 0xa0) {
      this.at++
      return type & 0x0f
    }
    switch (type) {
      case 0xdc:
      case 0xde:
        return this.uint(2)
      case 0xdd:
      case 0xdf:
        return this.uint(4)
      default:
        return -1
    }
  }

  /** The unsigned number of so many bytes, up to 4, behind the byte at hand. */
  private uint(bytes: number): number {
    this.need(1 + bytes)
    const { text } = this
    let n = 0
    for (let i = 1; i <= bytes; i++) n = n * 256 + text.charCodeAt(this.at + i)
    this.at += 1 + bytes
    return n
  }

  private scalar(type: number): Value {
    if (type < 0x80 || type >= 0xe0) {
      this.at++
      return type < 0x80 ? type : type - 0x100
    }
    if (type < 0xc0) {
      this.need(1 + (type & 0x1f))
      this.at++
      return this.string(type & 0x1f)
    }
    switch (type) {
      case 0xc0:
        this.at++
        return undefined
      case 0xc2:
      case 0xc3:
        this.at++
        return type === 0xc3
      case 0xca:
        view.setUint32(0, this.uint(4))
        return view.getFloat32(0)
      case 0xcb:
        this.need(9)
        view.setUint32(0, this.uint(4))
        this.at--
        view.setUint32(4, this.uint(4))
        return view.getFloat64(0)
      case 0xcc:
        return this.uint(1)
      case 0xcd:
        return this.uint(2)
      case 0xce:
        return this.uint(4)
      case 0xcf:
      case 0xd3: {
        this.need(9)
        const high = this.uint(4)
        this.at--
        const low = this.uint(4)
        // lua-cmsgpack gives Lua 5.1 the one without a sign as if it had one, too.
        return (high | 0) * 2 ** 32 + low
      }
      case 0xd0:
        return (this.uint(1) << 24) >> 24
      case 0xd1:
        return (this.uint(2) << 16) >> 16
      case 0xd2:
        return this.uint(4) | 0
      case 0xd9:
        return this.string(this.uint(1))
      case 0xda:
        return this.string(this.uint(2))
      case 0xdb:
        return this.string(this.uint(4))
      default:
        throw this.m.error('Bad data format in input.')
    }
  }

  private string(length: number): string {
    this.need(length)
    this.m.allocate(length)
    const from = this.at
    this.at += length
    return this.text.slice(from, this.at)
  }
}
