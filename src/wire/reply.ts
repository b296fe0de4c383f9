import { safe } from '../commands/shapes.ts'
import { ReplyError } from '../errors.ts'
import type { Text } from '../keyspace.ts'
import { formatDouble, narrow, parseInteger } from '../util/numbers.ts'
import { plainText, type StoredText } from '../util/stored.ts'

/** Where replies are written: RESP bytes, plain values for `call`, Lua values, or a test's text. */
export interface ReplyWriter {
  /** The protocol the reader speaks: 2 has no doubles, maps, sets or booleans. */
  readonly resp: 2 | 3
  status(text: string): void
  bulk(text: StoredText): void
  integer(n: number | bigint): void
  double(n: number): void
  boolean(yes: boolean): void
  null(): void
  nullArray(): void
  /** `length` replies follow. */
  array(length: number): void
  /** `length` replies follow, in no order. */
  set(length: number): void
  /** `length` pairs of replies follow. */
  map(length: number): void
  /** `length` replies follow, which are no answer to a command: an array in RESP2. */
  push(length: number): void
  error(line: string): void
  /** Text to be shown as it is, `txt` if nothing else is said; a bulk string where a writer has no word for it. */
  verbatim?(text: string, format?: string): void
  /** The digits of an integer of any size; a bulk string where a writer has no word for it. */
  bigNumber?(digits: string): void
}

/** A reply as a client library gives it: what `RemoteStore` reads. */
export type Raw =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly Raw[]
  | ReadonlyMap<Raw, Raw>
  | Error

/** How the lossless result of an op is spelled, both ways. */
export interface ReplyCodec<R> {
  readonly write: (result: R, w: ReplyWriter) => void
  readonly read: (raw: Raw) => R
  /** True when Redis leaves the order of the elements open, 'pairs' when that of flat pairs. */
  readonly unordered?: boolean | 'pairs'
}

// ---- readers of what a client gives ------------------------------------------------------------------------------------

export function unexpected(raw: Raw): never {
  if (raw instanceof Error) throw raw
  throw new TypeError(`unexpected reply: ${String(raw)}`)
}

export function asText(raw: Raw): string {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'number' || typeof raw === 'bigint') return String(raw)
  return unexpected(raw)
}

export function asNumber(raw: Raw): number {
  if (typeof raw === 'number') return raw
  if (typeof raw === 'bigint') return Number(raw)
  if (typeof raw === 'boolean') return raw ? 1 : 0
  if (typeof raw === 'string') return raw === 'inf' ? Infinity : raw === '-inf' ? -Infinity : Number(raw)
  return unexpected(raw)
}

/** An integer as precise as the client gave it, which some do as text. */
export function asInteger(raw: Raw): number | bigint {
  if (typeof raw === 'bigint') return narrow(raw)
  const n = typeof raw === 'string' ? (parseInteger(raw) ?? asNumber(raw)) : asNumber(raw)
  if (typeof n === 'number' && !Number.isSafeInteger(n)) throw new RangeError(`the client gave ${n}, which is rounded`)
  return n
}

/** A list, or a map flat. */
export function asList(raw: Raw): readonly Raw[] {
  if (Array.isArray(raw)) return raw as readonly Raw[]
  if (raw instanceof Map) {
    const flat: Raw[] = []
    for (const [name, given] of raw as ReadonlyMap<Raw, Raw>) flat.push(name, given)
    return flat
  }
  return unexpected(raw)
}

/** A bulk string. */
export const bulk: ReplyCodec<Text> = { write: (result, w) => w.bulk(result), read: asText }

/** A text or null. */
export const nullableText: ReplyCodec<string | null> = {
  write: (result, w) => (result === null ? w.null() : w.bulk(result)),
  read: raw => (raw === null ? null : asText(raw)),
}

/** An integer, where a method answers a number. */
export const integer: ReplyCodec<number | bigint> = {
  write: (result, w) => w.integer(result),
  read: raw => safe(asInteger(raw)),
}

/** An integer as a bigint, whatever its size. */
export const bigInteger: ReplyCodec<number | bigint> = {
  write: (result, w) => w.integer(result),
  read: raw => BigInt(asInteger(raw)),
}

/** An integer that is always safe. */
export const count: ReplyCodec<number> = { write: (result, w) => w.integer(result), read: asNumber }

/** A yes or no, as 1 or 0. */
export const yes: ReplyCodec<boolean> = {
  write: (result, w) => w.integer(result ? 1 : 0),
  read: raw => asNumber(raw) === 1,
}

/** A double: a bulk string in RESP2. */
export const double: ReplyCodec<number> = { write: (result, w) => w.double(result), read: asNumber }

/** A status. */
export function status<S extends string>(): ReplyCodec<S> {
  return { write: (result, w) => w.status(result), read: raw => asText(raw) as S }
}

export const ok: ReplyCodec<'OK'> = status<'OK'>()

/** Null, or what `inner` spells. */
export function nullable<R>(inner: ReplyCodec<R>): ReplyCodec<R | null> {
  return {
    ...inner,
    write: (result, w) => (result === null ? w.null() : inner.write(result, w)),
    read: raw => (raw === null ? null : inner.read(raw)),
  }
}

/** A null array, or what `inner` spells. */
export function nullableList<R>(inner: ReplyCodec<R>): ReplyCodec<R | null> {
  return { ...nullable(inner), write: (result, w) => (result === null ? w.nullArray() : inner.write(result, w)) }
}

/** A list of what `inner` spells. */
export function list<R>(inner: ReplyCodec<R>, unordered = false): ReplyCodec<readonly R[]> {
  return {
    write: (result, w) => {
      w.array(result.length)
      for (let i = 0; i < result.length; i++) inner.write(result[i], w)
    },
    read: raw => asList(raw).map(inner.read),
    unordered,
  }
}

/** A list of texts. */
export const textList: ReplyCodec<readonly string[]> = {
  write: (result, w) => {
    w.array(result.length)
    for (let i = 0; i < result.length; i++) w.bulk(result[i])
  },
  read: raw => asList(raw).map(asText),
}

/** Flat pairs of texts, which may repeat: flat in RESP2, a list of pairs in RESP3. */
export const textPairs: ReplyCodec<readonly string[]> = {
  write: (result, w) => {
    if (w.resp === 2) return textList.write(result, w)
    w.array(result.length / 2)
    for (let i = 0; i < result.length; i++) {
      if (i % 2 === 0) w.array(2)
      w.bulk(result[i])
    }
  },
  read: raw => (asList(raw) as readonly Raw[]).flat().map(asText),
}

/** Distinct texts in no order: a set in RESP3. */
export const textSet: ReplyCodec<readonly string[]> = {
  write: (result, w) => {
    w.set(result.length)
    for (let i = 0; i < result.length; i++) w.bulk(result[i])
  },
  read: raw => asList(raw).map(asText),
  unordered: true,
}

/** Flat pairs of texts: a map in RESP3. */
export const textMap: ReplyCodec<readonly string[]> = {
  write: (result, w) => {
    w.map(result.length / 2)
    for (let i = 0; i < result.length; i++) w.bulk(result[i])
  },
  read: raw => asList(raw).map(asText),
  unordered: 'pairs',
}

/** Flat members and scores: flat in RESP2, a list of pairs in RESP3. */
export const scored: ReplyCodec<readonly (string | number)[]> = {
  write: (result, w) => {
    if (w.resp === 2) w.array(result.length)
    else w.array(result.length / 2)
    for (let i = 0; i < result.length; i += 2) {
      if (w.resp === 3) w.array(2)
      w.bulk(result[i] as string)
      w.double(result[i + 1] as number)
    }
  },
  read: raw => {
    const flat: (string | number)[] = []
    const items = asList(raw)
    const nested = items.length > 0 && Array.isArray(items[0])
    for (let i = 0; i < items.length; i += nested ? 1 : 2) {
      const [member, score] = nested ? (items[i] as readonly Raw[]) : [items[i], items[i + 1]]
      flat.push(asText(member), asNumber(score))
    }
    return flat
  },
}

/** Builds the plain value that `store.call` returns: RESP3 in JavaScript, unless RESP2 is asked for. */
export class ValueWriter implements ReplyWriter {
  readonly resp: 2 | 3
  private result: Plain | undefined
  private readonly open: Frame[]

  constructor(resp: 2 | 3 = 3) {
    this.resp = resp
    this.result = undefined
    this.open = []
  }

  /** The value written. Throws the error that was. */
  take(): Plain {
    if (this.result instanceof ReplyError) throw this.result
    return this.result as Plain
  }

  /** A reply is whole; `take` answers the last one. */
  protected whole(reply: Plain): void {
    this.result = reply
  }

  private add(value: Plain): void {
    let done = value
    for (;;) {
      const frame = this.open[this.open.length - 1]
      if (frame === undefined) return this.whole(done)
      frame.items.push(done)
      if (frame.items.length < frame.length) return
      this.open.pop()
      done = finish(frame)
    }
  }

  private start(frame: Frame): void {
    if (frame.length === 0) this.add(finish(frame))
    else this.open.push(frame)
  }

  status(text: string): void {
    this.add(text)
  }
  bulk(text: StoredText): void {
    this.add(plainText(text))
  }
  integer(n: number | bigint): void {
    this.add(typeof n === 'bigint' ? narrow(n) : n)
  }
  double(n: number): void {
    if (this.resp === 2) this.bulk(formatDouble(n))
    else this.add(n)
  }
  boolean(yes: boolean): void {
    this.add(this.resp === 2 ? Number(yes) : yes)
  }
  null(): void {
    this.add(null)
  }
  nullArray(): void {
    this.add(null)
  }
  array(length: number): void {
    this.start({ kind: 'array', length, items: [] })
  }
  set(length: number): void {
    this.start({ kind: 'array', length, items: [] })
  }
  map(length: number): void {
    this.start({ kind: this.resp === 2 ? 'array' : 'map', length: length * 2, items: [] })
  }
  push(length: number): void {
    this.array(length)
  }
  error(line: string): void {
    this.add(new ReplyError(line))
  }
}

/** A reply as a plain value. */
export type Plain = string | number | bigint | boolean | null | Plain[] | Map<Plain, Plain> | ReplyError

interface Frame {
  readonly kind: 'array' | 'map'
  readonly length: number
  readonly items: Plain[]
}

function finish(frame: Frame): Plain {
  if (frame.kind === 'array') return frame.items
  const map = new Map<Plain, Plain>()
  for (let i = 0; i < frame.items.length; i += 2) map.set(frame.items[i], frame.items[i + 1])
  return map
}
