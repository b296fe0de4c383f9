import type { Expression } from './ast.ts'
import { type Frame, upvaluesOf } from './function.ts'
import type { Value } from './value.ts'

export type Evaluate = (f: Frame) => Value

/**
 * Where the value of an operand is: a place in the frame, or -2 and below for an upvalue; -1 when it has to be evaluated.
 * Kept in a variable of the closure, because to read it from an object takes as long as the call that it saves.
 */
export function slotOf(e: Expression): number {
  if (e.kind === 'local') return e.variable.captured ? -1 : e.variable.slot
  return e.kind === 'upvalue' ? -2 - e.index : -1
}

/**
 * Whether an operand is read after what stands behind it: Lua reads a variable where it is when it is needed, so that a call
 * behind it can still change it, if a closure can.
 */
export function isLate(e: Expression, behind: Expression): boolean {
  return e.kind === 'local' && e.variable.captured && behind.calls
}

/** The value of an operand: from where it is when that is enough, because calling a closure costs more than most do. */
export function valueOf(f: Frame, slot: number, evaluate: Evaluate): Value {
  if (slot >= 0) return f[slot] as Value
  return slot === -1 ? evaluate(f) : upvaluesOf(f)[-2 - slot].value
}
