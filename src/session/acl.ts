import { ReplyError } from '../errors.ts'
import type { Command } from '../wire/table.ts'

/** Somebody a client may say it is. */
export class User {
  readonly name: string
  /** What it must know; empty when nothing. */
  readonly passwords: Set<string>

  constructor(name: string) {
    this.name = name
    this.passwords = new Set()
  }

  /** Throws when the user may not do this. */
  mayRun(_command: Command, _argv: readonly string[]): void {}
}

/** Who may be a client of a store. */
export class Users {
  readonly byName: Map<string, User>
  /** Who a client is that has said nothing. */
  readonly default: User

  constructor() {
    this.default = new User('default')
    this.byName = new Map([['default', this.default]])
  }

  /** True when a client that has said nothing may do nothing. */
  get locked(): boolean {
    return this.default.passwords.size > 0
  }

  /** The user, when the password is right. */
  authenticate(name: string, password: string): User {
    const user = this.byName.get(name)
    if (user === undefined || (user.passwords.size > 0 && !user.passwords.has(password))) {
      throw new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')
    }
    return user
  }
}
