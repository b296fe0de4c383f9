import { inLine, ReplyError } from '../errors.ts'
import { scriptLines } from './lines.ts'

/** What a script or function says of itself. */
export interface Flags {
  readonly names: readonly string[]
  /** A script without a first line that says anything: as before there were flags. */
  readonly plain: boolean
}

/** All flags, in the order in which FUNCTION LIST has them. */
export const flagNames: readonly string[] = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
]

const plain: Flags = { names: [], plain: true }

/** The flags in the first line of a script, `#!lua flags=a,b`, and the source without it. Its line break stays, for the count. */
export function flagsOf(source: string): { readonly flags: Flags; readonly body: string } {
  if (!source.startsWith('#!')) return { flags: plain, body: source }
  const end = source.indexOf('\n')
  if (end < 0) throw new ReplyError(scriptLines.shebang)
  const [engine, ...options] = source.slice(0, end).split(' ')
  if (engine !== '#!lua') throw new ReplyError(`ERR Unexpected engine in script shebang: ${inLine(engine)}`)
  const names: string[] = []
  for (const option of options) {
    if (option === '') continue
    if (!option.startsWith('flags=')) throw new ReplyError(`ERR Unknown lua shebang option: ${inLine(option)}`)
    for (const flag of option.slice(6).split(',')) {
      if (flag === '') continue
      if (!flagNames.includes(flag)) throw new ReplyError(`ERR Unexpected flag in script shebang: ${inLine(flag)}`)
      names.push(flag)
    }
  }
  return { flags: { names, plain: false }, body: source.slice(end) }
}
