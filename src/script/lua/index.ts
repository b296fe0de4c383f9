import { installBase } from './base-library.ts'
import { Machine } from './machine.ts'

export { compile } from './compile.ts'

/** A machine with the libraries that scripts may use. */
export function newMachine(): Machine {
  const m = new Machine()
  installBase(m)
  return m
}
