import type { ScriptResult } from '../api/scripting.ts'
import type { Databases } from '../databases.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Libraries } from '../libraries.ts'
import type { LibraryInfo, ScriptCall, Scripting, Scripts as Port } from '../ports.ts'
import { sha1hex } from '../util/sha1.ts'
import { toLatin1 } from '../util/text.ts'
import { type Flags, flagsOf } from './flags.ts'
import { type LibraryFunction, type LoadedLibrary, LibraryRuntime } from './libraries.ts'
import { compile } from './lua/index.ts'
import { type Limits, LuaError } from './lua/machine.ts'
import type { Callable } from './lua/value.ts'
import type { OnLog } from './redis.ts'
import { messageOf, Runtime } from './runtime.ts'

/** A script that was compiled: the same for all stores. */
interface Script {
  readonly sha1: string
  readonly source: string
  readonly flags: Flags
  readonly body: Callable
  readonly long: boolean
}

/** So many compiled scripts are kept for stores that have not seen them yet. */
const MOST_COMPILED = 1000

/**
 * What may make a script take long: loops, functions of its own, which may call themselves, what runs another text, and searches
 * with patterns. A word is enough, wherever it stands; so is an index that is no plain number, because it may spell any word, and
 * what goes through a table, where such functions may be found without their names.
 */
const MAY_TAKE_LONG =
  /\b(?:while|repeat|for|foreach|foreachi|function|load|loadstring|coroutine|find|match|gmatch|gsub|sort|sha1hex|setmetatable|getmetatable|pairs|next|rawget|_G)\b|\[(?!\s*\d+\s*\])/

/** With fewer instructions than this, a script that does one thing after the other may use them up, too. */
const MANY = 1e6

/** What runs scripts: one for any number of stores, which share what is compiled, and the machines. */
export class Lua implements Scripting {
  private readonly limits: Limits
  private readonly onLog: OnLog | undefined
  private scriptRuntime: Runtime | undefined
  private functionRuntime: LibraryRuntime | undefined
  private readonly compiled: Map<string, Script>

  constructor(limits: Limits, onLog: OnLog | undefined) {
    this.limits = limits
    this.onLog = onLog
    this.scriptRuntime = undefined
    this.functionRuntime = undefined
    this.compiled = new Map()
  }

  // Made when the first script comes, so that a store costs no more than it did.
  get forScripts(): Runtime {
    return (this.scriptRuntime ??= new Runtime(this.limits, this.onLog, true))
  }

  get forFunctions(): LibraryRuntime {
    return (this.functionRuntime ??= new LibraryRuntime(this.limits, this.onLog))
  }

  attach(databases: Databases): Port {
    return new Scripts(this, databases)
  }

  /** A script, compiled. Throws a ReplyError when it is none. */
  script(source: string): Script {
    const known = this.compiled.get(source)
    if (known !== undefined) return known
    const bytes = toLatin1(source)
    const { flags, body } = flagsOf(bytes)
    let callable: Callable
    try {
      callable = compile(this.forScripts.m, body, 'user_script')
    } catch (error) {
      if (!(error instanceof LuaError)) throw error
      throw new ReplyError(`ERR Error compiling script (new function): ${messageOf(error.value).slice(4)}`)
    }
    const long = this.limits.instructions < MANY || MAY_TAKE_LONG.test(source)
    const script = { sha1: sha1hex(source), source, flags, body: callable, long }
    if (this.compiled.size >= MOST_COMPILED) this.compiled.delete(this.compiled.keys().next().value as string)
    this.compiled.set(source, script)
    return script
  }
}

/** The scripts and functions of one store. */
class Scripts implements Port {
  private readonly lua: Lua
  private readonly databases: Databases
  private readonly bySource: Map<string, Script>
  private readonly bySha1: Map<string, Script>
  /** The libraries that `functions` was made of. */
  private current: Libraries | undefined
  /** By their texts. */
  private loaded: Map<string, LoadedLibrary>
  /** By their names in lower case. */
  private functions: Map<string, LibraryFunction>

  constructor(lua: Lua, databases: Databases) {
    this.lua = lua
    this.databases = databases
    this.bySource = new Map()
    this.bySha1 = new Map()
    this.current = undefined
    this.loaded = new Map()
    this.functions = new Map()
  }

  fork(databases: Databases): Port {
    const fork = new Scripts(this.lua, databases)
    for (const script of this.bySha1.values()) fork.keep(script)
    return fork
  }

  // ---- scripts ----------------------------------------------------------------------------------------------------

  private keep(script: Script): Script {
    this.bySource.set(script.source, script)
    this.bySha1.set(script.sha1, script)
    return script
  }

  private kept(source: string): Script {
    return this.bySource.get(source) ?? this.keep(this.lua.script(source))
  }

  eval(source: string, call: ScriptCall): ScriptResult {
    return this.run(this.kept(source), call)
  }

  evalsha(sha1: string, call: ScriptCall): ScriptResult {
    const script = this.bySha1.get(sha1) ?? this.bySha1.get(sha1.toLowerCase())
    if (script === undefined) throw new ReplyError(lines.noScript)
    return this.run(script, call)
  }

  private run({ body, flags, sha1, long }: Script, { ks, keys, args, readonly }: ScriptCall): ScriptResult {
    return this.lua.forScripts.run({
      ks,
      name: sha1,
      body,
      flags,
      readonly,
      long,
      keys,
      args,
      session: undefined,
      slot: undefined,
    })
  }

  load(source: string): string {
    return this.kept(source).sha1
  }

  source(sha1: string): string | undefined {
    return this.bySha1.get(sha1.toLowerCase())?.source
  }

  forget(): void {
    this.bySource.clear()
    this.bySha1.clear()
  }

  get size(): number {
    return this.bySha1.size
  }

  // ---- functions --------------------------------------------------------------------------------------------------

  prepare(libraries: Libraries, anew: string | undefined): void {
    this.refresh()
    const loaded = new Map<string, LoadedLibrary>()
    for (const text of libraries.values()) {
      const known = text === anew ? undefined : this.loaded.get(text)
      loaded.set(text, known ?? this.lua.forFunctions.load(text, this.databases.redisVersion))
    }
    const functions = collect(loaded.values())
    for (const { name } of functions.values()) {
      if (this.databases.functions?.get(name) !== undefined) throw taken(name)
    }
    // Not yet those of the store: what is kept is found again by its text when they are.
    this.loaded = new Map([...this.loaded, ...loaded])
  }

  /** Takes notice of libraries that are others than before: loaded, read from files, or taken back. */
  private refresh(): void {
    const { libraries } = this.databases
    if (libraries === this.current) return
    const loaded = new Map<string, LoadedLibrary>()
    for (const text of libraries.values()) {
      const library = this.loaded.get(text) ?? this.tried(text)
      if (library !== undefined) loaded.set(text, library)
    }
    this.loaded = loaded
    this.functions = new Map()
    for (const { functions } of loaded.values()) {
      for (const one of functions) this.functions.set(one.name.toLowerCase(), one)
    }
    this.current = libraries
  }

  /** A library from a file; undefined, and without functions, when it cannot be loaded. */
  private tried(text: string): LoadedLibrary | undefined {
    try {
      return this.lua.forFunctions.load(text, this.databases.redisVersion)
    } catch (error) {
      if (error instanceof ReplyError) return undefined
      throw error
    }
  }

  fcall(name: string, call: () => ScriptCall): ScriptResult | undefined {
    this.refresh()
    const found = this.functions.get(name.toLowerCase())
    if (found === undefined) return undefined
    const { ks, keys, args, readonly } = call()
    const { body, given } = found
    return this.lua.forFunctions.run({
      ks,
      name: found.name,
      body,
      flags: given,
      readonly,
      long: true,
      keys,
      args,
      session: undefined,
      slot: undefined,
    })
  }

  hasFunction(name: string): boolean {
    this.refresh()
    return this.functions.has(name.toLowerCase())
  }

  libraries(): readonly LibraryInfo[] {
    this.refresh()
    return Array.from(this.databases.libraries, ([name, code]) => {
      const functions = this.loaded.get(code)?.functions ?? []
      return { name, engine: 'LUA', functions, code }
    })
  }
}

/** The functions of libraries. Throws when two have the same name. */
function collect(libraries: Iterable<LoadedLibrary>): Map<string, LibraryFunction> {
  const functions = new Map<string, LibraryFunction>()
  for (const library of libraries) {
    const own = new Map(library.functions.map(one => [one.name.toLowerCase(), one] as const))
    for (const [key, one] of own) {
      if (functions.has(key)) throw taken(one.name)
      functions.set(key, one)
    }
  }
  return functions
}

function taken(name: string): ReplyError {
  return new ReplyError(`ERR Function ${name} already exists`)
}
