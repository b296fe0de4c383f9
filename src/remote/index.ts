import type { Commands } from '../api/commands.ts'
import type { Value } from '../api/types.ts'
import { families } from '../commands/index.ts'
import { listOf } from '../commands/input.ts'
import type { Out, Shape } from '../commands/op.ts'
import { gather } from '../install.ts'
import { plainText } from '../util/stored.ts'
import { value } from '../wire/codec.ts'
import type { Raw, ReplyCodec } from '../wire/reply.ts'
import { argvOf, commands } from '../wire/table.ts'

/** Sends one command and resolves with its reply, or rejects with its error: any Redis client can be one. */
export type Send = (argv: Value[]) => Promise<Raw>

/** The contract of `Store` over a connection: the same methods, each a promise. */
export interface RemoteStore extends Commands<'async'> {}

const out: Out = { bytes: false, text: text => text, stored: plainText }

/** Takes any function that sends commands: `new RemoteStore(argv => client.call(...argv))`. */
export class RemoteStore {
  private readonly send: Send

  constructor(send: Send) {
    if (typeof send !== 'function') throw new TypeError('send must be a function')
    this.send = send
  }

  /** Sends a command by name; its arguments may be one array. */
  call(...argv: Value[]): Promise<Raw>
  call(argv: readonly Value[]): Promise<Raw>
  async call(...argv: unknown[]): Promise<Raw> {
    const [args] = gather(argv, 0) as [readonly Value[]]
    const checked: Value[] = []
    for (const arg of listOf(args, 'arguments')) value.write(arg, checked, 'argument')
    return this.send(checked)
  }
}

for (const command of commands.values()) {
  // What is only sent by name is sent by `call`.
  if (!command.typed) continue
  const family = families.find(one => command.method in one.ops)
  if (family === undefined) continue
  const shape = family.shapes[command.method] as Shape<unknown, unknown> | undefined
  const at = family.rest[command.method]
  const method = async function (this: { send: Send }, ...args: unknown[]): Promise<unknown> {
    const given = at === undefined ? args : gather(args, at)
    const { argv, params } = argvOf(command, given)
    const codec = (typeof command.reply === 'function' ? command.reply(params) : command.reply) as ReplyCodec<unknown>
    const result = codec.read(await this.send(argv))
    return shape === undefined ? result : shape(result, out, given)
  }
  Object.defineProperty(RemoteStore.prototype, command.method, { value: method, writable: true, configurable: true })
}
