import type { Signal } from './api/types.ts'
import type { Host } from './host.ts'
import { Interest } from './events.ts'
import type { Keyspace, Type } from './keyspace.ts'
import { typeOf } from './keyspace.ts'

/** What a waiting call needs to be served. */
export interface Want {
  /** Canonical. */
  readonly keys: readonly string[]
  /** What one of the keys must become for the call to be tried again. */
  readonly type: Type
  /** True when the call is also tried when a key goes or becomes something else, to fail with what it then finds. */
  readonly whatever: boolean
  /** Milliseconds; 0 waits for ever. */
  readonly timeout: number
  readonly signal: Signal | undefined
  /** Runs the command once more: null when there is still nothing for it. */
  readonly attempt: () => unknown
}

/** A call that waits: one of a typed method, or of a session's command. */
export class Waiter {
  readonly ks: Keyspace
  readonly want: Want
  /** Takes what `attempt` answered, or null when the time is over. */
  readonly done: (result: unknown) => void
  readonly failed: (error: unknown) => void
  timer: unknown
  stop: (() => void) | undefined

  constructor(ks: Keyspace, want: Want, done: (result: unknown) => void, failed: (error: unknown) => void) {
    this.ks = ks
    this.want = want
    this.done = done
    this.failed = failed
    this.timer = undefined
    this.stop = undefined
  }
}

/**
 * Calls that wait for keys, first come first served for each key. A call is served by running its command again, as an
 * ordinary command with effects of its own, once a change to one of its keys has been committed.
 *
 * Invariants
 * 1. A waiter stands with all of its keys or with none: it is taken out before anybody is told, so it is served, timed
 *    out or aborted exactly once, and leaves nothing behind.
 * 2. `ready` holds keys that changed since they were last looked at, each once, in the order in which they changed.
 */
export class Waiting {
  private readonly host: Host
  private readonly noticed: () => void
  private readonly waiters: Interest<Waiter> = new Interest()
  private ready: Map<string, readonly [Keyspace, string]> = new Map()
  private readonly all: Set<Waiter> = new Set()

  /** `noticed` is called when the number of waiters has changed. */
  constructor(host: Host, noticed: () => void) {
    this.host = host
    this.noticed = noticed
  }

  /** How many calls wait. */
  get size(): number {
    return this.all.size
  }

  add(waiter: Waiter): void {
    const { want, ks } = waiter
    if (want.signal?.aborted === true) return waiter.failed(want.signal.reason)
    for (const key of want.keys) this.waiters.add(ks, key, waiter)
    this.all.add(waiter)
    if (want.timeout > 0) {
      const deadline = this.host.now() + want.timeout
      // Never at once, however late it is by now: whoever waits must first know that it does.
      waiter.timer = this.host.setTimer(() => this.wake(waiter, deadline), want.timeout, true)
    }
    if (want.signal !== undefined) {
      const { signal } = want
      const aborted = (): void => void this.fail(waiter, signal.reason)
      signal.addEventListener('abort', aborted)
      waiter.stop = () => signal.removeEventListener('abort', aborted)
    }
    this.noticed()
  }

  /** Ends a wait at `deadline`. A timer may fire earlier, because runtimes have a longest delay. */
  private wake(waiter: Waiter, deadline: number): void {
    const left = deadline - this.host.now()
    if (left <= 0) this.finish(waiter, null)
    else waiter.timer = this.host.setTimer(() => this.wake(waiter, deadline), left, true)
  }

  private remove(waiter: Waiter): boolean {
    if (!this.all.delete(waiter)) return false
    for (const key of waiter.want.keys) this.waiters.remove(waiter.ks, key, waiter)
    this.host.clearTimer(waiter.timer)
    waiter.stop?.()
    this.noticed()
    return true
  }

  /** Ends a wait with a result; false when it had ended before. */
  finish(waiter: Waiter, result: unknown): boolean {
    if (!this.remove(waiter)) return false
    waiter.done(result)
    return true
  }

  /** Ends a wait with an error; false when it had ended before. */
  fail(waiter: Waiter, error: unknown): boolean {
    if (!this.remove(waiter)) return false
    waiter.failed(error)
    return true
  }

  /** Ends all waits with an error. */
  failAll(error: unknown): void {
    for (const waiter of [...this.all]) this.fail(waiter, error)
  }

  /** Notes that a key, or with null every key of the database, has changed. */
  touched(ks: Keyspace, key: string | null): void {
    for (const one of key === null ? this.waiters.keys(ks) : [key]) {
      if (!this.waiters.has(ks, one)) continue
      const name = `${ks.index} ${one}`
      if (!this.ready.has(name)) this.ready.set(name, [ks, one])
    }
  }

  /** True when a key has changed that somebody waits for. */
  get due(): boolean {
    return this.ready.size > 0
  }

  /** Serves who waits for the keys that changed. `run` runs an attempt as a command of its own. */
  serve(run: (attempt: () => unknown) => unknown): void {
    const ready = this.ready
    this.ready = new Map()
    for (const [ks, key] of ready.values()) {
      for (const waiter of this.waiters.at(ks, key)) {
        const value = ks.find(key)
        const right = value !== undefined && typeOf(value) === waiter.want.type
        if (!right && !waiter.want.whatever) continue
        // What was run for another one may have ended this one's wait.
        if (!this.all.has(waiter)) continue
        let result: unknown
        try {
          result = run(waiter.want.attempt)
        } catch (error) {
          this.fail(waiter, error)
          continue
        }
        if (result !== null) this.finish(waiter, result)
      }
    }
  }
}
