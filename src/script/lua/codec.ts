/*
 * What cjson, cmsgpack and struct have in common: limits of the engine that they were written for, as scripts can see them
 * in error texts, and what results count as memory.
 */

import { LONGEST } from './claim.ts'
import type { Machine } from './machine.ts'
import { Table } from './table.ts'
import type { Value } from './value.ts'

/** How many values Lua lets a function of the host hold at a time, its arguments included. */
export const SLOTS = 8000

/** Texts of up to so many bytes are cheap, even in pieces. */
export const UNJOINED = 1024

/** What a short piece takes until the text is made one. */
export const PIECE_BYTES = 32

/** Counts `bytes` that are to be put behind a string of `length`. */
export function extend(m: Machine, length: number, bytes: number): void {
  m.allocate(length < UNJOINED ? bytes : bytes + PIECE_BYTES)
  if (length + bytes > LONGEST) throw m.outOfMemory()
}

/** A table of a list without holes, as if it had been filled one by one. */
export function listOf(items: Value[]): Table {
  const { length } = items
  return new Table(items, length < 2 ? length : 2 ** (32 - Math.clz32(length - 1)))
}
