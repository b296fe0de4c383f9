import type { Call, CommandLog, Finding, Wanted } from './log.ts'

/** What a matcher answers, to vitest and to jest. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * The types of the matchers, for vitest:
 *
 * ```ts
 * declare module 'vitest' {
 *   interface Matchers<T> extends StoreMatchers<T> {}
 * }
 * ```
 */
export interface StoreMatchers<R = unknown> {
  /** The store was sent the command, with arguments that begin with these. */
  toHaveRun(command: string, ...args: Wanted[]): R
  /** It was sent so many times. */
  toHaveRunTimes(times: number, command: string, ...args: Wanted[]): R
  /** The commands came in this order, with whatever else between them. */
  toHaveRunInOrder(...calls: Call[]): R
}

/** The log of what a matcher got. By its methods and not by its class, of which the ESM and the CJS build have one each. */
function logOf(received: unknown): CommandLog {
  for (const one of [received, (received as { log?: unknown } | null | undefined)?.log]) {
    if (typeof (one as Partial<CommandLog> | null | undefined)?.ranInOrder === 'function') return one as CommandLog
  }
  throw new TypeError('the value must be a store of createTestStore, or its log')
}

function result({ pass, message }: Finding): MatcherResult {
  return { pass, message: () => message }
}

/** For `expect.extend(matchers)` of vitest and of jest: `expect(store).toHaveRun('SET', 'user:1')`. */
export const matchers: {
  readonly [K in keyof StoreMatchers]: (received: unknown, ...args: Parameters<StoreMatchers[K]>) => MatcherResult
} = {
  toHaveRun: (received, ...call) => result(logOf(received).ran(call)),
  toHaveRunTimes: (received, times, ...call) => result(logOf(received).ranTimes(times, call)),
  toHaveRunInOrder: (received, ...calls) => result(logOf(received).ranInOrder(calls)),
}
