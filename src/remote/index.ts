import type { Commands } from '../api/commands.ts'
import type { Script, ScriptReply } from '../api/scripting.ts'
import type { Value } from '../api/types.ts'
import { families } from '../commands/index.ts'
import { listOf, text } from '../commands/input.ts'
import type { Out, Shape } from '../commands/op.ts'
import { gather } from '../install.ts'
import { sha1hex } from '../util/sha1.ts'
import { plainText } from '../util/stored.ts'
import { value } from '../wire/codec.ts'
import type { Raw, ReplyCodec } from '../wire/reply.ts'
import { argvOf, commands } from '../wire/table.ts'

/**
 * Sends one command and resolves with its reply, or rejects with its error: any Redis client can be one. Arguments are strings,
 * and for bytes `Uint8Array`s, which are `Buffer`s where there are any, because clients there take nothing else. They are
 * `any` so that they fit whatever a client says it takes.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Send = (argv: [command: string, ...args: any[]]) => Promise<unknown>

/** Where there are any. */
const { Buffer: buffers } = globalThis as {
  Buffer?: { from(memory: ArrayBufferLike, at: number, n: number): Uint8Array }
}

function argument(given: Value): string | Uint8Array {
  if (!(given instanceof Uint8Array)) return typeof given === 'string' ? given : text(given, 'argument')
  return buffers === undefined ? given : buffers.from(given.buffer, given.byteOffset, given.byteLength)
}

/** The contract of `Store` over a connection: the same methods, each a promise. */
export interface RemoteStore extends Commands<'async'> {}

const out: Out = { bytes: false, text: text => text, stored: plainText }

/** Takes any function that sends commands: `new RemoteStore(argv => client.call(...argv))`. */
export class RemoteStore {
  private readonly send: (argv: readonly Value[]) => Promise<Raw>

  constructor(send: Send) {
    if (typeof send !== 'function') throw new TypeError('send must be a function')
    this.send = argv => send(argv.map(argument) as [string, ...unknown[]]) as Promise<Raw>
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

  /** A script to be run again and again: by its SHA-1, and by its text where the server has not seen it yet. */
  script(source: string): Script<'async'> {
    const sha1 = sha1hex(text(source, 'source'))
    const attempt = async (
      known: () => Promise<ScriptReply>,
      other: () => Promise<ScriptReply>,
    ): Promise<ScriptReply> => {
      try {
        return await known()
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return other()
        throw error
      }
    }
    return {
      source,
      sha1,
      run: (keys, args) =>
        attempt(
          () => this.evalsha(sha1, keys, args),
          () => this.eval(source, keys, args),
        ),
      runRo: (keys, args) =>
        attempt(
          () => this.evalshaRo(sha1, keys, args),
          () => this.evalRo(source, keys, args),
        ),
    }
  }
}

for (const command of commands.values()) {
  // What is only sent by name is sent by `call`.
  if (!command.typed) continue
  const family = families.find(one => command.method in one.ops)
  if (family === undefined) continue
  const shape = family.shapes[command.method] as Shape<unknown, unknown> | undefined
  const at = family.rest[command.method]
  const method = async function (
    this: { send: (argv: readonly Value[]) => Promise<Raw> },
    ...args: unknown[]
  ): Promise<unknown> {
    const given = at === undefined ? args : gather(args, at)
    const { argv, params } = argvOf(command, given)
    const codec = (typeof command.reply === 'function' ? command.reply(params) : command.reply) as ReplyCodec<unknown>
    const result = codec.read(await this.send(argv))
    return shape === undefined ? result : shape(result, out, given)
  }
  Object.defineProperty(RemoteStore.prototype, command.method, { value: method, writable: true, configurable: true })
}
