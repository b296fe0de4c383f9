import { spelled } from '../commands/info.ts'
import type { Session } from './session.ts'

/** Word letters for what a client does, as CLIENT LIST has them. */
function flagsOf(session: Session): string {
  let flags = ''
  if (session.monitors) flags += 'O'
  if (session.subscribed + session.subscriptionsOf('shard').size > 0) flags += 'P'
  if (session.transaction !== undefined) flags += 'x'
  if (session.waiting) flags += 'b'
  return flags === '' ? 'N' : flags
}

/** A client as CLIENT LIST shows it; what only a server written in C has, buffers and descriptors, is 0. */
export function clientLine(session: Session): string {
  const now = session.databases.now()
  const seconds = (since: number): number => Math.max(0, Math.floor((now - since) / 1000))
  const { id, port, name, ks, transaction, resp, library } = session
  const fields: [string, string | number][] = [
    ['id', id],
    ['addr', port.address],
    ['laddr', port.localAddress],
    ['fd', 0],
    ['name', name],
    ['age', seconds(session.since)],
    ['idle', seconds(session.lastAt)],
    ['flags', flagsOf(session)],
    ['db', ks.index],
    ['sub', session.subscriptionsOf('channel').size],
    ['psub', session.subscriptionsOf('pattern').size],
    ['ssub', session.subscriptionsOf('shard').size],
    ['multi', transaction === undefined ? -1 : transaction.queue.length],
    ['watch', session.watch?.size ?? 0],
    ['qbuf', 0],
    ['qbuf-free', 0],
    ['argv-mem', 0],
    ['multi-mem', 0],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', 0],
    ['oll', 0],
    ['omem', 0],
    ['tot-mem', 0],
    ['events', 'r'],
    ['cmd', session.lastCommand === undefined ? 'NULL' : spelled(session.lastCommand.name)],
    ['user', session.rights.name],
    ['redir', -1],
    ['resp', resp],
    ['lib-name', library.name],
    ['lib-ver', library.version],
  ]
  return fields.map(([field, value]) => `${field}=${value}`).join(' ')
}
