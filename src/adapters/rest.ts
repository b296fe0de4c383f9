import { ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { discardedBecause, insider, noPort, type Session } from '../session/session.ts'
import { plainText, type StoredText } from '../util/stored.ts'
import { canonical, toBytes } from '../util/text.ts'
import { type Plain, ValueWriter } from '../wire/reply.ts'
import { named } from '../wire/table.ts'

declare function queueMicrotask(callback: () => void): void
declare function btoa(binary: string): string

/**
 * Commands as they come by requests that have no connection: each is answered for itself, or several in one go. What a
 * command says of a connection would be forgotten with the request, and such commands are refused.
 */

/** What a command is answered by: its result as RESP2 has it, or the line of its error. */
export type Answer = { readonly result: Plain } | { readonly error: string }

/** How texts and integers are given. */
export interface Form {
  /** Texts in base64, all but `OK`. */
  readonly base64: boolean
  /** Integers beyond 2^53 as `bigint`, not rounded. */
  readonly exact: boolean
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  // Not too many arguments at once, which a call takes from the stack.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

class AnswerWriter extends ValueWriter {
  private readonly form: Form

  constructor(form: Form) {
    super(2)
    this.form = form
  }

  private spelled(given: StoredText): string {
    if (this.form.base64) return base64(toBytes(plainText(given)))
    // Bytes that are no text cannot be in JSON: they become what a decoder of UTF-8 makes of them.
    return plainText(given).toWellFormed()
  }

  override bulk(given: StoredText): void {
    super.status(this.spelled(given))
  }

  override status(line: string): void {
    super.status(line === 'OK' ? line : this.spelled(line))
  }

  override integer(n: number | bigint): void {
    super.integer(this.form.exact ? n : Number(n))
  }
}

/** What there is no use for in a request of its own. */
const ofConnections =
  /^(MULTI|EXEC|DISCARD|(UN)?WATCH|SELECT|QUIT|RESET|HELLO|AUTH|MONITOR|P?SYNC|[PS]?(UN)?SUBSCRIBE)$/
const ofClients = /^CLIENT (REPLY|TRACKING|CACHING)$/

function refuseOfConnection(argv: readonly string[]): void {
  const command = named(argv)
  if (command === undefined || command.connection === undefined) return
  if (ofConnections.test(command.name) || ofClients.test(command.name)) {
    throw new ReplyError(`ERR Command is not available: '${command.name}' concerns a connection, and here is none`)
  }
}

/** The words of a command out of JSON. Throws a ReplyError when it is none. */
export function argvOf(given: unknown): string[] {
  if (!Array.isArray(given)) throw new ReplyError('ERR a command must be an array of its name and arguments')
  if (given.length === 0) throw new ReplyError('ERR empty command')
  return given.map((one: unknown) => {
    if (typeof one === 'string') return canonical(one)
    if (typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw new ReplyError(`ERR ${one === null ? 'null' : 'nested'} arguments are not supported`)
  })
}

function listOf(given: unknown): string[][] {
  if (!Array.isArray(given) || given.length === 0) throw new ReplyError('ERR commands must come as an array of arrays')
  return given.map(argvOf)
}

/** What a request is answered by; a promise where somebody holds the answer back. */
export type Answered<T> = T | { readonly error: string } | Promise<T | { readonly error: string }>

/** Runs what is to be one request: its errors of Redis are answers. */
function within<T>(ks: Keyspace, work: (session: Session) => T): Answered<T> {
  let held = 0
  const session = insider(ks, { ...noPort, hold: ms => void (held += ms) })
  let answer: T | { readonly error: string }
  try {
    answer = work(session)
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
    answer = { error: error.message }
  } finally {
    session.close()
  }
  if (held === 0) return answer
  return new Promise(resolve => void ks.databases.host.setTimer(() => resolve(answer), held, true))
}

function answerOne(session: Session, argv: readonly string[], form: Form): Answer {
  const { databases } = session
  const writer = new AnswerWriter(form)
  try {
    refuseOfConnection(argv)
    // What would wait is answered as inside MULTI, by what there is: nobody knows how long a request may last.
    if (named(argv)?.wait === undefined) void session.execute(argv, writer)
    else databases.batch(() => void session.execute(argv, writer))
    return { result: writer.take() }
  } catch (error) {
    if (error instanceof ReplyError) return { error: error.message }
    throw error
  } finally {
    if (databases.pending) databases.commit()
  }
}

/** Runs one command. */
export function single(ks: Keyspace, given: unknown, form: Form): Answered<Answer> {
  return within(ks, session => answerOne(session, argvOf(given), form))
}

/** Runs commands one after the other, with one commit at their end: a list of answers, or the error of the whole. */
export function pipeline(ks: Keyspace, given: unknown, form: Form): Answered<Answer[]> {
  return within(ks, session => {
    const all = listOf(given)
    return ks.databases.batch(() => all.map(argv => answerOne(session, argv, form)))
  })
}

/** Runs commands as MULTI and EXEC do: none of them when one is no command. */
export function transaction(ks: Keyspace, given: unknown, form: Form): Answered<Answer[]> {
  return within(ks, session => {
    const all = listOf(given)
    void session.execute(['MULTI'], new ValueWriter())
    for (const argv of all) {
      const queued = new ValueWriter()
      try {
        refuseOfConnection(argv)
        void session.execute(argv, queued)
        queued.take()
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error
        return { error: discardedBecause(error) }
      }
    }
    const writer = new AnswerWriter(form)
    void session.execute(['EXEC'], writer)
    return (writer.take() as Plain[]).map(one => (one instanceof ReplyError ? { error: one.message } : { result: one }))
  })
}

// ---- streams --------------------------------------------------------------------------------------------------------

/** Gives each reply as a line: `message,channel,payload`. */
class LineWriter extends ValueWriter {
  private readonly send: (line: string) => void

  constructor(send: (line: string) => void) {
    super(2)
    this.send = send
  }

  protected override whole(reply: Plain): void {
    super.whole(reply)
    if (reply instanceof ReplyError) return
    const words = Array.isArray(reply) ? reply : [reply]
    this.send(words.map(word => String(word).toWellFormed()).join(','))
  }
}

/** What can be asked for as a stream, by the first word of the path in lower case. */
export const streams: ReadonlySet<string> = new Set(['subscribe', 'psubscribe', 'monitor'])

/**
 * Starts a stream of lines; answers the way to end it. `ended` is called when the other side ends it. Lines come after what
 * caused them has returned. Throws a ReplyError when it is refused.
 */
export function stream(
  ks: Keyspace,
  argv: readonly string[],
  send: (line: string) => void,
  ended: () => void = () => {},
): () => void {
  let open = true
  const writer = new LineWriter(line => {
    queueMicrotask(() => {
      if (open) send(line)
    })
  })
  const session: Session = insider(ks, {
    ...noPort,
    push: write => write(writer),
    end: () => {
      if (!open) return
      open = false
      ended()
    },
  })
  const stop = (): void => {
    open = false
    session.close()
  }
  try {
    void session.execute(argv, writer)
    writer.take()
  } catch (error) {
    stop()
    throw error
  }
  return stop
}
