import { spelled } from '../commands/info.ts'
import { ReplyError } from '../errors.ts'
import { hex } from '../util/blocks.ts'
import { splitLine } from '../util/inline.ts'
import { sha256 } from '../util/sha256.ts'
import { compareText, sameSecret, toBytes } from '../util/text.ts'
import type { Command } from '../wire/table.ts'
import { aclLines, badRule, type Denial, ruleLines, unmatched } from './acl-lines.ts'
import { allowsChannel, hasSpaces, RuleError, Selector, type Stop } from './selector.ts'
import type { Argv, Session } from './session.ts'
import { type Uses, usesOf } from './uses.ts'

/** The order in which reasons matter when several selectors stop a call: the later one says more. */
const weight: Readonly<Record<Stop['reason'], number>> = { command: 1, key: 2, channel: 3 }

/** Passwords are known by their SHA-256 alone, in hexadecimal. */
function hashOf(password: string): string {
  return hex(sha256(toBytes(password)))
}

/** Somebody a client may say it is, and what they may do. */
export class User {
  readonly name: string
  enabled: boolean
  /** True when any password is right. */
  nopass: boolean
  /** What RESTORE is to make of what this user brings: kept and shown, all the same here. */
  sanitized: boolean
  /** The hashes of the passwords. */
  passwords: Set<string>
  /** At least one: the user's own permissions are those of the first. */
  selectors: Selector[]
  /** True when nothing needs to be asked, as of most: the one thing that a command costs them. */
  everything: boolean

  constructor(name: string, allChannels: boolean) {
    this.name = name
    this.enabled = false
    this.nopass = false
    this.sanitized = true
    this.passwords = new Set()
    this.selectors = [new Selector(allChannels)]
    this.everything = false
  }

  private get own(): Selector {
    return this.selectors[0]
  }

  copy(): User {
    const copy = new User(this.name, false)
    copy.become(this)
    return copy
  }

  /** Takes over all but the name. */
  become(other: User): void {
    this.enabled = other.enabled
    this.nopass = other.nopass
    this.sanitized = other.sanitized
    this.passwords = new Set(other.passwords)
    this.selectors = other.selectors.map(selector => selector.copy())
    this.everything = this.selectors.some(selector => selector.everything)
  }

  // ---- rules ------------------------------------------------------------------------------------------------------

  /** Throws a RuleError when it is no rule. `allChannels` is what selectors begin with. */
  apply(rule: string, allChannels: boolean): void {
    switch (rule.toLowerCase()) {
      case '':
        return
      case 'on':
      case 'off':
        this.enabled = rule.length === 2
        return
      case 'skip-sanitize-payload':
      case 'sanitize-payload':
        this.sanitized = rule.length === 16
        return
      case 'nopass':
      case 'resetpass':
        this.nopass = rule.length === 6
        this.passwords.clear()
        return
      case 'clearselectors':
        this.selectors.length = 1
        return
      case 'reset':
        this.become(new User(this.name, allChannels))
        return
    }
    if (rule.startsWith('(') && rule.endsWith(')')) this.addSelector(rule.slice(1, -1), allChannels)
    else if (/^[>#<!]/.test(rule)) this.changePassword(rule)
    else this.own.apply(rule)
  }

  private changePassword(rule: string): void {
    const plain = rule[0] === '>' || rule[0] === '<'
    const rest = rule.slice(1)
    if (!plain && !/^[0-9a-f]{64}$/.test(rest)) throw new RuleError(ruleLines.hash)
    const hash = plain ? hashOf(rest) : rest
    if (rule[0] === '<' || rule[0] === '!') {
      if (!this.passwords.delete(hash)) throw new RuleError(ruleLines.noSuchPassword)
      return
    }
    this.passwords.add(hash)
    this.nopass = false
  }

  private addSelector(rules: string, allChannels: boolean): void {
    const selector = new Selector(allChannels)
    const bytes = toBytes(rules)
    // What does not close its quotes has no words, as Redis reads it.
    for (const rule of splitLine(bytes, 0, bytes.length) ?? []) selector.apply(rule)
    this.selectors.push(selector)
  }

  // ---- what they allow --------------------------------------------------------------------------------------------

  /** True when this is one of the passwords. All of them are looked at, so that time tells nothing. */
  knows(password: string): boolean {
    if (this.nopass) return true
    const hash = hashOf(password)
    let known = false
    for (const one of this.passwords) if (sameSecret(hash, one)) known = true
    return known
  }

  /** What stops the user, or undefined when one of the selectors allows all of it. */
  stops(command: Command, argv: Argv): Denial | undefined {
    if (this.everything) return undefined
    let found: Uses | undefined
    const uses = (): Uses => (found ??= usesOf(command, argv))
    let worst: Stop = { reason: 'command', at: 0 }
    for (const selector of this.selectors) {
      const stop = selector.stops(command, argv, uses)
      if (stop === undefined) return undefined
      const more = weight[stop.reason] - weight[worst.reason]
      if (more > 0 || (more === 0 && stop.at > worst.at)) worst = stop
    }
    const { reason, at } = worst
    return { reason, object: reason === 'command' ? spelled(command.name) : argv[at] }
  }

  /** True when one of the selectors allows this call and the reading of every key. */
  readsAll(command: Command, argv: Argv): boolean {
    const uses = (): Uses => usesOf(command, argv)
    return this.selectors.some(selector => selector.readsAll && selector.stops(command, argv, uses) === undefined)
  }

  // ---- as text ----------------------------------------------------------------------------------------------------

  flags(): string[] {
    const flags = [this.enabled ? 'on' : 'off']
    if (this.nopass) flags.push('nopass')
    flags.push(this.sanitized ? 'sanitize-payload' : 'skip-sanitize-payload')
    return flags
  }

  /** As ACL LIST and files have it. */
  text(): string {
    const passwords = [...this.passwords].map(hash => `#${hash}`)
    const [own, ...more] = this.selectors.map(selector => selector.text())
    return ['user', this.name, ...this.flags(), ...passwords, own, ...more.map(text => `(${text})`)].join(' ')
  }
}

/** One rule for each; a selector may stand in several arguments. Throws when its parenthesis does not close. */
function joined(rules: readonly string[]): string[] {
  const found: string[] = []
  let open: string[] | undefined
  for (const rule of rules) {
    if (open !== undefined) open.push(rule)
    else if (rule.startsWith('(') && !rule.endsWith(')')) open = [rule]
    else found.push(rule)
    if (open === undefined || !rule.endsWith(')')) continue
    found.push(open.join(' '))
    open = undefined
  }
  if (open !== undefined) throw new ReplyError(unmatched(open[0]))
  return found
}

/** Who may be a client of a store. */
export class Users {
  /** Who a client is that has said nothing. */
  readonly default: User
  /** The password that CONFIG SET requirepass gave; ACL SETUSER does not change it, as in Redis. */
  requirepass: string
  /** acl-pubsub-default: whether selectors begin with all channels. */
  allChannels: boolean
  private readonly byName: Map<string, User>
  private readonly sessions: ReadonlyMap<number, Session>

  constructor(sessions: ReadonlyMap<number, Session>) {
    this.sessions = sessions
    this.requirepass = ''
    this.allChannels = false
    this.default = new User('default', true)
    for (const rule of ['+@all', '~*', 'on', 'nopass']) this.default.apply(rule, true)
    this.default.everything = true
    this.byName = new Map([['default', this.default]])
  }

  /** True when a client that has said nothing may do nothing. */
  get locked(): boolean {
    return !this.default.nopass || !this.default.enabled
  }

  named(name: string): User | undefined {
    return this.byName.get(name)
  }

  /** All of them, by the bytes of their names. */
  all(): User[] {
    return [...this.byName.values()].sort((a, b) => compareText(a.name, b.name))
  }

  /** The user, when there is one who may come in with this password. */
  authenticate(name: string, password: string): User {
    const user = this.byName.get(name)
    if (user === undefined || !user.enabled || !user.knows(password)) throw new ReplyError(aclLines.wrongPass)
    return user
  }

  /**
   * Changes a user, who is made when there is none: by all rules, or by none when one of them is wrong. Returns the clients
   * that listen to what they may no longer hear: they are to go.
   */
  set(name: string, rules: readonly string[]): Session[] {
    if (hasSpaces(name)) throw new ReplyError(aclLines.userName)
    const user = this.byName.get(name)
    const changed = user?.copy() ?? new User(name, this.allChannels)
    for (const rule of joined(rules)) {
      try {
        changed.apply(rule, this.allChannels)
      } catch (error) {
        if (error instanceof RuleError) throw new ReplyError(badRule(rule, error.message))
        throw error
      }
    }
    const lost = user === undefined ? [] : this.losing(user, changed)
    const kept = user ?? new User(name, false)
    kept.become(changed)
    this.byName.set(name, kept)
    return lost
  }

  /** Who listens to a channel that the user will have no right to. */
  private losing(user: User, changed: User): Session[] {
    if (changed.selectors.some(selector => selector.allChannels)) return []
    const channels = new Set(changed.selectors.flatMap(selector => [...selector.channels]))
    const lost = (session: Session): boolean =>
      [...session.subscriptionsOf('pattern')].some(name => !allowsChannel(channels, name, true)) ||
      [...session.subscriptionsOf('channel'), ...session.subscriptionsOf('shard')].some(
        name => !allowsChannel(channels, name, false),
      )
    return this.clientsOf(user).filter(lost)
  }

  /** Removes a user; returns the clients that were this one, and are nobody from now on. Undefined when there is none. */
  delete(name: string): Session[] | undefined {
    const user = this.byName.get(name)
    if (user === undefined) return undefined
    this.byName.delete(name)
    const clients = this.clientsOf(user)
    for (const client of clients) client.user = undefined
    return clients
  }

  private clientsOf(user: User): Session[] {
    return [...this.sessions.values()].filter(session => session.rights === user)
  }

  /** The way back to the users that there are now. */
  remember(): () => void {
    const { requirepass } = this
    const kept = [...this.byName.values()].map(user => [user, user.copy()] as const)
    return () => {
      this.requirepass = requirepass
      this.byName.clear()
      for (const [user, was] of kept) {
        user.become(was)
        this.byName.set(user.name, user)
      }
    }
  }

  /** As CONFIG SET requirepass: the one password of the default user, or none when it is empty. */
  require(password: string): void {
    this.requirepass = password
    this.set('default', password === '' ? ['nopass'] : ['resetpass', `>${password}`])
  }
}
