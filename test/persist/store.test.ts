import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { directory } from '../../src/fs.ts'
import { Store } from '../../src/index.ts'
import { type FilesOptions, persistence } from '../../src/persist/index.ts'
import { readFile, writeFile } from '../../src/persist/driver.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'

const places: string[] = []
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

interface Place {
  open(options?: FilesOptions): Promise<Store>
  /** Another place, which holds nothing but the `dump.rdb` of this one. */
  dumpOnly(): Promise<Place>
}

function memory(driver: MemoryDriver): Place {
  return {
    open: (options = {}) => Store.open({ persistence: persistence(async () => driver, options) }),
    async dumpOnly() {
      const other = new MemoryDriver()
      const bytes = await readFile(driver, 'dump.rdb')
      if (bytes === undefined) throw new Error('there is no dump.rdb')
      await writeFile(other, 'dump.rdb', [bytes])
      return memory(other)
    },
  }
}

function fs(): Place {
  const place = mkdtempSync(join(tmpdir(), 'embedis-'))
  places.push(place)
  return {
    open: (options = {}) => Store.open({ persistence: directory(place, options) }),
    async dumpOnly() {
      const other = fs()
      copyFileSync(join(place, 'dump.rdb'), join(places[places.length - 1], 'dump.rdb'))
      return other
    },
  }
}

const drivers = { memory: () => memory(new MemoryDriver()), fs }

function fill(store: Store): void {
  store.set('text', 'väl')
  store.set('binary', new Uint8Array([0, 255, 128]))
  store.incr('n')
  store.set('ttl', 'x', { px: 100_000 })
  store.hset('h', { a: 1, b: 2 })
  store.rpush('l', 'a', 'b', 'c')
  store.sadd('s', 1, 2, 'x')
  store.zadd('z', { m: 1.5, n: -Infinity })
  store.db(3).set('other', 'db')
  store.del('n')
  store.transaction(tx => {
    tx.set('t1', 1)
    tx.db(3).incr('t2')
  })
  try {
    store.transaction(tx => {
      tx.set('never', 1)
      throw new Error('no')
    })
  } catch {}
}

function look(store: Store): unknown {
  return [
    store.get('text'),
    store.bytes.get('binary'),
    store.get('n'),
    store.pexpiretime('ttl'),
    store.hgetall('h'),
    store.lrange('l', 0, -1),
    store.smembers('s').sort(),
    store.zrange('z', 0, -1, { withscores: true }),
    store.db(3).get('other'),
    store.db(3).get('t2'),
    store.get('t1'),
    store.get('never'),
  ]
}

for (const [name, make] of Object.entries(drivers)) {
  describe(`a store in files: ${name}`, () => {
    for (const fsync of ['always', 'everysec', 'no'] as const) {
      it(`is there again after close, fsync ${fsync}`, async () => {
        const { open } = make()
        const store = await open({ fsync })
        fill(store)
        const before = look(store)
        await store.close()
        const again = await open({ fsync })
        expect(look(again)).toEqual(before)
        expect(again.recovery?.truncated).toBe(0)
        await again.close()
      })
    }

    it('goes on in the same log, and after a rewrite in another', async () => {
      const { open } = make()
      let store = await open()
      fill(store)
      await store.close()
      store = await open()
      store.incr('more')
      const rewritten = store.rewrite()
      store.incr('more')
      await rewritten
      store.incr('more')
      const before = look(store)
      await store.close()
      store = await open()
      expect(look(store)).toEqual(before)
      expect(store.get('more')).toBe('3')
      expect(store.recovery?.keys).toBeGreaterThan(5)
      await store.close()
    })

    it('rewrites by itself when the log has doubled', async () => {
      const { open } = make()
      const store = await open({ rewriteMinSize: 10_000 })
      for (let i = 0; i < 5000; i++) {
        store.incr('n')
        if (i % 100 === 0) await new Promise(resolve => setTimeout(resolve, 1))
      }
      await store.close()
      const again = await open()
      expect(again.get('n')).toBe('5000')
      expect(again.recovery?.keys).toBe(1)
      expect(again.recovery?.commands).toBeLessThan(4000)
      await again.close()
    })

    it('is refused to a second opener, by name', async () => {
      const { open } = make()
      const store = await open()
      await expect(open()).rejects.toThrow(/in use/)
      await store.close()
      await (await open()).close()
    })

    it('has a snapshot when asked, which is read when there is no log', async () => {
      const place = make()
      const store = await place.open()
      fill(store)
      const before = look(store)
      const saved = store.save()
      store.set('text', 'after')
      await saved
      await store.close()
      const again = await place.open()
      expect(again.get('text')).toBe('after')
      await again.close()
      const { open } = await place.dumpOnly()
      const copy = await open()
      expect(copy.recovery?.files).toEqual(['dump.rdb'])
      expect(look(copy)).toEqual(before)
      copy.set('text', 'more')
      await copy.close()
      // Now there is a log, so the snapshot is not read any more.
      const more = await open()
      expect(more.recovery?.files).not.toContain('dump.rdb')
      expect(more.get('text')).toBe('more')
      await more.close()
    })

    it('refuses everything but reading after close', async () => {
      const { open } = make()
      const store = await open()
      store.set('a', 1)
      const closing = store.close()
      expect(() => store.set('a', 2)).toThrow('ERR the store is closed')
      await closing
      await store.close()
      expect(store.get('a')).toBe('1')
      await expect(store.save()).rejects.toThrow('the store is closed')
      await expect(store.rewrite()).rejects.toThrow('the store is closed')
      await expect(store.flush()).rejects.toThrow('the store is closed')
      const again = await open()
      expect(again.get('a')).toBe('1')
      await again.close()
    })

    it('finishes saves and rewrites before it is closed', async () => {
      const { open } = make()
      const store = await open()
      fill(store)
      const before = look(store)
      let done = 0
      const work = [store.rewrite(), store.save(), store.rewrite()].map(promise => promise.then(() => done++))
      await store.close()
      expect(done).toBe(3)
      await Promise.all(work)
      const again = await open()
      expect(look(again)).toEqual(before)
      await again.close()
    })
  })
}

describe('a failing disk', () => {
  it('refuses writes after the first error, and says so', async () => {
    let broken = false
    const driver = new MemoryDriver({
      before: ({ kind }) => {
        if (broken && kind === 'append') throw new Error('ENOSPC: no space left on device')
      },
    })
    const errors: Error[] = []
    const store = await Store.open({
      persistence: persistence(async () => driver, { fsync: 'always', onError: error => void errors.push(error) }),
    })
    store.set('a', 1)
    broken = true
    expect(() => store.set('a', 2)).toThrow('ENOSPC')
    expect(errors).toHaveLength(1)
    expect(() => store.set('a', 3)).toThrow('MISCONF Errors writing to the AOF file')
    expect(store.get('a')).toBe('2')
    broken = false
    await expect(store.close()).rejects.toThrow('ENOSPC')
    const again = await Store.open({ persistence: persistence(async () => driver.afterPowerCut()) })
    expect(again.get('a')).toBe('1')
    await again.close()
  })
})
