import type { ServerCommands, Tree } from '../api/server.ts'
import { lines, ReplyError } from '../errors.ts'
import type { Keyspace } from '../keyspace.ts'
import { isDense, mergeInto, raiseAll, REGISTERS, sparseRuns } from '../structures/hyper-log-log.ts'
import { parseInteger } from '../util/numbers.ts'
import { toBytes } from '../util/text.ts'
import { corrupted, hyperLogLogOf } from './hyper-log-logs.ts'
import { keyOf } from './input.ts'
import type { Ops } from './op.ts'
import { ok, status } from './tree.ts'

const noHyperLogLog = 'ERR The specified key does not exist'
const notSparse = 'ERR HLL encoding is not sparse'
const noServer = 'IOERR embedis reaches no other server: DUMP and RESTORE move a key'

function unknown(subcommand: string): string {
  return `ERR Unknown PFDEBUG subcommand '${subcommand}'`
}

/** Turns a sparse HyperLogLog into a dense one; false when it is one. */
function makeDense(ks: Keyspace, key: string, registers: Uint8Array): boolean {
  const bytes = ks.writeBytes(key, toBytes)
  if (isDense(bytes.view())) return false
  raiseAll(bytes, registers, true)
  if (ks.logging) ks.effect('PFDEBUG', 'TODENSE', key)
  return true
}

/** MIGRATE's options: COPY, REPLACE, AUTH password, AUTH2 user password, KEYS key …; returns the keys that KEYS names. */
function migratedKeys(rest: readonly string[]): readonly string[] | undefined {
  for (let i = 2; i < rest.length; i++) {
    const behind = rest.length - i - 1
    switch (rest[i].toUpperCase()) {
      case 'COPY':
      case 'REPLACE':
        break
      case 'AUTH':
        if (behind < 1) throw new ReplyError(lines.syntax)
        i++
        break
      case 'AUTH2':
        if (behind < 2) throw new ReplyError(lines.syntax)
        i += 2
        break
      case 'KEYS':
        return rest.slice(i + 1)
      default:
        throw new ReplyError(lines.syntax)
    }
  }
  return undefined
}

export const diagnosis: Ops<Pick<ServerCommands, 'pfdebug' | 'pfselftest' | 'migrate'>> = {
  pfdebug(ks, subcommand, given) {
    const key = keyOf(given)
    const bytes = hyperLogLogOf(ks.find(key))
    if (bytes === undefined) throw new ReplyError(noHyperLogLog)
    const dense = isDense(bytes)
    const word = subcommand.toUpperCase()
    if (word === 'ENCODING') return status(dense ? 'dense' : 'sparse')
    if (word === 'DECODE') {
      if (dense) throw new ReplyError(notSparse)
      return sparseRuns(bytes)
    }
    if (word !== 'GETREG' && word !== 'TODENSE') throw new ReplyError(unknown(subcommand))
    const registers = new Uint8Array(REGISTERS)
    if (!mergeInto(registers, bytes)) throw new ReplyError(corrupted)
    const changed = !dense && makeDense(ks, key, registers)
    if (word === 'TODENSE') return changed ? 1 : 0
    return Array.from(registers) as Tree
  },
  pfselftest: () => ok,
  migrate(ks, _host, _port, key, rest) {
    for (const number of rest.slice(0, 2)) {
      if (parseInteger(number) === undefined) throw new ReplyError(lines.notInteger)
    }
    const named = migratedKeys(rest)
    if (named !== undefined && key !== '') throw new ReplyError(migrateKeys)
    if ((named ?? [key]).every(one => ks.lookup(keyOf(one)) === undefined)) return status('NOKEY')
    throw new ReplyError(noServer)
  },
}

const migrateKeys = 'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string'
