/**
 * Stores for tests, of code that uses a store and of code that uses Redis:
 *
 * ```ts
 * import { createTestStore } from 'embedis/testing'
 *
 * const store = createTestStore({ data: { 'user:1': { name: 'Ada' } } })
 * store.set('session', 'x', { ex: 30 })
 * store.advance(31_000)
 * store.get('session') // null
 * store.faults.add({ command: 'GET', error: 'LOADING' })
 * store.log.assertRan('SET', 'session')
 * ```
 *
 * The clients of `embedis/ioredis`, `embedis/node-redis`, `embedis/upstash` and `embedis/server` take such a store as any
 * other; the plan of faults and the log are for all of them.
 */
import { TestStore, type TestStoreOptions } from './store.ts'

/** A new store for a test. Throws a TypeError for options that are none, and what `load` throws. */
export function createTestStore(options: TestStoreOptions = {}): TestStore {
  return new TestStore(options)
}

export { Disconnected } from '../errors.ts'
export { type ErrorName, type Fault, type FaultPlan, type FaultRule } from './faults.ts'
export type { Call, CommandLog, LogEntry, Wanted } from './log.ts'
export { type MatcherResult, matchers, type StoreMatchers } from './matchers.ts'
export type { Data, Seed, SeedEntry, SeedGroup, SeedValue, TypedSeed } from './seed.ts'
export type { StoreSnapshot, TestStore, TestStoreOptions } from './store.ts'
export type { StrictOptions } from './strict.ts'
