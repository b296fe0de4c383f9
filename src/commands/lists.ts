import type { End, ListCommands } from '../api/lists.ts'
import type { Keyspace } from '../keyspace.ts'
import type { List } from '../structures/list.ts'
import { keyText } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'
import * as shape from './shapes.ts'

function isLeft(end: End): boolean {
  switch (end) {
    case 'LEFT':
    case 'left':
      return true
    case 'RIGHT':
    case 'right':
      return false
  }
  throw new TypeError(`an end of a list is 'LEFT' or 'RIGHT', not ${String(end)}`)
}

function take(list: List, left: boolean): string | undefined {
  return left ? list.shift() : list.pop()
}

function give(list: List, left: boolean, element: string): void {
  if (left) list.unshift(element)
  else list.push(element)
}

/** Moves one element; null when the source is empty. */
function move(ks: Keyspace, source: string, destination: string, from: boolean, to: boolean): string | null {
  if (ks.read(source, 'list') === undefined) return null
  // A destination of another type must be refused before anything moves.
  ks.read(destination, 'list')
  const list = ks.write(source, 'list')
  const element = take(list, from) as string
  const target = source === destination ? list : ks.write(destination, 'list')
  give(target, to, element)
  ks.changed(destination, target, to ? 'lpush' : 'rpush')
  ks.changed(source, list, from ? 'lpop' : 'rpop')
  if (ks.logging) ks.effect('LMOVE', source, destination, from ? 'LEFT' : 'RIGHT', to ? 'LEFT' : 'RIGHT')
  return element
}

export const lists: Ops<ListCommands> = {
  lmove(ks, source, destination, from, to) {
    return move(ks, keyText(source), keyText(destination), isLeft(from), isLeft(to))
  },
}

export const listShapes: Shapes<ListCommands, ListCommands<'sync', Uint8Array>, typeof lists> = {
  lmove: shape.text,
}

export const listRest: Rest<ListCommands> = {}
