import type { Value } from '../api/types.ts'
import { text } from '../commands/input.ts'
import type { Databases } from '../databases.ts'
import { gather } from '../install.ts'
import { type Plain, type ReplyWriter, ValueWriter } from '../wire/reply.ts'
import { insider, noPort, type Session as Gate } from './session.ts'

/** One client of a store, for programs: commands by name, one after the other. */
export class Session {
  private readonly gate: Gate
  private last: Promise<unknown>

  constructor(databases: Databases, onPush?: (message: Plain) => void) {
    const push = (write: (w: ReplyWriter) => void): void => {
      if (onPush === undefined) return
      const writer = new ValueWriter()
      write(writer)
      onPush(writer.take())
    }
    this.gate = insider(databases.at(0), { ...noPort, push })
    // Replies come in the form of RESP3.
    this.gate.resp = 3
    this.last = Promise.resolve()
  }

  /**
   * Sends a command; resolves with its reply as RESP3 gives it, rejects with a `ReplyError`. A command that is sent while
   * another one waits is executed after it. Of a command with several replies, such as SUBSCRIBE, the last one counts.
   */
  call(...argv: Value[]): Promise<Plain>
  call(argv: readonly Value[]): Promise<Plain>
  call(...argv: unknown[]): Promise<Plain> {
    const [given] = gather(argv, 0) as [readonly Value[]]
    const args = given.map(arg => text(arg, 'argument'))
    if (args.length === 0) return Promise.reject(new TypeError('a command must have a name'))
    const send = async (): Promise<Plain> => {
      const writer = new ValueWriter()
      await this.gate.execute(args, writer)
      return writer.take()
    }
    // At once when nothing waits, so that a session does not change the order in which a program does things.
    const reply = this.gate.waiting ? this.last.then(send, send) : send()
    this.last = reply.catch(() => undefined)
    return reply
  }

  /** Ends subscriptions, watches and a command that waits, which is rejected. */
  close(): void {
    this.gate.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
