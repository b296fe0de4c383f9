import type { Value } from './api/types.ts'
import { text } from './commands/input.ts'
import { Store as Core, keyspaceOf } from './store.ts'
import { type Plain, ValueWriter } from './wire/reply.ts'
import { commandOf, run } from './wire/table.ts'

export * from './api/index.ts'
export { ReplyError } from './errors.ts'
export { type Host, systemHost, VirtualHost } from './host.ts'
export type { BytesCommands, StoreOptions } from './store.ts'
export { fromBytes, toBytes } from './util/text.ts'

/** One database of an in-process Redis. Every command is a method; all are synchronous and atomic. */
export class Store extends Core {
  /**
   * Sends a command by name: `store.call('SET', 'key', 'value', 'EX', 60)`. Replies as RESP3 gives them: text, number,
   * bigint beyond 2^53, null, array, Map. Throws a `ReplyError` with Redis' text.
   */
  call(...argv: Value[]): Plain {
    const args = argv.map(arg => text(arg, 'argument'))
    if (args.length === 0) throw new TypeError('a command must have a name')
    const ks = keyspaceOf(this)
    const writer = new ValueWriter()
    try {
      run(ks, commandOf(args), args, writer)
    } finally {
      if (ks.databases.pending) ks.databases.commit()
    }
    return writer.take()
  }
}
