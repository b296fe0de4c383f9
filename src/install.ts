import type { Family, Out, WaitFor } from './commands/op.ts'
import { attend } from './commands/wait.ts'
import type { Keyspace } from './keyspace.ts'

/** Where a store keeps its keyspace. A registered symbol, so that the ESM and the CJS build know each other's stores. */
const keyspace: unique symbol = Symbol.for('embedis.keyspace') as never

/** What methods are called on. It is not in the declared types: a store's keyspace is not for its users. */
interface Bound {
  readonly [keyspace]: Keyspace
}

/** Makes `target` work on a keyspace. */
export function bind<T extends object>(target: T, ks: Keyspace): T {
  return Object.defineProperty(target, keyspace, { value: ks })
}

/** The keyspace of a store, for the layers above it. */
export function keyspaceOf(store: object): Keyspace {
  return (store as Bound)[keyspace]
}

// The install loops are the one place where a method's types are not known: `any` is deliberate here.
type AnyOp = (ks: Keyspace, ...args: any[]) => any
type AnyShape = (result: any, out: Out, args: readonly unknown[]) => any
type Method = (this: Bound, ...args: any[]) => any

/**
 * Puts a method on `prototype` for every op: call the op, deliver what it queued, shape the result. A method of fixed
 * arity takes its arguments one by one, because an array of them costs more than most ops do.
 */
export function install(prototype: object, families: readonly Family[], out: Out): void {
  for (const { ops, shapes, rest, waits } of families) {
    for (const name of Object.keys(ops)) {
      const op = ops[name] as AnyOp
      const shape = shapes[name] as AnyShape | undefined
      const wait = waits[name]
      const method =
        wait === undefined ? methodOf(op, shape, rest[name], out) : waitingMethod(op, shape, rest[name], wait, out)
      Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true })
    }
  }
}

function methodOf(op: AnyOp, shape: AnyShape | undefined, rest: number | undefined, out: Out): Method {
  if (rest !== undefined) {
    return function (...args) {
      const given = gather(args, rest)
      const ks = this[keyspace]
      let result: unknown
      try {
        // One by one as below. No list is behind a fourth argument, and it is the last.
        result = op(ks, given[0], given[1], given[2], given[3])
      } catch (error) {
        throw settled(ks, error)
      }
      if (ks.databases.pending) ks.databases.commit()
      return shape === undefined ? result : shape(result, out, given)
    }
  }
  if (shape === undefined) {
    return function (a, b, c, d, e, f) {
      const ks = this[keyspace]
      let result: unknown
      try {
        result = op(ks, a, b, c, d, e, f)
      } catch (error) {
        throw settled(ks, error)
      }
      if (ks.databases.pending) ks.databases.commit()
      return result
    }
  }
  if (shape.length < 3) {
    return function (a, b, c, d, e, f) {
      const ks = this[keyspace]
      let result: unknown
      try {
        result = op(ks, a, b, c, d, e, f)
      } catch (error) {
        throw settled(ks, error)
      }
      if (ks.databases.pending) ks.databases.commit()
      return shape(result, out, noArgs)
    }
  }
  return function (...args) {
    const ks = this[keyspace]
    let result: unknown
    try {
      result = op(ks, ...args)
    } catch (error) {
      throw settled(ks, error)
    }
    if (ks.databases.pending) ks.databases.commit()
    return shape(result, out, args)
  }
}

/** A method that answers a promise when the call may wait. */
function waitingMethod(
  op: AnyOp,
  shape: AnyShape | undefined,
  rest: number | undefined,
  wait: WaitFor,
  out: Out,
): Method {
  const atOnce = methodOf(op, shape, rest, out)
  return function (...args) {
    const given = rest === undefined ? args : gather(args, rest)
    if (wait.sometimes?.(given) === false) return atOnce.apply(this, args)
    return new Promise((resolve, reject) => {
      const done = (result: unknown): void => resolve(shape === undefined ? result : shape(result, out, given))
      attend(this[keyspace], op, wait, given, done, reject)
    })
  }
}

/** The typed reply of an op, at once: of one that waits, what there is. */
export function answer(ks: Keyspace, family: Family, name: string, given: readonly unknown[], out: Out): unknown {
  const op = family.ops[name] as AnyOp
  const shaped = (result: unknown): unknown => {
    const shape = family.shapes[name] as AnyShape | undefined
    return shape === undefined ? result : shape(result, out, given)
  }
  const { gate } = ks.databases
  return gate === null ? shaped(op(ks, ...given)) : gate.call(ks, name, given, () => op(ks, ...given), shaped)
}

/** A command that fails may have found keys past their time before that: their going is delivered all the same. */
function settled(ks: Keyspace, error: unknown): unknown {
  if (ks.databases.pending) ks.databases.commit()
  return error
}

const noArgs: readonly unknown[] = []

/** Puts the arguments from `at` on into one list; an array given there is that list, and the last argument. */
export function gather(args: unknown[], at: number): unknown[] {
  const first = args[at]
  if (Array.isArray(first)) {
    if (args.length > at + 1) throw new TypeError('one array may be given or several arguments, not both')
    return args
  }
  args[at] = args.length === at + 1 ? [first] : args.slice(at)
  if (args.length > at + 1) args.length = at + 1
  return args
}
