import { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import type { Store } from '../../index.ts'
import { keyspaceOf } from '../../install.ts'
import { Connection } from '../connection.ts'

/**
 * The client's end of a connection that stays in the process: a stream as a client library expects of `net.connect`,
 * with a session of a store at its other end.
 *
 * Nothing is executed, and nothing answered, before the program that writes has come to an end: a library notes what it
 * waits for only after `write`. All that is written until then is read as one piece and answered as one piece.
 */

/** So often an answer comes before timers and sockets have their turn: a loop of awaited commands must not starve them. */
const MOST_AT_ONCE = 64
let atOnce = 0

// What tests put in place of the clock later must not stop connections.
const nextTick = process.nextTick.bind(process)
const nextTurn = setImmediate

function soon(run: () => void): void {
  if (atOnce++ < MOST_AT_ONCE) return nextTick(run)
  nextTurn(() => {
    atOnce = 0
    run()
  })
}

let connections = 0

export class Pipe extends Duplex {
  /** It is connected from the beginning. */
  readonly connecting: boolean
  readonly remoteAddress: string
  readonly remotePort: number
  private readonly connection: Connection
  /** What was written and not yet read; text that nothing but text has followed is still that. */
  private pieces: Uint8Array[]
  private text: string
  private readonly answers: Uint8Array[]
  private due: boolean
  private running: boolean
  private paused: boolean
  /** True once the other end has nothing more to say. */
  private over: boolean
  /** To be called when more may be written. */
  private more: (() => void) | undefined

  /** A client of the store, which begins in the database that the store stands for. */
  constructor(store: Store) {
    super({ decodeStrings: false, allowHalfOpen: false })
    this.connecting = false
    this.remoteAddress = 'embedis'
    this.remotePort = ++connections
    this.pieces = []
    this.text = ''
    this.answers = []
    this.due = false
    this.running = false
    this.paused = false
    this.over = false
    this.more = undefined
    const ks = keyspaceOf(store)
    this.connection = new Connection(ks.databases, {
      address: `embedis:${this.remotePort}`,
      localAddress: 'embedis:0',
      write: bytes => {
        this.answer(bytes)
        return true
      },
      end: () => this.hangUp(),
      pause: () => void (this.paused = true),
      resume: () => this.goOn(),
    })
    this.connection.session.ks = ks
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, written: () => void): void {
    // Joined as text, many small commands are encoded by one call.
    if (typeof chunk === 'string' && (encoding === 'utf8' || encoding === 'utf-8')) this.text += chunk
    else {
      this.endText()
      this.pieces.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
    }
    if (!this.due) {
      this.due = true
      soon(() => this.run())
    }
    if (this.paused) this.more = written
    else written()
  }

  private endText(): void {
    if (this.text === '') return
    this.pieces.push(Buffer.from(this.text))
    this.text = ''
  }

  private run(): void {
    this.due = false
    if (this.destroyed) return
    this.endText()
    const { pieces } = this
    this.pieces = []
    this.running = true
    try {
      for (const piece of pieces) this.connection.receive(piece)
    } finally {
      this.running = false
      this.deliver()
    }
  }

  private answer(bytes: Uint8Array): void {
    if (this.destroyed || this.over) return
    this.answers.push(bytes)
    if (!this.running) this.deliver()
  }

  private deliver(): void {
    const { answers } = this
    if (answers.length > 0) {
      const bytes = answers.length === 1 ? answers[0] : Buffer.concat(answers)
      answers.length = 0
      this.push(bytes)
    }
    if (this.over && !this.readableEnded && !this.destroyed) {
      // Where nobody reads, the end would not come.
      this.resume()
      this.push(null)
    }
  }

  /** The other end ends the connection. */
  private hangUp(): void {
    if (this.over) return
    this.over = true
    if (!this.running) this.deliver()
  }

  private goOn(): void {
    this.paused = false
    const { more } = this
    this.more = undefined
    more?.()
  }

  override _read(): void {}

  override _final(done: () => void): void {
    nextTick(() => {
      if (!this.destroyed) {
        this.run()
        this.connection.closed()
        this.hangUp()
      }
      done()
    })
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.connection.closed()
    this.pieces = []
    this.text = ''
    this.goOn()
    done(error)
  }

  // What there is to set at a socket.

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
