import { describe, expect, it } from 'vitest'
import { Databases } from '../../src/databases.ts'
import { type Host, systemHost, VirtualHost } from '../../src/host.ts'
import { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import { AofEncoder, aofPreamble } from '../../src/persist/aof/encoder.ts'
import { formatManifest, parseManifest } from '../../src/persist/aof/manifest.ts'
import { type Driver, readFile, writeFile } from '../../src/persist/driver.ts'
import { CorruptionError, type FilesOptions, persistence, type StoreFiles } from '../../src/persist/index.ts'
import { RdbWriter } from '../../src/persist/rdb/writer.ts'
import { Loader } from '../../src/persist/snapshot.ts'
import { MemoryDriver, type Operation } from '../../src/storage/memory.ts'

const MANIFEST = 'appendonly.aof.manifest'

interface Opened {
  store: Store
  files: StoreFiles
}

async function open(driver: Driver, options: FilesOptions = {}, host: Host = systemHost): Promise<Opened> {
  const inner = persistence(async () => driver, options)
  let files: StoreFiles | undefined
  const store = await Store.open({
    host,
    persistence: { open: async (databases, apply) => (files = await inner.open(databases, apply)) },
  })
  return { store, files: files as StoreFiles }
}

const logsOf = (driver: Driver): Promise<Driver> => driver.within('appendonlydir')

async function namesOf(driver: Driver): Promise<string[]> {
  return (await (await logsOf(driver)).list()).map(file => file.name).sort()
}

async function manifestOf(driver: Driver): Promise<ReturnType<typeof parseManifest>> {
  return parseManifest((await readFile(await logsOf(driver), MANIFEST)) as Uint8Array)
}

async function everything(driver: Driver): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const place of [driver, await logsOf(driver)]) {
    for (const { name } of await place.list()) {
      all[`${place.place}/${name}`] = Buffer.from((await readFile(place, name)) as Uint8Array).toString('latin1')
    }
  }
  return all
}

/** Replaces a file by what `change` makes of it. */
async function tamper(driver: Driver, name: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
  await writeFile(driver, name, [change((await readFile(driver, name)) as Uint8Array)])
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    error => error,
  )

const tick = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

/** A driver whose operations fail while `fails` says so. */
function failing(): { driver: MemoryDriver; disk: { fails: (operation: Operation) => boolean } } {
  const disk: { fails: (operation: Operation) => boolean } = { fails: () => false }
  const driver = new MemoryDriver({
    before: operation => {
      if (disk.fails(operation)) throw new Error(`EIO: ${operation.kind} ${operation.name}`)
    },
  })
  return { driver, disk }
}

const isBase = ({ kind, name }: Operation): boolean => kind === 'draft' && name.includes('.base.')

describe('a rewrite that fails', () => {
  it('is not tried again before the log has doubled, and is reported', async () => {
    const { driver, disk } = failing()
    const errors: Error[] = []
    const { store, files } = await open(driver, { rewriteMinSize: 300, onError: error => void errors.push(error) })
    disk.fails = isBase
    for (let i = 0; i < 60; i++) {
      store.set(`key${i}`, i)
      await tick()
    }
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.length).toBeLessThan(7)
    expect(files.rewriteError?.message).toContain('EIO')
    expect((await namesOf(driver)).length).toBeLessThan(9)
    disk.fails = () => false
    await store.rewrite()
    expect(files.rewriteError).toBeUndefined()
    expect(await namesOf(driver)).toHaveLength(3)
    await store.close()
    const again = await open(driver)
    expect(again.store.dbsize()).toBe(60)
    await again.store.close()
  })

  it('leaves one increment that is empty, however often it fails', async () => {
    const { driver, disk } = failing()
    const { store } = await open(driver)
    store.set('a', 1)
    disk.fails = isBase
    for (let i = 0; i < 5; i++) await expect(store.rewrite()).rejects.toThrow('EIO')
    expect((await manifestOf(driver)).increments).toHaveLength(2)
    expect(await namesOf(driver)).toHaveLength(4)
    disk.fails = () => false
    await store.rewrite()
    expect((await manifestOf(driver)).increments).toHaveLength(1)
    await store.close()
    const again = await open(driver)
    expect(again.store.get('a')).toBe('1')
    await again.store.close()
  })

  it.each([
    ['open', /incr/],
    ['commit', /incr/],
    ['commit', /manifest/],
    ['sync', /incr/],
    ['commit', /base/],
  ] as const)('at the %s of %s goes back to the log as it was', async (kind, name) => {
    const { driver, disk } = failing()
    const { store } = await open(driver, { fsync: 'no' })
    store.set('a', 1)
    await store.flush()
    const before = await manifestOf(driver)
    let left = 1
    disk.fails = operation => operation.kind === kind && name.test(operation.name) && left-- > 0
    store.set('b', 2)
    await expect(store.rewrite()).rejects.toThrow('EIO')
    // After its move the log goes on in the new increment; a failure of the last steps does not undo that.
    if (!name.test('base')) {
      expect(await manifestOf(driver)).toEqual(before)
      expect(await namesOf(driver)).toHaveLength(3)
    }
    if (kind === 'sync') {
      expect(() => store.set('c', 3)).toThrow('MISCONF')
      await rejection(store.close())
    } else {
      store.set('c', 3)
      await store.close()
    }
    const again = await open(driver)
    expect(again.store.mget('a', 'b', 'c')).toEqual(['1', '2', kind === 'sync' ? null : '3'])
    await again.store.close()
  })

  it('can leave a manifest that names an increment too many: the one before may be torn', async () => {
    const { driver, disk } = failing()
    const { store } = await open(driver, { fsync: 'no' })
    store.set('a', 1)
    await store.flush()
    store.set('b', 2)
    let manifests = 0
    disk.fails = ({ kind, name }) => kind === 'sync' || (kind === 'commit' && name === MANIFEST && manifests++ > 0)
    await expect(store.rewrite()).rejects.toThrow('EIO')
    const { increments } = await manifestOf(driver)
    expect(increments).toHaveLength(2)
    disk.fails = () => false
    await rejection(store.close())
    const torn = driver.afterPowerCut()
    await tamper(await logsOf(torn), increments[0].name, bytes => {
      const longer = new Uint8Array(bytes.length + 5)
      longer.set(bytes)
      longer.set([0x23, 0x42, 0x20, 0x30, 0x30], bytes.length)
      return longer
    })
    const again = await open(torn)
    expect(again.store.get('a')).toBe('1')
    expect(again.store.recovery?.truncated).toBe(5)
    again.store.set('c', 3)
    await again.store.close()
    const last = await open(torn)
    expect(last.store.mget('a', 'c')).toEqual(['1', '3'])
    await last.store.close()
  })

  it('does not lose writes when the manifest is in force although writing it failed', async () => {
    for (let lie = 1; lie <= 2; lie++) {
      const driver = new MemoryDriver()
      let manifests = 0
      // From the `lie`-th manifest of the rewrite on, all are said to have failed; that one is written nevertheless.
      const liar = wrapped(driver, {
        commit: async (name, commit) => {
          if (name !== MANIFEST || lying === false || ++manifests < lie) return commit()
          if (manifests === lie) await commit()
          throw new Error('EIO: sync of the directory')
        },
      })
      let lying = false
      const { store } = await open(liar, { fsync: 'always' })
      store.set('a', 1)
      lying = true
      await expect(store.rewrite()).rejects.toThrow('EIO')
      store.set('b', 2)
      await expect(store.rewrite()).rejects.toThrow('EIO')
      store.set('c', 3)
      const again = await open(driver.afterPowerCut())
      expect(again.store.mget('a', 'b', 'c')).toEqual(['1', '2', '3'])
      await again.store.close()
      lying = false
      await store.rewrite()
      store.set('d', 4)
      const last = await open(driver.afterPowerCut())
      expect(last.store.mget('a', 'b', 'c', 'd')).toEqual(['1', '2', '3', '4'])
      await last.store.close()
      expect(await namesOf(driver)).toHaveLength(3)
      await store.close()
    }
  })
})

describe('a rewrite after a failed write', () => {
  it('begins a new log, which takes writes again', async () => {
    const { driver, disk } = failing()
    const { store, files } = await open(driver, { fsync: 'always' })
    store.set('a', 1)
    disk.fails = ({ kind }) => kind === 'sync'
    expect(() => store.set('b', 2)).toThrow('EIO')
    expect(() => store.set('c', 3)).toThrow('MISCONF')
    disk.fails = isBase
    await expect(store.rewrite()).rejects.toThrow('EIO')
    expect(() => store.set('c', 3)).toThrow('MISCONF')
    const { increments } = await manifestOf(driver)
    disk.fails = () => false
    await store.rewrite()
    expect(files.rewriteError).toBeUndefined()
    const after = await manifestOf(driver)
    expect(after.increments).toHaveLength(1)
    expect(after.increments[0].name).not.toBe(increments[0].name)
    expect(await namesOf(driver)).toHaveLength(3)
    store.set('d', 4)
    const again = await open(driver.afterPowerCut())
    expect(again.store.mget('a', 'c', 'd')).toEqual(['1', null, '4'])
    await again.store.close()
    await store.close()
  })

  it('logs what expires while it is under way', async () => {
    const { driver, disk } = failing()
    let late = 0
    const host: Host = { ...systemHost, now: () => Date.now() + late }
    const { store } = await open(driver, { fsync: 'always' }, host)
    store.sadd('s', 'old')
    store.pexpire('s', 10_000)
    disk.fails = ({ kind }) => kind === 'sync'
    expect(() => store.set('b', 2)).toThrow('EIO')
    // It expires after the snapshot was taken, and before the manifest is in force.
    disk.fails = operation => {
      if (operation.kind === 'commit' && operation.name.includes('.base.')) {
        late = 20_000
        expect(store.exists('s')).toBe(0)
      }
      return false
    }
    await store.rewrite()
    store.sadd('s', 'new')
    await store.close()
    const again = await open(driver)
    expect(again.store.smembers('s')).toEqual(['new'])
    expect(again.store.ttl('s')).toBe(-1)
    await again.store.close()
  })

  it('is for the program to ask for', async () => {
    const { driver, disk } = failing()
    let late = 0
    const host: Host = { ...systemHost, now: () => Date.now() + late }
    const { store } = await open(driver, { fsync: 'no', rewriteMinSize: 0, rewritePercentage: 1 }, host)
    store.set('a', 1, { px: 10_000 })
    await store.rewrite()
    store.set('b', 'x'.repeat(1000))
    disk.fails = ({ kind }) => kind === 'append'
    await rejection(store.flush())
    disk.fails = () => false
    late = 20_000
    expect(store.get('a')).toBeNull()
    await tick()
    expect(() => store.set('c', 3)).toThrow('MISCONF')
    await rejection(store.close())
  })

  it('still refuses writes when the disk fails in the new log', async () => {
    const { driver, disk } = failing()
    const { store } = await open(driver, { fsync: 'no' })
    store.set('a', 1)
    await store.flush()
    store.set('b', 2)
    disk.fails = ({ kind }) => kind === 'append'
    await expect(store.flush()).rejects.toThrow('EIO')
    disk.fails = ({ kind, name }) => kind === 'commit' && name === MANIFEST
    await expect(store.rewrite()).rejects.toThrow('EIO')
    expect(() => store.set('c', 3)).toThrow('MISCONF')
    await rejection(store.close())
    disk.fails = () => false
    const again = await open(driver.afterPowerCut())
    expect(again.store.get('a')).toBe('1')
    await again.store.close()
  })
})

/** A driver around another; `commit` stands for the commits of drafts. Counts the logs that are open. */
function wrapped(
  driver: Driver,
  hooks: {
    closed?: () => void
    commit?: (name: string, commit: () => Promise<void>) => Promise<void>
    opened?: (by: number) => void
  },
): Driver {
  return {
    place: driver.place,
    capabilities: driver.capabilities,
    within: async name => wrapped(await driver.within(name), hooks),
    lock: () => driver.lock(),
    list: () => driver.list(),
    size: name => driver.size(name),
    read: (name, at, length) => driver.read(name, at, length),
    remove: name => driver.remove(name),
    async draft(name) {
      const draft = await driver.draft(name)
      const commit = (): Promise<void> => draft.commit()
      return {
        append: bytes => draft.append(bytes),
        commit: () => (hooks.commit === undefined ? commit() : hooks.commit(name, commit)),
        discard: () => draft.discard(),
      }
    },
    async open(name) {
      const log = await driver.open(name)
      hooks.opened?.(1)
      const { close } = log
      log.close = async () => {
        hooks.opened?.(-1)
        await close.call(log)
        hooks.closed?.()
      }
      return log
    },
  }
}

describe('the log', () => {
  it('is not synced after a failed append', async () => {
    for (const fsync of ['always', 'everysec'] as const) {
      const { driver, disk } = failing()
      const host = new VirtualHost()
      const { store } = await open(driver, { fsync }, host)
      store.set('a', 1)
      await tick()
      store.set('b', 2)
      await tick()
      const kinds: string[] = []
      disk.fails = ({ kind }) => kinds.push(kind) > 0 && kind === 'append'
      try {
        store.set('c', 3)
      } catch {}
      await tick()
      host.advance(5000)
      await tick()
      expect(kinds).toEqual(['append'])
      await rejection(store.close())
    }
  })

  it('gets what a command left without a commit', async () => {
    const driver = new MemoryDriver()
    const { store } = await open(driver, { fsync: 'no' })
    const left = (key: string): void => keyspaceOf(store).databases.effect(0, ['SET', key, 'left'])
    left('a')
    await store.flush()
    const cut = await open(driver.afterPowerCut())
    expect(cut.store.get('a')).toBe('left')
    await cut.store.close()
    left('b')
    await store.rewrite()
    left('c')
    await store.close()
    const again = await open(driver)
    expect(again.store.get('c')).toBe('left')
    await again.store.close()
  })

  it('is moved even when the old file does not close', async () => {
    const driver = new MemoryDriver()
    let fails = false
    const { store, files } = await open(
      wrapped(driver, {
        closed: () => {
          if (fails) throw new Error('EIO: close')
        },
      }),
    )
    store.set('a', 1)
    fails = true
    await store.rewrite()
    fails = false
    expect(files.rewriteError).toBeUndefined()
    expect((await manifestOf(driver)).increments).toHaveLength(1)
    store.set('b', 2)
    await store.close()
    const again = await open(driver)
    expect(again.store.mget('a', 'b')).toEqual(['1', '2'])
    await again.store.close()
  })

  it('has a durable manifest before an open deletes what it does not name', async () => {
    const { driver, disk } = failing()
    await (await open(driver)).store.close()
    await writeFile(await logsOf(driver), 'appendonly.aof.9.incr.aof', [new Uint8Array(3)])
    const steps: string[] = []
    disk.fails = ({ kind, name }) => {
      if (kind === 'commit' || kind === 'remove') steps.push(`${kind} ${name}`)
      return false
    }
    await (await open(driver)).store.close()
    expect(steps).toEqual([`commit ${MANIFEST}`, 'remove appendonly.aof.9.incr.aof'])
  })
})

describe('use after close', () => {
  it('gives the second close the outcome of the first', async () => {
    const { driver, disk } = failing()
    const { store } = await open(driver, { fsync: 'no' })
    store.set('a', 1)
    disk.fails = ({ kind }) => kind === 'append'
    const [first, second] = await Promise.all([rejection(store.close()), rejection(store.close())])
    expect(first).toBeInstanceOf(Error)
    expect(second).toBe(first)
    disk.fails = () => false
    await (await open(driver)).store.close()
  })

  it('keeps the lock until a slow rewrite is done', async () => {
    const driver = new MemoryDriver()
    let go: () => void = () => {}
    let slow = false
    const gate = new Promise<void>(resolve => (go = resolve))
    const { store } = await open(
      wrapped(driver, {
        commit: async (name, commit) => {
          if (slow && name.includes('.base.')) await gate
          await commit()
        },
      }),
    )
    store.set('a', 1)
    slow = true
    const work = store.rewrite()
    await tick()
    const closing = store.close()
    await expect(store.save()).rejects.toThrow('the store is closed')
    await tick()
    await expect(open(driver)).rejects.toThrow('in use')
    go()
    await Promise.all([work, closing])
    const again = await open(driver)
    expect(again.store.get('a')).toBe('1')
    await again.store.close()
  })

  it('rejects, and does not throw, without files and inside a transaction', async () => {
    const bare = new Store()
    await expect(bare.save()).rejects.toThrow('no files')
    await expect(bare.rewrite()).rejects.toThrow('no files')
    const { store } = await open(new MemoryDriver())
    let saved: Promise<unknown> = Promise.resolve()
    store.transaction(tx => {
      saved = rejection(tx.save())
    })
    expect(await saved).toBeInstanceOf(TypeError)
    await store.close()
  })
})

describe('a damaged directory', () => {
  async function filled(): Promise<MemoryDriver> {
    const driver = new MemoryDriver()
    const { store } = await open(driver, { fsync: 'always' })
    for (let i = 0; i < 20; i++) store.set(`key${i}`, 'value')
    await store.rewrite()
    for (let i = 0; i < 20; i++) store.set(`key${i}`, 'another')
    await store.save()
    await store.close()
    return driver
  }

  async function refused(driver: MemoryDriver, options: FilesOptions = {}): Promise<CorruptionError> {
    const before = await everything(driver)
    const error = await rejection(open(driver, options))
    expect(error).toBeInstanceOf(CorruptionError)
    expect(await everything(driver)).toEqual(before)
    // Not locked: the second attempt finds the same.
    expect(String(await rejection(open(driver, options)))).toBe(String(error))
    return error as CorruptionError
  }

  it.each([/base/, /incr/, /manifest/])(
    'is refused for %s with file and offset, and nothing is changed',
    async which => {
      const driver = await filled()
      const logs = await logsOf(driver)
      const name = (await namesOf(driver)).find(file => which.test(file)) as string
      await tamper(logs, name, bytes => {
        bytes[bytes.length >> 1] ^= 1
        return bytes
      })
      const error = await refused(driver)
      expect(error.file).toBe(name)
      expect(error.offset).toBeGreaterThanOrEqual(0)
      expect(error.message).toContain(name)
      if (which.test('incr')) expect(error.offset).toBeGreaterThan(0)
    },
  )

  it('is refused without its manifest', async () => {
    const driver = await filled()
    await (await logsOf(driver)).remove(MANIFEST)
    const error = await refused(driver)
    expect(error.file).toBe(MANIFEST)
    expect(error.message).toContain('appendonlydir')
  })

  it('is refused when a file that the manifest names is missing', async () => {
    const driver = await filled()
    const name = (await namesOf(driver)).find(file => /incr/.test(file)) as string
    await (await logsOf(driver)).remove(name)
    expect((await refused(driver)).file).toBe(name)
  })

  it('keeps files that are none of its own', async () => {
    const driver = await filled()
    const logs = await logsOf(driver)
    await writeFile(logs, 'appendonly.aof.1.base.rdb.bak', [new Uint8Array(3)])
    await writeFile(logs, 'appendonly.aof.77.incr.aof', [new Uint8Array(3)])
    await (await open(driver)).store.close()
    expect(await namesOf(driver)).toContain('appendonly.aof.1.base.rdb.bak')
    expect(await namesOf(driver)).not.toContain('appendonly.aof.77.incr.aof')
  })

  it('says where a command is that fails', async () => {
    const driver = new MemoryDriver()
    const encoder = new AofEncoder(7)
    encoder.command(0, ['SET', 'k', 'v'])
    const offset = aofPreamble(7).length + encoder.commit()
    encoder.command(0, ['LPUSH', 'k', 'x'])
    encoder.commit()
    const file = { name: 'appendonly.aof.1.incr.aof', seq: 1 }
    const logs = await logsOf(driver)
    await writeFile(logs, file.name, [aofPreamble(7), encoder.closed()])
    await writeFile(logs, MANIFEST, [formatManifest({ base: undefined, history: [], increments: [file] })])
    const error = await refused(driver)
    expect(error.message).toContain('LPUSH: WRONGTYPE')
    expect([error.file, error.offset]).toEqual([file.name, offset])
  })

  it.each([
    ['stands twice', (rdb: RdbWriter) => rdb.stored('k', 0, 'v')],
    ['a member occurs twice', (rdb: RdbWriter) => rdb.key('s', 0, { type: 'set', members: ['m', 'm'] })],
    ['database 99', (rdb: RdbWriter) => rdb.database(99, 1, 0)],
  ])('names the file of a snapshot in which %s', async (what, add) => {
    const driver = new MemoryDriver()
    const rdb = new RdbWriter()
    rdb.database(0, 2, 0)
    rdb.stored('k', 0, 'v')
    add(rdb)
    const pieces = rdb.finish().map(piece => piece.slice())
    await writeFile(driver, 'dump.rdb', pieces)
    const error = await refused(driver)
    expect(error.message).toContain(what)
    expect(error.message.match(/at byte/g)).toHaveLength(1)
    expect(error.file).toBe('dump.rdb')
  })
})

describe('what a loader is given', () => {
  it('is refused with the name of the file, though the reader should have seen it', () => {
    const loader = new Loader(new Databases(systemHost, 1), 'some.rdb', 100, 0, () => 42)
    const error = (() => {
      try {
        loader.key('s', undefined, { type: 'set', members: ['m', 'm'] })
      } catch (thrown) {
        return thrown as CorruptionError
      }
    })()
    expect(error).toBeInstanceOf(CorruptionError)
    expect(error?.message).toBe('the key "s": a set member stands twice (some.rdb, at byte 42)')
  })
})

describe('an open that fails', () => {
  it('leaves nothing behind: no lock, no file, no timer', async () => {
    const { driver, disk } = failing()
    const timers = new Set<unknown>()
    const host: Host = {
      ...systemHost,
      setTimer(callback, ms) {
        const timer = systemHost.setTimer(callback, ms)
        timers.add(timer)
        return timer
      },
      clearTimer(timer) {
        timers.delete(timer)
        systemHost.clearTimer(timer)
      },
    }
    const first = await open(driver)
    first.store.set('a', 1, { px: 100_000 })
    await first.store.close()
    let logs = 0
    const counted = wrapped(driver, { opened: by => void (logs += by) })
    let failures = 0
    for (let nth = 1; ; nth++) {
      let left = nth
      disk.fails = ({ kind }) => kind !== 'lock' && --left === 0
      const result = await rejection(open(counted, { fsync: 'no' }, host))
      disk.fails = () => false
      if (result === undefined) break
      failures++
      expect(logs).toBe(0)
      expect(timers.size).toBe(0)
    }
    expect(failures).toBeGreaterThan(5)
  })

  it.each([
    [{ fsync: 'sometimes' }, 'fsync'],
    [{ recovery: 'salvage' }, 'recovery'],
    [{ rewritePercentage: -1 }, 'rewritePercentage'],
    [{ rewritePercentage: Number.NaN }, 'rewritePercentage'],
    [{ rewriteMinSize: '64mb' }, 'rewriteMinSize'],
    [{ onProgress: true }, 'onProgress'],
    [{ onError: 'log' }, 'onError'],
  ])('for the options %o names the one that is wrong', async (options, name) => {
    const driver = new MemoryDriver()
    const error = await rejection(open(driver, options as FilesOptions))
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(name)
    expect(await driver.list()).toEqual([])
  })
})

/** Keys by what is known of them: acknowledged ones must be there, others that were tried may. */
interface Known {
  acknowledged: Set<string>
  tried: Set<string>
}

/** Opens, writes, rewrites, saves and closes; goes on after every failure as a program would that wants to. */
async function program(driver: Driver, known: Known, options: FilesOptions): Promise<unknown[]> {
  const errors: unknown[] = []
  const attempt = async (work: () => unknown): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      errors.push(error)
      return false
    }
  }
  let store: Store | undefined
  for (let i = 0; i < 3 && store === undefined; i++) {
    await attempt(async () => {
      store = (await open(driver, options)).store
    })
  }
  if (store === undefined) return errors
  const { acknowledged, tried } = known
  let next = 0
  const write = async (): Promise<void> => {
    const key = `key${next++}`
    tried.add(key)
    const done = await attempt(() => (store as Store).set(key, key))
    if (options.fsync === 'always') {
      if (done) acknowledged.add(key)
    } else if (done && (await attempt(() => (store as Store).flush()))) acknowledged.add(key)
  }
  for (let i = 0; i < 3; i++) await write()
  const rewritten = attempt(() => (store as Store).rewrite())
  for (let i = 0; i < 12; i++) await write()
  await rewritten
  await write()
  await attempt(() => (store as Store).rewrite())
  await write()
  await attempt(() => (store as Store).save())
  await write()
  await attempt(() => (store as Store).close())
  return errors
}

async function holds(driver: MemoryDriver, known: Known, when: string): Promise<void> {
  const must = [...known.acknowledged]
  const may = new Set(known.tried)
  const opened = await rejection(
    open(driver).then(async ({ store }) => {
      const keys = new Set(store.keys('*'))
      expect(
        must.filter(key => !keys.has(key)),
        when,
      ).toEqual([])
      expect(
        [...keys].filter(key => !may.has(key)),
        when,
      ).toEqual([])
      await store.close()
    }),
  )
  if (opened !== undefined) throw new Error(when, { cause: opened })
}

describe('every operation of a program', () => {
  for (const fsync of ['always', 'everysec', 'no'] as const) {
    it(`may fail, and may be the last before a power cut, fsync ${fsync}`, async () => {
      let failures = 0
      for (let nth = 1; ; nth++) {
        const known: Known = { acknowledged: new Set(), tried: new Set() }
        const cuts: { driver: MemoryDriver; known: Known; when: string }[] = []
        let count = 0
        const driver = new MemoryDriver({
          before: operation => {
            count++
            if (count >= nth) {
              cuts.push({
                driver: driver.afterPowerCut(),
                known: { acknowledged: new Set(known.acknowledged), tried: new Set(known.tried) },
                when: `cut at ${count}, ${operation.kind} ${operation.name}, failed at ${nth}`,
              })
            }
            if (count === nth) throw new Error(`EIO: ${operation.kind} ${operation.name}`)
          },
        })
        const errors = await program(driver, known, { fsync })
        const failed = count >= nth
        count = Number.NEGATIVE_INFINITY
        for (const cut of cuts) await holds(cut.driver, cut.known, cut.when)
        await holds(driver.afterPowerCut(), known, `cut at the end, failed at ${nth}`)
        await holds(driver, known, `no cut, failed at ${nth}`)
        if (!failed) {
          expect(errors).toEqual([])
          expect(known.acknowledged.size).toBe(18)
          break
        }
        failures++
      }
      expect(failures).toBeGreaterThan(60)
    }, 60_000)
  }

  it('may fail for good', async () => {
    for (let nth = 1; ; nth++) {
      const known: Known = { acknowledged: new Set(), tried: new Set() }
      let count = 0
      const driver = new MemoryDriver({
        before: ({ kind, name }) => {
          if (++count >= nth) throw new Error(`EIO: ${kind} ${name}`)
        },
      })
      const errors = await program(driver, known, { fsync: 'always' })
      if (errors.length === 0) break
      count = Number.NEGATIVE_INFINITY
      await holds(driver.afterPowerCut(), known, `cut, broken from ${nth}`)
      await holds(driver, known, `no cut, broken from ${nth}`)
    }
  }, 60_000)
})
