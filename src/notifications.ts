import type { Change } from './events.ts'
import type { Message } from './pubsub.ts'
import { byteLength } from './util/text.ts'

/**
 * Keyspace notifications: the classes of events, as `notify-keyspace-events` spells them, and the messages that tell of
 * an event.
 */

const CLASSES = {
  g: 'generic',
  $: 'string',
  l: 'list',
  s: 'set',
  h: 'hash',
  z: 'zset',
  t: 'stream',
  x: 'expired',
  e: 'evicted',
  d: 'module',
  m: 'keymiss',
  n: 'new',
  o: 'overwritten',
  c: 'type_changed',
} as const

type Letter = keyof typeof CLASSES

/** What `A` stands for: everything but misses, new and overwritten keys. */
const ALL = 'g$lshztxed'
const SUBKEYS = 'STIV'
/** How the flags are spelled, in Redis' order. */
const ORDER = 'g$lshzxetdn'
const APART = 'moc'

/**
 * Which events are told, and where: by key, by event, and of the fields of hashes by key (S), by event (T), by field (I), and
 * by event and key (V).
 */
export interface Notify {
  readonly keyspace: boolean
  readonly keyevent: boolean
  readonly subkeys: ReadonlySet<string>
  readonly classes: ReadonlySet<string>
}

/** The flags of `notify-keyspace-events`; undefined when a letter is unknown. */
export function parseNotify(flags: string): Notify | undefined {
  let keyspace = false
  let keyevent = false
  const classes = new Set<string>()
  const subkeys = new Set<string>()
  for (const letter of flags) {
    if (letter === 'K') keyspace = true
    else if (letter === 'E') keyevent = true
    else if (SUBKEYS.includes(letter)) subkeys.add(letter)
    else if (letter === 'A') for (const one of ALL) classes.add(CLASSES[one as Letter])
    else if (Object.hasOwn(CLASSES, letter)) classes.add(CLASSES[letter as Letter])
    else return undefined
  }
  return { keyspace, keyevent, subkeys, classes }
}

/** The flags as CONFIG GET answers them, which leaves out new keys where all else is told. */
export function notifyText({ keyspace, keyevent, subkeys, classes }: Notify): string {
  const has = (letter: string): boolean => classes.has(CLASSES[letter as Letter])
  let text = [...ALL].every(has) ? 'A' : [...ORDER].filter(has).join('')
  text += (keyspace ? 'K' : '') + (keyevent ? 'E' : '')
  return text + [...APART].filter(has).join('') + [...SUBKEYS].filter(letter => subkeys.has(letter)).join('')
}

/** Events that make a class of their own, whatever they are about. */
const OWN: ReadonlySet<string> = new Set(['expired', 'evicted', 'keymiss', 'new', 'overwritten', 'type_changed'])

/** Calls back with the messages that tell of a change of one key. */
export function notifications(
  { keyspace, keyevent, subkeys, classes }: Notify,
  { ks, key, event, about, fields }: Change,
  tell: (message: Message) => void,
): void {
  if (key === null) return
  const kind = OWN.has(event) ? event : about === 'key' ? 'generic' : about
  if (!classes.has(kind)) return
  if (keyspace) tell({ channel: `__keyspace@${ks.index}__:${key}`, payload: event, shard: false })
  if (keyevent) tell({ channel: `__keyevent@${ks.index}__:${event}`, payload: key, shard: false })
  if (subkeys.size === 0 || fields === undefined || fields.length === 0) return
  const list = fields.map(counted).join(',')
  const at = `@${ks.index}__:`
  if (subkeys.has('S')) tell({ channel: `__subkeyspace${at}${key}`, payload: `${event}|${list}`, shard: false })
  if (subkeys.has('T')) {
    tell({ channel: `__subkeyevent${at}${event}`, payload: `${counted(key)}|${list}`, shard: false })
  }
  if (subkeys.has('I')) {
    for (const field of fields) {
      tell({ channel: `__subkeyspaceitem${at}${key}\n${field}`, payload: event, shard: false })
    }
  }
  if (subkeys.has('V')) tell({ channel: `__subkeyspaceevent${at}${event}|${key}`, payload: list, shard: false })
}

/** A text with the number of its bytes in front, so that whatever it holds it can be told from what follows. */
function counted(text: string): string {
  return `${byteLength(text)}:${text}`
}
