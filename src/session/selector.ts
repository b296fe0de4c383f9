import { glob } from '../util/glob.ts'
import { spelled } from '../commands/info.ts'
import { categoriesOf, categoryNames } from '../wire/categories.ts'
import { knownNames, sinceOf } from '../wire/since.ts'
import { type Command, commands, isContainer } from '../wire/table.ts'
import { ruleLines } from './acl-lines.ts'
import type { Argv } from './session.ts'
import { READ, type Uses, WRITE } from './uses.ts'

/** Where a selector stops a call: at an argument, or at its name, which is 0. */
export interface Stop {
  readonly reason: 'command' | 'key' | 'channel'
  readonly at: number
}

/** Why a rule cannot be: caught by whoever knows how the rule was written. */
export class RuleError extends Error {}

/** True when there is what separates words, or a NUL. */
export function hasSpaces(text: string): boolean {
  return /[ \t-\r\0]/.test(text)
}

/** Whether Redis has commands of that name with a word behind it; those that are not here count, too. */
function hasSubcommands(name: string): boolean {
  if (isContainer(name)) return true
  for (const known of knownNames()) if (known.startsWith(`${name} `)) return true
  return false
}

/**
 * A command that rules can name, in upper case with a space; undefined when there is none. Rules for Redis may name commands
 * that are not here: to allow or forbid them changes nothing, so that rules need not be rewritten.
 */
function nameOf(word: string): string | undefined {
  const parts = word.toUpperCase().split('|')
  if (parts.length > 2 || word.includes(' ')) return undefined
  const name = parts.join(' ')
  return commands.has(name) || isContainer(name) || sinceOf(name) !== undefined ? name : undefined
}

/** The categories of a command and, because rules for a container go for what is in it, of its container. */
function namesFor(command: Command): ReadonlySet<string> {
  const name = spelled(command.name)
  const found = new Set([name, ...categoriesOf(command)])
  const bar = name.indexOf('|')
  if (bar < 0) return found
  const container = commands.get(command.name.slice(0, bar))
  found.add(name.slice(0, bar))
  for (const category of container === undefined ? ['@slow'] : categoriesOf(container)) found.add(category)
  return found
}

/**
 * One set of permissions: a command is allowed when its name, all of its keys and all of its channels are. The rules about
 * commands are kept as they came, each once and the last one last, and looked at when a command is first asked for.
 */
export class Selector {
  allKeys: boolean
  allChannels: boolean
  /** Whether +@all or -@all came before the rules. */
  allCommands: boolean
  /** Patterns of keys, and what may be done with them. */
  readonly keys: Map<string, number>
  readonly channels: Set<string>
  /** `@read`, `get`, `config|get`, `select|0`: true when allowed. */
  readonly rules: Map<string, boolean>
  /** Of a command: whether it is allowed, or with which first arguments. */
  private readonly verdicts: Map<Command, boolean | ReadonlySet<string>>

  constructor(allChannels: boolean) {
    this.allKeys = false
    this.allChannels = allChannels
    this.allCommands = false
    this.keys = new Map()
    this.channels = new Set()
    this.rules = new Map()
    this.verdicts = new Map()
  }

  copy(): Selector {
    const copy = new Selector(this.allChannels)
    copy.allKeys = this.allKeys
    copy.allCommands = this.allCommands
    for (const [pattern, access] of this.keys) copy.keys.set(pattern, access)
    for (const channel of this.channels) copy.channels.add(channel)
    for (const [rule, allow] of this.rules) copy.rules.set(rule, allow)
    return copy
  }

  /** True when nothing can be denied. */
  get everything(): boolean {
    return this.allCommands && this.rules.size === 0 && this.allKeys && this.allChannels
  }

  // ---- rules ------------------------------------------------------------------------------------------------------

  /** Throws a RuleError when it is none. */
  apply(rule: string): void {
    switch (rule.toLowerCase()) {
      case 'allkeys':
      case '~*':
        return this.resetKeys(true)
      case 'resetkeys':
        return this.resetKeys(false)
      case 'allchannels':
      case '&*':
        return this.resetChannels(true)
      case 'resetchannels':
        return this.resetChannels(false)
      case 'allcommands':
      case '+@all':
        return this.resetCommands(true)
      case 'nocommands':
      case '-@all':
        return this.resetCommands(false)
    }
    switch (rule[0]) {
      case '~':
        return this.addKeys(rule.slice(1), READ | WRITE)
      case '%':
        return this.addKeysWith(rule)
      case '&':
        return this.addChannels(rule.slice(1))
      case '+':
      case '-':
        return this.change(rule.slice(1), rule[0] === '+')
    }
    throw new RuleError(ruleLines.syntax)
  }

  resetKeys(all: boolean): void {
    this.allKeys = all
    this.keys.clear()
  }

  resetChannels(all: boolean): void {
    this.allChannels = all
    this.channels.clear()
  }

  resetCommands(all: boolean): void {
    this.allCommands = all
    this.rules.clear()
    this.verdicts.clear()
  }

  private addKeys(pattern: string, access: number): void {
    if (this.allKeys) throw new RuleError(ruleLines.keysAfterAll)
    if (hasSpaces(pattern)) throw new RuleError(ruleLines.syntax)
    this.keys.set(pattern, (this.keys.get(pattern) ?? 0) | access)
  }

  /** `%R~pattern`; Redis takes one without pattern for the empty one. */
  private addKeysWith(rule: string): void {
    if (this.allKeys) throw new RuleError(ruleLines.keysAfterAll)
    const [whole, letters] = /^%([rw]{0,2})(?:~|$)/i.exec(rule) ?? []
    const upper = letters?.toUpperCase() ?? ''
    if (whole === undefined || upper === '' || upper === 'RR' || upper === 'WW') {
      throw new RuleError(ruleLines.syntax)
    }
    this.addKeys(rule.slice(whole.length), (upper.includes('R') ? READ : 0) | (upper.includes('W') ? WRITE : 0))
  }

  private addChannels(pattern: string): void {
    if (this.allChannels) throw new RuleError(ruleLines.channelsAfterAll)
    if (hasSpaces(pattern)) throw new RuleError(ruleLines.syntax)
    this.channels.add(pattern)
  }

  private change(word: string, allow: boolean): void {
    const rule = word.toLowerCase()
    if (rule.startsWith('@')) {
      if (!categoryNames.includes(rule.slice(1))) throw new RuleError(ruleLines.unknown)
    } else {
      const bar = rule.lastIndexOf('|')
      if (bar >= 0 && allow) this.checkFirst(rule.slice(0, bar), rule.slice(bar + 1))
      else if (nameOf(rule) === undefined) throw new RuleError(ruleLines.unknown)
      // What was said of its subcommands and first arguments counts no more.
      if (bar < 0) for (const other of this.rules.keys()) if (other.startsWith(`${rule}|`)) this.rules.delete(other)
    }
    this.rules.delete(rule)
    this.rules.set(rule, allow)
    this.verdicts.clear()
  }

  /** `+config|get` must be there; `+select|0` is about an argument, which can be anything. */
  private checkFirst(container: string, first: string): void {
    const name = nameOf(container)
    if (name === undefined) throw new RuleError(ruleLines.unknown)
    if (name.includes(' ')) throw new RuleError(ruleLines.firstOfSubcommand)
    if (first === '') throw new RuleError(ruleLines.syntax)
    if (hasSubcommands(name) && nameOf(`${container}|${first}`) === undefined) throw new RuleError(ruleLines.unknown)
  }

  // ---- what they allow --------------------------------------------------------------------------------------------

  /** What stops a call; undefined when nothing does. */
  stops(command: Command, argv: Argv, uses: () => Uses): Stop | undefined {
    if (!this.allows(command, argv)) return { reason: 'command', at: 0 }
    if (!this.allKeys) {
      for (const { at, access } of uses().keys) if (!this.allowsKey(argv[at], access)) return { reason: 'key', at }
    }
    if (!this.allChannels) {
      for (const { at, pattern } of uses().channels) {
        if (!allowsChannel(this.channels, argv[at], pattern)) return { reason: 'channel', at }
      }
    }
    return undefined
  }

  private allows(command: Command, argv: Argv): boolean {
    if (command.flags.includes('no_auth')) return true
    let verdict = this.verdicts.get(command)
    if (verdict === undefined) this.verdicts.set(command, (verdict = this.judge(command)))
    if (typeof verdict === 'boolean') return verdict
    const first = command.name.includes(' ') ? argv[2] : argv[1]
    return first !== undefined && verdict.has(first.toLowerCase())
  }

  private judge(command: Command): boolean | ReadonlySet<string> {
    const names = namesFor(command)
    const before = `${spelled(command.name)}|`
    let allowed = this.allCommands
    let firsts: Set<string> | undefined
    for (const [rule, allow] of this.rules) {
      if (names.has(rule)) {
        allowed = allow
        firsts = undefined
      } else if (allow && rule.startsWith(before)) (firsts ??= new Set()).add(rule.slice(before.length))
    }
    return allowed || firsts === undefined ? allowed : firsts
  }

  private allowsKey(key: string, access: number): boolean {
    for (const [pattern, its] of this.keys) if ((its & access) === access && glob(pattern, key)) return true
    return false
  }

  /** True when every key may be read, those too that no argument names. */
  get readsAll(): boolean {
    return this.allKeys || ((this.keys.get('*') ?? 0) & READ) !== 0
  }

  // ---- as text ----------------------------------------------------------------------------------------------------

  commandText(): string {
    let text = this.allCommands ? '+@all' : '-@all'
    for (const [rule, allow] of this.rules) text += ` ${allow ? '+' : '-'}${rule}`
    return text
  }

  keyText(): string {
    return this.allKeys ? '~*' : [...this.keys].map(([pattern, access]) => `${prefixes[access]}${pattern}`).join(' ')
  }

  channelText(): string {
    return this.allChannels ? '&*' : [...this.channels].map(channel => `&${channel}`).join(' ')
  }

  text(): string {
    const keys = this.keyText()
    const channels = this.channelText()
    const words = [keys, this.allChannels ? '' : 'resetchannels', channels, this.commandText()]
    return words.filter(word => word !== '').join(' ')
  }
}

/** By access. */
const prefixes: readonly string[] = ['', '%R~', '%W~', '~']

/** A channel must match a pattern; a pattern must be one of them, because nobody can tell what it will match. */
export function allowsChannel(allowed: ReadonlySet<string>, channel: string, isPattern: boolean): boolean {
  if (isPattern) return allowed.has(channel)
  for (const pattern of allowed) if (glob(pattern, channel)) return true
  return false
}
