/**
 * `@upstash/redis` on a store, in the same process or over HTTP, on anything that has the web's standards:
 *
 * ```ts
 * import { Redis } from '@upstash/redis'
 * import { Store } from 'embedis'
 * import { handler, requester } from 'embedis/upstash'
 *
 * const store = new Store()
 * const redis = new Redis(requester(store))
 * await redis.set('greeting', { text: 'hello' })
 *
 * // The REST protocol, for any client of it: new Redis({ url, token: 'secret' })
 * export default { fetch: handler(store, { token: 'secret' }) }
 * ```
 */
import type { Signal } from '../api/types.ts'
import { join } from '../encoding/bytes.ts'
import { ReplyError } from '../errors.ts'
import type { Store } from '../index.ts'
import { keyspaceOf } from '../install.ts'
import { withScripts } from './scripts.ts'
import { fromBytes, sameSecret, toBytes } from '../util/text.ts'
import type { Plain } from '../wire/reply.ts'
import {
  type Answer,
  type Answered,
  argvOf,
  type Form,
  pipeline,
  single,
  stream,
  streams,
  transaction,
} from './rest.ts'

// ---- in the same process --------------------------------------------------------------------------------------------

/** What a client of `@upstash/redis` asks for. */
export interface UpstashRequest {
  path?: string[]
  body?: unknown
  headers?: Record<string, string>
  upstashSyncToken?: string
  onMessage?: (data: string) => void
  isStreaming?: boolean
  signal?: Signal
}

/** What `new Redis(requester)` of `@upstash/redis` takes. */
export interface Requester {
  readYourWrites?: boolean
  upstashSyncToken?: string
  request: <T = unknown>(request: UpstashRequest) => Promise<{ result?: T; error?: string }>
}

const inProcess: Form = { base64: false, exact: false }

/** Makes a client of `@upstash/redis` one of the store: `new Redis(requester(store))`. Of the database given. */
export function requester(store: Store): Requester {
  withScripts(store)
  const ks = keyspaceOf(store)

  async function request({ path = [], body, onMessage, isStreaming, signal }: UpstashRequest): Promise<unknown> {
    const [first, ...rest] = path
    if (isStreaming === true && onMessage !== undefined) {
      if (signal?.aborted !== true) {
        const stop = stream(ks, argvOf(path), onMessage)
        signal?.addEventListener('abort', stop)
      }
      return { result: 1 }
    }
    if (first === 'pipeline' || first === 'multi-exec') {
      const answers = await (first === 'pipeline' ? pipeline : transaction)(ks, body, inProcess)
      // A client takes this for a list: what concerns the whole is thrown, as it is over HTTP.
      if (!Array.isArray(answers)) throw new ReplyError(answers.error)
      return answers
    }
    const words = Array.isArray(body) ? (body as unknown[]) : []
    return single(ks, first === undefined ? words : [first, ...rest, ...words], inProcess)
  }

  return { request: request as Requester['request'] }
}

// ---- over HTTP ------------------------------------------------------------------------------------------------------

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>
  cancel(): Promise<void>
}

/** What is used of a request; a body that is none is null. */
interface RequestParts {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly body: { getReader(): Reader } | null
  readonly signal?: Signal
}

interface Sink {
  readonly desiredSize: number | null
  enqueue(chunk: Uint8Array): void
  close(): void
  error(reason: unknown): void
}

// What the web's standards have and this uses. The types of a program that has them are theirs.
declare const Response: new (body: unknown, init: { status: number; headers: Record<string, string> }) => WebResponse
declare const URL: new (
  url: string,
) => {
  readonly pathname: string
  readonly searchParams: Iterable<[string, string]> & { get(n: string): string | null }
}
declare const ReadableStream: new (
  source: { start(sink: Sink): void; cancel(): void },
  strategy: { highWaterMark: number; size(chunk: Uint8Array): number },
) => object

/** The program's `Request` and `Response`, where it has types for them. */
export type WebRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : object
export type WebResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : object

export interface HandlerOptions {
  /** What clients must give, as `Authorization: Bearer` or `?_token=`. */
  token: string
  /** Bytes that the body of a request may have; 10 MB by default. */
  maxBody?: number
  /** Bytes that somebody who subscribes may leave unread before the stream is ended; 32 MB by default. */
  maxUnread?: number
}

const MEGABYTE = 1 << 20

/** A request that is answered by an error of its own kind. */
class Refused extends Error {
  readonly status: number

  constructor(status: number, line: string) {
    super(line)
    this.status = status
  }
}

/**
 * Answers requests of the REST protocol of Upstash: `POST /` with a command as JSON, `POST /pipeline`, `POST /multi-exec`,
 * `GET /set/key/value?EX=60`, `POST /set/key` with the value as the body; `/subscribe`, `/psubscribe` and `/monitor` as
 * server-sent events. Everything is refused with 401 unless the token is right.
 */
export function handler(store: Store, options: HandlerOptions): (request: WebRequest) => Promise<WebResponse> {
  withScripts(store)
  const ks = keyspaceOf(store)
  const { token, maxBody = 10 * MEGABYTE, maxUnread = 32 * MEGABYTE } = options
  if (typeof token !== 'string' || token === '') throw new TypeError('token must be a string that is not empty')
  // Writes are seen by all reads that follow: a client that sends the token back waits for nothing.
  let served = 0

  const headersFor = (type: string): Record<string, string> => ({
    'content-type': type,
    'cache-control': 'no-store',
    'upstash-sync-token': `embedis-${++served}`,
  })
  const answer = (status: number, json: string): WebResponse =>
    new Response(json, { status, headers: headersFor('application/json') })

  /** Opens a stream of events. */
  function events(argv: readonly string[], signal: Signal | undefined): WebResponse {
    let stop = (): void => {}
    const lines = new ReadableStream(
      {
        start(sink) {
          const send = (line: string): void => {
            if (sink.desiredSize !== null && sink.desiredSize <= 0) {
              stop()
              sink.error(new Error('too much was left unread'))
              return
            }
            // An event of several lines has as many fields, which a reader joins again.
            sink.enqueue(toBytes(`${line.replace(/^/gm, 'data: ')}\n\n`))
          }
          stop = stream(ks, argv, send, () => sink.close())
        },
        cancel: () => stop(),
      },
      { highWaterMark: maxUnread, size: chunk => chunk.length },
    )
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', () => stop())
    return new Response(lines, { status: 200, headers: headersFor('text/event-stream') })
  }

  async function respond(request: RequestParts): Promise<WebResponse> {
    const { pathname, searchParams } = new URL(request.url)
    const bearer = /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (!sameSecret(bearer ?? searchParams.get('_token') ?? '', token)) {
      throw new Refused(401, 'WRONGPASS invalid or missing auth token')
    }
    const { method } = request
    if (!['GET', 'HEAD', 'POST', 'PUT'].includes(method)) throw new Refused(405, 'ERR method is not allowed')
    const words = pathname === '/' ? [] : pathname.slice(1).split('/').map(percentDecoded)
    const first = words[0]?.toLowerCase() ?? ''
    if (streams.has(first)) return events(words, request.signal)
    const body = await bodyOf(request, maxBody)
    const form: Form = { base64: request.headers.get('upstash-encoding')?.toLowerCase() === 'base64', exact: true }

    let answered: Answered<Answer | readonly Answer[]>
    if (words.length === 1 && first === 'pipeline') answered = pipeline(ks, parsed(body), form)
    else if (words.length === 1 && first === 'multi-exec') answered = transaction(ks, parsed(body), form)
    else if (words.length === 0) answered = single(ks, parsed(body), form)
    else {
      if (body.length > 0) words.push(fromBytes(body))
      for (const [name, value] of searchParams) {
        if (name === '_token') continue
        words.push(name)
        if (value !== '') words.push(value)
      }
      answered = single(ks, words, form)
    }
    const answers = await answered
    const failed = !Array.isArray(answers) && 'error' in answers
    return answer(failed ? 400 : 200, jsonOf(answers))
  }

  return async given => {
    try {
      return await respond(given as RequestParts)
    } catch (error) {
      if (error instanceof Refused) return answer(error.status, jsonOf({ error: error.message }))
      if (error instanceof ReplyError) return answer(400, jsonOf({ error: error.message }))
      throw error
    }
  }
}

/** A part of a path, whose `%ff` are bytes. */
function percentDecoded(part: string): string {
  if (!part.includes('%')) return part
  const source = toBytes(part)
  const bytes = new Uint8Array(source.length)
  let length = 0
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== 37) bytes[length++] = source[i]
    else {
      const digits = String.fromCharCode(source[i + 1], source[i + 2])
      if (!/^[0-9a-f]{2}$/i.test(digits)) throw new Refused(400, 'ERR the path is wrongly encoded')
      bytes[length++] = Number.parseInt(digits, 16)
      i += 2
    }
  }
  return fromBytes(bytes, 0, length)
}

async function bodyOf({ body, headers }: RequestParts, most: number): Promise<Uint8Array> {
  if (body === null || body === undefined) return new Uint8Array(0)
  const refused = new Refused(400, `ERR max request size exceeded. Limit: ${most} bytes`)
  if (Number(headers.get('content-length')) > most) throw refused
  const reader = body.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) break
    pieces.push(value)
    length += value.length
    if (length > most) {
      await reader.cancel()
      throw refused
    }
  }
  return join(pieces)
}

/** JSON, whose strings may hold any bytes. */
function parsed(body: Uint8Array): unknown {
  const text = fromBytes(body)
  try {
    return /\d{16}/.test(text)
      ? JSON.parse(text, asWritten as (name: string, value: unknown) => unknown)
      : JSON.parse(text)
  } catch {
    throw new Refused(400, 'ERR failed to parse the request: it is no JSON')
  }
}

/** A whole number too large for a double, as it was written, where the runtime still knows. */
function asWritten(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return /^-?\d+$/.test(source) ? source : value
}

/** JSON, whose integers may be larger than a double holds. */
function jsonOf(value: Plain | Answer | readonly Answer[]): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${(value as (Plain | Answer)[]).map(jsonOf).join(',')}]`
  if (typeof value === 'object' && value !== null && 'result' in value) return `{"result":${jsonOf(value.result)}}`
  return JSON.stringify(value)
}
