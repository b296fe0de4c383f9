import type { Call, Expression, Index, MethodCall } from './ast.ts'
import type { Named } from './runtime.ts'
import type { Value } from './value.ts'

/** How the source names an operand, for error texts. */
export function namedBy(expression: Expression): Named {
  switch (expression.kind) {
    case 'local':
      return `local '${expression.variable.name}'`
    case 'upvalue':
      return `upvalue '${expression.name}'`
    case 'global':
      return `global '${expression.name}'`
    case 'index':
      return `field '${fieldOf(expression)}'`
    case 'one':
      return namedBy(expression.inner)
    default:
      return undefined
  }
}

/** How the source names what it calls. */
export function calleeName(call: Call | MethodCall): Named {
  return call.kind === 'call' ? namedBy(call.callee) : `method '${call.name}'`
}

/** The name of a field for error texts, which know those alone that stand in the source. */
export function fieldOf(e: Index): string {
  const name = nameIn(e)
  return typeof name === 'string' ? name : '?'
}

/** The key of an index, when it stands in the source. */
export function nameIn({ key }: Index): Value {
  return key.kind === 'literal' ? key.value : undefined
}
