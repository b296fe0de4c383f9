import type { BlockingCommands } from '../api/blocking.ts'
import type { End, LMoveMOptions, Popped } from '../api/lists.ts'
import type { ScoredPopped, ScoreEnd } from '../api/sorted-sets.ts'
import type { Key, WaitOptions } from '../api/types.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { double, keyText, keyTexts, lateOptions } from './input.ts'
import { lists } from './lists.ts'
import type { Ops, Out, Rest, Shapes, WaitFor, Waits } from './op.ts'
import * as shape from './shapes.ts'
import { sortedSets } from './sorted-sets.ts'

type Count = { count?: number | bigint }

/** Where the lossless results differ from the typed replies. */
interface Results {
  blpop: Element | null
  brpop: Element | null
  blmove: string | null
  blmovem: (
    ks: Keyspace,
    source: Key,
    destination: Key,
    from: End,
    to: End,
    options?: WaitOptions & Partial<LMoveMOptions>,
    wait?: WaitOptions,
  ) => readonly string[] | null
  brpoplpush: string | null
  /** On the wire the timeout stands apart from the count. */
  blmpop: (
    ks: Keyspace,
    keys: readonly Key[],
    end: End,
    options?: WaitOptions & Count,
    wait?: WaitOptions,
  ) => { readonly key: string; readonly elements: readonly string[] } | null
  bzpopmin: Member | null
  bzpopmax: Member | null
  bzmpop: (
    ks: Keyspace,
    keys: readonly Key[],
    end: ScoreEnd,
    options?: WaitOptions & Count,
    wait?: WaitOptions,
  ) => ReturnType<(typeof sortedSets)['zmpop']>
}
type Element = readonly [key: string, element: string]
type Member = readonly [key: string, member: string, score: number]

/** One key or several, as several. */
function several(keys: Key | readonly Key[]): readonly Key[] {
  return typeof keys === 'string' || keys instanceof Uint8Array ? [keys] : keys
}

/** Milliseconds of a timeout in seconds, rounded up; 0 for ever. */
function patience(options: WaitOptions | undefined): number {
  const { timeout = 0 } = lateOptions<WaitOptions>(options, true)
  const seconds = double(timeout, 'timeout')
  if (Number.isNaN(seconds)) throw new ReplyError(lines.timeoutNotFloat)
  if (seconds < 0) throw new ReplyError(lines.timeoutNegative)
  const ms = Math.ceil(seconds * 1000)
  if (ms >= 2 ** 63) throw new ReplyError(lines.timeoutRange)
  return ms
}

function pop(
  ks: Keyspace,
  keys: Key | readonly Key[],
  options: WaitOptions | undefined,
  op: 'lpop' | 'rpop',
): Element | null {
  patience(options)
  for (const key of keyTexts(several(keys))) {
    const element = lists[op](ks, key)
    if (element !== null) return [key, element as string]
  }
  return null
}

function popScored(
  ks: Keyspace,
  keys: Key | readonly Key[],
  options: WaitOptions | undefined,
  op: 'zpopmin' | 'zpopmax',
): Member | null {
  patience(options)
  for (const key of keyTexts(several(keys))) {
    const [member, score] = sortedSets[op](ks, key)
    if (member !== undefined) return [key, member as string, score as number]
  }
  return null
}

/** What is run when one tries: the commands that do not wait. */
export const blocking: Ops<BlockingCommands, Results> = {
  blpop: (ks, keys, options) => pop(ks, keys, options, 'lpop'),
  brpop: (ks, keys, options) => pop(ks, keys, options, 'rpop'),
  blmove(ks, source, destination, from, to, options) {
    patience(options)
    return lists.lmove(ks, source, destination, from, to)
  },
  blmovem(ks, source, destination, from, to, options, wait = options) {
    patience(wait)
    return lists.lmovem(ks, source, destination, from, to, options as LMoveMOptions | undefined)
  },
  brpoplpush(ks, source, destination, options) {
    patience(options)
    return lists.rpoplpush(ks, source, destination)
  },
  blmpop(ks, keys, end, options, wait = options) {
    patience(wait)
    return lists.lmpop(ks, keys, end, options)
  },
  bzpopmin: (ks, keys, options) => popScored(ks, keys, options, 'zpopmin'),
  bzpopmax: (ks, keys, options) => popScored(ks, keys, options, 'zpopmax'),
  bzmpop(ks, keys, end, options, wait = options) {
    patience(wait)
    return sortedSets.zmpop(ks, keys, end, options)
  },
}

export const blockingShapes: Shapes<BlockingCommands, BlockingCommands<'sync', Uint8Array>, typeof blocking> = {
  blpop: element,
  brpop: element,
  blmove: shape.text,
  blmovem: (result, out) => (result === null ? null : shape.texts(result, out)),
  brpoplpush: shape.text,
  blmpop: (result, out): Popped | null =>
    result === null ? null : { key: out.text(result.key), elements: shape.texts(result.elements, out) },
  bzpopmin: member,
  bzpopmax: member,
  bzmpop: (result, out): ScoredPopped | null =>
    result === null ? null : { key: out.text(result[0]), members: shape.scored(result[1], out) },
}

function element(result: Element | null, out: Out): { key: string; element: string } | null {
  return result === null ? null : { key: out.text(result[0]), element: out.text(result[1]) }
}

function member(result: Member | null, out: Out): { key: string; member: string; score: number } | null {
  return result === null ? null : { key: out.text(result[0]), member: out.text(result[1]), score: result[2] }
}

/** A wait for keys of one type; `at` is where the options stand, and `wait` where the wire has its timeout. */
function waitFor(
  type: WaitFor['type'],
  keys: (args: readonly unknown[]) => readonly string[],
  at: number,
  wait = at,
): WaitFor {
  return {
    type,
    of: args => {
      const options = (args[wait] ?? args[at]) as WaitOptions | undefined
      return { keys: keys(args), timeout: patience(options), signal: options?.signal }
    },
  }
}

const first = (args: readonly unknown[]): readonly string[] => keyTexts(several(args[0] as Key | readonly Key[]))
const source = (args: readonly unknown[]): readonly string[] => [keyText(args[0] as Key)]

export const blockingWaits: Waits<BlockingCommands> = {
  blpop: waitFor('list', first, 1),
  brpop: waitFor('list', first, 1),
  blmove: waitFor('list', source, 4),
  blmovem: waitFor('list', source, 4, 5),
  brpoplpush: waitFor('list', source, 2),
  blmpop: waitFor('list', first, 2, 3),
  bzpopmin: waitFor('zset', first, 1),
  bzpopmax: waitFor('zset', first, 1),
  bzmpop: waitFor('zset', first, 2, 3),
}

export const blockingRest: Rest<BlockingCommands> = {}
