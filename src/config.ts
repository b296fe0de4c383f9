import type { Databases } from './databases.ts'
import { notifyText, parseNotify } from './notifications.ts'
import { limitLists, type Limits, MAX_IDMP_DURATION, MAX_IDMP_MAXSIZE } from './structures/limits.ts'
import { MAX_INT64, parseInteger } from './util/numbers.ts'

/** What CONFIG knows: the parameters of Redis that mean something here. */
export interface Parameter {
  readonly name: string
  readonly get: (databases: Databases) => string
  /**
   * Reads a value: the way to set it, or why it is wrong, in Redis' words. A parameter without it is as it is: it takes
   * only the value that it has.
   */
  readonly read?: (value: string) => string | ((databases: Databases) => void)
}

export const IMMUTABLE = "can't set immutable config"

/** Up to int64, of which only the greatest needs more digits than a double has. */
function numberText(n: number): string {
  return n >= 2 ** 63 ? String(MAX_INT64) : String(n)
}

function between(min: number | bigint, max: number | bigint): string {
  return `argument must be between ${min} and ${max} inclusive`
}

/** Those of structures that mean just what was given. */
type Limit = Exclude<keyof Limits, 'listSize' | 'listBytes' | 'listCount'>

type Set = (databases: Databases, n: number) => void

export function integer(
  name: string,
  min: number,
  max: number | bigint,
  get: (databases: Databases) => number,
  set: Set,
): Parameter {
  return {
    name,
    get: databases => numberText(get(databases)),
    read: value => {
      const n = parseInteger(value)
      if (n === undefined) return "argument couldn't be parsed into an integer"
      if (n < min || n > max) return between(min, max)
      return databases => set(databases, Number(n))
    },
  }
}

/** One of what structures look at themselves. */
function limit(name: string, min: number, max: number | bigint, member: Limit): Parameter {
  return integer(
    name,
    min,
    max,
    ({ limits }) => limits[member],
    ({ limits }, n) => void (limits[member] = n),
  )
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1000 ** 2,
  mb: 1024 ** 2,
  g: 1000 ** 3,
  gb: 1024 ** 3,
}

/** `64`, `1kb`, `2G`: bytes, however many. Undefined when it is no such thing. */
export function memoryValue(value: string): bigint | undefined {
  const [, digits, unit] = /^(\d{0,127})([a-z]{0,2})$/i.exec(value.split('\0', 1)[0]) ?? []
  if (digits === undefined) return undefined
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined
  if (factor === undefined) return undefined
  // No digits are a 0, as C reads them.
  return BigInt(digits) * BigInt(factor)
}

function memory(name: string, member: Limit): Parameter {
  return {
    name,
    get: ({ limits }) => numberText(limits[member]),
    read: value => {
      const n = memoryValue(value)
      if (n === undefined) return 'argument must be a memory value'
      if (n > MAX_INT64) return between(0, MAX_INT64)
      return ({ limits }) => void (limits[member] = Number(n))
    },
  }
}

export function fixed(name: string, get: (databases: Databases) => string): Parameter {
  return { name, get }
}

/** A name that older versions have for the same. */
function alias(name: string, of: Parameter): Parameter {
  return { ...of, name }
}

const hashEntries = limit('hash-max-listpack-entries', 0, MAX_INT64, 'hashEntries')
const hashValue = memory('hash-max-listpack-value', 'hashValue')
const zsetEntries = limit('zset-max-listpack-entries', 0, MAX_INT64, 'zsetEntries')
const zsetValue = memory('zset-max-listpack-value', 'zsetValue')
const listSize = integer(
  'list-max-listpack-size',
  -(2 ** 31),
  2 ** 31 - 1,
  ({ limits }) => limits.listSize,
  ({ limits }, n) => limitLists(limits, n),
)

const common: readonly Parameter[] = [
  hashEntries,
  alias('hash-max-ziplist-entries', hashEntries),
  hashValue,
  alias('hash-max-ziplist-value', hashValue),
  zsetEntries,
  alias('zset-max-ziplist-entries', zsetEntries),
  zsetValue,
  alias('zset-max-ziplist-value', zsetValue),
  listSize,
  alias('list-max-ziplist-size', listSize),
  limit('set-max-intset-entries', 0, MAX_INT64, 'setIntegers'),
  limit('set-max-listpack-entries', 0, MAX_INT64, 'setEntries'),
  memory('set-max-listpack-value', 'setValue'),
  limit('stream-node-max-entries', 0, MAX_INT64, 'nodeEntries'),
  memory('stream-node-max-bytes', 'nodeBytes'),
  limit('stream-idmp-duration', 1, MAX_IDMP_DURATION, 'idmpDuration'),
  limit('stream-idmp-maxsize', 1, MAX_IDMP_MAXSIZE, 'idmpMaxsize'),
  integer(
    'slowlog-log-slower-than',
    -1,
    MAX_INT64,
    ({ stats }) => stats?.slowerThan ?? -1,
    ({ stats }, n) => {
      if (stats !== null) stats.slowerThan = n
    },
  ),
  integer(
    'slowlog-max-len',
    0,
    MAX_INT64,
    ({ stats }) => stats?.slowMost ?? 0,
    ({ stats }, n) => {
      if (stats === null) return
      stats.slowMost = n
      stats.trimSlow()
    },
  ),
  {
    name: 'notify-keyspace-events',
    get: ({ notify }) => (notify === null ? '' : notifyText(notify)),
    read: value => {
      const notify = parseNotify(value)
      if (notify === undefined) return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."
      return databases => databases.notifyOf(notify)
    },
  },
  integer(
    'latency-monitor-threshold',
    0,
    MAX_INT64,
    ({ stats }) => stats?.latencyThreshold ?? 0,
    ({ stats }, n) => {
      if (stats !== null) stats.latencyThreshold = n
    },
  ),
  fixed('databases', ({ list }) => String(list.length)),
  fixed('maxmemory', () => '0'),
  fixed('maxmemory-policy', () => 'noeviction'),
  fixed('appendonly', ({ logging }) => (logging ? 'yes' : 'no')),
  fixed('save', () => ''),
  fixed('proto-max-bulk-len', () => '536870912'),
]

/** All parameters, by name. */
export const parameters: ReadonlyMap<string, Parameter> = new Map(common.map(parameter => [parameter.name, parameter]))

/** Adds parameters that only those have a use for who offer more than the store. */
export function addParameters(more: readonly Parameter[]): void {
  for (const parameter of more) (parameters as Map<string, Parameter>).set(parameter.name, parameter)
}
