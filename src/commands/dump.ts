import type { DumpCommands, RestoreOptions } from '../api/dump.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { dumpStructure, isPayload, restorePayload } from '../encoding/dump.ts'
import { structureOf } from '../encoding/structure.ts'
import { lines, ReplyError } from '../errors.ts'
import type { EffectArg, Keyspace, Value } from '../keyspace.ts'
import { isInt64 } from '../util/numbers.ts'
import { toBytes } from '../util/text.ts'
import { index, integer, keyOf, keyText, lateOptions, text } from './input.ts'
import type { Ops, Rest, Shapes } from './op.ts'

export const restoreLines = {
  busy: 'BUSYKEY Target key name already exists.',
  ttl: 'ERR Invalid TTL value, must be >= 0',
  idletime: 'ERR Invalid IDLETIME value, must be >= 0',
  freq: 'ERR Invalid FREQ value, must be >= 0 and <= 255',
  payload: 'ERR DUMP payload version or checksum are wrong',
  format: 'ERR Bad data format',
} as const

/** The value in a payload. Whatever the bytes are, nothing but a ReplyError comes of them. */
function valueOf(ks: Keyspace, payload: Uint8Array): Value {
  if (!isPayload(payload)) throw new ReplyError(restoreLines.payload)
  try {
    return structureOf(restorePayload(payload), ks)
  } catch (error) {
    if (error instanceof CorruptionError) throw new ReplyError(restoreLines.format)
    throw error
  }
}

export const dumping: Ops<DumpCommands> = {
  dump(ks, key) {
    const value = ks.lookup(keyOf(key))
    return value === undefined ? null : dumpStructure(value)
  },
  restore(ks, given, ttl, payload, options) {
    const key = keyText(given)
    const { replace, absttl, idletime, freq } = lateOptions<RestoreOptions>(options, true)
    if (idletime !== undefined) {
      if (freq !== undefined) throw new ReplyError(lines.syntax)
      if (index(idletime, 'idletime') < 0) throw new ReplyError(restoreLines.idletime)
    }
    if (freq !== undefined) {
      const frequency = index(freq, 'freq')
      if (frequency < 0 || frequency > 255) throw new ReplyError(restoreLines.freq)
    }
    if (!replace && ks.find(key) !== undefined) throw new ReplyError(restoreLines.busy)
    const amount = integer(ttl, 'ttl')
    if (!isInt64(amount)) throw new ReplyError(lines.notInteger)
    if (amount < 0) throw new ReplyError(restoreLines.ttl)
    const value = valueOf(ks, payload instanceof Uint8Array ? payload : toBytes(text(payload, 'payload')))
    const now = Math.floor(ks.databases.now())
    const time = Number(amount) === 0 ? 0 : Number(amount) + (absttl ? 0 : now)
    // Redis adds in 64 bits: what would be beyond them is a time long past.
    const over = time <= now || (!absttl && time >= 2 ** 63)
    if (time !== 0 && over && ks.databases.expiring) {
      if (ks.remove(key) && ks.logging) ks.effect('DEL', key)
      return 'OK'
    }
    // The old key goes first, so that for listeners this is a new one.
    if (ks.noting) ks.databases.noteIf('new', ks, key)
    ks.put(key, value, 'restore', 0, true)
    if (time !== 0) ks.setTime(key, time, '')
    if (ks.logging) {
      // Written anew, so that every server that reads the log knows the version, whichever the payload was.
      const words: EffectArg[] = ['RESTORE', key, absttl ? amount : time, dumpStructure(value), 'ABSTTL']
      if (replace) words.push('REPLACE')
      ks.effectList(words)
    }
    return 'OK'
  },
}

export const dumpShapes: Shapes<DumpCommands, DumpCommands, typeof dumping> = {}

export const dumpRest: Rest<DumpCommands> = {}
