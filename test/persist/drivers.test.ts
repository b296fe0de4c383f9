import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { readFile, writeFile } from '../../src/persist/driver.ts'
import { Directory } from '../../src/storage/fs/directory.ts'
import { MemoryDriver, type Operation } from '../../src/storage/memory.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { driverSuite } from './driver-suite.ts'
import { temporary } from './redis.ts'

vi.mock('node:fs', async original => {
  const real = await original<typeof fs>()
  // A namespace cannot be spied on; a copy of it can.
  return { ...real, writeSync: vi.fn(real.writeSync), ftruncateSync: vi.fn(real.ftruncateSync) }
})

driverSuite('memory', {
  make: async () => new MemoryDriver(),
  again: async driver => driver,
  remove: async () => {},
})

driverSuite('a directory', {
  make: async () => Directory.at(temporary()),
  again: driver => Directory.at(driver.place),
  remove: async driver => fs.rmSync(driver.place, { recursive: true, force: true }),
})

const places: string[] = []
const place = (): string => {
  const path = temporary()
  places.push(path)
  return path
}
afterAll(() => {
  for (const path of places) fs.rmSync(path, { recursive: true, force: true })
})

describe('memory', () => {
  it('forgets what was not synced in a power cut', async () => {
    const driver = new MemoryDriver()
    const inner = await driver.within('inner')
    await inner.lock()
    await writeFile(inner, 'a', [toBytes('one')])
    const log = await inner.open('a')
    log.append(toBytes(' two'))
    await log.sync()
    log.append(toBytes(' three'))
    const after = await driver.afterPowerCut().within('inner')
    expect(fromBytes((await readFile(after, 'a')) as Uint8Array)).toBe('one two')
    log.truncate(3)
    log.append(toBytes(' 2'))
    const cut = await driver.afterPowerCut().within('inner')
    expect(fromBytes((await readFile(cut, 'a')) as Uint8Array)).toBe('one two')
    await cut.lock()
  })

  it('fails where it is told to, and has then done nothing', async () => {
    const seen: string[] = []
    let fail: Operation['kind'] | undefined
    const driver = new MemoryDriver({
      before: ({ kind, name, bytes }) => {
        seen.push(`${kind} ${name} ${bytes}`)
        if (kind === fail) throw new Error('EIO')
      },
    })
    await writeFile(driver, 'a', [toBytes('one')])
    const log = await driver.open('a')
    fail = 'append'
    expect(() => log.append(toBytes('two'))).toThrow('EIO')
    expect(log.size).toBe(3)
    fail = 'sync'
    expect(() => log.syncNow()).toThrow('EIO')
    await expect(log.sync()).rejects.toThrow('EIO')
    fail = 'commit'
    await expect(writeFile(driver, 'a', [toBytes('two')])).rejects.toThrow('EIO')
    expect(fromBytes((await readFile(driver, 'a')) as Uint8Array)).toBe('one')
    expect(seen.slice(0, 4)).toEqual(['draft a 0', 'write a 3', 'commit a 0', 'open a 0'])
  })
})

describe('a directory', () => {
  it('is made with those above it, for its owner alone, and so are its files', async () => {
    const path = join(place(), 'x', 'y')
    const driver = await Directory.at(path)
    await writeFile(driver, 'a', [toBytes('a')])
    await (await driver.within('z')).lock()
    const mode = (name: string): number => fs.statSync(name).mode & 0o777
    expect([mode(path), mode(dirname(path)), mode(join(path, 'z'))]).toEqual([0o700, 0o700, 0o700])
    expect(mode(join(path, 'a'))).toBe(0o600)
    expect(mode(join(path, 'z', '.embedis-lock'))).toBe(0o600)
  })

  it('leaves no temporary files, and sweeps those of the dead', async () => {
    const path = place()
    const driver = await Directory.at(path)
    const lost = await driver.draft('lost')
    expect(fs.readdirSync(path)).toHaveLength(1)
    const lock = await driver.lock()
    expect(fs.readdirSync(path)).toEqual(['.embedis-lock'])
    await lock.release()
    expect(fs.readdirSync(path)).toEqual([])
    await lost.discard()
  })

  it('does not follow a link to a lock', async () => {
    const path = place()
    const target = join(place(), 'target')
    fs.symlinkSync(target, join(path, '.embedis-lock'))
    await expect((await Directory.at(path)).lock()).rejects.toThrow(/unknown holder/)
    expect(fs.existsSync(target)).toBe(false)
  })

  it('takes a short write back, and fails', async () => {
    const driver = await Directory.at(place())
    await writeFile(driver, 'a', [toBytes('one')])
    const log = await driver.open('a')
    const real = await vi.importActual<typeof fs>('node:fs')
    vi.mocked(fs.writeSync).mockImplementationOnce((fd, bytes) =>
      real.writeSync(fd, bytes as unknown as Uint8Array, 0, 2),
    )
    expect(() => log.append(toBytes('twotwo'))).toThrow(/2 of 6 bytes/)
    expect(fromBytes((await readFile(driver, 'a')) as Uint8Array)).toBe('one')
    log.append(toBytes('!'))
    expect(fromBytes((await readFile(driver, 'a')) as Uint8Array)).toBe('one!')
    // When even that fails, the end of the file is unknown.
    vi.mocked(fs.writeSync).mockImplementationOnce((fd, bytes) =>
      real.writeSync(fd, bytes as unknown as Uint8Array, 0, 2),
    )
    vi.mocked(fs.ftruncateSync).mockImplementationOnce(() => {
      throw new Error('EIO')
    })
    expect(() => log.append(toBytes('twotwo'))).toThrow(/2 of 6 bytes/)
    expect(() => log.append(toBytes('x'))).toThrow(/after a failed write/)
    expect(() => log.syncNow()).toThrow(/after a failed write/)
    await log.close()
  })

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'reports a full disk and loses nothing',
    async () => {
      const path = place()
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'ignore' })
      } catch {
        return
      }
      try {
        const driver = await Directory.at(path)
        await writeFile(driver, 'a', [toBytes('start')])
        const log = await driver.open('a')
        const piece = new Uint8Array(50_000).fill(7)
        let size = 5
        expect(() => {
          for (;;) {
            log.append(piece)
            size += piece.length
          }
        }).toThrow(/ENOSPC|bytes written/)
        expect(log.size).toBe(size)
        expect(await driver.size('a')).toBe(size)
        await expect(writeFile(driver, 'b', Array(9).fill(piece))).rejects.toThrow(/ENOSPC|bytes written/)
        expect((await driver.list()).map(file => file.name)).toEqual(['a'])
        expect(fs.readdirSync(path)).toEqual(['a'])
        await log.close()
      } finally {
        execFileSync('umount', [path])
      }
    },
  )
})

describe('the lock of a directory', () => {
  const contender = fileURLToPath(new URL('./lock-contender.ts', import.meta.url))

  /** A process that takes the lock again and again, and dies in the middle if told to. */
  function start(path: string, ...args: string[]): ChildProcess & { output: () => string; ended: Promise<void> } {
    const child = spawn(process.execPath, ['--import', 'tsx', contender, path, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    })
    let text = ''
    child.stdout.on('data', (data: Buffer) => {
      text += data
    })
    const ended = new Promise<void>(done => child.once('close', () => done()))
    return Object.assign(child, { output: () => text, ended })
  }

  const until = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 800 && !condition(); i++) await new Promise(done => setTimeout(done, 10))
    expect(condition()).toBe(true)
  }

  it('is held against another process, names it, and is free when that was killed', async () => {
    const path = place()
    const holder = start(path, 'hold')
    await until(() => holder.output().includes('held'))
    const driver = await Directory.at(path)
    await expect(driver.lock()).rejects.toThrow(`${path} is in use by process ${holder.pid}`)
    holder.kill('SIGKILL')
    await holder.ended
    const lock = await driver.lock()
    await lock.release()
  })

  it('is stale after a boot, and when the number belongs to another process now', async () => {
    const path = place()
    const driver = await Directory.at(path)
    const lock = await driver.lock()
    const file = join(path, '.embedis-lock')
    const mine = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
    await lock.release()
    const changes: [Record<string, unknown>, boolean][] = [
      [{ boot: 'another' }, process.platform === 'linux'],
      [{ start: '1' }, process.platform === 'linux'],
      [{ pid: 2 ** 22 + 1 }, true],
      [{}, false],
      [{ pid: 0 }, false],
      [{ pid: -1 }, false],
      [{ token: '../../x' }, false],
    ]
    for (const [change, free] of changes) {
      fs.writeFileSync(file, JSON.stringify({ ...mine, ...change }))
      if (free) await (await driver.lock()).release()
      else await expect(driver.lock(), JSON.stringify(change)).rejects.toMatchObject({ code: 'LOCKED' })
      fs.rmSync(file, { force: true })
    }
    fs.writeFileSync(file, '')
    await expect(driver.lock()).rejects.toThrow(/unknown holder/)
  })

  it.runIf(process.platform === 'linux')('is stale when its holder is a zombie', async () => {
    const path = place()
    const driver = await Directory.at(path)
    const lock = await driver.lock()
    const file = join(path, '.embedis-lock')
    const mine = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
    await lock.release()
    // The shell turns into a program that never asks what became of its child.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      let output = ''
      parent.stdout.on('data', (data: Buffer) => {
        output += data
      })
      await until(() => output.includes('\n'))
      const pid = Number(output)
      const stat = (): string[] => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
      await until(() => stat()[0] === 'Z')
      fs.writeFileSync(file, JSON.stringify({ ...mine, pid, start: stat()[19] }))
      await (await driver.lock()).release()
    } finally {
      parent.kill('SIGKILL')
    }
  })

  it('is never held twice, while processes take it, leave it and are killed', async () => {
    const path = place()
    const log = join(place(), 'log')
    fs.writeFileSync(log, '')
    const round = async (): Promise<void> => {
      const children = [1, 2, 3].map(() => start(path, 'loop', log))
      await until(() => children.every(child => child.output().includes('ready')))
      await new Promise(done => setTimeout(done, 700))
      children[0].kill('SIGKILL')
      await new Promise(done => setTimeout(done, 200))
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(children.map(child => child.ended))
    }
    for (let i = 0; i < 4; i++) await round()
    const lines = fs.readFileSync(log, 'utf8').trim().split('\n')
    let inside: string | undefined
    const killed = new Set<string>()
    let taken = 0
    for (const line of lines) {
      const [pid, what] = line.split(' ')
      if (what === 'in') {
        // Whoever is still inside when another enters must have been killed there: he never speaks again.
        if (inside !== undefined) killed.add(inside)
        expect(killed.has(pid)).toBe(false)
        inside = pid
        taken++
      } else {
        expect(inside).toBe(pid)
        inside = undefined
      }
    }
    expect(killed.size).toBeLessThanOrEqual(12)
    expect(taken).toBeGreaterThan(20)
    await (await (await Directory.at(path)).lock()).release()
    expect(fs.readdirSync(path).filter(name => !name.endsWith('.claim'))).toEqual([])
  }, 60_000)
})
