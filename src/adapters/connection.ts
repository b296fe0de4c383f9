import type { Databases } from '../databases.ts'
import { isDisconnected } from '../errors.ts'
import { ProtocolError, RequestDecoder } from '../resp/decoder.ts'
import { RespWriter } from '../resp/writer.ts'
import { clientsOf } from '../session/clients.ts'
import type { ClusterNode } from '../session/cluster.ts'
import { Session } from '../session/session.ts'
import type { ReplyWriter } from '../wire/reply.ts'

declare function queueMicrotask(callback: () => void): void

/** What carries the bytes of a connection. */
export interface Transport {
  /** Where the client is and what it has reached: `127.0.0.1:51004`. */
  readonly address: string
  readonly localAddress: string
  /** The node of a cluster that the client has reached, if it is one. */
  readonly node?: ClusterNode | undefined
  /**
   * Sends bytes, which are the transport's from now on. False when so many are unread that no more should be made: it says
   * with `drained` when that is over.
   */
  write(bytes: Uint8Array): boolean
  /** Ends the connection once everything written has been sent. */
  end(): void
  /** Brings no more bytes, until `resume`. */
  pause(): void
  resume(): void
}

/** Behind a command that waits so many bytes of others are taken in. */
const MOST_BACKLOG = 1 << 20
/**
 * Replies are sent when they are so many bytes, though more commands are there: of a few bytes of commands gigabytes of
 * replies may come, which nobody need take.
 */
const MOST_PENDING = 1 << 18

/** The first words of a request by HTTP, which a web page may be made to send here: Redis cuts the connection, too. */
function isHttp(word: string): boolean {
  // 80 is P and 72 is H, and 32 more their small letters.
  const first = word.charCodeAt(0) & ~32
  if ((first !== 80 && first !== 72) || (word.length !== 4 && word.length !== 5)) return false
  const upper = word.toUpperCase()
  return upper === 'POST' || upper === 'HOST:'
}

/**
 * One client that speaks RESP. Whatever carries the bytes gives them to `receive` and says with `closed` that the client
 * has gone. Replies to all commands of one piece are sent together, and never while `receive` runs for another one.
 */
export class Connection {
  readonly session: Session
  private readonly transport: Transport
  private readonly decoder: RequestDecoder
  private readonly writer: RespWriter
  /** Takes the replies that the client does not want. */
  private readonly unwanted: RespWriter
  /** True while commands are executed: what is written is sent at the end of it. */
  private running: boolean
  /** True while a command waits: those behind it stay where they are. */
  private blocked: boolean
  /** True while the client leaves too much unread: nothing is executed. */
  private stalled: boolean
  private paused: boolean
  private scheduled: boolean
  private ended: boolean
  private gone: boolean

  constructor(databases: Databases, transport: Transport) {
    this.transport = transport
    this.decoder = new RequestDecoder()
    this.session = new Session(clientsOf(databases), {
      address: transport.address,
      localAddress: transport.localAddress,
      node: transport.node,
      push: write => this.push(write),
      end: () => this.end(),
    })
    this.writer = new RespWriter(this.session)
    this.unwanted = new RespWriter(this.session)
    this.running = false
    this.blocked = false
    this.stalled = false
    this.paused = false
    this.scheduled = false
    this.ended = false
    this.gone = false
  }

  /** Takes bytes from the client and executes the commands that are whole. */
  receive(piece: Uint8Array): void {
    if (this.ended) return
    this.session.lastAt = this.session.databases.now()
    this.decoder.feed(piece)
    this.run()
    this.hold()
  }

  /** The client has read what it left unread. */
  drained(): void {
    if (!this.stalled) return
    this.stalled = false
    this.goOn()
  }

  /** Takes no more bytes while what is there cannot be executed. */
  private hold(): void {
    if (this.paused || this.ended) return
    if (!this.stalled && !(this.blocked && this.decoder.waiting > MOST_BACKLOG)) return
    this.paused = true
    this.transport.pause()
  }

  /** Executes what has been waiting, and then takes more. */
  private goOn(): void {
    this.run()
    if (!this.paused || this.blocked || this.stalled || this.ended) return
    this.paused = false
    this.transport.resume()
  }

  /** The client has gone, or is to go at once: nothing more is sent, not even to a command that waits. */
  closed(): void {
    this.ended = true
    this.gone = true
    this.session.close()
  }

  private run(): void {
    if (this.running) return
    this.running = true
    const { stats } = this.session.databases
    stats?.chain(true)
    try {
      while (!this.blocked && !this.stalled && !this.ended) {
        this.decoder.trusted = !this.session.isStranger
        const argv = this.decoder.next()
        if (argv === undefined) break
        this.execute(argv)
        if (this.writer.size > MOST_PENDING && !this.blocked) {
          this.send()
          stats?.chain(true)
        }
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        this.fail(error)
        return
      }
      this.writer.error(error.message)
      this.session.close()
    } finally {
      stats?.chain(false)
      this.running = false
      this.decoder.pause()
      this.send()
    }
  }

  private execute(argv: string[]): void {
    const { session, writer } = this
    if (isHttp(argv[0])) return session.close()
    const waiting = session.execute(argv, session.replies === 'on' ? writer : this.unwanted)
    if (session.replies !== 'on') this.silence()
    if (waiting !== undefined) {
      this.blocked = true
      waiting.then(
        () => this.answered(),
        error => this.fail(error),
      )
    }
  }

  /** Forgets a reply that is not wanted, and what CLIENT REPLY SKIP has said of it. */
  private silence(): void {
    const { session, unwanted } = this
    unwanted.rewind(0)
    if (session.replies === 'skip') session.replies = 'on'
    else if (session.replies === 'next') session.replies = 'skip'
  }

  private answered(): void {
    this.blocked = false
    this.goOn()
  }

  /** Something went wrong that is not the client's doing. Of a reply a part may stand there: it cannot go on. */
  private fail(error: unknown): void {
    this.closed()
    this.transport.end()
    // A store that was closed under its clients is nobody's error, and a connection that goes down is none of the program.
    if (!isDisconnected(error) && !this.session.databases.closed) void Promise.reject(error)
  }

  private push(write: (w: ReplyWriter) => void): void {
    write(this.writer)
    if (this.running || this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      this.send()
    })
  }

  private send(): void {
    if (this.gone) return this.writer.rewind(0)
    if (this.writer.size > 0 && !this.transport.write(this.writer.take())) {
      this.stalled = true
      this.hold()
    }
  }

  private end(): void {
    if (this.ended) return
    this.ended = true
    this.send()
    this.gone = true
    this.transport.end()
  }
}
