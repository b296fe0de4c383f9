import { integerArg } from './arguments.ts'
import type { Machine } from './machine.ts'
import type { Value } from './value.ts'

/** The longest string that V8 makes; other engines allow more. */
export const LONGEST: number = 2 ** 29 - 24

/**
 * Accounts for a string of so many bytes, before it is made: its memory, and the time that many bytes take. A string that
 * JavaScript could not make is more than the memory there is.
 */
export function claim(m: Machine, bytes: number): void {
  if (bytes > LONGEST) throw m.outOfMemory()
  m.allocate(bytes)
  if (bytes >= 256) m.spend(bytes >> 8)
}

/** A string in the making. */
export class Builder {
  text: string
  private readonly m: Machine
  constructor(m: Machine) {
    this.m = m
    this.text = ''
  }
  add(piece: string): void {
    if (this.text.length + piece.length > LONGEST) throw this.m.outOfMemory()
    claim(this.m, piece.length)
    this.text += piece
  }
}

/** An argument that C takes as an int: cut to 32 bits. */
export function intArg(m: Machine, args: readonly Value[], at: number): number {
  const value = args[at]
  return (typeof value === 'number' && value === (value | 0) ? value : integerArg(m, args, at)) | 0
}
