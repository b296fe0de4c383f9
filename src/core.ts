/**
 * The typed store alone, without the table of commands by name: smaller, for programs that never use `call`.
 */
export * from './api/index.ts'
export { ReplyError } from './errors.ts'
export { type Host, systemHost, VirtualHost } from './host.ts'
export type { KeyEvent } from './events.ts'
export {
  type BytesCommands,
  type FunctionOptions,
  Store,
  type StoreFunction,
  type StoreOptions,
  type StoreStats,
  type Watched,
} from './store.ts'
export { fromBytes, toBytes } from './util/text.ts'
