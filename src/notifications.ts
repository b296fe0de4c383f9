import type { Change } from './events.ts'
import type { Message } from './pubsub.ts'

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
/** How the flags are spelled, in Redis' order. */
const ORDER = 'g$lshzxetdnmoc'

/** Which events are told, and where. */
export interface Notify {
  readonly keyspace: boolean
  readonly keyevent: boolean
  readonly classes: ReadonlySet<string>
}

/** The flags of `notify-keyspace-events`; undefined when a letter is unknown. */
export function parseNotify(flags: string): Notify | undefined {
  let keyspace = false
  let keyevent = false
  const classes = new Set<string>()
  for (const letter of flags) {
    if (letter === 'K') keyspace = true
    else if (letter === 'E') keyevent = true
    else if (letter === 'A') for (const one of ALL) classes.add(CLASSES[one as Letter])
    else if (Object.hasOwn(CLASSES, letter)) classes.add(CLASSES[letter as Letter])
    else return undefined
  }
  return { keyspace, keyevent, classes }
}

/** The flags as CONFIG GET answers them. */
export function notifyText({ keyspace, keyevent, classes }: Notify): string {
  const has = (letter: string): boolean => classes.has(CLASSES[letter as Letter])
  const whole = [...ALL].every(has)
  let text = whole ? 'A' : ''
  for (const letter of ORDER) if (has(letter) && !(whole && ALL.includes(letter))) text += letter
  return text + (keyspace ? 'K' : '') + (keyevent ? 'E' : '')
}

/** Events that make a class of their own, whatever they are about. */
const OWN: ReadonlySet<string> = new Set(['expired', 'evicted', 'keymiss', 'new', 'overwritten', 'type_changed'])

/** Calls back with the messages that tell of a change of one key. */
export function notifications(
  { keyspace, keyevent, classes }: Notify,
  { ks, key, event, about }: Change,
  tell: (message: Message) => void,
): void {
  if (key === null) return
  const kind = OWN.has(event) ? event : about === 'key' ? 'generic' : about
  if (!classes.has(kind)) return
  if (keyspace) tell({ channel: `__keyspace@${ks.index}__:${key}`, payload: event, shard: false })
  if (keyevent) tell({ channel: `__keyevent@${ks.index}__:${event}`, payload: key, shard: false })
}
