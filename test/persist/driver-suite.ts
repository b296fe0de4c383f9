import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Driver, fileSource, readFile, writeFile } from '../../src/persist/driver.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'

/** What the suite needs of a driver's author. */
export interface Subject {
  /** An empty place. */
  make(): Promise<Driver>
  /** The same place, as another process or a later one would open it. */
  again(driver: Driver): Promise<Driver>
  /** Away with it. */
  remove(driver: Driver): Promise<void>
}

const text = async (driver: Driver, name: string): Promise<string | undefined> => {
  const bytes = await readFile(driver, name)
  return bytes === undefined ? undefined : fromBytes(bytes)
}

const names = async (driver: Driver): Promise<string[]> => (await driver.list()).map(file => file.name).sort()

/** What every driver does, as tests: the rules of `src/persist/driver.ts`. */
export function driverSuite(what: string, subject: Subject): void {
  describe(`${what}, as a driver`, () => {
    let driver: Driver
    beforeEach(async () => {
      driver = await subject.make()
    })
    afterEach(() => subject.remove(driver))

    it('is empty at first', async () => {
      expect(await driver.list()).toEqual([])
      expect(await driver.size('a')).toBeUndefined()
      expect(await fileSource(driver, 'a')).toBeUndefined()
      await expect(driver.read('a', 0, 1)).rejects.toMatchObject({ code: 'ENOENT' })
      await expect(driver.open('a')).rejects.toMatchObject({ code: 'ENOENT' })
      await driver.remove('a')
    })

    it('shows a draft only when it is committed, and replaces what was there', async () => {
      const draft = await driver.draft('a')
      await draft.append(toBytes('one '))
      expect(await driver.list()).toEqual([])
      await draft.append(toBytes('two'))
      await draft.commit()
      await draft.discard()
      expect(await driver.list()).toEqual([{ name: 'a', size: 7 }])
      expect(await text(driver, 'a')).toBe('one two')
      const next = await driver.draft('a')
      await next.append(toBytes('three'))
      expect(await text(driver, 'a')).toBe('one two')
      await next.commit()
      expect(await text(driver, 'a')).toBe('three')
      await expect(next.append(toBytes('x'))).rejects.toThrow()
      await expect(next.commit()).rejects.toThrow()
    })

    it('forgets a draft that is discarded', async () => {
      const draft = await driver.draft('a')
      await draft.append(toBytes('one'))
      await draft.discard()
      await draft.discard()
      expect(await driver.list()).toEqual([])
      await expect(draft.append(toBytes('x'))).rejects.toThrow()
    })

    it('takes two drafts of one name: the last commit counts', async () => {
      const [one, two] = [await driver.draft('a'), await driver.draft('a')]
      await two.append(toBytes('two'))
      await one.append(toBytes('one'))
      await two.commit()
      await one.commit()
      expect(await text(driver, 'a')).toBe('one')
    })

    it('writes an empty file', async () => {
      await writeFile(driver, 'a', [])
      expect(await driver.size('a')).toBe(0)
      expect(await text(driver, 'a')).toBe('')
    })

    it('keeps nothing of a file that fails on the way', async () => {
      await writeFile(driver, 'a', [toBytes('old')])
      function* failing(): Generator<Uint8Array> {
        yield toBytes('new')
        throw new Error('no more')
      }
      await expect(writeFile(driver, 'a', failing())).rejects.toThrow('no more')
      expect(await text(driver, 'a')).toBe('old')
      expect(await names(driver)).toEqual(['a'])
    })

    it('reads any part', async () => {
      await writeFile(driver, 'a', [toBytes('0123456789')])
      expect(fromBytes(await driver.read('a', 3, 4))).toBe('3456')
      expect(fromBytes(await driver.read('a', 8, 10))).toBe('89')
      expect(await driver.read('a', 10, 1)).toHaveLength(0)
      expect(await driver.read('a', 99, 1)).toHaveLength(0)
      const source = await fileSource(driver, 'a')
      expect(source?.size).toBe(10)
      expect(fromBytes((await source?.read(0, 100)) ?? new Uint8Array(0))).toBe('0123456789')
    })

    it('gives bytes that are the caller’s own', async () => {
      const mine = toBytes('abc')
      await writeFile(driver, 'a', [mine])
      mine[0] = 0
      ;(await driver.read('a', 0, 3))[1] = 0
      expect(await text(driver, 'a')).toBe('abc')
      const log = await driver.open('a')
      const more = toBytes('def')
      log.append(more)
      more[0] = 0
      expect(await text(driver, 'a')).toBe('abcdef')
      await log.close()
    })

    it('appends at the end, visible at once', async () => {
      await writeFile(driver, 'a', [toBytes('one')])
      const log = await driver.open('a')
      expect(log).toMatchObject({ name: 'a', size: 3 })
      log.append(toBytes(' two'))
      expect(log.size).toBe(7)
      expect(await text(driver, 'a')).toBe('one two')
      log.append(new Uint8Array(0))
      log.syncNow()
      log.append(toBytes(' three'))
      await log.sync()
      await log.close()
      await log.close()
      expect(await text(await subject.again(driver), 'a')).toBe('one two three')
      const again = await driver.open('a')
      again.append(toBytes('!'))
      await again.close()
      expect(await text(driver, 'a')).toBe('one two three!')
    })

    it('appends large pieces whole', async () => {
      await writeFile(driver, 'a', [])
      const log = await driver.open('a')
      const piece = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251)
      log.append(piece)
      log.append(piece.subarray(100, 1_000_000))
      await log.close()
      expect(await driver.size('a')).toBe(3_999_900)
      expect(Buffer.compare(await driver.read('a', 3_000_000, 999_900), piece.subarray(100, 1_000_000))).toBe(0)
    })

    it('cuts a log, and goes on there', async () => {
      await writeFile(driver, 'a', [toBytes('0123456789')])
      const log = await driver.open('a')
      log.truncate(4)
      expect(log.size).toBe(4)
      log.append(toBytes('x'))
      log.syncNow()
      expect(await text(driver, 'a')).toBe('0123x')
      expect(() => log.truncate(6)).toThrow(RangeError)
      expect(() => log.truncate(-1)).toThrow(RangeError)
      log.truncate(0)
      expect(await driver.size('a')).toBe(0)
      await log.close()
    })

    it('refuses a log that is closed', async () => {
      await writeFile(driver, 'a', [])
      const log = await driver.open('a')
      const pending = log.sync()
      await log.close()
      await pending
      expect(() => log.append(toBytes('x'))).toThrow()
      expect(() => log.syncNow()).toThrow()
      expect(() => log.truncate(0)).toThrow()
    })

    it('leaves an open log alone when its name gets a new content or goes', async () => {
      await writeFile(driver, 'a', [toBytes('old')])
      const log = await driver.open('a')
      await writeFile(driver, 'a', [toBytes('new')])
      log.append(toBytes('er'))
      expect(await text(driver, 'a')).toBe('new')
      await driver.remove('a')
      expect(await driver.size('a')).toBeUndefined()
      await log.close()
      expect(await names(driver)).toEqual([])
    })

    it('has directories inside', async () => {
      const inner = await driver.within('inner')
      await writeFile(inner, 'a', [toBytes('in')])
      await writeFile(driver, 'a', [toBytes('out')])
      expect(await text(await driver.within('inner'), 'a')).toBe('in')
      expect(await text(driver, 'a')).toBe('out')
      expect(await names(driver)).toEqual(['a'])
      expect(inner.capabilities).toEqual(driver.capabilities)
      expect(await text(await (await subject.again(driver)).within('inner'), 'a')).toBe('in')
    })

    it('lets one in at a time', async () => {
      const lock = await driver.lock()
      await expect((await subject.again(driver)).lock()).rejects.toMatchObject({ code: 'LOCKED', name: 'LockedError' })
      await expect(driver.lock()).rejects.toThrow(/in use by this process/)
      expect(await driver.list()).toEqual([])
      await lock.release()
      const next = await (await subject.again(driver)).lock()
      await lock.release()
      await expect(driver.lock()).rejects.toMatchObject({ code: 'LOCKED' })
      await next.release()
    })

    it('takes base names only', async () => {
      const bad = ['', '.', '..', 'a/b', '/a', '../a', 'a\\b', 'c:x', 'a\0', 'a\n', '.embedis-lock', 'x'.repeat(300)]
      for (const name of bad) {
        await expect(driver.draft(name), name).rejects.toThrow(TypeError)
        await expect(driver.open(name), name).rejects.toThrow(TypeError)
        await expect(driver.remove(name), name).rejects.toThrow(TypeError)
        await expect(driver.within(name), name).rejects.toThrow(TypeError)
        await expect(driver.read(name, 0, 1), name).rejects.toThrow(TypeError)
        await expect((async () => driver.size(name))(), name).rejects.toThrow(TypeError)
      }
      for (const name of ['__proto__', 'constructor', 'grüße', 'a b', '.hidden', 'a..b']) {
        await writeFile(driver, name, [toBytes(name)])
        expect(await text(driver, name)).toBe(name)
      }
    })
  })
}
