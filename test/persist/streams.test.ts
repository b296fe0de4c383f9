import { rmSync, readFileSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { describe, expect, it } from 'vitest'
import { join } from '../../src/encoding/bytes.ts'
import { TYPE } from '../../src/encoding/constants.ts'
import { CorruptionError } from '../../src/encoding/corruption.ts'
import { dumpPayload, restorePayload } from '../../src/encoding/dump.ts'
import { fillStream, streamData } from '../../src/encoding/stream-data.ts'
import type { RdbValue } from '../../src/encoding/value.ts'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { readRdb } from '../../src/persist/rdb/reader.ts'
import { RdbWriter } from '../../src/persist/rdb/writer.ts'
import type { Stream } from '../../src/structures/stream.ts'
import { programOf } from '../fuzz/programs.ts'
import { redisVersion, startRedis } from '../support/redis.ts'
import { replyText } from '../support/reply-text.ts'
import { stateOf } from '../support/state.ts'
import { Random } from '../util/live.ts'
import { temporary } from './redis.ts'

/** Commands that make a stream of every kind of content. */
function commandsFor(r: Random, key: string): string[][] {
  const far = r.next() < 0.2
  const commands: string[][] = []
  let ms = far ? 9007199254740990n : 1n
  const ids: string[] = []
  const count = r.int(0, 320)
  for (let i = 0; i < count; i++) {
    ms += BigInt(r.pick([0, 1, 1, 2, 300, 70_000]))
    const id = `${ms}-${far ? `1844674407370954${String(i).padStart(4, '0')}` : String(i)}`
    ids.push(id)
    const fields = r.next() < 0.7 ? ['a', 'b'] : r.pick([['a'], ['b', 'a'], ['x', 'x', 'y'], ['a', 'b', 'c', 'd']])
    const value = (): string =>
      r.pick(['', '1', '-70000', '12345678901', 'text', '日本', '\udcff', 'v'.repeat(r.int(0, 200)), String(i), '007'])
    commands.push(['XADD', key, id, ...fields.flatMap(field => [field, value()])])
  }
  if (count === 0) commands.push(['XGROUP', 'CREATE', key, 'first', '0', 'MKSTREAM'])
  for (let g = r.int(0, 3); g > 0; g--) {
    commands.push(['XGROUP', 'CREATE', key, `g${g}`, r.pick(['0', '$', ...ids.slice(0, 1)])])
    commands.push(['XGROUP', 'CREATECONSUMER', key, `g${g}`, 'idle'])
    for (const who of ['alice', 'bob', '']) {
      commands.push(['XREADGROUP', 'GROUP', `g${g}`, who, 'COUNT', String(r.int(1, 150)), 'STREAMS', key, '>'])
    }
    commands.push(['XACK', key, `g${g}`, ...ids.filter(() => r.next() < 0.3), '1-1'])
  }
  const gone = ids.filter(() => r.next() < 0.15)
  if (gone.length > 0) commands.push(['XDEL', key, ...gone])
  if (r.next() < 0.3) commands.push(['XTRIM', key, 'MAXLEN', String(r.int(0, 200))])
  if (r.next() < 0.2) commands.push(['XSETID', key, '18446744073709551615-3', 'ENTRIESADDED', '9007199254740993'])
  return commands
}

/** A command, whatever it answers. */
function outcome(to: Store, argv: readonly string[]): void {
  try {
    to.call(...argv)
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
  }
}

function streamIn(store: Store, key: string): Stream {
  return keyspaceOf(store).read(key, 'stream') as Stream
}

/** All that XINFO says. When consumers were last active, Redis 7.0 does not know. */
function described(text: string): string {
  return text.replace(/ "active-time" :-?\d+/g, '')
}

const keys = Array.from({ length: 25 }, (_, i) => `s${i}`)

function made(seed: number): Store {
  const store = new Store({ host: new VirtualHost() })
  const r = new Random(seed)
  for (const key of keys) for (const argv of commandsFor(r, key)) store.call(...argv)
  return store
}

function read(store: Store, file: Uint8Array): void {
  const ks = keyspaceOf(store)
  readRdb(file, {
    selectDb() {},
    key(key, _, value) {
      const stream = ks.create('stream')
      fillStream(stream, (value as Extract<RdbValue, { type: 'stream' }>).stream)
      ks.insert(key, stream, 0)
    },
  })
}

function written(store: Store): Uint8Array {
  const writer = new RdbWriter()
  writer.database(0, keys.length, 0)
  for (const key of keys) writer.key(key, 0, { type: 'stream', stream: streamData(streamIn(store, key)) })
  return join(writer.finish())
}

it('what is written is read the same', () => {
  for (let seed = 1; seed <= 2; seed++) {
    const store = made(seed)
    const again = new Store()
    read(again, written(store))
    expect(stateOf(again)).toBe(stateOf(store))
    for (const key of keys) {
      const argv = ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']
      expect(described(replyText(again, argv, 2))).toBe(described(replyText(store, argv, 2)))
    }
    // A second time the bytes are the same too: what was deleted is no longer there to be counted.
    expect(written(again).length).toBe(written(store).length)
  }
})

describe.skipIf(redisVersion() !== '7.0.15')('redis-server', () => {
  it('loads what we write, and we read what it saves', { timeout: 60_000 }, async () => {
    for (const seed of [11, 12]) {
      const directory = temporary()
      try {
        const store = made(seed)
        writeFileSync(joinPath(directory, 'dump.rdb'), written(store))
        const config = { rdbcompression: seed === 11 ? 'no' : 'yes', 'sanitize-dump-payload': 'yes' }
        const server = await startRedis({ directory, config: { ...config, dbfilename: 'dump.rdb' } })
        if (server === undefined) throw new Error('no server')
        const client = await server.connect(2)
        for (const key of keys) {
          const argv = ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']
          const [info] = (await client.send([argv])) as [string]
          expect(laxly(described(replyText(store, argv, 2)))).toBe(laxly(info))
        }
        // It deletes and adds on, so that its nodes have deleted entries.
        const r = new Random(seed + 100)
        for (const key of keys) {
          const [entries] = (await client.send([['XRANGE', key, '-', '+']])) as [string]
          const ids = [...entries.matchAll(/\["(\d+-\d+)" \[/g)].map(match => match[1] as string)
          const gone = ids.filter(() => r.next() < 0.2)
          if (gone.length > 0) await client.send([['XDEL', key, ...gone]])
          await client.send([['XADD', key, '18446744073709551615-9', 'a', '1', 'b', '2']])
        }
        await client.send([['SAVE']])
        const again = new Store()
        read(again, readFileSync(joinPath(directory, 'dump.rdb')))
        stateOf(again)
        for (const key of keys) {
          const argv = ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']
          const [info] = (await client.send([argv])) as [string]
          expect(laxly(described(replyText(again, argv, 2)))).toBe(laxly(info))
        }
        // And what we write of that has the same digest there.
        const [digest] = (await client.send([['DEBUG', 'DIGEST']])) as [string]
        for (const key of keys) {
          const payload = dumpPayload({ type: 'stream', stream: streamData(streamIn(again, key)) })
          const replies = await client.send([['RESTORE', key, '0', payload as never, 'REPLACE']])
          expect(replies).toEqual(['+OK'])
        }
        expect(await client.send([['DEBUG', 'DIGEST']])).toEqual([digest])
        client.close()
        await server.stop()
      } finally {
        rmSync(directory, { recursive: true, force: true })
      }
    }
  })
})

describe.skipIf(redisVersion() !== '7.0.15')('effects', () => {
  it('make the same streams in redis-server', { timeout: 60_000 }, async () => {
    const server = await startRedis()
    if (server === undefined) throw new Error('no server')
    const client = await server.connect(2)
    for (let run = 0; run < 8; run++) {
      await client.send([['FLUSHALL']])
      const store = new Store({ host: new VirtualHost() })
      const log: string[][] = []
      keyspaceOf(store).databases.attach({
        append: (_, argv) => void log.push(argv.map(String)),
        commit: () => {},
        mark: () => ({}),
        rollback: () => {},
      })
      const program = programOf(new Random(run + 31), ['streams'])
      for (let i = 0; i < 600; i++) outcome(store, program.next())
      const replies = await client.send(log)
      expect(replies.filter(reply => reply.startsWith('-'))).toEqual([])
      for (const key of ['x1', 'x2', 'x3']) {
        const argv = ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0']
        const [info] = (await client.send([argv])) as [string]
        const own = described(replyText(store, argv, 2))
        expect(laxly(own).replace(SEEN, '')).toBe(laxly(info).replace(SEEN, ''))
      }
    }
    client.close()
    await server.stop()
  })
  /** When a consumer was last seen is when it was made, in the copy. */
  const SEEN = / "seen-time" :\d+/g
})

/** Without what 7.0 counts otherwise: see test/support/differences.ts. */
function laxly(info: string): string {
  return info.replace(/"lag" (?::-?\d+|nil)/g, '"lag"')
}

describe('other types', () => {
  const store = new Store({ host: new VirtualHost() })
  store.xadd('k', '5-1', { a: 1 })
  store.xadd('k', '6-1', { a: 2 })
  store.xgroupCreate('k', 'g', 0)
  store.xreadgroup('g', 'c', { k: '>' }, { count: 1 })
  const payload = dumpPayload({ type: 'stream', stream: streamData(streamIn(store, 'k')) })

  function as(type: number, change: (bytes: number[]) => number[]): RdbValue {
    const bytes = change([...payload.slice(1, -10)])
    return restorePayload(Uint8Array.from([type, ...bytes, ...new Array(10).fill(0)]), { checksum: false })
  }
  function filled(value: RdbValue): Stream {
    const stream = keyspaceOf(new Store()).create('stream')
    fillStream(stream, (value as Extract<RdbValue, { type: 'stream' }>).stream)
    stream.check()
    return stream
  }
  /** Where the length of the stream stands: after one node. */
  const at = payload.slice(1).findIndex((byte, i, all) => byte === 2 && all[i + 1] === 6 && all[i + 2] === 1)

  it('15 has no first id, greatest deleted id, entries added and entries read', () => {
    const stream = filled(
      as(TYPE.stream, bytes => {
        bytes.splice(at + 3, 5)
        const group = bytes.lastIndexOf('g'.charCodeAt(0))
        bytes.splice(group + 3, 1)
        return bytes
      }),
    )
    expect(stream.length).toBe(2)
    expect(stream.added).toBe(2)
    expect(stream.group('g')?.read).toBe(1)
    expect(stream.group('g')?.pendingCount).toBe(1)
  })

  it('21 has when consumers were active', () => {
    const stream = filled(
      as(TYPE.stream3, bytes => {
        const consumer = bytes.lastIndexOf('c'.charCodeAt(0))
        bytes.splice(consumer + 9, 0, 7, 0, 0, 0, 0, 0, 0, 0)
        return bytes
      }),
    )
    expect(stream.group('g')?.consumer('c')?.active).toBe(7)
  })

  it('damaged bytes are refused, or are another stream', () => {
    const fixtures = [payload]
    const r = new Random(7)
    for (let i = 0; i < 4; i++) {
      const other = new Store({ host: new VirtualHost() })
      for (const argv of commandsFor(r, 'k').slice(-40)) outcome(other, argv)
      if (other.exists('k') === 1)
        fixtures.push(dumpPayload({ type: 'stream', stream: streamData(streamIn(other, 'k')) }))
    }
    for (const fixture of fixtures) {
      for (let bit = 0; bit < Math.min(fixture.length, 700) * 8; bit++) {
        const damaged = fixture.slice()
        damaged[bit >> 3] ^= 1 << (bit & 7)
        only(damaged)
      }
      for (let length = 0; length < Math.min(fixture.length, 700); length++) only(fixture.slice(0, length))
    }
  })

  function only(bytes: Uint8Array): void {
    let value: RdbValue
    try {
      value = restorePayload(bytes, { checksum: false })
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error
      return
    }
    if (value.type === 'stream') filled(value)
  }
})
