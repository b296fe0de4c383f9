import { ReplyError } from '../errors.ts'
import { parseInteger } from '../util/numbers.ts'
import type { AnyRow } from './row.ts'

/** One run of keys among the arguments, as COMMAND tells it. */
export interface KeySpec {
  /** The argument at which it begins, or with `counted` the one that says how many there are. */
  readonly begin: number
  /** How many arguments after `begin` the last key stands; negative from the end. */
  readonly last: number
  /** From one key to the next. */
  readonly step: number
  readonly counted: boolean
}

/** Where a command's keys stand: the three numbers of old, and runs. */
export interface KeyPlace {
  readonly first: number
  readonly last: number
  readonly step: number
  readonly specs: readonly KeySpec[]
}

const invalidArguments = 'ERR Invalid arguments specified for command'

const places = new WeakMap<AnyRow, KeyPlace>()

/** The same for every call, so found once. */
export function placeOf(row: AnyRow): KeyPlace {
  let place = places.get(row)
  if (place === undefined) places.set(row, (place = findPlace(row)))
  return place
}

function findPlace({ name, args: params, order, flags }: AnyRow): KeyPlace {
  // As they stand on the wire.
  const args = order === undefined ? params : order.map(at => params[at])
  const reads = flags.includes('readonly')
  const specs: KeySpec[] = []
  let at = name.includes(' ') ? 2 : 1
  for (const [i, codec] of args.entries()) {
    const behind = args.slice(i + 1).reduce((sum, one) => sum + one.min, 0)
    const last = -1 - behind
    if (codec.keys === 'key') {
      const before = specs[specs.length - 1]
      // Of what only reads, keys side by side are one run; else each has a part of its own.
      if (
        reads &&
        before !== undefined &&
        !before.counted &&
        before.last >= 0 &&
        before.begin + before.last + 1 === at
      ) {
        specs[specs.length - 1] = { ...before, last: before.last + 1 }
      } else specs.push({ begin: at, last: 0, step: 1, counted: false })
    } else if (codec.keys === 'keys') specs.push({ begin: at, last, step: 1, counted: false })
    else if (codec.keys === 'pairs' && codec.min === 2) specs.push({ begin: at, last, step: 2, counted: false })
    else if (codec.keys !== 'none')
      specs.push({ begin: at, last: 0, step: codec.keys === 'pairs' ? 2 : 1, counted: true })
    if (codec.max !== codec.min) break
    at += codec.max
  }
  const ranges = specs.filter(spec => !spec.counted)
  if (ranges.length === 0) return { first: 0, last: 0, step: 0, specs }
  // The three numbers tell of one run, into which go those that follow on each other.
  let [{ begin: first, last, step }] = ranges
  if (last >= 0) last += first
  for (const range of ranges.slice(1)) {
    if (last < 0 || range.begin !== last + 1) break
    last = range.last < 0 ? range.last : range.begin + range.last
    step = range.step
  }
  return { first, last, step, specs }
}

/** A key among the arguments, and the run it belongs to. */
export interface PlacedKey {
  readonly at: number
  readonly run: number
}

/** The places of the keys in a call. Throws when their number is none. */
export function keysOf(row: AnyRow, argv: readonly string[]): readonly PlacedKey[] {
  if (row.keysAt !== undefined) return row.keysAt(argv).map((at, run) => ({ at, run }))
  const found: PlacedKey[] = []
  for (const [run, { begin, last, step, counted }] of placeOf(row).specs.entries()) {
    let from = begin
    let to = last < 0 ? argv.length + last : begin + last
    if (counted) {
      const n = parseInteger(argv[begin])
      if (n === 0 && row.flags.includes('no_mandatory_keys')) continue
      from = begin + 1
      to = typeof n === 'number' && n > 0 ? from + (n - 1) * step : argv.length
      if (to >= argv.length) throw new ReplyError(invalidArguments)
    }
    for (let at = from; at <= to; at += step) found.push({ at, run })
  }
  return found
}
