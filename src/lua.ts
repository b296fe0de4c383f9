import type { Scripting } from './ports.ts'
import { Lua } from './script/scripts.ts'
import type { LogLevel } from './script/redis.ts'

export type { LogLevel } from './script/redis.ts'
export type { Scripting } from './ports.ts'

export interface LuaOptions {
  /**
   * After how many instructions a script is stopped, and what it did is taken back: about 10 ns each, as a
   * turn of a short loop is one; calls, commands and all that takes longer count as more. 500 million by default, which takes about
   * five seconds; 0 lets scripts run for ever.
   */
  instructions?: number
  /** How many bytes one run may allocate for strings and tables; 1 GB by default, and 0 for as many as there are. */
  memory?: number
  /** Gets what scripts give to `redis.log`. */
  onLog?: (level: LogLevel, message: string) => void
}

function limit(given: number, name: string): number {
  if (typeof given !== 'number' || !(given >= 0)) throw new TypeError(`${name} must be a number that is not negative`)
  return given === 0 ? Infinity : given
}

/**
 * An engine for Redis' scripts and functions: `new Store({ scripting: lua() })`. It is Lua 5.1 as Redis has it, in TypeScript,
 * without `eval`. One may be given to any number of stores, which then share what is compiled.
 */
export function lua(options: LuaOptions = {}): Scripting {
  const { instructions = 5e8, memory = 2 ** 30, onLog } = options
  return new Lua({ instructions: limit(instructions, 'instructions'), memory: limit(memory, 'memory') }, onLog)
}
