import type { SortGet, SortOptions } from '../api/sort.ts'
import type { Key } from '../api/types.ts'
import { lateOptions, record } from '../commands/input.ts'
import type { sorting } from '../commands/sort.ts'
import { lines, ReplyError } from '../errors.ts'
import { type Arg, type ArgReader, type Codec, integer, key, value } from './codec.ts'
import { count, list, nullableText, type ReplyCodec } from './reply.ts'
import type { Rows } from './row.ts'

type Given = SortOptions & Partial<SortGet> & { store?: Key }
/** What is read from the wire: GET may come again and again. */
interface Read {
  by?: string
  limit?: { offset: number | bigint; count: number | bigint }
  get?: string[]
  asc?: boolean
  desc?: boolean
  alpha?: boolean
  store?: string
}

const number = integer()

/** Reads one option into `given`; false when the next word is none, or lacks its arguments. */
function readOption(args: ArgReader, given: Read, stores: boolean): boolean {
  const word = args.peek()
  const behind = args.left - 1
  const wanted = word === 'LIMIT' ? 2 : word === 'BY' || word === 'GET' || (stores && word === 'STORE') ? 1 : 0
  if (behind < wanted) return false
  args.at++
  switch (word) {
    case 'ASC':
    case 'DESC':
      given.asc = word === 'ASC'
      given.desc = word === 'DESC'
      return true
    case 'ALPHA':
      given.alpha = true
      return true
    case 'LIMIT':
      given.limit = { offset: number.read(args), count: number.read(args) }
      return true
    case 'BY':
      // A name without a star settles that nothing is sorted, whatever comes after it.
      if (given.by === undefined || given.by.includes('*')) given.by = args.next()
      else args.next()
      return true
    case 'GET':
      given.get = [...(given.get ?? []), args.next()]
      return true
    case 'STORE':
      if (!stores) return false
      given.store = args.next()
      return true
  }
  return false
}

function pushed(argv: Arg[], word: string, given: Arg): void {
  argv.push(word)
  value.write(given, argv, word.toLowerCase())
}

function sortOptions(stores: boolean): Codec<Given | undefined> {
  return {
    read: args => {
      if (args.left === 0) return undefined
      const given: Read = {}
      while (args.left > 0) if (!readOption(args, given, stores)) throw new ReplyError(lines.syntax)
      return given as Given
    },
    write: (given, argv: Arg[]) => {
      const { by, limit, store } = lateOptions(given, true)
      if (given === undefined) return
      if (by !== undefined) pushed(argv, 'BY', by)
      if (limit !== undefined) {
        argv.push('LIMIT')
        number.write(record(limit, 'limit').offset, argv, 'limit.offset')
        number.write(limit.count, argv, 'limit.count')
      }
      if (given.get !== undefined) {
        const names = Array.isArray(given.get) ? (given.get as readonly Arg[]) : [given.get as Arg]
        for (const name of names) pushed(argv, 'GET', name)
      }
      if (given.desc) argv.push('DESC')
      else if (given.asc) argv.push('ASC')
      if (given.alpha) argv.push('ALPHA')
      if (stores && store !== undefined) {
        argv.push('STORE')
        key.write(store, argv)
      }
    },
    min: 0,
    max: Infinity,
    keys: 'none',
  }
}

const found: ReplyCodec<readonly (string | null)[]> = list(nullableText)

/** The places of the key and of the destination, which is that of the last STORE. */
function storedAt(argv: readonly string[]): readonly number[] {
  let store = 0
  for (let i = 2; i < argv.length; i++) {
    const word = argv[i].toUpperCase()
    if (word === 'LIMIT') i += 2
    else if (word === 'GET' || word === 'BY') i++
    else if (word === 'STORE' && i + 1 < argv.length) store = ++i
  }
  return store === 0 ? [1] : [1, store]
}

export const sortRows: Rows<typeof sorting> = {
  sort: {
    name: 'SORT',
    flags: ['write', 'denyoom', 'movablekeys'],
    args: [key, sortOptions(true)],
    keysAt: storedAt,
    reply: args => (args[1]?.store === undefined ? found : count) as ReplyCodec<number | readonly (string | null)[]>,
  },
  sort_ro: { name: 'SORT_RO', flags: ['readonly', 'movablekeys'], args: [key, sortOptions(false)], reply: found },
}
