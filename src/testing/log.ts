/** A command that the store was sent, in the order in which they came. */
export interface LogEntry {
  /** Its name in upper case, of a subcommand two words: 'XGROUP CREATE'. */
  readonly command: string
  /** What follows the name. */
  readonly args: readonly string[]
  /** The keys among them. */
  readonly keys: readonly string[]
  readonly db: number
  /** When it came, in milliseconds since 1970 on the store's clock. */
  readonly time: number
  /** 'direct' for a method or `call`, else the address of the client, as MONITOR shows it. */
  readonly from: string
  /** What the caller got: of a method its result, else the reply; undefined while there is none. */
  readonly reply: unknown
  /** The message of the error that the caller got. */
  readonly error: string | undefined
}

/** An argument that is looked for: text or a number exactly, whatever the expression takes, or `expect.any(String)` and the like. */
export type Wanted = string | number | bigint | RegExp | { asymmetricMatch(given: unknown): boolean }
/** A command that is looked for: its name, or the two words of it, and the arguments it begins with. */
export type Call = readonly [command: string, ...args: Wanted[]]

/** So many entries are kept: of more the oldest go. */
const MOST = 100_000

function takes(wanted: Wanted, given: string): boolean {
  if (wanted instanceof RegExp) return wanted.test(given)
  if (typeof wanted === 'object') return wanted.asymmetricMatch(given)
  return String(wanted) === given
}

function isCall({ command, args }: LogEntry, [name, ...wanted]: Call): boolean {
  if (command !== name.toUpperCase() || wanted.length > args.length) return false
  return wanted.every((one, i) => takes(one, args[i]))
}

const shown = (call: Call): string => call.map(word => (word instanceof RegExp ? String(word) : word)).join(' ')

/** What the log has to say about a question: whether it is so, and the lines that show it. */
export interface Finding {
  readonly pass: boolean
  readonly message: string
}

/** The commands that a store was sent, and questions about them. */
export class CommandLog {
  private list: LogEntry[]

  constructor() {
    this.list = []
  }

  /** From the oldest to the newest, up to 100,000. */
  get entries(): readonly LogEntry[] {
    return this.list
  }

  /** Forgets all of them. */
  clear(): void {
    this.list = []
  }

  /** Takes one up: for the gate. */
  add(entry: LogEntry): void {
    if (this.list.length >= 2 * MOST) this.list = this.list.slice(-MOST)
    this.list.push(entry)
  }

  /** The entries of a command that begins with these arguments: `calls('SET', 'user:1')`. */
  calls(...call: Call): LogEntry[] {
    return this.list.filter(entry => isCall(entry, call))
  }

  /** Throws unless the command was sent, at least once. */
  assertRan(...call: Call): void {
    assert(this.ran(call))
  }

  /** Throws when the command was sent. */
  assertNotRan(...call: Call): void {
    assert(this.ranTimes(0, call))
  }

  /** Throws unless the command was sent so many times. */
  assertRanTimes(times: number, ...call: Call): void {
    assert(this.ranTimes(times, call))
  }

  /** Throws unless the commands were sent in this order, with whatever else between them. */
  assertOrder(...calls: Call[]): void {
    assert(this.ranInOrder(calls))
  }

  /** @internal */
  ran(call: Call): Finding {
    const pass = this.list.some(entry => isCall(entry, call))
    return this.finding(pass, `${shown(call)} was ${pass ? '' : 'not '}sent`)
  }

  /** @internal */
  ranTimes(times: number, call: Call): Finding {
    const found = this.calls(...call).length
    return this.finding(found === times, `${shown(call)} was sent ${found} times, wanted ${times}`)
  }

  /** @internal */
  ranInOrder(calls: readonly Call[]): Finding {
    let next = 0
    for (const entry of this.list) if (next < calls.length && isCall(entry, calls[next])) next++
    const pass = next === calls.length
    return this.finding(pass, pass ? 'all were sent in this order' : `${shown(calls[next])} did not come in its turn`)
  }

  private finding(pass: boolean, message: string): Finding {
    return { pass, message: `${message}. The last commands sent:\n${this.toString()}` }
  }

  /** The last 20 commands, a line each. */
  toString(): string {
    if (this.list.length === 0) return '  (none)'
    return this.list
      .slice(-20)
      .map(({ command, args, error }) => `  ${[command, ...args].join(' ')}${error === undefined ? '' : ` → ${error}`}`)
      .join('\n')
  }
}

function assert({ pass, message }: Finding): void {
  if (!pass) throw new Error(message)
}
