import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LockedError, RESERVED } from '../rules.ts'

/**
 * One process per directory. The lock is a file that names its holder:
 *
 *     {"token":"<32 hex>","pid":4711,"start":"123456","boot":"<uuid>"}
 *
 * It is written elsewhere first and then linked to its name, so that it appears with its content or not at all. A lock
 * is stale when the machine has booted since, when no process has the number, or when that process began at another
 * time. Only Linux tells start and boot; elsewhere the number alone decides, and one that was given out again keeps the
 * lock held. A directory shared between machines, or between containers with process numbers of their own, is not
 * protected.
 *
 * Breaking a stale lock is a race of its own. To remove a lock with token t, one first links a *claim* that is named
 * after t, and then looks again: as long as one holds the claim, nobody else removes that lock, and as its holder is
 * dead, neither does he. A stale claim is broken in the same way, by a claim on its own token.
 */
const LOCK = `${RESERVED}lock`
const noFollow = fs.constants.O_NOFOLLOW ?? 0

interface Holder {
  readonly token: string
  readonly pid: number
  /** Clock ticks from boot to the start of the process; empty when unknown. */
  readonly start: string
  /** Empty when unknown. */
  readonly boot: string
}

export interface FileLock {
  release(): void
}

/** Locks a directory, or rejects with LockedError. */
export async function lockDirectory(directory: string): Promise<FileLock> {
  const token = randomBytes(16).toString('hex')
  const me: Holder = { token, pid: process.pid, start: statOf(process.pid)?.start ?? '', boot: bootId() }
  const path = join(directory, LOCK)
  const own = join(directory, `${RESERVED}${token}.claim`)
  writeNew(own, JSON.stringify(me))
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      if (link(own, path)) {
        sweep(directory, own)
        return { release: () => unlinkIfMine(path, token) }
      }
      const holder = readHolder(path)
      if (holder === undefined) continue
      if (holder === 'unknown') throw new LockedError(directory, `an unknown holder: see ${path}`)
      if (!isStale(holder)) {
        const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`
        throw new LockedError(directory, who)
      }
      breakStale(directory, path, holder, own)
      if (attempt > 0) await sleep(attempt)
    }
    throw new LockedError(directory, 'several processes that are trying to open it')
  } finally {
    unlink(own)
  }
}

function breakStale(directory: string, path: string, holder: Holder, own: string): void {
  const claim = join(directory, `${RESERVED}${holder.token}.break`)
  if (!link(own, claim)) {
    const other = readHolder(claim)
    if (other !== undefined && other !== 'unknown' && isStale(other)) breakStale(directory, claim, other, own)
    return
  }
  try {
    const now = readHolder(path)
    if (now !== undefined && now !== 'unknown' && now.token === holder.token) unlink(path)
  } finally {
    unlink(claim)
  }
}

/** Links `from` to `to`; false when there is something of that name. */
function link(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // Some file systems have no links. An exclusive copy is next best: for a moment it may be seen empty.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS' && code !== 'EMLINK') {
      throw error
    }
  }
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Creates a file, never through a link and never over another, with its content on disk. */
function writeNew(path: string, content: string): void {
  const { O_CREAT, O_EXCL, O_WRONLY } = fs.constants
  const fd = fs.openSync(path, O_CREAT | O_EXCL | O_WRONLY | noFollow, 0o600)
  try {
    fs.writeFileSync(fd, content)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** Undefined when there is no such file, `unknown` when it does not say who. */
function readHolder(path: string): Holder | 'unknown' | undefined {
  let text: string
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | noFollow)
    try {
      const bytes = Buffer.alloc(1024)
      text = bytes.toString('utf8', 0, fs.readSync(fd, bytes, 0, bytes.length, 0))
    } finally {
      fs.closeSync(fd)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return 'unknown'
  }
  try {
    const { token, pid, start, boot } = JSON.parse(text) as Record<string, unknown>
    // The token becomes part of a path, and the number goes to kill, where 0 and below mean groups.
    if (typeof token !== 'string' || !/^[0-9a-f]{32}$/.test(token)) return 'unknown'
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return 'unknown'
    if (typeof start !== 'string' || typeof boot !== 'string') return 'unknown'
    return { token, pid, start, boot }
  } catch {
    return 'unknown'
  }
}

function isStale(holder: Holder): boolean {
  const boot = bootId()
  if (boot !== '' && holder.boot !== '' && boot !== holder.boot) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true
  }
  const now = statOf(holder.pid)
  if (now === undefined) return false
  // A killed process stays as a zombie until its parent looks.
  if (now.state === 'Z' || now.state === 'X') return true
  return holder.start !== '' && now.start !== holder.start
}

/** State and start time, the third and the 22nd word; the second, in parentheses, may hold anything. */
function statOf(pid: number): { state: string; start: string } | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return words.length > 19 ? { state: words[0], start: words[19] } : undefined
  } catch {
    return undefined
  }
}

function bootId(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return ''
  }
}

function unlinkIfMine(path: string, token: string): void {
  const holder = readHolder(path)
  if (holder !== undefined && holder !== 'unknown' && holder.token === token) unlink(path)
}

function unlink(path: string): void {
  try {
    fs.unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/**
 * Deletes what dead processes have left: drafts, which only a holder of the lock makes, and their claims. A claim on a
 * lock that is gone means nothing to anybody, so it does not matter who deletes it.
 */
function sweep(directory: string, own: string): void {
  for (const name of fs.readdirSync(directory)) {
    if (!name.startsWith(RESERVED)) continue
    const path = join(directory, name)
    if (name.endsWith('.draft')) unlink(path)
    else if (/\.(claim|break)$/.test(name) && path !== own) {
      const holder = readHolder(path)
      if (holder !== undefined && holder !== 'unknown' && isStale(holder)) unlink(path)
    }
  }
}
