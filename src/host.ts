declare function setTimeout(callback: () => void, ms: number): unknown
declare function clearTimeout(timer: unknown): void
declare const setImmediate: ((callback: () => void) => unknown) | undefined
declare const crypto: { getRandomValues(bytes: Uint8Array): unknown }
declare const performance: { now(): number } | undefined
declare const Atomics: { wait(array: Int32Array, index: number, value: number, ms: number): string }
declare const SharedArrayBuffer: (new (length: number) => ArrayBuffer) | undefined
declare const process: { memoryUsage?: () => { heapUsed: number; rss: number } } | undefined

/**
 * What a store asks of the world around it: time, chance and a timer. Nothing else in the core reads the clock, so a
 * test that replaces the host, or the globals behind it, controls all of it.
 */
export interface Host {
  /** Milliseconds since 1970. */
  now(): number
  /** A number from 0 up to but not including 1. */
  random(): number
  /** Fills the bytes with what nobody can guess; `random` is asked where there is none. */
  secret?(bytes: Uint8Array): void
  /** Calls back once, after `ms` milliseconds or later; only with `alive` does the process wait for it. */
  setTimer(callback: () => void, ms: number, alive?: boolean): unknown
  clearTimer(timer: unknown): void
  /** Milliseconds since some moment, with fractions: how long commands take. `now` is asked where there is none. */
  ticks?(): number
  /** Holds up the program, for DEBUG SLEEP. */
  sleep?(ms: number): void
  /** Bytes of the heap in use, and of the whole process; for INFO, which says 0 where nobody knows. */
  memory?(): { used: number; resident: number }
}

/** The largest delay that timers take; a longer one would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1

/** The runtime's own clock, looked up at every call, so that fake timers installed later are seen. */
export const systemHost: Host = {
  now: () => Date.now(),
  random: () => Math.random(),
  secret: bytes => void crypto.getRandomValues(bytes),
  setTimer(callback, ms, alive = false) {
    // Some edge runtimes have no timers, or none outside a request: expiry is then lazy alone.
    if (typeof setTimeout !== 'function') return undefined
    try {
      const timer = setTimeout(callback, Math.min(Math.max(ms, 0), LONGEST_DELAY))
      const { unref } = timer as { unref?: () => void }
      if (!alive && unref !== undefined) unref.call(timer)
      return timer
    } catch {
      return undefined
    }
  },
  clearTimer(timer) {
    if (timer !== undefined) clearTimeout(timer)
  },
  ticks: () => (typeof performance === 'object' ? performance.now() : Date.now()),
  sleep(ms) {
    if (typeof SharedArrayBuffer !== 'function') return
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
    } catch {
      // The main thread of a browser may not wait.
    }
  },
  memory() {
    const usage = typeof process === 'object' ? process.memoryUsage?.() : undefined
    return usage === undefined ? { used: 0, resident: 0 } : { used: usage.heapUsed, resident: usage.rss }
  },
}

// What tests put in place of the clock later must not stop `advanceAsync`.
const later: (callback: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : callback => setTimeout(callback, 0)

/**
 * The turns of the event loop that the program has after a timer before the next one is run, and before time is over when there
 * is none: an answer over a socket, and the command that follows on it, take a turn each, and more.
 */
const LEAST_TURNS = 2
const MOST_TURNS = 16

/** A host whose clock stands still until `advance` moves it, and whose chance is seeded: for tests. */
export class VirtualHost implements Host {
  private time: number
  private state: number
  private order: number
  private timers: { at: number; order: number; callback: () => void }[]

  constructor(options: { now?: number; seed?: number } = {}) {
    this.time = options.now ?? 1_700_000_000_000
    this.state = (options.seed ?? 1) >>> 0
    this.order = 0
    this.timers = []
  }

  now(): number {
    return this.time
  }

  /** Mulberry32. */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  setTimer(callback: () => void, ms: number): unknown {
    const timer = { at: this.time + Math.max(ms, 0), order: this.order++, callback }
    this.timers.push(timer)
    return timer
  }

  clearTimer(timer: unknown): void {
    this.timers = this.timers.filter(other => other !== timer)
  }

  /** As time spent inside a command: timers fire at the next `advance`. */
  sleep(ms: number): void {
    this.time += ms
  }

  /** Another host that goes on from here by itself: with the same time and the same chance, and no timers. */
  fork(): VirtualHost {
    return new VirtualHost({ now: this.time, seed: this.state })
  }

  /** Marks time and chance as they are now; the function returned takes both back to there. Timers stay. */
  mark(): () => void {
    const { time, state } = this
    return () => {
      this.time = time
      this.state = state
    }
  }

  /** Moves the clock on by `ms` milliseconds, stopping at every timer on the way and running it at its time. */
  advance(ms: number): void {
    const end = this.endOf(ms)
    while (this.fire(end));
    this.time = Math.max(this.time, end)
  }

  /**
   * As `advance`, but lets the program go on after every timer: what awaits a timer may set the next one, which is run at its
   * time, too.
   */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.endOf(ms)
    do {
      for (let turns = 0; turns < MOST_TURNS && (turns < LEAST_TURNS || this.next(end) === undefined); turns++) {
        await new Promise<void>(resolve => void later(resolve))
      }
    } while (this.fire(end))
    this.time = Math.max(this.time, end)
  }

  private endOf(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`time cannot go on by ${ms} milliseconds`)
    return this.time + ms
  }

  /** Runs the next timer up to `end`, at its time; false when there is none. */
  private fire(end: number): boolean {
    const next = this.next(end)
    if (next === undefined) return false
    this.clearTimer(next)
    this.time = Math.max(this.time, next.at)
    next.callback()
    return true
  }

  private next(end: number): (typeof this.timers)[number] | undefined {
    let next: (typeof this.timers)[number] | undefined
    for (const timer of this.timers) {
      if (timer.at > end) continue
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer
    }
    return next
  }
}
