import { Store } from '../../src/index.ts'
import { ReplyError } from '../../src/errors.ts'
import { formatDouble } from '../../src/util/numbers.ts'
import { plainText, type StoredText } from '../../src/util/stored.ts'
import { toLatin1 } from '../../src/util/text.ts'
import { keyspaceOf } from '../../src/store.ts'
import type { ReplyWriter } from '../../src/wire/reply.ts'
import { execute } from '../../src/wire/table.ts'

/** Writes a reply in the notation of the recordings (test/support/redis.ts). */
export class TextWriter implements ReplyWriter {
  readonly resp: 2 | 3
  /** What was written, one text for each whole reply: some commands have several. */
  readonly replies: string[]
  private text: string
  private readonly open: { left: number; close: string }[]

  constructor(resp: 2 | 3) {
    this.resp = resp
    this.replies = []
    this.text = ''
    this.open = []
  }

  private add(text: string): void {
    this.text += text
    for (;;) {
      const frame = this.open[this.open.length - 1]
      if (frame === undefined) {
        this.replies.push(this.text)
        this.text = ''
        return
      }
      frame.left--
      if (frame.left > 0) {
        this.text += ' '
        return
      }
      this.text += frame.close
      this.open.pop()
    }
  }

  private start(open: string, length: number, close: string): void {
    if (length === 0) return this.add(open + close)
    this.text += open
    this.open.push({ left: length, close })
  }

  status(text: string): void {
    this.add(`+${text}`)
  }
  bulk(text: StoredText): void {
    this.add(JSON.stringify(toLatin1(plainText(text))))
  }
  integer(n: number | bigint): void {
    this.add(`:${n}`)
  }
  double(n: number): void {
    if (this.resp === 2) this.bulk(formatDouble(n))
    else this.add(`,${formatDouble(n)}`)
  }
  boolean(yes: boolean): void {
    if (this.resp === 2) this.integer(yes ? 1 : 0)
    else this.add(yes ? '#t' : '#f')
  }
  null(): void {
    this.add(this.resp === 2 ? 'nil' : '_')
  }
  nullArray(): void {
    this.null()
  }
  array(length: number): void {
    this.start('[', length, ']')
  }
  set(length: number): void {
    this.start(this.resp === 2 ? '[' : '~[', length, ']')
  }
  map(length: number): void {
    if (this.resp === 2) this.start('[', length * 2, ']')
    else this.start('%{', length * 2, '}')
  }
  push(length: number): void {
    this.start(this.resp === 2 ? '[' : '>[', length, ']')
  }
  verbatim(text: string, format: string = 'txt'): void {
    if (this.resp === 2) this.bulk(text)
    else this.add(`=${JSON.stringify(`${format}:${toLatin1(text)}`)}`)
  }
  bigNumber(digits: string): void {
    if (this.resp === 2) this.bulk(digits)
    else this.add(`(${digits}`)
  }
  error(line: string): void {
    this.add(`-${line}`)
  }
}

/** What the store answers to a command, in the notation of the recordings. */
export function replyText(store: Store, argv: readonly string[], resp: 2 | 3): string {
  const ks = keyspaceOf(store)
  const writer = new TextWriter(resp)
  try {
    execute(ks, argv, writer)
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
    return `-${error.message}`
  } finally {
    if (ks.databases.pending) ks.databases.commit()
  }
  return writer.replies.join()
}
