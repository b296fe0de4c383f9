import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { inspect } from '../../src/bin/files.ts'
import { OP } from '../../src/encoding/constants.ts'
import { CorruptionError, UnsupportedError } from '../../src/encoding/corruption.ts'
import { directory } from '../../src/fs.ts'
import { keyspaceOf } from '../../src/install.ts'
import { Store } from '../../src/index.ts'
import { type Driver, writeFile } from '../../src/persist/driver.ts'
import { persistence } from '../../src/persist/index.ts'
import { type Libraries, libraryName, replayed } from '../../src/libraries.ts'
import { readRdb } from '../../src/persist/rdb/reader.ts'
import { RdbWriter } from '../../src/persist/rdb/writer.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { hasRedis, type Server, startRedis, temporary } from './redis.ts'

const places: string[] = []
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function place(): string {
  const made = temporary()
  places.push(made)
  return made
}

/** A library of one function; `more` is a comment in it. */
function library(name: string, more = ''): string {
  return `#!lua name=${name}\n-- ${more}\nredis.register_function('${name}_f', function() return '${more.slice(0, 9)}' end)\n`
}

/** One short, one long enough for Redis to compress it, one with text beyond ASCII and bytes that are none. */
const texts = [library('short'), library('long', 'x'.repeat(5000)), library('text', 'väl \udcff\udc80')]

const opened = (dir: string): Promise<Store> => Store.open({ persistence: directory(dir) })
const inMemory = (driver: Driver): Promise<Store> => Store.open({ persistence: persistence(async () => driver) })
const librariesOf = (store: Store): string[] => [...keyspaceOf(store).databases.libraries.values()].sort()

const load = async (server: Server, ...given: string[]): Promise<void> => {
  for (const text of given) await server.call('FUNCTION', 'LOAD', 'REPLACE', toBytes(text))
}

/** What FUNCTION LIST says, code included, in the order of the names. */
async function listed(server: Server): Promise<string[]> {
  const all = (await server.call('FUNCTION', 'LIST', 'WITHCODE')) as unknown[][]
  return all.map(one => shown(one)).sort()
}

function shown(reply: unknown): string {
  return Array.isArray(reply)
    ? `[${reply.map(shown).join(' ')}]`
    : reply === null
      ? '-'
      : fromBytes(reply as Uint8Array)
}

async function withServer<T>(dir: string, options: string[], work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startRedis(dir, ...options)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

describe.runIf(hasRedis)('function libraries of redis-server', { timeout: 60_000 }, () => {
  it('go through a snapshot, a log and a dump of embedis', async () => {
    const dir = place()
    const [before, digest] = await withServer(dir, [], async server => {
      await load(server, ...texts)
      await server.call('SET', 'k', 'v')
      await server.call('SAVE')
      return [await listed(server), fromBytes((await server.call('DEBUG', 'DIGEST')) as Uint8Array)]
    })
    expect(before).toHaveLength(3)
    const store = await opened(dir)
    expect(librariesOf(store)).toEqual([...texts].sort())
    store.flushall()
    store.set('k', 'v')
    expect(librariesOf(store.fork())).toEqual(librariesOf(store))
    expect(await store.save()).toEqual({ version: 10, size: readFileSync(joinPath(dir, 'dump.rdb')).length })
    await store.close()
    // The log, whose base has them, and the dump by itself.
    const dump = place()
    cpSync(joinPath(dir, 'dump.rdb'), joinPath(dump, 'dump.rdb'))
    for (const [where, options] of [
      [dir, ['--appendonly', 'yes']],
      [dump, []],
    ] as const) {
      await withServer(where, [...options], async server => {
        expect(await listed(server)).toEqual(before)
        expect(fromBytes((await server.call('FCALL', 'short_f', 0)) as Uint8Array)).toBe('')
        expect(fromBytes((await server.call('DEBUG', 'DIGEST')) as Uint8Array)).toBe(digest)
      })
    }
  })

  it('go through a log of redis-server, with what was done to them', async () => {
    const dir = place()
    const options = ['--appendonly', 'yes']
    const before = await withServer(dir, options, async server => {
      await load(server, library('flushed'))
      await server.call('FUNCTION', 'FLUSH')
      await load(server, ...texts)
      const payload = (await server.call('FUNCTION', 'DUMP')) as Uint8Array
      await server.call('FUNCTION', 'DELETE', 'short')
      await server.call('FUNCTION', 'RESTORE', payload, 'REPLACE')
      await server.call('FUNCTION', 'RESTORE', payload, 'FLUSH')
      await server.call('FUNCTION', 'DELETE', 'text')
      await server.call('FLUSHALL')
      await load(server, library('long', 'another'), library('late'))
      await server.client.multi().set('k', 'v').call('FUNCTION', 'LOAD', library('within')).exec()
      return listed(server)
    })
    expect(before).toHaveLength(4)
    let store = await opened(dir)
    const here = librariesOf(store)
    expect(here).toEqual([library('short'), library('long', 'another'), library('late'), library('within')].sort())
    store.set('more', 1)
    await store.close()
    await withServer(dir, options, async server => {
      expect(await listed(server)).toEqual(before)
      await server.call('FUNCTION', 'DELETE', 'late')
    })
    store = await opened(dir)
    expect(librariesOf(store)).toEqual(here.filter(text => text !== library('late')))
    await store.rewrite()
    await store.close()
    await withServer(dir, options, async server => {
      expect(await listed(server)).toEqual(before.filter(text => !text.includes('late_f')))
      expect(fromBytes((await server.call('GET', 'more')) as Uint8Array)).toBe('1')
    })
  })
})

describe('function libraries in files', () => {
  const rdb = (...given: string[]): Uint8Array => {
    const writer = new RdbWriter()
    for (const text of given) writer.library(text)
    return Uint8Array.from(writer.finish().flatMap(part => [...part]))
  }

  it('are named by their first line', () => {
    expect(libraryName('#!lua name=a_1\ncode')).toBe('a_1')
    expect(libraryName('#!LUA  Name="b"  \n')).toBe('b')
    for (const text of ['', 'name=x\n', '#!lua\nname=x\n', '#!lua name=x', '#!js name=x\n', '#!lua name=a-b\n']) {
      expect(libraryName(text)).toBe(undefined)
    }
  })

  it('are refused when they have no name, or stand twice', async () => {
    const driver = new MemoryDriver()
    for (const [file, reason] of [
      [rdb('return 1'), 'does not say its name'],
      [rdb(texts[0], texts[0]), 'the function library short stands twice'],
    ] as const) {
      await writeFile(driver, 'dump.rdb', [file])
      const opening = inMemory(driver)
      await expect(opening).rejects.toThrow(reason)
      await expect(opening).rejects.toThrow(CorruptionError)
    }
  })

  it('are not dropped by a reader that has no place for them, nor are those of before 7.0', () => {
    const file = rdb(texts[0])
    expect(() => readRdb(file, { selectDb() {}, key() {} })).toThrow(UnsupportedError)
    const seen: string[] = []
    readRdb(file, { selectDb() {}, key() {}, library: text => void seen.push(text) })
    expect(seen).toEqual([texts[0]])
    file[9] = OP.function
    expect(() => readRdb(file, { selectDb() {}, key() {}, library() {} })).toThrow(/release candidate/)
  })

  it('cannot be changed by what a log cannot hold', () => {
    const libraries: Libraries = new Map([['short', texts[0]]])
    const refused: [string[], string][] = [
      [['LOAD', texts[0]], "ERR Library 'short' already exists"],
      [['LOAD', 'return 1'], 'ERR Missing library metadata'],
      [['LOAD', 'FORCE', texts[1]], 'ERR Unknown option given: FORCE'],
      [['DELETE', 'none'], 'ERR Library not found'],
      [['RESTORE', 'x'], 'ERR DUMP payload version or checksum are wrong'],
      [['RESTORE', 'x', 'SOME'], 'ERR Wrong restore policy given'],
      [['STATS'], 'Try FUNCTION HELP'],
      [[], 'ERR'],
    ]
    for (const [argv, line] of refused) expect(() => replayed(libraries, ['FUNCTION', ...argv])).toThrow(line)
    expect([...libraries]).toEqual([['short', texts[0]]])
    expect([...replayed(libraries, ['function', 'load', 'replace', `${texts[0]} `])]).toEqual([
      ['short', `${texts[0]} `],
    ])
    expect(replayed(libraries, ['FUNCTION', 'FLUSH', 'ASYNC']).size).toBe(0)
  })

  it('refuse a log that changes them in a way that cannot be followed, by name', async () => {
    const driver = new MemoryDriver()
    await (await inMemory(driver)).close()
    const logs = await driver.within('appendonlydir')
    await writeFile(logs, 'appendonly.aof.2.incr.aof', [toBytes('*2\r\n$8\r\nFUNCTION\r\n$5\r\nSTATS\r\n')])
    await writeFile(logs, 'appendonly.aof.manifest', [
      toBytes('file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.2.incr.aof seq 2 type i\n'),
    ])
    await expect(inMemory(driver)).rejects.toThrow(/the log holds a command that fails, FUNCTION: /)
  })

  it('are sound to who looks at a log without opening it', async () => {
    const file = joinPath(place(), 'appendonly.aof')
    const words = ['FUNCTION', 'LOAD', texts[0]].map(word => `$${toBytes(word).length}\r\n${word}\r\n`)
    writeFileSync(file, `*3\r\n${words.join('')}`)
    const { reports, sound, databases } = await inspect(file, 16)
    expect(reports.map(({ problem }) => problem)).toEqual([undefined])
    expect([sound, [...databases.libraries.values()]]).toEqual([true, [texts[0]]])
  })
})
