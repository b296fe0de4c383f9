import type { ScriptCommands, ScriptReply, ScriptResult } from '../api/scripting.ts'
import type { Key, Value } from '../api/types.ts'
import { lines, Refusal, ReplyError } from '../errors.ts'
import { errorLine, type ProgramFunction, resultOf } from '../functions.ts'
import type { Keyspace } from '../keyspace.ts'
import type { ScriptCall, Scripts } from '../ports.ts'
import { keyText, text } from './input.ts'
import type { Ops, Out, Rest, Shapes } from './op.ts'

/** What everything about scripts answers while the store has no engine for them. */
export const noEngine = 'ERR scripts need an engine: open the store with the option scripting: lua() of embedis/lua'

export const scriptLines = {
  noFunction: 'ERR Function not found',
  notBusy: 'NOTBUSY No scripts in execution right now.',
  debug: 'ERR Use SCRIPT DEBUG YES/SYNC/NO',
  noDebugger: 'ERR embedis has no debugger for scripts',
  noLibraryName: 'ERR library name argument was not given',
} as const

/** The engine of the store. Throws when it has none. */
export function engine({ databases }: Keyspace): Scripts {
  const { scripts } = databases
  if (scripts === null) throw new ReplyError(noEngine)
  return scripts
}

type Names = readonly Key[] | Refusal | undefined

function callOf(ks: Keyspace, keys: Names, args: readonly Value[] | undefined, readonly: boolean): ScriptCall {
  if (keys instanceof Refusal) throw new ReplyError(keys.line)
  return { ks, keys: scriptKeys(keys), args: scriptArgs(args), readonly }
}

export function scriptKeys(keys: readonly Key[] | undefined): readonly string[] {
  return given(keys, keyText, 'keys')
}

export function scriptArgs(args: readonly Value[] | undefined): readonly string[] {
  return given(args, argument, 'args')
}

const noTexts: readonly string[] = []

/** Unlike other lists of keys, those of scripts may be empty, or left out. */
function given<T>(list: readonly T[] | undefined, textOf: (one: T) => string, name: string): readonly string[] {
  if (list === undefined) return noTexts
  if (!Array.isArray(list)) throw new TypeError(`${name} must be an array`)
  return (list as readonly T[]).map(textOf)
}

const argument = (value: Value): string => text(value, 'argument')

function evaluate(ks: Keyspace, script: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const scripts = engine(ks)
  const call = callOf(ks, keys, args, readonly)
  return scripts.eval(text(script, 'script'), call)
}

function evaluateKept(ks: Keyspace, sha1: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const scripts = engine(ks)
  // What cannot be the name of a script is known for that before anything else is looked at.
  if (text(sha1, 'sha1').length !== 40) throw new ReplyError(lines.noScript)
  return scripts.evalsha(sha1, callOf(ks, keys, args, readonly))
}

function call(ks: Keyspace, given: string, keys: Names, args: readonly Value[] | undefined, readonly: boolean) {
  const { databases } = ks
  const name = text(given, 'name')
  const own = databases.functions?.get(name)
  if (own !== undefined) return callOwn(own, callOf(ks, keys, args, readonly))
  const result = engine(ks).fcall(name, () => callOf(ks, keys, args, readonly))
  if (result === undefined) throw new ReplyError(scriptLines.noFunction)
  return result
}

/** Runs a function of the program. What it throws is told to whoever has called it. */
function callOwn(own: ProgramFunction, { ks, keys, args, readonly }: ScriptCall): ScriptResult {
  if (readonly && !own.readonly) throw new ReplyError(lines.mayWrite)
  try {
    return resultOf(own.run(ks, keys, args))
  } catch (error) {
    if (error instanceof ReplyError || !(error instanceof Error)) throw error
    throw new ReplyError(errorLine(error))
  }
}

/** The commands that are methods. */
export const scripts: Ops<ScriptCommands, Record<keyof ScriptCommands, ScriptResult>> = {
  eval: (ks, script, keys, args) => evaluate(ks, script, keys, args, false),
  evalRo: (ks, script, keys, args) => evaluate(ks, script, keys, args, true),
  evalsha: (ks, sha1, keys, args) => evaluateKept(ks, sha1, keys, args, false),
  evalshaRo: (ks, sha1, keys, args) => evaluateKept(ks, sha1, keys, args, true),
  fcall: (ks, name, keys, args) => call(ks, name, keys, args, false),
  fcallRo: (ks, name, keys, args) => call(ks, name, keys, args, true),
}

/** A result as a program gets it. */
function shaped(result: ScriptResult, out: Out): ScriptReply {
  if (typeof result === 'string') return out.text(result)
  if (typeof result !== 'object' || result === null) return result
  if (Array.isArray(result)) return (result as readonly ScriptResult[]).map(one => shaped(one, out))
  if ('status' in result) return out.text(result.status)
  if ('error' in result) return new ReplyError(result.error)
  if ('double' in result) return result.double
  if ('bigNumber' in result)
    return /^-?\d+$/.test(result.bigNumber) ? BigInt(result.bigNumber) : out.text(result.bigNumber)
  if ('verbatim' in result) return out.text(result.verbatim)
  if ('set' in result) return result.set.map(one => shaped(one, out))
  if ('pairs' in result) return new Map(result.pairs.map(([name, one]) => [shaped(name, out), shaped(one, out)]))
  return null
}

export const scriptShapes: Shapes<ScriptCommands, ScriptCommands<'sync', Uint8Array>, typeof scripts> = {
  eval: shaped,
  evalRo: shaped,
  evalsha: shaped,
  evalshaRo: shaped,
  fcall: shaped,
  fcallRo: shaped,
}

export const scriptRest: Rest<ScriptCommands> = {}
