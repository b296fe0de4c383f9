import type { ScriptResult } from './api/scripting.ts'
import { inLine, lines, ReplyError } from './errors.ts'
import type { Keyspace } from './keyspace.ts'
import type { FunctionInfo } from './ports.ts'
import { fromBytes, canonical } from './util/text.ts'

/** Letters, digits and underscores: what libraries and functions may be called. */
export function isName(name: string): boolean {
  return /^\w+$/.test(name)
}

/** A function of the program, which clients can call by FCALL. */
export interface ProgramFunction extends FunctionInfo {
  readonly readonly: boolean
  /** Runs it, atomically. */
  readonly run: (ks: Keyspace, keys: readonly string[], args: readonly string[]) => unknown
}

/** The functions of the program, whose names are the same in upper and lower case, as those of libraries. */
export class Functions {
  private readonly byName: Map<string, ProgramFunction>

  constructor(from: Iterable<[string, ProgramFunction]> = []) {
    this.byName = new Map(from)
  }

  get size(): number {
    return this.byName.size
  }

  get(name: string): ProgramFunction | undefined {
    return this.byName.get(name.toLowerCase())
  }

  /** Another one of the same name is gone. */
  set(one: ProgramFunction): void {
    this.byName.set(one.name.toLowerCase(), one)
  }

  all(): ProgramFunction[] {
    return [...this.byName.values()]
  }

  copy(): Functions {
    return new Functions(this.byName)
  }
}

/** Runs `body` as a transaction, in which nothing can be written when `readonly` is true. */
export function atomically<T>({ databases }: Keyspace, readonly: boolean, body: () => T): T {
  if (!readonly) return databases.transaction(body)
  const { refusal } = databases
  databases.refusal = lines.readOnly
  try {
    return databases.transaction(body)
  } finally {
    databases.refusal = refusal
  }
}

/** What a function of the program answers a client that has called it, for what it returns. Throws a TypeError for what is no reply. */
export function resultOf(value: unknown): ScriptResult {
  switch (typeof value) {
    case 'string':
      return canonical(value)
    case 'number':
      return Number.isSafeInteger(value) ? value + 0 : { double: value }
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? value : { bigNumber: String(value) }
    case 'boolean':
      return value
    case 'undefined':
      return null
    case 'object':
      return value === null ? null : resultOfObject(value)
  }
  throw new TypeError(`a ${typeof value} is no reply`)
}

function resultOfObject(value: object): ScriptResult {
  if (Array.isArray(value)) return value.map(resultOf)
  if (value instanceof Uint8Array) return fromBytes(value)
  if (value instanceof Error) return { error: errorLine(value) }
  if (value instanceof Set) return { set: Array.from(value as Set<unknown>, resultOf) }
  const pairs: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value)
  return { pairs: Array.from(pairs, ([name, one]) => [resultOf(name), resultOf(one)] as const) }
}

/** The line that an error is to a client. */
export function errorLine(error: Error): string {
  return error instanceof ReplyError ? error.message : `ERR ${inLine(error.message)}`
}
