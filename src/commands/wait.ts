import type { Keyspace } from '../keyspace.ts'
import { Waiter } from '../waiting.ts'
import type { WaitFor } from './op.ts'

/** Any op, with parameters of which it knows the types itself. */
export type RunOp = (ks: Keyspace, ...args: never[]) => unknown

/**
 * Runs an op that may wait. What it answers goes to `done`: at once, when there is something, when this call does not wait or
 * is inside a transaction or batch; else null when the time is over, or what it answers when one of its keys has changed.
 * Returns the waiter, if there is one.
 */
export function attend(
  ks: Keyspace,
  op: RunOp,
  wait: WaitFor,
  args: readonly unknown[],
  done: (result: unknown) => void,
  failed: (error: unknown) => void,
): Waiter | undefined {
  const { databases } = ks
  const given = args as readonly never[]
  let result: unknown
  try {
    result = op(ks, ...given)
  } finally {
    if (databases.pending) databases.commit()
  }
  if (result !== null || databases.nested || wait.sometimes?.(args) === false) {
    done(result)
    return undefined
  }
  const again = (wait.fixed === undefined ? args : wait.fixed(ks, args)) as readonly never[]
  const { type, whatever = false } = wait
  const waiter = new Waiter(ks, { ...wait.of(args), type, whatever, attempt: () => op(ks, ...again) }, done, failed)
  databases.waiting.add(waiter)
  return waiter
}
