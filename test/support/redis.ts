/**
 * A private redis-server and a minimal client, for comparing embedis with the real thing.
 *
 * The client answers in the notation of test/recordings, so that replies are compared as text:
 *   RESP2  `nil`  `+status`  `-error text`  `:integer`  `"bulk bytes as latin1 JSON"`  `[a b c]`
 *   RESP3  also `_` null, `,double`, `#t` `#f`, `(bignumber`, `="txt:verbatim"`, `~[a b]` set, `%{k v k v}` map.
 * Elements are separated by one space; a map is flat, key then value.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from './bytes.ts'

export type Argument = string | Uint8Array

export interface RedisServer {
  /** Version as the binary prints it, `7.0.15`. */
  readonly version: string
  /** Unix socket it listens on. */
  readonly path: string
  /** Loopback port, 0 unless started with `tcp: true`. */
  readonly port: number
  /** Its temp directory (`dir` of the server), removed by `stop`. */
  readonly directory: string
  readonly pid: number
  /** A new connection; `resp: 3` says HELLO 3 first. With `exact`, a null array is `nil*`. */
  connect(resp?: 2 | 3, exact?: boolean): Promise<RedisClient>
  /** Ends this server and removes its directory. */
  stop(): Promise<void>
}

export interface RedisOptions {
  /** Config directives, `{ maxmemory: '10mb' }`; they come after, and so override, the defaults of this file. */
  readonly config?: Readonly<Record<string, string>>
  /** Also listen on a free port of 127.0.0.1 (for clients that cannot use a socket path). */
  readonly tcp?: boolean
  /** Keep data in this directory, which `stop` then leaves alone. */
  readonly directory?: string
}

const running = new Set<ChildProcess>()
const temporary = new Set<string>()
let watching = false

/** Only the servers of this process are ended, by their own handles; SIGKILL because nobody can wait any more. */
function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL')
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true })
}

/** Version of the installed redis-server, undefined when there is none. */
export function redisVersion(): string | undefined {
  try {
    return /v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}

/** Starts a private server, or prints why it cannot and returns undefined. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer | undefined> {
  const version = redisVersion()
  if (version === undefined) {
    console.warn(
      'redis-server is not installed: comparisons with a live server are skipped (apt-get install redis-server)',
    )
    return undefined
  }
  const scratch = mkdtempSync(join(tmpdir(), 'embedis-redis-'))
  const directory = options.directory ?? scratch
  const path = join(scratch, 'redis.sock')
  const port = options.tcp === true ? await freePort() : 0
  const config: Record<string, string> = {
    port: String(port),
    bind: '127.0.0.1',
    unixsocket: path,
    dir: directory,
    save: '',
    appendonly: 'no',
    'enable-debug-command': 'yes',
    ...options.config,
  }
  const args = Object.entries(config).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // SORT … ALPHA compares by the server's locale: bytes, whatever the machine's is.
    env: { ...process.env, LC_ALL: 'C' },
  })
  running.add(child)
  temporary.add(scratch)
  if (!watching) {
    watching = true
    process.once('exit', cleanUp)
  }
  let log = ''
  child.stdout.on('data', data => {
    log = (log + String(data)).slice(-4000)
  })
  child.stderr.on('data', data => {
    log = (log + String(data)).slice(-4000)
  })
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => {
      running.delete(child)
      resolve()
    })
    child.once('error', () => {
      running.delete(child)
      resolve()
    })
  })
  const stop = async (): Promise<void> => {
    if (running.has(child)) {
      // Waiting for its end is worth keeping the process alive.
      child.ref()
      child.kill('SIGKILL')
      await ended
    }
    rmSync(scratch, { recursive: true, force: true })
    temporary.delete(scratch)
  }

  // The socket file appears when the server is ready to accept, so connecting is the test of readiness.
  const deadline = Date.now() + 10_000
  for (;;) {
    try {
      const client = await connectRedis({ path })
      const [pong] = await client.send([['PING']])
      client.close()
      if (pong === '+PONG') break
    } catch {
      // Not listening yet.
    }
    if (!running.has(child) || Date.now() > deadline) {
      await stop()
      console.warn(`redis-server ${version} did not start: comparisons with a live server are skipped\n${log}`)
      return undefined
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  // The child and its pipes must not keep the test process alive.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) {
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
  return {
    version,
    path,
    port,
    directory,
    pid: child.pid ?? 0,
    connect: async (resp = 2, exact = false) => {
      const client = await connectRedis({ path }, exact)
      if (resp === 3) await client.hello(3)
      return client
    },
    stop,
  }
}

/** A connection to any Redis: `{ path }` or `{ port, host }`. */
export async function connectRedis(
  to: { path: string } | { port: number; host?: string },
  exact: boolean = false,
): Promise<RedisClient> {
  const socket = connect('path' in to ? { path: to.path } : { host: '127.0.0.1', ...to })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return new RedisClient(socket, exact)
}

interface Waiting {
  readonly replies: string[]
  left: number
  readonly resolve: (replies: string[]) => void
  readonly reject: (error: Error) => void
}

export class RedisClient {
  /** Out-of-band RESP3 messages (`>`), and answers to what was posted, in the order they came. */
  readonly pushes: string[] = []
  readonly #socket: Socket
  readonly #exact: boolean
  readonly #waiting: Waiting[] = []
  #rest: Buffer = Buffer.alloc(0)
  #closed: Error | undefined

  constructor(socket: Socket, exact: boolean) {
    this.#socket = socket
    this.#exact = exact
    socket.setNoDelay(true)
    socket.on('data', data => this.#receive(data))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the connection to redis-server was closed')))
  }

  /** Sends commands in one write and resolves with the text of each reply, errors included. */
  send(argvs: readonly (readonly Argument[])[]): Promise<string[]> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    if (argvs.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#waiting.push({ replies: [], left: argvs.length, resolve, reject })
      this.#socket.write(encodeCommands(argvs))
    })
  }

  /** Sends commands without waiting: what comes back goes to `pushes`. */
  post(argvs: readonly (readonly Argument[])[]): void {
    this.#socket.write(encodeCommands(argvs))
  }

  /** Sends one command. */
  async one(...argv: readonly Argument[]): Promise<string> {
    const [reply] = await this.send([argv])
    return reply as string
  }

  /** Switches the protocol and returns the reply of HELLO. */
  hello(version: 2 | 3): Promise<string> {
    return this.one('HELLO', String(version))
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Lets the process end while this connection is open. */
  unref(): void {
    this.#socket.unref()
  }

  #fail(error: Error): void {
    this.#closed ??= error
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }

  #receive(data: Buffer): void {
    const input = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data])
    const parser = new Parser(input, this.#exact)
    let done = 0
    while (done < input.length) {
      const text = parser.reply()
      if (text === undefined) break
      done = parser.at
      const waiting = this.#waiting[0]
      if (text.startsWith('>') || waiting === undefined) {
        this.pushes.push(text)
        continue
      }
      waiting.replies.push(text)
      if (--waiting.left === 0) {
        this.#waiting.shift()
        waiting.resolve(waiting.replies)
      }
    }
    this.#rest = done === input.length ? Buffer.alloc(0) : input.subarray(done)
  }
}

/** Commands as RESP arrays of bulks, in one buffer. */
export function encodeCommands(argvs: readonly (readonly Argument[])[]): Buffer {
  const parts: Buffer[] = []
  for (const argv of argvs) {
    if (argv.length === 0) throw new RangeError('a command of no words has no reply')
    parts.push(Buffer.from(`*${argv.length}\r\n`))
    for (const argument of argv) {
      const bytes = typeof argument === 'string' ? encode(argument) : argument
      parts.push(Buffer.from(`$${bytes.length}\r\n`), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), CRLF)
    }
  }
  return Buffer.concat(parts)
}

const CRLF = Buffer.from('\r\n')

/** Reads replies off a buffer; `reply()` is undefined, and `at` meaningless, when the buffer ends inside one. */
class Parser {
  at = 0
  readonly #input: Buffer
  readonly #exact: boolean

  constructor(input: Buffer, exact: boolean) {
    this.#input = input
    this.#exact = exact
  }

  reply(): string | undefined {
    const end = this.#input.indexOf('\r\n', this.at)
    if (end < 0) return undefined
    const type = String.fromCharCode(this.#input[this.at] as number)
    const line = this.#input.toString('latin1', this.at + 1, end)
    this.at = end + 2
    switch (type) {
      case '+':
      case '-':
      case ':':
      case ',':
      case '(':
      case '#':
        return type + line
      case '_':
        return '_'
      case '$':
        return line === '-1' ? 'nil' : this.#bulk(Number(line), '')
      case '=':
        return this.#bulk(Number(line), '=')
      case '!':
        return this.#bulk(Number(line), '!')
      case '*':
        if (line === '-1') return this.#exact ? 'nil*' : 'nil'
        return this.#elements(Number(line), '[', ']')
      case '~':
        return this.#elements(Number(line), '~[', ']')
      case '>':
        return this.#elements(Number(line), '>[', ']')
      case '%':
        return this.#elements(Number(line) * 2, '%{', '}')
      default:
        throw new Error(`not a RESP reply: ${JSON.stringify(type + line)}`)
    }
  }

  #bulk(length: number, mark: string): string | undefined {
    const end = this.at + length
    if (this.#input.length < end + 2) return undefined
    const text = this.#input.toString('latin1', this.at, end)
    this.at = end + 2
    return mark + JSON.stringify(text)
  }

  #elements(count: number, open: string, close: string): string | undefined {
    const parts: string[] = []
    for (let i = 0; i < count; i++) {
      if (this.at >= this.#input.length) return undefined
      const part = this.reply()
      if (part === undefined) return undefined
      parts.push(part)
    }
    return open + parts.join(' ') + close
  }
}
