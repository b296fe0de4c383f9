import type { LMoveMOptions } from '../api/lists.ts'
import type { WaitOptions } from '../api/types.ts'
import type { blocking } from '../commands/blocking.ts'
import { lateOptions } from '../commands/input.ts'
import { lines, ReplyError } from '../errors.ts'
import { parseDouble } from '../util/numbers.ts'
import { type Codec, counted, key, late, restBut, word } from './codec.ts'
import { lmpopOptions, lmpopReply, many } from './lists.ts'
import { asList, asText, double, nullableList, nullableText, type ReplyCodec, textList } from './reply.ts'
import type { Rows } from './row.ts'
import { keyed, mpopCount } from './sorted-sets.ts'

const end = word('LEFT', 'RIGHT', 'left', 'right')
const scoreEnd = word('MIN', 'MAX', 'min', 'max')

/** Seconds. What cannot be a time is refused here already, because Redis looks at it before anything else. */
const timeout: Codec<WaitOptions | undefined> = {
  read: args => {
    const seconds = parseDouble(args.next())
    if (seconds === undefined) throw new ReplyError(lines.timeoutNotFloat)
    if (Math.ceil(seconds * 1000) >= 2 ** 63) throw new ReplyError(lines.timeoutRange)
    if (seconds < 0) throw new ReplyError(lines.timeoutNegative)
    return { timeout: seconds }
  },
  write: (given, argv) => argv.push(lateOptions<WaitOptions>(given, true).timeout ?? 0),
  min: 1,
  max: 1,
  keys: 'none',
}

/** The same where it stands in front of everything else, but is looked at last. */
const lateTimeout = late(timeout)

const several = restBut(1, key)
const counting = counted(key, lines.numkeys)

/** The wire has the timeout of the options in front of everything else. */
function timeoutApart(args: readonly unknown[]): readonly unknown[] {
  return [args[0], args[1], args[2], args[2]]
}

const elementReply: ReplyCodec<readonly [string, string] | null> = nullableList({
  write: ([name, element], w) => {
    w.array(2)
    w.bulk(name)
    w.bulk(element)
  },
  read: raw => {
    const [name, element] = asList(raw)
    return [asText(name), asText(element)]
  },
})

const memberReply: ReplyCodec<readonly [string, string, number] | null> = nullableList({
  write: ([name, member, score], w) => {
    w.array(3)
    w.bulk(name)
    w.bulk(member)
    w.double(score)
  },
  read: raw => {
    const [name, member, score] = asList(raw)
    return [asText(name), asText(member), double.read(score)]
  },
})

const rows: Rows<typeof blocking> = {
  blpop: { name: 'BLPOP', flags: ['write', 'noscript', 'blocking'], args: [several, timeout], reply: elementReply },
  brpop: { name: 'BRPOP', flags: ['write', 'noscript', 'blocking'], args: [several, timeout], reply: elementReply },
  blmove: {
    name: 'BLMOVE',
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    args: [key, key, end, end, timeout],
    reply: nullableText,
  },
  blmovem: {
    name: 'BLMOVEM',
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    args: [key, key, end, end, many as Codec<(WaitOptions & Partial<LMoveMOptions>) | undefined>, timeout],
    order: [0, 1, 2, 3, 5, 4],
    arrange: args => [args[0], args[1], args[2], args[3], args[4], args[4]],
    reply: nullableList(textList),
  },
  brpoplpush: {
    name: 'BRPOPLPUSH',
    flags: ['write', 'denyoom', 'noscript', 'blocking'],
    args: [key, key, timeout],
    reply: nullableText,
  },
  blmpop: {
    name: 'BLMPOP',
    flags: ['write', 'blocking', 'movablekeys'],
    args: [counting, end, lmpopOptions, lateTimeout],
    order: [3, 0, 1, 2],
    arrange: timeoutApart,
    reply: lmpopReply,
  },
  bzpopmin: {
    name: 'BZPOPMIN',
    flags: ['write', 'noscript', 'fast', 'blocking'],
    args: [several, timeout],
    reply: memberReply,
  },
  bzpopmax: {
    name: 'BZPOPMAX',
    flags: ['write', 'noscript', 'fast', 'blocking'],
    args: [several, timeout],
    reply: memberReply,
  },
  bzmpop: {
    name: 'BZMPOP',
    flags: ['write', 'blocking', 'movablekeys'],
    args: [counting, scoreEnd, mpopCount, lateTimeout],
    order: [3, 0, 1, 2],
    arrange: timeoutApart,
    reply: nullableList(keyed),
  },
}

const { bzpopmin, bzpopmax, bzmpop, ...ofLists } = rows

/** The rows by what they wait for, which Redis documents in different groups. */
export const blockingListRows: Omit<typeof rows, keyof typeof blockingSortedSetRows> = ofLists
export const blockingSortedSetRows: Pick<typeof rows, 'bzpopmin' | 'bzpopmax' | 'bzmpop'> = {
  bzpopmin,
  bzpopmax,
  bzmpop,
}
