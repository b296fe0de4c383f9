import type { ScriptResult } from '../api/scripting.ts'
import { lines, PassedOn, ReplyError } from '../errors.ts'
import type { Clients } from '../session/clients.ts'
import { Commands, type Run } from './call.ts'
import { scriptLines } from './lines.ts'
import { isStackOverflow } from './lua/base-library.ts'
import { newMachine } from './lua/index.ts'
import { Killed, type Limits, LuaError, type Machine, plainText, type Site } from './lua/machine.ts'
import { Table } from './lua/table.ts'
import { Builtin, type Callable, first, type Value } from './lua/value.ts'
import { addDebugging, type OnLog, protect, redisTable, setVersion, strictMeta, textPcall } from './redis.ts'
import { lineOf, resultOf, stringsOf, tableOf } from './values.ts'

/** One run of a script or function. */
export interface Task extends Run {
  /** What errors call it: the SHA-1 of a script, the name of a function. */
  readonly name: string
  readonly body: Callable
  /** False when it is known to end soon. */
  readonly long: boolean
  readonly args: readonly string[]
}

/** A machine with all that scripts of one kind have, on which one script runs at a time. */
export class Runtime {
  readonly m: Machine
  readonly commands: Commands
  private readonly redis: Table
  protected readonly limits: Limits
  /** True when KEYS and ARGV are globals, false when they are arguments. */
  private readonly scripts: boolean
  private version: string
  private readonly keys: Table
  private readonly args: Table
  private task: Task | undefined

  /** `load` makes of the globals what functions see in place of them. */
  constructor(limits: Limits, onLog: OnLog | undefined, scripts: boolean) {
    this.m = newMachine(() => (this.commands.run?.ks.databases.ticks() ?? 0) / 1000)
    this.limits = limits
    this.scripts = scripts
    this.commands = new Commands(this.m)
    this.version = ''
    const { globals } = this.m
    this.redis = redisTable(this.m, this.commands, onLog)
    globals.setText('redis', this.redis)
    globals.setText('server', this.redis)
    globals.setText('pcall', textPcall(this.m, globals.getText('pcall') as Callable))
    this.keys = new Table()
    this.args = new Table()
    this.task = undefined
    if (scripts) {
      addDebugging(this.redis)
      globals.setText('__redis__err__handler', new Builtin(([error]) => error))
    }
    globals.meta = strictMeta(this.m)
    protect(globals)
    if (scripts) {
      globals.setText('KEYS', this.keys)
      globals.setText('ARGV', this.args)
    }
    if (this.m.strings !== undefined) protect(this.m.strings)
  }

  /**
   * Runs a task, atomically. Errors of the script are thrown as ReplyErrors, and what it did before them stays; when it is
   * stopped because it takes too long, what it did is taken back.
   */
  run(task: Task): ScriptResult {
    const { ks, long, flags } = task
    const { databases } = ks
    const session = (databases.connections as Clients | null)?.active
    if (!flags.plain) mayRun(task, session?.port.node !== undefined)
    if (flags.names.includes('no-writes')) task.readonly = true
    task.session = session
    const { commands } = this
    // What logs a text for a script, say, could ask for another one.
    if (commands.run !== undefined) throw new ReplyError(scriptLines.nested)
    commands.begin(task)
    this.task = task
    if (this.version !== databases.redisVersion) setVersion(this.redis, (this.version = databases.redisVersion))
    let result: ScriptResult | ReplyError
    databases.scripted = true
    try {
      // Going back costs a copy of every collection that is written to. It is prepared where it may be needed: what takes no
      // turns, and calls nothing of its own, cannot take too long.
      result = long && !task.readonly ? databases.attempt(this.perform) : databases.batch(this.perform, true)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      throw errorAt(scriptLines.killed, task.name, this.m.site, false)
    } finally {
      commands.run = this.task = undefined
      databases.scripted = databases.unlogged = false
    }
    if (result instanceof ReplyError) throw result
    return result
  }

  /** Runs the task there is. Made once, because a function costs as much as a command. */
  private readonly perform = (): ScriptResult | ReplyError => {
    const { m, commands } = this
    const { body, keys, args, name } = this.task as Task
    m.begin(this.limits)
    try {
      let value: Value
      if (this.scripts) {
        // No script can keep the tables of one before it.
        this.keys.reset(stringsOf(keys))
        this.args.reset(stringsOf(args))
        value = first(body.call0())
      } else value = first(body.call2(new Table(stringsOf(keys)), new Table(stringsOf(args))))
      const result = resultOf(m, value, commands.writer.resp)
      if (typeof result === 'object' && result !== null && 'error' in result) {
        return newError(result.error, isCounted(value))
      }
      return result
    } catch (error) {
      if (error instanceof LuaError) return replyError(error, name)
      if (isStackOverflow(error)) return replyError(m.error('stack overflow'), name)
      throw error
    }
  }
}

function mayRun({ flags, readonly }: Task, clustered: boolean): void {
  if (clustered && flags.names.includes('no-cluster')) throw new ReplyError(scriptLines.noCluster)
  if (readonly && !flags.names.includes('no-writes')) throw new ReplyError(lines.mayWrite)
}

function isCounted(value: Value): boolean {
  return value instanceof Table && value.getText('ignore_error_stats_update') === true
}

function newError(line: string, counted: boolean): ReplyError {
  return counted ? new PassedOn(line) : new ReplyError(line)
}

/** What an error of Lua says, as a line with its code. */
export function messageOf(value: Value): string {
  if (!(value instanceof Table)) return `ERR ${lineOf(plainText(value))}`
  const text = value.getText('err')
  if (typeof text === 'string' || typeof text === 'number') return lineOf(plainText(text))
  // Redis has no words for it: it crashes.
  return scriptLines.noMessage
}

/** The error that a client is told of when a script throws one. */
function replyError({ value, site }: LuaError, name: string): ReplyError {
  return errorAt(messageOf(value), name, site, isCounted(value))
}

function errorAt(message: string, name: string, site: Site, counted: boolean): ReplyError {
  if (site.line < 0) return newError(message, counted)
  return newError(`${message} script: ${name}, on ${sourceOf(site.chunk)}:${site.line}.`, counted)
}

/** The source of a chunk by the name that error texts have for it: a text that a script has loaded is its own name. */
function sourceOf(chunk: string): string {
  const text = /^\[string "([\s\S]*)"\]$/.exec(chunk)
  return text === null ? `@${chunk}` : text[1]
}

/** What functions see as globals: the same, but not to be seen through. */
export function shadow(globals: Table): { readonly environment: Table; show(what: Table): void } {
  const environment = new Table()
  const meta = tableOf('__index', globals)
  environment.meta = meta
  protect(environment)
  return { environment, show: what => meta.setText('__index', what) }
}
